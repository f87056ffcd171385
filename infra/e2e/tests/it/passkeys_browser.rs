//! A passkey from its registration to its removal, with the virtual authenticator of Chromium. Passkeys belong to a
//! name, so the person comes by `localhost`.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;
use local::{Options, System};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::{Driver, EMAIL, PASSWORD, Person, is_installed};

/// An authenticator in the browser's device, whose owner has their finger on it.
async fn plug_in(person: &Person<'_>) {
    devtools(person, "WebAuthn.enable", json!({})).await;
    let options = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    });
    devtools(person, "WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
}

/// From the next page on; how to undo it.
async fn without_autofill(person: &Person<'_>) -> Value {
    let source = "PublicKeyCredential.isConditionalMediationAvailable = async () => false";
    let added = devtools(person, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    added["value"]["identifier"].clone()
}

async fn devtools(person: &Person<'_>, command: &str, parameters: Value) -> Value {
    let url = format!("{}/goog/cdp/execute", person.session_url());
    let sent = reqwest::Client::new().post(url).json(&json!({ "cmd": command, "params": parameters })).send().await;
    let answer = sent.expect("chromedriver answers");
    assert!(answer.status().is_success(), "{command} was refused");
    answer.json().await.expect("an answer")
}

impl Person<'_> {
    async fn arrive(&self, path: &str) -> WebDriverResult<()> {
        self.until(path, "return location.pathname === arguments[0] && document.readyState === 'complete'", json!(path))
            .await
    }

    async fn sign_out(&self) -> WebDriverResult<()> {
        let script = "window.leaving = true; document.querySelector('form[action$=\"/deconnexion\"]').submit()";
        self.browser.execute(script, vec![]).await?;
        self.until("signed out", "return !window.leaving", Value::Null).await
    }
}

async fn walk(person: &Person<'_>) -> WebDriverResult<()> {
    person.sign_up().await?;
    plug_in(person).await;
    person.open("/compte/securite").await?;
    person.press("Ajouter une clé d’accès").await?;
    person.inspect("about to add a passkey").await?;
    person.fill(&[("add-password", "un autre mot de passe")]).await?;
    person.go("Continuer").await?;
    person.read("Ce n’est pas votre mot de passe actuel.").await?;
    drop(person.browser.get_log("browser").await?);
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
    devtools(person, "Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": plain })).await;
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
    if !is_installed() {
        return;
    }
    let system = System::start(Options::memory()).await.expect("the system starts");
    let url = system.url().replace("127.0.0.1", "localhost");
    let driver = Driver::start();
    let browser = driver.open().await.expect("the browser opens");
    let person = Person { browser: &browser, url: &url };
    // Caught, because the browser outlives a driver that is only killed.
    let walked = AssertUnwindSafe(walk(&person)).catch_unwind().await;
    let at = browser.current_url().await;
    _ = browser.clone().quit().await;
    match walked {
        Ok(walked) => walked.unwrap_or_else(|error| panic!("at {at:?}: {error}")),
        Err(panicked) => resume_unwind(panicked),
    }
    system.stop().await;
}
