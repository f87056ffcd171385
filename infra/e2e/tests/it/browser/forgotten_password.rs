//! A password that is forgotten: another one through the link of a mail.

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, Person, Stage, play};

const EMAIL: &str = "camille@atelier.example";
const OTHER: &str = "onze hiboux lisent sous la lune";

impl Person {
    /// Asks for the mail and follows its link; the address is proven by it.
    pub async fn replace_password(&self, stage: &Stage, email: &str, password: &str) -> WebDriverResult<()> {
        self.ask_for_link(email).await?;
        self.open(&stage.link_to(email).await).await?;
        self.fill(&[("password", password)]).await?;
        self.go("Changer le mot de passe").await
    }

    pub async fn ask_for_link(&self, email: &str) -> WebDriverResult<()> {
        self.open("/connexion/oubli").await?;
        self.fill(&[("email", email)]).await?;
        self.go("Recevoir le lien").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_through_a_mail() {
    play(Options::memory(), async |stage| {
        let (at_work, at_home) = (stage.person().await?, stage.person().await?);
        at_work.sign_up("Atelier du Pont", "Camille Martin", EMAIL, PASSWORD).await?;

        for address in ["nobody@client.example", EMAIL] {
            at_home.open("/connexion").await?;
            at_home.go("Mot de passe oublié ?").await?;
            at_home.inspect("forgotten password").await?;
            at_home.ask_for_link(address).await?;
            at_home.read("un e-mail vient de partir à cette adresse").await?;
            at_home.inspect("forgotten password, asked").await?;
        }
        let link = stage.link_to(EMAIL).await;
        assert_eq!(stage.system.ses().mails(10).expect("the mails").len(), 1, "nobody gets no mail");

        at_home.open(&link).await?;
        at_home.inspect("another password").await?;
        at_home.fill(&[("password", "motdepasse123")]).await?;
        at_home.go("Changer le mot de passe").await?;
        at_home.inspect("another password, too weak").await?;
        at_home.fill(&[("password", OTHER)]).await?;
        at_home.go("Changer le mot de passe").await?;
        at_home.read("Connectez-vous avec le nouveau.").await?;
        at_home.inspect("sign-in, with another password").await?;
        at_home.sign_in(EMAIL, PASSWORD).await?;
        at_home.read("L’adresse e-mail ou le mot de passe est incorrect.").await?;
        at_home.inspect("sign-in, refused").await?;
        at_home.sign_in(EMAIL, OTHER).await?;
        assert_eq!(at_home.organization().await?, "Atelier du Pont");

        at_work.go("Enregistrer").await?;
        assert_eq!(at_work.path().await?, "/connexion", "whoever knew the old password is out");
        at_work.open(&link).await?;
        at_work.read("Ce lien n’est plus valable. Demandez-en un nouveau.").await?;
        at_work.inspect("a link that was used").await
    })
    .await;
}
