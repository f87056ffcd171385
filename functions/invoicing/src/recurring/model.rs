//! What a recurring invoice is: the content of an invoice, a rhythm, and how far it has come. Pure.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Error, Minor, Result, Rule, Violations,
    document::{Line, Operations},
    error::Conflict,
    event::{InvoicePlan, PlannedInvoice},
    id::{InvoiceId, RecurringInvoiceId},
    legal,
    pricing::{Priced, Unpriceable, net_of},
    reference::OrganizationReference,
    terms::{DayCount, Terms},
    text::DateFormat,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::rhythm::{Period, PeriodRule, Rhythm, Unit, filled, unknown_placeholder};
use crate::{
    client::Client,
    content::{LineInput, Words, typed_discount},
    invoice::{Invoice, InvoiceContent, InvoiceInput, operations_name},
};

/// The most that one may be made of.
const TIMES_MAX: u32 = 1_000;
/// How many invoices it tells ahead: of each week of more than a quarter. Who sums them up has 100 writes for those it told
/// before and those it tells now.
const PLANNED_MAX: usize = 20;
/// A price has at most so many decimals.
const PRICE_DECIMALS: u32 = 4;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecurringInput {
    /// What each invoice says. Its words may hold `{mois}`, `{année}`, `{trimestre}`, `{période}`, `{début}`, `{fin}` and
    /// `{numéro}`. `supplied_on` stays empty: it follows from the period.
    pub invoice: InvoiceInput,
    /// `weekly`, `monthly`, `quarterly`, `half_yearly` or `yearly`.
    pub rhythm: String,
    /// Every so many of them, 1 to 12; empty for each.
    #[serde(default)]
    pub every: String,
    /// `YYYY-MM-DD`, not in the past: none is made before it.
    pub first_on: String,
    /// 1 to 31, the last day where a month is shorter; empty for that of the first day.
    #[serde(default)]
    pub day_of_month: String,
    /// `YYYY-MM-DD`: none is made after it.
    #[serde(default)]
    pub until: String,
    /// How many are made at most, 1 to 1 000.
    #[serde(default)]
    pub times: String,
    /// `starting`, `ending`, `before`, `after` or `day_to_day`: which period each is for.
    #[serde(default)]
    pub period: String,
    /// `draft`, or `issue`, which also sends it.
    #[serde(default)]
    pub then: String,
    /// By which prices rise at each anniversary of the first day: per cent, 0 to 50, at most 2 decimals.
    #[serde(default)]
    pub yearly_percent: String,
}

/// What becomes of an invoice once it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    Draft,
    Issue,
}

impl Then {
    pub const ALL: [Self; 2] = [Self::Draft, Self::Issue];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Issue => "issue",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Draft => "Créer un brouillon, à relire et à émettre",
            Self::Issue => "Émettre et envoyer automatiquement",
        }
    }
}

/// The content of a recurring invoice whose fields are right.
pub struct RecurringContent {
    pub invoice: InvoiceContent,
    pub plan: Plan,
}

/// When invoices are made, for which period, and what becomes of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub rhythm: Rhythm,
    pub period: PeriodRule,
    pub until: Option<Date>,
    pub times: Option<u32>,
    pub then: Then,
    pub yearly_percent: Decimal,
}

impl RecurringInput {
    /// `kept_first_on` is the first day of one that is edited, which may be past.
    pub fn parse(
        &self,
        organization: &OrganizationReference,
        today: Date,
        kept_first_on: Option<Date>,
    ) -> Result<RecurringContent, Violations> {
        let mut wrong = Violations::default();
        let invoice = match self.invoice.parse(organization, today, None) {
            Ok(invoice) => Some(invoice),
            Err(violations) => {
                for violation in violations.iter() {
                    wrong.add(format!("/invoice{}", violation.pointer), violation.rule.clone());
                }
                None
            }
        };
        if !self.invoice.supplied_on.trim().is_empty() {
            wrong.add("/invoice/supplied_on", Rule::FollowsFromPeriod);
        }
        // Each invoice has the rate of its own day.
        if !(self.invoice.exchange_rate.trim().is_empty() && self.invoice.exchange_on.trim().is_empty()) {
            wrong.add("/invoice/exchange_on", Rule::FollowsFromPeriod);
        }
        self.check_words(&mut wrong);
        let unit = wrong.take("/rhythm", Unit::named(&self.rhythm).ok_or(Rule::NotAChoice));
        let every = wrong.take("/every", whole(&self.every, 1, 12).map(|every| every.unwrap_or(1)));
        let first_on = wrong.take("/first_on", first_on(&self.first_on, today, kept_first_on));
        let day_of_month = wrong.take("/day_of_month", whole(&self.day_of_month, 1, 31));
        let until = wrong.take("/until", until(&self.until, first_on));
        let times = wrong.take("/times", whole(&self.times, 1, TIMES_MAX));
        let period = match self.period.as_str() {
            "" => Some(PeriodRule::Starting),
            name => wrong.take("/period", PeriodRule::named(name).ok_or(Rule::NotAChoice)),
        };
        let then = match self.then.as_str() {
            "" => Some(Then::Draft),
            name => wrong.take("/then", Then::ALL.into_iter().find(|then| then.name() == name).ok_or(Rule::NotAChoice)),
        };
        let yearly_percent = wrong.take("/yearly_percent", percent(&self.yearly_percent));
        match (invoice, unit, every, first_on, day_of_month, until, times, period, then, yearly_percent) {
            (
                Some(invoice),
                Some(unit),
                Some(every),
                Some(first_on),
                Some(day_of_month),
                Some(until),
                Some(times),
                Some(period),
                Some(then),
                Some(yearly_percent),
            ) if wrong.is_empty() => {
                let day_of_month = day_of_month.and_then(|day| i8::try_from(day).ok());
                let every = u8::try_from(every).unwrap_or(1);
                let rhythm = Rhythm { unit, every, first_on, day_of_month };
                Ok(RecurringContent { invoice, plan: Plan { rhythm, period, until, times, then, yearly_percent } })
            }
            _ => Err(wrong),
        }
    }

    /// What no invoice could be filled with is told before one is made.
    fn check_words(&self, wrong: &mut Violations) {
        let invoice = &self.invoice;
        let mut check = |pointer: String, text: &str| {
            if let Some(name) = unknown_placeholder(text) {
                wrong.add(pointer, Rule::UnknownPlaceholder { name: name.chars().take(50).collect() });
            }
        };
        check("/invoice/subject".into(), &invoice.subject);
        check("/invoice/introduction".into(), &invoice.introduction);
        check("/invoice/conditions".into(), &invoice.conditions);
        for (at, line) in invoice.lines.iter().enumerate() {
            check(format!("/invoice/lines/{at}/section"), &line.section);
            check(format!("/invoice/lines/{at}/description"), &line.description);
        }
    }

    /// What an invoice says, repeated.
    pub fn of_invoice(invoice: &Invoice, first_on: Date) -> Self {
        Self {
            invoice: InvoiceInput {
                supplied_on: String::new(),
                exchange_rate: String::new(),
                exchange_on: String::new(),
                purchase_order: String::new(),
                lines: typed_lines(&invoice.priced),
                ..InvoiceInput::of(invoice)
            },
            rhythm: Unit::Monthly.name().into(),
            first_on: first_on.to_string(),
            ..Self::default()
        }
    }

    /// As it is edited: with the prices that the next invoice would have.
    pub fn of(recurring: &RecurringInvoice, today: Date) -> Result<Self> {
        let priced = recurring.priced_on(recurring.next_on().unwrap_or(today)).map_err(Error::internal)?;
        let (discount_percent, discount_amount) = typed_discount(&priced);
        let plan = &recurring.plan;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Ok(Self {
            invoice: InvoiceInput {
                client_id: recurring.client.reference.id.to_string(),
                subject: text(&recurring.words.subject),
                introduction: text(&recurring.words.introduction),
                conditions: text(&recurring.words.conditions),
                payment_days: recurring.terms().payment_days.to_string(),
                day_count: recurring.day_count.name().into(),
                supplied_on: String::new(),
                exchange_rate: String::new(),
                exchange_on: String::new(),
                operations: operations_name(recurring.operations).into(),
                purchase_order: text(&recurring.purchase_order),
                discount_percent,
                discount_amount,
                vat_treatment: priced.treatment.name().into(),
                lines: typed_lines(&priced),
            },
            rhythm: plan.rhythm.unit.name().into(),
            every: plan.rhythm.every.to_string(),
            first_on: plan.rhythm.first_on.to_string(),
            day_of_month: plan.rhythm.day_of_month.map(|day| day.to_string()).unwrap_or_default(),
            until: plan.until.map(|on| on.to_string()).unwrap_or_default(),
            times: plan.times.map(|times| times.to_string()).unwrap_or_default(),
            period: plan.period.name().into(),
            then: plan.then.name().into(),
            yearly_percent: match plan.yearly_percent.is_zero() {
                true => String::new(),
                false => plan.yearly_percent.normalize().to_string(),
            },
        })
    }
}

fn typed_lines(priced: &Priced) -> Vec<LineInput> {
    priced.lines.iter().map(|line| LineInput::of(line, priced.currency)).collect()
}

/// A whole number, or nothing.
fn whole(text: &str, min: u32, max: u32) -> Result<Option<u32>, Rule> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let number: u32 = text.trim().parse().map_err(|_| Rule::NotAWholeNumber)?;
    if (min..=max).contains(&number) {
        Ok(Some(number))
    } else {
        Err(Rule::OutOfRange { min: min.to_string(), max: max.to_string() })
    }
}

fn first_on(text: &str, today: Date, kept: Option<Date>) -> Result<Date, Rule> {
    if text.trim().is_empty() {
        return Err(Rule::Required);
    }
    let date = legal::date(text.trim())?;
    let is_kept = kept == Some(date);
    if date < today && !is_kept { Err(Rule::Before { date: kernel::text::short_date(today) }) } else { Ok(date) }
}

fn until(text: &str, first_on: Option<Date>) -> Result<Option<Date>, Rule> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let date = legal::date(text.trim())?;
    match first_on.filter(|first_on| date < *first_on) {
        Some(first_on) => Err(Rule::Before { date: kernel::text::short_date(first_on) }),
        None => Ok(Some(date)),
    }
}

fn percent(text: &str) -> Result<Decimal, Rule> {
    let text = text.trim().trim_end_matches('%').trim();
    if text.is_empty() { Ok(Decimal::ZERO) } else { legal::decimal(text, 2, Decimal::ZERO, Decimal::from(50)) }
}

/// Other prices from a day on.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecurringPricesInput)]
pub struct PricesInput {
    /// `YYYY-MM-DD`, in the future.
    #[serde(default)]
    pub from: String,
    /// The lines of which the price changes; none to plan nothing any more.
    #[serde(default)]
    pub lines: Vec<LinePriceInput>,
}

#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinePriceInput {
    /// Its position, from 1.
    pub line: usize,
    /// Net of VAT, at most 4 decimals.
    pub unit_price: String,
}

/// Prices that take the place of those of the lines from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewPrices {
    pub from: Date,
    /// One for each line; none where it stays.
    pub unit_prices: Vec<Option<Decimal>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecurringInvoiceStatus)]
pub enum Status {
    Active,
    Paused,
    /// For good.
    Stopped,
    /// All were made.
    Finished,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecurringInvoice {
    pub id: RecurringInvoiceId,
    pub created_at: Timestamp,
    /// Without the name and address of a person: each invoice is addressed afresh.
    pub client: Client,
    pub words: Words,
    pub payment_days: u16,
    #[serde(default, skip_serializing_if = "DayCount::is_from_issue")]
    pub day_count: DayCount,
    pub operations: Operations,
    pub purchase_order: Option<String>,
    pub priced: Priced,
    /// Since when the prices of the lines hold: anniversaries after it raise them.
    pub priced_since: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_prices: Option<NewPrices>,
    pub plan: Plan,
    pub status: Status,
    /// The place of the next occurrence in the rhythm, from 0.
    pub next: u32,
    /// How many were made.
    pub made: u32,
    /// The last one made stayed a draft for this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<Conflict>,
}

/// One invoice of a recurring one, beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    pub recurring: RecurringInvoiceId,
    /// From 1, in the order in which they were made.
    pub number: u32,
    pub invoice: InvoiceId,
    /// The day of the rhythm; the invoice may have been made later.
    pub due_on: Date,
    pub made_on: Date,
    pub period: Period,
    pub gross_minor: Minor,
    /// Of the invoice, once it is issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_number: Option<String>,
    /// Why it stayed a draft although it was to be issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<Conflict>,
    /// Its draft was deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_deleted: bool,
}

/// Of which recurring invoice an invoice is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurred {
    pub recurring: RecurringInvoiceId,
    pub number: u32,
}

/// The recurring invoice keeps no name and address of a person: an erasure has nothing to look for in it.
fn without_person(client: Client) -> Client {
    let mut client = client;
    (client.reference.contact, client.reference.email) = (None, None);
    client
}

impl RecurringInvoice {
    pub fn terms(&self) -> Terms {
        Terms { payment_days: self.payment_days, day_count: self.day_count }
    }

    /// Terms longer than C. com. L441-10 lets its client be given are refused when they are planned, not when the clock
    /// issues.
    pub fn must_have_lawful_terms(&self, today: Date) -> Result<()> {
        let lawful = self.terms().are_lawful_with(&self.client.reference, today);
        lawful.map_err(|rule| Error::field("/invoice/payment_days", rule))
    }

    pub fn new(id: RecurringInvoiceId, created_at: Timestamp, client: Client, content: RecurringContent) -> Self {
        let RecurringContent { invoice, plan } = content;
        let terms = invoice.terms.or(client.reference.terms).unwrap_or(invoice.usual_terms);
        Self {
            id,
            created_at,
            client: without_person(client),
            words: invoice.words,
            payment_days: terms.payment_days,
            day_count: terms.day_count,
            operations: invoice.operations,
            purchase_order: invoice.purchase_order,
            priced: invoice.priced,
            priced_since: plan.rhythm.first_on,
            new_prices: None,
            plan,
            status: Status::Active,
            next: 0,
            made: 0,
            held_back: None,
        }
    }

    /// The day of the occurrence at this place of the rhythm, unless it ends before.
    fn on(&self, index: u32) -> Option<Date> {
        let is_over = self.plan.times.is_some_and(|times| self.made >= times);
        let date = self.plan.rhythm.date(index).filter(|_| !is_over)?;
        self.plan.until.is_none_or(|until| date <= until).then_some(date)
    }

    /// When the next one comes; none once it is over or stands still.
    pub fn next_on(&self) -> Option<Date> {
        if self.status == Status::Active { self.on(self.next) } else { None }
    }

    /// What it will bring within the year; `v` is its version.
    pub fn planned(&self, v: u64) -> InvoicePlan {
        let (rhythm, left) = (&self.plan.rhythm, self.plan.times.map(|times| times.saturating_sub(self.made)));
        let left = left.map_or(PLANNED_MAX, |left| PLANNED_MAX.min(left as usize));
        let first = self.next_on();
        let until = first.and_then(|first| first.checked_add(366.days()).ok()).unwrap_or(Date::MAX);
        let days = first.iter().flat_map(|_| (self.next..).map_while(|at| rhythm.date(at)));
        let days = days.take_while(|on| *on <= until && self.plan.until.is_none_or(|last| *on <= last)).take(left);
        let invoices = days.filter_map(|on| {
            let gross_minor = self.priced_on(on).ok()?.totals.gross_minor;
            Some(PlannedInvoice { due_on: self.terms().due_on(on), gross_minor })
        });
        InvoicePlan {
            v,
            assigned_to: self.client.reference.assigned_to,
            currency: self.priced.currency,
            invoices: invoices.collect(),
        }
    }

    pub fn must_not_be_stopped(&self) -> Result<()> {
        if self.status == Status::Stopped { Err(Error::Conflict(Conflict::RecurringStopped)) } else { Ok(()) }
    }

    /// Active where there is a next one, finished where there is none.
    fn going(self) -> Self {
        let status = if self.on(self.next).is_some() { Status::Active } else { Status::Finished };
        Self { status, ..self }
    }

    /// What comes from now on. What the past would have brought by another rhythm is not made up for.
    pub fn edited(&self, client: Client, content: RecurringContent, today: Date) -> Result<Self> {
        self.must_not_be_stopped()?;
        let next_on = self.next_on().unwrap_or(today);
        let new = Self::new(self.id, self.created_at, client, content);
        let next = match new.plan.rhythm == self.plan.rhythm {
            true => self.next,
            false => new.plan.rhythm.index_from(0, today).unwrap_or(u32::MAX),
        };
        // The form had the prices of the next invoice, planned ones included if it is time for them.
        let planned = self.new_prices.clone().filter(|prices| prices.from > next_on);
        let edited = Self {
            priced_since: next_on,
            new_prices: planned.filter(|prices| prices.unit_prices.len() == new.priced.lines.len()),
            next,
            made: self.made,
            held_back: self.held_back,
            status: self.status,
            ..new
        };
        Ok(if self.status == Status::Paused { edited } else { edited.going() })
    }

    pub fn paused(&self) -> Result<Self> {
        if self.status != Status::Active {
            return Err(Error::Conflict(Conflict::RecurringNotActive));
        }
        Ok(Self { status: Status::Paused, ..self.clone() })
    }

    /// Goes on; what the pause left out is not made up for.
    pub fn resumed(&self, today: Date) -> Result<Self> {
        if self.status != Status::Paused {
            return Err(Error::Conflict(Conflict::RecurringNotPaused));
        }
        let next = self.plan.rhythm.index_from(self.next, today).unwrap_or(u32::MAX);
        Ok(Self { next, ..self.clone() }.going())
    }

    pub fn stopped(&self) -> Result<Self> {
        self.must_not_be_stopped()?;
        Ok(Self { status: Status::Stopped, ..self.clone() })
    }

    /// With other prices from a day on.
    pub fn repriced(&self, input: &PricesInput, today: Date) -> Result<Self> {
        self.must_not_be_stopped()?;
        if input.lines.is_empty() {
            return Ok(Self { new_prices: None, ..self.clone() });
        }
        let mut wrong = Violations::default();
        let from = match legal::date(input.from.trim()) {
            _ if input.from.trim().is_empty() => Err(Rule::Required),
            Ok(date) if date <= today => {
                Err(Rule::Before { date: kernel::text::short_date(today.tomorrow().map_err(Error::internal)?) })
            }
            parsed => parsed,
        };
        let from = wrong.take("/from", from);
        let mut unit_prices = vec![None; self.priced.lines.len()];
        for (at, line) in input.lines.iter().enumerate() {
            let most = Decimal::from(100_000_000);
            let price = legal::decimal(&line.unit_price, PRICE_DECIMALS, Decimal::ZERO, most);
            let price = wrong.take(format!("/lines/{at}/unit_price"), price);
            match line.line.checked_sub(1).and_then(|place| unit_prices.get_mut(place)) {
                Some(place) => *place = price,
                None => wrong.add(format!("/lines/{at}/line"), Rule::NotFound),
            }
        }
        let (Some(from), true) = (from, wrong.is_empty()) else { return Err(wrong.into()) };
        let repriced = Self { new_prices: Some(NewPrices { from, unit_prices }), ..self.clone() };
        match repriced.priced_on(from) {
            Ok(_) => Ok(repriced),
            Err(Unpriceable::DiscountBeyond) => Err(Error::field("/lines", Rule::DiscountBeyond)),
            Err(Unpriceable::TooLarge(_)) => {
                let max = Minor::MAX.plain(self.priced.currency);
                Err(Error::field("/lines", Rule::OutOfRange { min: "0".into(), max }))
            }
        }
    }

    /// The lines with the prices of a day: those planned for it, raised at each anniversary since they hold.
    pub fn priced_on(&self, on: Date) -> Result<Priced, Unpriceable> {
        let planned = self.new_prices.as_ref().filter(|prices| prices.from <= on);
        let priced = &self.priced;
        let lines = priced.lines.iter().enumerate().map(|(at, line)| {
            let new = planned.and_then(|prices| Some((prices.unit_prices.get(at).copied().flatten()?, prices.from)));
            let (price, since) = new.unwrap_or((line.unit_price, self.priced_since));
            let unit_price = self.raised(price, anniversaries(self.plan.rhythm.first_on, since, on));
            let (percent, off) = (line.discount_percent, line.discount_minor);
            let net_minor = net_of(line.quantity, unit_price, percent, off, priced.currency)?;
            Ok(Line { unit_price, net_minor, ..line.clone() })
        });
        let lines = lines.collect::<Result<Vec<_>, Unpriceable>>()?;
        Priced::add_up(priced.currency, priced.treatment, lines, priced.discount)
    }

    /// Rounded each time, as somebody would who raises last year's price: to the cent, or as finely as it was typed.
    fn raised(&self, price: Decimal, times: u32) -> Decimal {
        let decimals = price.normalize().scale().max(self.priced.currency.scale()).min(PRICE_DECIMALS);
        let by = (Decimal::ONE_HUNDRED + self.plan.yearly_percent) / Decimal::ONE_HUNDRED;
        (0..times).fold(price, |price, _| {
            price.saturating_mul(by).round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
        })
    }

    /// The id of the next invoice: the same for the same occurrence, whoever makes it and however often.
    fn invoice_id(&self, on: Date) -> InvoiceId {
        let own = self.id.ulid();
        let mixed = own.random() ^ (u128::from(own.timestamp_ms()) << 32) ^ (u128::from(self.made) << 16);
        let midnight = on.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |midnight| midnight.timestamp());
        InvoiceId::from_ulid(Ulid::from_parts(u64::try_from(midnight.as_millisecond()).unwrap_or_default(), mixed))
    }

    /// The period of the occurrence that comes next, or came last.
    pub fn period_on(&self, index: u32, on: Date) -> Period {
        let rhythm = &self.plan.rhythm;
        Period::of(rhythm, self.plan.period, on, index.checked_add(1).and_then(|index| rhythm.date(index)))
    }

    /// The draft that is due: itself, what the recurring invoice keeps of it, and the recurring invoice after it. None
    /// where nothing is due yet.
    pub fn occurred(
        &self,
        client: Client,
        format: DateFormat,
        now: Timestamp,
        today: Date,
    ) -> Result<Option<(Invoice, Occurrence, Self)>> {
        let Some(due_on) = self.next_on().filter(|on| *on <= today) else { return Ok(None) };
        let number = self.made + 1;
        let period = self.period_on(self.next, due_on);
        let (words, priced) = self.content(due_on, period, number, format).map_err(Error::internal)?;
        let content = InvoiceContent {
            words,
            terms: Some(self.terms()),
            usual_terms: self.terms(),
            // What was done is dated by the end of its period; what is going on by the day of issue.
            supplied_on: Some(period.to).filter(|to| *to < today),
            operations: self.operations,
            purchase_order: self.purchase_order.clone(),
            exchange: None,
            priced,
        };
        let id = self.invoice_id(due_on);
        let recurred = Some(Recurred { recurring: self.id, number });
        let invoice = Invoice { recurred, ..Invoice::draft(id, now, client, content) };
        let occurrence = Occurrence {
            recurring: self.id,
            number,
            invoice: id,
            due_on,
            made_on: today,
            period,
            gross_minor: invoice.priced.totals.gross_minor,
            invoice_number: None,
            held_back: None,
            is_deleted: false,
        };
        let after = Self { next: self.next + 1, made: number, held_back: None, ..self.clone() }.going();
        Ok(Some((invoice, occurrence, after)))
    }

    /// What the invoice of one occurrence says.
    pub fn content(
        &self,
        on: Date,
        period: Period,
        number: u32,
        format: DateFormat,
    ) -> Result<(Words, Priced), Unpriceable> {
        let fill = |text: &String| filled(text, period, number, format);
        let words = Words {
            subject: self.words.subject.as_ref().map(fill),
            introduction: self.words.introduction.as_ref().map(fill),
            conditions: self.words.conditions.as_ref().map(fill),
        };
        let mut priced = self.priced_on(on)?;
        for line in &mut priced.lines {
            line.section = line.section.as_ref().map(fill);
            line.description = fill(&line.description);
        }
        Ok((words, priced))
    }
}

/// How many anniversaries of a first day come after one day and not after another.
fn anniversaries(first_on: Date, after: Date, until: Date) -> u32 {
    let reached = |on: Date| {
        let years = i32::from(on.year()) - i32::from(first_on.year());
        let is_before = (on.month(), on.day()) < (first_on.month(), first_on.day());
        (years - i32::from(is_before)).max(0)
    };
    u32::try_from(reached(until) - reached(after)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};
    use kernel::{
        id::{CompanyId, OrganizationId},
        reference::ClientReference,
    };
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn input() -> RecurringInput {
        let line = |description: &str, price: &str| LineInput {
            description: description.into(),
            unit_price: price.into(),
            ..LineInput::blank(kernel::reference::VatRegime::Normal)
        };
        RecurringInput {
            invoice: InvoiceInput {
                subject: "Entretien {période}".into(),
                operations: "services".into(),
                lines: vec![line("Forfait {mois}", "100"), line("Déplacement", "35.5")],
                ..InvoiceInput::default()
            },
            rhythm: "monthly".into(),
            first_on: "2026-11-30".into(),
            day_of_month: "31".into(),
            ..RecurringInput::default()
        }
    }

    fn organization() -> OrganizationReference {
        let id = OrganizationId::new(Timestamp::UNIX_EPOCH, 1);
        OrganizationReference::new(id, "Atelier".into())
    }

    fn client() -> Client {
        let reference = ClientReference {
            id: CompanyId::from_ulid(Ulid(1)),
            name: "Client".into(),
            is_business: true,
            address: None,
            siret: None,
            vat_number: None,
            email: Some("claire@client.example".into()),
            contact: Some("Claire Martin".into()),
            assigned_to: None,
            terms: None,
            archived: false,
        };
        Client { reference, seen: 1 }
    }

    fn parsed(input: &RecurringInput) -> RecurringContent {
        input.parse(&organization(), TODAY, None).unwrap()
    }

    fn recurring(change: impl FnOnce(&mut RecurringInput)) -> RecurringInvoice {
        let mut input = input();
        change(&mut input);
        let id = RecurringInvoiceId::from_ulid(Ulid::from_parts(1_795_338_000_000, 7));
        RecurringInvoice::new(id, Timestamp::UNIX_EPOCH, client(), parsed(&input))
    }

    /// All that is made until a day.
    fn made(mut recurring: RecurringInvoice, today: Date) -> (Vec<(Invoice, Occurrence)>, RecurringInvoice) {
        let mut all = Vec::new();
        let occurred = |recurring: &RecurringInvoice| {
            recurring.occurred(client(), DateFormat::Slashes, Timestamp::UNIX_EPOCH, today).unwrap()
        };
        while let Some((invoice, occurrence, after)) = occurred(&recurring) {
            all.push((invoice, occurrence));
            recurring = after;
        }
        (all, recurring)
    }

    fn first_price(recurring: &RecurringInvoice, on: Date) -> String {
        recurring.priced_on(on).unwrap().lines[0].unit_price.normalize().to_string()
    }

    #[test]
    fn each_day_brings_one_invoice_with_its_period_in_its_words() {
        let (all, after) = made(recurring(|_| ()), date(2027, 3, 1));
        let told: Vec<_> = all
            .iter()
            .map(|(invoice, one)| {
                let subject = invoice.words.subject.clone().unwrap().replace('\u{a0}', " ");
                (one.due_on.to_string(), subject, invoice.priced.lines[0].description.clone())
            })
            .collect();
        let wanted = [
            ("2026-11-30", "Entretien novembre 2026", "Forfait novembre"),
            ("2026-12-31", "Entretien décembre 2026", "Forfait décembre"),
            ("2027-01-31", "Entretien janvier 2027", "Forfait janvier"),
            ("2027-02-28", "Entretien février 2027", "Forfait février"),
        ];
        assert_eq!(told, wanted.map(|(on, subject, line)| (on.to_owned(), subject.to_owned(), line.to_owned())));
        assert_eq!((after.made, after.next_on()), (4, Some(date(2027, 3, 31))));
    }

    #[test]
    fn it_ends_on_its_day_or_after_its_number() {
        let (all, after) = made(recurring(|input| input.times = "2".into()), date(2030, 1, 1));
        assert_eq!((all.len(), after.status, after.next_on()), (2, Status::Finished, None));
        let (all, after) = made(recurring(|input| input.until = "2027-01-31".into()), date(2030, 1, 1));
        assert_eq!((all.len(), after.status), (3, Status::Finished));
    }

    #[test]
    fn what_a_pause_leaves_out_is_not_made_up_for() {
        let paused = recurring(|input| input.times = "3".into()).paused().unwrap();
        assert_eq!(made(paused.clone(), date(2027, 2, 10)).0.len(), 0);
        let resumed = paused.resumed(date(2027, 2, 10)).unwrap();
        assert_eq!(resumed.next_on(), Some(date(2027, 2, 28)));
        // It still makes as many as it was to make.
        let (all, _) = made(resumed, date(2030, 1, 1));
        assert_eq!(
            all.iter().map(|(_, one)| one.due_on).collect::<Vec<_>>()[..2],
            [date(2027, 2, 28), date(2027, 3, 31)]
        );
        assert_eq!(all.len(), 3);
        assert!(recurring(|_| ()).resumed(TODAY).is_err());
        assert!(recurring(|_| ()).stopped().unwrap().paused().is_err());
    }

    #[test]
    fn prices_rise_at_each_anniversary_from_last_years_price() {
        let recurring = recurring(|input| input.yearly_percent = "3,33".into());
        for (on, price) in [
            (date(2027, 11, 29), "100"),
            (date(2027, 11, 30), "103.33"),
            (date(2028, 11, 30), "106.77"),
            (date(2029, 11, 30), "110.33"),
        ] {
            assert_eq!(first_price(&recurring, on), price, "{on}");
        }
    }

    #[test]
    fn planned_prices_hold_from_their_day_and_rise_after_it() {
        let recurring = recurring(|input| input.yearly_percent = "10".into());
        let line = LinePriceInput { line: 1, unit_price: "120".into() };
        let prices = PricesInput { from: "2027-06-01".into(), lines: vec![line] };
        let repriced = recurring.repriced(&prices, TODAY).unwrap();
        assert_eq!(first_price(&repriced, date(2027, 5, 31)), "100");
        assert_eq!(first_price(&repriced, date(2027, 6, 1)), "120");
        assert_eq!(first_price(&repriced, date(2027, 11, 30)), "132");
        // The other line rises as before.
        assert_eq!(
            repriced.priced_on(date(2027, 11, 30)).unwrap().lines[1].unit_price.normalize().to_string(),
            "39.05"
        );
        let past = PricesInput { from: "2026-11-22".into(), ..prices.clone() };
        assert!(recurring.repriced(&past, TODAY).is_err());
        let beyond = PricesInput { lines: vec![LinePriceInput { line: 3, unit_price: "1".into() }], ..prices };
        assert!(recurring.repriced(&beyond, TODAY).is_err());
        assert_eq!(repriced.repriced(&PricesInput::default(), TODAY).unwrap().new_prices, None);
    }

    #[test]
    fn an_edit_shows_the_prices_of_the_next_one_and_raises_none_twice() {
        let (_, after) = made(recurring(|input| input.yearly_percent = "10".into()), date(2027, 12, 1));
        let shown = RecurringInput::of(&after, date(2027, 12, 1)).unwrap();
        assert_eq!(shown.invoice.lines[0].unit_price, "110");
        let content = shown.parse(&organization(), date(2027, 12, 1), Some(date(2026, 11, 30))).unwrap();
        let edited = after.edited(client(), content, date(2027, 12, 1)).unwrap();
        assert_eq!(edited.next_on(), after.next_on());
        assert_eq!(first_price(&edited, date(2028, 1, 31)), "110");
        assert_eq!(first_price(&edited, date(2028, 11, 30)), "121");
    }

    #[test]
    fn another_rhythm_begins_today_and_makes_nothing_of_the_past() {
        let (_, after) = made(recurring(|_| ()), date(2027, 3, 1));
        let mut shown = RecurringInput::of(&after, date(2027, 3, 1)).unwrap();
        shown.rhythm = "weekly".into();
        let content = shown.parse(&organization(), date(2027, 3, 1), Some(date(2026, 11, 30))).unwrap();
        let edited = after.edited(client(), content, date(2027, 3, 1)).unwrap();
        assert_eq!(edited.next_on(), Some(date(2027, 3, 1)));
        assert_eq!(edited.made, 4);
    }

    #[test]
    fn no_person_is_kept() {
        let recurring = recurring(|_| ());
        assert_eq!((recurring.client.reference.contact, recurring.client.reference.email), (None, None));
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_place() {
        let mut wrong = input();
        wrong.rhythm = "daily".into();
        wrong.every = "13".into();
        wrong.first_on = "2026-11-21".into();
        wrong.day_of_month = "32".into();
        wrong.times = "x".into();
        wrong.yearly_percent = "51".into();
        wrong.then = "send".into();
        wrong.invoice.subject = "Loyer {moi}".into();
        wrong.invoice.supplied_on = "2026-11-30".into();
        wrong.invoice.lines[1].unit_price = "x".into();
        let violations = wrong.parse(&organization(), TODAY, None).err().unwrap();
        let mut pointers: Vec<_> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let wanted = [
            "/day_of_month",
            "/every",
            "/first_on",
            "/invoice/lines/1/unit_price",
            "/invoice/subject",
            "/invoice/supplied_on",
            "/rhythm",
            "/then",
            "/times",
            "/yearly_percent",
        ];
        assert_eq!(pointers, wanted);
    }

    proptest! {
        #[test]
        fn however_the_days_are_cut_the_same_invoices_are_made(
            unit in 0_usize..5, every in 1_u8..=3, day in proptest::option::of(1_u8..=31), cuts in proptest::collection::vec(0_i32..900, 0..6)
        ) {
            let recurring = recurring(|input| {
                input.rhythm = Unit::ALL[unit].name().into();
                input.every = every.to_string();
                input.day_of_month = day.map(|day| day.to_string()).unwrap_or_default();
                input.yearly_percent = "2".into();
            });
            let end = TODAY.saturating_add(900.days());
            let (whole, _) = made(recurring.clone(), end);
            let mut days: Vec<Date> = cuts.iter().map(|cut| TODAY.saturating_add(cut.days())).collect();
            days.sort();
            let (mut parts, mut rest) = (Vec::new(), recurring);
            for day in days.into_iter().chain([end]) {
                let (some, after) = made(rest, day);
                parts.extend(some);
                rest = after;
            }
            let named = |all: &[(Invoice, Occurrence)]| {
                all.iter().map(|(invoice, one)| (invoice.id, one.number, one.due_on, one.period, one.gross_minor)).collect::<Vec<_>>()
            };
            prop_assert_eq!(named(&whole), named(&parts));
            let mut ids: Vec<_> = whole.iter().map(|(invoice, _)| invoice.id).collect();
            ids.dedup();
            prop_assert_eq!(ids.len(), whole.len());
        }
    }
}
