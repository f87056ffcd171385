//! `/crm/doublons`

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use kernel::{Permission, Result};
use serde::Deserialize;
use table::meter::side_by_side;
use web::{Asker, Form, PageResult, Search as Listing, Shell, form::FieldErrors, page, page_with_status, redirect};

use super::{CheckInput, Duplicate, PairInput, Possible, Search, Sign};
use crate::record::{Record, RecordKind};

pub const PATH: &str = "/crm/doublons";
pub const CHECK: &str = "/crm/doublons/verifier";
pub const DISMISS: &str = "/crm/doublons/ecarter";
pub const SEARCH: &str = "/crm/doublons/rechercher";

#[derive(Template)]
#[template(path = "duplicates.html")]
struct DuplicatesPage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    path: String,
    companies_href: String,
    contacts_href: String,
    is_of_contacts: bool,
    /// Those that somebody says are two.
    is_dismissed: bool,
    other_state_href: String,
    pairs: Vec<PairRow>,
    next: Option<String>,
    first: Option<String>,
    search: SearchProgress,
    can_edit: bool,
    can_merge: bool,
    sees_all: bool,
}

struct PairRow {
    record: Side,
    other: Side,
    signs: Vec<SignBadge>,
    merge_href: String,
    found_on: String,
}

pub struct Side {
    pub id: String,
    pub href: String,
    pub name: String,
    pub detail: String,
}

pub struct SignBadge {
    pub kind: &'static str,
    pub label: &'static str,
}

#[derive(Default)]
struct SearchProgress {
    is_under_way: bool,
    looked_at: u64,
    finished_on: Option<String>,
}

impl From<Sign> for SignBadge {
    fn from(sign: Sign) -> Self {
        Self { kind: sign.badge(), label: sign.french() }
    }
}

impl Side {
    fn new(record: Record, name: &str, detail: Option<&str>) -> Self {
        let (id, href) = (record.to_string(), record.path());
        Self { id, href, name: name.into(), detail: detail.unwrap_or_default().into() }
    }

    fn of(possible: &Possible) -> Self {
        Self::new(possible.record, &possible.name, possible.detail.as_deref())
    }
}

impl PairRow {
    fn of(asker: &Asker, pair: &Duplicate) -> Self {
        Self {
            record: Side::new(pair.record, &pair.subject.name, pair.subject.detail.as_deref()),
            other: Side::new(pair.other, &pair.other_subject.name, pair.other_subject.detail.as_deref()),
            signs: pair.signs.iter().map(|sign| SignBadge::from(*sign)).collect(),
            merge_href: crate::merge::pages::form_href(pair.record, pair.other),
            found_on: asker.organization.date(asker.organization.day(pair.found_at)),
        }
    }
}

impl SearchProgress {
    fn of(asker: &Asker, search: &Search) -> Self {
        let day = |at| asker.organization.date(asker.organization.day(at));
        Self {
            is_under_way: search.is_under_way(),
            looked_at: search.looked_at,
            finished_on: search.finished_at.map(day),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Shown {
    de: String,
    ecartes: String,
}

fn shown(query: Option<String>) -> Shown {
    serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default()
}

fn href(is_of_contacts: bool, is_dismissed: bool) -> String {
    match (is_of_contacts, is_dismissed) {
        (false, false) => PATH.into(),
        (true, false) => format!("{PATH}?de=contacts"),
        (false, true) => format!("{PATH}?ecartes=1"),
        (true, true) => format!("{PATH}?de=contacts&ecartes=1"),
    }
}

async fn shown_page(asker: &Asker, shown: &Shown, listing: &Listing, errors: FieldErrors) -> Result<DuplicatesPage> {
    let (is_of_contacts, is_dismissed) = (shown.de == "contacts", !shown.ecartes.is_empty());
    let kind = if is_of_contacts { RecordKind::Contact } else { RecordKind::Company };
    let reading = super::list_duplicates(asker, kind, is_dismissed, &listing.page);
    let (found, search) = side_by_side(reading, super::show_search(&asker.scope)).await;
    let (found, search) = (found?, search?);
    let path = href(is_of_contacts, is_dismissed);
    let with_cursor = |cursor: &str| format!("{path}{}cursor={cursor}", if path.contains('?') { '&' } else { '?' });
    Ok(DuplicatesPage {
        shell: Shell::new(asker, "crm", "Doublons"),
        form_key: asker.form_key(),
        errors,
        companies_href: href(false, is_dismissed),
        contacts_href: href(true, is_dismissed),
        other_state_href: href(is_of_contacts, !is_dismissed),
        is_of_contacts,
        is_dismissed,
        pairs: found.items.iter().map(|pair| PairRow::of(asker, pair)).collect(),
        next: found.next_cursor.as_deref().map(with_cursor),
        first: listing.page.cursor.as_ref().map(|_| path.clone()),
        search: search.map(|search| SearchProgress::of(asker, &search)).unwrap_or_default(),
        can_edit: asker.may(Permission::CrmEdit),
        can_merge: asker.may(Permission::CrmDelete),
        sees_all: asker.sees_all(),
        path,
    })
}

pub async fn list_duplicates(asker: Asker, RawQuery(query): RawQuery, listing: Listing) -> PageResult {
    page(&shown_page(&asker, &shown(query), &listing, FieldErrors::default()).await?)
}

pub async fn dismiss_duplicate(asker: Asker, form: Form<PairInput>) -> PageResult {
    let pair = super::dismiss_duplicate(&asker, &form.input).await?;
    let back = href(pair.record.kind() == RecordKind::Contact, false);
    asker.done(&back, "Ces deux fiches ne vous seront plus proposées.")
}

pub async fn start_search(asker: Asker, RawQuery(query): RawQuery, listing: Listing) -> PageResult {
    match super::start_search(&asker.scope).await {
        Ok(_) => redirect(PATH),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::CONFLICT, &shown_page(&asker, &shown(query), &listing, errors).await?)
        }
    }
}

/// Beside a form that is being filled in; nothing where nothing was found.
#[derive(Template)]
#[template(path = "duplicate_found.html")]
struct FoundFragment {
    records: Vec<Side>,
    hidden: usize,
}

/// What a form sends of itself, and where it goes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Checked {
    /// The address that the form is sent to: it says of which kind the record is, and which one.
    form: String,
    #[serde(flatten)]
    input: CheckInput,
}

pub async fn check_duplicates(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let Checked { form, input } = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let record = form.split('/').find_map(|part| part.parse::<Record>().ok());
    let of = if form.contains("/contacts/") { RecordKind::Contact } else { RecordKind::Company };
    let id = record.map(|record| record.to_string()).unwrap_or_default();
    let found = super::check_duplicates(&asker, &CheckInput { of: of.name().into(), id, ..input }).await?;
    page(&FoundFragment { records: found.seen.iter().map(Side::of).collect(), hidden: found.hidden })
}
