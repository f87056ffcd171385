//! The rows of a file: as they are kept until the import is over, and what each says. Pure.

use std::collections::{HashMap, HashSet};

use kernel::{
    Violations,
    id::{CompanyId, ContactId, random_of},
    text,
};
use serde_json::Value;
use ulid::Ulid;
use web::spreadsheet::unmarked;

use super::model::{CHUNK_ROWS, Existing, KnownBy, Mapping};
use crate::{
    exchange::columns::{self, COMPANY, Column, Fields, ID, PIPELINE, STAGE, Said, Shape, Words},
    record::RecordKind,
    settings::Stage,
};

/// A row below the names of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As the spreadsheet counts them.
    pub number: u32,
    pub cells: Vec<String>,
}

/// A row with something wrong, as the report has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongRow {
    pub row: Row,
    pub message: String,
}

/// Rows one a line as JSON, and where each chunk of them begins.
pub fn written<'a>(rows: impl IntoIterator<Item = &'a Row>) -> (Vec<u8>, Vec<u64>) {
    let (mut bytes, mut offsets, mut count) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        if count % CHUNK_ROWS == 0 {
            offsets.push(bytes.len() as u64);
        }
        count += 1;
        // To a vector of bytes nothing can fail.
        let _ = serde_json::to_writer(&mut bytes, &(row.number, &row.cells));
        bytes.push(b'\n');
    }
    offsets.push(bytes.len() as u64);
    (bytes, offsets)
}

/// Rows as they were written; none where they are not ours.
pub fn read(bytes: &[u8]) -> Option<Vec<Row>> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let row = |line| serde_json::from_slice::<(u32, Vec<String>)>(line).ok();
    lines.map(|line| row(line).map(|(number, cells)| Row { number, cells })).collect()
}

/// What is wrong with rows, one a line, until the report is made of it.
pub fn written_wrong(rows: &[WrongRow]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for wrong in rows {
        let _ = serde_json::to_writer(&mut bytes, &(wrong.row.number, &wrong.row.cells, &wrong.message));
        bytes.push(b'\n');
    }
    bytes
}

pub fn read_wrong(bytes: &[u8]) -> Option<Vec<WrongRow>> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let row = |line| serde_json::from_slice::<(u32, Vec<String>, String)>(line).ok();
    lines
        .map(|line| row(line).map(|(number, cells, message)| WrongRow { row: Row { number, cells }, message }))
        .collect()
}

/// What a row says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    pub number: u32,
    /// Fields with something in them.
    pub fields: Vec<(String, Said)>,
    /// The id of a record that it names.
    pub id: Option<String>,
    /// The company that it names.
    pub company: Option<Named>,
    /// The contact that it names.
    pub contact: Option<Named>,
    /// By what it is recognised.
    pub key: Option<String>,
    /// What is wrong, the columns named.
    pub wrong: Vec<String>,
}

/// A company, or a contact, as a row names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// `com_…`, where a column says so.
    pub id: String,
    pub name: String,
    /// Digits of a SIRET or a SIREN; empty where there are none.
    pub number: String,
}

/// How rows are read.
#[derive(Debug)]
pub struct Reader<'a> {
    pub of: RecordKind,
    /// Of each column of the file ours.
    pub columns: &'a [Option<Column>],
    pub mapping: &'a Mapping,
    pub words: &'a Words,
}

impl Reader<'_> {
    pub fn told(&self, row: &Row) -> Told {
        let mut told = Told { number: row.number, ..Told::default() };
        let (mut company, mut contact) = (Named::default(), Named::default());
        let mut stage = None;
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            let Some(column) = column else { continue };
            let cell = unmarked(cell).trim();
            if cell.is_empty() {
                continue;
            }
            match (column.shape, column.read(cell, self.words)) {
                (_, Err(message)) => told.wrong.push(format!("{}\u{a0}: {message}", column.french)),
                (Shape::Id, Ok(Said::Text(id))) => told.id = Some(id),
                (Shape::CompanyNumber, Ok(Said::Text(number))) => {
                    company.number = number.chars().filter(char::is_ascii_digit).collect();
                }
                (Shape::CompanyId, Ok(Said::Text(id))) => company.id = id,
                (Shape::ContactId, Ok(Said::Text(id))) => contact.id = id,
                (Shape::Contact, Ok(Said::Text(name))) => contact.name = name,
                (Shape::Stage, Ok(Said::Text(name))) => stage = Some((column, name)),
                (Shape::Company, Ok(Said::Text(name))) if column.name == COMPANY => company.name = name,
                (Shape::FullName, Ok(Said::Text(name))) => {
                    let (first, last) = name.split_once(' ').unwrap_or(("", &name));
                    for (field, value) in [("first_name", first), ("last_name", last)] {
                        // A column of its own says it better.
                        let is_said = told.fields.iter().any(|(name, _)| name == field);
                        if !value.trim().is_empty() && !is_said {
                            told.fields.push((field.into(), Said::Text(value.trim().into())));
                        }
                    }
                }
                (_, Ok(said)) => {
                    told.fields.retain(|(name, _)| *name != column.name);
                    told.fields.push((column.name.clone(), said));
                }
            }
        }
        self.mend_postal_code(&mut told);
        if let Some((column, name)) = stage {
            self.find_stage(&mut told, column, &name);
        }
        told.company = (company != Named::default()).then_some(company);
        told.contact = (contact != Named::default()).then_some(contact);
        told.key = self.key(&told);
        told
    }

    /// The stage of this name, of the pipeline that the row names, or of the only one that has such a stage.
    fn find_stage(&self, told: &mut Told, column: &Column, name: &str) {
        let settings = &self.words.settings;
        let pipeline = text_of(&told.fields, PIPELINE).map(str::to_owned);
        let folded = text::folded(name);
        let of_it =
            settings.pipelines.iter().filter(|one| pipeline.as_ref().is_none_or(|id| *id == one.id.to_string()));
        let mut found = of_it.flat_map(|pipeline| {
            let is = |stage: &&Stage| stage.id.to_string() == name || text::folded(&stage.name) == folded;
            pipeline.stages.iter().filter(is).map(|stage| (pipeline.id, stage.id))
        });
        match (found.next(), found.next()) {
            (Some((pipeline, stage)), None) => {
                told.fields.retain(|(field, _)| field != PIPELINE);
                told.fields.push((PIPELINE.into(), Said::Text(pipeline.to_string())));
                told.fields.push((STAGE.into(), Said::Text(stage.to_string())));
            }
            (None, _) => told.wrong.push(format!("{}\u{a0}: «\u{a0}{name}\u{a0}» n’existe pas.", column.french)),
            (Some(_), Some(_)) => told.wrong.push(format!(
                "{}\u{a0}: plusieurs pipelines ont une étape «\u{a0}{name}\u{a0}»\u{a0}; indiquez le pipeline.",
                column.french
            )),
        }
    }

    /// A spreadsheet takes a postal code for a number, and its first zero off.
    fn mend_postal_code(&self, told: &mut Told) {
        let is_french = match text_of(&told.fields, "country") {
            None => true,
            Some(country) => country == "FR",
        };
        for (name, said) in &mut told.fields {
            if let Said::Text(code) = said
                && name == "postal_code"
                && is_french
                && code.len() == 4
                && code.bytes().all(|c| c.is_ascii_digit())
            {
                code.insert(0, '0');
            }
        }
    }

    /// By what the record of a row is recognised.
    fn key(&self, told: &Told) -> Option<String> {
        let said = |name: &str| text_of(&told.fields, name).map(str::to_owned);
        let key = match self.mapping.known_by {
            KnownBy::Nothing => None,
            KnownBy::Name => match self.of {
                RecordKind::Company | RecordKind::Opportunity => said("name").map(|name| text::folded(&name)),
                RecordKind::Contact => said("last_name")
                    .map(|last| text::folded(&format!("{last} {}", said("first_name").unwrap_or_default()))),
            },
            KnownBy::Email => said("email").map(|email| email.to_lowercase()),
            KnownBy::Siret => said("siret").map(|siret| digits(&siret, 14)),
            KnownBy::Siren => said("siret").map(|siret| digits(&siret, 9)),
            KnownBy::Custom(id) => said(&format!("custom.{id}")).map(|value| text::folded(&value)),
        };
        key.filter(|key| !key.is_empty())
    }
}

pub fn digits(text: &str, most: usize) -> String {
    text.chars().filter(char::is_ascii_digit).take(most).collect()
}

fn text_of<'a>(fields: &'a [(String, Said)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).and_then(|(_, said)| match said {
        Said::Text(text) => Some(text.as_str()),
        Said::Many(_) => None,
    })
}

impl Told {
    /// The fields of a record as the row makes them; `current` is what it has, or an empty input.
    pub fn upon(&self, current: &Fields, existing: Option<Existing>) -> Fields {
        let mut fields = current.clone();
        for (name, said) in &self.fields {
            if existing == Some(Existing::Fill) && columns::is_filled(current, name) {
                continue;
            }
            columns::set(&mut fields, name, said.clone());
        }
        fields
    }
}

/// What is wrong with an input, by the columns of the file, in one sentence each.
pub fn worded(violations: &Violations, columns: &[Option<Column>], known: &[Column]) -> Vec<String> {
    violations
        .iter()
        .map(|violation| {
            let name = violation.pointer.trim_start_matches('/');
            // `/tags/0` is of the tags, `/custom/fld_…` of that field.
            let name = if name.starts_with("custom/") {
                name.replace('/', ".")
            } else {
                name.split('/').next().unwrap_or_default().to_owned()
            };
            let by = |column: &&Column| column.name == name;
            let column = columns.iter().flatten().find(by).or_else(|| known.iter().find(by));
            match column {
                Some(column) => format!("{}\u{a0}: {}", column.french, violation.rule.french()),
                None => violation.rule.french(),
            }
        })
        .collect()
}

/// Of each key the first row of the file that has it: the others are refused, for nobody said which is right.
pub fn firsts<'a>(told: impl IntoIterator<Item = &'a Told>) -> HashMap<String, u32> {
    let mut firsts = HashMap::new();
    for row in told {
        // Who names a record by its id means that one.
        let key = row.id.as_ref().map(|id| format!("{ID}#{id}")).or_else(|| row.key.clone());
        if let Some(key) = key {
            firsts.entry(key).or_insert(row.number);
        }
    }
    firsts
}

/// The companies that there are, by what rows name them.
#[derive(Debug, Default)]
pub struct Companies {
    /// Whether its SIRET is known.
    ids: HashMap<CompanyId, bool>,
    by_name: HashMap<String, Vec<CompanyId>>,
    by_siret: HashMap<String, CompanyId>,
    by_siren: HashMap<String, Vec<CompanyId>>,
}

/// What a row's company turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    One(CompanyId),
    /// Several have the name, or the SIREN.
    Several,
    None,
}

impl Companies {
    pub fn add(&mut self, id: CompanyId, name: &str, siret: Option<&str>) {
        self.ids.insert(id, siret.is_some());
        self.by_name.entry(text::folded(name)).or_default().push(id);
        if let Some(siret) = siret {
            self.by_siret.insert(siret.into(), id);
            self.by_siren.entry(digits(siret, 9)).or_default().push(id);
        }
    }

    /// By its id, its number or its name, whichever says it first.
    pub fn find(&self, named: &Named) -> Found {
        let known = |id: &str| id.parse().ok().filter(|id| self.ids.contains_key(id));
        if let Some(id) = known(&named.id).or_else(|| known(&named.name)) {
            return Found::One(id);
        }
        let only = |several: Option<&Vec<CompanyId>>| match several.map(Vec::as_slice) {
            Some([one]) => Found::One(*one),
            Some([_, ..]) => Found::Several,
            _ => Found::None,
        };
        let by_number = match named.number.len() {
            14 => self.by_siret.get(&named.number).map_or(Found::None, |id| Found::One(*id)),
            9 => only(self.by_siren.get(&named.number)),
            _ => Found::None,
        };
        match by_number {
            // A SIRET that nobody has is another establishment.
            Found::None if named.number.len() != 14 || named.name.is_empty() => {
                only(self.by_name.get(&text::folded(&named.name)))
            }
            Found::None => match only(self.by_name.get(&text::folded(&named.name))) {
                // The one of this name has another SIRET, or none that we know of.
                Found::One(id) if self.ids.get(&id) == Some(&true) => Found::None,
                found => found,
            },
            found => found,
        }
    }
}

/// The contacts that there are, by what rows name them.
#[derive(Debug, Default)]
pub struct Contacts {
    ids: HashSet<ContactId>,
    /// E-mail addresses, and names with the first or the last name first.
    by_words: HashMap<String, Vec<ContactId>>,
}

impl Contacts {
    pub fn add(&mut self, id: ContactId, names: [String; 2], email: Option<&str>) {
        self.ids.insert(id);
        let mut words: Vec<String> = names.iter().map(|name| text::folded(name)).collect();
        words.extend(email.map(str::to_lowercase));
        words.dedup();
        for word in words {
            let known = self.by_words.entry(word).or_default();
            if !known.contains(&id) {
                known.push(id);
            }
        }
    }

    /// Why not, in French, where there is none of the name, or several.
    pub fn find(&self, named: &Named) -> Result<ContactId, String> {
        let known = |id: &str| id.parse().ok().filter(|id| self.ids.contains(id));
        if let Some(id) = known(&named.id).or_else(|| known(&named.name)) {
            return Ok(id);
        }
        let name = &named.name;
        let found = self.by_words.get(&text::folded(name)).or_else(|| self.by_words.get(&name.to_lowercase()));
        match found.map(Vec::as_slice) {
            Some([one]) => Ok(*one),
            Some([_, _, ..]) => Err(format!(
                "Contact\u{a0}: plusieurs contacts s’appellent «\u{a0}{name}\u{a0}»\u{a0}; indiquez l’adresse e-mail."
            )),
            _ => Err(format!("Contact\u{a0}: «\u{a0}{name}\u{a0}» n’existe pas.")),
        }
    }
}

/// What a new record is told from others by, in the words of its id.
pub fn derived(import: &super::Import, own: Option<kernel::id::UserId>, what: &str) -> Ulid {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in [import.sha256.as_str(), import.of.name(), &own.map(|user| user.to_string()).unwrap_or_default(), what]
    {
        hash.update(part);
        hash.update([0]);
    }
    let random = random_of(&hash.finalize()) >> 48;
    Ulid::from_parts(import.base_at.as_millisecond().max(0) as u64, random)
}

/// An input as its fields.
pub fn fields_of<T: serde::Serialize>(input: &T) -> kernel::Result<Fields> {
    match serde_json::to_value(input).map_err(kernel::Error::internal)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(kernel::Error::internal("an input that is no object")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        exchange::columns::{columns, guessed_by_name},
        import::model::tests::import,
        settings::Settings,
    };

    fn told(of: RecordKind, known_by: KnownBy, header: &str, row: &str) -> Told {
        let words = Words::default();
        let cells = |text: &str| text.split(';').map(str::to_owned).collect::<Vec<_>>();
        let known = columns(of, &Settings::default());
        let file: Vec<_> =
            guessed_by_name(&cells(header), &known).into_iter().map(|at| at.map(|at| known[at].clone())).collect();
        let mapping = Mapping { known_by, ..Mapping::guessed(of, Vec::new()) };
        Reader { of, columns: &file, mapping: &mapping, words: &words }.told(&Row { number: 2, cells: cells(row) })
    }

    #[test]
    fn rows_are_read_back_chunk_by_chunk() {
        let rows: Vec<_> = (0..CHUNK_ROWS as u32 + 1)
            .map(|number| Row { number, cells: vec![format!("é\n{number}"), String::new()] })
            .collect();
        let (bytes, offsets) = written(&rows);
        assert_eq!(offsets.len(), 3);
        let chunk = |at: usize| read(&bytes[offsets[at] as usize..offsets[at + 1] as usize]).unwrap();
        assert_eq!([chunk(0), chunk(1)].concat(), rows);
        assert_eq!(written(&[]), (Vec::new(), vec![0]));
        assert_eq!(read(b"x\n"), None);
        let wrong = vec![WrongRow { row: rows[0].clone(), message: "Non.".into() }];
        assert_eq!(read_wrong(&written_wrong(&wrong)), Some(wrong));
    }

    #[test]
    fn a_row_says_who_it_is_about() {
        let contact = told(
            RecordKind::Contact,
            KnownBy::Email,
            "Prénom et nom;E-mail;Entreprise;SIRET de l’entreprise;Code postal",
            "Zoé de La Tour;ZOE@d.example;Dupré;732 829 320 00074;1000",
        );
        assert_eq!(contact.key.as_deref(), Some("zoe@d.example"));
        assert_eq!(
            contact.company,
            Some(Named { name: "Dupré".into(), number: "73282932000074".into(), ..Named::default() })
        );
        let text = |name: &str| text_of(&contact.fields, name).unwrap_or_default();
        assert_eq!((text("first_name"), text("last_name"), text("postal_code")), ("Zoé", "de La Tour", "01000"));
        let by_name = told(RecordKind::Contact, KnownBy::Name, "Nom;Prénom", "DURAND;Zoé");
        assert_eq!(by_name.key.as_deref(), Some("durand zoe"));
        let siren = told(RecordKind::Company, KnownBy::Siren, "Nom;SIRET", "'=Dupré;73282932000074");
        assert_eq!(siren.key.as_deref(), Some("732829320"));
        assert_eq!(text_of(&siren.fields, "name"), Some("=Dupré"));
        let wrong = told(RecordKind::Company, KnownBy::Name, "Nom;Catégorie", "Dupré;ami");
        assert!(wrong.wrong[0].starts_with("Catégorie\u{a0}: Indiquez"), "{:?}", wrong.wrong);
    }

    #[test]
    fn the_first_of_each_key_counts() {
        let row = |number, key: &str, id: Option<&str>| Told {
            number,
            key: (!key.is_empty()).then(|| key.into()),
            id: id.map(Into::into),
            ..Told::default()
        };
        let firsts = firsts(&[row(2, "a", None), row(3, "a", None), row(4, "", None), row(5, "a", Some("com_1"))]);
        assert_eq!((firsts["a"], firsts["id#com_1"], firsts.len()), (2, 5, 2));
    }

    #[test]
    fn companies_are_found_by_id_number_and_name() {
        let id = |n| CompanyId::from_ulid(Ulid(n));
        let mut companies = Companies::default();
        companies.add(id(1), "Boulangerie Dupré", Some("73282932000074"));
        companies.add(id(2), "Menuiserie", None);
        companies.add(id(3), "MENUISERIE", None);
        let find = |name: &str, number: &str| {
            companies.find(&Named { name: name.into(), number: number.into(), ..Named::default() })
        };
        assert_eq!(find("boulangerie dupre", ""), Found::One(id(1)));
        assert_eq!(find("Autre nom", "73282932000074"), Found::One(id(1)));
        assert_eq!(find("", "732829320"), Found::One(id(1)));
        assert_eq!(find("Boulangerie Dupré", "35600000000048"), Found::None, "another establishment");
        assert_eq!(find("Menuiserie", ""), Found::Several);
        assert_eq!(find(&id(2).to_string(), ""), Found::One(id(2)));
        assert_eq!(find(&id(9).to_string(), ""), Found::None);
    }

    #[test]
    fn the_same_row_of_the_same_file_has_the_same_id() {
        let import = import();
        assert_eq!(derived(&import, None, "a"), derived(&import, None, "a"));
        assert_ne!(derived(&import, None, "a"), derived(&import, None, "b"));
        let other = super::super::Import { sha256: "cd".into(), ..import.clone() };
        assert_ne!(derived(&import, None, "a"), derived(&other, None, "a"));
    }
}
