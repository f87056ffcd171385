//! New recovery codes, shown this once; the old ones are worth nothing.

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use web::Asker;

use super::{News, Proven, ReauthenticationInput};
use crate::two_factor::{RecoveryCode, RecoveryCodes, recovery_hashes};

/// Codes to be shown. Never stored, so none when an Idempotency-Key gives the first answer again.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Given {
    #[serde(skip)]
    pub(super) codes: Vec<RecoveryCode>,
}

pub async fn renew_recovery_codes(asker: &Asker, input: &ReauthenticationInput) -> Result<Vec<RecoveryCode>> {
    let proven = Proven::read(asker, input).await?;
    let codes = RecoveryCode::draw_all(&mut rand::rng());
    let hashes = recovery_hashes(&asker.deps().vault, asker.user, &codes).await?;
    let scope = &asker.scope;
    let writing = scope.write(|| async {
        let factors = proven.again(asker).await?;
        if !factors.account.has_second_factor() {
            return Err(Error::NotFound);
        }
        let mut transaction = scope.begin("renew_recovery_codes", asker.user);
        let renewed = RecoveryCodes { user: asker.user, hashes: hashes.clone() };
        // They go with the last factor: none may go meanwhile.
        transaction.save(factors.recovery.as_ref(), &renewed).update(&factors.account, &factors.account.value);
        proven.spend(asker, &factors, &mut transaction, &[])?;
        News::RecoveryCodesRenewed.tell(asker, &mut transaction)?;
        Ok((transaction, Given { codes: codes.clone() }))
    });
    proven.forgiven(asker, writing).await.map(|given: Given| given.codes)
}
