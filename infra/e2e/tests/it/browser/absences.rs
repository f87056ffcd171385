//! Somebody asks for leave, their manager says yes from the mail, and everybody sees that they are away, who may why.

use ical::{IcalParser, parser::Component};
use local::Options;
use thirtyfour::prelude::*;

use super::{PASSWORD, Person, play};

const OWNER: &str = "camille@atelier.example";
const CLAIRE: &str = "claire@client.example";
const DENIS: &str = "denis@verger.example";

impl Person {
    /// A file for who is a member, hired long before.
    async fn hire(&self, name: [&str; 2], number: &str, manager: Option<&str>) -> WebDriverResult<()> {
        let [first, last] = name;
        self.open("/rh/employes/nouveau").await?;
        self.fill(&[("employee.first_name", first), ("employee.last_name", last), ("employee.number", number)]).await?;
        self.pick("employee.hired_on", "2040-06-03").await?;
        self.choose("employee.user_id", &format!("{first} {last}")).await?;
        if let Some(manager) = manager {
            self.choose("employee.manager_id", manager).await?;
        }
        self.go("Enregistrer").await
    }

    /// A link to a calendar of absences.
    async fn subscribe(&self, shows: &str) -> WebDriverResult<String> {
        self.open("/rh/conges/calendrier").await?;
        self.go("S’abonner").await?;
        self.fill(&[("name", "Téléphone")]).await?;
        self.choose("shows", shows).await?;
        self.go("Créer le lien").await?;
        Ok(self.see(By::Id("feed-url")).await?.value().await?.expect("a link"))
    }
}

/// What a program reads in the calendar behind a link: what happens, from when, until when.
async fn subscribed(link: &str) -> Vec<[String; 3]> {
    let text = reqwest::get(link).await.expect("an answer").error_for_status().expect("a calendar");
    let text = text.text().await.expect("a text");
    let calendar = IcalParser::new(text.as_bytes()).next().expect("a calendar").expect("one that programs read");
    let events = calendar.events.iter().map(|event| {
        ["SUMMARY", "DTSTART", "DTEND"]
            .map(|name| event.get_property(name).and_then(|found| found.value.clone()).unwrap_or_default())
    });
    events.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_is_asked_for_approved_from_the_mail_and_seen_by_all() {
    play(Options::memory(), async |stage| {
        let (owner, claire, denis) = (stage.person().await?, stage.person().await?, stage.person().await?);
        owner.sign_up("Atelier du Pont", "Camille Martin", OWNER, PASSWORD).await?;
        claire.join(&owner.invite(stage, CLAIRE, "Membre").await?, "Claire Petit").await?;
        denis.join(&owner.invite(stage, DENIS, "Membre").await?, "Denis Blanc").await?;
        owner.hire(["Camille", "Martin"], "1", None).await?;
        owner.hire(["Claire", "Petit"], "2", Some("Camille Martin")).await?;
        owner.hire(["Denis", "Blanc"], "3", Some("Camille Martin")).await?;
        stage.system.idle(super::PATIENCE).await.expect("balances are counted");

        claire.open("/rh/conges").await?;
        claire.read("0 pris, 0 en attente").await?;
        claire.go("Demander une absence").await?;
        claire.choose("type_id", "Congés payés").await?;
        claire.pick("from", "2041-12-16").await?;
        claire.pick("to", "2041-12-20").await?;
        claire.fill(&[("comment", "Voyage à Rome")]).await?;
        claire.read("Reprise").await?;
        claire.inspect("leave, asked for").await?;
        claire.go("Envoyer la demande").await?;
        claire.read("En attente").await?;

        let (envelope, content) = stage.mail_to(OWNER).await;
        assert!(envelope.subject.contains("Claire Petit"), "{}", envelope.subject);
        let text = content.text.expect("a text");
        assert!(!text.contains("Rome") && !text.contains("Congés payés"), "a mail never says why: {text}");
        let link = text.split_whitespace().find(|word| word.contains("/rh/conges/")).expect("a link");
        owner.open(link).await?;
        owner.read("Voyage à Rome").await?;
        owner.inspect("leave, to be decided").await?;
        owner.go("Approuver").await?;
        owner.read("Approuvée").await?;

        // The balance, and the calendar of who may know why, of a colleague, and of who looks at activities.
        claire.open("/rh/conges").await?;
        claire.read("6 pris, 0 en attente").await?;
        let month = "/rh/conges/calendrier?month=2041-12";
        claire.open(month).await?;
        claire.read("Congés payés").await?;
        claire.inspect("a month of absences, one’s own").await?;
        denis.open(month).await?;
        denis.read("Claire Petit").await?;
        assert!(!denis.reads("Congés payés").await? && denis.reads("Absent").await?);
        owner.open(&format!("{month}&qui=reports")).await?;
        owner.read("Congés payés").await?;
        owner.inspect("a month of absences of a team").await?;
        owner.open("/crm/calendrier?vue=mois&le=2041-12-16").await?;
        owner.see(By::XPath("//td[@data-on='2041-12-18']//li[contains(., 'Claire Petit')]")).await?;
        assert!(!owner.reads("Congés payés").await?);
        owner.inspect("a month of activities, with who is away").await?;
        owner.open("/crm/calendrier?vue=semaine&le=2041-12-16").await?;
        owner.see(By::XPath("//td[@data-on='2041-12-20']//li[contains(., 'Claire Petit')]")).await?;

        // What programs read: Claire her own, with what it is; Denis that she is away.
        let own = claire.subscribe("Mes absences").await?;
        let of_team = denis.subscribe("Mon équipe").await?;
        assert_eq!(subscribed(&own).await, [["Congés payés", "20411216", "20411221"].map(str::to_owned)]);
        let absent = ["Absent\u{a0}: Claire Petit", "20411216", "20411221"];
        assert_eq!(subscribed(&of_team).await, [absent.map(str::to_owned)]);
        claire.open(link).await?;
        claire.go("Annuler l’absence").await?;
        claire.read("Annulée").await?;
        assert!(subscribed(&own).await.is_empty() && subscribed(&of_team).await.is_empty());
        Ok(())
    })
    .await;
}
