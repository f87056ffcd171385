//! Closing what is over. The clock says when to look; late, twice or killed half-way, each period is closed once: its
//! closing is written on the head that it was made on.

use cloud::{Deps, Signer};
use jiff::civil::Date;
use kernel::{Error, Result, id::OrganizationId, reference::OrganizationReference};
use table::{
    Scope, Stored,
    ledger::{LedgerEntry, LedgerHead},
};

use super::{
    closing::{Closing, Period, Span, closed_with, next},
    totals::Sums,
};
use crate::accounting::AccountPlan;

/// What an organization's key is derived for.
pub fn signing_purpose(organization: OrganizationId) -> String {
    format!("ledger/{organization}")
}

/// All that is over by now, one after the other.
pub async fn close_periods(deps: &Deps, scope: &Scope) -> Result<()> {
    let signer = deps.vault.signer(&signing_purpose(scope.tenant().organization())).await?;
    while close_next(scope, &signer).await? {}
    Ok(())
}

/// False where nothing more is over.
async fn close_next(scope: &Scope, signer: &Signer) -> Result<bool> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut transaction = scope.begin("close_period", scope.tenant().organization());
            let found = scope.get_many(&[keys.organization(), keys.ledger_head(), keys.account_plan()]).await?;
            let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?;
            let Some(head) = found.get::<LedgerHead>(&keys.ledger_head())? else {
                return Ok((transaction.nothing(), false));
            };
            if organization.deletion.is_some() {
                // Nothing is entered any more, and the clock need not look again.
                match head.look_on {
                    Some(_) => drop(transaction.update(&head, &LedgerHead { look_on: None, ..head.value.clone() })),
                    None => transaction = transaction.nothing(),
                }
                return Ok((transaction, false));
            }
            let plan = found.get::<AccountPlan>(&keys.account_plan())?.map(|plan| plan.value).unwrap_or_default();
            let today = scope.clock().today(&organization.zone());
            let open = Open::read(scope, &head, |entry| organization.day(entry.at)).await?;
            let Some(period) = next(&head.closed, open.first, plan.year_end_month)?.filter(|due| due.to < today) else {
                return Ok((transaction.nothing(), false));
            };
            let (closing, covered) = content(scope, &head, period, &open, signer).await?;
            let content = serde_json::to_value(&closing).map_err(Error::internal)?;
            let number = period.span.number(period.to);
            let entry = head
                .next_signed(scope.now(), period.span.kind(), &number, content, |text| signer.sign(text.as_bytes()))?;
            let closed = closed_with(&head.closed, period, entry.position, covered);
            let first = if period.span == Span::Day { open.after } else { open.first };
            let look_on = match next(&closed, first, plan.year_end_month)? {
                Some(then) => Some(then.to.tomorrow().map_err(Error::internal)?),
                None => None,
            };
            transaction.close_period(&head, &entry, closed, look_on);
            Ok((transaction, true))
        })
        .await
}

/// What no closing of a day covers yet.
#[derive(Debug, Default)]
struct Open {
    /// The day of the first entry.
    first: Option<Date>,
    /// What that day comes to, and its last entry.
    sums: Sums,
    last: u64,
    /// The day of the first entry after that day.
    after: Option<Date>,
}

impl Open {
    async fn read(scope: &Scope, head: &Stored<LedgerHead>, day: impl Fn(&LedgerEntry) -> Date) -> Result<Self> {
        let keys = scope.keys();
        let mut open = Self { last: head.closed.covered, ..Self::default() };
        let mut start = Some(keys.ledger_entry(head.closed.covered).parts().1.to_owned());
        loop {
            let (page, further) = scope.collection_page(&keys.ledger(), start.as_deref()).await?;
            for entry in page.all::<LedgerEntry>()? {
                if entry.kind.is_closing() || entry.position > head.position {
                    continue;
                }
                let on = day(&entry);
                if *open.first.get_or_insert(on) < on {
                    open.after = Some(on);
                    return Ok(open);
                }
                open.sums = open.sums.with_entry(&entry)?;
                open.last = entry.position;
            }
            match further {
                Some(further) => start = Some(further),
                None => return Ok(open),
            }
        }
    }
}

/// What the closing says, and the last entry that days cover once it stands.
async fn content(
    scope: &Scope,
    head: &LedgerHead,
    period: Period,
    open: &Open,
    signer: &Signer,
) -> Result<(Closing, u64)> {
    let keys = scope.keys();
    let closed = &head.closed;
    let before = match period.span {
        Span::Day => None,
        Span::Month => closed.month,
        Span::Year => closed.year,
    };
    let positions = [closed.day, before].into_iter().flatten().map(|period| keys.ledger_entry(period.position));
    let found = scope.get_many(&positions.collect::<Vec<_>>()).await?;
    let grand = |closed: Option<table::ledger::ClosedPeriod>| match closed {
        None => Ok(Sums::default()),
        Some(closed) => {
            let entry = found.get::<LedgerEntry>(&keys.ledger_entry(closed.position))?;
            let entry = entry.ok_or_else(|| Error::internal("a closing that the head names is missing"))?;
            Ok::<_, Error>(Closing::of(&entry)?.grand_totals)
        }
    };
    let so_far = grand(closed.day)?;
    let (totals, grand_totals, covered) = match period.span {
        Span::Day => (open.sums.clone(), so_far.plus(&open.sums)?, open.last),
        Span::Month | Span::Year => (so_far.minus(&grand(before)?)?, so_far, closed.covered),
    };
    let key = signer.public_key().to_string();
    let signature = String::new();
    Ok((Closing { from: period.from, to: period.to, covered, totals, grand_totals, key, signature }, covered))
}
