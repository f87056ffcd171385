//! What the templates show.

use askama::Template;
use emulators::{
    ses::{Content, Envelope},
    sqs::Listed,
};
use serde_json::Value;

use super::acts::moment;
use crate::host::{Host, LastTick, QueueState};

#[derive(Template)]
#[template(path = "clock.html")]
pub(super) struct ClockPage {
    pub here: &'static str,
    pub now: String,
    pub today: String,
    pub offset: String,
    pub is_moved: bool,
    pub mails: usize,
    pub waiting: u64,
    pub dead: u64,
    pub last_tick: Option<TickView>,
}

#[derive(Template)]
#[template(path = "mails.html")]
pub(super) struct MailsPage {
    pub here: &'static str,
    pub mails: Vec<MailLine>,
}

pub(super) struct MailLine {
    pub id: String,
    pub at: String,
    pub to: String,
    pub subject: String,
}

impl MailLine {
    pub(super) fn of(envelope: Envelope) -> Self {
        Self {
            at: moment(envelope.at),
            to: envelope.destination.join(", "),
            subject: if envelope.subject.is_empty() { "(sans objet)".into() } else { envelope.subject },
            id: envelope.id,
        }
    }
}

#[derive(Template)]
#[template(path = "mail.html")]
pub(super) struct MailPage {
    pub here: &'static str,
    pub line: MailLine,
    pub tags: String,
    /// Absent when the MIME cannot be read.
    pub content: Option<MailContent>,
}

pub(super) struct MailContent {
    pub from: String,
    pub to: String,
    pub cc: String,
    pub reply_to: String,
    pub headers: Vec<(String, String)>,
    pub text: Vec<Piece>,
    pub has_html: bool,
    pub attachments: Vec<AttachmentLine>,
}

pub(super) struct AttachmentLine {
    pub file_name: String,
    pub media_type: String,
    pub size: String,
}

/// Text, or an address in it that can be followed.
pub(super) struct Piece {
    pub text: String,
    pub is_link: bool,
}

impl MailContent {
    pub(super) fn of(content: Content) -> Self {
        let attachments = content.attachments.into_iter().map(|attachment| AttachmentLine {
            size: size(attachment.bytes.len()),
            file_name: attachment.file_name,
            media_type: attachment.media_type,
        });
        Self {
            from: content.from.join(", "),
            to: content.to.join(", "),
            cc: content.cc.join(", "),
            reply_to: content.reply_to.join(", "),
            headers: content.headers,
            text: pieces(content.text.as_deref().unwrap_or_default()),
            has_html: content.html.is_some(),
            attachments: attachments.collect(),
        }
    }
}

fn size(bytes: usize) -> String {
    if bytes < 1024 { format!("{bytes} o") } else { format!("{} Ko", bytes.div_ceil(1024)) }
}

/// Cuts a text at its web addresses.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"'»".contains(c)).unwrap_or(from.len());
        let link = from[..end].trim_end_matches(['.', ',', ';', ')', '!', '?']);
        if !before.is_empty() {
            pieces.push(Piece { text: before.to_owned(), is_link: false });
        }
        pieces.push(Piece { text: link.to_owned(), is_link: true });
        rest = &from[link.len()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece { text: rest.to_owned(), is_link: false });
    }
    pieces
}

#[derive(Template)]
#[template(path = "queues.html")]
pub(super) struct QueuesPage {
    pub here: &'static str,
    pub queues: Vec<QueueView>,
}

pub(super) struct QueueView {
    pub name: String,
    pub title: &'static str,
    pub waiting: u64,
    pub in_flight: u64,
    pub delayed: u64,
    pub messages: Vec<MessageView>,
    pub dead: Vec<MessageView>,
}

pub(super) struct MessageView {
    pub id: String,
    pub at: String,
    pub received: u32,
    pub body: String,
}

impl QueueView {
    pub(super) fn of(state: QueueState, messages: Vec<Listed>, dead: Vec<Listed>) -> Self {
        Self {
            title: match state.name.as_str() {
                "pdf" => "Documents à mettre en page",
                "mailer" => "Messages à envoyer",
                "invoicing" => "Échéances à examiner",
                "sales" => "Chiffres de vente à tenir à jour",
                "purchases" => "Dépenses à faire ou à rapprocher",
                "mailer-events" => "Accusés d’envoi",
                "purchases-mail" => "Courrier reçu",
                _ => "File",
            },
            waiting: state.counts.waiting,
            in_flight: state.counts.in_flight,
            delayed: state.counts.delayed,
            messages: messages.into_iter().map(MessageView::of).collect(),
            dead: dead.into_iter().map(MessageView::of).collect(),
            name: state.name,
        }
    }
}

impl MessageView {
    fn of(message: Listed) -> Self {
        let readable = serde_json::from_str::<Value>(&message.body)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or(message.body);
        let at = jiff::Timestamp::from_millisecond(message.sent_at_ms).unwrap_or_default();
        Self { id: message.id, at: moment(at), received: message.received, body: readable }
    }
}

#[derive(Template)]
#[template(path = "schedule.html")]
pub(super) struct SchedulePage {
    pub here: &'static str,
    pub last_tick: Option<TickView>,
    pub every_seconds: u64,
    pub checkpoint: String,
}

pub(super) struct TickView {
    pub at: String,
    pub took_ms: u64,
    pub error: Option<String>,
}

impl TickView {
    pub(super) fn of(tick: LastTick) -> Self {
        Self { at: moment(tick.at), took_ms: tick.took_ms, error: tick.error }
    }
}

#[derive(Template)]
#[template(path = "faults.html")]
pub(super) struct FaultsPage {
    pub here: &'static str,
    pub services: Vec<ServiceView>,
}

pub(super) struct ServiceView {
    pub name: &'static str,
    pub title: &'static str,
    pub effect: &'static str,
    pub is_failing: bool,
}

impl ServiceView {
    pub(super) fn of(service: super::acts::Service, host: &Host) -> Self {
        use super::acts::Service;
        let (title, effect) = match service {
            Service::DynamoDb => ("La base (DynamoDB)", "Plus rien ne se lit ni ne s’écrit."),
            Service::S3 => (
                "Les fichiers (S3)",
                "Les PDF ne se rangent ni ne se téléchargent. Leur travail est repris, puis mis de côté après cinq essais.",
            ),
            Service::Sqs => ("Les files (SQS)", "Les événements restent dans la base et repartent ensuite."),
            Service::Ses => (
                "Le courrier (SES)",
                "Les messages attendent dans leur file. Leur envoi est repris, puis mis de côté après cinq essais.",
            ),
            Service::Stripe => (
                "Le paiement par carte (Stripe)",
                "Un client est renvoyé vers le virement. Un paiement déjà fait est constaté ensuite.",
            ),
        };
        Self { name: service.name(), title, effect, is_failing: service.faults(host).is_failing() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_mail_can_be_followed() {
        let found: Vec<_> = pieces("Voir http://127.0.0.1:8787/a?b=c. Merci\n(https://x.test)")
            .into_iter()
            .map(|piece| (piece.text, piece.is_link))
            .collect();
        let expected = [
            ("Voir ", false),
            ("http://127.0.0.1:8787/a?b=c", true),
            (". Merci\n(", false),
            ("https://x.test", true),
            (")", false),
        ];
        assert_eq!(found, expected.map(|(text, is_link)| (text.to_owned(), is_link)));
    }
}
