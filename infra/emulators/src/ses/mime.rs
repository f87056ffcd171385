//! A mail's MIME, read for the mailbox page and for tests.

use mail_parser::{
    Address, Encoding, MessageParser, MessagePart, MimeHeaders,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Content {
    /// In their order, values unfolded but not decoded.
    pub headers: Vec<(String, String)>,
    pub subject: String,
    /// `Name <address>` or `address`.
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub reply_to: Vec<String>,
    pub text: Option<String>,
    /// As sent; `None` when the mail has no HTML part.
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    pub file_name: String,
    pub media_type: String,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

pub(super) fn read(raw: &[u8]) -> Option<Content> {
    let message = MessageParser::default().parse(raw)?;
    // `body_text` and `body_html` convert one into the other; only what was sent counts here.
    let text = message.text_bodies().find(|part| part.is_text() && !part.is_text_html());
    let html = message.html_bodies().find(|part| part.is_text_html());
    let attachments = message.attachments().map(|part| Attachment {
        file_name: part.attachment_name().unwrap_or("piece-jointe").to_owned(),
        media_type: part.content_type().map_or_else(
            || "application/octet-stream".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")),
        ),
        bytes: attached(part, raw),
    });
    Some(Content {
        headers: message
            .headers_raw()
            .map(|(name, value)| (name.to_owned(), value.split_whitespace().collect::<Vec<_>>().join(" ")))
            .collect(),
        subject: message.subject().unwrap_or_default().to_owned(),
        from: addresses(message.from()),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        reply_to: addresses(message.reply_to()),
        text: text.and_then(|part| part.text_contents()).map(str::to_owned),
        html: html.and_then(|part| part.text_contents()).map(str::to_owned),
        attachments: attachments.collect(),
    })
}

/// As somebody saves it: of a text, the bytes that were sent, and not what a reader makes of its characters.
fn attached(part: &MessagePart<'_>, raw: &[u8]) -> Vec<u8> {
    let sent = raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let decoded = match part.encoding {
        _ if !part.is_text() => None,
        Encoding::Base64 => base64_decode(sent),
        Encoding::QuotedPrintable => quoted_printable_decode(sent),
        Encoding::None => Some(sent.to_vec()),
    };
    decoded.unwrap_or_else(|| part.contents().to_vec())
}

/// The bare addresses that a raw message is for.
pub(super) fn recipients(raw: &[u8]) -> Vec<String> {
    let Some(message) = MessageParser::default().parse(raw) else { return Vec::new() };
    [message.to(), message.cc(), message.bcc()]
        .into_iter()
        .flatten()
        .flat_map(Address::iter)
        .filter_map(|address| address.address())
        .map(str::to_owned)
        .collect()
}

fn addresses(list: Option<&Address<'_>>) -> Vec<String> {
    list.map(|list| {
        list.iter()
            .filter_map(|address| {
                let mailbox = address.address()?;
                Some(match address.name() {
                    Some(name) => format!("{name} <{mailbox}>"),
                    None => mailbox.to_owned(),
                })
            })
            .collect()
    })
    .unwrap_or_default()
}
