//! A table, a bucket, and the documents that the events are about.

use aws_lambda_events::sqs::SqsBatchResponse;
use cloud::{Config, Deps, Endpoints};
use emulators::{DynamoDb, S3, s3::Credentials};
use jiff::{Timestamp, civil::date};
use kernel::{
    Actor, Clock, Currency, Minor, Tenant,
    document::*,
    event::{Envelope, Event, Owner},
    id::{LinkId, MailId, OrganizationId, QuoteId},
};
use rust_decimal::Decimal;
use serde_json::Value;
use sha2::{Digest, Sha256};
use table::{
    Scope, keys,
    shared::{DocumentFile, FrozenDocument, QuoteSignature, SignedFile},
};

const ORGANIZATION: &str = "org_01KAN8V3T0ABSERV1CEDEM0000";
const INVOICE: &str = "inv_01KAN8V3T00000000001NV0001";
pub const QUOTE: &str = "quo_01KAN8V3T0000000000Q000001";
const NOW: &str = "2026-11-22T09:00:01Z";

pub fn mail() -> MailId {
    "mel_01KAN8V3T0000000000MA10001".parse().unwrap()
}

/// A PNG of two pixels.
pub fn logo() -> Vec<u8> {
    hex::decode(concat!(
        "89504e470d0a1a0a0000000d49484452000000020000000108020000007b40e8dd0000000d4944415478da63b8230704",
        "770007af02313f56e9230000000049454e44ae426082",
    ))
    .unwrap()
}

pub fn frozen() -> Value {
    serde_json::from_str(include_str!("../../../../events/pdf/document_frozen.json")).unwrap()
}

pub fn signed() -> Value {
    serde_json::from_str(include_str!("../../../../events/pdf/quote_signed.json")).unwrap()
}

pub fn poison() -> Value {
    serde_json::from_str(include_str!("../../../../events/pdf/poison.json")).unwrap()
}

pub fn failed(response: &SqsBatchResponse) -> Vec<&str> {
    response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect()
}

pub struct Parts {
    pub dynamodb: DynamoDb,
    pub s3: S3,
    pub clock: Clock,
    pub deps: Deps,
}

impl Parts {
    pub async fn start() -> Self {
        let config = Config::local();
        let credentials =
            Credentials { access_key: cloud::LOCAL_ACCESS_KEY.into(), secret_key: cloud::LOCAL_SECRET_KEY.into() };
        let dynamodb = DynamoDb::start(None).await.unwrap();
        let s3 = S3::start(None, &config.bucket_name, &credentials).await.unwrap();
        let endpoints = Endpoints {
            dynamodb: dynamodb.endpoint().into(),
            s3: s3.endpoint().into(),
            // This worker never speaks to them.
            sqs: "http://127.0.0.1:9".into(),
            ses: "http://127.0.0.1:9".into(),
            cards: "http://127.0.0.1:9".into(),
        };
        let clock = Clock::fixed(NOW.parse::<Timestamp>().unwrap());
        let deps = Deps::local(&endpoints, clock.clone(), config);
        deps.table.create_if_absent().await.unwrap();
        Self { dynamodb, s3, clock, deps }
    }

    pub async fn deliver(&self, event: Value) -> SqsBatchResponse {
        pdf::handle(self.deps.clone(), serde_json::from_value(event).unwrap()).await.unwrap()
    }

    fn scope(&self) -> Scope {
        let organization: OrganizationId = ORGANIZATION.parse().unwrap();
        self.deps.table.scope(Tenant::proven(organization, Actor::System { name: "test".into() }))
    }

    /// What the acts of invoicing wrote.
    pub async fn freeze(&self) -> (Owner, Owner) {
        let (invoice, quote) = self.freeze_only_the_invoice().await;
        self.store(quote, snapshot(Kind::Quote, "DEV-2026-0001")).await;
        (invoice, quote)
    }

    /// An invoice of an organization with a logo, which lies in the bucket where `png` is given.
    pub async fn freeze_with_logo(&self, png: Option<Vec<u8>>) -> Owner {
        let invoice = Owner::Invoice(INVOICE.parse().unwrap());
        let mut snapshot = snapshot(Kind::Invoice, "FAC-2026-0001");
        let sha256 = hex::encode(Sha256::digest(logo()));
        if let Some(png) = png {
            let key = keys::logo_s3_key(ORGANIZATION.parse().unwrap(), &sha256);
            self.deps.files.put(&key, png, "image/png").await.unwrap();
        }
        snapshot.brand.logo = Some(Logo { sha256, width: 2, height: 1 });
        self.store(invoice, snapshot).await;
        invoice
    }

    /// The document of an invoice.
    pub async fn pdf(&self, owner: Owner) -> Vec<u8> {
        self.deps.files.get(&self.file(owner).await.expect("rendered").s3_key).await.expect("in the bucket")
    }

    pub async fn freeze_only_the_invoice(&self) -> (Owner, Owner) {
        let invoice = Owner::Invoice(INVOICE.parse().unwrap());
        self.store(invoice, snapshot(Kind::Invoice, "FAC-2026-0001")).await;
        (invoice, Owner::Quote(QUOTE.parse().unwrap()))
    }

    /// The client signed the quote; what they drew lies in the bucket where `png` is given.
    pub async fn sign(&self, png: Option<Vec<u8>>) {
        let quote: QuoteId = QUOTE.parse().unwrap();
        let sha256 = hex::encode(Sha256::digest(logo()));
        if let Some(png) = png {
            let key = keys::signature_s3_key(ORGANIZATION.parse().unwrap(), quote, &sha256);
            self.deps.files.put(&key, png, "image/png").await.unwrap();
        }
        let signature = Signature {
            name: "Claire Martin".into(),
            quality: Some("Gérante".into()),
            email: None,
            picture: Some(Logo { sha256, width: 2, height: 1 }),
            signed_at: self.clock.now(),
            signed_on: date(2026, 11, 23),
            signed_time: "10:04".into(),
            options: Vec::new(),
            gross_minor: Minor(60_000),
            address: None,
            user_agent: None,
        };
        let signed = QuoteSignature { quote, link: LinkId::from_ulid(quote.ulid()), signature };
        let scope = self.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "signature");
                transaction.create(&signed);
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }

    pub async fn signed_file(&self) -> Option<File> {
        let scope = self.scope();
        let key = scope.keys().signed_file(QUOTE.parse().unwrap());
        scope.get::<SignedFile>(&key).await.unwrap().map(|found| found.value.file)
    }

    async fn store(&self, owner: Owner, snapshot: Snapshot) {
        let scope = self.scope();
        scope
            .write(|| async {
                let mut transaction = scope.begin("test", "document");
                transaction.create(&FrozenDocument { owner, snapshot: snapshot.clone() });
                Ok((transaction, ()))
            })
            .await
            .unwrap();
    }

    pub async fn file(&self, owner: Owner) -> Option<File> {
        let scope = self.scope();
        scope.get::<DocumentFile>(&scope.keys().file(owner)).await.unwrap().map(|found| found.value.file)
    }

    /// The events in the outbox, in order, as the stream has them.
    pub fn told(&self) -> Vec<Event> {
        let records = self.dynamodb.records(&self.deps.config.table_name, &None, 1000).unwrap();
        let image = |record: &Value| record["dynamodb"]["NewImage"].clone();
        records
            .iter()
            .map(image)
            .filter(|image| image["type"]["S"] == "event")
            .map(|image| serde_json::from_str::<Envelope>(image["envelope"]["S"].as_str().unwrap()).unwrap().event)
            .collect()
    }
}

fn snapshot(kind: Kind, number: &str) -> Snapshot {
    let vat =
        VatRate { category: VatCategory::S, percent: Decimal::from(20), exemption_reason: None, exemption_code: None };
    let address = Address {
        street: "12 rue de la République".into(),
        complement: None,
        postal_code: "69002".into(),
        city: "Lyon".into(),
        country: "FR".into(),
    };
    let is_invoice = kind == Kind::Invoice;
    Snapshot {
        kind,
        number: number.into(),
        issued_on: date(2026, 11, 22),
        due_on: is_invoice.then_some(date(2026, 12, 22)),
        valid_until: (!is_invoice).then_some(date(2026, 12, 22)),
        supplied_on: None,
        currency: Currency::Eur,
        seller: Seller {
            name: "Ateliers Martin".into(),
            legal_form: Some("SARL".into()),
            capital: Some("10 000 €".into()),
            address: address.clone(),
            siren: "732829320".into(),
            siret: "73282932000074".into(),
            rcs_city: Some("Lyon".into()),
            vat_number: Some("FR44732829320".into()),
            email: None,
            phone: None,
            website: None,
            bank: Some(Bank { name: None, iban: "FR7630006000011234567890189".into(), bic: None }),
        },
        buyer: Buyer {
            name: "Dupré SAS".into(),
            contact: None,
            address,
            siren: Some("552100554".into()),
            vat_number: Some("FR80552100554".into()),
            email: None,
            is_business: true,
        },
        purchase_order: None,
        quote_number: None,
        subject: None,
        introduction: None,
        conditions: None,
        lines: vec![Line {
            section: None,
            is_optional: false,
            product: None,
            is_goods: false,
            description: "Une journée".into(),
            quantity: Decimal::ONE,
            unit: Unit::Day,
            unit_price: Decimal::from(500),
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            vat: vat.clone(),
            net_minor: Minor(50_000),
        }],
        allowances: Vec::new(),
        preceding: Vec::new(),
        situation: None,
        exchange: None,
        vat: vec![VatTotal { rate: vat, base_minor: Minor(50_000), tax_minor: Minor(10_000) }],
        totals: Totals { net_minor: Minor(50_000), tax_minor: Minor(10_000), gross_minor: Minor(60_000) },
        operations: Operations::Services,
        payment_terms: is_invoice.then(|| "À 30 jours par virement.".into()),
        mentions: Vec::new(),
        late_payment: is_invoice.then(|| LatePayment {
            penalties: "Pénalités de retard : trois fois le taux d’intérêt légal.".into(),
            indemnity: "Indemnité forfaitaire de recouvrement : 40 €.".into(),
            discount: "Pas d’escompte pour paiement anticipé.".into(),
        }),
        brand: Brand::of("#1d4ed8", "#64748b"),
        attachments: Vec::new(),
    }
}
