//! The board: its columns, a move, two who move the same card.

use http::{Method, StatusCode};
use serde_json::json;
use testkit::{Client, Reply};

use crate::{
    OPPORTUNITIES, added, app,
    opportunities::{deal, with_company},
    stage, with,
};

/// As the board's script sends it.
async fn drop_card(client: &Client, id: &str, fields: &[(&str, &str)]) -> Reply {
    client.clone().header("hx-request", "true").form(&format!("/crm/opportunites/{id}/deplacer"), fields).await
}

#[tokio::test]
async fn columns_have_their_sums_and_load_their_cards() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    for number in 0..27 {
        app.advance(jiff::SignedDuration::from_secs(1));
        let fields = json!({ "name": format!("Affaire {number:02}"), "amount": "100", "expected_on": "2026-11-01" });
        added(&program, OPPORTUNITIES, &with(deal(&company), fields)).await;
    }
    let owner = app.owner();
    let board = owner.get("/crm/pipeline").await.expect(200);
    assert!(board.round_trips() <= Some(2));
    let text = board.text();
    for expected in
        ["27 opportunités", "2\u{202f}700,00\u{a0}€", "270,00\u{a0}€", "Pondéré par la probabilité", "/assets/board."]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert_eq!(text.matches("data-column=").count(), 6);
    let path = format!("/crm/pipeline/etapes/{}", stage(1));
    let cards = owner.get(&path).await.expect(200);
    assert!(cards.round_trips() <= Some(2));
    let cards = cards.text();
    assert_eq!(cards.matches("data-card").count(), 25);
    assert!(cards.contains("Affaire 26") && !cards.contains("Affaire 01") && cards.contains("En retard"), "{cards}");
    let more = cards.split("hx-get=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("more of them");
    let rest = owner.get(&more.replace("&#38;", "&")).await.expect(200).text();
    assert_eq!(rest.matches("data-card").count(), 2);
    assert!(!rest.contains("Afficher plus"));
    owner.get(&format!("/crm/pipeline/etapes/{}", stage(9))).await.expect(404);
    owner.get("/crm/pipeline?pipeline=pip_00000000000000000000000009").await.expect(404);
    let heads = owner.get("/crm/pipeline/chiffres").await.expect(200).text();
    assert_eq!(heads.matches("hx-swap-oob").count(), 6);
    // Who may only look moves nothing.
    let reader = app.with_role(kernel::permission::Role::Reader);
    let looked = reader.get(&path).await.expect(200).text();
    assert!(!looked.contains("data-move"));
    let id = looked.split("card-opp_").nth(1).and_then(|rest| rest.get(..26)).expect("an id").to_owned();
    drop_card(&reader, &format!("opp_{id}"), &[("stage", &stage(2))]).await.expect(403);
    let empty = owner.get(&format!("/crm/pipeline/etapes/{}", stage(2))).await.expect(200).text();
    assert!(empty.contains("Aucune opportunité à cette étape."));
    let none = app.stranger().get(&path).await.expect(200).text();
    assert!(!none.contains("data-card"), "{none}");
}

#[tokio::test]
async fn a_card_that_is_dropped_comes_back_as_it_is_from_then_on() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let id = added(&program, OPPORTUNITIES, &deal(&company)).await;
    let owner = app.owner();
    let (one, two, won, lost) = (stage(1), stage(2), stage(5), stage(6));
    let fields = [("_key", "drop-1"), ("_version", "1"), ("from", one.as_str()), ("stage", &two)];
    for _ in 0..2 {
        let moved = drop_card(&owner, &id, &fields).await.expect(200);
        assert!(moved.round_trips() <= Some(3));
        let text = moved.text();
        assert!(text.contains(&format!("data-stage=\"{two}\"")) && text.contains("value=\"2\""), "{text}");
        assert!(text.contains("est passée à l’étape «\u{a0}Besoin identifié\u{a0}»"), "{text}");
        assert!(text.contains("data-quote=\"\""));
    }
    // Lost asks why, won offers a quote.
    let refused = drop_card(&owner, &id, &[("_version", "2"), ("stage", &lost)]).await.expect(422);
    assert!(refused.text().contains("data-problem"));
    let gained = drop_card(&owner, &id, &[("_version", "2"), ("stage", &won)]).await.expect(200).text();
    assert!(gained.contains("data-quote=\"/facturation/devis/nouveau?client="), "{gained}");
    drop_card(&owner, &id, &[("_version", "3"), ("stage", &stage(9))]).await.expect(422);

    // Without a script: to the page of the opportunity, or to the question.
    let path = format!("/crm/opportunites/{id}/deplacer");
    let asked = owner.form(&path, &[("_version", "3"), ("from", &won), ("stage", &lost)]).await.expect(422).text();
    assert!(
        asked.contains("name=\"lost_reason\"") && asked.contains(&format!("name=\"stage\" value=\"{lost}\"")),
        "{asked}"
    );
    let fields = [("_version", "3"), ("from", won.as_str()), ("stage", &lost), ("lost_reason", "Trop cher")];
    let moved = owner.form(&path, &fields).await.expect(303);
    assert_eq!(moved.header("location"), Some(format!("/crm/opportunites/{id}").as_str()));
    let page = owner.get(&format!("/crm/opportunites/{id}")).await.expect(200).text();
    assert!(page.contains("Trop cher") && page.contains("Perdue le") && page.contains("22/11/2026"), "{page}");
    let read = program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200);
    assert_eq!((read.field("/outcome"), read.field("/probability")), ("lost".into(), "0".into()));
}

#[tokio::test]
async fn the_second_of_two_who_move_a_card_is_told_where_it_is() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let id = added(&program, OPPORTUNITIES, &deal(&company)).await;
    let owner = app.owner();
    let (one, two, three) = (stage(1), stage(2), stage(3));
    let first = [("_version", "1"), ("from", one.as_str()), ("stage", &two)];
    drop_card(&app.with_role(kernel::permission::Role::Manager), &id, &first).await.expect(200);
    let second = [("_version", "1"), ("from", one.as_str()), ("stage", &three)];
    let told = drop_card(&owner, &id, &second).await.expect(409);
    assert!(told.round_trips() <= Some(3));
    let text = told.text();
    assert!(text.contains(&format!("data-stage=\"{two}\"")), "the card jumps to where it is: {text}");
    assert!(text.contains("Camille Manager a déplacé") && text.contains("Besoin identifié"), "{text}");
    let told = owner.form(&format!("/crm/opportunites/{id}/deplacer"), &second).await.expect(303);
    assert_eq!(told.header("location"), Some(format!("/crm/opportunites/{id}").as_str()));
    assert_eq!(program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200).field("/stage_id"), two);

    // What else of it changed is no contradiction.
    let change = with(deal(&company), json!({ "stage_id": two, "amount": "9" }));
    program.put(&format!("{OPPORTUNITIES}/{id}"), &change).await.expect(200);
    drop_card(&owner, &id, &[("_version", "2"), ("from", &two), ("stage", &three)]).await.expect(200);
    let path = format!("{OPPORTUNITIES}/{id}/move");
    program.clone().header("if-match", "\"2\"").post(&path, &json!({ "stage": one })).await.expect(412);
    program.post(&path, &json!({ "stage": one, "from": two })).await.expect(412);
    program.post(&path, &json!({ "stage": one, "from": three })).await.expect(200);
}

#[tokio::test]
async fn of_many_who_move_a_card_at_once_one_does() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let id = added(&program, OPPORTUNITIES, &deal(&company)).await;
    let tasks = (2..=4).flat_map(|to| [to, to]).map(|to| {
        let (client, id) = (program.clone(), id.clone());
        tokio::spawn(async move {
            let body = json!({ "stage": stage(to), "from": stage(1) });
            let path = format!("{OPPORTUNITIES}/{id}/move");
            let client = client.header("if-match", "\"1\"");
            (to, client.json(Method::POST, &path, &body).await.status)
        })
    });
    let mut winners = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        match task.await.expect("it is answered") {
            (to, StatusCode::OK) => winners.push(to),
            (_, status) => assert_eq!(status, StatusCode::PRECONDITION_FAILED),
        }
    }
    let read = program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200);
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(read.field("/stage_id"), stage(winners[0]));
    assert_eq!(read.json()["history"].as_array().map(Vec::len), Some(2));
}
