//! An electronic invoice that a supplier sent, and what became of it. Pure.

use einvoice::{Container, Invoice, Syntax};
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule,
    einvoice::Fault,
    error::Conflict,
    id::{ExpenseId, ReceivedInvoiceId, SupplierId, UserId},
    purchase::PurchaseCategory,
    reference::OrganizationReference,
    text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::reason::{Reason, Why};
use crate::expense::{
    Approval, Expense, ExpenseContent, ExpenseLine, ExpensePayment, LINES_MAX, PaidBy, days_taken, recovered_by_default,
};

/// How many lines of an invoice are kept beside its totals: the file has all of them.
const KEPT_LINES_MAX: usize = 200;
/// When is to be paid what says no day for it (C. com. art. L441-10).
const DUE_DAYS: i64 = 30;
/// How many times its state is noted.
const STEPS_MAX: usize = 50;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceivedInvoice {
    /// The same ULID as its expense has, in whose partition it stands.
    pub id: ReceivedInvoiceId,
    pub received_at: Timestamp,
    /// Nobody where it came by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_by: Option<UserId>,
    pub supplier: SupplierId,
    /// As the invoice names the seller.
    pub seller: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_siren: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_vat_number: Option<String>,
    pub buyer: String,
    /// Whether the buyer is named by a number of ours; an invoice may name none.
    pub is_addressed: bool,
    pub syntax: ReceivedSyntax,
    pub number: String,
    /// UNTDID 1001.
    pub type_code: String,
    pub is_credit: bool,
    pub issued_on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    pub currency: Currency,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preceding: Vec<String>,
    /// The last four characters of the account to pay to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban_end: Option<String>,
    /// Its keyed hash, by which it is told from the supplier's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The first ones.
    pub lines: Vec<ReceivedLine>,
    /// How many there are.
    pub line_count: usize,
    pub net_minor: Minor,
    pub tax_minor: Minor,
    pub gross_minor: Minor,
    pub due_minor: Minor,
    pub lifecycle: Lifecycle,
    /// What it was, the first first.
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReceivedSyntax {
    FacturX,
    Cii,
    Ubl,
}

impl ReceivedSyntax {
    pub const fn french(self) -> &'static str {
        match self {
            Self::FacturX => "Factur-X (PDF)",
            Self::Cii => "CII (XML)",
            Self::Ubl => "UBL (XML)",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceivedLine {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Decimal>,
    pub net_minor: Minor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_percent: Option<Decimal>,
}

/// What its buyer says of it (XP Z12-012; the codes are those that platforms exchange).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    Received,
    TakenInCharge,
    Approved,
    Disputed,
    Refused,
    PaymentSent,
    /// The supplier has the money: they say so, or took it themselves.
    PaymentReceived,
}

impl Lifecycle {
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::TakenInCharge,
        Self::Approved,
        Self::Disputed,
        Self::Refused,
        Self::PaymentSent,
        Self::PaymentReceived,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::TakenInCharge => "taken_in_charge",
            Self::Approved => "approved",
            Self::Disputed => "disputed",
            Self::Refused => "refused",
            Self::PaymentSent => "payment_sent",
            Self::PaymentReceived => "payment_received",
        }
    }

    pub const fn code(self) -> u16 {
        match self {
            Self::Received => 202,
            Self::TakenInCharge => 204,
            Self::Approved => 205,
            Self::Disputed => 207,
            Self::Refused => 210,
            Self::PaymentSent => 211,
            Self::PaymentReceived => 212,
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Received => "Reçue",
            Self::TakenInCharge => "Prise en charge",
            Self::Approved => "Approuvée",
            Self::Disputed => "En litige",
            Self::Refused => "Refusée",
            Self::PaymentSent => "Paiement transmis",
            Self::PaymentReceived => "Encaissée",
        }
    }

    /// The same of a credit note, whose money comes from the supplier.
    pub const fn french_of_credit(self) -> &'static str {
        match self {
            Self::Received => "Reçu",
            Self::TakenInCharge => "Pris en charge",
            Self::Approved => "Approuvé",
            Self::Disputed => "En litige",
            Self::Refused => "Refusé",
            Self::PaymentSent | Self::PaymentReceived => "Remboursé",
        }
    }

    pub const fn badge(self) -> &'static str {
        match self {
            Self::Received | Self::TakenInCharge => "info",
            Self::Approved | Self::PaymentSent | Self::PaymentReceived => "success",
            Self::Disputed => "warning",
            Self::Refused => "danger",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// One state, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub state: Lifecycle,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Why it is disputed or refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Reason>,
    /// What its sender is told besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// That a number of a seller came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedNumber {
    /// Of seller and number.
    pub hash: String,
    pub invoice: ReceivedInvoiceId,
}

pub fn refused(fault: Fault) -> Error {
    Error::field("/upload_id", Rule::EInvoice { fault })
}

/// Whether it is for this organization: by its SIREN, its SIRET or its VAT number. None where the invoice names none, or the
/// organization has none.
pub fn addressed(invoice: &Invoice, organization: &OrganizationReference) -> Option<bool> {
    let legal = &organization.legal;
    let own_siren = legal.siret.as_deref().and_then(|siret| siret.get(..9));
    let own_vat = legal.vat_number.as_deref();
    let same = |theirs: Option<&str>, own: Option<&str>| Some(theirs? == own?);
    let buyer = &invoice.buyer;
    match (same(buyer.siren.as_deref(), own_siren), same(buyer.vat_number.as_deref(), own_vat)) {
        (None, None) => None,
        (siren, vat) => Some(siren.unwrap_or(true) && vat.unwrap_or(true)),
    }
}

/// The same for the same number of the same seller: by SIREN, else VAT number, else name.
pub fn number_hash(invoice: &Invoice) -> String {
    let seller = &invoice.seller;
    let who = seller.siren.clone().or_else(|| seller.vat_number.clone()).unwrap_or_else(|| text::folded(&seller.name));
    let mut hash = Sha256::new();
    for part in [who.as_str(), &text::folded(&invoice.number)] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// What a credit note gives back is spent less.
fn signed(amount: Minor, is_credit: bool) -> Minor {
    if is_credit { Minor(-amount.0) } else { amount }
}

/// What of its amount it does not ask for. Where nothing is left to pay it is paid.
pub fn prepaid(invoice: &Invoice) -> Minor {
    let einvoice::Totals { gross, due, .. } = invoice.totals;
    let is_asked = due > Minor::ZERO && gross > Minor::ZERO;
    if is_asked { signed(Minor(gross.0 - due.0), invoice.is_credit()) } else { Minor::ZERO }
}

/// Nothing is due before it is invoiced: such a day is none, and the law's stands for it.
fn due_on(invoice: &Invoice) -> Option<Date> {
    let lawful = || invoice.issued_on.saturating_add(jiff::Span::new().days(DUE_DAYS));
    invoice.due_on.map(|due| if due < invoice.issued_on { lawful() } else { due })
}

/// The expense that an invoice is, one line for each rate of VAT. It is taken of the same days as one that somebody enters.
pub fn content(
    invoice: &Invoice,
    organization: &OrganizationReference,
    category: Option<PurchaseCategory>,
    today: Date,
) -> Result<ExpenseContent> {
    let (first, last) = days_taken(today);
    if !(first..=last).contains(&invoice.issued_on) {
        return Err(refused(Fault::ImplausibleDate { on: invoice.issued_on, first, last }));
    }
    if invoice.vat.len() > LINES_MAX {
        return Err(refused(Fault::TooManyLines { max: LINES_MAX }));
    }
    let is_credit = invoice.is_credit();
    let recovered = recovered_by_default(organization);
    let too_large = |_| refused(Fault::Malformed { term: "BT-112" });
    let lines = invoice.vat.iter().map(|vat| {
        let (net, tax) = (signed(vat.base_minor, is_credit), signed(vat.tax_minor, is_credit));
        ExpenseLine::new(net, vat.percent, Some(tax), recovered, invoice.currency).map_err(too_large)
    });
    // What is paid already is asked of nobody.
    let is_paid = invoice.totals.due.is_zero() && !invoice.totals.gross.is_zero();
    let paid_on = invoice.issued_on.min(today);
    let payment = is_paid.then_some(ExpensePayment { on: paid_on, by: PaidBy::Other, bank_line: None });
    let what = if is_credit { "Avoir" } else { "Facture" };
    let description = format!("{what} {} ({})", invoice.number, invoice.seller.name);
    let content = ExpenseContent {
        description: description.chars().take(crate::expense::DESCRIPTION_MAX).collect(),
        category: category.unwrap_or_default(),
        spent_on: invoice.issued_on,
        currency: invoice.currency,
        lines: lines.collect::<Result<_>>()?,
        supplier: None,
        reference: Some(invoice.number.chars().take(60).collect()),
        notes: None,
        due_on: due_on(invoice),
        payment,
    };
    content.totals().map_err(too_large)?;
    Ok(content)
}

impl ReceivedInvoice {
    pub fn new(
        id: ReceivedInvoiceId,
        (received_at, received_by): (Timestamp, Option<UserId>),
        supplier: SupplierId,
        (container, invoice): (Container, &Invoice),
        is_addressed: bool,
        account: Option<String>,
    ) -> Self {
        let line = |line: &einvoice::Line| ReceivedLine {
            name: line.name.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            net_minor: line.net_minor,
            vat_percent: line.vat_percent,
        };
        let end = |iban: &String| iban.get(iban.len().saturating_sub(4)..).unwrap_or_default().to_owned();
        let lifecycle = Lifecycle::Received;
        Self {
            id,
            received_at,
            received_by,
            supplier,
            seller: invoice.seller.name.clone(),
            seller_siren: invoice.seller.siren.clone(),
            seller_vat_number: invoice.seller.vat_number.clone(),
            buyer: invoice.buyer.name.clone(),
            is_addressed,
            syntax: match (container, invoice.syntax) {
                (Container::Pdf, _) => ReceivedSyntax::FacturX,
                (Container::Xml, Syntax::Cii) => ReceivedSyntax::Cii,
                (Container::Xml, Syntax::Ubl) => ReceivedSyntax::Ubl,
            },
            number: invoice.number.clone(),
            type_code: invoice.type_code.clone(),
            is_credit: invoice.is_credit(),
            issued_on: invoice.issued_on,
            due_on: invoice.due_on,
            currency: invoice.currency,
            order: invoice.order.clone(),
            preceding: invoice.preceding.clone(),
            iban_end: invoice.iban.as_ref().map(end),
            account,
            lines: invoice.lines.iter().take(KEPT_LINES_MAX).map(line).collect(),
            line_count: invoice.lines.len(),
            net_minor: invoice.totals.net,
            tax_minor: invoice.totals.tax,
            gross_minor: invoice.totals.gross,
            due_minor: invoice.totals.due,
            lifecycle,
            steps: vec![Step { state: lifecycle, at: received_at, by: received_by, code: None, reason: None }],
        }
    }

    /// What a state is called of what it is.
    pub const fn state_french(&self, state: Lifecycle) -> &'static str {
        if self.is_credit { state.french_of_credit() } else { state.french() }
    }

    /// Whether it asks for its money before it was made out: its expense has another day.
    pub fn is_due_before_issued(&self) -> bool {
        self.due_on.is_some_and(|due| due < self.issued_on)
    }

    pub const fn expense(&self) -> ExpenseId {
        ExpenseId::from_ulid(self.id.ulid())
    }

    fn turned(&self, state: Lifecycle, (at, by): (Timestamp, Option<UserId>), why: Option<&Why>) -> Self {
        let mut steps = self.steps.clone();
        if steps.len() >= STEPS_MAX {
            steps.remove(1);
        }
        let (code, reason) = (why.map(|why| why.reason), why.and_then(|why| why.comment.clone()));
        steps.push(Step { state, at, by, code, reason });
        Self { lifecycle: state, steps, ..self.clone() }
    }

    /// What its buyer says of it; what was refused stays so.
    pub fn stated(&self, state: Lifecycle, by: (Timestamp, Option<UserId>), why: Option<&Why>) -> Result<Self> {
        use Lifecycle::{Approved, Disputed, PaymentReceived, PaymentSent, Received, Refused, TakenInCharge};
        let is_reached = match state {
            Received => false,
            TakenInCharge => self.lifecycle == Received,
            Approved => matches!(self.lifecycle, Received | TakenInCharge | Disputed),
            Disputed => matches!(self.lifecycle, Received | TakenInCharge | Approved),
            Refused => matches!(self.lifecycle, Received | TakenInCharge | Disputed),
            PaymentSent => matches!(self.lifecycle, Received | TakenInCharge | Approved | Disputed),
            PaymentReceived => !matches!(self.lifecycle, Refused | PaymentReceived),
        };
        if is_reached { Ok(self.turned(state, by, why)) } else { Err(Error::Conflict(Conflict::ReceivedInvoiceClosed)) }
    }

    /// What an act on its expense says of it; none where nothing.
    pub fn following(&self, before: &Expense, after: &Expense, by: (Timestamp, Option<UserId>)) -> Option<Self> {
        let is_approved = |expense: &Expense| matches!(expense.approval, Approval::Approved { by: Some(_), .. });
        let was_paid = matches!(self.lifecycle, Lifecycle::PaymentSent | Lifecycle::PaymentReceived);
        match (&before.payment, &after.payment) {
            (None, Some(payment)) => {
                // Who debits an account or a card has the money.
                let state = match payment.by {
                    PaidBy::DirectDebit | PaidBy::Card => Lifecycle::PaymentReceived,
                    PaidBy::BankTransfer | PaidBy::Check | PaidBy::Cash | PaidBy::Other => Lifecycle::PaymentSent,
                };
                self.stated(state, by, None).ok()
            }
            (Some(_), None) if was_paid => Some(self.turned(Lifecycle::Approved, by, None)),
            _ if is_approved(after) && !is_approved(before) => self.stated(Lifecycle::Approved, by, None).ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::expense::tests::{expense, organization};

    const UBL: &str = include_str!("../../tests/it/invoice.xml");

    fn invoice() -> Invoice {
        einvoice::read(UBL.as_bytes()).unwrap_or_else(|fault| panic!("{fault}")).1
    }

    fn received() -> ReceivedInvoice {
        let at = (Timestamp::UNIX_EPOCH, None);
        let id = ReceivedInvoiceId::from_ulid(ulid::Ulid(7));
        ReceivedInvoice::new(id, at, SupplierId::from_ulid(ulid::Ulid(8)), (Container::Xml, &invoice()), true, None)
    }

    #[test]
    fn it_is_for_whom_it_names_by_number() {
        let with = |siret: &str, vat_number: &str| {
            let mut organization = organization();
            organization.legal.siret = Some(siret.into()).filter(|siret: &String| !siret.is_empty());
            organization.legal.vat_number = Some(vat_number.into()).filter(|number: &String| !number.is_empty());
            organization
        };
        let invoice = invoice();
        for (siret, vat_number, expected) in [
            ("73282932000074", "", Some(true)),
            ("40483304800022", "", Some(false)),
            ("", "FR44732829320", None),
            ("", "", None),
        ] {
            assert_eq!(addressed(&invoice, &with(siret, vat_number)), expected, "{siret} {vat_number}");
        }
    }

    #[test]
    fn a_rate_is_a_line_and_a_credit_note_is_spent_less() {
        let content = content(&invoice(), &organization(), None, date(2026, 11, 22)).unwrap();
        let sums = content.sums();
        assert_eq!((sums.net, sums.tax, sums.gross), (Minor(12_000), Minor(2_255), Minor(14_255)));
        assert_eq!(content.lines.len(), 2);
        let credit = Invoice { type_code: "381".into(), ..invoice() };
        let content = super::content(&credit, &organization(), None, date(2026, 11, 22)).unwrap();
        assert_eq!(content.sums().gross, Minor(-14_255));
        let other = Invoice { number: "2026/118".into(), ..invoice() };
        assert_ne!(number_hash(&invoice()), number_hash(&other));
        let spaced = Invoice { seller: einvoice::Party { name: "Autre nom".into(), ..invoice().seller }, ..invoice() };
        assert_eq!(number_hash(&invoice()), number_hash(&spaced));
    }

    #[test]
    fn what_it_says_of_days_is_what_an_expense_may_say() {
        let today = date(2026, 11, 22);
        let read = |invoice: &Invoice| content(invoice, &organization(), None, today);
        for (issued_on, fits) in [
            (date(2099, 1, 1), false),
            (date(2027, 11, 23), true),
            (date(2016, 11, 22), true),
            (date(2016, 11, 21), false),
        ] {
            assert_eq!(read(&Invoice { issued_on, ..invoice() }).is_ok(), fits, "{issued_on}");
        }
        let early = Invoice { due_on: Some(date(2020, 1, 1)), ..invoice() };
        assert_eq!(read(&early).unwrap().due_on, Some(date(2026, 12, 2)));
        assert_eq!(read(&Invoice { due_on: None, ..invoice() }).unwrap().due_on, None);
        // Nobody notes a payment of a day to come.
        let mut paid = Invoice { issued_on: date(2026, 12, 1), due_on: None, ..invoice() };
        paid.totals.due = Minor::ZERO;
        assert_eq!(read(&paid).unwrap().payment.map(|payment| payment.on), Some(today));
    }

    #[test]
    fn what_is_refused_stays_so() {
        let at = (Timestamp::UNIX_EPOCH, None);
        let received = received();
        for (path, ends) in [
            (vec![Lifecycle::TakenInCharge, Lifecycle::Approved, Lifecycle::PaymentSent], true),
            (vec![Lifecycle::Disputed, Lifecycle::Approved], true),
            (vec![Lifecycle::Refused, Lifecycle::Approved], false),
            (vec![Lifecycle::Refused, Lifecycle::PaymentSent], false),
            (vec![Lifecycle::Approved, Lifecycle::Refused], false),
            (vec![Lifecycle::TakenInCharge, Lifecycle::TakenInCharge], false),
            (vec![Lifecycle::PaymentSent, Lifecycle::PaymentReceived], true),
            (vec![Lifecycle::PaymentReceived, Lifecycle::PaymentSent], false),
            (vec![Lifecycle::Refused, Lifecycle::PaymentReceived], false),
        ] {
            let walked = path.iter().try_fold(received.clone(), |invoice, state| invoice.stated(*state, at, None));
            assert_eq!(walked.is_ok(), ends, "{path:?}");
        }
    }

    #[test]
    fn it_follows_its_expense() {
        let at = (Timestamp::UNIX_EPOCH, None);
        let open = expense();
        for (by, state) in
            [(PaidBy::BankTransfer, Lifecycle::PaymentSent), (PaidBy::DirectDebit, Lifecycle::PaymentReceived)]
        {
            let paid = open.paid(ExpensePayment { on: open.spent_on, by, bank_line: None }).unwrap();
            let sent = received().following(&open, &paid, at).unwrap();
            assert_eq!(sent.lifecycle, state);
            assert_eq!(sent.following(&paid, &open, at).unwrap().lifecycle, Lifecycle::Approved);
        }
        assert_eq!(received().following(&open, &open, at), None);
    }
}
