//! By what an erased contact is to be found elsewhere: the names and addresses that they have or had, and the companies
//! where they were. The present ones stand in the contact, those before in its history. Pure.

use std::collections::BTreeMap;

use kernel::id::ContactId;
use serde_json::Value;
use table::{AuditEntry, audit::Fields, erasure::Traces};

use super::{Contact, Person};

const FIRST_NAME: &str = "person.first_name";
const LAST_NAME: &str = "person.last_name";
const EMAIL: &str = "person.email";
const COMPANY: &str = "company.id";

/// `history` has the newest first.
pub fn traces(contact: &Contact, history: &[AuditEntry]) -> Traces {
    let Person { first_name, last_name, email, .. } = contact.person.clone();
    let company = contact.company.as_ref().map(|company| company.id.to_string());
    let now =
        BTreeMap::from([(FIRST_NAME, first_name), (LAST_NAME, Some(last_name)), (EMAIL, email), (COMPANY, company)]);
    let mut traces = traced(contact.id, now, history);
    for line in contact.former_lines() {
        if !traces.companies.contains(&line.company) {
            traces.companies.push(line.company);
        }
    }
    traces
}

/// The same of one who is not there any more: their history ends with what they were last.
pub fn traces_of_former(contact: ContactId, history: &[AuditEntry]) -> Traces {
    let gone = BTreeMap::from([(FIRST_NAME, None), (LAST_NAME, None), (EMAIL, None), (COMPANY, None)]);
    traced(contact, gone, history)
}

fn traced(contact: ContactId, mut now: BTreeMap<&str, Option<String>>, history: &[AuditEntry]) -> Traces {
    let mut traces = Traces::default();
    note(&mut traces, &now);
    for change in history.iter().flat_map(|entry| &entry.changed).filter(|change| is_of(contact, change)) {
        for (path, value) in &mut now {
            if change.before.contains_key(*path) || change.after.contains_key(*path) {
                *value = text(&change.before, path);
            }
        }
        note(&mut traces, &now);
    }
    traces
}

fn is_of(contact: ContactId, change: &table::audit::Change) -> bool {
    change.item == "contact" && change.id.as_deref() == Some(&contact.to_string())
}

fn text(fields: &Fields, path: &str) -> Option<String> {
    fields.get(path).and_then(Value::as_str).map(str::to_owned)
}

fn note(traces: &mut Traces, now: &BTreeMap<&str, Option<String>>) {
    let field = |path: &str| now.get(path).cloned().flatten();
    let name = match (field(FIRST_NAME), field(LAST_NAME)) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (None, last) => last,
        (Some(_), None) => None,
    };
    traces.names.extend(name.filter(|name| !traces.names.contains(name)));
    traces.emails.extend(field(EMAIL).filter(|email| !traces.emails.contains(email)));
    let company = field(COMPANY).and_then(|id| id.parse().ok());
    traces.companies.extend(company.filter(|company| !traces.companies.contains(company)));
}
