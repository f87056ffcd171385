//! What is debited on one day. Pure.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule, Sealed, Violations,
    error::Conflict,
    id::{CompanyId, InvoiceId, MandateId, RemittanceId},
    target, text,
};
use serde::{Deserialize, Serialize};

use super::{Mandate, Scheme, Sequence, Used};
use crate::{invoice::Invoice, receipt::PARTS_MAX};

/// How many invoices: confirming takes as many writes as a receipt.
pub const REMITTED_MAX: usize = PARTS_MAX;
/// Business days between today and the debit: banks want files the day before, some of them two days (EPC016-06, 4.3).
const AHEAD: u8 = 2;

/// Who collects, as the file names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creditor {
    pub name: String,
    pub creditor_id: String,
    pub iban: String,
    pub bic: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remittance {
    pub id: RemittanceId,
    pub created_at: Timestamp,
    pub creditor: Creditor,
    pub debit_on: Date,
    pub lines: Vec<DebitLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_on: Option<Date>,
}

/// One debit, with what the mandate said when it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DebitLine {
    pub invoice: InvoiceId,
    pub number: String,
    pub client: CompanyId,
    pub client_name: String,
    pub amount_minor: Minor,
    pub mandate: MandateId,
    pub reference: String,
    pub signed_on: Date,
    pub scheme: Scheme,
    pub sequence: Sequence,
    pub debtor: String,
    pub iban: Sealed,
    pub bic: Option<String>,
    /// A mail told the client of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_announced: bool,
    /// What the mandate was used for before, should this be cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Used>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<Rejection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    pub on: Date,
    /// Of ISO 20022: `AM04`.
    pub reason: String,
}

/// Why a debit comes back, as people know it (ISO 20022 external codes; EPC173-14).
pub const REASONS: [(&str, &str); 12] = [
    ("AC01", "Compte inconnu ou IBAN erroné"),
    ("AC04", "Compte clôturé"),
    ("AC06", "Compte bloqué"),
    ("AG01", "Prélèvement interdit sur ce compte"),
    ("AM04", "Provision insuffisante"),
    ("MD01", "Mandat absent ou révoqué"),
    ("MD06", "Contestation du débiteur (remboursement)"),
    ("MD07", "Débiteur décédé"),
    ("MS02", "Refus du débiteur"),
    ("MS03", "Motif non communiqué par la banque"),
    ("RC01", "BIC erroné"),
    ("SL01", "Opposition ou liste blanche du débiteur"),
];

impl Remittance {
    /// The first day that may be chosen: clients were told so many days before, and the bank has its time.
    pub fn earliest(today: Date, notice_days: u8) -> Date {
        let told = worked_from(today.checked_add(i64::from(notice_days).days()).unwrap_or(today));
        told.max(target::business_days_after(today, AHEAD))
    }

    /// The first day that may be chosen on which nothing of it is debited before it is due.
    pub fn once_due(earliest: Date, due: impl Iterator<Item = Date>) -> Date {
        worked_from(due.fold(earliest, Date::max))
    }

    pub fn total(&self) -> Minor {
        Minor(self.lines.iter().map(|line| line.amount_minor.0).sum())
    }

    pub fn is_open(&self) -> bool {
        self.confirmed_on.is_none() && self.cancelled_on.is_none()
    }

    /// The debits that the bank accepted: those whose invoices it settles.
    pub fn standing(&self) -> impl Iterator<Item = (usize, &DebitLine)> {
        self.lines.iter().enumerate().filter(|(_, line)| line.rejected.is_none())
    }

    pub fn confirmed(&self, today: Date) -> Result<Self> {
        if !self.is_open() {
            return Err(Error::Conflict(Conflict::RemittanceClosed));
        }
        if today < self.debit_on {
            return Err(Error::Conflict(Conflict::RemittanceTooEarly));
        }
        Ok(Self { confirmed_on: Some(today), ..self.clone() })
    }

    pub fn cancelled(&self, today: Date) -> Result<Self> {
        if !self.is_open() {
            return Err(Error::Conflict(Conflict::RemittanceClosed));
        }
        Ok(Self { cancelled_on: Some(today), ..self.clone() })
    }

    pub fn with_rejected(&self, place: usize, rejection: Rejection) -> Result<Self> {
        let mut rejected = self.clone();
        let line = rejected.lines.get_mut(place).ok_or(Error::NotFound)?;
        if self.cancelled_on.is_some() || line.rejected.is_some() {
            return Err(Error::Conflict(Conflict::RemittanceClosed));
        }
        line.rejected = Some(rejection);
        Ok(rejected)
    }
}

/// A day on which banks do not work gives way to the next on which they do.
fn worked_from(on: Date) -> Date {
    on.yesterday().map_or(on, |before| target::business_days_after(before, 1))
}

/// `YYYY-MM-DD`, a day on which banks work, and late enough.
pub fn debit_on(typed: &str, today: Date, notice_days: u8) -> std::result::Result<Date, Rule> {
    let on = kernel::legal::date(typed)?;
    let earliest = Remittance::earliest(today, notice_days);
    if on < earliest {
        return Err(Rule::Before { date: text::short_date(earliest) });
    }
    if !target::is_business_day(on) {
        return Err(Rule::BankHoliday);
    }
    Ok(on)
}

/// The debits of invoices by mandates, in this order, each with whether it is its mandate's last; and the mandates as they
/// are after it.
pub fn lines(
    id: RemittanceId,
    chosen: &[(&Invoice, &Mandate, bool)],
    on: Date,
) -> std::result::Result<(Vec<DebitLine>, Vec<Mandate>), Violations> {
    let (mut lines, mut mandates, mut wrong) = (Vec::new(), Vec::<Mandate>::new(), Violations::default());
    for (at, (invoice, mandate, is_last)) in chosen.iter().enumerate() {
        let of_invoice = format!("/lines/{at}/invoice_id");
        let of_mandate = format!("/lines/{at}/mandate_id");
        let Some(issued) = &invoice.issued else {
            wrong.add(of_invoice, Rule::NotFound);
            continue;
        };
        if invoice.balance() <= Minor::ZERO || issued.debit.is_some() || issued.in_checkout {
            wrong.add(&of_invoice, Rule::NotToBeDebited);
        }
        if invoice.priced.currency != Currency::Eur {
            wrong.add(&of_invoice, Rule::OtherCurrency);
        }
        if mandate.client != invoice.client.reference.id {
            wrong.add(&of_mandate, Rule::OtherClient);
        }
        // A mandate that serves twice in one remittance is used by the first.
        let known = mandates.iter().position(|other| other.id == mandate.id);
        let now = known.map_or(*mandate, |known| &mandates[known]);
        let Some(sequence) = wrong.take(&of_mandate, now.sequence(on, *is_last)) else { continue };
        lines.push(DebitLine {
            invoice: invoice.id,
            number: issued.number.clone(),
            client: mandate.client,
            client_name: invoice.client.reference.name.clone(),
            amount_minor: invoice.balance(),
            mandate: mandate.id,
            reference: mandate.reference.clone(),
            signed_on: mandate.signed_on,
            scheme: mandate.scheme,
            sequence,
            debtor: mandate.debtor.clone(),
            iban: mandate.iban.clone(),
            bic: mandate.bic.clone(),
            is_announced: invoice.client.reference.email.is_some(),
            before: mandate.used.clone(),
            rejected: None,
        });
        let used = Some(Used { remittance: id, on, is_last: *is_last });
        match known {
            Some(known) => mandates[known].used = used,
            None => mandates.push(Mandate { used, ..(*mandate).clone() }),
        }
    }
    if wrong.is_empty() { Ok((lines, mandates)) } else { Err(wrong) }
}
