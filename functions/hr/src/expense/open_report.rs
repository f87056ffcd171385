//! A report is begun, and one that was not approved is thrown away.

use kernel::{Error, Result, event::Event, id::ExpenseReportId};
use web::Asker;

use super::{ExpenseReport, ReportInput, list_reports::own_employee, show_report};
use crate::employee::Employee;

/// Of one's own.
pub async fn open_report(asker: &Asker, input: &ReportInput) -> Result<ExpenseReport> {
    let scope = &asker.scope;
    let title = input.parse(asker.today())?;
    let id = scope.new_id(ExpenseReportId::new);
    let employee = own_employee(asker).await?.ok_or(Error::NotFound)?;
    scope
        .write(|| async {
            let key = scope.keys().employee(employee);
            let read = scope.get::<Employee>(&key).await?.ok_or(Error::NotFound)?;
            let report = ExpenseReport::new(id, employee, read.number.clone(), title.clone(), scope.now());
            let mut transaction = scope.begin("open_expense_report", id);
            transaction.create(&report).check(&key, read.version);
            Ok((transaction, report))
        })
        .await
}

/// With its receipts, which leave the bucket once the worker hears of it. `seen` is the version that the client saw.
pub async fn delete_report(asker: &Asker, id: ExpenseReportId, seen: Option<u64>) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let sight = show_report(asker, id).await?;
            if !sight.is_own {
                return Err(Error::NotFound);
            }
            let report = sight.report.expect_version(seen)?;
            report.must_be_open()?;
            let mut transaction = scope.begin("delete_expense_report", id);
            transaction.delete(&report).emit(Event::ReceiptsDeleted { report: id, upload: None });
            Ok((transaction, ()))
        })
        .await
}
