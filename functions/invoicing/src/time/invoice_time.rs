//! A draft of an invoice over time that was worked for one client. Each entry is written in its transaction, so that none
//! stands on two invoices; deleting the draft releases them.

use std::collections::BTreeSet;

use kernel::{
    Error, Result, Rule,
    document::Operations,
    id::{InvoiceId, TimeEntryId},
};
use serde::{Deserialize, Serialize};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{model::lines, store};
use crate::{
    client,
    invoice::{self, Invoice, InvoiceInput},
};

/// How many entries one invoice takes at once: what fits into one transaction beside the invoice.
pub const ENTRIES_MAX: usize = 80;

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceTimeInput {
    /// `com_…`
    pub client_id: String,
    /// `tim_…`, at most 80, of that client and on no invoice.
    pub entry_ids: Vec<String>,
    /// `entry` for a line each, `description` for one over all that is called alike, `total` for one over all; which an
    /// empty text means too. Different prices or VAT rates never share a line.
    #[serde(default)]
    pub grouping: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Entry,
    Description,
    Total,
}

impl Grouping {
    pub const ALL: [Self; 3] = [Self::Total, Self::Description, Self::Entry];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Description => "description",
            Self::Total => "total",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Entry => "Une ligne par saisie",
            Self::Description => "Une ligne par tâche",
            Self::Total => "Une seule ligne",
        }
    }

    fn named(name: &str) -> Result<Self, Rule> {
        if name.is_empty() {
            return Ok(Self::Total);
        }
        Self::ALL.into_iter().find(|grouping| grouping.name() == name).ok_or(Rule::NotAChoice)
    }
}

pub async fn invoice_time(asker: &Asker, input: &InvoiceTimeInput) -> Result<Stored<Invoice>> {
    let scope = &asker.scope;
    let id = scope.new_id(InvoiceId::new);
    let chosen = chosen(&input.entry_ids)?;
    let grouping = Grouping::named(&input.grouping).map_err(|rule| Error::field("/grouping", rule))?;
    scope
        .write(|| async {
            let entries = store::read_all(scope, &chosen);
            let (entries, client) = side_by_side(entries, client::find(asker, &input.client_id)).await;
            let (entries, client) = (entries?, client?);
            let wrong = |rule| Error::field("/entry_ids", rule);
            if entries.len() < chosen.len() || entries.iter().any(|entry| !asker.sees(entry.assigned_to)) {
                return Err(wrong(Rule::NotFound));
            }
            if entries.iter().any(|entry| entry.client != client.reference.id) {
                return Err(wrong(Rule::OtherClient));
            }
            if entries.iter().any(|entry| entry.currency != asker.organization.currency) {
                return Err(wrong(Rule::OtherCurrency));
            }
            let worked: Vec<_> = entries.iter().map(|entry| entry.value.clone()).collect();
            let content = InvoiceInput {
                client_id: input.client_id.clone(),
                supplied_on: worked
                    .iter()
                    .map(|entry| entry.worked_on)
                    .max()
                    .map(|on| on.to_string())
                    .unwrap_or_default(),
                operations: invoice::operations_name(Operations::Services).into(),
                lines: lines(&worked, grouping, &asker.organization),
                ..InvoiceInput::default()
            };
            let content = content.parse(&asker.organization, asker.today(), None)?;
            client::must_fit(&asker.organization, &client, &content.priced)?;
            let invoice = Invoice { time: chosen.clone(), ..Invoice::draft(id, scope.now(), client, content) };
            let mut transaction = scope.begin("invoice_time", id);
            invoice::store::save(&mut transaction, None, &invoice);
            for entry in &entries {
                transaction.update(entry, &entry.invoiced(id)?);
            }
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}

fn chosen(ids: &[String]) -> Result<Vec<TimeEntryId>> {
    let wrong = |rule| Error::field("/entry_ids", rule);
    if ids.is_empty() {
        return Err(wrong(Rule::NothingChosen));
    }
    if ids.len() > ENTRIES_MAX {
        return Err(wrong(Rule::TooMany { max: ENTRIES_MAX }));
    }
    let parsed = ids.iter().map(|id| id.parse::<TimeEntryId>().map_err(|_| wrong(Rule::NotFound)));
    let parsed: BTreeSet<_> = parsed.collect::<Result<_>>()?;
    Ok(parsed.into_iter().collect())
}
