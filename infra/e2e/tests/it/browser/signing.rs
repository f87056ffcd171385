//! A deal from the quote to the last payment, its client before a browser of their own.

use jiff::SignedDuration;
use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, Stage, first_path::EMAIL, play};

impl Person {
    async fn draw_signature(&self) -> WebDriverResult<()> {
        let canvas = self.see(By::Css("canvas.signature-pad")).await?;
        canvas.scroll_into_view().await?;
        let drawing = self.browser.action_chain().move_to_element_center(&canvas).click_and_hold();
        drawing.move_by_offset(40, -20).move_by_offset(30, 35).move_by_offset(-90, -10).release().perform().await
    }

    /// From the page of one document to the list of all of theirs, by way of a mail.
    pub(super) async fn open_all_documents(&self, stage: &Stage) -> WebDriverResult<()> {
        self.go("Recevoir le lien").await?;
        self.read("un lien vers tous vos documents vient d’y être envoyé").await?;
        self.open(&stage.access_link().await).await?;
        self.inspect("portal, about to open all documents").await?;
        self.go("Voir mes documents").await
    }

    /// Issues the draft before them.
    pub(super) async fn issue(&self) -> WebDriverResult<()> {
        self.press("Émettre").await?;
        self.go("Émettre la facture").await
    }

    /// Records a payment: of all that is due, where no amount is named.
    async fn pay(&self, amount: Option<&str>) -> WebDriverResult<()> {
        self.press("Enregistrer un paiement").await?;
        if let Some(amount) = amount {
            self.fill(&[("amount", amount)]).await?;
        }
        self.go("Enregistrer le paiement").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_signs_a_quote_and_follows_it_to_the_last_payment() {
    play(Options::memory(), async |stage| {
        let (owner, client) = (stage.person().await?, stage.person().await?);
        owner.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;
        owner.settle_in().await?;
        owner.add_client().await?;
        owner.send_quote().await?;
        let quote = owner.path().await?;

        client.open(&stage.document_link("Devis DEV-2041-0001").await).await?;
        client.read("1 211,88 €").await?;
        client.read("Atelier du Pont").await?;
        client.inspect("portal, a quote").await?;
        client.fill(&[("name", "Jeanne Lefèvre"), ("quality", "Directrice")]).await?;
        client.click(By::Id("agreed"), "the agreement").await?;
        client.press("Accepter et signer le devis").await?;
        client.read("Dessinez votre signature, ou choisissez de signer par votre nom.").await?;
        client.draw_signature().await?;
        client.inspect("portal, about to sign").await?;
        client.go("Accepter et signer le devis").await?;
        client.read("Merci : votre accord est enregistré.").await?;
        client.read("accepté et signé en ligne par Jeanne Lefèvre, Directrice").await?;
        client.inspect("portal, a signed quote").await?;

        owner.open(&quote).await?;
        owner.read("Accepté").await?;
        owner.read("Jeanne Lefèvre, Directrice").await?;
        owner.inspect("quote, signed by its client").await?;
        owner.press("Demander un acompte").await?;
        owner.fill(&[("percent", "30")]).await?;
        owner.go("Préparer l’acompte").await?;
        owner.issue().await?;
        owner.pay(None).await?;
        owner.read("Payée").await?;

        owner.open(&quote).await?;
        owner.go("Facturer").await?;
        owner.go("Préparer la facture").await?;
        owner.issue().await?;
        owner.read("Facture FAC-2041-0001").await?;
        let invoice = owner.path().await?;
        owner.pay(Some("500")).await?;
        owner.read("Partiellement payée").await?;

        // 1 211,88 − 363,56 − 500,00.
        client.open(&stage.document_link("Facture FAC-2041-0001").await).await?;
        for told in ["Acomptes déduits", "348,32 €", "Payer par virement", "FR76 3000 6000 0112 3456 7890 189"] {
            client.read(told).await?;
        }
        client.inspect("portal, an invoice paid in part").await?;

        stage.system.advance(SignedDuration::from_hours(33 * 24)).expect("the clock moves");
        let reminder = stage.document_link("Rappel").await;
        client.open(&reminder).await?;
        client.read("En retard").await?;
        client.inspect("portal, an invoice that is late").await?;

        owner.come_back(&invoice).await?;
        owner.read("En retard").await?;
        owner.read("Consulté le").await?;
        owner.pay(None).await?;
        owner.read("Payée").await?;
        client.open(&reminder).await?;
        client.read("Payée").await?;
        client.inspect("portal, an invoice that is paid").await?;

        client.open_all_documents(stage).await?;
        for told in ["DEV-2041-0001", "FAC-2041-0001", "Reste à payer : 0,00 €"] {
            client.read(told).await?;
        }
        client.inspect("portal, all documents").await?;
        client.go("Fermer mon espace").await?;

        stage.system.idle(PATIENCE).await.expect("nothing is left");
        client.open("/portail?lien=rien").await?;
        client.read("Ce lien n’ouvre aucun document").await?;
        client.inspect("portal, no such link").await
    })
    .await;
}
