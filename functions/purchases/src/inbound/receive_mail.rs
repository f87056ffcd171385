//! A mail came: SES put it into the bucket and says to whom it was sent. What is attached goes the way of a file that somebody
//! drops; what became of it is noted once, and told where something could not be read. Who is named by the envelope is asked
//! for, and not by the mail, which a forwarder leaves as it was: so SES calls, and not the bucket.

use std::collections::BTreeSet;

use cloud::{Deps, InboundClaim};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Actor, Error, Result, Tenant,
    error::Conflict,
    event::{About, Event},
    id::{ReceivedInvoiceId, ReceivedMailId, UploadId, random_of},
    page::PageRequest,
    reference::OrganizationReference,
};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use table::{Order, Scope};

use super::{
    InboundAddress, Outcome, PartOutcome, ReceivedMail,
    mime::{self, Mail},
};
use crate::received::{Carrier, Incoming, take_in};

/// Where SES puts mails, as template.yaml has it.
pub const FOLDER: &str = "incoming/";
/// SES takes none that is larger and goes into a bucket.
const BYTES_MAX: u64 = 40 * 1024 * 1024;
/// How many organizations one mail is looked at for.
const RECIPIENTS_MAX: usize = 10;
/// How many mails an organization is sent within a day: whoever learns an address sends no more.
const A_DAY_MAX: u16 = 200;
const DAY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Deserialize)]
struct SesEvent {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    ses: Ses,
}

#[derive(Deserialize)]
struct Ses {
    mail: SesMail,
    receipt: SesReceipt,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesMail {
    message_id: String,
    timestamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesReceipt {
    recipients: Vec<String>,
    virus_verdict: Option<Verdict>,
}

#[derive(Deserialize)]
struct Verdict {
    status: String,
}

pub async fn handle(deps: Deps, event: Value) -> Result<()> {
    // Not serde's words: they quote what they did not expect.
    let told: SesEvent = serde_json::from_value(event).map_err(|_| Error::internal("not a mail that SES took in"))?;
    for Record { ses } in told.records {
        if let Err(error) = receive(&deps, &ses).await {
            tracing::error!(mail = ses.mail.message_id, %error, "a mail was not taken in");
            return Err(error);
        }
    }
    Ok(())
}

async fn receive(deps: &Deps, ses: &Ses) -> Result<()> {
    let id = &ses.mail.message_id;
    if !(1..=128).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Error::internal("SES names a mail otherwise than it does"));
    }
    let key = format!("{FOLDER}{id}");
    let domain = deps.config.inbound_domain.as_deref().ok_or_else(|| Error::internal("no mails are taken in here"))?;
    let recipients = ses.receipt.recipients.iter().filter_map(|address| InboundClaim::read(address, domain));
    let claims: BTreeSet<_> = recipients.map(|claim| (claim.organization, claim.secret)).take(RECIPIENTS_MAX).collect();
    let bytes = match deps.files.find(&key, BYTES_MAX).await {
        Ok(Some(bytes)) => bytes,
        // It was read before.
        Ok(None) => return Ok(()),
        Err(Error::TooLarge) => return deps.files.delete(&key).await,
        Err(error) => return Err(error),
    };
    let has_virus = ses.receipt.virus_verdict.as_ref().is_some_and(|verdict| verdict.status == "FAIL");
    let reading = move || (mime::mark(&bytes), mime::read(&bytes));
    let (whole, mail) =
        tokio::task::spawn_blocking(reading).await.map_err(|_| Error::internal("the reader of a mail panicked"))?;
    let mail = match mail {
        _ if has_virus => {
            Err((whole, "Un virus a été détecté dans ce message\u{a0}: rien n’en a été ouvert.".to_owned()))
        }
        Ok(mail) => Ok(mail),
        Err(unreadable) => Err((whole, unreadable.french())),
    };
    for (organization, secret) in claims {
        let actor = Actor::System { name: "purchases-mail".into() };
        let scope = deps.table.scope(Tenant::proven(organization, actor));
        // Boxed: a use case in a transaction for each file nests deeper than the compiler lays out.
        Box::pin(take(deps, &scope, &secret, &mail, ses.mail.timestamp)).await?;
    }
    deps.files.delete(&key).await
}

/// Nothing where the address is not, or no longer, the organization's; nothing again for a mail that came before.
async fn take(
    deps: &Deps,
    scope: &Scope,
    secret: &str,
    mail: &std::result::Result<Mail, (String, String)>,
    at: Timestamp,
) -> Result<()> {
    let keys = scope.keys();
    let mark = match mail {
        Ok(mail) => &mail.mark,
        Err((whole, _)) => whole,
    };
    let found = scope.get_many(&[keys.inbound_address(), keys.organization(), keys.received_mail(mark)]).await?;
    let address = found.first::<InboundAddress>()?;
    // Compared by their hashes, so that no time tells how much of it was right.
    let is_theirs = address.is_some_and(|address| Sha256::digest(&address.secret) == Sha256::digest(secret));
    let organization = found.first::<OrganizationReference>()?.map(|read| read.value);
    let Some(organization) = organization.filter(|reference| is_theirs && reference.deletion.is_none()) else {
        tracing::info!("a mail to an address that is nobody's");
        return Ok(());
    };
    if found.first::<ReceivedMail>()?.is_some() {
        return Ok(());
    }
    if is_flooded(scope).await? {
        tracing::warn!(organization = %scope.tenant().organization(), "more mails than an organization takes in a day");
        return Ok(());
    }
    let received = match mail {
        Ok(mail) => taken(deps, scope, &organization, mail, at).await?,
        Err((mark, refused)) => ReceivedMail {
            id: scope.new_id(ReceivedMailId::new),
            mark: mark.clone(),
            at,
            from: String::new(),
            subject: String::new(),
            parts: Vec::new(),
            others: 0,
            refused: Some(refused.clone()),
        },
    };
    note(scope, &received).await
}

async fn is_flooded(scope: &Scope) -> Result<bool> {
    let page = PageRequest { limit: A_DAY_MAX, cursor: None };
    let last = scope.list::<ReceivedMail>(&scope.keys().received_mails(), &page, Order::Descending).await?;
    let since = scope.now().saturating_sub(DAY).unwrap_or(Timestamp::MIN);
    Ok(last.items.len() == usize::from(A_DAY_MAX) && last.items.iter().all(|mail| mail.id.given_at() >= since))
}

/// Each file by itself: one that is refused hurts no other.
async fn taken(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    mail: &Mail,
    at: Timestamp,
) -> Result<ReceivedMail> {
    let mut parts = Vec::with_capacity(mail.files.len());
    for file in &mail.files {
        // The same file of the same mail is the same invoice, however often it is delivered.
        let hash = Sha256::new().chain_update(&mail.mark).chain_update(Sha256::digest(&file.bytes)).finalize();
        let random = random_of(&hash);
        let id = ReceivedInvoiceId::new(at, random);
        let incoming = Incoming {
            deps,
            scope,
            organization,
            by: None,
            id,
            upload: UploadId::from_ulid(id.ulid()),
            name: &file.name,
            carrier: Carrier::Mail(&file.bytes),
        };
        let outcome = match Box::pin(take_in(&incoming)).await {
            Ok(invoice) => Outcome::Taken { invoice: invoice.id },
            Err(Error::Conflict(Conflict::InvoiceReceivedBefore)) => Outcome::Known,
            Err(Error::Conflict(conflict)) => Outcome::Refused { why: conflict.french().into() },
            Err(Error::Invalid(wrong)) => {
                let why = wrong.iter().next().map(|one| one.rule.french());
                Outcome::Refused { why: why.unwrap_or_default() }
            }
            Err(error) => return Err(error),
        };
        parts.push(PartOutcome { name: file.name.clone(), outcome });
    }
    if mail.left_out > 0 {
        let why = format!("{} fichiers au plus sont lus par message.", mime::FILES_MAX);
        let name = format!("{} autres fichiers", mail.left_out);
        parts.push(PartOutcome { name, outcome: Outcome::Refused { why } });
    }
    Ok(ReceivedMail {
        id: scope.new_id(ReceivedMailId::new),
        mark: mail.mark.clone(),
        at,
        from: mail.from.clone(),
        subject: mail.subject.clone(),
        parts,
        others: u32::try_from(mail.others).unwrap_or(u32::MAX),
        refused: None,
    })
}

/// Once, whoever was faster.
async fn note(scope: &Scope, received: &ReceivedMail) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("receive_mail", received.id);
            if scope.get::<ReceivedMail>(&scope.keys().received_mail(&received.mark)).await?.is_some() {
                return Ok((transaction.nothing(), ()));
            }
            transaction.create(received);
            if received.is_unread() {
                let about = About { label: Some(received.label()), ..About::default() };
                transaction.emit(Event::ReceivedMailUnread { mail: received.id, about });
            }
            Ok((transaction, ()))
        })
        .await
}
