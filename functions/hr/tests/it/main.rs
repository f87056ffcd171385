//! HR through its router, on a table in memory.

mod absences;
mod dashboard;
mod employees;
mod expenses;
mod leave;
mod letters;
mod papers;
mod time;

use serde_json::json;
use testkit::{App, Client, Reply};

async fn app() -> App {
    App::new(hr::router).await
}

/// The form of a page that posts to a path, sent with what it hides and what is typed into it.
async fn pressed(client: &Client, page: &str, action: &str, typed: &[(&str, &str)]) -> Reply {
    let form = page.split(&format!("action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("{action} in {page}"));
    let inputs = form.split("</form>").next().unwrap_or_default().split("<input type=\"hidden\" ").skip(1);
    let said = |input: &str, name: &str| -> Option<String> {
        Some(input.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.to_owned())
    };
    let hidden: Vec<(String, String)> =
        inputs.filter_map(|input| Some((said(input, "name")?, said(input, "value")?))).collect();
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(typed);
    client.form(action, &fields).await
}

#[tokio::test]
async fn holidays_of_a_year_where_one_works() {
    let app = app().await;
    let owner = app.owner();
    let list = owner.get("/api/v1/holidays?year=2026&region=alsace_moselle").await.expect(200).json();
    let items = list["items"].as_array().expect("a list");
    assert_eq!(items.len(), 13);
    assert_eq!(
        items[1],
        json!({ "date": "2026-04-03", "name": "Vendredi saint", "source": "C. trav., art. L3134-13" })
    );
    let only = "Seul le 1er mai est obligatoirement chômé";
    let page = owner.get("/rh/jours-feries?year=2026&region=alsace_moselle_without_church").await.expect(200).text();
    assert!(page.contains("ces jours sont chômés (article L3134-13)") && !page.contains(only), "{page}");
    assert!(owner.get("/rh/jours-feries?year=2026&region=reunion").await.expect(200).text().contains(only));
    owner.get("/api/v1/holidays?year=1800").await.expect(422);
    let page = owner.get("/rh/jours-feries?year=2027").await.expect(200).text();
    assert!(page.contains("lundi 29\u{a0}mars\u{a0}2027") && page.contains("Lundi de Pâques"), "{page}");
    let page = owner.get("/rh/jours-feries?year=demain").await.expect(200).text();
    assert!(page.contains("Indiquez un nombre"));
    owner.get("/rh").await.expect(303);
}

#[tokio::test]
async fn what_an_absence_takes() {
    let app = app().await;
    let owner = app.owner();
    let asked = "from=2026-05-11&to=2026-05-15&counting=ouvres";
    let count = owner.get(&format!("/api/v1/leave-count?{asked}")).await.expect(200).json();
    assert_eq!((&count["days"], &count["return_on"]), (&json!("4"), &json!("2026-05-18")));
    assert_eq!(count["details"][3]["reason"], "holiday");
    let half = owner.get(&format!("/api/v1/leave-count?{asked}&starts_at_noon=true&works_on=1&works_on=4")).await;
    assert_eq!(half.expect(200).json()["days"], "3.5");
    owner.get("/api/v1/leave-count").await.expect(422);
    let empty = owner.get("/rh/conges/calcul").await.expect(200).text();
    assert!(!empty.contains("Résultat"));
    let page = owner.get(&format!("/rh/conges/calcul?{asked}")).await.expect(200).text();
    assert!(page.contains("4 jours") && page.contains("jour férié\u{a0}: Ascension"), "{page}");
    let idle = owner.get(&format!("/rh/conges/calcul?{asked}&works_on=")).await.expect(200).text();
    assert!(idle.contains("Choisissez au moins un élément"), "{idle}");
    let page = owner.get("/rh/conges/calcul?from=2026-05-11&to=2026-05-10").await.expect(200).text();
    assert!(page.contains("Cette date ne peut pas précéder"));
}

#[tokio::test]
async fn who_is_nobody_sees_nothing() {
    let app = app().await;
    app.anyone().get("/api/v1/holidays").await.expect(401);
}
