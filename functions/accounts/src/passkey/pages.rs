//! `/compte/securite/cles`

use askama::Template;
use kernel::id::PasskeyId;
use web::{Asker, Form, Id, PageResult, Shell, page};

use super::{NewPasskeyInput, PasskeyNameInput};
use crate::security::{
    ReauthenticationInput, device,
    pages::{PATH, refused, show_codes},
};

#[derive(Template)]
#[template(path = "passkey.html")]
struct NewPasskeyPage {
    shell: Shell,
    form_key: String,
    suggested_name: String,
    ceremony: String,
    /// For the browser, as JSON.
    options: String,
}

/// Who showed who they are goes on to where their device makes the passkey.
pub async fn start_passkey_registration(asker: Asker, form: Form<ReauthenticationInput>) -> PageResult {
    match super::start_passkey_registration(&asker, &form.input).await {
        Ok(begun) => page(&NewPasskeyPage {
            shell: Shell::new(&asker, "account", "Ajouter une clé d’accès"),
            form_key: asker.form_key(),
            suggested_name: device_name(&asker),
            ceremony: begun.ceremony.to_string(),
            options: begun.options.to_string(),
        }),
        Err(error) => refused(&asker, error).await,
    }
}

fn device_name(asker: &Asker) -> String {
    device(asker.visitor.user_agent.as_deref().unwrap_or_default())
}

pub async fn register_passkey(asker: Asker, form: Form<NewPasskeyInput>) -> PageResult {
    let named = !form.input.name.trim().is_empty();
    // The device has made it: it is not given up for want of a name.
    let input = if named { form.input } else { NewPasskeyInput { name: device_name(&asker), ..form.input } };
    match super::register_passkey(&asker, &input).await {
        Ok(registered) if registered.recovery.is_empty() => asker.done(PATH, "La clé d’accès est ajoutée."),
        Ok(registered) => show_codes(&asker, &registered.recovery),
        Err(error) => refused(&asker, error).await,
    }
}

pub async fn rename_passkey(asker: Asker, Id(id): Id<PasskeyId>, form: Form<PasskeyNameInput>) -> PageResult {
    match super::rename_passkey(&asker, id, &form.input).await {
        Ok(_) => asker.done(PATH, "La clé d’accès est renommée."),
        Err(error) => refused(&asker, error).await,
    }
}

pub async fn remove_passkey(asker: Asker, Id(id): Id<PasskeyId>, form: Form<ReauthenticationInput>) -> PageResult {
    match super::remove_passkey(&asker, id, &form.input).await {
        Ok(()) => asker.done(PATH, "La clé d’accès est supprimée."),
        Err(error) => refused(&asker, error).await,
    }
}
