//! By what a client who is a private person is found elsewhere: the names and addresses that they have or had. The present
//! ones stand in the company, those before in its history. Pure.

use kernel::id::CompanyId;
use serde_json::Value;
use table::{AuditEntry, audit::Change, erasure::Traces};

use super::Company;

const NAME: &str = "name";
const EMAIL: &str = "email";

/// What was typed in `history`, in whichever order.
pub fn traces(company: &Company, history: &[AuditEntry]) -> Traces {
    let own = |change: &&Change| is_of(company.id, change);
    let changes = || history.iter().flat_map(|entry| &entry.changed).filter(own);
    let typed = |field: &'static str, now: Option<&String>| {
        let mut all: Vec<String> = now.into_iter().cloned().collect();
        for text in changes().flat_map(|change| [change.before.get(field), change.after.get(field)]) {
            let text = text.and_then(Value::as_str).map(str::to_owned);
            all.extend(text.filter(|text| !all.contains(text)));
        }
        all
    };
    Traces {
        names: typed(NAME, Some(&company.name)),
        emails: typed(EMAIL, company.email.as_ref()),
        details: [
            typed("phone", company.phone.as_ref()),
            typed("address.street", company.address.as_ref().map(|address| &address.street)),
            typed("address.complement", company.address.as_ref().and_then(|address| address.complement.as_ref())),
        ]
        .concat(),
        companies: vec![company.id],
    }
}

fn is_of(company: CompanyId, change: &Change) -> bool {
    change.item == "company" && change.id.as_deref() == Some(&company.to_string())
}
