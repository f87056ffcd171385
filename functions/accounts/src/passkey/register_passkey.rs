//! Adding the passkey that a device has just made.

use jiff::Timestamp;
use kernel::{
    Error, Result, Rule,
    id::{CeremonyId, PasskeyId},
    legal,
};
use serde::{Deserialize, Serialize};
use web::Asker;

use super::{NAME_MAX, PASSKEYS_MAX, Passkey, Person, Refused, RelyingParty, Response, finish_registration};
use crate::{
    account::store::Account,
    security::{Factors, News},
    two_factor::{RecoveryCode, recovery_hashes},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewPasskeyInput {
    /// What its owner calls it.
    pub name: String,
    /// `cer_…`, of the beginning.
    pub ceremony: String,
    /// What `navigator.credentials.create()` gave, as its `toJSON()`.
    #[schema(value_type = Object)]
    pub response: Response,
}

/// What its owner sees of a passkey.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Described {
    /// `psk_…`
    #[schema(value_type = String)]
    pub id: PasskeyId,
    pub name: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// Whether other devices of its owner have it too, as of its last use.
    pub is_synchronized: bool,
}

impl Described {
    pub fn of(passkey: &Passkey) -> Self {
        let Passkey { id, name, created_at, last_used_at, backed_up, .. } = passkey.clone();
        Self { id, name, created_at, last_used_at, is_synchronized: backed_up }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Registered {
    pub passkey: Described,
    /// With somebody's first factor. Never stored, so absent when an Idempotency-Key gives the first answer again.
    #[serde(skip)]
    pub recovery: Vec<RecoveryCode>,
}

/// From now on signing in asks for more than the password; this session counts as having shown it.
pub async fn register_passkey(asker: &Asker, input: &NewPasskeyInput) -> Result<Registered> {
    let name = legal::required(&input.name, NAME_MAX).map_err(|rule| Error::field("/name", rule))?;
    let ceremony: CeremonyId = input.ceremony.parse().map_err(|_| Refused::NoCeremony.of_input())?;
    let deps = asker.deps();
    let site = RelyingParty::new(&deps.config.public_url)?;
    let person = Person { user: asker.user, email: &asker.email, name: &asker.name };
    let codes = RecoveryCode::draw_all(&mut rand::rng());
    let hashes = recovery_hashes(&deps.vault, asker.user, &codes).await?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let factors = Factors::read(asker, Some(ceremony)).await?;
            let begun = factors.ceremony.as_ref().ok_or_else(|| Refused::NoCeremony.of_input())?;
            if usize::from(factors.account.passkeys) >= PASSKEYS_MAX {
                return Err(Error::field("", Rule::TooMany { max: PASSKEYS_MAX }));
            }
            let id = scope.new_id(PasskeyId::new);
            let passkey = finish_registration(&site, begun, person, &input.response.0, (id, &name), scope.now())
                .map_err(Refused::of_input)?;
            let mut transaction = scope.begin("register_passkey", id);
            // A device that makes the same one twice was told not to.
            transaction
                .spend(begun, || Refused::NoCeremony.of_input())
                .claim(&passkey, || Refused::NotProven.of_input());
            let account =
                Account { passkeys: factors.account.passkeys.saturating_add(1), ..factors.account.value.clone() };
            let is_first = factors.added(&mut transaction, &account, &hashes);
            News::PasskeyRegistered(&name).tell(asker, &mut transaction)?;
            let recovery = if is_first { codes.clone() } else { Vec::new() };
            Ok((transaction, Registered { passkey: Described::of(&passkey), recovery }))
        })
        .await
}
