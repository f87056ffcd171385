//! Whose files are due to go, those who left first first.

use kernel::Result;
use table::Stored;
use web::Asker;

use super::model::is_due;
use crate::employee::{Employee, everybody};

pub async fn list_due_employees(asker: &Asker) -> Result<Vec<Stored<Employee>>> {
    let today = asker.today();
    let mut due: Vec<_> = everybody(&asker.scope).await?.into_iter().filter(|one| is_due(one, today)).collect();
    due.sort_by_key(|employee| employee.left_on);
    Ok(due)
}
