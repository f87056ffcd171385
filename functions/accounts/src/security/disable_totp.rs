//! Disabling codes of an application.

use kernel::{Error, Result};
use web::Asker;

use super::{News, Proven, ReauthenticationInput};
use crate::account::store::Account;

/// No codes are asked for any more. Passkeys stay, and with one of them the second factor: whether there is one.
pub async fn disable_totp(asker: &Asker, input: &ReauthenticationInput) -> Result<bool> {
    let proven = Proven::read(asker, input).await?;
    let scope = &asker.scope;
    let writing = scope.write(|| async {
        let factors = proven.again(asker).await?;
        let totp = factors.totp.as_ref().filter(|totp| totp.is_confirmed()).ok_or(Error::NotFound)?;
        let mut transaction = scope.begin("disable_totp", asker.user);
        transaction.delete(totp);
        let account = Account { has_totp: false, ..factors.account.value.clone() };
        factors.removed(asker, &mut transaction, &account)?;
        proven.spend(asker, &factors, &mut transaction, &[])?;
        News::TotpDisabled.tell(asker, &mut transaction)?;
        Ok((transaction, account.has_second_factor()))
    });
    proven.forgiven(asker, writing).await
}
