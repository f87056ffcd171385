//! Doing without a portrait.

use kernel::Result;
use tokio::sync::Mutex;
use web::Asker;

use super::store;
use crate::account::Account;

pub async fn remove_portrait(asker: &Asker, seen: Option<u64>) -> Result<(Account, u64)> {
    let scope = &asker.scope;
    // As the act found it; where the act was done before, nothing is found and nothing deleted.
    let former = Mutex::new(None);
    let changed = scope
        .write(|| async {
            let (current, organizations) = store::read(asker).await?;
            let current = current.expect_version(seen)?;
            let mut transaction = scope.begin("remove_portrait", asker.user);
            if current.portrait.is_none() {
                return Ok((transaction.nothing(), (current.value.clone(), current.version)));
            }
            *former.lock().await = current.portrait;
            let changed = store::write(&mut transaction, &current, &organizations, None);
            Ok((transaction, (changed, current.version + 1)))
        })
        .await?;
    if let Some(former) = former.into_inner() {
        store::discard(asker, former).await;
    }
    Ok(changed)
}
