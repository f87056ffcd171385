//! Two tabs on two organizations.

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, play};

#[tokio::test(flavor = "multi_thread")]
async fn each_tab_stays_in_its_organization() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.sign_up("Atelier du Pont", "Camille Martin", "camille@atelier.example", PASSWORD).await?;
        person.open("/crm/entreprises/nouvelle").await?;
        person.fill(&[("name", "Client de l’atelier")]).await?;
        let atelier = person.browser.window().await?;

        let verger = person.browser.new_tab().await?;
        person.browser.switch_to_window(verger.clone()).await?;
        person.open("/").await?;
        person.organizations().await?;
        person.go("Créer une autre entreprise").await?;
        person.inspect("another organization").await?;
        person.fill(&[("name", "Verger du Lac")]).await?;
        person.go("Créer l’entreprise").await?;
        assert_eq!(person.organization().await?, "Verger du Lac");
        person.go("CRM").await?;
        person.go("Entreprises").await?;

        person.browser.switch_to_window(atelier).await?;
        person.go("Enregistrer").await?;
        person.read("L’entreprise est ajoutée.").await?;
        assert_eq!(person.organization().await?, "Atelier du Pont");
        person.go("Entreprises").await?;
        person.read("Client de l’atelier").await?;
        assert_eq!(person.organization().await?, "Atelier du Pont");

        // And back through the menu, in the other tab.
        person.browser.switch_to_window(verger).await?;
        person.browser.refresh().await?;
        assert_eq!(person.organization().await?, "Verger du Lac");
        person.read("Aucune entreprise pour l’instant").await?;
        person.organizations().await?;
        person.see(By::PartialLinkText("Atelier du Pont")).await?;
        person.inspect("the menu of organizations").await?;
        person.browser.refresh().await?;
        person.switch_to("Atelier du Pont").await?;
        assert_eq!(person.organization().await?, "Atelier du Pont");
        person.go("CRM").await?;
        person.go("Entreprises").await?;
        person.read("Client de l’atelier").await
    })
    .await;
}
