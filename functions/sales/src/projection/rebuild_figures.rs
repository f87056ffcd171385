//! All figures made anew, of the ledger and of the quotes: what there is is removed, then both are read from their beginning.
//! Each step is a transaction that moves the state on, so that whoever is killed, or called twice, goes on from there.

use kernel::{Error, Result, event::Event, reference::OrganizationReference};
use table::{Item, Items, Scope, Transaction, ledger::LedgerHead};

use super::{
    Phase, Projection, Sale, SaleClient, SaleQuote,
    store::{self, ClientSales, QuoteMonth, SalesDue, SalesMonth},
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
    transaction.emit(Event::SalesProjectionDue {}).emit(Event::QuotesRestatementRequested { after: None });
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
                Some(Phase::Quotes) => count_quotes(scope, transaction, state).await,
                Some(Phase::Ledger) | None => Ok((transaction.nothing(), false)),
            }
        })
        .await
}

/// The whole ledger was read: the quotes are next.
pub(super) async fn ledger_read(scope: &Scope) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("rebuild_figures", scope.tenant().organization()).unlogged();
            let state = scope.get::<Projection>(&scope.keys().projection_state()).await?;
            match state.filter(|state| state.phase() == Some(Phase::Ledger)) {
                Some(state) => {
                    transaction.update(&state, &state.in_phase(Phase::Quotes));
                    Ok((transaction, ()))
                }
                None => Ok((transaction.nothing(), ())),
            }
        })
        .await
}

/// Removes what the sums are; quotes stay, as what they said is nowhere else, and are counted later.
async fn clear(
    scope: &Scope,
    mut transaction: Transaction,
    state: table::Stored<Projection>,
) -> Result<(Transaction, bool)> {
    let keys = scope.keys();
    let mut start: Option<String> = None;
    let mut left = STEP;
    loop {
        let (page, next) = scope.collection_page(&keys.sales_projection(), start.as_deref()).await?;
        left -= remove::<SaleClient>(&mut transaction, &page, left)?;
        left -= remove::<SalesDue>(&mut transaction, &page, left)?;
        left -= remove::<Sale>(&mut transaction, &page, left)?;
        left -= remove::<SalesMonth>(&mut transaction, &page, left)?;
        left -= remove::<QuoteMonth>(&mut transaction, &page, left)?;
        left -= remove::<ClientSales>(&mut transaction, &page, left)?;
        for quote in page.all::<SaleQuote>()?.into_iter().filter(|quote| quote.is_counted).take(left) {
            transaction.update(&quote, &SaleQuote { is_counted: false, ..quote.value.clone() });
            left -= 1;
        }
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

/// Counts quotes that are not yet: those that were told meanwhile are.
async fn count_quotes(
    scope: &Scope,
    mut transaction: Transaction,
    state: table::Stored<Projection>,
) -> Result<(Transaction, bool)> {
    let keys = scope.keys();
    let mut start: Option<String> = None;
    let mut taken = Vec::new();
    let mut effects = super::Effects::default();
    'pages: loop {
        let (page, next) = scope.collection_page(&keys.sale_quotes(), start.as_deref()).await?;
        for quote in page.all::<SaleQuote>()?.into_iter().filter(|quote| !quote.is_counted) {
            let counted = SaleQuote { is_counted: true, ..quote.value.clone() };
            let mut with = effects.clone();
            with.add(&SaleQuote::effects(None, &counted, state.currency));
            if with.len() + taken.len() + 1 > STEP {
                break 'pages;
            }
            effects = with;
            taken.push((quote, counted));
        }
        start = next;
        if start.is_none() {
            break;
        }
    }
    if taken.is_empty() {
        let after = state.rebuilt(scope.now());
        transaction.update(&state, &after);
        return Ok((transaction, true));
    }
    let sums = scope.get_many(&store::touched(keys, &effects)?).await?;
    store::add(&mut transaction, &sums, &effects)?;
    for (read, counted) in &taken {
        transaction.update(read, counted);
    }
    transaction.check(&keys.projection_state(), state.version);
    Ok((transaction, true))
}
