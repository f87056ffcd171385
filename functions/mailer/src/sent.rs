//! The events of SES, by way of EventBridge: what SES has taken is sent, even if who handed it over died before noting it;
//! and what became of it then.

use std::collections::HashMap;

use cloud::Deps;
use jiff::Timestamp;
use kernel::{
    Actor, Error, Result, Tenant,
    mail::{Failed, Fate, MailFailure},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    send_mail::{mark_fate, mark_sent},
    tags::Tags,
};

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
    delivery: Option<Instant>,
    open: Option<Instant>,
    complaint: Option<Instant>,
    bounce: Option<Bounce>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesMail {
    timestamp: Timestamp,
    message_id: String,
    tags: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Instant {
    timestamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    timestamp: Timestamp,
    bounce_type: String,
}

impl Detail {
    /// What became of the mail; `None` where SES only took it.
    fn fate(&self) -> Option<Fate> {
        let instant = |told: &Option<Instant>| told.as_ref().map_or(self.mail.timestamp, |told| told.timestamp);
        let failed = |at, why| Some(Fate { failed: Some(Failed { at, why }), ..Fate::default() });
        match self.event_type.as_str() {
            "Delivery" => Some(Fate { delivered_at: Some(instant(&self.delivery)), ..Fate::default() }),
            "Open" => Some(Fate { opened_at: Some(instant(&self.open)), ..Fate::default() }),
            "Complaint" => failed(instant(&self.complaint), MailFailure::Complained),
            "Reject" => failed(self.mail.timestamp, MailFailure::Rejected),
            "Bounce" => {
                let bounce = self.bounce.as_ref()?;
                let is_final = bounce.bounce_type == "Permanent";
                failed(bounce.timestamp, if is_final { MailFailure::Refused } else { MailFailure::Undelivered })
            }
            _ => None,
        }
    }
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
    let unknown = || Error::internal("not an event of SES that we asked for");
    let SesEvent { detail } = serde_json::from_value(event).map_err(|_| unknown())?;
    let tags = Tags::read(&detail.mail.tags).ok_or_else(|| Error::internal("a mail without our tags"))?;
    // The tags are our own, given with the mail by the worker that its tenant's envelope started.
    let tenant = Tenant::proven(tags.organization, Actor::System { name: "mailer-events".into() });
    let scope = deps.table.scope(tenant);
    let (at, message) = (detail.mail.timestamp, &detail.mail.message_id);
    match detail.fate() {
        Some(fate) => mark_fate(&scope, tags.owner, tags.mail, at, message, &fate).await,
        None if detail.event_type == "Send" => mark_sent(&scope, tags.owner, tags.mail, at, message).await,
        None => Err(unknown()),
    }
}
