//! What the opportunities add up to: by stage, by the month in which they were won or lost, by where they come from; of
//! all of them, and of each member's. The acts add to it, each in its own transaction, so that no page ever counts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{
    Currency, Minor, Result,
    id::{StageId, UserId},
    text,
};
use serde::{Deserialize, Serialize};
use table::{Audit, Item, Key, Patch, Scope, TenantKeys, Transaction, meter::side_by_side};

use super::Opportunity;
use crate::settings::Outcome;

/// Of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "what", rename_all = "snake_case")]
pub enum Subject {
    Stage(StageId),
    /// Its first day: what was won and lost in it.
    Month(Date),
    /// Where opportunities come from, folded.
    Source(String),
}

/// Sums of one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalesFigures {
    pub subject: Subject,
    /// Of a source, as it was written last.
    #[serde(default)]
    pub label: Option<String>,
    /// Whose; everybody's for none.
    #[serde(default)]
    pub of: Option<UserId>,
    pub currency: Currency,
    #[serde(flatten)]
    pub sums: Sums,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sums {
    pub open: i64,
    pub open_minor: Minor,
    /// Σ amount × probability of what is open, in hundredths of the minor unit, so that nothing is rounded but the sum.
    pub weighted_hundredths: i64,
    pub won: i64,
    pub won_minor: Minor,
    pub lost: i64,
    pub lost_minor: Minor,
}

/// How many opportunities are at a stage, whatever their currency: a stage is removed on the condition that there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageCount {
    pub stage: StageId,
    #[serde(default)]
    pub count: i64,
}

impl Item for SalesFigures {
    const TYPE: &'static str = "sales_figures";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        key(keys, self.of, &self.subject, self.currency)
    }
}

impl Item for StageCount {
    const TYPE: &'static str = "stage_count";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.stage_count(self.stage)
    }
}

const STAGE: &str = "STAGE";
const MONTH: &str = "MONTH";
const SOURCE: &str = "SOURCE";

fn key(keys: TenantKeys, of: Option<UserId>, subject: &Subject, currency: Currency) -> Key {
    match subject {
        Subject::Stage(stage) => keys.sales_figures(of, STAGE, &stage.ulid().to_string(), currency),
        Subject::Month(month) => {
            keys.sales_figures(of, MONTH, &format!("{:04}-{:02}", month.year(), month.month()), currency)
        }
        Subject::Source(source) => keys.sales_figures(of, SOURCE, source, currency),
    }
}

impl Sums {
    fn of(opportunity: &Opportunity) -> Self {
        let amount = opportunity.amount_minor;
        let none = Self::default();
        match opportunity.outcome {
            Outcome::Open => Self { open: 1, open_minor: amount, weighted_hundredths: opportunity.weighted(), ..none },
            Outcome::Won => Self { won: 1, won_minor: amount, ..none },
            Outcome::Lost => Self { lost: 1, lost_minor: amount, ..none },
        }
    }

    pub const fn count(&self) -> i64 {
        self.open + self.won + self.lost
    }

    /// Of everything, whatever became of it.
    pub const fn amount(&self) -> Minor {
        Minor(self.open_minor.0 + self.won_minor.0 + self.lost_minor.0)
    }

    /// In whole per cent of what was decided; none where nothing was.
    pub fn conversion(&self) -> Option<i64> {
        let decided = self.won + self.lost;
        (decided > 0).then(|| (200 * self.won + decided) / (2 * decided))
    }

    const fn parts(self) -> [(&'static str, i64); 7] {
        [
            ("open", self.open),
            ("open_minor", self.open_minor.0),
            ("weighted_hundredths", self.weighted_hundredths),
            ("won", self.won),
            ("won_minor", self.won_minor.0),
            ("lost", self.lost),
            ("lost_minor", self.lost_minor.0),
        ]
    }

    const fn with(self, other: Self, sign: i64) -> Self {
        Self {
            open: self.open + sign * other.open,
            open_minor: Minor(self.open_minor.0 + sign * other.open_minor.0),
            weighted_hundredths: self.weighted_hundredths + sign * other.weighted_hundredths,
            won: self.won + sign * other.won,
            won_minor: Minor(self.won_minor.0 + sign * other.won_minor.0),
            lost: self.lost + sign * other.lost,
            lost_minor: Minor(self.lost_minor.0 + sign * other.lost_minor.0),
        }
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        self.with(other, 1)
    }
}

/// What one opportunity adds, and where.
fn places(opportunity: &Opportunity) -> Vec<(Option<UserId>, Subject)> {
    let stage = Some(Subject::Stage(opportunity.stage));
    let month = opportunity.closed_on.map(|on| Subject::Month(on.first_of_month()));
    let source = opportunity.source.as_deref().map(text::sorted).filter(|source| !source.is_empty());
    let subjects = [stage, month, source.map(Subject::Source)];
    let whose = [Some(None), opportunity.assigned_to.map(Some)];
    let of = |whose: Option<UserId>| subjects.iter().flatten().map(move |subject| (whose, subject.clone()));
    whose.into_iter().flatten().flat_map(of).collect()
}

/// Adds to the sums what an act changes of them.
pub fn count(transaction: &mut Transaction, before: Option<&Opportunity>, after: Option<&Opportunity>) -> Result<()> {
    let mut changes: BTreeMap<(Option<UserId>, Subject), Sums> = BTreeMap::new();
    for (opportunity, sign) in before.iter().map(|one| (one, -1)).chain(after.iter().map(|one| (one, 1))) {
        for place in places(opportunity) {
            let sums = changes.entry(place).or_default();
            *sums = sums.with(Sums::of(opportunity), sign);
        }
    }
    let Some(currency) = after.or(before).map(|opportunity| opportunity.currency) else { return Ok(()) };
    let label = after.or(before).and_then(|opportunity| opportunity.source.clone());
    let keys = transaction.keys();
    for ((of, subject), sums) in changes {
        let parts: Vec<_> = sums.parts().into_iter().filter(|(_, by)| *by != 0).collect();
        if parts.is_empty() {
            continue;
        }
        let key = key(keys, of, &subject, currency);
        let mut patch =
            Patch::tally::<SalesFigures>(key.clone()).set_value("subject", &subject)?.set("currency", currency.code());
        if let Some(of) = of {
            patch = patch.set("of", &of.to_string());
        }
        // The words of the one that comes; of one that goes, others may have written it otherwise.
        if let (Subject::Source(source), Some(label)) = (&subject, &label)
            && text::sorted(label) == *source
        {
            patch = patch.set("label", label);
        }
        transaction.tally(key, patch, &parts);
    }
    let (left, reached) = (before.map(|one| one.stage), after.map(|one| one.stage));
    if left != reached {
        for (stage, by) in [(left, -1), (reached, 1)] {
            if let Some(stage) = stage {
                let key = keys.stage_count(stage);
                let patch = Patch::tally::<StageCount>(key.clone()).set("stage", &stage.to_string());
                transaction.tally(key, patch, &[("count", by)]);
            }
        }
    }
    Ok(())
}

/// Sums of one currency, as a page asks for them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sales {
    pub stages: BTreeMap<StageId, Sums>,
    /// Of the month that was asked for.
    pub month: Sums,
    /// As they are written, the one that won most first.
    pub sources: Vec<(String, Sums)>,
    /// Whether there is something in other currencies too.
    pub has_others: bool,
}

/// By stage alone, as the board needs it.
pub async fn read_stages(scope: &Scope, of: Option<UserId>, currency: Currency) -> Result<Sales> {
    let found = scope.collection_page(&scope.keys().sales_of(of, STAGE), None).await?;
    let mut sales = Sales::default();
    for figures in found.0.all::<SalesFigures>()? {
        sales.take(figures.value, currency);
    }
    Ok(sales)
}

/// All that the dashboard shows; of sources, the first 500 in the order of the alphabet.
pub async fn read_all(scope: &Scope, of: Option<UserId>, currency: Currency, month: Date) -> Result<Sales> {
    let keys = scope.keys();
    let of_month = key(keys, of, &Subject::Month(month.first_of_month()), currency);
    let sources = keys.sales_of(of, SOURCE);
    let beside = side_by_side(scope.get::<SalesFigures>(&of_month), scope.collection_page(&sources, None));
    let (stages, (of_month, sources)) = side_by_side(read_stages(scope, of, currency), beside).await;
    let mut sales = stages?;
    sales.month = of_month?.map(|figures| figures.value.sums).unwrap_or_default();
    for figures in sources?.0.all::<SalesFigures>()? {
        sales.take(figures.value, currency);
    }
    sales.sources.sort_by_key(|(_, sums)| std::cmp::Reverse((sums.won_minor, sums.won, sums.open_minor, sums.open)));
    Ok(sales)
}

impl Sales {
    fn take(&mut self, figures: SalesFigures, currency: Currency) {
        if figures.sums == Sums::default() {
            return;
        }
        if figures.currency != currency {
            self.has_others = true;
            return;
        }
        match figures.subject {
            Subject::Stage(stage) => drop(self.stages.insert(stage, figures.sums)),
            Subject::Source(source) => self.sources.push((figures.label.unwrap_or(source), figures.sums)),
            Subject::Month(_) => self.month = figures.sums,
        }
    }

    pub fn at(&self, stage: StageId) -> Sums {
        self.stages.get(&stage).copied().unwrap_or_default()
    }

    /// Of all stages.
    pub fn total(&self) -> Sums {
        self.stages.values().fold(Sums::default(), |total, sums| total.plus(*sums))
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn figures_as_they_are_stored() {
        let sums = Sums { open: 2, open_minor: Minor(300), weighted_hundredths: 15_000, ..Sums::default() };
        let subject = Subject::Stage(StageId::from_ulid(Ulid(3)));
        let of = Some(UserId::from_ulid(Ulid(4)));
        let figures = SalesFigures { subject, label: None, of, currency: Currency::Eur, sums };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SALES",
            "sk": "OF#00000000000000000000000004#STAGE#00000000000000000000000003#EUR",
            "type": "sales_figures",
            "v": 1,
            "subject": { "kind": "stage", "what": "stg_00000000000000000000000003" },
            "of": "usr_00000000000000000000000004",
            "currency": "EUR",
            "open": 2,
            "open_minor": 300,
            "weighted_hundredths": 15_000,
            "won": 0,
            "won_minor": 0,
            "lost": 0,
            "lost_minor": 0,
        });
        assert_eq!(golden(&figures, KEYS).ok(), Some(expected));
        let subjects = [Subject::Month(jiff::civil::date(2026, 11, 1)), Subject::Source("bouche a oreille".into())];
        let keys = subjects.map(|subject| key(KEYS, None, &subject, Currency::Xof).parts().1.to_owned());
        assert_eq!(keys, ["ALL#MONTH#2026-11#XOF", "ALL#SOURCE#bouche a oreille#XOF"]);
        let count = StageCount { stage: StageId::from_ulid(Ulid(3)), count: 2 };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SALES",
            "sk": "COUNT#00000000000000000000000003",
            "type": "stage_count",
            "v": 1,
            "stage": "stg_00000000000000000000000003",
            "count": 2,
        });
        assert_eq!(golden(&count, KEYS).ok(), Some(expected));
    }

    #[test]
    fn conversion_is_what_was_won_of_what_was_decided() {
        let of = |won, lost| Sums { won, lost, ..Sums::default() }.conversion();
        assert_eq!([of(0, 0), of(0, 3), of(1, 2), of(2, 1), of(1, 1)], [None, Some(0), Some(33), Some(67), Some(50)]);
    }
}
