//! Telling the pages of one member how many are unread. Whatever goes wrong here, they were told: it is logged.

use std::cmp::Reverse;

use cloud::{Deps, Posted};
use kernel::{Result, id::UserId};
use serde_json::json;
use table::{Scope, Stored, meter};

use super::Socket;

/// How many pages of one member hear of it, those that were opened last; the others ask.
const PAGES_MAX: usize = 20;

pub(crate) async fn post(deps: &Deps, scope: &Scope, user: UserId, unread: u32) {
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
