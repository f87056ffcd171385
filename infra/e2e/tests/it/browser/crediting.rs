//! What was invoiced too much is given back in a browser: a part of it, then the rest.

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, first_path::EMAIL, play};

impl Person {
    /// Chooses files, several at once.
    pub(super) async fn attach(&self, field: &str, names: &[&str]) -> WebDriverResult<()> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut paths = Vec::new();
        for name in names {
            let content = if name.ends_with(".csv") { "Jour;Heures\n" } else { "%PDF-1.7\nstartxref\n9\n%%EOF\n" };
            let path = folder.path().join(name);
            std::fs::write(&path, content).expect("a file is written");
            paths.push(path.display().to_string());
        }
        self.browser.find(By::Id(field)).await?.send_keys(paths.join("\n")).await?;
        // Until the last is there: the folder goes with this function.
        self.read(names.last().copied().unwrap_or_default()).await
    }

    /// An invoice of two days at 300 €, issued to the client whose page they see.
    pub(super) async fn invoice_two_days(&self) -> WebDriverResult<String> {
        self.go("Nouvelle facture").await?;
        self.fill(&[("subject", "Entretien du site")]).await?;
        self.fill_line(0, "Entretien", "2", "300,00", "20").await?;
        self.go("Enregistrer le brouillon").await?;
        self.attach("attachments-file", &["plan.pdf", "Relevé d’heures.csv"]).await?;
        self.read("plan.pdf").await?;
        self.read("Relevé d’heures.csv").await?;
        self.inspect("invoice, draft with files").await?;
        // The dialog issues the draft as the box has it.
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
        owner.attach("credit-attachments-file", &["constat.pdf"]).await?;
        owner.press("Émettre l’avoir").await?;
        owner.see(By::Css("[name=line_quantity][aria-invalid]")).await?;
        owner.inspect("credit note form, of more than was invoiced").await?;
        owner.read("constat.pdf").await?;
        let quantity = owner.see(By::Css("[name=line_quantity]")).await?;
        owner.write(&quantity, "1").await?;
        owner.go("Émettre l’avoir").await?;
        owner.read("Avoir AV-2041-0001").await?;
        owner.read("360,00 €").await?;
        owner.see(By::LinkText("Télécharger le PDF")).await?;
        owner.inspect("credit note").await?;

        client.open(&stage.document_link("Avoir AV-2041-0001").await).await?;
        client.read("360,00 €").await?;
        client.read("constat.pdf").await?;
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
