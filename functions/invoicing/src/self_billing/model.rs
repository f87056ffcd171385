//! What a self-billed document is: an invoice of a supplier that we issue, or a credit note on one. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor, Result, Rule, Violations,
    document::{ExchangeRate, Kind, Operations},
    error::Conflict,
    id::SelfBilledId,
    legal,
    pricing::Priced,
    reference::{OrganizationReference, VatRegime},
    terms::{DayCount, Terms},
    text,
};
use serde::{Deserialize, Serialize};

use super::Mandate;
use crate::{
    client::Client,
    content::{LineInput, Words, typed_discount, typed_exchange},
    credit_note::CreditInput,
    invoice::{InvoiceContent, InvoiceInput, operations_name},
    payment::{Cash, Method},
    portion::{self, Left, Taken},
};

/// How many credit notes one invoice may have, and how many of its lines they may name together: what its item holds.
const CREDITS_MAX: usize = 50;
const CREDITED_LINES_MAX: usize = 1_000;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfBilledInput {
    /// `com_…`, a supplier whose mandate is in force.
    pub supplier_id: String,
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub introduction: String,
    #[serde(default)]
    pub conditions: String,
    /// Days until it is due, at most what C. com. L441-10 allows; empty for the terms of the mandate.
    #[serde(default)]
    pub payment_days: String,
    #[serde(default)]
    pub day_count: String,
    /// `YYYY-MM-DD`; empty for the day of issue.
    #[serde(default)]
    pub supplied_on: String,
    /// `goods`, `services` or `mixed`.
    #[serde(default = "services")]
    pub operations: String,
    /// The number of our order.
    #[serde(default)]
    pub purchase_order: String,
    #[serde(default)]
    pub discount_percent: String,
    #[serde(default)]
    pub discount_amount: String,
    /// `domestic`, `reverse_charge` or a margin scheme, as the supplier taxes the sale.
    #[serde(default)]
    pub vat_treatment: String,
    /// Euro for one unit of the currency, where it has no parity and VAT is charged.
    #[serde(default)]
    pub exchange_rate: String,
    /// `YYYY-MM-DD`
    #[serde(default)]
    pub exchange_on: String,
    /// Rates follow the supplier's regime; no line is of the catalogue, which is what we sell.
    #[serde(default)]
    pub lines: Vec<LineInput>,
}

fn services() -> String {
    operations_name(Operations::Services).into()
}

/// Why a supplier does not agree.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContestInput {
    pub reason: String,
}

/// That we paid it, in full.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaidInput {
    /// `YYYY-MM-DD`, not after today.
    pub paid_on: String,
    /// `bank_transfer`, `check`, `cash`, `card`, `direct_debit` or `other`.
    #[serde(default = "bank_transfer")]
    pub method: String,
    #[serde(default)]
    pub reference: String,
}

fn bank_transfer() -> String {
    Method::BankTransfer.name().into()
}

impl SelfBilledInput {
    fn as_invoice(&self) -> InvoiceInput {
        InvoiceInput {
            client_id: self.supplier_id.clone(),
            subject: self.subject.clone(),
            introduction: self.introduction.clone(),
            conditions: self.conditions.clone(),
            payment_days: self.payment_days.clone(),
            day_count: self.day_count.clone(),
            supplied_on: self.supplied_on.clone(),
            operations: self.operations.clone(),
            purchase_order: self.purchase_order.clone(),
            discount_percent: self.discount_percent.clone(),
            discount_amount: self.discount_amount.clone(),
            vat_treatment: self.vat_treatment.clone(),
            exchange_rate: self.exchange_rate.clone(),
            exchange_on: self.exchange_on.clone(),
            lines: self.lines.clone(),
        }
    }

    /// Under the regime of the one who sells.
    pub fn parse(
        &self,
        organization: &OrganizationReference,
        regime: VatRegime,
        today: Date,
    ) -> Result<InvoiceContent, Violations> {
        let seller = OrganizationReference { vat_regime: regime, ..organization.clone() };
        let mut wrong = Violations::default();
        for (at, line) in self.lines.iter().enumerate() {
            if !line.product_id.is_empty() {
                wrong.add(format!("/lines/{at}/product_id"), Rule::NotForPurchases);
            }
            if line.is_optional == "true" {
                wrong.add(format!("/lines/{at}/is_optional"), Rule::NotAChoice);
            }
        }
        match self.as_invoice().parse(&seller, today, None) {
            Ok(content) if wrong.is_empty() => Ok(content),
            Ok(_) => Err(wrong),
            Err(others) => {
                for violation in others.iter() {
                    wrong.add(violation.pointer.clone(), violation.rule.clone());
                }
                Err(wrong)
            }
        }
    }

    pub fn of(document: &SelfBilled) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (discount_percent, discount_amount) = typed_discount(&document.priced);
        let (exchange_rate, exchange_on) = typed_exchange(document.exchange);
        Self {
            supplier_id: document.supplier.reference.id.to_string(),
            subject: text(&document.words.subject),
            introduction: text(&document.words.introduction),
            conditions: text(&document.words.conditions),
            payment_days: document.payment_days.to_string(),
            day_count: document.day_count.name().into(),
            supplied_on: document.supplied_on.map(|on| on.to_string()).unwrap_or_default(),
            operations: operations_name(document.operations).into(),
            purchase_order: text(&document.purchase_order),
            discount_percent,
            discount_amount,
            vat_treatment: document.priced.treatment.name().into(),
            exchange_rate,
            exchange_on,
            lines: document.priced.lines.iter().map(|line| LineInput::of(line, document.priced.currency)).collect(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelfBilled {
    pub id: SelfBilledId,
    pub created_at: Timestamp,
    /// [`Kind::SelfBilled`] or [`Kind::SelfBilledCreditNote`].
    pub kind: Kind,
    /// Who sells, as the CRM has it; whoever is in charge there is not named.
    pub supplier: Client,
    /// Of the mandate under which it was drafted.
    pub code: String,
    pub vat_regime: VatRegime,
    pub words: Words,
    pub payment_days: u16,
    #[serde(default, skip_serializing_if = "DayCount::is_from_issue")]
    pub day_count: DayCount,
    pub supplied_on: Option<Date>,
    pub operations: Operations,
    pub purchase_order: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeRate>,
    pub priced: Priced,
    /// A credit note: the invoice that it gives back of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Absent while it is a draft.
    pub issued: Option<Issued>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    pub invoice: SelfBilledId,
    pub number: String,
    pub issued_on: Date,
}

/// What issuing adds, and what happens to it from then on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    pub number: String,
    pub on: Date,
    /// Of an invoice.
    pub due_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contested: Option<Contested>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Paid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<SupplierCredit>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contested {
    pub on: Date,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paid {
    pub on: Date,
    pub method: Method,
    pub reference: Option<String>,
}

/// A credit note as its invoice remembers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SupplierCredit {
    pub note: SelfBilledId,
    pub number: String,
    pub on: Date,
    pub gross_minor: Minor,
    pub taken: Taken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SelfBilledStatus)]
pub enum Status {
    Draft,
    Issued,
    /// The supplier does not agree.
    Contested,
    Accepted,
    Paid,
    /// All of it was given back.
    Cancelled,
}

/// `AF-DUPONT`, of credit notes `AFA-DUPONT`: nobody else's.
pub fn series_of(kind: Kind, code: &str) -> String {
    let prefix = if kind == Kind::SelfBilledCreditNote { "AFA" } else { "AF" };
    format!("{prefix}-{code}")
}

impl SelfBilled {
    pub fn draft(
        id: SelfBilledId,
        created_at: Timestamp,
        supplier: Client,
        mandate: &Mandate,
        content: InvoiceContent,
    ) -> Self {
        let terms = content.terms.unwrap_or_else(|| mandate.terms());
        Self {
            id,
            created_at,
            kind: Kind::SelfBilled,
            supplier: unnamed(supplier),
            code: mandate.code.clone(),
            vat_regime: mandate.vat_regime,
            words: content.words,
            payment_days: terms.payment_days,
            day_count: terms.day_count,
            supplied_on: content.supplied_on,
            operations: content.operations,
            purchase_order: content.purchase_order,
            exchange: content.exchange,
            priced: content.priced,
            origin: None,
            issued: None,
        }
    }

    pub fn number(&self) -> Option<&str> {
        self.issued.as_ref().map(|issued| issued.number.as_str())
    }

    pub fn is_credit_note(&self) -> bool {
        self.kind == Kind::SelfBilledCreditNote
    }

    pub fn terms(&self) -> Terms {
        Terms { payment_days: self.payment_days, day_count: self.day_count }
    }

    pub fn status(&self) -> Status {
        match &self.issued {
            None => Status::Draft,
            Some(issued) if !self.is_credit_note() && self.left(issued).is_nothing() => Status::Cancelled,
            Some(Issued { paid: Some(_), .. }) => Status::Paid,
            Some(Issued { accepted_on: Some(_), .. }) => Status::Accepted,
            Some(Issued { contested: Some(_), .. }) => Status::Contested,
            Some(_) => Status::Issued,
        }
    }

    /// What is owed for it: less what credit notes gave back.
    pub fn owed(&self) -> Minor {
        let credited = self.issued.iter().flat_map(|issued| &issued.credits).map(|credit| credit.gross_minor.0).sum();
        Minor(self.priced.totals.gross_minor.0).checked_sub(Minor(credited)).unwrap_or_default()
    }

    fn left(&self, issued: &Issued) -> Left {
        Left::of(&self.priced, issued.credits.iter().map(|credit| &credit.taken))
    }

    /// What of it is not credited yet; of a draft nothing can be.
    pub fn left_to_credit(&self) -> Result<Left> {
        let issued = self.must_be_issued_invoice()?;
        let left = self.left(issued);
        if left.is_nothing() { Err(Error::Conflict(Conflict::AlreadyCredited)) } else { Ok(left) }
    }

    pub fn must_be_draft(&self) -> Result<()> {
        if self.issued.is_none() { Ok(()) } else { Err(Error::Conflict(Conflict::AlreadyIssued)) }
    }

    /// Nobody contests, pays or credits a credit note.
    pub fn must_be_issued_invoice(&self) -> Result<&Issued> {
        match &self.issued {
            _ if self.is_credit_note() => Err(Error::NotFound),
            Some(issued) => Ok(issued),
            None => Err(Error::Conflict(Conflict::NotIssued)),
        }
    }

    pub fn issued(&self, number: String, supplier: Client, today: Date) -> Result<Self> {
        self.must_be_draft()?;
        let issued = Issued {
            number,
            on: today,
            due_on: Some(self.terms().due_on(today)),
            contested: None,
            accepted_on: None,
            paid: None,
            credits: Vec::new(),
        };
        Ok(Self { supplier: unnamed(supplier), issued: Some(issued), ..self.clone() })
    }

    fn with(&self, issued: Issued) -> Self {
        Self { issued: Some(issued), ..self.clone() }
    }

    pub fn contested(&self, input: &ContestInput, today: Date) -> Result<Self> {
        let issued = self.must_be_issued_invoice()?;
        match self.status() {
            Status::Cancelled => return Err(Error::Conflict(Conflict::AlreadyCredited)),
            Status::Paid => return Err(Error::Conflict(Conflict::AlreadyPaid)),
            Status::Accepted => return Err(Error::Conflict(Conflict::SelfBilledAccepted)),
            Status::Draft | Status::Issued | Status::Contested => {}
        }
        let reason = legal::required(&input.reason, 1_000).map_err(|rule| Error::field("/reason", rule))?;
        Ok(self.with(Issued { contested: Some(Contested { on: today, reason }), ..issued.clone() }))
    }

    /// Whatever was contested is settled by it.
    pub fn accepted(&self, today: Date) -> Result<Self> {
        let issued = self.must_be_issued_invoice()?;
        match self.status() {
            Status::Cancelled => Err(Error::Conflict(Conflict::AlreadyCredited)),
            _ if issued.accepted_on.is_some() => Err(Error::Conflict(Conflict::SelfBilledAccepted)),
            _ => Ok(self.with(Issued { accepted_on: Some(today), ..issued.clone() })),
        }
    }

    pub fn paid(&self, input: &PaidInput, today: Date) -> Result<Self> {
        let issued = self.must_be_issued_invoice()?;
        match self.status() {
            Status::Cancelled => return Err(Error::Conflict(Conflict::AlreadyCredited)),
            Status::Paid => return Err(Error::Conflict(Conflict::AlreadyPaid)),
            Status::Contested => return Err(Error::Conflict(Conflict::SelfBilledContested)),
            Status::Draft | Status::Issued | Status::Accepted => {}
        }
        let mut wrong = Violations::default();
        let on = match input.paid_on.trim() {
            "" => Err(Rule::Required),
            typed => legal::date(typed).and_then(|on| match on {
                on if on > today => Err(Rule::After { date: text::short_date(today) }),
                on => Ok(on),
            }),
        };
        let on = wrong.take("/paid_on", on);
        // Between businesses.
        let cash = Cash { limit: legal::cash_limit(today), taken: Minor::ZERO };
        let lawful = Method::named(&input.method)
            .and_then(|method| method.must_be_lawful(self.owed(), self.priced.currency, cash).map(|()| method));
        let method = wrong.take("/method", lawful);
        let reference = wrong.take("/reference", legal::optional(&input.reference, |text| legal::text(text, 100)));
        let (Some(on), Some(method), Some(reference)) = (on, method, reference) else { return Err(wrong.into()) };
        Ok(self.with(Issued { paid: Some(Paid { on, method, reference }), ..issued.clone() }))
    }

    /// It was not, after all.
    pub fn unpaid(&self) -> Result<Self> {
        let issued = self.must_be_issued_invoice()?;
        if issued.paid.is_none() {
            return Err(Error::Conflict(Conflict::SelfBilledNotPaid));
        }
        Ok(self.with(Issued { paid: None, ..issued.clone() }))
    }

    /// What is credited of it: why, the parts, and what the invoice will remember.
    pub fn creditable(&self, input: &CreditInput) -> Result<(String, Priced, Taken)> {
        let left = self.left_to_credit()?;
        let issued = self.must_be_issued_invoice()?;
        let mut wrong = Violations::default();
        let reason = wrong.take("/reason", legal::required(&input.reason, 500));
        let parts = portion::parse(&input.lines, &self.priced, &left, "Remise accordée", &mut wrong);
        let known: usize = issued.credits.iter().map(|credit| credit.taken.lines.len()).sum();
        if issued.credits.len() >= CREDITS_MAX || known + parts.len() > CREDITED_LINES_MAX {
            wrong.add("/lines", Rule::TooMany { max: CREDITED_LINES_MAX });
        }
        // What is issued in a supplier's name brings no files of ours.
        if !input.attachments.is_empty() {
            wrong.add("/attachments", Rule::TooManyFiles { max: 0 });
        }
        let (Some(reason), true) = (reason, wrong.is_empty()) else { return Err(wrong.into()) };
        let priced = portion::add_up(&self.priced, &left, &parts).map_err(Error::internal)?;
        let taken = portion::taken(parts, priced.vat.clone());
        Ok((reason, priced, taken))
    }

    /// With one more credit note.
    pub fn credited(&self, credit: SupplierCredit) -> Result<Self> {
        let issued = self.must_be_issued_invoice()?;
        let credits = issued.credits.iter().cloned().chain([credit]).collect();
        Ok(self.with(Issued { credits, ..issued.clone() }))
    }

    /// A credit note on this invoice, issued as it is made.
    pub fn credit_note(
        &self,
        id: SelfBilledId,
        created_at: Timestamp,
        number: String,
        today: Date,
        reason: String,
        priced: Priced,
    ) -> Result<Self> {
        let issued = self.must_be_issued_invoice()?;
        Ok(Self {
            id,
            created_at,
            kind: Kind::SelfBilledCreditNote,
            words: Words { subject: self.words.subject.clone(), introduction: Some(reason), conditions: None },
            supplied_on: Some(self.supplied_on.unwrap_or(issued.on)),
            priced,
            origin: Some(Origin { invoice: self.id, number: issued.number.clone(), issued_on: issued.on }),
            issued: Some(Issued {
                number,
                on: today,
                due_on: None,
                contested: None,
                accepted_on: None,
                paid: None,
                credits: Vec::new(),
            }),
            ..self.clone()
        })
    }
}

/// Neither a person nor who takes care of them stands on what is issued in a supplier's name.
fn unnamed(mut supplier: Client) -> Client {
    supplier.reference.contact = None;
    supplier
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use ulid::Ulid;

    use super::*;
    use crate::self_billing::mandate::tests::{mandate, supplier};

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    fn input(vat: &str) -> SelfBilledInput {
        let line = LineInput {
            description: "Pose".into(),
            quantity: "2".into(),
            unit_price: "100".into(),
            vat_percent: vat.into(),
            ..LineInput::blank(VatRegime::Normal)
        };
        SelfBilledInput { operations: "services".into(), lines: vec![line], ..SelfBilledInput::default() }
    }

    fn organization() -> OrganizationReference {
        // Whoever buys is under the franchise: only the supplier's regime counts.
        OrganizationReference {
            vat_regime: VatRegime::Franchise,
            ..OrganizationReference::new(OrganizationId::from_ulid(Ulid(1)), "Atelier".into())
        }
    }

    fn issued() -> SelfBilled {
        let content = input("20").parse(&organization(), VatRegime::Normal, TODAY).unwrap();
        let supplier = Client { reference: supplier(), seen: 1 };
        let id = SelfBilledId::from_ulid(Ulid(3));
        let draft = SelfBilled::draft(id, Timestamp::UNIX_EPOCH, supplier.clone(), &mandate(), content);
        assert_eq!(draft.status(), Status::Draft);
        draft.issued("AF-DUPONT-2026-0001".into(), supplier, TODAY).unwrap()
    }

    #[test]
    fn rates_follow_the_regime_of_the_supplier() {
        assert!(input("20").parse(&organization(), VatRegime::Normal, TODAY).is_ok());
        assert!(input("20").parse(&organization(), VatRegime::Franchise, TODAY).is_err());
        let franchise = input("0").parse(&organization(), VatRegime::Franchise, TODAY).unwrap();
        assert_eq!(franchise.priced.totals.tax_minor, Minor::ZERO);
        let mut of_ours = input("20");
        of_ours.lines[0].product_id = "prd_00000000000000000000000001".into();
        let wrong = of_ours.parse(&organization(), VatRegime::Normal, TODAY).err().unwrap();
        assert_eq!(wrong.iter().next().unwrap().pointer, "/lines/0/product_id");
    }

    #[test]
    fn what_is_contested_is_paid_once_it_is_settled() {
        let invoice = issued();
        let paid = PaidInput { paid_on: "2026-11-22".into(), method: "bank_transfer".into(), ..PaidInput::default() };
        let contested = invoice.contested(&ContestInput { reason: "Deux jours, pas trois".into() }, TODAY).unwrap();
        assert_eq!(contested.status(), Status::Contested);
        assert!(matches!(contested.paid(&paid, TODAY), Err(Error::Conflict(Conflict::SelfBilledContested))));
        let accepted = contested.accepted(TODAY).unwrap();
        assert_eq!(accepted.status(), Status::Accepted);
        assert!(accepted.contested(&ContestInput { reason: "Encore".into() }, TODAY).is_err());
        let paid = accepted.paid(&paid, TODAY).unwrap();
        assert_eq!(paid.status(), Status::Paid);
        assert_eq!(paid.unpaid().unwrap().status(), Status::Accepted);
        assert!(invoice.unpaid().is_err());
    }

    #[test]
    fn all_of_it_given_back_cancels_it() {
        let invoice = issued();
        let (reason, priced, taken) =
            invoice.creditable(&CreditInput { reason: "Erreur".into(), ..CreditInput::default() }).unwrap();
        let gross_minor = priced.totals.gross_minor;
        let id = SelfBilledId::from_ulid(Ulid(4));
        let number = series_of(Kind::SelfBilledCreditNote, "DUPONT") + "-2026-0001";
        let note = invoice.credit_note(id, Timestamp::UNIX_EPOCH, number.clone(), TODAY, reason, priced).unwrap();
        assert_eq!((note.number(), note.status()), (Some("AFA-DUPONT-2026-0001"), Status::Issued));
        assert!(note.accepted(TODAY).is_err() && note.left_to_credit().is_err());
        let credited = invoice.credited(SupplierCredit { note: id, number, on: TODAY, gross_minor, taken }).unwrap();
        assert_eq!((credited.status(), credited.owed()), (Status::Cancelled, Minor::ZERO));
        assert!(credited.creditable(&CreditInput { reason: "Encore".into(), ..CreditInput::default() }).is_err());
    }
}
