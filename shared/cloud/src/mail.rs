//! Handing a mail to SES, as raw MIME: its words as text and HTML, its attachments.
//!
//! The secret of a mail is put in here and nowhere before, so that nothing that can be stored or shown holds it.
//! SES's own words are never passed on: they quote the address that it dislikes, and what is passed on is logged.

use std::{borrow::Cow, time::Duration};

use aws_sdk_sesv2::{
    Client,
    config::timeout::TimeoutConfig,
    error::{ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};
use kernel::{
    Error, Result,
    mail::{Mail, Mailbox, SECRET_PLACEHOLDER},
};
use mail_builder::{MessageBuilder, headers::address::Address};
use secrecy::{ExposeSecret, SecretString};

/// SES takes a mail in a fraction of a second; beyond this we no longer know whether it did.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub struct MailSender {
    client: Client,
    from: String,
    configuration_set: Option<String>,
}

/// A mail with its attachments fetched.
#[derive(Debug)]
pub struct Outgoing<'a> {
    pub mail: &'a Mail,
    /// What the mail's own sealed secret opened to.
    pub secret: Option<SecretString>,
    pub attachments: Vec<OutgoingAttachment>,
    /// Given back in SES's events, so that a mail whose sender died can be recognised as sent.
    pub tags: Vec<(&'static str, String)>,
    pub at: jiff::Timestamp,
}

#[derive(Debug)]
pub struct OutgoingAttachment {
    pub file_name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// What is known of a mail that SES did not confirm.
#[derive(Debug)]
pub enum NotSent {
    /// SES answered that it did not take it, or it never left: it may be tried again at once.
    Refused(Error),
    /// There was no answer: SES may have it.
    Unknown(Error),
}

impl MailSender {
    pub(crate) fn new(shared: &aws_config::SdkConfig, from: String, configuration_set: Option<String>) -> Self {
        // SES has no idempotency token: what is not known to be sent is looked up in its events, not sent again.
        let configuration = aws_sdk_sesv2::config::Builder::from(shared)
            .retry_config(aws_sdk_sesv2::config::retry::RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(ANSWERS_WITHIN).build())
            .build();
        Self { client: Client::from_conf(configuration), from, configuration_set }
    }

    /// Sends it and gives SES's message id.
    pub async fn send(&self, outgoing: Outgoing<'_>) -> std::result::Result<String, NotSent> {
        let (content, tags) = self.parts(&outgoing).map_err(NotSent::Refused)?;
        let answer = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(&outgoing.mail.to.address).build())
            .content(content)
            .set_email_tags(Some(tags))
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await
            .map_err(not_sent)?;
        answer.message_id.ok_or_else(|| NotSent::Unknown(Error::internal("SES gave no message id")))
    }

    fn parts(&self, outgoing: &Outgoing<'_>) -> Result<(EmailContent, Vec<MessageTag>)> {
        let tags = outgoing
            .tags
            .iter()
            .map(|(name, value)| MessageTag::builder().name(*name).value(value).build())
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(Error::internal)?;
        let raw = RawMessage::builder().data(Blob::new(self.mime(outgoing)?)).build().map_err(Error::internal)?;
        Ok((EmailContent::builder().raw(raw).build(), tags))
    }

    fn mime(&self, outgoing: &Outgoing<'_>) -> Result<Vec<u8>> {
        let mail = outgoing.mail;
        let domain = self.from.split_once('@').map_or("abservice.example", |(_, domain)| domain);
        let mut message = MessageBuilder::new()
            .from((mail.from_name.as_str(), self.from.as_str()))
            .to(address(&mail.to))
            .subject(mail.subject.as_str())
            .message_id(format!("{}@{domain}", mail.id))
            .date(outgoing.at.as_second())
            .text_body(outgoing.filled(&mail.text)?);
        if let Some(html) = &mail.html {
            message = message.html_body(outgoing.filled(html)?);
        }
        if let Some(reply_to) = &mail.reply_to {
            message = message.reply_to(address(reply_to));
        }
        for attachment in &outgoing.attachments {
            message = message.attachment(
                attachment.media_type.as_str(),
                attachment.file_name.as_str(),
                attachment.bytes.as_slice(),
            );
        }
        message.write_to_vec().map_err(Error::internal)
    }
}

impl Outgoing<'_> {
    /// The words with the secret in its place.
    fn filled<'a>(&self, words: &'a str) -> Result<Cow<'a, str>> {
        let Some(secret) = &self.secret else { return Ok(words.into()) };
        let secret = secret.expose_secret();
        // It goes into links as it is: RFC 3986's unreserved characters need no escaping, there or in HTML.
        if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
            return Err(Error::internal("the secret of a mail does not fit into a link"));
        }
        Ok(words.replace(SECRET_PLACEHOLDER, secret).into())
    }
}

fn address(mailbox: &Mailbox) -> Address<'_> {
    Address::new_address(mailbox.name.as_deref(), mailbox.address.as_str())
}

fn not_sent(error: SdkError<SendEmailError>) -> NotSent {
    match error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let code = answer.err().code().unwrap_or("without a code");
            let detail = format!("SES answered {status} {code}");
            let passing = status >= 500 || matches!(code, "TooManyRequestsException" | "LimitExceededException");
            let error = if passing { Error::Unavailable { detail } } else { Error::Internal { detail } };
            // Somebody between us gave up waiting: not an answer of SES.
            if status == 504 { NotSent::Unknown(error) } else { NotSent::Refused(error) }
        }
        SdkError::ConstructionFailure(_) => NotSent::Refused(Error::internal("the request to SES could not be built")),
        SdkError::TimeoutError(_) => NotSent::Unknown(Error::unavailable("SES did not answer in time")),
        SdkError::DispatchFailure(_) => NotSent::Unknown(Error::unavailable("the connection to SES failed")),
        _ => NotSent::Unknown(Error::unavailable("the answer of SES could not be read")),
    }
}
