//! One's own choice.

use kernel::Result;
use table::Stored;
use web::Asker;

use super::{Preferences, PreferencesInput, store};

pub async fn edit_preferences(
    asker: &Asker,
    input: &PreferencesInput,
    seen: Option<u64>,
) -> Result<Stored<Preferences>> {
    let (scope, chosen) = (&asker.scope, input.parse(asker.user)?);
    scope
        .write(|| async {
            let read = store::read(scope, asker.user).await?;
            let current = read.clone().unwrap_or_else(|| store::none(asker)).expect_version(seen)?;
            let mut transaction = scope.begin("edit_preferences", asker.user);
            transaction.save(read.as_ref(), &chosen);
            Ok((transaction, Stored { value: chosen.clone(), version: current.version + 1 }))
        })
        .await
}
