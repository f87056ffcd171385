//! Files for accountants, archives and verifications, from asking for them to what is in them.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Read},
    process::Command,
};

use cloud::PublicKey;
use invoicing::{
    invoice::Invoice,
    ledger::{archive_check::check_archive, check::Report, signing_purpose},
};
use jiff::SignedDuration;
use kernel::{
    Minor,
    event::Event,
    id::{ExportId, JobId},
};
use serde_json::{Value, json};
use table::keys;
use testkit::App;

use crate::{app, closings::tell, invoice, issued};

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// Asks as a program, and has the worker do it; the job, and its file where there is one.
async fn done(app: &App, input: Value) -> (Value, Vec<u8>) {
    let program = app.program();
    let id: JobId = program.post("/api/v1/accounting/jobs", &input).await.expect(202).field("/id").parse().unwrap();
    tell(app, Event::JobRequested { job: id }).await;
    let job = program.get(&format!("/api/v1/accounting/jobs/{id}")).await.expect(200).json();
    let file = match job["status"].as_str() {
        Some("ready") => {
            let key = keys::export_s3_key(app.ours.id, ExportId::from_ulid(id.ulid()));
            app.deps.files.get(&key).await.unwrap()
        }
        _ => Vec::new(),
    };
    (job, file)
}

/// A paid invoice, one that is credited after it was paid in part, and a month that is over.
async fn busy(app: &App) -> String {
    let program = app.program();
    let first = issued(app, &program).await;
    let pay = |amount: &str, method: &str| json!({ "amount": amount, "paid_on": "2026-11-22", "method": method });
    program.post(&format!("/api/v1/invoices/{first}/payments"), &pay("700", "check")).await.expect(201);
    app.advance(SignedDuration::from_secs(1));
    program.post(&format!("/api/v1/invoices/{first}/payments"), &pay("500", "cash")).await.expect(201);
    let second = issued(app, &program).await;
    app.advance(SignedDuration::from_secs(1));
    program.post(&format!("/api/v1/invoices/{second}/payments"), &pay("400", "card")).await.expect(201);
    app.advance(SignedDuration::from_secs(1));
    let credit = json!({ "reason": "Geste", "lines": [{ "line": 1, "amount": "100" }] });
    program.post(&format!("/api/v1/invoices/{second}/credit-notes"), &credit).await.expect(201);
    app.advance(days(10));
    tell(app, Event::LedgerDue {}).await;
    first
}

/// What Test Compta Demat asks of a FEC, and that its entries balance.
fn check_fec(bytes: &[u8], year: &str) -> Vec<Vec<String>> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let mut lines = text.split("\r\n").map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    assert_eq!(header.len(), 18);
    assert_eq!(
        (header[0].as_str(), header[2].as_str(), header[17].as_str()),
        ("JournalCode", "EcritureNum", "Idevise")
    );
    let mut lines: Vec<Vec<String>> = lines.collect();
    assert_eq!(lines.pop().unwrap(), [""], "the last line ends");
    let cents = |text: &str| -> i64 {
        let (whole, part) = text.split_once(',').expect("a comma");
        assert_eq!(part.len(), 2);
        whole.parse::<i64>().unwrap() * 100 + part.parse::<i64>().unwrap()
    };
    let (mut last, mut validated) = (0, String::new());
    let mut balances = BTreeMap::<u64, i64>::new();
    let mut letters = BTreeMap::<String, i64>::new();
    for line in &lines {
        assert_eq!(line.len(), 18, "{line:?}");
        for at in [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15] {
            assert!(!line[at].is_empty(), "{at} of {line:?}");
        }
        let number: u64 = line[2].parse().unwrap();
        assert!(number == last || number == last + 1, "{line:?}");
        last = number;
        for at in [3, 9, 15] {
            assert!(line[at].len() == 8 && line[at].chars().all(|c| c.is_ascii_digit()), "{line:?}");
        }
        assert!(line[3].starts_with(year));
        assert!(line[15] >= validated, "in the order of validation");
        validated.clone_from(&line[15]);
        assert!(line[4].len() >= 3 && line[4].chars().take(3).all(|c| c.is_ascii_digit()));
        assert_eq!(line[6].is_empty(), line[7].is_empty());
        assert_eq!(line[13].is_empty(), line[14].is_empty());
        let (debit, credit) = (cents(&line[11]), cents(&line[12]));
        assert!((debit == 0) != (credit == 0), "{line:?}");
        *balances.entry(number).or_default() += debit - credit;
        if !line[13].is_empty() {
            *letters.entry(line[13].clone()).or_default() += debit - credit;
        }
    }
    assert!(balances.values().all(|balance| *balance == 0), "{balances:?}");
    assert!(letters.values().all(|balance| *balance == 0), "{letters:?}");
    lines
}

#[tokio::test]
async fn the_fec_of_a_year_is_what_the_law_asks_for() {
    let app = app().await;
    busy(&app).await;
    let (job, file) = done(&app, json!({ "task": "fec", "year": "2026" })).await;
    assert_eq!(job["status"], "ready", "{job}");
    assert!(job["file_name"].as_str().unwrap().ends_with("FEC20261231.txt"), "{job}");
    assert_eq!(job["bytes"], file.len());
    let lines = check_fec(&file, "2026");
    let numbers: Vec<&str> = lines.iter().map(|line| line[2].as_str()).collect();
    assert_eq!(numbers.last(), Some(&"6"), "two invoices, three payments, a credit note; closings are no entries");
    let of = |account: &str| lines.iter().filter(|line| line[4] == account).count();
    assert_eq!((of("411000"), of("706000"), of("511200"), of("530000"), of("512000")), (6, 3, 1, 1, 1));
    assert!(lines.iter().any(|line| line[13] == "FAC20260001") && !lines.iter().any(|line| line[13] == "FAC20260002"));
    let (_, empty) = done(&app, json!({ "task": "fec", "year": "2025" })).await;
    assert!(check_fec(&empty, "2025").is_empty());
}

#[tokio::test]
async fn entries_of_a_period_are_written_for_packages_with_the_accounts_of_the_plan() {
    let app = app().await;
    busy(&app).await;
    let plan = json!({ "year_end_month": "6", "accounts": { "services_20": "70610000", "journal_sales": "VT" } });
    let saved = app.program().put("/api/v1/accounting/plan", &plan).await.expect(200);
    assert_eq!(
        (saved.field("/accounts/services_20"), saved.field("/accounts/clients")),
        ("70610000".into(), "411000".into())
    );
    let wrong = json!({ "year_end_month": "6", "accounts": { "clients": "41" } });
    assert_eq!(
        app.program().put("/api/v1/accounting/plan", &wrong).await.expect(422).violations(),
        ["/accounts/clients"]
    );
    for (format, needle) in
        [("csv", "VT;2026-11-22;FAC-2026-0001;411000;Clients;C"), ("quadra", "M70610000VT"), ("ciel", "VT20261122")]
    {
        let input = json!({ "task": "entries", "format": format, "from": "2026-11-01", "to": "2026-11-30" });
        let (job, file) = done(&app, input).await;
        assert_eq!(job["status"], "ready", "{job}");
        let text: String = file.iter().map(|byte| char::from(*byte)).collect();
        assert!(text.contains(needle), "{format}: {text}");
    }
    let input = json!({ "task": "entries", "format": "csv", "from": "2026-12-01", "to": "2026-12-31" });
    assert_eq!(done(&app, input).await.1.iter().filter(|byte| **byte == b'\n').count(), 1, "no more than its header");
}

#[tokio::test]
async fn an_archive_is_checked_without_us_and_one_altered_byte_is_found() {
    let app = app().await;
    busy(&app).await;
    let (job, zip) = done(&app, json!({ "task": "archive" })).await;
    assert_eq!(job["status"], "ready", "{job}");
    let key = app.deps.vault.signer(&signing_purpose(app.ours.id)).await.unwrap().public_key();
    let check = |zip: &[u8], key: Option<PublicKey>| check_archive(Cursor::new(zip.to_vec()), key);
    let report = check(&zip, Some(key)).unwrap();
    assert_eq!(report.faults, []);
    assert_eq!((report.entries, report.closings, report.series["FAC-2026"]), (8, 2, 2));
    assert_eq!(check(&zip, None).unwrap().faults, []);
    let other = app.deps.vault.signer("another").await.unwrap().public_key();
    assert!(!check(&zip, Some(other)).unwrap().is_intact());
    // The content of its files: not what a ZIP says of them beside it, such as their dates.
    let mut archive = zip::ZipArchive::new(Cursor::new(zip.clone())).unwrap();
    let places: Vec<(String, u64, u64)> = (0..archive.len())
        .map(|at| {
            let file = archive.by_index(at).unwrap();
            (file.name().unwrap().into_owned(), file.data_start().unwrap(), file.compressed_size())
        })
        .collect();
    // A bit that only fills up the last byte of a compressed file is none of its content.
    let unpacked = |bytes: &[u8]| -> Option<Vec<Vec<u8>>> {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).ok()?;
        let mut contents = Vec::new();
        for at in 0..zip.len() {
            let mut content = Vec::new();
            zip.by_index(at).ok()?.read_to_end(&mut content).ok()?;
            contents.push(content);
        }
        Some(contents)
    };
    let whole = unpacked(&zip);
    let mut tried = 0;
    for (name, start, length) in places {
        for at in [0, length / 3, length / 2, length - 1] {
            let mut altered = zip.clone();
            altered[usize::try_from(start + at).unwrap()] ^= 0x10;
            if unpacked(&altered) == whole {
                continue;
            }
            tried += 1;
            let is_missed = check(&altered, Some(key)).is_ok_and(|report| report.is_intact());
            assert!(!is_missed, "byte {at} of {name}");
        }
    }
    assert!(tried >= 14, "{tried}");
}

#[tokio::test]
async fn an_archive_has_the_files_that_left_with_its_documents() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
    for name in ["Plan d’accès.pdf", "bon.pdf"] {
        crate::attachments::add(&program, &id, &crate::attachments::pdf(300, name), name).await.expect(201);
    }
    let issued = program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
    assert_eq!(issued.field("/number"), "FAC-2026-0001");
    crate::attachments::render(&app, &id, "FAC-2026-0001").await;
    let (_, zip) = done(&app, json!({ "task": "archive" })).await;
    let key = app.deps.vault.signer(&signing_purpose(app.ours.id)).await.unwrap().public_key();
    assert_eq!(check_archive(Cursor::new(zip.clone()), Some(key)).unwrap().faults, []);
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut read = String::new();
    let file = archive.by_name("documents/2026/factures/FAC-2026-0001-pieces/Plan d’accès.pdf");
    file.unwrap().read_to_string(&mut read).unwrap();
    assert!(read.contains("%Plan d’accès.pdf"));
    assert!(archive.by_name("documents/2026/factures/FAC-2026-0001-pieces/bon.pdf").is_ok());
}

/// Word for word what its readme says to type. Says aloud where the tools are not there.
#[tokio::test]
async fn an_archive_is_checked_by_hand_with_openssl() {
    let has =
        |tool: &str, argument: &str| Command::new(tool).arg(argument).output().is_ok_and(|said| said.status.success());
    if !has("openssl", "version") || !has("sha256sum", "--version") {
        eprintln!("SKIPPED: openssl or sha256sum is not installed");
        return;
    }
    let app = app().await;
    busy(&app).await;
    let (_, zip) = done(&app, json!({ "task": "archive" })).await;
    let folder = tempfile::tempdir().unwrap();
    zip::ZipArchive::new(Cursor::new(zip)).unwrap().extract(folder.path()).unwrap();
    let readme = fs::read_to_string(folder.path().join("LISEZMOI.txt")).unwrap();
    let commands: Vec<_> = readme
        .lines()
        .map(str::trim)
        .filter(|line| ["openssl ", "sha256sum "].iter().any(|tool| line.starts_with(tool)))
        .collect();
    assert_eq!(commands.len(), 3, "{readme}");
    let run = |command: &str| {
        let said = Command::new("sh").args(["-c", command]).current_dir(folder.path()).output().unwrap();
        (said.status.success(), String::from_utf8_lossy(&said.stdout).into_owned())
    };
    for command in &commands {
        let (is_fine, said) = run(command);
        assert!(is_fine, "{command}: {said}");
    }
    // The key that the readme says to compare is the one of the file.
    let key = app.deps.vault.signer(&signing_purpose(app.ours.id)).await.unwrap().public_key();
    assert!(readme.contains(&key.to_string()));
    let (_, printed) = run(commands.iter().find(|command| command.contains("-text")).unwrap());
    let printed: String = printed.chars().filter(char::is_ascii_hexdigit).collect();
    assert!(printed.contains(&key.to_string()), "{printed}");
    let sums = folder.path().join("empreintes.txt");
    let altered = fs::read_to_string(&sums).unwrap().replacen(['a', 'b'], "c", 1);
    fs::write(&sums, altered).unwrap();
    let of_signature = commands.iter().find(|command| command.contains("-sigfile")).unwrap();
    assert!(!run(of_signature).0, "an altered list is refused");
}

#[tokio::test]
async fn a_verification_says_the_first_entry_that_is_wrong() {
    let app = app().await;
    let first = busy(&app).await;
    let report = |job: &Value| -> Report { serde_json::from_value(job["report"].clone()).unwrap() };
    let (job, _) = done(&app, json!({ "task": "verification" })).await;
    let found = report(&job);
    assert_eq!((job["status"].as_str(), found.faults.len(), found.compared), (Some("verified"), 0, 6), "{job}");
    let scope = app.scope();
    let key = scope.keys().invoice(first.parse().unwrap());
    let mut invoice = scope.get::<Invoice>(&key).await.unwrap().unwrap().value;
    invoice.priced.totals.gross_minor = Minor(1);
    scope
        .write(|| async {
            let mut transaction = scope.begin("tamper", &first);
            transaction.replace(&invoice);
            Ok((transaction, ()))
        })
        .await
        .unwrap();
    let (job, _) = done(&app, json!({ "task": "verification" })).await;
    let found = report(&job);
    assert_eq!((found.faults[0].position, found.faults[0].kind.as_str()), (1, "document"));
    let page = app.owner().get("/facturation/journal").await.expect(200).text();
    assert!(page.contains("FAC-2026-0001 n’est plus ce que le journal en dit"), "{page}");
}

#[tokio::test]
async fn jobs_are_their_organizations_and_one_of_a_kind_at_a_time() {
    let app = app().await;
    busy(&app).await;
    let program = app.program();
    let id = program.post("/api/v1/accounting/jobs", &json!({ "task": "verification" })).await.expect(202).field("/id");
    let again = program.post("/api/v1/accounting/jobs", &json!({ "task": "verification" })).await.expect(409);
    assert_eq!(again.field("/code"), "job_under_way");
    for path in ["", "/file"] {
        app.stranger().get(&format!("/api/v1/accounting/jobs/{id}{path}")).await.expect(404);
    }
    program.get(&format!("/api/v1/accounting/jobs/{id}/file")).await.expect(404);
    for _ in 0..2 {
        tell(&app, Event::JobRequested { job: id.parse().unwrap() }).await;
    }
    let listed = program.get("/api/v1/accounting/jobs").await.expect(200);
    assert_eq!(listed.field("/items/0/status"), "verified");
    for input in
        [json!({}), json!({ "task": "fec" }), json!({ "task": "entries", "format": "csv", "from": "2026-12-01" })]
    {
        assert_eq!(program.post("/api/v1/accounting/jobs", &input).await.status, 422, "{input}");
    }
}

#[tokio::test]
async fn its_pages_show_what_there_is() {
    let app = app().await;
    let owner = app.owner();
    assert!(owner.get("/facturation/journal").await.expect(200).text().contains("Rien n’est encore écrit"));
    busy(&app).await;
    let journal = owner.get("/facturation/journal").await.expect(200).text();
    assert!(journal.contains("Clôture mensuelle") && journal.contains("FAC-2026-0002"), "{journal}");
    let older = owner.get("/facturation/journal?avant=3").await.expect(200).text();
    assert!(!older.contains("FAC-2026-0002"));
    let form = [("_key", "a"), ("task", "fec"), ("year", "2026")];
    owner.form("/facturation/comptabilite", &form).await.expect(303);
    assert!(owner.get("/facturation/comptabilite").await.expect(200).text().contains("01/01/2026"));
    let wrong = [("_key", "b"), ("task", "entries"), ("format", "csv"), ("from", "2026-12-02"), ("to", "2026-12-01")];
    owner.form("/facturation/comptabilite", &wrong).await.expect(422);
    owner.get("/facturation/comptabilite/plan").await.expect(200);
    let plan = [("_key", "c"), ("_version", "0"), ("year_end_month", "9"), ("clients", "411100")];
    owner.form("/facturation/comptabilite/plan", &plan).await.expect(303);
    assert!(owner.get("/facturation/comptabilite/plan").await.text().contains("411100"));
    let wrong = [("_key", "d"), ("_version", "1"), ("year_end_month", "9"), ("clients", "x")];
    owner.form("/facturation/comptabilite/plan", &wrong).await.expect(422);
}
