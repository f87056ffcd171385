//! The links of a document as members deal with them: made to be passed on, revoked, renewed. Those in mails are made
//! by the mailer as a mail leaves.

use cloud::{ExposeSecret, NewLink, SecretString};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    event::Owner,
    id::{LinkId, OrganizationId},
};
use serde::{Deserialize, Serialize};
use table::{
    Scope, Stored,
    shared::{DocumentLink, FrozenDocument},
};
use web::Asker;

/// How many links of one document work at once.
const LINKS_MAX: usize = 20;
const DAYS_MAX: i64 = 366;
const DAYS_USUAL: i64 = 90;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LinkInput {
    /// Days until it expires, 1 to 366; empty for 90.
    pub expires_in_days: String,
    /// `lnk_…`: a link that is revoked in the same act; empty for none.
    pub replaces: String,
}

impl LinkInput {
    fn parse(&self, now: Timestamp) -> std::result::Result<(Timestamp, Option<LinkId>), Violations> {
        let mut wrong = Violations::default();
        let expires_at = wrong.take("/expires_in_days", expiry(&self.expires_in_days, now));
        let replaces = match self.replaces.trim() {
            "" => Some(None),
            id => wrong.take("/replaces", id.parse().map(Some).map_err(|_| Rule::NotAnId)),
        };
        expires_at.zip(replaces).ok_or(wrong)
    }
}

fn expiry(days: &str, now: Timestamp) -> std::result::Result<Timestamp, Rule> {
    let days = match days.trim() {
        "" => DAYS_USUAL,
        days => days.parse().map_err(|_| Rule::NotAWholeNumber)?,
    };
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Rule::OutOfRange { min: "1".into(), max: DAYS_MAX.to_string() });
    }
    now.checked_add(SignedDuration::from_hours(24 * days)).map_err(|_| Rule::NotANumber)
}

/// A link that was just made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreatedLink {
    pub link: DocumentLink,
    /// All of the document, the newest first.
    pub links: Vec<DocumentLink>,
    /// Never stored, so absent when an Idempotency-Key gives the first answer again.
    #[serde(skip)]
    pub text: Option<SecretString>,
}

impl CreatedLink {
    /// The whole address, to be passed on.
    pub fn url(&self, public_url: &str) -> Option<String> {
        self.text.as_ref().map(|text| format!("{public_url}/portail?lien={}", text.expose_secret()))
    }
}

/// The newest first.
pub async fn list_document_links(scope: &Scope, owner: Owner) -> Result<Vec<DocumentLink>> {
    must_be_document(owner)?;
    let links = scope.collection(&scope.keys().document_links(owner)).await?.all::<DocumentLink>()?;
    Ok(in_order(links.into_iter().map(|link| link.value)))
}

fn in_order(links: impl Iterator<Item = DocumentLink>) -> Vec<DocumentLink> {
    let mut links: Vec<_> = links.collect();
    links.sort_by_key(|link| std::cmp::Reverse(link.created_at));
    links
}

/// With these in the place of those of the same id.
fn with(links: Vec<Stored<DocumentLink>>, changed: &[DocumentLink]) -> Vec<DocumentLink> {
    let others = links.into_iter().map(|link| link.value).filter(|link| changed.iter().all(|new| new.id != link.id));
    in_order(changed.iter().cloned().chain(others))
}

/// A link to what has left: a draft is nobody's to read.
pub async fn create_document_link(asker: &Asker, owner: Owner, input: &LinkInput) -> Result<CreatedLink> {
    must_be_document(owner)?;
    let scope = &asker.scope;
    let (expires_at, replaces) = input.parse(scope.now())?;
    let organization: OrganizationId = scope.tenant().organization();
    let id = scope.new_id(LinkId::new);
    let drawn = &NewLink::draw(organization, owner, id);
    scope
        .write(|| async {
            let found = scope.collection(&scope.keys().snapshot(owner).collection()).await?;
            if found.is_empty() {
                return Err(Error::NotFound);
            }
            if found.first::<FrozenDocument>()?.is_none() {
                return Err(Error::Conflict(match owner {
                    Owner::Quote(_) => Conflict::QuoteNotSent,
                    _ => Conflict::NotIssued,
                }));
            }
            let now = scope.now();
            let links = found.all::<DocumentLink>()?;
            let mut transaction = scope.begin("create_document_link", owner);
            let replaced = replaces.map(|id| links.iter().find(|link| link.id == id).ok_or(Error::NotFound));
            let mut changed = Vec::new();
            if let Some(replaced) = replaced.transpose()? {
                changed.push(revoked(replaced, now));
                transaction.update(replaced, &changed[0]);
            }
            let open = links.iter().filter(|link| link.is_open_at(now) && Some(link.id) != replaces);
            if open.count() >= LINKS_MAX {
                return Err(Error::Conflict(Conflict::TooManyLinks));
            }
            let link = DocumentLink {
                owner,
                id,
                hash: drawn.hash.clone(),
                mail: None,
                created_at: now,
                expires_at,
                revoked_at: None,
                first_seen_at: None,
                last_seen_at: None,
            };
            transaction.create(&link);
            changed.push(link.clone());
            let text = Some(drawn.text.clone());
            Ok((transaction, CreatedLink { link, links: with(links, &changed), text }))
        })
        .await
}

/// It opens nothing any more; done twice, it is done once. Gives all links of the document, the newest first.
pub async fn revoke_document_link(scope: &Scope, owner: Owner, id: LinkId) -> Result<Vec<DocumentLink>> {
    must_be_document(owner)?;
    scope
        .write(|| async {
            let links = scope.collection(&scope.keys().document_links(owner)).await?.all::<DocumentLink>()?;
            let read = links.iter().find(|link| link.id == id).ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("revoke_document_link", owner);
            let link = revoked(read, scope.now());
            if read.revoked_at.is_some() {
                transaction = transaction.nothing();
            } else {
                transaction.update(read, &link);
            }
            Ok((transaction, with(links, &[link])))
        })
        .await
}

fn revoked(link: &DocumentLink, now: Timestamp) -> DocumentLink {
    DocumentLink { revoked_at: Some(link.revoked_at.unwrap_or(now)), ..link.clone() }
}

/// A letter is passed on as it is: nobody answers it on the portal.
fn must_be_document(owner: Owner) -> Result<()> {
    let is_on_the_portal = owner.has_document() && !matches!(owner, Owner::Letter(_));
    if is_on_the_portal { Ok(()) } else { Err(Error::NotFound) }
}
