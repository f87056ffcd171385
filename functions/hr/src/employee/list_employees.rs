//! Who works here, or did.

use jiff::civil::Date;
use kernel::{Result, page::PageRequest};
use table::{Order, Scope, Stored};

use super::Employee;

/// How many one reading asks for. The list is read whole: a tree is drawn of all of it, and a register has everybody.
const PAGE: u16 = 1_000;

/// Everybody, by name, those who left among them.
pub async fn everybody(scope: &Scope) -> Result<Vec<Stored<Employee>>> {
    beginning_with(scope, "").await
}

/// Those whose sorted name begins with `prefix` and who work here on this day, or who left by then.
pub async fn list_employees(scope: &Scope, prefix: &str, has_left: bool, today: Date) -> Result<Vec<Stored<Employee>>> {
    let all = beginning_with(scope, prefix).await?;
    Ok(all.into_iter().filter(|employee| employee.has_left(today) == has_left).collect())
}

async fn beginning_with(scope: &Scope, prefix: &str) -> Result<Vec<Stored<Employee>>> {
    let mut page = PageRequest { limit: PAGE, cursor: None };
    let mut all = Vec::new();
    loop {
        let read = scope.list::<Employee>(&scope.keys().employees(prefix), &page, Order::Ascending).await?;
        all.extend(read.items.into_iter().filter(|employee| employee.erased_at.is_none()));
        match read.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(all),
        }
    }
}
