//! Begins one, unless one goes on.

use cloud::Deps;
use kernel::{
    Actor, Result, Tenant,
    event::Event,
    id::OrganizationId,
    page::{PAGE_SIZE_MAX, PageRequest},
    reference::OrganizationReference,
};
use table::{Audit, Item, Key, Order, Scope, TenantKeys, keys};

use super::Rebuild;

impl Item for Rebuild {
    const TYPE: &'static str = "search_rebuild";
    /// How far it has come is nobody's act.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.search_rebuild()
    }
}

/// The one that goes on where there is one.
pub async fn start_rebuild(scope: &Scope) -> Result<Rebuild> {
    scope
        .write(|| async {
            let read = scope.get::<Rebuild>(&scope.keys().search_rebuild()).await?;
            let mut transaction = scope.begin("start_search_rebuild", "search");
            if let Some(under_way) = read.as_ref().filter(|rebuild| !rebuild.is_over(scope.now())) {
                return Ok((transaction.nothing(), under_way.value.clone()));
            }
            let rebuild = Rebuild::new(scope.now());
            transaction.save(read.as_ref(), &rebuild).emit(Event::SearchRebuildRequested {});
            Ok((transaction, rebuild))
        })
        .await
}

/// The one that goes on, or the last one.
pub async fn show_rebuild(scope: &Scope) -> Result<Option<Rebuild>> {
    Ok(scope.get::<Rebuild>(&scope.keys().search_rebuild()).await?.map(|stored| stored.value))
}

/// As the operator of the system wants it.
pub async fn start_in(deps: &Deps, organization: OrganizationId) -> Result<Rebuild> {
    start_rebuild(&deps.table.scope(Tenant::proven(organization, Actor::System { name: "reindex".into() }))).await
}

/// In every organization that was not deleted; how many there are.
pub async fn start_everywhere(deps: &Deps) -> Result<usize> {
    let (mut started, mut cursor) = (0, None);
    loop {
        let page = PageRequest { limit: PAGE_SIZE_MAX, cursor };
        let listed = deps.table.list::<OrganizationReference>(&keys::organizations(), &page, Order::Ascending).await?;
        for organization in &listed.items {
            start_in(deps, organization.id).await?;
        }
        started += listed.items.len();
        cursor = listed.next_cursor;
        if cursor.is_none() {
            return Ok(started);
        }
    }
}
