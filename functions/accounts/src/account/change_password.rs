//! Changing one's password: the old one is shown once more, and every other session ends.

use kernel::{Error, Result, Rule};
use serde::{Deserialize, Serialize};
use table::{First, keys, meter};
use web::{Asker, SessionsOfUser};

use super::{password, store::Account};
use crate::{
    security::News,
    throttle::{Attempt, SIGN_IN},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordInput {
    pub current_password: String,
    pub password: String,
}

pub async fn change_password(asker: &Asker, input: &PasswordInput) -> Result<()> {
    let session = asker.session.as_ref().ok_or(Error::Forbidden)?;
    let deps = asker.deps();
    let read = || async { deps.table.get::<Account>(&keys::email(&asker.email)).await?.ok_or(Error::NotFound) };
    let subject = [(SIGN_IN, asker.email.clone())];
    let (attempt, account) = meter::side_by_side(Attempt::count(deps, &subject), read()).await;
    let (attempt, account) = (attempt?, account?);
    let known = account.password_hash.clone();
    if !password::matches(input.current_password.clone(), Some(known.clone())).await? {
        return Err(Error::field("/current_password", Rule::WrongPassword));
    }
    let strong = password::strong(&input.password, &[&account.name, &account.email])
        .map_err(|rule| Error::field("/password", rule))?;
    let password_hash = password::hash(strong).await?;
    let account = First::reading(account);
    let scope = &asker.scope;
    let writing = scope.write(|| async {
        let account = account.or(read).await?;
        if account.password_hash != known {
            return Err(Error::Stale);
        }
        let mut transaction = scope.begin("change_password", asker.user);
        let changed = Account { password_hash: password_hash.clone(), ..account.value.clone() };
        let over = SessionsOfUser { user: asker.user, valid_from: scope.now(), except: Some(session.id) };
        transaction.update(&account, &changed).replace(&over);
        News::PasswordChanged.tell(asker, &mut transaction)?;
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, attempt.forgive(deps)).await;
    written
}
