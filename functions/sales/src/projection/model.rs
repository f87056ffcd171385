//! What happened to invoices and quotes, folded into sums. Pure.
//!
//! All figures are sums, so that an event adds what it changes and nothing is counted twice: an invoice and a quote remember how
//! they stand, and what is added is how they stand after it less how they stood before. Sums are kept of everybody and of the
//! member who took care of the client when the invoice was issued, or the quote sent.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use kernel::{
    Currency, Error, Minor, Result,
    event::{InvoicePlan, QuoteFacts, QuoteStage, QuoteStanding},
    id::{CompanyId, CreditNoteId, InvoiceId, QuoteId, RecurringExpenseId, RecurringInvoiceId, UserId},
    purchase::{ExpenseFacts, ExpensePlan},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::{converted, share};

/// Sums that events add to.
macro_rules! sums {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name { $($(#[$field_doc])* pub $field: i64,)* }

        impl $name {
            #[must_use]
            pub const fn plus(self, other: Self) -> Self {
                Self { $($field: self.$field.saturating_add(other.$field),)* }
            }

            #[must_use]
            pub const fn minus(self, other: Self) -> Self {
                Self { $($field: self.$field.saturating_sub(other.$field),)* }
            }

            pub fn is_nothing(&self) -> bool {
                *self == Self::default()
            }
        }
    };
}

sums! {
    /// Of one month and one currency. Amounts that begin with `own` are in the organization's currency.
    MonthSums {
        /// How many were issued.
        invoices,
        credit_notes,
        /// What invoices ask for: less what the deposits that they deduct asked for before.
        net_minor,
        gross_minor,
        /// What was given back by credit notes, or by invoices that others replace.
        credited_net_minor,
        credited_gross_minor,
        /// What was paid, by its day: less what was taken back or refunded. What one invoice had too much and another is
        /// settled with is no money.
        cash_net_minor,
        cash_gross_minor,
        own_net_minor,
        own_gross_minor,
        own_credited_net_minor,
        own_credited_gross_minor,
        own_cash_net_minor,
        own_cash_gross_minor,
        /// Documents of whose currency nobody said the rate: they are in none of the sums of the organization's.
        unconverted,
        /// Invoices that were paid whole, and the days that it took from their issue.
        settled,
        settled_days,
        /// Clients who were invoiced for the first time.
        new_clients,
    }
}

sums! {
    /// Quotes of one month and one currency, each by the day of what happened to it; net of VAT.
    QuoteSums {
        sent,
        sent_minor,
        own_sent_minor,
        accepted,
        accepted_minor,
        own_accepted_minor,
        refused,
        refused_minor,
        own_refused_minor,
        expired,
        expired_minor,
        own_expired_minor,
    }
}

sums! {
    /// What is still to be paid on one day, in one currency.
    DueSums { count, open_minor, own_open_minor }
}

sums! {
    /// What a client was invoiced in a period, net of VAT and of credit notes, in the organization's currency.
    ClientSums { invoices, own_net_minor }
}

sums! {
    /// What recurring invoices will ask for on one day, or recurring expenses will cost, in one currency, all taxes included.
    PlannedSums { count, gross_minor, own_gross_minor }
}

sums! {
    /// What was spent in one month and one currency. What it costs is what was paid less the VAT that is deducted.
    ExpenseSums { count, cost_minor, own_cost_minor, gross_minor, own_gross_minor }
}

/// Of whom; everybody's for none.
pub type Whose = Option<UserId>;
/// A currency's code.
pub type Code = &'static str;

/// What facts add to sums.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    pub months: BTreeMap<(Whose, Date, Code), MonthSums>,
    pub quotes: BTreeMap<(Whose, Date, Code), QuoteSums>,
    pub dues: BTreeMap<(Whose, Date, Code), DueSums>,
    pub planned: BTreeMap<(Whose, Date, Code), PlannedSums>,
    pub clients: BTreeMap<(Whose, String, CompanyId), ClientSums>,
    pub expenses: BTreeMap<(Date, Code), ExpenseSums>,
    /// What is still to be paid of expenses, by due date.
    pub payables: BTreeMap<(Date, Code), DueSums>,
    /// What recurring expenses will cost, by the day on which it is to be paid.
    pub outlays: BTreeMap<(Date, Code), PlannedSums>,
    /// What the sums are made of; none where it is no more.
    pub lines: BTreeMap<LinePlace, Option<SaleLine>>,
}

impl Effects {
    /// With what others add.
    pub fn add(&mut self, other: &Self) {
        for (place, sums) in &other.months {
            let sum = self.months.entry(*place).or_default();
            *sum = sum.plus(*sums);
        }
        for (place, sums) in &other.quotes {
            let sum = self.quotes.entry(*place).or_default();
            *sum = sum.plus(*sums);
        }
        for (place, sums) in &other.dues {
            let sum = self.dues.entry(*place).or_default();
            *sum = sum.plus(*sums);
        }
        for (place, sums) in &other.planned {
            let sum = self.planned.entry(*place).or_default();
            *sum = sum.plus(*sums);
        }
        for (place, sums) in &other.expenses {
            let sum = self.expenses.entry(*place).or_default();
            *sum = sum.plus(*sums);
        }
        for (place, sums) in &other.payables {
            let sum = self.payables.entry(*place).or_default();
            *sum = sum.plus(*sums);
        }
        for (place, sums) in &other.outlays {
            let sum = self.outlays.entry(*place).or_default();
            *sum = sum.plus(*sums);
        }
        for (place, sums) in &other.clients {
            let sum = self.clients.entry(place.clone()).or_default();
            *sum = sum.plus(*sums);
        }
        self.lines.extend(other.lines.clone());
    }

    /// How many sums they add to, and how many lines they write.
    pub fn places(&self) -> usize {
        let of_sales = self.months.len() + self.quotes.len() + self.dues.len() + self.planned.len() + self.lines.len();
        of_sales + self.clients.len() + self.expenses.len() + self.payables.len() + self.outlays.len()
    }

    fn put(&mut self, line: SaleLine, is_added: bool) {
        let place = (line.of, line.figure, line.on, line.document.place());
        self.lines.insert(place, is_added.then_some(line));
    }

    /// Without what was added and taken away again.
    pub fn drop_nothing(&mut self) {
        self.months.retain(|_, sums| !sums.is_nothing());
        self.quotes.retain(|_, sums| !sums.is_nothing());
        self.dues.retain(|_, sums| !sums.is_nothing());
        self.planned.retain(|_, sums| !sums.is_nothing());
        self.clients.retain(|_, sums| !sums.is_nothing());
        self.expenses.retain(|_, sums| !sums.is_nothing());
        self.payables.retain(|_, sums| !sums.is_nothing());
        self.outlays.retain(|_, sums| !sums.is_nothing());
    }
}

/// Everybody's sums, and those of who takes care of the client.
fn kept_of(assigned_to: Option<UserId>) -> impl Iterator<Item = Whose> {
    std::iter::once(None).chain(assigned_to.map(Some))
}

/// The periods of a day by which clients are ranked: its year, its quarter, its month.
pub fn periods_of(on: Date) -> [String; 3] {
    let (year, month) = (on.year(), on.month());
    [format!("{year:04}"), format!("{year:04}-Q{}", (month + 2) / 3), format!("{year:04}-{month:02}")]
}

/// What the ledger says.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Issued(Issued),
    Credited {
        invoice: InvoiceId,
        credit_note: CreditNoteId,
        number: String,
        on: Date,
        net_minor: Minor,
        gross_minor: Minor,
    },
    /// A corrective invoice took its place.
    Replaced {
        invoice: InvoiceId,
        /// Its number.
        by: String,
        on: Date,
    },
    /// Money on an invoice; negative for what was taken back or refunded.
    Moved {
        invoice: InvoiceId,
        on: Date,
        amount: i64,
        is_money: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    pub invoice: InvoiceId,
    pub number: String,
    pub client: CompanyId,
    pub assigned_to: Option<UserId>,
    pub currency: Currency,
    pub on: Date,
    pub due_on: Date,
    pub net_minor: Minor,
    pub gross_minor: Minor,
    /// What deposits invoiced before, all taxes included.
    pub deducted_minor: Minor,
    /// What one unit of its currency is in euro, where its document says so.
    pub exchange: Option<Decimal>,
}

impl Fact {
    pub const fn invoice(&self) -> InvoiceId {
        match self {
            Self::Issued(Issued { invoice, .. })
            | Self::Credited { invoice, .. }
            | Self::Replaced { invoice, .. }
            | Self::Moved { invoice, .. } => *invoice,
        }
    }

    const fn on(&self) -> Date {
        match self {
            Self::Issued(Issued { on, .. })
            | Self::Credited { on, .. }
            | Self::Replaced { on, .. }
            | Self::Moved { on, .. } => *on,
        }
    }
}

/// An invoice as the figures know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sale {
    pub invoice: InvoiceId,
    pub number: String,
    pub client: CompanyId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    pub currency: Currency,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Decimal>,
    pub issued_on: Date,
    pub due_on: Date,
    pub net_minor: Minor,
    pub gross_minor: Minor,
    pub deducted_minor: Minor,
    #[serde(default)]
    pub credited_net_minor: Minor,
    #[serde(default)]
    pub credited_minor: Minor,
    /// All that settles it.
    #[serde(default)]
    pub paid_minor: Minor,
    /// What of it was money.
    #[serde(default)]
    pub cash_minor: Minor,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_replaced: bool,
    /// Since when it is paid whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_on: Option<Date>,
    /// What settles it, by its day: it is entered in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settling: Vec<SettlingDay>,
}

/// What one day adds to what is paid of an invoice, and to what is given back of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlingDay {
    pub on: Date,
    pub paid_minor: Minor,
    pub credited_minor: Minor,
}

impl Sale {
    fn of(issued: &Issued) -> Self {
        Self {
            invoice: issued.invoice,
            number: issued.number.clone(),
            client: issued.client,
            assigned_to: issued.assigned_to,
            currency: issued.currency,
            exchange: issued.exchange,
            issued_on: issued.on,
            due_on: issued.due_on,
            net_minor: issued.net_minor,
            gross_minor: issued.gross_minor,
            deducted_minor: issued.deducted_minor,
            credited_net_minor: Minor::ZERO,
            credited_minor: Minor::ZERO,
            paid_minor: Minor::ZERO,
            cash_minor: Minor::ZERO,
            is_replaced: false,
            settled_on: None,
            settling: Vec::new(),
        }
    }

    fn settle(&mut self, on: Date, paid: i64, credited: i64) {
        let at = self.settling.partition_point(|day| day.on < on);
        if self.settling.get(at).is_none_or(|day| day.on != on) {
            self.settling.insert(at, SettlingDay { on, paid_minor: Minor::ZERO, credited_minor: Minor::ZERO });
        }
        if let Some(day) = self.settling.get_mut(at) {
            day.paid_minor.0 += paid;
            day.credited_minor.0 += credited;
        }
        self.paid_minor.0 += paid;
        self.credited_minor.0 += credited;
    }

    /// The first day from which on it was paid whole and stayed so.
    fn settled_since(&self) -> Option<Date> {
        let (mut paid, mut owed, mut since) = (0, self.asked(), None);
        for day in &self.settling {
            (paid, owed) = (paid + day.paid_minor.0, owed - day.credited_minor.0);
            let is_settled = owed > 0 && paid > 0 && paid >= owed;
            since = since.or(Some(day.on)).filter(|_| is_settled);
        }
        since.filter(|_| self.is_settled())
    }

    /// What it asked for when it was issued, net of VAT: less what its deposits asked for.
    fn asked_net(&self) -> i64 {
        self.net_minor.0 - share(self.net_minor.0, self.deducted_minor.0, self.gross_minor.0)
    }

    const fn asked(&self) -> i64 {
        self.gross_minor.0 - self.deducted_minor.0
    }

    const fn owed(&self) -> i64 {
        if self.is_replaced { 0 } else { self.asked() - self.credited_minor.0 }
    }

    /// What is still to be paid; never negative: more than is owed is a credit of the client.
    pub fn open(&self) -> i64 {
        (self.owed() - self.paid_minor.0).max(0)
    }

    fn is_settled(&self) -> bool {
        self.owed() > 0 && self.paid_minor.0 > 0 && self.open() == 0
    }

    /// What is still to be paid of it, in each of the lists where that stands; in none where nothing is.
    pub fn open_lines(&self, own: Currency) -> Vec<OpenSale> {
        let open = self.open();
        let line = |of| OpenSale {
            of,
            invoice: self.invoice,
            number: self.number.clone(),
            client: self.client,
            currency: self.currency,
            issued_on: self.issued_on,
            due_on: self.due_on,
            open_minor: Minor(open),
            own_open_minor: Minor(self.own(open, own)),
        };
        if open > 0 { kept_of(self.assigned_to).map(line).collect() } else { Vec::new() }
    }

    fn own(&self, amount: i64, own: Currency) -> i64 {
        converted(Minor(amount), self.currency, own, self.exchange).unwrap_or_default().0
    }

    fn is_convertible(&self, own: Currency) -> bool {
        converted(Minor::ZERO, self.currency, own, self.exchange).is_some()
    }

    fn due(&self, own: Currency) -> DueSums {
        let open = self.open();
        DueSums { count: i64::from(open > 0), open_minor: open, own_open_minor: self.own(open, own) }
    }

    /// What of it was paid, so far, in sums that grow with it: what another payment adds is the difference.
    fn cash(&self, own: Currency) -> MonthSums {
        let (gross, net) = (self.cash_minor.0, share(self.net_minor.0, self.cash_minor.0, self.gross_minor.0));
        MonthSums {
            cash_gross_minor: gross,
            cash_net_minor: net,
            own_cash_gross_minor: self.own(gross, own),
            own_cash_net_minor: self.own(net, own),
            ..MonthSums::default()
        }
    }

    /// The same of what was given back of it.
    fn credited(&self, own: Currency) -> MonthSums {
        let (mut net, mut gross) = (self.credited_net_minor.0, self.credited_minor.0);
        if self.is_replaced {
            net += self.asked_net();
            gross += self.asked();
        }
        MonthSums {
            credited_net_minor: net,
            credited_gross_minor: gross,
            own_credited_net_minor: self.own(net, own),
            own_credited_gross_minor: self.own(gross, own),
            ..MonthSums::default()
        }
    }

    fn asked_for(&self, own: Currency) -> MonthSums {
        let (net, gross) = (self.asked_net(), self.asked());
        MonthSums {
            invoices: 1,
            net_minor: net,
            gross_minor: gross,
            own_net_minor: self.own(net, own),
            own_gross_minor: self.own(gross, own),
            unconverted: i64::from(!self.is_convertible(own)),
            ..MonthSums::default()
        }
    }

    /// Since when it was paid whole, and how many days that took.
    fn settlement(&self) -> Option<(Date, MonthSums)> {
        let on = self.settled_on?;
        let days = self.issued_on.until(on).map_or(0, |span| i64::from(span.get_days().max(0)));
        Some((on, MonthSums { settled: 1, settled_days: days, ..MonthSums::default() }))
    }

    /// What makes figures of it, under its own number and in no list yet.
    fn line(&self, own: Currency, figure: LineFigure, on: Date) -> SaleLine {
        SaleLine {
            of: None,
            figure,
            on,
            document: LineDocument::Invoice(self.invoice),
            number: self.number.clone(),
            about: String::new(),
            client: self.client,
            currency: self.currency,
            net_minor: Minor(self.asked_net()),
            gross_minor: Minor(self.asked()),
            own_net_minor: Minor(self.own(self.asked_net(), own)),
            own_gross_minor: Minor(self.own(self.asked(), own)),
            is_unconverted: !self.is_convertible(own),
            days: None,
        }
    }

    /// That it was paid whole.
    fn settled_line(&self, own: Currency) -> Option<SaleLine> {
        let (on, sums) = self.settlement()?;
        Some(SaleLine { days: Some(sums.settled_days), ..self.line(own, LineFigure::Settled, on) })
    }
}

/// A figure that leads to the documents that make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineFigure {
    /// What was invoiced, and what was given back, by the day of each.
    Revenue,
    /// Invoices that were paid whole, by the day since when they are.
    Settled,
    /// Quotes, by the day on which they were sent.
    Sent,
    /// The same by the day of what became of them.
    Accepted,
    Refused,
    Expired,
}

impl LineFigure {
    pub const ALL: [Self; 6] = [Self::Revenue, Self::Settled, Self::Sent, Self::Accepted, Self::Refused, Self::Expired];
    pub const QUOTES: [Self; 4] = [Self::Sent, Self::Accepted, Self::Refused, Self::Expired];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Settled => "settled",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }

    /// As keys say it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Revenue => "REVENUE",
            Self::Settled => "SETTLED",
            Self::Sent => "SENT",
            Self::Accepted => "ACCEPTED",
            Self::Refused => "REFUSED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// What a line is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineDocument {
    Invoice(InvoiceId),
    CreditNote(CreditNoteId),
    /// An invoice whose place another one took: what it asked for is asked for no more.
    Replaced(InvoiceId),
    Quote(QuoteId),
}

impl LineDocument {
    /// Where it stands among those of its day.
    pub fn place(self) -> String {
        match self {
            Self::Invoice(invoice) => invoice.ulid().to_string(),
            Self::CreditNote(note) => note.ulid().to_string(),
            Self::Replaced(invoice) => format!("REPLACED#{}", invoice.ulid()),
            Self::Quote(quote) => quote.ulid().to_string(),
        }
    }
}

/// What one document adds to a figure, by the day on which it counts, in the list of everybody's or of one member's clients: the
/// lines of a month come to exactly what the month does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaleLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Whose,
    pub figure: LineFigure,
    pub on: Date,
    pub document: LineDocument,
    pub number: String,
    /// The number of the invoice that a credit note gives back, or of the one that took a replaced one's place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    pub client: CompanyId,
    pub currency: Currency,
    /// Less what was asked for before by deposits; negative for what is given back.
    pub net_minor: Minor,
    pub gross_minor: Minor,
    /// In the organization's currency; nothing where nobody said the rate.
    pub own_net_minor: Minor,
    pub own_gross_minor: Minor,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unconverted: bool,
    /// How many it took until an invoice was paid whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
}

/// Where a line stands: in whose list, of which figure, its day, its document.
pub type LinePlace = (Whose, LineFigure, Date, String);

/// An invoice of which something is still to be paid, in the list of everybody's or of one member's clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSale {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Whose,
    pub invoice: InvoiceId,
    pub number: String,
    pub client: CompanyId,
    pub currency: Currency,
    pub issued_on: Date,
    pub due_on: Date,
    pub open_minor: Minor,
    /// In the organization's currency; nothing where nobody said the rate.
    pub own_open_minor: Minor,
}

/// Since when a company is a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaleClient {
    pub client: CompanyId,
    pub first: InvoiceId,
    pub since: Date,
}

/// What is known of those whom facts are about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    pub sales: BTreeMap<InvoiceId, Sale>,
    pub clients: BTreeMap<CompanyId, SaleClient>,
}

/// One fact after the other, in the order of the ledger. Whose invoice it is about must be known, unless it issues it.
pub fn fold(known: &mut Known, own: Currency, fact: &Fact, effects: &mut Effects) -> Result<()> {
    let before = match fact {
        Fact::Issued(_) => None,
        fact => {
            let unknown = || Error::internal(format!("{} is not issued", fact.invoice()));
            Some(known.sales.get(&fact.invoice()).cloned().ok_or_else(unknown)?)
        }
    };
    let mut after = match (fact, &before) {
        (Fact::Issued(issued), _) => Sale::of(issued),
        (_, Some(before)) => before.clone(),
        (_, None) => return Err(Error::internal("an invoice out of nowhere")),
    };
    let on = fact.on();
    let mut months: Vec<(Date, MonthSums)> = Vec::new();
    let mut lines: Vec<(SaleLine, bool)> = Vec::new();
    let mut ranked = ClientSums::default();
    match fact {
        Fact::Issued(issued) => {
            let asked = after.asked_for(own);
            ranked = ClientSums { invoices: 1, own_net_minor: asked.own_net_minor };
            let is_new = !known.clients.contains_key(&issued.client);
            if is_new {
                let first = SaleClient { client: issued.client, first: issued.invoice, since: on };
                known.clients.insert(issued.client, first);
            }
            months.push((on, MonthSums { new_clients: i64::from(is_new), ..asked }));
            lines.push((after.line(own, LineFigure::Revenue, on), true));
        }
        Fact::Credited { net_minor, gross_minor, .. } => {
            after.credited_net_minor.0 += net_minor.0;
            after.settle(on, 0, gross_minor.0);
        }
        Fact::Replaced { .. } => after.is_replaced = true,
        Fact::Moved { amount, is_money, .. } => {
            after.settle(on, *amount, 0);
            if *is_money {
                after.cash_minor.0 += amount;
            }
        }
    }
    if let Some(before) = &before {
        let credited = after.credited(own).minus(before.credited(own));
        ranked.own_net_minor -= credited.own_credited_net_minor;
        let credit_notes = i64::from(matches!(fact, Fact::Credited { .. }));
        let moved = after.cash(own).minus(before.cash(own));
        months.push((on, MonthSums { credit_notes, ..credited.plus(moved) }));
        let given_back = SaleLine {
            net_minor: Minor(-credited.credited_net_minor),
            gross_minor: Minor(-credited.credited_gross_minor),
            own_net_minor: Minor(-credited.own_credited_net_minor),
            own_gross_minor: Minor(-credited.own_credited_gross_minor),
            ..after.line(own, LineFigure::Revenue, on)
        };
        match fact {
            Fact::Credited { credit_note, number, .. } => {
                let document = LineDocument::CreditNote(*credit_note);
                let about = after.number.clone();
                lines.push((SaleLine { document, number: number.clone(), about, ..given_back }, true));
            }
            Fact::Replaced { by, .. } => {
                let document = LineDocument::Replaced(after.invoice);
                lines.push((SaleLine { document, about: by.clone(), ..given_back }, true));
            }
            Fact::Issued(_) | Fact::Moved { .. } => {}
        }
    }
    after.settled_on = after.settled_since();
    let settled = |sale: &Sale| sale.settlement();
    if before.as_ref().and_then(settled) != settled(&after) {
        months.extend(before.as_ref().and_then(settled).map(|(on, sums)| (on, MonthSums::default().minus(sums))));
        months.extend(settled(&after));
        lines.extend(before.as_ref().and_then(|before| before.settled_line(own)).map(|line| (line, false)));
        lines.extend(after.settled_line(own).map(|line| (line, true)));
    }
    let due = after.due(own).minus(before.as_ref().map(|before| before.due(own)).unwrap_or_default());
    for whose in kept_of(after.assigned_to) {
        let code = after.currency.code();
        for (line, is_added) in &lines {
            effects.put(SaleLine { of: whose, ..line.clone() }, *is_added);
        }
        for (on, sums) in months.iter().filter(|(_, sums)| !sums.is_nothing()) {
            let month = effects.months.entry((whose, on.first_of_month(), code)).or_default();
            *month = month.plus(*sums);
        }
        if !due.is_nothing() {
            let sums = effects.dues.entry((whose, after.due_on, code)).or_default();
            *sums = sums.plus(due);
        }
        if !ranked.is_nothing() {
            for period in periods_of(on) {
                let sums = effects.clients.entry((whose, period, after.client)).or_default();
                *sums = sums.plus(ranked);
            }
        }
    }
    known.sales.insert(after.invoice, after);
    Ok(())
}

/// What says itself how it stands, all of it each time.
pub trait Stated: Sized {
    /// Whether it is in the sums: not while these are made anew.
    fn is_counted(&self) -> bool;

    #[must_use]
    fn counting(self, is_counted: bool) -> Self;

    /// What of it is to be added to the sums, or taken off.
    fn add_to(&self, effects: &mut Effects, own: Currency, is_added: bool);

    /// What changes where it stands otherwise than before.
    fn effects(before: Option<&Self>, after: &Self, own: Currency) -> Effects {
        let mut effects = Effects::default();
        if let Some(before) = before.filter(|before| before.is_counted()) {
            before.add_to(&mut effects, own, false);
        }
        if after.is_counted() {
            after.add_to(&mut effects, own, true);
        }
        effects.drop_nothing();
        effects
    }
}

/// A recurring invoice as the figures know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalePlan {
    pub recurring: RecurringInvoiceId,
    pub plan: InvoicePlan,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_counted: bool,
}

impl Stated for SalePlan {
    fn is_counted(&self) -> bool {
        self.is_counted
    }

    fn counting(self, is_counted: bool) -> Self {
        Self { is_counted, ..self }
    }

    fn add_to(&self, effects: &mut Effects, own: Currency, is_added: bool) {
        let InvoicePlan { assigned_to, currency, ref invoices, .. } = self.plan;
        for planned in invoices {
            let own_gross_minor = converted(planned.gross_minor, currency, own, None).unwrap_or_default().0;
            let sums = PlannedSums { count: 1, gross_minor: planned.gross_minor.0, own_gross_minor };
            for whose in kept_of(assigned_to) {
                let day = effects.planned.entry((whose, planned.due_on, currency.code())).or_default();
                *day = if is_added { day.plus(sums) } else { day.minus(sums) };
            }
        }
    }
}

/// A recurring expense as the figures know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaleExpensePlan {
    pub recurring: RecurringExpenseId,
    pub plan: ExpensePlan,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_counted: bool,
}

impl Stated for SaleExpensePlan {
    fn is_counted(&self) -> bool {
        self.is_counted
    }

    fn counting(self, is_counted: bool) -> Self {
        Self { is_counted, ..self }
    }

    fn add_to(&self, effects: &mut Effects, own: Currency, is_added: bool) {
        let currency = self.plan.currency;
        for planned in &self.plan.expenses {
            let own_gross_minor = converted(planned.gross_minor, currency, own, None).unwrap_or_default().0;
            let sums = PlannedSums { count: 1, gross_minor: planned.gross_minor.0, own_gross_minor };
            let day = effects.outlays.entry((planned.payable_on, currency.code())).or_default();
            *day = if is_added { day.plus(sums) } else { day.minus(sums) };
        }
    }
}

/// An expense as the figures know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaleExpense {
    pub facts: ExpenseFacts,
    /// It counts no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_removed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_counted: bool,
}

impl Stated for SaleExpense {
    fn is_counted(&self) -> bool {
        self.is_counted
    }

    fn counting(self, is_counted: bool) -> Self {
        Self { is_counted, ..self }
    }

    fn add_to(&self, effects: &mut Effects, own: Currency, is_added: bool) {
        if self.is_removed {
            return;
        }
        let ExpenseFacts { on, due_on, paid_on, gross_minor, prepaid_minor, recovered_minor, currency, .. } =
            self.facts;
        let own_of = |amount: i64| converted(Minor(amount), currency, own, None).unwrap_or_default().0;
        let (gross, cost) = (gross_minor.0, gross_minor.0 - recovered_minor.0);
        let sums = ExpenseSums {
            count: 1,
            cost_minor: cost,
            own_cost_minor: own_of(cost),
            gross_minor: gross,
            own_gross_minor: own_of(gross),
        };
        let month = effects.expenses.entry((on.first_of_month(), currency.code())).or_default();
        *month = if is_added { month.plus(sums) } else { month.minus(sums) };
        if paid_on.is_none() {
            let open = gross - prepaid_minor.0;
            let due = DueSums { count: 1, open_minor: open, own_open_minor: own_of(open) };
            let day = effects.payables.entry((due_on.unwrap_or(on), currency.code())).or_default();
            *day = if is_added { day.plus(due) } else { day.minus(due) };
        }
    }
}

/// A quote as the figures know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaleQuote {
    pub quote: QuoteId,
    pub stage: QuoteStage,
    pub on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<QuoteFacts>,
    /// Whether it is in the sums: not while these are made anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_counted: bool,
}

impl SaleQuote {
    pub fn of(quote: QuoteId, standing: &QuoteStanding) -> Self {
        let QuoteStanding { stage, on, facts } = standing.clone();
        Self { quote, stage, on, facts, is_counted: false }
    }

    /// With what is stated of it: what came later in its life is true, in whatever order it is told.
    #[must_use]
    pub fn stated(&self, standing: &QuoteStanding) -> Self {
        let mut after = self.clone();
        if standing.stage >= self.stage {
            (after.stage, after.on) = (standing.stage, standing.on);
            after.facts = standing.facts.clone().or(after.facts);
        } else if after.facts.is_none() {
            after.facts.clone_from(&standing.facts);
        }
        after
    }

    /// The sums that it adds to, by the day of what happened.
    fn sums(&self, own: Currency) -> Vec<(Date, QuoteSums)> {
        let Some(facts) = self.facts.as_ref().filter(|_| self.stage != QuoteStage::Replaced) else { return Vec::new() };
        let net = facts.net_minor.0;
        let converted = converted(facts.net_minor, facts.currency, own, None).unwrap_or_default().0;
        let sent = QuoteSums { sent: 1, sent_minor: net, own_sent_minor: converted, ..QuoteSums::default() };
        let ended = match self.stage {
            QuoteStage::Sent | QuoteStage::Replaced => None,
            QuoteStage::Accepted => Some(QuoteSums {
                accepted: 1,
                accepted_minor: net,
                own_accepted_minor: converted,
                ..QuoteSums::default()
            }),
            QuoteStage::Refused => {
                Some(QuoteSums { refused: 1, refused_minor: net, own_refused_minor: converted, ..QuoteSums::default() })
            }
            QuoteStage::Expired => {
                Some(QuoteSums { expired: 1, expired_minor: net, own_expired_minor: converted, ..QuoteSums::default() })
            }
        };
        std::iter::once((facts.sent_on, sent)).chain(ended.map(|sums| (self.on, sums))).collect()
    }

    /// What it is of the figures, each by its day.
    fn lines(&self, own: Currency) -> Vec<SaleLine> {
        let Some(facts) = self.facts.as_ref().filter(|_| self.stage != QuoteStage::Replaced) else { return Vec::new() };
        let in_own = |amount: Minor| converted(amount, facts.currency, own, None);
        let line = |figure, on| SaleLine {
            of: None,
            figure,
            on,
            document: LineDocument::Quote(self.quote),
            number: facts.number.clone(),
            about: String::new(),
            client: facts.client,
            currency: facts.currency,
            net_minor: facts.net_minor,
            gross_minor: facts.gross_minor,
            own_net_minor: in_own(facts.net_minor).unwrap_or_default(),
            own_gross_minor: in_own(facts.gross_minor).unwrap_or_default(),
            is_unconverted: in_own(facts.net_minor).is_none(),
            days: None,
        };
        let ended = match self.stage {
            QuoteStage::Sent | QuoteStage::Replaced => None,
            QuoteStage::Accepted => Some(LineFigure::Accepted),
            QuoteStage::Refused => Some(LineFigure::Refused),
            QuoteStage::Expired => Some(LineFigure::Expired),
        };
        let sent = line(LineFigure::Sent, facts.sent_on);
        std::iter::once(sent).chain(ended.map(|figure| line(figure, self.on))).collect()
    }
}

impl Stated for SaleQuote {
    fn is_counted(&self) -> bool {
        self.is_counted
    }

    fn counting(self, is_counted: bool) -> Self {
        Self { is_counted, ..self }
    }

    fn add_to(&self, effects: &mut Effects, own: Currency, is_added: bool) {
        let Some(facts) = &self.facts else { return };
        for (on, sums) in self.sums(own) {
            for whose in kept_of(facts.assigned_to) {
                let month = effects.quotes.entry((whose, on.first_of_month(), facts.currency.code())).or_default();
                *month = if is_added { month.plus(sums) } else { month.minus(sums) };
            }
        }
        for line in self.lines(own) {
            for whose in kept_of(facts.assigned_to) {
                effects.put(SaleLine { of: whose, ..line.clone() }, is_added);
            }
        }
    }
}

/// Where the making anew is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// What there was is removed; nothing is counted meanwhile.
    Clearing,
    /// The ledger is read from its beginning.
    Ledger,
    /// Then what says itself how it stands: quotes, recurring invoices, expenses.
    Stated,
}

/// Which items there are beside the sums: figures of another shape are made anew when something is next added.
pub const SHAPE: u32 = 2;

/// How far the figures have come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// The last entry of the ledger that is in them.
    pub position: u64,
    /// That of the organization when they were begun: what another one says is made anew.
    pub currency: Currency,
    /// When something was last added.
    pub at: jiff::Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rebuild: Option<Rebuild>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rebuilt_at: Option<jiff::Timestamp>,
    /// [`SHAPE`] when they were begun.
    #[serde(default)]
    pub shape: u32,
}

/// That they are being made anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rebuild {
    pub phase: Phase,
    /// Where the ledger ended when it began.
    pub until: u64,
    pub requested_at: jiff::Timestamp,
}

impl Projection {
    pub fn new(currency: Currency, at: jiff::Timestamp) -> Self {
        Self { position: 0, currency, at, rebuild: None, rebuilt_at: None, shape: SHAPE }
    }

    /// Begun anew. What is under way already begins once more.
    #[must_use]
    pub fn rebuilding(&self, currency: Currency, until: u64, at: jiff::Timestamp) -> Self {
        let rebuild = Rebuild { phase: Phase::Clearing, until, requested_at: at };
        Self { position: 0, currency, at, rebuild: Some(rebuild), rebuilt_at: self.rebuilt_at, shape: SHAPE }
    }

    pub fn phase(&self) -> Option<Phase> {
        self.rebuild.as_ref().map(|rebuild| rebuild.phase)
    }

    #[must_use]
    pub fn in_phase(&self, phase: Phase) -> Self {
        let rebuild = self.rebuild.clone().map(|rebuild| Rebuild { phase, ..rebuild });
        Self { rebuild, ..self.clone() }
    }

    #[must_use]
    pub fn rebuilt(&self, at: jiff::Timestamp) -> Self {
        Self { rebuild: None, rebuilt_at: Some(at), at, ..self.clone() }
    }

    /// How much of the making anew is done, in per cent; none where nothing is.
    pub fn percent(&self) -> Option<u64> {
        let rebuild = self.rebuild.as_ref()?;
        Some(match rebuild.phase {
            Phase::Clearing => 0,
            Phase::Ledger => 5 + 85 * self.position.min(rebuild.until) / rebuild.until.max(1),
            Phase::Stated => 95,
        })
    }
}

/// The first day of a month so many before another.
pub fn months_before(month: Date, months: i32) -> Date {
    month.first_of_month().saturating_sub(months.months())
}
