//! Handing a mail to SES, as raw MIME with its attachments.

use aws_sdk_sesv2::{
    Client,
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};
use kernel::{
    Error, Result,
    mail::{Mail, Mailbox},
};
use mail_builder::{MessageBuilder, headers::address::Address};

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

impl MailSender {
    pub(crate) fn new(shared: &aws_config::SdkConfig, from: String, configuration_set: Option<String>) -> Self {
        // SES has no idempotency token: what is not known to be sent is looked up in its events, not sent again.
        let configuration = aws_sdk_sesv2::config::Builder::from(shared)
            .retry_config(aws_sdk_sesv2::config::retry::RetryConfig::disabled())
            .build();
        Self { client: Client::from_conf(configuration), from, configuration_set }
    }

    /// Sends it and gives SES's message id.
    pub async fn send(&self, outgoing: Outgoing<'_>) -> Result<String> {
        let raw = self.mime(&outgoing)?;
        let tags = outgoing
            .tags
            .iter()
            .map(|(name, value)| MessageTag::builder().name(*name).value(value).build())
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(Error::internal)?;
        let raw = RawMessage::builder().data(Blob::new(raw)).build().map_err(Error::internal)?;
        let answer = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(&outgoing.mail.to.address).build())
            .content(EmailContent::builder().raw(raw).build())
            .set_email_tags(Some(tags))
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await
            .map_err(table::failure)?;
        answer.message_id.ok_or_else(|| Error::internal("SES gave no message id"))
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
            .text_body(mail.text.as_str());
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

fn address(mailbox: &Mailbox) -> Address<'_> {
    Address::new_address(mailbox.name.as_deref(), mailbox.address.as_str())
}
