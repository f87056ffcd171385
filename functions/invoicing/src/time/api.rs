//! `/api/v1/time-entries`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor,
    id::{CompanyId, InvoiceId, TimeEntryId, UserId},
};
use serde::{Deserialize, Serialize};
use table::{Order, Stored};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{InvoiceTimeInput, STATES, TimeEntry, TimeInput, store};
use crate::invoice::api::InvoiceView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct TimeEntryView {
    /// `tim_…`
    #[schema(value_type = String)]
    id: TimeEntryId,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    /// Who did it.
    #[schema(value_type = Option<String>)]
    assigned_to: Option<UserId>,
    #[schema(value_type = String, format = Date)]
    worked_on: Date,
    minutes: u16,
    description: String,
    /// Net of VAT, decimal text.
    hourly_price: String,
    vat_percent: String,
    currency: Currency,
    /// Net of VAT.
    net_minor: Minor,
    /// `open` or `invoiced`.
    state: &'static str,
    /// The invoice, or its draft, on which it stands.
    #[schema(value_type = Option<String>)]
    invoice_id: Option<InvoiceId>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl TimeEntryView {
    fn of(entry: &TimeEntry) -> Self {
        Self {
            id: entry.id,
            client_id: entry.client,
            client_name: entry.client_name.clone(),
            assigned_to: entry.assigned_to,
            worked_on: entry.worked_on,
            minutes: entry.minutes,
            description: entry.description.clone(),
            hourly_price: entry.hourly_price.normalize().to_string(),
            vat_percent: entry.vat_percent.normalize().to_string(),
            currency: entry.currency,
            net_minor: entry.net(),
            state: entry.state(),
            invoice_id: entry.invoice,
            created_at: entry.created_at,
        }
    }

    fn answer(entry: &Stored<TimeEntry>) -> Answer<Self> {
        seen(Self::of(entry), entry.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TimeEntryList {
    items: Vec<TimeEntryView>,
    next_cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    state: String,
    client_id: String,
    assigned_to: String,
}

/// In the order of clients and days.
#[utoipa::path(get, path = "/api/v1/time-entries", tag = "invoicing", operation_id = "list_time_entries",
    params(
        ("state" = Option<String>, Query, description = "`open`, which nothing means too, or `invoiced`"),
        ("client_id" = Option<String>, Query),
        ("assigned_to" = Option<String>, Query, description = "`me` or `usr_…`"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = TimeEntryList)))]
pub async fn list_time_entries(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<Plain<TimeEntryList>, Failure> {
    let malformed = |detail: &str| Error::Malformed { detail: detail.into() };
    let state = match wanted.state.as_str() {
        "" => STATES[0],
        asked => STATES
            .into_iter()
            .find(|state| *state == asked)
            .ok_or_else(|| malformed("state must be `open` or `invoiced`"))?,
    };
    let client = match wanted.client_id.as_str() {
        "" => None,
        id => Some(id.parse::<CompanyId>().map_err(|_| malformed("client_id must be `com_…`"))?),
    };
    let list = asker.scope.keys().time_entries(state, client).of(asker.whose(&wanted.assigned_to)?);
    let found = asker.scope.list::<TimeEntry>(&list, &request, Order::Ascending).await?;
    let items = found.items.iter().map(|entry| TimeEntryView::of(entry)).collect();
    Ok(Plain(TimeEntryList { items, next_cursor: found.next_cursor }))
}

#[utoipa::path(post, path = "/api/v1/time-entries", tag = "invoicing", operation_id = "record_time",
    request_body = TimeInput, responses((status = 201, body = TimeEntryView)))]
pub async fn record_time(asker: Asker, Json(input): Json<TimeInput>) -> Result<Answer<TimeEntryView>, Failure> {
    let entry = super::record_time(&asker, &input).await?;
    let location = format!("/api/v1/time-entries/{}", entry.id);
    Ok(created(TimeEntryView::of(&entry), entry.version, location))
}

#[utoipa::path(get, path = "/api/v1/time-entries/{id}", tag = "invoicing", operation_id = "show_time_entry",
    params(("id" = String, Path, description = "`tim_…`")), responses((status = 200, body = TimeEntryView)))]
pub async fn show_time_entry(asker: Asker, Id(id): Id<TimeEntryId>) -> Result<Answer<TimeEntryView>, Failure> {
    Ok(TimeEntryView::answer(&store::read(&asker, id).await?))
}

/// While it stands on no invoice.
#[utoipa::path(put, path = "/api/v1/time-entries/{id}", tag = "invoicing", operation_id = "edit_time",
    params(("id" = String, Path, description = "`tim_…`")), request_body = TimeInput,
    responses((status = 200, body = TimeEntryView)))]
pub async fn edit_time(
    asker: Asker,
    Id(id): Id<TimeEntryId>,
    IfMatch(version): IfMatch,
    Json(input): Json<TimeInput>,
) -> Result<Answer<TimeEntryView>, Failure> {
    Ok(TimeEntryView::answer(&super::edit_time(&asker, id, &input, version).await?))
}

/// While it stands on no invoice.
#[utoipa::path(delete, path = "/api/v1/time-entries/{id}", tag = "invoicing", operation_id = "delete_time",
    params(("id" = String, Path, description = "`tim_…`")), responses((status = 204)))]
pub async fn delete_time(
    asker: Asker,
    Id(id): Id<TimeEntryId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_time(&asker, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drafts an invoice over time of one client.
#[utoipa::path(post, path = "/api/v1/time-entries/invoice", tag = "invoicing", operation_id = "invoice_time",
    request_body = InvoiceTimeInput, responses((status = 201, body = InvoiceView)))]
pub async fn invoice_time(asker: Asker, Json(input): Json<InvoiceTimeInput>) -> Result<Answer<InvoiceView>, Failure> {
    let invoice = super::invoice_time(&asker, &input).await?;
    let location = format!("/api/v1/invoices/{}", invoice.id);
    Ok(created(InvoiceView::new(&asker, &invoice), invoice.version, location))
}
