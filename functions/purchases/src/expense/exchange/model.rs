//! A file that somebody sends, row by row: each is an expense of one rate. Pure.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};
use kernel::{
    Currency, Rule, Violation,
    id::{ExpenseId, random_of},
    legal,
    purchase::PurchaseCategory,
    reference::OrganizationReference,
    text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use web::{
    sheet::{self, Sheet, Unreadable},
    spreadsheet::unmarked,
};

use super::{
    columns::{Column, NAMES},
    export_expenses::rounded,
};
use crate::expense::{ExpenseInput, ExpenseLineInput, NewExpense, PaidBy};

/// How many rows one file may have.
pub const ROWS_MAX: usize = 2_000;
/// How many errors are told at once.
const ERRORS_MAX: usize = 100;

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExpenseRowError {
    /// As the spreadsheet counts them, from 1.
    pub row: usize,
    /// The column, where it is one.
    pub column: String,
    /// In French.
    pub message: String,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExpenseColumnView {
    /// As the file names it.
    pub header: String,
    /// What it has in the first row.
    pub example: String,
    /// What it is taken for: `spent_on`, `description`, `category`, `supplier`, `reference`, `net`, `vat_percent`, `tax`,
    /// `gross`, `recovered_percent`, `currency`, `due_on`, `paid_on`, `paid_by`, `notes`; empty where it is left out.
    pub column: String,
}

/// A row that is an expense.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpenseRow {
    /// The same for the same row however often it comes: rows that are alike in one file are told apart by their order.
    pub id: ExpenseId,
    pub new: NewExpense,
}

/// What a file would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub columns: Vec<ExpenseColumnView>,
    pub rows: Vec<ExpenseRow>,
    pub errors: Vec<ExpenseRowError>,
}

impl Plan {
    fn wrong(&mut self, row: usize, column: Option<Column>, message: impl Into<String>) {
        if self.errors.len() < ERRORS_MAX {
            let column = column.map_or("", Column::french).to_owned();
            self.errors.push(ExpenseRowError { row, column, message: message.into() });
        }
    }
}

/// A file as rows: a violation where it is none.
pub fn read(bytes: &[u8]) -> Result<Sheet, Rule> {
    Sheet::read(bytes, ROWS_MAX + sheet::HEAD).map_err(|why| match why {
        Unreadable::NotATable => Rule::WrongFileType { accepted: "CSV".into() },
        Unreadable::TooManyRows => Rule::TooMany { max: ROWS_MAX },
    })
}

/// What the file would enter. `typed` says of each column what it is; where it is empty they are guessed by their names.
pub fn plan(sheet: &Sheet, typed: &[String], organization: &OrganizationReference, today: Date) -> Plan {
    let mut plan = Plan::default();
    let (head, guessed) = sheet.header(NAMES);
    let Some(header) = sheet.rows.get(head) else {
        plan.wrong(1, None, "Ce fichier est vide.");
        return plan;
    };
    let columns = if typed.is_empty() { guessed } else { chosen(header.number, typed, &mut plan) };
    let example = sheet.rows.get(head + 1);
    let views = header.cells.iter().enumerate().map(|(at, name)| ExpenseColumnView {
        header: name.clone(),
        example: example.and_then(|row| row.cells.get(at)).cloned().unwrap_or_default(),
        column: columns.get(at).copied().flatten().map_or("", Column::name).to_owned(),
    });
    plan.columns = views.collect();
    let has = |column| columns.contains(&Some(column));
    for column in [Column::Day, Column::Description] {
        if !has(column) {
            plan.wrong(header.number, Some(column), "Cette colonne manque.");
        }
    }
    if !has(Column::Net) && !has(Column::Gross) {
        plan.wrong(header.number, None, "Il manque une colonne de montant, HT ou TTC.");
    }
    if !plan.errors.is_empty() {
        return plan;
    }
    let mut seen = BTreeMap::new();
    for (at, row) in sheet.rows.iter().skip(head + 1).enumerate() {
        if at >= ROWS_MAX {
            plan.wrong(row.number, None, format!("{ROWS_MAX} lignes au plus : partagez le fichier."));
            return plan;
        }
        let cells = columns.iter().zip(&row.cells).filter_map(|(column, cell)| Some(((*column)?, unmarked(cell))));
        let (typed, contradiction) = input(cells);
        let parsed = typed.parse(organization, today);
        if let Some((column, told)) = &contradiction {
            plan.wrong(row.number, Some(*column), told);
        }
        match parsed {
            Ok(_) if contradiction.is_some() => {}
            Ok(new) => {
                let alike = seen.entry(fingerprint(&row.cells)).or_insert(0_u64);
                let id = row_id(&row.cells, *alike, new.content.spent_on);
                *alike += 1;
                plan.rows.push(ExpenseRow { id, new });
            }
            Err(wrong) => {
                for violation in wrong.iter() {
                    plan.wrong(row.number, Column::at(&violation.pointer), told(violation));
                }
            }
        }
    }
    plan
}

fn fingerprint(cells: &[String]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for cell in cells {
        hash.update(cell.len().to_be_bytes());
        hash.update(cell);
    }
    hash.finalize().into()
}

fn row_id(cells: &[String], alike: u64, on: Date) -> ExpenseId {
    let hash = Sha256::new().chain_update(fingerprint(cells)).chain_update(alike.to_be_bytes()).finalize();
    let random = random_of(&hash);
    let at = on.to_zoned(TimeZone::UTC).map(|at| at.timestamp()).unwrap_or_default();
    ExpenseId::new(at, random)
}

fn chosen(row: usize, typed: &[String], plan: &mut Plan) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    for name in typed {
        let column = Column::ALL.into_iter().find(|column| column.name() == name);
        match column {
            None if !name.is_empty() => plan.wrong(row, None, format!("Colonne inconnue : {name}.")),
            Some(_) if columns.contains(&column) => plan.wrong(row, column, "Cette colonne est choisie deux fois."),
            _ => {}
        }
        columns.push(column);
    }
    columns
}

/// A day as an expense says it; what is none stays as it is and is told.
fn day(cell: &str) -> String {
    sheet::date(cell).map_or_else(|| cell.into(), |day| day.to_string())
}

/// A number without its unit: an amount without its currency, a percentage without its sign.
fn number(cell: &str, units: &[char]) -> String {
    let is_unit = |letter: char| letter.is_alphabetic() || units.contains(&letter) || letter.is_whitespace();
    // What is no number at all is told as it is.
    if cell.contains(|letter: char| letter.is_ascii_digit()) {
        cell.trim_matches(is_unit).to_owned()
    } else {
        cell.into()
    }
}

/// A percentage is no amount.
fn amount(cell: &str) -> String {
    number(cell, &['€', '$', '£'])
}

fn percentage(cell: &str) -> String {
    number(cell, &['%'])
}

/// What people also call the ways to pay, folded.
const PAID_BY: &[(PaidBy, &[&str])] = &[
    (PaidBy::BankTransfer, &["vir", "virement bancaire", "virement sepa"]),
    (PaidBy::Card, &["cb", "carte", "carte bleue", "carte de credit"]),
    (PaidBy::DirectDebit, &["prelevement sepa", "prelevement bancaire", "prlv"]),
    (PaidBy::Check, &["chq", "cheque bancaire"]),
    (PaidBy::Cash, &["espece", "liquide", "especes (liquide)"]),
    (PaidBy::Other, &["autres", "divers"]),
];

/// The same of what is spent on.
const CATEGORIES: &[(PurchaseCategory, &[&str])] = &[(PurchaseCategory::Other, &["autres", "divers", "diverses"])];

fn category(cell: &str) -> Option<PurchaseCategory> {
    let folded = text::folded(cell);
    let is = |known: &PurchaseCategory| folded == known.name() || folded == text::folded(known.french());
    PurchaseCategory::ALL.into_iter().find(is).or_else(|| alias(CATEGORIES, &folded))
}

fn paid_by(cell: &str) -> Option<PaidBy> {
    let folded = text::folded(cell);
    let is = |known: &PaidBy| folded == known.name() || folded == text::folded(known.french());
    PaidBy::ALL.into_iter().find(is).or_else(|| alias(PAID_BY, &folded))
}

fn alias<T: Copy>(known: &[(T, &[&str])], folded: &str) -> Option<T> {
    known.iter().find(|(_, names)| names.contains(&folded)).map(|(known, _)| *known)
}

/// A file proposes nothing to choose from: what could have been written is told.
fn told(violation: &Violation) -> String {
    let words = match (&violation.rule, Column::at(&violation.pointer)) {
        (Rule::NotAChoice, Some(Column::Category)) => {
            PurchaseCategory::ALL.map(PurchaseCategory::french).join("\u{a0}; ")
        }
        (Rule::NotAChoice, Some(Column::PaidBy)) => PaidBy::ALL.map(PaidBy::french).join("\u{a0}; "),
        (Rule::NotAChoice, Some(Column::Currency)) => Currency::ALL.map(Currency::code).join("\u{a0}; "),
        (rule, _) => return rule.french(),
    };
    format!("Indiquez une de ces valeurs\u{a0}: {words}.")
}

/// What a row says, and which of its cells contradict the others.
fn input<'a>(cells: impl Iterator<Item = (Column, &'a str)>) -> (ExpenseInput, Option<(Column, String)>) {
    let mut input = ExpenseInput::default();
    let mut line = ExpenseLineInput::default();
    for (column, cell) in cells {
        match column {
            Column::Day => input.spent_on = day(cell),
            Column::Description => input.description = cell.into(),
            Column::Category => {
                input.category = category(cell).map_or_else(|| cell.to_owned(), |known| known.name().into());
            }
            Column::Supplier => input.supplier = cell.into(),
            Column::Reference => input.reference = cell.into(),
            Column::Net => line.net = amount(cell),
            Column::Vat => line.vat_percent = percentage(cell),
            Column::Tax => line.tax = amount(cell),
            Column::Gross => line.gross = amount(cell),
            Column::Recovered => line.recovered_percent = percentage(cell),
            Column::Currency => input.currency = cell.to_uppercase().replace('€', "EUR"),
            Column::Due => input.due_on = day(cell),
            Column::PaidOn => input.paid_on = day(cell),
            Column::PaidBy => input.paid_by = paid_by(cell).map_or_else(|| cell.to_owned(), |by| by.name().into()),
            Column::Notes => input.notes = cell.into(),
        }
    }
    let wrong = settle(&mut line);
    input.lines.push(line);
    (input, wrong)
}

/// Of a row that says net, VAT, rate and gross, or only some of them: as one line says them, of which the gross amount is left out
/// beside the net one. What does not add up is told.
fn settle(line: &mut ExpenseLineInput) -> Option<(Column, String)> {
    let read = |typed: &str| legal::decimal(typed, 4, Decimal::MIN, Decimal::MAX).ok();
    if line.tax.trim_end().ends_with('%') && line.vat_percent.is_empty() {
        line.vat_percent = percentage(&std::mem::take(&mut line.tax));
    }
    let mut wrong = None;
    if !line.net.is_empty() && !line.gross.is_empty() {
        let (net, gross) = (read(&line.net), read(&line.gross));
        let difference = net.zip(gross).and_then(|(net, gross)| gross.checked_sub(net));
        match (difference, line.tax.as_str()) {
            (Some(difference), "") => line.tax = difference.normalize().to_string(),
            (Some(difference), tax) if read(tax).is_some_and(|tax| tax != difference) => {
                let told = "Le montant HT et la TVA ne font pas ce montant TTC.";
                wrong = Some((Column::Gross, told.to_owned()));
            }
            (None, _) if gross.is_none() => {
                wrong = Some((Column::Gross, Rule::NotANumber.french()));
            }
            _ => {}
        }
        line.gross.clear();
    }
    if line.vat_percent.is_empty() && !line.tax.is_empty() {
        line.vat_percent = rate_of(line).map(|rate| rate.to_string()).unwrap_or_default();
    }
    wrong
}

/// What several rates come to together, where a file says the VAT and no rate.
fn rate_of(line: &ExpenseLineInput) -> Option<Decimal> {
    let read = |typed: &str| legal::decimal(typed, 4, Decimal::MIN, Decimal::MAX).ok();
    let tax = read(&line.tax)?;
    let net = if line.net.is_empty() { read(&line.gross)?.checked_sub(tax)? } else { read(&line.net)? };
    Some(rounded(tax.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(net)?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::Minor;

    use super::*;
    use crate::expense::tests::organization;

    fn planned(text: &str) -> Plan {
        plan(&read(text.as_bytes()).unwrap(), &[], &organization(), date(2026, 11, 22))
    }

    #[test]
    fn whatever_a_spreadsheet_calls_and_writes_is_read() {
        let expected = planned(
            "Date;Description;Montant HT;Taux de TVA;Fournisseur;Catégorie\n20/11/2026;Papier;1 234,50;20;Œuvre;Fournitures\n",
        );
        assert_eq!((expected.rows.len(), expected.errors.len()), (1, 0), "{:?}", expected.errors);
        for other in [
            "date,libelle,HT,taux,tiers,nature\r\n2026-11-20,Papier,\"1 234,50 €\",20 %,Œuvre,supplies\r\n",
            "Journal;;;;;\n\nDATE\tObjet\tMontant TTC\tTaux TVA\tTVA\tFournisseur\tType\n20.11.2026\tPapier\t1481.40\t20\t246.90\tŒuvre\tfournitures\n",
        ] {
            let read = planned(other);
            assert_eq!(
                read.rows.first().map(|row| &row.new),
                expected.rows.first().map(|row| &row.new),
                "{other}: {:?}",
                read.errors
            );
        }
        let rates = planned("Date;Description;HT;TVA\n2026-11-20;Courses;110;21\n");
        assert_eq!(rates.rows[0].new.content.sums().gross, Minor(13_100));
    }

    #[test]
    fn what_a_row_leaves_out_follows_from_the_rest_and_what_does_not_add_up_is_told() {
        let sums = |header: &str, cells: &str| {
            let plan = planned(&format!("Date;Description;{header}\n2026-11-20;Achat;{cells}\n"));
            match plan.rows.as_slice() {
                [row] => {
                    let sums = row.new.content.sums();
                    Ok((sums.net.0, sums.tax.0, sums.gross.0))
                }
                _ => Err(plan.errors.iter().map(|error| error.column.clone()).collect::<Vec<_>>().join(" ")),
            }
        };
        for (header, cells, told) in [
            // A column of VAT that says the rate.
            ("HT;TVA;TTC", "50,00;20 %;60,00", Ok((5_000, 1_000, 6_000))),
            ("TVA;TTC", "20%;60,00", Ok((5_000, 1_000, 6_000))),
            ("HT;TTC", "50,00;60,00", Ok((5_000, 1_000, 6_000))),
            ("HT;TTC", "50,00;50,00", Ok((5_000, 0, 5_000))),
            ("HT;Taux;TTC", "50,00;20;60,00", Ok((5_000, 1_000, 6_000))),
            ("HT;Taux;TVA;TTC", "100;20;20;120", Ok((10_000, 2_000, 12_000))),
            // A rate of two decimals says no more of a large amount.
            ("HT;TVA", "50000;5123,45", Ok((5_000_000, 512_345, 5_512_345))),
            ("HT;Taux;TVA;TTC", "100;20;20;500", Err("Montant TTC")),
            ("HT;TVA;TTC", "50,00;20 %;65,00", Err("TVA")),
            ("HT;Taux;TTC", "50,00;10;60,00", Err("TVA")),
            ("HT;TTC", "50,00;cher", Err("Montant TTC")),
            ("HT;Taux;TVA", "50,00;20;10 %", Err("TVA")),
            ("HT", "50 %", Err("Montant HT")),
        ] {
            assert_eq!(sums(header, cells), told.map_err(str::to_owned), "{header}: {cells}");
        }
    }

    #[test]
    fn a_choice_may_be_called_otherwise_and_what_could_be_is_told() {
        for (cell, by) in [("CB", "card"), ("Carte", "card"), ("virement", "bank_transfer"), ("Chèque", "check")]
            .into_iter()
            .chain([("ESPECES", "cash"), ("Prélèvement", "direct_debit"), ("Divers", "other")])
        {
            assert_eq!(paid_by(cell).map(PaidBy::name), Some(by), "{cell}");
        }
        assert_eq!(category("Divers"), Some(PurchaseCategory::Other));
        let wrong =
            planned("Date;Description;TTC;Catégorie;Moyen de paiement;Devise\n2026-11-20;Café;1;Cadeau;Troc;Écu\n");
        let told: Vec<_> = wrong.errors.iter().map(|error| error.message.as_str()).collect();
        let all = told.join("\n");
        assert!(
            all.contains("Loyer\u{a0}; ") && all.contains("Virement\u{a0}; ") && all.contains("EUR\u{a0}; "),
            "{all}"
        );
    }

    #[test]
    fn the_same_row_is_the_same_expense_and_two_alike_are_two() {
        let text = "Date;Description;TTC\n2026-11-20;Café;2,50\n2026-11-20;Café;2,50\n2026-11-21;Café;2,50\n";
        let ids = |plan: &Plan| plan.rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let once = ids(&planned(text));
        assert_eq!(once, ids(&planned(text)));
        assert!(once[0] != once[1] && once[1] != once[2]);
    }

    #[test]
    fn each_row_says_what_is_wrong_with_it() {
        let wrong = planned("Date;Description;TTC;Catégorie\nhier;Café;x;Cadeau\n2026-11-20;;1;\n");
        let told: Vec<_> = wrong.errors.iter().map(|error| (error.row, error.column.as_str())).collect();
        assert_eq!(told, [(2, "Catégorie"), (2, "Date"), (2, "Montant TTC"), (3, "Description")]);
        assert_eq!(planned("Description\nx\n").errors.len(), 2);
        assert!(read(b"PK\0").is_err());
    }
}
