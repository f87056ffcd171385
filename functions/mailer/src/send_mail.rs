//! One mail: claim it, hand it over, note that it was taken.

use cloud::{Deps, ExposeSecret, NewLink, NotSent, Outgoing, OutgoingAttachment, SecretString};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result,
    event::{Event, Owner},
    id::{LinkId, MailId},
    mail::{Attachment, Fate, Mail, MailState, SITE_PLACEHOLDER},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{
    Scope, Stored,
    shared::{DocumentLink, OwnedMail},
};

use crate::tags::Tags;

/// How long the link that comes with a document works: somebody may look it up when the year is closed.
const LINK_VALID: SignedDuration = SignedDuration::from_hours(24 * 366);

pub async fn send_mail(deps: &Deps, scope: &Scope, owner: Owner, id: MailId) -> Result<()> {
    let mail = match read(scope, owner, id).await {
        // What a deleted organization had to say is gone with it.
        Err(Error::NotFound) if is_deleted(scope).await? => return Ok(()),
        read => read?.value.mail,
    };
    if !may_claim(&mail.state, scope.now())? {
        return Ok(());
    }
    // Before the claim: a document that is not there yet is no reason to hold anybody off.
    let attachments = fetch(deps, &mail.attachments).await?;
    let link = mail.gives_link.then(|| {
        // One mail brings one link: another attempt draws it anew, and the one before it opens nothing any more.
        let link = LinkId::from_ulid(id.ulid());
        (link, NewLink::draw(scope.tenant().organization(), owner, link))
    });
    let secret = match &link {
        Some((_, drawn)) => Some(drawn.text.clone()),
        None => open(deps, scope, &mail).await?,
    };
    let link = link.map(|(link, drawn)| (link, drawn.hash));
    let Some(Claim { mail, until }) = claim(deps, scope, owner, id, link).await? else { return Ok(()) };
    let mail = addressed(mail, &deps.config.public_url);

    let tags = Tags { organization: scope.tenant().organization(), owner, mail: id };
    let outgoing = Outgoing { mail: &mail, secret, attachments, tags: tags.write(), at: scope.now() };
    match deps.mail.send(outgoing).await {
        Ok(message) => mark_sent(scope, owner, id, scope.now(), &message).await,
        Err(NotSent::Refused(error)) => {
            // If this fails too, the lease ends by itself: what is worth telling is why SES refused.
            if let Err(error) = release(scope, owner, id, until).await {
                tracing::warn!(mail = %id, %error, "the claim could not be released");
            }
            Err(error)
        }
        Err(NotSent::Unknown(error)) => Err(error),
    }
}

/// Whether there is anything to do; an error where somebody else is doing it.
fn may_claim(state: &MailState, now: Timestamp) -> Result<bool> {
    match state {
        MailState::Sent { .. } => Ok(false),
        MailState::Sending { until } if *until > now => Err(Error::unavailable("another worker is sending it")),
        MailState::Sending { .. } | MailState::Waiting => Ok(true),
    }
}

async fn fetch(deps: &Deps, attachments: &[Attachment]) -> Result<Vec<OutgoingAttachment>> {
    let mut fetched = Vec::with_capacity(attachments.len());
    for Attachment { s3_key, file_name, media_type } in attachments {
        let bytes = deps.files.get(s3_key).await.map_err(|error| match error {
            Error::NotFound => Error::unavailable("the attachment is not there yet"),
            other => other,
        })?;
        fetched.push(OutgoingAttachment { file_name: file_name.clone(), media_type: media_type.clone(), bytes });
    }
    Ok(fetched)
}

async fn open(deps: &Deps, scope: &Scope, mail: &Mail) -> Result<Option<SecretString>> {
    let Some(sealed) = &mail.secret else { return Ok(None) };
    let purpose = Mail::secret_purpose(scope.tenant().organization(), mail.id);
    let opened = deps.vault.open(&purpose, sealed).await?;
    let text = std::str::from_utf8(opened.expose_secret()).map_err(|_| Error::internal("a secret that is no text"))?;
    Ok(Some(SecretString::from(text)))
}

/// With the address of the product in its place, where it gives a link.
fn addressed(mail: Mail, site: &str) -> Mail {
    if !mail.gives_link {
        return mail;
    }
    let filled = |words: &str| words.replace(SITE_PLACEHOLDER, site);
    Mail { text: filled(&mail.text), html: mail.html.as_deref().map(filled), ..mail }
}

async fn is_deleted(scope: &Scope) -> Result<bool> {
    let organization = scope.get::<OrganizationReference>(&scope.keys().organization()).await?;
    Ok(organization.is_some_and(|organization| organization.deletion.is_some()))
}

async fn read(scope: &Scope, owner: Owner, id: MailId) -> Result<Stored<OwnedMail>> {
    scope.get(&scope.keys().mail(owner, id)).await?.ok_or(Error::NotFound)
}

#[derive(Serialize, Deserialize)]
struct Claim {
    mail: Mail,
    /// Tells this claim from a later one of somebody else.
    until: Timestamp,
}

/// Takes the mail for as long as the lease lasts; `None` where it was sent meanwhile.
async fn claim(
    deps: &Deps,
    scope: &Scope,
    owner: Owner,
    id: MailId,
    link: Option<(LinkId, String)>,
) -> Result<Option<Claim>> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("claim_mail", owner);
            let read = read(scope, owner, id).await?;
            let now = scope.now();
            if !may_claim(&read.mail.state, now)? {
                return Ok((transaction.nothing(), None));
            }
            let until = now.checked_add(deps.config.mail_lease).map_err(Error::internal)?;
            let mut owned = read.value.clone();
            owned.mail.state = MailState::Sending { until };
            transaction.update(&read, &owned);
            if let Some((link, hash)) = &link {
                transaction.replace(&DocumentLink {
                    owner,
                    id: *link,
                    hash: hash.clone(),
                    mail: Some(id),
                    created_at: now,
                    expires_at: now.checked_add(LINK_VALID).map_err(Error::internal)?,
                    revoked_at: None,
                    first_seen_at: None,
                    last_seen_at: None,
                });
            }
            Ok((transaction, Some(Claim { mail: owned.mail, until })))
        })
        .await
}

/// Gives our claim back, so that the next attempt need not wait for its end.
async fn release(scope: &Scope, owner: Owner, id: MailId, until: Timestamp) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("release_mail", owner);
            let read = read(scope, owner, id).await?;
            if read.mail.state != (MailState::Sending { until }) {
                return Ok((transaction.nothing(), ()));
            }
            let mut owned = read.value.clone();
            owned.mail.state = MailState::Waiting;
            transaction.update(&read, &owned);
            Ok((transaction, ()))
        })
        .await
}

/// Notes that SES took the mail, and forgets its secret. The first note stands.
pub(crate) async fn mark_sent(scope: &Scope, owner: Owner, id: MailId, at: Timestamp, message: &str) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("send_mail", owner);
            let read = read(scope, owner, id).await?;
            if let MailState::Sent { ses_message_id, .. } = &read.mail.state {
                if ses_message_id != message {
                    tracing::warn!(mail = %id, first = ses_message_id, second = message, "sent twice");
                }
                return Ok((transaction.nothing(), ()));
            }
            let mut owned = read.value.clone();
            owned.mail.state = MailState::Sent { at, ses_message_id: message.into() };
            owned.mail.secret = None;
            transaction.update(&read, &owned);
            Ok((transaction, ()))
        })
        .await
}

/// Notes what became of a mail, which SES has then taken. Done twice, or of a mail that is gone, it changes nothing.
pub(crate) async fn mark_fate(
    scope: &Scope,
    owner: Owner,
    id: MailId,
    at: Timestamp,
    message: &str,
    told: &Fate,
) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("follow_mail", owner);
            let read = match read(scope, owner, id).await {
                Ok(read) => read,
                // Somebody opens a mail long after it is kept.
                Err(Error::NotFound) => return Ok((transaction.nothing(), ())),
                Err(error) => return Err(error),
            };
            let mut owned = read.value.clone();
            owned.mail.fate = owned.mail.fate.and(told);
            if !matches!(owned.mail.state, MailState::Sent { .. }) {
                owned.mail.state = MailState::Sent { at, ses_message_id: message.into() };
                owned.mail.secret = None;
            }
            if owned == read.value {
                return Ok((transaction.nothing(), ()));
            }
            transaction.update(&read, &owned);
            // Of an account's mails nobody else is told.
            if let Some(failed) = owned.mail.fate.failed.filter(|_| owner.has_document())
                && read.mail.fate.failed.is_none_or(|before| before.why != failed.why)
            {
                transaction.emit(Event::MailFailed { owner, mail: id, why: failed.why });
            }
            Ok((transaction, ()))
        })
        .await
}
