//! Who takes care of a company or a contact, and who sees no others.

use kernel::{
    Permission::{CrmCreate, CrmEdit, CrmView},
    id::UserId,
    permission::Role,
};
use serde_json::{Value, json};
use testkit::{App, Client, own_records};

use crate::{COMPANIES, CONTACTS, added, app, bakery, column, with};

/// Somebody who sees only what is assigned to them.
async fn salesperson(app: &App) -> (UserId, Client) {
    app.with_new_member(own_records([CrmView, CrmCreate, CrmEdit])).await
}

fn of(user: UserId, body: Value) -> Value {
    with(body, json!({ "assigned_to": user }))
}

fn durand(company: &str) -> Value {
    json!({ "company_id": company, "last_name": "Durand" })
}

#[tokio::test]
async fn a_record_is_its_creators_unless_somebody_is_named() {
    let app = app().await;
    let (program, owner, manager) = (app.program(), app.user_with_role(Role::Owner), app.user_with_role(Role::Manager));
    let own = program.post(COMPANIES, &bakery()).await.expect(201);
    assert_eq!(own.field("/assigned_to"), owner.to_string());
    let given = program.post(COMPANIES, &of(manager, bakery())).await.expect(201);
    assert_eq!(given.field("/assigned_to"), manager.to_string());
    assert!(given.round_trips() <= Some(3));
    let contact = program.post(CONTACTS, &of(manager, durand(&given.field("/id")))).await.expect(201);
    assert_eq!(contact.field("/assigned_to"), manager.to_string());
    assert!(contact.round_trips() <= Some(3));

    // A change that names nobody leaves it where it is.
    let path = format!("{COMPANIES}/{}", given.field("/id"));
    assert_eq!(program.put(&path, &bakery()).await.expect(200).field("/assigned_to"), manager.to_string());
    let moved = program.put(&path, &of(owner, bakery())).await.expect(200);
    assert_eq!(moved.field("/assigned_to"), owner.to_string());
    assert!(moved.round_trips() <= Some(3));
}

#[tokio::test]
async fn only_a_member_who_works_with_clients_can_be_named() {
    let app = app().await;
    let (stranger, nobody) = (app.platform_admin().await.0, "usr_00000000000000000000000000");
    let contact = json!({ "last_name": "Durand" });
    for named in [stranger.to_string(), app.user_with_role(Role::Hr).to_string(), nobody.into(), "moi".into()] {
        let named = json!({ "assigned_to": named });
        for (path, body) in [(COMPANIES, with(bakery(), named.clone())), (CONTACTS, with(contact.clone(), named))] {
            assert_eq!(app.program().post(path, &body).await.expect(422).violations(), ["/assigned_to"]);
        }
    }
}

#[tokio::test]
async fn the_list_of_ones_own_has_full_pages() {
    let app = app().await;
    let program = app.program();
    let manager = app.user_with_role(Role::Manager);
    for n in 0..12 {
        let name = json!({ "name": format!("Société {n:02}"), "last_name": "" });
        let company = json!({ "name": name["name"] });
        let contact = json!({ "last_name": name["name"] });
        for (path, body) in [(COMPANIES, company), (CONTACTS, contact)] {
            // Two in three are somebody else's.
            added(&program, path, &if n % 3 == 0 { of(manager, body) } else { body }).await;
        }
    }
    for (path, field) in [(COMPANIES, "name"), (CONTACTS, "last_name")] {
        let first = app.with_role(Role::Manager).get(&format!("{path}?assigned_to=me&limit=3")).await.expect(200);
        assert!(first.round_trips() <= Some(2));
        assert_eq!(column(&first, field), ["Société 00", "Société 03", "Société 06"]);
        let next = format!("{path}?assigned_to={manager}&limit=3&cursor={}", first.field("/next_cursor"));
        let second = program.get(&next).await.expect(200);
        assert_eq!(column(&second, field), ["Société 09"]);
        let found = format!("{path}?assigned_to={manager}&q=soci%C3%A9t%C3%A9+06");
        assert_eq!(column(&program.get(&found).await.expect(200), field), ["Société 06"]);
        program.get(&format!("{path}?assigned_to=everybody")).await.expect(400);
    }
}

#[tokio::test]
async fn who_sees_only_their_own_finds_no_others() {
    let app = app().await;
    let program = app.program();
    let (user, salesperson) = salesperson(&app).await;
    let other = added(&program, COMPANIES, &bakery()).await;
    let own = added(&program, COMPANIES, &of(user, json!({ "name": "Menuiserie Petit" }))).await;
    let others_contact = added(&program, CONTACTS, &durand(&own)).await;
    let own_contact = added(&program, CONTACTS, &of(user, json!({ "company_id": other, "last_name": "Martin" }))).await;

    assert_eq!(column(&salesperson.get(COMPANIES).await.expect(200), "id"), [own.as_str()]);
    assert_eq!(column(&salesperson.get(CONTACTS).await.expect(200), "id"), [own_contact.as_str()]);
    // Neither a filter nor a cursor of the whole list shows more.
    let owner = app.user_with_role(Role::Owner);
    for path in [COMPANIES, CONTACTS] {
        salesperson.get(&format!("{path}?assigned_to={owner}")).await.expect(404);
        let cursor = program.get(&format!("{path}?limit=1")).await.expect(200).field("/next_cursor");
        let rest = salesperson.get(&format!("{path}?cursor={cursor}")).await.expect(200);
        assert!(column(&rest, "id").iter().all(|id| *id == own || *id == own_contact));
    }
    for (path, page, id, body) in [
        (COMPANIES, "/crm/entreprises", &other, bakery()),
        (CONTACTS, "/crm/contacts", &others_contact, json!({ "last_name": "X" })),
    ] {
        salesperson.get(&format!("{path}/{id}")).await.expect(404);
        salesperson.put(&format!("{path}/{id}"), &body).await.expect(404);
        // Whatever version they guess.
        salesperson.clone().header("if-match", "\"9\"").put(&format!("{path}/{id}"), &body).await.expect(404);
        salesperson.get(&format!("{page}/{id}")).await.expect(404);
        salesperson.get(&format!("{page}/{id}/modifier")).await.expect(404);
        let fields = [("name", "X"), ("last_name", "X"), ("category", "client")];
        let fields = if path == COMPANIES { &fields[..1] } else { &fields[1..2] };
        salesperson.form(&format!("{page}/{id}/modifier"), fields).await.expect(404);
    }

    // The page of a company shows of its contacts those that are theirs.
    let page = salesperson.get(&format!("/crm/entreprises/{own}")).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    assert!(page.text().contains("Menuiserie Petit") && !page.text().contains("Durand"));
    let panel = salesperson.get("/crm/panneaux/recents").await.expect(200).text();
    assert!(panel.contains("Menuiserie Petit") && !panel.contains("Boulangerie"));
    for path in ["/crm/entreprises", "/crm/contacts", "/crm/contacts/nouveau"] {
        let page = salesperson.get(path).await.expect(200);
        assert!(page.round_trips() <= Some(2), "{path}");
        assert!(!page.text().contains(&other) && !page.text().contains(&others_contact), "{path}");
        assert!(!page.text().contains("Les mien") && !page.text().contains("Camille Propriétaire"), "{path}");
    }
}

#[tokio::test]
async fn a_contact_of_ones_own_names_a_company_of_another_without_leading_there() {
    let app = app().await;
    let (user, salesperson) = salesperson(&app).await;
    let other = added(&app.program(), COMPANIES, &bakery()).await;
    let contact = added(&app.program(), CONTACTS, &of(user, durand(&other))).await;
    for path in ["/crm/contacts".into(), format!("/crm/contacts/{contact}")] {
        let page = salesperson.get(&path).await.expect(200);
        assert!(page.round_trips() <= Some(2));
        assert!(page.text().contains("Boulangerie Dupré") && !page.text().contains(&other), "{}", page.text());
    }
    // They stay there when something else of them changes.
    let form = salesperson.get(&format!("/crm/contacts/{contact}/modifier")).await.expect(200);
    assert!(form.round_trips() <= Some(2));
    assert!(form.text().contains(&format!("value=\"{other}\" selected")) && !form.text().contains("assigned_to"));
    let changed = with(durand(&other), json!({ "first_name": "Zoé" }));
    let changed = salesperson.put(&format!("{CONTACTS}/{contact}"), &changed).await.expect(200);
    assert_eq!((changed.field("/company_id"), changed.field("/assigned_to")), (other, user.to_string()));
}

#[tokio::test]
async fn who_sees_only_their_own_creates_for_themselves_and_gives_nothing_away() {
    let app = app().await;
    let (user, salesperson) = salesperson(&app).await;
    let owner = app.user_with_role(Role::Owner);
    let others = added(&app.program(), COMPANIES, &bakery()).await;
    for (path, body) in [(COMPANIES, bakery()), (CONTACTS, durand(""))] {
        assert_eq!(salesperson.post(path, &of(owner, body.clone())).await.expect(422).violations(), ["/assigned_to"]);
        let created = salesperson.post(path, &body).await.expect(201);
        assert_eq!(created.field("/assigned_to"), user.to_string());
        let path = format!("{path}/{}", created.field("/id"));
        assert_eq!(salesperson.put(&path, &of(owner, body.clone())).await.expect(422).violations(), ["/assigned_to"]);
        salesperson.put(&path, &of(user, body)).await.expect(200);
    }
    let refused = salesperson.post(CONTACTS, &durand(&others)).await.expect(422);
    let unknown = salesperson.post(CONTACTS, &durand("com_00000000000000000000000000")).await.expect(422);
    assert_eq!(refused.json()["violations"], unknown.json()["violations"], "there is no telling them apart");
}

#[tokio::test]
async fn what_is_given_to_another_is_theirs_from_then_on() {
    let app = app().await;
    let (user, salesperson) = salesperson(&app).await;
    let program = app.program();
    let company = added(&program, COMPANIES, &of(user, bakery())).await;
    let contact = added(&program, CONTACTS, &of(user, durand(&company))).await;
    let manager = app.user_with_role(Role::Manager);
    for (path, id, body) in [(COMPANIES, &company, bakery()), (CONTACTS, &contact, durand(&company))] {
        let path = format!("{path}/{id}");
        salesperson.get(&path).await.expect(200);
        program.put(&path, &of(manager, body)).await.expect(200);
        salesperson.get(&path).await.expect(404);
    }
    for path in [COMPANIES, CONTACTS] {
        assert!(column(&salesperson.get(path).await.expect(200), "id").is_empty());
        let own = app.with_role(Role::Manager).get(&format!("{path}?assigned_to=me")).await.expect(200);
        assert_eq!(column(&own, "id").len(), 1);
    }
    let panel = salesperson.get("/crm/panneaux/recents").await.expect(200).text();
    assert!(!panel.contains("Boulangerie"));
    // The form's companies are read from the card, which moved along.
    let form = salesperson.get("/crm/contacts/nouveau").await.expect(200).text();
    assert!(!form.contains("Boulangerie"));
}

#[tokio::test]
async fn what_a_former_member_leaves_stays_theirs_until_it_is_given_to_somebody() {
    let app = app().await;
    let (user, salesperson) = salesperson(&app).await;
    let company = added(&salesperson, COMPANIES, &bakery()).await;
    let contact = added(&salesperson, CONTACTS, &durand(&company)).await;
    app.part_with(user).await;
    salesperson.get(&format!("{COMPANIES}/{company}")).await.expect(401);
    for path in ["/crm/entreprises".into(), format!("/crm/entreprises/{company}"), format!("/crm/contacts/{contact}")] {
        let page = app.owner().get(&path).await.expect(200);
        assert!(page.text().contains("(ancien membre)"), "{path}");
        assert!(page.round_trips() <= Some(2));
    }
    let theirs = app.owner().get(&format!("/crm/entreprises?assigned_to={user}")).await.expect(200).text();
    assert!(theirs.contains("Boulangerie Dupré") && theirs.contains("(ancien membre)"));

    let path = format!("/crm/entreprises/{company}/modifier");
    let form = app.owner().get(&path).await.expect(200).text();
    assert!(form.contains(&format!("value=\"{user}\" selected")), "{form}");
    // What the form shows may be sent back; nobody else can be named who is none.
    let program = app.program();
    let path = format!("{COMPANIES}/{company}");
    program.put(&path, &of(user, bakery())).await.expect(200);
    assert_eq!(program.post(COMPANIES, &of(user, bakery())).await.expect(422).violations(), ["/assigned_to"]);
    program.put(&path, &of(app.user_with_role(Role::Owner), bakery())).await.expect(200);
    assert_eq!(program.put(&path, &of(user, bakery())).await.expect(422).violations(), ["/assigned_to"]);
}

#[tokio::test]
async fn lists_say_whose_a_record_is_and_can_show_ones_own() {
    let app = app().await;
    let manager = app.user_with_role(Role::Manager);
    let company = added(&app.program(), COMPANIES, &of(manager, bakery())).await;
    added(&app.program(), CONTACTS, &of(manager, durand(&company))).await;
    for path in ["/crm/entreprises", "/crm/contacts"] {
        let page = app.owner().get(path).await.expect(200);
        assert!(page.round_trips() <= Some(2));
        assert!(page.text().contains("Camille Manager") && page.text().contains(&format!("{path}?assigned_to=me")));
        let own = app.owner().get(&format!("{path}?assigned_to=me")).await.expect(200).text();
        assert!(!own.contains("Camille Manager") && own.contains("vous est attribué"), "{own}");
        let searched = app.with_role(Role::Manager).get(&format!("{path}?assigned_to=me&q=d")).await.expect(200).text();
        assert!(searched.contains("name=\"assigned_to\" value=\"me\""));
    }
    let form = app.owner().get("/crm/entreprises/nouvelle").await.expect(200).text();
    let owner = app.user_with_role(Role::Owner);
    assert!(form.contains(&format!("value=\"{owner}\" selected")) && !form.contains("Camille RH"), "{form}");
}

#[tokio::test]
async fn a_record_given_to_two_at_once_is_one_ones_everywhere() {
    let app = app().await;
    let program = app.program();
    let company = added(&program, COMPANIES, &bakery()).await;
    let roles = [Role::Manager, Role::Member, Role::Sales, Role::Admin];
    let giving = roles.map(|role| {
        let (program, body) = (program.clone(), of(app.user_with_role(role), bakery()));
        let path = format!("{COMPANIES}/{company}");
        tokio::spawn(async move { program.put(&path, &body).await.expect(200) })
    });
    for task in giving {
        task.await.expect("it is given");
    }
    let mut lists = Vec::new();
    for role in roles {
        let found = app.with_role(role).get(&format!("{COMPANIES}?assigned_to=me")).await.expect(200);
        lists.extend(column(&found, "assigned_to"));
    }
    assert_eq!(lists, [program.get(&format!("{COMPANIES}/{company}")).await.expect(200).field("/assigned_to")]);
}

#[tokio::test]
async fn the_records_of_who_left_are_given_to_a_colleague() {
    let app = app().await;
    let program = app.program();
    let (leaver, _) = app.with_new_member(Role::Sales.into()).await;
    let colleague = app.user_with_role(Role::Manager);
    let company = program.post(COMPANIES, &of(leaver, bakery())).await.expect(201).field("/id");
    let contact = program.post(CONTACTS, &of(leaver, durand(&company))).await.expect(201).field("/id");
    let kept = program.post(CONTACTS, &of(leaver, durand(""))).await.expect(201).field("/id");
    app.part_with(leaver).await;
    let owner = app.owner();
    let page = owner.get(&format!("/crm/contacts?assigned_to={leaver}")).await.expect(200).text();
    assert!(page.contains(&format!("/crm/reattribution?de={leaver}")), "{page}");
    let page = owner.get(&format!("/crm/reattribution?de={leaver}")).await.expect(200).text();
    assert!(page.contains(&company) && page.contains(&contact) && page.contains("(ancien membre)"), "{page}");

    let path = "/api/v1/contacts/reassignments";
    let given = |to: &str| json!({ "to": to, "companies": [company], "contacts": [contact] });
    for to in [leaver.to_string(), app.user_with_role(Role::Hr).to_string(), "usr_00000000000000000000000000".into()] {
        // Who left keeps nothing that is given anew; what is theirs already stays.
        if to != leaver.to_string() {
            assert_eq!(program.post(path, &given(&to)).await.expect(422).violations(), ["/to"]);
        }
    }
    let reply = program.post(path, &given(&colleague.to_string())).await.expect(200);
    assert_eq!(reply.field("/records"), "2");
    assert!(reply.round_trips() <= Some(3));
    assert_eq!(program.post(path, &given(&colleague.to_string())).await.expect(200).field("/records"), "2");
    for (path, id) in [(COMPANIES, &company), (CONTACTS, &contact)] {
        let record = program.get(&format!("{path}/{id}")).await.expect(200);
        assert_eq!(record.field("/assigned_to"), colleague.to_string());
        assert!(program.get(&format!("{path}?assigned_to={colleague}")).await.expect(200).text().contains(id.as_str()));
        assert!(!program.get(&format!("{path}?assigned_to={leaver}")).await.expect(200).text().contains(id.as_str()));
    }
    // By the page, one after the other, until nothing is left.
    let fields = [("to", colleague.to_string()), ("contacts", kept.clone())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    owner.form(&format!("/crm/reattribution?de={leaver}"), &fields).await.expect(303);
    let page = owner.get(&format!("/crm/reattribution?de={leaver}")).await.expect(200).text();
    assert!(page.contains("Plus aucune fiche à réattribuer"), "{page}");
    let wrong = owner.form(&format!("/crm/reattribution?de={leaver}"), &[("to", ""), ("contacts", &kept)]).await;
    wrong.expect(422);

    // Not somebody else's, and not by who sees only their own.
    let theirs = app.stranger().header("sec-fetch-site", "same-origin");
    assert_eq!(theirs.post(path, &given(&colleague.to_string())).await.expect(200).field("/records"), "0");
    let (_, own) = salesperson(&app).await;
    own.post(path, &given(&colleague.to_string())).await.expect(404);
    own.get(&format!("/crm/reattribution?de={leaver}")).await.expect(404);
    app.with_role(Role::Reader).post(path, &given(&colleague.to_string())).await.expect(403);
}
