//! An invoice that comes again each month, in a browser.

use jiff::SignedDuration;
use local::Options;

use super::{PASSWORD, PATIENCE, first_path::EMAIL, play};

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_comes_each_month_until_it_is_paused() {
    play(Options::memory(), async |stage| {
        let (owner, client) = (stage.person().await?, stage.person().await?);
        owner.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;
        owner.settle_in().await?;
        owner.add_client().await?;
        owner.invoice_two_days().await?;
        owner.go("Créer une facture récurrente à partir de cette facture").await?;
        owner.choose("rhythm", "mois").await?;
        owner.choose("then", "Émettre et envoyer automatiquement").await?;
        owner.fill(&[("subject", "Entretien – {mois}")]).await?;
        owner.inspect("recurring invoice form").await?;
        owner.go("Enregistrer").await?;
        owner.read("La facture récurrente est enregistrée.").await?;
        let recurring = owner.path().await?;

        // From today on: the clock finds it with its next look, and the next a month later.
        for (days, number) in [(1, "FAC-2041-0002"), (30, "FAC-2041-0003")] {
            stage.system.advance(DAY * days).expect("the clock moves");
            stage.system.idle(PATIENCE).await.expect("what was due is done");
            owner.come_back(&recurring).await?;
            owner.read(number).await?;
        }
        owner.inspect("recurring invoice, with invoices").await?;
        client.open(&stage.document_link("Facture FAC-2041-0003").await).await?;
        client.read("720,00 €").await?;

        owner.go("Mettre en pause").await?;
        owner.read("La facture récurrente est en pause : rien ne sera créé.").await?;
        stage.system.advance(DAY * 62).expect("the clock moves");
        stage.system.idle(PATIENCE).await.expect("nothing is made");
        owner.come_back(&recurring).await?;
        assert!(!owner.reads("FAC-2042-").await?, "nothing is made while it is paused");
        owner.go("FAC-2041-0003").await?;
        owner.read("Créée par une facture récurrente").await?;
        owner.inspect("invoice, one of a recurring one").await
    })
    .await;
}
