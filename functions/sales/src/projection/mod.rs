//! What the figures are made of, kept up by the worker: the ledger is read after its cursor and folded into sums, in one
//! transaction with the cursor; how quotes stand is told by events, each of which says all of it.

pub mod api;
mod facts;
mod fold_ledger;
mod model;
mod note;
pub mod pages;
mod rebuild_figures;
pub mod store;

pub use fold_ledger::{fold_ledger, follow};
pub use model::{
    ClientSums, Code, DueSums, Effects, ExpenseSums, Fact, Issued, Known, LineDocument, LineFigure, LinePlace,
    MonthSums, OpenSale, Phase, PlannedSums, Projection, QuoteSums, Rebuild, SHAPE, Sale, SaleClient, SaleExpense,
    SaleExpensePlan, SaleLine, SalePlan, SaleQuote, SettlingDay, Stated, Whose, fold, months_before, periods_of,
};
pub use note::{note_expense, note_expense_plan, note_plan, note_quote};
pub use rebuild_figures::{rebuild_figures, renew_figures, request_rebuild};
