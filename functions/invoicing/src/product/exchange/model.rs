//! A file that somebody sends, row by row: whatever their spreadsheet makes of it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::{Rule, document::Unit, id::ProductId, reference::OrganizationReference, text};
use serde::{Deserialize, Serialize};
use web::{
    sheet::{self, Sheet, Unreadable},
    spreadsheet::unmarked,
};

use super::columns::{Column, guessed};
use crate::{
    catalogue::Catalogue,
    product::{Product, ProductContent, ProductInput, ProductKind},
};

/// How many rows one file may have.
pub const ROWS_MAX: usize = 5_000;
/// How many errors are told at once.
const ERRORS_MAX: usize = 100;

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ProductRowError)]
pub struct RowError {
    /// As the spreadsheet counts them, from 1.
    pub row: usize,
    /// The column, where it is one.
    pub column: String,
    /// In French.
    pub message: String,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ColumnView {
    /// As the file names it.
    pub header: String,
    /// What it has in the first row.
    pub example: String,
    /// What it is taken for: `reference`, `name`, `description`, `kind`, `unit`, `unit_price`, `vat_percent`,
    /// `category_id`, `tag_ids`, `track_stock`, `stock_threshold`; empty where it is left out.
    pub column: String,
}

/// What a row says of a product.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRow {
    number: usize,
    cells: Vec<(Column, String)>,
    /// The product of its reference.
    pub product: Option<ProductId>,
}

/// What a file would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub columns: Vec<ColumnView>,
    /// Those that would change something.
    pub rows: Vec<ProductRow>,
    pub unchanged: usize,
    pub errors: Vec<RowError>,
}

impl Plan {
    fn wrong(&mut self, row: usize, column: Option<Column>, message: impl Into<String>) {
        if self.errors.len() < ERRORS_MAX {
            let column = column.map_or("", Column::french).to_owned();
            self.errors.push(RowError { row, column, message: message.into() });
        }
    }
}

/// What rows are held against.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub organization: &'a OrganizationReference,
    pub catalogue: &'a Catalogue,
    pub today: Date,
}

/// A file as rows: a violation where it is none.
pub fn read(bytes: &[u8]) -> Result<Sheet, Rule> {
    Sheet::read(bytes, ROWS_MAX + sheet::HEAD).map_err(|why| match why {
        Unreadable::NotATable => Rule::WrongFileType { accepted: "CSV".into() },
        Unreadable::TooManyRows => Rule::TooMany { max: ROWS_MAX },
    })
}

/// What the file would change of these products, by folded reference. `typed` says of each column what it is; where it is
/// empty they are guessed by their names.
pub fn plan(sheet: &Sheet, typed: &[String], known: &BTreeMap<String, Product>, given: Given<'_>) -> Plan {
    let mut plan = Plan::default();
    let (head, guessed) = guessed(sheet);
    let Some(header) = sheet.rows.get(head) else {
        plan.wrong(1, None, "Ce fichier est vide.");
        return plan;
    };
    let columns = if typed.is_empty() { guessed } else { chosen(header.number, typed, &mut plan) };
    let example = sheet.rows.get(head + 1);
    plan.columns = header
        .cells
        .iter()
        .enumerate()
        .map(|(at, name)| ColumnView {
            header: name.clone(),
            example: example.and_then(|row| row.cells.get(at)).cloned().unwrap_or_default(),
            column: columns.get(at).copied().flatten().map_or("", Column::name).to_owned(),
        })
        .collect();
    // By their reference products are known; what else is missing, new ones miss.
    if !columns.contains(&Some(Column::Reference)) {
        plan.wrong(header.number, Some(Column::Reference), "Cette colonne manque.");
    }
    if !plan.errors.is_empty() {
        return plan;
    }
    let mut seen = BTreeSet::new();
    for (at, row) in sheet.rows.iter().skip(head + 1).enumerate() {
        if at >= ROWS_MAX {
            plan.wrong(row.number, None, format!("{ROWS_MAX} lignes au plus : partagez le fichier."));
            return plan;
        }
        let cells = columns.iter().zip(&row.cells);
        let cells: Vec<_> = cells.filter_map(|(column, cell)| Some(((*column)?, unmarked(cell).to_owned()))).collect();
        let reference = cells.iter().find(|(column, _)| *column == Column::Reference);
        let folded = reference.map(|(_, cell)| text::folded(cell)).unwrap_or_default();
        if !folded.is_empty() && !seen.insert(folded.clone()) {
            let message = "Cette référence figure déjà plus haut dans le fichier.";
            plan.wrong(row.number, Some(Column::Reference), message);
            continue;
        }
        let known = known.get(&folded);
        let row = ProductRow { number: row.number, cells, product: known.map(|product| product.id) };
        match (row.made(known, given), known) {
            (Ok(new), Some(known)) if known.edited(new.clone()) == *known => plan.unchanged += 1,
            (Ok(_), _) => plan.rows.push(row),
            (Err(wrong), _) => {
                for (column, message) in wrong {
                    plan.wrong(row.number, column, message);
                }
            }
        }
    }
    plan
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

impl ProductRow {
    /// The product as the row makes it: what it does not say stays as it is.
    pub fn made(
        &self,
        known: Option<&Product>,
        given: Given<'_>,
    ) -> Result<ProductContent, Vec<(Option<Column>, String)>> {
        let mut input = known.map(ProductInput::of).unwrap_or_default();
        let filled = self.cells.iter().filter_map(|(column, cell)| {
            let message = fill(&mut input, *column, cell, given.catalogue).err()?;
            Some((Some(*column), message))
        });
        let wrong: Vec<_> = filled.collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        input.parse(given.organization, given.catalogue, given.today).map_err(|wrong| {
            let told = wrong.iter().map(|violation| {
                let column = Column::ALL.into_iter().find(|column| is_of(&violation.pointer, *column));
                (column, violation.rule.french())
            });
            told.collect()
        })
    }
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

    fn organization() -> OrganizationReference {
        OrganizationReference::new(OrganizationId::from_ulid(Ulid(1)), "Atelier".into())
    }

    fn with<T>(done: impl FnOnce(Given<'_>) -> T) -> T {
        let today = jiff::civil::date(2026, 11, 25);
        done(Given { organization: &organization(), catalogue: &Catalogue::default(), today })
    }

    fn planned_as(text: &str, typed: &[&str], known: &[Product]) -> Plan {
        let known = known.iter().map(|product| (text::folded(&product.reference), product.clone())).collect();
        let typed: Vec<_> = typed.iter().map(|name| (*name).to_owned()).collect();
        with(|terms| plan(&read(text.as_bytes()).unwrap(), &typed, &known, terms))
    }

    fn planned(text: &str, known: &[Product]) -> Plan {
        planned_as(text, &[], known)
    }

    fn made(plan: &Plan) -> Vec<ProductContent> {
        with(|terms| plan.rows.iter().map(|row| row.made(None, terms).unwrap()).collect())
    }

    #[test]
    fn whatever_a_spreadsheet_calls_and_writes_is_read() {
        let expected = planned("Référence;Nom;Prix unitaire HT;TVA\nA;Été;1 234,50;5,5\n", &[]);
        assert_eq!((expected.rows.len(), expected.errors.len()), (1, 0), "{:?}", expected.errors);
        for other in [
            "reference,NOM,Prix unitaire HT,tva\r\nA,Été,\"1 234,50 €\",\"5,5 %\"\r\n",
            "Code article\tPrix d’achat HT\tPrix TTC\tPrix de vente HT\tTaux de TVA\tDésignation\nA\t1\t2\t1234.5\t5.5\tÉté",
            "Mon catalogue;;;\n\nRéf.;Libellé;PU HT (€);TVA %\nA;Été;1\u{202f}234,50;5,50\n",
        ] {
            assert_eq!(made(&planned(other, &[])), made(&expected), "{other}");
        }
    }

    #[test]
    fn what_a_column_is_can_be_said() {
        let text = "Colonne 1;Colonne 2;Colonne 3;Colonne 4;Colonne 5\nÉté;A;rien;1 234,50;5,5\n";
        let guessed = planned(text, &[]);
        assert_eq!(guessed.errors[0].column, "Référence");
        assert_eq!((guessed.columns[0].header.as_str(), guessed.columns[0].example.as_str()), ("Colonne 1", "Été"));
        let said = planned_as(text, &["name", "reference", "", "unit_price", "vat_percent"], &[]);
        let expected = planned("Référence;Nom;Prix unitaire HT;TVA\nA;Été;1 234,50;5,5\n", &[]);
        assert_eq!(made(&said), made(&expected), "{:?}", said.errors);
        let twice = planned_as(text, &["name", "reference", "name", "x"], &[]);
        assert_eq!(twice.errors.iter().map(|error| error.column.as_str()).collect::<Vec<_>>(), ["Nom", ""]);
    }

    #[test]
    fn each_row_says_what_is_wrong_with_it() {
        let text = "Référence;Nom;Prix unitaire HT;TVA;Catégorie\nA;;x;20;\nB;Lampe;1;20;Rien\n\nB;Encore;1;20;\n;Sans;1;20;\n";
        let wrong = planned(text, &[]);
        let told: Vec<_> = wrong.errors.iter().map(|error| (error.row, error.column.as_str())).collect();
        let expected = [(2, "Nom"), (2, "Prix unitaire HT"), (3, "Catégorie"), (5, "Référence"), (6, "Référence")];
        assert_eq!(told, expected);
        assert_eq!(planned("Nom;TVA\n", &[]).errors.len(), 1);
        assert!(!planned("", &[]).errors.is_empty());
        let many = format!("Référence;Nom\n{}", "A;B\n".repeat(ROWS_MAX + sheet::HEAD));
        assert_eq!(read(many.as_bytes()), Err(Rule::TooMany { max: ROWS_MAX }));
        assert!(read(b"PK\0").is_err());
    }

    #[test]
    fn a_row_changes_what_it_says_and_nothing_else_and_done_twice_it_changes_nothing() {
        let lamp = product();
        let text = "Référence;Prix unitaire HT\nlampe-01;200\n";
        let first = planned(text, std::slice::from_ref(&lamp));
        let [row] = first.rows.as_slice() else { panic!("{first:?}") };
        assert_eq!(row.product, Some(lamp.id));
        let new = with(|terms| row.made(Some(&lamp), terms)).unwrap();
        assert_eq!((new.name.as_str(), &new.description), (lamp.name.as_str(), &lamp.description));
        let again = planned(text, &[lamp.edited(new)]);
        assert_eq!((again.rows.len(), again.unchanged), (0, 1));
    }
}
