//! Opportunities, narrowed and sorted as far as lists of the table serve it. By name, or at one stage those that came
//! last first, whatever their number; what else narrows them is told apart among what one reading gives, and another
//! order is one of what was read.

use jiff::civil::Date;
use kernel::{
    Error, Result, Rule, Violations,
    id::{PipelineId, StageId, TagId, UserId},
    page::{Page, PageRequest},
    text,
};
use serde::{Deserialize, Serialize};
use table::{Order, Scope, Stored};

use super::{Opportunity, OpportunityCard, Priority};
use crate::settings::Outcome;

/// As it is asked for; an empty text is "whatever".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilterInput {
    /// What the name begins with.
    pub q: String,
    pub pipeline: String,
    pub stage: String,
    pub outcome: String,
    pub priority: String,
    pub source: String,
    pub tag: String,
    pub sort: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub prefix: String,
    pub pipeline: Option<PipelineId>,
    pub stage: Option<StageId>,
    pub outcome: Option<Outcome>,
    pub priority: Option<Priority>,
    /// Folded.
    pub source: String,
    pub tag: Option<TagId>,
    pub sort: Sort,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// The order of the list: by name, or at one stage those that came last first.
    #[default]
    Listed,
    Largest,
    Expected,
    Newest,
}

impl Sort {
    pub const ALL: [Self; 4] = [Self::Listed, Self::Largest, Self::Expected, Self::Newest];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Listed => "",
            Self::Largest => "largest",
            Self::Expected => "expected",
            Self::Newest => "newest",
        }
    }

    /// `at_a_stage`: where one is chosen.
    pub const fn french(self, at_a_stage: bool) -> &'static str {
        match self {
            Self::Listed if at_a_stage => "Arrivée à l’étape, la plus récente d’abord",
            Self::Listed => "Nom",
            Self::Largest => "Montant, le plus élevé d’abord",
            Self::Expected => "Date prévue, la plus proche d’abord",
            Self::Newest => "Étape, la plus récente d’abord",
        }
    }
}

/// A page of them.
#[derive(Debug)]
pub struct Found {
    pub cards: Vec<OpportunityCard>,
    pub next_cursor: Option<String>,
    /// Where the order is none that lists stand in, and there are others: only so many were looked at.
    pub only_of: Option<usize>,
}

impl FilterInput {
    pub fn parse(&self) -> Result<Filter, Violations> {
        fn id<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Rule> {
            super::model::id_of(text)
        }
        fn choice<T>(text: &str, found: Option<T>) -> Result<Option<T>, Rule> {
            if text.is_empty() { Ok(None) } else { found.map(Some).ok_or(Rule::NotAChoice) }
        }
        let mut wrong = Violations::default();
        let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.name() == self.outcome);
        let priority = Priority::ALL.into_iter().find(|priority| priority.name() == self.priority);
        let sort = Sort::ALL.into_iter().find(|sort| sort.name() == self.sort).ok_or(Rule::NotAChoice);
        let filter = Filter {
            prefix: text::sorted(&self.q),
            pipeline: wrong.take("/pipeline", id(&self.pipeline)).flatten(),
            stage: wrong.take("/stage", id(&self.stage)).flatten(),
            outcome: wrong.take("/outcome", choice(&self.outcome, outcome)).flatten(),
            priority: wrong.take("/priority", choice(&self.priority, priority)).flatten(),
            source: text::folded(&self.source),
            tag: wrong.take("/tag", id(&self.tag)).flatten(),
            sort: wrong.take("/sort", sort).unwrap_or_default(),
        };
        if wrong.is_empty() { Ok(filter) } else { Err(wrong) }
    }

    /// The query of a link to the same search; nothing of it for none.
    pub fn query(&self, assigned_to: &str, cursor: Option<&str>) -> String {
        let fields = [
            ("q", self.q.as_str()),
            ("pipeline", &self.pipeline),
            ("stage", &self.stage),
            ("outcome", &self.outcome),
            ("priority", &self.priority),
            ("source", &self.source),
            ("tag", &self.tag),
            ("sort", &self.sort),
            ("assigned_to", assigned_to),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link("", &fields)
    }
}

impl Filter {
    /// Whether the list itself is what is wanted, so that a page of it is read and nothing more.
    fn is_listed(&self) -> bool {
        let Self { pipeline, stage, outcome, priority, source, tag, sort, prefix } = self;
        let rest = pipeline.is_none() && outcome.is_none() && priority.is_none() && source.is_empty() && tag.is_none();
        rest && *sort == Sort::Listed && (stage.is_none() || prefix.is_empty())
    }

    pub(crate) fn wants(&self, card: &OpportunityCard) -> bool {
        self.stage.is_none_or(|stage| card.stage == stage)
            && self.pipeline.is_none_or(|pipeline| card.pipeline == pipeline)
            && self.outcome.is_none_or(|outcome| card.outcome == outcome)
            && self.priority.is_none_or(|priority| card.priority == priority)
            && self.tag.is_none_or(|tag| card.tags.contains(&tag))
            && (self.source.is_empty()
                || card.source.as_deref().map(text::folded).as_deref() == Some(self.source.as_str()))
            && text::sorted(&card.name).starts_with(&self.prefix)
    }

    fn sort(&self, cards: &mut [OpportunityCard]) {
        match self.sort {
            Sort::Listed => {}
            Sort::Largest => cards.sort_by_key(|card| std::cmp::Reverse(card.amount_minor)),
            Sort::Expected => cards.sort_by_key(|card| card.expected_on.unwrap_or(Date::MAX)),
            Sort::Newest => cards.sort_by_key(|card| std::cmp::Reverse(card.moved_at)),
        }
    }
}

/// Those of one member, if one is named.
pub async fn list_opportunities(
    scope: &Scope,
    of: Option<UserId>,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Found> {
    match filter.stage {
        Some(stage) => {
            let list = scope.keys().opportunities_at(stage).of(of);
            narrowed(scope, &list, Order::Descending, filter, page, OpportunityCard::clone).await
        }
        None => {
            let list = scope.keys().opportunities(&filter.prefix).of(of);
            narrowed(scope, &list, Order::Ascending, filter, page, |one: &Opportunity| one.card(0)).await
        }
    }
}

async fn narrowed<T: table::Item>(
    scope: &Scope,
    list: &table::keys::List,
    order: Order,
    filter: &Filter,
    page: &PageRequest,
    card: impl Fn(&T) -> OpportunityCard,
) -> Result<Found> {
    let shown = |found: Page<Stored<T>>| found.map(|stored| card(&stored.value));
    if filter.sort == Sort::Listed {
        let found = if filter.is_listed() {
            scope.list::<T>(list, page, order).await?
        } else {
            let sieve = scope.sieve(list, page, order).await?;
            sieve.take::<T>(page.limit, |item| filter.wants(&card(item)))?
        };
        let Page { items: cards, next_cursor } = shown(found);
        return Ok(Found { cards, next_cursor, only_of: None });
    }
    let behind = behind(page.cursor.as_deref())?;
    let all = PageRequest { limit: page.limit, cursor: None };
    let sieve = scope.sieve(list, &all, order).await?;
    let found = shown(sieve.take::<T>(u16::MAX, |item| filter.wants(&card(item)))?);
    let only_of = found.next_cursor.is_some().then(|| sieve.examined());
    let mut cards = found.items;
    filter.sort(&mut cards);
    let end = usize::saturating_add(behind, page.limit.into());
    let next_cursor = (cards.len() > end).then(|| format!("n{end}"));
    let cards = cards.into_iter().skip(behind).take(page.limit.into()).collect();
    Ok(Found { cards, next_cursor, only_of })
}

/// How many of those that were sorted stand on the pages before.
fn behind(cursor: Option<&str>) -> Result<usize> {
    let Some(cursor) = cursor else { return Ok(0) };
    let count = cursor.strip_prefix('n').and_then(|count| count.parse().ok());
    count.ok_or_else(|| Error::Malformed { detail: "unknown cursor".into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_what_is_wrong_and_what_is_left_out_is_whatever() {
        assert_eq!(FilterInput::default().parse(), Ok(Filter::default()));
        assert!(Filter::default().is_listed());
        let wrong = FilterInput {
            stage: "stg_1".into(),
            outcome: "gone".into(),
            priority: "urgent".into(),
            sort: "name".into(),
            ..FilterInput::default()
        };
        let pointers: Vec<_> = wrong.parse().unwrap_err().iter().map(|wrong| wrong.pointer.clone()).collect();
        assert_eq!(pointers, ["/stage", "/outcome", "/priority", "/sort"]);
        let asked = FilterInput { q: "Été".into(), outcome: "open".into(), ..FilterInput::default() };
        assert_eq!(asked.query("me", None), "?q=%C3%89t%C3%A9&outcome=open&assigned_to=me");
        assert_eq!(FilterInput::default().query("", None), "");
        let filter = asked.parse().unwrap();
        assert_eq!(filter.prefix, "ete");
        assert!(!filter.is_listed());
    }
}
