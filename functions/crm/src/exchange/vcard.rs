//! Cards of an address book (vCard: RFC 6350, RFC 2426, and 2.1 as telephones still write it): read as the rows of a table of
//! contacts, and written from contacts. Pure.

use calcard::{
    Entry, Parser,
    vcard::{VCard, VCardEntry, VCardParameterName, VCardParameterValue, VCardProperty, VCardType, VCardValue},
};
use serde_json::Value;
use web::sheet::{Row, Sheet, decoded};

use super::columns::{Column, Fields, Words, field};

/// The names of the columns that a file of cards becomes: those of the table of contacts.
const HEADER: [&str; 13] = [
    "Civilité",
    "Prénom",
    "Nom",
    "Entreprise",
    "Service",
    "Fonction",
    "E-mail",
    "Téléphone",
    "Mobile",
    "Adresse",
    "Code postal",
    "Ville",
    "Notes",
];
/// A file of cards has no more.
const CARDS_MAX: usize = 50_000;

pub fn is_vcard(bytes: &[u8]) -> bool {
    let head = decoded(bytes.get(..200).unwrap_or(bytes));
    head.trim_start_matches('\u{feff}').trim_start().to_ascii_uppercase().starts_with("BEGIN:VCARD")
}

/// Cards as a table; none where they are no cards. The row of a card is its number, below the names of the columns.
pub fn read(bytes: &[u8]) -> Option<Sheet> {
    let text = decoded(bytes);
    let mut parser = Parser::new(text.trim_start_matches('\u{feff}'));
    let mut rows = vec![Row { number: 1, cells: HEADER.map(str::to_owned).to_vec() }];
    let mut junk = 0;
    loop {
        match parser.entry() {
            Entry::VCard(card) => {
                rows.push(Row { number: rows.len() + 1, cells: cells(&card).to_vec() });
                if rows.len() > CARDS_MAX + 1 {
                    return None;
                }
            }
            Entry::Eof => break,
            // What stands between cards, or is none.
            _ => {
                junk += 1;
                if junk > CARDS_MAX {
                    return None;
                }
            }
        }
    }
    (rows.len() > 1).then_some(Sheet { rows })
}

fn cells(card: &VCard) -> [String; 13] {
    let name = card.property(&VCardProperty::N).map(parts).unwrap_or_default();
    let part = |at: usize| name.get(at).cloned().unwrap_or_default();
    let (mut last, mut first) = (part(0), [part(1), part(2)].join(" ").trim().to_owned());
    let civility = match part(3).trim_end_matches('.').to_lowercase().as_str() {
        "m" | "mr" | "monsieur" => "Monsieur",
        "mme" | "mlle" | "madame" | "mrs" | "ms" => "Madame",
        _ => "",
    };
    let organization = card.property(&VCardProperty::Org).map(parts).unwrap_or_default();
    if last.is_empty() {
        let formatted = text(card, &VCardProperty::Fn);
        match formatted.split_once(' ') {
            // What somebody is called, where the card does not tell first and last names apart.
            Some((begin, rest)) if first.is_empty() => (first, last) = (begin.into(), rest.into()),
            _ if first.is_empty() => last = formatted,
            _ => last = std::mem::take(&mut first),
        }
    }
    let is_of = |entry: &VCardEntry, kind: &VCardType| {
        entry.parameters(&VCardParameterName::Type).any(|value| match value {
            VCardParameterValue::Type(found) => found == kind,
            VCardParameterValue::Text(text) => text.eq_ignore_ascii_case(kind_name(kind)),
            _ => false,
        })
    };
    let numbers: Vec<_> = card.properties(&VCardProperty::Tel).filter(|tel| !is_of(tel, &VCardType::Fax)).collect();
    let number = |entry: Option<&&VCardEntry>| entry.map(|entry| joined(entry)).unwrap_or_default();
    let mobile = number(numbers.iter().find(|tel| is_of(tel, &VCardType::Cell)));
    let phone = number(numbers.iter().find(|tel| !is_of(tel, &VCardType::Cell)));
    let address =
        card.properties(&VCardProperty::Adr).map(parts).find(|parts| parts.iter().any(|part| !part.is_empty()));
    let place = |at: usize| address.as_ref().and_then(|parts| parts.get(at)).cloned().unwrap_or_default();
    // An address is one whole or none.
    let is_whole = [2, 3, 5].into_iter().all(|at| !place(at).is_empty());
    let place = |at: usize| if is_whole { place(at) } else { String::new() };
    [
        civility.to_owned(),
        first,
        last,
        organization.first().cloned().unwrap_or_default(),
        organization.get(1).cloned().unwrap_or_default(),
        text(card, &VCardProperty::Title),
        text(card, &VCardProperty::Email),
        bare(&phone),
        bare(&mobile),
        place(2),
        place(5),
        place(3),
        text(card, &VCardProperty::Note),
    ]
}

fn kind_name(kind: &VCardType) -> &'static str {
    match kind {
        VCardType::Cell => "cell",
        VCardType::Fax => "fax",
        _ => "",
    }
}

/// A number without the scheme of an address: `tel:+33-6-12` is `+33-6-12`.
fn bare(number: &str) -> String {
    let number = number.trim();
    let bare = number.get(..4).filter(|begin| begin.eq_ignore_ascii_case("tel:")).map_or(number, |_| &number[4..]);
    bare.split(';').next().unwrap_or_default().to_owned()
}

fn text(card: &VCard, property: &VCardProperty) -> String {
    card.property(property).map(joined).unwrap_or_default()
}

fn joined(entry: &VCardEntry) -> String {
    entry.values.iter().map(value).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The components of a structured value, those that are repeated joined.
fn parts(entry: &VCardEntry) -> Vec<String> {
    entry.values.iter().map(value).collect()
}

fn value(value: &VCardValue) -> String {
    match value {
        VCardValue::Text(text) => text.trim().to_owned(),
        VCardValue::Component(several) => several.join(" ").trim().to_owned(),
        VCardValue::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}

/// How long a line may be, in bytes (RFC 6350, 3.2).
const LINE_MAX: usize = 75;

/// The card of a contact (vCard 3.0, which every address book reads). `company` is the name of theirs.
pub fn write(out: &mut String, fields: &Fields, company: &str, columns: &[Column], words: &Words) {
    let said = |name: &str| field(fields, name).and_then(Value::as_str).unwrap_or_default();
    let shown = |name: &str| {
        columns.iter().find(|column| column.name == name).map(|column| column.show(fields, words)).unwrap_or_default()
    };
    let prefix = match said("civility") {
        "mr" => "M.",
        "mrs" => "Mme",
        _ => "",
    };
    let (first, last) = (said("first_name"), said("last_name"));
    let full = [first, last].join(" ");
    line(out, "BEGIN:VCARD");
    line(out, "VERSION:3.0");
    line(out, &format!("N:{};{};;{};", escaped(last), escaped(first), prefix));
    line(out, &format!("FN:{}", escaped(full.trim())));
    if !company.is_empty() || !said("department").is_empty() {
        let department = match said("department") {
            "" => String::new(),
            department => format!(";{}", escaped(department)),
        };
        line(out, &format!("ORG:{}{department}", escaped(company)));
    }
    for (name, property) in [
        ("job_title", "TITLE"),
        ("email", "EMAIL;TYPE=INTERNET"),
        ("phone", "TEL;TYPE=WORK,VOICE"),
        ("mobile", "TEL;TYPE=CELL"),
        ("notes", "NOTE"),
    ] {
        if !said(name).is_empty() {
            line(out, &format!("{property}:{}", escaped(said(name))));
        }
    }
    if !said("street").is_empty() {
        let parts = ["complement", "street", "city", "", "postal_code"].map(|name| escaped(said(name)));
        line(out, &format!("ADR;TYPE=WORK:;{};{}", parts.join(";"), escaped(&shown("country"))));
    }
    line(out, "END:VCARD");
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A line, folded where it is too long, never within a character.
fn line(out: &mut String, text: &str) {
    let mut room = LINE_MAX;
    for letter in text.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE_MAX - 1;
        }
        out.push(letter);
        room -= letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        exchange::columns::{columns, guessed_by_name},
        record::RecordKind,
        settings::Settings,
    };

    fn rows(text: &str) -> Vec<Vec<String>> {
        read(text.as_bytes()).unwrap().rows.into_iter().skip(1).map(|row| row.cells).collect()
    }

    fn one(lines: &[&str]) -> Vec<String> {
        let text = format!("BEGIN:VCARD\r\n{}\r\nEND:VCARD\r\n", lines.join("\r\n"));
        rows(&text).remove(0)
    }

    #[test]
    fn columns_of_cards_are_those_of_contacts() {
        let known = columns(RecordKind::Contact, &Settings::default());
        let found = guessed_by_name(&HEADER.map(str::to_owned), &known);
        assert!(found.iter().all(Option::is_some), "{found:?}");
    }

    #[test]
    fn cards_of_all_versions_are_read() {
        let three = one(&[
            "VERSION:3.0",
            "N:Durand;Zoé;;Mme;",
            "FN:Zoé Durand",
            "ORG:Boulangerie Dupré;Comptabilité",
            "TITLE:Gérante\\, associée",
            "EMAIL;TYPE=INTERNET:zoe@dupre.example",
            "TEL;TYPE=WORK,VOICE:04 78 00 00 00",
            "TEL;TYPE=CELL:06 00 00 00 00",
            "ADR;TYPE=WORK:;;3 rue du Four;Lyon;;69003;France",
            "NOTE:Joignable\\nle ma",
            " tin",
        ]);
        let expected = [
            "Madame",
            "Zoé",
            "Durand",
            "Boulangerie Dupré",
            "Comptabilité",
            "Gérante, associée",
            "zoe@dupre.example",
            "04 78 00 00 00",
            "06 00 00 00 00",
            "3 rue du Four",
            "69003",
            "Lyon",
            "Joignable\nle matin",
        ];
        assert_eq!(three, expected);
        let four = one(&[
            "VERSION:4.0",
            "FN:Zoé Durand",
            "TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+33-6-12-34-56-78",
            "item1.EMAIL:z@d.example",
        ]);
        assert_eq!((four[1].as_str(), four[2].as_str(), four[8].as_str()), ("Zoé", "Durand", "+33-6-12-34-56-78"));
        assert_eq!(four[6], "z@d.example");
        let two = one(&[
            "VERSION:2.1",
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:D=C3=A9sir=C3=A9;Zo=C3=A9;;;",
            "TEL;CELL:0612345678",
            "TEL;WORK;FAX:0400000000",
        ]);
        assert_eq!(
            (two[1].as_str(), two[2].as_str(), two[8].as_str(), two[7].as_str()),
            ("Zoé", "Désiré", "0612345678", "")
        );
    }

    #[test]
    fn many_cards_are_many_rows_and_what_is_none_is_told() {
        let card = "BEGIN:VCARD\nVERSION:3.0\nN:Durand;Zoé;;;\nEND:VCARD\n";
        assert_eq!(rows(&card.repeat(3)).len(), 3);
        assert!(is_vcard(card.as_bytes()) && is_vcard(b"\xef\xbb\xbfbegin:vcard\r\n") && !is_vcard(b"Nom;Prenom\n"));
        assert!(read(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n").is_none());
    }

    #[test]
    fn what_is_written_is_read_again_and_no_line_is_too_long() {
        let fields = serde_json::json!({
            "civility": "mrs", "first_name": "Zoé", "last_name": "Durand; fille", "job_title": "é".repeat(100),
            "email": "z@d.example", "mobile": "06 00 00 00 00", "notes": "a\nb, c",
            "street": "3 rue du Four", "postal_code": "69003", "city": "Lyon", "country": "FR",
        });
        let Value::Object(fields) = fields else { panic!() };
        let known = columns(RecordKind::Contact, &Settings::default());
        let mut text = String::new();
        write(&mut text, &fields, "Dupré & fils", &known, &Words::default());
        assert!(text.lines().all(|line| line.len() <= LINE_MAX), "{text}");
        let row = rows(&text).remove(0);
        let expected = [
            "Madame",
            "Zoé",
            "Durand; fille",
            "Dupré & fils",
            "",
            &"é".repeat(100),
            "z@d.example",
            "",
            "06 00 00 00 00",
            "3 rue du Four",
            "69003",
            "Lyon",
            "a\nb, c",
        ];
        assert_eq!(row, expected);
    }
}
