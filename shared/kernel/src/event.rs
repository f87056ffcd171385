//! What happened, for whoever wants to know: written with the act itself, carried by the relay.
//!
//! A name is in the past tense and versioned; a payload is small: who wants more reads the aggregate afresh.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    Currency, Minor,
    expense::{ApprovedExpense, ReimbursementMethod},
    id::{
        ActivityId, AttachedId, BankLineId, CompanyId, ContactId, CreditNoteId, DeliveryId, EmployeeId, EventId,
        ExpenseId, ExpenseReportId, ExportId, ImportId, InvitationId, InvoiceId, IssueBatchId, JobId, LeaveRequestId,
        LeaveTypeId, LetterId, MailId, MergeId, NotAnId, OpportunityId, OrganizationId, PaperId, PaymentId, QuoteId,
        ReceivedInvoiceId, ReceivedMailId, RecurringExpenseId, RecurringInvoiceId, SelfBilledId, TargetId, UploadId,
        UserId, WebFormId, WebhookId,
    },
    mail::MailFailure,
    permission::Module,
    purchase::{ExpenseFacts, ExpensePlan},
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
    /// Money came for it, or was taken back, and it is not paid by that: else [`Self::InvoicePaid`] says so.
    #[serde(rename = "payment.recorded.v1")]
    PaymentRecorded {
        invoice: InvoiceId,
        payment: PaymentId,
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
    /// Days of leave are counted otherwise from now on: everybody's is to be looked at, from behind this employee.
    #[serde(rename = "leave.recount_requested.v1")]
    LeaveRecountRequested { after: Option<EmployeeId> },
    /// Somebody is back from illness, and is to be told until this day what leave they have (C. trav. L3141-19-3). Its label is the
    /// employee's number.
    #[serde(rename = "leave.information_due.v1")]
    LeaveInformationDue {
        employee: EmployeeId,
        by: Date,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A member is to decide on leave; told as well where it has waited for long.
    #[serde(rename = "leave.presented.v1")]
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
    /// The file of an employee who left long ago was emptied: what stands beside it is to go, and then the file.
    #[serde(rename = "employee.erased.v1")]
    EmployeeErased { employee: EmployeeId },
    /// The clock found that the end of a document of an employee's file is to be told; the worker of HR decides which.
    #[serde(rename = "papers.due.v1")]
    PapersDue { employee: EmployeeId },
    /// A document of an employee's file ends soon. Its label is what kind of document it is and the employee's number.
    #[serde(rename = "paper.expiring.v1")]
    PaperExpiring {
        paper: PaperId,
        employee: EmployeeId,
        until: Date,
        /// Then it is for nobody to know but who may read secrets.
        is_confidential: bool,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// An employee sees a document of their file from now on. Its label is what kind of document it is, unless it is confidential.
    #[serde(rename = "paper.shared.v1")]
    PaperShared {
        paper: PaperId,
        employee: EmployeeId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A document of an employee's file was deleted; its versions are to leave the bucket.
    #[serde(rename = "paper.deleted.v1")]
    PaperDeleted { paper: PaperId },
    /// A letter to an employee was made out and waits to be rendered.
    #[serde(rename = "staff_letter.frozen.v1")]
    StaffLetterFrozen { employee: EmployeeId, paper: PaperId },
    /// An employee handed in what they spent. Who is to decide stands in `about.assigned_to`, where it is somebody.
    #[serde(rename = "expense_report.submitted.v1")]
    ExpenseReportSubmitted {
        report: ExpenseReportId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// The organization owes an employee what they spent: whoever books expenses makes one of each line, under an id that
    /// follows from the report and the line's number, so that a repeated event makes none twice. It names the employee by
    /// their number (matricule) alone.
    #[serde(rename = "expense_report.approved.v1")]
    ExpenseReportApproved {
        report: ExpenseReportId,
        employee: EmployeeId,
        employee_number: String,
        /// At most 50.
        lines: Vec<ApprovedExpense>,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// The employee was paid back. It says again what was approved, so that whoever hears of this first can book it: of both in
    /// whatever order, and however often, comes the same.
    #[serde(rename = "expense_report.reimbursed.v1")]
    ExpenseReportReimbursed {
        report: ExpenseReportId,
        employee_number: String,
        lines: Vec<ApprovedExpense>,
        approved_at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<UserId>,
        on: Date,
        method: ReimbursementMethod,
    },
    #[serde(rename = "expense_report.refused.v1")]
    ExpenseReportRefused {
        report: ExpenseReportId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A receipt of a report is no more, or the whole report; it is to leave the bucket.
    #[serde(rename = "receipts.deleted.v1")]
    ReceiptsDeleted { report: ExpenseReportId, upload: Option<UploadId> },
    /// Two records were made one, or are to be two again: what points to one is to point to the other.
    #[serde(rename = "merge.requested.v1")]
    MergeRequested { merge: MergeId },
    /// An employee's week (`2026-W48`) was approved, and some of it was worked for clients, or no longer is: what is published
    /// of it is to be invoiced by the hour.
    #[serde(rename = "time_week.approved.v1")]
    TimeWeekApproved { employee: EmployeeId, week: String },
    /// An employee's week was handed in. Who is to decide stands in `about.assigned_to`, where it is somebody; its label is the
    /// week and the employee's number.
    #[serde(rename = "time_week.submitted.v1")]
    TimeWeekSubmitted {
        employee: EmployeeId,
        week: String,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// It was approved, or given back to be corrected.
    #[serde(rename = "time_week.decided.v1")]
    TimeWeekDecided {
        employee: EmployeeId,
        week: String,
        is_approved: bool,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// The employee contests what was approved of it: told as [`Self::TimeWeekSubmitted`] is.
    #[serde(rename = "time_week.disputed.v1")]
    TimeWeekDisputed {
        employee: EmployeeId,
        week: String,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// Who decides answered them.
    #[serde(rename = "time_dispute.answered.v1")]
    TimeDisputeAnswered {
        employee: EmployeeId,
        week: String,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// Nothing points to the loser any more. Both are ids with their prefix.
    #[serde(rename = "record.merged.v1")]
    RecordMerged { loser: String, winner: String },
    /// An item that can be found was written or is gone, as the stream tells; its name within the organization
    /// (`TenantKeys::item_named` of the table). The relay's own: no act emits it.
    #[serde(rename = "item.changed.v1")]
    ItemChanged { item: String },
    /// Somebody wants the index of the search made anew, or there is more of it to make.
    #[serde(rename = "search.rebuild_requested.v1")]
    SearchRebuildRequested {},
    /// Something was entered into the organization's ledger, up to this position.
    #[serde(rename = "ledger.appended.v1")]
    LedgerAppended { position: u64 },
    /// A quote that was sent stands otherwise than before. Whoever counts quotes needs nothing else of it, in whatever order
    /// these come ([`QuoteStage`]).
    #[serde(rename = "quote.stated.v1")]
    QuoteStated { quote: QuoteId, standing: QuoteStanding },
    /// Somebody counts anew: how each quote stands is to be stated again, from behind this page of them.
    #[serde(rename = "quotes.restatement_requested.v1")]
    QuotesRestatementRequested { after: Option<String> },
    /// What a recurring invoice will bring is otherwise than before.
    #[serde(rename = "recurring_invoice.planned.v1")]
    RecurringInvoicePlanned { recurring: RecurringInvoiceId, plan: InvoicePlan },
    /// The same of all recurring invoices as of all quotes.
    #[serde(rename = "recurring_invoices.restatement_requested.v1")]
    RecurringInvoicesRestatementRequested { after: Option<String> },
    /// The same of all expenses that count.
    #[serde(rename = "expenses.restatement_requested.v1")]
    ExpensesRestatementRequested { after: Option<String> },
    /// There is more of what the figures of sales are made of to read.
    #[serde(rename = "sales_projection.due.v1")]
    SalesProjectionDue {},
    /// The clock found a target whose period goes on.
    #[serde(rename = "target.due.v1")]
    TargetDue { target: TargetId },
    /// What was aimed at in a period is reached.
    #[serde(rename = "target.reached.v1")]
    TargetReached {
        target: TargetId,
        /// The first day of the period.
        period: Date,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// An event is to be sent to the address of a program: for the first time by somebody’s wish, or again.
    #[serde(rename = "webhook_delivery.due.v1")]
    WebhookDeliveryDue { delivery: DeliveryId },
    /// Nobody answered there for days, and nothing is sent there any more.
    #[serde(rename = "webhook.disabled.v1")]
    WebhookDisabled {
        webhook: WebhookId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// An expense counts from now on: it was entered, or approved where that is wanted first.
    #[serde(rename = "expense.recorded.v1")]
    ExpenseRecorded { facts: ExpenseFacts },
    /// One that counts is otherwise than before: changed, paid, paid no more.
    #[serde(rename = "expense.changed.v1")]
    ExpenseChanged { facts: ExpenseFacts },
    /// It counts no more; what it was when it last did, with the version that says so.
    #[serde(rename = "expense.removed.v1")]
    ExpenseRemoved { facts: ExpenseFacts },
    /// An expense waits for somebody's yes.
    #[serde(rename = "expense.submitted.v1")]
    ExpenseSubmitted {
        expense: ExpenseId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// It was approved, or refused.
    #[serde(rename = "expense.decided.v1")]
    ExpenseDecided {
        expense: ExpenseId,
        is_approved: bool,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// The file of an expense is not its own any more, and is to leave the bucket.
    #[serde(rename = "expense.file_removed.v1")]
    ExpenseFileRemoved { expense: ExpenseId, upload: UploadId },
    /// The day of a recurring expense came.
    #[serde(rename = "recurring_expense.due.v1")]
    RecurringExpenseDue { recurring: RecurringExpenseId },
    /// What a recurring expense will cost is otherwise than before.
    #[serde(rename = "recurring_expense.planned.v1")]
    RecurringExpensePlanned { recurring: RecurringExpenseId, plan: ExpensePlan },
    /// Somebody counts anew: what each recurring expense will cost is to be stated again, from behind this page of them.
    #[serde(rename = "recurring_expenses.restatement_requested.v1")]
    RecurringExpensesRestatementRequested { after: Option<String> },
    /// An electronic invoice of a supplier came in.
    #[serde(rename = "received_invoice.arrived.v1")]
    ReceivedInvoiceArrived {
        invoice: ReceivedInvoiceId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// A mail came to the organization's address for invoices, and something of it could not be read, or there was no invoice in
    /// it.
    #[serde(rename = "received_mail.unread.v1")]
    ReceivedMailUnread {
        mail: ReceivedMailId,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
    /// Money left an account, as a statement that was imported says.
    #[serde(rename = "bank_line.imported.v1")]
    BankLineImported {
        line: BankLineId,
        booked_on: Date,
        /// Less than nothing.
        amount_minor: Minor,
        currency: Currency,
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counterparty: Option<String>,
        /// Where it went, as a keyed hash of the IBAN ([`crate::sepa::account_purpose`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    },
    /// Such a line was settled by something that is no expense, set aside, or is open again; `v` is its version.
    #[serde(rename = "bank_line.changed.v1")]
    BankLineChanged { line: BankLineId, v: u64, is_open: bool },
    /// Such a line paid an expense, or does no more; `v` is the version of the expense that says so.
    #[serde(rename = "bank_line.spent.v1")]
    BankLineSpent { line: BankLineId, expense: ExpenseId, v: u64, is_spent: bool },
    /// At this pace it will not be.
    #[serde(rename = "target.off_track.v1")]
    TargetOffTrack {
        target: TargetId,
        period: Date,
        #[serde(default, skip_serializing_if = "About::is_empty")]
        about: About,
    },
}

/// How far a quote that was sent has come. Each but the first ends what came before it, and none goes back: of two that are
/// stated in whatever order, the greater one is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteStage {
    Sent,
    Expired,
    Refused,
    /// Invoiced or not.
    Accepted,
    /// A later version was sent: it is no offer any more.
    Replaced,
}

/// How a quote stands, for whoever counts quotes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteStanding {
    pub stage: QuoteStage,
    /// The day since which it does.
    pub on: Date,
    /// None where who states it knows no more than that it was replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<QuoteFacts>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteFacts {
    pub number: String,
    pub client: CompanyId,
    /// The member who takes care of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    pub currency: Currency,
    /// What was offered or, once it is accepted, agreed.
    pub net_minor: Minor,
    pub gross_minor: Minor,
    pub sent_on: Date,
    pub valid_until: Date,
}

/// What a recurring invoice will bring, for whoever looks ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoicePlan {
    /// The version of the recurring invoice that says this: whoever knows a later one knows better.
    pub v: u64,
    /// The member who takes care of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    pub currency: Currency,
    /// In their order; none of one that stands still or is over.
    pub invoices: Vec<PlannedInvoice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlannedInvoice {
    pub due_on: Date,
    pub gross_minor: Minor,
}

impl Event {
    /// The queues that want it: of the workers that do something about it, of whoever tells open pages that figures
    /// changed, and of those who tell other programs. Read by the relay and the clock, and by nobody else.
    pub fn queues(&self) -> Vec<Queue> {
        let mut queues = self.workers().to_vec();
        let told = [(Queue::Notifications, !self.changes().is_empty()), (Queue::Webhooks, self.is_public())];
        queues.extend(
            told.into_iter().filter(|(queue, told)| *told && !self.workers().contains(queue)).map(|told| told.0),
        );
        queues
    }

    /// Of which modules it changes the figures that pages show.
    pub const fn changes(&self) -> &'static [Module] {
        match self {
            Self::InvoiceIssued { .. }
            | Self::InvoicePaid { .. }
            | Self::PaymentRecorded { .. }
            | Self::InvoiceReplaced { .. }
            | Self::CreditNoteIssued { .. }
            | Self::QuoteSent { .. }
            | Self::QuoteAccepted { .. }
            | Self::QuoteRefused { .. }
            | Self::QuoteExpired { .. } => &[Module::Invoicing, Module::Sales],
            Self::InvoiceOverdue { .. } => &[Module::Invoicing],
            Self::OpportunityWon { .. } | Self::OpportunityLost { .. } => &[Module::Crm, Module::Sales],
            Self::OpportunityAssigned { .. }
            | Self::LeadReceived { .. }
            | Self::ImportFinished { .. }
            | Self::ActivityReminded { .. }
            | Self::RecordChanged { .. }
            | Self::RecordDeleted { .. } => &[Module::Crm],
            _ => &[],
        }
    }

    /// Whether programs outside may be told of it. Their form of it: `functions/webhooks/src/public_event`.
    pub const fn is_public(&self) -> bool {
        matches!(
            self,
            Self::QuoteSent { .. }
                | Self::QuoteAccepted { .. }
                | Self::QuoteRefused { .. }
                | Self::QuoteExpired { .. }
                | Self::InvoiceIssued { .. }
                | Self::InvoicePaid { .. }
                | Self::PaymentRecorded { .. }
                | Self::InvoiceOverdue { .. }
                | Self::InvoiceReplaced { .. }
                | Self::CreditNoteIssued { .. }
                | Self::LeadReceived { .. }
                | Self::OpportunityWon { .. }
                | Self::OpportunityLost { .. }
                | Self::RecordChanged { .. }
                | Self::RecordDeleted { .. }
                | Self::RecordMerged { .. }
                | Self::ContactErased { .. }
                | Self::ClientErased { .. }
        )
    }

    /// The queues of those who do something about it.
    const fn workers(&self) -> &'static [Queue] {
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
            | Self::QuotesRestatementRequested { .. }
            | Self::RecurringInvoicesRestatementRequested { .. }
            | Self::IssueBatchRequested { .. } => &[Queue::Invoicing],
            Self::BankLineSpent { .. } => &[Queue::Invoicing, Queue::Purchases],
            Self::ActivityDue { .. }
            | Self::RecordRenamed { .. }
            | Self::RecordChanged { .. }
            | Self::RecordDeleted { .. }
            | Self::AttachedDeleted { .. }
            | Self::ImportRequested { .. }
            | Self::RecordExportRequested { .. }
            | Self::DuplicateSearchRequested {}
            | Self::MergeRequested { .. } => &[Queue::Crm],
            Self::LeaveAccountDue { .. }
            | Self::LeaveRecountRequested { .. }
            | Self::LeaveRequested { .. }
            | Self::LeaveInformed { .. } => &[Queue::Hr],
            Self::EmployeeErased { .. }
            | Self::PapersDue { .. }
            | Self::PaperDeleted { .. }
            | Self::ReceiptsDeleted { .. } => &[Queue::Hr],
            Self::StaffLetterFrozen { .. } => &[Queue::Pdf],
            Self::PaperExpiring { .. }
            | Self::PaperShared { .. }
            | Self::LeaveInformationDue { .. }
            | Self::TimeWeekSubmitted { .. }
            | Self::TimeWeekDecided { .. }
            | Self::TimeWeekDisputed { .. }
            | Self::TimeDisputeAnswered { .. }
            | Self::ExpenseReportSubmitted { .. }
            | Self::ExpenseReportRefused { .. } => &[Queue::Notifications],
            Self::ExpenseReportApproved { .. } => &[Queue::Notifications, Queue::Purchases],
            Self::LedgerDue {} | Self::JobRequested { .. } => &[Queue::Accounting],
            Self::ItemChanged { .. } | Self::SearchRebuildRequested {} => &[Queue::Search],
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
            | Self::TargetReached { .. }
            | Self::TargetOffTrack { .. }
            | Self::NotificationDigestDue { .. }
            | Self::WebhookDisabled { .. }
            | Self::ExpenseSubmitted { .. }
            | Self::ExpenseDecided { .. }
            | Self::ReceivedInvoiceArrived { .. }
            | Self::ReceivedMailUnread { .. }
            | Self::MemberLeft { .. } => &[Queue::Notifications],
            Self::LedgerAppended { .. }
            | Self::QuoteStated { .. }
            | Self::RecurringInvoicePlanned { .. }
            | Self::RecurringExpensePlanned { .. }
            | Self::SalesProjectionDue {}
            | Self::TargetDue { .. } => &[Queue::Sales],
            Self::WebhookDeliveryDue { .. } => &[Queue::Webhooks],
            Self::ExpenseFileRemoved { .. }
            | Self::RecurringExpenseDue { .. }
            | Self::BankLineImported { .. }
            | Self::ExpensesRestatementRequested { .. }
            | Self::RecurringExpensesRestatementRequested { .. }
            | Self::ExpenseReportReimbursed { .. }
            | Self::BankLineChanged { .. } => &[Queue::Purchases],
            // Whoever sums them up.
            Self::ExpenseRecorded { .. } | Self::ExpenseChanged { .. } | Self::ExpenseRemoved { .. } => &[Queue::Sales],
            Self::DocumentRendered { .. }
            | Self::OrganizationCreated {}
            | Self::RecordMerged { .. }
            | Self::QuoteSent { .. }
            | Self::PaymentRecorded { .. }
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
    /// Whether a target is within reach, once a day.
    Target,
    /// An event that is to be sent to a program again.
    WebhookDelivery,
    /// Documents of the file of the employee with this ULID.
    Papers,
    RecurringExpense,
}

impl DueKind {
    pub const ALL: [Self; 12] = [
        Self::Invoice,
        Self::Quote,
        Self::RecurringInvoice,
        Self::Checkout,
        Self::Ledger,
        Self::Activity,
        Self::NotificationDigest,
        Self::LeaveAccount,
        Self::Target,
        Self::WebhookDelivery,
        Self::Papers,
        Self::RecurringExpense,
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
            Self::Target => "TARGET",
            Self::WebhookDelivery => "WEBHOOK_DELIVERY",
            Self::Papers => "PAPERS",
            Self::RecurringExpense => "RECURRING_EXPENSE",
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
            Self::Target => Event::TargetDue { target: TargetId::from_ulid(id) },
            Self::WebhookDelivery => Event::WebhookDeliveryDue { delivery: DeliveryId::from_ulid(id) },
            Self::Papers => Event::PapersDue { employee: EmployeeId::from_ulid(id) },
            Self::RecurringExpense => Event::RecurringExpenseDue { recurring: RecurringExpenseId::from_ulid(id) },
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
    Search,
    Hr,
    /// The figures of sales.
    Sales,
    /// What is told to programs outside.
    Webhooks,
    Purchases,
}

impl Queue {
    pub const ALL: [Self; 12] = [
        Self::Pdf,
        Self::Mailer,
        Self::Crm,
        Self::Invoicing,
        Self::Organizations,
        Self::Accounting,
        Self::Notifications,
        Self::Search,
        Self::Hr,
        Self::Sales,
        Self::Webhooks,
        Self::Purchases,
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
            Self::Search => "search",
            Self::Hr => "hr",
            Self::Sales => "sales",
            Self::Webhooks => "webhooks",
            Self::Purchases => "purchases",
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
    fn what_changes_figures_and_what_programs_may_know_is_told_besides() {
        let (invoice, about) = (InvoiceId::from_ulid(Ulid(1)), About::default());
        let issued = Event::InvoiceIssued { invoice };
        assert_eq!(issued.queues(), [Queue::Notifications, Queue::Webhooks]);
        assert_eq!(Event::InvoicePaid { invoice, about }.queues(), [Queue::Notifications, Queue::Webhooks]);
        let changed = Event::RecordChanged { record: "com_1".into() };
        assert_eq!(changed.queues(), [Queue::Crm, Queue::Notifications, Queue::Webhooks]);
        assert_eq!(Event::InvoiceDue { invoice }.queues(), [Queue::Invoicing]);
        assert_eq!(Event::OrganizationCreated {}.queues(), []);
    }

    #[test]
    fn what_is_due_is_named_and_told() {
        for kind in DueKind::ALL {
            assert_eq!(DueKind::named(kind.name()), Some(kind));
            assert!(!kind.event(Ulid(1)).queues().is_empty());
        }
    }
}
