//! Whether a ledger is what it says: its chain, its numbers, what its closings come to, and their signatures. One entry
//! after the other, so that memory does not grow with it. Pure.

use std::collections::{BTreeMap, VecDeque};

use cloud::PublicKey;
use kernel::Result;
use serde::{Deserialize, Serialize};
use table::ledger::{Checker, LedgerEntry, LedgerFault, LedgerHead};

use super::{
    closing::{Closing, Span},
    totals::Sums,
};

/// How many faults are told; a ledger with more is lost anyway.
const FAULTS_MAX: usize = 50;

/// What is wrong with an entry, or beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Fault {
    /// The entry, from 1.
    pub position: u64,
    /// `altered`, `unchained`, `missing`, `head`, `unreadable`, `signature`, `key`, `totals`, `period`, `gap`, `document`,
    /// `payment` or `sequence`.
    pub kind: String,
    /// In French.
    pub message: String,
}

impl Fault {
    pub fn new(position: u64, kind: &str, message: impl Into<String>) -> Self {
        Self { position, kind: kind.into(), message: message.into() }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    pub entries: u64,
    pub closings: u64,
    /// SHA-256 of the last entry, in hexadecimal.
    pub head: String,
    /// By series the last number that was given; each was given once, from 1, without gap, unless a fault says otherwise.
    pub series: BTreeMap<String, u64>,
    /// Documents and payments that were compared with the ledger.
    pub compared: u64,
    /// The first ones, in the order of the ledger.
    pub faults: Vec<Fault>,
}

impl Report {
    pub const fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }
}

#[derive(Debug, Default)]
pub struct Verifier {
    chain: Checker,
    told: usize,
    /// What no closing of a day covers yet, with positions.
    open: VecDeque<(u64, Sums)>,
    grand: Sums,
    covered: u64,
    /// The perpetual totals when a month and a year were last closed.
    month: Sums,
    year: Sums,
    last: BTreeMap<Span, jiff::civil::Date>,
    /// Whose signatures count; any key that the closings name where none is given.
    key: Option<PublicKey>,
    closings: u64,
    series: BTreeMap<String, u64>,
    pub compared: u64,
    faults: Vec<Fault>,
}

/// `FAC-2026` and 12 of `FAC-2026-0012`.
pub fn split(number: &str) -> Option<(&str, u64)> {
    let (series, count) = number.rsplit_once('-')?;
    Some((series, count.parse().ok()?))
}

impl Verifier {
    pub fn new(key: Option<PublicKey>) -> Self {
        Self { key, ..Self::default() }
    }

    pub fn fault(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        }
    }

    pub const fn entries(&self) -> u64 {
        self.chain.last().position
    }

    pub fn check(&mut self, entry: &LedgerEntry) -> Result<()> {
        self.chain.check(entry)?;
        self.tell_chain();
        match Span::of(entry.kind) {
            Some(span) => self.closing(span, entry)?,
            None => match Sums::default().with_entry(entry) {
                Ok(sums) => self.open.push_back((entry.position, sums)),
                Err(_) => self.fault(Fault::new(
                    entry.position,
                    "unreadable",
                    format!("L’écriture {} ({}) n’est pas lisible.", entry.position, entry.number),
                )),
            },
        }
        if entry.kind.takes_a_number() {
            self.number(entry);
        }
        Ok(())
    }

    /// What the chain found since it was last asked.
    fn tell_chain(&mut self) {
        let found: Vec<LedgerFault> = self.chain.faults().get(self.told..).unwrap_or_default().to_vec();
        self.told += found.len();
        for fault in found {
            self.fault(of_chain(&fault));
        }
    }

    fn number(&mut self, entry: &LedgerEntry) {
        let Some((series, count)) = split(&entry.number) else {
            let message = format!("Le numéro «\u{a0}{}\u{a0}» n’est d’aucune série.", entry.number);
            return self.fault(Fault::new(entry.position, "gap", message));
        };
        let last = self.series.entry(series.into()).or_default();
        let expected = *last + 1;
        *last = count.max(*last);
        if count != expected {
            let message = format!(
                "La série {series} n’est pas continue\u{a0}: le numéro {} suit le numéro {series}-{:04}.",
                entry.number,
                expected - 1
            );
            self.fault(Fault::new(entry.position, "gap", message));
        }
    }

    fn closing(&mut self, span: Span, entry: &LedgerEntry) -> Result<()> {
        self.closings += 1;
        let position = entry.position;
        let said = format!("La {} {}", span.french().to_lowercase(), entry.number);
        let Ok(closing) = Closing::of(entry) else {
            self.fault(Fault::new(position, "unreadable", format!("{said} n’est pas lisible.")));
            return Ok(());
        };
        let text = entry.signed_text()?;
        let signed = PublicKey::parse(&closing.key).filter(|key| key.verifies(text.as_bytes(), &closing.signature));
        match signed {
            None => self.fault(Fault::new(position, "signature", format!("{said}\u{a0}: la signature est fausse."))),
            Some(key) if *self.key.get_or_insert(key) != key => {
                self.fault(Fault::new(position, "key", format!("{said} est signée par une autre clé.")));
            }
            Some(_) => {}
        }
        if self.last.get(&span).is_some_and(|last| last.tomorrow().ok() != Some(closing.from))
            || closing.to < closing.from
        {
            self.fault(Fault::new(position, "period", format!("{said} ne suit pas la clôture précédente.")));
        }
        self.last.insert(span, closing.to);
        let totals = match span {
            Span::Day => {
                let mut sums = Sums::default();
                while self.open.front().is_some_and(|(at, _)| *at <= closing.covered)
                    && let Some((_, more)) = self.open.pop_front()
                {
                    sums = sums.plus(&more)?;
                }
                self.covered = closing.covered;
                self.grand = self.grand.plus(&sums)?;
                sums
            }
            Span::Month => self.grand.minus(&std::mem::replace(&mut self.month, self.grand.clone()))?,
            Span::Year => self.grand.minus(&std::mem::replace(&mut self.year, self.grand.clone()))?,
        };
        if closing.totals != totals {
            let message = format!("{said}\u{a0}: les totaux ne sont pas ceux des écritures de la période.");
            self.fault(Fault::new(position, "totals", message));
        }
        if closing.grand_totals != self.grand || closing.covered != self.covered || closing.covered >= position {
            let message = format!("{said}\u{a0}: le total perpétuel n’est pas celui de toutes les écritures.");
            self.fault(Fault::new(position, "totals", message));
        }
        Ok(())
    }

    pub fn finish(mut self, head: Option<&LedgerHead>) -> Report {
        let last = self.chain.last().clone();
        if let Some(head) = head
            && (head.position, &head.hash) != (last.position, &last.hash)
        {
            let message = format!(
                "Le journal devrait finir par l’écriture {}\u{a0}; il finit par la {}.",
                head.position, last.position
            );
            self.fault(Fault::new(head.position, "head", message));
        }
        self.faults.sort_by_key(|fault| fault.position);
        Report {
            entries: last.position,
            closings: self.closings,
            head: last.hash,
            series: self.series,
            compared: self.compared,
            faults: self.faults,
        }
    }

    pub fn series(&self) -> &BTreeMap<String, u64> {
        &self.series
    }
}

fn of_chain(fault: &LedgerFault) -> Fault {
    match fault {
        LedgerFault::Altered { position } => Fault::new(
            *position,
            "altered",
            format!("L’écriture {position} a été modifiée\u{a0}: son empreinte est fausse."),
        ),
        LedgerFault::Unchained { position } => {
            let message = format!("L’écriture {position} ne porte pas l’empreinte de la précédente.");
            Fault::new(*position, "unchained", message)
        }
        LedgerFault::Missing { position } => {
            Fault::new(*position, "missing", format!("Il manque une ou plusieurs écritures avant la {position}."))
        }
        LedgerFault::HeadDiffers { position } => {
            Fault::new(*position, "head", format!("Le journal ne finit pas par l’écriture {position}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use cloud::Vault;
    use jiff::{Timestamp, civil::date};
    use serde_json::json;

    use table::ledger::LedgerKind;

    use super::*;

    /// A ledger of two days with their closings and that of the month, and its signer's key.
    async fn ledger() -> (Vec<LedgerEntry>, PublicKey) {
        let signer = Vault::in_memory().signer("test").await.unwrap();
        let mut entries: Vec<LedgerEntry> = Vec::new();
        let mut head = LedgerHead::default();
        let mut grand = Sums::default();
        let mut open = Sums::default();
        for n in 1..=2_i8 {
            let content =
                json!({ "currency": "EUR", "net_minor": 100, "tax_minor": 20, "gross_minor": 120, "kind": "invoice" });
            let number = format!("FAC-2026-{n:04}");
            let entry = head.next(Timestamp::UNIX_EPOCH, LedgerKind::InvoiceIssued, &number, content).unwrap();
            open = open.with_entry(&entry).unwrap();
            head = after(&entry);
            entries.push(entry);
            grand = grand.plus(&open).unwrap();
            let spans: &[Span] = if n == 2 { &[Span::Day, Span::Month] } else { &[Span::Day] };
            for span in spans {
                let closing = Closing {
                    from: if *span == Span::Month { date(2026, 11, 1) } else { date(2026, 11, 28 + n) },
                    to: date(2026, 11, 28 + n),
                    covered: if n == 2 { 3 } else { 1 },
                    totals: if *span == Span::Month { grand.clone() } else { std::mem::take(&mut open) },
                    grand_totals: grand.clone(),
                    key: signer.public_key().to_string(),
                    signature: String::new(),
                };
                let content = serde_json::to_value(closing).unwrap();
                let entry = head
                    .next_signed(Timestamp::UNIX_EPOCH, span.kind(), "CLO", content, |text| {
                        signer.sign(text.as_bytes())
                    })
                    .unwrap();
                head = after(&entry);
                entries.push(entry);
            }
        }
        (entries, signer.public_key())
    }

    fn after(entry: &LedgerEntry) -> LedgerHead {
        LedgerHead { position: entry.position, hash: entry.hash.clone(), ..LedgerHead::default() }
    }

    fn kinds(entries: &[LedgerEntry], key: Option<PublicKey>) -> Vec<(u64, String)> {
        let mut verifier = Verifier::new(key);
        entries.iter().for_each(|entry| verifier.check(entry).unwrap());
        verifier.finish(None).faults.into_iter().map(|fault| (fault.position, fault.kind)).collect()
    }

    /// As somebody would who writes everything anew, but cannot sign.
    fn chained(entries: &[LedgerEntry]) -> Vec<LedgerEntry> {
        let mut head = LedgerHead::default();
        let mut chained = Vec::new();
        for entry in entries {
            let next = head.next(entry.at, entry.kind, &entry.number, entry.content.clone()).unwrap();
            head = after(&next);
            chained.push(next);
        }
        chained
    }

    #[tokio::test]
    async fn an_untouched_ledger_has_no_fault() {
        let (entries, key) = ledger().await;
        assert_eq!(kinds(&entries, Some(key)), []);
        assert_eq!(kinds(&entries, None), []);
        assert_eq!(kinds(&chained(&entries), Some(key)), []);
    }

    #[tokio::test]
    async fn who_writes_everything_anew_cannot_sign() {
        let (mut entries, key) = ledger().await;
        entries[0].content["gross_minor"] = 121.into();
        let found = kinds(&chained(&entries), Some(key));
        assert_eq!(found[0], (2, "signature".into()));
        assert!(found.contains(&(2, "totals".into())), "{found:?}");
        // With closings of their own, it is another key.
        let (others, _) = ledger().await;
        assert_eq!(kinds(&others, Some(key))[0], (2, "key".into()));
    }

    #[tokio::test]
    async fn a_closing_that_says_too_much_is_found() {
        let (mut entries, key) = ledger().await;
        entries[4].content["totals"][0]["invoices"] = 3.into();
        let found = kinds(&entries, Some(key));
        let position = |kind: &str| found.contains(&(5, kind.into()));
        assert!(position("altered") && position("signature") && position("totals"), "{found:?}");
    }

    #[tokio::test]
    async fn a_number_that_is_missing_is_told() {
        let (mut entries, _) = ledger().await;
        entries[2].number = "FAC-2026-0003".into();
        assert!(kinds(&chained(&entries), None).contains(&(3, "gap".into())));
    }
}
