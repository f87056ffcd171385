//! Duplicates: on entry, in their page, and said to be none.

use jiff::SignedDuration;
use kernel::{
    Permission::{CrmCreate, CrmEdit, CrmView},
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, Client, own_records};

use crate::{COMPANIES, CONTACTS, added, app, bakery, work::Work};

const DUPLICATES: &str = "/api/v1/crm/duplicates";
const CHECK: &str = "/api/v1/crm/duplicates/check";
const DISMISS: &str = "/api/v1/crm/duplicates/dismissals";
const SEARCH: &str = "/api/v1/crm/duplicates/search";

async fn pairs(client: &Client, query: &str) -> Vec<(String, String, Vec<String>)> {
    let list = client.get(&format!("{DUPLICATES}?{query}")).await.expect(200);
    assert!(list.round_trips() <= Some(2));
    let json = list.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = json["items"].as_array().expect("a list").iter();
    rows.map(|row| {
        let signs = row["signs"].as_array().expect("signs").iter().map(text).collect();
        (text(&row["name"]), text(&row["other_name"]), signs)
    })
    .collect()
}

async fn found(client: &Client, typed: Value) -> Value {
    let answer = client.post(CHECK, &typed).await.expect(200);
    assert!(answer.round_trips() <= Some(2));
    answer.json()
}

#[tokio::test]
async fn what_is_typed_is_found_by_siren_e_mail_telephone_and_name() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let zoe =
        json!({ "last_name": "Durand", "first_name": "Zoé", "email": "zoe@dupre.example", "phone": "04 78 12 34 56" });
    let contact = added(&program, CONTACTS, &zoe).await;
    assert_eq!(found(&program, json!({ "name": "Boulangerie Dupré" })).await["items"], json!([]));
    work.do_all(&app).await;

    let typed = [
        (json!({ "name": "SARL DUPRE Boulangerie" }), "name"),
        (json!({ "vat_number": "FR44732829320" }), "siren"),
        (json!({ "siret": "73282932000074", "name": "x" }), "siren"),
        (json!({ "email": "COMPTA@dupre.example" }), "email"),
    ];
    for (typed, sign) in typed {
        let found = found(&program, typed).await;
        assert_eq!(found["items"][0]["id"], json!(company));
        assert_eq!(found["items"][0]["signs"], json!([sign]));
        assert_eq!(found["items"][0]["detail"], "Lyon");
    }
    let typed = json!({ "of": "contact", "mobile": "+33478123456", "last_name": "durand", "first_name": "zoe" });
    assert_eq!(found(&program, typed.clone()).await["items"][0]["signs"], json!(["phone", "name"]));
    // Who is changed is no duplicate of themselves, and a company is none of a contact.
    let own = crate::with(typed, json!({ "id": contact }));
    assert_eq!(found(&program, own).await["items"], json!([]));
    assert_eq!(found(&program, json!({ "email": "zoe@dupre.example" })).await["items"], json!([]));
    // Nothing of it must be right.
    let nonsense = json!({ "name": "é".repeat(2_000), "siret": "x", "phone": "+", "country": "??" });
    assert_eq!(found(&program, nonsense).await["items"], json!([]));
    assert_eq!(found(&app.stranger(), json!({ "email": "compta@dupre.example" })).await["items"], json!([]));
    program.post(CHECK, &json!({ "of": "quote" })).await.expect(400);
}

#[tokio::test]
async fn a_form_tells_what_is_there_and_hinders_nobody() {
    let (app, mut work) = (app().await, Work::default());
    let (program, owner) = (app.program(), app.owner());
    let company = added(&program, COMPANIES, &bakery()).await;
    work.do_all(&app).await;
    let form = owner.get("/crm/entreprises/nouvelle").await.expect(200).text();
    assert!(form.contains("/crm/doublons/verifier?form=/crm/entreprises/nouvelle"), "{form}");
    let check =
        |form: &str| format!("/crm/doublons/verifier?form={form}&name=Dupr%C3%A9+Boulangerie&email=&country=FR");
    let told = owner.get(&check("/crm/entreprises/nouvelle")).await.expect(200);
    assert!(told.text().contains(&format!("/crm/entreprises/{company}")), "{}", told.text());
    assert!(told.round_trips() <= Some(2));
    let own = owner.get(&check(&format!("/crm/entreprises/{company}/modifier"))).await.expect(200).text();
    assert_eq!(own.trim(), "");
    let contacts = owner.get(&check("/crm/contacts/nouveau")).await.expect(200).text();
    assert_eq!(contacts.trim(), "");
    program.post(COMPANIES, &bakery()).await.expect(201);
}

#[tokio::test]
async fn who_sees_only_their_own_learns_no_name_of_a_colleague_s_record() {
    let (app, mut work) = (app().await, Work::default());
    let (_, salesperson) = app.with_new_member(own_records([CrmView, CrmCreate, CrmEdit])).await;
    added(&app.program(), COMPANIES, &bakery()).await;
    added(&salesperson, COMPANIES, &json!({ "name": "Dupré Boulangerie" })).await;
    work.do_all(&app).await;
    let found = found(&salesperson, json!({ "email": "compta@dupre.example" })).await;
    assert_eq!(found, json!({ "items": [], "hidden": 1 }));
    let page = "/crm/doublons/verifier?form=/crm/entreprises/nouvelle&email=compta@dupre.example";
    let told = salesperson.get(page).await.expect(200).text();
    assert!(told.contains("une fiche attribuée à un collègue") && !told.contains("Dupré"), "{told}");
    // Only one of the pair is theirs.
    assert_eq!(pairs(&salesperson, "").await.len(), 0);
    assert_eq!(pairs(&app.program(), "").await.len(), 1);
    assert!(!salesperson.get("/crm/doublons").await.expect(200).text().contains("Dupré"));
    added(&salesperson, COMPANIES, &json!({ "name": "Dupré, boulangerie" })).await;
    work.do_all(&app).await;
    assert_eq!(pairs(&salesperson, "").await.len(), 1);
}

/// As [`added`], after those that were added before.
async fn added_next(app: &App, path: &str, body: &Value) -> String {
    app.advance(SignedDuration::from_millis(1));
    added(&app.program(), path, body).await
}

#[tokio::test]
async fn pairs_are_listed_by_what_is_surest_and_follow_what_changes() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    added_next(&app, CONTACTS, &json!({ "last_name": "Durand", "first_name": "Zoé", "mobile": "0612345678" })).await;
    added_next(&app, CONTACTS, &json!({ "last_name": "Durant", "first_name": "Zoe" })).await;
    added_next(&app, CONTACTS, &json!({ "last_name": "Petit", "email": "petit@x.example" })).await;
    let moving = added_next(&app, CONTACTS, &json!({ "last_name": "Grand", "email": "PETIT@x.example" })).await;
    added_next(&app, CONTACTS, &json!({ "last_name": "Roux", "phone": "+33 6 12 34 56 78" })).await;
    work.do_all(&app).await;
    let signs = |pairs: &[(String, String, Vec<String>)]| {
        pairs.iter().map(|(one, other, signs)| format!("{one}/{other} {}", signs.join(" "))).collect::<Vec<_>>()
    };
    let expected = ["Petit/Grand email", "Zoé Durand/Roux phone", "Zoé Durand/Zoe Durant name"];
    assert_eq!(signs(&pairs(&program, "of=contact").await), expected);
    assert_eq!(pairs(&program, "of=company").await.len(), 0);
    // Done again, it comes to the same.
    Work::default().do_all(&app).await;
    assert_eq!(signs(&pairs(&program, "of=contact").await), expected);

    let other = json!({ "last_name": "Grand", "email": "grand@x.example", "mobile": "06 12 34 56 78" });
    program.put(&format!("{CONTACTS}/{moving}"), &other).await.expect(200);
    work.do_all(&app).await;
    let now = signs(&pairs(&program, "of=contact").await);
    let expected =
        ["Zoé Durand/Grand phone", "Zoé Durand/Roux phone", "Grand/Roux phone", "Zoé Durand/Zoe Durant name"];
    assert_eq!(now, expected);
    program.delete(&format!("{CONTACTS}/{moving}")).await.expect(200);
    work.do_all(&app).await;
    assert_eq!(signs(&pairs(&program, "of=contact").await), ["Zoé Durand/Roux phone", "Zoé Durand/Zoe Durant name"]);
    let left =
        app.items().into_iter().filter(|item| item["type"]["S"] == "identity" || item["type"]["S"] == "duplicate");
    for item in left {
        assert!(!item.to_string().contains("Grand"), "{item}");
    }
}

#[tokio::test]
async fn two_that_somebody_says_are_two_are_not_proposed_again() {
    let (app, mut work) = (app().await, Work::default());
    let (program, owner) = (app.program(), app.owner());
    let one = added(&program, COMPANIES, &json!({ "name": "Garage Martin" })).await;
    let two = added(&program, COMPANIES, &json!({ "name": "Garage Martin SAS" })).await;
    work.do_all(&app).await;
    let page = owner.get("/crm/doublons").await.expect(200);
    assert!(page.text().contains("Garage Martin SAS") && page.text().contains("Nom proche"), "{}", page.text());
    assert!(page.round_trips() <= Some(2));
    owner.form("/crm/doublons/ecarter", &[("record", &two), ("other", &one)]).await.expect(303);
    assert_eq!(pairs(&program, "").await.len(), 0);
    assert_eq!(pairs(&program, "dismissed=true").await.len(), 1);
    assert!(owner.get("/crm/doublons?ecartes=1").await.expect(200).text().contains("Garage Martin SAS"));
    let dismissed = program.post(DISMISS, &json!({ "record": one, "other": two })).await.expect(200);
    assert!(dismissed.round_trips() <= Some(3));

    // Whatever they come to have in common.
    let named = json!({ "name": "Garage Martin SAS", "email": "a@garage.example" });
    program.put(&format!("{COMPANIES}/{two}"), &named).await.expect(200);
    program.put(&format!("{COMPANIES}/{one}"), &named).await.expect(200);
    work.do_all(&app).await;
    assert_eq!(pairs(&program, "").await.len(), 0);
    assert_eq!(pairs(&program, "dismissed=true").await[0].2, ["email", "name"]);

    for wrong in
        [json!({ "record": one }), json!({ "record": one, "other": one }), json!({ "record": "x", "other": two })]
    {
        program.post(DISMISS, &wrong).await.expect(422);
    }
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    stranger.post(DISMISS, &json!({ "record": one, "other": two })).await.expect(404);
}

#[tokio::test]
async fn a_search_finds_what_was_there_before() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    for number in 0..30 {
        let name = format!("Client {}", ["un", "deux", "trois"][number % 3]);
        added(&program, COMPANIES, &json!({ "name": format!("{name} {}", number / 3) })).await;
    }
    for _ in 0..2 {
        added(&program, CONTACTS, &json!({ "last_name": "Durand", "email": "d@x.example" })).await;
    }
    // As if nothing had been noted of them: the events of all that are lost.
    let mut work = Work::default();
    work.skip(&app);
    assert_eq!(pairs(&program, "of=contact").await.len(), 0);
    program.get(SEARCH).await.expect(404);
    owner.form("/crm/doublons/rechercher", &[]).await.expect(303);
    assert_eq!(program.get(SEARCH).await.expect(200).field("/is_under_way"), "true");
    assert!(owner.get("/crm/doublons").await.expect(200).text().contains("Recherche en cours"));
    assert_eq!(program.post(SEARCH, &json!({})).await.expect(409).field("/code"), "duplicate_search_under_way");
    let mut dice = crate::work::Dice(7);
    work.do_all_killed(&app, &mut dice).await;
    let search = program.get(SEARCH).await.expect(200);
    assert_eq!((search.field("/is_under_way"), search.field("/looked_at")), ("false".into(), "32".into()));
    assert_eq!(pairs(&program, "of=contact").await.len(), 1);
    assert!(owner.get("/crm/doublons").await.expect(200).text().contains("32 fiches examinées"));
    let again = program.post(SEARCH, &json!({})).await.expect(202);
    assert_eq!(again.field("/looked_at"), "0");
}

#[tokio::test]
async fn what_very_many_share_costs_no_more_than_what_few_do() {
    let (app, mut work) = (app().await, Work::default());
    let program = app.program();
    for number in 0..40 {
        let name = format!(
            "{}{}",
            ["Ba", "Ce", "Di", "Fo", "Gu", "Ja", "Ke", "Li"][number % 8],
            ["rin", "sol", "ton", "val", "mer"][number / 8]
        );
        added(&program, CONTACTS, &json!({ "last_name": name, "phone": "04 78 12 34 56" })).await;
    }
    work.do_all(&app).await;
    let mut found = 0;
    let mut query = "of=contact&limit=100".to_owned();
    loop {
        let page = program.get(&format!("{DUPLICATES}?{query}")).await.expect(200);
        found += page.json()["items"].as_array().expect("a list").len();
        match page.json()["next_cursor"].as_str() {
            Some(cursor) => query = format!("of=contact&limit=100&cursor={cursor}"),
            None => break,
        }
    }
    // Each with the first ones, not with all.
    assert!((300..=450).contains(&found), "{found}");
}

#[tokio::test]
async fn only_who_may_change_records_dismisses_and_searches() {
    let app = app().await;
    let reader = app.with_role(Role::Reader);
    reader.get("/crm/doublons").await.expect(200);
    reader.form("/crm/doublons/rechercher", &[]).await.expect(403);
    reader.form("/crm/doublons/ecarter", &[]).await.expect(403);
    reader.get("/crm/fusions").await.expect(403);
}

/// For others.
pub async fn open_pairs(app: &App, of: &str) -> usize {
    pairs(&app.program(), &format!("of={of}")).await.len()
}
