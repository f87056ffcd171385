//! What targets come to: the sums of those whom they are of, one query for each of these.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Result;
use table::{Scope, meter::all_at_once};

use super::Target;
use crate::{
    dashboard::{MonthTotals, Period, Totals, months_of},
    projection::Whose,
};

/// The sums of those whom targets are of.
#[derive(Debug, Default)]
pub struct Counts(BTreeMap<Whose, Vec<MonthTotals>>);

fn whose(target: &Target) -> Vec<Whose> {
    match target.aim.users() {
        [] => vec![None],
        users => users.iter().copied().map(Some).collect(),
    }
}

impl Counts {
    pub async fn of<'a>(scope: &Scope, targets: impl IntoIterator<Item = &'a Target>) -> Result<Self> {
        let mut wanted: Vec<Whose> = targets.into_iter().flat_map(whose).collect();
        wanted.sort();
        wanted.dedup();
        let readings = all_at_once(wanted.iter().map(|of| months_of(scope, *of))).await;
        let sums: Result<Vec<_>> = readings.into_iter().collect();
        Ok(Self(wanted.into_iter().zip(sums?).collect()))
    }

    fn achieved_in(&self, target: &Target, period: Period) -> i64 {
        target.achieved(whose(target).iter().map(|of| {
            let sums = self.0.get(of).into_iter().flatten().filter(|sums| period.has(sums.month));
            sums.fold(Totals::default(), |total, sums| total.plus(sums.totals))
        }))
    }

    /// Of the current period and those before it.
    pub fn achieved(&self, target: &Target, today: Date) -> BTreeMap<Date, i64> {
        let periods = target.periods(today).into_iter();
        periods.map(|period| (period.from, self.achieved_in(target, period))).collect()
    }
}
