//! What a segment is: the part of a list's address that narrows it, under a name. Pure.

use jiff::Timestamp;
use kernel::{
    Rule, Violations,
    id::{SegmentId, UserId},
    legal, text,
};
use serde::{Deserialize, Serialize};

use crate::record::RecordKind;

/// How many there are of a kind of records at most, everybody's together.
pub const SEGMENTS_MAX: usize = 200;
const NAME_MAX: usize = 60;
const QUERY_MAX: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub id: SegmentId,
    /// Of which list.
    pub of: RecordKind,
    pub name: String,
    /// As [`query`] has it.
    pub query: String,
    /// Whether everybody has it.
    pub is_shared: bool,
    /// Whose it is.
    pub by: UserId,
    pub created_at: Timestamp,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SegmentInput {
    /// `company`, `contact` or `opportunity`; that of an existing one stays.
    pub of: String,
    /// Nobody has two of the same name over one list.
    pub name: String,
    /// As the list has it in its address: `q=dupr&category=prospect`. Of an existing one it stays where it is empty.
    pub query: String,
    /// `true`, or `false`, which an empty text means too: whether everybody has it.
    pub shared: String,
}

/// What the list of a kind of records may be asked for, beside the page of it.
const fn parameters(of: RecordKind) -> &'static [&'static str] {
    match of {
        RecordKind::Company | RecordKind::Contact => {
            &["q", "assigned_to", "category", "tag", "city", "postal_code", "field", "value", "state", "sort"]
        }
        RecordKind::Opportunity => {
            &["q", "assigned_to", "pipeline", "stage", "outcome", "priority", "source", "tag", "sort"]
        }
    }
}

/// The query of a list in one way: what is not empty, in one order, without the page that somebody was at.
pub fn query(of: RecordKind, typed: &str) -> Result<String, Rule> {
    let typed = typed.trim().trim_start_matches('?');
    if typed.chars().count() > QUERY_MAX {
        return Err(Rule::TooLong { max: QUERY_MAX });
    }
    let pairs: Vec<(String, String)> = serde_html_form::from_str(typed).map_err(|_| Rule::NotAChoice)?;
    let is_known = |name: &str| parameters(of).contains(&name) || ["limit", "cursor"].contains(&name);
    if pairs.iter().any(|(name, _)| !is_known(name)) {
        return Err(Rule::NotAChoice);
    }
    let wanted = parameters(of)
        .iter()
        .flat_map(|known| pairs.iter().filter(move |(name, value)| name == known && !value.trim().is_empty()));
    serde_html_form::to_string(wanted.collect::<Vec<_>>()).map_err(|_| Rule::NotAChoice)
}

impl SegmentInput {
    pub fn of(segment: &Segment) -> Self {
        Self {
            of: segment.of.name().into(),
            name: segment.name.clone(),
            query: segment.query.clone(),
            shared: segment.is_shared.to_string(),
        }
    }

    /// A new one, or another form of `current`. `known` are those over the same list.
    pub fn parse(
        &self,
        id: SegmentId,
        (by, now): (UserId, Timestamp),
        current: Option<&Segment>,
        known: &[Segment],
    ) -> Result<Segment, Violations> {
        let mut wrong = Violations::default();
        let of = match current {
            Some(current) => Some(current.of),
            None => wrong.take("/of", RecordKind::named(&self.of).ok_or(Rule::NotAChoice)),
        };
        let name = wrong.take("/name", legal::required(&self.name, NAME_MAX).and_then(one_line));
        let typed = match current {
            Some(current) if self.query.trim().is_empty() => &current.query,
            _ => &self.query,
        };
        let query = of.and_then(|of| wrong.take("/query", query(of, typed)));
        if query.as_ref().is_some_and(String::is_empty) {
            wrong.add("/query", Rule::NothingChosen);
        }
        let is_shared = match self.shared.as_str() {
            "" | "false" => Some(false),
            "true" | "on" => Some(true),
            _ => wrong.take("/shared", Err(Rule::NotAChoice)),
        };
        let by = current.map_or(by, |current| current.by);
        let is_taken = |name: &String| {
            known
                .iter()
                .any(|other| other.id != id && other.by == by && text::folded(&other.name) == text::folded(name))
        };
        if name.as_ref().is_some_and(is_taken) {
            wrong.add("/name", Rule::AlreadyTaken);
        }
        if current.is_none() && known.len() >= SEGMENTS_MAX {
            wrong.add("/name", Rule::TooMany { max: SEGMENTS_MAX });
        }
        match (of, name, query, is_shared) {
            (Some(of), Some(name), Some(query), Some(is_shared)) if wrong.is_empty() => Ok(Segment {
                id,
                of,
                name,
                query,
                is_shared,
                by,
                created_at: current.map_or(now, |current| current.created_at),
            }),
            _ => Err(wrong),
        }
    }
}

fn one_line(name: String) -> Result<String, Rule> {
    if name.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(name) }
}

impl Segment {
    /// Whether somebody has it.
    pub fn is_for(&self, user: UserId) -> bool {
        self.is_shared || self.by == user
    }

    pub fn path(&self) -> String {
        format!("{}?{}", self.of.path(), self.query)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use ulid::Ulid;

    use super::*;

    pub fn segment() -> Segment {
        let input = SegmentInput {
            of: "company".into(),
            name: "Prospects de Lyon".into(),
            query: "city=lyon&category=prospect".into(),
            shared: "true".into(),
        };
        let by = (UserId::from_ulid(Ulid(4)), Timestamp::UNIX_EPOCH);
        input.parse(SegmentId::from_ulid(Ulid(2)), by, None, &[]).unwrap()
    }

    #[test]
    fn a_query_is_kept_in_one_way() {
        let kept = |typed: &str| query(RecordKind::Company, typed);
        assert_eq!(
            kept("?city=lyon&q=&category=prospect&cursor=7b&limit=50"),
            Ok("category=prospect&city=lyon".into())
        );
        assert_eq!(kept(""), Ok(String::new()));
        assert!(kept("nobody=1").is_err() && kept(&format!("q={}", "x".repeat(QUERY_MAX))).is_err());
    }

    #[test]
    fn nobody_has_two_of_a_name() {
        let known = segment();
        let input = SegmentInput { name: "PROSPECTS de lyon".into(), ..SegmentInput::of(&known) };
        let other = (UserId::from_ulid(Ulid(5)), Timestamp::UNIX_EPOCH);
        let new = SegmentId::from_ulid(Ulid(3));
        assert!(input.parse(new, (known.by, Timestamp::UNIX_EPOCH), None, std::slice::from_ref(&known)).is_err());
        assert!(input.parse(new, other, None, std::slice::from_ref(&known)).is_ok());
        // A change leaves it whose it is.
        let renamed = input.parse(known.id, other, Some(&known), std::slice::from_ref(&known)).unwrap();
        assert_eq!((renamed.by, renamed.name.as_str()), (known.by, "PROSPECTS de lyon"));
        let all = SegmentInput { query: "q=".into(), ..SegmentInput::of(&known) };
        assert!(all.parse(new, other, None, &[]).is_err(), "it would be the whole list");
    }
}
