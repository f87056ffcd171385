//! All of somebody's factors, as each change of one of them needs it.

use kernel::{Error, Result, error::Conflict, id::CeremonyId};
use table::{Stored, Transaction, keys, meter};
use web::{Asker, Session, SessionsOfUser};

use crate::{
    account::store::Account,
    passkey::{Ceremony, Passkey},
    two_factor::{RecoveryCodes, SecondFactor},
};

pub(crate) struct Factors {
    pub account: Stored<Account>,
    pub totp: Option<Stored<SecondFactor>>,
    pub passkeys: Vec<Stored<Passkey>>,
    pub recovery: Option<Stored<RecoveryCodes>>,
    /// The one that asks.
    pub session: Stored<Session>,
    pub ceremony: Option<Stored<Ceremony>>,
}

impl Factors {
    pub async fn read(asker: &Asker, ceremony: Option<CeremonyId>) -> Result<Self> {
        let session = asker.session.as_ref().ok_or(Error::Forbidden)?;
        let mut wanted = vec![keys::email(&asker.email), keys::session(&session.hash)];
        wanted.extend(ceremony.map(keys::ceremony));
        let (table, factors) = (&asker.deps().table, keys::factors(asker.user));
        let (found, factors) = meter::side_by_side(table.get_many(&wanted), table.collection(&factors)).await;
        let (found, factors) = (found?, factors?);
        Ok(Self {
            account: found.get(&wanted[0])?.ok_or(Error::NotFound)?,
            totp: factors.first()?,
            passkeys: factors.all()?,
            recovery: factors.first()?,
            session: found.get(&wanted[1])?.ok_or(Error::Unauthenticated)?,
            ceremony: wanted.get(2).map(|key| found.get(key)).transpose()?.flatten(),
        })
    }

    /// Writes the account with a factor more, which this session counts as having shown. Somebody's first one comes
    /// with recovery codes, of which these are the hashes: whether it does.
    pub fn added(&self, transaction: &mut Transaction, account: &Account, hashes: &[String]) -> bool {
        let is_first = !self.account.has_second_factor();
        transaction.update(&self.account, account);
        if !self.session.second_factor {
            transaction.update(&self.session, &Session { second_factor: true, ..self.session.value.clone() });
        }
        if is_first {
            let codes = RecoveryCodes { user: account.user, hashes: hashes.to_vec() };
            transaction.save(self.recovery.as_ref(), &codes);
        }
        is_first
    }

    /// Writes the account with a factor less. Every other session ends: whoever had that factor may have opened it. With
    /// the last one go the recovery codes, and this session counts for no more than the password: in no organization
    /// may one count for what there is no more.
    pub fn removed(&self, asker: &Asker, transaction: &mut Transaction, account: &Account) -> Result<()> {
        let session = &self.session;
        let others = SessionsOfUser { user: asker.user, valid_from: asker.scope.now(), except: Some(session.id) };
        transaction.update(&self.account, account).replace(&others);
        if account.has_second_factor() {
            return Ok(());
        }
        if asker.organization.requires_two_factor {
            return Err(Error::Conflict(Conflict::LastFactor));
        }
        if let Some(codes) = &self.recovery {
            transaction.delete(codes);
        }
        let plain = Session { second_factor: false, platform: false, ..session.value.clone() };
        transaction.update(session, &plain);
        Ok(())
    }
}
