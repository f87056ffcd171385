//! What a file is, told from its content: neither its name nor the type that its sender says is believed. Whatever could be
//! run or shown as a page by whoever downloads it is none of these: pages, drawings with script, programs, documents with
//! macros. Pure.

mod compound;
mod zip;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    Pdf,
    Doc,
    Docx,
    Xls,
    Xlsx,
    Odt,
    Ods,
    Txt,
    Csv,
    Png,
    Jpeg,
    Webp,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The last chunk of a picture, whole.
const PNG_END: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const ZIP: &[u8] = b"PK\x03\x04";
/// How much of a text is looked through for what is no text to a program.
const HEAD: usize = 4_096;

impl FileType {
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Txt => "text/plain",
            Self::Csv => "text/csv",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// Those of names, the usual one first.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Doc => &["doc"],
            Self::Docx => &["docx"],
            Self::Xls => &["xls"],
            Self::Xlsx => &["xlsx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Txt => &["txt"],
            Self::Csv => &["csv"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
        }
    }

    pub const fn ending(self) -> &'static str {
        self.endings()[0]
    }

    /// As a list shows it.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Doc | Self::Docx => "Word",
            Self::Xls | Self::Xlsx => "Excel",
            Self::Odt | Self::Ods => "OpenDocument",
            Self::Txt => "Texte",
            Self::Csv => "CSV",
            Self::Png | Self::Jpeg | Self::Webp => "Image",
        }
    }

    /// None for what is not taken. Its `name` tells a table from a text, and nothing else.
    pub fn of(bytes: &[u8], name: &str) -> Option<Self> {
        if bytes.starts_with(b"%PDF-") {
            return is_pdf(bytes).then_some(Self::Pdf);
        }
        if bytes.starts_with(PNG) {
            let is_whole = bytes.get(8..16) == Some(b"\0\0\0\x0dIHDR") && bytes.ends_with(PNG_END);
            return is_whole.then_some(Self::Png);
        }
        if bytes.starts_with(b"\xff\xd8\xff") {
            return is_jpeg(bytes).then_some(Self::Jpeg);
        }
        if bytes.starts_with(b"RIFF") {
            return is_webp(bytes).then_some(Self::Webp);
        }
        if bytes.starts_with(ZIP) {
            return zip::office(bytes);
        }
        if bytes.starts_with(COMPOUND) {
            return compound::office(bytes);
        }
        if !is_text(bytes) {
            return None;
        }
        let is_table = name.to_ascii_lowercase().ends_with(".csv");
        Some(if is_table { Self::Csv } else { Self::Txt })
    }
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// ISO 32000-2, 7.5.5: the end says where the table of objects is.
fn is_pdf(bytes: &[u8]) -> bool {
    let is_version = bytes.get(5).is_some_and(|digit| matches!(digit, b'1' | b'2')) && bytes.get(6) == Some(&b'.');
    let tail = &bytes[bytes.len().saturating_sub(2_048)..];
    is_version && has(tail, b"startxref") && has(tail, b"%%EOF")
}

/// Its segments up to the picture itself, with a frame among them (ITU T.81, B.1 and B.2).
fn is_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    let mut has_frame = false;
    while let Some([0xff, marker]) = bytes.get(at..at + 2) {
        match marker {
            // A filling byte before a marker.
            0xff => at += 1,
            0xda => return has_frame,
            0x00..=0xbf | 0xd0..=0xd9 => return false,
            marker => {
                has_frame |= matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
                let Some(length) = bytes.get(at + 2..at + 4) else { return false };
                let length = usize::from(length[0]) << 8 | usize::from(length[1]);
                if length < 2 {
                    return false;
                }
                at += 2 + length;
            }
        }
    }
    false
}

/// RFC 9649, 2.4: its length, then a first chunk of one of three kinds.
fn is_webp(bytes: &[u8]) -> bool {
    let Some(length) = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes) else {
        return false;
    };
    let is_first = |kind: &[u8]| bytes.get(12..16) == Some(kind);
    u64::from(length) + 8 == bytes.len() as u64
        && bytes.get(8..12) == Some(b"WEBP")
        && [b"VP8 ", b"VP8L", b"VP8X"].iter().any(|kind| is_first(*kind))
}

/// UTF-8, or a byte a character as older programs write; and nothing that a program would run or show as a page.
fn is_text(bytes: &[u8]) -> bool {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_written = |byte: &u8| !matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1f | 0x7f);
    if body.is_empty() || !body.iter().all(is_written) {
        return false;
    }
    let head = String::from_utf8_lossy(&body[..body.len().min(HEAD)]).to_ascii_lowercase();
    let begins = ["<", "#!", "{\\rtf", "%!ps"].iter().any(|sign| head.trim_start().starts_with(sign));
    let tags = ["<!doctype", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<?xml", "<?php"];
    !begins && !tags.iter().any(|tag| head.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg() -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b".to_vec();
        bytes.extend(*b"\x08\0\x01\0\x01\x01\x01\x11\0");
        bytes.extend(*b"\xff\xda\x00\x02\0\0\xff\xd9");
        bytes
    }

    fn webp() -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBPVP8L\x04\0\0\0abcd".to_vec();
        let length = u32::try_from(bytes.len() - 8).unwrap().to_le_bytes();
        bytes[4..8].copy_from_slice(&length);
        bytes
    }

    fn png() -> Vec<u8> {
        [PNG, b"\0\0\0\x0dIHDR", &[0; 17], PNG_END].concat()
    }

    fn pdf() -> Vec<u8> {
        b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n".to_vec()
    }

    #[test]
    fn what_a_file_is_its_content_says() {
        for (bytes, name, kind) in [
            (pdf(), "a", Some(FileType::Pdf)),
            (png(), "a.jpg", Some(FileType::Png)),
            (jpeg(), "a.png", Some(FileType::Jpeg)),
            (webp(), "a", Some(FileType::Webp)),
            ("Société;Ville\nDupré;Lyon\n".into(), "clients.CSV", Some(FileType::Csv)),
            (b"Soci\xe9t\xe9;Ville\r\n".to_vec(), "clients.csv", Some(FileType::Csv)),
            ("\u{feff}Bonjour, 3 < 4.".into(), "a.exe", Some(FileType::Txt)),
        ] {
            assert_eq!(FileType::of(&bytes, name), kind, "{name}");
        }
    }

    #[test]
    fn what_could_be_run_or_shown_as_a_page_is_refused_whatever_it_is_called() {
        for (bytes, what) in [
            (b"<html><body>Bonjour</body></html>".to_vec(), "a page"),
            (b"\xef\xbb\xbf \n <SVG onload=alert(1)>".to_vec(), "a drawing"),
            (b"Bonjour\n<script>alert(1)</script>".to_vec(), "a script further down"),
            (b"#!/bin/sh\nrm -rf /".to_vec(), "a script of a shell"),
            (b"{\\rtf1 hello}".to_vec(), "rich text"),
            (b"MZ\x90\0\x03\0\0\0".to_vec(), "a program"),
            (b"\x7fELF\x02\x01".to_vec(), "another program"),
            (b"GIF89a\x01\0\x01\0".to_vec(), "a kind of picture that is not taken"),
            (b"%PDF-1.7\n<html>".to_vec(), "half a PDF"),
            (b"\xff\xd8\xff<script>alert(1)</script>".to_vec(), "no JPEG"),
            ([PNG, b"<script>"].concat(), "no PNG"),
            ([png(), b"<?php".to_vec()].concat(), "a PNG with something behind"),
            ([webp(), b"<script>".to_vec()].concat(), "a WebP with something behind"),
            (Vec::new(), "nothing"),
        ] {
            for name in ["a.txt", "a.csv", "a.pdf", "a.png"] {
                assert_eq!(FileType::of(&bytes, name), None, "{what} as {name}");
            }
        }
    }

    #[test]
    fn no_piece_of_a_file_breaks_the_reader() {
        let archive = zip::tests::archive(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"y")]);
        let document = compound::tests::compound(&["Root Entry", "WordDocument"]);
        for whole in [pdf(), png(), jpeg(), webp(), archive, document] {
            assert!(FileType::of(&whole, "a").is_some());
            for end in 0..whole.len() {
                FileType::of(&whole[..end], "a");
            }
            let mut state = 11_u64;
            for _ in 0..500 {
                let mut broken = whole.clone();
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = (state >> 20) as usize % broken.len();
                broken[at] = (state >> 50) as u8;
                FileType::of(&broken, "a");
            }
        }
    }
}
