//! The line's item: in one list with all of them, those of a state together, by day.

use kernel::{
    Minor, Result,
    event::Event,
    id::{BankLineId, ExpenseId},
};
use table::{Audit, Index, Item, Key, Scope, TenantKeys, Transaction};

use super::{BankLine, LineState};

impl Item for BankLine {
    const TYPE: &'static str = "bank_line";
    const AUDIT: Audit = Audit::Masked(&["label", "counterparty", "counterparty_account", "end_to_end", "account"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.bank_line(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_bank_lines(self.state.name(), self.id))
    }
}

/// What went is told to purchases, who know what it was for.
pub fn tell_imported(transaction: &mut Transaction, line: &BankLine) {
    if line.amount_minor < Minor::ZERO {
        transaction.emit(Event::BankLineImported {
            line: line.id,
            booked_on: line.booked_on,
            amount_minor: line.amount_minor,
            currency: line.currency,
            label: line.label.clone(),
            counterparty: line.counterparty.clone(),
            account: line.counterparty_account.clone(),
        });
    }
}

/// The same of what becomes of it here; `v` is its version.
pub fn tell_changed(transaction: &mut Transaction, line: &BankLine, v: u64) {
    if line.amount_minor < Minor::ZERO {
        transaction.emit(Event::BankLineChanged { line: line.id, v, is_open: line.state == LineState::Open });
    }
}

/// The worker's part: a line paid an expense, or does no more.
pub async fn spend_line(scope: &Scope, line: BankLineId, expense: ExpenseId, v: u64, is_spent: bool) -> Result<()> {
    scope
        .write(|| async {
            let read = scope.get::<BankLine>(&scope.keys().bank_line(line)).await?;
            let mut transaction = scope.begin("spend_bank_line", line);
            match read.as_ref().and_then(|read| Some((read, read.spent(expense, v, is_spent)?))) {
                Some((read, spent)) => drop(transaction.update(read, &spent)),
                None => transaction = transaction.nothing(),
            }
            Ok((transaction, ()))
        })
        .await
}
