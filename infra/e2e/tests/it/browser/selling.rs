//! From a client to a deal that is won, on the board: by mouse, by keyboard, and with two people at once.

use local::Options;
use serde_json::Value;
use thirtyfour::prelude::*;

use super::{PASSWORD, Person, play};

const COLUMN: &str = "//ul[@data-stage-name='{}']";

fn column(stage: &str) -> String {
    COLUMN.replace("{}", stage)
}

fn card(stage: &str, name: &str) -> By {
    By::XPath(format!("{}/li[.//a[.='{name}']]", column(stage)))
}

impl Person {
    async fn add_deal(&self, name: &str, amount: &str) -> WebDriverResult<()> {
        self.open("/crm/opportunites/nouvelle").await?;
        self.fill(&[("name", name), ("amount", amount)]).await?;
        self.choose("company_id", "Boulangerie Dupré").await?;
        self.go("Enregistrer").await
    }

    /// By the mouse, from where a card is to another column.
    async fn drag(&self, name: &str, from: &str, to: &str) -> WebDriverResult<()> {
        let card = self.see(card(from, name)).await?;
        let there = self.see(By::XPath(column(to))).await?;
        let held = self.browser.action_chain().move_to_element_with_offset(&card, 0, -25).click_and_hold();
        let moved = held.move_by_offset(20, 5).move_to_element_center(&there).move_by_offset(2, 2);
        moved.release().perform().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_won_on_the_board_and_becomes_a_quote() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.open("/connexion").await?;
        person.sign_up("Atelier du Pont", "Camille Martin", "camille@atelier.example", PASSWORD).await?;
        person.open("/crm/entreprises/nouvelle").await?;
        person.fill(&[("name", "Boulangerie Dupré")]).await?;
        person.go("Enregistrer").await?;
        person.add_deal("Éclairage du fournil", "1200,50").await?;
        person.add_deal("Enseigne", "800").await?;
        person.open("/crm/pipeline").await?;
        person.see(card("À qualifier", "Enseigne")).await?;
        person.inspect("the board").await?;

        person.drag("Éclairage du fournil", "À qualifier", "Devis envoyé").await?;
        person.read("est passée à l’étape « Devis envoyé ».").await?;
        person.see(card("Devis envoyé", "Éclairage du fournil")).await?;
        // The heads follow: half of 1 200,50.
        person.read("600,25").await?;

        // By the keyboard alone; the focus goes along.
        let summary = person.see(card("À qualifier", "Enseigne")).await?.find(By::Tag("summary")).await?;
        summary.send_keys(Key::Enter).await?;
        let select = person.see(card("À qualifier", "Enseigne")).await?.find(By::Tag("select")).await?;
        select.send_keys("Perdue").await?;
        select.find(By::XPath("following-sibling::button")).await?.send_keys(Key::Enter).await?;
        person.fill(&[("lost_reason", "Budget reporté")]).await?;
        person.inspect("why it is lost").await?;
        person.press("Marquer comme perdue").await?;
        person.see(card("Perdue", "Enseigne")).await?;
        let focused = "return document.activeElement.closest('[data-card]')?.dataset.name === 'Enseigne'";
        person.until("the focus on the card", focused, Value::Null).await?;

        // Somebody else moves it meanwhile: the card jumps to where it is.
        let other = person.browser.window().await?;
        let tab = person.browser.new_tab().await?;
        person.browser.switch_to_window(tab.clone()).await?;
        person.open("/crm/pipeline").await?;
        person.see(card("Devis envoyé", "Éclairage du fournil")).await?;
        person.browser.switch_to_window(other.clone()).await?;
        person.drag("Éclairage du fournil", "Devis envoyé", "Négociation").await?;
        person.read("est passée à l’étape « Négociation ».").await?;
        person.browser.switch_to_window(tab).await?;
        person.drag("Éclairage du fournil", "Devis envoyé", "Besoin identifié").await?;
        person.read("Camille Martin a déplacé « Éclairage du fournil » entre-temps").await?;
        person.see(card("Négociation", "Éclairage du fournil")).await?;

        person.drag("Éclairage du fournil", "Négociation", "Gagnée").await?;
        person.read("est gagnée. Voulez-vous en faire un devis").await?;
        person.go("Créer un devis").await?;
        let subject = person.see(By::Id("subject")).await?;
        assert_eq!(subject.value().await?.as_deref(), Some("Éclairage du fournil"));
        let price = person.see(By::Name("line_unit_price")).await?;
        assert_eq!(price.value().await?.as_deref(), Some("1200,50"));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stages_are_put_in_order_and_added() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.open("/connexion").await?;
        person.sign_up("Atelier du Pont", "Camille Martin", "camille@atelier.example", PASSWORD).await?;
        person.open("/crm/reglages/pipelines").await?;
        person.click(By::XPath("//main//a[normalize-space()='Ventes']"), "the pipeline").await?;
        person.see(By::Css("[aria-label='Descendre l’étape 1']")).await?;
        person.inspect("the stages of a pipeline").await?;
        person.click(By::Css("[aria-label='Descendre l’étape 1']"), "Descendre l’étape 1").await?;
        person.press("Ajouter une étape").await?;
        let named = person.browser.find_all(By::Css("[name$='.name']")).await?;
        assert_eq!(named.len(), 7);
        person.write(&named[6], "Signature").await?;
        let likely = person.browser.find(By::Name("stages.6.probability")).await?;
        person.write(&likely, "90").await?;
        person.click(By::Css("[aria-label='Monter l’étape 7']"), "Monter l’étape 7").await?;
        person.go("Enregistrer").await?;
        person.read("Le pipeline est enregistré.").await?;
        let row = person.see(By::XPath("//tr[contains(., 'Ventes')]")).await?.text().await?;
        let place = |name: &str| row.find(name).unwrap_or_else(|| panic!("{name} in {row}"));
        assert!(place("Besoin identifié") < place("À qualifier"), "{row}");
        assert!(place("Signature") < place("Perdue"), "{row}");
        Ok(())
    })
    .await;
}
