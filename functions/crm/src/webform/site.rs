//! `/formulaires/…`: the form as visitors of a web site see it, in a frame of that site or by itself. It works without script
//! and sets no cookie; no cache keeps it and no search engine lists it.

use askama::Template;
use axum::{extract::Path, response::Response};
use http::{HeaderName, HeaderValue, StatusCode};
use kernel::{Error, reference::OrganizationReference};
use table::meter::side_by_side;
use web::{Form, Framing, PageResult, Visitor, assets, form::FieldErrors, page_with_status, redirect};

use super::{
    Asked, LeadInput, WebForm,
    model::origin,
    receive_lead as use_case,
    ticket::{self, Ticket},
    visit::{self, Visit},
};

/// Where a form is.
pub fn path(organization: &OrganizationReference, form: &WebForm) -> String {
    format!("/formulaires/{}", visit::name(organization.id, form.id))
}

/// What stands around it: the organization's colours and name, and nothing of ours.
struct Frame {
    title: String,
    organization: String,
    theme_href: String,
}

impl Frame {
    fn of(visit: &Visit) -> Self {
        let brand = &visit.organization.brand;
        Self {
            title: visit.form.title.clone(),
            organization: visit.organization.name.clone(),
            theme_href: assets::theme_href(&brand.primary_color, &brand.secondary_color),
        }
    }

    fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}

#[derive(Template)]
#[template(path = "webform_site.html")]
struct FormPage {
    frame: Frame,
    action: String,
    intro: String,
    fields: Vec<Field>,
    asks_message: bool,
    message_is_required: bool,
    consent: Option<String>,
    privacy_url: Option<String>,
    input: LeadInput,
    /// Whether the box is ticked.
    consents: bool,
    ticket: String,
    errors: FieldErrors,
    /// What concerns no single field, and is nobody's fault.
    notice: &'static str,
}

/// A field of one line.
struct Field {
    label: &'static str,
    name: &'static str,
    value: String,
    kind: &'static str,
    autocomplete: &'static str,
    max: &'static str,
    class: &'static str,
    is_required: bool,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "webform_thanks.html")]
struct ThanksPage {
    frame: Frame,
    thanks: String,
}

/// A form that is closed or never was.
#[derive(Template)]
#[template(path = "webform_gone.html")]
struct GonePage {
    frame: Frame,
}

/// Of which the form may be shown where the organization says, and lead on where it says.
fn framed(mut answer: Response, form: &WebForm) -> Response {
    let leads_to = form.redirect_url.as_deref().and_then(origin);
    answer.extensions_mut().insert(Framing { sites: form.sites.clone(), leads_to });
    unlisted(answer)
}

fn unlisted(mut answer: Response) -> Response {
    let name = HeaderName::from_static("x-robots-tag");
    answer.headers_mut().insert(name, HeaderValue::from_static("noindex, nofollow, noarchive"));
    answer
}

/// What a visitor gets of a form that nobody can fill in: whether there ever was one, it does not say.
fn gone(form: Option<&WebForm>) -> PageResult {
    let theme_href = assets::own_theme_href();
    let frame = Frame { title: "Formulaire indisponible".into(), organization: String::new(), theme_href };
    let answer = page_with_status(StatusCode::NOT_FOUND, &GonePage { frame })?;
    Ok(match form {
        Some(form) => framed(answer, form),
        None => unlisted(answer),
    })
}

/// What was sent, and what is wrong with it.
#[derive(Default)]
struct Sent {
    input: LeadInput,
    errors: FieldErrors,
    notice: &'static str,
}

async fn show(visitor: &Visitor, visit: &Visit, status: StatusCode, sent: Sent) -> PageResult {
    let (form, input, errors) = (&visit.form, sent.input, sent.errors);
    let asked = &form.fields;
    let field = |asked, label, name, value: &str, (kind, autocomplete, max, class)| {
        (asked != Asked::No).then(|| Field {
            label,
            name,
            value: value.to_owned(),
            kind,
            autocomplete,
            max,
            class,
            is_required: asked == Asked::Required,
            error: errors.get(&format!("/{name}")),
        })
    };
    let fields = [
        field(asked.first_name, "Prénom", "first_name", &input.first_name, ("text", "given-name", "100", "span-3")),
        field(Asked::Required, "Nom", "last_name", &input.last_name, ("text", "family-name", "100", "span-3")),
        field(asked.email, "E-mail", "email", &input.email, ("email", "email", "254", "span-3")),
        field(asked.phone, "Téléphone", "phone", &input.phone, ("tel", "tel", "30", "span-3")),
        field(asked.company, "Entreprise", "company", &input.company, ("text", "organization", "200", "")),
    ];
    let page = FormPage {
        frame: Frame::of(visit),
        action: path(&visit.organization, form),
        intro: form.intro.clone().unwrap_or_default(),
        fields: fields.into_iter().flatten().collect(),
        asks_message: asked.message != Asked::No,
        message_is_required: asked.message == Asked::Required,
        consent: form.consent.clone(),
        privacy_url: form.privacy_url.clone(),
        consents: input.consent == "true",
        ticket: ticket::draw(&visitor.deps, form.id).await?,
        notice: sent.notice,
        input,
        errors,
    };
    Ok(framed(page_with_status(status, &page)?, form))
}

pub async fn show_form(visitor: Visitor, Path(name): Path<String>) -> PageResult {
    match Visit::open(&visitor, &name).await {
        Ok(visit) if visit.form.is_open => show(&visitor, &visit, StatusCode::OK, Sent::default()).await,
        Ok(visit) => gone(Some(&visit.form)),
        Err(Error::NotFound) => gone(None),
        Err(error) => Err(error.into()),
    }
}

/// Whatever a program sent, it reads the same as a person.
fn thanks(visit: &Visit) -> PageResult {
    let form = &visit.form;
    let answer = match &form.redirect_url {
        Some(url) => redirect(url)?,
        None => {
            let page = ThanksPage { frame: Frame::of(visit), thanks: form.thanks.clone() };
            page_with_status(StatusCode::OK, &page)?
        }
    };
    Ok(framed(answer, form))
}

const TOO_OFTEN: &str = "Trop de demandes ont été envoyées d’ici. Patientez une heure, ou appelez-nous.";
const TOO_SOON: &str = "Votre demande n’est pas encore partie\u{a0}: vérifiez-la, puis envoyez-la de nouveau.";
const TOO_LATE: &str = "Cette page est restée ouverte trop longtemps\u{a0}: envoyez votre demande de nouveau.";
const ONCE: &str = "Votre première demande est bien partie. Pour en envoyer une autre, validez de nouveau.";

pub async fn receive_lead(visitor: Visitor, Path(name): Path<String>, form: Form<LeadInput>) -> PageResult {
    let (counted, opened) = side_by_side(Visit::count_from(&visitor), Visit::open(&visitor, &name)).await;
    let visit = match opened {
        Ok(visit) if visit.form.is_open => visit,
        Ok(visit) => return gone(Some(&visit.form)),
        Err(Error::NotFound) => return gone(None),
        Err(error) => return Err(error.into()),
    };
    let input = form.input;
    let again = |status, notice, errors| show(&visitor, &visit, status, Sent { input: input.clone(), errors, notice });
    match counted {
        Ok(()) => {}
        Err(Error::TooManyAttempts) => {
            return again(StatusCode::TOO_MANY_REQUESTS, TOO_OFTEN, FieldErrors::default()).await;
        }
        Err(error) => return Err(error.into()),
    }
    if input.is_from_a_program() {
        return thanks(&visit);
    }
    let ticket = match ticket::read(&visitor.deps, visit.form.id, &input.ticket).await? {
        Ticket::Good(own) => own,
        early_or_late => {
            let notice = if early_or_late == Ticket::TooLate { TOO_LATE } else { TOO_SOON };
            return again(StatusCode::UNPROCESSABLE_ENTITY, notice, FieldErrors::default()).await;
        }
    };
    match Box::pin(use_case::receive_lead(&visitor, &visit, ticket, &input)).await {
        Ok(()) => thanks(&visit),
        Err(Error::TooManyAttempts) => again(StatusCode::TOO_MANY_REQUESTS, TOO_OFTEN, FieldErrors::default()).await,
        Err(Error::KeyReused) => again(StatusCode::CONFLICT, ONCE, FieldErrors::default()).await,
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            again(StatusCode::UNPROCESSABLE_ENTITY, "", errors).await
        }
    }
}
