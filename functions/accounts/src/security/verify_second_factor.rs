//! The second step of signing in: a passkey, a code of the application, or one of the recovery codes.

use kernel::{Error, Result, Rule};
use serde::{Deserialize, Serialize};
use table::{First, Items, Stored, Transaction, keys, meter};
use web::{Visitor, credentials::Secret};

use crate::{
    account::store::Account,
    passkey::{Ceremony, Passkey, Purpose, Refused, RelyingParty, Response, Shown, finish_authentication},
    session::{Opening, challenge},
    throttle::{Attempt, SECOND_FACTOR},
    two_factor::{RecoveryCode, RecoveryCodes, SecondFactor, open_seed, recovery_hash},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VerificationInput {
    /// Six digits of the application, or a recovery code; or else a passkey, in the two other fields.
    pub code: String,
    /// `cer_…`, of `start_second_step`.
    pub ceremony: String,
    /// What `navigator.credentials.get()` gave, as its `toJSON()`.
    #[schema(value_type = Object)]
    pub response: Response,
    /// The page to come back to; forms only.
    #[schema(ignore)]
    pub suite: String,
}

/// A factor as it was read, and after this use.
enum Used {
    Passkey { ceremony: Box<Stored<Ceremony>>, read: Box<Stored<Passkey>>, used: Box<Passkey> },
    Totp(Box<(Stored<SecondFactor>, SecondFactor)>),
    Recovery(Stored<RecoveryCodes>, RecoveryCodes),
}

impl Used {
    fn write(&self, transaction: &mut Transaction) {
        match self {
            Self::Passkey { ceremony, read, used } => {
                transaction.spend(ceremony, || Refused::NoCeremony.of_input()).update(read, used)
            }
            Self::Totp(totp) => transaction.update(&totp.0, &totp.1),
            Self::Recovery(read, used) => transaction.update(read, used),
        };
    }
}

/// Opens the session that the challenge stands for.
pub async fn verify_second_factor(visitor: &Visitor, input: &VerificationInput) -> Result<Secret> {
    let deps = &visitor.deps;
    let challenge = challenge::of_visitor(visitor).await?;
    let user = challenge.user;
    let shown = Shown::read(&input.ceremony, &input.response).map_err(Refused::of_input)?;
    let mut wanted = vec![keys::email(&challenge.email), keys::second_factor(user), keys::recovery_codes(user)];
    if let Some(shown) = &shown {
        wanted.extend([keys::ceremony(shown.ceremony), keys::passkey(user, &shown.assertion.credential_hash())]);
    }
    let read = || deps.table.get_many(&wanted);
    let subject = [(SECOND_FACTOR, user.to_string())];
    let (attempt, found) = meter::side_by_side(Attempt::count(deps, &subject), read()).await;
    let (attempt, found) = (attempt?, found?);
    let account = found.get::<Account>(&wanted[0])?.ok_or(Error::Unauthenticated)?;
    let opening = Opening::new(deps, visitor, &account, challenge.organization, true)?;
    let scope = &opening.scope(deps, visitor, &account);
    let site = RelyingParty::new(&deps.config.public_url)?;
    let wrong = || Error::field("/code", Rule::WrongCode);
    let recovery = match RecoveryCode::parse(&input.code) {
        Ok(code) => Some(recovery_hash(&deps.vault, user, &code).await?),
        Err(_) => None,
    };
    let spend = async |found: &Items| {
        if let Some(shown) = &shown {
            let ceremony = found.get::<Ceremony>(&wanted[3])?.ok_or_else(|| Refused::NoCeremony.of_input())?;
            ceremony.begun_for(Purpose::Confirmation { user }).map_err(Refused::of_input)?;
            let read = found.get::<Passkey>(&wanted[4])?.ok_or_else(|| Refused::NotProven.of_input())?;
            let used = finish_authentication(&site, &ceremony, &shown.assertion, &read, scope.now());
            let used = Box::new(used.map_err(Refused::of_input)?);
            return Ok(Used::Passkey { ceremony: Box::new(ceremony), read: Box::new(read), used });
        }
        if let Some(hash) = &recovery {
            let codes = found.get::<RecoveryCodes>(&wanted[2])?.ok_or_else(wrong)?;
            let used = codes.used(hash).map_err(|_| wrong())?;
            return Ok(Used::Recovery(codes, used));
        }
        let totp = found.get::<SecondFactor>(&wanted[1])?.ok_or_else(wrong)?;
        let seed = open_seed(&deps.vault, &totp).await?;
        let used = totp.code_used(&seed, &input.code, scope.now()).map_err(|_| wrong())?;
        Ok::<_, Error>(Used::Totp(Box::new((totp, used))))
    };
    // What is wrong is not forgiven, so it is known before anything is written.
    spend(&found).await?;
    let found = First::reading(found);
    let writing = scope.write(|| async {
        let used = spend(&found.or(read).await?).await?;
        let mut transaction = scope.begin("sign_in", opening.session.id);
        used.write(&mut transaction);
        transaction.spend(&challenge, || Error::Unauthenticated);
        opening.write(&mut transaction);
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, attempt.forgive(deps)).await;
    written?;
    Ok(opening.secret)
}
