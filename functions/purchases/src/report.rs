//! Expense reports that HR approved: an expense of each line, under an id that follows from report and line, owed to the
//! employee, and paid once they are paid back. Whatever is told twice, late or in another order comes to the same.

use cloud::Deps;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result,
    expense::{ApprovedExpense, ApprovedReceipt, ExpenseCategory, ReimbursementMethod},
    id::{ExpenseId, ExpenseReportId, UserId, random_of},
    money::AmountTooLarge,
    purchase::PurchaseCategory,
    reference::OrganizationReference,
};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use table::{Scope, keys};
use tokio::sync::OnceCell;
use web::file::FileType;

use crate::expense::{
    Approval, DESCRIPTION_MAX, Expense, ExpenseContent, ExpenseLine, ExpensePayment, PaidBy, Receipt, Source,
    recovered_by_default, store,
};

/// A receipt of a report is no larger than one of ours.
const RECEIPT_BYTES_MAX: u64 = 10 * 1024 * 1024;
/// What two roundings may differ by, in the minor unit.
const SLACK: i64 = 2;

/// What was approved, and by whom.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: ExpenseReportId,
    /// Matricule.
    pub employee_number: String,
    pub lines: Vec<ApprovedExpense>,
    pub approved_at: Timestamp,
    pub approved_by: Option<UserId>,
    /// None while the employee waits for it.
    pub payment: Option<ExpensePayment>,
}

pub const fn payment(on: Date, method: ReimbursementMethod) -> ExpensePayment {
    let by = match method {
        ReimbursementMethod::Transfer => PaidBy::BankTransfer,
        ReimbursementMethod::Cash => PaidBy::Cash,
        ReimbursementMethod::Cheque => PaidBy::Check,
        // With the wages, whichever way these go.
        ReimbursementMethod::Payroll => PaidBy::Other,
    };
    ExpensePayment { on, by, bank_line: None }
}

const fn category(category: ExpenseCategory) -> PurchaseCategory {
    match category {
        ExpenseCategory::Transport | ExpenseCategory::Mileage | ExpenseCategory::Road | ExpenseCategory::Fuel => {
            PurchaseCategory::Transport
        }
        ExpenseCategory::Supplies => PurchaseCategory::Supplies,
        ExpenseCategory::Telecom => PurchaseCategory::Utilities,
        ExpenseCategory::Hospitality => PurchaseCategory::Marketing,
        ExpenseCategory::Meal | ExpenseCategory::Lodging | ExpenseCategory::Other => PurchaseCategory::Other,
    }
}

/// A line of a report says what was paid and what VAT of it comes back, and no rate: the one that makes this VAT (CGI art. 278 to
/// 281 quater), or else as much at the standard rate as has this VAT, and the rest without. VAT that does not come back is a
/// cost like the rest.
fn lines(line: &ApprovedExpense, recovered_percent: Decimal) -> std::result::Result<Vec<ExpenseLine>, AmountTooLarge> {
    let (currency, tax) = (line.currency, line.vat_minor);
    let net = line.gross_minor.checked_sub(tax)?;
    let made = |net: Minor, percent: Decimal, tax: Minor| {
        ExpenseLine::new(net, percent, Some(tax), recovered_percent, currency)
    };
    if tax.is_zero() {
        return Ok(vec![made(net, Decimal::ZERO, tax)?]);
    }
    let rates = [Decimal::from(20), Decimal::TEN, Decimal::new(55, 1), Decimal::new(21, 1)];
    let off = |rate: Decimal| off(net, tax, rate, currency);
    let nearest = rates.into_iter().min_by_key(|rate| off(*rate)).filter(|rate| off(*rate) <= Decimal::from(SLACK));
    if let Some(rate) = nearest {
        return Ok(vec![made(net, rate, tax)?]);
    }
    let taxed = Minor(tax.0.checked_mul(5).ok_or(AmountTooLarge)?.min(net.0));
    let rest = net.checked_sub(taxed)?;
    Ok(vec![made(taxed, Decimal::from(20), tax)?, made(rest, Decimal::ZERO, Minor::ZERO)?])
}

/// By how much the VAT of a rate differs from this, in the minor unit.
fn off(net: Minor, tax: Minor, rate: Decimal, currency: Currency) -> Decimal {
    let unit = Minor(1).to_decimal(currency);
    ((net.to_decimal(currency) * rate / Decimal::ONE_HUNDRED - tax.to_decimal(currency)) / unit).abs()
}

impl Report {
    /// The same for the same line, however often it is told.
    fn expense_id(&self, line: u16) -> ExpenseId {
        let hash = Sha256::new().chain_update(self.id.to_string()).chain_update(line.to_be_bytes()).finalize();
        let random = random_of(&hash);
        ExpenseId::new(self.id.given_at(), random)
    }

    /// The expense that a line is. It is owed by the end of the month in which it was approved, with whose wages it may be paid
    /// at the latest.
    fn booked(
        &self,
        line: &ApprovedExpense,
        organization: &OrganizationReference,
        receipt: Option<Receipt>,
    ) -> Result<Expense> {
        let lines = lines(line, recovered_by_default(organization)).map_err(|_| Error::internal("too large a line"))?;
        let description = format!("{} – note de frais, salarié {}", line.category.french(), self.employee_number);
        let content = ExpenseContent {
            description: description.chars().take(DESCRIPTION_MAX).collect(),
            category: category(line.category),
            spent_on: line.on,
            currency: line.currency,
            lines,
            supplier: None,
            reference: None,
            notes: None,
            due_on: Some(organization.day(self.approved_at).last_of_month()),
            payment: None,
        };
        let source = Source::Report {
            report: self.id,
            line: line.line,
            employee_number: self.employee_number.clone(),
            is_reimbursed: false,
        };
        Ok(Expense {
            id: self.expense_id(line.line),
            created_at: self.approved_at,
            created_by: None,
            content,
            approval: Approval::Approved { by: self.approved_by, at: self.approved_at },
            receipt,
            source,
        })
    }

    fn paid(&self, expense: &Expense) -> Option<Expense> {
        self.payment.as_ref().and_then(|payment| expense.reimbursed(payment))
    }
}

/// Each line by itself: one that is booked stays as it is, so a worker that was stopped goes on where it was.
pub async fn book_expense_report(deps: &Deps, scope: &Scope, report: &Report) -> Result<()> {
    for line in &report.lines {
        book(deps, scope, report, line).await?;
    }
    Ok(())
}

async fn book(deps: &Deps, scope: &Scope, report: &Report, line: &ApprovedExpense) -> Result<()> {
    let id = report.expense_id(line.line);
    let kept = OnceCell::new();
    let kept = &kept;
    scope
        .write(|| async move {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.expense(id), keys.organization()]).await?;
            let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
            let read = found.first::<Expense>()?;
            let after = match &read {
                // Nobody writes in the name of a deleted organization.
                _ if organization.deletion.is_some() => None,
                Some(read) => report.paid(read),
                None => {
                    let receipt = kept.get_or_try_init(|| keep(deps, scope, report, line, id)).await?;
                    let booked = report.booked(line, &organization, receipt.clone())?;
                    Some(report.paid(&booked).unwrap_or(booked))
                }
            };
            let mut transaction = scope.begin("book_expense_report", id);
            let Some(after) = after else { return Ok((transaction.nothing(), ())) };
            store::save(&mut transaction, read.as_ref(), Some(&after));
            Ok((transaction, ()))
        })
        .await
}

/// The receipt becomes the expense's own: the report may go, and whoever keeps purchases need not see it.
async fn keep(
    deps: &Deps,
    scope: &Scope,
    report: &Report,
    line: &ApprovedExpense,
    id: ExpenseId,
) -> Result<Option<Receipt>> {
    let Some(ApprovedReceipt { upload, .. }) = line.receipt else { return Ok(None) };
    let organization = scope.tenant().organization();
    let sent = deps.files.find(&keys::receipt_s3_key(organization, report.id, upload), RECEIPT_BYTES_MAX).await?;
    let Some((sent, kind)) = sent.and_then(|sent| FileType::of(&sent, "").map(|kind| (sent, kind))) else {
        tracing::warn!(report = %report.id, line = line.line, "a receipt of an expense report is not there");
        return Ok(None);
    };
    let receipt = Receipt {
        upload,
        kind: Some(kind),
        name: format!("justificatif-{}", line.line),
        bytes: sent.len() as u64,
        sha256: hex::encode(Sha256::digest(&sent)),
    };
    deps.files.put(&keys::expense_s3_key(organization, id, upload), sent, receipt.media_type()).await?;
    Ok(Some(receipt))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use ulid::Ulid;

    use super::*;
    use crate::expense::tests::organization;

    fn line(category: ExpenseCategory, gross: i64, vat: i64) -> ApprovedExpense {
        ApprovedExpense {
            line: 1,
            on: date(2026, 11, 12),
            category,
            gross_minor: Minor(gross),
            vat_minor: Minor(vat),
            currency: Currency::Eur,
            receipt: None,
        }
    }

    fn report() -> Report {
        Report {
            id: ExpenseReportId::from_ulid(Ulid(9)),
            employee_number: "M-014".into(),
            lines: vec![],
            approved_at: "2026-11-22T10:00:00Z".parse().unwrap(),
            approved_by: Some(UserId::from_ulid(Ulid(4))),
            payment: None,
        }
    }

    #[test]
    fn the_rate_is_the_one_that_makes_the_vat_and_else_a_part_has_the_standard_rate() {
        for (gross, vat, expected) in [
            (2_200, 200, vec![(2_000, "10", 200)]),
            (12_000, 2_000, vec![(10_000, "20", 2_000)]),
            (10_550, 550, vec![(10_000, "5.5", 550)]),
            (5_000, 0, vec![(5_000, "0", 0)]),
            // Four fifths of the VAT of fuel: 60.00 with 10.00 of VAT.
            (6_000, 800, vec![(4_000, "20", 800), (1_200, "0", 0)]),
            (999, 167, vec![(832, "20", 167)]),
        ] {
            let lines = lines(&line(ExpenseCategory::Other, gross, vat), Decimal::ONE_HUNDRED).unwrap();
            let told: Vec<_> =
                lines.iter().map(|one| (one.net_minor.0, one.vat_percent.to_string(), one.tax_minor.0)).collect();
            let expected: Vec<_> =
                expected.into_iter().map(|(net, rate, tax): (i64, &str, i64)| (net, rate.to_owned(), tax)).collect();
            assert_eq!(told, expected, "{gross} {vat}");
            assert_eq!(lines.iter().map(|one| one.net_minor.0 + one.tax_minor.0).sum::<i64>(), gross);
            assert_eq!(lines.iter().map(|one| one.recovered_minor.0).sum::<i64>(), vat);
        }
    }

    #[test]
    fn a_line_is_one_expense_owed_by_the_end_of_the_month_and_paid_once() {
        let mut report = report();
        let told = line(ExpenseCategory::Fuel, 6_000, 1_000);
        let booked = report.booked(&told, &organization(), None).unwrap();
        assert_eq!(booked.id, report.booked(&told, &organization(), None).unwrap().id);
        assert_ne!(booked.id, report.expense_id(2));
        assert_eq!((booked.category, booked.due_on), (PurchaseCategory::Transport, Some(date(2026, 11, 30))));
        assert!(booked.counts() && !booked.is_paid() && booked.must_be_deletable().is_err());
        assert_eq!(report.paid(&booked), None);
        report.payment = Some(payment(date(2026, 11, 25), ReimbursementMethod::Cash));
        let paid = report.paid(&booked).unwrap();
        assert_eq!(paid.payment.as_ref().map(|payment| payment.by), Some(PaidBy::Cash));
        // Who takes the payment back afterwards is not overruled by a message that comes again.
        let (unpaid, _) = paid.unpaid().unwrap();
        assert_eq!((report.paid(&paid), report.paid(&unpaid)), (None, None));
    }
}
