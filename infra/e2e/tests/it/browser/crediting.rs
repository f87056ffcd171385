//! What was invoiced too much is given back in a browser: a part of it, then the rest.

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, first_path::EMAIL, play};

impl Person {
    /// An invoice of two days at 300 €, issued to the client whose page they see.
    pub(super) async fn invoice_two_days(&self) -> WebDriverResult<String> {
        self.go("Nouvelle facture").await?;
        self.fill(&[("subject", "Entretien du site")]).await?;
        self.fill_line(0, "Entretien", "2", "300,00", "20").await?;
        self.go("Enregistrer le brouillon").await?;
        self.issue().await?;
        self.read("Facture FAC-2041-0001").await?;
        self.path().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_invoice_is_given_back_and_then_the_rest() {
    play(Options::memory(), async |stage| {
        let (owner, client) = (stage.person().await?, stage.person().await?);
        owner.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;
        owner.settle_in().await?;
        owner.add_client().await?;
        let invoice = owner.invoice_two_days().await?;

        owner.go("Créer un avoir").await?;
        owner.inspect("credit note form").await?;
        owner.click(By::Id("extent-part"), "a part").await?;
        let quantity = owner.see(By::Css("[name=line_quantity]")).await?;
        owner.write(&quantity, "3").await?;
        owner.fill(&[("reason", "Une journée n’a pas eu lieu")]).await?;
        owner.press("Émettre l’avoir").await?;
        owner.see(By::Css("[name=line_quantity][aria-invalid]")).await?;
        owner.inspect("credit note form, of more than was invoiced").await?;
        let quantity = owner.see(By::Css("[name=line_quantity]")).await?;
        owner.write(&quantity, "1").await?;
        owner.go("Émettre l’avoir").await?;
        owner.read("Avoir AV-2041-0001").await?;
        owner.read("360,00 €").await?;
        owner.see(By::LinkText("Télécharger le PDF")).await?;
        owner.inspect("credit note").await?;

        client.open(&stage.document_link("Avoir AV-2041-0001").await).await?;
        client.read("360,00 €").await?;
        client.inspect("portal, a credit note").await?;

        owner.open(&invoice).await?;
        for told in ["AV-2041-0001", "−360,00 €", "Avoir AV-2041-0001 émis"] {
            owner.read(told).await?;
        }
        owner.go("Créer un avoir").await?;
        owner.fill(&[("reason", "Contrat résilié")]).await?;
        owner.go("Émettre l’avoir").await?;
        owner.read("Avoir AV-2041-0002").await?;
        owner.open(&invoice).await?;
        owner.read("Annulée").await?;
        assert!(!owner.reads("Créer un avoir").await?, "nothing is left to be given back");
        owner.inspect("invoice, given back in full").await?;
        stage.system.idle(PATIENCE).await.expect("nothing is left");
        Ok(())
    })
    .await;
}
