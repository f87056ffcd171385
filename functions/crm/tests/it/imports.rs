//! Files of records that are taken in, by the worker, whatever becomes of it on the way.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use kernel::{
    Permission::{CrmCreate, CrmEdit, CrmView},
    id::ImportId,
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, Client, Reply, own_records, send_file};

use crate::{COMPANIES, CONTACTS, added, app, bakery, column, with};

pub const IMPORTS: &str = "/api/v1/imports";

/// A file that was sent and taken over.
pub async fn sent(client: &Client, of: &str, bytes: &[u8]) -> Reply {
    let file = json!({ "media_type": "text/csv", "bytes": bytes.len() });
    let link = client.post(&format!("{IMPORTS}/uploads"), &file).await.expect(201);
    assert_eq!(send_file(&link.json(), bytes.to_vec()).await, 200);
    client.post(IMPORTS, &json!({ "of": of, "upload_id": link.field("/id"), "file_name": "fichier.csv" })).await
}

/// What the worker does with the messages of an import, until there are no more.
pub async fn work(app: &App, id: &str) {
    let id: ImportId = id.parse().expect("an id");
    for _ in 0..100 {
        crm::import::run_import(&app.deps, &app.scope(), id).await.expect("the worker works");
        let import = app.scope().get::<crm::import::Import>(&app.scope().keys().import(id)).await.expect("a reading");
        if !import.expect("an import").stage.is_running() {
            return;
        }
    }
    panic!("it never ends");
}

pub async fn show(client: &Client, id: &str) -> Value {
    client.get(&format!("{IMPORTS}/{id}")).await.expect(200).json()
}

/// Sends a file, has it checked with these columns, and imports it; what checking found, and the import in the end.
pub async fn imported(app: &App, client: &Client, of: &str, text: &str, mapping: &Value) -> (Value, Value) {
    let id = sent(client, of, text.as_bytes()).await.expect(201).field("/id");
    client.post(&format!("{IMPORTS}/{id}/check"), mapping).await.expect(200);
    work(app, &id).await;
    let checked = show(client, &id).await;
    assert_eq!(checked["state"], "checked", "{checked}");
    client.post(&format!("{IMPORTS}/{id}/start"), &json!({})).await.expect(200);
    work(app, &id).await;
    let done = show(client, &id).await;
    assert_eq!(done["state"], "done", "{done}");
    (checked["checked"].clone(), done)
}

fn counts(created: u32, updated: u32, unchanged: u32, refused: u32, companies: u32) -> Value {
    json!({
        "created": created, "updated": updated, "unchanged": unchanged, "refused": refused, "companies": companies,
    })
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// All items of a list, page by page.
pub async fn listed(client: &Client, path: &str) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), Some(format!("{path}?limit=100")));
    while let Some(address) = next {
        let page = client.get(&address).await.expect(200).json();
        items.extend(page["items"].as_array().expect("a list").clone());
        next = page["next_cursor"].as_str().map(|cursor| format!("{path}?limit=100&cursor={cursor}"));
    }
    items
}

#[tokio::test]
async fn of_2_000_rows_37_are_bad_and_the_report_has_exactly_these() {
    let app = app().await;
    let client = app.program();
    let mut dice = Dice(7);
    let mut bad = std::collections::BTreeSet::new();
    while bad.len() < 37 {
        bad.insert(2 + dice.next(2_000));
    }
    let mut text = String::from("Raison sociale;E-mail;Code postal;Ville;Adresse;Commentaire\r\n");
    for row in 2..2_002 {
        let (name, email) = match (bad.contains(&row), row % 3) {
            (false, _) => (format!("Société {row}"), format!("contact@s{row}.example")),
            (true, 0) => (String::new(), format!("contact@s{row}.example")),
            (true, _) => (format!("Société {row}"), "pas une adresse".into()),
        };
        write!(text, "{name};{email};69003;Lyon;{row} rue du Four;\"Ligne\u{a0}{row}, à relire\"\r\n").expect("a text");
    }
    // As a spreadsheet under Windows saves it.
    let bytes: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    let begun = sent(&client, "company", &bytes).await.expect(201);
    assert!(begun.round_trips() <= Some(3));
    let id = begun.field("/id");
    let columns: Vec<_> = (0..6).map(|at| begun.field(&format!("/columns/{at}/column"))).collect();
    assert_eq!(columns, ["name", "email", "postal_code", "city", "street", "notes"]);
    assert_eq!((begun.field("/rows"), begun.field("/known_by")), ("2000".into(), "name".into()));

    let checking = client.post(&format!("{IMPORTS}/{id}/check"), &json!({})).await.expect(200);
    assert!(checking.round_trips() <= Some(3));
    work(&app, &id).await;
    let checked = show(&client, &id).await;
    assert_eq!(checked["checked"], counts(1_963, 0, 0, 37, 0));
    assert!(column(&client.get(COMPANIES).await.expect(200), "id").is_empty(), "nothing is written yet");
    let errors = client.get(&format!("{IMPORTS}/{id}/errors")).await.expect(200);
    assert!(errors.round_trips() <= Some(2));
    let told: Vec<u64> =
        errors.json()["items"].as_array().expect("errors").iter().filter_map(|error| error["row"].as_u64()).collect();
    assert_eq!(told, bad.iter().copied().collect::<Vec<_>>());
    let report = async || {
        let link = client.get(&format!("{IMPORTS}/{id}/report")).await.expect(200).field("/url");
        let text = reqwest::get(link).await.expect("S3 answers").text().await.expect("a text");
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        assert!(lines[0].ends_with(";Commentaire;Ligne;Erreur"), "{}", lines[0]);
        lines[1..].iter().map(|line| line.rsplit(';').nth(1).and_then(|row| row.parse().ok()).expect("a row")).collect()
    };
    let rows: Vec<u64> = report().await;
    assert_eq!(rows, told);

    client.post(&format!("{IMPORTS}/{id}/start"), &json!({})).await.expect(200);
    work(&app, &id).await;
    let done = show(&client, &id).await;
    assert_eq!((&done["state"], &done["imported"]), (&json!("done"), &counts(1_963, 0, 0, 37, 0)));
    assert_eq!(report().await, rows);
    assert_eq!(listed(&client, COMPANIES).await.len(), 1_963);
    assert!(app.written_under("#OUTBOX#").contains("import.finished.v1"));

    // The same file again changes nothing.
    let (checked, again) = imported(&app, &client, "company", &text, &json!({ "existing": "replace" })).await;
    assert_eq!(checked, counts(0, 0, 1_963, 37, 0));
    assert_eq!(again["imported"], checked);
    assert_eq!(listed(&client, COMPANIES).await.len(), 1_963);
}

/// Workers that are killed at any moment, and several at once.
#[tokio::test]
async fn whenever_it_is_killed_nothing_is_lost_and_nothing_doubled() {
    for seed in 1..=3 {
        let app = app().await;
        let client = app.program();
        let mut dice = Dice(seed);
        let (mut text, mut expected, mut wrong) = (String::from("Nom;Prénom;E-mail;Entreprise\n"), BTreeMap::new(), 0);
        for row in 0..560 {
            let company = format!("Client {}", dice.next(20));
            if dice.next(40) == 0 {
                wrong += 1;
                writeln!(text, "Durand;Zoé;{row};{company}").expect("a text");
            } else {
                writeln!(text, "Durand {row};Zoé;z{row}@d.example;{company}").expect("a text");
                *expected.entry(company).or_insert(0) += 1;
            }
        }
        let total: u32 = expected.values().sum();
        let id = sent(&client, "contact", text.as_bytes()).await.expect(201).field("/id");
        let import: ImportId = id.parse().expect("an id");
        for act in ["check", "start"] {
            client.post(&format!("{IMPORTS}/{id}/{act}"), &json!({})).await.expect(200);
            for _ in 0..60 {
                let (one, other) = (app.scope(), app.scope());
                let run = async {
                    let beside = crm::import::run_import(&app.deps, &other, import);
                    match dice.next(3) {
                        0 => _ = tokio::join!(crm::import::run_import(&app.deps, &one, import), beside),
                        _ => _ = beside.await,
                    }
                };
                // It is killed wherever it is.
                let _ = tokio::time::timeout(Duration::from_millis(20 + 30 * seed), Box::pin(run)).await;
            }
            work(&app, &id).await;
        }
        let done = show(&client, &id).await;
        assert_eq!(done["imported"], counts(total, 0, 0, wrong, expected.len() as u32), "seed {seed}");
        // A company that only a refused row names first is told by no row: the check says "at least".
        for count in ["created", "updated", "unchanged", "refused"] {
            assert_eq!(done["imported"][count], done["checked"][count], "seed {seed}");
        }
        assert!(done["checked"]["companies"].as_u64() <= done["imported"]["companies"].as_u64(), "seed {seed}");
        let contacts = listed(&client, CONTACTS).await;
        let mut names: Vec<_> = contacts.iter().map(|contact| contact["last_name"].to_string()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!((contacts.len(), names.len()), (total as usize, total as usize), "seed {seed}");
        let companies = listed(&client, COMPANIES).await;
        assert_eq!(companies.len(), expected.len());
        let keys = app.scope().keys();
        for company in &companies {
            let company: kernel::id::CompanyId = company["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            let card = app.scope().get::<crm::company::CompanyCard>(&keys.company_card(company)).await;
            let card = card.expect("a reading").expect("a card");
            assert_eq!(u32::from(card.contacts), expected[&card.name], "{} of seed {seed}", card.name);
        }
        // A message that comes again finds nothing to do.
        work(&app, &id).await;
        assert_eq!(show(&client, &id).await, done);
        let (_, again) = imported(&app, &client, "contact", &text, &json!({ "existing": "fill" })).await;
        assert_eq!(again["imported"], counts(0, 0, total, wrong, 0), "seed {seed}");
        // Nor does it add anything where nothing is recognised: it is the same file.
        let (_, blind) = imported(&app, &client, "contact", &text, &json!({ "known_by": "nothing" })).await;
        assert_eq!(blind["imported"], again["imported"], "seed {seed}");
    }
}

#[tokio::test]
async fn what_is_there_is_left_filled_in_or_replaced() {
    let app = app().await;
    let client = app.program();
    let id = added(&client, COMPANIES, &with(bakery(), json!({ "phone": "" }))).await;
    let text = "Nom;SIRET;Téléphone;E-mail;Ville\nDupré;73282932000074;04 78 00 00 00;autre@dupre.example;Paris\n";
    let path = format!("{COMPANIES}/{id}");
    for (existing, changed, phone, email) in [
        ("ignore", 0, "", "compta@dupre.example"),
        ("fill", 1, "+33 4 78 00 00 00", "compta@dupre.example"),
        ("fill", 0, "+33 4 78 00 00 00", "compta@dupre.example"),
        ("replace", 1, "+33 4 78 00 00 00", "autre@dupre.example"),
        ("replace", 0, "+33 4 78 00 00 00", "autre@dupre.example"),
    ] {
        let (checked, done) =
            imported(&app, &client, "company", text, &json!({ "known_by": "siret", "existing": existing })).await;
        assert_eq!(done["imported"], counts(0, changed, 1 - changed, 0, 0), "{existing}");
        assert_eq!(done["imported"], checked, "{existing}");
        let company = client.get(&path).await.expect(200);
        assert_eq!((company.field("/phone"), company.field("/email")), (phone.into(), email.into()), "{existing}");
        // An address is filled in as one, not in parts.
        assert_eq!(company.field("/city"), if existing == "replace" { "Paris" } else { "Lyon" });
    }
}

#[tokio::test]
async fn rows_of_one_key_and_keys_of_several_records_are_refused() {
    let app = app().await;
    let client = app.program();
    for name in ["Menuiserie Petit", "MENUISERIE PETIT"] {
        added(&client, COMPANIES, &json!({ "name": name })).await;
    }
    let text = "Nom;Catégorie\nDupré;Client\nDUPRE;Prospect\nMenuiserie Petit;Client\nRien;ami\n";
    let (checked, done) = imported(&app, &client, "company", text, &json!({})).await;
    assert_eq!((&checked, &done["imported"]), (&counts(1, 0, 0, 3, 0), &counts(1, 0, 0, 3, 0)));
    let id = done["id"].as_str().expect("an id");
    let errors = client.get(&format!("{IMPORTS}/{id}/errors")).await.expect(200).text();
    for told in ["Même nom que la ligne 2", "Plusieurs fiches existantes", "Catégorie\u{a0}: Indiquez"] {
        assert!(errors.contains(told), "{told}: {errors}");
    }
}

#[tokio::test]
async fn contacts_find_their_company_or_bring_it_along() {
    let app = app().await;
    let client = app.program();
    let bakery = added(&client, COMPANIES, &bakery()).await;
    let text =
        "Nom;Entreprise;SIRET de l’entreprise\nDurand;;732829320\nMartin;boulangerie dupre;\nPetit;Menuiserie;\n";
    let refused = json!({ "creates_companies": "false" });
    let (checked, _) = imported(&app, &client, "contact", text, &refused).await;
    assert_eq!(checked, counts(2, 0, 0, 1, 0));
    let (checked, done) = imported(&app, &client, "contact", text, &json!({ "known_by": "name" })).await;
    assert_eq!((&checked, &done["imported"]), (&counts(1, 0, 2, 0, 1), &counts(1, 0, 2, 0, 1)));
    let contacts = client.get(CONTACTS).await.expect(200);
    let companies = column(&contacts, "company_id");
    assert_eq!(companies[..2], [bakery.as_str(), bakery.as_str()]);
    let new = client.get(&format!("{COMPANIES}/{}", companies[2])).await.expect(200);
    assert_eq!(new.field("/name"), "Menuiserie");
}

#[tokio::test]
async fn opportunities_are_put_at_the_stage_of_this_name() {
    let app = app().await;
    let client = app.program();
    let contact = added(&client, CONTACTS, &json!({ "last_name": "Durand", "first_name": "Zoé" })).await;
    let text = "Opportunité;Client;Contact;Étape;Montant;Date de clôture\n\
                Four;Dupré;durand zoe;négociation;12 500,50 €;15/12/2026\n\
                Vitrine;Dupré;;Gagnée;900;\nRien;Dupré;;Ailleurs;1;\nSans;;;;1;\nQui;;Personne;;1;\n";
    let (checked, done) = imported(&app, &client, "opportunity", text, &json!({})).await;
    assert_eq!((&checked, &done["imported"]), (&counts(2, 0, 0, 3, 1), &counts(2, 0, 0, 3, 1)));
    let errors = client.get(&format!("{IMPORTS}/{}/errors", done["id"].as_str().expect("an id"))).await.text();
    for told in
        ["Étape\u{a0}: «\u{a0}Ailleurs", "au moins une entreprise ou un contact", "Contact\u{a0}: «\u{a0}Personne"]
    {
        assert!(errors.contains(told), "{told}: {errors}");
    }
    let deals = client.get("/api/v1/opportunities").await.expect(200);
    assert_eq!(column(&deals, "name"), ["Four", "Vitrine"]);
    assert_eq!(deals.field("/items/0/contact_id"), contact);
    assert_eq!(deals.field("/items/0/stage_id"), "stg_00000000000000000000000004");
    assert_eq!(deals.field("/items/0/amount_minor"), "1250050");
    let (_, again) = imported(&app, &client, "opportunity", text, &json!({ "existing": "replace" })).await;
    assert_eq!(again["imported"], counts(0, 0, 2, 3, 0));
}

#[tokio::test]
async fn cards_of_an_address_book_are_contacts() {
    let app = app().await;
    let client = app.program();
    let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Durand;Zoé;;;\r\nORG:Dupré\r\nEMAIL:zoe@dupre.example\r\nEND:VCARD\r\n\
                 BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:P=C3=A9tit;L=C3=A9a\r\n\
                 TEL;CELL:0612345678\r\nEND:VCARD\r\n";
    let (_, done) = imported(&app, &client, "contact", cards, &json!({})).await;
    assert_eq!(done["imported"], counts(2, 0, 0, 0, 1));
    let contacts = client.get(CONTACTS).await.expect(200);
    assert_eq!(column(&contacts, "last_name"), ["Durand", "Pétit"]);
    assert_eq!(column(&contacts, "mobile"), ["", "+33 6 12 34 56 78"]);
    sent(&client, "company", cards.as_bytes()).await.expect(422);
}

#[tokio::test]
async fn it_is_done_in_the_name_of_who_began_it() {
    let app = app().await;
    let program = app.program();
    let (user, _) = app.with_new_member(own_records([CrmView, CrmCreate])).await;
    let salesperson = app.program_of(user).await;
    let others = added(&program, CONTACTS, &json!({ "last_name": "Durand", "email": "zoe@d.example" })).await;
    let text = "Nom;E-mail\nDurand;zoe@d.example\n";
    let (_, done) = imported(&app, &salesperson, "contact", text, &json!({})).await;
    assert_eq!(done["imported"], counts(1, 0, 0, 0, 0), "they do not see the one that is there");
    let own = listed(&salesperson, CONTACTS).await;
    assert_eq!((own.len(), &own[0]["assigned_to"]), (1, &json!(user.to_string())));
    assert_ne!(own[0]["id"], json!(others));
    // Who may not edit, changes nothing that is there.
    let id = sent(&salesperson, "contact", text.as_bytes()).await.expect(201).field("/id");
    salesperson.post(&format!("{IMPORTS}/{id}/check"), &json!({ "existing": "fill" })).await.expect(403);
    // Theirs is not others' who see only their own, and all is the owner's.
    let (_, other) = app.with_new_member(own_records([CrmView, CrmCreate, CrmEdit])).await;
    for path in [format!("/crm/import/{id}"), format!("/crm/import/{id}/erreurs")] {
        other.get(&path).await.expect(404);
        app.stranger().get(&path).await.expect(404);
    }
    other.form(&format!("/crm/import/{id}/annuler"), &[]).await.expect(404);
    assert!(!other.get("/crm/import").await.expect(200).text().contains(&id));
    assert!(app.owner().get("/crm/import").await.expect(200).text().contains(&id));

    // Who leaves meanwhile imports nothing more.
    salesperson.post(&format!("{IMPORTS}/{id}/check"), &json!({})).await.expect(200);
    app.part_with(user).await;
    work(&app, &id).await;
    assert_eq!(show(&program, &id).await["state"], "refused");
}

#[tokio::test]
async fn a_person_who_was_erased_does_not_come_back_with_the_same_file() {
    let app = app().await;
    let client = app.program();
    let text = "Nom;E-mail\nDurand;zoe@d.example\n";
    imported(&app, &client, "contact", text, &json!({})).await;
    let id = column(&client.get(CONTACTS).await.expect(200), "id").remove(0);
    client.delete(&format!("{CONTACTS}/{id}")).await.expect(200);
    let (_, done) = imported(&app, &client, "contact", text, &json!({})).await;
    assert_eq!(done["imported"], counts(0, 0, 0, 1, 0));
    assert!(listed(&client, CONTACTS).await.is_empty());
}

#[tokio::test]
async fn it_can_be_stopped_and_begins_only_once_it_was_checked() {
    let app = app().await;
    let client = app.program();
    let id = sent(&client, "company", b"Nom\nDupre\n").await.expect(201).field("/id");
    assert_eq!(
        client.post(&format!("{IMPORTS}/{id}/start"), &json!({})).await.expect(409).field("/code"),
        "import_not_checked"
    );
    client.post(&format!("{IMPORTS}/{id}/check"), &json!({ "columns": [""] })).await.expect(422);
    client.post(&format!("{IMPORTS}/{id}/check"), &json!({})).await.expect(200);
    client.post(&format!("{IMPORTS}/{id}/check"), &json!({})).await.expect(409);
    for _ in 0..2 {
        let cancelled = client.post(&format!("{IMPORTS}/{id}/cancel"), &json!({})).await.expect(200);
        assert_eq!(cancelled.field("/state"), "cancelled");
        assert!(cancelled.round_trips() <= Some(3));
    }
    work(&app, &id).await;
    assert_eq!(show(&client, &id).await["state"], "cancelled");
    client.post(&format!("{IMPORTS}/{id}/start"), &json!({})).await.expect(409);
    client.get(&format!("{IMPORTS}/{id}/report")).await.expect(404);
    for wrong in [b"".as_slice(), b"Nom\n", b"PK\x03\x04\0\0"] {
        let reply = match wrong.len() {
            0 => client.post(IMPORTS, &json!({ "of": "company", "upload_id": "upl_00000000000000000000000000" })).await,
            _ => sent(&client, "company", wrong).await,
        };
        assert_eq!(reply.expect(422).violations(), ["/upload_id"]);
    }
    assert_eq!(client.post(IMPORTS, &json!({ "of": "invoice" })).await.expect(422).violations(), ["/of"]);
}

#[tokio::test]
async fn pages_lead_from_the_file_to_the_list() {
    let app = app().await;
    let owner = app.owner();
    let page = owner.get("/crm/import?of=contact").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("value=\"contact\" selected"), "{}", page.text());
    let bytes = "Nom;E-mail;Divers\nDurand;zoe@d.example;x\n;seul@d.example;y\n".as_bytes();
    let same_site = owner.clone().header("sec-fetch-site", "same-origin");
    let file = json!({ "media_type": "text/csv", "bytes": bytes.len() });
    let link = same_site.post("/crm/import/televersement", &file).await.expect(200);
    send_file(&link.json(), bytes.to_vec()).await;
    let fields = [("of", "contact"), ("upload_id", &link.field("/id"))];
    let begun = owner.clone().header("hx-request", "true").form("/crm/import", &fields).await.expect(200);
    let to = begun.header("hx-redirect").expect("it leads on").to_owned();
    let id = to.rsplit('/').next().expect("an id").to_owned();
    let page = owner.get(&to).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("Divers") && page.text().contains("Vérifier le fichier"), "{}", page.text());
    let chosen = |columns: [&'static str; 3]| {
        let mut fields = columns.map(|column| ("columns", column)).to_vec();
        fields.extend([("known_by", "email"), ("existing", "ignore"), ("creates_companies", "true")]);
        fields
    };
    let wrong = owner.form(&format!("{to}/verifier"), &chosen(["", "email", "email"])).await.expect(422).text();
    assert!(wrong.contains("Cet élément figure déjà plus haut."), "{wrong}");
    owner.form(&format!("{to}/verifier"), &chosen(["last_name", "email", ""])).await.expect(303);
    let running = owner.get(&to).await.expect(200).text();
    assert!(running.contains("hx-trigger=\"load delay:1s\"") && running.contains("Annuler"), "{running}");
    work(&app, &id).await;
    let checked = owner.get(&to).await.expect(200).text();
    assert!(checked.contains("Ligne 3") && checked.contains("Nom\u{a0}: Ce champ est obligatoire."), "{checked}");
    let report = owner.get(&format!("{to}/erreurs")).await.expect(303);
    assert!(report.header("location").is_some_and(|link| link.contains("/imports/")));
    owner.form(&format!("{to}/importer"), &[]).await.expect(303);
    work(&app, &id).await;
    let done = owner.get(&to).await.expect(200).text();
    assert!(done.contains("Terminé") && done.contains("/crm/contacts"), "{done}");
    let refused = owner.form("/crm/import", &[("of", "contact"), ("upload_id", "x")]).await.expect(422).text();
    assert!(refused.contains("n’a pas été reçu"), "{refused}");
    app.with_role(Role::Reader).get("/crm/import").await.expect(403);
}

/// 50 000 rows are many messages of 2 000 rows, whatever the machine: a worker has 300 seconds for one. It prints how long
/// the longest took.
#[tokio::test]
#[ignore = "takes minutes"]
async fn fifty_thousand_rows_are_dealt_with_two_thousand_a_message() {
    let app = app().await;
    let client = app.program();
    let mut text = String::from("Nom;E-mail\n");
    for row in 0..50_000 {
        writeln!(text, "Société {row};s{row}@d.example").expect("a text");
    }
    let id = sent(&client, "company", text.as_bytes()).await.expect(201).field("/id");
    let import: ImportId = id.parse().expect("an id");
    for act in ["check", "start"] {
        client.post(&format!("{IMPORTS}/{id}/{act}"), &json!({})).await.expect(200);
        let (mut longest, mut messages) = (Duration::ZERO, 0);
        loop {
            let began = std::time::Instant::now();
            crm::import::run_import(&app.deps, &app.scope(), import).await.expect("the worker works");
            longest = longest.max(began.elapsed());
            messages += 1;
            let state = show(&client, &id).await["state"].clone();
            if state != "checking" && state != "importing" {
                break;
            }
        }
        println!("{act}: {messages} messages, the longest {longest:?}");
        assert_eq!(messages, 25, "{act}");
    }
    assert_eq!(show(&client, &id).await["imported"], counts(50_000, 0, 0, 0, 0));
}
