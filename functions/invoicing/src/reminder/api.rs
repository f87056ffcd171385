//! `/api/v1/reminders`, `/api/v1/reminder-settings`, and the reminders of an invoice and of a client

use axum::Json as Plain;
use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor,
    id::{CompanyId, InvoiceId, LetterId},
};
use serde::{Deserialize, Serialize};
use table::{Order, Stored};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, seen};

use super::{
    Chosen, ClientReminders, ClientRemindersInput, NAMES, PauseInput, ProposedReminder, ReminderSettings,
    ReminderSettingsInput, model::written, read_client, read_settings,
};
use crate::{
    interest::{self, Interest, Late},
    invoice::Invoice,
};

/// The schedule as it is, as its input would be.
#[utoipa::path(get, path = "/api/v1/reminder-settings", tag = "invoicing", operation_id = "show_reminder_settings",
    responses((status = 200, body = ReminderSettingsInput)))]
pub async fn show_reminder_settings(asker: Asker) -> Result<Answer<ReminderSettingsInput>, Failure> {
    let settings = read_settings(&asker.scope).await?;
    Ok(seen(ReminderSettingsInput::of(&settings), settings.version))
}

/// Changes the schedule. What is open is looked at by it from its next look on, within 14 days.
#[utoipa::path(put, path = "/api/v1/reminder-settings", tag = "invoicing", operation_id = "edit_reminder_settings",
    request_body = ReminderSettingsInput, responses((status = 200, body = ReminderSettingsInput)))]
pub async fn edit_reminder_settings(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<ReminderSettingsInput>,
) -> Result<Answer<ReminderSettingsInput>, Failure> {
    let settings = super::edit_reminder_settings(&asker.scope, &input, version).await?;
    Ok(seen(ReminderSettingsInput::of(&settings), settings.version))
}

#[utoipa::path(get, path = "/api/v1/clients/{id}/reminders", tag = "invoicing", operation_id = "show_client_reminders",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = ClientRemindersInput)))]
pub async fn show_client_reminders(
    asker: Asker,
    Id(id): Id<CompanyId>,
) -> Result<Answer<ClientRemindersInput>, Failure> {
    let (_, own) = read_client(&asker, &asker.scope, id).await?;
    Ok(client_view(own.as_ref()))
}

fn client_view(own: Option<&Stored<ClientReminders>>) -> Answer<ClientRemindersInput> {
    let version = own.map(|own| own.version).unwrap_or_default();
    seen(ClientRemindersInput::of(own.map(|own| &own.value)), version)
}

/// Reminds a client otherwise than the others: by another choice of levels, not at all, or not before a day.
#[utoipa::path(put, path = "/api/v1/clients/{id}/reminders", tag = "invoicing", operation_id = "edit_client_reminders",
    params(("id" = String, Path, description = "`com_…`")), request_body = ClientRemindersInput,
    responses((status = 200, body = ClientRemindersInput)))]
pub async fn edit_client_reminders(
    asker: Asker,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ClientRemindersInput>,
) -> Result<Answer<ClientRemindersInput>, Failure> {
    Ok(client_view(Some(&super::edit_client_reminders(&asker, id, &input, version).await?)))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProposedReminderView {
    /// `inv_…`
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    number: String,
    /// `com_…`
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    level: u8,
    #[schema(value_type = String, format = Date)]
    proposed_on: Date,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    balance_minor: Minor,
    #[schema(value_type = String)]
    currency: Currency,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProposedReminderList {
    items: Vec<ProposedReminderView>,
    next_cursor: Option<String>,
}

/// The reminders that wait for a yes, where the organization wants to be asked.
#[utoipa::path(get, path = "/api/v1/reminders", tag = "invoicing", operation_id = "list_reminders",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ProposedReminderList)))]
pub async fn list_reminders(
    asker: Asker,
    Pagination(request): Pagination,
) -> Result<Plain<ProposedReminderList>, Failure> {
    let list = asker.scope.keys().proposed_reminders();
    let found = asker.scope.list::<ProposedReminder>(&list, &request, Order::Ascending).await?;
    let view = |proposed: Stored<ProposedReminder>| {
        let ProposedReminder {
            invoice,
            level,
            proposed_on,
            number,
            client,
            client_name,
            due_on,
            balance_minor,
            currency,
        } = proposed.value;
        ProposedReminderView {
            invoice_id: invoice,
            number,
            client_id: client,
            client_name,
            level,
            proposed_on,
            due_on,
            balance_minor,
            currency,
        }
    };
    Ok(Plain(ProposedReminderList {
        items: found.items.into_iter().map(view).collect(),
        next_cursor: found.next_cursor,
    }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AnsweredView {
    /// For how many invoices it was done; what was paid meanwhile is none of them.
    answered: usize,
}

/// Sends what is proposed for these invoices.
#[utoipa::path(post, path = "/api/v1/reminders/send", tag = "invoicing", operation_id = "send_reminders",
    request_body = Chosen, responses((status = 200, body = AnsweredView)))]
pub async fn send_reminders(asker: Asker, Json(chosen): Json<Chosen>) -> Result<Plain<AnsweredView>, Failure> {
    let answered = super::answer_proposals(&asker.scope, &asker.organization, &chosen, true).await?;
    Ok(Plain(AnsweredView { answered }))
}

/// Sets aside what is proposed for these invoices: that level is not proposed again.
#[utoipa::path(post, path = "/api/v1/reminders/dismiss", tag = "invoicing", operation_id = "dismiss_reminders",
    request_body = Chosen, responses((status = 200, body = AnsweredView)))]
pub async fn dismiss_reminders(asker: Asker, Json(chosen): Json<Chosen>) -> Result<Plain<AnsweredView>, Failure> {
    let answered = super::answer_proposals(&asker.scope, &asker.organization, &chosen, false).await?;
    Ok(Plain(AnsweredView { answered }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct InvoiceRemindersView {
    /// What was dealt with, oldest first.
    history: Vec<RemindedView>,
    /// The level that waits for a yes.
    proposed_level: Option<u8>,
    pause: Option<PauseView>,
    /// When the clock looks at it next.
    #[schema(value_type = Option<String>, format = Date)]
    look_on: Option<Date>,
    /// What may be sent by hand today, with its words.
    levels: Vec<LevelView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RemindedView {
    level: u8,
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// Whether a mail left; else it was set aside.
    was_sent: bool,
    /// `ltr_…`: what left, in writing.
    #[schema(value_type = Option<String>)]
    letter_id: Option<LetterId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PauseView {
    /// For good where absent.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    reason: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LevelView {
    level: u8,
    name: &'static str,
    subject: String,
    text: String,
}

impl InvoiceRemindersView {
    /// `offered` is what the words of the levels that are left are made of.
    fn new(asker: &Asker, invoice: &Invoice, offered: Option<(&ReminderSettings, &Interest)>) -> Result<Self, Error> {
        let issued = invoice.must_be_issued()?;
        let today = asker.today();
        let mut levels = Vec::new();
        let left = offered.map(|(settings, _)| invoice.levels_left(settings, today)).unwrap_or_default();
        for number in left {
            if let Some((level, interest)) = offered.and_then(|(settings, i)| Some((settings.level(number)?, i))) {
                let words =
                    written(level, Some(interest), invoice, &invoice.client.reference, &asker.organization, today)?;
                let name = NAMES[usize::from(number - 1)];
                levels.push(LevelView {
                    level: number,
                    name,
                    subject: words.subject,
                    text: words.paragraphs.join("\n\n"),
                });
            }
        }
        let reminded = issued.reminded.iter();
        Ok(Self {
            history: reminded
                .map(|r| RemindedView { level: r.level, on: r.on, was_sent: r.was_sent, letter_id: r.letter })
                .collect(),
            proposed_level: invoice.proposal().map(|proposal| proposal.level),
            pause: issued.pause.clone().map(|pause| PauseView { until: pause.until, reason: pause.reason }),
            look_on: issued.look_on,
            levels,
        })
    }
}

/// What an invoice was reminded of, and what may be sent by hand now.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/reminders", tag = "invoicing", operation_id = "show_reminders",
    params(("id" = String, Path, description = "`inv_…`")), responses((status = 200, body = InvoiceRemindersView)))]
pub async fn show_reminders(asker: Asker, Id(id): Id<InvoiceId>) -> Result<Answer<InvoiceRemindersView>, Failure> {
    let Late { invoice, settings, interest, .. } = interest::read(&asker.scope, id, asker.today()).await?;
    Ok(seen(InvoiceRemindersView::new(&asker, &invoice, Some((&settings, &interest)))?, invoice.version))
}

#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderInput {
    /// `1` to `5`: one that was not sent yet, nor one above it.
    pub level: String,
}

fn changed(asker: &Asker, invoice: &Stored<Invoice>) -> Result<Answer<InvoiceRemindersView>, Failure> {
    Ok(seen(InvoiceRemindersView::new(asker, invoice, None)?, invoice.version))
}

/// Sends a level now, whatever is paused. `levels` of the answer is empty: ask for them again.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/reminders", tag = "invoicing", operation_id = "send_reminder",
    params(("id" = String, Path, description = "`inv_…`")), request_body = ReminderInput,
    responses((status = 200, body = InvoiceRemindersView)))]
pub async fn send_reminder(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReminderInput>,
) -> Result<Answer<InvoiceRemindersView>, Failure> {
    changed(&asker, &super::send_reminder(&asker.scope, &asker.organization, id, &input.level, version).await?)
}

/// Nothing leaves by itself for this invoice, until a day or for good.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/reminders/pause", tag = "invoicing",
    operation_id = "pause_reminders", params(("id" = String, Path, description = "`inv_…`")), request_body = PauseInput,
    responses((status = 200, body = InvoiceRemindersView)))]
pub async fn pause_reminders(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PauseInput>,
) -> Result<Answer<InvoiceRemindersView>, Failure> {
    changed(&asker, &super::pause_reminders(&asker.scope, &asker.organization, id, &input, version).await?)
}

#[utoipa::path(post, path = "/api/v1/invoices/{id}/reminders/resume", tag = "invoicing",
    operation_id = "resume_reminders", params(("id" = String, Path, description = "`inv_…`")),
    responses((status = 200, body = InvoiceRemindersView)))]
pub async fn resume_reminders(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<InvoiceRemindersView>, Failure> {
    changed(&asker, &super::resume_reminders(&asker.scope, &asker.organization, id, version).await?)
}
