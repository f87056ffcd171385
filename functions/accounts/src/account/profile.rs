//! `/compte`: one's profile, and the end of one's account.

use askama::Template;
use http::{StatusCode, header};
use table::meter;
use web::{
    Asker, Flash, Form, PageResult, Shell, cookies, form::FieldErrors, page, page_with_status, redirect_with,
    team::UserOrganization,
};

use super::{ProfileInput, store::Account};
use crate::{member::list_organizations, portrait::pages::PortraitBox, security::ReauthenticationInput};

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfilePage {
    shell: Shell,
    form_key: String,
    version: Option<u64>,
    email: String,
    role: String,
    form: ProfileInput,
    portrait: PortraitBox,
    errors: FieldErrors,
    /// All that one leaves with the account.
    organizations: Vec<UserOrganization>,
    has_passkey: bool,
    is_visiting: bool,
}

impl ProfilePage {
    /// As it is stored, or as it was filled in.
    async fn new(
        asker: &Asker,
        filled: Option<(Option<u64>, ProfileInput)>,
        errors: FieldErrors,
    ) -> kernel::Result<Self> {
        let listing = list_organizations(asker.deps(), asker.user);
        let (account, organizations) = meter::side_by_side(super::show_profile(asker), listing).await;
        let account = account?;
        let (version, form) = filled.unwrap_or_else(|| (Some(account.version), ProfileInput::of(&account)));
        let Account { email, passkeys, .. } = account.value;
        Ok(Self {
            shell: Shell::new(asker, "account", "Mon profil"),
            form_key: asker.form_key(),
            version,
            email,
            role: asker.role.french().into(),
            portrait: PortraitBox::new(&asker.name, asker.portrait),
            form,
            errors,
            organizations: organizations?,
            has_passkey: passkeys > 0,
            is_visiting: asker.visit.is_some(),
        })
    }
}

pub async fn show_profile(asker: Asker) -> PageResult {
    page(&ProfilePage::new(&asker, None, FieldErrors::default()).await?)
}

pub async fn edit_profile(asker: Asker, form: Form<ProfileInput>) -> PageResult {
    match super::edit_profile(&asker, &form.input, form.version).await {
        Ok(_) => asker.done("/compte", "Votre profil est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = ProfilePage::new(&asker, Some((form.version, form.input)), errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// What is wrong is told above all of the page: the dialog that asked is closed.
pub async fn delete_account(asker: Asker, form: Form<ReauthenticationInput>) -> PageResult {
    if let Err(error) = Box::pin(super::delete_account(&asker, &form.input)).await {
        let page = ProfilePage::new(&asker, None, FieldErrors::summary_of(error)?).await?;
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let secure = asker.deps().config.secure_cookies;
    let mut response = redirect_with("/connexion", &Flash::success("Votre compte est supprimé."), secure)?;
    if let Some(cookie) = cookies::clear(cookies::session_name(secure), secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
