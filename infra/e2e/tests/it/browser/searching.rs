//! Somebody finds what they look for from whatever page they are on, with the keyboard alone, on a telephone as well.

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, play};

impl Person {
    async fn search_for(&self, typed: &str) -> WebDriverResult<()> {
        self.browser.find(By::Tag("body")).await?.send_keys("/").await?;
        self.fill(&[("search-input", typed)]).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_looks_for_is_found_by_the_beginnings_of_its_words() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.sign_up("Atelier du Pont", "Camille Martin", "camille@atelier.example", PASSWORD).await?;
        for name in ["Société Générale", "Société Nouvelle", "Boulangerie Dupré"] {
            person.open("/crm/entreprises/nouvelle").await?;
            person.fill(&[("name", name)]).await?;
            person.go("Enregistrer").await?;
        }
        stage.system.idle(PATIENCE).await.expect("the index has followed");

        person.open("/").await?;
        person.search_for("societe").await?;
        person
            .until(
                "two suggestions",
                "return document.querySelectorAll('#search-list [role=group] [role=option]').length === 2",
                serde_json::Value::Null,
            )
            .await?;
        person.inspect("suggestions").await?;
        person.open("/").await?;
        person.search_for("societe gen").await?;
        let found = person.see(By::Css("#search-list [role=group] [role=option]")).await?;
        assert!(found.text().await?.contains("Société Générale"));
        let input = person.see(By::Id("search-input")).await?;
        input.send_keys(Key::Down).await?;
        assert_eq!(found.attr("aria-selected").await?.as_deref(), Some("true"));
        assert_eq!(input.attr("aria-activedescendant").await?, found.attr("id").await?);
        input.send_keys(Key::Escape).await?;
        person
            .until("the list closed", "return document.getElementById('search-list').hidden", serde_json::Value::Null)
            .await?;
        input.send_keys(Key::Down).await?;
        input.send_keys(Key::Down).await?;
        input.send_keys(Key::Up).await?;
        person.browser.execute("window.leaving = true", vec![]).await?;
        input.send_keys(Key::Enter).await?;
        person
            .until(
                "another page",
                "return !window.leaving && document.readyState === 'complete'",
                serde_json::Value::Null,
            )
            .await?;
        assert!(person.path().await?.contains("/crm/entreprises/com_"));
        person.read("Société Générale").await?;

        // Without a choice, Enter shows all of it.
        person.search_for("societe").await?;
        person.browser.execute("window.leaving = true", vec![]).await?;
        person.see(By::Id("search-input")).await?.send_keys(Key::Enter).await?;
        person
            .until(
                "another page",
                "return !window.leaving && document.readyState === 'complete'",
                serde_json::Value::Null,
            )
            .await?;
        person.read("Entreprises (2)").await?;
        person.inspect("results").await?;
        person.open("/recherche?q=introuvable").await?;
        person.read("Aucun résultat").await?;
        person.inspect("no results").await
    })
    .await;
}
