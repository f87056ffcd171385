//! Handing a report in, deciding on it, and paying it back. Each is one conditional write: of two who decide at once, one finds
//! out.

use kernel::{
    Error, Result,
    error::Conflict,
    event::{About, Event},
    id::{ExpenseReportId, UserId},
};
use table::{Stored, Transaction, meter::side_by_side};
use web::Asker;

use super::{
    DecisionInput, ExpenseReport, Mileage, ReimbursementInput, Sight,
    edit_lines::{by_year, own_report, years},
    model::{Decision, Years},
    show_report,
};
use crate::employee::everybody;

/// Of somebody's own reports, `remise le 22/11/2026`.
fn handed_in(asker: &Asker, report: &ExpenseReport) -> String {
    let day = report.submitted_at.map(|at| asker.organization.date(asker.organization.day(at)));
    day.map(|day| format!("remise le {day}")).unwrap_or_default()
}

/// By a label that says which one: never its title, which somebody typed and may name others.
fn about(asker: &Asker, report: &ExpenseReport, label: &str, assigned_to: Option<UserId>) -> About {
    let about = About { label: Some(label.to_owned()), assigned_to, by: Some(asker.user), ..About::default() };
    match report.totals().as_slice() {
        [(currency, total)] => about.worth(*total, *currency),
        _ => about,
    }
}

/// Writes the years whose kilometres changed.
fn save_years(transaction: &mut Transaction, read: &[Stored<Mileage>], after: &Years) {
    for mileage in after.values() {
        let before = read.iter().find(|read| read.year == mileage.year);
        if before.is_none_or(|before| before.value != *mileage) {
            transaction.save(before, mileage);
        }
    }
}

/// One's own. What was driven in the year is read once it is known whose it is: a trip more than an act should take.
pub async fn submit_report(asker: &Asker, id: ExpenseReportId, seen: Option<u64>) -> Result<ExpenseReport> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (sight, report) = own_report(asker, id, seen).await?;
            let (read, all) = side_by_side(years(asker, &report), everybody(scope)).await;
            let (read, all) = (read?, all?);
            let number = &sight.employee.number;
            let (changed, after) = report.value.clone().submitted(&by_year(&read), number, scope.now())?;
            let manager = sight.employee.manager.and_then(|manager| all.iter().find(|other| other.id == manager));
            let mut transaction = scope.begin("submit_expense_report", id);
            transaction.update(&report, &changed);
            save_years(&mut transaction, &read, &after);
            let about = about(asker, &changed, number, manager.and_then(|manager| manager.user));
            transaction.emit(Event::ExpenseReportSubmitted { report: id, about });
            Ok((transaction, changed))
        })
        .await
}

/// What waits for the decision of who asks.
async fn awaited(asker: &Asker, id: ExpenseReportId, seen: Option<u64>) -> Result<(Sight, Stored<ExpenseReport>)> {
    let sight = show_report(asker, id).await?;
    if !sight.decides {
        return Err(if sight.is_own { Error::Conflict(Conflict::OwnExpenses) } else { Error::NotFound });
    }
    let report = sight.report.clone().expect_version(seen)?;
    Ok((sight, report))
}

pub async fn approve_report(
    asker: &Asker,
    id: ExpenseReportId,
    input: &DecisionInput,
    seen: Option<u64>,
) -> Result<ExpenseReport> {
    let (scope, comment) = (&asker.scope, input.parse(false)?);
    scope
        .write(|| async {
            let (sight, report) = awaited(asker, id, seen).await?;
            let decision = Decision { by: asker.user, at: scope.now(), comment: comment.clone() };
            let changed = report.value.clone().approved(decision)?;
            let mut transaction = scope.begin("approve_expense_report", id);
            transaction.replace(&changed.payroll_expenses(&asker.organization.zone())?);
            transaction.update(&report, &changed).emit(Event::ExpenseReportApproved {
                report: id,
                employee: changed.employee,
                employee_number: changed.employee_number.clone(),
                lines: changed.approved_lines(),
                about: about(asker, &changed, &handed_in(asker, &changed), sight.employee.user),
            });
            Ok((transaction, changed))
        })
        .await
}

/// What was driven is read once it is known whose it is: a trip more than an act should take.
pub async fn refuse_report(
    asker: &Asker,
    id: ExpenseReportId,
    input: &DecisionInput,
    seen: Option<u64>,
) -> Result<ExpenseReport> {
    let (scope, comment) = (&asker.scope, input.parse(true)?);
    scope
        .write(|| async {
            let (sight, report) = awaited(asker, id, seen).await?;
            let read = years(asker, &report).await?;
            let decision = Decision { by: asker.user, at: scope.now(), comment: comment.clone() };
            let (changed, after) = report.value.clone().refused(decision, &by_year(&read))?;
            let mut transaction = scope.begin("refuse_expense_report", id);
            transaction.update(&report, &changed);
            save_years(&mut transaction, &read, &after);
            let about = about(asker, &changed, &handed_in(asker, &changed), sight.employee.user);
            transaction.emit(Event::ExpenseReportRefused { report: id, about });
            Ok((transaction, changed))
        })
        .await
}

pub async fn reimburse_report(
    asker: &Asker,
    id: ExpenseReportId,
    input: &ReimbursementInput,
    seen: Option<u64>,
) -> Result<ExpenseReport> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let sight = show_report(asker, id).await?;
            if !sight.reimburses {
                return Err(Error::NotFound);
            }
            let report = sight.report.expect_version(seen)?;
            let decided_on = report.decision.as_ref().map(|decision| asker.organization.day(decision.at));
            let reimbursement = input.parse(asker.user, decided_on, asker.today())?;
            let changed = report.value.clone().reimbursed(reimbursement.clone())?;
            let mut transaction = scope.begin("reimburse_expense_report", id);
            transaction.replace(&changed.payroll_expenses(&asker.organization.zone())?);
            transaction.update(&report, &changed).emit(Event::ExpenseReportReimbursed {
                report: id,
                employee_number: changed.employee_number.clone(),
                lines: changed.approved_lines(),
                approved_at: changed.decision.as_ref().map_or(scope.now(), |decision| decision.at),
                approved_by: changed.decision.as_ref().map(|decision| decision.by),
                on: reimbursement.on,
                method: reimbursement.method,
            });
            Ok((transaction, changed))
        })
        .await
}
