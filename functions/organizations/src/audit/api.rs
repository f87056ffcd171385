//! `/api/v1/audit-entries`

use std::net::IpAddr;

use kernel::Actor;
use serde::Serialize;
use table::{
    AuditEntry,
    audit::{Change, Fields, Operation},
};
use web::{Asker, Failure, Pagination};

use super::Filter;

#[derive(Serialize, utoipa::ToSchema)]
pub struct AuditEntryView {
    /// `aud_…`
    #[schema(value_type = String)]
    id: kernel::id::AuditId,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    actor: ActorView,
    /// The use case: `issue_invoice`.
    act: String,
    /// The id of what it was done to.
    object: String,
    changes: Vec<ChangeView>,
    /// How many further fields changed, for which an entry has no room.
    omitted: u64,
    request_id: Option<String>,
    user_agent: Option<String>,
    /// `aud_…`: the entry that tells why values of this one read `[erased]`.
    #[schema(value_type = Option<String>)]
    redacted_by: Option<kernel::id::AuditId>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ActorView {
    /// `user`, `token` or `system`.
    kind: &'static str,
    /// `usr_…` or `tok_…`; absent for the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Whose token it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    name: String,
    /// The IP address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    address: Option<IpAddr>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = AuditChangeView)]
pub struct ChangeView {
    /// `company`, `invoice` …
    #[serde(rename = "type")]
    item: String,
    /// `create`, `update` or `delete`.
    #[schema(value_type = String)]
    operation: Operation,
    id: Option<String>,
    /// A name or a number by which people knew it.
    label: Option<String>,
    /// Changed fields by path (`legal.siret`) with their former values; `•••` for a secret.
    #[schema(value_type = Object)]
    before: Fields,
    #[schema(value_type = Object)]
    after: Fields,
    /// Changed fields whose values found no room.
    named_only: Vec<String>,
}

impl ActorView {
    fn of(actor: Actor) -> Self {
        match actor {
            Actor::User { id, name, address } => {
                Self { kind: "user", id: Some(id.to_string()), user: None, name, address }
            }
            Actor::Token { id, user, name, address } => {
                Self { kind: "token", id: Some(id.to_string()), user: Some(user.to_string()), name, address }
            }
            Actor::Client { name, address } => Self { kind: "client", id: None, user: None, name, address },
            Actor::System { name } => Self { kind: "system", id: None, user: None, name, address: None },
        }
    }
}

impl ChangeView {
    fn of(change: Change) -> Self {
        let Change { item, operation, id, label, before, after, named_only } = change;
        Self { item, operation, id, label, before, after, named_only }
    }
}

impl AuditEntryView {
    fn of(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor: ActorView::of(entry.actor),
            act: entry.act,
            object: entry.object,
            changes: entry.changed.into_iter().map(ChangeView::of).collect(),
            omitted: entry.omitted,
            request_id: entry.request_id,
            user_agent: entry.user_agent,
            redacted_by: entry.redacted_by,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AuditEntryList {
    items: Vec<AuditEntryView>,
    /// Ask again with it for what follows; absent on the last page. A page that is narrowed may be short, even empty,
    /// and still be followed by others.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Who did what, the newest first: a month, or the history of one object.
#[utoipa::path(get, path = "/api/v1/audit-entries", tag = "organizations", operation_id = "list_audit_entries",
    params(
        ("month" = Option<String>, Query, description = "`2026-11`, in the organization's time zone; the present one where absent"),
        ("object" = Option<String>, Query, description = "`inv_…`: what was done to it, in whichever month"),
        ("member" = Option<String>, Query, description = "`usr_…`, or `system` for what no person did"),
        ("kind" = Option<String>, Query, description = "`access`, `settings`, `crm`, `quotes`, `invoices` or `sending`"),
        ("q" = Option<String>, Query, description = "Words or an id that the entry contains; case and accents do not matter"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = AuditEntryList)))]
pub async fn list_audit_entries(
    asker: Asker,
    filter: Filter,
    Pagination(page): Pagination,
) -> Result<axum::Json<AuditEntryList>, Failure> {
    let found = super::list_entries(&asker.scope, &asker.organization, asker.today(), &filter, &page).await?;
    let found = found.map(AuditEntryView::of);
    Ok(axum::Json(AuditEntryList { items: found.items, next_cursor: found.next_cursor }))
}
