//! Whatever a team does in whatever order, nobody ever holds a permission that no membership of theirs gives: the table
//! and the gate are compared with a model after each act.

use std::collections::{BTreeMap, BTreeSet};

use kernel::permission::Role;
use proptest::{prelude::*, test_runner::Config};
use serde_json::json;
use table::Order;
use testkit::{App, Client};
use web::Membership;

use crate::{PASSWORD, app, team};

type Held = BTreeSet<String>;

const SETTINGS: [&str; 4] = ["settings:view", "settings:create", "settings:edit", "settings:delete"];
const OTHERS: [&str; 4] = ["crm:view", "invoicing:approve", "hr:view", "sales:edit"];

#[derive(Debug, Clone)]
enum Act {
    Invite { by: usize, email: usize, role: usize },
    Accept { email: usize },
    Cancel { by: usize, email: usize },
    Change { by: usize, who: usize, role: usize },
    Remove { by: usize, who: usize },
    Create { by: usize, mask: u8 },
    Edit { by: usize, role: usize, mask: u8 },
    Delete { by: usize, role: usize },
}

fn act() -> impl Strategy<Value = Act> {
    let (by, who, role, email) = (0..12_usize, 0..12_usize, 0..12_usize, 0..3_usize);
    prop_oneof![
        2 => (by.clone(), email.clone(), role.clone()).prop_map(|(by, email, role)| Act::Invite { by, email, role }),
        2 => email.clone().prop_map(|email| Act::Accept { email }),
        1 => (by.clone(), email).prop_map(|(by, email)| Act::Cancel { by, email }),
        4 => (by.clone(), who.clone(), role.clone()).prop_map(|(by, who, role)| Act::Change { by, who, role }),
        2 => (by.clone(), who).prop_map(|(by, who)| Act::Remove { by, who }),
        2 => (by.clone(), any::<u8>()).prop_map(|(by, mask)| Act::Create { by, mask }),
        3 => (by.clone(), role.clone(), any::<u8>()).prop_map(|(by, role, mask)| Act::Edit { by, role, mask }),
        1 => (by, role).prop_map(|(by, role)| Act::Delete { by, role }),
    ]
}

struct Person {
    user: String,
    client: Client,
    /// The code of their role; none once they left.
    role: Option<String>,
}

struct Model {
    people: Vec<Person>,
    /// What each role allows.
    roles: BTreeMap<String, Held>,
    /// In the order in which they were made, the system's first.
    order: Vec<String>,
    /// Of each address, the invitation that waits and the role that it promises.
    invited: BTreeMap<String, (String, String)>,
}

fn chosen(mask: u8) -> Vec<&'static str> {
    SETTINGS
        .into_iter()
        .chain(OTHERS)
        .enumerate()
        .filter(|(bit, _)| mask >> bit & 1 == 1)
        .map(|(_, code)| code)
        .collect()
}

impl Model {
    fn new(app: &App) -> Self {
        let codes = |role: Role| role.permissions().iter().map(|permission| permission.code().to_owned()).collect();
        let person = |role: Role| Person {
            user: app.user_with_role(role).to_string(),
            client: app.with_role(role),
            role: Some(role.code().into()),
        };
        Self {
            people: [Role::Owner, Role::Admin, Role::Manager, Role::Reader].map(person).into(),
            roles: Role::ALL.into_iter().map(|role| (role.code().to_owned(), codes(role))).collect(),
            order: Role::ALL.map(|role| role.code().to_owned()).into(),
            invited: BTreeMap::new(),
        }
    }

    fn held(&self, person: &Person) -> Held {
        person.role.as_ref().and_then(|role| self.roles.get(role)).cloned().unwrap_or_default()
    }

    fn may(&self, by: usize, permission: &str) -> bool {
        self.held(&self.people[by]).contains(permission)
    }

    fn may_grant(&self, by: usize, role: &str) -> bool {
        let person = &self.people[by];
        let is_owner = person.role.as_deref() == Some("owner");
        (is_owner || role != "owner") && self.roles.get(role).is_some_and(|held| held.is_subset(&self.held(person)))
    }

    fn role(&self, at: usize) -> String {
        self.order[at % self.order.len()].clone()
    }

    /// The role as the answer gave it, and whether the model lets the act happen.
    async fn apply(&mut self, app: &App, act: &Act) {
        let person = |at: &usize| at % self.people.len();
        let email = |at: &usize| format!("p{at}@client.example");
        match act {
            Act::Invite { by, email: at, role } => {
                let (by, role, email) = (person(by), self.role(*role), email(at));
                let body = json!({ "email": email, "role": role });
                let reply = self.people[by].client.post("/api/v1/invitations", &body).await;
                if reply.status == 201 {
                    assert!(self.may(by, "settings:create") && self.may_grant(by, &role), "{act:?}");
                    self.invited.insert(email, (reply.field("/id"), role));
                }
            }
            Act::Accept { email: at } => {
                let email = email(at);
                let Some((id, role)) = self.invited.get(&email).cloned() else { return };
                let link = team::link(app, &id).await;
                let body = json!({ "link": link, "email": email, "name": "Claire", "password": PASSWORD });
                let reply = app.anyone().post("/api/v1/invitations/accept", &body).await;
                if reply.status != 200 {
                    assert!(!self.roles.contains_key(&role), "{act:?}: {}", reply.text());
                    return;
                }
                self.invited.remove(&email);
                let user = reply.field("/user_id");
                match self.people.iter_mut().find(|person| person.user == user) {
                    Some(person) => person.role = Some(role),
                    None => {
                        let cookie = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next());
                        let client = app.anyone().header("cookie", cookie.expect("a cookie"));
                        self.people.push(Person { user, client, role: Some(role) });
                    }
                }
            }
            Act::Cancel { by, email: at } => {
                let (by, email) = (person(by), email(at));
                let Some((id, _)) = self.invited.get(&email).cloned() else { return };
                let reply = self.people[by].client.delete(&format!("/api/v1/invitations/{id}")).await;
                if reply.status == 204 {
                    assert!(self.may(by, "settings:delete"), "{act:?}");
                    self.invited.remove(&email);
                }
            }
            Act::Change { by, who, role } => {
                let (by, who, role) = (person(by), person(who), self.role(*role));
                let path = team::member(&self.people[who].user);
                let reply = self.people[by].client.put(&path, &json!({ "role": role })).await;
                if reply.status == 200 {
                    let former = self.people[who].role.clone().expect("a member");
                    let granted = self.may_grant(by, &former) && self.may_grant(by, &role);
                    assert!(self.may(by, "settings:edit") && granted, "{act:?}");
                    self.people[who].role = Some(role);
                }
            }
            Act::Remove { by, who } => {
                let (by, who) = (person(by), person(who));
                let reply = self.people[by].client.delete(&team::member(&self.people[who].user)).await;
                if reply.status == 204 {
                    let former = self.people[who].role.clone().expect("a member");
                    assert!(self.may(by, "settings:delete") && self.may_grant(by, &former), "{act:?}");
                    self.people[who].role = None;
                }
            }
            Act::Create { by, mask } => {
                let (by, permissions) = (person(by), chosen(*mask));
                let name = format!("Rôle {}", self.order.len());
                let body = json!({ "name": name, "permissions": permissions });
                let reply = self.people[by].client.post("/api/v1/roles", &body).await;
                if reply.status == 201 {
                    let held: Held = permissions.into_iter().map(Into::into).collect();
                    let gives_its_own = held.is_subset(&self.held(&self.people[by]));
                    assert!(self.may(by, "settings:create") && gives_its_own, "{act:?}");
                    self.order.push(reply.field("/id"));
                    self.roles.insert(reply.field("/id"), held);
                }
            }
            Act::Edit { by, role, mask } => {
                let (by, role, permissions) = (person(by), self.role(*role), chosen(*mask));
                let path = format!("/api/v1/roles/{role}");
                let body = json!({ "name": format!("Modifié {role}"), "permissions": permissions });
                let reply = self.people[by].client.put(&path, &body).await;
                if reply.status == 200 {
                    let held: Held = permissions.into_iter().map(Into::into).collect();
                    let gives_its_own = held.is_subset(&self.held(&self.people[by]));
                    assert!(self.may(by, "settings:edit") && self.may_grant(by, &role) && gives_its_own, "{act:?}");
                    self.roles.insert(role, held);
                }
            }
            Act::Delete { by, role } => {
                let (by, role) = (person(by), self.role(*role));
                let reply = self.people[by].client.delete(&format!("/api/v1/roles/{role}")).await;
                if reply.status == 204 {
                    assert!(self.may(by, "settings:delete") && self.may_grant(by, &role), "{act:?}");
                    assert!(self.people.iter().all(|person| person.role.as_ref() != Some(&role)), "{act:?}");
                    self.roles.remove(&role);
                    self.order.retain(|other| *other != role);
                }
            }
        }
    }

    async fn compare(&self, app: &App, after: &Act) {
        let scope = app.scope();
        let everybody = kernel::page::PageRequest { limit: 100, cursor: None };
        let stored =
            scope.list::<Membership>(&scope.keys().members(), &everybody, Order::Ascending).await.unwrap().items;
        for person in &self.people {
            let held = self.held(person);
            let found = stored.iter().find(|member| member.user.to_string() == person.user);
            let given: Held = found
                .map(|member| member.role.permissions().iter().map(|permission| permission.code().to_owned()).collect())
                .unwrap_or_default();
            assert_eq!(given, held, "{} after {after:?}", person.user);
            let seen = person.client.get("/api/v1/members").await.status;
            assert_eq!(seen == 200, held.contains("settings:view"), "{} answered {seen} after {after:?}", person.user);
        }
        let owners = self.people.iter().filter(|person| person.role.as_deref() == Some("owner"));
        assert!(owners.count() > 0, "no owner after {after:?}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn nobody_holds_what_no_membership_gives(acts in prop::collection::vec(act(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let app = app().await;
            let mut model = Model::new(&app);
            for act in &acts {
                model.apply(&app, act).await;
                model.compare(&app, act).await;
                app.advance(jiff::SignedDuration::from_secs(1));
            }
        });
    }
}

/// The model says nothing where nothing succeeds: each kind of act does.
#[tokio::test]
async fn every_act_of_the_model_can_succeed() {
    let app = app().await;
    let mut model = Model::new(&app);
    let (owner, reader, own) = (0, 3, Role::ALL.len());
    for act in [
        Act::Create { by: owner, mask: 0b11 },
        Act::Change { by: owner, who: reader, role: own },
        Act::Edit { by: owner, role: own, mask: 0b1_0001 },
        Act::Invite { by: owner, email: 0, role: own },
        Act::Accept { email: 0 },
        Act::Remove { by: owner, who: reader },
        Act::Change { by: owner, who: 4, role: 0 },
        Act::Delete { by: 4, role: own },
        Act::Remove { by: 4, who: owner },
        Act::Invite { by: 4, email: 1, role: 1 },
        Act::Cancel { by: 4, email: 1 },
    ] {
        model.apply(&app, &act).await;
        model.compare(&app, &act).await;
        app.advance(jiff::SignedDuration::from_secs(1));
    }
    let roles: Vec<_> = model.people.iter().map(|person| person.role.as_deref()).collect();
    assert_eq!(roles, [None, Some("admin"), Some("manager"), None, Some("owner")]);
    assert!(model.invited.is_empty() && model.order.len() == own);
}
