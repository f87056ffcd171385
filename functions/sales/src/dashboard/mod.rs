//! The figures of a period as pages and programs ask for them.

pub mod api;
pub mod export;
pub mod lines;
mod model;
pub mod pages;
mod read;
mod week;

pub use model::{
    Age, Ageing, Asked, CashWeek, Figures, Mistake, MonthTotals, Period, Totals, ageing, cash_weeks, growth, month_code,
};
pub use read::{Reading, TopClient, ages, months_of, must_have_figures, open_sales, read, sale_lines, top_clients};
pub use week::{Week, WeekAsked, show_week};
