//! The HTTP side of SES: `SendEmail` with raw or simple content.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use mail_builder::{MessageBuilder, headers::raw::Raw as RawHeader};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{MESSAGE_BYTES_MAX, PostOffice, Posted, RECIPIENTS_MAX, Tag, mime};
use crate::{Faults, serve::random_id};

#[derive(Clone)]
pub(super) struct Api {
    pub(super) post_office: Arc<PostOffice>,
    pub(super) faults: Faults,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    #[serde(default)]
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    #[serde(default)]
    email_tags: Vec<EmailTag>,
    #[serde(default)]
    configuration_set_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EmailTag {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
enum Content {
    Raw(Raw),
    Simple(Box<Simple>),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    headers: Vec<EmailTag>,
    #[serde(default)]
    attachments: Vec<SimpleAttachment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    #[serde(default)]
    text: Option<Text>,
    #[serde(default)]
    html: Option<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SimpleAttachment {
    file_name: String,
    raw_content: String,
    #[serde(default)]
    content_type: Option<String>,
}

struct Refusal {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal { status: StatusCode::BAD_REQUEST, kind: "BadRequestException", message: message.into() }
}

fn internal() -> Refusal {
    Refusal {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        kind: "InternalServiceErrorException",
        message: "internal failure".into(),
    }
}

pub(super) async fn send(State(api): State<Api>, body: Bytes) -> Response {
    let answer = if api.faults.strike() { Err(internal()) } else { accept(&api.post_office, &body) };
    let mut response = match answer {
        Ok(id) => json!({ "MessageId": id }).to_string().into_response(),
        Err(refusal) => {
            let body = json!({ "message": refusal.message });
            let mut response = (refusal.status, body.to_string()).into_response();
            response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(refusal.kind));
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(id) = HeaderValue::try_from(random_id()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

fn accept(post_office: &PostOffice, body: &[u8]) -> Result<String, Refusal> {
    // What the SDK cannot be wrong about, a test or a script can.
    let value: Value = serde_json::from_slice(body).map_err(|error| bad(error.to_string()))?;
    let asked: SendEmail = serde_json::from_value(value).map_err(|error| bad(error.to_string()))?;
    let tags: Vec<Tag> =
        asked.email_tags.iter().map(|tag| Tag { name: tag.name.clone(), value: tag.value.clone() }).collect();
    for Tag { name, value } in &tags {
        if !is_tag(name) || !is_tag(value) {
            return Err(bad(format!(
                "Invalid tag {name}={value}: only ASCII letters, digits, '_', '-', '.' and '@', 1 to 256 of them"
            )));
        }
    }
    let mut destination = asked.destination.to_addresses.clone();
    destination.extend(asked.destination.cc_addresses.iter().cloned());
    destination.extend(asked.destination.bcc_addresses.iter().cloned());
    let raw = match &asked.content {
        Content::Raw(raw) => BASE64_STANDARD.decode(&raw.data).map_err(|_| bad("Content.Raw.Data is not base64"))?,
        Content::Simple(simple) => build(&asked, simple)?,
    };
    if raw.len() > MESSAGE_BYTES_MAX {
        return Err(bad("Message length is more than 40 MB"));
    }
    let content = mime::read(&raw).ok_or_else(|| bad("Missing final '@domain': the message cannot be read"))?;
    if destination.is_empty() {
        destination = mime::recipients(&raw);
    }
    if destination.is_empty() || destination.len() > RECIPIENTS_MAX {
        return Err(bad(format!("Recipient count must be between 1 and {RECIPIENTS_MAX}")));
    }
    if let Some(wrong) = destination.iter().find(|address| !is_address(address)) {
        return Err(bad(format!("Missing final '@domain': {wrong}")));
    }
    let from = asked
        .from_email_address
        .or_else(|| content.from.first().cloned())
        .filter(|address| is_address(address))
        .ok_or_else(|| bad("Missing required header 'From'."))?;
    let posted = Posted { from, destination, tags, configuration_set: asked.configuration_set_name, raw };
    post_office.accept(&posted).map_err(|error| {
        tracing::error!(%error, "SES failed");
        internal()
    })
}

/// The MIME that SES would make of simple content.
fn build(asked: &SendEmail, simple: &Simple) -> Result<Vec<u8>, Refusal> {
    let from = asked.from_email_address.clone().ok_or_else(|| bad("FromEmailAddress is missing"))?;
    // Addresses are given as header text (`Name <address>`), so they go in as such.
    let list = |addresses: &[String]| RawHeader::from(addresses.join(", "));
    let mut message = MessageBuilder::new().header("From", RawHeader::from(from)).subject(simple.subject.data.as_str());
    for (name, addresses) in [
        ("To", &asked.destination.to_addresses),
        ("Cc", &asked.destination.cc_addresses),
        ("Reply-To", &asked.reply_to_addresses),
    ] {
        if !addresses.is_empty() {
            message = message.header(name, list(addresses));
        }
    }
    for header in &simple.headers {
        message = message.header(header.name.clone(), RawHeader::from(header.value.clone()));
    }
    if simple.body.text.is_none() && simple.body.html.is_none() {
        return Err(bad("The message has no body"));
    }
    if let Some(text) = &simple.body.text {
        message = message.text_body(text.data.as_str());
    }
    if let Some(html) = &simple.body.html {
        message = message.html_body(html.data.as_str());
    }
    for attachment in &simple.attachments {
        let bytes = BASE64_STANDARD
            .decode(&attachment.raw_content)
            .map_err(|_| bad(format!("The attachment {} is not base64", attachment.file_name)))?;
        let kind = attachment.content_type.clone().unwrap_or_else(|| "application/octet-stream".into());
        message = message.attachment(kind, attachment.file_name.clone(), bytes);
    }
    message.write_to_vec().map_err(|error| bad(error.to_string()))
}

fn is_tag(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.@".contains(c))
}

/// As far as SES looks before it takes a message: an address with a local part and a domain, without controls.
fn is_address(text: &str) -> bool {
    let bare = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    !text.chars().any(char::is_control)
        && bare.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.len() > 2)
}
