//! `/crm`: the first of its two lists.

use web::{PageResult, redirect};

pub async fn show_crm() -> PageResult {
    redirect("/crm/entreprises")
}
