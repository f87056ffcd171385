//! Numbers without gap or duplicate: taken in the transaction of the document, never before (CGI ann. II
//! art. 242 nonies A).

use serde::{Deserialize, Serialize};

use crate::{Audit, Index, Item, Key, TenantKeys};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// `FAC-2026`: a prefix and the year of issue.
    pub series: String,
    /// The next number to give, from 1.
    pub next: u64,
}

impl Sequence {
    pub fn series(prefix: &str, year: i16) -> String {
        format!("{prefix}-{year:04}")
    }

    /// `FAC-2026-0001`, growing past 9999.
    pub fn number(&self) -> String {
        format!("{}-{:04}", self.series, self.next)
    }

    pub(crate) fn take(&mut self) -> String {
        let number = self.number();
        self.next += 1;
        number
    }
}

impl Item for Sequence {
    const TYPE: &'static str = "sequence";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sequence(&self.series)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_sequences(&self.series))
    }
}
