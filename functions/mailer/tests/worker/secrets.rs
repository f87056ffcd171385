//! Mails with a link of one use: what leaves, what stays, and what is said of it.

use kernel::{
    id::MailId,
    mail::{Mail, MailState},
};
use table::{TenantKeys, item::golden, shared::OwnedMail};

use crate::{
    log,
    parts::{Parts, failed, invitation_owner, invitation_requested, mail, organization, requested, sent_event},
};

const SECRET: &str = "mJ3-x_Zq7~hunter2.";

fn purpose() -> String {
    Mail::secret_purpose(organization(), mail())
}

#[tokio::test]
async fn a_mail_leaves_with_its_secret_and_the_item_keeps_none_of_it() {
    let (log, guard) = log::start();
    let parts = Parts::start().await;
    parts.write_invitation(&purpose(), SECRET).await;
    // A failure on the way must neither lose nor tell it.
    parts.ses.faults().fail_next(1);
    assert_eq!(failed(&parts.deliver(invitation_requested()).await).len(), 1);
    assert!(parts.invitation_mail().await.secret.is_some());
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(invitation_requested()).await), [""; 0]);
    }

    let mails = parts.ses.mails(10).unwrap();
    assert_eq!(mails.len(), 1);
    let sent = parts.ses.mail(&mails[0].id).unwrap().unwrap();
    let content = sent.content().unwrap();
    let kind = &content.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")).unwrap().1;
    assert!(kind.starts_with("multipart/alternative"), "{kind}");
    let link = format!("https://app.example.fr/i/{SECRET}");
    assert_eq!(content.text.unwrap().replace("\r\n", "\n"), format!("Bonjour,\n\n{link}\n"));
    assert_eq!(content.html.unwrap(), format!("<p>Bonjour,</p><a href=\"{link}\">Rejoindre</a> {SECRET}"));
    let owner: Vec<_> = mails[0].tags.iter().filter(|tag| tag.name == "owner").map(|tag| tag.value.as_str()).collect();
    assert_eq!(owner, ["itn_01KAN8V3T0000000000NV1TE01"]);

    let kept = parts.invitation_mail().await;
    assert!(matches!(kept.state, MailState::Sent { .. }));
    assert_eq!(kept.secret, None);
    assert!(kept.text.contains("/i/{secret}") && kept.html.unwrap().contains("/i/{secret}"));
    drop(guard);
    assert!(log.text().contains("failed"), "{}", log.text());
    assert!(!log.text().contains("hunter2"), "{}", log.text());
}

#[tokio::test]
async fn the_event_of_ses_alone_makes_the_secret_forgotten() {
    let parts = Parts::start().await;
    parts.write_invitation(&purpose(), SECRET).await;
    let mut event = sent_event();
    event["detail"]["mail"]["tags"]["owner"][0] = "itn_01KAN8V3T0000000000NV1TE01".into();
    mailer::sent::handle(parts.deps.clone(), event).await.unwrap();
    assert_eq!(parts.invitation_mail().await.secret, None);
}

#[tokio::test]
async fn a_secret_of_another_mail_or_tenant_does_not_leave() {
    let (log, guard) = log::start();
    let another: MailId = "mel_01KAN8V3T0000000000MA10002".parse().unwrap();
    for purpose in [
        Mail::secret_purpose(organization(), another),
        Mail::secret_purpose("org_01KAN8V3T0ABSERV1CEDEM0001".parse().unwrap(), mail()),
        "totp".into(),
    ] {
        let parts = Parts::start().await;
        parts.write_invitation(&purpose, SECRET).await;
        assert_eq!(failed(&parts.deliver(invitation_requested()).await).len(), 1);
        assert_eq!(parts.ses.mails(10).unwrap().len(), 0);
        assert_eq!(parts.invitation_mail().await.state, MailState::Waiting);
    }
    drop(guard);
    assert!(log.text().contains("could not be opened"), "{}", log.text());
}

#[tokio::test]
async fn a_secret_that_does_not_fit_into_a_link_does_not_leave() {
    let (log, guard) = log::start();
    let parts = Parts::start().await;
    parts.write_invitation(&purpose(), "hunter2\"><script>").await;
    assert_eq!(failed(&parts.deliver(invitation_requested()).await).len(), 1);
    assert_eq!(parts.ses.mails(10).unwrap().len(), 0);
    drop(guard);
    assert!(!log.text().contains("hunter2"), "{}", log.text());
}

/// Pinned: keys, expiry, attributes.
#[tokio::test]
async fn the_mail_of_an_invitation_is_stored_for_thirty_days() {
    let parts = Parts::start().await;
    parts.write_invitation(&purpose(), SECRET).await;
    let mut mail = parts.invitation_mail().await;
    mail.secret = Some(kernel::Sealed::from_bytes(b"sealed".to_vec()));
    let owned = OwnedMail { owner: invitation_owner(), mail };
    insta::assert_json_snapshot!(golden(&owned, TenantKeys::of(organization())).unwrap());
}

#[tokio::test]
async fn a_link_to_the_document_is_drawn_as_the_mail_leaves_and_kept_by_nobody() {
    let (log, guard) = log::start();
    let parts = Parts::start().await;
    parts.write_with_link().await;
    parts.ses.faults().fail_next(1);
    assert_eq!(failed(&parts.deliver(requested()).await).len(), 1);
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    }
    let mails = parts.ses.mails(10).unwrap();
    assert_eq!(mails.len(), 1);
    let text = parts.ses.mail(&mails[0].id).unwrap().unwrap().content().unwrap().text.unwrap();
    let link = text.split("/portail?lien=").nth(1).unwrap().trim();
    let claim = cloud::LinkClaim::read(link).unwrap();
    assert_eq!(claim.organization, organization());
    // One link for one mail, whose last attempt counts.
    let links = parts.links().await;
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].id, &links[0].hash, links[0].mail), (claim.link, &claim.hash, Some(mail())));
    assert!(links[0].is_open_at(links[0].created_at));
    drop(guard);
    // Organization, owner, link, secret: which may hold the sign that stands between them.
    let secret = link.splitn(5, '_').last().unwrap();
    assert!(secret.len() > 20 && !log.text().contains(secret), "{}", log.text());
}
