//! Removing a passkey: from now on it opens nothing.

use kernel::{Error, Result, id::PasskeyId};
use web::Asker;

use crate::{
    account::store::Account,
    security::{News, Proven, ReauthenticationInput},
};

pub async fn remove_passkey(asker: &Asker, id: PasskeyId, input: &ReauthenticationInput) -> Result<()> {
    let proven = Proven::read(asker, input).await?;
    let scope = &asker.scope;
    let writing = scope.write(|| async {
        let factors = proven.again(asker).await?;
        let passkey = factors.passkeys.iter().find(|passkey| passkey.id == id).ok_or(Error::NotFound)?;
        let mut transaction = scope.begin("remove_passkey", id);
        transaction.delete(passkey);
        let account = Account { passkeys: factors.account.passkeys.saturating_sub(1), ..factors.account.value.clone() };
        factors.removed(asker, &mut transaction, &account)?;
        proven.spend(asker, &factors, &mut transaction, &[id])?;
        News::PasskeyRemoved(&passkey.name).tell(asker, &mut transaction)?;
        Ok((transaction, ()))
    });
    proven.forgiven(asker, writing).await
}
