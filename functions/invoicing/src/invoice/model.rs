//! What an invoice is. Whether it is issued, how far it is paid and whether it is late are three questions, each
//! with its own answer. Pure.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor, Result, Rule, Violations,
    document::{AttachedFile, ExchangeRate, Kind, Operations, Preceding, Situation},
    error::Conflict,
    event::About,
    id::{InvoiceId, ProductId, QuoteId, RemittanceId, TimeEntryId},
    legal,
    pricing::{Discount, Priced},
    reference::OrganizationReference,
    terms::{self, DayCount, Terms},
};
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    content::{ExchangeInput, LineInput, PricedInput, Words, typed_discount, typed_exchange},
    credit_note::Credit,
    interest::{Claim, InterestOf},
    payment::{Cash, Method, Payment, PaymentKind},
    quote::Quote,
    recurring::Recurred,
    reminder::{Pause, Proposal, Reminded, first_look},
};

/// The prefix of its numbers: `FAC-2026-0001`, `ACO-2026-0001`.
pub const fn series_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Deposit => "ACO",
        _ => "FAC",
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceInput {
    /// `com_…`
    pub client_id: String,
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub introduction: String,
    #[serde(default)]
    pub conditions: String,
    /// Days until it is due: for a business in France at most 60, or 45 with the end of the month (C. com. L441-10).
    /// Empty for the terms of the client, or of the organization.
    #[serde(default)]
    pub payment_days: String,
    /// `from_issue` (which an empty text means too), `then_end_of_month` or `from_end_of_month`.
    #[serde(default)]
    pub day_count: String,
    /// `YYYY-MM-DD`; empty for the day of issue.
    #[serde(default)]
    pub supplied_on: String,
    /// `goods`, `services` or `mixed`.
    #[serde(default = "services")]
    pub operations: String,
    /// The client's order number.
    #[serde(default)]
    pub purchase_order: String,
    /// Off the whole, per cent: `5`.
    #[serde(default)]
    pub discount_percent: String,
    /// Off the whole, in money; not beside one in per cent.
    #[serde(default)]
    pub discount_amount: String,
    /// `domestic`, `reverse_charge`, `intra_union_goods`, `intra_union_services`, `export`, `outside_scope`,
    /// `margin_second_hand`, `margin_art`, `margin_antiques` or `margin_travel`.
    #[serde(default)]
    pub vat_treatment: String,
    /// Euro for one unit of the currency, as the European Central Bank published it: at most 8 decimals. Wanted before
    /// an invoice that charges VAT is issued in a currency without a parity to the euro.
    #[serde(default)]
    pub exchange_rate: String,
    /// The day of that rate, `YYYY-MM-DD`, not after today.
    #[serde(default)]
    pub exchange_on: String,
    /// Empty for an invoice that was made of a quote: its lines stay as they were taken.
    #[serde(default)]
    pub lines: Vec<LineInput>,
}

fn services() -> String {
    operations_name(Operations::Services).into()
}

pub const OPERATIONS: [(Operations, &str); 3] = [
    (Operations::Services, "Prestation de services"),
    (Operations::Goods, "Livraison de biens"),
    (Operations::Mixed, "Biens et services"),
];

pub const fn operations_name(operations: Operations) -> &'static str {
    match operations {
        Operations::Goods => "goods",
        Operations::Services => "services",
        Operations::Mixed => "mixed",
    }
}

/// The content of an invoice whose fields are right.
pub struct InvoiceContent {
    pub words: Words,
    /// None for those of the client, or the organization's.
    pub terms: Option<Terms>,
    pub usual_terms: Terms,
    pub supplied_on: Option<Date>,
    pub operations: Operations,
    pub purchase_order: Option<String>,
    pub exchange: Option<ExchangeRate>,
    pub priced: Priced,
}

impl InvoiceInput {
    /// `kept` are the lines of an invoice that was made of a quote; it brings no others.
    pub fn parse(
        &self,
        organization: &OrganizationReference,
        today: Date,
        kept: Option<&Priced>,
    ) -> Result<InvoiceContent, Violations> {
        let mut wrong = Violations::default();
        let words = Words::parse(&self.subject, &self.introduction, &self.conditions, &mut wrong);
        let terms = Terms::parse(&self.payment_days, &self.day_count, &mut wrong);
        let supplied_on = wrong.take("/supplied_on", supplied_on(&self.supplied_on));
        let operations = wrong.take(
            "/operations",
            OPERATIONS
                .into_iter()
                .find(|(operations, _)| operations_name(*operations) == self.operations)
                .map(|(operations, _)| operations)
                .ok_or(Rule::NotAChoice),
        );
        let purchase_order =
            wrong.take("/purchase_order", legal::optional(&self.purchase_order, |text| legal::text(text, 50)));
        let exchange = ExchangeInput { rate: &self.exchange_rate, on: &self.exchange_on };
        let exchange = exchange.parse(organization.currency, today, &mut wrong);
        let input = PricedInput {
            lines: &self.lines,
            discount_percent: &self.discount_percent,
            discount_amount: &self.discount_amount,
            vat_treatment: &self.vat_treatment,
        };
        let priced = match kept {
            None => input.parse(organization, today, &mut wrong),
            Some(kept) if self.lines.is_empty() => Some(kept.clone()),
            Some(_) => {
                wrong.add("/lines", Rule::TakenFromQuote);
                None
            }
        };
        match (supplied_on, operations, purchase_order, priced, wrong.is_empty()) {
            (Some(supplied_on), Some(operations), Some(purchase_order), Some(priced), true) => Ok(InvoiceContent {
                words,
                terms,
                usual_terms: organization.terms(),
                supplied_on,
                operations,
                purchase_order,
                exchange,
                priced,
            }),
            _ => Err(wrong),
        }
    }

    pub fn of(invoice: &Invoice) -> Self {
        let (discount_percent, discount_amount) = typed_discount(&invoice.priced);
        let (exchange_rate, exchange_on) = typed_exchange(invoice.exchange);
        Self {
            client_id: invoice.client.reference.id.to_string(),
            subject: invoice.words.subject.clone().unwrap_or_default(),
            introduction: invoice.words.introduction.clone().unwrap_or_default(),
            conditions: invoice.words.conditions.clone().unwrap_or_default(),
            payment_days: invoice.payment_days.to_string(),
            day_count: invoice.day_count.name().into(),
            supplied_on: invoice.supplied_on.map(|on| on.to_string()).unwrap_or_default(),
            operations: operations_name(invoice.operations).into(),
            purchase_order: invoice.purchase_order.clone().unwrap_or_default(),
            discount_percent,
            discount_amount,
            vat_treatment: invoice.priced.treatment.name().into(),
            exchange_rate,
            exchange_on,
            lines: match invoice.kept() {
                Some(_) => Vec::new(),
                None => invoice.priced.lines.iter().map(|line| LineInput::of(line, invoice.priced.currency)).collect(),
            },
        }
    }
}

fn supplied_on(text: &str) -> Result<Option<Date>, Rule> {
    if text.trim().is_empty() { Ok(None) } else { legal::date(text.trim()).map(Some) }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    pub id: InvoiceId,
    pub created_at: Timestamp,
    /// An invoice, a deposit, or one that takes the place of another.
    #[serde(default = "ordinary")]
    pub kind: Kind,
    pub client: Client,
    pub words: Words,
    pub payment_days: u16,
    #[serde(default, skip_serializing_if = "DayCount::is_from_issue")]
    pub day_count: DayCount,
    pub supplied_on: Option<Date>,
    pub operations: Operations,
    pub purchase_order: Option<String>,
    pub priced: Priced,
    /// What its VAT is converted into euro at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeRate>,
    pub quote: Option<QuoteId>,
    pub quote_number: Option<String>,
    /// The deposits that it deducts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deducts: Vec<Deduction>,
    /// A deposit: what of it each invoice deducts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deducted_in: BTreeMap<InvoiceId, Minor>,
    /// Of the progress of a quote: which situation it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub situation: Option<Situation>,
    /// The time that it invoices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time: Vec<TimeEntryId>,
    /// The recurring invoice that it is one of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurred: Option<Recurred>,
    /// A corrective invoice: the one that it replaces.
    pub corrects: Option<Corrected>,
    /// It asks for the interest of another that was paid late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_of: Option<InterestOf>,
    /// The files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
    /// Absent while it is a draft.
    pub issued: Option<Issued>,
}

/// What a corrective invoice replaces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    pub invoice: InvoiceId,
    pub number: String,
    pub issued_on: Date,
    /// What was paid on it when it was replaced.
    #[serde(default, skip_serializing_if = "Minor::is_zero")]
    pub paid_minor: Minor,
}

/// The corrective invoice that took the place of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replacement {
    pub invoice: InvoiceId,
    pub number: String,
    pub on: Date,
}

fn ordinary() -> Kind {
    Kind::Invoice
}

/// A deposit, as the final invoice deducts it: all taxes included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deduction {
    pub invoice: InvoiceId,
    pub number: String,
    pub issued_on: Date,
    pub amount_minor: Minor,
}

impl Deduction {
    /// As the document names it.
    pub fn preceding(&self) -> Preceding {
        Preceding { number: self.number.clone(), issued_on: self.issued_on, deducted_minor: Some(self.amount_minor) }
    }
}

/// What issuing adds, and what happens to an issued invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    pub number: String,
    pub on: Date,
    pub due_on: Date,
    pub paid_minor: Minor,
    /// What of that came in cash.
    #[serde(default, skip_serializing_if = "Minor::is_zero")]
    pub cash_minor: Minor,
    /// What was given back of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
    /// A corrective invoice took its place: nothing of it is owed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Replacement>,
    /// The products that it took out of stock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stocked: Vec<ProductId>,
    /// The day on which the clock found it late.
    pub overdue_since: Option<Date>,
    /// How many reminders were sent.
    pub reminders: u8,
    /// When the clock is to look at it again.
    pub look_on: Option<Date>,
    /// The direct debit that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debit: Option<PlannedDebit>,
    /// Somebody may be paying it by card.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_checkout: bool,
    /// The levels of the schedule that were dealt with, as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminded: Vec<Reminded>,
    /// The level that waits for somebody's yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposal>,
    /// Nothing leaves by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// The days of its lateness that were asked for, by the invoice that asks for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub interest: BTreeMap<InvoiceId, Claim>,
}

/// A direct debit that was announced to the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedDebit {
    pub remittance: RemittanceId,
    pub on: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    Unpaid,
    PartlyPaid,
    Paid,
}

impl PaymentStatus {
    pub fn of(gross: Minor, paid: Minor) -> Self {
        if paid >= gross {
            Self::Paid
        } else if paid > Minor::ZERO {
            Self::PartlyPaid
        } else {
            Self::Unpaid
        }
    }
}

/// Late from the day after the due date until it is paid.
pub fn late(due_on: Date, status: PaymentStatus, today: Date) -> bool {
    status != PaymentStatus::Paid && due_on < today
}

impl Invoice {
    /// What deposits paid in advance.
    pub fn deducted_minor(&self) -> Minor {
        Minor(self.deducts.iter().map(|deduction| deduction.amount_minor.0).sum())
    }

    /// What is to be paid: less deposits and credit notes.
    pub fn owed(&self) -> Minor {
        if self.replaced_by().is_some() {
            return Minor::ZERO;
        }
        let credited = self.issued.as_ref().map(Issued::credited_minor).unwrap_or_default();
        Minor(self.priced.totals.gross_minor.0 - self.deducted_minor().0 - credited.0)
    }

    pub fn terms(&self) -> Terms {
        Terms { payment_days: self.payment_days, day_count: self.day_count }
    }

    /// Terms longer than C. com. L441-10 lets its client be given are refused.
    pub fn must_have_lawful_terms(&self, today: Date) -> Result<()> {
        let lawful = self.terms().are_lawful_with(&self.client.reference, today);
        lawful.map_err(|rule| Error::field("/payment_days", rule))
    }

    pub fn replaced_by(&self) -> Option<&Replacement> {
        self.issued.as_ref()?.replaced_by.as_ref()
    }

    /// What its document refers to: what it replaces, with what was paid on that, and the deposits that it deducts.
    pub fn preceding(&self) -> Vec<Preceding> {
        let due = Minor(self.priced.totals.gross_minor.0 - self.deducted_minor().0);
        let replaced = self.corrects.iter().map(|original| Preceding {
            number: original.number.clone(),
            issued_on: original.issued_on,
            deducted_minor: Some(original.paid_minor.min(due)).filter(|paid| *paid > Minor::ZERO),
        });
        replaced.chain(self.deducts.iter().map(Deduction::preceding)).collect()
    }

    /// What is still to be paid; negative where more was paid than is owed.
    pub fn balance(&self) -> Minor {
        Minor(self.owed().0 - self.issued.as_ref().map(|issued| issued.paid_minor.0).unwrap_or_default())
    }

    /// What people are told of it, with an amount of its own.
    pub fn about(&self, amount: Minor) -> About {
        let label = self.issued.as_ref().map(|issued| issued.number.clone());
        About { label, client: Some(self.client.reference.id), ..About::default() }.worth(amount, self.priced.currency)
    }

    pub fn payment_status(&self) -> PaymentStatus {
        PaymentStatus::of(self.owed(), self.issued.as_ref().map(|issued| issued.paid_minor).unwrap_or_default())
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.issued.as_ref().is_some_and(|issued| late(issued.due_on, self.payment_status(), today))
    }

    pub fn draft(id: InvoiceId, created_at: Timestamp, client: Client, content: InvoiceContent) -> Self {
        let terms = content.terms.or(client.reference.terms).unwrap_or(content.usual_terms);
        Self {
            id,
            created_at,
            kind: Kind::Invoice,
            client,
            words: content.words,
            payment_days: terms.payment_days,
            day_count: terms.day_count,
            supplied_on: content.supplied_on,
            operations: content.operations,
            purchase_order: content.purchase_order,
            priced: content.priced,
            exchange: content.exchange,
            quote: None,
            quote_number: None,
            deducts: Vec::new(),
            time: Vec::new(),
            recurred: None,
            deducted_in: BTreeMap::new(),
            situation: None,
            corrects: None,
            interest_of: None,
            attachments: Vec::new(),
            issued: None,
        }
    }

    /// Of what was taken of a quote. The files of the quote are the quote's: its invoice has its own.
    pub fn from_quote(
        id: InvoiceId,
        created_at: Timestamp,
        quote: &Quote,
        client: Client,
        priced: Priced,
        terms: Terms,
    ) -> Self {
        Self {
            id,
            created_at,
            kind: Kind::Invoice,
            client,
            words: quote.words.clone(),
            payment_days: terms.payment_days,
            day_count: terms.day_count,
            supplied_on: None,
            operations: Operations::Services,
            purchase_order: None,
            priced,
            exchange: None,
            quote: Some(quote.id),
            quote_number: quote.number.clone(),
            deducts: Vec::new(),
            time: Vec::new(),
            recurred: None,
            deducted_in: BTreeMap::new(),
            situation: None,
            corrects: None,
            interest_of: None,
            attachments: Vec::new(),
            issued: None,
        }
    }

    /// A draft that is to take the place of this one, with the same content and the same files.
    pub fn correction(&self, id: InvoiceId, created_at: Timestamp, client: Client) -> Result<Self> {
        let issued = self.must_be_correctable()?;
        // Of a part of a quote, the share of its discount is known in money. The amounts stay as they are until they are
        // written anew.
        let priced = Priced { discount: self.typed_discount(), ..self.priced.clone() };
        let content = InvoiceContent {
            words: self.words.clone(),
            terms: Some(self.terms()),
            usual_terms: self.terms(),
            supplied_on: Some(self.supplied_on.unwrap_or(issued.on)),
            operations: self.operations,
            purchase_order: self.purchase_order.clone(),
            exchange: self.exchange,
            priced,
        };
        let corrects = Corrected {
            invoice: self.id,
            number: issued.number.clone(),
            issued_on: issued.on,
            paid_minor: Minor::ZERO,
        };
        Ok(Self {
            kind: Kind::Corrective,
            quote_number: self.quote_number.clone(),
            deducts: self.deducts.clone(),
            corrects: Some(corrects),
            attachments: self.attachments.clone(),
            ..Self::draft(id, created_at, client, content)
        })
    }

    /// In its place comes a corrective invoice. What was paid on it is a credit of its client from then on.
    pub fn replaced(&self, by: Replacement) -> Result<Self> {
        let issued = self.must_be_correctable()?;
        let issued = Issued { replaced_by: Some(by), look_on: None, ..issued.clone() };
        Ok(Self { issued: Some(issued), ..self.clone() })
    }

    /// Issued, and not corrected in another way.
    fn must_be_correctable(&self) -> Result<&Issued> {
        let issued = self.must_stand()?;
        if self.interest_of.is_some() {
            return Err(Error::Conflict(Conflict::InterestFromInvoice));
        }
        match (self.kind, issued.credits.is_empty()) {
            (Kind::Deposit, _) => Err(Error::Conflict(Conflict::DepositNotCorrectable)),
            (_, false) => Err(Error::Conflict(Conflict::InvoiceCredited)),
            (_, true) => Ok(issued),
        }
    }

    /// Issued, and not replaced.
    pub fn must_stand(&self) -> Result<&Issued> {
        let issued = self.must_be_issued()?;
        if issued.replaced_by.is_some() { Err(Error::Conflict(Conflict::InvoiceReplaced)) } else { Ok(issued) }
    }

    /// What is taken off the whole; of a part of a quote, its share of that, in money.
    fn typed_discount(&self) -> Option<Discount> {
        let share = Some(self.priced.allowances_minor()).filter(|share| !share.is_zero()).map(Discount::Amount);
        self.priced.discount.or(share)
    }

    /// A draft with the content of this one, of whatever state; neither its order nor the day of supply, nor its files, which
    /// may be for its client alone.
    pub fn copied(&self, id: InvoiceId, created_at: Timestamp, client: Client) -> Result<Self> {
        if self.kind == Kind::Deposit {
            return Err(Error::Conflict(Conflict::DepositFromQuote));
        }
        if self.interest_of.is_some() {
            return Err(Error::Conflict(Conflict::InterestFromInvoice));
        }
        let Priced { currency, treatment, ref lines, .. } = self.priced;
        let discount = self.typed_discount();
        let priced = Priced::add_up(currency, treatment, lines.clone(), discount).map_err(Error::internal)?;
        let content = InvoiceContent {
            words: self.words.clone(),
            terms: Some(self.terms()),
            usual_terms: self.terms(),
            supplied_on: None,
            operations: self.operations,
            purchase_order: None,
            exchange: None,
            priced,
        };
        Ok(Self::draft(id, created_at, client, content))
    }

    pub fn edited(&self, client: Client, content: InvoiceContent) -> Result<Self> {
        self.must_be_draft()?;
        // Money does not move between clients.
        let has_origin = self.corrects.is_some() || self.interest_of.is_some();
        if has_origin && client.reference.id != self.client.reference.id {
            return Err(Error::field("/client_id", Rule::SameClient));
        }
        Ok(Self {
            kind: self.kind,
            quote: self.quote,
            quote_number: self.quote_number.clone(),
            deducts: self.deducts.clone(),
            time: self.time.clone(),
            recurred: self.recurred,
            corrects: self.corrects.clone(),
            interest_of: self.interest_of.clone(),
            situation: self.situation,
            attachments: self.attachments.clone(),
            ..Self::draft(self.id, self.created_at, client, content)
        })
    }

    /// Issues it for good: no edit, no deletion after this (CGI ann. II art. 242 nonies A).
    pub fn issued(&self, number: String, client: Client, today: Date) -> Result<Self> {
        self.must_be_draft()?;
        if self.terms().are_lawful_with(&client.reference, today).is_err() {
            return Err(Error::Conflict(Conflict::TermsUnlawful));
        }
        let due_on = self.terms().due_on(today);
        let is_due = self.owed() > Minor::ZERO;
        let look_on = if is_due { first_look(today, due_on) } else { None };
        let issued = Issued {
            number,
            on: today,
            due_on,
            paid_minor: Minor::ZERO,
            cash_minor: Minor::ZERO,
            credits: Vec::new(),
            replaced_by: None,
            stocked: Vec::new(),
            overdue_since: None,
            reminders: 0,
            look_on,
            debit: None,
            in_checkout: false,
            reminded: Vec::new(),
            proposed: None,
            pause: None,
            interest: BTreeMap::new(),
        };
        Ok(Self { client, issued: Some(issued), ..self.clone() })
    }

    /// Takes a payment: of at most what is due, unless more is expected.
    pub fn paid(&self, amount: Minor, allow_overpayment: bool) -> Result<Self> {
        self.must_stand()?;
        let balance = self.balance();
        if balance <= Minor::ZERO {
            return Err(Error::Conflict(Conflict::AlreadyPaid));
        }
        if amount > balance && !allow_overpayment {
            let due = balance.french(self.priced.currency);
            return Err(Error::field("/amount", Rule::MoreThanDue { due }));
        }
        self.received(amount)
    }

    /// With money that came, however much is due. What is paid nobody is reminded of.
    pub fn received(&self, amount: Minor) -> Result<Self> {
        let issued = self.must_be_issued()?;
        let paid_minor = issued.paid_minor.checked_add(amount).map_err(Error::internal)?;
        let look_on = if amount >= self.balance() { None } else { issued.look_on };
        Ok(Self { issued: Some(Issued { paid_minor, look_on, ..issued.clone() }), ..self.clone() })
    }

    /// What may be paid of it in cash: more by a consumer who lives abroad.
    pub fn cash(&self, today: Date) -> Cash {
        let client = &self.client.reference;
        let lives_abroad = client.address.as_ref().is_some_and(|address| !terms::is_in_france(&address.country));
        let limit = match lives_abroad && !client.is_business {
            true => legal::cash_limit_of_foreign_consumers(today),
            false => legal::cash_limit(today),
        };
        Cash { limit, taken: self.issued.as_ref().map(|issued| issued.cash_minor).unwrap_or_default() }
    }

    /// With what came of it in cash, or did not after all.
    pub fn counting_cash(mut self, payment: &Payment) -> Self {
        let effect = match (payment.method, payment.kind) {
            (Method::Cash, PaymentKind::Received) => payment.amount_minor.0,
            (Method::Cash, PaymentKind::Reversal) => -payment.amount_minor.0,
            _ => return self,
        };
        if let Some(issued) = &mut self.issued {
            issued.cash_minor = Minor(issued.cash_minor.0.saturating_add(effect).max(0));
        }
        self
    }

    /// Gives back to the client of what was paid beyond what is owed.
    pub fn refunded(&self, amount: Minor) -> Result<Self> {
        let issued = self.must_be_issued()?;
        let excess = Minor(-self.balance().0);
        if excess <= Minor::ZERO {
            return Err(Error::Conflict(Conflict::NothingToRefund));
        }
        if amount > excess {
            let due = excess.french(self.priced.currency);
            return Err(Error::field("/amount", Rule::MoreThanDue { due }));
        }
        let paid_minor = issued.paid_minor.checked_sub(amount).map_err(Error::internal)?;
        Ok(Self { issued: Some(Issued { paid_minor, ..issued.clone() }), ..self.clone() })
    }

    /// Without a payment that was not one. What is due again is looked at again.
    pub fn unpaid(&self, amount: Minor, today: Date) -> Result<Self> {
        let issued = self.must_be_issued()?;
        let paid_minor = issued.paid_minor.checked_sub(amount).map_err(Error::internal)?;
        let mut unpaid = Self { issued: Some(Issued { paid_minor, ..issued.clone() }), ..self.clone() };
        let is_due = unpaid.balance() > Minor::ZERO;
        // What was carried over comes back first.
        if is_due {
            self.must_stand()?;
        }
        if let Some(again) = unpaid.issued.as_mut().filter(|again| is_due && again.look_on.is_none()) {
            again.look_on = today.tomorrow().ok();
        }
        Ok(unpaid)
    }

    /// With a direct debit under way, or without one.
    pub fn debited(&self, debit: Option<PlannedDebit>) -> Result<Self> {
        let issued = self.must_be_issued()?;
        Ok(Self { issued: Some(Issued { debit, ..issued.clone() }), ..self.clone() })
    }

    pub fn is_being_debited(&self) -> bool {
        self.issued.as_ref().is_some_and(|issued| issued.debit.is_some())
    }

    /// Without what a payment, or a refund, did to it.
    pub fn without(&self, payment: &Payment, today: Date) -> Result<Self> {
        let effect = payment.effect();
        if effect >= Minor::ZERO { self.unpaid(effect, today) } else { self.received(payment.amount_minor) }
    }

    /// Whether a payment by card is begun, or not any more.
    #[must_use]
    pub fn in_checkout(&self, in_checkout: bool) -> Self {
        let issued = self.issued.as_ref().map(|issued| Issued { in_checkout, ..issued.clone() });
        Self { issued, ..self.clone() }
    }

    /// The clock is to look at it no more. `None` where it does not.
    pub fn unwatched(&self) -> Option<Self> {
        let issued = self.issued.as_ref().filter(|issued| issued.look_on.is_some())?;
        Some(Self { issued: Some(Issued { look_on: None, ..issued.clone() }), ..self.clone() })
    }

    /// With days of its lateness asked for by another invoice.
    pub fn claimed(&self, by: InvoiceId, claim: Claim) -> Result<Self> {
        let mut issued = self.must_be_issued()?.clone();
        issued.interest.insert(by, claim);
        Ok(Self { issued: Some(issued), ..self.clone() })
    }

    /// What was taken of a quote, or computed of a late payment, stays as it was: only its words, its terms and its dates
    /// change.
    pub fn kept(&self) -> Option<&Priced> {
        (self.quote.is_some() || self.interest_of.is_some()).then_some(&self.priced)
    }

    pub fn must_be_draft(&self) -> Result<()> {
        if self.issued.is_none() { Ok(()) } else { Err(Error::Conflict(Conflict::AlreadyIssued)) }
    }

    pub fn must_be_issued(&self) -> Result<&Issued> {
        self.issued.as_ref().ok_or(Error::Conflict(Conflict::NotIssued))
    }
}

#[cfg(test)]
pub mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::client;

    /// An invoice of these lines, issued.
    pub fn issued(priced: Priced) -> Invoice {
        let reference = client::tests::business("Client");
        let content = InvoiceContent {
            words: Words::default(),
            terms: None,
            usual_terms: Terms { payment_days: 30, day_count: DayCount::FromIssue },
            supplied_on: None,
            operations: Operations::Services,
            purchase_order: None,
            exchange: None,
            priced,
        };
        let client = Client { reference, seen: 1 };
        let draft = Invoice::draft(InvoiceId::from_ulid(Ulid(2)), Timestamp::UNIX_EPOCH, client.clone(), content);
        draft.issued("FAC-2026-0001".into(), client, jiff::civil::date(2026, 11, 1)).unwrap()
    }
}
