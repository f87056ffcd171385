//! `/api/v1/crm/web-forms`, the pages of forms, and `/formulaires/…` as a visitor of a web site has it.

use jiff::SignedDuration;
use kernel::permission::Role;
use serde_json::{Value, json};
use testkit::{App, Client, Reply, SITE};

use crate::{COMPANIES, CONTACTS, activities::tell, added, app, bakery, with};

const FORMS: &str = "/api/v1/crm/web-forms";

fn contact_form() -> Value {
    json!({
        "name": "Contact du site",
        "title": "Contactez-nous",
        "first_name": "optional",
        "email": "required",
        "phone": "optional",
        "company": "optional",
        "message": "required",
        "source": "Site internet",
        "consent": "J’accepte de recevoir vos offres.",
        "privacy_url": "https://www.exemple.fr/vie-privee",
        "sites": "https://www.exemple.fr\nhttps://exemple.fr",
    })
}

/// A form of ours; where its visitors find it.
async fn form(app: &App, body: &Value) -> (String, String) {
    let made = app.program().post(FORMS, body).await.expect(201);
    let url = made.field("/url");
    (made.field("/id"), url.strip_prefix(SITE).expect("it is ours").to_owned())
}

/// A visitor somewhere.
fn visitor(app: &App, address: &str) -> Client {
    app.anyone().header("x-forwarded-for", address)
}

fn ticket_of(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"ticket\" value=\"").expect("a ticket");
    rest.split('"').next().expect("its end").to_owned()
}

/// The ticket of a page that was opened long enough ago.
async fn opened(app: &App, path: &str) -> String {
    let page = app.anyone().get(path).await.expect(200);
    app.advance(SignedDuration::from_secs(5));
    ticket_of(&page.text())
}

fn claire(ticket: &str) -> Vec<(&str, &str)> {
    vec![
        ("ticket", ticket),
        ("website", ""),
        ("first_name", "Claire"),
        ("last_name", "Martin"),
        ("email", "claire@client.example"),
        ("phone", "06 00 00 00 00"),
        ("company", "Boulangerie Dupré"),
        ("message", "Bonjour,\nun devis pour trois lampes ?"),
        ("consent", "true"),
    ]
}

/// The items of a type that our organization has.
fn items(app: &App, kind: &str) -> Vec<Value> {
    app.items_of(app.ours.id).into_values().filter(|item| item["type"]["S"] == kind).collect()
}

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name]["S"].as_str().unwrap_or_default()
}

fn nothing_is_stored(app: &App) {
    for kind in ["contact", "opportunity", "mail", "event"] {
        assert!(items(app, kind).is_empty(), "{kind}");
    }
}

#[tokio::test]
async fn forms_are_made_changed_closed_and_deleted() {
    let app = app().await;
    let program = app.program();
    let made = program.post(FORMS, &contact_form()).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    assert_eq!(made.field("/sites"), "https://www.exemple.fr\nhttps://exemple.fr");
    assert!(made.field("/assigned_to").starts_with("usr_"));
    let id = made.field("/id");
    let path = format!("{FORMS}/{id}");
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(program.get(&path).await.expect(200).json(), made.json());
    assert_eq!(program.get(FORMS).await.expect(200).json()["items"], json!([made.json()]));
    // No two of one name.
    let again = program.post(FORMS, &with(contact_form(), json!({ "name": "CONTACT du site" }))).await.expect(422);
    assert_eq!(again.violations(), ["/name"]);
    let closed = with(contact_form(), json!({ "is_open": "false", "title": "Fermé" }));
    let edited = program.clone().header("if-match", "\"1\"").put(&path, &closed).await.expect(200);
    assert!(edited.round_trips() <= Some(3));
    assert_eq!((edited.field("/is_open"), edited.header("etag")), ("false".into(), Some("\"2\"")));
    program.clone().header("if-match", "\"1\"").put(&path, &closed).await.expect(412);
    let wrong = program.post(FORMS, &json!({ "email": "optional", "sites": "*", "redirect_url": "http://a.fr" })).await;
    assert_eq!(wrong.expect(422).violations(), ["/name", "/title", "/redirect_url", "/sites", "/email"]);
    let stranger = app.stranger().header("sec-fetch-site", "same-origin");
    stranger.get(&path).await.expect(404);
    stranger.put(&path, &contact_form()).await.expect(404);
    stranger.delete(&path).await.expect(404);
    program.delete(&path).await.expect(204);
    program.get(&path).await.expect(404);
}

#[tokio::test]
async fn an_organization_has_twenty_forms_at_most() {
    let app = app().await;
    for number in 0..20 {
        form(&app, &with(contact_form(), json!({ "name": format!("Formulaire {number}") }))).await;
    }
    let refused = app.program().post(FORMS, &with(contact_form(), json!({ "name": "Un de plus" }))).await.expect(422);
    assert_eq!(refused.violations(), ["/name"]);
}

#[tokio::test]
async fn its_page_is_framed_by_the_sites_that_it_names_and_by_no_other() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let page = app.anyone().get(&path).await.expect(200);
    assert!(page.round_trips() <= Some(1));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.ends_with("frame-ancestors https://www.exemple.fr https://exemple.fr"), "{policy}");
    assert!(policy.contains("form-action 'self';"), "{policy}");
    assert_eq!(page.header("set-cookie"), None);
    assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow, noarchive"));
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert!(!page.text().contains("<script"), "it works without script");
    for part in
        ["Contactez-nous", "Atelier Lumière", "J’accepte de recevoir vos offres.", "https://www.exemple.fr/vie-privee"]
    {
        assert!(page.text().contains(part), "{part}");
    }
    // Elsewhere nothing changes.
    for other in ["/crm/entreprises", FORMS, "/formulaires/rien"] {
        let policy = app.owner().get(other).await;
        let policy = policy.header("content-security-policy").expect("a policy").to_owned();
        assert!(policy.ends_with("frame-ancestors 'none'"), "{other}: {policy}");
    }
    let alone =
        with(contact_form(), json!({ "name": "Sans site", "sites": "", "redirect_url": "https://exemple.fr/merci" }));
    let (_, path) = form(&app, &alone).await;
    let page = app.anyone().get(&path).await.expect(200);
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.ends_with("frame-ancestors 'none'") && policy.contains("form-action 'self' https://exemple.fr;"),
        "{policy}"
    );
}

#[tokio::test]
async fn what_is_sent_becomes_a_contact_and_an_opportunity_and_is_told() {
    let app = app().await;
    let (id, path) = form(&app, &contact_form()).await;
    let ticket = opened(&app, &path).await;
    let sent = visitor(&app, "203.0.113.7").form(&path, &claire(&ticket)).await.expect(200);
    assert!(sent.round_trips() <= Some(3));
    assert!(sent.text().contains("Merci, votre demande est bien envoyée."), "{}", sent.text());
    assert_eq!(sent.header("set-cookie"), None);

    let contacts = app.program().get(CONTACTS).await.expect(200).json();
    let contact = &contacts["items"][0];
    for (field, value) in [
        ("first_name", "Claire"),
        ("last_name", "Martin"),
        ("email", "claire@client.example"),
        ("phone", "+33 6 00 00 00 00"),
        ("category", "prospect"),
        ("consent", "true"),
        ("consent_source", "Formulaire «\u{a0}Contact du site\u{a0}»"),
        ("consent_on", "2026-11-22"),
        ("company_id", ""),
    ] {
        assert_eq!(contact[field], value, "{field}");
    }
    let opportunities = items(&app, "opportunity");
    let [opportunity] = opportunities.as_slice() else { panic!("one opportunity") };
    assert_eq!(text(opportunity, "name"), "Contact du site – Boulangerie Dupré");
    assert_eq!(text(opportunity, "source"), "Site internet");
    let lead = &opportunity["lead"]["M"];
    assert_eq!(lead["message"]["S"], "Bonjour,\nun devis pour trois lampes ?");
    assert_eq!(lead["company"]["S"], "Boulangerie Dupré");
    assert_eq!((text(opportunity, "description"), lead.get("name")), ("", None));
    let page = format!("/crm/opportunites/{}", text(opportunity, "id"));
    let page = app.owner().get(&page).await.expect(200).text();
    assert!(page.contains("un devis pour trois lampes ?") && page.contains("Entreprise indiquée"), "{page}");
    assert_eq!(opportunity["contact"]["M"]["id"]["S"], contact["id"]);
    assert_eq!(text(opportunity, "assigned_to"), contact["assigned_to"].as_str().expect("somebody"));
    // It counts, as every other.
    let figures = app.program().get("/api/v1/opportunities/figures").await.expect(200).text();
    assert!(figures.contains("Site internet"), "{figures}");
    let told = app.written_under("#OUTBOX#");
    assert!(told.contains("lead.received.v1") && told.contains("mail.requested.v1"), "{told}");
    assert!(told.contains(&id) && !told.contains("opportunity.assigned.v1"), "{told}");
    let mails = items(&app, "mail");
    let [mail] = mails.as_slice() else { panic!("one mail") };
    let mail = mail.to_string();
    for said in ["Claire", "Martin", "claire@client.example", "trois lampes", "Dupré"] {
        assert!(!mail.contains(said), "{said}: {mail}");
    }
    assert!(mail.contains("Une demande est arrivée par le formulaire"), "{mail}");
    assert!(mail.contains("/crm/opportunites/opp_"), "{mail}");
    // Where it came from is nowhere in clear.
    let everything: String = app.items().iter().map(Value::to_string).collect();
    assert!(!everything.contains("203.0.113.7"));
    let log = items(&app, "audit");
    let entry = log.iter().find(|entry| text(entry, "act") == "receive_lead").expect("an entry");
    assert!(!entry.to_string().contains("trois lampes"), "{entry}");
    assert_eq!(entry["actor"]["M"]["name"]["S"], "web_form");
}

#[tokio::test]
async fn of_somebody_who_is_known_nothing_is_changed() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let known = json!({ "company_id": company, "last_name": "Martin-Petit", "email": "Claire@Client.example" });
    let known = added(&program, CONTACTS, &known).await;
    let before = program.get(&format!("{CONTACTS}/{known}")).await.json();
    let (_, path) = form(&app, &contact_form()).await;
    app.advance(SignedDuration::from_hours(24 * 40));
    let ticket = opened(&app, &path).await;
    let sent = visitor(&app, "203.0.113.7").form(&path, &claire(&ticket)).await.expect(200);
    assert!(sent.round_trips() <= Some(3));
    let kept = items(&app, "retention");
    let kept = kept.iter().find(|item| item.to_string().contains(&known)).expect("it is kept");
    assert_eq!(text(kept, "since"), "2027-01-01");
    // The page says the same as of somebody new.
    assert!(!sent.text().contains("Petit"));
    let after = program.get(&format!("{CONTACTS}/{known}")).await;
    assert_eq!((after.json(), after.header("etag")), (before, Some("\"1\"")));
    assert_eq!(items(&app, "contact").len(), 1);
    let opportunities = items(&app, "opportunity");
    let opportunity = opportunities.first().expect("an opportunity");
    assert_eq!(opportunity["contact"]["M"]["id"]["S"], json!(known));
    assert_eq!(opportunity["company"]["M"]["id"]["S"], json!(company));
    let lead = &opportunity["lead"]["M"];
    for (field, said) in [
        ("name", "Claire Martin"),
        ("phone", "06 00 00 00 00"),
        ("company", "Boulangerie Dupré"),
        ("consent", "J’accepte de recevoir vos offres."),
    ] {
        assert_eq!(lead[field]["S"], said, "{field}");
    }
    // An edit keeps it.
    let path = format!("/api/v1/opportunities/{}", text(opportunity, "id"));
    let read = program.get(&path).await.expect(200).json();
    let input = json!({ "name": read["name"], "company_id": company, "contact_id": known, "next_step": "Rappeler" });
    let edited = program.put(&path, &input).await.expect(200).json();
    assert_eq!((&edited["lead"], &edited["next_step"]), (&read["lead"], &json!("Rappeler")));
}

#[tokio::test]
async fn what_somebody_said_goes_when_they_are_erased() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let ticket = opened(&app, &path).await;
    visitor(&app, "203.0.113.7").form(&path, &claire(&ticket)).await.expect(200);
    let contact = text(&items(&app, "contact")[0], "id").to_owned();
    app.advance(SignedDuration::from_millis(5));
    app.program().delete(&format!("{CONTACTS}/{contact}")).await.expect(200);
    tell(&app, json!({ "name": "contact.erased.v1", "data": { "contact": contact } })).await;
    assert_eq!(items(&app, "opportunity")[0].get("lead"), None);
    let naming = app.items_of(app.ours.id).into_values().map(|item| item.to_string());
    let naming: Vec<_> = naming
        .filter(|item| item.contains("trois lampes") || item.contains("Claire") || item.contains("claire@"))
        .filter(|item| !item.contains("\"ttl\"") && !item.contains("\"erasure\""))
        .collect();
    assert!(naming.is_empty(), "{naming:?}");
}

#[tokio::test]
async fn a_program_reads_the_thanks_and_leaves_nothing() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let ticket = opened(&app, &path).await;
    let mut fields = claire(&ticket);
    fields[1] = ("website", "https://spam.example");
    let sent = app.anyone().form(&path, &fields).await.expect(200);
    assert!(sent.text().contains("Merci, votre demande est bien envoyée."));
    nothing_is_stored(&app);
}

#[tokio::test]
async fn who_is_too_fast_or_too_late_keeps_what_they_typed() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let page = app.anyone().get(&path).await.expect(200).text();
    let ticket = ticket_of(&page);
    let fast = app.anyone().form(&path, &claire(&ticket)).await.expect(422).text();
    assert!(fast.contains("n’est pas encore partie") && fast.contains("un devis pour trois lampes"), "{fast}");
    app.advance(SignedDuration::from_hours(25));
    let late = app.anyone().form(&path, &claire(&ticket)).await.expect(422).text();
    assert!(late.contains("restée ouverte trop longtemps"), "{late}");
    for forged in ["", "x", "1.2.3", &format!("{ticket}0"), &ticket.replace('.', "-")] {
        app.anyone().form(&path, &claire(forged)).await.expect(422);
    }
    nothing_is_stored(&app);
    // The page that came back is good in its turn.
    let again = ticket_of(&late);
    app.advance(SignedDuration::from_secs(5));
    app.anyone().form(&path, &claire(&again)).await.expect(200);
    assert_eq!(items(&app, "contact").len(), 1);
}

#[tokio::test]
async fn a_ticket_is_for_one_form_and_one_request() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let (_, other) = form(&app, &with(contact_form(), json!({ "name": "Autre" }))).await;
    let ticket = opened(&app, &path).await;
    app.anyone().form(&other, &claire(&ticket)).await.expect(422);
    nothing_is_stored(&app);
    // A double click, and one a little later.
    let (first, second) = (app.anyone(), app.anyone());
    let fields = claire(&ticket);
    let (first, second) = tokio::join!(first.form(&path, &fields), second.form(&path, &fields));
    first.expect(200);
    second.expect(200);
    app.advance(SignedDuration::from_hours(1));
    app.anyone().form(&path, &claire(&ticket)).await.expect(200);
    assert_eq!((items(&app, "contact").len(), items(&app, "opportunity").len(), items(&app, "mail").len()), (1, 1, 1));
    // Something else from the same page: nothing is lost without a word.
    let mut fields = claire(&ticket);
    fields[7] = ("message", "Et deux appliques.");
    let told = app.anyone().form(&path, &fields).await.expect(409).text();
    assert!(told.contains("Votre première demande est bien partie") && told.contains("Et deux appliques."), "{told}");
    assert_eq!(items(&app, "opportunity").len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_its_field() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let ticket = opened(&app, &path).await;
    let wrong = [("ticket", ticket.as_str()), ("last_name", ""), ("email", "claire"), ("message", "")];
    let page = app.anyone().form(&path, &wrong).await.expect(422).text();
    for id in ["last_name-error", "email-error", "message-error"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}: {page}");
    }
    let long = "x".repeat(5_001);
    let mut fields = claire(&ticket);
    fields[7] = ("message", &long);
    app.anyone().form(&path, &fields).await.expect(422);
    let huge = "x".repeat(1_050_000);
    fields[7] = ("message", &huge);
    app.anyone().form(&path, &fields).await.expect(413);
    app.anyone().form(&path, &[("ticket", &ticket), ("admin", "true")]).await.expect(400);
    nothing_is_stored(&app);
}

#[tokio::test]
async fn whatever_is_typed_is_text() {
    let app = app().await;
    let hostile = "<script>alert(1)</script>\" onload=\"x";
    let (_, path) =
        form(&app, &with(contact_form(), json!({ "title": hostile, "intro": hostile, "consent": hostile }))).await;
    let ticket = opened(&app, &path).await;
    let page = app.anyone().get(&path).await.text();
    assert!(!page.contains("<script") && page.contains("&#60;script&#62;"), "{page}");
    let mut fields = claire(&ticket);
    fields[2] = ("first_name", hostile);
    fields[6] = ("company", hostile);
    fields[7] = ("message", hostile);
    let sent = app.anyone().form(&path, &fields).await.expect(200).text();
    assert!(!sent.contains("<script"), "{sent}");
    let mails = items(&app, "mail");
    let html = mails[0]["mail"]["M"]["html"]["S"].as_str().expect("HTML");
    assert!(!html.contains("<script") && !html.contains("&#60;script&#62;"), "{html}");
    let owner = app.owner();
    let list = owner.get("/crm/contacts").await.expect(200).text();
    assert!(!list.contains("<script>alert"));
    let forms = owner.get("/crm/reglages/formulaires").await.expect(200).text();
    assert!(!forms.contains("<script>alert"));
}

#[tokio::test]
async fn many_from_one_address_wait_and_so_do_many_by_one_form() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let ticket = opened(&app, &path).await;
    let here = visitor(&app, "203.0.113.7");
    for _ in 0..20 {
        here.form(&path, &claire("")).await.expect(422);
    }
    let told = here.form(&path, &claire(&ticket)).await.expect(429);
    assert!(
        told.text().contains("Trop de demandes") && told.text().contains("un devis pour trois lampes"),
        "{}",
        told.text()
    );
    let policy = told.header("content-security-policy").expect("a policy");
    assert!(policy.contains("frame-ancestors https://www.exemple.fr"), "it is read where it was sent");
    nothing_is_stored(&app);
    // Elsewhere it goes on, until the form as a whole was sent too often.
    visitor(&app, "203.0.113.8").form(&path, &claire(&ticket)).await.expect(200);
    for number in 0..199 {
        let there = visitor(&app, &format!("198.51.100.{number}"));
        there.form(&path, &claire("")).await.expect(422);
        there.form(&path, &[("ticket", ticket.as_str())]).await.expect(422);
        there.form(&path, &claire(&ticket)).await.expect(200);
    }
    let told = visitor(&app, "203.0.113.9").form(&path, &claire(&ticket)).await.expect(429).text();
    assert!(told.contains("un devis pour trois lampes"), "{told}");
    app.advance(SignedDuration::from_hours(2));
    let ticket = opened(&app, &path).await;
    here.form(&path, &claire(&ticket)).await.expect(200);
}

#[tokio::test]
async fn a_page_of_another_site_sends_nothing() {
    let app = app().await;
    let (_, path) = form(&app, &contact_form()).await;
    let ticket = opened(&app, &path).await;
    let body = serde_html_form::to_string(claire(&ticket)).expect("a form");
    let send = async |site: &str| -> Reply {
        let client = app.anyone().header("sec-fetch-site", site);
        client.send(http::Method::POST, &path, Some("application/x-www-form-urlencoded"), body.clone().into()).await
    };
    send("cross-site").await.expect(403);
    nothing_is_stored(&app);
    send("same-origin").await.expect(200);
}

#[tokio::test]
async fn a_form_that_is_closed_or_of_nobody_takes_nothing() {
    let app = app().await;
    let (id, path) = form(&app, &contact_form()).await;
    let ticket = opened(&app, &path).await;
    app.program().put(&format!("{FORMS}/{id}"), &with(contact_form(), json!({ "is_open": "false" }))).await.expect(200);
    let gone = app.anyone().get(&path).await.expect(404);
    assert!(
        gone.text().contains("Ce formulaire n’est pas disponible") && !gone.text().contains("Atelier"),
        "{}",
        gone.text()
    );
    app.anyone().form(&path, &claire(&ticket)).await.expect(404);
    let zero = "00000000000000000000000000";
    for nothing in [format!("{zero}-{zero}"), "rien".into(), format!("{}-{zero}", app.ours.id.ulid())] {
        let gone = app.anyone().get(&format!("/formulaires/{nothing}")).await.expect(404);
        assert!(gone.text().contains("Ce formulaire n’est pas disponible"));
        app.anyone().form(&format!("/formulaires/{nothing}"), &claire(&ticket)).await.expect(404);
    }
    app.program().put(&format!("{FORMS}/{id}"), &contact_form()).await.expect(200);
    let suspended =
        kernel::reference::OrganizationReference { suspended_at: Some(app.clock.now()), ..app.ours.clone() };
    app.replace_organization(&suspended).await;
    app.anyone().get(&path).await.expect(404);
    nothing_is_stored(&app);
}

#[tokio::test]
async fn who_left_gets_nothing_and_an_owner_is_told() {
    let app = app().await;
    let (user, _) = app.with_new_member(Role::Sales.into()).await;
    let (_, path) =
        form(&app, &with(contact_form(), json!({ "assigned_to": user, "redirect_url": "https://exemple.fr/merci" })))
            .await;
    app.part_with(user).await;
    let ticket = opened(&app, &path).await;
    let sent = app.anyone().form(&path, &claire(&ticket)).await.expect(303);
    assert_eq!(sent.header("location"), Some("https://exemple.fr/merci"));
    assert_eq!(items(&app, "opportunity")[0].get("assigned_to"), None);
    let owner = app.user_with_role(Role::Owner).ulid().to_string();
    assert!(text(&items(&app, "mail")[0], "pk").contains(&owner));
}

#[tokio::test]
async fn the_pages_do_the_same() {
    let app = app().await;
    let owner = app.owner();
    let path = "/crm/reglages/formulaires";
    assert!(owner.get(path).await.expect(200).text().contains("Aucun formulaire pour l’instant"));
    let new = owner.get(&format!("{path}/nouveau")).await.expect(200);
    assert!(new.round_trips() <= Some(2) && new.text().contains("À qualifier"));
    let fields = [
        ("_key", "k1"),
        ("name", "Devis"),
        ("title", "Demandez un devis"),
        ("email", "required"),
        ("sites", "exemple.fr"),
    ];
    let wrong = owner.form(&format!("{path}/nouveau"), &fields[..3]).await.expect(422).text();
    assert!(wrong.contains("Rendez obligatoire") && wrong.contains("Demandez un devis"), "{wrong}");
    let fields = [("_key", "k2"), fields[1], fields[2], fields[3], fields[4]];
    let made = owner.form(&format!("{path}/nouveau"), &fields).await.expect(303);
    assert!(made.round_trips() <= Some(3));
    let own = made.header("location").expect("a page").to_owned();
    let page = owner.get(&own).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("&#60;iframe src=&#34;https://app.abservice.example/formulaires/"), "{}", page.text());
    let fields =
        [("_version", "1"), ("name", "Devis"), ("title", "Votre devis"), ("phone", "required"), ("is_open", "false")];
    owner.form(&own, &fields).await.expect(303);
    let stale = owner.form(&own, &fields).await.expect(422).text();
    assert!(stale.contains("Quelqu’un a modifié cet élément"), "{stale}");
    assert!(owner.get(path).await.expect(200).text().contains("Fermé"));
    let reader = app.with_role(Role::Reader);
    assert!(!reader.get(&own).await.expect(200).text().contains("Supprimer"));
    reader.form(&own, &fields).await.expect(403);
    owner.form(&format!("{own}/supprimer"), &[("_version", "2")]).await.expect(303);
    owner.get(&own).await.expect(404);
}
