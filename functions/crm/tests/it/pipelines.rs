//! How pipelines are set up, and that no stage goes with what it holds.

use http::StatusCode;
use kernel::permission::Role;
use serde_json::{Value, json};

use crate::{
    OPPORTUNITIES, added, app,
    opportunities::{deal, with_company},
    stage, with,
};

const PIPELINES: &str = "/api/v1/crm/pipelines";
const FIRST: &str = "/api/v1/crm/pipelines/pip_00000000000000000000000001";

fn stages() -> Value {
    let stage = |name: &str, outcome: &str| json!({ "name": name, "probability": "50", "outcome": outcome });
    json!([stage("À faire", "open"), stage("Faite", "won"), stage("Annulée", "lost")])
}

/// Without one of its stages.
fn without(pipeline: &Value, id: &str) -> Value {
    let mut stages = pipeline["stages"].as_array().cloned().expect("stages");
    stages.retain(|stage| stage["id"] != id);
    json!({ "name": pipeline["name"], "stages": stages })
}

#[tokio::test]
async fn pipelines_are_there_from_the_beginning_and_others_are_added() {
    let app = app().await;
    let program = app.program();
    let list = program.get(PIPELINES).await.expect(200);
    assert!(list.round_trips() <= Some(2));
    assert_eq!(
        (list.field("/items/0/name"), list.field("/items/0/stages/2/name")),
        ("Ventes".into(), "Devis envoyé".into())
    );
    let made = program.post(PIPELINES, &json!({ "name": "Dépannage", "stages": stages() })).await.expect(201);
    assert!(made.round_trips() <= Some(3));
    let id = made.field("/id");
    let path = format!("{PIPELINES}/{id}");
    assert_eq!(program.get(&path).await.expect(200).json(), made.json());
    assert_eq!(
        program.post(PIPELINES, &json!({ "name": "VENTES", "stages": stages() })).await.expect(422).violations(),
        ["/name"]
    );
    let short = json!({ "name": "Courte", "stages": [{ "name": "Seule", "probability": "1" }] });
    assert_eq!(program.post(PIPELINES, &short).await.expect(422).violations(), ["/stages"]);

    // An opportunity begins at its first stage, moves within it, and to another pipeline.
    let (_, company) = with_company(&app).await;
    let body = with(deal(&company), json!({ "pipeline_id": id }));
    let opportunity = program.post(OPPORTUNITIES, &body).await.expect(201);
    assert_eq!(opportunity.field("/stage_id"), made.field("/stages/0/id"));
    let elsewhere = with(deal(&company), json!({ "pipeline_id": id, "stage_id": stage(1) }));
    assert_eq!(program.post(OPPORTUNITIES, &elsewhere).await.expect(422).violations(), ["/stage_id"]);
    let refused = program.delete(&path).await.expect(422);
    assert_eq!(refused.json()["violations"][0]["code"], "stage_in_use");
    let moved = format!("{OPPORTUNITIES}/{}/move", opportunity.field("/id"));
    let moved = program.post(&moved, &json!({ "stage": stage(2) })).await.expect(200);
    assert_eq!(moved.field("/pipeline_id"), "pip_00000000000000000000000001");
    assert!(program.delete(&path).await.expect(204).round_trips() <= Some(3));
    program.get(&path).await.expect(404);
    assert_eq!(program.delete(FIRST).await.expect(409).json()["code"], "last_pipeline");
    app.stranger().get(&path).await.expect(404);
    app.with_role(Role::Reader).post(PIPELINES, &json!({})).await.expect(403);
}

#[tokio::test]
async fn a_stage_that_holds_opportunities_stays_and_means_what_it_meant() {
    let app = app().await;
    let (program, company) = with_company(&app).await;
    let held = added(&program, OPPORTUNITIES, &with(deal(&company), json!({ "stage_id": stage(3) }))).await;
    let pipeline = program.get(FIRST).await.expect(200).json();
    let refused = program.put(FIRST, &without(&pipeline, &stage(3))).await.expect(422);
    assert!(refused.round_trips() <= Some(3));
    assert_eq!(
        (refused.violations(), refused.json()["violations"][0]["count"].clone()),
        (vec!["/stages".into()], json!(1))
    );
    let mut other = json!({ "name": pipeline["name"], "stages": pipeline["stages"] });
    other["stages"][2]["outcome"] = "won".into();
    program.put(FIRST, &other).await.expect(422);
    // What it is called, its colour and its probability are another matter.
    other["stages"][2] = json!({ "id": stage(3), "name": "Offre remise", "probability": "60", "color": "pink" });
    let renamed = program.put(FIRST, &other).await.expect(200);
    assert_eq!(renamed.field("/stages/2/name"), "Offre remise");
    assert_eq!(program.get(&format!("{OPPORTUNITIES}/{held}")).await.expect(200).field("/probability"), "50");
    // Once it is empty it may go.
    program.post(&format!("{OPPORTUNITIES}/{held}/move"), &json!({ "stage": stage(2) })).await.expect(200);
    let left = program.put(FIRST, &without(&renamed.json(), &stage(3))).await.expect(200);
    assert_eq!(left.json()["stages"].as_array().map(Vec::len), Some(5));
    let gone = json!({ "stage": stage(3) });
    assert_eq!(program.post(&format!("{OPPORTUNITIES}/{held}/move"), &gone).await.expect(422).violations(), ["/stage"]);
    let old = program.clone().header("if-match", "\"1\"").put(FIRST, &other).await;
    old.expect(412);
}

#[tokio::test]
async fn a_stage_never_goes_while_an_opportunity_comes_to_it() {
    for round in 0..6 {
        let app = app().await;
        let (program, company) = with_company(&app).await;
        let id = added(&program, OPPORTUNITIES, &deal(&company)).await;
        if round % 2 == 1 {
            // So that there are settings, and a count.
            let pipeline = program.get(FIRST).await.expect(200).json();
            program.put(FIRST, &without(&pipeline, "")).await.expect(200);
            let passing = json!({ "stage": stage(3) });
            program.post(&format!("{OPPORTUNITIES}/{id}/move"), &passing).await.expect(200);
            program.post(&format!("{OPPORTUNITIES}/{id}/move"), &json!({ "stage": stage(1) })).await.expect(200);
        }
        let pipeline = program.get(FIRST).await.expect(200).json();
        let (mover, remover) = (program.clone(), program.clone());
        let (moved, removed) = tokio::join!(
            async { mover.post(&format!("{OPPORTUNITIES}/{id}/move"), &json!({ "stage": stage(3) })).await.status },
            async { remover.put(FIRST, &without(&pipeline, &stage(3))).await.status },
        );
        let read = program.get(&format!("{OPPORTUNITIES}/{id}")).await.expect(200).field("/stage_id");
        let stages = program.get(FIRST).await.expect(200).text();
        assert!(stages.contains(&read), "it is at a stage that there is: {moved} {removed}");
        assert!((moved == StatusCode::OK) != (removed == StatusCode::OK), "{moved} {removed}");
    }
}

#[tokio::test]
async fn pipelines_are_set_up_by_their_pages() {
    let app = app().await;
    let owner = app.owner();
    let list = owner.get("/crm/reglages/pipelines").await.expect(200);
    assert!(list.round_trips() <= Some(2) && list.text().contains("Négociation"));
    let new = owner.get("/crm/reglages/pipelines/nouveau").await.expect(200).text();
    // The usual stages, one to fill in, and one that a script copies.
    assert_eq!(new.matches("data-stage-row>").count(), 8, "{new}");
    let fields = [
        ("_key", "pipeline-1"),
        ("_version", "0"),
        ("name", "Dépannage"),
        ("stages.0.name", "À faire"),
        ("stages.0.probability", "40"),
        ("stages.0.color", "teal"),
        ("stages.7.name", "Annulée"),
        ("stages.7.outcome", "lost"),
        ("stages.3.name", "Faite"),
        ("stages.3.outcome", "won"),
        ("stages.9.name", ""),
        ("stages.9.color", "grey"),
    ];
    let path = "/crm/reglages/pipelines/nouveau";
    for _ in 0..2 {
        owner.form(path, &fields).await.expect(303);
    }
    let json = app.program().get(PIPELINES).await.expect(200).json();
    assert_eq!(json["items"].as_array().map(Vec::len), Some(2), "a double click");
    let names: Vec<_> =
        json["items"][1]["stages"].as_array().expect("stages").iter().map(|s| s["name"].clone()).collect();
    assert_eq!(names, ["À faire", "Faite", "Annulée"]);
    let again: Vec<_> = fields.into_iter().filter(|(name, _)| *name != "_key").collect();
    let stale = owner.form(path, &again).await.expect(422).text();
    assert!(stale.contains("Quelqu’un a modifié cet élément") && stale.contains("value=\"Dépannage\""), "{stale}");

    let id = json["items"][1]["id"].as_str().expect("an id");
    let path = format!("/crm/reglages/pipelines/{id}");
    let form = owner.get(&path).await.expect(200).text();
    assert!(form.contains("value=\"Dépannage\"") && form.contains("name=\"_version\" value=\"1\""), "{form}");
    let wrong =
        owner.form(&path, &[("name", "Dépannage"), ("stages.0.name", "Seule"), ("stages.0.probability", "x")]).await;
    let wrong = wrong.expect(422).text();
    assert!(wrong.contains("Indiquez un nombre") && wrong.contains("value=\"Seule\""), "{wrong}");
    let delete = format!("{path}/supprimer");
    let (_, company) = with_company(&app).await;
    let held = added(&app.program(), OPPORTUNITIES, &with(deal(&company), json!({ "pipeline_id": id }))).await;
    let refused = owner.form(&delete, &[("_version", "1")]).await.expect(409).text();
    assert!(refused.contains("Une opportunité se trouve à l’étape «\u{a0}À faire\u{a0}»"), "{refused}");
    app.program().delete(&format!("{OPPORTUNITIES}/{held}")).await.expect(204);
    owner.form(&delete, &[("_version", "1")]).await.expect(303);
    owner.get(&path).await.expect(404);
}
