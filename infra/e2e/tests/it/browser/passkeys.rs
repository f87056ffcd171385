//! A passkey from its registration to its removal, with the virtual authenticator of Chromium. Passkeys belong to a
//! name, so the person comes by `localhost`.

use local::Options;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::{PASSWORD, Person, Stage, play};

const EMAIL: &str = "camille@atelier.example";

/// An authenticator in the browser's device, whose owner has their finger on it.
async fn plug_in(person: &Person) {
    person.devtools("WebAuthn.enable", json!({})).await;
    let options = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    });
    person.devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
}

/// From the next page on; how to undo it.
async fn without_autofill(person: &Person) -> Value {
    let source = "PublicKeyCredential.isConditionalMediationAvailable = async () => false";
    let added = person.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    added["value"]["identifier"].clone()
}

impl Person {
    async fn arrive(&self, path: &str) -> WebDriverResult<()> {
        self.until(path, "return location.pathname === arguments[0] && document.readyState === 'complete'", json!(path))
            .await
    }
}

async fn walk(stage: &Stage) -> WebDriverResult<()> {
    let person = &stage.person_at("localhost").await?;
    person.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;
    plug_in(person).await;
    person.open("/compte/securite").await?;
    person.press("Ajouter une clé d’accès").await?;
    person.inspect("about to add a passkey").await?;
    person.fill(&[("add-password", "un autre mot de passe")]).await?;
    person.go("Continuer").await?;
    person.read("Ce n’est pas votre mot de passe actuel.").await?;
    person.press("Ajouter une clé d’accès").await?;
    person.fill(&[("add-password", PASSWORD)]).await?;
    person.go("Continuer").await?;
    person.inspect("a passkey is about to be made").await?;
    person.fill(&[("name", "Portable")]).await?;
    person.go("Créer la clé d’accès").await?;
    person.see(By::Css("[data-recovery-codes]")).await?;
    person.go("C’est noté").await?;
    person.read("Il vous reste 10 codes de secours.").await?;
    person.read("Portable").await?;
    person.inspect("security, with a passkey").await?;

    // The button, in a browser that offers nothing by itself.
    let plain = without_autofill(person).await;
    person.sign_out().await?;
    person.arrive("/connexion").await?;
    person.inspect("sign-in, with passkeys").await?;
    person.press("Se connecter avec une clé d’accès").await?;
    person.arrive("/").await?;

    // After the password.
    person.sign_out().await?;
    person.fill(&[("email", EMAIL), ("password", PASSWORD)]).await?;
    person.go("Se connecter").await?;
    person.arrive("/connexion/verification").await?;
    person.inspect("second step, with a passkey").await?;
    person.press("Utiliser une clé d’accès").await?;
    person.arrive("/").await?;

    // What a browser offers in the field for the e-mail; this one's finger takes it at once.
    person.devtools("Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": plain })).await;
    person.sign_out().await?;
    person.arrive("/").await?;

    // Instead of the password.
    person.open("/compte/securite").await?;
    person.press("Supprimer").await?;
    person.inspect("about to remove a passkey").await?;
    person.go("Confirmer avec une clé d’accès").await?;
    person.read("La clé d’accès est supprimée.").await?;
    person.read("Vous n’en avez pas encore.").await?;
    person.inspect("security, without a second factor").await?;

    // It opens nothing any more, and says so; the password does.
    without_autofill(person).await;
    person.sign_out().await?;
    person.press("Se connecter avec une clé d’accès").await?;
    person.read("Cette clé d’accès n’est pas reconnue").await?;
    person.fill(&[("email", EMAIL), ("password", PASSWORD)]).await?;
    person.go("Se connecter").await?;
    person.arrive("/").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_opens_the_account_until_it_is_removed() {
    play(Options::memory(), walk).await;
}
