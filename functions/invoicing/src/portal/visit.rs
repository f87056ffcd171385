//! Opening a link: who holds it is proven to be whom the document was sent to, for this document and nothing else.

use cloud::LinkClaim;
use jiff::{SignedDuration, civil::Date};
use kernel::{
    Actor, Error, Result, Tenant,
    document::{File, Signature, Snapshot},
    event::Owner,
    id::CompanyId,
    reference::OrganizationReference,
};
use table::{
    Items, Patch, Scope, Stored,
    meter::side_by_side,
    shared::{DocumentLink, FrozenDocument, QuoteSignature},
};
use web::{
    Visitor,
    throttle::{self, Attempt, Limit},
};

use crate::{
    card::{Begun, Checkout, PortalSettings},
    credit_note::CreditNote,
    document::file_of,
    invoice::Invoice,
    quote::Quote,
};

/// Links tried from one address: a whole office may be behind it. What opens does not count.
pub const PORTAL_FROM: Limit = Limit { what: "PORTAL_FROM", most: 60, window: SignedDuration::from_mins(15) };
/// How exactly it is known when a link was last used.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// What a link opened.
pub struct Visit {
    /// The part of the table of the link's organization; acts are the client's.
    pub scope: Scope,
    /// What the address says after `lien=`, for the links of the page.
    pub text: String,
    pub organization: OrganizationReference,
    pub snapshot: Snapshot,
    pub document: Document,
    /// Once it is rendered.
    pub file: Option<File>,
    /// How the client accepted it here.
    pub signature: Option<Signature>,
    pub link: Stored<DocumentLink>,
    pub settings: PortalSettings,
    /// Of an invoice: the payment by card that was begun last.
    pub checkout: Option<Stored<Checkout>>,
}

/// The aggregate as it is now; what left of it is frozen beside it.
pub enum Document {
    Quote(Box<Stored<Quote>>),
    Invoice(Box<Stored<Invoice>>),
    CreditNote(Box<Stored<CreditNote>>),
}

impl Document {
    fn of(found: &Items, owner: Owner) -> Result<Self> {
        Ok(match owner {
            Owner::Quote(_) => Self::Quote(Box::new(found.first()?.ok_or(Error::NotFound)?)),
            Owner::Invoice(_) => Self::Invoice(Box::new(found.first()?.ok_or(Error::NotFound)?)),
            Owner::CreditNote(_) => Self::CreditNote(Box::new(found.first()?.ok_or(Error::NotFound)?)),
            Owner::Letter(_) | Owner::SelfBilled(_) | Owner::User(_) | Owner::Invitation(_) => {
                return Err(Error::NotFound);
            }
        })
    }
}

impl Visit {
    /// What is read: notes that it was.
    pub async fn open(visitor: &Visitor, text: &str) -> Result<Self> {
        let (visit, attempt) = Self::prove(visitor, text).await?;
        let (deps, seen) = (&visitor.deps, visit.seen());
        side_by_side(attempt.forgive(deps), deps.table.touch(seen)).await;
        Ok(visit)
    }

    /// For an act: the attempt is the caller's to forgive, beside it. Whatever a link is wrong in is one same error: it
    /// tells nobody what there is.
    pub async fn prove(visitor: &Visitor, text: &str) -> Result<(Self, Attempt)> {
        let deps = &visitor.deps;
        let subject = [(PORTAL_FROM, throttle::address(visitor.address))];
        let Some(claim) = LinkClaim::read(text) else {
            Attempt::count(deps, &subject).await?;
            return Err(Error::NotFound);
        };
        let (attempt, visit) = side_by_side(Attempt::count(deps, &subject), Self::read(visitor, &claim, text)).await;
        let attempt = attempt?;
        Ok((visit?, attempt))
    }

    /// The quote that the link is about; of another document there is nothing to answer.
    pub fn quote(&self) -> Result<&Stored<Quote>> {
        match &self.document {
            Document::Quote(quote) => Ok(quote),
            Document::Invoice(_) | Document::CreditNote(_) => Err(Error::NotFound),
        }
    }

    /// The invoice that the link is about, with how it is being paid.
    pub fn begun(&self) -> Result<Begun> {
        Ok(Begun { invoice: self.invoice()?.clone(), checkout: self.checkout.clone() })
    }

    /// As [`Self::quote`], of what is paid.
    pub fn invoice(&self) -> Result<&Stored<Invoice>> {
        match &self.document {
            Document::Invoice(invoice) => Ok(invoice),
            Document::Quote(_) | Document::CreditNote(_) => Err(Error::NotFound),
        }
    }

    /// Whom the document was sent to.
    pub fn client(&self) -> CompanyId {
        match &self.document {
            Document::Quote(quote) => quote.client.reference.id,
            Document::Invoice(invoice) => invoice.client.reference.id,
            Document::CreditNote(note) => note.client.reference.id,
        }
    }

    /// The same, by the name that the client gave.
    pub fn acting_as(&self, visitor: &Visitor, name: &str) -> Scope {
        let tenant =
            Tenant::proven(self.organization.id, Actor::Client { name: name.into(), address: visitor.address });
        self.scope.entering(tenant)
    }

    pub fn today(&self) -> Date {
        self.scope.clock().today(&self.organization.zone())
    }

    /// A day as the organization writes it.
    pub fn date(&self, on: Date) -> String {
        self.organization.date(on)
    }

    async fn read(visitor: &Visitor, claim: &LinkClaim, text: &str) -> Result<Self> {
        let scope = scope_for(visitor, claim, String::new());
        let (keys, owner) = (scope.keys(), claim.owner);
        let aggregate = match owner {
            Owner::Quote(id) => keys.quote(id),
            Owner::Invoice(id) => keys.invoice(id),
            Owner::CreditNote(id) => keys.credit_note(id),
            Owner::Letter(_) | Owner::SelfBilled(_) | Owner::User(_) | Owner::Invitation(_) => {
                return Err(Error::NotFound);
            }
        };
        let link = keys.document_link(owner, claim.link);
        let mut wanted = vec![
            link.clone(),
            keys.organization(),
            keys.portal_settings(),
            aggregate,
            keys.snapshot(owner),
            keys.file(owner),
        ];
        match owner {
            Owner::Quote(id) => wanted.extend([keys.quote_signature(id), keys.signed_file(id)]),
            Owner::Invoice(id) => wanted.push(keys.checkout(id)),
            _ => {}
        }
        let found = scope.get_many(&wanted).await?;
        let now = scope.now();
        let link = found.get::<DocumentLink>(&link)?;
        let link = link.filter(|link| link.hash == claim.hash && link.is_open_at(now)).ok_or(Error::NotFound)?;
        let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
        if organization.deletion.is_some() || organization.suspended_at.is_some() {
            return Err(Error::NotFound);
        }
        let snapshot = found.first::<FrozenDocument>()?.ok_or(Error::NotFound)?.value.snapshot;
        // The log names who acts as the document names them.
        let scope = scope_for(visitor, claim, snapshot.buyer.name.clone());
        Ok(Self {
            link,
            organization,
            document: Document::of(&found, owner)?,
            file: file_of(&found)?,
            signature: found.first::<QuoteSignature>()?.map(|signed| signed.value.signature),
            text: text.trim().into(),
            checkout: found.first()?,
            settings: found.first::<PortalSettings>()?.map(|stored| stored.value).unwrap_or_default(),
            snapshot,
            scope,
        })
    }

    /// Notes when the link was used, where the last note is some minutes old.
    fn seen(&self) -> Vec<Patch> {
        let now = self.scope.now();
        let is_old = self.link.last_seen_at.is_none_or(|last| now.duration_since(last) > SEEN_WITHIN);
        let patch = Patch::touching(self.scope.keys().document_link(self.link.owner, self.link.id));
        let patch = patch.set("last_seen_at", &now.to_string());
        let patch = match self.link.first_seen_at {
            None => patch.set("first_seen_at", &now.to_string()),
            Some(_) => patch,
        };
        is_old.then_some(patch).into_iter().collect()
    }
}

fn scope_for(visitor: &Visitor, claim: &LinkClaim, name: String) -> Scope {
    let actor = Actor::Client { name, address: visitor.address };
    visitor.deps.table.scope(Tenant::proven(claim.organization, actor)).with_origin(visitor.origin())
}
