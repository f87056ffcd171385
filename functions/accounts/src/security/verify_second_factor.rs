//! The second step of signing in: a code of the application, or one of the recovery codes.

use kernel::{Error, Result, Rule};
use serde::{Deserialize, Serialize};
use table::{First, Items, keys, meter};
use web::{Visitor, credentials::Secret};

use crate::{
    account::store::Account,
    session::{Opening, challenge},
    throttle::{Attempt, SECOND_FACTOR},
    two_factor::{RecoveryCode, SecondFactor, open_seed, recovery_hash},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VerificationInput {
    /// Six digits of the application, or a recovery code.
    pub code: String,
    /// The page to come back to; forms only.
    #[schema(ignore)]
    pub suite: String,
}

/// Opens the session that the challenge stands for.
pub async fn verify_second_factor(visitor: &Visitor, input: &VerificationInput) -> Result<Secret> {
    let deps = &visitor.deps;
    let challenge = challenge::of_visitor(visitor).await?;
    let wanted = [keys::second_factor(challenge.user), keys::email(&challenge.email)];
    let read = || deps.table.get_many(&wanted);
    let subject = [(SECOND_FACTOR, challenge.user.to_string())];
    let (attempt, found) = meter::side_by_side(Attempt::count(deps, &subject), read()).await;
    let (attempt, found) = (attempt?, found?);
    let account = found.get::<Account>(&wanted[1])?.ok_or(Error::Unauthenticated)?;
    let opening = Opening::new(deps, visitor, &account, challenge.organization, true)?;
    let scope = &opening.scope(deps, visitor, &account);
    let recovery = match RecoveryCode::parse(&input.code) {
        Ok(code) => Some(recovery_hash(&deps.vault, challenge.user, &code).await?),
        Err(_) => None,
    };
    let spend = async |found: &Items| {
        let factor = found.get::<SecondFactor>(&wanted[0])?.ok_or(Error::Unauthenticated)?;
        let seed = open_seed(&deps.vault, &factor).await?;
        let used = match &recovery {
            Some(hash) => factor.recovery_code_used(hash),
            None => factor.code_used(&seed, &input.code, scope.now()),
        };
        let used = used.map_err(|_| Error::field("/code", Rule::WrongCode))?;
        Ok::<_, Error>((factor, used))
    };
    // A wrong code is not forgiven, so it is known before anything is written.
    spend(&found).await?;
    let found = First::reading(found);
    let writing = scope.write(|| async {
        let (factor, used) = spend(&found.or(read).await?).await?;
        let mut transaction = scope.begin("sign_in", opening.session.id);
        transaction.update(&factor, &used).spend(&challenge, || Error::Unauthenticated);
        opening.write(&mut transaction);
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, attempt.forgive(deps)).await;
    written?;
    Ok(opening.secret)
}
