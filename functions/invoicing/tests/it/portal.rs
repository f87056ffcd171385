//! The client's side: what a link opens, and what it does not.

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{App, Reply};

use crate::{app, issued, quote};

/// A quote that was sent; its id.
pub async fn sent(app: &App) -> String {
    sent_as(app, quote).await
}

pub async fn sent_as(app: &App, input: impl FnOnce(&str) -> Value) -> String {
    let client = app.publish_client("Client SA").await.id.to_string();
    let id = app.program().post("/api/v1/quotes", &input(&client)).await.expect(201).field("/id");
    app.program().post(&format!("/api/v1/quotes/{id}/send"), &json!({})).await.expect(200);
    id
}

/// The query of a new link to a document, and the link's id.
pub async fn link(app: &App, id: &str) -> (String, String) {
    let made = app.program().post(&format!("/api/v1/documents/{id}/links"), &json!({})).await.expect(201);
    let url = made.field("/url");
    let (page, query) = url.split_once('?').unwrap();
    assert_eq!(page, format!("{}/portail", testkit::SITE));
    (query.to_owned(), made.field("/link/id"))
}

async fn open(app: &App, query: &str) -> Reply {
    app.anyone().get(&format!("/portail?{query}")).await
}

/// Spaces as people see them.
pub fn plain(reply: &Reply) -> String {
    reply.text().replace(['\u{a0}', '\u{202f}'], " ")
}

#[tokio::test]
async fn a_link_shows_the_document_to_who_has_no_account_and_nothing_keeps_it() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, _) = link(&app, &id).await;
    let page = open(&app, &query).await.expect(200);
    let text = plain(&page);
    for told in ["Devis DEV-2026-0001", "Client SA", "Pose", "1 198,69 €", "contact@atelier.example", "22/12/2026"] {
        assert!(text.contains(told), "{told} in {text}");
    }
    // Nothing of the product's own pages.
    for untold in ["/crm/", "/facturation", "/connexion"] {
        assert!(!text.contains(untold), "{untold} in {text}");
    }
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert!(page.header("x-robots-tag").unwrap().contains("noindex"));
    assert_eq!(page.header("set-cookie"), None);
}

#[tokio::test]
async fn whatever_a_link_is_wrong_in_it_is_one_same_page() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, revoked) = link(&app, &id).await;
    let (other, _) = link(&app, &id).await;
    let text = query.strip_prefix("lien=").unwrap();
    app.program().delete(&format!("/api/v1/documents/{id}/links/{revoked}")).await.expect(200);
    let ours = app.ours.id.ulid().to_string();
    let theirs = app.theirs.id.ulid().to_string();
    let secret = other.rsplit('_').next().unwrap();
    let wrong = [
        query.clone(),
        String::new(),
        "lien=".into(),
        "lien=%FF".into(),
        "lien=a&lien=b".into(),
        format!("lien={}", "x".repeat(5_000)),
        // Of another tenant, another link, another document; with a secret that is cut.
        other.replace(&ours, &theirs),
        format!("lien={}_{secret}", text.rsplit_once('_').unwrap().0),
        other.replace("_quo_", "_inv_"),
        other[..other.len() - 1].to_owned(),
    ];
    let first = open(&app, "lien=nothing").await.expect(404);
    assert!(first.text().contains("répondez simplement à son e-mail"));
    assert_eq!(first.header("referrer-policy"), Some("no-referrer"));
    for query in wrong {
        let page = open(&app, &query).await.expect(404);
        assert_eq!(page.text(), first.text(), "{query}");
        let file = app.anyone().get(&format!("/portail/pdf?{query}")).await.expect(404);
        assert_eq!(file.text(), first.text(), "{query}");
    }
    open(&app, &other).await.expect(200);
    app.advance(SignedDuration::from_hours(24 * 90));
    assert_eq!(open(&app, &other).await.expect(404).text(), first.text());
}

#[tokio::test]
async fn a_suspended_organization_shows_nothing() {
    let app = app().await;
    let (query, _) = link(&app, &sent(&app).await).await;
    let suspended =
        kernel::reference::OrganizationReference { suspended_at: Some(app.clock.now()), ..app.ours.clone() };
    app.replace_organization(&suspended).await;
    open(&app, &query).await.expect(404);
}

#[tokio::test]
async fn who_tries_links_is_stopped_and_who_has_one_is_not() {
    let app = app().await;
    let (query, _) = link(&app, &sent(&app).await).await;
    for _ in 0..70 {
        open(&app, &query).await.expect(200);
    }
    for _ in 0..60 {
        open(&app, "lien=nothing").await.expect(404);
    }
    assert_eq!(open(&app, "lien=nothing").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(open(&app, &query).await.status, StatusCode::TOO_MANY_REQUESTS);
    app.advance(SignedDuration::from_mins(15));
    open(&app, &query).await.expect(200);
}

#[tokio::test]
async fn the_page_of_the_document_tells_who_read_it() {
    let app = app().await;
    let id = sent(&app).await;
    let owner = app.owner();
    let panel = format!("/facturation/liens/{id}");
    assert!(owner.get(&panel).await.expect(200).text().contains("Personne n’a de lien"));
    let made = owner.form(&panel, &[("_key", "a"), ("expires_in_days", "30"), ("replaces", "")]).await.expect(200);
    let text = made.text();
    let url = text.split("value=\"").find(|part| part.contains("/portail?")).unwrap().split('"').next().unwrap();
    let (_, query) = url.split_once('?').unwrap();
    assert!(text.contains("Pas encore consulté") && text.contains("valable jusqu’au 22/12/2026"), "{text}");
    open(&app, query).await.expect(200);
    assert!(owner.get(&panel).await.text().contains("Consulté le 22/11/2026 à 10:00"));
    app.advance(SignedDuration::from_hours(2));
    open(&app, query).await.expect(200);
    let told = owner.get(&panel).await.text();
    assert!(told.contains("Consulté le 22/11/2026 à 12:00, pour la première fois le 22/11/2026 à 10:00"), "{told}");
    // The address is told once, and the secret stands nowhere.
    assert!(!told.contains("/portail?"));
    let secret = query.rsplit('_').next().unwrap();
    assert!(!app.written_under("ORG#").contains(secret));
    // Sent again, the form makes no second link.
    owner.form(&panel, &[("_key", "a"), ("expires_in_days", "30"), ("replaces", "")]).await.expect(200);
    let listed = owner.get(&format!("/api/v1/documents/{id}/links")).await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["first_seen_at"], "2026-11-22T09:00:00Z");
}

#[tokio::test]
async fn a_link_is_renewed_in_one_act() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, first) = link(&app, &id).await;
    let path = format!("/api/v1/documents/{id}/links");
    let renewed = app.program().post(&path, &json!({ "replaces": first, "expires_in_days": "10" })).await.expect(201);
    open(&app, &query).await.expect(404);
    open(&app, renewed.field("/url").split_once('?').unwrap().1).await.expect(200);
    app.program().post(&path, &json!({ "replaces": "lnk_00000000000000000000000000" })).await.expect(404);
    let wrong = app.program().post(&path, &json!({ "replaces": "x", "expires_in_days": "400" })).await.expect(422);
    assert_eq!(wrong.violations(), ["/expires_in_days", "/replaces"]);
}

#[tokio::test]
async fn a_draft_has_no_link_and_another_tenant_reaches_none() {
    let app = app().await;
    let client = app.publish_client("Client SA").await.id.to_string();
    let draft = app.program().post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    app.program().post(&format!("/api/v1/documents/{draft}/links"), &json!({})).await.expect(409);
    let unknown = "/api/v1/documents/inv_00000000000000000000000000/links";
    app.program().post(unknown, &json!({})).await.expect(404);
    app.program().get("/api/v1/documents/usr_00000000000000000000000000/links").await.expect(404);
    let id = sent(&app).await;
    let (query, link) = link(&app, &id).await;
    let stranger = app.stranger();
    stranger.post(&format!("/api/v1/documents/{id}/links"), &json!({})).await.expect(404);
    stranger.delete(&format!("/api/v1/documents/{id}/links/{link}")).await.expect(404);
    assert_eq!(stranger.get(&format!("/api/v1/documents/{id}/links")).await.json()["items"], json!([]));
    open(&app, &query).await.expect(200);
}

#[tokio::test]
async fn an_unpaid_invoice_says_how_to_pay_what_is_due() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let (query, _) = link(&app, &id).await;
    let payment = json!({ "amount": "200", "paid_on": "2026-11-22" });
    let path = format!("/api/v1/invoices/{id}/payments");
    app.program().post(&path, &payment).await.expect(201);
    let page = plain(&open(&app, &query).await.expect(200));
    for told in
        ["Reste à payer", "1 000,00 €", "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", "<svg", "FAC-2026-0001"]
    {
        assert!(page.contains(told), "{told} in {page}");
    }
    app.program().post(&path, &json!({ "amount": "1000", "paid_on": "2026-11-22" })).await.expect(201);
    let page = plain(&open(&app, &query).await.expect(200));
    assert!(page.contains("Payée") && !page.contains("IBAN"), "{page}");
}

/// A PNG of two pixels, as the page's canvas gives it.
const DRAWN: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mO4IwcEdwAHrwIxP1bpIwAAAABJRU5ErkJggg==";

/// A quote with one line that the client may choose beside the rest.
fn with_option(client: &str) -> Value {
    let mut input = quote(client);
    let option = json!({ "description": "Éclairage", "quantity": "1", "unit_price": "100", "vat_percent": "20", "is_optional": "true" });
    input["lines"].as_array_mut().unwrap().push(option);
    input
}

async fn sign(app: &App, query: &str, fields: &[(&str, &str)]) -> Reply {
    let link = query.strip_prefix("lien=").unwrap();
    let all = [("lien", link), ("name", "Claire Martin"), ("quality", "Gérante"), ("agreed", "true")];
    let fields: Vec<_> = all
        .into_iter()
        .filter(|(name, _)| fields.iter().all(|(other, _)| other != name))
        .chain(fields.iter().copied())
        .collect();
    app.anyone()
        .header("x-forwarded-for", "203.0.113.7")
        .header("user-agent", "Firefox")
        .form("/portail/accord", &fields)
        .await
}

async fn mails(app: &App, id: &str) -> Vec<kernel::mail::Mail> {
    let key = app.scope().keys().quote(id.parse().unwrap());
    let items = app.scope().collection(&key.collection()).await.unwrap();
    items.all::<table::shared::OwnedMail>().unwrap().into_iter().map(|stored| stored.value.mail).collect()
}

#[tokio::test]
async fn a_client_signs_a_quote_and_everybody_is_told() {
    let app = app().await;
    let id = sent_as(&app, with_option).await;
    let (query, _) = link(&app, &id).await;
    let page = plain(&open(&app, &query).await);
    assert!(page.contains("Bon pour accord") && page.contains("Éclairage (100,00 € HT)"), "{page}");
    let signed = sign(&app, &query, &[("options", "3"), ("drawn", DRAWN), ("email", "claire@client.example")]).await;
    signed.expect(303);
    assert_eq!(app.program().get(&format!("/api/v1/quotes/{id}")).await.field("/status"), "accepted");

    let page = plain(&open(&app, &query).await);
    assert!(
        page.contains("signé en ligne par Claire Martin, Gérante, le 22/11/2026 à 10:00, pour 1 318,69 € TTC"),
        "{page}"
    );
    assert_eq!(page.matches("1 318,69 €").count(), 3, "told, in short and under what was offered: {page}");
    assert!(page.contains("Options retenues : Éclairage.") && !page.contains("Accepter et signer"), "{page}");
    let panel = plain(&app.owner().get(&format!("/facturation/liens/{id}")).await);
    for told in ["Claire Martin, Gérante", "203.0.113.7", "Firefox", "Dessinée", "claire@client.example"] {
        assert!(panel.contains(told), "{told} in {panel}");
    }

    let mails = mails(&app, &id).await;
    assert_eq!(mails.len(), 3);
    // Mails of one instant stand in no order.
    let to_us = mails.iter().find(|mail| mail.to.address == "contact@atelier.example").expect("we are told");
    assert_eq!(to_us.reply_to.as_ref().unwrap().address, "compta@client.example");
    assert!(to_us.text.contains("Claire Martin a accepté en ligne le devis DEV-2026-0001"), "{}", to_us.text);
    // Not where they say, but where the organization writes them.
    let signed =
        |mail: &&kernel::mail::Mail| mail.attachments.iter().any(|file| file.file_name == "DEV-2026-0001-signe.pdf");
    assert_eq!(mails.iter().find(signed).expect("they get it too").to.address, "compta@client.example");
    let told = app.written_under("#OUTBOX#");
    assert_eq!(told.matches("quote.accepted.v1").count(), 1);
    assert_eq!(told.matches("quote.signed.v1").count(), 1);
    // The log says that it was the client.
    let log = app.written_under("#AUDIT#");
    let entry = log.lines().find(|line| line.contains("sign_quote")).unwrap();
    for told in ["client", "Claire Martin", "203.0.113.7"] {
        assert!(entry.contains(told), "{entry}");
    }
}

#[tokio::test]
async fn who_cannot_draw_signs_by_their_name_and_without_agreement_nothing_is_signed() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, _) = link(&app, &id).await;
    for (wrong, told) in [
        (vec![("agreed", ""), ("typed", "true")], "Cochez cette case"),
        (vec![], "Dessinez votre signature"),
        (vec![("drawn", "data:image/png;base64,AAAA")], "image"),
        (vec![("drawn", "data:image/svg+xml;base64,AAAA")], "image"),
        (vec![("typed", "true"), ("name", " ")], "obligatoire"),
        (vec![("typed", "true"), ("email", "claire")], "e-mail"),
    ] {
        let page = sign(&app, &query, &wrong).await.expect(422);
        assert!(plain(&page).contains(told), "{told} in {}", plain(&page));
    }
    assert_eq!(app.program().get(&format!("/api/v1/quotes/{id}")).await.field("/status"), "sent");
    sign(&app, &query, &[("typed", "true")]).await.expect(303);
    // Sent twice, it is done once.
    sign(&app, &query, &[("typed", "true")]).await.expect(303);
    assert_eq!(mails(&app, &id).await.len(), 3);
}

#[tokio::test]
async fn a_client_refuses_with_a_reason_and_then_cannot_accept() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, _) = link(&app, &id).await;
    let lien = query.strip_prefix("lien=").unwrap();
    app.anyone().form("/portail/refus", &[("lien", lien), ("reason", "Trop cher")]).await.expect(303);
    let shown = app.program().get(&format!("/api/v1/quotes/{id}")).await.json();
    assert_eq!((shown["status"].as_str(), shown["refusal_reason"].as_str()), (Some("refused"), Some("Trop cher")));
    let page = sign(&app, &query, &[("typed", "true")]).await.expect(409);
    assert!(plain(&page).contains("Devis refusé le 22/11/2026"));
    assert_eq!(app.written_under("#OUTBOX#").matches("quote.refused.v1").count(), 1);
    assert_eq!(mails(&app, &id).await.len(), 2);
}

#[tokio::test]
async fn accepting_and_refusing_at_once_is_one_decision() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, _) = link(&app, &id).await;
    let lien = query.strip_prefix("lien=").unwrap();
    let anyone = app.anyone();
    let refusal = [("lien", lien)];
    let ((a, b), (c, d)) = futures::join!(
        async { futures::join!(sign(&app, &query, &[("typed", "true")]), anyone.form("/portail/refus", &refusal)) },
        async { futures::join!(sign(&app, &query, &[("typed", "true")]), anyone.form("/portail/refus", &refusal)) },
    );
    let status = app.program().get(&format!("/api/v1/quotes/{id}")).await.field("/status");
    let done = [&a, &b, &c, &d].iter().filter(|reply| reply.status == StatusCode::SEE_OTHER).count();
    // Of two same answers the second may learn that it was given already.
    assert!((1..=2).contains(&done), "{done}");
    let told = app.written_under("#OUTBOX#");
    assert_eq!(told.matches("quote.accepted.v1").count(), usize::from(status == "accepted"));
    let to_owner = mails(&app, &id).await.iter().filter(|mail| mail.to.address == "contact@atelier.example").count();
    assert_eq!(to_owner, 1);
}

#[tokio::test]
async fn an_expired_or_replaced_quote_and_a_revoked_link_accept_nothing() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, first) = link(&app, &id).await;
    let (other, _) = link(&app, &id).await;
    app.program().delete(&format!("/api/v1/documents/{id}/links/{first}")).await.expect(200);
    sign(&app, &query, &[("typed", "true")]).await.expect(404);
    app.advance(SignedDuration::from_hours(24 * 31));
    let page = sign(&app, &other, &[("typed", "true")]).await.expect(409);
    assert!(plain(&page).contains("n’est plus valable depuis le 22/12/2026"), "{}", plain(&page));

    let id = sent(&app).await;
    let (query, _) = link(&app, &id).await;
    let draft = app.program().post(&format!("/api/v1/quotes/{id}/revise"), &json!({})).await.field("/id");
    app.program().post(&format!("/api/v1/quotes/{draft}/send"), &json!({})).await.expect(200);
    let page = sign(&app, &query, &[("typed", "true")]).await.expect(409);
    assert!(plain(&page).contains("remplacé par une version plus récente"), "{}", plain(&page));
}

#[tokio::test]
async fn nothing_but_a_quote_is_accepted() {
    let app = app().await;
    let (query, _) = link(&app, &issued(&app, &app.program()).await).await;
    sign(&app, &query, &[("typed", "true")]).await.expect(404);
}

/// The link of the mail by which a client reaches all of their documents.
async fn access(app: &App, id: &str) -> Option<(String, String)> {
    use cloud::ExposeSecret;
    let mail = mails(app, id).await.into_iter().rev().find(|mail| mail.secret.is_some())?;
    let purpose = kernel::mail::Mail::secret_purpose(app.ours.id, mail.id);
    let opened = app.deps.vault.open(&purpose, mail.secret.as_ref()?).await.unwrap();
    Some((mail.to.address, std::str::from_utf8(opened.expose_secret()).unwrap().to_owned()))
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_client_reaches_all_of_their_documents_by_a_mail_to_the_address_that_is_known() {
    let app = app().await;
    let id = sent(&app).await;
    // Of another client.
    issued(&app, &app.program()).await;
    let (query, _) = link(&app, &id).await;
    let lien = query.strip_prefix("lien=").unwrap();
    app.anyone().form("/portail/acces", &[("lien", lien)]).await.expect(303);
    let (address, acces) = access(&app, &id).await.unwrap();
    assert_eq!(address, "compta@client.example");
    let page = app.anyone().get(&format!("/portail/documents?acces={acces}")).await.expect(200);
    assert_eq!(page.header("set-cookie"), None, "a program that follows links opens nothing");
    let open = || async { app.anyone().form("/portail/documents/ouvrir", &[("acces", acces.as_str())]).await };
    let opened = open().await.expect(303);
    let client = app.anyone().header("cookie", &cookie(&opened));
    let list = plain(&client.get("/portail/documents").await.expect(200));
    assert!(list.contains("DEV-2026-0001") && !list.contains("FAC-2026-0001"), "{list}");
    // It served once, and only its own documents are had by it.
    open().await.expect(404);
    let other = app.program().get("/api/v1/invoices").await.field("/items/0/id");
    client.get(&format!("/portail/documents/pdf?document={other}")).await.expect(404);
    client.get(&format!("/portail/documents/pdf?document={id}")).await.expect(409);
    app.anyone().get("/portail/documents").await.expect(404);
    client.form("/portail/documents/fermer", &[]).await.expect(200);
    client.get("/portail/documents").await.expect(404);
}

#[tokio::test]
async fn a_portal_session_is_short_and_of_one_organization() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, _) = link(&app, &id).await;
    app.anyone().form("/portail/acces", &[("lien", query.strip_prefix("lien=").unwrap())]).await.expect(303);
    let (_, acces) = access(&app, &id).await.unwrap();
    let opened = app.anyone().form("/portail/documents/ouvrir", &[("acces", &acces)]).await.expect(303);
    let ours = cookie(&opened);
    let theirs = ours.replace(&app.ours.id.ulid().to_string(), &app.theirs.id.ulid().to_string());
    app.anyone().header("cookie", &theirs).get("/portail/documents").await.expect(404);
    // A link is no session.
    app.anyone().header("cookie", &format!("portal={acces}")).get("/portail/documents").await.expect(404);
    app.advance(SignedDuration::from_hours(2));
    app.anyone().header("cookie", &ours).get("/portail/documents").await.expect(404);
}

#[tokio::test]
async fn without_a_known_address_the_answer_is_the_same_and_mails_are_few() {
    let app = app().await;
    let id = sent(&app).await;
    let (query, _) = link(&app, &id).await;
    let lien = query.strip_prefix("lien=").unwrap();
    let ask = || async { app.anyone().form("/portail/acces", &[("lien", lien)]).await };
    let known = ask().await.expect(303);
    let quote = app.program().get(&format!("/api/v1/quotes/{id}")).await.json();
    let company: kernel::id::CompanyId = quote["client_id"].as_str().unwrap().parse().unwrap();
    let key = app.scope().keys().client_reference(company);
    let client = app.scope().get::<kernel::reference::ClientReference>(&key).await.unwrap().unwrap().value;
    app.republish_client(&kernel::reference::ClientReference { email: None, ..client }).await;
    let unknown = ask().await.expect(303);
    assert_eq!(
        (known.header("location"), known.header("set-cookie")),
        (unknown.header("location"), unknown.header("set-cookie"))
    );
    assert_eq!(mails(&app, &id).await.iter().filter(|mail| mail.secret.is_some()).count(), 1);
    for _ in 0..3 {
        ask().await.expect(303);
    }
    assert_eq!(ask().await.status, StatusCode::TOO_MANY_REQUESTS);
}
