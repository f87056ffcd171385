//! Telling open pages: one member's how many are unread, everybody's that figures changed. Whatever goes wrong here, they
//! ask: it is logged.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use cloud::{Deps, Posted};
use kernel::{Result, id::UserId, page::PageRequest, permission::Module};
use serde_json::json;
use table::{Order, Scope, Stored, meter};
use web::Membership;

use super::Socket;

/// How many pages of one member hear of it, those that were opened last; the others ask.
const PAGES_MAX: usize = 20;
/// How many pages of an organization are looked at: more than it has members.
const OPEN_MAX: u16 = 1_000;
/// To how many is posted at once.
const AT_ONCE: usize = 20;

pub(crate) async fn post_unread(deps: &Deps, scope: &Scope, user: UserId, unread: u32) {
    if !deps.sockets.is_there() {
        return;
    }
    let text = json!({ "unread": unread }).to_string();
    let pages = match open_pages(scope, user).await {
        Ok(pages) => pages,
        Err(error) => return tracing::warn!(%user, %error, "their pages were not told"),
    };
    let posting = pages.iter().take(PAGES_MAX).map(|page| post_to(deps, scope, page, &text));
    for posted in meter::all_at_once(posting).await {
        if let Err(error) = posted {
            tracing::warn!(%user, %error, "a page was not told");
        }
    }
}

/// To each open page, of what its member may see: nobody hears that something happens elsewhere.
pub(crate) async fn post_changed(deps: &Deps, scope: &Scope, changed: &BTreeSet<Module>) {
    if !deps.sockets.is_there() || changed.is_empty() {
        return;
    }
    let (pages, members) = match everybodys_pages(scope).await {
        Ok(Some(found)) => found,
        Ok(None) => return,
        Err(error) => return tracing::warn!(%error, "open pages were not told that figures changed"),
    };
    let texts: BTreeMap<UserId, String> = members
        .iter()
        .filter_map(|member| {
            let permissions = member.role.permissions();
            let seen: Vec<_> =
                changed.iter().filter(|module| permissions.reach(**module)).map(|module| module.code()).collect();
            (!seen.is_empty()).then(|| (member.user, json!({ "changed": seen }).to_string()))
        })
        .collect();
    let told: Vec<_> = pages.iter().filter_map(|page| Some((page, texts.get(&page.user)?))).collect();
    for some in told.chunks(AT_ONCE) {
        let posting = some.iter().map(|(page, text)| post_to(deps, scope, page, text));
        for posted in meter::all_at_once(posting).await {
            if let Err(error) = posted {
                tracing::warn!(%error, "a page was not told that figures changed");
            }
        }
    }
}

/// With whose they are; none where nobody looks.
async fn everybodys_pages(scope: &Scope) -> Result<Option<(Vec<Stored<Socket>>, Vec<Membership>)>> {
    let all = PageRequest { limit: OPEN_MAX, cursor: None };
    let pages = scope.list::<Socket>(&scope.keys().open_pages(), &all, Order::Ascending).await?.items;
    let pages: Vec<_> = pages.into_iter().filter(|page| page.expires_at > scope.now()).collect();
    if pages.is_empty() {
        return Ok(None);
    }
    let members = scope.list::<Membership>(&scope.keys().members(), &all, Order::Ascending).await?.items;
    Ok(Some((pages, members.into_iter().map(|member| member.value).collect())))
}

/// The newest first.
async fn open_pages(scope: &Scope, user: UserId) -> Result<Vec<Stored<Socket>>> {
    let pages = scope.collection(&scope.keys().sockets(user)).await?.all::<Socket>()?;
    let mut pages: Vec<_> = pages.into_iter().filter(|page| page.expires_at > scope.now()).collect();
    pages.sort_by_key(|page| Reverse(page.expires_at));
    Ok(pages)
}

async fn post_to(deps: &Deps, scope: &Scope, page: &Stored<Socket>, text: &str) -> Result<()> {
    match deps.sockets.post(&page.connection, text).await? {
        Posted::Taken => Ok(()),
        Posted::Gone if page.may_be_opening(scope.now()) => Ok(()),
        Posted::Gone => forget_socket(scope, page).await,
    }
}

async fn forget_socket(scope: &Scope, page: &Stored<Socket>) -> Result<()> {
    scope
        .write(|| async {
            let transaction = scope.begin("forget_socket", page.user);
            let key = scope.keys().socket(page.user, &page.connection);
            let Some(read) = scope.get::<Socket>(&key).await? else { return Ok((transaction.nothing(), ())) };
            let mut transaction = transaction.unlogged();
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
