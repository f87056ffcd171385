//! A file that somebody sends, row by row: whatever their spreadsheet makes of it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::{document::Unit, reference::OrganizationReference, text};
use serde::{Deserialize, Serialize};

use super::columns::Column;
use crate::{
    catalogue::Catalogue,
    product::{NewProduct, Product, ProductInput, ProductKind},
};

/// How many rows one file may have.
pub const ROWS_MAX: usize = 5_000;
/// How many errors are told at once.
const ERRORS_MAX: usize = 100;

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RowError {
    /// As the spreadsheet counts them: the first after the header is 2.
    pub row: usize,
    /// The header of the column.
    pub column: String,
    /// In French.
    pub message: String,
}

/// A product as a row makes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Create(NewProduct),
    /// With the product as it was read.
    Update(Box<Product>, NewProduct),
}

/// What a file would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub unchanged: usize,
    pub errors: Vec<RowError>,
}

impl Plan {
    fn wrong(&mut self, row: usize, column: &str, message: impl Into<String>) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(RowError { row, column: column.into(), message: message.into() });
        }
    }
}

/// UTF-8, with its mark or without, or what older spreadsheets write.
pub fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().map(|byte| windows_1252(*byte)).collect(),
    }
}

fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

/// `;` or `,` or a tabulation: what the header has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    [b';', b',', b'\t'].into_iter().max_by_key(|mark| (count(*mark), *mark == b';')).unwrap_or(b';')
}

/// The mark by which an export keeps a cell from being computed.
fn unmarked(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}

/// What the file would change of these products, by folded reference.
pub fn plan(
    text: &str,
    known: &BTreeMap<String, Product>,
    organization: &OrganizationReference,
    catalogue: &Catalogue,
    today: Date,
) -> Plan {
    let mut plan = Plan::default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        plan.wrong(1, "", "La première ligne ne peut pas être lue.");
        return plan;
    };
    let named = |name: &str| {
        let name = text::folded(name);
        Column::ALL.into_iter().find(|column| text::folded(column.french()) == name)
    };
    let columns: Vec<_> = header.iter().map(named).collect();
    for column in Column::REQUIRED.into_iter().filter(|column| !columns.contains(&Some(*column))) {
        plan.wrong(1, column.french(), "Cette colonne manque.");
    }
    if !plan.errors.is_empty() {
        return plan;
    }
    let mut seen = BTreeSet::new();
    for (at, record) in reader.records().enumerate() {
        let row = at + 2;
        if at >= ROWS_MAX {
            plan.wrong(row, "", format!("{ROWS_MAX} lignes au plus : partagez le fichier."));
            return plan;
        }
        let Ok(record) = record else {
            plan.wrong(row, "", "Cette ligne ne peut pas être lue.");
            continue;
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cells = columns.iter().zip(record.iter()).filter_map(|(column, cell)| Some(((*column)?, unmarked(cell))));
        let cells: Vec<_> = cells.collect();
        let reference = cells.iter().find(|(column, _)| *column == Column::Reference).map_or("", |(_, cell)| *cell);
        let folded = text::folded(reference);
        if !folded.is_empty() && !seen.insert(folded.clone()) {
            plan.wrong(row, Column::Reference.french(), "Cette référence figure déjà plus haut dans le fichier.");
            continue;
        }
        let known = known.get(&folded);
        let mut input = known.map(ProductInput::of).unwrap_or_default();
        let before = plan.errors.len();
        for (column, cell) in cells {
            if let Err(message) = fill(&mut input, column, cell, catalogue) {
                plan.wrong(row, column.french(), message);
            }
        }
        if plan.errors.len() > before {
            continue;
        }
        match input.parse(organization, catalogue, today) {
            Ok(new) => match known {
                None => plan.changes.push(Change::Create(new)),
                Some(known) if known.edited(new.clone()) == *known => plan.unchanged += 1,
                Some(known) => plan.changes.push(Change::Update(Box::new(known.clone()), new)),
            },
            Err(wrong) => {
                for violation in wrong.iter() {
                    let column = Column::ALL.into_iter().find(|column| is_of(&violation.pointer, *column));
                    plan.wrong(row, column.map_or("", Column::french), violation.rule.french());
                }
            }
        }
    }
    plan
}

/// `/tag_ids/0` is of the tags, `/unit_price` is not of the unit.
fn is_of(pointer: &str, column: Column) -> bool {
    pointer.strip_prefix(column.pointer()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a cell says, in words or as the API names it.
fn fill(input: &mut ProductInput, column: Column, cell: &str, catalogue: &Catalogue) -> Result<(), String> {
    let folded = text::folded(cell);
    match column {
        Column::Reference => input.reference = cell.into(),
        Column::Name => input.name = cell.into(),
        Column::Description => input.description = cell.into(),
        Column::Kind => {
            let is = |kind: &ProductKind| folded == kind.name() || folded == text::folded(kind.french());
            let kind = ProductKind::ALL.into_iter().find(is);
            input.kind = kind.map_or_else(|| cell.to_owned(), |kind| kind.name().into());
        }
        Column::Unit => {
            let is = |unit: &Unit| {
                folded == unit.name()
                    || folded == text::folded(unit.french())
                    || cell.eq_ignore_ascii_case(unit.unece())
            };
            let unit = Unit::ALL.into_iter().find(is);
            input.unit = unit.map_or_else(|| cell.to_owned(), |unit| unit.name().into());
        }
        Column::Price => {
            let is_unit = |letter: char| letter.is_alphabetic() || matches!(letter, '€' | '$' | '£');
            input.unit_price = cell.trim_end_matches(is_unit).trim().into();
        }
        Column::Vat => input.vat_percent = cell.trim_end_matches('%').trim().replace(',', "."),
        Column::Category => {
            let path = |path: &str| text::folded(&path.replace(['›', '/'], ">")).replace(" > ", ">");
            let wanted = path(cell);
            let tree = catalogue.tree();
            let found = tree.iter().find(|branch| path(&branch.path) == wanted);
            let found = found.or_else(|| tree.iter().find(|branch| text::folded(&branch.category.name) == wanted));
            input.category_id = match found {
                _ if cell.is_empty() => String::new(),
                Some(branch) => branch.category.id.to_string(),
                None => return Err(format!("La catégorie «\u{a0}{cell}\u{a0}» n’existe pas.")),
            };
        }
        Column::Tags => {
            input.tag_ids.clear();
            for name in cell.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let tag = catalogue.tags.iter().find(|tag| text::folded(&tag.name) == text::folded(name));
                match tag {
                    Some(tag) => input.tag_ids.push(tag.id.to_string()),
                    None => return Err(format!("L’étiquette «\u{a0}{name}\u{a0}» n’existe pas.")),
                }
            }
        }
        Column::Tracked => {
            input.track_stock = match folded.as_str() {
                "" | "non" | "0" | "false" => "false".into(),
                "oui" | "1" | "true" | "x" => "true".into(),
                _ => return Err("Indiquez oui ou non.".into()),
            };
        }
        Column::Threshold => input.stock_threshold = cell.into(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use ulid::Ulid;

    use super::*;
    use crate::product::tests::product;

    fn planned(text: &str, known: &[Product]) -> Plan {
        let organization = OrganizationReference::new(OrganizationId::from_ulid(Ulid(1)), "Atelier".into());
        let known = known.iter().map(|product| (text::folded(&product.reference), product.clone())).collect();
        plan(text, &known, &organization, &Catalogue::default(), jiff::civil::date(2026, 11, 25))
    }

    #[test]
    fn whatever_a_spreadsheet_writes_is_read() {
        let expected = planned("Référence;Nom;Prix unitaire HT;TVA\nA;Été;1 234,50;5,5\n", &[]);
        assert_eq!((expected.changes.len(), expected.errors.len()), (1, 0), "{:?}", expected.errors);
        let commas = planned("reference,NOM,Prix unitaire HT,tva\r\nA,Été,\"1 234,50 €\",\"5,5 %\"\r\n", &[]);
        assert_eq!(commas, expected);
        let old = b"R\xe9f\xe9rence;Nom;Prix unitaire HT;TVA\nA;\xc9t\xe9;1\xa0234,50;5,5\n";
        assert_eq!(planned(&decoded(old), &[]), expected);
        let marked =
            [b"\xef\xbb\xbf".as_slice(), "Référence;Nom;Prix unitaire HT;TVA\nA;Été;1234.5;5.5".as_bytes()].concat();
        assert_eq!(planned(&decoded(&marked), &[]), expected);
        assert_eq!(decoded(b"\x80 \x9c"), "€ œ");
    }

    #[test]
    fn each_row_says_what_is_wrong_with_it() {
        let text = "Référence;Nom;Prix unitaire HT;TVA;Catégorie\nA;;x;20;\nB;Lampe;1;20;Rien\n\nB;Encore;1;20;\n;Sans;1;20;\n";
        let wrong = planned(text, &[]);
        let told: Vec<_> = wrong.errors.iter().map(|error| (error.row, error.column.as_str())).collect();
        let expected = [(2, "Nom"), (2, "Prix unitaire HT"), (3, "Catégorie"), (4, "Référence"), (5, "Référence")];
        assert_eq!(told, expected);
        assert_eq!(planned("Nom;TVA\n", &[]).errors.len(), 2);
        assert!(!planned("", &[]).errors.is_empty());
    }

    #[test]
    fn a_row_changes_what_it_says_and_nothing_else_and_done_twice_it_changes_nothing() {
        let lamp = product();
        let text = "Référence;Nom;Prix unitaire HT;TVA\nlampe-01;Lampe;200;20\n";
        let first = planned(text, std::slice::from_ref(&lamp));
        let [Change::Update(read, new)] = first.changes.as_slice() else { panic!("{first:?}") };
        assert_eq!(**read, lamp);
        assert_eq!((new.name.as_str(), &new.description), ("Lampe", &lamp.description));
        let again = planned(text, &[lamp.edited(new.clone())]);
        assert_eq!((again.changes.len(), again.unchanged), (0, 1));
    }
}
