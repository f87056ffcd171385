//! All that there is on oneself, as a file (RGPD art. 15 and 20). What accounts alone may read is put into the request, for
//! as long as the worker has not written it; no hash, seed or id of a session is part of it.

use std::collections::BTreeMap;

use kernel::{
    Error, Result,
    event::Person,
    export::{Export, Exports},
    id::ExportId,
};
use serde_json::{Value, json};
use table::{erasure::Traces, exports::Sought, keys, meter};
use web::{
    Asker,
    export::Download,
    person::{self, Known},
    team::UserOrganization,
};

use super::{Account, show_profile};
use crate::{
    passkey::Passkey,
    session::tell_sessions,
    two_factor::{RecoveryCodes, SecondFactor},
};

/// A token is for one organization, and this is of all of them: it takes a session.
pub async fn request_own_export(asker: &Asker) -> Result<Export> {
    asker.session.as_ref().ok_or(Error::Forbidden)?;
    person::request_person_export(asker, Person::User(asker.user), || Box::pin(known(asker))).await
}

async fn known(asker: &Asker) -> Result<Known> {
    let (table, mine, factors) =
        (&asker.deps().table, keys::memberships_of_user(asker.user), keys::factors(asker.user));
    let lists = meter::side_by_side(table.collection(&mine), table.collection(&factors));
    let account = meter::side_by_side(show_profile(asker), tell_sessions(asker));
    let ((account, sessions), (mine, factors)) = meter::side_by_side(account, lists).await;
    let (account, factors) = (account?, factors?);
    let (passkeys, totp) = (factors.all::<Passkey>()?, factors.first::<SecondFactor>()?);
    let codes = factors.first::<RecoveryCodes>()?.map_or(0, |codes| codes.hashes.len());
    let sessions = sessions?.into_iter().map(|session| {
        json!({
            "created_at": session.created_at, "seen_at": session.seen_at, "expires_at": session.expires_at,
            "second_factor": session.second_factor, "address": session.address, "user_agent": session.user_agent,
        })
    });
    let passkeys = passkeys.into_iter().map(|passkey| {
        json!({
            "name": passkey.name, "created_at": passkey.created_at, "last_used_at": passkey.last_used_at,
            "transports": passkey.transports, "backed_up": passkey.backed_up,
        })
    });
    let organizations = mine?.all::<UserOrganization>()?.into_iter();
    let organizations = organizations.map(|line| json!({ "id": line.organization, "name": line.name }));
    let own = [
        ("compte", told(&account, totp.is_some(), codes)),
        ("sessions", sessions.collect()),
        ("cles-acces", passkeys.collect()),
        ("entreprises", organizations.collect()),
    ];
    let mut files = BTreeMap::new();
    for (name, value) in own {
        files.insert(name.to_owned(), serde_json::to_string_pretty(&value).map_err(Error::internal)?);
    }
    let traces = Traces { emails: vec![account.email.clone()], ..Traces::default() };
    let sought = Sought { traces, portrait: account.portrait, own: files };
    Ok(Known { sought, read: (keys::email(&asker.email), account.version) })
}

fn told(account: &Account, has_seed: bool, codes: usize) -> Value {
    json!({
        "id": account.user, "name": account.name, "email": account.email, "job_title": account.job_title,
        "phone": account.phone, "created_at": account.created_at, "email_verified_at": account.email_verified_at,
        "organization": account.organization, "authenticator_application": account.has_totp && has_seed,
        "passkeys": account.passkeys, "recovery_codes_left": codes,
    })
}

pub async fn list_own_exports(asker: &Asker) -> Result<Exports> {
    person::list_person_exports(asker, Person::User(asker.user)).await
}

/// As [`request_own_export`].
pub async fn download_own_export(asker: &Asker, export: ExportId) -> Result<Download> {
    asker.session.as_ref().ok_or(Error::Forbidden)?;
    person::download_person_export(asker, Person::User(asker.user), export).await
}
