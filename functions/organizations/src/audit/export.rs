//! A month of the log, or the history of one object, as a file for a French spreadsheet.

use kernel::{Actor, Result, page::PageRequest};
use table::AuditEntry;
use web::{Asker, spreadsheet::Spreadsheet};

use super::{
    Filter, acts, list_entries,
    pages::EXPORT,
    words::{self, ChangeWords, Labels, Words},
};

/// A function answers with at most 6 MB.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// A function has some seconds.
const READINGS_MAX: usize = 40;
const ENTRIES_PER_READING: u16 = 500;

const HEADER: [&str; 12] = [
    "Date et heure",
    "Instant (UTC)",
    "Auteur",
    "Nature de l’auteur",
    "Identifiant de l’auteur",
    "Adresse IP",
    "Action",
    "Code de l’action",
    "Objet",
    "Identifiant de l’objet",
    "Modifications",
    "Navigateur",
];

/// The file. Where not all fits, its last line says where the rest is.
pub async fn export_entries(asker: &Asker, filter: &Filter, start: Option<String>) -> Result<Vec<u8>> {
    let words = Words::new(&asker.organization);
    let mut file = Spreadsheet::new(Vec::new(), &HEADER)?;
    let mut page = PageRequest { limit: ENTRIES_PER_READING, cursor: start };
    for reading in 1.. {
        let found = list_entries(&asker.scope, &asker.organization, asker.today(), filter, &page).await?;
        let labels = words::labels(&found.items);
        for entry in &found.items {
            file.row(row(&words, entry, &labels))?;
        }
        let Some(cursor) = found.next_cursor else { break };
        if reading == READINGS_MAX || file.flushed()?.len() > BYTES_MAX {
            let rest = filter.link(EXPORT, Some(&cursor));
            file.row([format!("Fichier incomplet. La suite : {rest}")])?;
            break;
        }
        page.cursor = Some(cursor);
    }
    file.finish()
}

fn row(words: &Words, entry: &AuditEntry, labels: &Labels) -> [String; 12] {
    let (name, kind, id, address) = match &entry.actor {
        Actor::User { id, name, address } => (name, "Utilisateur", id.to_string(), *address),
        Actor::Token { id, name, address, .. } => (name, "Jeton d’API", id.to_string(), *address),
        Actor::Client { name, address } => (name, "Client", String::new(), *address),
        Actor::System { name } => (name, "Système", String::new(), None),
    };
    [
        words.instant(entry.at),
        entry.at.to_string(),
        name.clone(),
        kind.into(),
        id,
        address.map(|address| address.to_string()).unwrap_or_default(),
        acts::french(&entry.act).unwrap_or_default().into(),
        entry.act.clone(),
        words.object(entry, labels).to_string(),
        entry.object.clone(),
        words.changes(entry).iter().map(in_a_cell).collect::<Vec<_>>().join("\n"),
        entry.user_agent.clone().unwrap_or_default(),
    ]
}

fn in_a_cell(change: &ChangeWords) -> String {
    let fields = change.fields.iter().map(|field| match (field.before.as_str(), field.after.as_str()) {
        ("", after) => format!("{} : {after}", field.name),
        (before, "") => format!("{} : {before} → (vide)", field.name),
        (before, after) => format!("{} : {before} → {after}", field.name),
    });
    let named_only = (!change.named_only.is_empty()).then(|| format!("aussi : {}", change.named_only));
    format!("{} ({}) – {}", change.title, change.operation, fields.chain(named_only).collect::<Vec<_>>().join(" ; "))
}
