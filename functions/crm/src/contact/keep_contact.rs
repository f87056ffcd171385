//! Keeping a contact whose years are over, or soon will be: for the same number of years again, with the reason that
//! whoever decides it must be able to give (RGPD art. 5-2).

use kernel::{Error, Result, Rule, Violations, id::ContactId, legal};
use serde::Deserialize;
use web::Asker;

use super::{Contact, Kept};
use crate::retention::Retention;

#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeepInput {
    /// Why they are still needed; the audit log and the contact's page show it.
    pub reason: String,
}

impl KeepInput {
    pub fn parse(&self) -> Result<String, Violations> {
        let mut wrong = Violations::default();
        wrong.take("/reason", reason(&self.reason)).ok_or(wrong)
    }
}

fn reason(text: &str) -> Result<String, Rule> {
    legal::required(text, 500)
}

/// Keeping again on the same day for the same reason changes nothing.
pub async fn keep_contact(asker: &Asker, id: ContactId, input: &KeepInput) -> Result<Kept> {
    let scope = &asker.scope;
    let kept = Kept { reason: input.parse()?, kept_on: asker.organization.day(scope.now()) };
    scope
        .write(|| async {
            let current = scope.get::<Contact>(&scope.keys().contact(id)).await?.ok_or(Error::NotFound)?;
            asker.must_see(current.assigned_to)?;
            let mut transaction = scope.begin("keep_contact", id);
            if current.kept.as_ref() == Some(&kept) {
                return Ok((transaction.nothing(), kept.clone()));
            }
            let changed = Contact { kept: Some(kept.clone()), ..current.value.clone() };
            transaction.update(&current, &changed).replace(&Retention::of_contact(&changed, kept.kept_on));
            Ok((transaction, kept.clone()))
        })
        .await
}
