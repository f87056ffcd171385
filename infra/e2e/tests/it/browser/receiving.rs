//! An invoice that one company issued is dropped by the other, and becomes an expense of theirs.

use base64::{Engine, prelude::BASE64_STANDARD};
use local::Options;
use serde_json::json;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, play};
use crate::company::{Company, download};

impl Person {
    /// Drops a file onto the page, as from a folder.
    async fn drop_file(&self, name: &str, kind: &str, bytes: &[u8]) -> WebDriverResult<()> {
        let zone = self.see(By::Css("[data-dropzone]")).await?;
        let script = "const [zone, name, type, text] = arguments;
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], name, { type }));
            zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));";
        let text = BASE64_STANDARD.encode(bytes);
        self.browser.execute(script, vec![zone.to_json()?, name.into(), kind.into(), text.into()]).await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_of_ours_is_dropped_by_its_client_and_becomes_an_expense() {
    play(Options::memory(), async |stage| {
        let seller = Company::sign_up(&stage.system).await;
        let id = seller.issued().await;
        stage.system.idle(PATIENCE).await.expect("the document is made");
        let (link, name) = seller.link(&id).await;
        let (_, _, document) = download(&link).await;
        let number = seller.invoice(&id).await["number"].as_str().expect("a number").to_owned();

        let buyer = stage.person().await?;
        buyer.sign_up("La Poste", "Paul Durand", "paul@client.example", PASSWORD).await?;
        buyer.fill(&[("siret", "356 000 000 00048"), ("vat_number", "FR39356000000")]).await?;
        buyer.fill(&[("street", "9 rue du Colonel Pierre Avia"), ("postal_code", "75015"), ("city", "Paris")]).await?;
        buyer.go("Enregistrer").await?;
        buyer.read("Les paramètres de l’entreprise sont enregistrés.").await?;

        buyer.open("/ventes/factures-recues").await?;
        buyer.drop_file("notes.pdf", "application/pdf", b"%PDF-1.7 no invoice").await?;
        buyer.see(By::Css("#drop [data-problem]")).await?;
        // That it is refused stands in the console too.
        drop(buyer.browser.get_log("browser").await?);
        buyer.inspect("a file that is no invoice").await?;
        buyer.open("/ventes/factures-recues").await?;
        buyer.drop_file(&name, "application/pdf", &document).await?;
        buyer.read(&format!("Facture {number} (Atelier du Pont) reçue.")).await?;
        buyer.go("L’ouvrir").await?;
        for part in ["Atelier du Pont", "Forfait", "1 200,00 €", "FR44732829320"] {
            buyer.read(part).await?;
        }
        assert!(!buyer.reads("vérifiez qu’elle vous est bien adressée").await?);
        buyer.inspect("an invoice that was received").await?;
        buyer.go("Voir la dépense").await?;
        buyer.read("Atelier du Pont").await?;
        buyer.read("1 200,00 €").await?;
        buyer.inspect("the expense of an invoice that was received").await?;

        // Dropped once more, it is the same one.
        buyer.open("/ventes/factures-recues").await?;
        buyer.drop_file(&name, "application/pdf", &document).await?;
        buyer.until("an answer", "return !!document.querySelector('#drop [role]:not([hidden])')", json!(null)).await?;
        buyer.open("/ventes/depenses").await?;
        let rows = buyer.browser.find_all(By::Css("tbody tr")).await?;
        assert_eq!(rows.len(), 1);
        Ok(())
    })
    .await;
}
