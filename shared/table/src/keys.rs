//! Every key of the table. Nothing outside this file builds one.
//!
//! A tenant's keys start with `ORG#<ulid>#`, index keys too, so that an IAM condition on leading keys can
//! hold the isolation. Outside stand the sign-in items (`EMAIL#`, `USER#`, `SESSION#`, `TOKEN#`), the clock's
//! mark and the due index, each readable only by the function that needs it.

use jiff::civil::Date;
use kernel::{
    event::Owner,
    id::{
        AuditId, CompanyId, ContactId, EventId, InvoiceId, MailId, OrganizationId, PaymentId, QuoteId, UploadId, UserId,
    },
};
use ulid::Ulid;

/// Primary key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// A place in an index: `gsi1` (lists inside a tenant) or `gsi2` (what is due).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// A list inside a tenant, or a part of it: a partition of `gsi1` and a prefix of its sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub(crate) pk: String,
    pub(crate) prefix: String,
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

    pub fn collection(&self) -> Collection {
        Collection { pk: self.pk.clone(), prefix: String::new() }
    }
}

impl Index {
    pub fn parts(&self) -> (&str, &str) {
        (&self.pk, &self.sk)
    }
}

// ---- outside the tenants: signing in ------------------------------------------------------------------

/// The one account that has this e-mail; `email` is folded to lower case.
pub fn email(email: &str) -> Key {
    Key::new(format!("EMAIL#{}", email.to_lowercase()), "ACCOUNT")
}

pub fn user(user: UserId) -> Key {
    Key::new(format!("USER#{}", user.ulid()), "PROFILE")
}

/// The user's own list of memberships, for signing in and switching.
pub fn membership_of_user(user: UserId, organization: OrganizationId) -> Key {
    Key::new(format!("USER#{}", user.ulid()), format!("MEMBER#{}", organization.ulid()))
}

/// `hash` is the SHA-256 of the secret in the cookie, in hexadecimal.
pub fn session(hash: &str) -> Key {
    Key::new(format!("SESSION#{hash}"), "SESSION")
}

pub fn token(hash: &str) -> Key {
    Key::new(format!("TOKEN#{hash}"), "TOKEN")
}

// ---- outside the tenants: the clock --------------------------------------------------------------------

pub fn clock_mark() -> Key {
    Key::new("CLOCK#DUE".into(), "MARK")
}

/// How many partitions one day of the due index has.
pub const DUE_SHARDS: u8 = 8;

/// One partition of the due index.
pub fn due_list(on: Date, shard: u8) -> List {
    List { pk: due_pk(on, shard), prefix: String::new() }
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

    pub fn member(self, user: UserId) -> Key {
        Key::new(self.pk(&format!("MEMBER#{}", user.ulid())), "META")
    }

    pub fn members(self) -> List {
        List { pk: self.pk("MEMBERS"), prefix: String::new() }
    }

    pub fn in_members(self, user: UserId) -> Index {
        Index { pk: self.pk("MEMBERS"), sk: user.ulid().to_string() }
    }

    /// The tokens of one member.
    pub fn tokens(self, user: UserId) -> List {
        List { pk: self.pk(&format!("TOKENS#{}", user.ulid())), prefix: String::new() }
    }

    pub fn in_tokens(self, user: UserId, token: kernel::id::TokenId) -> Index {
        Index { pk: self.pk(&format!("TOKENS#{}", user.ulid())), sk: token.ulid().to_string() }
    }

    pub fn company(self, company: CompanyId) -> Key {
        Key::new(self.pk(&format!("COMPANY#{}", company.ulid())), "META")
    }

    pub fn client_reference(self, company: CompanyId) -> Key {
        Key::new(self.pk(&format!("COMPANY#{}", company.ulid())), "REFERENCE")
    }

    /// What the CRM publishes of its companies, by name.
    pub fn clients(self, prefix: &str) -> List {
        List { pk: self.pk("CLIENTS"), prefix: prefix.into() }
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
        List { pk: self.pk("ADDED_COMPANIES"), prefix: String::new() }
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
        List { pk: self.pk("COMPANIES"), prefix: prefix.into() }
    }

    pub fn in_companies(self, folded_name: &str, company: CompanyId) -> Index {
        Index { pk: self.pk("COMPANIES"), sk: format!("{folded_name}#{}", company.ulid()) }
    }

    pub fn contact(self, contact: ContactId) -> Key {
        Key::new(self.pk(&format!("CONTACT#{}", contact.ulid())), "META")
    }

    pub fn contacts(self, prefix: &str) -> List {
        List { pk: self.pk("CONTACTS"), prefix: prefix.into() }
    }

    pub fn in_contacts(self, folded_name: &str, contact: ContactId) -> Index {
        Index { pk: self.pk("CONTACTS"), sk: format!("{folded_name}#{}", contact.ulid()) }
    }

    pub fn quote(self, quote: QuoteId) -> Key {
        Key::new(self.owner(Owner::Quote(quote)), "META")
    }

    pub fn quotes(self) -> List {
        List { pk: self.pk("QUOTES"), prefix: String::new() }
    }

    pub fn in_quotes(self, quote: QuoteId) -> Index {
        Index { pk: self.pk("QUOTES"), sk: quote.ulid().to_string() }
    }

    pub fn invoice(self, invoice: InvoiceId) -> Key {
        Key::new(self.owner(Owner::Invoice(invoice)), "META")
    }

    pub fn invoices(self) -> List {
        List { pk: self.pk("INVOICES"), prefix: String::new() }
    }

    pub fn in_invoices(self, invoice: InvoiceId) -> Index {
        Index { pk: self.pk("INVOICES"), sk: invoice.ulid().to_string() }
    }

    pub fn payment(self, invoice: InvoiceId, payment: PaymentId) -> Key {
        Key::new(self.owner(Owner::Invoice(invoice)), format!("PAYMENT#{}", payment.ulid()))
    }

    /// When the clock is to look at an invoice again.
    pub fn due_invoice(self, on: Date, invoice: InvoiceId) -> Index {
        Index { pk: due_pk(on, shard(invoice.ulid())), sk: format!("ORG#{}#INVOICE#{}", self.0.ulid(), invoice.ulid()) }
    }

    /// What a client was sent, newest last: one line per document, kept by invoicing.
    pub fn client_documents(self, company: CompanyId) -> Collection {
        Collection { pk: self.pk(&format!("CLIENT#{}", company.ulid())), prefix: String::new() }
    }

    pub fn client_document(self, company: CompanyId, owner: Owner) -> Key {
        Key::new(self.pk(&format!("CLIENT#{}", company.ulid())), owner_sk(owner))
    }

    /// The frozen content of a document.
    pub fn snapshot(self, owner: Owner) -> Key {
        Key::new(self.owner(owner), "SNAPSHOT")
    }

    pub fn file(self, owner: Owner) -> Key {
        Key::new(self.owner(owner), "FILE#PDF")
    }

    pub fn mail(self, owner: Owner, mail: MailId) -> Key {
        Key::new(self.owner(owner), format!("MAIL#{}", mail.ulid()))
    }

    fn owner(self, owner: Owner) -> String {
        self.pk(&owner_sk(owner))
    }

    pub fn sequence(self, series: &str) -> Key {
        Key::new(self.pk(&format!("SEQUENCE#{series}")), "META")
    }

    pub fn ledger_head(self) -> Key {
        Key::new(self.pk("LEDGER"), "HEAD")
    }

    pub fn ledger_entry(self, position: u64) -> Key {
        Key::new(self.pk("LEDGER"), format!("ENTRY#{position:012}"))
    }

    /// The entries in their order, then the head.
    pub fn ledger(self) -> Collection {
        Collection { pk: self.pk("LEDGER"), prefix: String::new() }
    }

    pub fn event(self, event: EventId) -> Key {
        Key::new(self.pk(&format!("OUTBOX#{}", event.ulid())), "EVENT")
    }

    pub fn audit(self, month: Date, entry: AuditId) -> Key {
        Key::new(self.pk(&format!("AUDIT#{:04}-{:02}", month.year(), month.month())), entry.ulid().to_string())
    }

    /// `key` is what the client chose; `user` keeps two users' keys apart.
    pub fn idempotency(self, user: UserId, key: &str) -> Key {
        Key::new(self.pk(&format!("IDEMPOTENCY#{}#{key}", user.ulid())), "RECORD")
    }
}

fn owner_sk(owner: Owner) -> String {
    match owner {
        Owner::Quote(id) => format!("QUOTE#{}", id.ulid()),
        Owner::Invoice(id) => format!("INVOICE#{}", id.ulid()),
    }
}

/// Where a tenant's files lie in the bucket.
pub fn s3_key(organization: OrganizationId, owner: Owner, file_name: &str) -> String {
    let folder = match owner {
        Owner::Quote(id) => format!("quotes/{}", id.ulid()),
        Owner::Invoice(id) => format!("invoices/{}", id.ulid()),
    };
    format!("ORG/{}/{folder}/{file_name}", organization.ulid())
}

/// Where a file lies that somebody sent, until the act for which it was sent has taken it over.
pub fn upload_s3_key(organization: OrganizationId, upload: UploadId) -> String {
    format!("ORG/{}/uploads/{}", organization.ulid(), upload.ulid())
}

/// Where the picture of an organization lies whose PNG has this SHA-256.
pub fn logo_s3_key(organization: OrganizationId, sha256: &str) -> String {
    format!("ORG/{}/logo/{sha256}.png", organization.ulid())
}
