//! A walk over an organization reaches all that it has: what its export and its deletion rest on.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{id::OrganizationId, permission::Role};
use organizations::kinds::{self, Persons};
use serde_json::{Value, json};
use table::{Scope, walk::Found};
use testkit::App;
use ulid::Ulid;

use crate::{
    audit_log,
    exports::{Items, scope_of},
    house, round_trips,
};

/// How a kind of item that lies outside the organizations tells of persons.
pub enum Outside {
    /// It is in the file of this name of an export of one's own account.
    Own(&'static str),
    /// Of a person, for minutes only, or by a hash of them.
    Passing,
    Nobody,
}

/// Kinds of items that lie outside the organizations: of a person, or of the platform. Tokens do as well, but an
/// organization has a list of them.
pub const OUTSIDE: [(&str, Outside); 13] = [
    ("account", Outside::Own("compte")),
    ("ceremony", Outside::Passing),
    ("challenge", Outside::Passing),
    ("clock_mark", Outside::Nobody),
    ("counter", Outside::Passing),
    ("passkey", Outside::Own("cles-acces")),
    ("password_reset", Outside::Passing),
    ("recovery_codes", Outside::Own("compte")),
    ("second_factor", Outside::Own("compte")),
    ("session", Outside::Own("sessions")),
    ("sessions_of_user", Outside::Own("sessions")),
    ("user_organization", Outside::Own("entreprises")),
    ("vault", Outside::Nobody),
];

/// What no list leads to, and the table forgets by itself within days. The list may only shrink.
const PASSING: [&str; 2] = ["event", "idempotency"];

/// All that a walk tells, by partition and sort key.
pub async fn walked(scope: &Scope) -> BTreeMap<(String, String), Found> {
    let mut told = BTreeMap::new();
    let mut walk = scope.walk();
    while let Some(part) = walk.next().await.expect("the walk goes on") {
        assert!(!part.is_empty(), "a part has something in it");
        for item in part {
            let key = item.key();
            let (pk, sk) = key.parts();
            let twice = told.insert((pk.to_owned(), sk.to_owned()), item);
            assert!(twice.is_none(), "{pk} {sk} is told twice");
        }
    }
    told
}

pub fn kind(item: &Value) -> &str {
    item["type"]["S"].as_str().unwrap_or_default()
}

/// The kinds that the sources declare.
fn declared() -> BTreeSet<String> {
    let declarations = house::sources().into_iter().flat_map(|source| {
        let names = source.code().filter_map(|(_, line)| {
            let name = line.trim().strip_prefix("const TYPE: &'static str = \"")?;
            name.split('"').next().map(str::to_owned)
        });
        names.collect::<Vec<_>>()
    });
    declarations.collect()
}

/// What lies in the table and what a walk tells are the same.
pub async fn reaches_everything(app: &App, organization: OrganizationId) -> Items {
    let stored = app.items_of(organization);
    let told = walked(&scope_of(app, organization)).await;
    for (key, item) in &stored {
        let kind = kind(item);
        match told.get(key) {
            Some(found) => assert_eq!(found.kind(), kind),
            None => {
                assert!(PASSING.contains(&kind), "a walk does not reach {kind}: {key:?}");
                assert!(item["ttl"]["N"].is_string(), "{kind} is not reached and stays for ever: {key:?}");
            }
        }
    }
    for (key, found) in &told {
        assert!(stored.contains_key(key) || found.kind() == "token", "{key:?} is not theirs");
    }
    stored
}

#[tokio::test]
async fn a_walk_reaches_every_item_of_an_organization_and_none_of_another() {
    let app = App::new(round_trips::all_contexts).await;
    Box::pin(round_trips::everything(&app)).await;
    audit_log::is_in_french(&app.items());
    // What the walk through the routes leaves nothing of: somebody who waits, and somebody with a role of ours.
    let owner = app.owner();
    let role = json!({ "name": "Stagiaire", "permissions": ["crm:view"] });
    let role = owner.post("/api/v1/roles", &role).await.expect(201).field("/id");
    let invited = json!({ "email": "z@client.example", "role": "member" });
    owner.post("/api/v1/invitations", &invited).await.expect(201);
    let member = app.user_with_role(Role::Reader);
    owner.put(&format!("/api/v1/members/{member}"), &json!({ "role": role })).await.expect(200);
    let mut kinds: BTreeSet<String> = BTreeSet::from(["token".into()]);
    // Theirs was deleted.
    for organization in [app.ours.id, app.theirs.id] {
        kinds.extend(reaches_everything(&app, organization).await.values().map(|item| kind(item).to_owned()));
    }
    let told = walked(&app.scope()).await;
    assert!(told.values().any(|found| found.kind() == "token"));
    // Whoever wants all that there is on a person misses nothing of what is said to be of nobody.
    for found in told.values() {
        let of_nobody = kinds::find(found.kind()).is_none_or(|kind| kind.persons == Persons::Nobody);
        let text = found.told(&[]).expect("it is told").to_string();
        let names = ["\"usr_", "\"con_", "@"].into_iter().find(|sign| text.contains(sign));
        assert!(!of_nobody || names.is_none(), "{} names a person: {text}", found.kind());
    }
    assert!(walked(&scope_of(&app, OrganizationId::from_ulid(Ulid(7)))).await.is_empty());

    for kind in declared().iter().filter(|kind| OUTSIDE.iter().all(|(outside, _)| outside != kind)) {
        assert!(kinds.contains(kind), "add {kind} to what this test fills the organizations with");
        let is_known = kinds::find(kind).is_some() || PASSING.contains(&kind.as_str());
        assert!(
            is_known,
            "say in functions/organizations/src/kinds.rs what becomes of {kind}, and how it names persons"
        );
    }
}
