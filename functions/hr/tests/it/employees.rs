//! Files and contracts: who reads what of whom, and what is refused.

use kernel::{
    Permission::{HrEdit, HrReadSecrets, HrView},
    id::RoleId,
    permission::{CustomRole, MemberRole, Role},
};
use serde_json::{Value, json};
use testkit::{App, Client};

use crate::app;

pub const EMPLOYEES: &str = "/api/v1/employees";

pub fn hired(number: &str, last_name: &str) -> Value {
    json!({
        "employee": {
            "number": number,
            "first_name": "Inès",
            "last_name": last_name,
            "born_on": "1990-05-12",
            "hired_on": "2024-03-04",
        },
        "contract": { "hours": "35", "salary": "32000" },
    })
}

pub async fn added(client: &Client, body: &Value) -> String {
    client.post(EMPLOYEES, body).await.expect(201).field("/id")
}

/// Reads files and their secrets, and keeps none.
async fn auditor(app: &App) -> Client {
    let permissions = [HrView, HrReadSecrets].into_iter().collect();
    let role = CustomRole {
        id: RoleId::from_ulid(ulid::Ulid(8)),
        name: "Contrôleur".into(),
        permissions,
        own_records_only: false,
    };
    app.with_new_member(MemberRole::Custom(role)).await.1
}

/// Keeps files, and reads no secrets.
async fn keeper(app: &App) -> Client {
    let permissions = [HrView, HrEdit].into_iter().collect();
    let role = CustomRole {
        id: RoleId::from_ulid(ulid::Ulid(7)),
        name: "Assistant".into(),
        permissions,
        own_records_only: false,
    };
    app.with_new_member(MemberRole::Custom(role)).await.1
}

#[tokio::test]
async fn an_amendment_begins_before_the_exit_and_who_is_to_come_is_said_to() {
    let app = app().await;
    let (program, owner) = (app.program(), app.owner());
    let mut leaving = hired("M-1", "Moreau");
    leaving["employee"]["left_on"] = json!("2026-12-31");
    let id = added(&program, &leaving).await;
    let contracts = format!("{EMPLOYEES}/{id}/contracts");
    let late = program.post(&contracts, &json!({ "from": "2027-01-01", "hours": "28" })).await.expect(422);
    assert_eq!(late.violations(), ["/from"]);
    program.post(&contracts, &json!({ "from": "2026-12-31", "hours": "28" })).await.expect(200);
    let mut coming = hired("M-2", "Zola");
    coming["employee"]["hired_on"] = json!("2027-01-04");
    added(&program, &coming).await;
    for page in ["/rh/employes", "/rh/organigramme"] {
        let page = owner.get(page).await.expect(200).text();
        assert!(page.contains("Arrivée le 04/01/2027"), "{page}");
    }
    // A term that passed, of which nobody said what followed.
    let mut over = hired("M-3", "Verne");
    over["contract"] = json!({ "kind": "fixed_term", "ends_on": "2026-10-30" });
    let over = added(&program, &over).await;
    for page in ["/rh/employes".to_owned(), format!("/rh/employes/{over}")] {
        assert!(owner.get(&page).await.expect(200).text().contains("Terme dépassé"));
    }
    let board = owner.get("/rh/tableau-de-bord").await.expect(200).text();
    assert!(board.contains("terme dépassé") && board.contains("30/10/2026"), "{board}");
    let week = format!("{EMPLOYEES}/{over}/weeks/2026-W47");
    let spans = json!({ "spans": [{ "on": "2026-11-16", "from": "8:00", "to": "12:00" }], "reason": "Reprise" });
    assert_eq!(program.put(&week, &spans).await.expect(422).violations(), ["/spans/0/on"]);
}

#[tokio::test]
async fn a_salary_is_read_by_few() {
    let app = app().await;
    let id = added(&app.program(), &hired("M-1", "Moreau")).await;
    let path = format!("{EMPLOYEES}/{id}");
    assert_eq!(app.with_role(Role::Hr).get(&path).await.expect(200).field("/contracts/0/salary"), "32000.00");
    let manager = app.with_role(Role::Manager);
    assert_eq!(manager.get(&path).await.expect(200).field("/contracts/0/salary"), "");
    assert!(!manager.get(EMPLOYEES).await.expect(200).text().contains("32000"));
    let page = manager.get(&format!("/rh/employes/{id}")).await.expect(200).text();
    assert!(page.contains("Moreau") && !page.contains("32\u{202f}000") && !page.contains("Salaire"), "{page}");
    for page in
        [format!("/rh/employes/{id}"), "/rh/employes".into(), "/rh/organigramme".into(), "/rh/registre.csv".into()]
    {
        app.with_role(Role::Member).get(&page).await.expect(403);
    }
    // Who keeps files without reading secrets changes a contract and leaves the salary.
    let keeper = keeper(&app).await;
    let amendment = json!({ "from": "2026-01-01", "hours": "28", "salary": "1" });
    let changed = keeper.post(&format!("{path}/contracts"), &amendment).await.expect(200);
    assert_eq!(changed.field("/contracts/1/salary"), "");
    let whole = app.owner().get(&path).await.expect(200);
    assert_eq!(
        (whole.field("/contracts/1/salary"), whole.field("/contracts/1/hours")),
        ("32000.00".into(), "28".into())
    );
}

#[tokio::test]
async fn a_social_security_number_is_sealed_and_opened_for_few() {
    let app = app().await;
    let owner = app.program();
    let id = added(&owner, &hired("M-1", "Moreau")).await;
    let path = format!("{EMPLOYEES}/{id}/nir");
    let nir = "255081416802538";
    assert_eq!(owner.put(&path, &json!({ "nir": "255081416802539" })).await.expect(422).violations(), ["/nir"]);
    owner.put(&path, &json!({ "nir": "2 55 08 14 168 025 38" })).await.expect(204);
    assert_eq!(owner.get(&path).await.expect(200).field("/nir"), nir);
    assert!(!app.written_under("").contains(nir), "it is nowhere to be read");
    app.with_role(Role::Manager).get(&path).await.expect(403);
    keeper(&app).await.get(&path).await.expect(403);
    app.stranger().get(&path).await.expect(404);
    let page = app.owner().get(&format!("/rh/employes/{id}/nir")).await.expect(200).text();
    assert!(page.contains(nir));
    assert!(!app.owner().get(&format!("/rh/employes/{id}")).await.expect(200).text().contains(nir));
    let page = auditor(&app).await.get(&format!("/rh/employes/{id}")).await.expect(200).text();
    assert!(page.contains(&format!("/rh/employes/{id}/nir")) && !page.contains("/modifier"));
    // A change of the file leaves it.
    owner.put(&format!("{EMPLOYEES}/{id}"), &hired("M-1", "Moreau")["employee"]).await.expect(200);
    assert_eq!(owner.get(&path).await.expect(200).field("/nir"), nir);
    owner.put(&path, &json!({ "nir": "" })).await.expect(204);
    assert_eq!(owner.get(&path).await.expect(200).field("/nir"), "");
}

#[tokio::test]
async fn everybody_reads_their_own_file_and_no_other() {
    let app = app().await;
    let owner = app.program();
    let mut body = hired("M-1", "Moreau");
    body["employee"]["user_id"] = json!(app.user_with_role(Role::Member));
    body["employee"]["notes"] = json!("Entretien difficile.");
    added(&owner, &body).await;
    let member = app.with_role(Role::Member);
    let page = member.get("/rh/moi").await.expect(200).text();
    assert!(page.contains("Moreau") && page.contains("32\u{202f}000") && !page.contains("Entretien"), "{page}");
    assert!(app.with_role(Role::Reader).get("/rh/moi").await.expect(200).text().contains("Aucun dossier"));
    // One file a member, and only members.
    body["employee"]["number"] = json!("M-2");
    assert_eq!(owner.post(EMPLOYEES, &body).await.expect(422).violations(), ["/user_id"]);
    body["employee"]["user_id"] = json!("usr_00000000000000000000000000");
    assert_eq!(owner.post(EMPLOYEES, &body).await.expect(422).violations(), ["/employee/user_id"]);
}

#[tokio::test]
async fn notes_are_for_who_keeps_files_and_not_for_whom_they_are_about() {
    let app = app().await;
    let owner = app.program();
    let mut body = hired("M-1", "Moreau");
    body["employee"]["user_id"] = json!(app.user_with_role(Role::Hr));
    body["employee"]["notes"] = json!("Entretien difficile.");
    let id = added(&owner, &body).await;
    let (path, page) = (format!("{EMPLOYEES}/{id}"), format!("/rh/employes/{id}"));
    assert_eq!(owner.get(&path).await.expect(200).field("/notes"), "Entretien difficile.");
    assert!(app.owner().get(&page).await.expect(200).text().contains("Entretien difficile"));
    // Who only reads files, and whose file it is.
    for client in [app.with_role(Role::Manager), app.with_role(Role::Hr)] {
        assert_eq!(client.get(&path).await.expect(200).field("/notes"), "");
        assert!(!client.get(EMPLOYEES).await.expect(200).text().contains("Entretien difficile"));
        assert!(!client.get(&page).await.expect(200).text().contains("Entretien difficile"));
    }
    let own = app.with_role(Role::Hr);
    assert!(!own.get(&format!("{page}/modifier")).await.expect(200).text().contains("Entretien difficile"));
    own.put(&path, &hired("M-1", "Moreau-Petit")["employee"]).await.expect(200);
    assert_eq!(owner.get(&path).await.expect(200).field("/notes"), "Entretien difficile.");
}

#[tokio::test]
async fn a_number_is_one_employee_s() {
    let app = app().await;
    let owner = app.program();
    let first = added(&owner, &hired("M-1", "Moreau")).await;
    assert_eq!(owner.post(EMPLOYEES, &hired("m-1", "Petit")).await.expect(422).violations(), ["/number"]);
    let path = format!("{EMPLOYEES}/{first}");
    owner.put(&path, &hired("M-9", "Moreau")["employee"]).await.expect(200);
    added(&owner, &hired("M-1", "Petit")).await;
    assert_eq!(owner.put(&path, &hired("M-1", "Moreau")["employee"]).await.expect(422).violations(), ["/number"]);
    let both = app.owner().get("/rh/employes").await.expect(200).text();
    assert!(both.contains("Inès Moreau") && both.contains("Inès Petit"));
    let wrong = json!({ "employee": { "number": "", "hired_on": "hier" }, "contract": { "hours": "60" } });
    let expected =
        ["/contract/hours", "/employee/first_name", "/employee/hired_on", "/employee/last_name", "/employee/number"];
    let mut told = owner.post(EMPLOYEES, &wrong).await.expect(422).violations();
    told.sort_unstable();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn nobody_comes_to_be_above_themselves() {
    let app = app().await;
    let owner = app.program();
    let mut ids = Vec::new();
    for number in ["A", "B", "C"] {
        ids.push(added(&owner, &hired(number, number)).await);
    }
    let under = |number: usize, manager: &str| {
        let mut body = hired(["A", "B", "C"][number], ["A", "B", "C"][number])["employee"].clone();
        body["manager_id"] = json!(manager);
        (format!("{EMPLOYEES}/{}", ids[number]), body)
    };
    let (path, body) = under(1, &ids[0]);
    let moved = owner.put(&path, &body).await.expect(200);
    assert!(moved.round_trips() <= Some(3));
    let (path, body) = under(2, &ids[1]);
    owner.put(&path, &body).await.expect(200);
    let (path, body) = under(0, &ids[2]);
    assert_eq!(owner.put(&path, &body).await.expect(422).violations(), ["/manager_id"]);
    let chart = app.owner().get("/rh/organigramme").await.expect(200).text();
    let at = |id: &str| chart.find(id).expect("everybody is drawn");
    assert!(at(&ids[0]) < at(&ids[1]) && at(&ids[1]) < at(&ids[2]));
    // Two at once, each of which would be right alone.
    let (path, body) = under(1, "");
    owner.put(&path, &body).await.expect(200);
    let ((a, to_a), (b, to_b)) = (under(0, &ids[2]), under(1, &ids[0]));
    let (first, second) = tokio::join!(owner.put(&a, &to_a), owner.put(&b, &to_b));
    let refused = [first, second].iter().filter(|reply| reply.status.as_u16() == 422).count();
    assert_eq!(refused, 1, "C is under B: A under C and B under A would be a circle");
}

#[tokio::test]
async fn contracts_have_a_history() {
    let app = app().await;
    let owner = app.program();
    let id = added(&owner, &hired("M-1", "Moreau")).await;
    let path = format!("{EMPLOYEES}/{id}");
    let contracts = format!("{path}/contracts");
    let amendment =
        json!({ "from": "2026-01-01", "kind": "permanent", "hours": "28", "works_on": ["1", "2", "4", "5"] });
    owner.post(&contracts, &amendment).await.expect(200);
    assert_eq!(owner.post(&contracts, &amendment).await.expect(422).violations(), ["/from"]);
    let early = json!({ "from": "2024-03-03", "hours": "28" });
    assert_eq!(owner.post(&contracts, &early).await.expect(422).violations(), ["/from"]);
    // The first one begins on the day of hiring, and stays.
    owner.delete(&format!("{contracts}/2024-03-04")).await.expect(422);
    let later = json!({ "from": "2024-04-01", "hours": "35" });
    assert_eq!(owner.put(&format!("{contracts}/2024-03-04"), &later).await.expect(422).violations(), ["/from"]);
    // It follows the day of hiring.
    let mut body = hired("M-1", "Moreau")["employee"].clone();
    body["hired_on"] = json!("2024-02-01");
    let moved = owner.put(&path, &body).await.expect(200);
    assert_eq!(
        (moved.field("/contracts/0/from"), moved.field("/contracts/1/from")),
        ("2024-02-01".into(), "2026-01-01".into())
    );
    body["hired_on"] = json!("2026-01-01");
    assert_eq!(owner.put(&path, &body).await.expect(422).violations(), ["/hired_on"]);
    let left = owner.delete(&format!("{contracts}/2026-01-01")).await.expect(200);
    assert_eq!(left.json()["contracts"].as_array().map(Vec::len), Some(1));
    owner.delete(&format!("{contracts}/2026-01-01")).await.expect(404);
    owner.delete(&format!("{contracts}/demain")).await.expect(404);
    // Nor after its own end.
    let mut fixed = hired("M-3", "Roux");
    fixed["contract"] = json!({ "kind": "fixed_term", "ends_on": "2024-09-30", "trial_ends_on": "2024-04-03" });
    let fixed_id = added(&owner, &fixed).await;
    for (hired_on, status) in [("2024-04-04", 422), ("2024-04-03", 200)] {
        fixed["employee"]["hired_on"] = json!(hired_on);
        let answer = owner.put(&format!("{EMPLOYEES}/{fixed_id}"), &fixed["employee"]).await.expect(status);
        if status == 422 {
            assert_eq!(answer.violations(), ["/hired_on"]);
        }
    }
    let stale = owner.header("if-match", "\"1\"");
    stale.put(&path, &hired("M-1", "Moreau")["employee"]).await.expect(412);
}

#[tokio::test]
async fn another_organization_sees_nothing() {
    let app = app().await;
    let id = added(&app.program(), &hired("M-1", "Moreau")).await;
    let stranger = app.stranger();
    let path = format!("{EMPLOYEES}/{id}");
    stranger.get(&path).await.expect(404);
    stranger.put(&path, &hired("M-1", "Moreau")["employee"]).await.expect(404);
    stranger.post(&format!("{path}/contracts"), &json!({ "from": "2026-01-01" })).await.expect(404);
    stranger.get(&format!("/rh/employes/{id}")).await.expect(404);
    let mut body = hired("M-1", "Petit");
    added(&stranger, &body).await;
    body["employee"]["manager_id"] = json!(id);
    body["employee"]["number"] = json!("M-2");
    assert_eq!(stranger.post(EMPLOYEES, &body).await.expect(422).violations(), ["/employee/manager_id"]);
}

#[tokio::test]
async fn the_register_has_everybody_in_the_order_of_their_hiring() {
    let app = app().await;
    let owner = app.program();
    added(&owner, &hired("M-1", "Moreau")).await;
    let mut earlier = hired("M-0", "Petit");
    earlier["employee"]["hired_on"] = json!("2020-01-06");
    earlier["employee"]["left_on"] = json!("2022-06-30");
    earlier["contract"]["hours"] = json!("24");
    added(&owner, &earlier).await;
    // Before them, but an intern; four whole days a week; what was agreed for later; no staff at all.
    for (number, hired_on, kind) in [("S-1", "2019-01-07", "internship"), ("F-1", "2019-01-07", "freelance")] {
        let mut other = hired(number, "Autre");
        other["employee"]["hired_on"] = json!(hired_on);
        other["contract"]["kind"] = json!(kind);
        added(&owner, &other).await;
    }
    let mut compressed = hired("M-2", "Roux");
    compressed["employee"]["hired_on"] = json!("2024-03-05");
    compressed["contract"]["works_on"] = json!(["1", "2", "3", "4"]);
    let roux = added(&owner, &compressed).await;
    let later = json!({ "from": "2027-01-01", "hours": "28" });
    owner.post(&format!("{EMPLOYEES}/{roux}/contracts"), &later).await.expect(200);
    let register = app.owner().get("/rh/registre.csv").await.expect(200).text();
    let rows: Vec<&str> = register.lines().collect();
    assert_eq!(rows.len(), 5, "{register}");
    assert_eq!(rows[3], "M-2;Roux;Inès;;12/05/1990;;;CDI;;05/03/2024;;Salarié");
    assert_eq!(rows[4], "S-1;Autre;Inès;;12/05/1990;;;Stage;;07/01/2019;;Stagiaire");
    assert_eq!(rows[1], "M-0;Petit;Inès;;12/05/1990;;;CDI;Oui;06/01/2020;30/06/2022;Salarié");
    assert_eq!(rows[2], "M-1;Moreau;Inès;;12/05/1990;;;CDI;;04/03/2024;;Salarié");
    let former = app.owner().get("/rh/employes?left=true").await.expect(200).text();
    assert!(former.contains("Petit") && !former.contains("Moreau"));
}

#[tokio::test]
async fn nobody_is_missing_however_many_they_are() {
    let app = app().await;
    let id = added(&app.program(), &hired("M-1", "Moreau")).await;
    let ulid = id.trim_start_matches("emp_");
    let item = app.items().into_iter().find(|item| item["type"]["S"] == "employee").expect("an employee").to_string();
    let others = (0..1_200).map(|n| {
        let other = item.replace(ulid, &format!("{n:026}"));
        serde_json::from_str(&other).expect("an item")
    });
    app.load(others.collect());
    let register = app.owner().get("/rh/registre.csv").await.expect(200).text();
    assert_eq!(register.lines().count(), 1 + 1_201);
    let list = app.owner().get(EMPLOYEES).await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1_201));
}

#[tokio::test]
async fn forms_do_what_the_api_does() {
    let app = app().await;
    let owner = app.owner();
    let settings = [
        ("counting", "ouvres"),
        ("sites.0.name", "Strasbourg"),
        ("sites.0.region", "alsace_moselle"),
        ("departments.0.name", "Production"),
        ("positions.2.name", "Boulanger"),
    ];
    owner.form("/rh/reglages", &settings).await.expect(303);
    let kept = owner.get("/api/v1/hr-settings").await.expect(200);
    assert_eq!(
        (kept.field("/positions/0/name"), kept.field("/sites/0/region")),
        ("Boulanger".into(), "alsace_moselle".into())
    );
    let position = kept.field("/positions/0/id");
    let file = [
        ("_key", "once"),
        ("employee.number", "M-1"),
        ("employee.first_name", "Inès"),
        ("employee.last_name", "Moreau"),
        ("employee.hired_on", "2024-03-04"),
        ("contract.hours", "28"),
        ("contract.works_on", "1"),
        ("contract.works_on", "4"),
        ("contract.position_id", position.as_str()),
    ];
    let first = owner.form("/rh/employes/nouveau", &file).await.expect(303);
    let again = owner.form("/rh/employes/nouveau", &file).await.expect(303);
    assert_eq!(first.header("location"), again.header("location"), "a double click is one employee");
    let page = owner.get(first.header("location").expect("a page")).await.expect(200).text();
    assert!(
        page.contains("Boulanger") && page.contains("28\u{a0}h par semaine") && page.contains("lun., jeu."),
        "{page}"
    );
    let is_kept = |(name, _): &(&str, &str)| !matches!(*name, "_key" | "employee.number" | "contract.works_on");
    let idle: Vec<_> = file.into_iter().filter(is_kept).collect();
    let idle = [idle.as_slice(), &[("employee.number", "M-2"), ("contract.works_on", "")]].concat();
    let idle = owner.form("/rh/employes/nouveau", &idle).await.expect(422).text();
    assert!(idle.contains("Choisissez au moins un élément") && !idle.contains("value=\"1\" checked"), "{idle}");
    // What a contract names is not taken away.
    let emptied = [("positions.0.id", position.as_str()), ("positions.0.name", "")];
    let kept = owner.form("/rh/reglages", &emptied).await.expect(422).text();
    assert!(kept.contains("Un contrat l’indique encore (Inès Moreau)"), "{kept}");
    let removed = app.program().put("/api/v1/hr-settings", &json!({})).await.expect(422);
    assert_eq!(removed.violations(), ["/positions"]);
    let refused = owner.form("/rh/employes/nouveau", &[("employee.number", "M-1"), ("contract.hours", "60")]).await;
    let refused = refused.expect(422).text();
    assert!(refused.contains("Ce champ est obligatoire") && refused.contains("Indiquez une valeur entre 1 et 48"));
}

#[tokio::test]
async fn a_form_keeps_who_left() {
    let app = app().await;
    let owner = app.program();
    let manager = added(&owner, &hired("M-0", "Petit")).await;
    let (user, _) = app.with_new_member(Role::Member.into()).await;
    let mut body = hired("M-1", "Moreau");
    body["employee"]["manager_id"] = json!(manager);
    body["employee"]["user_id"] = json!(user);
    let id = added(&owner, &body).await;
    let mut left = hired("M-0", "Petit")["employee"].clone();
    left["left_on"] = json!("2025-06-30");
    owner.put(&format!("{EMPLOYEES}/{manager}"), &left).await.expect(200);
    app.part_with(user).await;
    let form = app.owner().get(&format!("/rh/employes/{id}/modifier")).await.expect(200).text();
    assert!(form.contains("Inès Petit (parti)") && form.contains("Ancien membre"), "{form}");
    let selected = |value: &str| form.contains(&format!("<option value=\"{value}\" selected>"));
    assert!(selected(&manager) && selected(&user.to_string()), "{form}");
    assert!(!app.owner().get("/rh/employes/nouveau").await.expect(200).text().contains("Petit"));
}

#[tokio::test]
async fn the_log_tells_no_salary() {
    let app = app().await;
    let id = added(&app.program(), &hired("M-1", "Moreau")).await;
    let amendment = json!({ "from": "2026-01-01", "hours": "28", "salary": "47913" });
    app.program().post(&format!("{EMPLOYEES}/{id}/contracts"), &amendment).await.expect(200);
    let mut body = hired("M-1", "Moreau")["employee"].clone();
    body["email"] = json!("ines@prive.example");
    body["left_on"] = json!("2026-12-31");
    body["state"] = json!("on_notice");
    app.program().put(&format!("{EMPLOYEES}/{id}"), &body).await.expect(200);
    let log = app.written_under("AUDIT");
    assert!(log.contains("add_contract") && log.contains("edit_employee"), "{log}");
    for told in ["47913", "1990-05-12", "2024-03-04", "ines@prive.example", "2026-12-31", "on_notice"] {
        assert!(!log.contains(told), "{told}: {log}");
    }
}
