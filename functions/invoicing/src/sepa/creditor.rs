//! Who collects: the creditor identifier (ICS) that the Banque de France gives through one's bank, and how long before a debit
//! its clients are told.

use kernel::{Result, Rule, Violations, legal};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored};

/// Where nothing else was agreed (EPC SDD Core Rulebook, 4.3.1).
pub const NOTICE_DAYS: u8 = 14;
const NOTICE_MAX: u8 = 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SepaCreditor {
    pub creditor_id: String,
    /// Days between the notice of a debit and the debit.
    pub notice_days: u8,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CreditorInput {
    /// `FR72ZZZ123456`
    pub creditor_id: String,
    /// Days between the notice of a debit and the debit, 1 to 60; fewer than 14 where clients agreed. Empty for 14.
    pub notice_days: String,
}

impl CreditorInput {
    fn parse(&self) -> std::result::Result<SepaCreditor, Violations> {
        let mut wrong = Violations::default();
        let creditor_id = wrong.take("/creditor_id", legal::creditor_id(&self.creditor_id));
        let notice_days = wrong.take("/notice_days", notice_days(&self.notice_days));
        match (creditor_id, notice_days) {
            (Some(creditor_id), Some(notice_days)) => Ok(SepaCreditor { creditor_id, notice_days }),
            _ => Err(wrong),
        }
    }
}

fn notice_days(text: &str) -> std::result::Result<u8, Rule> {
    match text.trim() {
        "" => Ok(NOTICE_DAYS),
        typed => match typed.parse() {
            Ok(days) if (1..=NOTICE_MAX).contains(&days) => Ok(days),
            Ok(_) => Err(Rule::OutOfRange { min: "1".into(), max: NOTICE_MAX.to_string() }),
            Err(_) => Err(Rule::NotAWholeNumber),
        },
    }
}

pub async fn set_creditor(scope: &Scope, input: &CreditorInput) -> Result<Stored<SepaCreditor>> {
    let changed = input.parse()?;
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
