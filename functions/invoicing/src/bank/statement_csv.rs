//! A statement as the sites of French banks give it: `;` or `,` or tabs, UTF-8 or Windows-1252, comma decimals, some lines
//! of its own before the table, and columns that each bank names otherwise. Pure.

use kernel::{Currency, Minor, Rule};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use web::sheet::{self, COLUMNS_MAX, HEAD, Sheet, Unreadable, letters};

use super::model::{MAX_LINES, StatementLine, one_line};

/// Which column is what, from one; where they are left empty they are guessed by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ColumnsInput {
    pub date: String,
    pub label: String,
    /// With its sign; or `debit` and `credit` instead.
    pub amount: String,
    pub debit: String,
    pub credit: String,
}

/// Which column is what, from zero.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Columns {
    date: usize,
    labels: Vec<usize>,
    amounts: Amounts,
    reference: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Amounts {
    Signed(usize),
    Apart { debit: usize, credit: usize },
}

/// What a file has, where its columns could not be told: their names or first values, to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub Vec<String>);

/// What of a file is no line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Entries that are not booked, or in a currency that is not ours: how many.
    Entries(usize),
    /// Rows that say no day or no amount: their numbers, as a spreadsheet counts.
    Rows(Vec<usize>),
}

impl Unread {
    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Self::Entries(count) => *count,
            Self::Rows(rows) => rows.len(),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    Lines(Vec<StatementLine>, Unread),
    Unknown(Unknown),
}

pub fn parse(bytes: &[u8], account: &str, currency: Currency, typed: &ColumnsInput) -> Result<Read, Rule> {
    let (numbers, rows) = rows(bytes)?;
    let (columns, start) = match typed.parse()? {
        Some(columns) => (columns, 0),
        None => match guessed(&rows) {
            Some(found) => found,
            None => return Ok(Read::Unknown(Unknown(widest(&rows)))),
        },
    };
    let (mut lines, mut unread) = (Vec::new(), Vec::new());
    for (row, number) in rows.iter().zip(numbers).skip(start) {
        match line(row, &columns, account, currency) {
            Some(line) => lines.push(line),
            None if row.iter().all(|cell| cell.trim().is_empty()) => {}
            None => unread.push(number),
        }
        if lines.len() > MAX_LINES {
            return Err(Rule::TooMany { max: MAX_LINES });
        }
    }
    if lines.is_empty() {
        return Ok(Read::Unknown(Unknown(widest(&rows))));
    }
    Ok(Read::Lines(lines, Unread::Rows(unread)))
}

/// The rows, after their numbers.
fn rows(bytes: &[u8]) -> Result<(Vec<usize>, Vec<Vec<String>>), Rule> {
    let sheet = Sheet::read(bytes, MAX_LINES + HEAD).map_err(|why| match why {
        Unreadable::NotATable => Rule::NotAStatement,
        Unreadable::TooManyRows => Rule::TooMany { max: MAX_LINES },
    })?;
    Ok(sheet.rows.into_iter().map(|row| (row.number, row.cells)).unzip())
}

/// The first cells of the row that has most of them.
fn widest(rows: &[Vec<String>]) -> Vec<String> {
    let filled = |row: &&Vec<String>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    // Of several that are as wide, the first.
    let row = rows.iter().take(HEAD).rev().max_by_key(filled);
    row.map(|row| row.iter().map(|cell| one_line(cell).chars().take(40).collect()).collect()).unwrap_or_default()
}

impl ColumnsInput {
    /// None where nothing is typed.
    fn parse(&self) -> Result<Option<Columns>, Rule> {
        let column = |text: &str| match text.trim() {
            "" => Ok(None),
            text => match text.parse::<usize>() {
                Ok(number) if (1..=COLUMNS_MAX).contains(&number) => Ok(Some(number - 1)),
                _ => Err(Rule::NotAChoice),
            },
        };
        let amounts = match (column(&self.amount)?, column(&self.debit)?, column(&self.credit)?) {
            (Some(amount), None, None) => Some(Amounts::Signed(amount)),
            (None, Some(debit), Some(credit)) => Some(Amounts::Apart { debit, credit }),
            (None, None, None) => None,
            _ => return Err(Rule::NotAChoice),
        };
        match (column(&self.date)?, column(&self.label)?, amounts) {
            (None, None, None) => Ok(None),
            (Some(date), Some(label), Some(amounts)) => {
                Ok(Some(Columns { date, labels: vec![label], amounts, reference: None }))
            }
            _ => Err(Rule::NotAChoice),
        }
    }
}

/// The columns by their names, and the row below them.
fn guessed(rows: &[Vec<String>]) -> Option<(Columns, usize)> {
    rows.iter().take(HEAD).enumerate().find_map(|(at, row)| Some((columns(row)?, at + 1)))
}

fn columns(row: &[String]) -> Option<Columns> {
    let names: Vec<String> = row.iter().map(|cell| letters(cell)).collect();
    let named = |wanted: &[&str]| {
        let exact = wanted.iter().find_map(|name| names.iter().position(|own| own == name));
        exact.or_else(|| wanted.iter().find_map(|name| names.iter().position(|own| own.starts_with(name))))
    };
    let date =
        named(&["dateoperation", "datedeloperation", "dateop", "datecomptable", "datedecomptabilisation", "date"])?;
    let debit = named(&["debit", "montantdebit", "sortie"]);
    let credit = named(&["credit", "montantcredit", "entree"]);
    let amounts = match (debit, credit) {
        (Some(debit), Some(credit)) if debit != credit => Amounts::Apart { debit, credit },
        _ => Amounts::Signed(named(&["montant", "amount"])?),
    };
    let is_label = |name: &String| {
        [
            "libelle",
            "label",
            "description",
            "intitule",
            "motif",
            "communication",
            "detail",
            "informationscomplementaires",
        ]
        .iter()
        .any(|word| name.starts_with(word))
    };
    let mut labels: Vec<usize> = (0..names.len()).filter(|at| is_label(&names[*at])).collect();
    // Last, what only names a kind of operation.
    labels.extend(labels.is_empty().then(|| named(&["nature", "operation", "typeoperation", "type"])).flatten());
    (!labels.is_empty()).then(|| Columns { date, labels, amounts, reference: named(&["reference", "ref"]) })
}

fn line(row: &[String], columns: &Columns, account: &str, currency: Currency) -> Option<StatementLine> {
    let cell = |at: usize| row.get(at).map(|cell| cell.trim()).unwrap_or_default();
    let booked_on = sheet::date(cell(columns.date))?;
    let amount_minor = match columns.amounts {
        Amounts::Signed(at) => amount(cell(at), currency)?,
        Amounts::Apart { debit, credit } => match (cell(debit), cell(credit)) {
            (debit, "") => Minor(-amount(debit, currency)?.0.abs()),
            ("", credit) => amount(credit, currency)?,
            (debit, credit) => {
                // Some banks fill the other column with zero.
                let (debit, credit) = (amount(debit, currency)?.0.abs(), amount(credit, currency)?.0);
                if debit != 0 && credit != 0 {
                    return None;
                }
                Minor(credit - debit)
            }
        },
    };
    let mut words: Vec<String> = Vec::new();
    for told in columns.labels.iter().map(|at| one_line(cell(*at))).filter(|told| !told.is_empty()) {
        // A simplified label repeats the whole one.
        if words.iter().any(|other| other.contains(&told)) {
            continue;
        }
        words.retain(|other| !told.contains(other.as_str()));
        words.push(told);
    }
    let reference = columns.reference.map(|at| one_line(cell(at))).filter(|reference| !reference.is_empty());
    (!amount_minor.is_zero()).then(|| StatementLine {
        account: account.into(),
        booked_on,
        amount_minor,
        currency,
        label: words.join(" "),
        counterparty: None,
        counterparty_account: None,
        // Two cheques of one book may have the same: the label says more.
        bank_reference: reference.map(|reference| format!("{reference} {}", words.join(" "))),
        end_to_end: None,
        returned: None,
    })
}

/// `1 234,56`, `1.234,56`, `1,234.56`, `-12,5`, `12,50-`, `+5 €`: the last mark is the decimal one where as many digits
/// follow as the currency has at most.
fn amount(cell: &str, currency: Currency) -> Option<Minor> {
    let cell: String = cell.chars().filter(|letter| !letter.is_whitespace() && *letter != '\'').collect();
    let cell = cell.replace(['\u{2212}', '\u{2013}'], "-");
    let cell = cell.trim_end_matches(currency.symbol()).trim_end_matches(currency.code());
    let is_negative = cell.starts_with('-') || cell.ends_with('-') || (cell.starts_with('(') && cell.ends_with(')'));
    let digits = cell.trim_matches(['-', '+', '(', ')']);
    if digits.is_empty() || !digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',')) {
        return None;
    }
    let scale = currency.scale() as usize;
    let (whole, fraction) = match digits.rfind(['.', ',']) {
        Some(at) if digits.len() - at - 1 <= scale => (&digits[..at], &digits[at + 1..]),
        _ => (digits, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let number = Decimal::from_str_exact(&format!("0{whole}.{fraction}0")).ok()?;
    let minor = Minor::round(number, currency).ok()?;
    Some(if is_negative { Minor(-minor.0) } else { minor })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as on;

    use super::*;

    fn read(text: &str) -> (Vec<StatementLine>, Vec<usize>) {
        match parse(text.as_bytes(), "Compte", Currency::Eur, &ColumnsInput::default()).unwrap() {
            Read::Lines(lines, Unread::Rows(unread)) => (lines, unread),
            read @ Read::Lines(..) => panic!("{read:?}"),
            Read::Unknown(Unknown(names)) => panic!("unknown columns: {names:?}"),
        }
    }

    #[test]
    fn the_exports_of_french_banks_are_read_as_they_come() {
        // BPCE: a line of its own for each way of naming the same.
        let (lines, _) = read(
            "Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;\
             Type operation;Debit;Credit;Date operation;Date de valeur;Pointage operation\n\
             20/11/2026;VIR DUPRE;VIR SEPA DUPRE;0AB;FAC-2026-0001;Virement recu;;+1200,00;19/11/2026;20/11/2026;0\n\
             20/11/2026;FRAIS;FRAIS CB;0AC;;Frais;-3,50;;19/11/2026;20/11/2026;0\n",
        );
        assert_eq!((lines[0].booked_on, lines[0].amount_minor), (on(2026, 11, 19), Minor(120_000)));
        assert_eq!(lines[0].label, "VIR DUPRE VIR SEPA DUPRE FAC-2026-0001");
        assert_eq!(lines[1].amount_minor, Minor(-350));
        // La Banque Postale: lines of its own before the table.
        let (lines, unread) = read(
            "Numéro Compte   ;1234567A\nType         ;CCP\nCompte tenu en  ;euros\nDate            ;21/11/2026\n\
             Solde (EUROS)   ;3 045,67\n\nDate;Libellé;Montant(EUROS)\n20/11/2026;\"VIREMENT DE CLIENT SA\";1 200,00\n\
             19/11/2026;\"PRELEVEMENT EDF\";-85,20\n",
        );
        assert_eq!((lines.len(), unread), (2, vec![]));
        assert_eq!(lines[1].amount_minor, Minor(-8_520));
        // Crédit Agricole: labels over several lines, amounts apart, spaces that are none.
        let (lines, unread) = read(
            "Compte courant carte n° 12345;;;\n;;;\nDate;Libellé;Débit euros;Crédit euros\n\
             20/11/2026;\"VIREMENT EN VOTRE FAVEUR\nCLIENT SA   FAC-2026-0002\";;1\u{202f}200,50\n\
             18/11/2026;\"CARTE X1234\";12,00;\nTotal;;12,00;1200,50\n",
        );
        assert_eq!(lines[0].label, "VIREMENT EN VOTRE FAVEUR CLIENT SA FAC-2026-0002");
        assert_eq!((lines[0].amount_minor, lines[1].amount_minor, unread), (Minor(120_050), Minor(-1_200), vec![6]));
        // English, with commas.
        let (lines, _) = read("Date,Description,Amount\n2026-11-20,\"Client, SA\",\"1,200.00\"\n");
        assert_eq!((lines[0].amount_minor, lines[0].label.as_str()), (Minor(120_000), "Client, SA"));
    }

    #[test]
    fn windows_1252_is_read_where_it_is_no_utf_8() {
        let bytes = b"Date;Libell\xe9;Montant\r\n20/11/2026;Ch\xe8que n\xb0 12 \x80;1\xa0200,00\r\n";
        let read = parse(bytes, "Compte", Currency::Eur, &ColumnsInput::default()).unwrap();
        let Read::Lines(lines, _) = read else { panic!("{read:?}") };
        assert_eq!((lines[0].label.as_str(), lines[0].amount_minor), ("Chèque n° 12 €", Minor(120_000)));
    }

    #[test]
    fn columns_that_nobody_knows_are_asked_for_and_then_read() {
        let text = "20.11.26;CLIENT SA;EUR;1200,00\n19.11.26;EDF;EUR;85,20-\n";
        let read = parse(text.as_bytes(), "Compte", Currency::Eur, &ColumnsInput::default()).unwrap();
        let names = ["20.11.26", "CLIENT SA", "EUR", "1200,00"].map(str::to_owned).to_vec();
        assert_eq!(read, Read::Unknown(Unknown(names)));
        let typed = |amount: &str| ColumnsInput {
            date: "1".into(),
            label: "2".into(),
            amount: amount.into(),
            ..ColumnsInput::default()
        };
        let Read::Lines(lines, _) = parse(text.as_bytes(), "C", Currency::Eur, &typed("4")).unwrap() else { panic!() };
        assert_eq!((lines[0].amount_minor, lines[1].amount_minor), (Minor(120_000), Minor(-8_520)));
        for wrong in ["0", "61", "x", ""] {
            assert_eq!(parse(text.as_bytes(), "C", Currency::Eur, &typed(wrong)), Err(Rule::NotAChoice), "{wrong}");
        }
    }

    #[test]
    fn amounts_are_read_whatever_their_marks_and_nonsense_is_none() {
        for (cell, minor) in [
            ("1 234,56", 123_456),
            ("1.234,56", 123_456),
            ("1,234.56", 123_456),
            ("1.234", 123_400),
            ("1,5", 150),
            ("-12,50", -1_250),
            ("12,50-", -1_250),
            ("\u{2212}5,00 €", -500),
            ("(7,00)", -700),
            ("+5", 500),
            ("0,00", 0),
        ] {
            assert_eq!(amount(cell, Currency::Eur), Some(Minor(minor)), "{cell}");
        }
        for cell in ["", "abc", "-", "1e5", "12€3", "99999999999999999999", "1,2,3x"] {
            assert_eq!(amount(cell, Currency::Eur), None, "{cell}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused_or_asked_about() {
        for text in ["<html>", "\0\0"] {
            let read = parse(text.as_bytes(), "C", Currency::Eur, &ColumnsInput::default());
            assert_eq!(read, Err(Rule::NotAStatement));
        }
        let wide = ";".repeat(100);
        assert_eq!(parse(wide.as_bytes(), "C", Currency::Eur, &ColumnsInput::default()), Err(Rule::NotAStatement));
        let many = format!("Date;Libelle;Montant\n{}", "20/11/2026;x;1\n".repeat(MAX_LINES + 1));
        let read = parse(many.as_bytes(), "C", Currency::Eur, &ColumnsInput::default());
        assert_eq!(read, Err(Rule::TooMany { max: MAX_LINES }));
        let nothing = parse(b"", "C", Currency::Eur, &ColumnsInput::default());
        assert_eq!(nothing, Ok(Read::Unknown(Unknown(Vec::new()))));
    }
}
