//! A mail, taken apart: who says they sent it, and what is attached that may be an invoice. Whatever comes is hostile until it is
//! read. Pure.

use kernel::legal;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use web::file::name_of;

/// How many parts a mail has. Each says what it is, and so is counted before anything is built of it: parts may nest, and what
/// nests without end ends the process that lets it go.
const PARTS_MAX: usize = 200;
/// How deep mails are attached to mails: what was forwarded, once and again.
const DEPTH_MAX: usize = 3;
/// How many files of one mail are taken for invoices.
pub const FILES_MAX: usize = 20;
const FROM_MAX: usize = 254;
const SUBJECT_MAX: usize = 200;

#[derive(Debug, PartialEq, Eq)]
pub struct Mail {
    /// The same for the same mail: of its Message-ID, or of all of it where it has none.
    pub mark: String,
    pub from: String,
    pub subject: String,
    /// In their order; more than [`FILES_MAX`] are left out and counted.
    pub files: Vec<File>,
    pub left_out: usize,
    /// Attachments that no invoice comes as.
    pub others: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Why nothing of a mail is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    NoMail,
    TooManyParts,
}

impl Unreadable {
    pub fn french(self) -> String {
        match self {
            Self::NoMail => "Ce message n’a pas pu être lu.".into(),
            Self::TooManyParts => format!("Ce message a trop de parties\u{a0}: {PARTS_MAX} au plus."),
        }
    }
}

pub fn mark(text: &[u8]) -> String {
    hex::encode(Sha256::digest(text))
}

fn count(bytes: &[u8], word: &[u8]) -> usize {
    bytes.windows(word.len()).filter(|window| window.eq_ignore_ascii_case(word)).count()
}

pub fn read(bytes: &[u8]) -> Result<Mail, Unreadable> {
    if count(bytes, b"content-type") > PARTS_MAX {
        return Err(Unreadable::TooManyParts);
    }
    let message = MessageParser::default().parse(bytes).ok_or(Unreadable::NoMail)?;
    let told = message.message_id().map(str::trim).filter(|id| !id.is_empty());
    let text = |text: Option<&str>, max: usize| -> String {
        let one_line = text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        legal::text(&one_line, usize::MAX).unwrap_or_default().chars().take(max).collect()
    };
    let sender = message.from().and_then(|from| from.first()).and_then(|from| from.address());
    let mut mail = Mail {
        mark: mark(told.map_or(bytes, str::as_bytes)),
        from: text(sender, FROM_MAX),
        subject: text(message.subject(), SUBJECT_MAX),
        files: Vec::new(),
        left_out: 0,
        others: 0,
    };
    walk(&message, 0, &mut mail);
    Ok(mail)
}

fn walk(message: &Message<'_>, depth: usize, mail: &mut Mail) {
    for part in &message.parts {
        match &part.body {
            PartType::Multipart(_) => {}
            PartType::Message(nested) if depth < DEPTH_MAX => walk(nested, depth + 1, mail),
            PartType::Message(_) => mail.others += 1,
            PartType::Text(_) | PartType::Html(_) | PartType::Binary(_) | PartType::InlineBinary(_) => {
                let bytes = part.contents();
                if !is_invoice(part, bytes) {
                    mail.others += usize::from(part.attachment_name().is_some());
                } else if mail.files.len() < FILES_MAX {
                    let name = part.attachment_name().unwrap_or_default();
                    mail.files.push(File { name: name_of(name, &["pdf", "xml"]), bytes: bytes.to_vec() });
                } else {
                    mail.left_out += 1;
                }
            }
        }
    }
}

/// A PDF by its content; an XML by that and by what it is said to be, for a text may begin with `<` as well.
fn is_invoice(part: &MessagePart<'_>, bytes: &[u8]) -> bool {
    let is_pdf = bytes.starts_with(b"%PDF-");
    let named_xml = part.attachment_name().is_some_and(|name| name.trim().to_ascii_lowercase().ends_with(".xml"));
    let subtype = part.content_type().and_then(|of| of.subtype()).unwrap_or_default().to_ascii_lowercase();
    let said_xml = named_xml || subtype == "xml" || subtype.ends_with("+xml");
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf\xff\xfe\0".contains(byte));
    is_pdf || (said_xml && begins == Some(&b'<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(parts: &str) -> String {
        format!(
            "Message-ID: <a@papeterie.example>\r\nFrom: \"La Papeterie\" <Facturation@papeterie.example>\r\n\
             Subject: =?utf-8?q?Votre_facture_n=C2=B0_12?=\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n"
        )
    }

    fn part(kind: &str, name: &str, body: &str) -> String {
        format!("--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{body}\r\n")
    }

    #[test]
    fn what_may_be_an_invoice_is_found_and_the_rest_is_counted() {
        let text = "--b\r\nContent-Type: text/html\r\n\r\n<p>Bonjour</p>\r\n";
        let parts = [
            text.to_owned(),
            part("application/pdf", "../Facture 12.pdf", "%PDF-1.7 x"),
            part("application/octet-stream", "facture.XML", "<Invoice/>"),
            part("text/xml", "", "\u{feff}<Invoice/>"),
            part("image/png", "logo.png", "PNG"),
            part("text/plain", "note.txt", "<not an invoice>"),
        ];
        let read = read(mail(&parts.concat()).as_bytes()).unwrap();
        assert_eq!(
            (read.from.as_str(), read.subject.as_str()),
            ("Facturation@papeterie.example", "Votre facture n° 12")
        );
        let names: Vec<_> = read.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!((names, read.others, read.left_out), (vec!["Facture 12", "facture", "Fichier"], 2, 0));
        assert_eq!(read.files[0].bytes, b"%PDF-1.7 x");
        assert_eq!(read.mark, mark(b"a@papeterie.example"));
    }

    #[test]
    fn what_was_forwarded_is_looked_into_and_not_without_end() {
        let inner = mail(&part("application/pdf", "f.pdf", "%PDF-1.7 x"));
        let forwarded = |inner: &str, boundary: &str| {
            let inner = inner.replace("boundary=b", "boundary=i").replace("--b", "--i");
            mail(&format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n"))
                .replace("boundary=b", &format!("boundary={boundary}"))
                .replace("--b", &format!("--{boundary}"))
        };
        assert_eq!(read(forwarded(&inner, "c").as_bytes()).unwrap().files.len(), 1);
        let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(PARTS_MAX + 1);
        assert_eq!(read(nested.as_bytes()), Err(Unreadable::TooManyParts));
        // As many as there may be end well, and what is too deep in them is not looked at.
        let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(PARTS_MAX - 10);
        assert!(read(format!("{deep}{inner}").as_bytes()).unwrap().files.is_empty());
        let many: String =
            (0..FILES_MAX + 3).map(|n| part("application/pdf", &format!("{n}.pdf"), "%PDF-1.7")).collect();
        let read_many = read(mail(&many).as_bytes()).unwrap();
        assert_eq!((read_many.files.len(), read_many.left_out), (FILES_MAX, 3));
    }

    #[test]
    fn nonsense_is_no_mail_and_stops_nobody() {
        assert_eq!(read(b""), Err(Unreadable::NoMail));
        for bytes in
            [b"\0\0\0\0".as_slice(), b"From: <", b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--\r\n"]
        {
            if let Ok(mail) = read(bytes) {
                assert!(mail.files.is_empty());
            }
        }
        // Two mails without a Message-ID are two.
        let without = |text: &str| read(format!("Subject: {text}\r\n\r\nx").as_bytes()).unwrap().mark;
        assert_ne!(without("a"), without("b"));
        assert_eq!(without("a"), without("a"));
    }
}
