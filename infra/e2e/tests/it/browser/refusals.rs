//! Pages that say why one gets no further.

use jiff::SignedDuration;
use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, play};

const ADMIN: &str = "admin@platform.example";
const OWNER: &str = "camille@atelier.example";

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_no_further_is_told_why() {
    let options = Options { platform_admins: vec![ADMIN.into()], ..Options::memory() };
    play(options, async |stage| {
        let (owner, admin) = (stage.person().await?, stage.person().await?);
        owner.sign_up("Atelier du Pont", "Camille Martin", OWNER, PASSWORD).await?;
        for path in ["/nulle-part", "/crm/entreprises/com_00000000000000000000000000", "/plateforme"] {
            owner.open(path).await?;
            owner.read("Page introuvable").await?;
            owner.inspect("not found").await?;
        }

        owner.open("/").await?;
        stage.system.dynamodb().faults().internal.set_failing(true);
        owner.open("/crm/entreprises").await?;
        owner.read("Service momentanément indisponible").await?;
        drop(owner.browser.get_log("browser").await?);
        owner.inspect("unavailable").await?;
        stage.system.dynamodb().faults().internal.set_failing(false);

        admin.sign_up("ABSERVICE", "Dominique Roy", ADMIN, PASSWORD).await?;
        admin.sign_out().await?;
        admin.replace_password(stage, ADMIN, PASSWORD).await?;
        admin.sign_in(ADMIN, PASSWORD).await?;
        let (telephone, _) = admin.set_up_second_factor(stage).await?;
        admin.sign_out().await?;
        admin.sign_in_with_code(ADMIN, PASSWORD, &telephone.next_code(stage)).await?;
        admin.open("/plateforme").await?;
        admin.go("Atelier du Pont").await?;
        admin.go("Visiter").await?;
        admin.read("Vous visitez Atelier du Pont").await?;
        admin.inspect("visit").await?;
        admin.go("Quitter Atelier du Pont").await?;
        admin.open("/plateforme").await?;
        admin.go("Atelier du Pont").await?;
        admin.press("Suspendre").await?;
        admin.inspect("about to suspend").await?;
        admin.go("Suspendre").await?;
        admin.inspect("suspended, for the platform").await?;
        owner.open("/crm/entreprises").await?;
        owner.read("Entreprise suspendue").await?;
        owner.inspect("suspended").await?;
        owner.open("/compte").await?;
        owner.inspect("profile, suspended").await?;
        admin.go("Rétablir").await?;

        owner.open("/organisation").await?;
        owner.click(By::Id("requires_two_factor"), "a second factor for everybody").await?;
        owner.go("Enregistrer").await?;
        owner.read("Votre entreprise demande une double authentification.").await?;
        owner.inspect("a second factor is required").await?;
        owner.set_up_second_factor(stage).await?;
        owner.open("/crm/entreprises").await?;
        owner.go("Nouvelle entreprise").await?;

        stage.system.advance(SignedDuration::from_hours(15 * 24)).expect("the clock moves");
        owner.go("Annuler").await?;
        owner.inspect("sign-in, once the session is over").await?;
        owner.sign_in(OWNER, PASSWORD).await?;
        owner.read("Saisissez le code").await
    })
    .await;
}
