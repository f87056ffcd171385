//! The recurring expense's item.

use kernel::{
    Error, Result,
    event::{DueKind, Event},
    id::RecurringExpenseId,
};
use table::{Index, Item, Key, Scope, Stored, TenantKeys, Transaction};

use super::RecurringExpense;

impl Item for RecurringExpense {
    const TYPE: &'static str = "recurring_expense";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.recurring_expense(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_recurring_expenses(self.id))
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.next_on().map(|on| keys.due(on, DueKind::RecurringExpense, self.id.ulid()))
    }
}

/// Writes it, and says what it will cost where that is otherwise than before.
pub fn save(transaction: &mut Transaction, read: Option<&Stored<RecurringExpense>>, recurring: &RecurringExpense) {
    let v = read.map_or(1, |read| read.version + 1);
    let (plan, before) = (recurring.planned(v), read.map(|read| read.planned(v)));
    transaction.save(read, recurring);
    if before.as_ref() != Some(&plan) {
        transaction.emit(Event::RecurringExpensePlanned { recurring: recurring.id, plan });
    }
}

pub async fn read(scope: &Scope, id: RecurringExpenseId) -> Result<Stored<RecurringExpense>> {
    scope.get(&scope.keys().recurring_expense(id)).await?.ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::recurring::tests::recurring;

    #[test]
    fn a_recurring_expense_stands_under_the_day_of_its_next() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let stored = golden(&recurring(), keys).unwrap();
        assert_eq!(stored["pk"], "ORG#00000000000000000000000001#RECURRING_EXPENSE#00000000000000000000000002");
        assert_eq!(stored["gsi1pk"], "ORG#00000000000000000000000001#RECURRING_EXPENSES");
        assert_eq!(stored["gsi2pk"], "DUE#2026-12-05#2");
        assert_eq!(stored["gsi2sk"], "ORG#00000000000000000000000001#RECURRING_EXPENSE#00000000000000000000000002");
        assert!(golden(&recurring().stopped().unwrap(), keys).unwrap().get("gsi2pk").is_none());
    }
}
