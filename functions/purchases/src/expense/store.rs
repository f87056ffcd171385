//! An expense's item, and whatever is written with it: what its month comes to, and what is told to others.

use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Result,
    event::{About, Event},
    id::{ExpenseId, ReceivedInvoiceId},
};
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Items, Key, Patch, Scope, Stored, TenantKeys, Transaction};

use super::{Approval, Expense, Totals};

impl Item for Expense {
    const TYPE: &'static str = "expense";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.expense(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_expenses(self.spent_on, self.id))
    }

    /// What is to be paid, and what a supplier owes, which makes it less: the forecast counts both.
    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        self.is_open().then(|| keys.in_unpaid_expenses(self.payable_on(), self.id))
    }
}

/// What the expenses of a month come to that count; those in another currency stand in an item of their own. Acts add to it,
/// each in its own transaction, so that no page counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseMonth {
    /// Its first day.
    pub month: Date,
    pub currency: Currency,
    #[serde(default)]
    pub count: i64,
    #[serde(default)]
    pub net_minor: Minor,
    #[serde(default)]
    pub tax_minor: Minor,
    /// What of the VAT is deducted.
    #[serde(default)]
    pub recovered_minor: Minor,
}

impl Item for PurchaseMonth {
    const TYPE: &'static str = "purchase_month";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.purchase_month(self.month, self.currency)
    }
}

pub async fn read(scope: &Scope, id: ExpenseId) -> Result<Stored<Expense>> {
    scope.get(&scope.keys().expense(id)).await?.ok_or(Error::NotFound)
}

/// An expense, with the electronic invoice that it may be beside it: for acts that say something of both.
pub async fn read_both(scope: &Scope, id: ExpenseId) -> Result<(Stored<Expense>, Items)> {
    let keys = scope.keys();
    let invoice = keys.received_invoice(ReceivedInvoiceId::from_ulid(id.ulid()));
    let found = scope.get_many(&[keys.expense(id), invoice]).await?;
    let read = found.first::<Expense>()?.ok_or(Error::NotFound)?;
    Ok((read, found))
}

fn tally(transaction: &mut Transaction, expense: &Expense, sign: i64) {
    let (month, currency) = (expense.spent_on.first_of_month(), expense.currency);
    let key = transaction.keys().purchase_month(month, currency);
    let patch = Patch::tally::<PurchaseMonth>(key.clone());
    let patch = patch.set("month", &month.to_string()).set("currency", currency.code());
    let Totals { net, tax, recovered, .. } = expense.sums();
    let sums = [
        ("count", sign),
        ("net_minor", sign * net.0),
        ("tax_minor", sign * tax.0),
        ("recovered_minor", sign * recovered.0),
    ];
    transaction.tally(key, patch, &sums);
}

/// Writes an expense as it is after an act, none where it is deleted, and tells those who sum up what changed for them.
pub fn save(transaction: &mut Transaction, before: Option<&Stored<Expense>>, after: Option<&Expense>) {
    let version = before.map_or(1, |read| read.version + 1);
    match (before, after) {
        (before, Some(after)) => drop(transaction.save(before, after)),
        (Some(before), None) => drop(transaction.delete(before)),
        (None, None) => return,
    }
    let counted = before.filter(|read| read.counts());
    let counts = after.filter(|after| after.counts());
    let sums = |expense: &Expense| (expense.spent_on.first_of_month(), expense.currency, expense.sums());
    if counted.map(|read| sums(&read.value)) != counts.map(sums) {
        if let Some(read) = counted {
            tally(transaction, read, -1);
        }
        if let Some(after) = counts {
            tally(transaction, after, 1);
        }
    }
    let known = counted.and_then(|read| read.facts(version));
    match (known, counts.and_then(|after| after.facts(version))) {
        (None, Some(facts)) => drop(transaction.emit(Event::ExpenseRecorded { facts })),
        (Some(known), Some(facts)) if known != facts => drop(transaction.emit(Event::ExpenseChanged { facts })),
        (Some(facts), None) => drop(transaction.emit(Event::ExpenseRemoved { facts })),
        _ => {}
    }
    let was_submitted = before.is_some_and(|read| matches!(read.approval, Approval::Submitted { .. }));
    if let Some(after) = after.filter(|after| matches!(after.approval, Approval::Submitted { .. }) && !was_submitted) {
        let about = about(after).by(transaction.actor());
        transaction.emit(Event::ExpenseSubmitted { expense: after.id, about });
    }
}

/// What people are told of it.
pub fn about(expense: &Expense) -> About {
    let label = expense.description.chars().take(80).collect();
    About { label: Some(label), ..About::default() }.worth(expense.gross(), expense.currency)
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::expense::tests::expense;

    #[test]
    fn an_expense_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EXPENSE#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#EXPENSES",
            "gsi1sk": "2026-11-20#00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#UNPAID_EXPENSES",
            "gsi3sk": "2026-12-20#00000000000000000000000002",
            "type": "expense",
            "v": 1,
            "id": "xpn_00000000000000000000000002",
            "created_at": "1970-01-01T00:00:00Z",
            "created_by": "usr_00000000000000000000000003",
            "description": "Papier et encre",
            "category": "supplies",
            "spent_on": "2026-11-20",
            "currency": "EUR",
            "lines": [
                { "net_minor": 10_000, "vat_percent": "20", "tax_minor": 2_000, "recovered_percent": "100", "recovered_minor": 2_000 },
                { "net_minor": 1_005, "vat_percent": "5.5", "tax_minor": 55, "recovered_percent": "100", "recovered_minor": 55 },
            ],
            "reference": "T-17",
            "due_on": "2026-12-20",
            "approval": { "state": "approved", "at": "1970-01-01T00:00:00Z" },
        });
        assert_eq!(golden(&expense(), keys).ok(), Some(expected));
    }
}
