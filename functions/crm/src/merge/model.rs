//! What a merge is: what was asked, how far it has come, and what it takes to undo it. Pure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    id::{ActivityId, AttachedId, CompanyId, ContactId, MergeId, OpportunityId, UserId},
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::Field;
use crate::{
    company::Company,
    contact::Contact,
    record::{Record, RecordKind},
};

/// How long a merge can be undone, and what was is kept for it.
const UNDOABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Which two become one. The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MergeInput {
    /// `com_…` or `con_…`
    pub left: String,
    /// The other one, of the same kind.
    pub right: String,
    /// The one that stays. Where empty: the one that documents name, or else the one that was added first.
    pub winner: String,
    /// Whose value stays, by field: `left`'s or `right`'s id. A field that is not named keeps the winner's value, or gets the
    /// other's where the winner has none. Of companies: `name`, `category`, `numbers` (SIRET, VAT number, business or not),
    /// `address`, `addresses`, `email`, `phone`, `website`, `industry`, `employees`, `revenue`, `terms`, `parent`,
    /// `assigned_to`, `notes`; of contacts: `civility`, `first_name`, `last_name`, `company`, `job_title`, `department`,
    /// `category`, `email`, `phone`, `mobile`, `preferred`, `address`, `assigned_to`, `notes`; and `fld_…`. Tags come
    /// together; consent is what was said last.
    pub fields: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    pub left: Record,
    pub right: Record,
    pub winner: Option<Record>,
    pub fields: BTreeMap<String, Record>,
}

impl MergeInput {
    pub fn parse(&self) -> Result<Checked, Violations> {
        let mut wrong = Violations::default();
        let mergeable = |text: &str| {
            let record = text.parse::<Record>().map_err(|_| Rule::NotAnId)?;
            if record.kind() == RecordKind::Opportunity { Err(Rule::NotAChoice) } else { Ok(record) }
        };
        let left = wrong.take("/left", mergeable(&self.left));
        let right = wrong.take("/right", mergeable(&self.right));
        let (Some(left), Some(right)) = (left, right) else { return Err(wrong) };
        if left == right || left.kind() != right.kind() {
            wrong.add("/right", Rule::NotAChoice);
        }
        let either = |text: &str| [left, right].into_iter().find(|one| one.to_string() == text).ok_or(Rule::NotAChoice);
        let winner = match self.winner.as_str() {
            "" => None,
            text => wrong.take("/winner", either(text)),
        };
        let mut fields = BTreeMap::new();
        for (name, text) in &self.fields {
            let is_known = Field::all(left.kind()).iter().any(|field| field.name == name) || name.starts_with("fld_");
            let pointer = format!("/fields/{name}");
            let chosen = if is_known { either(text) } else { Err(Rule::NotAChoice) };
            fields.extend(wrong.take(pointer, chosen).map(|record| (name.clone(), record)));
        }
        if wrong.is_empty() { Ok(Checked { left, right, winner, fields }) } else { Err(wrong) }
    }
}

impl Checked {
    /// Whether the loser's value of a field was chosen; none where nobody chose.
    pub fn from(&self, loser: Record) -> impl Fn(&str) -> Option<bool> + '_ {
        move |name| self.fields.get(name).map(|chosen| *chosen == loser)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    pub id: MergeId,
    pub loser: Record,
    pub loser_name: String,
    pub winner: Record,
    pub winner_name: String,
    /// To whom the winner was assigned, who sees it for that where one sees only one's own.
    pub assigned_to: Option<UserId>,
    pub created_at: Timestamp,
    pub state: State,
    /// How many things were moved and not taken back.
    pub moved: u32,
    pub copies: Copies,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// What points to the loser is being moved, step by step.
    Moving {
        step: Step,
        cursor: Option<String>,
    },
    Done {
        at: Timestamp,
    },
    /// What was moved is being taken back, then what carries the winner's name gets it anew.
    Undoing {
        step: Step,
        cursor: Option<String>,
    },
    Undone {
        at: Timestamp,
    },
}

impl State {
    pub const fn first() -> Self {
        Self::Moving { step: Step::Contacts, cursor: None }
    }
}

/// What is moved, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The contacts of a company.
    Contacts,
    /// Those who were with a company.
    Former,
    /// The companies that belong to a company.
    Subsidiaries,
    Opportunities,
    Files,
    /// What is planned with it, or was done.
    Activities,
    /// Of an undoing: whatever was moved.
    Return,
    /// The winner's name where its contacts carry it.
    Names,
}

impl Step {
    /// Of a moving: what is moved next.
    const fn following(self) -> Option<Self> {
        match self {
            Self::Contacts => Some(Self::Former),
            Self::Former => Some(Self::Subsidiaries),
            Self::Subsidiaries => Some(Self::Opportunities),
            Self::Opportunities => Some(Self::Files),
            Self::Files => Some(Self::Activities),
            Self::Activities | Self::Return => Some(Self::Names),
            Self::Names => None,
        }
    }
}

/// Both records as they were, and the winner as the merge left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Copies {
    Company {
        loser: Box<Company>,
        before: Box<Company>,
        after: Box<Company>,
        /// Of the loser.
        addressee: Option<ContactId>,
        /// Whether something of another context had named the loser once.
        #[serde(default)]
        used: bool,
        /// Whether the winner is known as named for that alone.
        #[serde(default)]
        use_passed: bool,
    },
    Contact {
        loser: Box<Contact>,
        before: Box<Contact>,
        after: Box<Contact>,
    },
}

/// One thing that a merge moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub merge: MergeId,
    pub kind: MovedKind,
    pub record: Thing,
    /// Of a contact: which of the companies where they were was the loser.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerPlace>,
    pub expires_at: Timestamp,
}

/// A record, or what belongs to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Thing {
    Company(CompanyId),
    Contact(ContactId),
    Opportunity(OpportunityId),
    Activity(ActivityId),
    File(AttachedId),
}

impl Thing {
    pub const fn ulid(self) -> Ulid {
        match self {
            Self::Company(id) => id.ulid(),
            Self::Contact(id) => id.ulid(),
            Self::Opportunity(id) => id.ulid(),
            Self::Activity(id) => id.ulid(),
            Self::File(id) => id.ulid(),
        }
    }
}

/// One of the companies where a contact was. Others come before it, so it is found from the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerPlace {
    /// How many stand behind it.
    pub behind: usize,
    pub until: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovedKind {
    /// A contact who was with the loser.
    Contact,
    /// A contact who was with the loser once.
    Former,
    /// A company that belonged to the loser.
    Subsidiary,
    /// A company that belonged to the loser and belongs to nobody since, for the winner is below it.
    Released,
    /// An opportunity with the loser.
    Opportunity,
    /// An activity about the loser.
    Activity,
    /// A file of the loser.
    File,
}

impl MovedKind {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Contact => "CONTACT",
            Self::Former => "FORMER",
            Self::Subsidiary => "SUBSIDIARY",
            Self::Released => "RELEASED",
            Self::Opportunity => "OPPORTUNITY",
            Self::Activity => "ACTIVITY",
            Self::File => "FILE",
        }
    }
}

/// Where a record went, in its place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    pub record: Record,
    pub into: Record,
    pub merge: MergeId,
}

/// A merge that went into a record, beside it: for erasing it wherever it came from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MergeInto {
    pub record: Record,
    pub merge: MergeId,
    pub loser: Record,
}

impl Merge {
    pub fn undoable_until(&self) -> Timestamp {
        self.created_at.saturating_add(UNDOABLE).unwrap_or(Timestamp::MAX)
    }

    /// Whether it is done and not too old.
    pub fn must_be_undoable(&self, now: Timestamp) -> Result<()> {
        match self.state {
            State::Moving { .. } | State::Undoing { .. } => Err(Error::Conflict(Conflict::MergeUnderWay)),
            State::Done { .. } if now < self.undoable_until() => Ok(()),
            State::Done { .. } | State::Undone { .. } => Err(Error::Conflict(Conflict::MergeNotUndoable)),
        }
    }

    pub const fn is_under_way(&self) -> bool {
        matches!(self.state, State::Moving { .. } | State::Undoing { .. })
    }

    /// The two companies; none where it is of contacts.
    pub const fn companies(&self) -> Option<(CompanyId, CompanyId)> {
        match (self.loser, self.winner) {
            (Record::Company(loser), Record::Company(winner)) => Some((loser, winner)),
            _ => None,
        }
    }

    /// Where it goes on after a chunk: at the same step from `next`, or else at the step that follows.
    pub fn after_chunk(&self, next: Next, now: Timestamp) -> State {
        match (&self.state, next) {
            (State::Moving { step, .. }, Next::At(cursor)) => State::Moving { step: *step, cursor },
            (State::Undoing { step, .. }, Next::At(cursor)) => State::Undoing { step: *step, cursor },
            (State::Moving { step, .. }, Next::Over) => match step.following() {
                Some(step) => State::Moving { step, cursor: None },
                None => State::Done { at: now },
            },
            (State::Undoing { step, .. }, Next::Over) => match step {
                Step::Names => State::Undone { at: now },
                _ => State::Undoing { step: Step::Names, cursor: None },
            },
            (done, _) => done.clone(),
        }
    }
}

/// Where a step goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    At(Option<String>),
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "com_00000000000000000000000001";
    const TWO: &str = "com_00000000000000000000000002";

    fn input() -> MergeInput {
        MergeInput { left: ONE.into(), right: TWO.into(), ..MergeInput::default() }
    }

    #[test]
    fn two_of_a_kind_are_named_and_each_field_is_of_one_of_them() {
        let fields = BTreeMap::from([("phone".into(), TWO.into()), ("email".into(), ONE.into())]);
        let checked = MergeInput { winner: ONE.into(), fields, ..input() }.parse().unwrap();
        let from = checked.from(checked.right);
        assert_eq!((from("phone"), from("email"), from("name")), (Some(true), Some(false), None));

        let pointers = |input: MergeInput| match input.parse() {
            Ok(_) => String::new(),
            Err(wrong) => wrong.iter().map(|wrong| wrong.pointer.clone()).collect::<Vec<_>>().join(" "),
        };
        assert_eq!(pointers(MergeInput { right: ONE.into(), ..input() }), "/right");
        assert_eq!(pointers(MergeInput { right: "con_00000000000000000000000002".into(), ..input() }), "/right");
        assert_eq!(pointers(MergeInput { left: "opp_00000000000000000000000002".into(), ..input() }), "/left");
        let fields = BTreeMap::from([("colour".into(), ONE.into()), ("name".into(), "com_3".into())]);
        assert_eq!(
            pointers(MergeInput { winner: "x".into(), fields, ..input() }),
            "/winner /fields/colour /fields/name"
        );
    }
}
