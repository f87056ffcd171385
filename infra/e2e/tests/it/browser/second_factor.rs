//! Codes of a telephone: set up, asked for, replaced by recovery codes, given up.

use jiff::SignedDuration;
use local::Options;
use thirtyfour::prelude::*;
use totp_rs::{Builder, Secret, Totp};

use super::{PASSWORD, Person, Stage, play};

const EMAIL: &str = "camille@atelier.example";
const WRONG: &str = "Ce code est faux, déjà utilisé ou trop ancien.";

/// The application on the telephone.
pub struct Telephone(Totp);

impl Telephone {
    /// Reads the page that stands before `person`, as the telephone's camera would.
    pub async fn scan(person: &Person) -> WebDriverResult<Self> {
        let drawn = person.see(By::Css(".qr svg")).await?.rect().await?;
        assert!(drawn.width >= 150.0 && drawn.height >= 150.0, "a QR code that a telephone can read");
        let seed = person.see(By::Css("main .font-mono")).await?.text().await?;
        let secret = Secret::try_from_base32(seed.replace(' ', "")).expect("a seed");
        Ok(Self(Builder::new().with_secret(secret).build().expect("a generator")))
    }

    /// A code that was not shown before.
    pub fn next_code(&self, stage: &Stage) -> String {
        stage.system.advance(SignedDuration::from_secs(30)).expect("the clock moves");
        self.code(stage)
    }

    fn code(&self, stage: &Stage) -> String {
        let now = stage.system.clock().now().as_second();
        self.0.generate(now.try_into().expect("a time")).to_string()
    }
}

impl Person {
    /// Sets up codes of an application; the telephone, and the recovery codes that are shown.
    pub async fn set_up_second_factor(&self, stage: &Stage) -> WebDriverResult<(Telephone, Vec<String>)> {
        self.open("/compte/securite").await?;
        self.go("Activer la double authentification").await?;
        let telephone = Telephone::scan(self).await?;
        self.enter_code(&telephone.next_code(stage), "Activer").await?;
        self.see(By::Css("[data-recovery-codes]")).await?;
        let script = "return [...document.querySelectorAll('[data-recovery-codes] li')].map((code) => code.innerText)";
        Ok((telephone, self.browser.execute(script, vec![]).await?.convert()?))
    }

    async fn enter_code(&self, code: &str, button: &str) -> WebDriverResult<()> {
        self.fill(&[("code", code)]).await?;
        self.go(button).await
    }

    /// Signs in up to where the code is asked for.
    async fn challenge(&self) -> WebDriverResult<()> {
        self.open("/connexion").await?;
        self.sign_in(EMAIL, PASSWORD).await?;
        self.read("Saisissez le code de votre application").await
    }

    /// Signs in with a second factor.
    pub async fn sign_in_with_code(&self, email: &str, password: &str, code: &str) -> WebDriverResult<()> {
        self.open("/connexion").await?;
        self.sign_in(email, password).await?;
        self.enter_code(code, "Continuer").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_and_asked_for() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;
        person.open("/compte/securite").await?;
        person.go("Activer la double authentification").await?;
        person.inspect("setting up a second factor").await?;
        person.enter_code("123", "Activer").await?;
        person.read(WRONG).await?;
        person.inspect("setting up a second factor, wrong code").await?;
        let (telephone, recovery) = person.set_up_second_factor(stage).await?;
        assert_eq!(recovery.len(), 10);
        person.inspect("recovery codes").await?;
        person.go("C’est noté").await?;
        person.read("Il vous reste 10 codes de secours.").await?;
        person.inspect("security, with a second factor").await?;
        person.open("/compte/securite/totp").await?;
        assert_eq!(person.path().await?, "/compte/securite", "the seed is not shown again");
        let source = person.browser.source().await?;
        assert!(!recovery.iter().any(|code| source.contains(code)), "recovery codes are shown once");

        person.sign_out().await?;
        person.challenge().await?;
        person.inspect("a code is asked for").await?;
        person.enter_code("000000", "Continuer").await?;
        person.read(WRONG).await?;
        person.inspect("a code is asked for, wrong code").await?;
        let code = telephone.next_code(stage);
        person.enter_code(&code, "Continuer").await?;
        assert_eq!(person.path().await?, "/");

        person.sign_out().await?;
        person.challenge().await?;
        person.enter_code(&code, "Continuer").await?;
        person.read(WRONG).await?;
        person.enter_code(&recovery[0], "Continuer").await?;
        person.open("/compte/securite").await?;
        person.read("Il vous reste 9 codes de secours.").await?;

        person.sign_out().await?;
        person.challenge().await?;
        person.enter_code(&recovery[0], "Continuer").await?;
        person.read(WRONG).await?;
        person.enter_code(&telephone.next_code(stage), "Continuer").await?;

        person.open("/compte/securite").await?;
        person.press("Désactiver").await?;
        person.inspect("giving up a second factor").await?;
        person.fill(&[("disable-password", "un autre mot de passe")]).await?;
        person.go("Désactiver").await?;
        person.inspect("giving up a second factor, wrong password").await?;
        person.read("Active").await?;
        person.press("Désactiver").await?;
        person.fill(&[("disable-password", PASSWORD)]).await?;
        person.go("Désactiver").await?;
        person.read("La double authentification est désactivée.").await?;
        person.sign_out().await?;
        person.sign_in(EMAIL, PASSWORD).await?;
        assert_eq!(person.path().await?, "/");
        Ok(())
    })
    .await;
}
