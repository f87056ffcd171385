//! Files for a French spreadsheet: RFC 4180 with `;`, UTF-8 with its mark, and no cell that a spreadsheet would compute.

use std::io::Write;

use kernel::{Error, Result};

pub struct Spreadsheet<W: Write>(csv::Writer<W>);

impl<W: Write> Spreadsheet<W> {
    /// Begins one with its first line.
    pub fn new(mut file: W, header: &[&str]) -> Result<Self> {
        file.write_all("\u{feff}".as_bytes()).map_err(Error::internal)?;
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(file);
        writer.write_record(header).map_err(Error::internal)?;
        Ok(Self(writer))
    }

    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<()> {
        let inert = cells.into_iter().map(|cell| inert(cell.as_ref()));
        self.0.write_record(inert).map_err(Error::internal)
    }

    /// What was written so far.
    pub fn flushed(&mut self) -> Result<&W> {
        self.0.flush().map_err(Error::internal)?;
        Ok(self.0.get_ref())
    }

    pub fn finish(self) -> Result<W> {
        self.0.into_inner().map_err(|error| Error::internal(error.error()))
    }
}

/// Whether a spreadsheet would compute it, were the marks before it taken off. A negative number is one and stays one.
fn is_formula(cell: &str) -> bool {
    let bare = cell.trim_start_matches('\'');
    bare.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !is_negative(bare)
}

/// `-648,00`
fn is_negative(cell: &str) -> bool {
    let are_figures = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    cell.strip_prefix('-').is_some_and(|number| {
        let (units, decimals) = number.split_once([',', '.']).unwrap_or((number, "0"));
        are_figures(units) && are_figures(decimals)
    })
}

/// A cell that begins like a formula is made a text (OWASP, CSV injection).
fn inert(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.into() }
}

/// The cell as it was before it was written here.
pub fn unmarked(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|_| is_formula(cell)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_each_is_read_back_as_it_was() {
        for (cell, told) in [
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-1", "-1"),
            ("-648,00", "-648,00"),
            ("'-1", "'-1"),
            ("-1+1", "'-1+1"),
            ("-,5", "'-,5"),
            ("-A1", "'-A1"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("'", "'"),
            ("'bon'", "'bon'"),
            ("La Poste", "La Poste"),
        ] {
            assert_eq!(inert(cell), told);
            assert_eq!(unmarked(told), cell);
        }
    }
}
