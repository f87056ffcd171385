//! What arrives where mail goes.

use emulators::ses::{Content, Envelope};

use super::{PATIENCE, Stage};
use crate::company::mails;

impl Stage {
    /// The newest mail to an address, once everything that was asked for is sent.
    pub async fn mail_to(&self, address: &str) -> (Envelope, Content) {
        self.system.idle(PATIENCE).await.expect("the mails are sent");
        mails(&self.system, "")
            .into_iter()
            .find(|(envelope, _)| envelope.destination.iter().any(|to| to == address))
            .unwrap_or_else(|| panic!("no mail to {address}"))
    }

    /// The link of one use in the newest mail to an address.
    pub async fn link_to(&self, address: &str) -> String {
        let (envelope, content) = self.mail_to(address).await;
        let text = content.text.expect("a text");
        let link = text.split_whitespace().find(|word| word.contains("?jeton="));
        link.unwrap_or_else(|| panic!("no link in “{}”", envelope.subject)).to_owned()
    }

    /// The link to a document in the newest mail whose subject begins so.
    pub async fn document_link(&self, subject: &str) -> String {
        self.system.idle(PATIENCE).await.expect("the mails are sent");
        let (envelope, content) = mails(&self.system, subject).into_iter().next().expect("such a mail");
        let text = content.text.expect("a text");
        let link = text.split_whitespace().find(|word| word.contains("/portail?lien="));
        link.unwrap_or_else(|| panic!("no link in “{}”", envelope.subject)).to_owned()
    }

    /// The link to all documents of a client, in the newest mail that has one.
    pub async fn access_link(&self) -> String {
        self.system.idle(PATIENCE).await.expect("the mails are sent");
        let (_, content) = mails(&self.system, "Vos documents").into_iter().next().expect("such a mail");
        let text = content.text.expect("a text");
        text.split_whitespace().find(|word| word.contains("?acces=")).expect("a link").to_owned()
    }
}
