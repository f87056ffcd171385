//! Sixteen writers issue invoices in one tenant, credit them and take payments, and a batch of drafts is worked through
//! beside them, while the process is killed again and again: no number is missing or given twice, no payment is lost or
//! counted twice, the ledger is whole, each document has one file and one mail.
//!
//! 200 invoices; 1 000 with `ABSERVICE_FULL=1`. A tenth as many again are issued by the batch.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde_json::{Value, json};
use tokio::sync::watch;

const WRITERS: usize = 16;
/// Kills while the writers write; one more comes while the documents are rendered.
const KILLS: usize = 5;
/// For one request, with all its repetitions.
const REQUEST_WITHIN: Duration = Duration::from_secs(120);
/// For everything that is left when the writers are done.
const REST_WITHIN: Duration = Duration::from_secs(900);

struct Process {
    child: Child,
    port: String,
}

impl Process {
    fn start(data: &Path, port: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_abservice"))
            .args(["--port", port, "--data"])
            .arg(data)
            .env("RUST_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
        let port = url.rsplit(':').next().unwrap().to_owned();
        Self { child, port }
    }

    /// On the same data and the same port.
    fn again(self, data: &Path) -> Self {
        let port = self.port.clone();
        drop(self);
        let next = Self::start(data, &port);
        assert_eq!(next.port, port);
        next
    }
}

impl Drop for Process {
    /// SIGKILL: nothing is tidied up.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A program with a token, which asks again, with the same key, until it is answered.
struct Program {
    http: reqwest::Client,
    url: String,
    token: String,
    repeated: AtomicU64,
}

impl Program {
    async fn sign_up(url: String) -> Self {
        let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
        let mut program = Self { http, url, token: String::new(), repeated: AtomicU64::new(0) };
        let credentials = json!({ "email": "ana@example.fr", "password": "correct horse battery staple 42" });
        let mut account = credentials.clone();
        account["name"] = "Ana Martin".into();
        account["organization_name"] = "Atelier du Pont".into();
        program.post("/api/v1/accounts", "", &account).await;
        program.post("/api/v1/sessions", "", &credentials).await;
        let scopes = [
            "settings:edit",
            "crm:create",
            "invoicing:view",
            "invoicing:create",
            "invoicing:edit",
            "invoicing:approve",
            "invoicing:export",
            "sales:view",
        ];
        let token = program.post("/api/v1/tokens", "", &json!({ "name": "kill", "scopes": scopes })).await;
        program.token = token["secret"].as_str().unwrap().to_owned();
        program
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> Value {
        self.ask(|http| {
            let request = http.post(format!("{}{path}", self.url)).json(body);
            if key.is_empty() { request } else { request.bearer_auth(&self.token).header("idempotency-key", key) }
        })
        .await
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(|http| http.get(format!("{}{path}", self.url)).bearer_auth(&self.token)).await
    }

    async fn ask(&self, request: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder) -> Value {
        let give_up = Instant::now() + REQUEST_WITHIN;
        loop {
            let answer = async {
                let answer = request(&self.http).send().await?;
                Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
            };
            let trouble = match answer.await {
                Ok((status, text)) if status.is_success() => return serde_json::from_str(&text).unwrap_or(Value::Null),
                // Only what the answer itself says may be asked again.
                Ok((status, text)) if status.is_server_error() || text.contains("\"contended\"") => text,
                Ok((status, text)) => panic!("{status} {text}"),
                Err(error) => error.to_string(),
            };
            assert!(Instant::now() < give_up, "{trouble}");
            self.repeated.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The id of a draft.
    async fn draft(&self, client: &str, name: &str) -> String {
        let invoice = json!({
            "client_id": client, "subject": format!("Commande {name}"),
            "lines": [{ "description": "Forfait", "quantity": "1", "unit_price": "1000", "vat_percent": "20" }],
        });
        let draft = self.post("/api/v1/invoices", &format!("draft-{name}"), &invoice).await;
        draft["id"].as_str().unwrap().to_owned()
    }

    /// Drafts and issues one invoice; some are paid in part, some credited in part, some both.
    async fn trade(&self, client: &str, place: usize) -> Traded {
        let id = self.draft(client, &place.to_string()).await;
        let path = format!("/api/v1/invoices/{id}");
        let issued = self.post(&format!("{path}/issue"), &format!("issue-{place}"), &json!({})).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (number, on) = (text(&issued["number"]), text(&issued["issued_on"]));
        let mut traded = Traded { id, number, paid_minor: 0, note: None };
        if place.is_multiple_of(2) {
            let amount = format!("{}.50", place + 1);
            let payment = json!({ "amount": amount, "paid_on": on, "method": "bank_transfer" });
            self.post(&format!("{path}/payments"), &format!("pay-{place}"), &payment).await;
            traded.paid_minor = (place as i64 + 1) * 100 + 50;
        }
        if place.is_multiple_of(5) {
            let credit = json!({ "reason": "Erreur", "lines": [{ "line": 1, "amount": "100" }] });
            let credited = self.post(&format!("{path}/credit-notes"), &format!("credit-{place}"), &credit).await;
            traded.note = Some(text(&credited["credit_note"]["number"]));
        }
        traded
    }
}

/// What one writer was answered for one invoice.
struct Traded {
    id: String,
    number: String,
    paid_minor: i64,
    /// The number of its credit note.
    note: Option<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_loses_nothing_and_does_nothing_twice() {
    let invoices: usize = if std::env::var("ABSERVICE_FULL").is_ok_and(|full| full == "1") { 1_000 } else { 200 };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut process = Process::start(&data, "0");
    let program = Arc::new(Program::sign_up(format!("http://127.0.0.1:{}", process.port)).await);
    prepare(&program).await;
    let client = json!({ "name": "La Poste", "siret": "35600000000048", "email": "compta@client.example",
        "street": "9 rue du Colonel Pierre Avia", "postal_code": "75015", "city": "Paris" });
    let client = program.post("/api/v1/companies", "client", &client).await["id"].as_str().unwrap().to_owned();

    let together = invoices / 10;
    let mut drafts = Vec::new();
    for place in 0..together {
        drafts.push(program.draft(&client, &format!("batch-{place}")).await);
    }

    let started = Instant::now();
    let batch = json!({ "invoices": drafts });
    let batch =
        program.post("/api/v1/invoices/issue-batches", "batch", &batch).await["id"].as_str().unwrap().to_owned();
    let (progress, mut seen) = watch::channel(0_usize);
    let progress = Arc::new(progress);
    let writers = (0..WRITERS).map(|writer| {
        let (program, client, progress) = (program.clone(), client.clone(), progress.clone());
        tokio::spawn(async move {
            let mut traded = Vec::new();
            for place in (writer..invoices).step_by(WRITERS) {
                traded.push(program.trade(&client, place).await);
                progress.send_modify(|done| *done += 1);
            }
            traded
        })
    });
    let writers: Vec<_> = writers.collect();
    for kill in 1..=KILLS {
        let target = invoices * kill / (KILLS + 1);
        seen.wait_for(|done| *done >= target).await.unwrap();
        // Wherever they are by then.
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..200))).await;
        process = process.again(&data);
    }
    let traded: Vec<Traded> = join_all(writers).await.into_iter().flat_map(Result::unwrap).collect();
    let written = started.elapsed();
    // In the middle of rendering and mailing.
    process = process.again(&data);
    at_rest(&program).await;
    let rested = started.elapsed();

    let batch = program.get(&format!("/api/v1/invoices/issue-batches/{batch}")).await;
    assert_eq!((&batch["issued"], &batch["done"], &batch["refused"]), (&json!(together), &json!(together), &json!([])));
    let mut answered: Vec<String> = traded.iter().map(|one| one.number.clone()).collect();
    for id in &drafts {
        let issued = program.get(&format!("/api/v1/invoices/{id}")).await;
        answered.push(issued["number"].as_str().unwrap().to_owned());
    }
    answered.sort();
    let year = answered[0].split('-').nth(1).unwrap().to_owned();
    let mut wanted: Vec<String> = (1..=invoices + together).map(|n| format!("FAC-{year}-{n:04}")).collect();
    assert_eq!(answered, wanted, "what the writers were answered, and what the batch issued");
    assert_eq!(listed(&program, "invoices").await, wanted, "what is listed");
    let mut notes: Vec<String> = traded.iter().filter_map(|one| one.note.clone()).collect();
    notes.sort();
    let credited: Vec<String> = (1..=notes.len()).map(|n| format!("AV-{year}-{n:04}")).collect();
    assert_eq!(notes, credited, "credit notes that the writers were answered");
    assert_eq!(listed(&program, "credit-notes").await, credited, "credit notes that are listed");
    for one in &traded {
        let invoice = program.get(&format!("/api/v1/invoices/{}", one.id)).await;
        assert_eq!(invoice["paid_minor"], one.paid_minor, "what {} says was paid", one.number);
        let payments = program.get(&format!("/api/v1/invoices/{}/payments", one.id)).await;
        let amounts: Vec<_> =
            payments["items"].as_array().unwrap().iter().map(|payment| &payment["amount_minor"]).collect();
        let paid: Vec<i64> = if one.paid_minor == 0 { Vec::new() } else { vec![one.paid_minor] };
        assert_eq!(json!(amounts), json!(paid), "payments of {}", one.number);
    }
    figures_are_the_facts(&program, &traded, wanted.len(), &year).await;
    let paid = traded.iter().filter(|one| one.paid_minor > 0).count();
    let ledger = program.get("/api/v1/ledger/verification").await;
    let entries = (wanted.len() + notes.len() + paid) as u64;
    assert_eq!((ledger["entries"].as_u64(), ledger["is_intact"].as_bool()), (Some(entries), Some(true)));
    wanted.extend(credited);
    wanted.sort();
    let queues = program.get("/_local/api/queues").await;
    for queue in queues["queues"].as_array().unwrap() {
        assert_eq!(queue["dead_letters"], json!([]), "{}", queue["name"]);
    }
    drop(process);

    let named: Vec<String> = wanted.iter().map(|number| format!("{number}.pdf")).collect();
    assert_eq!(documents(&data), named, "one document each");
    assert_mails(&data, &wanted).await;
    println!(
        "{} documents by {WRITERS} writers and a batch, {} kills: written in {:.1} s, all rendered and mailed after {:.1} s; \
         {} requests repeated",
        wanted.len(),
        KILLS + 1,
        written.as_secs_f64(),
        rested.as_secs_f64(),
        program.repeated.load(Ordering::SeqCst),
    );
}

async fn prepare(program: &Program) {
    let identity = json!({
        "name": "Atelier du Pont", "siret": "73282932000074", "vat_number": "FR44732829320", "rcs_city": "Lyon",
        "legal_form": "SARL", "capital": "10 000 €", "street": "5 quai de Saône", "postal_code": "69002",
        "city": "Lyon", "country": "FR", "email": "contact@atelier.example", "bank_name": "Banque de Lyon",
        "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP", "primary_color": "#1D4ED8",
        "secondary_color": "#0F172A", "currency": "EUR", "time_zone": "Europe/Paris", "vat_regime": "normal",
        "payment_days": "30",
    });
    program
        .ask(|http| {
            http.put(format!("{}/api/v1/organization", program.url)).bearer_auth(&program.token).json(&identity)
        })
        .await;
}

async fn at_rest(program: &Program) {
    let give_up = Instant::now() + REST_WITHIN;
    loop {
        let asked =
            program.http.get(format!("{}/_local/api/idle?timeout_seconds=60", program.url)).send().await.unwrap();
        if asked.status().is_success() {
            return;
        }
        let left = asked.text().await.unwrap();
        assert!(Instant::now() < give_up, "{left}");
    }
}

/// What the worker of sales folded between its deaths is what the writers were answered: each invoice asks for 1 000 €, each
/// credit note gives back 100, and 20 % of VAT.
async fn figures_are_the_facts(program: &Program, traded: &[Traded], invoices: usize, year: &str) {
    let figures = program.get(&format!("/api/v1/sales/figures?period={year}")).await;
    let notes = traded.iter().filter(|one| one.note.is_some()).count() as i64;
    let (count, paid) = (invoices as i64, traded.iter().map(|one| one.paid_minor).sum::<i64>());
    let told = ["invoices", "credit_notes", "revenue_net_minor", "revenue_gross_minor", "cash_gross_minor"];
    let told = told.map(|name| figures["current"][name].as_i64());
    let (net, gross) = (100_000 * count - 10_000 * notes, 120_000 * count - 12_000 * notes);
    assert_eq!(told, [count, notes, net, gross, paid].map(Some), "{figures}");
    assert_eq!(figures["behind"], 0);
    let due = program.get("/api/v1/sales/receivables").await;
    assert_eq!(due["not_due"]["open_minor"].as_i64(), Some(gross - paid), "{due}");
}

/// The numbers of all documents of a kind, by pages; a draft has none and would be seen.
async fn listed(program: &Program, kind: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = program.get(&format!("/api/v1/{kind}?limit=100&cursor={cursor}")).await;
        numbers.extend(
            page["items"].as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap_or("draft").into()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    numbers.sort();
    numbers
}

/// Names of the PDF files in the bucket.
fn documents(data: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![data.join("files")];
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

/// Exactly one mail for each number, and none besides.
async fn assert_mails(data: &Path, numbers: &[String]) {
    let now = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
    let ses = emulators::Ses::start(Some(&data.join("mails.sqlite")), now).await.unwrap();
    let mut counts = BTreeMap::<String, usize>::new();
    for mail in ses.mails(10 * numbers.len()).unwrap() {
        let number = mail.subject.split_whitespace().nth(1).unwrap_or_default().to_owned();
        *counts.entry(number).or_default() += 1;
    }
    let wrong: Vec<_> = counts.iter().filter(|(_, count)| **count != 1).collect();
    assert!(wrong.is_empty(), "mails sent more than once: {wrong:?}");
    assert_eq!(counts.into_keys().collect::<Vec<_>>(), numbers, "a mail for each");
}
