//! What happened, for whoever wants to know: written with the act itself, carried by the relay.
//!
//! A name is in the past tense and versioned; a payload is small: who wants more reads the aggregate afresh.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::id::{
    CompanyId, ContactId, CreditNoteId, EventId, ExportId, InvitationId, InvoiceId, IssueBatchId, JobId, LetterId,
    MailId, NotAnId, OrganizationId, QuoteId, RecurringInvoiceId, SelfBilledId, UserId,
};

/// The envelope that travels: stream → relay → queue → worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// What consumers derive their idempotency from.
    pub id: EventId,
    pub organization: OrganizationId,
    pub at: Timestamp,
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data")]
pub enum Event {
    /// A document was frozen and waits to be rendered; `mail` leaves once it is.
    #[serde(rename = "document.frozen.v1")]
    DocumentFrozen { owner: Owner, mail: Option<MailId> },
    #[serde(rename = "document.rendered.v1")]
    DocumentRendered { owner: Owner },
    /// A mail may leave now.
    #[serde(rename = "mail.requested.v1")]
    MailRequested { owner: Owner, mail: MailId },
    #[serde(rename = "organization.created.v1")]
    OrganizationCreated {},
    #[serde(rename = "quote.sent.v1")]
    QuoteSent { quote: QuoteId },
    #[serde(rename = "quote.accepted.v1")]
    QuoteAccepted { quote: QuoteId },
    /// The last day of the offer passed without an answer.
    #[serde(rename = "quote.expired.v1")]
    QuoteExpired { quote: QuoteId },
    /// The clock found that the last day of an offer passed; the worker of invoicing decides what that means.
    #[serde(rename = "quote.due.v1")]
    QuoteDue { quote: QuoteId },
    /// The client signed it on the portal: the signature is to be put on its document; `mail` leaves once it is.
    #[serde(rename = "quote.signed.v1")]
    QuoteSigned { quote: QuoteId, mail: Option<MailId> },
    #[serde(rename = "invoice.issued.v1")]
    InvoiceIssued { invoice: InvoiceId },
    /// A corrective invoice took its place in full.
    #[serde(rename = "invoice.replaced.v1")]
    InvoiceReplaced { invoice: InvoiceId, by: InvoiceId },
    #[serde(rename = "credit_note.issued.v1")]
    CreditNoteIssued { credit_note: CreditNoteId, invoice: InvoiceId },
    #[serde(rename = "invoice.paid.v1")]
    InvoicePaid { invoice: InvoiceId },
    #[serde(rename = "invoice.overdue.v1")]
    InvoiceOverdue { invoice: InvoiceId },
    #[serde(rename = "invoice.reminded.v1")]
    InvoiceReminded { invoice: InvoiceId, level: u8 },
    /// The clock found that a date passed; the worker of invoicing decides what that means.
    #[serde(rename = "invoice.due.v1")]
    InvoiceDue { invoice: InvoiceId },
    /// The day of a recurring invoice came.
    #[serde(rename = "recurring_invoice.due.v1")]
    RecurringInvoiceDue { recurring: RecurringInvoiceId },
    /// A payment by card that somebody began is to be looked at again: what the invoice owes has changed, or the clock found
    /// it still open.
    #[serde(rename = "checkout.due.v1")]
    CheckoutDue { invoice: InvoiceId },
    /// Somebody wants many drafts issued, or there are more of them to issue.
    #[serde(rename = "issue_batch.requested.v1")]
    IssueBatchRequested { batch: IssueBatchId },
    /// The clock found that a period of the organization's ledger is over.
    #[serde(rename = "ledger.due.v1")]
    LedgerDue {},
    /// Somebody wants a file for accountants, an archive, or the ledger verified.
    #[serde(rename = "accounting.job_requested.v1")]
    JobRequested { job: JobId },
    /// Somebody wants everything that the organization has, as one file.
    #[serde(rename = "organization.export_requested.v1")]
    ExportRequested { export: ExportId },
    /// Nobody gets in any more; what the law does not keep is to be removed.
    #[serde(rename = "organization.deleted.v1")]
    OrganizationDeleted {},
    /// Somebody was erased (RGPD art. 17); what is left of them is to go, each worker in its own items.
    #[serde(rename = "contact.erased.v1")]
    ContactErased { contact: ContactId },
    /// The same of a client who is a private person: what is left of them is a client without a name.
    #[serde(rename = "client.erased.v1")]
    ClientErased { client: CompanyId },
    /// Somebody wants all that there is on one person (RGPD art. 15), as one file.
    #[serde(rename = "person.export_requested.v1")]
    PersonExportRequested { of: Person, export: ExportId },
}

impl Event {
    /// The queues that want it. Read by the relay and by nobody else.
    pub const fn queues(&self) -> &'static [Queue] {
        match self {
            Self::DocumentFrozen { .. } | Self::QuoteSigned { .. } => &[Queue::Pdf],
            Self::MailRequested { .. } => &[Queue::Mailer],
            Self::InvoiceDue { .. }
            | Self::QuoteDue { .. }
            | Self::RecurringInvoiceDue { .. }
            | Self::InvoiceReplaced { .. }
            | Self::CheckoutDue { .. }
            | Self::IssueBatchRequested { .. } => &[Queue::Invoicing],
            Self::LedgerDue {} | Self::JobRequested { .. } => &[Queue::Accounting],
            Self::ExportRequested { .. } | Self::OrganizationDeleted {} | Self::PersonExportRequested { .. } => {
                &[Queue::Organizations]
            }
            Self::ContactErased { .. } | Self::ClientErased { .. } => {
                &[Queue::Crm, Queue::Invoicing, Queue::Organizations]
            }
            Self::DocumentRendered { .. }
            | Self::OrganizationCreated {}
            | Self::QuoteSent { .. }
            | Self::QuoteAccepted { .. }
            | Self::QuoteExpired { .. }
            | Self::InvoiceIssued { .. }
            | Self::CreditNoteIssued { .. }
            | Self::InvoicePaid { .. }
            | Self::InvoiceOverdue { .. }
            | Self::InvoiceReminded { .. } => &[],
        }
    }
}

/// Somebody of whom all is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Person {
    Contact(ContactId),
    /// A client who is no business.
    Client(CompanyId),
    /// A member, as their organization asks: what it has on them.
    Member(UserId),
    /// A user, as they ask themselves: what there is on them, wherever they are a member.
    User(UserId),
}

impl Person {
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Contact(_) => "contact",
            Self::Client(_) => "client",
            Self::Member(_) => "member",
            Self::User(_) => "user",
        }
    }

    /// When there was first something of them.
    pub fn given_at(self) -> Timestamp {
        match self {
            Self::Contact(id) => id.given_at(),
            Self::Client(id) => id.given_at(),
            Self::Member(id) | Self::User(id) => id.given_at(),
        }
    }

    pub const fn ulid(self) -> Ulid {
        match self {
            Self::Contact(id) => id.ulid(),
            Self::Client(id) => id.ulid(),
            Self::Member(id) | Self::User(id) => id.ulid(),
        }
    }
}

impl std::fmt::Display for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Contact(id) => id.fmt(f),
            Self::Client(id) => id.fmt(f),
            Self::Member(id) | Self::User(id) => id.fmt(f),
        }
    }
}

/// The aggregate that a document or a mail belongs to. Users and invitations have mails only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Owner {
    Quote(QuoteId),
    Invoice(InvoiceId),
    CreditNote(CreditNoteId),
    SelfBilled(SelfBilledId),
    Letter(LetterId),
    User(UserId),
    Invitation(InvitationId),
}

impl Owner {
    /// Whether a document is frozen, rendered and downloaded under its name.
    pub const fn has_document(&self) -> bool {
        match self {
            Self::Quote(_) | Self::Invoice(_) | Self::CreditNote(_) | Self::SelfBilled(_) | Self::Letter(_) => true,
            Self::User(_) | Self::Invitation(_) => false,
        }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Quote(id) => id.fmt(f),
            Self::Invoice(id) => id.fmt(f),
            Self::CreditNote(id) => id.fmt(f),
            Self::SelfBilled(id) => id.fmt(f),
            Self::Letter(id) => id.fmt(f),
            Self::User(id) => id.fmt(f),
            Self::Invitation(id) => id.fmt(f),
        }
    }
}

/// The prefix of the id says what kind of owner it is.
impl std::str::FromStr for Owner {
    type Err = NotAnId;

    fn from_str(id: &str) -> Result<Self, NotAnId> {
        id.parse()
            .map(Self::Quote)
            .or_else(|_| id.parse().map(Self::Invoice))
            .or_else(|_| id.parse().map(Self::CreditNote))
            .or_else(|_| id.parse().map(Self::SelfBilled))
            .or_else(|_| id.parse().map(Self::Letter))
            .or_else(|_| id.parse().map(Self::User))
            .or_else(|_| id.parse().map(Self::Invitation))
    }
}

/// What may be due: the clock finds it by its date, and says so by an event of this kind's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    Invoice,
    Quote,
    RecurringInvoice,
    /// A payment by card of the invoice with this ULID.
    Checkout,
    /// The organization's ledger, under the organization's own ULID.
    Ledger,
}

impl DueKind {
    pub const ALL: [Self; 5] = [Self::Invoice, Self::Quote, Self::RecurringInvoice, Self::Checkout, Self::Ledger];

    /// As the due index names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invoice => "INVOICE",
            Self::Quote => "QUOTE",
            Self::RecurringInvoice => "RECURRING_INVOICE",
            Self::Checkout => "CHECKOUT",
            Self::Ledger => "LEDGER",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What the clock says of the one with this ULID; the event names the queues that want it.
    pub const fn event(self, id: Ulid) -> Event {
        match self {
            Self::Invoice => Event::InvoiceDue { invoice: InvoiceId::from_ulid(id) },
            Self::Quote => Event::QuoteDue { quote: QuoteId::from_ulid(id) },
            Self::RecurringInvoice => Event::RecurringInvoiceDue { recurring: RecurringInvoiceId::from_ulid(id) },
            Self::Checkout => Event::CheckoutDue { invoice: InvoiceId::from_ulid(id) },
            Self::Ledger => Event::LedgerDue {},
        }
    }
}

/// One queue (with its dead-letter queue) per worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    Pdf,
    Mailer,
    Crm,
    Invoicing,
    Organizations,
    /// What of invoicing takes long, or signs: closings, archives, files for accountants.
    Accounting,
}

impl Queue {
    pub const ALL: [Self; 6] =
        [Self::Pdf, Self::Mailer, Self::Crm, Self::Invoicing, Self::Organizations, Self::Accounting];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Mailer => "mailer",
            Self::Crm => "crm",
            Self::Invoicing => "invoicing",
            Self::Organizations => "organizations",
            Self::Accounting => "accounting",
        }
    }
}
