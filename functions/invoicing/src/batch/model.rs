//! What a batch is: the drafts that somebody chose, how far they are issued, and what could not be. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, Rule,
    error::Conflict,
    id::{InvoiceId, IssueBatchId},
};
use serde::{Deserialize, Serialize};

/// The most drafts of one batch.
pub const INVOICES_MAX: usize = 1_000;

/// How long its outcome can be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchInput {
    /// `inv_…`, 1 to 1 000, issued in this order.
    pub invoices: Vec<String>,
}

impl BatchInput {
    /// Each once.
    pub fn parse(&self) -> Result<Vec<InvoiceId>> {
        let mut invoices: Vec<InvoiceId> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (at, id) in self.invoices.iter().enumerate() {
            let id = id.parse().map_err(|_| Error::field(format!("/invoices/{at}"), Rule::NotAnId))?;
            if seen.insert(id) {
                invoices.push(id);
            }
        }
        match invoices.len() {
            0 => Err(Error::field("/invoices", Rule::NothingChosen)),
            1..=INVOICES_MAX => Ok(invoices),
            _ => Err(Error::field("/invoices", Rule::TooMany { max: INVOICES_MAX })),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssueBatch {
    pub id: IssueBatchId,
    pub created_at: Timestamp,
    pub invoices: Vec<InvoiceId>,
    /// How many were dealt with, from the first one on.
    pub done: usize,
    pub issued: usize,
    pub refused: Vec<Refused>,
    pub finished_at: Option<Timestamp>,
}

/// A draft that could not be issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub invoice: InvoiceId,
    /// Whose it is; empty where there is no such draft any more.
    pub client_name: String,
    /// None where there is no such draft any more.
    pub reason: Option<Conflict>,
}

impl IssueBatch {
    pub fn new(id: IssueBatchId, created_at: Timestamp, invoices: Vec<InvoiceId>) -> Self {
        Self { id, created_at, invoices, done: 0, issued: 0, refused: Vec::new(), finished_at: None }
    }

    /// Those that come next.
    pub fn next(&self, most: usize) -> &[InvoiceId] {
        let rest = self.invoices.get(self.done..).unwrap_or_default();
        rest.get(..most).unwrap_or(rest)
    }

    /// So many more were dealt with.
    pub fn advanced(&self, issued: usize, refused: Vec<Refused>, now: Timestamp) -> Self {
        let done = self.done + issued + refused.len();
        Self {
            done,
            issued: self.issued + issued,
            refused: self.refused.iter().cloned().chain(refused).collect(),
            finished_at: (done >= self.invoices.len()).then_some(now),
            ..self.clone()
        }
    }

    pub fn kept_until(&self) -> Timestamp {
        self.created_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX)
    }
}
