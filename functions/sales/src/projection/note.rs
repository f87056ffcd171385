//! What says itself how it stands: what it says is noted, and what that changes of the sums added, in one transaction.

use kernel::{
    Error, Result,
    event::{Event, InvoicePlan, QuoteStanding},
    id::{QuoteId, RecurringExpenseId, RecurringInvoiceId},
    purchase::{ExpenseFacts, ExpensePlan},
    reference::OrganizationReference,
};
use table::{Item, Key, Scope, Transaction};

use super::{Phase, Projection, SaleExpense, SaleExpensePlan, SalePlan, SaleQuote, model::Stated, store};

/// The same told twice, or what came before it told late, changes nothing.
pub async fn note_quote(scope: &Scope, quote: QuoteId, standing: &QuoteStanding) -> Result<()> {
    let key = scope.keys().sale_quote(quote);
    scope
        .write(|| async {
            let transaction = scope.begin("note_quote", quote).unlogged();
            note(scope, transaction, &key, |known: Option<&SaleQuote>| match known {
                Some(known) => Some(known.stated(standing)),
                None => Some(SaleQuote::of(quote, standing)),
            })
            .await
        })
        .await
}

/// The same of what a recurring invoice will bring: what an earlier version said counts for nothing.
pub async fn note_plan(scope: &Scope, recurring: RecurringInvoiceId, plan: &InvoicePlan) -> Result<()> {
    let key = scope.keys().sale_plan(recurring);
    scope
        .write(|| async {
            let transaction = scope.begin("note_plan", recurring).unlogged();
            note(scope, transaction, &key, |known: Option<&SalePlan>| {
                let is_news = known.is_none_or(|known| known.plan.v <= plan.v);
                is_news.then(|| SalePlan { recurring, plan: plan.clone(), is_counted: false })
            })
            .await
        })
        .await
}

/// The same of what a recurring expense will cost.
pub async fn note_expense_plan(scope: &Scope, recurring: RecurringExpenseId, plan: &ExpensePlan) -> Result<()> {
    let key = scope.keys().sale_expense_plan(recurring);
    scope
        .write(|| async {
            let transaction = scope.begin("note_expense_plan", recurring).unlogged();
            note(scope, transaction, &key, |known: Option<&SaleExpensePlan>| {
                let is_news = known.is_none_or(|known| known.plan.v <= plan.v);
                is_news.then(|| SaleExpensePlan { recurring, plan: plan.clone(), is_counted: false })
            })
            .await
        })
        .await
}

/// The same of an expense, which counts, or no more.
pub async fn note_expense(scope: &Scope, facts: &ExpenseFacts, is_removed: bool) -> Result<()> {
    let key = scope.keys().sale_expense(facts.expense);
    scope
        .write(|| async {
            let transaction = scope.begin("note_expense", facts.expense).unlogged();
            note(scope, transaction, &key, |known: Option<&SaleExpense>| {
                let is_news = known.is_none_or(|known| known.facts.v <= facts.v);
                is_news.then(|| SaleExpense { facts: facts.clone(), is_removed, is_counted: false })
            })
            .await
        })
        .await
}

/// `stated` gives what is known now; none where that is known already.
async fn note<T: Item + Stated + Clone + PartialEq>(
    scope: &Scope,
    mut transaction: Transaction,
    key: &Key,
    stated: impl FnOnce(Option<&T>) -> Option<T>,
) -> Result<(Transaction, ())> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.projection_state(), keys.organization(), key.clone()]).await?;
    let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
    if organization.deletion.is_some() {
        return Ok((transaction.nothing(), ()));
    }
    let state = found.first::<Projection>()?;
    let read = found.first::<T>()?;
    let is_clearing = state.as_ref().and_then(|state| state.phase()) == Some(Phase::Clearing);
    let currency = state.as_ref().map_or(organization.currency, |state| state.currency);
    // While what there was is removed, it is noted and counted later, with the others.
    let after = stated(read.as_deref()).map(|after| after.counting(!is_clearing));
    let Some(after) = after.filter(|after| read.as_deref() != Some(after)) else {
        return Ok((transaction.nothing(), ()));
    };
    if !is_clearing {
        let effects = T::effects(read.as_deref(), &after, currency);
        let sums = scope.get_many(&store::touched(keys, &effects)?).await?;
        store::add(&mut transaction, &sums, &effects)?;
    }
    transaction.save(read.as_ref(), &after);
    // Whether they are being removed is as it was read.
    match &state {
        Some(state) => transaction.check(&keys.projection_state(), state.version),
        None => begin(&mut transaction, &Projection::new(organization.currency, scope.now())),
    };
    Ok((transaction, ()))
}

/// The first that is counted at all: what was said before anybody counted is to be said again.
pub(super) fn begin<'a>(transaction: &'a mut Transaction, state: &Projection) -> &'a mut Transaction {
    restate(transaction.create(state))
}

pub(super) fn restate(transaction: &mut Transaction) -> &mut Transaction {
    transaction
        .emit(Event::QuotesRestatementRequested { after: None })
        .emit(Event::RecurringInvoicesRestatementRequested { after: None })
        .emit(Event::ExpensesRestatementRequested { after: None })
        .emit(Event::RecurringExpensesRestatementRequested { after: None })
}
