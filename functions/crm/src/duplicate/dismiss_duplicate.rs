//! Saying that two records are two. It stays said, whatever they come to have in common.

use kernel::{Error, Result, Rule, Violations};
use serde::{Deserialize, Serialize};
use table::Stored;
use web::Asker;

use super::{Duplicate, store::key};
use crate::record::Record;

/// The same for the form and the API; which is which does not matter.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PairInput {
    /// `com_…` or `con_…`
    pub record: String,
    /// Of the same kind.
    pub other: String,
}

impl PairInput {
    pub fn parse(&self) -> Result<(Record, Record), Violations> {
        let mut wrong = Violations::default();
        let record = wrong.take("/record", self.record.parse::<Record>().map_err(|_| Rule::NotAnId));
        let other = wrong.take("/other", self.other.parse::<Record>().map_err(|_| Rule::NotAnId));
        match (record, other) {
            (Some(record), Some(other)) if record.kind() == other.kind() && record != other => Ok((record, other)),
            (Some(_), Some(_)) => {
                wrong.add("/other", Rule::NotAChoice);
                Err(wrong)
            }
            _ => Err(wrong),
        }
    }
}

/// Saying it again changes nothing.
pub async fn dismiss_duplicate(asker: &Asker, input: &PairInput) -> Result<Duplicate> {
    let (record, other) = input.parse()?;
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let here = keys.duplicate(&key(keys, record), other.ulid());
    scope
        .write(|| async {
            let read: Stored<Duplicate> = scope.get(&here).await?.ok_or(Error::NotFound)?;
            asker.must_see(read.subject.assigned_to)?;
            asker.must_see(read.other_subject.assigned_to)?;
            let mut transaction = scope.begin("dismiss_duplicate", record);
            if read.dismissed_at.is_some() {
                return Ok((transaction.nothing(), read.value));
            }
            let dismissed = Duplicate { dismissed_at: Some(scope.now()), ..read.value.clone() };
            transaction.update(&read, &dismissed).replace(&dismissed.turned());
            Ok((transaction, dismissed))
        })
        .await
}
