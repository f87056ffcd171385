//! A walk over an organization reaches all that it has: what its export and its deletion rest on.

use std::collections::{BTreeMap, BTreeSet};

use kernel::id::OrganizationId;
use table::{Scope, walk::Found};
use testkit::App;

use crate::{house, round_trips};

/// Kinds of items that lie outside the organizations: of a person, or of the platform.
const OUTSIDE: [&str; 13] = [
    "account",
    "ceremony",
    "challenge",
    "clock_mark",
    "counter",
    "passkey",
    "password_reset",
    "second_factor",
    "session",
    "sessions_of_user",
    "token",
    "user_organization",
    "vault",
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

fn kind(item: &serde_json::Value) -> String {
    item["type"]["S"].as_str().unwrap_or_default().to_owned()
}

/// The kinds that the sources declare.
fn declared() -> BTreeSet<String> {
    let declarations = house::sources().iter().flat_map(|source| {
        let names = source.code().filter_map(|(_, line)| {
            let name = line.trim().strip_prefix("const TYPE: &'static str = \"")?;
            name.split('"').next().map(str::to_owned)
        });
        names.collect::<Vec<_>>()
    });
    declarations.collect()
}

#[tokio::test]
async fn a_walk_reaches_every_item_of_an_organization_and_none_of_another() {
    let app = App::new(round_trips::all_contexts).await;
    round_trips::everything(&app).await;
    let stored = app.items_of(app.ours.id);

    let kinds: BTreeSet<_> = stored.values().map(kind).collect();
    let missing: Vec<_> =
        declared().into_iter().filter(|kind| !kinds.contains(kind) && !OUTSIDE.contains(&kind.as_str())).collect();
    assert!(missing.is_empty(), "no item of these kinds in the organization of this test: {missing:?}");

    let told = walked(&app.scope()).await;
    for (key, item) in &stored {
        let kind = kind(item);
        match told.get(key) {
            Some(found) => assert_eq!(found.kind(), kind),
            None => {
                assert!(PASSING.contains(&kind.as_str()), "a walk does not reach {kind}: {key:?}");
                assert!(item["ttl"]["N"].is_string(), "{kind} is not reached and stays for ever: {key:?}");
            }
        }
    }
    for (key, found) in &told {
        assert!(stored.contains_key(key) || found.kind() == "token", "{key:?} is not ours");
    }
    let token = |found: &&Found| found.kind() == "token";
    assert!(told.values().filter(token).count() > 0);
    assert!(walked(&scope_of(&app, OrganizationId::from_ulid(ulid::Ulid(7)))).await.is_empty());
}

fn scope_of(app: &App, organization: OrganizationId) -> Scope {
    app.deps.table.scope(kernel::Tenant::proven(organization, kernel::Actor::System { name: "test".into() }))
}
