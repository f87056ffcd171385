//! Every key of the table. Nothing outside this file builds one.
//!
//! A tenant's keys start with `ORG#<ulid>#`, index keys too, so that an IAM condition on leading keys can
//! hold the isolation. Outside stand the sign-in items (`EMAIL#`, `USER#`, `FACTORS#`, `SESSION#`, `TOKEN#`, `CHALLENGE#`,
//! `CEREMONY#`, `RESET#`, `ATTEMPTS#`), the platform's own (`PLATFORM`) and its lists of organizations, the clock's
//! mark and the due index, each readable only by the function that needs it.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Currency,
    event::{DueKind, Owner, Person},
    id::{
        ActivityId, AttachedId, AuditId, BankLineId, CeremonyId, CompanyId, ContactId, CreditNoteId, DeliveryId,
        EmployeeId, EventId, ExpenseId, ExpenseReportId, ExportId, FeedId, InvitationId, InvoiceId, IssueBatchId,
        LeaveRequestId, LetterId, MailId, MandateId, MergeId, NotificationId, OpportunityId, OrganizationId, PaperId,
        PaymentId, PriceListId, ProductId, QuoteId, ReceiptId, ReceivedInvoiceId, ReceivedMailId, RecurringExpenseId,
        RecurringInvoiceId, RemittanceId, RoleId, SelfBilledId, SessionId, StageId, StockMoveId, SupplierId, TargetId,
        TimeChangeId, TimeEntryId, UploadId, UserId, WebFormId, WebhookId,
    },
    search::Category,
};
use ulid::Ulid;

use crate::schema::{ASSIGNED_INDEX, DUE_INDEX, LIST_INDEX, OWN_KEYS};

/// Primary key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// A place in an index: `gsi1` (lists inside a tenant), `gsi2` (what is due) or `gsi3` (parts of lists: what is assigned
/// to somebody, documents in one state).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// A list inside a tenant, or a part of it: a partition of an index and a prefix of its sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub(crate) index: &'static str,
    pub(crate) pk: String,
    pub(crate) prefix: String,
    /// The first and the last sort key that are wanted, both included.
    pub(crate) span: Option<(String, String)>,
}

/// A partition of the table and a prefix of its sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    pub(crate) pk: String,
    pub(crate) prefix: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    /// For golden tests and logs.
    pub fn parts(&self) -> (&str, &str) {
        (&self.pk, &self.sk)
    }

    /// The ULID that tells the item from others of its kind; none for one that the tenant has only once.
    pub(crate) fn ulid(&self) -> Option<Ulid> {
        let own = |part: &str| part.rsplit('#').next().and_then(|last| Ulid::from_string(last).ok());
        own(&self.sk).or_else(|| own(&self.pk))
    }

    pub fn collection(&self) -> Collection {
        Collection { pk: self.pk.clone(), prefix: String::new() }
    }

    /// Of the item that the partition is named after.
    pub fn head(&self) -> Self {
        Self::new(self.pk.clone(), "META")
    }

    /// The ULID by which the index of the search tells what it found from what else has the same word.
    pub fn found_by(&self) -> Ulid {
        self.ulid().unwrap_or_default()
    }
}

impl Index {
    pub fn parts(&self) -> (&str, &str) {
        (&self.pk, &self.sk)
    }

    /// The same place in the list of what is assigned to one member.
    pub(crate) fn of(&self, user: UserId) -> Self {
        Self { pk: assigned_pk(&self.pk, user), sk: self.sk.clone() }
    }
}

impl List {
    fn new(pk: impl Into<String>, prefix: &str) -> Self {
        Self { index: LIST_INDEX, pk: pk.into(), prefix: prefix.into(), span: None }
    }

    /// What of it stands at these places, both included.
    pub fn between(self, from: String, to: String) -> Self {
        Self { span: Some((from, to)), ..self }
    }

    /// The same list of what is assigned to one member; the list itself where nobody is named.
    pub fn of(self, user: Option<UserId>) -> Self {
        match user {
            Some(user) => Self { index: ASSIGNED_INDEX, pk: assigned_pk(&self.pk, user), ..self },
            None => self,
        }
    }
}

fn assigned_pk(list: &str, user: UserId) -> String {
    format!("{list}#OF#{}", user.ulid())
}

// ---- outside the tenants: signing in ------------------------------------------------------------------

/// The one account that has this e-mail; `email` is folded to lower case.
pub fn email(email: &str) -> Key {
    Key::new(format!("EMAIL#{}", email.to_lowercase()), "ACCOUNT")
}

/// Since when sessions of the user count.
pub fn sessions_of_user(user: UserId) -> Key {
    Key::new(format!("USER#{}", user.ulid()), "SESSIONS")
}

/// The sessions of one user.
pub fn sessions(user: UserId) -> List {
    List::new(format!("USER#{}#SESSIONS", user.ulid()), "")
}

pub fn in_sessions(user: UserId, session: SessionId) -> Index {
    Index { pk: format!("USER#{}#SESSIONS", user.ulid()), sk: session.ulid().to_string() }
}

/// The organizations of one user.
pub fn memberships_of_user(user: UserId) -> Collection {
    Collection { pk: format!("USER#{}", user.ulid()), prefix: "MEMBER#".into() }
}

/// The user's own list of memberships, for signing in and switching.
pub fn membership_of_user(user: UserId, organization: OrganizationId) -> Key {
    Key::new(format!("USER#{}", user.ulid()), format!("MEMBER#{}", organization.ulid()))
}

/// All that proves a user beside their password: codes of an application, passkeys, recovery codes. A partition of
/// its own, because every function reads `USER#` and accounts alone may read this.
pub fn factors(user: UserId) -> Collection {
    Collection { pk: format!("FACTORS#{}", user.ulid()), prefix: String::new() }
}

/// The user's TOTP seed.
pub fn second_factor(user: UserId) -> Key {
    Key::new(factors(user).pk, "SECOND_FACTOR")
}

pub fn recovery_codes(user: UserId) -> Key {
    Key::new(factors(user).pk, "RECOVERY_CODES")
}

/// `credential_hash` is the SHA-256 of the credential's id, in hexadecimal.
pub fn passkey(user: UserId, credential_hash: &str) -> Key {
    Key::new(factors(user).pk, format!("PASSKEY#{credential_hash}"))
}

pub fn passkeys(user: UserId) -> Collection {
    Collection { prefix: "PASSKEY#".into(), ..factors(user) }
}

/// What a passkey's ceremony must answer.
pub fn ceremony(ceremony: CeremonyId) -> Key {
    Key::new(format!("CEREMONY#{}", ceremony.ulid()), "CEREMONY")
}

/// `hash` is the SHA-256 of the secret in the cookie, in hexadecimal.
pub fn session(hash: &str) -> Key {
    Key::new(format!("SESSION#{hash}"), "SESSION")
}

pub fn token(hash: &str) -> Key {
    Key::new(format!("TOKEN#{hash}"), "TOKEN")
}

// ---- outside the tenants: the platform -----------------------------------------------------------------

/// The wrapped keys of the vault.
pub fn vault() -> Key {
    Key::new("PLATFORM".into(), "VAULT")
}

/// Every organization, in the order in which they were founded.
pub fn organizations() -> List {
    List::new("PLATFORM#ORGANIZATIONS", "")
}

/// Those that were deleted, which stand in [`organizations`] no more.
pub fn deleted_organizations() -> List {
    List::new("PLATFORM#DELETED_ORGANIZATIONS", "")
}

/// Every organization by name, deleted ones too; `prefix` is sorted ([`kernel::text::sorted`]).
pub fn organizations_by_name(prefix: &str) -> List {
    List::new("PLATFORM#ORGANIZATION_NAMES", prefix)
}

/// Somebody who showed a password and must still show a second factor.
pub fn challenge(hash: &str) -> Key {
    Key::new(format!("CHALLENGE#{hash}"), "CHALLENGE")
}

/// The link of a mail by which somebody chooses another password.
pub fn password_reset(hash: &str) -> Key {
    Key::new(format!("RESET#{hash}"), "RESET")
}

/// How often something was tried by somebody (`subject` is a keyed hash) in one window of time.
pub fn attempts(what: &str, subject: &str, window: i64) -> Key {
    Key::new(format!("ATTEMPTS#{what}#{subject}"), format!("WINDOW#{window}"))
}

// ---- outside the tenants: the clock --------------------------------------------------------------------

pub fn clock_mark() -> Key {
    Key::new("CLOCK#DUE".into(), "MARK")
}

/// How many partitions one day of the due index has.
pub const DUE_SHARDS: u8 = 8;

/// One partition of the due index.
pub fn due_list(on: Date, shard: u8) -> List {
    List { index: DUE_INDEX, ..List::new(due_pk(on, shard), "") }
}

/// Of such a partition what is due at any time of its day, and what is due at an instant that has come.
pub fn due_until(on: Date, shard: u8, now: Timestamp) -> List {
    // Whatever has no instant begins with `ORG#`, which comes before.
    due_list(on, shard).between("!".into(), format!("{}~", due_at(now)))
}

/// Instants sort behind what is due all day; the minute is enough.
fn due_at(at: Timestamp) -> String {
    at.strftime("T#%H:%M").to_string()
}

fn due_pk(on: Date, shard: u8) -> String {
    format!("DUE#{on}#{shard}")
}

fn shard(id: Ulid) -> u8 {
    (id.random() % u128::from(DUE_SHARDS)) as u8
}

// ---- inside a tenant -----------------------------------------------------------------------------------

/// Builds the keys of one tenant.
#[derive(Debug, Clone, Copy)]
pub struct TenantKeys(OrganizationId);

impl TenantKeys {
    pub const fn of(organization: OrganizationId) -> Self {
        Self(organization)
    }

    pub(crate) fn owns(self, key: &Key) -> bool {
        key.pk.starts_with(&self.pk(""))
    }

    fn pk(self, rest: &str) -> String {
        format!("ORG#{}#{rest}", self.0.ulid())
    }

    pub fn organization(self) -> Key {
        Key::new(self.pk("ORGANIZATION"), "META")
    }

    pub fn in_organizations(self) -> Index {
        Index { pk: organizations().pk, sk: self.0.ulid().to_string() }
    }

    pub fn in_deleted_organizations(self) -> Index {
        Index { pk: deleted_organizations().pk, sk: self.0.ulid().to_string() }
    }

    /// What was exported lately, and what is being exported.
    pub fn exports(self) -> Key {
        Key::new(self.pk("ORGANIZATION"), "EXPORTS")
    }

    /// The same of all that there is on one person. A user and the member who they are have each their own.
    pub fn person_exports(self, of: Person) -> Key {
        Key::new(self.pk(&format!("PERSON#{}", of.ulid())), format!("EXPORTS#{}", of.kind()))
    }

    fn all_person_exports(self) -> List {
        List::new(self.pk("PERSON_EXPORTS"), "")
    }

    pub fn in_person_exports(self, of: Person) -> Index {
        Index { pk: self.all_person_exports().pk, sk: format!("{}#{}", of.ulid(), of.kind()) }
    }

    /// The organization as the platform finds it by name.
    pub fn organization_card(self) -> Key {
        Key::new(self.pk("ORGANIZATION"), "CARD")
    }

    pub fn in_organizations_by_name(self, folded_name: &str) -> Index {
        Index { pk: organizations_by_name("").pk, sk: format!("{folded_name}#{}", self.0.ulid()) }
    }

    pub fn member(self, user: UserId) -> Key {
        Key::new(self.pk(&format!("MEMBER#{}", user.ulid())), "META")
    }

    pub fn members(self) -> List {
        List::new(self.pk("MEMBERS"), "")
    }

    pub fn in_members(self, user: UserId) -> Index {
        Index { pk: self.pk("MEMBERS"), sk: user.ulid().to_string() }
    }

    /// Who owns the organization.
    pub fn owners(self) -> Key {
        Key::new(self.pk("ORGANIZATION"), "OWNERS")
    }

    pub fn invitation(self, invitation: InvitationId) -> Key {
        Key::new(self.owner(Owner::Invitation(invitation)), "META")
    }

    pub fn invitations(self) -> List {
        List::new(self.pk("INVITATIONS"), "")
    }

    pub fn in_invitations(self, invitation: InvitationId) -> Index {
        Index { pk: self.pk("INVITATIONS"), sk: invitation.ulid().to_string() }
    }

    /// Those that were answered or cancelled.
    fn closed_invitations(self) -> List {
        List::new(self.pk("CLOSED_INVITATIONS"), "")
    }

    pub fn in_closed_invitations(self, invitation: InvitationId) -> Index {
        Index { pk: self.closed_invitations().pk, sk: invitation.ulid().to_string() }
    }

    /// The one invitation that waits for an answer of this e-mail.
    pub fn invited(self, email: &str) -> Key {
        Key::new(self.pk(&format!("INVITED#{}", email.to_lowercase())), "META")
    }

    fn all_invited(self) -> List {
        List::new(self.pk("INVITED"), "")
    }

    pub fn in_invited(self, email: &str) -> Index {
        Index { pk: self.all_invited().pk, sk: email.to_lowercase() }
    }

    pub fn role(self, role: RoleId) -> Key {
        Key::new(self.pk(&format!("ROLE#{}", role.ulid())), "META")
    }

    pub fn roles(self) -> List {
        List::new(self.pk("ROLES"), "")
    }

    /// Stands beside a role for each member that has it.
    pub fn role_holder(self, role: RoleId, user: UserId) -> Key {
        Key::new(self.pk(&format!("ROLE#{}", role.ulid())), format!("HOLDER#{}", user.ulid()))
    }

    pub fn in_roles(self, role: RoleId) -> Index {
        Index { pk: self.pk("ROLES"), sk: role.ulid().to_string() }
    }

    /// The tokens of one member.
    pub fn tokens(self, user: UserId) -> List {
        List::new(self.pk("TOKENS"), &format!("{}#", user.ulid()))
    }

    /// Those of former members too, which open nothing any more.
    fn all_tokens(self) -> List {
        List::new(self.pk("TOKENS"), "")
    }

    pub fn in_tokens(self, user: UserId, token: kernel::id::TokenId) -> Index {
        Index { pk: self.all_tokens().pk, sk: format!("{}#{}", user.ulid(), token.ulid()) }
    }

    pub fn company(self, company: CompanyId) -> Key {
        Key::new(self.pk(&format!("COMPANY#{}", company.ulid())), "META")
    }

    pub fn client_reference(self, company: CompanyId) -> Key {
        Key::new(self.pk(&format!("COMPANY#{}", company.ulid())), "REFERENCE")
    }

    /// What the CRM publishes of its companies, by name.
    pub fn clients(self, prefix: &str) -> List {
        List::new(self.pk("CLIENTS"), prefix)
    }

    pub fn in_clients(self, folded_name: &str, company: CompanyId) -> Index {
        Index { pk: self.pk("CLIENTS"), sk: format!("{folded_name}#{}", company.ulid()) }
    }

    /// The company as the CRM's own acts and its list of recent ones need it.
    pub fn company_card(self, company: CompanyId) -> Key {
        Key::new(self.pk(&format!("COMPANY#{}", company.ulid())), "CARD")
    }

    /// Companies in the order in which they were added.
    pub fn added_companies(self) -> List {
        List::new(self.pk("ADDED_COMPANIES"), "")
    }

    pub fn in_added_companies(self, company: CompanyId) -> Index {
        Index { pk: self.pk("ADDED_COMPANIES"), sk: company.ulid().to_string() }
    }

    /// The contact's line on the company's page.
    pub fn company_contact(self, company: CompanyId, contact: ContactId) -> Key {
        Key::new(self.pk(&format!("COMPANY#{}", company.ulid())), format!("CONTACT#{}", contact.ulid()))
    }

    /// Companies by name; `prefix` is sorted ([`kernel::text::sorted`]).
    pub fn companies(self, prefix: &str) -> List {
        List::new(self.pk("COMPANIES"), prefix)
    }

    pub fn in_companies(self, folded_name: &str, company: CompanyId) -> Index {
        Index { pk: self.pk("COMPANIES"), sk: format!("{folded_name}#{}", company.ulid()) }
    }

    /// Companies that are archived, which stand in [`Self::companies`] no more.
    pub fn archived_companies(self, prefix: &str) -> List {
        List::new(self.pk("ARCHIVED_COMPANIES"), prefix)
    }

    pub fn in_archived_companies(self, folded_name: &str, company: CompanyId) -> Index {
        Index { pk: self.archived_companies("").pk, sk: format!("{folded_name}#{}", company.ulid()) }
    }

    /// The lines of a company's contacts, those of former ones after them.
    pub fn company_people(self, company: CompanyId) -> Collection {
        Collection { pk: self.company(company).pk, prefix: "CONTACT".into() }
    }

    /// The line of somebody who was there.
    pub fn former_contact(self, company: CompanyId, contact: ContactId) -> Key {
        Key::new(self.company(company).pk, format!("CONTACT_FORMER#{}", contact.ulid()))
    }

    /// The lines of the companies that belong to one.
    pub fn subsidiaries(self, parent: CompanyId) -> Collection {
        Collection { pk: self.company(parent).pk, prefix: "SUBSIDIARY#".into() }
    }

    pub fn subsidiary(self, parent: CompanyId, company: CompanyId) -> Key {
        Key::new(self.company(parent).pk, format!("SUBSIDIARY#{}", company.ulid()))
    }

    /// That something of another context named the company once.
    pub fn client_use(self, company: CompanyId) -> Key {
        Key::new(self.company(company).pk, "USED")
    }

    pub fn contact(self, contact: ContactId) -> Key {
        Key::new(self.pk(&format!("CONTACT#{}", contact.ulid())), "META")
    }

    /// What is left of somebody who was erased.
    pub fn erasure(self, of: Person) -> Key {
        Key::new(self.pk(&format!("ERASURE#{}", of.ulid())), "META")
    }

    /// What is left of those who were erased.
    fn erasures(self) -> List {
        List::new(self.pk("ERASURES"), "")
    }

    pub fn in_erasures(self, of: Person) -> Index {
        Index { pk: self.pk("ERASURES"), sk: of.ulid().to_string() }
    }

    pub fn contacts(self, prefix: &str) -> List {
        List::new(self.pk("CONTACTS"), prefix)
    }

    pub fn in_contacts(self, folded_name: &str, contact: ContactId) -> Index {
        Index { pk: self.pk("CONTACTS"), sk: format!("{folded_name}#{}", contact.ulid()) }
    }

    /// Since when nothing of a contact has changed: beside them.
    pub fn contact_retention(self, contact: ContactId) -> Key {
        Key::new(self.contact(contact).pk, "RETENTION")
    }

    /// Contacts, those first of whom nothing has changed for longest.
    pub fn contact_retentions(self) -> List {
        List::new(self.pk("CONTACT_RETENTIONS"), "")
    }

    pub fn in_contact_retentions(self, since: Date, contact: ContactId) -> Index {
        Index { pk: self.contact_retentions().pk, sk: format!("{since}#{}", contact.ulid()) }
    }

    /// The same of a company, while it is a prospect.
    pub fn prospect_retention(self, company: CompanyId) -> Key {
        Key::new(self.company(company).pk, "RETENTION")
    }

    pub fn prospect_retentions(self) -> List {
        List::new(self.pk("PROSPECT_RETENTIONS"), "")
    }

    pub fn in_prospect_retentions(self, since: Date, company: CompanyId) -> Index {
        Index { pk: self.prospect_retentions().pk, sk: format!("{since}#{}", company.ulid()) }
    }

    /// Departments, positions, work sites and how leave is counted.
    pub fn hr_settings(self) -> Key {
        Key::new(self.pk("HR"), "SETTINGS")
    }

    pub fn employee(self, employee: EmployeeId) -> Key {
        Key::new(self.pk(&format!("EMPLOYEE#{}", employee.ulid())), "META")
    }

    /// Who works here or did, by name; `prefix` is sorted ([`kernel::text::sorted`]).
    pub fn employees(self, prefix: &str) -> List {
        List::new(self.pk("EMPLOYEES"), prefix)
    }

    pub fn in_employees(self, folded_name: &str, employee: EmployeeId) -> Index {
        Index { pk: self.employees("").pk, sk: format!("{folded_name}#{}", employee.ulid()) }
    }

    /// The one employee who has this number, which is folded.
    pub fn employee_number(self, folded_number: &str) -> Key {
        Key::new(self.pk(&format!("EMPLOYEE_NUMBER#{folded_number}")), "META")
    }

    fn employee_numbers(self) -> List {
        List::new(self.pk("EMPLOYEE_NUMBERS"), "")
    }

    pub fn in_employee_numbers(self, folded_number: &str) -> Index {
        Index { pk: self.employee_numbers().pk, sk: folded_number.into() }
    }

    /// The one employee who this member is.
    pub fn employee_of(self, user: UserId) -> Key {
        Key::new(self.pk(&format!("EMPLOYEE_OF#{}", user.ulid())), "META")
    }

    fn employees_of(self) -> List {
        List::new(self.pk("EMPLOYEES_OF"), "")
    }

    pub fn in_employees_of(self, user: UserId) -> Index {
        Index { pk: self.employees_of().pk, sk: user.ulid().to_string() }
    }

    /// A document of an employee's file, beside the file itself.
    pub fn paper(self, employee: EmployeeId, paper: PaperId) -> Key {
        self.beside_employee(employee, &format!("PAPER#{}", paper.ulid()))
    }

    /// All of them, each with the letter that it was made from and the file that came of it.
    pub fn papers(self, employee: EmployeeId) -> Collection {
        Collection { pk: self.employee(employee).pk, prefix: "PAPER#".into() }
    }

    /// The letter that a document was made out from, as it was frozen.
    pub fn staff_letter(self, employee: EmployeeId, paper: PaperId) -> Key {
        self.beside_employee(employee, &format!("PAPER#{}#LETTER", paper.ulid()))
    }

    /// What was rendered of it.
    pub fn rendered_paper(self, employee: EmployeeId, paper: PaperId) -> Key {
        self.beside_employee(employee, &format!("PAPER#{}#FILE", paper.ulid()))
    }

    /// Documents that end some day, in the order of their last days.
    pub fn expiring_papers(self) -> List {
        List::new(self.pk("EXPIRING_PAPERS"), "")
    }

    pub fn in_expiring_papers(self, until: Date, paper: PaperId) -> Index {
        Index { pk: self.expiring_papers().pk, sk: format!("{until}#{}", paper.ulid()) }
    }

    /// The words of the organization's own letters to its staff.
    pub fn letter_templates(self) -> Key {
        Key::new(self.pk("HR"), "LETTER_TEMPLATES")
    }

    /// An interview that was held with an employee on a day.
    pub fn interview(self, employee: EmployeeId, on: Date) -> Key {
        self.beside_employee(employee, &format!("INTERVIEW#{on}"))
    }

    pub fn interviews(self, employee: EmployeeId) -> Collection {
        Collection { pk: self.employee(employee).pk, prefix: "INTERVIEW#".into() }
    }

    /// Those of everybody, by employee.
    pub fn all_interviews(self) -> List {
        List::new(self.pk("INTERVIEWS"), "")
    }

    pub fn in_interviews(self, employee: EmployeeId, on: Date) -> Index {
        Index { pk: self.all_interviews().pk, sk: format!("{}#{on}", employee.ulid()) }
    }

    /// What an employee drove with their own vehicle in a year, as far as it was handed in.
    pub fn mileage(self, employee: EmployeeId, year: i16) -> Key {
        self.beside_employee(employee, &format!("MILEAGE#{year}"))
    }

    pub fn mileages(self, employee: EmployeeId) -> Collection {
        Collection { pk: self.employee(employee).pk, prefix: "MILEAGE#".into() }
    }

    pub fn expense_report(self, report: ExpenseReportId) -> Key {
        Key::new(self.pk(&format!("EXPENSE_REPORT#{}", report.ulid())), "META")
    }

    /// Those of one employee, or of all.
    pub fn expense_reports(self, employee: Option<EmployeeId>) -> List {
        let prefix = employee.map(|employee| format!("{}#", employee.ulid())).unwrap_or_default();
        List::new(self.pk("EXPENSE_REPORTS"), &prefix)
    }

    pub fn in_expense_reports(self, employee: EmployeeId, report: ExpenseReportId) -> Index {
        Index { pk: self.expense_reports(None).pk, sk: format!("{}#{}", employee.ulid(), report.ulid()) }
    }

    /// Those in one state (`SUBMITTED`).
    pub fn expense_reports_in(self, state: &str) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk(&format!("EXPENSE_REPORTS#{state}")), "") }
    }

    pub fn in_expense_reports_in(self, state: &str, report: ExpenseReportId) -> Index {
        Index { pk: self.expense_reports_in(state).pk, sk: report.ulid().to_string() }
    }

    fn beside_employee(self, employee: EmployeeId, sk: &str) -> Key {
        Key { sk: sk.into(), ..self.employee(employee) }
    }

    // ---- time that employees worked: it stands with their file. `week` is `2026-W48`, `month` `2026-11`.

    /// How the organization counts time; beside the settings of HR.
    pub fn time_settings(self) -> Key {
        Key::new(self.hr_settings().pk, "TIME_SETTINGS")
    }

    pub fn time_week(self, employee: EmployeeId, week: &str) -> Key {
        Key::new(self.employee(employee).pk, format!("WEEK#{week}"))
    }

    /// Everybody's weeks, the oldest first; `week` may be one, or none.
    pub fn time_weeks(self, week: &str) -> List {
        List::new(self.pk("TIME_WEEKS"), week)
    }

    /// Those of these weeks, both included.
    pub fn time_weeks_between(self, first: &str, last: &str) -> List {
        self.time_weeks("").between(first.into(), format!("{last}#~"))
    }

    pub fn in_time_weeks(self, week: &str, employee: EmployeeId) -> Index {
        Index { pk: self.time_weeks("").pk, sk: format!("{week}#{}", employee.ulid()) }
    }

    /// Weeks on which somebody is to decide: handed in, or contested.
    pub fn undecided_time_weeks(self) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk("UNDECIDED_TIME_WEEKS"), "") }
    }

    pub fn in_undecided_time_weeks(self, week: &str, employee: EmployeeId) -> Index {
        Index { pk: self.undecided_time_weeks().pk, sk: format!("{week}#{}", employee.ulid()) }
    }

    /// What was changed of a week, in its order.
    pub fn time_changes(self, employee: EmployeeId, week: &str) -> Collection {
        Collection { pk: self.employee(employee).pk, prefix: format!("WEEK_CHANGE#{week}#") }
    }

    pub fn time_change(self, employee: EmployeeId, week: &str, change: TimeChangeId) -> Key {
        let Collection { pk, prefix } = self.time_changes(employee, week);
        Key::new(pk, format!("{prefix}{}", change.ulid()))
    }

    /// What of a week is for clients.
    pub fn billable_week(self, employee: EmployeeId, week: &str) -> Key {
        Key::new(self.employee(employee).pk, format!("WEEK_BILLABLE#{week}"))
    }

    /// What of a month goes to who makes the pay slips.
    pub fn payroll(self, month: &str) -> Key {
        Key::new(self.pk(&format!("PAYROLL#{month}")), "META")
    }

    pub fn payrolls(self) -> List {
        List::new(self.pk("PAYROLLS"), "")
    }

    pub fn in_payrolls(self, month: &str) -> Index {
        Index { pk: self.payrolls().pk, sk: month.into() }
    }

    /// What it said when it was closed for the `number`th time.
    pub fn payroll_closing(self, month: &str, number: u16) -> Key {
        Key::new(self.payroll(month).pk, format!("CLOSING#{number:05}"))
    }

    /// What was approved of a report in a month.
    pub fn payroll_expenses(self, month: &str, report: ExpenseReportId) -> Key {
        Key::new(self.payroll(month).pk, format!("EXPENSES#{}", report.ulid()))
    }

    pub fn all_payroll_expenses(self) -> List {
        List::new(self.pk("PAYROLL_EXPENSES"), "")
    }

    pub fn in_payroll_expenses(self, month: &str, report: ExpenseReportId) -> Index {
        Index { pk: self.all_payroll_expenses().pk, sk: format!("{month}#{}", report.ulid()) }
    }

    /// Types of leave, and how it is decided on.
    pub fn leave_settings(self) -> Key {
        Key::new(self.pk("HR"), "LEAVE")
    }

    /// Beside an employee: their balances, and what these follow from besides contracts and requests.
    pub fn leave_account(self, employee: EmployeeId) -> Key {
        Key::new(self.employee(employee).pk, "LEAVE_ACCOUNT")
    }

    pub fn leave_accounts(self) -> List {
        List::new(self.pk("LEAVE_ACCOUNTS"), "")
    }

    pub fn in_leave_accounts(self, employee: EmployeeId) -> Index {
        Index { pk: self.leave_accounts().pk, sk: employee.ulid().to_string() }
    }

    pub fn leave_request(self, employee: EmployeeId, request: LeaveRequestId) -> Key {
        Key::new(self.employee(employee).pk, format!("LEAVE_REQUEST#{}", request.ulid()))
    }

    /// Account and requests of one employee.
    pub fn leave_of(self, employee: EmployeeId) -> Collection {
        Collection { pk: self.employee(employee).pk, prefix: "LEAVE_".into() }
    }

    /// By state, in the order of their ids; of every state where `state` is empty.
    pub fn leave_requests(self, state: &str) -> List {
        List::new(self.pk("LEAVE_REQUESTS"), state)
    }

    pub fn in_leave_requests(self, state: &str, request: LeaveRequestId) -> Index {
        Index { pk: self.leave_requests("").pk, sk: format!("{state}#{}", request.ulid()) }
    }

    /// What a request takes of one month, which its first day names.
    pub fn absence(self, employee: EmployeeId, month: Date, request: LeaveRequestId) -> Key {
        Key::new(self.employee(employee).pk, format!("ABSENCE#{}#{}", month.strftime("%Y-%m"), request.ulid()))
    }

    /// Who is absent, by day.
    fn absences(self) -> List {
        List::new(self.pk("ABSENCES"), "")
    }

    /// From one day on to another, both included.
    pub fn absences_between(self, from: Date, to: Date) -> List {
        self.absences().between(from.to_string(), format!("{to}~"))
    }

    pub fn in_absences(self, day: Date, request: LeaveRequestId) -> Index {
        Index { pk: self.absences().pk, sk: format!("{day}#{}", request.ulid()) }
    }

    /// Pipelines, tags and fields of the CRM.
    pub fn crm_settings(self) -> Key {
        Key::new(self.pk("CRM"), "SETTINGS")
    }

    // Duplicates and merges of companies and contacts (`COMPANY`, `CONTACT`). `record` is the key of one of them: what is
    // noted of it stands beside it.

    /// By what a record is recognised: one item for each of its ways (`EMAIL`).
    pub fn identity(self, record: &Key, way: &str) -> Key {
        Key::new(record.pk.clone(), format!("IDENTITY#{way}"))
    }

    /// The records of a kind that have this e-mail, telephone…
    pub fn identities(self, of: &str, kind: &str, value: &str) -> List {
        List::new(self.pk(&format!("IDENTITIES#{of}#{kind}#{value}")), "")
    }

    pub fn in_identities(self, of: &str, kind: &str, value: &str, record: &Key, way: &str) -> Index {
        let ulid = record.ulid().unwrap_or_default();
        Index { pk: self.identities(of, kind, value).pk, sk: format!("{ulid}#{way}") }
    }

    /// Another record that may be the same.
    pub fn duplicate(self, record: &Key, other: Ulid) -> Key {
        Key::new(record.pk.clone(), format!("DUPLICATE#{other}"))
    }

    /// Pairs of a kind, those that are surest first; `state` is `OPEN` or `DISMISSED`.
    pub fn duplicates(self, of: &str, state: &str) -> List {
        List::new(self.pk(&format!("DUPLICATES#{of}#{state}")), "")
    }

    pub fn in_duplicates(self, of: &str, state: &str, strength: u8, record: &Key, other: Ulid) -> Index {
        let ulid = record.ulid().unwrap_or_default();
        Index { pk: self.duplicates(of, state).pk, sk: format!("{strength}#{ulid}#{other}") }
    }

    /// The search through all records, beside the settings.
    pub fn duplicate_search(self) -> Key {
        Key::new(self.crm_settings().pk, "DUPLICATE_SEARCH")
    }

    pub fn merge(self, merge: MergeId) -> Key {
        Key::new(self.pk(&format!("MERGE#{}", merge.ulid())), "META")
    }

    pub fn merges(self) -> List {
        List::new(self.pk("MERGES"), "")
    }

    pub fn in_merges(self, merge: MergeId) -> Index {
        Index { pk: self.merges().pk, sk: merge.ulid().to_string() }
    }

    /// What a merge moved, beside it.
    pub fn moves(self, merge: MergeId) -> Collection {
        Collection { prefix: "MOVED#".into(), ..self.merge(merge).collection() }
    }

    pub fn moved(self, merge: MergeId, kind: &str, id: Ulid) -> Key {
        Key::new(self.merge(merge).pk, format!("MOVED#{kind}#{id}"))
    }

    /// Where a record went that was merged into another one: in its own partition, of which nothing else is left.
    pub fn merged(self, record: &Key) -> Key {
        Key::new(record.pk.clone(), "MERGED")
    }

    pub fn merged_records(self) -> List {
        List::new(self.pk("MERGED_RECORDS"), "")
    }

    pub fn in_merged_records(self, record: &Key) -> Index {
        Index { pk: self.merged_records().pk, sk: record.ulid().unwrap_or_default().to_string() }
    }

    /// A merge that went into a record, beside it.
    pub fn merge_into(self, record: &Key, merge: MergeId) -> Key {
        Key::new(record.pk.clone(), format!("MERGE#{}", merge.ulid()))
    }

    pub fn opportunity(self, opportunity: OpportunityId) -> Key {
        Key::new(self.pk(&format!("OPPORTUNITY#{}", opportunity.ulid())), "META")
    }

    /// Opportunities by name; `prefix` is sorted ([`kernel::text::sorted`]).
    pub fn opportunities(self, prefix: &str) -> List {
        List::new(self.pk("OPPORTUNITIES"), prefix)
    }

    pub fn in_opportunities(self, folded_name: &str, opportunity: OpportunityId) -> Index {
        Index { pk: self.opportunities("").pk, sk: format!("{folded_name}#{}", opportunity.ulid()) }
    }

    /// The opportunity as the board shows it.
    pub fn opportunity_card(self, opportunity: OpportunityId) -> Key {
        Key::new(self.opportunity(opportunity).pk, "CARD")
    }

    /// The opportunities at a stage, in the order in which they came there.
    pub fn opportunities_at(self, stage: StageId) -> List {
        List::new(self.pk("OPPORTUNITY_STAGES"), &format!("{}#", stage.ulid()))
    }

    pub fn in_opportunities_at(self, stage: StageId, moved_at: Timestamp, opportunity: OpportunityId) -> Index {
        let List { pk, prefix, .. } = self.opportunities_at(stage);
        Index { pk, sk: format!("{prefix}{:014}#{}", moved_at.as_millisecond(), opportunity.ulid()) }
    }

    /// The lines of a company's opportunities, beside it.
    pub fn company_opportunities(self, company: CompanyId) -> Collection {
        Collection { pk: self.company(company).pk, prefix: "OPPORTUNITY#".into() }
    }

    pub fn company_opportunity(self, company: CompanyId, opportunity: OpportunityId) -> Key {
        let Collection { pk, prefix } = self.company_opportunities(company);
        Key::new(pk, format!("{prefix}{}", opportunity.ulid()))
    }

    /// The same of a contact.
    pub fn contact_opportunities(self, contact: ContactId) -> Collection {
        Collection { pk: self.contact(contact).pk, prefix: "OPPORTUNITY#".into() }
    }

    pub fn contact_opportunity(self, contact: ContactId, opportunity: OpportunityId) -> Key {
        let Collection { pk, prefix } = self.contact_opportunities(contact);
        Key::new(pk, format!("{prefix}{}", opportunity.ulid()))
    }

    /// What the opportunities add up to.
    fn sales(self) -> Collection {
        Collection { pk: self.pk("SALES"), prefix: String::new() }
    }

    /// How many opportunities are at each stage.
    pub fn stage_counts(self) -> Collection {
        Collection { prefix: "COUNT#".into(), ..self.sales() }
    }

    pub fn stage_count(self, stage: StageId) -> Key {
        let Collection { pk, prefix } = self.stage_counts();
        Key::new(pk, format!("{prefix}{}", stage.ulid()))
    }

    /// The sums of one kind (`STAGE`, `MONTH`, `SOURCE`), of all opportunities or of one member's.
    pub fn sales_of(self, whose: Option<UserId>, kind: &str) -> Collection {
        let whose = whose.map_or_else(|| "ALL".to_owned(), |user| format!("OF#{}", user.ulid()));
        Collection { prefix: format!("{whose}#{kind}#"), ..self.sales() }
    }

    pub fn sales_figures(self, whose: Option<UserId>, kind: &str, what: &str, currency: Currency) -> Key {
        let Collection { pk, prefix } = self.sales_of(whose, kind);
        Key::new(pk, format!("{prefix}{what}#{}", currency.code()))
    }

    // ---- the figures of sales

    /// All that the figures of sales are made of, and they themselves: what a rebuilding makes anew.
    pub fn sales_projection(self) -> Collection {
        Collection { pk: self.pk("SALES_PROJECTION"), prefix: String::new() }
    }

    /// How far it has come.
    pub fn projection_state(self) -> Key {
        Key::new(self.sales_projection().pk, "STATE")
    }

    /// An invoice as the figures know it.
    pub fn sale(self, invoice: InvoiceId) -> Key {
        Key::new(self.sales_projection().pk, format!("INVOICE#{}", invoice.ulid()))
    }

    /// The invoices of the figures, by day of issue, from one day to another.
    pub fn sales_between(self, from: Date, to: Date) -> List {
        List::new(self.pk("SALES_INVOICES"), "").between(from.to_string(), format!("{to}~"))
    }

    pub fn in_sales(self, issued_on: Date, invoice: InvoiceId) -> Index {
        Index { pk: self.pk("SALES_INVOICES"), sk: format!("{issued_on}#{}", invoice.ulid()) }
    }

    /// A quote as the figures know it.
    pub fn sale_quote(self, quote: QuoteId) -> Key {
        Key::new(self.sales_projection().pk, format!("QUOTE#{}", quote.ulid()))
    }

    pub fn sale_quotes(self) -> Collection {
        Collection { prefix: "QUOTE#".into(), ..self.sales_projection() }
    }

    /// Since when a company is a client.
    pub fn sale_client(self, client: CompanyId) -> Key {
        Key::new(self.sales_projection().pk, format!("CLIENT#{}", client.ulid()))
    }

    fn sales_part(self, kind: &str, whose: Option<UserId>) -> Collection {
        let whose = whose.map_or_else(|| "ALL".to_owned(), |user| user.ulid().to_string());
        Collection { prefix: format!("{kind}#{whose}#"), ..self.sales_projection() }
    }

    /// The sums of all months, everybody's or those of one member's clients.
    pub fn sales_months(self, whose: Option<UserId>) -> Collection {
        self.sales_part("MONTH", whose)
    }

    /// Those of one month, one kind (`INVOICES`, `QUOTES`, `EXPENSES`) and one currency.
    pub fn sales_month(self, whose: Option<UserId>, month: Date, kind: &str, currency: Currency) -> Key {
        let Collection { pk, prefix } = self.sales_months(whose);
        Key::new(pk, format!("{prefix}{:04}-{:02}#{kind}#{}", month.year(), month.month(), currency.code()))
    }

    /// What is still to be paid, by due date.
    pub fn sales_dues(self, whose: Option<UserId>) -> Collection {
        self.sales_part("DUE", whose)
    }

    pub fn sales_due(self, whose: Option<UserId>, due_on: Date, currency: Currency) -> Key {
        let Collection { pk, prefix } = self.sales_dues(whose);
        Key::new(pk, format!("{prefix}{due_on}#{}", currency.code()))
    }

    /// What is still to be paid of the invoices of the figures, everybody's or those of one member's clients, by due date: from
    /// one day to another, both included, or from the first or to the last.
    pub fn open_sales(self, whose: Option<UserId>, from: Option<Date>, to: Option<Date>) -> List {
        let Collection { pk, prefix } = self.sales_part("OPEN", whose);
        let day = |on: Option<Date>| on.map(|on| on.to_string()).unwrap_or_default();
        // Whatever stands on the last day comes before the next one.
        let span = (format!("{prefix}{}", day(from)), format!("{prefix}{}~", day(to)));
        List { index: OWN_KEYS, ..List::new(pk, &prefix) }.between(span.0, span.1)
    }

    pub fn open_sale(self, whose: Option<UserId>, due_on: Date, invoice: InvoiceId) -> Key {
        let Collection { pk, prefix } = self.sales_part("OPEN", whose);
        Key::new(pk, format!("{prefix}{due_on}#{}", invoice.ulid()))
    }

    fn sale_lines_of(self, whose: Option<UserId>, figure: &str) -> Collection {
        let Collection { pk, prefix } = self.sales_part("LINE", whose);
        Collection { pk, prefix: format!("{prefix}{figure}#") }
    }

    /// What makes one of the figures (`REVENUE`, `SETTLED`, `SENT`, …), everybody's or of one member's clients, from one day to
    /// another, both included.
    pub fn sale_lines(self, whose: Option<UserId>, figure: &str, from: Date, to: Date) -> List {
        let Collection { pk, prefix } = self.sale_lines_of(whose, figure);
        let span = (format!("{prefix}{from}"), format!("{prefix}{to}~"));
        List { index: OWN_KEYS, ..List::new(pk, &prefix) }.between(span.0, span.1)
    }

    /// What one document is of that figure: `document` is its ULID, or says also what became of it.
    pub fn sale_line(self, whose: Option<UserId>, figure: &str, on: Date, document: &str) -> Key {
        let Collection { pk, prefix } = self.sale_lines_of(whose, figure);
        Key::new(pk, format!("{prefix}{on}#{document}"))
    }

    /// A recurring invoice as the figures know it.
    pub fn sale_plan(self, recurring: RecurringInvoiceId) -> Key {
        Key::new(self.sales_projection().pk, format!("RECURRING#{}", recurring.ulid()))
    }

    pub fn sale_plans(self) -> Collection {
        Collection { prefix: "RECURRING#".into(), ..self.sales_projection() }
    }

    /// An expense as the figures know it.
    pub fn sale_expense(self, expense: ExpenseId) -> Key {
        Key::new(self.sales_projection().pk, format!("EXPENSE#{}", expense.ulid()))
    }

    pub fn sale_expenses(self) -> Collection {
        Collection { prefix: "EXPENSE#".into(), ..self.sales_projection() }
    }

    /// What is still to be paid of expenses, by due date.
    pub fn sales_payables(self) -> Collection {
        self.sales_part("PAYABLE", None)
    }

    pub fn sales_payable(self, due_on: Date, currency: Currency) -> Key {
        let Collection { pk, prefix } = self.sales_payables();
        Key::new(pk, format!("{prefix}{due_on}#{}", currency.code()))
    }

    /// A recurring expense as the figures know it.
    pub fn sale_expense_plan(self, recurring: RecurringExpenseId) -> Key {
        Key::new(self.sales_projection().pk, format!("RECURRING_EXPENSE#{}", recurring.ulid()))
    }

    pub fn sale_expense_plans(self) -> Collection {
        Collection { prefix: "RECURRING_EXPENSE#".into(), ..self.sales_projection() }
    }

    /// What recurring expenses will cost, by the day on which it is to be paid.
    pub fn sales_outlays(self) -> Collection {
        self.sales_part("OUTLAY", None)
    }

    pub fn sales_outlay(self, payable_on: Date, currency: Currency) -> Key {
        let Collection { pk, prefix } = self.sales_outlays();
        Key::new(pk, format!("{prefix}{payable_on}#{}", currency.code()))
    }

    /// What recurring invoices will bring, by due date.
    pub fn sales_plans(self, whose: Option<UserId>) -> Collection {
        self.sales_part("PLANNED", whose)
    }

    pub fn sales_planned(self, whose: Option<UserId>, due_on: Date, currency: Currency) -> Key {
        let Collection { pk, prefix } = self.sales_plans(whose);
        Key::new(pk, format!("{prefix}{due_on}#{}", currency.code()))
    }

    /// What a client was invoiced in a period (`2026`, `2026-Q4`, `2026-11`).
    pub fn client_sales(self, whose: Option<UserId>, period: &str, client: CompanyId) -> Key {
        let Collection { pk, prefix } = self.sales_part("RANK", whose);
        Key::new(pk, format!("{prefix}{period}#{}", client.ulid()))
    }

    /// The clients of a period, the one who was invoiced most first.
    pub fn top_clients(self, whose: Option<UserId>, period: &str) -> List {
        let Collection { prefix, .. } = self.sales_part("SALES_RANKS", whose);
        List::new(self.pk(&format!("{prefix}{period}")), "")
    }

    pub fn in_top_clients(self, whose: Option<UserId>, period: &str, amount: i64, client: CompanyId) -> Index {
        let down = i128::from(i64::MAX) - i128::from(amount);
        Index { pk: self.top_clients(whose, period).pk, sk: format!("{down:020}#{}", client.ulid()) }
    }

    pub fn target(self, target: TargetId) -> Key {
        Key::new(self.pk(&format!("SALES_TARGET#{}", target.ulid())), "META")
    }

    /// How far it is, beside it.
    pub fn target_standing(self, target: TargetId) -> Key {
        Key::new(self.target(target).pk, "STANDING")
    }

    pub fn target_standings(self) -> List {
        List::new(self.pk("SALES_TARGET_STANDINGS"), "")
    }

    pub fn in_target_standings(self, target: TargetId) -> Index {
        Index { pk: self.target_standings().pk, sk: target.ulid().to_string() }
    }

    pub fn targets(self) -> List {
        List::new(self.pk("SALES_TARGETS"), "")
    }

    pub fn in_targets(self, target: TargetId) -> Index {
        Index { pk: self.targets().pk, sk: target.ulid().to_string() }
    }

    // ---- activities and calendars

    pub fn activity(self, activity: ActivityId) -> Key {
        Key::new(self.pk(&format!("ACTIVITY#{}", activity.ulid())), "META")
    }

    /// The line of an activity that is planned, or on one of the records that it is about; beside the activity.
    pub fn activity_line(self, activity: ActivityId, record: Option<Ulid>) -> Key {
        let sk = record.map_or_else(|| "PLANNED".into(), |record| format!("LINE#{record}"));
        Key::new(self.activity(activity).pk, sk)
    }

    /// Activities by when they begin; `period` is a year, a month or a day: `2026-11`.
    pub fn activities(self, period: &str) -> List {
        List::new(self.pk("ACTIVITIES"), period)
    }

    pub fn in_activities(self, begins: &str, activity: ActivityId) -> Index {
        Index { pk: self.activities("").pk, sk: format!("{begins}#{}", activity.ulid()) }
    }

    /// Those that are planned, by when they are to be done.
    pub fn planned_activities(self) -> List {
        List::new(self.pk("PLANNED_ACTIVITIES"), "")
    }

    pub fn in_planned_activities(self, due: &str, activity: ActivityId) -> Index {
        Index { pk: self.planned_activities().pk, sk: format!("{due}#{}", activity.ulid()) }
    }

    /// Those about one record, in one state (`planned`, `done`) or in all, by day.
    pub fn activities_of(self, record: Ulid, state: &str) -> List {
        List::new(self.pk(&format!("ACTIVITIES_OF#{record}")), state)
    }

    pub fn in_activities_of(self, record: Ulid, state: &str, at: &str, activity: ActivityId) -> Index {
        Index { pk: self.activities_of(record, "").pk, sk: format!("{state}#{at}#{}", activity.ulid()) }
    }

    /// A calendar to which somebody's program subscribes.
    pub fn calendar_feed(self, feed: FeedId) -> Key {
        Key::new(self.pk(&format!("CALENDAR_FEED#{}", feed.ulid())), "META")
    }

    /// Those of one member.
    pub fn calendar_feeds(self, user: UserId) -> List {
        List::new(self.pk("CALENDAR_FEEDS"), &format!("{}#", user.ulid()))
    }

    fn all_calendar_feeds(self) -> List {
        List::new(self.pk("CALENDAR_FEEDS"), "")
    }

    pub fn in_calendar_feeds(self, user: UserId, feed: FeedId) -> Index {
        Index { pk: self.all_calendar_feeds().pk, sk: format!("{}#{}", user.ulid(), feed.ulid()) }
    }

    /// A file that belongs to a record of the CRM, beside the `record` (its `META`).
    pub fn attached_file(self, record: &Key, file: AttachedId) -> Key {
        Key::new(record.pk.clone(), format!("{ATTACHED}{}", file.ulid()))
    }

    /// The files of one record, in the order in which they came.
    pub fn attached_files(self, record: &Key) -> Collection {
        Collection { pk: record.pk.clone(), prefix: ATTACHED.into() }
    }

    /// A form on somebody's web site.
    pub fn web_form(self, form: WebFormId) -> Key {
        Key::new(self.pk(&format!("WEB_FORM#{}", form.ulid())), "META")
    }

    pub fn web_forms(self) -> List {
        List::new(self.pk("WEB_FORMS"), "")
    }

    pub fn in_web_forms(self, form: WebFormId) -> Index {
        Index { pk: self.web_forms().pk, sk: form.ulid().to_string() }
    }

    /// A file of records that is taken in, and beside it what is wrong with its rows.
    pub fn import(self, import: kernel::id::ImportId) -> Key {
        Key::new(self.pk(&format!("IMPORT#{}", import.ulid())), "META")
    }

    pub fn import_errors(self, import: kernel::id::ImportId, attempt: u32, chunk: u32) -> Key {
        Key::new(self.import(import).pk, format!("ERRORS#{attempt:04}#{chunk:04}"))
    }

    pub fn imports(self) -> List {
        List::new(self.pk("IMPORTS"), "")
    }

    pub fn in_imports(self, import: kernel::id::ImportId) -> Index {
        Index { pk: self.imports().pk, sk: import.ulid().to_string() }
    }

    /// A list of records that somebody wants as a file.
    pub fn record_export(self, export: ExportId) -> Key {
        Key::new(self.pk(&format!("RECORD_EXPORT#{}", export.ulid())), "META")
    }

    pub fn record_exports(self) -> List {
        List::new(self.pk("RECORD_EXPORTS"), "")
    }

    pub fn in_record_exports(self, export: ExportId) -> Index {
        Index { pk: self.record_exports().pk, sk: export.ulid().to_string() }
    }

    /// A saved filter over a list.
    pub fn segment(self, segment: kernel::id::SegmentId) -> Key {
        Key::new(self.pk(&format!("SEGMENT#{}", segment.ulid())), "META")
    }

    /// Those over the lists of one kind of records, by name; all of them where `of` is empty.
    pub fn segments(self, of: &str) -> List {
        List::new(self.pk("SEGMENTS"), &if of.is_empty() { String::new() } else { format!("{of}#") })
    }

    pub fn in_segments(self, of: &str, folded_name: &str, segment: kernel::id::SegmentId) -> Index {
        Index { pk: self.segments("").pk, sk: format!("{of}#{folded_name}#{}", segment.ulid()) }
    }

    pub fn quote(self, quote: QuoteId) -> Key {
        Key::new(self.owner(Owner::Quote(quote)), "META")
    }

    pub fn quotes(self) -> List {
        List::new(self.pk("QUOTES"), "")
    }

    pub fn in_quotes(self, quote: QuoteId) -> Index {
        Index { pk: self.pk("QUOTES"), sk: quote.ulid().to_string() }
    }

    /// What a deposit invoiced of a quote, beside the quote.
    pub fn quote_deposit(self, quote: QuoteId, invoice: InvoiceId) -> Key {
        Key::new(self.owner(Owner::Quote(quote)), format!("DEPOSIT#{}", invoice.ulid()))
    }

    pub fn invoice(self, invoice: InvoiceId) -> Key {
        Key::new(self.owner(Owner::Invoice(invoice)), "META")
    }

    pub fn invoices(self) -> List {
        List::new(self.pk("INVOICES"), "")
    }

    pub fn in_invoices(self, invoice: InvoiceId) -> Index {
        Index { pk: self.pk("INVOICES"), sk: invoice.ulid().to_string() }
    }

    pub fn credit_note(self, note: CreditNoteId) -> Key {
        Key::new(self.owner(Owner::CreditNote(note)), "META")
    }

    pub fn credit_notes(self) -> List {
        List::new(self.pk("CREDIT_NOTES"), "")
    }

    pub fn in_credit_notes(self, note: CreditNoteId) -> Index {
        Index { pk: self.pk("CREDIT_NOTES"), sk: note.ulid().to_string() }
    }

    pub fn self_billed(self, document: SelfBilledId) -> Key {
        Key::new(self.owner(Owner::SelfBilled(document)), "META")
    }

    pub fn self_billed_documents(self) -> List {
        List::new(self.pk("SELF_BILLED_DOCUMENTS"), "")
    }

    pub fn in_self_billed_documents(self, document: SelfBilledId) -> Index {
        Index { pk: self.self_billed_documents().pk, sk: document.ulid().to_string() }
    }

    /// The documents of one supplier, in their order.
    pub fn self_billed_of(self, supplier: CompanyId) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk(&format!("SELF_BILLED_OF#{}", supplier.ulid())), "") }
    }

    pub fn in_self_billed_of(self, supplier: CompanyId, document: SelfBilledId) -> Index {
        Index { pk: self.self_billed_of(supplier).pk, sk: document.ulid().to_string() }
    }

    pub fn self_billing_mandate(self, supplier: CompanyId) -> Key {
        Key::new(self.pk(&format!("SELF_BILLING_MANDATE#{}", supplier.ulid())), "META")
    }

    pub fn self_billing_mandates(self) -> List {
        List::new(self.pk("SELF_BILLING_MANDATES"), "")
    }

    pub fn in_self_billing_mandates(self, folded_name: &str, supplier: CompanyId) -> Index {
        Index { pk: self.self_billing_mandates().pk, sk: format!("{folded_name}#{}", supplier.ulid()) }
    }

    /// Whose the series with this code is.
    pub fn self_billing_code(self, code: &str) -> Key {
        Key::new(self.pk(&format!("SELF_BILLING_CODE#{code}")), "META")
    }

    fn self_billing_codes(self) -> List {
        List::new(self.pk("SELF_BILLING_CODES"), "")
    }

    pub fn in_self_billing_codes(self, code: &str) -> Index {
        Index { pk: self.self_billing_codes().pk, sk: code.into() }
    }

    pub fn product(self, product: ProductId) -> Key {
        Key::new(self.pk(&format!("PRODUCT#{}", product.ulid())), "META")
    }

    /// Products by name, those that are offered or those that are no more; `prefix` is sorted
    /// ([`kernel::text::sorted`]).
    pub fn products(self, is_archived: bool, prefix: &str) -> List {
        List::new(self.pk(if is_archived { "ARCHIVED_PRODUCTS" } else { "PRODUCTS" }), prefix)
    }

    pub fn in_products(self, is_archived: bool, folded_name: &str, product: ProductId) -> Index {
        Index { pk: self.products(is_archived, "").pk, sk: format!("{folded_name}#{}", product.ulid()) }
    }

    /// The same products by reference.
    pub fn products_by_reference(self, is_archived: bool, prefix: &str) -> List {
        let by_name = self.products(is_archived, prefix);
        List { index: ASSIGNED_INDEX, pk: format!("{}#BY_REFERENCE", by_name.pk), ..by_name }
    }

    pub fn in_products_by_reference(self, is_archived: bool, folded_reference: &str, product: ProductId) -> Index {
        let pk = self.products_by_reference(is_archived, "").pk;
        Index { pk, sk: format!("{folded_reference}#{}", product.ulid()) }
    }

    /// The one product that has this reference, which is folded.
    pub fn product_reference(self, folded_reference: &str) -> Key {
        Key::new(self.pk(&format!("PRODUCT_REFERENCE#{folded_reference}")), "META")
    }

    /// How much there is of a product: beside it.
    pub fn stock(self, product: ProductId) -> Key {
        Key::new(self.product(product).pk, "STOCK")
    }

    /// What is counted, by name.
    pub fn stocks(self) -> List {
        List::new(self.pk("STOCKS"), "")
    }

    pub fn in_stocks(self, folded_name: &str, product: ProductId) -> Index {
        Index { pk: self.stocks().pk, sk: format!("{folded_name}#{}", product.ulid()) }
    }

    /// Those of which it is time to order more.
    pub fn low_stocks(self) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk("LOW_STOCKS"), "") }
    }

    pub fn in_low_stocks(self, folded_name: &str, product: ProductId) -> Index {
        Index { pk: self.low_stocks().pk, ..self.in_stocks(folded_name, product) }
    }

    /// What came or went of a product: beside it.
    pub fn stock_move(self, product: ProductId, moved: StockMoveId) -> Key {
        Key::new(self.product(product).pk, format!("MOVE#{}", moved.ulid()))
    }

    /// The moves of one product, in their order.
    pub fn stock_moves(self, product: ProductId) -> List {
        List::new(self.pk(&format!("STOCK_MOVES#{}", product.ulid())), "")
    }

    pub fn in_stock_moves(self, product: ProductId, moved: StockMoveId) -> Index {
        Index { pk: self.stock_moves(product).pk, sk: moved.ulid().to_string() }
    }

    /// Categories, tags and price lists.
    pub fn catalogue(self) -> Key {
        Key::new(self.pk("CATALOGUE"), "META")
    }

    /// Which price list a client has, beside what they were sent.
    pub fn client_price_list(self, company: CompanyId) -> Key {
        Key::new(self.client_documents(company).pk, "PRICE_LIST")
    }

    pub fn clients_of_price_list(self, list: PriceListId) -> List {
        List::new(self.pk(&format!("CLIENTS_OF_PRICE_LIST#{}", list.ulid())), "")
    }

    pub fn in_clients_of_price_list(self, list: PriceListId, company: CompanyId) -> Index {
        Index { pk: self.clients_of_price_list(list).pk, sk: company.ulid().to_string() }
    }

    fn product_references(self) -> List {
        List::new(self.pk("PRODUCT_REFERENCES"), "")
    }

    pub fn in_product_references(self, folded_reference: &str) -> Index {
        Index { pk: self.product_references().pk, sk: folded_reference.into() }
    }

    pub fn payment(self, invoice: InvoiceId, payment: PaymentId) -> Key {
        Key::new(self.owner(Owner::Invoice(invoice)), format!("PAYMENT#{}", payment.ulid()))
    }

    /// The transfer by which a refund leaves, beside it.
    pub fn refund_transfer(self, invoice: InvoiceId, refund: PaymentId) -> Key {
        Key::new(self.owner(Owner::Invoice(invoice)), format!("TRANSFER#{}", refund.ulid()))
    }

    /// Payments by the day on which they were made; `period` is a year, a month or a day: `2026-11`.
    pub fn payments(self, period: &str) -> List {
        List::new(self.pk("PAYMENTS"), period)
    }

    /// The payments of one client, by day.
    pub fn client_payments(self, client: CompanyId) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk(&format!("CLIENT_PAYMENTS#{}", client.ulid())), "") }
    }

    pub fn in_client_payments(self, client: CompanyId, paid_on: Date, payment: PaymentId) -> Index {
        Index { pk: self.client_payments(client).pk, sk: format!("{paid_on}#{}", payment.ulid()) }
    }

    pub fn in_payments(self, paid_on: Date, payment: PaymentId) -> Index {
        Index { pk: self.pk("PAYMENTS"), sk: format!("{paid_on}#{}", payment.ulid()) }
    }

    pub fn receipt(self, receipt: ReceiptId) -> Key {
        Key::new(self.pk(&format!("RECEIPT#{}", receipt.ulid())), "META")
    }

    pub fn letter(self, letter: LetterId) -> Key {
        Key::new(self.owner(Owner::Letter(letter)), "META")
    }

    /// Letters to one client, or to all.
    pub fn letters(self, client: Option<CompanyId>) -> List {
        List::new(self.pk("LETTERS"), &of_client(client))
    }

    pub fn in_letters(self, client: CompanyId, letter: LetterId) -> Index {
        Index { pk: self.pk("LETTERS"), sk: format!("{}#{}", client.ulid(), letter.ulid()) }
    }

    pub fn receipts(self) -> List {
        List::new(self.pk("RECEIPTS"), "")
    }

    pub fn in_receipts(self, receipt: ReceiptId) -> Index {
        Index { pk: self.pk("RECEIPTS"), sk: receipt.ulid().to_string() }
    }

    /// Who collects by direct debit.
    pub fn sepa_creditor(self) -> Key {
        Key::new(self.pk("SEPA"), "CREDITOR")
    }

    pub fn mandate(self, mandate: MandateId) -> Key {
        Key::new(self.pk(&format!("MANDATE#{}", mandate.ulid())), "META")
    }

    pub fn mandates(self) -> List {
        List::new(self.pk("MANDATES"), "")
    }

    pub fn in_mandates(self, mandate: MandateId) -> Index {
        Index { pk: self.pk("MANDATES"), sk: mandate.ulid().to_string() }
    }

    /// The one mandate that has this reference, which is folded.
    pub fn mandate_reference(self, folded_reference: &str) -> Key {
        Key::new(self.pk(&format!("MANDATE_REFERENCE#{folded_reference}")), "META")
    }

    fn mandate_references(self) -> List {
        List::new(self.pk("MANDATE_REFERENCES"), "")
    }

    pub fn in_mandate_references(self, folded_reference: &str) -> Index {
        Index { pk: self.mandate_references().pk, sk: folded_reference.into() }
    }

    pub fn remittance(self, remittance: RemittanceId) -> Key {
        Key::new(self.pk(&format!("REMITTANCE#{}", remittance.ulid())), "META")
    }

    pub fn remittances(self) -> List {
        List::new(self.pk("REMITTANCES"), "")
    }

    pub fn in_remittances(self, remittance: RemittanceId) -> Index {
        Index { pk: self.pk("REMITTANCES"), sk: remittance.ulid().to_string() }
    }

    pub fn bank_line(self, line: BankLineId) -> Key {
        Key::new(self.pk(&format!("BANK_LINE#{}", line.ulid())), "META")
    }

    /// The lines of the bank that are in this state, by day.
    pub fn bank_lines(self, state: &str) -> List {
        List::new(self.pk("BANK_LINES"), &format!("{state}#"))
    }

    fn all_bank_lines(self) -> List {
        List::new(self.pk("BANK_LINES"), "")
    }

    /// Ids of lines begin with the day on which they were booked.
    pub fn in_bank_lines(self, state: &str, line: BankLineId) -> Index {
        Index { pk: self.pk("BANK_LINES"), sk: format!("{state}#{}", line.ulid()) }
    }

    /// The lines of invoices on which something is due, everybody's or one client's: of a client those due first at the
    /// beginning.
    pub fn open_invoices(self, client: Option<CompanyId>) -> List {
        List::new(self.pk("OPEN_INVOICES"), &of_client(client))
    }

    pub fn in_open_invoices(self, client: CompanyId, due_on: Date, invoice: InvoiceId) -> Index {
        let sk = format!("{}{due_on}#{}", of_client(Some(client)), invoice.ulid());
        Index { pk: self.pk("OPEN_INVOICES"), sk }
    }

    /// The lines of invoices on which more was paid than is owed.
    pub fn client_credits(self, client: Option<CompanyId>) -> List {
        List::new(self.pk("CLIENT_CREDITS"), &of_client(client))
    }

    pub fn in_client_credits(self, client: CompanyId, invoice: InvoiceId) -> Index {
        Index { pk: self.pk("CLIENT_CREDITS"), sk: format!("{}{}", of_client(Some(client)), invoice.ulid()) }
    }

    pub fn time_entry(self, entry: TimeEntryId) -> Key {
        Key::new(self.pk(&format!("TIME_ENTRY#{}", entry.ulid())), "META")
    }

    /// Time in one state (`open`, `invoiced`), of everybody or for one client, by day.
    pub fn time_entries(self, state: &str, client: Option<CompanyId>) -> List {
        List::new(self.pk("TIME_ENTRIES"), &format!("{state}#{}", of_client(client)))
    }

    fn all_time_entries(self) -> List {
        List::new(self.pk("TIME_ENTRIES"), "")
    }

    pub fn in_time_entries(self, state: &str, client: CompanyId, on: Date, entry: TimeEntryId) -> Index {
        let sk = format!("{}{on}#{}", self.time_entries(state, Some(client)).prefix, entry.ulid());
        Index { pk: self.pk("TIME_ENTRIES"), sk }
    }

    pub fn recurring_invoice(self, recurring: RecurringInvoiceId) -> Key {
        Key::new(self.pk(&format!("RECURRING_INVOICE#{}", recurring.ulid())), "META")
    }

    pub fn recurring_invoices(self) -> List {
        List::new(self.pk("RECURRING_INVOICES"), "")
    }

    pub fn in_recurring_invoices(self, recurring: RecurringInvoiceId) -> Index {
        Index { pk: self.recurring_invoices().pk, sk: recurring.ulid().to_string() }
    }

    /// One invoice of a recurring one, from 1, beside it.
    pub fn occurrence(self, recurring: RecurringInvoiceId, number: u32) -> Key {
        Key::new(self.recurring_invoice(recurring).pk, format!("OCCURRENCE#{number:06}"))
    }

    // ---- purchases ---------------------------------------------------------------------------------------

    pub fn expense(self, expense: ExpenseId) -> Key {
        Key::new(self.pk(&format!("EXPENSE#{}", expense.ulid())), "META")
    }

    /// Expenses by the day on which they were made.
    pub fn expenses(self) -> List {
        List::new(self.pk("EXPENSES"), "")
    }

    pub fn in_expenses(self, on: Date, expense: ExpenseId) -> Index {
        Index { pk: self.expenses().pk, sk: format!("{on}#{}", expense.ulid()) }
    }

    /// Those that are to be paid, by the day on which they are due.
    pub fn unpaid_expenses(self) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk("UNPAID_EXPENSES"), "") }
    }

    pub fn in_unpaid_expenses(self, due_on: Date, expense: ExpenseId) -> Index {
        Index { pk: self.unpaid_expenses().pk, sk: format!("{due_on}#{}", expense.ulid()) }
    }

    pub fn recurring_expense(self, recurring: RecurringExpenseId) -> Key {
        Key::new(self.pk(&format!("RECURRING_EXPENSE#{}", recurring.ulid())), "META")
    }

    pub fn recurring_expenses(self) -> List {
        List::new(self.pk("RECURRING_EXPENSES"), "")
    }

    pub fn in_recurring_expenses(self, recurring: RecurringExpenseId) -> Index {
        Index { pk: self.recurring_expenses().pk, sk: recurring.ulid().to_string() }
    }

    pub fn supplier(self, supplier: SupplierId) -> Key {
        Key::new(self.pk(&format!("SUPPLIER#{}", supplier.ulid())), "META")
    }

    /// Suppliers by name, those that are offered or those that are no more; `prefix` is sorted
    /// ([`kernel::text::sorted`]).
    pub fn suppliers(self, is_archived: bool, prefix: &str) -> List {
        List::new(self.pk(if is_archived { "ARCHIVED_SUPPLIERS" } else { "SUPPLIERS" }), prefix)
    }

    pub fn in_suppliers(self, is_archived: bool, folded_name: &str, supplier: SupplierId) -> Index {
        Index { pk: self.suppliers(is_archived, "").pk, sk: format!("{folded_name}#{}", supplier.ulid()) }
    }

    /// The address to which invoices are mailed.
    pub fn inbound_address(self) -> Key {
        Key::new(self.purchase_settings().pk, "INBOUND")
    }

    /// A mail that came there; `mark` is the same for the same mail.
    pub fn received_mail(self, mark: &str) -> Key {
        Key::new(self.pk(&format!("RECEIVED_MAIL#{mark}")), "META")
    }

    pub fn received_mails(self) -> List {
        List::new(self.pk("RECEIVED_MAILS"), "")
    }

    pub fn in_received_mails(self, mail: ReceivedMailId) -> Index {
        Index { pk: self.received_mails().pk, sk: mail.ulid().to_string() }
    }

    /// That an account is a supplier's, as somebody confirmed; `mark` is its keyed hash.
    pub fn supplier_account(self, supplier: SupplierId, mark: &str) -> Key {
        Key::new(self.supplier(supplier).pk, format!("ACCOUNT#{mark}"))
    }

    pub fn supplier_accounts(self) -> List {
        List::new(self.pk("SUPPLIER_ACCOUNTS"), "")
    }

    pub fn in_supplier_accounts(self, supplier: SupplierId, mark: &str) -> Index {
        Index { pk: self.supplier_accounts().pk, sk: format!("{mark}#{}", supplier.ulid()) }
    }

    /// The one supplier who has this number: `way` is `SIREN` or `VAT`.
    pub fn supplier_sign(self, way: &str, value: &str) -> Key {
        Key::new(self.pk(&format!("SUPPLIER_SIGN#{way}#{value}")), "META")
    }

    fn supplier_signs(self) -> List {
        List::new(self.pk("SUPPLIER_SIGNS"), "")
    }

    pub fn in_supplier_signs(self, way: &str, value: &str) -> Index {
        Index { pk: self.supplier_signs().pk, sk: format!("{way}#{value}") }
    }

    /// The electronic invoice that an expense is: beside it, under the same ULID.
    pub fn received_invoice(self, invoice: ReceivedInvoiceId) -> Key {
        Key::new(self.expense(ExpenseId::from_ulid(invoice.ulid())).pk, "INVOICE")
    }

    /// In the order in which they came.
    pub fn received_invoices(self) -> List {
        List::new(self.pk("RECEIVED_INVOICES"), "")
    }

    pub fn in_received_invoices(self, invoice: ReceivedInvoiceId) -> Index {
        Index { pk: self.received_invoices().pk, sk: invoice.ulid().to_string() }
    }

    /// That a seller's number came: `hash` is of both.
    pub fn received_number(self, hash: &str) -> Key {
        Key::new(self.pk(&format!("RECEIVED_NUMBER#{hash}")), "META")
    }

    fn received_numbers(self) -> List {
        List::new(self.pk("RECEIVED_NUMBERS"), "")
    }

    pub fn in_received_numbers(self, hash: &str) -> Index {
        Index { pk: self.received_numbers().pk, sk: hash.into() }
    }

    /// A line of the bank by which money went, as purchases know it.
    pub fn spending_line(self, line: BankLineId) -> Key {
        Key::new(self.pk(&format!("SPENDING_LINE#{}", line.ulid())), "META")
    }

    /// Those that are in this state, by day.
    pub fn spending_lines(self, state: &str) -> List {
        List::new(self.pk("SPENDING_LINES"), &format!("{state}#"))
    }

    fn all_spending_lines(self) -> List {
        List::new(self.pk("SPENDING_LINES"), "")
    }

    pub fn in_spending_lines(self, state: &str, line: BankLineId) -> Index {
        Index { pk: self.all_spending_lines().pk, sk: format!("{state}#{}", line.ulid()) }
    }

    pub fn purchase_settings(self) -> Key {
        Key::new(self.pk("PURCHASES"), "SETTINGS")
    }

    /// What was spent in a month, and what of its VAT is deducted.
    pub fn purchase_month(self, month: Date, currency: Currency) -> Key {
        Key::new(
            self.purchase_months().pk,
            format!("MONTH#{:04}-{:02}#{}", month.year(), month.month(), currency.code()),
        )
    }

    /// The months in their order.
    pub fn purchase_months(self) -> Collection {
        Collection { pk: self.pk("PURCHASES"), prefix: "MONTH#".into() }
    }

    /// What waits beside an invoice for somebody's yes.
    pub fn proposed_reminder(self, invoice: InvoiceId) -> Key {
        Key::new(self.owner(Owner::Invoice(invoice)), "REMINDER")
    }

    pub fn proposed_reminders(self) -> List {
        List::new(self.pk("PROPOSED_REMINDERS"), "")
    }

    pub fn in_proposed_reminders(self, invoice: InvoiceId) -> Index {
        Index { pk: self.proposed_reminders().pk, sk: invoice.ulid().to_string() }
    }

    /// The schedule of reminders.
    pub fn reminder_settings(self) -> Key {
        Key::new(self.pk("ORGANIZATION"), "REMINDERS")
    }

    /// What of the schedule is different for a client.
    pub fn client_reminders(self, company: CompanyId) -> Key {
        Key::new(self.pk(&format!("REMINDERS#{}", company.ulid())), "META")
    }

    fn all_client_reminders(self) -> List {
        List::new(self.pk("CLIENT_REMINDERS"), "")
    }

    pub fn in_all_client_reminders(self, company: CompanyId) -> Index {
        Index { pk: self.all_client_reminders().pk, sk: company.ulid().to_string() }
    }

    /// When the clock is to look at a thing of this kind again.
    pub fn due(self, on: Date, kind: DueKind, id: Ulid) -> Index {
        Index { pk: due_pk(on, shard(id)), sk: format!("ORG#{}#{}#{id}", self.0.ulid(), kind.name()) }
    }

    /// The same of what is due at an instant and not before.
    pub fn due_at(self, at: Timestamp, kind: DueKind, id: Ulid) -> Index {
        let all_day = self.due(at.to_zoned(TimeZone::UTC).date(), kind, id);
        Index { sk: format!("{}#{}", due_at(at), all_day.sk), ..all_day }
    }

    /// What a client was sent, newest last: one line per document, kept by invoicing.
    pub fn client_documents(self, company: CompanyId) -> Collection {
        Collection { pk: self.pk(&format!("CLIENT#{}", company.ulid())), prefix: String::new() }
    }

    pub fn client_document(self, company: CompanyId, owner: Owner) -> Key {
        Key::new(self.pk(&format!("CLIENT#{}", company.ulid())), owner_sk(owner))
    }

    /// The lines of documents of one kind (`INVOICE`) in one state (`OPEN`), by day.
    pub fn documents_in(self, kind: &str, state: &str) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk(&format!("DOCUMENTS#{kind}#{state}")), "") }
    }

    pub fn in_documents(self, state: &str, on: Date, owner: Owner) -> Index {
        let sk = owner_sk(owner);
        let (kind, id) = sk.split_once('#').unwrap_or((&sk, ""));
        Index { pk: self.documents_in(kind, state).pk, sk: format!("{on}#{id}") }
    }

    /// What invoicing took in and gave out month by month.
    pub fn month_figures(self, month: Date, currency: Currency) -> Key {
        Key::new(self.figures().pk, format!("MONTH#{:04}-{:02}#{}", month.year(), month.month(), currency.code()))
    }

    /// The months in their order.
    pub fn figures(self) -> Collection {
        Collection { pk: self.pk("FIGURES"), prefix: "MONTH#".into() }
    }

    /// Drafts that somebody has issued together.
    pub fn issue_batch(self, batch: IssueBatchId) -> Key {
        Key::new(self.pk(&format!("ISSUE_BATCH#{}", batch.ulid())), "META")
    }

    fn issue_batches(self) -> List {
        List::new(self.pk("ISSUE_BATCHES"), "")
    }

    pub fn in_issue_batches(self, batch: IssueBatchId) -> Index {
        Index { pk: self.issue_batches().pk, sk: batch.ulid().to_string() }
    }

    /// The payment by card of an invoice that somebody began last, beside it.
    pub fn checkout(self, invoice: InvoiceId) -> Key {
        Key::new(self.invoice(invoice).pk, "CHECKOUT")
    }

    /// What the organization's clients may do on the portal, and by whom it takes payments by card.
    pub fn portal_settings(self) -> Key {
        Key::new(self.pk("PORTAL"), "SETTINGS")
    }

    /// What a member is told, with what there is of it: the newest last.
    pub fn notifications(self, user: UserId) -> Collection {
        Collection { pk: self.inbox(user).pk, prefix: "NOTIFICATION#".into() }
    }

    pub fn notification(self, user: UserId, notification: NotificationId) -> Key {
        Key::new(self.inbox(user).pk, format!("NOTIFICATION#{}", notification.ulid()))
    }

    /// That an event was counted in another notification.
    pub fn notification_fold(self, user: UserId, folded: NotificationId) -> Key {
        Key::new(self.inbox(user).pk, format!("FOLD#{}", folded.ulid()))
    }

    /// How much of it is unread.
    pub fn inbox(self, user: UserId) -> Key {
        Key::new(self.pk(&format!("NOTIFICATIONS#{}", user.ulid())), "INBOX")
    }

    /// Those who were told something.
    pub fn inboxes(self) -> List {
        List::new(self.pk("INBOXES"), "")
    }

    pub fn in_inboxes(self, user: UserId) -> Index {
        Index { pk: self.inboxes().pk, sk: user.ulid().to_string() }
    }

    /// What of it they have not read, by when they were told.
    pub fn unread_notifications(self, user: UserId) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk(&format!("UNREAD#{}", user.ulid())), "") }
    }

    pub fn in_unread_notifications(self, user: UserId, told: Ulid) -> Index {
        Index { pk: self.unread_notifications(user).pk, sk: told.to_string() }
    }

    /// A page of theirs that listens, by what the gateway calls it.
    pub fn socket(self, user: UserId, connection: &str) -> Key {
        Key::new(self.inbox(user).pk, format!("SOCKET#{connection}"))
    }

    pub fn sockets(self, user: UserId) -> Collection {
        Collection { pk: self.inbox(user).pk, prefix: "SOCKET#".into() }
    }

    /// By which a page may begin to listen; `hash` is the SHA-256 of the secret.
    pub fn socket_ticket(self, user: UserId, hash: &str) -> Key {
        Key::new(self.inbox(user).pk, format!("TICKET#{hash}"))
    }

    pub fn notification_preferences(self, user: UserId) -> Key {
        Key::new(self.pk(&format!("NOTIFICATION_PREFERENCES#{}", user.ulid())), "META")
    }

    fn all_notification_preferences(self) -> List {
        List::new(self.pk("NOTIFICATION_PREFERENCES"), "")
    }

    pub fn in_notification_preferences(self, user: UserId) -> Index {
        Index { pk: self.all_notification_preferences().pk, sk: user.ulid().to_string() }
    }

    /// The pages of everybody that listen.
    pub fn open_pages(self) -> List {
        List::new(self.pk("SOCKETS"), "")
    }

    pub fn in_open_pages(self, user: UserId, connection: &str) -> Index {
        Index { pk: self.open_pages().pk, sk: format!("{}#{connection}", user.ulid()) }
    }

    /// How a member has arranged their first page.
    pub fn dashboard(self, user: UserId) -> Key {
        Key::new(self.pk(&format!("DASHBOARD#{}", user.ulid())), "META")
    }

    fn dashboards(self) -> List {
        List::new(self.pk("DASHBOARDS"), "")
    }

    pub fn in_dashboards(self, user: UserId) -> Index {
        Index { pk: self.dashboards().pk, sk: user.ulid().to_string() }
    }

    /// Where programs of the organization listen.
    pub fn webhooks(self) -> Collection {
        Collection { pk: self.pk("WEBHOOKS"), prefix: "WEBHOOK#".into() }
    }

    pub fn webhook(self, webhook: WebhookId) -> Key {
        Key::new(self.webhooks().pk, format!("WEBHOOK#{}", webhook.ulid()))
    }

    pub fn webhook_delivery(self, delivery: DeliveryId) -> Key {
        Key::new(self.pk(&format!("WEBHOOK_DELIVERY#{}", delivery.ulid())), "META")
    }

    /// What was sent to programs, or is to be, by when it happened.
    pub fn webhook_deliveries(self) -> List {
        List::new(self.pk("WEBHOOK_DELIVERIES"), "")
    }

    pub fn in_webhook_deliveries(self, delivery: DeliveryId) -> Index {
        Index { pk: self.webhook_deliveries().pk, sk: delivery.ulid().to_string() }
    }

    /// Of it, what goes to one of them.
    pub fn deliveries_of(self, webhook: WebhookId) -> List {
        List { index: ASSIGNED_INDEX, ..List::new(self.pk(&format!("WEBHOOK_DELIVERIES#{}", webhook.ulid())), "") }
    }

    pub fn in_deliveries_of(self, webhook: WebhookId, delivery: DeliveryId) -> Index {
        Index { pk: self.deliveries_of(webhook).pk, sk: delivery.ulid().to_string() }
    }

    /// The frozen content of a document.
    pub fn snapshot(self, owner: Owner) -> Key {
        Key::new(self.owner(owner), "SNAPSHOT")
    }

    pub fn file(self, owner: Owner) -> Key {
        Key::new(self.owner(owner), "FILE#PDF")
    }

    /// What the renderer made of a quote that its client signed, beside what it made before.
    pub fn signed_file(self, quote: QuoteId) -> Key {
        Key::new(self.owner(Owner::Quote(quote)), "FILE#SIGNED")
    }

    /// How the client accepted a quote on the portal.
    pub fn quote_signature(self, quote: QuoteId) -> Key {
        Key::new(self.owner(Owner::Quote(quote)), "SIGNATURE")
    }

    /// The links by which a client reaches a document, beside it.
    pub fn document_links(self, owner: Owner) -> Collection {
        Collection { pk: self.owner(owner), prefix: "LINK#".into() }
    }

    pub fn document_link(self, owner: Owner, link: kernel::id::LinkId) -> Key {
        Key::new(self.owner(owner), format!("LINK#{}", link.ulid()))
    }

    /// Who reads all documents of a client on the portal, beside them; `hash` is the SHA-256 of the secret.
    pub fn portal_access(self, company: CompanyId, hash: &str) -> Key {
        Key::new(self.client_documents(company).pk, format!("ACCESS#{hash}"))
    }

    /// A frozen document of an organization that is deleted.
    pub fn kept_document(self, owner: Owner) -> Key {
        Key::new(self.owner(owner), "KEPT")
    }

    /// What the law keeps of an organization that is deleted, by day of issue.
    pub fn kept_documents(self) -> List {
        List::new(self.pk("KEPT"), "")
    }

    pub fn in_kept_documents(self, issued_on: Date, owner: Owner) -> Index {
        Index { pk: self.kept_documents().pk, sk: format!("{issued_on}#{}", owner_sk(owner)) }
    }

    /// The mails beside what they are about.
    pub fn mails(self, owner: Owner) -> Collection {
        Collection { pk: self.owner(owner), prefix: "MAIL#".into() }
    }

    pub fn mail(self, owner: Owner, mail: MailId) -> Key {
        Key::new(self.owner(owner), format!("MAIL#{}", mail.ulid()))
    }

    /// The mails that are about somebody's account and no document.
    fn account_mails(self) -> List {
        List::new(self.pk("ACCOUNT_MAILS"), "")
    }

    pub fn in_account_mails(self, mail: MailId) -> Index {
        Index { pk: self.account_mails().pk, sk: mail.ulid().to_string() }
    }

    fn owner(self, owner: Owner) -> String {
        self.pk(&owner_sk(owner))
    }

    pub fn sequence(self, series: &str) -> Key {
        Key::new(self.pk(&format!("SEQUENCE#{series}")), "META")
    }

    fn sequences(self) -> List {
        List::new(self.pk("SEQUENCES"), "")
    }

    pub fn in_sequences(self, series: &str) -> Index {
        Index { pk: self.sequences().pk, sk: series.into() }
    }

    pub fn ledger_head(self) -> Key {
        Key::new(self.pk("LEDGER"), "HEAD")
    }

    pub fn ledger_entry(self, position: u64) -> Key {
        Key::new(self.pk("LEDGER"), format!("ENTRY#{position:012}"))
    }

    /// When the clock is to look whether a period of the ledger can be closed.
    pub fn ledger_due(self, on: Date) -> Index {
        self.due(on, DueKind::Ledger, self.0.ulid())
    }

    /// The account plan and the files for accountants.
    pub fn accounting(self) -> Collection {
        Collection { pk: self.pk("ACCOUNTING"), prefix: String::new() }
    }

    pub fn account_plan(self) -> Key {
        Key::new(self.accounting().pk, "PLAN")
    }

    /// What was asked for lately: files for accountants, archives, verifications.
    pub fn accounting_jobs(self) -> Key {
        Key::new(self.accounting().pk, "JOBS")
    }

    /// The entries in their order, then the head.
    pub fn ledger(self) -> Collection {
        Collection { pk: self.pk("LEDGER"), prefix: String::new() }
    }

    pub fn event(self, event: EventId) -> Key {
        Key::new(self.pk(&format!("OUTBOX#{}", event.ulid())), "EVENT")
    }

    pub fn audit(self, month: Date, entry: AuditId) -> Key {
        Key::new(self.audit_month(month).pk, entry.ulid().to_string())
    }

    /// The audit entries of a month, in the order of their acts.
    pub fn audit_month(self, month: Date) -> Collection {
        Collection { pk: self.pk(&format!("AUDIT#{:04}-{:02}", month.year(), month.month())), prefix: String::new() }
    }

    /// The audit entries of what was done to one object.
    pub fn audit_of(self, object: &str) -> List {
        List::new(self.pk(&format!("AUDIT_OF#{object}")), "")
    }

    pub fn in_audit_of(self, object: &str, entry: AuditId) -> Index {
        Index { pk: self.audit_of(object).pk, sk: entry.ulid().to_string() }
    }

    /// `key` is what the client chose; `user` keeps two users' keys apart.
    pub fn idempotency(self, user: UserId, key: &str) -> Key {
        Key::new(self.pk(&format!("IDEMPOTENCY#{}#{key}", user.ulid())), "RECORD")
    }

    // ---- the search ------------------------------------------------------------------------------------

    /// An item as the index calls it: `CONTACT#<ulid>|META`. None of another tenant's.
    pub fn item_name(self, key: &Key) -> Option<String> {
        let within = key.pk.strip_prefix(&self.pk(""))?;
        Some(format!("{within}|{}", key.sk))
    }

    pub fn item_named(self, name: &str) -> Option<Key> {
        let (within, sk) = name.split_once('|')?;
        Some(Key::new(self.pk(within), sk))
    }

    /// What the index has of an item, under its name.
    pub fn searched(self, item: &str) -> Key {
        Key::new(self.pk("SEARCHED"), item)
    }

    pub fn all_searched(self) -> Collection {
        Collection { pk: self.pk("SEARCHED"), prefix: String::new() }
    }

    /// How far the index was made anew.
    pub fn search_rebuild(self) -> Key {
        Key::new(self.pk("SEARCH"), "REBUILD")
    }

    fn search_pk(self, category: Category) -> String {
        self.pk(&format!("SEARCH#{}", category.code().to_uppercase()))
    }

    /// One place of the index, as [`search_word`] or [`search_pair`] names it.
    pub fn search_entry(self, category: Category, place: &str) -> Key {
        Key::new(self.search_pk(category), place)
    }

    /// The same in the part of whoever the record is assigned to.
    pub fn in_own_search_entries(self, category: Category, user: UserId, place: &str) -> Index {
        Index { pk: assigned_pk(&self.search_pk(category), user), sk: place.into() }
    }

    /// What has a word that begins so.
    pub fn search_by_word(self, category: Category, begins: &str) -> List {
        List { index: OWN_KEYS, ..List::new(self.search_pk(category), &format!("{WORD}{begins}")) }
    }

    /// What has a word and, beside it, another that begins so.
    pub fn search_by_pair(self, category: Category, word: &str, begins: &str) -> List {
        List { index: OWN_KEYS, ..List::new(self.search_pk(category), &format!("{PAIR}{word} {begins}")) }
    }

    /// The lists in which everything stands that can be found, but for files, which lie beside their records.
    pub fn findable(self) -> Vec<List> {
        vec![
            self.companies(""),
            self.archived_companies(""),
            self.contacts(""),
            self.opportunities(""),
            self.activities(""),
            self.products(false, ""),
            self.products(true, ""),
            self.quotes(),
            self.invoices(),
            self.credit_notes(),
            self.self_billed_documents(),
            self.recurring_invoices(),
            self.expenses(),
            self.recurring_expenses(),
            self.suppliers(false, ""),
            self.suppliers(true, ""),
            self.employees(""),
        ]
    }

    // ---- all of it ---------------------------------------------------------------------------------------

    /// Every way by which a walk reaches what the tenant has. An item that none of them leads to is lost to exports
    /// and deletions; a test names it (`infra/e2e/tests/it/everything.rs`). Left out are outbox and idempotency
    /// records, which no list leads to: the table forgets them within days.
    pub(crate) fn ways(self, until: Date) -> Vec<Way> {
        let listed = |list: List| Way::List { list, beside: None };
        // What a client was sent stands beside the client.
        let clients =
            |list: List| Way::List { list, beside: Some(|keys, id| keys.client_documents(CompanyId::from_ulid(id))) };
        // Until a worker has seen to it, opportunities lie in the partition of a contact who is gone.
        let erased = Way::List {
            list: self.erasures(),
            beside: Some(|keys, id| keys.contact(ContactId::from_ulid(id)).collection()),
        };
        let months = self.0.given_at().to_zoned(TimeZone::UTC).date().first_of_month().series(1.month());
        let mut ways = vec![
            Way::Partition(self.organization().collection()),
            listed(self.members()),
            listed(self.roles()),
            listed(self.invitations()),
            listed(self.closed_invitations()),
            listed(self.all_invited()),
            listed(self.all_tokens()),
            clients(self.clients("")),
            clients(self.companies("")),
            clients(self.archived_companies("")),
            listed(self.contacts("")),
            listed(self.opportunities("")),
            Way::Partition(self.sales()),
            listed(self.activities("")),
            listed(self.all_calendar_feeds()),
            listed(self.web_forms()),
            listed(self.imports()),
            listed(self.record_exports()),
            listed(self.segments("")),
            listed(self.all_person_exports()),
            listed(self.quotes()),
            listed(self.invoices()),
            listed(self.credit_notes()),
            listed(self.receipts()),
            listed(self.letters(None)),
            listed(self.all_bank_lines()),
            listed(self.all_time_entries()),
            listed(self.recurring_invoices()),
            Way::Partition(self.purchase_settings().collection()),
            listed(self.expenses()),
            listed(self.recurring_expenses()),
            listed(self.suppliers(false, "")),
            listed(self.suppliers(true, "")),
            listed(self.supplier_signs()),
            listed(self.supplier_accounts()),
            listed(self.received_mails()),
            listed(self.received_numbers()),
            listed(self.all_spending_lines()),
            listed(self.self_billed_documents()),
            listed(self.self_billing_mandates()),
            listed(self.self_billing_codes()),
            listed(self.issue_batches()),
            Way::Partition(self.figures()),
            Way::Partition(self.sales_projection()),
            listed(self.targets()),
            listed(self.products(false, "")),
            listed(self.products(true, "")),
            listed(self.product_references()),
            Way::Partition(self.catalogue().collection()),
            Way::Partition(self.crm_settings().collection()),
            listed(self.merges()),
            listed(self.merged_records()),
            erased,
            Way::Partition(self.hr_settings().collection()),
            listed(self.employees("")),
            listed(self.employee_numbers()),
            listed(self.employees_of()),
            listed(self.expense_reports(None)),
            listed(self.payrolls()),
            listed(self.all_payroll_expenses()),
            listed(self.leave_accounts()),
            listed(self.leave_requests("")),
            listed(self.absences()),
            Way::Partition(self.sepa_creditor().collection()),
            listed(self.mandates()),
            listed(self.mandate_references()),
            listed(self.remittances()),
            listed(self.kept_documents()),
            listed(self.sequences()),
            listed(self.all_client_reminders()),
            Way::Partition(self.ledger()),
            Way::Partition(self.accounting()),
            Way::Partition(self.portal_settings().collection()),
            listed(self.account_mails()),
            listed(self.inboxes()),
            listed(self.all_notification_preferences()),
            Way::Partition(self.search_rebuild().collection()),
            Way::Partition(self.all_searched()),
            listed(self.dashboards()),
            Way::Partition(self.webhooks()),
            listed(self.webhook_deliveries()),
        ];
        ways.extend(Category::ALL.map(|category| Way::Partition(self.search_entry(category, "").collection())));
        ways.extend(months.take_while(|month| *month <= until).map(|month| Way::Partition(self.audit_month(month))));
        ways
    }
}

const ATTACHED: &str = "ATTACHED#";
const WORD: &str = "W#";
const PAIR: &str = "P#";

/// Where what was found stands under one of its words: a whole word before what it begins, then by `rank`, one digit, the
/// lowest first, then the freshest first. `found` is [`Key::found_by`].
pub fn search_word(word: &str, rank: u8, at: Timestamp, found: Ulid) -> String {
    format!("{WORD}{word}#{rank}{}#{found}", freshest_first(at))
}

/// The same under two words that stand together.
pub fn search_pair(word: &str, other: &str, at: Timestamp, found: Ulid) -> String {
    format!("{PAIR}{word} {other}#{}#{found}", freshest_first(at))
}

/// Of a place of the index, its category and the instant by which it stands there, to the second.
pub fn search_place(pk: &str, sk: &str) -> Option<(Category, Timestamp)> {
    let (_, category) = pk.rsplit_once('#')?;
    let mut parts = sk.rsplit('#');
    let (_, rank_and_left) = (parts.next()?, parts.next()?);
    let left = rank_and_left.get(rank_and_left.len().checked_sub(8)?..)?;
    let seconds = u32::MAX - u32::from_str_radix(left, 16).ok()?;
    Some((Category::named(&category.to_lowercase())?, Timestamp::from_second(seconds.into()).ok()?))
}

/// The seconds that are left until 2106.
fn freshest_first(at: Timestamp) -> String {
    let seconds = u32::try_from(at.as_second().max(0)).unwrap_or(u32::MAX);
    format!("{:08X}", u32::MAX - seconds)
}

/// Of an item of a tenant, whose it is and its name there ([`TenantKeys::item_name`]).
pub fn tenant_item(pk: &str, sk: &str) -> Option<(OrganizationId, String)> {
    let (organization, within) = pk.strip_prefix("ORG#")?.split_once('#')?;
    let organization = OrganizationId::from_ulid(Ulid::from_string(organization).ok()?);
    Some((organization, format!("{within}|{sk}")))
}

/// A way to a part of what a tenant has.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// A partition that it has once, and that may be long.
    Partition(Collection),
    /// A list whose items each stand in a partition of their own, an aggregate; some have a further one beside it,
    /// named by the same ULID.
    List { list: List, beside: Option<fn(TenantKeys, Ulid) -> Collection> },
}

fn of_client(client: Option<CompanyId>) -> String {
    client.map(|client| format!("{}#", client.ulid())).unwrap_or_default()
}

fn owner_sk(owner: Owner) -> String {
    match owner {
        Owner::Quote(id) => format!("QUOTE#{}", id.ulid()),
        Owner::Invoice(id) => format!("INVOICE#{}", id.ulid()),
        Owner::CreditNote(id) => format!("CREDIT_NOTE#{}", id.ulid()),
        Owner::SelfBilled(id) => format!("SELF_BILLED#{}", id.ulid()),
        Owner::Letter(id) => format!("LETTER#{}", id.ulid()),
        Owner::User(id) => format!("USER#{}", id.ulid()),
        Owner::Invitation(id) => format!("INVITATION#{}", id.ulid()),
    }
}

/// Where a tenant's files lie in the bucket.
pub fn s3_key(organization: OrganizationId, owner: Owner, file_name: &str) -> String {
    let folder = match owner {
        Owner::Quote(id) => format!("quotes/{}", id.ulid()),
        Owner::Invoice(id) => format!("invoices/{}", id.ulid()),
        Owner::CreditNote(id) => format!("credit-notes/{}", id.ulid()),
        Owner::SelfBilled(id) => format!("self-billed/{}", id.ulid()),
        Owner::Letter(id) => format!("letters/{}", id.ulid()),
        Owner::User(id) => format!("users/{}", id.ulid()),
        Owner::Invitation(id) => format!("invitations/{}", id.ulid()),
    };
    format!("ORG/{}/{folder}/{file_name}", organization.ulid())
}

/// Where a file lies that somebody sent, until the act for which it was sent has taken it over.
pub fn upload_s3_key(organization: OrganizationId, upload: UploadId) -> String {
    format!("ORG/{}/uploads/{}", organization.ulid(), upload.ulid())
}

/// Where the portrait of a user lies that came by this upload: of the user and not of an organization, for they may be in
/// several. No name comes twice, so a former one can be deleted.
pub fn portrait_s3_key(user: UserId, portrait: UploadId) -> String {
    format!("USER/{}/portrait/{}.png", user.ulid(), portrait.ulid())
}

/// Where the picture of an organization lies whose PNG has this SHA-256.
pub fn logo_s3_key(organization: OrganizationId, sha256: &str) -> String {
    format!("ORG/{}/logo/{sha256}.png", organization.ulid())
}

/// Where the picture of a product lies whose PNG has this SHA-256.
pub fn product_picture_s3_key(organization: OrganizationId, sha256: &str) -> String {
    format!("ORG/{}/products/{sha256}.png", organization.ulid())
}

/// Where the versions of a file lie that belongs to a record of the CRM, whichever it belongs to.
pub fn attached_s3_prefix(organization: OrganizationId, file: AttachedId) -> String {
    format!("ORG/{}/attached/{}/", organization.ulid(), file.ulid())
}

/// The version that came by this upload.
pub fn attached_s3_key(organization: OrganizationId, file: AttachedId, upload: UploadId) -> String {
    format!("{}{}", attached_s3_prefix(organization, file), upload.ulid())
}

/// Where the versions of a document of an employee's file lie. Nothing of the employee is in it.
pub fn paper_s3_prefix(organization: OrganizationId, paper: PaperId) -> String {
    format!("ORG/{}/papers/{}/", organization.ulid(), paper.ulid())
}

/// One of them, by the upload that it came by.
pub fn paper_s3_key(organization: OrganizationId, paper: PaperId, upload: UploadId) -> String {
    format!("{}{}", paper_s3_prefix(organization, paper), upload.ulid())
}

/// What was rendered of a letter.
pub fn rendered_paper_s3_key(organization: OrganizationId, paper: PaperId) -> String {
    format!("{}letter.pdf", paper_s3_prefix(organization, paper))
}

/// A receipt of an expense report, by the upload that it came by.
pub fn receipt_s3_key(organization: OrganizationId, report: ExpenseReportId, upload: UploadId) -> String {
    format!("{}{}", receipts_s3_prefix(organization, report), upload.ulid())
}

pub fn receipts_s3_prefix(organization: OrganizationId, report: ExpenseReportId) -> String {
    format!("ORG/{}/receipts/{}/", organization.ulid(), report.ulid())
}

/// Where an export of all that an organization has lies, for as long as it is kept.
pub fn export_s3_key(organization: OrganizationId, export: ExportId) -> String {
    format!("ORG/{}/exports/{}.zip", organization.ulid(), export.ulid())
}

/// Where the picture of a client's signature lies whose PNG has this SHA-256: with the quote that it was put under.
pub fn signature_s3_key(organization: OrganizationId, quote: QuoteId, sha256: &str) -> String {
    s3_key(organization, Owner::Quote(quote), &format!("signature-{sha256}.png"))
}

/// The folder of the files that go with documents: apart from the documents, whose folders are kept whole.
const ATTACHMENTS: &str = "pieces";

/// Where a file lies that was added to a document. No name comes twice, so it can be deleted.
pub fn attachment_s3_key(organization: OrganizationId, owner: Owner, place: Ulid) -> String {
    let prefix = s3_prefix(organization);
    let folder = s3_key(organization, owner, "");
    format!("{prefix}{ATTACHMENTS}/{}{place}", folder.strip_prefix(&prefix).unwrap_or_default())
}

/// The document to which the file at this key was added; none where it is no such file.
pub fn attachment_owner(organization: OrganizationId, s3_key: &str) -> Option<Owner> {
    let path = s3_key.strip_prefix(&s3_prefix(organization))?.strip_prefix(ATTACHMENTS)?.strip_prefix('/')?;
    let mut parts = path.split('/');
    let (folder, owner) = (parts.next()?, Ulid::from_string(parts.next()?).ok()?);
    match folder {
        "quotes" => Some(Owner::Quote(QuoteId::from_ulid(owner))),
        "invoices" => Some(Owner::Invoice(InvoiceId::from_ulid(owner))),
        "credit-notes" => Some(Owner::CreditNote(CreditNoteId::from_ulid(owner))),
        _ => None,
    }
}

/// Where an export of all that there is on one person lies, for as long as it is kept.
pub fn person_export_s3_key(organization: OrganizationId, export: ExportId) -> String {
    format!("ORG/{}/exports/people/{}.zip", organization.ulid(), export.ulid())
}

/// Where a file of an import lies: its rows until they are taken in, and the report of what is wrong with them.
pub fn import_s3_key(organization: OrganizationId, import: kernel::id::ImportId, file: &str) -> String {
    format!("ORG/{}/imports/{}/{file}", organization.ulid(), import.ulid())
}

/// Where a list of records lies that somebody wanted as a file, for as long as it is kept.
pub fn record_export_s3_key(organization: OrganizationId, export: ExportId) -> String {
    format!("ORG/{}/record-exports/{}", organization.ulid(), export.ulid())
}

/// Where the file of an expense lies: a receipt, or the invoice as its supplier sent it. No name comes twice, so one that was
/// no proof can be deleted.
pub fn expense_s3_key(organization: OrganizationId, expense: ExpenseId, upload: UploadId) -> String {
    format!("ORG/{}/expenses/{}/{}", organization.ulid(), expense.ulid(), upload.ulid())
}

/// What every file of an organization begins with.
pub fn s3_prefix(organization: OrganizationId) -> String {
    format!("ORG/{}/", organization.ulid())
}

const KEPT_FOLDERS: [&str; 8] =
    ["quotes", "invoices", "credit-notes", "self-billed", "expenses", "logo", "exports", "receipts"];

/// Whether a file stays when its organization is deleted: documents that were issued, receipts, the pictures that documents
/// name, and exports, which end by themselves.
pub fn outlives_organization(organization: OrganizationId, s3_key: &str) -> bool {
    let folder = s3_key.strip_prefix(&s3_prefix(organization)).and_then(|rest| rest.split_once('/'));
    folder.is_some_and(|(folder, _)| KEPT_FOLDERS.contains(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lies_with_the_document_to_which_it_was_added() {
        let organization = |n| OrganizationId::from_ulid(Ulid(n));
        let document = Ulid(7);
        for owner in [
            Owner::Quote(QuoteId::from_ulid(document)),
            Owner::Invoice(InvoiceId::from_ulid(document)),
            Owner::CreditNote(CreditNoteId::from_ulid(document)),
        ] {
            let key = attachment_s3_key(organization(1), owner, Ulid(9));
            assert_eq!(attachment_owner(organization(1), &key), Some(owner), "{key}");
            assert_eq!(attachment_owner(organization(2), &key), None);
            assert!(key.starts_with(&s3_prefix(organization(1))) && !outlives_organization(organization(1), &key));
            assert_eq!(attachment_owner(organization(1), &s3_key(organization(1), owner, "a.pdf")), None);
        }
    }
}
