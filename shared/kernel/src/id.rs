//! Prefixed, time-sortable identifiers: `inv_01J9…` outside, the bare ULID inside keys.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ulid::Ulid;

/// A text that is not an id of the kind asked for. Whoever sent it may not know whether
/// the thing exists, so the edge answers as for an unknown one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct NotAnId;

/// What of an id is not its time, of the hash of what it follows from: the same cause has the same id.
pub fn random_of(hash: &[u8]) -> u128 {
    hash.iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {
    /// How the ids of each kind begin.
    pub const PREFIXES: &[&str] = &[$($prefix),*];

    $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Ulid);

        impl $name {
            pub const PREFIX: &str = $prefix;

            /// A new id, sorted by `now`; the rest is `random`.
            pub fn new(now: Timestamp, random: u128) -> Self {
                Self(Ulid::from_parts(now.as_millisecond().max(0) as u64, random))
            }

            /// The same id for the same cause: what makes a repeated message write the same item.
            pub const fn from_ulid(ulid: Ulid) -> Self {
                Self(ulid)
            }

            pub const fn ulid(self) -> Ulid {
                self.0
            }

            /// When it was given, to the millisecond.
            pub fn given_at(self) -> Timestamp {
                i64::try_from(self.0.timestamp_ms()).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or(Timestamp::MAX)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> std::result::Result<Self, NotAnId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|rest| rest.len() == 26)
                    .and_then(|rest| Ulid::from_string(rest).ok())
                    .map(Self)
                    .ok_or(NotAnId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
                std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A tenant.
    OrganizationId = "org";
    UserId = "usr";
    SessionId = "ses";
    TokenId = "tok";
    RoleId = "rol";
    InvitationId = "itn";
    PasskeyId = "psk";
    /// A passkey being registered or used.
    CeremonyId = "cer";
    CompanyId = "com";
    ContactId = "con";
    QuoteId = "quo";
    InvoiceId = "inv";
    CreditNoteId = "cre";
    ProductId = "prd";
    CategoryId = "cat";
    TagId = "tag";
    PriceListId = "pri";
    StockMoveId = "mov";
    PaymentId = "pay";
    /// Money of one client that settles several invoices at once.
    ReceiptId = "rcp";
    /// A line of a bank statement.
    BankLineId = "bkl";
    RecurringInvoiceId = "rec";
    /// Time that was worked for a client.
    TimeEntryId = "tim";
    /// A mail that brought invoices of suppliers, or none.
    ReceivedMailId = "rml";
    /// A self-billed invoice or credit note.
    SelfBilledId = "sbi";
    /// Drafts that are issued together.
    IssueBatchId = "iba";
    /// A client's leave to debit their account.
    MandateId = "man";
    /// Direct debits of one day.
    RemittanceId = "rem";
    MailId = "mel";
    /// A letter about what a client owes.
    LetterId = "ltr";
    EventId = "evt";
    AuditId = "aud";
    /// A file on its way to us, in the bucket only.
    UploadId = "upl";
    /// An export of all that an organization has.
    ExportId = "exp";
    /// A link to a document, for its client.
    LinkId = "lnk";
    /// A file of the organization's own that goes with a document.
    AttachmentId = "att";
    /// Something that the worker of accounting was asked for.
    JobId = "job";
    /// A deal that is hoped for.
    OpportunityId = "opp";
    PipelineId = "pip";
    StageId = "stg";
    /// A call, a meeting, a task…
    ActivityId = "act";
    /// A field that an organization added to its records.
    FieldId = "fld";
    /// A saved filter over a list.
    SegmentId = "seg";
    /// A file of records that is being taken in.
    ImportId = "imp";
    /// Two records that were made one.
    MergeId = "mrg";
    /// A file that belongs to a record of the CRM.
    AttachedId = "fil";
    /// A calendar that a program subscribes to.
    FeedId = "fee";
    /// A form on somebody's web site.
    WebFormId = "wfo";
    NotificationId = "not";
    EmployeeId = "emp";
    DepartmentId = "dep";
    PositionId = "pos";
    WorkSiteId = "sit";
    /// A document of an employee's file.
    PaperId = "pap";
    /// What an employee spent for the organization (note de frais).
    ExpenseReportId = "exr";
    LetterTemplateId = "lte";
    /// A stretch of time that an employee worked.
    SpanId = "spn";
    /// What was changed of an employee's week, once.
    TimeChangeId = "tch";
    LeaveTypeId = "lty";
    LeaveRequestId = "lrq";
    /// What an organization, a team or somebody wants to sell.
    TargetId = "tgt";
    /// Where a program of the organization's listens.
    WebhookId = "whk";
    /// An event on its way to such an address.
    DeliveryId = "dlv";
    /// Money that the organization spends.
    ExpenseId = "xpn";
    /// What is spent again and again.
    RecurringExpenseId = "rxp";
    /// From whom the organization buys.
    SupplierId = "sup";
    /// An electronic invoice that a supplier sent.
    ReceivedInvoiceId = "rin";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_another_kind_is_refused() {
        let id = InvoiceId::new(Timestamp::UNIX_EPOCH, 7);
        assert_eq!(id.to_string().parse::<InvoiceId>(), Ok(id));
        assert_eq!(id.to_string().parse::<QuoteId>(), Err(NotAnId));
        assert_eq!("inv_".parse::<InvoiceId>(), Err(NotAnId));
        assert_eq!("inv_ééééééééééééé".parse::<InvoiceId>(), Err(NotAnId));
    }

    #[test]
    fn each_kind_has_a_prefix_of_its_own() {
        let mut prefixes = PREFIXES.to_vec();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), PREFIXES.len());
    }

    #[test]
    fn ids_sort_by_time() {
        let early = InvoiceId::new(Timestamp::from_millisecond(1_000).unwrap(), u128::MAX);
        let late = InvoiceId::new(Timestamp::from_millisecond(1_001).unwrap(), 0);
        assert!(early.to_string() < late.to_string());
        assert_eq!(early.given_at(), Timestamp::from_millisecond(1_000).unwrap());
    }
}
