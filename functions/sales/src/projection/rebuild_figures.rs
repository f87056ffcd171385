//! All figures made anew, of the ledger and of what says itself how it stands: what there is is removed, then both are read from
//! their beginning.
//! Each step is a transaction that moves the state on, so that whoever is killed, or called twice, goes on from there.

use kernel::{Currency, Error, Result, event::Event, reference::OrganizationReference};
use table::{Item, Items, Scope, Stored, Transaction, keys::Collection, ledger::LedgerHead};

use super::{
    Effects, OpenSale, Phase, Projection, Sale, SaleClient, SaleExpense, SaleExpensePlan, SaleLine, SalePlan,
    SaleQuote,
    model::Stated,
    note,
    store::{
        self, ClientSales, ExpenseMonth, QuoteMonth, SalesDue, SalesMonth, SalesOutlay, SalesPayable, SalesPlanned,
    },
};

/// Of a transaction, which has 100: the state finds room beside them.
const STEP: usize = 90;

/// Somebody wants all figures made anew. What is under way already begins once more.
pub async fn rebuild_figures(scope: &Scope) -> Result<Projection> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("rebuild_figures", scope.tenant().organization());
            let after = begin(scope, &mut transaction).await?;
            Ok((transaction, after))
        })
        .await
}

/// The same where it is found that they must be: nobody asked.
pub async fn request_rebuild(scope: &Scope) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("rebuild_figures", scope.tenant().organization()).unlogged();
            begin(scope, &mut transaction).await?;
            Ok((transaction, ()))
        })
        .await
}

/// The same where who reads them finds that they are in another currency than the organization's; once, however many do.
pub async fn renew_figures(scope: &Scope) -> Result<()> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.projection_state(), keys.organization()]).await?;
            let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
            let state = found.first::<Projection>()?;
            let mut transaction = scope.begin("rebuild_figures", scope.tenant().organization()).unlogged();
            if organization.deletion.is_some() || state.is_none_or(|state| state.currency == organization.currency) {
                return Ok((transaction.nothing(), ()));
            }
            begin(scope, &mut transaction).await?;
            Ok((transaction, ()))
        })
        .await
}

async fn begin(scope: &Scope, transaction: &mut Transaction) -> Result<Projection> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.projection_state(), keys.ledger_head(), keys.organization()]).await?;
    let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
    let state = found.first::<Projection>()?;
    let until = found.first::<LedgerHead>()?.map(|head| head.position).unwrap_or_default();
    let now = scope.now();
    let before =
        state.as_ref().map_or_else(|| Projection::new(organization.currency, now), |state| state.value.clone());
    let after = before.rebuilding(organization.currency, until, now);
    transaction.save(state.as_ref(), &after);
    note::restate(transaction.emit(Event::SalesProjectionDue {}));
    Ok(after)
}

/// The next step of removing what there was, or of counting the quotes; false where there is none to do.
pub(super) async fn go_on(scope: &Scope) -> Result<bool> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let transaction = scope.begin("rebuild_figures", scope.tenant().organization()).unlogged();
            let Some(state) = scope.get::<Projection>(&keys.projection_state()).await? else {
                return Ok((transaction.nothing(), false));
            };
            match state.phase() {
                Some(Phase::Clearing) => clear(scope, transaction, state).await,
                Some(Phase::Stated) => count_stated(scope, transaction, state).await,
                Some(Phase::Ledger) | None => Ok((transaction.nothing(), false)),
            }
        })
        .await
}

/// The whole ledger was read: what says itself how it stands is next.
pub(super) async fn ledger_read(scope: &Scope) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("rebuild_figures", scope.tenant().organization()).unlogged();
            let state = scope.get::<Projection>(&scope.keys().projection_state()).await?;
            match state.filter(|state| state.phase() == Some(Phase::Ledger)) {
                Some(state) => {
                    transaction.update(&state, &state.in_phase(Phase::Stated));
                    Ok((transaction, ()))
                }
                None => Ok((transaction.nothing(), ())),
            }
        })
        .await
}

/// Removes what the sums are. What says itself how it stands stays as it said, and is counted later.
async fn clear(scope: &Scope, mut transaction: Transaction, state: Stored<Projection>) -> Result<(Transaction, bool)> {
    let keys = scope.keys();
    let mut start: Option<String> = None;
    let mut left = STEP;
    loop {
        let (page, next) = scope.collection_page(&keys.sales_projection(), start.as_deref()).await?;
        left -= remove::<SaleClient>(&mut transaction, &page, left)?;
        left -= remove::<SalesDue>(&mut transaction, &page, left)?;
        left -= remove::<OpenSale>(&mut transaction, &page, left)?;
        left -= remove::<SaleLine>(&mut transaction, &page, left)?;
        left -= remove::<Sale>(&mut transaction, &page, left)?;
        left -= remove::<SalesMonth>(&mut transaction, &page, left)?;
        left -= remove::<QuoteMonth>(&mut transaction, &page, left)?;
        left -= remove::<ClientSales>(&mut transaction, &page, left)?;
        left -= remove::<SalesPlanned>(&mut transaction, &page, left)?;
        left -= remove::<ExpenseMonth>(&mut transaction, &page, left)?;
        left -= remove::<SalesPayable>(&mut transaction, &page, left)?;
        left -= remove::<SalesOutlay>(&mut transaction, &page, left)?;
        left -= uncount::<SaleQuote>(&mut transaction, &page, left)?;
        left -= uncount::<SalePlan>(&mut transaction, &page, left)?;
        left -= uncount::<SaleExpense>(&mut transaction, &page, left)?;
        left -= uncount::<SaleExpensePlan>(&mut transaction, &page, left)?;
        start = next;
        if left == 0 || start.is_none() {
            break;
        }
    }
    // Nothing left: what comes now is counted.
    let after = if left == STEP { state.in_phase(Phase::Ledger) } else { state.value.clone() };
    transaction.update(&state, &after);
    Ok((transaction, true))
}

fn remove<T: Item>(transaction: &mut Transaction, page: &Items, left: usize) -> Result<usize> {
    let found = page.all::<T>()?;
    let taken = found.len().min(left);
    for item in &found[..taken] {
        transaction.delete(item);
    }
    Ok(taken)
}

fn uncount<T: Item + Stated + Clone>(transaction: &mut Transaction, page: &Items, left: usize) -> Result<usize> {
    let counted: Vec<_> = page.all::<T>()?.into_iter().filter(|known| known.is_counted()).take(left).collect();
    for known in &counted {
        transaction.update(known, &known.value.clone().counting(false));
    }
    Ok(counted.len())
}

/// Counts what is not yet: what was told meanwhile is.
async fn count_stated(
    scope: &Scope,
    mut transaction: Transaction,
    state: Stored<Projection>,
) -> Result<(Transaction, bool)> {
    let keys = scope.keys();
    let (own, mut effects) = (state.currency, Effects::default());
    let quotes = take_uncounted::<SaleQuote>(scope, &keys.sale_quotes(), own, &mut effects, 0).await?;
    let plans = take_uncounted::<SalePlan>(scope, &keys.sale_plans(), own, &mut effects, quotes.len()).await?;
    let before = quotes.len() + plans.len();
    let expenses = take_uncounted::<SaleExpense>(scope, &keys.sale_expenses(), own, &mut effects, before).await?;
    let (outlays, before) = (&keys.sale_expense_plans(), before + expenses.len());
    let outlays = take_uncounted::<SaleExpensePlan>(scope, outlays, own, &mut effects, before).await?;
    if quotes.is_empty() && plans.is_empty() && expenses.is_empty() && outlays.is_empty() {
        let after = state.rebuilt(scope.now());
        transaction.update(&state, &after);
        return Ok((transaction, true));
    }
    effects.drop_nothing();
    let sums = scope.get_many(&store::touched(keys, &effects)?).await?;
    store::add(&mut transaction, &sums, &effects)?;
    for read in &quotes {
        transaction.update(read, &read.value.clone().counting(true));
    }
    for read in &plans {
        transaction.update(read, &read.value.clone().counting(true));
    }
    for read in &expenses {
        transaction.update(read, &read.value.clone().counting(true));
    }
    for read in &outlays {
        transaction.update(read, &read.value.clone().counting(true));
    }
    transaction.check(&keys.projection_state(), state.version);
    Ok((transaction, true))
}

/// Some of them, as many as one transaction has room for; one at least.
async fn take_uncounted<T: Item + Stated + Clone>(
    scope: &Scope,
    collection: &Collection,
    own: Currency,
    effects: &mut Effects,
    before: usize,
) -> Result<Vec<Stored<T>>> {
    let mut start: Option<String> = None;
    let mut taken: Vec<Stored<T>> = Vec::new();
    loop {
        let (page, next) = scope.collection_page(collection, start.as_deref()).await?;
        for known in page.all::<T>()?.into_iter().filter(|known| !known.is_counted()) {
            let mut with = effects.clone();
            known.add_to(&mut with, own, true);
            if with.places() + before + taken.len() + 1 > STEP {
                return Ok(taken);
            }
            *effects = with;
            taken.push(known);
        }
        start = next;
        if start.is_none() {
            return Ok(taken);
        }
    }
}
