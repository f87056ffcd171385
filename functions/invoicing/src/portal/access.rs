//! From one document to all of them: who holds a link asks for access, which goes to the address that the organization has
//! for the client and to no other; what comes by it opens a session of two hours.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Actor, Error, Result, Tenant,
    event::{Event, Owner},
    id::{CompanyId, MailId, OrganizationId},
    mail::{Mail, Mailbox, SECRET_PLACEHOLDER},
    reference::{ClientReference, OrganizationReference},
};
use serde::{Deserialize, Serialize};
use table::{Audit, Item, Key, Scope, Stored, TenantKeys, meter::side_by_side, shared::OwnedMail};
use ulid::Ulid;
use web::{
    Letter, Visitor,
    credentials::Secret,
    throttle::{self, Attempt, Limit},
};

use super::visit::{PORTAL_FROM, Visit};
use crate::{card::PortalSettings, panel::ClientDocument};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Mails to one client, and asked for from one address.
const ACCESS: Limit = Limit { what: "PORTAL_ACCESS", most: 5, window: HOUR };
const ACCESS_FROM: Limit = Limit { what: "PORTAL_ACCESS_FROM", most: 30, window: HOUR };
const LINK_VALID: SignedDuration = HOUR;
pub const SESSION_VALID: SignedDuration = SignedDuration::from_hours(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    /// Came by mail; spent by the session that it opens.
    Link,
    Session,
}

/// Who may read all documents of a client for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortalAccess {
    pub company: CompanyId,
    /// SHA-256 of the secret.
    pub hash: String,
    pub kind: AccessKind,
    pub expires_at: Timestamp,
}

impl Item for PortalAccess {
    const TYPE: &'static str = "portal_access";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.portal_access(self.company, &self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// `<organization>_<company>_<256 random bits>`: what link and cookie say, before anything is believed.
struct Claim {
    organization: OrganizationId,
    company: CompanyId,
    hash: String,
}

impl Claim {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '_');
        let mut ulid = || Ulid::from_string(parts.next()?).ok();
        let (organization, company) = (OrganizationId::from_ulid(ulid()?), CompanyId::from_ulid(ulid()?));
        let secret = parts.next().filter(|secret| !secret.is_empty())?;
        Some(Self { organization, company, hash: Secret::hash_of(secret) })
    }
}

/// A secret that was just drawn, as its holder keeps it, and the item that it opens.
fn drawn(scope: &Scope, company: CompanyId, kind: AccessKind) -> Result<(String, PortalAccess)> {
    let secret = Secret::one_use();
    let lives = if kind == AccessKind::Link { LINK_VALID } else { SESSION_VALID };
    let expires_at = scope.now().checked_add(lives).map_err(Error::internal)?;
    let text = format!("{}_{}_{}", scope.tenant().organization().ulid(), company.ulid(), secret.text);
    Ok((text, PortalAccess { company, hash: secret.hash, kind, expires_at }))
}

/// Sends the client of a document an access to all of theirs. Where the organization has no address of them, nothing
/// happens; who asks is not told.
pub async fn request_access(visitor: &Visitor, visit: &Visit) -> Result<()> {
    let (deps, scope, organization) = (&visitor.deps, &visit.scope, &visit.organization);
    if !visit.settings.lists_documents {
        return Err(Error::NotFound);
    }
    let (owner, company) = (visit.link.owner, visit.client());
    let subjects = [(ACCESS, company.to_string()), (ACCESS_FROM, throttle::address(visitor.address))];
    let key = scope.keys().client_reference(company);
    let (attempt, client) = side_by_side(Attempt::count(deps, &subjects), scope.get::<ClientReference>(&key)).await;
    attempt?;
    let Some((client, address)) = client?.and_then(|client| client.email.clone().map(|address| (client, address)))
    else {
        return Ok(());
    };
    let (text, access) = &drawn(scope, company, AccessKind::Link)?;
    let id = scope.new_id(MailId::new);
    let sealed = deps.vault.seal(&Mail::secret_purpose(organization.id, id), text.as_bytes()).await?;
    let href = format!("{}/portail/documents?acces={SECRET_PLACEHOLDER}", deps.config.public_url);
    let subject = format!("Vos documents – {}", organization.name);
    let letter = Letter::new(organization, subject, client.contact.as_deref())
        .paragraph("Vous avez demandé à consulter tous vos devis, factures et avoirs.")
        .button("Ouvrir mon espace client", href)
        .note("Ce lien est valable une heure et ne sert qu’une fois.")
        .note("Si vous n’avez rien demandé, ignorez ce message\u{a0}: personne d’autre n’y a accès.");
    let mail = letter.mail(id, Mailbox { name: client.contact.clone(), address })?;
    let mail = &OwnedMail { owner, mail: Mail { secret: Some(sealed), ..mail } };
    scope
        .write(|| async {
            let mut transaction = scope.begin("request_portal_access", owner);
            transaction.create(access).create(mail).emit(Event::MailRequested { owner, mail: id });
            Ok((transaction, ()))
        })
        .await
}

/// What a link or a session opened.
pub struct Space {
    pub scope: Scope,
    pub organization: OrganizationReference,
    pub access: Stored<PortalAccess>,
}

impl Space {
    /// Of the link of a mail.
    pub async fn of_link(visitor: &Visitor, text: &str) -> Result<Self> {
        let subject = [(PORTAL_FROM, throttle::address(visitor.address))];
        let reading = async {
            let claim = Claim::read(text).ok_or(Error::NotFound)?;
            Self::read(visitor, &claim, AccessKind::Link, &[]).await
        };
        let (attempt, read) = side_by_side(Attempt::count(&visitor.deps, &subject), reading).await;
        let (attempt, (space, _)) = (attempt?, read?);
        attempt.forgive(&visitor.deps).await;
        Ok(space)
    }

    /// Of a session, with what else is read of its client beside it.
    pub async fn of_session(
        visitor: &Visitor,
        cookie: Option<&str>,
        beside: impl FnOnce(TenantKeys, CompanyId) -> Vec<Key>,
    ) -> Result<(Self, table::Items)> {
        let claim = cookie.and_then(Claim::read).ok_or(Error::NotFound)?;
        let beside = beside(TenantKeys::of(claim.organization), claim.company);
        Self::read(visitor, &claim, AccessKind::Session, &beside).await
    }

    /// All that the client was sent, beside the session that opens it.
    pub async fn documents(visitor: &Visitor, cookie: Option<&str>) -> Result<(Self, Vec<ClientDocument>)> {
        let claim = cookie.and_then(Claim::read).ok_or(Error::NotFound)?;
        let scope = scope_for(visitor, &claim);
        let sent = scope.keys().client_documents(claim.company);
        let (read, sent) =
            side_by_side(Self::read(visitor, &claim, AccessKind::Session, &[]), scope.collection(&sent)).await;
        let (space, _) = read?;
        Ok((space, sent?.all::<ClientDocument>()?.into_iter().map(|document| document.value).collect()))
    }

    async fn read(visitor: &Visitor, claim: &Claim, kind: AccessKind, beside: &[Key]) -> Result<(Self, table::Items)> {
        let scope = scope_for(visitor, claim);
        let key = scope.keys().portal_access(claim.company, &claim.hash);
        let wanted: Vec<Key> = [key.clone(), scope.keys().organization(), scope.keys().portal_settings()]
            .into_iter()
            .chain(beside.iter().cloned())
            .collect();
        let found = scope.get_many(&wanted).await?;
        let now = scope.now();
        let access = found.get::<PortalAccess>(&key)?;
        let access = access.filter(|access| access.kind == kind && access.expires_at > now).ok_or(Error::NotFound)?;
        let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
        let settings = found.first::<PortalSettings>()?.map(|stored| stored.value).unwrap_or_default();
        if !settings.lists_documents || organization.deletion.is_some() || organization.suspended_at.is_some() {
            return Err(Error::NotFound);
        }
        Ok((Self { scope, organization, access }, found))
    }

    /// Spends the link for a session; gives what its cookie says.
    pub async fn enter(&self) -> Result<String> {
        let (scope, link) = (&self.scope, &self.access);
        let (text, session) = &drawn(scope, link.company, AccessKind::Session)?;
        scope
            .write(|| async {
                let mut transaction = scope.begin("open_portal", link.company);
                transaction.spend(link, || Error::NotFound).create(session);
                Ok((transaction, ()))
            })
            .await?;
        Ok(text.clone())
    }

    /// Ends the session.
    pub async fn leave(&self) -> Result<()> {
        let scope = &self.scope;
        scope
            .write(|| async {
                let mut transaction = scope.begin("leave_portal", self.access.company);
                transaction.spend(&self.access, || Error::NotFound);
                Ok((transaction, ()))
            })
            .await
    }

    /// Whether a document among those that were read is their client's.
    pub fn owns(&self, found: &table::Items, owner: Owner) -> Result<bool> {
        Ok(found.get::<ClientDocument>(&self.scope.keys().client_document(self.access.company, owner))?.is_some())
    }
}

fn scope_for(visitor: &Visitor, claim: &Claim) -> Scope {
    let actor = Actor::Client { name: "Espace client".into(), address: visitor.address };
    visitor.deps.table.scope(Tenant::proven(claim.organization, actor)).with_origin(visitor.origin())
}
