//! The items that more than one function reads: the references that contexts publish, and what a document
//! leaves beside its aggregate for the workers.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    document::{File, Signature, Snapshot},
    event::Owner,
    id::{CompanyId, EmployeeId, InvoiceId, LetterId, LinkId, MailId, PaperId, QuoteId, UserId},
    letter::Letter,
    mail::Mail,
    permission::CustomRole,
    reference::{BillableWeek, ClientReference, OrganizationCard, OrganizationReference},
    staff_letter::StaffLetter,
    text,
};
use serde::{Deserialize, Serialize};

use crate::{Audit, Index, Item, Key, Patch, TenantKeys, Transaction};

impl Item for OrganizationReference {
    const TYPE: &'static str = "organization";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.organization()
    }

    /// The platform's.
    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(if self.deletion.is_none() { keys.in_organizations() } else { keys.in_deleted_organizations() })
    }
}

impl Item for OrganizationCard {
    const TYPE: &'static str = "organization_card";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.organization_card()
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_organizations_by_name(&text::sorted(&self.name)))
    }
}

impl Item for ClientReference {
    const TYPE: &'static str = "client_reference";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.client_reference(self.id)
    }

    /// Of one that is archived none: nobody is offered it.
    fn list(&self, keys: TenantKeys) -> Option<Index> {
        (!self.archived).then(|| keys.in_clients(&text::sorted(&self.name), self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Item for BillableWeek {
    const TYPE: &'static str = "billable_week";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.billable_week(self.employee, &self.week)
    }
}

/// That a document, a mandate, an entry of time… named the company once: from then on it can be archived, not deleted.
/// Whoever names it notes it; who deletes it holds the transaction to there being none, and who makes it one with another to
/// its being as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientUse {
    pub client: CompanyId,
}

impl ClientUse {
    /// Its version rises with each time.
    pub fn note(transaction: &mut Transaction, client: CompanyId) {
        let (reference, key) = (transaction.keys().client_reference(client), transaction.keys().client_use(client));
        let used = Patch::tally::<Self>(key).set("client", &client.to_string());
        transaction.check_present(&reference).patch(used);
    }
}

impl Item for ClientUse {
    const TYPE: &'static str = "client_use";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.client_use(self.client)
    }
}

/// A role that the organization made. Who holds it stands beside it; its version rises whenever that changes.
impl Item for CustomRole {
    const TYPE: &'static str = "role";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.role(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_roles(self.id))
    }
}

/// What was issued, frozen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenDocument {
    pub owner: Owner,
    pub snapshot: Snapshot,
}

impl Item for FrozenDocument {
    const TYPE: &'static str = "snapshot";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.snapshot(self.owner)
    }
}

/// Its rendered form, once the worker made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentFile {
    pub owner: Owner,
    pub file: File,
}

impl Item for DocumentFile {
    const TYPE: &'static str = "file";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.file(self.owner)
    }
}

/// A letter about what a client owes, as it left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenLetter {
    pub id: LetterId,
    pub client: CompanyId,
    /// Of a reminder: the invoice that it is about, and the level of the schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminds: Option<(InvoiceId, u8)>,
    /// What leaves with it once it is rendered, and beside what that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<(Owner, MailId)>,
    pub letter: Letter,
}

impl Item for FrozenLetter {
    const TYPE: &'static str = "letter";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.letter(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_letters(self.client, self.id))
    }
}

/// A letter to an employee, as it was made out: beside the document of their file that it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenStaffLetter {
    pub employee: EmployeeId,
    pub paper: PaperId,
    pub letter: StaffLetter,
}

impl Item for FrozenStaffLetter {
    const TYPE: &'static str = "staff_letter";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.staff_letter(self.employee, self.paper)
    }
}

/// What was rendered of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RenderedPaper {
    pub employee: EmployeeId,
    pub paper: PaperId,
    pub file: File,
}

impl Item for RenderedPaper {
    const TYPE: &'static str = "rendered_paper";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.rendered_paper(self.employee, self.paper)
    }
}

/// How the client accepted a quote on the portal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteSignature {
    pub quote: QuoteId,
    /// The link by which they came.
    pub link: LinkId,
    pub signature: Signature,
}

impl Item for QuoteSignature {
    const TYPE: &'static str = "quote_signature";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.quote_signature(self.quote)
    }
}

/// A quote with its client's signature on it, once the worker made it. The file that was signed stays as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedFile {
    pub quote: QuoteId,
    pub file: File,
}

impl Item for SignedFile {
    const TYPE: &'static str = "signed_file";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.signed_file(self.quote)
    }
}

/// A link by which somebody who is no member reaches one document. Its secret is kept by nobody but its holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentLink {
    pub owner: Owner,
    pub id: LinkId,
    /// SHA-256 of the secret.
    pub hash: String,
    /// The mail that brought it; none for one that a member made to pass it on.
    pub mail: Option<MailId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub first_seen_at: Option<Timestamp>,
    /// As of some minutes.
    pub last_seen_at: Option<Timestamp>,
}

/// How long it is known what became of a link.
const ENDED_LINK_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl DocumentLink {
    pub fn is_open_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

impl Item for DocumentLink {
    const TYPE: &'static str = "document_link";
    const AUDIT: Audit = Audit::Masked(&["hash"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.document_link(self.owner, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at.saturating_add(ENDED_LINK_KEPT).unwrap_or(Timestamp::MAX))
    }
}

/// How long the mails of an account are kept. Those of a document are part of it.
const ACCOUNT_MAILS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A mail beside what it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnedMail {
    pub owner: Owner,
    pub mail: Mail,
}

impl Item for OwnedMail {
    const TYPE: &'static str = "mail";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.mail(self.owner, self.mail.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        (!self.owner.has_document()).then(|| keys.in_account_mails(self.mail.id))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        let kept = || self.mail.id.given_at().saturating_add(ACCOUNT_MAILS_KEPT).unwrap_or(Timestamp::MAX);
        (!self.owner.has_document()).then(kept)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use ulid::Ulid;

    use super::*;
    use crate::item::golden;

    const ID: OrganizationId = OrganizationId::from_ulid(Ulid(1));

    #[test]
    fn a_link_stands_beside_its_document_and_is_forgotten_after_it_ended() {
        let link = DocumentLink {
            owner: Owner::Quote(QuoteId::from_ulid(Ulid(2))),
            id: LinkId::from_ulid(Ulid(3)),
            hash: "a".into(),
            mail: None,
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::from_second(86_400).unwrap(),
            revoked_at: None,
            first_seen_at: None,
            last_seen_at: None,
        };
        assert_eq!(
            golden(&link, TenantKeys::of(ID)).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#QUOTE#00000000000000000000000002",
                "sk": "LINK#00000000000000000000000003", "type": "document_link", "v": 1, "ttl": 2_678_400,
                "owner": { "kind": "quote", "id": "quo_00000000000000000000000002" },
                "id": "lnk_00000000000000000000000003", "hash": "a",
                "created_at": "1970-01-01T00:00:00Z", "expires_at": "1970-01-02T00:00:00Z",
            })
        );
        assert!(link.is_open_at(Timestamp::UNIX_EPOCH) && !link.is_open_at(link.expires_at));
        assert!(!DocumentLink { revoked_at: Some(Timestamp::UNIX_EPOCH), ..link }.is_open_at(Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn an_organization_stands_in_the_lists_of_the_platform() {
        let keys = TenantKeys::of(ID);
        let organization = OrganizationReference::new(ID, "Œuvre  d’Été".into());
        let stored = golden(&organization, keys).unwrap();
        let place = ["pk", "sk", "gsi1pk", "gsi1sk"].map(|name| stored[name].as_str().unwrap_or_default());
        assert_eq!(
            place,
            [
                "ORG#00000000000000000000000001#ORGANIZATION",
                "META",
                "PLATFORM#ORGANIZATIONS",
                "00000000000000000000000001"
            ]
        );
        let suspended = OrganizationReference { suspended_at: Some(Timestamp::UNIX_EPOCH), ..organization };
        assert_eq!(
            golden(&suspended.card(), keys).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#ORGANIZATION", "sk": "CARD",
                "gsi1pk": "PLATFORM#ORGANIZATION_NAMES", "gsi1sk": "oeuvre d’ete#00000000000000000000000001",
                "type": "organization_card", "v": 1, "id": "org_00000000000000000000000001", "name": "Œuvre  d’Été",
                "suspended_at": "1970-01-01T00:00:00Z",
            })
        );
    }
}
