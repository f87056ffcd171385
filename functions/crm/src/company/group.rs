//! What belongs to a company: other companies, and whatever else keeps it from being deleted. No company is its own parent, by however many others: what was read of those above
//! must still be so when the change is written, so that no two changes at once make a circle.

use kernel::{Error, Result, Rule, id::CompanyId};
use std::collections::BTreeMap;
use table::{Items, Key, Patch, Scope, Stored, TenantKeys, Transaction};
use web::Asker;

use super::{Company, CompanyCard, Subsidiary};

/// How many levels above a company are looked through.
const LEVELS_MAX: usize = 10;

/// How many levels above a company a merge looks through: records that become one may stand on each other's shoulders.
const MERGED_LEVELS_MAX: usize = 2 * LEVELS_MAX;

/// The company that one will belong to.
pub struct Parent {
    card: Stored<CompanyCard>,
    /// What was read on the way up, it first.
    above: Vec<(Key, u64)>,
}

impl Parent {
    /// What must be read of the one that an input names.
    pub fn keys(keys: TenantKeys, parent: CompanyId) -> [Key; 2] {
        [keys.company(parent), keys.company_card(parent)]
    }

    /// The one that an input names. `subsidiaries` is how many belong to `child` itself: where none do, it can be above
    /// nobody, and nothing more is read; otherwise a trip for each further level.
    pub async fn of(
        asker: &Asker,
        found: &Items,
        named: CompanyId,
        (child, subsidiaries): (CompanyId, u16),
    ) -> Result<Self> {
        let wrong = |rule| Error::field("/parent_id", rule);
        let keys = asker.scope.keys();
        let [company, card] = Self::keys(keys, named);
        let (Some(parent), Some(card)) = (found.get::<Company>(&company)?, found.get::<CompanyCard>(&card)?) else {
            return Err(wrong(Rule::NotFound));
        };
        if !asker.sees(parent.assigned_to) || parent.erased_at.is_some() {
            return Err(wrong(Rule::NotFound));
        }
        let mut above = vec![(company, parent.version)];
        let mut next = parent.parent.filter(|_| subsidiaries > 0);
        while let Some(up) = next {
            if up == child {
                return Err(wrong(Rule::ParentCircle));
            }
            if above.len() == LEVELS_MAX {
                return Err(wrong(Rule::TooDeep { max: LEVELS_MAX }));
            }
            let key = keys.company(up);
            let read = asker.scope.get::<Company>(&key).await?;
            next = read.as_ref().and_then(|read| read.parent);
            above.extend(read.map(|read| (key, read.version)));
        }
        Ok(Self { card, above })
    }

    /// One more belongs to it.
    pub fn take(&self, transaction: &mut Transaction) -> Result<()> {
        let card = self.card.with_subsidiary().map_err(|rule| Error::field("/parent_id", rule))?;
        transaction.update(&self.card, &card);
        for (key, version) in &self.above {
            transaction.check(key, *version);
        }
        Ok(())
    }
}

/// A company and those above it, it first, as they were read: a trip for each level.
#[derive(Default)]
pub struct Above(Vec<(CompanyId, u64)>);

impl Above {
    pub async fn of(scope: &Scope, company: Option<CompanyId>) -> Result<Self> {
        let mut above = Vec::new();
        let mut next = company;
        while let Some(up) = next.filter(|_| above.len() < MERGED_LEVELS_MAX) {
            let read = scope.get::<Company>(&scope.keys().company(up)).await?;
            next = read.as_ref().and_then(|read| read.parent);
            above.extend(read.map(|read| (up, read.version)));
        }
        Ok(Self(above))
    }

    /// Whether there is no such company any more.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn contains(&self, company: CompanyId) -> bool {
        self.0.iter().any(|(above, _)| *above == company)
    }

    /// The act holds only if they are as they were read, but for those that it writes itself.
    pub fn check(&self, transaction: &mut Transaction, but: &[CompanyId]) {
        for (company, version) in self.0.iter().filter(|(company, _)| !but.contains(company)) {
            let key = transaction.keys().company(*company);
            transaction.check(&key, *version);
        }
    }

    /// Both, each company once.
    pub fn and(mut self, other: Self) -> Self {
        let more: Vec<_> = other.0.into_iter().filter(|(company, _)| !self.contains(*company)).collect();
        self.0.extend(more);
        self
    }
}

/// What an act changes of who belongs to whom: the lines, and how many belong to each.
#[derive(Default)]
pub struct Regrouping {
    counts: BTreeMap<CompanyId, i64>,
}

impl Regrouping {
    /// A company as it was, and as it will be; none where there is none.
    pub fn change(&mut self, transaction: &mut Transaction, before: Option<&Company>, after: Option<&Company>) {
        let (was, will) = (before.and_then(Company::subsidiary), after.and_then(Company::subsidiary));
        let (from, to) = (was.as_ref().map(|line| line.parent), will.as_ref().map(|line| line.parent));
        if let Some(line) = was.as_ref().filter(|_| from != to) {
            transaction.forget::<Subsidiary>(|keys| keys.subsidiary(line.parent, line.company));
            *self.counts.entry(line.parent).or_default() -= 1;
        }
        if let Some(line) = will.as_ref().filter(|_| was != will) {
            transaction.replace(line);
            if from != to {
                *self.counts.entry(line.parent).or_default() += 1;
            }
        }
    }

    /// The card of a company that the act writes, with how many belong to it then.
    pub fn counted(&mut self, card: CompanyCard) -> CompanyCard {
        let by = self.counts.remove(&card.id).unwrap_or_default();
        let subsidiaries = i64::from(card.subsidiaries).saturating_add(by);
        CompanyCard { subsidiaries: u16::try_from(subsidiaries).unwrap_or_default(), ..card }
    }

    /// The other companies' cards. Of one that is gone there is none.
    pub fn write(mut self, transaction: &mut Transaction, gone: Option<CompanyId>) {
        if let Some(gone) = gone {
            self.counts.remove(&gone);
        }
        let keys = transaction.keys();
        for (company, by) in self.counts.into_iter().filter(|(_, by)| *by != 0) {
            count(transaction, keys, company, by);
        }
    }
}

/// It belongs to nobody any more. What its parent keeps need not be read: only an act on this company could change that.
pub fn part_with(transaction: &mut Transaction, keys: TenantKeys, parent: CompanyId, company: CompanyId) {
    transaction.forget::<Subsidiary>(|keys| keys.subsidiary(parent, company));
    count(transaction, keys, parent, -1);
}

/// So many more, or fewer, companies belong to one; once in an act.
pub fn count(transaction: &mut Transaction, keys: TenantKeys, parent: CompanyId, by: i64) {
    transaction.patch(Patch::of::<CompanyCard>(keys.company_card(parent)).add("subsidiaries", by));
}

/// Something is to belong to the company from now on: who deletes it at the same time reads again, and finds it. Unless the
/// act writes the company's card anyway.
pub fn hold(transaction: &mut Transaction, company: CompanyId) {
    let card = transaction.keys().company_card(company);
    transaction.patch(Patch::of::<CompanyCard>(card));
}
