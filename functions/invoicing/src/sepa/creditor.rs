//! Who collects: the creditor identifier (ICS) that the Banque de France gives through one's bank.

use kernel::{Error, Result, legal};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SepaCreditor {
    pub creditor_id: String,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CreditorInput {
    /// `FR72ZZZ123456`
    pub creditor_id: String,
}

pub async fn set_creditor(scope: &Scope, input: &CreditorInput) -> Result<Stored<SepaCreditor>> {
    let creditor_id = legal::creditor_id(&input.creditor_id).map_err(|rule| Error::field("/creditor_id", rule))?;
    let changed = SepaCreditor { creditor_id };
    scope
        .write(|| async {
            let read = scope.get::<SepaCreditor>(&scope.keys().sepa_creditor()).await?;
            let mut transaction = scope.begin("set_sepa_creditor", scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            let version = read.map_or(1, |read| read.version + 1);
            Ok((transaction, Stored { value: changed.clone(), version }))
        })
        .await
}
