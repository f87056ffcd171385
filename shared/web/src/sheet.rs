//! A table that somebody sends, as their spreadsheet, their bank or another program writes it: `;`, `,` or tabs, UTF-8,
//! UTF-16 or Windows-1252, lines of its own above the names of the columns, and columns that everybody names otherwise.
//! Whoever imports something reads it here. Pure.

use std::{borrow::Cow, io::Read};

use encoding_rs::{Encoding, WINDOWS_1252};
use jiff::civil::Date;
use kernel::text;

use crate::form::Choice;

/// How far down the names of the columns may stand.
pub const HEAD: usize = 40;
pub const COLUMNS_MAX: usize = 60;

/// A file, row by row; empty lines are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts them, from 1, empty ones too.
    pub number: usize,
    /// Without the spaces around them.
    pub cells: Vec<String>,
}

/// How many examples stand beside the name of a column.
const EXAMPLES: usize = 3;
const EXAMPLE_MAX: usize = 60;

/// A column of a file, and what it may be, as `columns` of `sheet.html` asks for it.
#[derive(Debug)]
pub struct FileColumn {
    pub header: String,
    pub examples: Vec<String>,
    pub choices: Vec<Choice>,
    pub error: Option<String>,
}

impl FileColumn {
    /// `cells` is what stands in it, of which a few are shown.
    pub fn new<'a>(header: &str, cells: impl Iterator<Item = &'a String>, choices: Vec<Choice>) -> Self {
        let examples = cells.filter(|cell| !cell.is_empty()).take(EXAMPLES);
        Self {
            header: header.into(),
            examples: examples.map(|cell| cell.chars().take(EXAMPLE_MAX).collect()).collect(),
            choices,
            error: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// A workbook, a page, a picture.
    NotATable,
    TooManyRows,
}

impl Sheet {
    pub fn read(bytes: &[u8], rows_max: usize) -> Result<Self, Unreadable> {
        Self::read_wide(bytes, rows_max, COLUMNS_MAX)
    }

    /// As [`Self::read`], of a table that may have more columns.
    pub fn read_wide(bytes: &[u8], rows_max: usize, columns_max: usize) -> Result<Self, Unreadable> {
        // As old as they are: lines that end with a carriage return.
        let text = decoded(bytes).replace("\r\n", "\n").replace('\r', "\n");
        if text.contains('\0') || text.trim_start().starts_with('<') {
            return Err(Unreadable::NotATable);
        }
        let (delimiter, text, before) = match declared(&text) {
            Some((delimiter, rest)) => (delimiter, rest, 1),
            None => (delimiter(&text), text.as_str(), 0),
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes().chain(b"\n".as_slice()));
        let (mut rows, mut record) = (Vec::new(), csv::StringRecord::new());
        // Lines of the file are more than rows where a cell has several.
        let mut within = 0;
        while reader.read_record(&mut record).map_err(|_| Unreadable::NotATable)? {
            if record.len() > columns_max {
                return Err(Unreadable::NotATable);
            }
            within += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
            let below = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
            let number = (below - 1).saturating_sub(within) + before;
            if record.iter().all(str::is_empty) {
                continue;
            }
            if rows.len() >= rows_max {
                return Err(Unreadable::TooManyRows);
            }
            rows.push(Row { number, cells: record.iter().map(str::to_owned).collect() });
        }
        Ok(Self { rows })
    }

    /// Where the names of the columns stand, and which of ours each is: the row that has most of them, or the first one.
    pub fn header<C: Copy + PartialEq>(&self, names: &[(C, &[&str])]) -> (usize, Vec<Option<C>>) {
        let heads = self.rows.iter().take(HEAD).map(|row| named(&row.cells, names)).enumerate();
        // Of several that have as many, the first.
        let best = heads.rev().max_by_key(|(_, columns)| columns.iter().flatten().count());
        best.unwrap_or_default()
    }
}

/// A day as spreadsheets write it: `20/11/2026`, `20/11/26`, `20-11-2026`, `20.11.2026` or `2026-11-20`, alone or before a
/// time; from 1900 on.
pub fn date(cell: &str) -> Option<Date> {
    let cell = cell.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = cell.split(['/', '-', '.']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let (year, day) = match (first.len(), last.len()) {
        (4, 1 | 2) => (number(first)?, number(last)?),
        (1 | 2, 4) => (number(last)?, number(first)?),
        (1 | 2, 2) => (2000 + number(last)?, number(first)?),
        _ => return None,
    };
    let date = Date::new(year, i8::try_from(number(month)?).ok()?, i8::try_from(day).ok()?).ok()?;
    (1900..2200).contains(&date.year()).then_some(date)
}

/// By its mark; else UTF-8 where it is that, and what older spreadsheets write where not.
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Excel's own first line: `sep=;`.
fn declared(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let mark = line.trim_end_matches('\r').strip_prefix("sep=")?;
    match mark.as_bytes() {
        [mark] if mark.is_ascii() && *mark != b'"' => Some((*mark, rest)),
        _ => None,
    }
}

/// What stands in most of the first lines, outside quotation marks. A comma is in every French amount: of two that stand in
/// as many it is the last.
fn delimiter(text: &str) -> u8 {
    let lines_with = |mark: char| {
        let has = |line: &&str| {
            let mut is_quoted = false;
            line.chars().any(|letter| {
                is_quoted ^= letter == '"';
                letter == mark && !is_quoted
            })
        };
        text.lines().take(HEAD).filter(has).count()
    };
    [b',', b'\t', b';'].into_iter().max_by_key(|mark| lines_with(char::from(*mark))).unwrap_or(b';')
}

/// Which column each cell names: as it is, else by how it begins. No column twice.
pub fn named<C: Copy + PartialEq>(cells: &[String], names: &[(C, &[&str])]) -> Vec<Option<C>> {
    let cells: Vec<String> = cells.iter().map(|cell| letters(cell)).collect();
    let mut found: Vec<Option<C>> = vec![None; cells.len()];
    let is = |cell: &str, name: &str| cell == name;
    let begins = |cell: &str, name: &str| cell.starts_with(name);
    for matches in [is as fn(&str, &str) -> bool, begins] {
        for (column, names) in names {
            if found.contains(&Some(*column)) {
                continue;
            }
            let free = |at: &usize| found[*at].is_none();
            let at = names.iter().find_map(|name| (0..cells.len()).filter(free).find(|at| matches(&cells[*at], name)));
            if let Some(at) = at {
                found[at] = Some(*column);
            }
        }
    }
    found
}

/// `Date de l’opération (JJ/MM)` → `datedeloperationjjmm`.
pub fn letters(cell: &str) -> String {
    text::folded(cell).chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        Sheet::read(bytes, 100).unwrap().rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn a_day_is_read_however_a_spreadsheet_writes_it() {
        for cell in ["30/11/2026", "30-11-26", "30.11.2026", "2026-11-30", "30/11/2026 14:05", "2026-11-30T14:05:00Z"] {
            assert_eq!(date(cell), Some(jiff::civil::date(2026, 11, 30)), "{cell}");
        }
        assert_eq!(date("1/2/1954"), Some(jiff::civil::date(1954, 2, 1)));
        for cell in ["", "11/30/2026", "30/11", "30/11/1", "+1/11/2026", "30/11/12026", "hier", "2026-11-30-1"] {
            assert_eq!(date(cell), None, "{cell}");
        }
    }

    #[test]
    fn the_same_table_is_read_however_it_was_saved() {
        let text = "Nom;Prix\r\nÉté; 1,50 \r\n";
        let expected = [["Nom", "Prix"], ["Été", "1,50"]];
        let utf_16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", text.as_bytes()),
            marked(b"\xff\xfe", &utf_16(u16::to_le_bytes)),
            marked(b"\xfe\xff", &utf_16(u16::to_be_bytes)),
            b"Nom;Prix\n\xc9t\xe9;1,50\n".to_vec(),
            "Nom\tPrix\nÉté\t1,50\n".into(),
            "Nom,Prix\nÉté,\"1,50\"\n".into(),
            "sep=|\nNom|Prix\nÉté|1,50".into(),
            "\"Nom\";\"Prix\"\n\"Été\";\"1,50\"".into(),
        ] {
            assert_eq!(cells(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
        }
        assert_eq!(decoded(b"\x80 \x9c"), "€ œ");
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_shows() {
        let sheet = Sheet::read("a;b\n\n\"deux\nlignes\";x\n;;\nc;d\n".as_bytes(), 100).unwrap();
        let numbers: Vec<_> = sheet.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 3, 5]);
        assert_eq!(Sheet::read(b"sep=;\na;b\n", 100).unwrap().rows[0].number, 2);
    }

    #[test]
    fn what_is_no_table_and_what_is_too_long_is_refused() {
        for bytes in [b"<html>".as_slice(), b"PK\x03\x04\0\0", ";".repeat(100).as_bytes()] {
            assert_eq!(Sheet::read(bytes, 100), Err(Unreadable::NotATable));
        }
        assert_eq!(Sheet::read("a\n".repeat(101).as_bytes(), 100), Err(Unreadable::TooManyRows));
        assert_eq!(Sheet::read(b"", 100), Ok(Sheet::default()));
    }

    #[test]
    fn columns_are_known_by_their_names_wherever_they_stand() {
        const NAMES: &[(char, &[&str])] = &[('n', &["nom", "designation"]), ('p', &["prixht", "prix"])];
        let sheet = Sheet::read("Mon magasin;;\n\nPrix HT (€);Désignation;Nom\n1;x;y\n".as_bytes(), 100).unwrap();
        assert_eq!(sheet.header(NAMES), (1, vec![Some('p'), None, Some('n')]));
        let unknown = Sheet::read(b"a;b\n1;2\n", 100).unwrap();
        assert_eq!(unknown.header(NAMES), (0, vec![None, None]));
        assert_eq!(Sheet::default().header(NAMES), (0, vec![]));
    }
}
