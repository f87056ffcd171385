//! The entries that are wanted, the newest first.

use jiff::civil::Date;
use kernel::{
    Result,
    page::{Page, PageRequest},
    reference::OrganizationReference,
};
use table::{AuditEntry, Scope};

use super::Filter;

/// A page of them. One that is narrowed may be short, even empty, and still be followed by others.
pub async fn list_entries(
    scope: &Scope,
    organization: &OrganizationReference,
    today: Date,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<AuditEntry>> {
    let wanted = |entry: &AuditEntry| filter.wants(entry);
    let wanted: Option<&(dyn Fn(&AuditEntry) -> bool + Sync)> = if filter.narrows() { Some(&wanted) } else { None };
    scope.audit_log(&filter.log(organization, today)?, page, wanted).await
}
