//! `/facturation/espace-client`: what clients may do on the portal, and who takes payments by card.

use askama::Template;
use http::StatusCode;
use table::Stored;
use web::{Asker, Form, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::{CardsInput, PortalSettings, PortalSettingsInput, read_portal_settings};
use crate::{quote::pages::Nothing, view::moment};

const PATH: &str = "/facturation/espace-client";

#[derive(Template)]
#[template(path = "portal_settings.html")]
struct SettingsPage {
    shell: Shell,
    form_key: String,
    version: u64,
    lists_documents: bool,
    offers_cards: bool,
    account: Option<Account>,
    /// What the owner gives the provider as the address of its webhook.
    webhook_url: String,
    errors: FieldErrors,
}

struct Account {
    key_ending: String,
    is_live: bool,
    connected_at: String,
}

impl SettingsPage {
    fn new(asker: &Asker, settings: &Stored<PortalSettings>, errors: FieldErrors) -> Self {
        let account = settings.cards.as_ref().map(|cards| Account {
            key_ending: cards.key_ending.clone(),
            is_live: cards.is_live,
            connected_at: moment(asker, cards.connected_at),
        });
        Self {
            shell: Shell::new(asker, "invoicing", "Espace client"),
            form_key: asker.form_key(),
            version: settings.version,
            lists_documents: settings.lists_documents,
            offers_cards: settings.offers_cards,
            account,
            webhook_url: format!("{}/webhooks/stripe/{}", asker.deps().config.public_url, asker.organization.id),
            errors,
        }
    }
}

pub async fn show_settings(asker: Asker) -> PageResult {
    let settings = read_portal_settings(&asker.scope).await?;
    page(&SettingsPage::new(&asker, &settings, FieldErrors::default()))
}

async fn again(asker: &Asker, error: kernel::Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let settings = read_portal_settings(&asker.scope).await?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &SettingsPage::new(asker, &settings, errors))
}

pub async fn edit_portal_settings(asker: Asker, form: Form<PortalSettingsInput>) -> PageResult {
    match super::edit_portal_settings(&asker.scope, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "Les réglages de l’espace client sont enregistrés."),
        Err(error) => again(&asker, error).await,
    }
}

pub async fn connect_cards(asker: Asker, form: Form<CardsInput>) -> PageResult {
    match super::connect_cards(asker.deps(), &asker.scope, &form.input).await {
        Ok(_) => asker.done(PATH, "Vos clients peuvent maintenant payer leurs factures par carte."),
        Err(error) => again(&asker, error).await,
    }
}

pub async fn disconnect_cards(asker: Asker, _: Form<Nothing>) -> PageResult {
    super::disconnect_cards(&asker.scope).await?;
    asker.done(PATH, "Les clés sont retirées\u{a0}: vos factures ne se paient plus par carte.")
}
