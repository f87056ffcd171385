//! A week of time: what is worked is filled in and breaks a rule, is handed in, approved by who is above, and goes to the pay
//! slips.

use local::Options;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, play};
use crate::company::{Company, text};

const OWNER: &str = "camille@atelier.example";

impl Person {
    /// What a file that this page leads to says.
    async fn download(&self, label: &str) -> WebDriverResult<String> {
        let link = format!("//a[normalize-space()='{label}']");
        let href = self.see(By::XPath(link)).await?.attr("href").await?.expect("a link");
        let script = "return fetch(arguments[0]).then((answer) => answer.text())";
        self.browser.execute(script, vec![json!(href)]).await?.convert()
    }

    async fn joins(&self, owner: &Person, stage: &super::Stage, email: &str, name: &str) -> WebDriverResult<()> {
        let link = owner.invite(stage, email, "Membre").await?;
        self.join(&link, name).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_that_breaks_a_rule_is_handed_in_approved_and_exported() {
    play(Options::memory(), async |stage| {
        let (owner, ada, ines) = (stage.person().await?, stage.person().await?, stage.person().await?);
        let company = Company::sign_up(&stage.system).await;
        owner.open("/connexion").await?;
        owner.sign_in(OWNER, PASSWORD).await?;
        ada.joins(&owner, stage, "ada@atelier.example", "Ada Roux").await?;
        ines.joins(&owner, stage, "ines@atelier.example", "Inès Moreau").await?;
        let members = company.get("/api/v1/members").await;
        let user = |email: &str| {
            let members = members["items"].as_array().expect("members").iter();
            members.filter(|one| one["email"] == email).map(|one| text(one, "/id")).next().expect("a member")
        };
        let mut above = String::new();
        for (number, first_name, last_name, email) in
            [("S-1", "Ada", "Roux", "ada@atelier.example"), ("S-2", "Inès", "Moreau", "ines@atelier.example")]
        {
            let file = json!({ "number": number, "first_name": first_name, "last_name": last_name,
                "hired_on": "2040-01-02", "user_id": user(email), "manager_id": above });
            let hired = company.post("/api/v1/employees", &json!({ "employee": file, "contract": {} })).await;
            above = text(&hired, "/id");
        }

        // Eleven hours on Monday, in one go.
        ines.open("/rh/temps").await?;
        ines.inspect("an empty week of time").await?;
        ines.pick("from-0", "08:00").await?;
        ines.pick("to-0", "19:00").await?;
        ines.fill(&[("note-0", "Salon")]).await?;
        ines.go("Enregistrer").await?;
        ines.read("Semaine enregistrée.").await?;
        ines.read("11 h de travail le lundi 18 novembre").await?;
        ines.read("(C. trav., art. L3121-18)").await?;
        ines.read("(C. trav., art. L3121-16)").await?;
        ines.inspect("a week with warnings").await?;
        ines.go("Soumettre la semaine").await?;
        ines.read("Semaine soumise.").await?;
        assert!(!ines.reads("Approuver").await?, "nobody decides on their own");
        let week = ines.path().await?;

        // Who is above hears of it, and decides.
        let (envelope, content) = stage.mail_to("ada@atelier.example").await;
        let told =
            "Temps à valider\u{a0}: semaine 47, du 18 au 24\u{a0}novembre\u{a0}2041 (matricule S-2) – Atelier du Pont";
        assert_eq!(envelope.subject, told);
        let text = content.text.expect("a text");
        assert!(text.contains(&week), "{text}");
        ada.open("/notifications").await?;
        ada.read("Temps à valider : semaine 47, du 18 au 24 novembre 2041 (matricule S-2)").await?;
        ada.open("/rh/temps/equipe").await?;
        ada.go("Inès Moreau").await?;
        assert_eq!(ada.path().await?.split("/rh/").last(), week.split("/rh/").last());
        ada.read("11 h de travail le lundi 18 novembre").await?;
        ada.go("Approuver").await?;
        ada.read("Semaine approuvée.").await?;
        ada.inspect("a week that was approved").await?;

        stage.system.idle(PATIENCE).await.expect("everybody is told");
        ines.open("/notifications").await?;
        ines.read("Temps approuvé : semaine 47, du 18 au 24 novembre 2041").await?;
        ines.open("/rh/temps").await?;
        ines.read("Approuvée").await?;
        let locked = "return !document.getElementById('from-0')";
        ines.until("a week that is locked", locked, Value::Null).await?;
        ines.go("Mois").await?;
        ines.inspect("a month of time").await?;
        let own = ines.download("Télécharger (CSV)").await?;
        assert!(own.contains("18/11/2041;11;0;"), "{own}");

        owner.open("/rh/paie/2041-11").await?;
        owner.read("Inès Moreau").await?;
        let file = owner.download("Télécharger (CSV)").await?;
        assert!(file.contains("2041-11;S-2;Moreau;Inès;11;"), "{file}");
        assert!(file.contains("2041-11;S-1;Roux;Ada;0;"), "{file}");
        Ok(())
    })
    .await;
}
