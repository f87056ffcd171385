//! A calendar program subscribes to what a person plans, by the link that the page gives them.

use ical::{IcalParser, parser::Component, parser::ical::component::IcalCalendar};
use local::Options;
use reqwest::StatusCode;
use thirtyfour::prelude::*;

use super::{PASSWORD, Person, play};

/// What a program makes of the calendar behind a link.
async fn subscribed(link: &str) -> Result<IcalCalendar, StatusCode> {
    let answer = reqwest::get(link).await.expect("an answer");
    if !answer.status().is_success() {
        return Err(answer.status());
    }
    let text = answer.text().await.expect("a text");
    Ok(IcalParser::new(text.as_bytes()).next().expect("a calendar").expect("one that programs read"))
}

fn property(calendar: &IcalCalendar, name: &str) -> Option<String> {
    calendar.events.first()?.get_property(name)?.value.clone()
}

async fn link(person: &Person) -> WebDriverResult<String> {
    Ok(person.see(By::Id("feed-url")).await?.value().await?.expect("a link"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_program_shows_what_is_planned_until_its_link_is_revoked() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.sign_up("Atelier du Pont", "Camille Martin", "camille@atelier.example", PASSWORD).await?;
        person.open("/crm/entreprises/nouvelle").await?;
        person.fill(&[("name", "Boulangerie Dupré")]).await?;
        person.go("Enregistrer").await?;
        person.open("/crm/activites/nouvelle?le=2041-11-24&heure=10:00").await?;
        person.fill(&[("subject", "Visite du fournil, avec le chef")]).await?;
        person.choose("company_id", "Boulangerie Dupré").await?;
        person.go("Enregistrer").await?;

        person.open("/crm/calendrier").await?;
        person.go("S’abonner").await?;
        person.fill(&[("name", "Téléphone")]).await?;
        person.go("Créer le lien").await?;
        person.inspect("a calendar link that was made").await?;
        let first = link(&person).await?;
        let calendar = subscribed(&first).await.expect("a calendar");
        assert_eq!(calendar.events.len(), 1, "{calendar:?}");
        // Ten o’clock in Paris, in winter.
        assert_eq!(property(&calendar, "DTSTART").as_deref(), Some("20411124T090000Z"));
        let summary = property(&calendar, "SUMMARY").expect("a summary");
        assert!(summary.ends_with("Visite du fournil\\, avec le chef"), "{summary}");

        person.press("Renouveler").await?;
        person.go("Renouveler le lien").await?;
        let second = link(&person).await?;
        assert_eq!(subscribed(&first).await.err(), Some(StatusCode::NOT_FOUND));
        assert_eq!(subscribed(&second).await.expect("a calendar").events.len(), 1);

        person.press("Révoquer").await?;
        person.go("Révoquer le lien").await?;
        person.read("Aucun lien").await?;
        assert_eq!(subscribed(&second).await.err(), Some(StatusCode::NOT_FOUND));
        Ok(())
    })
    .await;
}
