//! The tenant's ledger: append-only, each entry holding the SHA-256 of the one before (CGI art. 286-I-3° bis).
//!
//! The hash covers the canonical JSON of an entry without its own hash: keys sorted, no spaces.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Audit, Index, Item, Key, Scope, TenantKeys};

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
    /// Of a supplier's series: a purchase, which no sale's totals count.
    SelfBilledInvoiceIssued,
    SelfBilledCreditNoteIssued,
    DayClosed,
    MonthClosed,
    YearClosed,
}

impl LedgerKind {
    /// Whether a document took the next number of its series.
    pub const fn takes_a_number(self) -> bool {
        matches!(
            self,
            Self::InvoiceIssued
                | Self::CreditNoteIssued
                | Self::SelfBilledInvoiceIssued
                | Self::SelfBilledCreditNoteIssued
        )
    }

    /// Whether it says what a period came to, and nothing new.
    pub const fn is_closing(self) -> bool {
        matches!(self, Self::DayClosed | Self::MonthClosed | Self::YearClosed)
    }
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
    /// When the last entry was written. None is written before it, whatever a clock says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// When the clock is to look whether a period can be closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Closed::is_nothing")]
    pub closed: Closed,
}

/// How far the ledger is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The last entry that a closing of a day covers.
    pub covered: u64,
    pub day: Option<ClosedPeriod>,
    pub month: Option<ClosedPeriod>,
    pub year: Option<ClosedPeriod>,
}

impl Closed {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedPeriod {
    /// Its last day.
    pub to: Date,
    /// Where its closing stands.
    pub position: u64,
}

impl Default for LedgerHead {
    fn default() -> Self {
        Self { position: 0, hash: "0".repeat(64), at: None, look_on: None, closed: Closed::default() }
    }
}

impl Item for LedgerHead {
    const TYPE: &'static str = "ledger_head";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.ledger_head()
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.look_on.map(|on| keys.ledger_due(on))
    }
}

/// The field of a closing's content that signs the rest.
const SIGNATURE: &str = "signature";

impl LedgerHead {
    /// The entry that would follow.
    pub fn next(
        &self,
        at: Timestamp,
        kind: LedgerKind,
        number: &str,
        content: serde_json::Value,
    ) -> Result<LedgerEntry> {
        let mut entry = LedgerEntry {
            position: self.position + 1,
            at: self.at.map_or(at, |last| last.max(at)),
            kind,
            number: number.into(),
            content,
            previous: self.hash.clone(),
            hash: String::new(),
        };
        entry.hash = entry.computed_hash()?;
        Ok(entry)
    }

    /// The same, with the signature of its text in it.
    pub fn next_signed(
        &self,
        at: Timestamp,
        kind: LedgerKind,
        number: &str,
        content: serde_json::Value,
        sign: impl FnOnce(&str) -> String,
    ) -> Result<LedgerEntry> {
        let mut entry = self.next(at, kind, number, content)?;
        let signature = sign(&entry.signed_text()?);
        entry.content[SIGNATURE] = signature.into();
        entry.hash = entry.computed_hash()?;
        Ok(entry)
    }

    /// The head once this entry is written. Its day is looked at once it is over.
    pub(crate) fn after(&self, entry: &LedgerEntry) -> Self {
        let tomorrow = entry.at.to_zoned(TimeZone::UTC).date().tomorrow().unwrap_or(Date::MAX);
        Self {
            position: entry.position,
            hash: entry.hash.clone(),
            at: Some(entry.at),
            look_on: Some(self.look_on.map_or(tomorrow, |on| on.min(tomorrow))),
            closed: self.closed.clone(),
        }
    }
}

impl LedgerEntry {
    fn text(&self, content: &serde_json::Value) -> Result<String> {
        let canonical = crate::codec::sorted(serde_json::json!({
            "at": self.at, "content": content, "kind": self.kind, "number": self.number,
            "position": self.position, "previous": self.previous,
        }));
        serde_json::to_string(&canonical).map_err(Error::internal)
    }

    fn computed_hash(&self) -> Result<String> {
        Ok(hex::encode(Sha256::digest(self.text(&self.content)?)))
    }

    /// What a closing's signature is of: its canonical JSON without hash and signature. The hash of the entry before is
    /// in it, and so all that came before.
    pub fn signed_text(&self) -> Result<String> {
        let mut content = self.content.clone();
        if let Some(fields) = content.as_object_mut() {
            fields.remove(SIGNATURE);
        }
        self.text(&content)
    }

    /// The line of an archive: canonical JSON, with its hash.
    pub fn line(&self) -> Result<String> {
        let canonical = crate::codec::sorted(serde_json::json!({
            "at": self.at, "content": self.content, "hash": self.hash, "kind": self.kind, "number": self.number,
            "position": self.position, "previous": self.previous,
        }));
        serde_json::to_string(&canonical).map_err(Error::internal)
    }

    /// Such a line, read.
    pub fn of_line(line: &str) -> Result<Self> {
        /// The content is an object here, where the table has its text.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Line {
            at: Timestamp,
            content: serde_json::Value,
            hash: String,
            kind: LedgerKind,
            number: String,
            position: u64,
            previous: String,
        }
        let Line { at, content, hash, kind, number, position, previous } =
            serde_json::from_str(line).map_err(|error| Error::Malformed { detail: error.to_string() })?;
        Ok(Self { position, at, kind, number, content, previous, hash })
    }
}

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub entries: u64,
    /// Those that are no closings.
    pub movements: u64,
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
    Ok(verify_part(scope, 0, usize::MAX).await?.0)
}

/// The same from behind an entry, in at most so many readings of 1 MB; where there is more, the entry from behind which it
/// goes on. The hash of the entry before is what the chain says of all that came before it.
pub async fn verify_part(scope: &Scope, behind: u64, readings: usize) -> Result<(Verification, Option<u64>)> {
    let keys = scope.keys();
    let mut checker = Checker::default();
    let mut start = None;
    if behind > 0 {
        let key = keys.ledger_entry(behind);
        let before = scope.get::<LedgerEntry>(&key).await?.ok_or(Error::NotFound)?;
        checker.last = LedgerHead { position: behind, hash: before.value.hash, ..LedgerHead::default() };
        start = Some(key.sk);
    }
    for _ in 0..readings {
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
        return Ok((checker.finish(&head), None));
    }
    let further = checker.last.position;
    Ok((checker.so_far(), Some(further)))
}

/// Checks one entry after the other.
#[derive(Debug, Default)]
pub struct Checker {
    last: LedgerHead,
    entries: u64,
    movements: u64,
    faults: Vec<LedgerFault>,
}

impl Checker {
    pub fn check(&mut self, entry: &LedgerEntry) -> Result<()> {
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
        self.movements += u64::from(!entry.kind.is_closing());
        self.last = LedgerHead { position, hash: entry.hash.clone(), ..LedgerHead::default() };
        Ok(())
    }

    pub fn faults(&self) -> &[LedgerFault] {
        &self.faults
    }

    /// Where the chain is by now.
    pub const fn last(&self) -> &LedgerHead {
        &self.last
    }

    pub fn finish(mut self, head: &LedgerHead) -> Verification {
        if (head.position, &head.hash) != (self.last.position, &self.last.hash) {
            self.fault(LedgerFault::HeadDiffers { position: head.position });
        }
        self.so_far()
    }

    fn so_far(self) -> Verification {
        Verification { entries: self.entries, movements: self.movements, head: self.last.hash, faults: self.faults }
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
                head = head.after(&entry);
                entry
            })
            .collect()
    }

    fn verdict(entries: &[LedgerEntry], head: &LedgerEntry) -> Vec<LedgerFault> {
        let mut checker = Checker::default();
        entries.iter().for_each(|entry| checker.check(entry).unwrap());
        checker.finish(&LedgerHead::default().after(head)).faults
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
    fn a_line_of_an_archive_is_the_entry() {
        for entry in chain(3) {
            assert_eq!(LedgerEntry::of_line(&entry.line().unwrap()).unwrap(), entry);
        }
        assert!(LedgerEntry::of_line("{}").is_err());
    }

    #[test]
    fn a_signature_is_of_everything_but_itself_and_is_in_the_hash() {
        let head = LedgerHead::default();
        let mut signed = String::new();
        let content = serde_json::json!({ "a": 1 });
        let entry = head
            .next_signed(Timestamp::UNIX_EPOCH, LedgerKind::DayClosed, "CLO", content, |text| {
                signed = text.into();
                "abc".into()
            })
            .unwrap();
        assert_eq!(entry.content["signature"], "abc");
        assert_eq!(entry.signed_text().unwrap(), signed);
        assert_eq!(entry.computed_hash().unwrap(), entry.hash);
        assert!(!signed.contains("abc") && signed.contains(&"0".repeat(64)));
    }

    #[test]
    fn time_does_not_go_back_and_the_clock_looks_on_the_next_day() {
        let second = |at| Timestamp::from_second(at).unwrap();
        let first = LedgerHead::default();
        let entry = first.next(second(86_399), LedgerKind::InvoiceIssued, "1", serde_json::json!({})).unwrap();
        let head = first.after(&entry);
        assert_eq!(head.look_on, Some(jiff::civil::date(1970, 1, 2)));
        let before = head.next(second(0), LedgerKind::InvoiceIssued, "2", serde_json::json!({})).unwrap();
        assert_eq!(before.at, entry.at);
        let later = head.next(second(200_000), LedgerKind::InvoiceIssued, "2", serde_json::json!({})).unwrap();
        assert_eq!(head.after(&later).look_on, Some(jiff::civil::date(1970, 1, 2)), "until it was looked at");
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
