//! `/organisation/journal`

use askama::Template;
use axum::response::IntoResponse;
use http::header;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Actor, Permission, Result,
    id::AuditId,
    page::{Page, PageRequest},
    tenant::WEB_FORM,
    text,
};
use table::{AuditEntry, Order, Scope, meter};
use web::{
    Asker, Membership, PageResult, Pagination, Shell,
    form::{Choice, choices},
    page,
};

use super::{
    Filter, acts,
    acts::ActKind,
    filter::{Doer, SYSTEM, month_code},
    words::{self, ChangeWords, Labels, Words},
};

pub const PATH: &str = "/organisation/journal";
pub const EXPORT: &str = "/organisation/journal/export";

/// How many members a form offers.
const MEMBERS_MAX: u16 = 500;
/// How many months a form offers: ten years.
const MONTHS_MAX: usize = 120;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    days: Vec<Day>,
    months: Vec<Choice>,
    members: Vec<Choice>,
    kinds: Vec<Choice>,
    q: String,
    /// Of whose history this is.
    object: Option<String>,
    is_narrowed: bool,
    /// Back to when entries were looked through, where there are others.
    until: String,
    export_href: Option<String>,
    next: Option<String>,
    first: Option<String>,
}

struct Day {
    date: Date,
    name: String,
    entries: Vec<EntryRow>,
}

struct EntryRow {
    id: AuditId,
    at: Timestamp,
    time: String,
    who: String,
    /// How, where it was not the person in the pages.
    by: &'static str,
    from: String,
    act: String,
    object: String,
    object_id: String,
    object_href: Option<String>,
    history_href: String,
    changes: Vec<ChangeWords>,
    omitted: u64,
    request_id: String,
    user_agent: String,
    redacted: bool,
}

impl EntryRow {
    fn of(words: &Words, entry: &AuditEntry, labels: &Labels) -> Self {
        let (who, by, address) = match &entry.actor {
            Actor::User { name, address, .. } => (name.as_str(), "", *address),
            Actor::Token { name, address, .. } => (name.as_str(), "Jeton d’API", *address),
            Actor::Client { name, address } => (name.as_str(), "Client, par son lien", *address),
            Actor::System { name } if name == WEB_FORM => ("Formulaire web", "Visiteur de votre site", None),
            Actor::System { .. } => ("ABSERVICE", "Automatique", None),
        };
        let object = words.object(entry, labels);
        Self {
            id: entry.id,
            at: entry.at,
            time: words.time(entry.at),
            who: who.into(),
            by,
            from: address.map(|address| address.to_string()).unwrap_or_default(),
            act: acts::french(&entry.act).unwrap_or(&entry.act).into(),
            object: object.to_string(),
            object_id: entry.object.clone(),
            object_href: object.href,
            history_href: Filter { object: Some(entry.object.clone()), ..Filter::default() }.link(PATH, None),
            changes: words.changes(entry),
            omitted: entry.omitted,
            request_id: entry.request_id.clone().unwrap_or_default(),
            user_agent: entry.user_agent.clone().unwrap_or_default(),
            redacted: entry.redacted_by.is_some(),
        }
    }
}

/// The entries under the days on which they were made.
fn by_day(words: &Words, entries: &[AuditEntry]) -> Vec<Day> {
    let labels = words::labels(entries);
    let mut days: Vec<Day> = Vec::new();
    for entry in entries {
        let date = words.day(entry.at);
        if days.last().is_none_or(|day| day.date != date) {
            days.push(Day { date, name: text::french_day(date), entries: Vec::new() });
        }
        if let Some(day) = days.last_mut() {
            day.entries.push(EntryRow::of(words, entry, &labels));
        }
    }
    days
}

/// The months since the organization is there, the newest first, and the one that is shown.
fn months(asker: &Asker, shown: Date) -> Vec<Choice> {
    let words = Words::new(&asker.organization);
    let began = Timestamp::from_millisecond(asker.organization.id.ulid().timestamp_ms() as i64).unwrap_or_default();
    let (first, mut month) = (words.day(began).first_of_month(), asker.today().first_of_month());
    let mut months = Vec::new();
    while months.len() < MONTHS_MAX {
        months.push(month);
        match month.yesterday() {
            Ok(before) if month > first => month = before.first_of_month(),
            _ => break,
        }
    }
    if !months.contains(&shown) {
        months.push(shown);
    }
    choices(months.into_iter().map(|month| (month_code(month), text::french_month(month))), &month_code(shown))
}

async fn members(scope: &Scope) -> Result<Vec<Membership>> {
    let page = PageRequest { limit: MEMBERS_MAX, cursor: None };
    let found = scope.list::<Membership>(&scope.keys().members(), &page, Order::Ascending).await?;
    let mut members: Vec<_> = found.items.into_iter().map(|member| member.value).collect();
    members.sort_by_key(|member| text::sorted(&member.name));
    Ok(members)
}

pub async fn list_audit_entries(asker: Asker, filter: Filter, Pagination(request): Pagination) -> PageResult {
    let entries = super::list_entries(&asker.scope, &asker.organization, asker.today(), &filter, &request);
    let (entries, members) = meter::side_by_side(entries, members(&asker.scope)).await;
    let (Page { items, next_cursor }, members) = (entries?, members?);
    let words = Words::new(&asker.organization).knowing(&members);
    let people = members.into_iter().map(|member| (member.user.to_string(), member.name));
    let people = people.chain([(SYSTEM.to_owned(), "ABSERVICE (automatique)".to_owned())]);
    let until = next_cursor.as_ref().and_then(|cursor| cursor.parse::<AuditId>().ok()).map(|id| {
        let at = Timestamp::from_millisecond(id.ulid().timestamp_ms() as i64).unwrap_or_default();
        format!("{} à {}", text::short_date(words.day(at)), words.time(at))
    });
    page(&AuditPage {
        shell: Shell::new(&asker, "settings", "Journal d’activité"),
        days: by_day(&words, &items),
        months: months(&asker, filter.month.unwrap_or(asker.today()).first_of_month()),
        members: choices(people, &filter.member.map(Doer::code).unwrap_or_default()),
        kinds: choices(
            ActKind::ALL.map(|kind| (kind.code(), kind.french())),
            filter.kind.map(ActKind::code).unwrap_or_default(),
        ),
        is_narrowed: filter.narrows(),
        until: until.unwrap_or_default(),
        export_href: asker.may(Permission::SettingsExport).then(|| filter.link(EXPORT, None)),
        next: next_cursor.map(|cursor| filter.link(PATH, Some(&cursor))),
        first: request.cursor.as_ref().map(|_| filter.link(PATH, None)),
        q: filter.q,
        object: filter.object,
    })
}

pub async fn export_audit_entries(asker: Asker, filter: Filter, Pagination(request): Pagination) -> PageResult {
    let part = if request.cursor.is_some() { "-suite" } else { "" };
    let what = match filter.object {
        Some(_) => "historique".to_owned(),
        None => format!("journal-{}", month_code(filter.month.unwrap_or(asker.today()))),
    };
    let file = super::export_entries(&asker, &filter, request.cursor).await?;
    let disposition = format!("attachment; filename=\"{what}{part}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, &disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, file).into_response())
}
