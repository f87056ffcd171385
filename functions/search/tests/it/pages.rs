//! The pages, and what the box of every page loads.

use crate::{app, company, contact, put};

#[tokio::test]
async fn the_page_shows_categories_with_counts_and_the_box_what_was_typed() {
    let app = app().await;
    for n in 0..8 {
        put(&app, &company(&app, &format!("Dupré {n}"))).await;
    }
    put(&app, &contact(&app, "Anne", "Dupré")).await;
    let page = app.owner().get("/recherche?q=dupr%C3%A9").await.expect(200).text();
    assert!(page.contains("Entreprises (8)") && page.contains("Contacts (1)"), "{page}");
    assert!(page.contains("categorie=company") && page.contains("Anne Dupré"));
    assert!(page.contains(r#"id="search-input" name="q" value="dupré""#));
    let one = app.owner().get("/recherche?q=dupre&categorie=company").await.expect(200).text();
    assert!(one.matches("/crm/entreprises/com_").count() >= 8 && !one.contains("Anne Dupré"));
}

#[tokio::test]
async fn nothing_typed_and_nothing_found_say_what_to_do() {
    let app = app().await;
    assert!(app.owner().get("/recherche").await.expect(200).text().contains("Que cherchez-vous"));
    assert!(app.owner().get("/recherche?q=a").await.expect(200).text().contains("Que cherchez-vous"));
    assert!(app.owner().get("/recherche?q=xyz").await.expect(200).text().contains("Aucun résultat"));
}

#[tokio::test]
async fn suggestions_are_options_that_lead_somewhere() {
    let app = app().await;
    put(&app, &company(&app, "Société <b>Générale</b>")).await;
    let list = app.owner().get("/recherche/suggestions?q=societe+gen").await.expect(200).text();
    assert!(list.contains(r#"role="option""#) && list.contains("/crm/entreprises/com_"));
    assert!(!list.contains("<b>"), "{list}");
    assert!(list.contains("Tous les résultats"));
    assert!(app.owner().get("/recherche/suggestions?q=xyz").await.expect(200).text().contains("Aucun résultat"));
    assert_eq!(app.owner().get("/recherche/suggestions?q=a").await.expect(200).text().trim(), "");
}

#[tokio::test]
async fn the_index_can_be_made_anew_from_a_page() {
    let app = app().await;
    let page = app.owner().get("/recherche/index").await.expect(200).text();
    assert!(page.contains("Reconstruire"));
    let reply = app.owner().form("/recherche/index", &[]).await.expect(303);
    assert_eq!(reply.header("location"), Some("/recherche/index"));
    let page = app.owner().get("/recherche/index").await.expect(200).text();
    assert!(page.contains("Reconstruction en cours"));
}
