//! The social security number (NIR): sealed, and read by few (décret 2019-341).

use kernel::{Error, Result, Violations, id::EmployeeId, legal};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use web::Asker;

use super::Employee;

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NirInput {
    /// 15 characters with the key; empty to forget it.
    pub nir: String,
}

impl std::fmt::Debug for NirInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NirInput(…)")
    }
}

/// Keeps a number, or forgets it. With the version of the file after it.
pub async fn set_nir(asker: &Asker, id: EmployeeId, input: &NirInput, seen: Option<u64>) -> Result<u64> {
    let mut wrong = Violations::default();
    let nir = wrong.take("/nir", legal::optional(&input.nir, legal::nir)).ok_or(wrong)?;
    let scope = &asker.scope;
    let purpose = Employee::nir_purpose(scope.tenant().organization(), id);
    let sealed = match nir {
        Some(nir) => Some(asker.deps().vault.seal(&purpose, nir.as_bytes()).await?),
        None => None,
    };
    scope
        .write(|| async {
            let read = scope.get::<Employee>(&scope.keys().employee(id)).await?.ok_or(Error::NotFound)?;
            let read = read.expect_version(seen)?;
            let mut transaction = scope.begin("set_nir", id);
            transaction.update(&read, &Employee { nir: sealed.clone(), ..read.value.clone() });
            Ok((transaction, read.version + 1))
        })
        .await
}

/// The number, where one is kept.
pub async fn read_nir(asker: &Asker, id: EmployeeId) -> Result<Option<SecretString>> {
    let read = asker.scope.get::<Employee>(&asker.scope.keys().employee(id)).await?.ok_or(Error::NotFound)?;
    let Some(sealed) = &read.nir else { return Ok(None) };
    let purpose = Employee::nir_purpose(asker.scope.tenant().organization(), id);
    let opened = asker.deps().vault.open(&purpose, sealed).await?;
    let text = std::str::from_utf8(opened.expose_secret()).map_err(Error::internal)?;
    Ok(Some(SecretString::from(text)))
}
