//! `/api/v1/received-invoices/address` and `…/mails`

use axum::Json as Plain;
use jiff::Timestamp;
use kernel::{id::ReceivedMailId, page::Page};
use serde::Serialize;
use table::Order;
use web::{Asker, Failure, Pagination};

use super::{InboundAddress, Outcome, ReceivedMail, address_of};

#[derive(Serialize, utoipa::ToSchema)]
pub struct InvoiceAddressView {
    /// Absent where none was drawn yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

/// The address to which suppliers mail electronic invoices: whoever has it may send some.
#[utoipa::path(get, path = "/api/v1/received-invoices/address", tag = "purchases",
    operation_id = "show_invoice_address", responses((status = 200, body = InvoiceAddressView)))]
pub async fn show_invoice_address(asker: Asker) -> Result<Plain<InvoiceAddressView>, Failure> {
    let read = asker.scope.get::<InboundAddress>(&asker.scope.keys().inbound_address()).await?;
    Ok(Plain(InvoiceAddressView { address: address_of(&asker, read.as_deref()) }))
}

/// Draws the address, or another one: the former takes nothing in from then on. 409 where no mails are taken in.
#[utoipa::path(post, path = "/api/v1/received-invoices/address", tag = "purchases",
    operation_id = "renew_invoice_address", responses((status = 200, body = InvoiceAddressView)))]
pub async fn renew_invoice_address(asker: Asker) -> Result<Plain<InvoiceAddressView>, Failure> {
    let address = Some(super::renew_invoice_address(&asker).await?);
    Ok(Plain(InvoiceAddressView { address }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceivedMailView {
    /// `rml_…`
    #[schema(value_type = String)]
    id: ReceivedMailId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// As the mail says; nobody has proven it.
    from: String,
    subject: String,
    files: Vec<ReceivedFileView>,
    /// Attachments that no invoice comes as.
    others: u32,
    /// Why nothing of it was looked at, in French.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceivedFileView {
    name: String,
    #[serde(flatten)]
    outcome: Outcome,
}

impl ReceivedMailView {
    fn of(mail: ReceivedMail) -> Self {
        let file = |part: super::PartOutcome| ReceivedFileView { name: part.name, outcome: part.outcome };
        Self {
            id: mail.id,
            at: mail.at,
            from: mail.from,
            subject: mail.subject,
            files: mail.parts.into_iter().map(file).collect(),
            others: mail.others,
            refused: mail.refused,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceivedMailList {
    items: Vec<ReceivedMailView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Mails that came to that address within 180 days, the last one first, and what became of what was attached.
#[utoipa::path(get, path = "/api/v1/received-invoices/mails", tag = "purchases",
    operation_id = "list_received_mails",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ReceivedMailList)))]
pub async fn list_received_mails(
    asker: Asker,
    Pagination(request): Pagination,
) -> Result<Plain<ReceivedMailList>, Failure> {
    let list = asker.scope.keys().received_mails();
    let found = asker.scope.list::<ReceivedMail>(&list, &request, Order::Descending).await?;
    let Page { items, next_cursor } = found.map(|read| ReceivedMailView::of(read.value));
    Ok(Plain(ReceivedMailList { items, next_cursor }))
}
