//! Who is in, and what they may do: invited by mail, let in, given another role.

use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, Person, Stage, play};

const OWNER: &str = "camille@atelier.example";
const NEW: &str = "claire@client.example";
const KNOWN: &str = "denis@verger.example";

impl Person {
    async fn found(&self) -> WebDriverResult<()> {
        self.sign_up("Atelier du Pont", "Camille Martin", OWNER, PASSWORD).await
    }

    /// Invites from the page of the team; the link that the mail has.
    pub(super) async fn invite(&self, stage: &Stage, email: &str, role: &str) -> WebDriverResult<String> {
        self.open("/equipe").await?;
        self.fill(&[("email", email)]).await?;
        self.choose("role", role).await?;
        self.go("Envoyer l’invitation").await?;
        self.read(email).await?;
        Ok(stage.link_to(email).await)
    }

    /// Accepts as somebody without an account.
    pub(super) async fn join(&self, link: &str, name: &str) -> WebDriverResult<()> {
        self.open(link).await?;
        self.fill(&[("name", name), ("password", PASSWORD)]).await?;
        self.go("Créer mon compte et rejoindre l’équipe").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_by_mail_and_joins() {
    play(Options::memory(), async |stage| {
        let (owner, claire) = (stage.person().await?, stage.person().await?);
        owner.found().await?;
        let link = owner.invite(stage, NEW, "Commercial").await?;
        owner.read("Invitations en attente").await?;
        owner.inspect("team, with an invitation").await?;

        claire.open(&link).await?;
        claire.read("Camille Martin vous invite à rejoindre Atelier du Pont avec le rôle « Commercial ».").await?;
        claire.inspect("invitation of somebody new").await?;
        claire.fill(&[("name", "Claire Petit"), ("password", "claire")]).await?;
        claire.go("Créer mon compte et rejoindre l’équipe").await?;
        claire.inspect("invitation, weak password").await?;
        claire.join(&link, "Claire Petit").await?;
        assert_eq!(claire.organization().await?, "Atelier du Pont");
        assert_eq!(
            claire.navigation().await?,
            ["Accueil", "CRM", "Facturation", "Ventes", "RH"],
            "what a Commercial sees"
        );
        claire.open(&link).await?;
        claire.read("Cette invitation a déjà été acceptée.").await?;
        claire.inspect("an invitation that was used").await?;

        owner.open("/equipe").await?;
        owner.read("Claire Petit").await?;
        assert!(!owner.reads("Invitations en attente").await?);
        owner.inspect("team of two").await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_an_account_joins_another_team() {
    play(Options::memory(), async |stage| {
        let (owner, denis) = (stage.person().await?, stage.person().await?);
        owner.found().await?;
        denis.sign_up("Verger du Lac", "Denis Blanc", KNOWN, PASSWORD).await?;
        let link = owner.invite(stage, KNOWN, "Comptable").await?;

        denis.open(&link).await?;
        denis.read("Cette adresse a déjà un compte ABSERVICE").await?;
        denis.inspect("invitation of somebody known").await?;
        denis.go("Continuer avec mon compte").await?;
        denis.inspect("invitation of somebody signed in").await?;
        denis.go("Accepter l’invitation").await?;
        denis.read("Bienvenue dans l’équipe.").await?;
        assert_eq!(denis.organization().await?, "Atelier du Pont");
        denis.switch_to("Verger du Lac").await?;
        assert_eq!(denis.organization().await?, "Verger du Lac");
        assert!(denis.navigation().await?.contains(&"Paramètres".to_owned()), "their own is still theirs");
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_holds_at_the_next_click() {
    play(Options::memory(), async |stage| {
        let (owner, claire) = (stage.person().await?, stage.person().await?);
        owner.found().await?;
        claire.join(&owner.invite(stage, NEW, "Manager").await?, "Claire Petit").await?;
        assert_eq!(claire.navigation().await?, ["Accueil", "CRM", "Facturation", "Ventes", "RH", "Paramètres"]);
        claire.go("CRM").await?;
        claire.go("Entreprises").await?;
        claire.go("Nouvelle entreprise").await?;
        claire.fill(&[("name", "La Poste")]).await?;

        owner.open("/equipe").await?;
        let line = "//tr[contains(., 'Claire Petit')]";
        owner.see(By::XPath(format!("{line}//option[.='Lecteur']"))).await?.click().await?;
        owner.go("Changer le rôle de Claire Petit").await?;
        owner.read("Claire Petit a maintenant le rôle « Lecteur ».").await?;

        claire.go("Enregistrer").await?;
        claire.read("Accès refusé").await?;
        claire.inspect("what one may not do").await?;
        claire.go("Aller à l’accueil").await?;
        assert_eq!(claire.navigation().await?, ["Accueil", "CRM", "Facturation", "Ventes", "RH"]);
        claire.go("CRM").await?;
        claire.go("Entreprises").await?;
        claire.read("Aucune entreprise pour l’instant").await?;
        assert!(!claire.reads("Nouvelle entreprise").await?, "no button for what is refused");
        claire.inspect("companies, to be read only").await
    })
    .await;
}
