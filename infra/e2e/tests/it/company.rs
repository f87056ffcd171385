//! A company that walks the first path over HTTP, as a program with a token does.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use emulators::ses::{Content, Envelope};
use local::System;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// How long the system may take to come to rest.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct Company {
    http: reqwest::Client,
    url: String,
    token: String,
    keys: AtomicU64,
    /// The client company that is written to.
    pub client: String,
}

impl Company {
    /// Signs up, draws a token, says who it is in law, adds a client and its contact.
    pub async fn sign_up(system: &System) -> Self {
        let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
        let mut company = Self {
            http,
            url: system.url().into(),
            token: String::new(),
            keys: AtomicU64::new(0),
            client: String::new(),
        };
        let credentials = json!({ "email": "camille@atelier.example", "password": "correct horse battery staple 42" });
        let mut account = credentials.clone();
        account["name"] = "Camille Martin".into();
        account["organization_name"] = "Atelier du Pont".into();
        company.post("/api/v1/accounts", &account).await;
        company.post("/api/v1/sessions", &credentials).await;
        let scopes: Vec<_> = kernel::Permission::ALL.iter().map(|permission| permission.code()).collect();
        let token = company.post("/api/v1/tokens", &json!({ "name": "e2e", "scopes": scopes })).await;
        company.token = text(&token, "/secret");
        company.put("/api/v1/organization", &identity()).await;
        let client = json!({
            "name": "La Poste", "siret": "35600000000048", "email": "compta@client.example",
            "street": "9 rue du Colonel Pierre Avia", "postal_code": "75015", "city": "Paris",
        });
        company.client = text(&company.post("/api/v1/companies", &client).await, "/id");
        let contact = json!({
            "company_id": company.client, "first_name": "Claire", "last_name": "Petit",
            "email": "claire.petit@client.example",
        });
        company.post("/api/v1/contacts", &contact).await;
        company
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Value {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let key = self.keys.fetch_add(1, Ordering::SeqCst);
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token).header("idempotency-key", format!("e2e-{key}"));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// A quote of several lines at 20 % and 5.5 %, sent, accepted and turned into the draft of an invoice.
    pub async fn draft_by_quote(&self) -> String {
        let quote = json!({
            "client_id": self.client, "subject": "Rénovation",
            "lines": [
                { "description": "Pose", "quantity": "2", "unit": "day", "unit_price": "450.00", "vat_percent": "20" },
                { "description": "Isolant", "quantity": "10", "unit": "square_metre", "unit_price": "12.50",
                  "discount_percent": "10", "vat_percent": "5.5" },
            ],
        });
        let id = text(&self.post("/api/v1/quotes", &quote).await, "/id");
        self.post(&format!("/api/v1/quotes/{id}/send"), &json!({})).await;
        self.post(&format!("/api/v1/quotes/{id}/accept"), &json!({})).await;
        text(&self.post(&format!("/api/v1/quotes/{id}/invoice"), &json!({})).await, "/id")
    }

    /// An invoice of 1 200.00 €, issued; its id.
    pub async fn issued(&self) -> String {
        let invoice = json!({
            "client_id": self.client,
            "lines": [{ "description": "Forfait", "quantity": "1", "unit_price": "1000", "vat_percent": "20" }],
        });
        let id = text(&self.post("/api/v1/invoices", &invoice).await, "/id");
        self.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await;
        id
    }

    pub async fn invoice(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/invoices/{id}")).await
    }

    /// The signed link to an invoice's document, and the file's name.
    pub async fn link(&self, id: &str) -> (String, String) {
        let found = self.get(&format!("/api/v1/invoices/{id}/document")).await;
        (text(&found, "/url"), text(&found, "/file_name"))
    }

    /// How many documents and payments it has, and whether it is intact.
    pub async fn ledger(&self) -> (u64, bool) {
        let found = self.get("/api/v1/ledger/verification").await;
        (found["movements"].as_u64().unwrap(), found["is_intact"].as_bool().unwrap())
    }
}

pub fn identity() -> Value {
    json!({
        "name": "Atelier du Pont", "legal_form": "SARL", "capital": "10 000 €",
        "siret": "73282932000074", "vat_number": "FR44732829320", "rcs_city": "Lyon",
        "street": "5 quai de Saône", "postal_code": "69002", "city": "Lyon", "country": "FR",
        "email": "contact@atelier.example", "bank_name": "Banque de Lyon",
        "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP",
        "primary_color": "#1D4ED8", "secondary_color": "#0F172A",
        "currency": "EUR", "time_zone": "Europe/Paris", "vat_regime": "normal", "payment_days": "30",
    })
}

pub fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {value}")).to_owned()
}

/// What a signed link answers.
pub async fn download(link: &str) -> (StatusCode, String, Vec<u8>) {
    let answer = reqwest::get(link).await.unwrap();
    let status = answer.status();
    let named = answer.headers().get("content-disposition").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = named.to_owned();
    (status, named, answer.bytes().await.unwrap().to_vec())
}

/// The mails that were sent and whose subject begins so, the newest first.
pub fn mails(system: &System, subject: &str) -> Vec<(Envelope, Content)> {
    let all = system.ses().mails(1_000).unwrap();
    let ours = all.into_iter().filter(|envelope| envelope.subject.starts_with(subject));
    ours.map(|envelope| {
        let content = system.ses().mail(&envelope.id).unwrap().unwrap().content().unwrap();
        (envelope, content)
    })
    .collect()
}

/// Names of the PDF files in the bucket.
pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("files")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                found.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}
