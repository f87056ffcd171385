//! A table, a bucket, an SES, and the mail that the events are about.

use aws_lambda_events::sqs::SqsBatchResponse;
use cloud::{Config, Deps, Endpoints};
use emulators::{DynamoDb, S3, Ses, s3::Credentials};
use kernel::{
    Actor, Clock, Tenant,
    event::Owner,
    id::{InvitationId, MailId, OrganizationId},
    mail::{Attachment, Fate, Mail, MailState, Mailbox},
};
use serde_json::Value;
use table::{
    Key, Scope,
    shared::{DocumentLink, OwnedMail},
};

pub const ADDRESS: &str = "compta@dupre.example";
pub const S3_KEY: &str = "ORG/01KAN8V3T0ABSERV1CEDEM0000/invoices/01KAN8V3T00000000001NV0001/FAC-2026-0001.pdf";

pub fn requested() -> Value {
    serde_json::from_str(include_str!("../../../../events/mailer/mail_requested.json")).unwrap()
}

/// The same for the mail of [`Parts::write_invitation`].
pub fn invitation_requested() -> Value {
    let mut event = requested();
    let body = event["Records"][0]["body"].as_str().unwrap();
    let invoice = r#"{"kind":"invoice","id":"inv_01KAN8V3T00000000001NV0001"}"#;
    assert!(body.contains(invoice));
    event["Records"][0]["body"] =
        body.replace(invoice, &format!(r#"{{"kind":"invitation","id":"{}"}}"#, invitation())).into();
    event
}

pub fn poison() -> Value {
    serde_json::from_str(include_str!("../../../../events/mailer/poison.json")).unwrap()
}

pub fn sent_event() -> Value {
    serde_json::from_str(include_str!("../../../../events/mailer-events/email_sent.json")).unwrap()
}

pub fn failed(response: &SqsBatchResponse) -> Vec<&str> {
    response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect()
}

pub struct Parts {
    pub dynamodb: DynamoDb,
    pub s3: S3,
    pub ses: Ses,
    pub clock: Clock,
    pub deps: Deps,
}

impl Parts {
    pub async fn start() -> Self {
        crate::log::listen();
        let config = Config::local();
        let credentials =
            Credentials { access_key: cloud::LOCAL_ACCESS_KEY.into(), secret_key: cloud::LOCAL_SECRET_KEY.into() };
        let clock = Clock::fixed("2026-11-22T09:00:01Z".parse().unwrap());
        let dynamodb = DynamoDb::start(None).await.unwrap();
        let s3 = S3::start(None, &config.bucket_name, &credentials).await.unwrap();
        let now = clock.clone();
        let ses = Ses::start(None, std::sync::Arc::new(move || now.now())).await.unwrap();
        let deps = deps(&dynamodb, &s3, ses.endpoint(), &clock);
        deps.table.create_if_absent().await.unwrap();
        Self { dynamodb, s3, ses, clock, deps }
    }

    pub fn deps_with_ses(&self, endpoint: &str) -> Deps {
        deps(&self.dynamodb, &self.s3, endpoint, &self.clock).with_vault(self.deps.vault.clone())
    }

    pub async fn deliver(&self, event: Value) -> SqsBatchResponse {
        Self::deliver_to(self.deps.clone(), event).await
    }

    pub async fn deliver_to(deps: Deps, event: Value) -> SqsBatchResponse {
        mailer::handle(deps, serde_json::from_value(event).unwrap()).await.unwrap()
    }

    fn scope(&self) -> Scope {
        self.deps.table.scope(Tenant::proven(organization(), Actor::System { name: "test".into() }))
    }

    /// What the acts of invoicing and the renderer wrote.
    pub async fn write(&self, address: &str) {
        self.deps.files.put(S3_KEY, b"%PDF-".to_vec(), "application/pdf").await.unwrap();
        self.write_without_document(address).await;
    }

    /// The document with further files.
    pub async fn write_beside(&self, files: &[(&str, &str, Vec<u8>)]) {
        self.deps.files.put(S3_KEY, b"%PDF-".to_vec(), "application/pdf").await.unwrap();
        let mut attachments = Vec::new();
        for (place, (file_name, media_type, bytes)) in files.iter().enumerate() {
            let s3_key = format!("{S3_KEY}-{place}");
            self.deps.files.put(&s3_key, bytes.clone(), media_type).await.unwrap();
            attachments.push(Attachment { s3_key, file_name: (*file_name).into(), media_type: (*media_type).into() });
        }
        let mut mail = written(ADDRESS);
        mail.attachments.extend(attachments);
        self.create(&OwnedMail { owner: owner(), mail }).await;
    }

    pub async fn write_without_document(&self, address: &str) {
        self.create(&OwnedMail { owner: owner(), mail: written(address) }).await;
    }

    /// What accounts writes: a link of one use, its secret sealed for `purpose`.
    pub async fn write_invitation(&self, purpose: &str, secret: &str) {
        let mail = Mail {
            id: mail(),
            to: Mailbox { name: None, address: ADDRESS.into() },
            reply_to: None,
            from_name: "Ateliers Martin".into(),
            subject: "Rejoignez Ateliers Martin".into(),
            text: "Bonjour,\n\nhttps://app.example.fr/i/{secret}\n".into(),
            html: Some("<p>Bonjour,</p><a href=\"https://app.example.fr/i/{secret}\">Rejoindre</a> {secret}".into()),
            secret: Some(self.deps.vault.seal(purpose, secret.as_bytes()).await.unwrap()),
            gives_link: false,
            attachments: Vec::new(),
            state: MailState::Waiting,
            fate: Fate::default(),
        };
        self.create(&OwnedMail { owner: invitation_owner(), mail }).await;
    }

    /// What invoicing writes: a mail that brings a link to its document.
    pub async fn write_with_link(&self) {
        let words = "Bonjour,\n\n{site}/portail?lien={secret}\n";
        let mail = Mail {
            id: mail(),
            to: Mailbox { name: None, address: ADDRESS.into() },
            reply_to: None,
            from_name: "Ateliers Martin".into(),
            subject: "Facture FAC-2026-0001".into(),
            text: words.into(),
            html: Some(format!("<p>{words}</p>")),
            secret: None,
            gives_link: true,
            attachments: Vec::new(),
            state: MailState::Waiting,
            fate: Fate::default(),
        };
        self.create(&OwnedMail { owner: owner(), mail }).await;
    }

    /// The links of the document.
    pub async fn links(&self) -> Vec<DocumentLink> {
        let scope = self.scope();
        let found = scope.collection(&scope.keys().document_links(owner())).await.unwrap();
        found.all::<DocumentLink>().unwrap().into_iter().map(|link| link.value).collect()
    }

    async fn create(&self, owned: &OwnedMail) {
        let scope = self.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "mail");
                transaction.create(owned);
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }

    pub async fn invitation_mail(&self) -> Mail {
        let key = self.scope().keys().mail(invitation_owner(), mail());
        self.scope().get::<OwnedMail>(&key).await.unwrap().unwrap().value.mail
    }

    fn key(&self) -> Key {
        self.scope().keys().mail(owner(), mail())
    }

    pub async fn state(&self) -> MailState {
        self.scope().get::<OwnedMail>(&self.key()).await.unwrap().unwrap().value.mail.state
    }

    pub async fn fate(&self) -> Fate {
        self.scope().get::<OwnedMail>(&self.key()).await.unwrap().unwrap().value.mail.fate
    }

    pub async fn overwrite(&self, state: MailState) {
        let scope = self.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "mail");
                let read = scope.get::<OwnedMail>(&self.key()).await?.unwrap();
                let mut owned = read.value.clone();
                owned.mail.state = state.clone();
                transaction.update(&read, &owned);
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }
}

/// A mail with its document.
fn written(address: &str) -> Mail {
    Mail {
        id: mail(),
        to: Mailbox { name: Some("Hélène Garnier".into()), address: address.into() },
        reply_to: None,
        from_name: "Ateliers Martin".into(),
        subject: "Facture FAC-2026-0001".into(),
        text: "Bonjour,\n\nVotre facture est jointe.\n".into(),
        html: None,
        secret: None,
        gives_link: false,
        attachments: vec![Attachment {
            s3_key: S3_KEY.into(),
            file_name: "FAC-2026-0001.pdf".into(),
            media_type: "application/pdf".into(),
        }],
        state: MailState::Waiting,
        fate: Fate::default(),
    }
}

fn deps(dynamodb: &DynamoDb, s3: &S3, ses: &str, clock: &Clock) -> Deps {
    let endpoints = Endpoints {
        dynamodb: dynamodb.endpoint().into(),
        s3: s3.endpoint().into(),
        // This worker never speaks to it.
        sqs: "http://127.0.0.1:9".into(),
        ses: ses.into(),
        cards: "http://127.0.0.1:9".into(),
    };
    Deps::local(&endpoints, clock.clone(), Config::local())
}

pub fn organization() -> OrganizationId {
    "org_01KAN8V3T0ABSERV1CEDEM0000".parse().unwrap()
}

fn invitation() -> InvitationId {
    "itn_01KAN8V3T0000000000NV1TE01".parse().unwrap()
}

pub fn invitation_owner() -> Owner {
    Owner::Invitation(invitation())
}

fn owner() -> Owner {
    Owner::Invoice("inv_01KAN8V3T00000000001NV0001".parse().unwrap())
}

pub fn mail() -> MailId {
    "mel_01KAN8V3T0000000000MA10001".parse().unwrap()
}
