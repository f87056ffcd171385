//! By what a client who is a private person is found elsewhere: the names and addresses that they have or had. The present
//! ones stand in the company, those before in its history. Pure.

use kernel::id::CompanyId;
use table::{AuditEntry, audit::Change, erasure::Traces};

use super::Company;

/// What was typed in `history`, in whichever order.
pub fn traces(company: &Company, history: &[AuditEntry]) -> Traces {
    traced(company.id, Some(company), history)
}

/// The same of one that is not there any more.
pub fn traces_of_former(company: CompanyId, history: &[AuditEntry]) -> Traces {
    traced(company, None, history)
}

fn traced(id: CompanyId, company: Option<&Company>, history: &[AuditEntry]) -> Traces {
    let own = |change: &&Change| is_of(id, change);
    let changes = || history.iter().flat_map(|entry| &entry.changed).filter(own);
    let then = |is: fn(&str) -> bool| {
        let fields = changes().flat_map(|change| change.before.iter().chain(&change.after));
        fields.filter(move |(path, _)| is(path)).filter_map(|(_, value)| value.as_str()).map(str::to_owned)
    };
    let all = |now: Vec<&String>, is: fn(&str) -> bool| {
        let mut all: Vec<String> = now.into_iter().cloned().collect();
        for text in then(is) {
            if !all.contains(&text) {
                all.push(text);
            }
        }
        all
    };
    let addresses = company
        .into_iter()
        .flat_map(|company| company.address.iter().chain(company.addresses.iter().map(|other| &other.address)));
    let places = addresses.flat_map(|address| [Some(&address.street), address.complement.as_ref()]);
    let now = |text: fn(&Company) -> Option<&String>| company.and_then(text).into_iter().collect();
    Traces {
        names: all(now(|company| Some(&company.name)), |path| path == "name"),
        emails: all(now(|company| company.email.as_ref()), |path| path == "email"),
        details: [
            all(now(|company| company.phone.as_ref()), |path| path == "phone"),
            all(places.flatten().collect(), is_place),
        ]
        .concat(),
        companies: vec![id],
    }
}

/// Of the address, and of the further ones: `addresses.0.street`.
fn is_place(path: &str) -> bool {
    let is_address = path.starts_with("address.") || path.starts_with("addresses.");
    is_address && (path.ends_with(".street") || path.ends_with(".complement"))
}

fn is_of(company: CompanyId, change: &Change) -> bool {
    change.item == "company" && change.id.as_deref() == Some(&company.to_string())
}
