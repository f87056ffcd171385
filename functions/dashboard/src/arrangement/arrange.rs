//! One's own arrangement: read, changed by one act, replaced.

use kernel::Result;
use table::Stored;
use web::{Asker, dashboard::Arrangement};

use super::{
    DashboardInput,
    model::{ActInput, arranged},
};

async fn read(asker: &Asker) -> Result<Option<Stored<Arrangement>>> {
    asker.scope.get(&asker.scope.keys().dashboard(asker.user)).await
}

fn none(asker: &Asker) -> Stored<Arrangement> {
    Stored { value: Arrangement::of(asker.user), version: 0 }
}

/// With version 0 where nothing was ever arranged.
pub async fn shown(asker: &Asker) -> Result<Stored<Arrangement>> {
    Ok(read(asker).await?.unwrap_or_else(|| none(asker)))
}

/// Of two pages that are arranged at once, each act counts.
pub async fn arrange_widget(asker: &Asker, input: &ActInput) -> Result<()> {
    let scope = &asker.scope;
    let (widget, act) = input.parse(|permission| asker.may(permission))?;
    scope
        .write(|| async {
            let transaction = scope.begin("arrange_dashboard", asker.user);
            let stored = read(asker).await?;
            let before = stored.clone().unwrap_or_else(|| none(asker)).value;
            let after = arranged(&before, widget, act, |permission| asker.may(permission));
            if after == before {
                return Ok((transaction.nothing(), ()));
            }
            let mut transaction = transaction.unlogged();
            transaction.save(stored.as_ref(), &after);
            Ok((transaction, ()))
        })
        .await
}

/// All of it, on what was seen.
pub async fn arrange_dashboard(
    asker: &Asker,
    input: &DashboardInput,
    seen: Option<u64>,
) -> Result<Stored<Arrangement>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let stored = read(asker).await?;
            let current = stored.clone().unwrap_or_else(|| none(asker)).expect_version(seen)?;
            let after = input.parse(&current, |permission| asker.may(permission))?;
            let mut transaction = scope.begin("arrange_dashboard", asker.user).unlogged();
            transaction.save(stored.as_ref(), &after);
            Ok((transaction, Stored { value: after, version: current.version + 1 }))
        })
        .await
}
