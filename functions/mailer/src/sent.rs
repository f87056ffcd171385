//! SES's "Send" events, by way of EventBridge: what SES has taken is sent, even if who handed it over died before
//! noting it.

use std::collections::HashMap;

use cloud::Deps;
use jiff::Timestamp;
use kernel::{Actor, Error, Result, Tenant};
use serde::Deserialize;
use serde_json::Value;

use crate::{send_mail::mark_sent, tags::Tags};

/// What we read of the event; the rest (addresses among it) is not looked at.
#[derive(Deserialize)]
struct SesEvent {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: SesMail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesMail {
    timestamp: Timestamp,
    message_id: String,
    tags: HashMap<String, Vec<String>>,
}

pub async fn handle(deps: Deps, event: Value) -> Result<()> {
    let id = event["id"].as_str().map(str::to_owned);
    let noted = note(&deps, event).await;
    if let Err(error) = &noted {
        tracing::error!(event = id, %error, "an event of SES was not noted");
    }
    noted
}

async fn note(deps: &Deps, event: Value) -> Result<()> {
    // Not serde's words: they quote what they did not expect.
    let unknown = |_| Error::internal("not a Send event of SES");
    let SesEvent { detail: Detail { event_type, mail } } = serde_json::from_value(event).map_err(unknown)?;
    if event_type != "Send" {
        return Err(Error::internal("not a Send event of SES"));
    }
    let tags = Tags::read(&mail.tags).ok_or_else(|| Error::internal("a mail without our tags"))?;
    // The tags are our own, given with the mail by the worker that its tenant's envelope started.
    let tenant = Tenant::proven(tags.organization, Actor::System { name: "mailer-events".into() });
    mark_sent(&deps.table.scope(tenant), tags.owner, tags.mail, mail.timestamp, &mail.message_id).await
}
