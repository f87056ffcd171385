//! The tenant's ledger: append-only, each entry holding the SHA-256 of the one before (CGI art. 286-I-3° bis).
//!
//! The hash covers the canonical JSON of an entry without its own hash: keys sorted, no spaces.

use jiff::Timestamp;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Audit, Item, Key, Scope, TenantKeys};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    InvoiceIssued,
    CreditNoteIssued,
    /// A corrective invoice took its place: what it asked for is asked for no more, in full.
    InvoiceReplaced,
    PaymentRecorded,
    PaymentReversed,
    RefundRecorded,
    RefundReversed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// From 1, without gap.
    pub position: u64,
    pub at: Timestamp,
    pub kind: LedgerKind,
    /// The number of the document.
    pub number: String,
    /// Amounts and what else must not change, with sorted keys.
    #[serde(with = "crate::codec::as_text")]
    pub content: serde_json::Value,
    /// Hash of the entry before; 64 zeros before the first.
    pub previous: String,
    pub hash: String,
}

impl Item for LedgerEntry {
    const TYPE: &'static str = "ledger_entry";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.ledger_entry(self.position)
    }
}

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHead {
    pub position: u64,
    pub hash: String,
}

impl Default for LedgerHead {
    fn default() -> Self {
        Self { position: 0, hash: "0".repeat(64) }
    }
}

impl Item for LedgerHead {
    const TYPE: &'static str = "ledger_head";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.ledger_head()
    }
}

impl LedgerHead {
    pub(crate) fn next(
        &self,
        at: Timestamp,
        kind: LedgerKind,
        number: &str,
        content: serde_json::Value,
    ) -> Result<LedgerEntry> {
        let mut entry = LedgerEntry {
            position: self.position + 1,
            at,
            kind,
            number: number.into(),
            content,
            previous: self.hash.clone(),
            hash: String::new(),
        };
        entry.hash = entry.computed_hash()?;
        Ok(entry)
    }
}

impl LedgerEntry {
    fn computed_hash(&self) -> Result<String> {
        let canonical = crate::codec::sorted(serde_json::json!({
            "at": self.at, "content": self.content, "kind": self.kind, "number": self.number,
            "position": self.position, "previous": self.previous,
        }));
        let text = serde_json::to_string(&canonical).map_err(Error::internal)?;
        Ok(hex::encode(Sha256::digest(text)))
    }
}

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub entries: u64,
    /// Hash of the last entry.
    pub head: String,
    pub faults: Vec<LedgerFault>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum LedgerFault {
    /// The entry's content is not what its hash says.
    Altered { position: u64 },
    /// The entry does not hold the hash of the one before.
    Unchained { position: u64 },
    /// An entry is missing before this one.
    Missing { position: u64 },
    /// The end of the chain is not where the head says.
    HeadDiffers { position: u64 },
}

/// At most this many faults are told; a ledger with more is lost anyway.
const FAULTS_MAX: usize = 100;

/// Reads the whole chain in pages and tells every break. What is appended meanwhile is read as well.
pub async fn verify(scope: &Scope) -> Result<Verification> {
    let keys = scope.keys();
    let mut checker = Checker::default();
    let mut start = None;
    loop {
        let (page, next) = scope.collection_page(&keys.ledger(), start.as_deref()).await?;
        let entries = page.all::<LedgerEntry>()?;
        for entry in &entries {
            checker.check(entry)?;
        }
        start = next;
        if start.is_some() {
            continue;
        }
        let head = page.first::<LedgerHead>()?.map(|head| head.value).unwrap_or_default();
        if head.position > checker.last.position && !entries.is_empty() {
            start = Some(keys.ledger_entry(checker.last.position).sk);
            continue;
        }
        return Ok(checker.finish(&head));
    }
}

#[derive(Default)]
struct Checker {
    last: LedgerHead,
    entries: u64,
    faults: Vec<LedgerFault>,
}

impl Checker {
    fn check(&mut self, entry: &LedgerEntry) -> Result<()> {
        let position = entry.position;
        if position != self.last.position + 1 {
            self.fault(LedgerFault::Missing { position });
        } else if entry.previous != self.last.hash {
            self.fault(LedgerFault::Unchained { position });
        }
        if entry.computed_hash()? != entry.hash {
            self.fault(LedgerFault::Altered { position });
        }
        self.entries += 1;
        self.last = LedgerHead { position, hash: entry.hash.clone() };
        Ok(())
    }

    fn finish(mut self, head: &LedgerHead) -> Verification {
        if *head != self.last {
            self.fault(LedgerFault::HeadDiffers { position: head.position });
        }
        Verification { entries: self.entries, head: self.last.hash, faults: self.faults }
    }

    fn fault(&mut self, fault: LedgerFault) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: u64) -> Vec<LedgerEntry> {
        let mut head = LedgerHead::default();
        (1..=length)
            .map(|n| {
                let content = serde_json::json!({ "gross_minor": n * 100, "a": "é" });
                let entry = head
                    .next(Timestamp::UNIX_EPOCH, LedgerKind::InvoiceIssued, &format!("FAC-2026-{n:04}"), content)
                    .unwrap();
                head = LedgerHead { position: entry.position, hash: entry.hash.clone() };
                entry
            })
            .collect()
    }

    fn verdict(entries: &[LedgerEntry], head: &LedgerEntry) -> Vec<LedgerFault> {
        let mut checker = Checker::default();
        entries.iter().for_each(|entry| checker.check(entry).unwrap());
        checker.finish(&LedgerHead { position: head.position, hash: head.hash.clone() }).faults
    }

    #[test]
    fn an_untouched_chain_has_no_fault() {
        let entries = chain(5);
        assert_eq!(verdict(&entries, &entries[4]), []);
    }

    #[test]
    fn a_changed_amount_is_found_even_when_its_hash_is_recomputed() {
        let mut entries = chain(5);
        let head = entries[4].clone();
        entries[2].content["gross_minor"] = 1.into();
        assert_eq!(verdict(&entries, &head), [LedgerFault::Altered { position: 3 }]);
        entries[2].hash = entries[2].computed_hash().unwrap();
        assert_eq!(verdict(&entries, &head), [LedgerFault::Unchained { position: 4 }]);
    }

    #[test]
    fn the_hash_is_that_of_the_canonical_json_whatever_the_order_of_fields() {
        let mut entry = chain(1).remove(0);
        let canonical = concat!(
            r#"{"at":"1970-01-01T00:00:00Z","content":{"a":"é","gross_minor":100},"kind":"invoice_issued","#,
            r#""number":"FAC-2026-0001","position":1,"#,
        );
        let text = format!(r#"{canonical}"previous":"{}"}}"#, "0".repeat(64));
        assert_eq!(entry.hash, hex::encode(Sha256::digest(text)));
        entry.content = serde_json::json!({ "a": "é", "gross_minor": 100 });
        assert_eq!(entry.computed_hash().unwrap(), entry.hash);
    }

    #[test]
    fn a_removed_entry_is_found_in_the_middle_and_at_the_end() {
        let mut entries = chain(5);
        let head = entries[4].clone();
        entries.remove(1);
        assert_eq!(verdict(&entries, &head), [LedgerFault::Missing { position: 3 }]);
        assert_eq!(verdict(&chain(5)[..4], &head), [LedgerFault::HeadDiffers { position: 5 }]);
    }
}
