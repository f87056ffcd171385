//! Beginning to add a passkey. Who asks shows here who they are, so that nothing is left on their device that is
//! refused afterwards; the ceremony stands for it.

use kernel::{Result, id::CeremonyId};
use web::Asker;

use super::{Begun, Passkey, Person, RelyingParty, ceremony};
use crate::security::{Proven, ReauthenticationInput};

pub async fn start_passkey_registration(asker: &Asker, input: &ReauthenticationInput) -> Result<Begun> {
    let proven = Proven::read(asker, input).await?;
    let site = RelyingParty::new(&asker.deps().config.public_url)?;
    let person = Person { user: asker.user, email: &asker.email, name: &asker.name };
    let scope = &asker.scope;
    let writing = scope.write(|| async {
        let factors = proven.again(asker).await?;
        let registered: Vec<Passkey> = factors.passkeys.iter().map(|passkey| passkey.value.clone()).collect();
        let id = scope.new_id(CeremonyId::new);
        let (options, ceremony) = ceremony::start_registration(&site, person, &registered, id, scope.now())?;
        let mut transaction = scope.begin("start_passkey", asker.user);
        transaction.create(&ceremony);
        proven.spend(asker, &factors, &mut transaction, &[])?;
        Ok((transaction, Begun { ceremony: id, options }))
    });
    proven.forgiven(asker, writing).await
}
