//! `/compte`: one's profile and how safe one's account is.

use askama::Template;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{Error, id::SessionId, text};
use web::{Asker, Form, Id, PageResult, Session, Shell, form::FieldErrors, page, page_with_status};

use super::{PasswordInput, ProfileInput};
use crate::session;

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfilePage {
    shell: Shell,
    form_key: String,
    version: Option<u64>,
    email: String,
    role: String,
    form: ProfileInput,
    errors: FieldErrors,
}

impl ProfilePage {
    fn new(asker: &Asker, version: Option<u64>, form: ProfileInput, errors: FieldErrors) -> Self {
        Self {
            shell: Shell::new(asker, "account", "Mon profil"),
            form_key: asker.form_key(),
            version,
            email: asker.email.clone(),
            role: asker.role.french().into(),
            form,
            errors,
        }
    }
}

pub async fn show_profile(asker: Asker) -> PageResult {
    let account = super::show_profile(&asker).await?;
    let form = ProfileInput::of(&account);
    page(&ProfilePage::new(&asker, Some(account.version), form, FieldErrors::default()))
}

pub async fn edit_profile(asker: Asker, form: Form<ProfileInput>) -> PageResult {
    match super::edit_profile(&asker, &form.input, form.version).await {
        Ok(_) => asker.done("/compte", "Votre profil est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = ProfilePage::new(&asker, form.version, form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

#[derive(Template)]
#[template(path = "security.html")]
struct SecurityPage {
    shell: Shell,
    email: String,
    sessions: Vec<SessionRow>,
    errors: FieldErrors,
}

struct SessionRow {
    id: SessionId,
    device: String,
    address: String,
    since: String,
    seen: String,
    is_current: bool,
}

impl SessionRow {
    fn new(asker: &Asker, session: &Session) -> Self {
        let zone = asker.organization.zone();
        let day = |at: Timestamp| text::short_date(at.to_zoned(zone.clone()).date());
        let is_current = asker.session.as_ref().is_some_and(|current| current.id == session.id);
        Self {
            id: session.id,
            device: device(session.user_agent.as_deref().unwrap_or_default()),
            address: session.address.map(|address| address.to_string()).unwrap_or_default(),
            since: day(session.created_at),
            seen: if is_current { "À l’instant".into() } else { day(session.seen_at) },
            is_current,
        }
    }
}

/// The browser and its system in a few words, as far as they say so themselves.
fn device(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // The order counts: everybody calls themselves Safari and Chrome.
    let browser = named(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = named(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} sur {system}"),
        (Some(name), None) | (None, Some(name)) => name.into(),
        (None, None) => "Appareil inconnu".into(),
    }
}

impl SecurityPage {
    async fn new(asker: &Asker, errors: FieldErrors) -> Result<Self, Error> {
        let sessions = session::list_sessions(asker).await?;
        Ok(Self {
            shell: Shell::new(asker, "account", "Sécurité"),
            email: asker.email.clone(),
            sessions: sessions.iter().map(|session| SessionRow::new(asker, session)).collect(),
            errors,
        })
    }
}

pub async fn show_security(asker: Asker) -> PageResult {
    page(&SecurityPage::new(&asker, FieldErrors::default()).await?)
}

pub async fn change_password(asker: Asker, form: Form<PasswordInput>) -> PageResult {
    let done = "Votre mot de passe est changé. Vos autres sessions sont fermées.";
    match super::change_password(&asker, &form.input).await {
        Ok(()) => asker.done("/compte/securite", done),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SecurityPage::new(&asker, errors).await?)
        }
    }
}

pub async fn end_session(asker: Asker, Id(id): Id<SessionId>) -> PageResult {
    session::end_session(&asker, id).await?;
    asker.done("/compte/securite", "La session est fermée.")
}

pub async fn sign_out_everywhere(asker: Asker) -> PageResult {
    session::sign_out_everywhere(&asker).await?;
    asker.done("/compte/securite", "Toutes vos autres sessions sont fermées.")
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_named_by_what_it_says() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120";
        assert_eq!(device(edge), "Edge sur Windows");
        assert_eq!(device("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1"), "Safari sur iPhone");
        assert_eq!(device("curl/8.0"), "curl");
        assert_eq!(device(""), "Appareil inconnu");
    }
}
