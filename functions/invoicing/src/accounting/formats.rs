//! Entries as files: the FEC, and what accounting packages read. Pure.
//!
//! - FEC: LPF, art. A47 A-1, VII: 18 fields, tabs, a header, ISO 8859-15.
//! - CSV: one line a posting, for any tool that lets one name the columns.
//! - Quadra: the ASCII file of QuadraCOMPTA (Cegid), lines `C` (accounts) and `M` (postings) of fixed length.
//! - Ciel: XIMPORT of Ciel Compta and Sage 50, fixed length, format 2003.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::{Currency, Minor};
use serde::{Deserialize, Serialize};

use super::book::{Entry, Posting};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountingFormat)]
pub enum Format {
    Fec,
    Csv,
    Quadra,
    Ciel,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Fec, Self::Csv, Self::Quadra, Self::Ciel];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Fec => "fec",
            Self::Csv => "csv",
            Self::Quadra => "quadra",
            Self::Ciel => "ciel",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Fec => "FEC (fichier des écritures comptables)",
            Self::Csv => "CSV (tableur, Pennylane, EBP, Sage…)",
            Self::Quadra => "Cegid Quadra (ASCII)",
            Self::Ciel => "Ciel Compta, Sage 50 (XIMPORT)",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Fec | Self::Quadra | Self::Ciel => "text/plain; charset=iso-8859-15",
        }
    }

    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Fec | Self::Quadra | Self::Ciel => "txt",
        }
    }
}

/// Writes one entry after the other.
#[derive(Debug)]
pub struct Writer {
    format: Format,
    /// Entries so far; the number of the next is one more.
    entries: u64,
    /// Clients whose account was announced (Quadra).
    clients: BTreeSet<String>,
}

const FEC_HEADER: &str = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\t\
                          PieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\t\
                          Idevise\r\n";
const CSV_HEADER: &str = "\u{feff}Journal;Date;Pièce;Compte;Libellé du compte;Compte auxiliaire;Client;Libellé;Débit;Crédit;\
                          Devise;Lettrage;Échéance\r\n";

impl Writer {
    pub const fn new(format: Format) -> Self {
        Self { format, entries: 0, clients: BTreeSet::new() }
    }

    pub fn header(&self) -> Vec<u8> {
        match self.format {
            Format::Fec => latin9(FEC_HEADER),
            Format::Csv => CSV_HEADER.into(),
            Format::Quadra | Format::Ciel => Vec::new(),
        }
    }

    pub fn entry(&mut self, entry: &Entry) -> Vec<u8> {
        self.entries += 1;
        let mut text = String::new();
        if self.format == Format::Quadra && self.clients.insert(entry.client.code.clone()) {
            text.push_str(&quadra_account(entry));
        }
        for posting in &entry.postings {
            text.push_str(&match self.format {
                Format::Fec => fec(entry, posting, self.entries),
                Format::Csv => csv(entry, posting),
                Format::Quadra => quadra(entry, posting),
                Format::Ciel => ciel(entry, posting, self.entries),
            });
        }
        match self.format {
            Format::Csv => text.into_bytes(),
            Format::Fec | Format::Quadra | Format::Ciel => latin9(&text),
        }
    }
}

/// `20261125`
fn compact(on: Date) -> String {
    on.strftime("%Y%m%d").to_string()
}

/// `251126`
fn short(on: Date) -> String {
    on.strftime("%d%m%y").to_string()
}

/// `1234,50`
fn amount(amount: Minor, currency: Currency) -> String {
    amount.plain(currency).replace('.', ",")
}

/// Without what separates fields and lines.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '|' { ' ' } else { c }).collect()
}

fn fec(entry: &Entry, posting: &Posting, number: u64) -> String {
    let currency = entry.currency;
    let (aux, aux_name) = auxiliary(entry, posting);
    let (letter, lettered) = posting.letter.clone().map(|(code, on)| (code, compact(on))).unwrap_or_default();
    // The accounts are kept in euros; an organization that invoices in another currency says so.
    let (foreign, code) = match currency {
        Currency::Eur => (String::new(), ""),
        other => (amount(posting.amount, other), other.code()),
    };
    let fields = [
        entry.journal.number.clone(),
        entry.journal.label.into(),
        number.to_string(),
        compact(entry.on),
        posting.account.number.clone(),
        posting.account.label.into(),
        aux.into(),
        clean(aux_name),
        clean(&entry.piece),
        compact(entry.on),
        clean(&entry.label),
        amount(posting.debit(), currency),
        amount(posting.credit(), currency),
        letter,
        lettered,
        compact(entry.validated_on),
        foreign,
        code.into(),
    ];
    fields.join("\t") + "\r\n"
}

fn auxiliary<'a>(entry: &'a Entry, posting: &Posting) -> (&'a str, &'a str) {
    if posting.is_client { (&entry.client.code, &entry.client.name) } else { ("", "") }
}

fn csv(entry: &Entry, posting: &Posting) -> String {
    let (aux, aux_name) = auxiliary(entry, posting);
    let some = |amount_of: Minor| if amount_of.is_zero() { String::new() } else { amount(amount_of, entry.currency) };
    let fields = [
        entry.journal.number.clone(),
        entry.on.to_string(),
        entry.piece.clone(),
        posting.account.number.clone(),
        posting.account.label.into(),
        aux.into(),
        aux_name.into(),
        entry.label.clone(),
        some(posting.debit()),
        some(posting.credit()),
        entry.currency.code().into(),
        posting.letter.as_ref().map(|(code, _)| code.clone()).unwrap_or_default(),
        entry.due_on.filter(|_| posting.is_client).map(|on| on.to_string()).unwrap_or_default(),
    ];
    fields.map(|field| quoted(&field)).join(";") + "\r\n"
}

/// As a spreadsheet reads it: quoted where it has to be, and never a formula.
fn quoted(field: &str) -> String {
    let text = if field.starts_with(['=', '+', '-', '@', '\t']) { format!("'{field}") } else { field.to_owned() };
    if text.contains([';', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// The first characters of a text, filled with spaces.
fn left(text: &str, width: usize) -> String {
    let cut: String = printable(&clean(text)).chars().take(width).collect();
    format!("{cut:<width$}")
}

/// Its last characters: those that tell one number from another.
fn tail(text: &str, width: usize) -> String {
    let text: Vec<char> = printable(&clean(text)).chars().collect();
    let cut: String = text[text.len().saturating_sub(width)..].iter().collect();
    format!("{cut:<width$}")
}

/// The account in files that know one account only: the client's own, without its collective one.
fn own_account(entry: &Entry, posting: &Posting) -> String {
    if posting.is_client { entry.client.code.clone() } else { posting.account.number.clone() }
}

/// 8 characters of the client's code: what tells it from others stands at its end.
fn quadra_client(entry: &Entry) -> String {
    format!("C{}", tail(&entry.client.code, 7))
}

fn quadra_account(entry: &Entry) -> String {
    let collective = entry.postings.iter().find(|posting| posting.is_client);
    let collective = collective.map_or("", |posting| posting.account.number.as_str());
    // 1: type; 2: account; 10: label; 40: key; 47: filler; 99: collective account; 107: filler; 217: update; 218: client.
    format!(
        "C{}{}{}{}{}{} C\r\n",
        quadra_client(entry),
        left(&entry.client.name, 30),
        left(&entry.client.name.to_uppercase(), 7),
        " ".repeat(52),
        left(collective, 8),
        " ".repeat(110),
    )
}

fn quadra(entry: &Entry, posting: &Posting) -> String {
    let account = if posting.is_client { quadra_client(entry) } else { left(&posting.account.number, 8) };
    let sense = if posting.amount > Minor::ZERO { 'D' } else { 'C' };
    let cents = posting.amount.0.unsigned_abs();
    let due = entry.due_on.filter(|_| posting.is_client).map_or_else(|| "000000".into(), short);
    let journal = &entry.journal.number;
    format!(
        "M{account}{}000{} {}{sense}+{cents:012}{}{due}{}{}{}{}{}{}{}{}{}{}{}\r\n",
        left(journal, 2),
        short(entry.on),
        left(&entry.label, 20),
        " ".repeat(8),                  // 56: counterpart
        " ".repeat(5),                  // 70: letter, statistics
        tail(&entry.piece, 5),          // 75
        " ".repeat(20),                 // 80: job, quantity
        tail(&entry.piece, 8),          // 100
        left(entry.currency.code(), 3), // 108
        left(journal, 3),               // 111
        " ".repeat(3),                  // 114: VAT
        left(&entry.label, 30),         // 117
        " ".repeat(2),                  // 147
        tail(&entry.piece, 10),         // 149
        " ".repeat(35),                 // 159: reserved, amount in currency, attachment
    )
}

fn ciel(entry: &Entry, posting: &Posting, number: u64) -> String {
    let sense = if posting.amount > Minor::ZERO { 'D' } else { 'C' };
    let sum = amount(Minor(posting.amount.0.abs()), entry.currency);
    let due = entry.due_on.filter(|_| posting.is_client).map(compact).unwrap_or_default();
    format!(
        "{:>5}{}{}{due:>8}{}{}{}{sum:>13}{sense}{}{}O2003\r\n",
        number % 100_000,
        left(&entry.journal.number, 2),
        compact(entry.on),
        tail(&entry.piece, 12),
        left(&own_account(entry, posting), 11),
        left(&entry.label, 25),
        " ".repeat(18),
        left(&entry.label, 34),
    )
}

/// What ISO 8859-15 has of a text; what it has not is written as near to it as it can.
fn printable(text: &str) -> String {
    text.chars().map(|c| if latin9_byte(c).is_some() { c } else { nearest(c) }).collect()
}

fn latin9(text: &str) -> Vec<u8> {
    text.chars().map(|c| latin9_byte(c).or_else(|| latin9_byte(nearest(c))).unwrap_or(b'?')).collect()
}

fn nearest(c: char) -> char {
    match c {
        '’' | '‘' | '′' => '\'',
        '“' | '”' => '"',
        '–' | '—' | '‑' | '−' => '-',
        '…' => '.',
        c if c.is_whitespace() => ' ',
        c => kernel::text::sorted(&c.to_string()).chars().next().filter(char::is_ascii).unwrap_or('?'),
    }
}

/// Its byte in ISO 8859-15.
fn latin9_byte(c: char) -> Option<u8> {
    match c {
        '€' => Some(0xA4),
        'Š' => Some(0xA6),
        'š' => Some(0xA8),
        'Ž' => Some(0xB4),
        'ž' => Some(0xB8),
        'Œ' => Some(0xBC),
        'œ' => Some(0xBD),
        'Ÿ' => Some(0xBE),
        '\u{a4}' | '\u{a6}' | '\u{a8}' | '\u{b4}' | '\u{b8}' | '\u{bc}' | '\u{bd}' | '\u{be}' => None,
        c => u8::try_from(u32::from(c)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::accounting::{
        book::Client,
        plan::{Account, AccountPlan},
    };

    fn entry(name: &str) -> Entry {
        let plan = AccountPlan::default();
        let on = date(2026, 11, 25);
        let posting = |account: Account, is_client, amount| Posting {
            account,
            is_client,
            amount: Minor(amount),
            letter: is_client.then(|| ("FAC20260001".into(), on)),
        };
        Entry {
            journal: plan.journal("journal_sales"),
            on,
            piece: "FAC-2026-0001".into(),
            label: format!("Facture FAC-2026-0001 {name}"),
            validated_on: on,
            due_on: Some(date(2026, 12, 25)),
            currency: Currency::Eur,
            client: Client { code: "C1234ABCD".into(), name: name.into() },
            postings: vec![
                posting(plan.clients(), true, 120_000),
                posting(plan.vat_collected("20".parse().unwrap()), false, -20_000),
                posting(
                    plan.sales(kernel::vat::Treatment::Domestic, kernel::document::Operations::Goods, 20.into()),
                    false,
                    -100_000,
                ),
            ],
        }
    }

    fn written(format: Format, name: &str) -> Vec<Vec<u8>> {
        let mut writer = Writer::new(format);
        let bytes = [writer.header(), writer.entry(&entry(name))].concat();
        assert!(bytes.ends_with(b"\r\n"));
        bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec()).collect()
    }

    fn text(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn the_fec_has_its_18_fields() {
        let lines = written(Format::Fec, "Café\tŒuvre ’ 😀|");
        assert_eq!(text(&lines[0]).split('\t').count(), 18);
        assert_eq!(
            text(&lines[1]).split('\t').collect::<Vec<_>>(),
            [
                "VE",
                "Ventes",
                "1",
                "20261125",
                "411000",
                "Clients",
                "C1234ABCD",
                "Café \u{bc}uvre ' ? ",
                "FAC-2026-0001",
                "20261125",
                "Facture FAC-2026-0001 Café \u{bc}uvre ' ? ",
                "1200,00",
                "0,00",
                "FAC20260001",
                "20261125",
                "20261125",
                "",
                ""
            ]
        );
        assert!(text(&lines[2]).contains("\t0,00\t200,00\t"));
    }

    #[test]
    fn fixed_lengths_hold_whatever_the_name() {
        for name in ["A", "Ünïcödé ’ société très longuement nommée et fils", "日本"] {
            let quadra = written(Format::Quadra, name);
            assert_eq!(quadra[0].len(), 218, "{name}");
            assert_eq!((quadra[0][0], quadra[0][217]), (b'C', b'C'));
            assert_eq!(&quadra[0][98..104], b"411000", "{name}");
            for line in &quadra[1..4] {
                assert_eq!(line.len(), 193, "{name}");
            }
            for line in &written(Format::Ciel, name)[..3] {
                assert_eq!(line.len(), 142, "{name}");
                assert!(line.ends_with(b"O2003"));
            }
        }
        let line = written(Format::Quadra, "A").remove(1);
        let at = |from: usize, length: usize| text(&line[from - 1..from - 1 + length]);
        assert_eq!(
            (at(1, 1), at(2, 8), at(10, 2), at(12, 3)),
            ("M".into(), "C234ABCD".into(), "VE".into(), "000".into())
        );
        assert_eq!((at(15, 6), at(42, 1), at(43, 13)), ("251126".into(), "D".into(), "+000000120000".into()));
        assert_eq!((at(64, 6), at(108, 3), at(149, 10)), ("251226".into(), "EUR".into(), "-2026-0001".into()));
    }

    #[test]
    fn a_spreadsheet_sees_no_formula() {
        let lines = written(Format::Csv, "=1+1;\"x\"");
        let line = String::from_utf8(lines[1].clone()).unwrap();
        assert!(line.contains(";\"'=1+1;\"\"x\"\"\";"), "{line}");
        assert!(line.contains(";1200,00;;EUR;FAC20260001;2026-12-25"), "{line}");
        assert!(lines[0].starts_with("\u{feff}Journal;Date".as_bytes()));
    }
}
