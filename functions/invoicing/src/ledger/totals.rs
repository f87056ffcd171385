//! What entries of the ledger come to, per currency. Pure.

use std::collections::BTreeMap;

use kernel::{Currency, Error, Minor, Result, document::Kind};
use serde::{Deserialize, Serialize};
use table::ledger::{LedgerEntry, LedgerKind};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Amounts {
    pub net_minor: Minor,
    pub tax_minor: Minor,
    pub gross_minor: Minor,
}

/// Money by one method.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Flow {
    pub received_minor: Minor,
    /// Payments that were none, taken back by a counter-entry.
    pub reversed_minor: Minor,
    pub refunded_minor: Minor,
}

/// In one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Totals {
    pub currency: Currency,
    pub invoices: u64,
    pub invoiced: Amounts,
    /// Of that, deposits.
    pub deposits: Amounts,
    /// What invoices deduct because deposits invoiced it before, all taxes included.
    pub deducted_minor: Minor,
    pub credit_notes: u64,
    pub credited: Amounts,
    pub payments: u64,
    pub paid: Flow,
    /// The same by method.
    pub methods: BTreeMap<String, Flow>,
}

impl Totals {
    const fn none(currency: Currency) -> Self {
        Self {
            currency,
            invoices: 0,
            invoiced: Amounts { net_minor: Minor::ZERO, tax_minor: Minor::ZERO, gross_minor: Minor::ZERO },
            deposits: Amounts { net_minor: Minor::ZERO, tax_minor: Minor::ZERO, gross_minor: Minor::ZERO },
            deducted_minor: Minor::ZERO,
            credit_notes: 0,
            credited: Amounts { net_minor: Minor::ZERO, tax_minor: Minor::ZERO, gross_minor: Minor::ZERO },
            payments: 0,
            paid: Flow { received_minor: Minor::ZERO, reversed_minor: Minor::ZERO, refunded_minor: Minor::ZERO },
            methods: BTreeMap::new(),
        }
    }
}

/// The totals of several currencies, in their order; those in which nothing happened are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sums(pub Vec<Totals>);

#[derive(Debug, Clone, Copy)]
enum Way {
    Add,
    Subtract,
}

impl Way {
    fn count(self, a: u64, b: u64) -> Result<u64> {
        let counted = match self {
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
        };
        counted.ok_or_else(|| Error::internal("counts out of range"))
    }

    fn minor(self, a: Minor, b: Minor) -> Result<Minor> {
        let moved = match self {
            Self::Add => a.0.checked_add(b.0),
            Self::Subtract => a.0.checked_sub(b.0),
        };
        // A perpetual total may be larger than any one amount.
        moved.map(Minor).ok_or_else(|| Error::internal("totals out of range"))
    }

    fn amounts(self, a: Amounts, b: Amounts) -> Result<Amounts> {
        Ok(Amounts {
            net_minor: self.minor(a.net_minor, b.net_minor)?,
            tax_minor: self.minor(a.tax_minor, b.tax_minor)?,
            gross_minor: self.minor(a.gross_minor, b.gross_minor)?,
        })
    }

    fn flow(self, a: Flow, b: Flow) -> Result<Flow> {
        Ok(Flow {
            received_minor: self.minor(a.received_minor, b.received_minor)?,
            reversed_minor: self.minor(a.reversed_minor, b.reversed_minor)?,
            refunded_minor: self.minor(a.refunded_minor, b.refunded_minor)?,
        })
    }

    fn totals(self, a: &Totals, b: &Totals) -> Result<Totals> {
        let mut methods = a.methods.clone();
        for (method, flow) in &b.methods {
            let sum = methods.entry(method.clone()).or_default();
            *sum = self.flow(*sum, *flow)?;
        }
        methods.retain(|_, flow| *flow != Flow::default());
        Ok(Totals {
            currency: a.currency,
            invoices: self.count(a.invoices, b.invoices)?,
            invoiced: self.amounts(a.invoiced, b.invoiced)?,
            deposits: self.amounts(a.deposits, b.deposits)?,
            deducted_minor: self.minor(a.deducted_minor, b.deducted_minor)?,
            credit_notes: self.count(a.credit_notes, b.credit_notes)?,
            credited: self.amounts(a.credited, b.credited)?,
            payments: self.count(a.payments, b.payments)?,
            paid: self.flow(a.paid, b.paid)?,
            methods,
        })
    }
}

impl Sums {
    pub fn plus(&self, other: &Self) -> Result<Self> {
        self.with(Way::Add, other)
    }

    pub fn minus(&self, other: &Self) -> Result<Self> {
        self.with(Way::Subtract, other)
    }

    fn with(&self, way: Way, other: &Self) -> Result<Self> {
        let mut sums = self.0.clone();
        for totals in &other.0 {
            match sums.iter_mut().find(|sum| sum.currency == totals.currency) {
                Some(sum) => *sum = way.totals(sum, totals)?,
                None => sums.push(way.totals(&Totals::none(totals.currency), totals)?),
            }
        }
        sums.retain(|sum| *sum != Totals::none(sum.currency));
        sums.sort_by_key(|sum| sum.currency.code());
        Ok(Self(sums))
    }

    /// With what one entry moves; a closing moves nothing.
    pub fn with_entry(&self, entry: &LedgerEntry) -> Result<Self> {
        match movement(entry)? {
            Some(totals) => self.plus(&Self(vec![totals])),
            None => Ok(self.clone()),
        }
    }
}

/// The fields of entries' contents that totals are made of.
#[derive(Deserialize)]
struct Issued {
    currency: Currency,
    #[serde(flatten)]
    amounts: Amounts,
    /// Of an invoice.
    kind: Option<Kind>,
    #[serde(default)]
    deducted_minor: Minor,
}

#[derive(Deserialize)]
struct Moved {
    currency: Currency,
    amount_minor: Minor,
    method: String,
}

fn read<'a, T: Deserialize<'a>>(entry: &'a LedgerEntry) -> Result<T> {
    T::deserialize(&entry.content).map_err(|error| Error::internal(format!("ledger entry {}: {error}", entry.position)))
}

fn movement(entry: &LedgerEntry) -> Result<Option<Totals>> {
    let money = |flow: fn(Minor) -> Flow| {
        let moved: Moved = read(entry)?;
        let paid = flow(moved.amount_minor);
        let methods = BTreeMap::from([(moved.method, paid)]);
        Ok(Some(Totals { payments: 1, paid, methods, ..Totals::none(moved.currency) }))
    };
    match entry.kind {
        LedgerKind::InvoiceIssued => {
            let Issued { currency, amounts, kind, deducted_minor } = read(entry)?;
            let deposits = if kind == Some(Kind::Deposit) { amounts } else { Amounts::default() };
            Ok(Some(Totals { invoices: 1, invoiced: amounts, deposits, deducted_minor, ..Totals::none(currency) }))
        }
        LedgerKind::CreditNoteIssued => {
            let Issued { currency, amounts, .. } = read(entry)?;
            Ok(Some(Totals { credit_notes: 1, credited: amounts, ..Totals::none(currency) }))
        }
        // What was invoiced is invoiced no more, deposits are deducted no more: the corrective invoice says it anew.
        LedgerKind::InvoiceReplaced => {
            let Issued { currency, amounts, deducted_minor, .. } = read(entry)?;
            let deducted_minor = Minor(-deducted_minor.0);
            Ok(Some(Totals { credited: amounts, deducted_minor, ..Totals::none(currency) }))
        }
        LedgerKind::PaymentRecorded => money(|received_minor| Flow { received_minor, ..Flow::default() }),
        LedgerKind::PaymentReversed => money(|reversed_minor| Flow { reversed_minor, ..Flow::default() }),
        LedgerKind::RefundRecorded => money(|refunded_minor| Flow { refunded_minor, ..Flow::default() }),
        LedgerKind::RefundReversed => money(|amount| Flow { refunded_minor: Minor(-amount.0), ..Flow::default() }),
        // A purchase.
        LedgerKind::SelfBilledInvoiceIssued | LedgerKind::SelfBilledCreditNoteIssued => {
            read::<Issued>(entry)?;
            Ok(None)
        }
        LedgerKind::DayClosed | LedgerKind::MonthClosed | LedgerKind::YearClosed => Ok(None),
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use serde_json::json;
    use table::ledger::LedgerHead;

    use super::*;

    /// An entry that stands alone.
    pub fn entry(kind: LedgerKind, content: serde_json::Value) -> LedgerEntry {
        LedgerHead::default().next(Timestamp::UNIX_EPOCH, kind, "FAC-2026-0001", content).unwrap()
    }

    fn invoice(net: i64, kind: &str, currency: &str) -> LedgerEntry {
        let content = json!({ "currency": currency, "net_minor": net, "tax_minor": net / 5,
                              "gross_minor": net + net / 5, "kind": kind, "deducted_minor": 0 });
        entry(LedgerKind::InvoiceIssued, content)
    }

    fn payment(kind: LedgerKind, amount: i64, method: &str) -> LedgerEntry {
        entry(kind, json!({ "currency": "EUR", "amount_minor": amount, "method": method }))
    }

    #[test]
    fn totals_are_by_currency_and_method() {
        let entries = [
            invoice(1_000, "invoice", "EUR"),
            invoice(500, "deposit", "EUR"),
            invoice(70, "invoice", "XOF"),
            payment(LedgerKind::PaymentRecorded, 300, "card"),
            payment(LedgerKind::PaymentRecorded, 200, "cash"),
            payment(LedgerKind::RefundRecorded, 50, "card"),
            payment(LedgerKind::PaymentReversed, 200, "cash"),
        ];
        let sums = entries.iter().try_fold(Sums::default(), |sums, entry| sums.with_entry(entry)).unwrap();
        let (eur, xof) = (&sums.0[0], &sums.0[1]);
        assert_eq!((eur.invoices, eur.invoiced.gross_minor, eur.deposits.net_minor), (2, Minor(1_800), Minor(500)));
        assert_eq!((xof.currency, xof.invoiced.net_minor), (Currency::Xof, Minor(70)));
        assert_eq!(
            eur.paid,
            Flow { received_minor: Minor(500), reversed_minor: Minor(200), refunded_minor: Minor(50) }
        );
        assert_eq!(eur.methods["card"].refunded_minor, Minor(50));
        assert!(entry(LedgerKind::DayClosed, json!({})).kind.is_closing());
        assert!(Sums::default().with_entry(&entry(LedgerKind::InvoiceIssued, json!({}))).is_err());
    }

    proptest! {
        #[test]
        fn what_is_added_and_taken_away_again_was_never_there(
            amounts in proptest::collection::vec((1_i64..1_000_000, 0_usize..4), 0..20), cut in 0_usize..20,
        ) {
            let entries: Vec<_> = amounts.iter().map(|(amount, kind)| match kind {
                0 => invoice(*amount, "invoice", "EUR"),
                1 => invoice(*amount, "deposit", "XOF"),
                2 => payment(LedgerKind::PaymentRecorded, *amount, "card"),
                _ => payment(LedgerKind::RefundRecorded, *amount, "cash"),
            }).collect();
            let sum = |entries: &[LedgerEntry]| {
                entries.iter().try_fold(Sums::default(), |sums, entry| sums.with_entry(entry)).unwrap()
            };
            let (first, rest) = entries.split_at(cut.min(entries.len()));
            let all = sum(&entries);
            prop_assert_eq!(&sum(first).plus(&sum(rest)).unwrap(), &all);
            prop_assert_eq!(all.minus(&sum(rest)).unwrap(), sum(first));
        }
    }
}
