//! The lines of a report that was not handed in yet, or was refused.

use kernel::{Error, Result, event::Event, id::ExpenseReportId};
use table::Stored;
use web::Asker;

use super::{ExpenseInput, ExpenseReport, Mileage, Sight, model::Years, show_report};

/// The report, which must be of who asks, and what was driven before it. One trip: whose it is, is known once it is read.
pub async fn own_report(
    asker: &Asker,
    id: ExpenseReportId,
    seen: Option<u64>,
) -> Result<(Sight, Stored<ExpenseReport>)> {
    let sight = show_report(asker, id).await?;
    if !sight.is_own {
        return Err(Error::NotFound);
    }
    let report = sight.report.clone().expect_version(seen)?;
    Ok((sight, report))
}

/// What this employee drove in each year, as far as it was handed in.
pub async fn years(asker: &Asker, report: &ExpenseReport) -> Result<Vec<Stored<Mileage>>> {
    let beside = asker.scope.keys().mileages(report.employee);
    asker.scope.collection(&beside).await?.all::<Mileage>()
}

pub fn by_year(read: &[Stored<Mileage>]) -> Years {
    read.iter().map(|mileage| (mileage.year, mileage.value.clone())).collect()
}

/// Adds a line, or changes the one with this number. What trips are worth is told anew, and for good when it is handed in.
pub async fn save_line(
    asker: &Asker,
    id: ExpenseReportId,
    number: Option<u16>,
    input: &ExpenseInput,
    seen: Option<u64>,
) -> Result<(ExpenseReport, u64)> {
    let scope = &asker.scope;
    let currency = asker.organization.currency;
    scope
        .write(|| async {
            let (_, report) = own_report(asker, id, seen).await?;
            if number.is_some_and(|number| report.line(number).is_none()) {
                return Err(Error::NotFound);
            }
            let line = input.parse(number.unwrap_or(report.next_line), currency, asker.today())?;
            let has_trips = line.trip.is_some() || report.lines.iter().any(|line| line.trip.is_some());
            let read = if has_trips { years(asker, &report).await? } else { Vec::new() };
            let changed = report.value.clone().with_line(line)?;
            let (changed, _) = changed.priced(&by_year(&read))?;
            let mut transaction = scope.begin("save_expense_line", id);
            if changed == report.value {
                return Ok((transaction.nothing(), (changed, report.version)));
            }
            transaction.update(&report, &changed);
            Ok((transaction, (changed, report.version + 1)))
        })
        .await
}

/// Without the line with this number, and its receipt.
pub async fn remove_line(
    asker: &Asker,
    id: ExpenseReportId,
    number: u16,
    seen: Option<u64>,
) -> Result<(ExpenseReport, u64)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (_, report) = own_report(asker, id, seen).await?;
            let receipt = report.line(number).and_then(|line| line.receipt.as_ref()).map(|receipt| receipt.upload);
            let changed = report.value.clone().without_line(number)?;
            let read = if changed.lines.iter().any(|line| line.trip.is_some()) {
                years(asker, &report).await?
            } else {
                Vec::new()
            };
            let (changed, _) = changed.priced(&by_year(&read))?;
            let mut transaction = scope.begin("remove_expense_line", id);
            transaction.update(&report, &changed);
            if receipt.is_some() {
                transaction.emit(Event::ReceiptsDeleted { report: id, upload: receipt });
            }
            Ok((transaction, (changed, report.version + 1)))
        })
        .await
}
