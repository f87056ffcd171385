//! A table, a bucket, an SES, and the mail that the events are about.

use aws_lambda_events::sqs::SqsBatchResponse;
use cloud::{Config, Deps, Endpoints};
use emulators::{DynamoDb, S3, Ses, s3::Credentials};
use kernel::{
    Actor, Clock, Tenant,
    event::Owner,
    id::{MailId, OrganizationId},
    mail::{Attachment, Mail, MailState, Mailbox},
};
use serde_json::Value;
use table::{Key, Scope, shared::OwnedMail};

pub const ADDRESS: &str = "compta@dupre.example";
pub const S3_KEY: &str = "ORG/01KAN8V3T0ABSERV1CEDEM0000/invoices/01KAN8V3T00000000001NV0001/FAC-2026-0001.pdf";

pub fn requested() -> Value {
    serde_json::from_str(include_str!("../../../../events/mailer/mail_requested.json")).unwrap()
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
        deps(&self.dynamodb, &self.s3, endpoint, &self.clock)
    }

    pub async fn deliver(&self, event: Value) -> SqsBatchResponse {
        Self::deliver_to(self.deps.clone(), event).await
    }

    pub async fn deliver_to(deps: Deps, event: Value) -> SqsBatchResponse {
        mailer::handle(deps, serde_json::from_value(event).unwrap()).await.unwrap()
    }

    fn scope(&self) -> Scope {
        let organization: OrganizationId = "org_01KAN8V3T0ABSERV1CEDEM0000".parse().unwrap();
        self.deps.table.scope(Tenant::proven(organization, Actor::System { name: "test".into() }))
    }

    /// What the acts of invoicing and the renderer wrote.
    pub async fn write(&self, address: &str) {
        self.deps.files.put(S3_KEY, b"%PDF-".to_vec(), "application/pdf").await.unwrap();
        self.write_without_document(address).await;
    }

    pub async fn write_without_document(&self, address: &str) {
        let mail = Mail {
            id: mail(),
            to: Mailbox { name: Some("Hélène Garnier".into()), address: address.into() },
            reply_to: None,
            from_name: "Ateliers Martin".into(),
            subject: "Facture FAC-2026-0001".into(),
            text: "Bonjour,\n\nVotre facture est jointe.\n".into(),
            attachments: vec![Attachment {
                s3_key: S3_KEY.into(),
                file_name: "FAC-2026-0001.pdf".into(),
                media_type: "application/pdf".into(),
            }],
            state: MailState::Waiting,
        };
        let scope = self.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "mail");
                transaction.create(&OwnedMail { owner: owner(), mail: mail.clone() });
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }

    fn key(&self) -> Key {
        self.scope().keys().mail(owner(), mail())
    }

    pub async fn state(&self) -> MailState {
        self.scope().get::<OwnedMail>(&self.key()).await.unwrap().unwrap().value.mail.state
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

fn deps(dynamodb: &DynamoDb, s3: &S3, ses: &str, clock: &Clock) -> Deps {
    let endpoints = Endpoints {
        dynamodb: dynamodb.endpoint().into(),
        s3: s3.endpoint().into(),
        // This worker never speaks to it.
        sqs: "http://127.0.0.1:9".into(),
        ses: ses.into(),
    };
    Deps::local(&endpoints, clock.clone(), Config::local())
}

fn owner() -> Owner {
    Owner::Invoice("inv_01KAN8V3T00000000001NV0001".parse().unwrap())
}

fn mail() -> MailId {
    "mel_01KAN8V3T0000000000MA10001".parse().unwrap()
}
