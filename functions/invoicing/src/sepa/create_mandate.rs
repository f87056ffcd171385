//! Taking a mandate down, with its IBAN sealed; and revoking it.

use cloud::Vault;
use kernel::{Error, Result, id::MandateId};
use table::Stored;
use web::Asker;

use super::{Mandate, MandateInput, store};
use crate::client;

pub async fn create_mandate(asker: &Asker, input: &MandateInput) -> Result<Mandate> {
    let (scope, vault): (_, &Vault) = (&asker.scope, &asker.deps().vault);
    let new = input.parse(asker.today());
    let client = client::find(asker, &input.client_id).await;
    let (new, client) = match (new, client) {
        (Ok(new), client) => (new, client?.reference),
        (Err(wrong), Ok(_)) => return Err(wrong.into()),
        (Err(mut wrong), Err(Error::Invalid(other))) => {
            for violation in other.iter() {
                wrong.add(violation.pointer.clone(), violation.rule.clone());
            }
            return Err(wrong.into());
        }
        (Err(_), Err(other)) => return Err(other),
    };
    let id = scope.new_id(MandateId::new);
    let purpose = Mandate::purpose(scope.tenant().organization(), id);
    let mandate = Mandate {
        id,
        client: client.id,
        client_name: client.name.clone(),
        reference: new.reference.unwrap_or_else(|| format!("RUM-{}", id.ulid())),
        debtor: new.debtor.unwrap_or_else(|| client.name.chars().take(70).collect()),
        shown: Mandate::masked(&new.iban),
        iban: vault.seal(&purpose, new.iban.as_bytes()).await?,
        bic: new.bic,
        signed_on: new.signed_on,
        scheme: new.scheme,
        is_one_off: new.is_one_off,
        created_at: scope.now(),
        used: None,
        revoked_on: None,
    };
    scope
        .write(|| async {
            let mut transaction = scope.begin("create_mandate", id);
            transaction.create(&mandate).claim(&mandate.claim(), store::taken);
            client::note(&mut transaction, mandate.client);
            Ok((transaction, mandate.clone()))
        })
        .await
}

/// From now on nothing is debited by it. Twice is once.
pub async fn revoke_mandate(asker: &Asker, id: MandateId) -> Result<Stored<Mandate>> {
    let (scope, today) = (&asker.scope, asker.today());
    scope
        .write(|| async {
            let read = scope.get::<Mandate>(&scope.keys().mandate(id)).await?.ok_or(Error::NotFound)?;
            let transaction = scope.begin("revoke_mandate", id);
            if read.revoked_on.is_some() {
                return Ok((transaction.nothing(), read));
            }
            let mut transaction = transaction;
            let revoked = Mandate { revoked_on: Some(today), ..read.value.clone() };
            transaction.update(&read, &revoked);
            Ok((transaction, Stored { value: revoked, version: read.version + 1 }))
        })
        .await
}
