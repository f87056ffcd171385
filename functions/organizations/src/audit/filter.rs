//! Which entries are wanted: `?month=2026-11&member=usr_…&kind=crm&q=…&object=inv_…`, the same for the page, the export
//! and the API.

use axum::extract::FromRequestParts;
use http::request::Parts;
use jiff::civil::{Date, date};
use kernel::{Actor, Error, Result, id::UserId, reference::OrganizationReference, text};
use serde::Deserialize;
use serde_json::Value;
use table::{AuditEntry, AuditLog, audit::Change};
use ulid::Ulid;
use web::Failure;

use super::{
    acts::{self, ActKind},
    words,
};

const TEXT_MAX: usize = 100;
/// In the place of a member: what no person did.
pub const SYSTEM: &str = "system";

#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The first day of the month; none for the present one.
    pub month: Option<Date>,
    pub member: Option<Doer>,
    pub kind: Option<ActKind>,
    /// As it was typed.
    pub q: String,
    /// The history of one object, in whichever month.
    pub object: Option<String>,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doer {
    System,
    Member(UserId),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Query {
    month: String,
    member: String,
    kind: String,
    q: String,
    object: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Filter {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        let query: Query = serde_html_form::from_str(parts.uri.query().unwrap_or_default())
            .map_err(|error| malformed(&error.to_string()))?;
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Self {
            month: given(&query.month).map(|month| read_month(&month)).transpose()?,
            member: given(&query.member).map(|member| read_doer(&member)).transpose()?,
            kind: given(&query.kind)
                .map(|kind| ActKind::named(&kind).ok_or_else(|| malformed("kind is unknown")))
                .transpose()?,
            q: query.q.trim().chars().take(TEXT_MAX).collect(),
            object: given(&query.object).map(|object| object.chars().take(TEXT_MAX).collect()),
        })
    }
}

fn malformed(detail: &str) -> Error {
    Error::Malformed { detail: detail.into() }
}

fn read_month(text: &str) -> Result<Date> {
    let wrong = || malformed("month must be such as 2026-11");
    let (year, month) =
        text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2).ok_or_else(wrong)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year) || !digits(month) {
        return Err(wrong());
    }
    let month =
        Date::new(year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?, 1).map_err(|_| wrong())?;
    // The ends of the calendar have no month before or after them.
    if (date(2000, 1, 1)..date(9000, 1, 1)).contains(&month) { Ok(month) } else { Err(wrong()) }
}

fn read_doer(text: &str) -> Result<Doer> {
    match text {
        SYSTEM => Ok(Doer::System),
        id => id.parse().map(Doer::Member).map_err(|_| malformed("member must be usr_… or system")),
    }
}

impl Doer {
    pub fn code(self) -> String {
        match self {
            Self::System => SYSTEM.into(),
            Self::Member(user) => user.to_string(),
        }
    }

    fn did(self, actor: &Actor) -> bool {
        match (self, actor) {
            (Self::System, Actor::System { .. }) => true,
            (Self::Member(user), Actor::User { id, .. } | Actor::Token { user: id, .. }) => user == *id,
            _ => false,
        }
    }
}

/// `2026-11`
pub fn month_code(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

impl Filter {
    pub fn log(&self, organization: &OrganizationReference, today: Date) -> Result<AuditLog> {
        match &self.object {
            Some(object) => Ok(AuditLog::Object(object.clone())),
            None => AuditLog::month(self.month.unwrap_or(today), &organization.zone()),
        }
    }

    /// Whether entries must be looked at to know whether they are wanted.
    pub fn narrows(&self) -> bool {
        self.member.is_some() || self.kind.is_some() || !self.q.is_empty()
    }

    pub fn wants(&self, entry: &AuditEntry) -> bool {
        self.member.is_none_or(|doer| doer.did(&entry.actor))
            && self.kind.is_none_or(|kind| acts::kind(&entry.act) == Some(kind))
            && self.finds(entry)
    }

    /// Every word of the text stands somewhere in the entry.
    fn finds(&self, entry: &AuditEntry) -> bool {
        if self.q.is_empty() {
            return true;
        }
        let text = text::folded(&everything(entry));
        text::folded(&self.q).split(' ').all(|word| text.contains(bare(word)))
    }

    /// What leads to the same entries, after `cursor`.
    pub fn link(&self, path: &str, cursor: Option<&str>) -> String {
        let month = self.month.map(month_code);
        let member = self.member.map(Doer::code);
        let fields = [
            ("month", month.as_deref()),
            ("member", member.as_deref()),
            ("kind", self.kind.map(ActKind::code)),
            ("q", Some(self.q.as_str()).filter(|q| !q.is_empty())),
            ("object", self.object.as_deref()),
            ("cursor", cursor),
        ];
        let fields: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        match serde_html_form::to_string(&fields) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.into(),
        }
    }
}

/// An id without its prefix: of an item that was changed unread, the log has no more than that.
fn bare(word: &str) -> &str {
    match word.split_once('_') {
        Some((prefix, id)) if prefix.len() == 3 && Ulid::from_string(&id.to_uppercase()).is_ok() => id,
        _ => word,
    }
}

/// All that can be searched in an entry.
fn everything(entry: &AuditEntry) -> String {
    let mut all = String::new();
    let mut add = |text: &str| {
        all.push_str(text);
        all.push(' ');
    };
    add(&entry.act);
    add(acts::french(&entry.act).unwrap_or_default());
    add(&entry.object);
    add(&entry.id.to_string());
    entry.request_id.as_deref().into_iter().for_each(&mut add);
    match &entry.actor {
        Actor::User { id, name, address } => {
            add(&id.to_string());
            add(name);
            add(&address.map(|address| address.to_string()).unwrap_or_default());
        }
        Actor::Token { id, user, name, address } => {
            add(&id.to_string());
            add(&user.to_string());
            add(name);
            add(&address.map(|address| address.to_string()).unwrap_or_default());
        }
        Actor::Client { name, address } => {
            add(name);
            add(&address.map(|address| address.to_string()).unwrap_or_default());
        }
        Actor::System { name } => add(name),
    }
    for Change { item, id, label, before, after, .. } in &entry.changed {
        add(words::item(item));
        id.iter().chain(label).for_each(|text| add(text));
        for (path, value) in before.iter().chain(after) {
            add(&words::field(item, path));
            match value {
                Value::String(text) => add(text),
                value => add(&value.to_string()),
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_strictly() {
        assert_eq!(read_month("2026-02").ok(), Some(date(2026, 2, 1)));
        for wrong in ["2026", "2026-13", "2026-2", "+026-02", "9999-12", "0000-01", "2026-02-01", "é026-01"] {
            assert!(read_month(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_link_repeats_what_is_wanted() {
        let filter = Filter {
            month: Some(date(2026, 2, 1)),
            member: Some(Doer::System),
            kind: Some(ActKind::Crm),
            q: "La Poste".into(),
            object: None,
        };
        assert_eq!(filter.link("/x", Some("aud_1")), "/x?month=2026-02&member=system&kind=crm&q=La+Poste&cursor=aud_1");
        assert_eq!(Filter::default().link("/x", None), "/x");
    }

    #[test]
    fn an_id_is_searched_without_its_prefix() {
        assert_eq!(bare("com_01arz3ndektsv4rrffq69g5fav"), "01arz3ndektsv4rrffq69g5fav");
        assert_eq!(bare("edit_company"), "edit_company");
    }
}
