//! What files a document takes, and what each is. Pure.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
};

use kernel::{
    Error, Result, Rule, Violations,
    document::AttachedFile,
    id::{AttachmentId, UploadId},
    legal, text,
};
use serde::{Deserialize, Serialize};
use web::{
    sheet::Sheet,
    upload::{FileKind, UploadedInput},
};
use zip::ZipArchive;

/// How many files one document has.
pub const FILES_MAX: usize = 10;
const TOGETHER_MEGABYTES_MAX: u64 = 15;
pub const BYTES_TOGETHER_MAX: u64 = TOGETHER_MEGABYTES_MAX * 1024 * 1024;
/// What a mail carries of them beside its PDF. SES takes more (40 MB, encoded), many mailboxes do not: base64 makes of this
/// a little less than 10 MB.
const MAILED_BYTES_MAX: u64 = 7 * 1024 * 1024;
const NAME_MAX: usize = 255;
/// What is kept of a name, without its ending.
const STEM_MAX: usize = 80;
const DESCRIPTION_MAX: usize = 100;
/// More rows than a spreadsheet has.
const CSV_ROWS_MAX: usize = 1_048_576;
/// What is read of a part of a workbook.
const PART_BYTES_MAX: u64 = 256 * 1024;
const PARTS_MAX: usize = 5_000;
/// What the main part of a workbook without macros is.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

/// What browsers and programs announce of such files; what they are, [`Kind::of`] finds out.
pub const ATTACHMENT: FileKind = FileKind {
    media_types: &[
        ("application/pdf", "PDF"),
        ("image/png", "PNG"),
        ("image/jpeg", "JPEG"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
        ("application/vnd.oasis.opendocument.spreadsheet", "ODS"),
        ("text/csv", "CSV"),
        ("text/plain", "CSV"),
        ("application/vnd.ms-excel", "CSV"),
        ("application/octet-stream", "CSV"),
    ],
    megabytes_max: 5,
};

/// What a page lets choose from.
pub const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.csv,.xlsx,.ods";

/// A file that was sent, as it is named to the act that it is for. The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AttachmentInput {
    /// `upl_…`
    pub upload_id: String,
    /// `Plan du chantier.pdf`: what its client sees. What no file system takes is replaced, the ending is that of what it is,
    /// and a name that the document has already gets a number.
    pub file_name: String,
    /// What it is, at most 100 characters.
    pub description: String,
}

/// An input whose fields are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    pub upload: UploadId,
    pub file_name: String,
    pub description: Option<String>,
}

impl AttachmentInput {
    pub fn parse(&self) -> Result<Announced> {
        let mut wrong = Violations::default();
        let uploaded = UploadedInput { upload_id: self.upload_id.clone() };
        let upload = match uploaded.parse() {
            Ok(upload) => Some(upload),
            Err(_) => {
                wrong.add("/upload_id", Rule::NoUpload);
                None
            }
        };
        let file_name = wrong.take("/file_name", legal::required(&self.file_name, NAME_MAX));
        let description = legal::optional(&self.description, |text| legal::text(text, DESCRIPTION_MAX));
        // One line: it stands in a list.
        let description = wrong.take("/description", description.map(|text| text.map(|text| text.replace('\n', " "))));
        match (upload, file_name, description) {
            (Some(upload), Some(file_name), Some(description)) => Ok(Announced { upload, file_name, description }),
            _ => Err(wrong.into()),
        }
    }
}

/// The kinds that EN 16931 lets an invoice bring (BT-125-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Pdf,
    Png,
    Jpeg,
    Csv,
    Xlsx,
    Ods,
}

impl Kind {
    const ALL: [Self; 6] = [Self::Pdf, Self::Png, Self::Jpeg, Self::Csv, Self::Xlsx, Self::Ods];

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
        }
    }

    /// How the names of such files end; the first is the one that is given.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Csv => &["csv"],
            Self::Xlsx => &["xlsx"],
            Self::Ods => &["ods"],
        }
    }

    /// As the name says.
    fn named(file_name: &str) -> Option<Self> {
        let ending = file_name.rsplit_once('.')?.1.to_ascii_lowercase();
        Self::ALL.into_iter().find(|kind| kind.endings().contains(&ending.as_str()))
    }

    /// What a file is, by its content. Only a text needs a name that says so: every table is a text, and not every text is a
    /// table. Nothing that runs is among them: no SVG, no page, no workbook with macros.
    pub fn of(bytes: &[u8], file_name: &str) -> Result<Self, Rule> {
        let found = if is_pdf(bytes) {
            Some(Self::Pdf)
        } else if is_png(bytes) {
            Some(Self::Png)
        } else if is_jpeg(bytes) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"PK\x03\x04") {
            workbook(bytes)
        } else if Self::named(file_name) == Some(Self::Csv) && is_table(bytes) {
            Some(Self::Csv)
        } else {
            None
        };
        if bytes.is_empty() {
            return Err(Rule::EmptyFile);
        }
        found.ok_or_else(|| Rule::WrongFileType { accepted: ATTACHMENT.names() })
    }
}

/// From its header to its end (ISO 32000-1, 7.5).
fn is_pdf(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(1_024)..];
    let has = |what: &[u8]| end.windows(what.len()).any(|window| window == what);
    bytes.starts_with(b"%PDF-") && has(b"startxref") && has(b"%%EOF")
}

/// From its signature and first chunk to its last one, with nothing behind it (ISO/IEC 15948, 5).
fn is_png(bytes: &[u8]) -> bool {
    const BEGIN: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR";
    const END: &[u8] = b"\x00\x00\x00\x00IEND\xae\x42\x60\x82";
    bytes.starts_with(BEGIN) && bytes.ends_with(END)
}

/// From its first marker to its last one; some cameras fill up with zeros.
fn is_jpeg(bytes: &[u8]) -> bool {
    let filled = bytes.iter().rev().take_while(|byte| **byte == 0).count();
    bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes[..bytes.len() - filled].ends_with(&[0xff, 0xd9])
}

fn is_table(bytes: &[u8]) -> bool {
    let is_printable = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t'));
    is_printable(&web::sheet::decoded(bytes))
        && Sheet::read(bytes, CSV_ROWS_MAX).is_ok_and(|sheet| !sheet.rows.is_empty())
}

/// A workbook of Office Open XML (ISO/IEC 29500-2) or OpenDocument (ISO/IEC 26300-3), without macros.
fn workbook(bytes: &[u8]) -> Option<Kind> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok().filter(|archive| archive.len() <= PARTS_MAX)?;
    let names = names_of(&archive)?;
    let has = |part: &str| names.iter().any(|name| name == part);
    let runs = names
        .iter()
        .any(|name| name.contains("vbaproject") || name.starts_with("basic/") || name.starts_with("scripts/"));
    if runs {
        return None;
    }
    let mut part = |name: &str| {
        let mut read = String::new();
        let part = archive.by_name(name).ok()?;
        part.take(PART_BYTES_MAX).read_to_string(&mut read).ok()?;
        Some(read)
    };
    if part("mimetype").is_some_and(|text| text == Kind::Ods.media_type()) {
        return has("content.xml").then_some(Kind::Ods);
    }
    let types = part("[Content_Types].xml")?;
    (types.contains(WORKBOOK) && has("xl/workbook.xml")).then_some(Kind::Xlsx)
}

/// The names of its parts, in small letters.
fn names_of(archive: &ZipArchive<Cursor<&[u8]>>) -> Option<Vec<String>> {
    archive.file_names().map(|name| name.ok().map(|name| name.to_ascii_lowercase())).collect()
}

/// A name that any file system takes and no program misreads, with the ending of what it is.
fn sanitised(file_name: &str, kind: Kind) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match last.rsplit_once('.') {
        Some((stem, ending)) if kind.endings().contains(&ending.to_ascii_lowercase().as_str()) => stem,
        _ => last,
    };
    let mut clean = String::new();
    for letter in stem.chars().filter(|letter| !is_invisible(*letter)) {
        match letter {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => clean.push('_'),
            letter if letter.is_whitespace() || letter.is_control() => {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            letter => clean.push(letter),
        }
    }
    let stem: String = clean.trim_matches([' ', '.']).chars().take(STEM_MAX).collect();
    let stem = stem.trim_end_matches([' ', '.']);
    let stem = if stem.is_empty() { "piece" } else { stem };
    format!("{stem}.{}", kind.endings()[0])
}

/// What shows nothing, or lets a name be read in another order (`facture\u{202e}fdp.exe`).
const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}'
    )
}

/// The same, unlike those that there are.
fn unique(file_name: String, others: &[AttachedFile]) -> String {
    let taken: BTreeSet<_> = others.iter().map(|other| text::folded(&other.file_name)).collect();
    let is_free = |name: &String| !taken.contains(&text::folded(name));
    if is_free(&file_name) {
        return file_name;
    }
    let (stem, ending) = file_name.rsplit_once('.').unwrap_or((&file_name, ""));
    // Of so many at most, one more than there are is free.
    let numbered = (2..=others.len() + 2).map(|number| format!("{stem} ({number}).{ending}"));
    numbered.into_iter().find(is_free).unwrap_or(file_name)
}

/// What was found out of a file, once, however often its document is written by others meanwhile.
#[derive(Debug, Clone)]
pub struct Kept {
    pub s3_key: String,
    pub kind: Kind,
    pub bytes: u64,
    pub sha256: String,
}

/// The file as its document has it, beside `others`.
pub fn attached(announced: &Announced, kept: &Kept, others: &[AttachedFile]) -> Result<AttachedFile, Rule> {
    must_have_room(others)?;
    let together: u64 = others.iter().map(|other| other.bytes).sum();
    if together + kept.bytes > BYTES_TOGETHER_MAX {
        return Err(Rule::TooLargeTogether { max_mb: TOGETHER_MEGABYTES_MAX });
    }
    Ok(AttachedFile {
        id: id_of(announced.upload),
        s3_key: kept.s3_key.clone(),
        file_name: unique(sanitised(&announced.file_name, kept.kind), others),
        description: announced.description.clone(),
        media_type: kept.kind.media_type().into(),
        bytes: kept.bytes,
        sha256: kept.sha256.clone(),
    })
}

pub fn must_have_room(others: &[AttachedFile]) -> Result<(), Rule> {
    if others.len() < FILES_MAX { Ok(()) } else { Err(Rule::TooManyFiles { max: FILES_MAX }) }
}

/// The same file sent once is one file of the document, however often it is added.
pub const fn id_of(upload: UploadId) -> AttachmentId {
    AttachmentId::from_ulid(upload.ulid())
}

/// Whether a mail takes them, or leads to them instead.
pub fn fits_mail(attachments: &[AttachedFile]) -> bool {
    attachments.iter().map(|file| file.bytes).sum::<u64>() <= MAILED_BYTES_MAX
}

/// As a preview names them before they are taken over: by their names alone.
pub fn announced(inputs: &[AttachmentInput]) -> Vec<AttachedFile> {
    let mut files = Vec::new();
    for announced in inputs.iter().filter_map(|input| input.parse().ok()) {
        let Some(kind) = Kind::named(&announced.file_name) else { continue };
        let kept = Kept { s3_key: String::new(), kind, bytes: 0, sha256: String::new() };
        files.extend(attached(&announced, &kept, &files));
    }
    files
}

/// What is wrong with one of several, where it stands.
pub fn within(error: Error, place: usize) -> Error {
    match error {
        Error::Invalid(violations) => {
            Error::Invalid(violations.moved(|pointer| format!("/attachments/{place}{pointer}")))
        }
        other => other,
    }
}

#[cfg(test)]
pub mod tests {
    use std::io::Write;

    use ulid::Ulid;
    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    pub fn pdf() -> Vec<u8> {
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n".to_vec()
    }

    pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn xlsx(main: &str, more: &[(&str, &str)]) -> Vec<u8> {
        let types = format!("<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"{main}\"/></Types>");
        let parts: Vec<_> = [("[Content_Types].xml", types.as_str()), ("xl/workbook.xml", "<workbook/>")]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        zipped(&parts)
    }

    fn png() -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".to_vec();
        png.extend([0; 17]);
        png.extend(b"\x00\x00\x00\x00IEND\xae\x42\x60\x82");
        png
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        let ods = [("mimetype", Kind::Ods.media_type()), ("content.xml", "<x/>")];
        for (bytes, name, kind) in [
            (pdf(), "a.pdf", Kind::Pdf),
            (pdf(), "a.png", Kind::Pdf),
            (png(), "a.png", Kind::Png),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF\xff\xd9\x00\x00".to_vec(), "a.jpeg", Kind::Jpeg),
            ("Réf;Prix\nA;1,50\n".into(), "a.CSV", Kind::Csv),
            (b"R\xe9f;Prix\r\nA;1,50\r\n".to_vec(), "a.csv", Kind::Csv),
            (xlsx(WORKBOOK, &[]), "a.xlsx", Kind::Xlsx),
            (zipped(&ods), "a.ods", Kind::Ods),
        ] {
            assert_eq!(Kind::of(&bytes, name), Ok(kind), "{name}");
        }
    }

    #[test]
    fn what_is_disguised_is_refused() {
        let macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
        let hidden = [png(), b"<script>alert(1)</script>".to_vec()].concat();
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for (bytes, name) in [
            (zipped(&[("a.txt", "x")]), "a.pdf"),
            (zipped(&[("a.txt", "x")]), "a.xlsx"),
            (zipped(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]), "a.ods"),
            (xlsx(macros, &[]), "a.xlsx"),
            (xlsx(WORKBOOK, &[("xl/vbaProject.bin", "x")]), "a.xlsx"),
            (b"%PDF-1.7 and nothing more".to_vec(), "a.pdf"),
            (hidden, "a.png"),
            (svg.into(), "a.svg"),
            (svg.into(), "a.png"),
            (svg.into(), "a.csv"),
            (format!("\u{feff}  \n{svg}").into_bytes(), "a.csv"),
            (b"a;b\0c".to_vec(), "a.csv"),
            (b"MZ\x90\x00\x03".to_vec(), "a.csv"),
            (b"a;b\n".to_vec(), "a.txt"),
            (b"a;b\n".to_vec(), "a.pdf"),
            (b"PK\x03\x04".to_vec(), "a.xlsx"),
            (b" \n \n".to_vec(), "a.csv"),
        ] {
            assert!(matches!(Kind::of(&bytes, name), Err(Rule::WrongFileType { .. })), "{name}: {bytes:?}");
        }
        assert_eq!(Kind::of(b"", "a.pdf"), Err(Rule::EmptyFile));
    }

    #[test]
    fn cut_or_changed_files_are_never_taken_for_whole_ones_and_nothing_panics() {
        for whole in [pdf(), png(), xlsx(WORKBOOK, &[])] {
            for length in 0..whole.len().min(600) {
                let cut = &whole[..length];
                assert!(Kind::of(cut, "a.pdf").is_err() || is_pdf(cut), "{length}");
            }
            for at in 0..whole.len().min(600) {
                let mut changed = whole.clone();
                changed[at] ^= 0x55;
                let _ = Kind::of(&changed, "a.csv");
            }
        }
    }

    #[test]
    fn a_name_is_made_harmless_and_ends_as_what_it_is() {
        for (typed, kind, name) in [
            ("Plan d’accès.PDF", Kind::Pdf, "Plan d’accès.pdf"),
            ("C:\\Users\\x\\devis:1.pdf", Kind::Pdf, "devis_1.pdf"),
            ("../../etc/passwd", Kind::Csv, "passwd.csv"),
            ("photo.jpeg", Kind::Jpeg, "photo.jpg"),
            ("photo.png", Kind::Pdf, "photo.png.pdf"),
            ("facture\u{202e}fdp.exe", Kind::Pdf, "facturefdp.exe.pdf"),
            ("a\r\nb\t c.pdf", Kind::Pdf, "a b c.pdf"),
            (" . .pdf", Kind::Pdf, "piece.pdf"),
            ("", Kind::Png, "piece.png"),
        ] {
            assert_eq!(sanitised(typed, kind), name, "{typed:?}");
            assert_eq!(sanitised(name, kind), name, "again");
        }
        assert_eq!(sanitised(&"é".repeat(300), Kind::Pdf).chars().count(), 84);
    }

    fn add(others: &[AttachedFile], name: &str, bytes: u64) -> Result<AttachedFile, Rule> {
        let upload = UploadId::from_ulid(Ulid(others.len() as u128 + 1));
        let announced = Announced { upload, file_name: name.into(), description: None };
        let kept = Kept { s3_key: "k".into(), kind: Kind::Pdf, bytes, sha256: String::new() };
        attached(&announced, &kept, others)
    }

    #[test]
    fn names_are_unique_whatever_their_case() {
        let mut files = Vec::new();
        for name in ["Plan.pdf", "PLAN.pdf", "plan.PDF", "plan (2).pdf"] {
            files.push(add(&files, name, 1).unwrap());
        }
        let names: Vec<_> = files.iter().map(|file| file.file_name.as_str()).collect();
        assert_eq!(names, ["Plan.pdf", "PLAN (2).pdf", "plan (3).pdf", "plan (2) (2).pdf"]);
    }

    #[test]
    fn no_more_than_ten_and_fifteen_megabytes() {
        const MEGABYTE: u64 = 1024 * 1024;
        let mut files = Vec::new();
        for at in 0..FILES_MAX {
            files.push(add(&files, &format!("{at}.pdf"), MEGABYTE).unwrap());
        }
        assert_eq!(add(&files, "x.pdf", 1), Err(Rule::TooManyFiles { max: 10 }));
        let five = |files: &[AttachedFile]| add(files, "x.pdf", 5 * MEGABYTE);
        let mut large = vec![five(&[]).unwrap()];
        assert!(fits_mail(&large));
        large.push(five(&large).unwrap());
        assert!(!fits_mail(&large));
        large.push(five(&large).unwrap());
        assert_eq!(add(&large, "y.pdf", 1), Err(Rule::TooLargeTogether { max_mb: 15 }));
    }

    #[test]
    fn an_input_is_told_all_that_is_wrong_with_it() {
        let input = AttachmentInput { description: "x".repeat(101), ..AttachmentInput::default() };
        let Err(Error::Invalid(wrong)) = input.parse() else { panic!("it is right") };
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/upload_id", "/file_name", "/description"]);
    }
}
