//! The tags that a mail carries through SES, so that its events name the item that they are about. SES allows
//! only `[A-Za-z0-9_-]` in them, which our ids are made of.

use std::collections::HashMap;

use kernel::{
    event::Owner,
    id::{MailId, OrganizationId},
};

const ORGANIZATION: &str = "organization";
const OWNER: &str = "owner";
const MAIL: &str = "mail";

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tags {
    pub organization: OrganizationId,
    pub owner: Owner,
    pub mail: MailId,
}

impl Tags {
    pub fn write(self) -> Vec<(&'static str, String)> {
        vec![
            (ORGANIZATION, self.organization.to_string()),
            (OWNER, self.owner.to_string()),
            (MAIL, self.mail.to_string()),
        ]
    }

    /// As an event of SES has them, among its own; `None` where ours are not all there.
    pub fn read(tags: &HashMap<String, Vec<String>>) -> Option<Self> {
        let tag = |name| tags.get(name).and_then(|values| values.first());
        Some(Self {
            organization: tag(ORGANIZATION)?.parse().ok()?,
            owner: tag(OWNER)?.parse().ok()?,
            mail: tag(MAIL)?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{CreditNoteId, InvitationId, InvoiceId, QuoteId, SelfBilledId, UserId};

    use super::*;

    #[test]
    fn tags_read_back_and_hold_only_what_ses_allows() {
        let now = Timestamp::UNIX_EPOCH;
        for owner in [
            Owner::Invoice(InvoiceId::new(now, 1)),
            Owner::Quote(QuoteId::new(now, 2)),
            Owner::CreditNote(CreditNoteId::new(now, 7)),
            Owner::SelfBilled(SelfBilledId::new(now, 8)),
            Owner::User(UserId::new(now, 5)),
            Owner::Invitation(InvitationId::new(now, 6)),
        ] {
            let tags = Tags { organization: OrganizationId::new(now, 3), owner, mail: MailId::new(now, 4) };
            let written = tags.write();
            let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            assert!(written.iter().all(|(name, value)| name.chars().chain(value.chars()).all(allowed)), "{written:?}");
            let mut event: HashMap<_, _> =
                written.into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
            event.insert("ses:operation".into(), vec!["SendEmail".into()]);
            assert_eq!(Tags::read(&event), Some(tags));
        }
    }

    #[test]
    fn a_mail_that_is_not_ours_has_no_tags_of_ours() {
        assert_eq!(Tags::read(&HashMap::new()), None);
        let wrong = [(ORGANIZATION, "org_x"), (OWNER, "inv_x"), (MAIL, "mel_x")];
        let wrong = wrong.into_iter().map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect();
        assert_eq!(Tags::read(&wrong), None);
    }
}
