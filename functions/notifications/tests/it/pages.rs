//! `/notifications`, and the parts of every page.

use kernel::permission::Role;

use crate::{app, ids, paid, proposed, tell, unread};

#[tokio::test]
async fn the_bell_says_how_many_and_its_menu_which() {
    let app = app().await;
    let owner = app.owner();
    assert_eq!(owner.get("/notifications/compteur").await.expect(200).text().trim(), "");
    let menu = owner.get("/notifications/recentes").await.expect(200);
    assert!(menu.text().contains("Rien pour l’instant"));
    tell(&app, 1, paid(1)).await;
    let count = owner.get("/notifications/compteur").await.expect(200).text();
    assert!(count.contains("une notification non lue"), "{count}");
    let menu = owner.get("/notifications/recentes").await.expect(200);
    assert!(menu.round_trips() <= Some(2));
    let id = ids(&owner).await.remove(0);
    for part in
        ["Facture F-2026-0001 payée", "(non lue)", &format!("/notifications/{id}/ouvrir"), "/notifications/lues"]
    {
        assert!(menu.text().contains(part), "{part}: {}", menu.text());
    }
}

#[tokio::test]
async fn every_page_has_the_bell() {
    let app = app().await;
    let page = app.with_role(Role::Reader).get("/notifications").await.expect(200).text();
    assert!(page.contains("hx-get=\"/notifications/compteur\""), "{page}");
    assert!(page.contains("Aucune notification"));
    let chosen = app.owner().get(&format!("/o/{}/notifications", app.ours.id.ulid())).await.expect(200).text();
    assert!(chosen.contains(&format!("hx-get=\"/o/{}/notifications/compteur\"", app.ours.id.ulid())));
}

#[tokio::test]
async fn opening_one_marks_it_as_read_and_leads_there() {
    let app = app().await;
    let owner = app.owner();
    tell(&app, 1, paid(1)).await;
    let id = ids(&owner).await.remove(0);
    let opened = owner.form(&format!("/notifications/{id}/ouvrir"), &[]).await.expect(303);
    assert_eq!(opened.header("location"), Some("/facturation/factures/inv_00000000000000000000000001"));
    assert!(opened.round_trips() <= Some(3));
    assert_eq!(unread(&owner).await, 0);
    // In the organization that the address names.
    let inside = format!("/o/{}/notifications/{id}/ouvrir", app.ours.id.ulid());
    let opened = owner.form(&inside, &[]).await.expect(303);
    let expected = format!("/o/{}/facturation/factures/inv_00000000000000000000000001", app.ours.id.ulid());
    assert_eq!(opened.header("location"), Some(expected.as_str()));
}

#[tokio::test]
async fn the_centre_narrows_and_comes_back_to_where_one_was() {
    let app = app().await;
    let owner = app.owner();
    tell(&app, 1, paid(1)).await;
    tell(&app, 2, proposed(2)).await;
    let page = owner.get("/notifications?unread=true&category=invoicing").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let text = page.text();
    for part in ["Facture F-2026-0001 payée", "Relance à valider", "À valider", "Non lues (2)", "Facturation"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let id = ids(&owner).await.remove(0);
    let back = "/notifications?unread=true";
    let read = owner.form(&format!("/notifications/{id}/lue"), &[("back", back)]).await.expect(303);
    assert_eq!(read.header("location"), Some(back));
    let elsewhere = [("back", "https://evil.example/")];
    let read = owner.form(&format!("/notifications/{id}/lue"), &elsewhere).await.expect(303);
    assert_eq!(read.header("location"), Some("/notifications"));
    let all = [("_key", "once"), ("back", "/notifications")];
    for _ in 0..2 {
        owner.form("/notifications/lues", &all).await.expect(303);
        assert_eq!(unread(&owner).await, 0);
    }
    assert!(owner.get("/notifications?unread=true").await.text().contains("Rien ici"));
    owner.get("/notifications?category=x").await.expect(400);
}

#[tokio::test]
async fn preferences_are_chosen_by_their_form() {
    let app = app().await;
    let owner = app.owner();
    let path = "/notifications/preferences";
    let form = owner.get(path).await.expect(200);
    for part in ["Facturation", "RH", "résumé quotidien", "name=\"_version\" value=\"0\""] {
        assert!(form.text().contains(part), "{part}: {}", form.text());
    }
    let fields = [("_key", "form-1"), ("_version", "0"), ("invoicing", "digest"), ("crm", "recommended")];
    for _ in 0..2 {
        owner.form(path, &fields).await.expect(303);
    }
    let chosen = owner.get(path).await.expect(200).text();
    assert!(chosen.contains("<option value=\"digest\" selected>"), "{chosen}");
    let wrong = owner.form(path, &[("_key", "form-2"), ("_version", "1"), ("invoicing", "sms")]).await.expect(422);
    assert!(wrong.text().contains("invoicing-error"), "{}", wrong.text());
    // On what was seen.
    let stale = owner.form(path, &[("_key", "form-3"), ("_version", "0"), ("invoicing", "in_app")]).await.expect(422);
    assert!(stale.text().contains("Rechargez la page"));
}
