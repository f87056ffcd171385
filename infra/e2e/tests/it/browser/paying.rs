//! A client pays an invoice by card, before the page of a provider that is imitated; the organization gives a part back.

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, first_path::EMAIL, play};

const KEY: &str = "sk_test_atelier_du_pont";

#[tokio::test(flavor = "multi_thread")]
async fn a_client_pays_by_card_and_gets_a_part_back() {
    play(Options::memory(), async |stage| {
        let (owner, client) = (stage.person().await?, stage.person().await?);
        owner.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;
        owner.settle_in().await?;
        owner.add_client().await?;
        owner.send_quote().await?;
        owner.note_acceptance().await?;
        let invoice = owner.issue_invoice().await?;

        owner.open("/facturation").await?;
        owner.go("Espace client").await?;
        let address = owner.see(By::Id("webhook-url")).await?.text().await?;
        assert!(address.starts_with(&format!("{}/webhooks/stripe/org_", stage.system.url())), "{address}");
        let secret = stage.system.stripe().send_events_to(KEY, &address).expect("an endpoint");
        owner.fill(&[("secret_key", "sk_live_inconnue"), ("webhook_secret", &secret)]).await?;
        owner.go("Relier le compte").await?;
        owner.read("Stripe refuse cette clé").await?;
        // That it is refused stands in the console too.
        drop(owner.browser.get_log("browser").await?);
        owner.inspect("portal settings, a key that is refused").await?;
        owner.fill(&[("secret_key", KEY), ("webhook_secret", &secret)]).await?;
        owner.go("Relier le compte").await?;
        owner.read("Clé se terminant par pont").await?;
        owner.inspect("portal settings, connected").await?;

        let link = stage.document_link("Facture").await;
        client.open(&link).await?;
        client.inspect("portal, an invoice to pay by card").await?;
        client.click(By::Css("[action='/portail/carte'] button"), "the way to the card").await?;
        client.read("Prestataire de paiement").await?;
        client.click(By::LinkText("Abandonner"), "the way back").await?;
        client.read("Le paiement par carte n’a pas été effectué.").await?;
        client.click(By::Css("[action='/portail/carte'] button"), "the way to the card").await?;
        client.click(By::Css("[value=pay]"), "the payment").await?;
        client.read("votre paiement de 1 211,88 € par carte est reçu").await?;
        client.read("Payée").await?;
        client.inspect("portal, an invoice that was paid by card").await?;
        assert!(!client.reads("Payer par virement").await?);

        stage.system.idle(PATIENCE).await.expect("everything is told");
        owner.open(&invoice).await?;
        owner.read("Payée").await?;
        owner.read("Carte bancaire").await?;
        owner.go("Créer un avoir").await?;
        owner.fill(&[("reason", "Geste commercial")]).await?;
        owner.inspect("credit note of an invoice that was paid by card").await?;
        owner.go("Émettre l’avoir").await?;
        stage.system.idle(PATIENCE).await.expect("everything is told");
        owner.open(&invoice).await?;
        owner.press("Rembourser sur la carte").await?;
        owner.inspect("invoice, about to refund a card").await?;
        owner.go("Rembourser").await?;
        owner.read("sont remboursés sur la carte du client").await?;
        owner.inspect("invoice, refunded by card").await?;
        stage.system.idle(PATIENCE).await.expect("everything is told");
        assert_eq!(stage.system.stripe().refunds().expect("refunds").len(), 1);
        owner.open(&invoice).await?;
        assert!(!owner.reads("Rembourser sur la carte").await?);
        Ok(())
    })
    .await;
}
