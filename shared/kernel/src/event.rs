//! What happened, for whoever wants to know: written with the act itself, carried by the relay.
//!
//! A name is in the past tense and versioned; a payload is small: who wants more reads the aggregate afresh.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    Currency, Minor,
    id::{
        ActivityId, AttachedId, CompanyId, ContactId, CreditNoteId, EmployeeId, EventId, ExportId, ImportId,
        InvitationId, InvoiceId, IssueBatchId, JobId, LeaveRequestId, LeaveTypeId, LetterId, MailId, MergeId, NotAnId,
        OpportunityId, OrganizationId, QuoteId, RecurringInvoiceId, SelfBilledId, UserId, WebFormId,
    },
    mail::MailFailure,
    tenant::Actor,
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
    QuoteAccepted {
        quote: QuoteId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// Its client does not want it.
    #[serde(rename = "quote.refused.v1")]
    QuoteRefused {
        quote: QuoteId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// The last day of the offer passed without an answer.
    #[serde(rename = "quote.expired.v1")]
    QuoteExpired {
        quote: QuoteId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
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
    /// It was credited whole, and the time that it was made of is to be free again as far as it is not yet.
    #[serde(rename = "time.released.v1")]
    TimeReleased { invoice: InvoiceId },
    #[serde(rename = "credit_note.issued.v1")]
    CreditNoteIssued { credit_note: CreditNoteId, invoice: InvoiceId },
    #[serde(rename = "invoice.paid.v1")]
    InvoicePaid {
        invoice: InvoiceId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    #[serde(rename = "invoice.overdue.v1")]
    InvoiceOverdue {
        invoice: InvoiceId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    #[serde(rename = "invoice.reminded.v1")]
    InvoiceReminded {
        invoice: InvoiceId,
        level: u8,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A reminder waits for somebody's yes.
    #[serde(rename = "reminder.proposed.v1")]
    ReminderProposed {
        invoice: InvoiceId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A mail about a document did not arrive.
    #[serde(rename = "mail.failed.v1")]
    MailFailed { owner: Owner, mail: MailId, why: MailFailure },
    /// The day and hour of somebody's summary of notifications came.
    #[serde(rename = "notification_digest.due.v1")]
    NotificationDigestDue { user: UserId },
    /// Somebody is a member no more.
    #[serde(rename = "member.left.v1")]
    MemberLeft { user: UserId },
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
    /// The clock found that the time of an activity's reminder came; the worker of the CRM decides what that means.
    #[serde(rename = "activity.due.v1")]
    ActivityDue { activity: ActivityId },
    /// A member was reminded of an activity.
    #[serde(rename = "activity.reminded.v1")]
    ActivityReminded {
        activity: ActivityId,
        user: UserId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A file of a record of the CRM was deleted; its versions are to leave the bucket.
    #[serde(rename = "attached.deleted.v1")]
    AttachedDeleted { file: AttachedId },
    /// Somebody filled in a form on the organization's web site.
    #[serde(rename = "lead.received.v1")]
    LeadReceived {
        form: WebFormId,
        contact: ContactId,
        opportunity: OpportunityId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// Somebody wants all that there is on one person (RGPD art. 15), as one file.
    #[serde(rename = "person.export_requested.v1")]
    PersonExportRequested { of: Person, export: ExportId },
    /// A record of the CRM is no more, and what stood around it is to go; its prefixed id.
    #[serde(rename = "record.deleted.v1")]
    RecordDeleted { record: String },
    /// A company, a contact or an opportunity (`com_…`, `con_…`, `opp_…`) has another name: what carries it is to follow.
    #[serde(rename = "record.renamed.v1")]
    RecordRenamed { record: String },
    #[serde(rename = "opportunity.won.v1")]
    OpportunityWon {
        opportunity: OpportunityId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    #[serde(rename = "opportunity.lost.v1")]
    OpportunityLost {
        opportunity: OpportunityId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// The clock found that a month of somebody's leave is over; the worker of HR decides what that means.
    #[serde(rename = "leave_account.due.v1")]
    LeaveAccountDue { employee: EmployeeId },
    /// Somebody asks for leave, or what was decided first is to be decided again: who decides is to be told.
    #[serde(rename = "leave.requested.v1")]
    LeaveRequested { employee: EmployeeId, request: LeaveRequestId },
    /// Somebody is to be told what leave sickness kept them from, and until when it may be taken; the year that it is of begins on
    /// this day.
    #[serde(rename = "leave.informed.v1")]
    LeaveInformed { employee: EmployeeId, leave_type: LeaveTypeId, year: Date },
    /// A member is to decide on leave; told as well where it has waited for long.
    #[serde(rename = "leave.awaited.v1")]
    LeaveAwaited {
        employee: EmployeeId,
        request: LeaveRequestId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    #[serde(rename = "leave.approved.v1")]
    LeaveApproved {
        employee: EmployeeId,
        request: LeaveRequestId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    #[serde(rename = "leave.refused.v1")]
    LeaveRefused {
        employee: EmployeeId,
        request: LeaveRequestId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// Somebody else takes care of it than before, or than who added it.
    #[serde(rename = "opportunity.assigned.v1")]
    OpportunityAssigned {
        opportunity: OpportunityId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A file of records is to be checked or imported, or there is more of it to do.
    #[serde(rename = "import.requested.v1")]
    ImportRequested { import: ImportId },
    /// All of its rows were dealt with, or who asked for it may not do it any more.
    #[serde(rename = "import.finished.v1")]
    ImportFinished {
        import: ImportId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// Somebody wants a list of records as a file.
    #[serde(rename = "record_export.requested.v1")]
    RecordExportRequested { export: ExportId },
    /// A company or a contact was added, changed or removed: by what they are recognised is to be noted anew.
    #[serde(rename = "record.changed.v1")]
    RecordChanged { record: String },
    /// Somebody wants every company and contact looked at for duplicates, or there are more of them to look at.
    #[serde(rename = "duplicate_search.requested.v1")]
    DuplicateSearchRequested {},
    /// Two records were made one, or are to be two again: what points to one is to point to the other.
    #[serde(rename = "merge.requested.v1")]
    MergeRequested { merge: MergeId },
    /// An employee's week (`2026-W48`) was approved, and some of it was worked for clients, or no longer is: what is published
    /// of it is to be invoiced by the hour.
    #[serde(rename = "time_week.approved.v1")]
    TimeWeekApproved { employee: EmployeeId, week: String },
    /// Nothing points to the loser any more. Both are ids with their prefix.
    #[serde(rename = "record.merged.v1")]
    RecordMerged { loser: String, winner: String },
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
            | Self::TimeReleased { .. }
            | Self::TimeWeekApproved { .. }
            | Self::CheckoutDue { .. }
            | Self::IssueBatchRequested { .. } => &[Queue::Invoicing],
            Self::ActivityDue { .. }
            | Self::RecordRenamed { .. }
            | Self::RecordChanged { .. }
            | Self::RecordDeleted { .. }
            | Self::AttachedDeleted { .. }
            | Self::ImportRequested { .. }
            | Self::RecordExportRequested { .. }
            | Self::DuplicateSearchRequested {}
            | Self::MergeRequested { .. } => &[Queue::Crm],
            Self::LeaveAccountDue { .. } | Self::LeaveRequested { .. } | Self::LeaveInformed { .. } => &[Queue::Hr],
            Self::LedgerDue {} | Self::JobRequested { .. } => &[Queue::Accounting],
            Self::OrganizationDeleted {} | Self::PersonExportRequested { .. } => &[Queue::Organizations],
            Self::ExportRequested { .. } => &[Queue::Organizations, Queue::Notifications],
            Self::ContactErased { .. } | Self::ClientErased { .. } => {
                &[Queue::Crm, Queue::Invoicing, Queue::Organizations, Queue::Notifications]
            }
            Self::QuoteAccepted { .. }
            | Self::QuoteRefused { .. }
            | Self::QuoteExpired { .. }
            | Self::InvoicePaid { .. }
            | Self::InvoiceOverdue { .. }
            | Self::InvoiceReminded { .. }
            | Self::ReminderProposed { .. }
            | Self::MailFailed { .. }
            | Self::ActivityReminded { .. }
            | Self::OpportunityWon { .. }
            | Self::OpportunityLost { .. }
            | Self::OpportunityAssigned { .. }
            | Self::LeaveAwaited { .. }
            | Self::LeaveApproved { .. }
            | Self::LeaveRefused { .. }
            | Self::LeadReceived { .. }
            | Self::ImportFinished { .. }
            | Self::NotificationDigestDue { .. }
            | Self::MemberLeft { .. } => &[Queue::Notifications],
            Self::DocumentRendered { .. }
            | Self::OrganizationCreated {}
            | Self::RecordMerged { .. }
            | Self::QuoteSent { .. }
            | Self::InvoiceIssued { .. }
            | Self::CreditNoteIssued { .. } => &[],
        }
    }
}

/// What people are told of an event besides its ids. Nobody decides anything by it, and no name of a person is in it: a
/// message is read long after it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The number or the title by which people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<CompanyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// The company that it is about besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyId>,
    /// Beside its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Minor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The member who takes care of it, where it is a record of its own; else the client says who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    /// The member who did it, and need not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

impl About {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    #[must_use]
    pub fn by(mut self, actor: &Actor) -> Self {
        self.by = actor.user();
        self
    }

    #[must_use]
    pub const fn worth(mut self, amount: Minor, currency: Currency) -> Self {
        self.amount_minor = Some(amount);
        self.currency = Some(currency);
        self
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
    /// The reminder of an activity, at its instant.
    Activity,
    /// What a member is told once a day, under the user's ULID.
    NotificationDigest,
    /// The leave of the employee with this ULID.
    LeaveAccount,
}

impl DueKind {
    pub const ALL: [Self; 8] = [
        Self::Invoice,
        Self::Quote,
        Self::RecurringInvoice,
        Self::Checkout,
        Self::Ledger,
        Self::Activity,
        Self::NotificationDigest,
        Self::LeaveAccount,
    ];

    /// As the due index names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invoice => "INVOICE",
            Self::Quote => "QUOTE",
            Self::RecurringInvoice => "RECURRING_INVOICE",
            Self::Checkout => "CHECKOUT",
            Self::Ledger => "LEDGER",
            Self::Activity => "ACTIVITY",
            Self::NotificationDigest => "NOTIFICATION_DIGEST",
            Self::LeaveAccount => "LEAVE_ACCOUNT",
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
            Self::Activity => Event::ActivityDue { activity: ActivityId::from_ulid(id) },
            Self::NotificationDigest => Event::NotificationDigestDue { user: UserId::from_ulid(id) },
            Self::LeaveAccount => Event::LeaveAccountDue { employee: EmployeeId::from_ulid(id) },
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
    Notifications,
    Hr,
}

impl Queue {
    pub const ALL: [Self; 8] = [
        Self::Pdf,
        Self::Mailer,
        Self::Crm,
        Self::Invoicing,
        Self::Organizations,
        Self::Accounting,
        Self::Notifications,
        Self::Hr,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Mailer => "mailer",
            Self::Crm => "crm",
            Self::Invoicing => "invoicing",
            Self::Organizations => "organizations",
            Self::Accounting => "accounting",
            Self::Notifications => "notifications",
            Self::Hr => "hr",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_before_it_told_anything_is_read_and_says_no_more_than_it_knows() {
        let old = json!({ "name": "invoice.paid.v1", "data": { "invoice": "inv_00000000000000000000000001" } });
        let read: Event = serde_json::from_value(old.clone()).unwrap();
        let invoice = InvoiceId::from_ulid(Ulid(1));
        assert_eq!(read, Event::InvoicePaid { invoice, about: About::default() });
        assert_eq!(serde_json::to_value(&read).unwrap(), old);
        let about = About { label: Some("F-1".into()), ..About::default() }.worth(Minor(120_000), Currency::Eur);
        assert_eq!(
            serde_json::to_value(Event::InvoicePaid { invoice, about }).unwrap()["data"]["about"],
            json!({ "label": "F-1", "amount_minor": 120_000, "currency": "EUR" })
        );
    }

    #[test]
    fn what_is_due_is_named_and_told() {
        for kind in DueKind::ALL {
            assert_eq!(DueKind::named(kind.name()), Some(kind));
            assert!(!kind.event(Ulid(1)).queues().is_empty());
        }
    }
}
