//! The widget of Accueil: what was done last, and by whom.

use askama::Template;
use kernel::{Actor, page::PageRequest, tenant::WEB_FORM};
use table::AuditEntry;
use web::{Asker, PageResult, page};

use super::{
    Filter, acts,
    words::{self, Labels, Words},
};

pub const PATH: &str = "/organisation/widgets/activite";
const SHOWN: u16 = 6;

#[derive(Template)]
#[template(path = "widget_feed.html")]
struct Feed {
    rows: Vec<Row>,
}

struct Row {
    who: String,
    /// It says to what kind of thing it was done.
    act: String,
    /// The name of that thing; nothing where it has none.
    object: String,
    href: Option<String>,
    at: String,
}

fn who(actor: &Actor) -> String {
    match actor {
        Actor::User { name, .. } | Actor::Token { name, .. } | Actor::Client { name, .. } => name.clone(),
        Actor::System { name } if name == WEB_FORM => "Formulaire web".into(),
        Actor::System { .. } => "ABSERVICE".into(),
    }
}

impl Row {
    fn of(asker: &Asker, words: &Words, entry: &AuditEntry, labels: &Labels) -> Self {
        let object = words.object(entry, labels);
        let local = entry.at.to_zoned(asker.organization.zone());
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        let is_today = local.date() == asker.today();
        Self {
            who: who(&entry.actor),
            act: acts::french(&entry.act).unwrap_or(&entry.act).into(),
            object: object.name,
            href: object.href,
            at: if is_today { time } else { format!("{} à {time}", asker.organization.date(local.date())) },
        }
    }
}

pub async fn show_feed(asker: Asker) -> PageResult {
    let first = PageRequest { limit: SHOWN, cursor: None };
    let entries =
        super::list_entries(&asker.scope, &asker.organization, asker.today(), &Filter::default(), &first).await?.items;
    let (words, labels) = (Words::new(&asker.organization), words::labels(&entries));
    page(&Feed { rows: entries.iter().map(|entry| Row::of(&asker, &words, entry, &labels)).collect() })
}
