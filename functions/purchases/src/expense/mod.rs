//! Expenses: what the organization spends, with its VAT, its proof, whether it is approved and whether it is paid.

pub mod api;
mod approve;
pub mod enter;
pub mod exchange;
mod list_expenses;
mod model;
pub mod pages;
mod pay;
pub mod receipt;
mod restate_expenses;
pub mod store;
pub mod vat;

pub use approve::{approve_expense, refuse_expense, submit_expense, withdraw_expense};
pub use enter::{create_expense, delete_expense, edit_expense};
pub use list_expenses::{Wanted, days_of, list_expenses, list_months};
#[cfg(test)]
pub use model::tests;
pub use model::{
    Approval, DESCRIPTION_MAX, Expense, ExpenseContent, ExpenseInput, ExpenseLine, ExpenseLineInput, ExpensePayment,
    LINES_MAX, Named, NewExpense, PaidBy, PaymentInput, Receipt, RefusalInput, Source, SupplierName, Threshold, Totals,
    amount, begins_with_each, days_taken, flag, one_line, percent, recovered_by_default, recovers_vat,
};
pub use pay::{pay_expense, unpay_expense};
pub use receipt::{RECEIPT, ReceiptInput, attach_receipt, download_receipt, remove_receipt};
pub use restate_expenses::restate_expenses;
pub use store::PurchaseMonth;
