//! Invoices that we issue in a supplier's name: under their mandate, in their series, and never among our sales.

use futures::future::join_all;
use jiff::SignedDuration;
use kernel::{
    document::{Kind, Snapshot},
    event::Owner,
    id::SelfBilledId,
    permission::Role,
    reference::{ClientReference, OrganizationReference, VatRegime},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use table::{
    ledger::verify,
    shared::{FrozenDocument, OwnedMail},
};
use testkit::App;

use crate::app;

const API: &str = "/api/v1/self-billed-invoices";
const MANDATES: &str = "/api/v1/self-billing-mandates";

fn mandate(supplier: &str, code: &str) -> Value {
    json!({
        "supplier_id": supplier, "code": code, "agreed_on": "2026-11-02", "contest_days": "15", "vat_regime": "normal",
        "legal_form": "SARL", "capital": "10 000 €", "rcs_city": "Lyon", "iban": "FR7630006000011234567890189",
    })
}

/// Two days at 500.00: 1 200.00 € TTC.
fn draft(supplier: &str) -> Value {
    json!({
        "supplier_id": supplier, "subject": "Pose de novembre",
        "lines": [
            { "description": "Pose", "quantity": "2", "unit": "day", "unit_price": "500", "vat_percent": "20" },
        ],
    })
}

async fn supplier(app: &App, name: &str) -> ClientReference {
    let published = app.publish_client(name).await;
    let supplier = ClientReference { vat_number: Some("FR39356000000".into()), ..published };
    app.republish_client(&supplier).await;
    supplier
}

/// A supplier with a mandate; their id.
async fn signed(app: &App, name: &str, code: &str) -> String {
    let id = supplier(app, name).await.id.to_string();
    app.program().post(MANDATES, &mandate(&id, code)).await.expect(201);
    id
}

async fn drafted(app: &App, supplier: &str) -> String {
    app.program().post(API, &draft(supplier)).await.expect(201).field("/id")
}

async fn issued(app: &App, supplier: &str) -> String {
    let id = drafted(app, supplier).await;
    app.program().post(&format!("{API}/{id}/issue"), &json!({})).await.expect(200);
    id
}

async fn snapshot(app: &App, id: &str) -> Snapshot {
    let (scope, owner) = (app.scope(), Owner::SelfBilled(id.parse::<SelfBilledId>().unwrap()));
    scope.get::<FrozenDocument>(&scope.keys().snapshot(owner)).await.unwrap().unwrap().value.snapshot
}

async fn mails(app: &App, id: &str) -> Vec<OwnedMail> {
    let scope = app.scope();
    let key = scope.keys().self_billed(id.parse::<SelfBilledId>().unwrap());
    let found = scope.collection(&key.collection()).await.unwrap();
    found.all::<OwnedMail>().unwrap().into_iter().map(|mail| mail.value).collect()
}

#[tokio::test]
async fn an_invoice_leaves_in_the_suppliers_name_and_series() {
    let app = app().await;
    let program = app.program();
    let dupont = signed(&app, "Menuiserie Dupont", "dupont").await;
    let luce = signed(&app, "Luce SARL", "LUCE").await;
    let id = drafted(&app, &dupont).await;
    let invoice = program.post(&format!("{API}/{id}/issue"), &json!({})).await.expect(200);
    assert_eq!((invoice.field("/number"), invoice.field("/status")), ("AF-DUPONT-2026-0001".into(), "issued".into()));
    assert_eq!((invoice.field("/gross_minor"), invoice.field("/due_on")), ("120000".into(), "2026-12-22".into()));
    // Each supplier has a series of their own, and none is ours.
    let others = [issued(&app, &luce).await, issued(&app, &dupont).await];
    let number = async |id: &str| program.get(&format!("{API}/{id}")).await.expect(200).field("/number");
    assert_eq!(number(&others[0]).await, "AF-LUCE-2026-0001");
    assert_eq!(number(&others[1]).await, "AF-DUPONT-2026-0002");

    let frozen = snapshot(&app, &id).await;
    assert_eq!((frozen.kind, frozen.kind.type_code()), (Kind::SelfBilled, Some("389")));
    assert_eq!((frozen.seller.name.as_str(), frozen.buyer.name.as_str()), ("Menuiserie Dupont", "Atelier Lumière"));
    assert_eq!((frozen.seller.siren.as_str(), frozen.seller.capital.as_deref()), ("356000000", Some("10 000 €")));
    assert_eq!(frozen.seller.bank.map(|bank| bank.iban).as_deref(), Some("FR7630006000011234567890189"));
    assert_eq!(frozen.mentions.first().map(String::as_str), Some("Autofacturation"));
    assert!(frozen.brand.logo.is_none() && frozen.late_payment.is_some() && frozen.payment_terms.is_some());

    let mails = mails(&app, &id).await;
    let mail = &mails[0].mail;
    assert_eq!((mail.to.address.as_str(), mail.to.name.as_deref()), ("compta@client.example", None));
    assert_eq!(mail.attachments[0].file_name, "AF-DUPONT-2026-0001.pdf");
    assert!(mail.text.contains("15 jours") && mail.text.contains("contester"), "{}", mail.text);
    assert!(!mail.gives_link && !mail.text.contains("Claire"), "it names nobody and leads nowhere");

    // The ledger has them, and what we sold is nothing.
    let ledger = verify(&app.scope()).await.unwrap();
    assert_eq!(ledger.entries, 3);
    let checked = program.get("/api/v1/ledger/verification").await.expect(200);
    assert_eq!(checked.field("/is_intact"), "true");
    let scope = app.scope();
    let figures = scope.collection(&scope.keys().figures()).await.unwrap();
    assert!(figures.all::<invoicing::figures::MonthFigures>().unwrap().is_empty());
    let page = app.owner().get(&format!("/facturation/autofacturation/{id}")).await.expect(200).text();
    for told in ["AF-DUPONT-2026-0001", "Menuiserie Dupont", "Autofacturation", "Émise", "Noter le paiement"] {
        assert!(page.contains(told), "{told}");
    }
    let journal = app.owner().get("/facturation/journal").await.expect(200).text();
    assert!(journal.contains("Facture en autofacturation émise"));
}

#[tokio::test]
async fn nothing_is_issued_without_a_mandate_that_is_in_force() {
    let app = app().await;
    let program = app.program();
    let nobody = supplier(&app, "Sans mandat").await.id.to_string();
    let refused = program.post(API, &draft(&nobody)).await.expect(409);
    assert_eq!(refused.field("/code"), "mandate_missing");
    assert_eq!(program.post(API, &draft("")).await.expect(422).violations(), ["/supplier_id"]);
    let unknown = draft("com_00000000000000000000000000");
    assert_eq!(program.post(API, &unknown).await.expect(422).violations(), ["/supplier_id"]);

    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let id = drafted(&app, &dupont).await;
    let path = format!("{MANDATES}/{dupont}");
    let revoked = program.post(&format!("{path}/revoke"), &json!({ "from": "2026-11-22" })).await.expect(200);
    assert_eq!((revoked.field("/is_in_force"), revoked.field("/revoked_from")), ("false".into(), "2026-11-22".into()));
    let refused = program.post(&format!("{API}/{id}/issue"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "mandate_missing");
    let page = app.owner().form(&format!("/facturation/autofacturation/{id}/emettre"), &[]).await.expect(409).text();
    assert!(page.contains("Aucun mandat de ce fournisseur n’est en vigueur"));

    // A new agreement brings it back.
    app.advance(SignedDuration::from_hours(24 * 3));
    let again = Value::Object({
        let mut again = mandate(&dupont, "DUPONT").as_object().unwrap().clone();
        again.insert("agreed_on".into(), json!("2026-11-24"));
        again
    });
    assert_eq!(program.put(&path, &again).await.expect(200).field("/is_in_force"), "true");
    let done = program.post(&format!("{API}/{id}/issue"), &json!({})).await.expect(200);
    assert_eq!(done.field("/number"), "AF-DUPONT-2026-0001");
}

#[tokio::test]
async fn an_incomplete_supplier_is_refused_until_their_card_is_complete() {
    let app = app().await;
    let program = app.program();
    let supplier = app.publish_client("Menuiserie Dupont").await;
    let id = supplier.id.to_string();
    program.post(MANDATES, &mandate(&id, "DUPONT")).await.expect(201);
    let invoice = drafted(&app, &id).await;
    let refused = program.post(&format!("{API}/{invoice}/issue"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "supplier_incomplete", "no VAT number");
    let page = app.owner().get(&format!("/facturation/autofacturation/mandats/{id}")).await.expect(200).text();
    assert!(page.contains("La fiche de ce fournisseur est incomplète"));
    let numbered = ClientReference { vat_number: Some("FR39356000000".into()), ..supplier.clone() };
    for incomplete in
        [ClientReference { siret: None, ..numbered.clone() }, ClientReference { address: None, ..numbered.clone() }]
    {
        app.republish_client(&incomplete).await;
        let refused = program.post(&format!("{API}/{invoice}/issue"), &json!({})).await.expect(409);
        assert_eq!(refused.field("/code"), "supplier_incomplete");
    }
    // What is refused takes no number.
    app.republish_client(&numbered).await;
    let done = program.post(&format!("{API}/{invoice}/issue"), &json!({})).await.expect(200);
    assert_eq!(done.field("/number"), "AF-DUPONT-2026-0001");

    // Under the franchise there is no VAT number, and no VAT.
    let roux = app.publish_client("Camille Roux EI").await.id.to_string();
    let mut franchise = mandate(&roux, "ROUX");
    franchise["vat_regime"] = json!("franchise");
    program.post(MANDATES, &franchise).await.expect(201);
    assert_eq!(program.post(API, &draft(&roux)).await.expect(422).violations(), ["/lines/0/vat_percent"]);
    let mut body = draft(&roux);
    body["lines"][0]["vat_percent"] = json!("0");
    let id = program.post(API, &body).await.expect(201).field("/id");
    program.post(&format!("{API}/{id}/issue"), &json!({})).await.expect(200);
    assert!(snapshot(&app, &id).await.mentions.iter().any(|mention| mention.contains("293 B")));
}

#[tokio::test]
async fn a_code_is_one_suppliers_for_ever_and_a_supplier_has_one_mandate() {
    let app = app().await;
    let program = app.program();
    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let other = supplier(&app, "Dupont Frères").await.id.to_string();
    assert_eq!(program.post(MANDATES, &mandate(&other, "dupont")).await.expect(422).violations(), ["/code"]);
    assert_eq!(program.post(MANDATES, &mandate(&dupont, "AUTRE")).await.expect(422).violations(), ["/supplier_id"]);
    let mut renamed = mandate(&dupont, "AUTRE");
    assert_eq!(program.put(&format!("{MANDATES}/{dupont}"), &renamed).await.expect(422).violations(), ["/code"]);
    renamed["code"] = json!("DUPONT");
    renamed["agreed_on"] = json!("2026-11-23");
    assert_eq!(program.put(&format!("{MANDATES}/{dupont}"), &renamed).await.expect(422).violations(), ["/agreed_on"]);
    // Both at once: one of them.
    let both = join_all([dupont.as_str(), other.as_str()].map(|_| {
        let (program, other) = (program.clone(), other.clone());
        async move { program.post(MANDATES, &mandate(&other, "FRERES")).await }
    }))
    .await;
    assert_eq!(both.iter().filter(|reply| reply.status == 201).count(), 1);
}

#[tokio::test]
async fn it_is_contested_settled_paid_and_credited() {
    let app = app().await;
    let program = app.program();
    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let id = issued(&app, &dupont).await;
    let act = async |what: &str, body: Value| program.post(&format!("{API}/{id}/{what}"), &body).await;
    let paid = || json!({ "paid_on": "2026-11-22", "method": "bank_transfer", "reference": "VIR-12" });
    assert_eq!(act("contest", json!({ "reason": " " })).await.expect(422).violations(), ["/reason"]);
    let contested = act("contest", json!({ "reason": "Trois jours, pas deux" })).await.expect(200);
    assert_eq!(contested.field("/status"), "contested");
    assert_eq!(act("pay", paid()).await.expect(409).field("/code"), "self_billed_contested");
    assert_eq!(act("accept", json!({})).await.expect(200).field("/status"), "accepted");
    assert_eq!(act("accept", json!({})).await.expect(409).field("/code"), "self_billed_accepted");
    let wrong = json!({ "paid_on": "2026-11-23", "method": "x" });
    let mut violations = act("pay", wrong).await.expect(422).violations();
    violations.sort();
    assert_eq!(violations, ["/method", "/paid_on"]);
    let cash = json!({ "paid_on": "2026-11-22", "method": "cash" });
    assert_eq!(act("pay", cash).await.expect(422).violations(), ["/method"], "CMF D112-3");
    let done = act("pay", paid()).await.expect(200);
    assert_eq!((done.field("/status"), done.field("/paid_on")), ("paid".into(), "2026-11-22".into()));
    assert_eq!(act("pay", paid()).await.expect(409).field("/code"), "already_paid");
    assert_eq!(act("unpay", json!({})).await.expect(200).field("/status"), "accepted");
    assert_eq!(act("unpay", json!({})).await.expect(409).field("/code"), "self_billed_not_paid");

    let part = json!({ "reason": "Une demi-journée", "lines": [{ "line": 1, "quantity": "0.5" }] });
    let credited = act("credit-notes", part).await.expect(201);
    assert_eq!(credited.field("/credit_note/number"), "AFA-DUPONT-2026-0001");
    assert_eq!(
        (credited.field("/credit_note/gross_minor"), credited.field("/invoice/owed_minor")),
        ("30000".into(), "90000".into())
    );
    let rest = act("credit-notes", json!({ "reason": "Annulation" })).await.expect(201);
    assert_eq!((rest.field("/invoice/status"), rest.field("/invoice/owed_minor")), ("cancelled".into(), "0".into()));
    assert_eq!(act("credit-notes", json!({ "reason": "Encore" })).await.expect(409).field("/code"), "already_credited");
    let note = rest.field("/credit_note/id");
    let frozen = snapshot(&app, &note).await;
    assert_eq!((frozen.kind.type_code(), frozen.preceding[0].number.as_str()), (Some("261"), "AF-DUPONT-2026-0001"));
    assert_eq!((frozen.late_payment, frozen.due_on), (None, None));
    // Nobody contests or pays a credit note.
    program.post(&format!("{API}/{note}/accept"), &json!({})).await.expect(404);
    let checked = program.get("/api/v1/ledger/verification").await.expect(200);
    assert_eq!((checked.field("/is_intact"), checked.field("/entries")), ("true".into(), "3".into()));
    let page = app.owner().get(&format!("/facturation/autofacturation/{id}")).await.expect(200).text();
    assert!(page.contains("Annulée") && page.contains("AFA-DUPONT-2026-0002"));
}

#[tokio::test]
async fn drafts_change_and_go_and_what_is_issued_stays() {
    let app = app().await;
    let program = app.program();
    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let luce = signed(&app, "Luce SARL", "LUCE").await;
    let id = drafted(&app, &dupont).await;
    let path = format!("{API}/{id}");
    assert_eq!(program.put(&path, &draft(&luce)).await.expect(422).violations(), ["/supplier_id"]);
    let mut body = draft(&dupont);
    body["lines"][0]["quantity"] = json!("3");
    assert_eq!(program.put(&path, &body).await.expect(200).field("/gross_minor"), "180000");
    let mut long = body.clone();
    long["payment_days"] = json!("75");
    assert_eq!(program.put(&path, &long).await.expect(422).violations(), ["/payment_days"], "C. com. L441-10");
    let mut abroad = body.clone();
    abroad["vat_treatment"] = json!("export");
    assert_eq!(program.put(&path, &abroad).await.expect(422).violations(), ["/vat_treatment"]);
    let mut reversed = body.clone();
    reversed["vat_treatment"] = json!("reverse_charge");
    assert_eq!(program.put(&path, &reversed).await.expect(200).field("/tax_minor"), "0");
    program.post(&format!("{path}/issue"), &json!({})).await.expect(200);
    assert!(snapshot(&app, &id).await.mentions.contains(&"Autoliquidation".to_owned()));
    program.put(&path, &body).await.expect(409);
    program.delete(&path).await.expect(409);
    let gone = drafted(&app, &dupont).await;
    program.delete(&format!("{API}/{gone}")).await.expect(204);
    program.get(&format!("{API}/{gone}")).await.expect(404);
}

#[tokio::test]
async fn another_tenant_and_who_may_not_get_nowhere() {
    let app = app().await;
    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let id = issued(&app, &dupont).await;
    let stranger = app.stranger();
    for path in [
        format!("{API}/{id}"),
        format!("{API}/{id}/document"),
        format!("{MANDATES}/{dupont}"),
        format!("/facturation/autofacturation/{id}"),
        format!("/facturation/autofacturation/{id}/avoir"),
        format!("/facturation/autofacturation/mandats/{dupont}"),
        format!("/facturation/autofacturation/nouvelle?fournisseur={dupont}"),
    ] {
        stranger.get(&path).await.expect(404);
    }
    for act in ["issue", "accept", "unpay"] {
        stranger.post(&format!("{API}/{id}/{act}"), &json!({})).await.expect(404);
    }
    let reader = app.with_role(Role::Reader);
    reader.get(&format!("{API}/{id}")).await.expect(200);
    for (path, body) in [
        (MANDATES.to_owned(), mandate(&dupont, "X")),
        (API.to_owned(), draft(&dupont)),
        (format!("{API}/{id}/accept"), json!({})),
        (format!("{API}/{id}/credit-notes"), json!({ "reason": "x" })),
    ] {
        reader.post(&path, &body).await.expect(403);
    }
}

#[tokio::test]
async fn forms_tell_what_is_wrong_and_lead_on() {
    let app = app().await;
    let owner = app.owner();
    let supplier = supplier(&app, "Menuiserie Dupont").await.id.to_string();
    let form = "/facturation/autofacturation/mandats/nouveau";
    assert!(owner.get(form).await.expect(200).text().contains("Menuiserie Dupont"));
    let typed =
        [("supplier_id", supplier.as_str()), ("code", "A-B"), ("agreed_on", "2026-11-02"), ("vat_regime", "normal")];
    let wrong = owner.form(form, &typed).await.expect(422).text();
    assert!(wrong.contains("de 1 à 12 lettres"), "{wrong}");
    let typed = typed.map(|(name, value)| (name, if name == "code" { "DUPONT" } else { value }));
    let to = owner.form(form, &typed).await.expect(303).header("location").unwrap().to_owned();
    assert!(owner.get(&to).await.expect(200).text().contains("AF-DUPONT-2026-…"));
    let chosen = owner.get("/facturation/autofacturation/nouvelle").await.expect(200).text();
    assert!(chosen.contains(&format!("nouvelle?fournisseur={supplier}")));
    let page =
        owner.get(&format!("/facturation/autofacturation/nouvelle?fournisseur={supplier}")).await.expect(200).text();
    assert!(page.contains("name=\"supplier_id\"") && !page.contains("product-search"), "the catalogue is what we sell");
    let typed = |price: &'static str| {
        vec![
            ("supplier_id", supplier.as_str()),
            ("operations", "services"),
            ("line_description", "Pose"),
            ("line_quantity", "2"),
            ("line_unit", "day"),
            ("line_unit_price", price),
            ("line_vat", "20"),
        ]
    };
    let new = "/facturation/autofacturation/nouvelle";
    assert!(owner.form(new, &typed("x")).await.expect(422).text().contains("Indiquez un nombre"));
    let to = owner.form(new, &typed("500")).await.expect(303).header("location").unwrap().to_owned();
    let page = owner.get(&to).await.expect(200).text();
    assert!(page.contains("Facture en autofacturation (brouillon)") && page.contains("Atelier Lumière"));
    let path = to.split('?').next().unwrap();
    owner.form(&format!("{path}/emettre"), &[]).await.expect(303);
    let again = owner.form(&format!("{path}/contester"), &[("reason", "")]).await.expect(422).text();
    assert!(again.contains("data-open-now"));
    owner.form(&format!("{path}/payer"), &[("paid_on", "2026-11-22"), ("method", "check")]).await.expect(303);
    assert!(owner.get(path).await.expect(200).text().contains("Payée"));
    assert!(owner.get("/facturation/autofacturation").await.expect(200).text().contains("AF-DUPONT-2026-0001"));
}

#[tokio::test]
async fn who_sends_the_same_key_twice_issues_and_credits_once() {
    let app = app().await;
    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let id = drafted(&app, &dupont).await;
    let once = app.program().idempotency_key("issue-1");
    let path = format!("{API}/{id}/issue");
    let first = once.post(&path, &json!({})).await.expect(200);
    assert_eq!(once.post(&path, &json!({})).await.expect(200).json(), first.json());
    let once = app.program().idempotency_key("credit-1");
    let path = format!("{API}/{id}/credit-notes");
    let first = once.post(&path, &json!({ "reason": "Erreur" })).await.expect(201);
    assert_eq!(once.post(&path, &json!({ "reason": "Erreur" })).await.expect(201).json(), first.json());
    assert_eq!(app.program().get(API).await.expect(200).json()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn vat_in_another_currency_wants_its_rate() {
    let app = app().await;
    let program = app.program();
    let dollars = OrganizationReference { currency: kernel::Currency::Usd, ..app.ours.clone() };
    app.replace_organization(&dollars).await;
    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let id = drafted(&app, &dupont).await;
    let refused = program.post(&format!("{API}/{id}/issue"), &json!({})).await.expect(409);
    assert_eq!(refused.field("/code"), "exchange_rate_missing");
    let mut body = draft(&dupont);
    body["exchange_rate"] = json!("0,92155");
    body["exchange_on"] = json!("2026-11-20");
    program.put(&format!("{API}/{id}"), &body).await.expect(200);
    program.post(&format!("{API}/{id}/issue"), &json!({})).await.expect(200);
    assert_eq!(snapshot(&app, &id).await.vat_in_euro(), Some(kernel::Minor(18_431)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    /// However many issue, credit and are refused at once: each series counts from 1 without a gap.
    #[test]
    fn no_series_has_a_gap(per_supplier in proptest::collection::vec(1_usize..6, 1..4), refused in 0_usize..3) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let app = app().await;
            let program = app.program();
            let mut drafts = Vec::new();
            for (at, count) in per_supplier.iter().enumerate() {
                let supplier = signed(&app, &format!("Fournisseur {at}"), &format!("F{at}")).await;
                for _ in 0..*count {
                    drafts.push(drafted(&app, &supplier).await);
                }
            }
            let mut wanted: Vec<_> = drafts.iter().map(|id| format!("{API}/{id}/issue")).collect();
            wanted.extend(drafts.iter().take(refused).map(|id| format!("{API}/{id}/issue")));
            let replies = join_all(wanted.iter().map(|path| {
                let program = program.clone();
                async move { program.post(path, &json!({})).await }
            }))
            .await;
            let mut numbers: Vec<_> =
                replies.iter().filter(|reply| reply.status == 200).map(|reply| reply.field("/number")).collect();
            numbers.sort();
            let mut expected: Vec<_> = per_supplier
                .iter()
                .enumerate()
                .flat_map(|(at, count)| (1..=*count).map(move |n| format!("AF-F{at}-2026-{n:04}")))
                .collect();
            expected.sort();
            assert_eq!(numbers, expected);
            join_all(drafts.iter().map(|id| {
                let program = program.clone();
                async move { program.post(&format!("{API}/{id}/credit-notes"), &json!({ "reason": "x" })).await.expect(201) }
            }))
            .await;
            let checked = program.get("/api/v1/ledger/verification").await.expect(200);
            assert_eq!(checked.field("/is_intact"), "true");
        });
    }
}

/// A supplier who charges VAT on debits says so.
#[tokio::test]
async fn the_mention_of_debits_is_the_suppliers() {
    let app = app().await;
    app.replace_organization(&OrganizationReference { vat_regime: VatRegime::Franchise, ..app.ours.clone() }).await;
    let id = supplier(&app, "Menuiserie Dupont").await.id.to_string();
    let mut body = mandate(&id, "DUPONT");
    body["vat_regime"] = json!("debits");
    app.program().post(MANDATES, &body).await.expect(201);
    let invoice = issued(&app, &id).await;
    let mentions = snapshot(&app, &invoice).await.mentions;
    assert_eq!(mentions.len(), 2);
    assert!(mentions[1].contains("débits") && !mentions.concat().contains("293 B"));
}

#[tokio::test]
async fn the_list_is_had_as_a_file_by_who_may_have_it() {
    let app = app().await;
    let dupont = signed(&app, "Menuiserie =Dupont", "DUPONT").await;
    issued(&app, &dupont).await;
    drafted(&app, &dupont).await;
    for path in [format!("{API}/export"), "/facturation/autofacturation/export".to_owned()] {
        let file = app.owner().get(&path).await.expect(200);
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"autofacturation-2026-11-22.csv\""));
        let text = file.text();
        let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].starts_with("Numéro;Nature;Fournisseur;Objet;Date;Échéance"));
        let draft = ";Facture;Menuiserie =Dupont;Pose de novembre;2026-11-22;;;Brouillon;1000,00;200,00;1200,00;EUR";
        assert!(lines.contains(&draft), "{text}");
        assert!(lines.iter().any(|line| line.starts_with("AF-DUPONT-2026-0001;") && line.ends_with(";1200,00;EUR")));
    }
    assert_eq!(app.stranger().get(&format!("{API}/export")).await.expect(200).text().lines().count(), 1);
    let page = app.owner().get("/facturation/autofacturation").await.expect(200).text();
    assert!(page.contains("/facturation/autofacturation/export"));
    app.with_role(Role::Reader).get(&format!("{API}/export")).await.expect(403);
}

#[tokio::test]
async fn the_page_of_a_client_leads_to_their_mandates() {
    let app = app().await;
    let dupont = signed(&app, "Menuiserie Dupont", "DUPONT").await;
    let debit = json!({ "client_id": dupont, "iban": "DE89370400440532013000", "signed_on": "2026-11-01",
                        "scheme": "core", "reference": "RUM-7" });
    let debit = app.program().post("/api/v1/mandates", &debit).await.expect(201).field("/id");
    let other = app.publish_client("Client SA").await.id;
    let panel = |client: String| {
        let owner = app.owner();
        async move { owner.get(&format!("/facturation/panneaux/clients/{client}")).await.expect(200) }
    };
    let told = panel(dupont.clone()).await;
    let text = told.text();
    for wanted in [
        format!("/facturation/mandats/{debit}"),
        format!("/facturation/autofacturation/mandats/{dupont}"),
        "Prélèvement RUM-7".into(),
        "Autofacturation AF-DUPONT".into(),
    ] {
        assert!(text.contains(&wanted), "{wanted} in {text}");
    }
    assert_eq!(told.round_trips(), Some(2));
    let none = panel(other.to_string()).await.text();
    assert!(none.contains("Aucun mandat") && !none.contains("RUM-7"));
}
