//! Letters to employees: looked at, made out, and who may.

use kernel::permission::Role;
use serde_json::json;

use crate::{
    app,
    employees::{EMPLOYEES, added, hired},
    papers::emitted,
};

#[tokio::test]
async fn a_letter_is_looked_at_then_made_out_as_a_document_of_the_file() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, &hired("M-1", "Moreau")).await;
    let letters = format!("{EMPLOYEES}/{id}/letters");
    let asked = json!({ "letter": "attestation", "signatory": "Camille Durand, gérante" });
    let looked = program.post(&format!("{letters}/preview"), &asked).await.expect(200);
    assert!(looked.text().contains("Inès Moreau") && looked.field("/place") == "Lyon", "{}", looked.text());
    let papers = format!("{EMPLOYEES}/{id}/papers");
    assert!(program.get(&papers).await.expect(200).json()["items"].as_array().is_some_and(Vec::is_empty));
    let made = program.clone().idempotency_key("once").post(&letters, &asked).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    let again = program.clone().idempotency_key("once").post(&letters, &asked).await.expect(201);
    assert_eq!(made.field("/id"), again.field("/id"), "a double click is one letter");
    assert_eq!(emitted(&app, "staff_letter.frozen.v1").len(), 1);
    let shown = program.get(&format!("{papers}/{}", made.field("/id"))).await.expect(200).json();
    assert_eq!(
        (&shown["kind"], &shown["is_letter"], &shown["is_rendered"]),
        (&json!("attestation"), &json!(true), &json!(false))
    );
    program.get(&format!("{papers}/{}/letter", made.field("/id"))).await.expect(404);
    let page = format!("/rh/employes/{id}/documents/{}", made.field("/id"));
    assert!(app.owner().get(&page).await.expect(200).text().contains("en préparation"));
}

#[tokio::test]
async fn what_cannot_be_certified_is_refused_with_its_reason() {
    let app = app().await;
    let program = app.program();
    let id = added(&program, &hired("M-1", "Moreau")).await;
    let letters = format!("{EMPLOYEES}/{id}/letters");
    for (asked, pointer) in [
        (json!({ "letter": "certificate" }), "/letter"),
        (json!({ "letter": "amendment", "on": "2026-01-01" }), "/on"),
        (json!({ "letter": "attestation", "on": "2020-01-01" }), "/on"),
        (json!({ "letter": "lte_00000000000000000000000001" }), "/letter"),
        (json!({}), "/letter"),
    ] {
        assert_eq!(program.post(&letters, &asked).await.expect(422).violations(), [pointer], "{asked}");
    }
    let page = app.owner().form(&format!("/rh/employes/{id}/courriers"), &[("letter", "certificate")]).await;
    assert!(page.expect(422).text().contains("La date de sortie n’est pas connue"));
    let mut left = hired("M-1", "Moreau")["employee"].clone();
    left["left_on"] = json!("2026-06-30");
    program.put(&format!("{EMPLOYEES}/{id}"), &left).await.expect(200);
    let page = app.owner().form(&format!("/rh/employes/{id}/courriers"), &[("letter", "certificate")]).await;
    assert!(page.expect(422).text().contains("Un contrat n’indique pas l’emploi occupé"));
    app.with_role(Role::Manager).post(&letters, &json!({ "letter": "attestation" })).await.expect(403);
    app.stranger().post(&letters, &json!({ "letter": "attestation" })).await.expect(404);
}

#[tokio::test]
async fn own_letters_are_kept_and_filled_in() {
    let app = app().await;
    let owner = app.owner();
    let id = added(&app.program(), &hired("M-1", "Moreau")).await;
    let fields = [
        ("templates.0.name", "Mutuelle"),
        ("templates.0.kind", "attestation"),
        ("templates.0.words", "{prenom} {nom} est couverte.\n\nSalaire\u{a0}: {salaire}."),
    ];
    owner.form("/rh/courriers", &fields).await.expect(303);
    let template = owner.get("/api/v1/letter-templates").await.expect(200).field("/templates/0/id");
    let refused = owner.form("/rh/courriers", &[("templates.0.name", "A"), ("templates.0.words", "{prénom}")]).await;
    assert!(refused.expect(422).text().contains("n’est pas connu"));
    let page = format!("/rh/employes/{id}/courriers");
    assert!(owner.get(&page).await.expect(200).text().contains("Mutuelle"));
    let asked = [("letter", template.as_str())];
    let seen = owner.form(&format!("{page}/apercu"), &asked).await.expect(200).text();
    assert!(seen.contains("Inès Moreau est couverte.") && seen.contains("32\u{202f}000"), "{seen}");
    owner.form(&page, &asked).await.expect(303);
    let papers = owner.get(&format!("{EMPLOYEES}/{id}/papers")).await.expect(200).json();
    assert_eq!(papers["items"][0]["is_confidential"], true, "it tells a salary");
}
