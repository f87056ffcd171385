//! `/invitation`, where the link of the mail leads, and `/compte/invitation`, the same for somebody signed in. The link
//! stands in the query, which no log keeps.

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use kernel::{Error, Result, error::Conflict, id::OrganizationId};
use serde::{Deserialize, Serialize};
use table::keys;
use web::{
    Asker, Flash, Form, PageResult, Plain, Visitor, credentials::InvitationLink, form::FieldErrors, page,
    page_with_status, path_in, redirect_with,
};

use super::{AcceptInput, Shown, Standing, show_invitation};
use crate::{account::store::Account, session};

/// An invitation, and what is wanted of who opens it.
#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    plain: Plain,
    organization: String,
    invited_by: String,
    role: String,
    form: AcceptInput,
    errors: FieldErrors,
    /// Whether the address has an account.
    is_known: bool,
    signed_in_href: String,
}

/// The same for somebody signed in.
#[derive(Template)]
#[template(path = "invitation_member.html")]
struct MemberInvitationPage {
    plain: Plain,
    organization: String,
    invited_by: String,
    role: String,
    email: String,
    link: String,
    errors: FieldErrors,
}

/// A link that is worth nothing any more, and why.
#[derive(Template)]
#[template(path = "invitation_over.html")]
struct OverPage {
    plain: Plain,
    text: &'static str,
}

#[derive(Default, Serialize, Deserialize)]
struct Opened {
    #[serde(default)]
    jeton: String,
}

fn opened(query: Option<String>) -> String {
    serde_html_form::from_str::<Opened>(&query.unwrap_or_default()).unwrap_or_default().jeton
}

const DEAD: &str = "Ce lien n’est plus valable. Si vous avez reçu un message plus récent, utilisez le sien\u{a0}; sinon, \
                    demandez une nouvelle invitation.";

fn over(visitor: &Visitor, status: StatusCode, text: &'static str) -> PageResult {
    page_with_status(status, &OverPage { plain: Plain::new(visitor, "Invitation"), text })
}

/// What the page says of an error that ends the matter; any other is the page's.
fn ended(visitor: &Visitor, error: Error) -> PageResult {
    match error {
        Error::NotFound => over(visitor, StatusCode::NOT_FOUND, DEAD),
        Error::Conflict(
            conflict @ (Conflict::InvitationExpired
            | Conflict::InvitationCancelled
            | Conflict::InvitationAccepted
            | Conflict::RoleGone
            | Conflict::TeamFull),
        ) => over(visitor, StatusCode::CONFLICT, conflict.french()),
        other => Err(other.into()),
    }
}

/// The invitation of a link, while it can be accepted.
async fn open(visitor: &Visitor, text: &str) -> Result<Shown> {
    let link = InvitationLink::read(text).ok_or(Error::NotFound)?;
    let shown = show_invitation(&visitor.deps, &link).await?;
    match shown.invitation.standing(visitor.deps.clock.now()) {
        Standing::Open => Ok(shown),
        over => Err(over.refusal().unwrap_or(Error::NotFound)),
    }
}

async fn invitation_page(
    visitor: &Visitor,
    shown: &Shown,
    form: AcceptInput,
    errors: FieldErrors,
) -> Result<InvitationPage> {
    let email = &shown.invitation.email;
    let account = visitor.deps.table.get::<Account>(&keys::email(email)).await?;
    let query = serde_html_form::to_string(Opened { jeton: form.link.clone() }).map_err(Error::internal)?;
    Ok(InvitationPage {
        plain: Plain::new(visitor, "Invitation"),
        organization: shown.organization.name.clone(),
        invited_by: shown.invitation.invited_by_name.clone(),
        role: shown.invitation.role.french().to_owned(),
        form: AcceptInput { email: email.clone(), password: String::new(), ..form },
        errors,
        is_known: account.is_some(),
        signed_in_href: format!("/compte/invitation?{query}"),
    })
}

pub async fn show(visitor: Visitor, RawQuery(query): RawQuery) -> PageResult {
    let link = opened(query);
    match open(&visitor, &link).await {
        Ok(shown) => {
            let form = AcceptInput { link, ..AcceptInput::default() };
            page(&invitation_page(&visitor, &shown, form, FieldErrors::default()).await?)
        }
        Err(error) => ended(&visitor, error),
    }
}

/// A new account is signed in; one that there was signs in as it always does.
pub async fn accept(visitor: Visitor, form: Form<AcceptInput>) -> PageResult {
    let Some(link) = InvitationLink::read(&form.input.link) else { return ended(&visitor, Error::NotFound) };
    match super::accept_invitation(&visitor.deps, &visitor, &link, &form.input).await {
        Ok((accepted, Some(secret))) => session::pages::enter(&visitor, &secret, &path_in(accepted.organization, "/")),
        Ok((accepted, None)) => {
            let back = serde_html_form::to_string([("suite", path_in(accepted.organization, "/"))]);
            let to = format!("/connexion?{}", back.map_err(Error::internal)?);
            let message = Flash::success("L’invitation est acceptée. Connectez-vous pour continuer.");
            redirect_with(&to, &message, visitor.deps.config.secure_cookies)
        }
        Err(error) => match FieldErrors::from_error(error) {
            Ok(errors) => match open(&visitor, &form.input.link).await {
                Ok(shown) => {
                    let page = invitation_page(&visitor, &shown, form.input, errors).await?;
                    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
                }
                Err(error) => ended(&visitor, error),
            },
            Err(error) => ended(&visitor, error),
        },
    }
}

fn member_page(asker: &Asker, shown: &Shown, link: String) -> MemberInvitationPage {
    let mut errors = FieldErrors::default();
    if !shown.invitation.is_for(&asker.email) {
        let refused = Error::Conflict(Conflict::InvitationForAnother);
        errors = FieldErrors::from_error(refused).unwrap_or_default();
    }
    MemberInvitationPage {
        plain: Plain::new(&asker.visitor, "Invitation"),
        organization: shown.organization.name.clone(),
        invited_by: shown.invitation.invited_by_name.clone(),
        role: shown.invitation.role.french().to_owned(),
        email: asker.email.clone(),
        link,
        errors,
    }
}

pub async fn show_to_member(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let link = opened(query);
    match open(&asker.visitor, &link).await {
        Ok(shown) => page(&member_page(&asker, &shown, link)),
        Err(error) => ended(&asker.visitor, error),
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkInput {
    link: String,
}

pub async fn accept_as_member(asker: Asker, form: Form<LinkInput>) -> PageResult {
    let Some(link) = InvitationLink::read(&form.input.link) else { return ended(&asker.visitor, Error::NotFound) };
    let joined = |organization: OrganizationId| path_in(organization, "/");
    match super::accept_as_member(&asker, &link).await {
        Ok(accepted) => asker.done(&joined(accepted.organization), "Bienvenue dans l’équipe."),
        Err(Error::Conflict(Conflict::AlreadyMember)) => {
            asker.done(&joined(link.organization), "Vous faites déjà partie de cette équipe.")
        }
        Err(error @ Error::Conflict(Conflict::InvitationForAnother)) => {
            match open(&asker.visitor, &form.input.link).await {
                Ok(shown) => {
                    let errors = FieldErrors::from_error(error)?;
                    let page = MemberInvitationPage { errors, ..member_page(&asker, &shown, form.input.link) };
                    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
                }
                Err(error) => ended(&asker.visitor, error),
            }
        }
        Err(error) => ended(&asker.visitor, error),
    }
}
