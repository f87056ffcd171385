//! In which list a document stands, and which documents somebody wants to see. Pure.

use jiff::civil::Date;
use kernel::{Currency, Minor, Rule, Violations, id::CompanyId, legal, text};
use serde::{Deserialize, Serialize};

use crate::{
    invoice::PaymentStatus,
    panel::{ClientDocument, InvoiceSummary, Summary},
    quote::{Progress, QuoteStatus},
};

/// What kind of documents a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Quote,
    Invoice,
    CreditNote,
}

impl Shape {
    pub const ALL: [Self; 3] = [Self::Quote, Self::Invoice, Self::CreditNote];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
        }
    }

    /// As keys name it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Quote => "QUOTE",
            Self::Invoice => "INVOICE",
            Self::CreditNote => "CREDIT_NOTE",
        }
    }

    pub const fn path(self) -> &'static str {
        match self {
            Self::Quote => "/facturation/devis",
            Self::Invoice => "/facturation/factures",
            Self::CreditNote => "/facturation/avoirs",
        }
    }

    /// The states that can be asked for, in the order of their life.
    pub const fn states(self) -> &'static [State] {
        match self {
            Self::Quote => &[
                State::Draft,
                State::Sent,
                State::Expired,
                State::Accepted,
                State::Invoiced,
                State::Refused,
                State::Replaced,
            ],
            Self::Invoice => {
                &[State::Draft, State::Open, State::Overdue, State::PartlyPaid, State::Paid, State::Cancelled]
            }
            Self::CreditNote => &[],
        }
    }

    /// The lists in which all of them stand.
    const fn shelves(self) -> &'static [&'static str] {
        match self {
            Self::Quote => &["DRAFT", "SENT", "ACCEPTED", "REFUSED", "INVOICED", "REPLACED"],
            Self::Invoice => &["DRAFT", "OPEN", "PAID", "CANCELLED"],
            Self::CreditNote => &["ISSUED"],
        }
    }
}

/// A state that somebody asks for; some follow from the day and are told apart within a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DocumentState)]
pub enum State {
    Draft,
    Sent,
    Expired,
    Accepted,
    Refused,
    Invoiced,
    /// By a later version.
    Replaced,
    /// Issued and not paid whole.
    Open,
    /// The same, past the due date.
    Overdue,
    PartlyPaid,
    Paid,
    Cancelled,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Invoiced => "invoiced",
            Self::Replaced => "replaced",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }

    /// As the filter offers it.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Draft => "Brouillons",
            Self::Sent => "En attente",
            Self::Expired => "Expirés",
            Self::Accepted => "Acceptés",
            Self::Refused => "Refusés",
            Self::Invoiced => "Facturés",
            Self::Replaced => "Remplacés",
            Self::Open => "À payer",
            Self::Overdue => "En retard",
            Self::PartlyPaid => "Partiellement payées",
            Self::Paid => "Payées",
            Self::Cancelled => "Annulées",
        }
    }

    const fn shelf(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Sent | Self::Expired => "SENT",
            Self::Accepted => "ACCEPTED",
            Self::Refused => "REFUSED",
            Self::Invoiced => "INVOICED",
            Self::Replaced => "REPLACED",
            Self::Open | Self::Overdue | Self::PartlyPaid => "OPEN",
            Self::Paid => "PAID",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether it is all of its list.
    const fn is_whole(self) -> bool {
        !matches!(self, Self::Sent | Self::Expired | Self::Overdue | Self::PartlyPaid)
    }

    fn has(self, document: &ClientDocument, today: Date) -> bool {
        match (&document.summary, self) {
            (Summary::Quote(quote), Self::Sent | Self::Expired) => {
                let is_expired = QuoteStatus::of(quote.progress, quote.valid_until, today) == QuoteStatus::Expired;
                is_expired == (self == Self::Expired)
            }
            (Summary::Invoice(invoice), Self::Overdue) => invoice.is_overdue(today),
            (Summary::Invoice(invoice), Self::PartlyPaid) => {
                PaymentStatus::of(invoice.owed(), invoice.paid_minor) == PaymentStatus::PartlyPaid
            }
            _ => true,
        }
    }
}

/// In which list a document stands, and under which day: that of issue, or of its draft.
pub fn shelf_of(document: &ClientDocument) -> (&'static str, Date) {
    let shelf = match &document.summary {
        Summary::Quote(quote) => match quote.progress {
            Progress::Draft => "DRAFT",
            Progress::Sent => "SENT",
            Progress::Accepted => "ACCEPTED",
            Progress::Refused => "REFUSED",
            Progress::Invoiced => "INVOICED",
            Progress::Replaced => "REPLACED",
        },
        Summary::Invoice(invoice) => invoice_shelf(invoice),
        Summary::CreditNote(_) => "ISSUED",
    };
    (shelf, dated_on(document))
}

fn invoice_shelf(invoice: &InvoiceSummary) -> &'static str {
    if invoice.number.is_none() {
        "DRAFT"
    } else if invoice.is_cancelled() {
        "CANCELLED"
    } else if PaymentStatus::of(invoice.owed(), invoice.paid_minor) == PaymentStatus::Paid {
        "PAID"
    } else {
        "OPEN"
    }
}

pub fn dated_on(document: &ClientDocument) -> Date {
    let day = |at: jiff::Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
    match &document.summary {
        Summary::Quote(quote) => quote.sent_on.unwrap_or_else(|| day(quote.created_at)),
        Summary::Invoice(invoice) => invoice.issued_on.unwrap_or_else(|| day(invoice.created_at)),
        Summary::CreditNote(note) => note.issued_on,
    }
}

/// The sort key of its line, as `keys::in_documents` builds it: by day, then by id.
pub fn place(document: &ClientDocument) -> (Date, ulid::Ulid) {
    let id = match &document.summary {
        Summary::Quote(quote) => quote.id.ulid(),
        Summary::Invoice(invoice) => invoice.id.ulid(),
        Summary::CreditNote(note) => note.id.ulid(),
    };
    (dated_on(document), id)
}

pub fn gross(document: &ClientDocument) -> (Minor, Currency) {
    match &document.summary {
        Summary::Quote(quote) => (quote.gross_minor, quote.currency),
        Summary::Invoice(invoice) => (invoice.gross_minor, invoice.currency),
        Summary::CreditNote(note) => (note.gross_minor, note.currency),
    }
}

fn due_on(document: &ClientDocument) -> Option<Date> {
    match &document.summary {
        Summary::Quote(quote) => quote.valid_until,
        Summary::Invoice(invoice) => invoice.due_on,
        Summary::CreditNote(_) => None,
    }
}

fn names(document: &ClientDocument) -> [&str; 3] {
    let (number, subject) = match &document.summary {
        Summary::Quote(quote) => (quote.number.as_deref(), quote.subject.as_deref()),
        Summary::Invoice(invoice) => (invoice.number.as_deref(), invoice.subject.as_deref()),
        Summary::CreditNote(note) => (Some(note.number.as_str()), Some(note.invoice_number.as_str())),
    };
    [number.unwrap_or_default(), subject.unwrap_or_default(), &document.client_name]
}

/// By what a list is sorted. Days are the order in which lists stand; by anything else only what was read can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Newest,
    Oldest,
    /// By the due date, or the end of validity.
    Due,
    Largest,
    Client,
}

impl Sort {
    pub const ALL: [Self; 5] = [Self::Newest, Self::Oldest, Self::Due, Self::Largest, Self::Client];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Due => "due",
            Self::Largest => "largest",
            Self::Client => "client",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Newest => "Du plus récent au plus ancien",
            Self::Oldest => "Du plus ancien au plus récent",
            Self::Due => "Par échéance",
            Self::Largest => "Par montant décroissant",
            Self::Client => "Par client",
        }
    }

    /// Whether lists stand in this order.
    pub const fn is_by_day(self) -> bool {
        matches!(self, Self::Newest | Self::Oldest)
    }

    pub fn arrange(self, documents: &mut [ClientDocument]) {
        match self {
            Self::Newest => documents.sort_by_key(|document| std::cmp::Reverse(place(document))),
            Self::Oldest => documents.sort_by_key(place),
            Self::Due => documents.sort_by_key(|document| (due_on(document).unwrap_or(Date::MAX), place(document))),
            Self::Largest => documents.sort_by_key(|document| std::cmp::Reverse((gross(document).0, place(document)))),
            Self::Client => documents
                .sort_by_key(|document| (text::folded(&document.client_name), std::cmp::Reverse(place(document)))),
        }
    }
}

/// As the address has it; the same for pages and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FilterInput {
    pub q: String,
    pub state: String,
    pub client: String,
    pub from: String,
    pub to: String,
    pub sort: String,
}

/// Which documents are wanted.
#[derive(Debug, Clone)]
pub struct Filter {
    pub shape: Shape,
    /// Folded.
    pub q: String,
    pub state: Option<State>,
    pub client: Option<CompanyId>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub sort: Sort,
}

impl FilterInput {
    pub fn parse(&self, shape: Shape) -> Result<Filter, Violations> {
        let mut wrong = Violations::default();
        let state = match self.state.as_str() {
            "" => None,
            name => wrong.take(
                "/state",
                shape.states().iter().copied().find(|state| state.name() == name).ok_or(Rule::NotAChoice),
            ),
        };
        let sort = match self.sort.as_str() {
            "" => Some(Sort::default()),
            name => wrong.take("/sort", Sort::ALL.into_iter().find(|sort| sort.name() == name).ok_or(Rule::NotAChoice)),
        };
        let client = match self.client.trim() {
            "" => None,
            id => wrong.take("/client", id.parse::<CompanyId>().map_err(|_| Rule::NotAnId)),
        };
        let mut day = |pointer: &str, text: &str| match text.trim() {
            "" => None,
            date => wrong.take(pointer, legal::date(date)),
        };
        let (from, to) = (day("/from", &self.from), day("/to", &self.to));
        match (sort, wrong.is_empty()) {
            (Some(sort), true) => {
                let q = text::folded(&self.q.chars().take(100).collect::<String>());
                Ok(Filter { shape, q, state, client, from, to, sort })
            }
            _ => Err(wrong),
        }
    }

    pub fn narrows(&self) -> bool {
        [&self.q, &self.state, &self.client, &self.from, &self.to].iter().any(|text| !text.trim().is_empty())
    }

    /// The address of the list narrowed like this.
    pub fn link(&self, path: &str, cursor: Option<&str>) -> String {
        let fields = [
            ("q", self.q.as_str()),
            ("state", &self.state),
            ("client", &self.client),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(path, &fields)
    }
}

impl Filter {
    /// The lists that can hold what is wanted.
    pub fn shelves(&self) -> Vec<&'static str> {
        self.state.map_or_else(|| self.shape.shelves().to_vec(), |state| vec![state.shelf()])
    }

    /// Whether everything that its lists hold in the period is wanted.
    pub fn takes_all(&self) -> bool {
        self.q.is_empty() && self.client.is_none() && self.state.is_none_or(State::is_whole)
    }

    pub fn wants(&self, document: &ClientDocument, today: Date) -> bool {
        self.client.is_none_or(|client| document.client == client)
            && self.state.is_none_or(|state| state.has(document, today))
            && (self.q.is_empty() || self.speaks_of(document))
    }

    /// In its number, its subject or its client's name; or it is its amount.
    fn speaks_of(&self, document: &ClientDocument) -> bool {
        let (amount, currency) = gross(document);
        let typed: String = self.q.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
        let is_amount = !typed.is_empty() && typed.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
        let plain = amount.plain(currency);
        let whole = plain.split('.').next().unwrap_or_default();
        let typed = typed.replace(',', ".");
        (is_amount && (typed == plain || typed == whole))
            || names(document).iter().any(|name| text::folded(name).contains(&self.q))
    }
}
