//! What a proof is, told from its content: neither its name nor the type that its sender says is believed. Pure.

use kernel::legal;
use serde::{Deserialize, Serialize};

/// What is kept of a name, without its ending.
const STEM_MAX: usize = 120;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The last chunk of a picture, whole.
const PNG_END: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    Pdf,
    Png,
    Jpeg,
    Webp,
}

impl FileType {
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }

    /// None for what is not taken.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let tail = &bytes[bytes.len().saturating_sub(2_048)..];
        let ends_with = |wanted: &[u8]| tail.windows(wanted.len()).any(|window| window == wanted);
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', ..] => {
                (ends_with(b"startxref") && ends_with(b"%%EOF")).then_some(Self::Pdf)
            }
            [0xff, 0xd8, 0xff, .., 0xff, 0xd9] => Some(Self::Jpeg),
            _ if bytes.starts_with(PNG) => bytes.ends_with(PNG_END).then_some(Self::Png),
            [b'R', b'I', b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P', ..] => {
                let told = u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
                (told + 8 == bytes.len() as u64).then_some(Self::Webp)
            }
            _ => None,
        }
    }
}

/// What a file is called without its ending, made harmless wherever it is saved.
pub fn name_of(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match last.rsplit_once('.') {
        Some((stem, ending)) if (1..=4).contains(&ending.len()) && !stem.is_empty() => stem,
        _ => last,
    };
    let is_hidden = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let kept = stem.chars().filter(|c| !is_hidden(c)).map(|c| if "<>:\"|?*".contains(c) { '-' } else { c });
    let text = legal::text(&kept.collect::<String>(), usize::MAX).unwrap_or_default();
    let short: String = text.trim_matches([' ', '.']).chars().take(STEM_MAX).collect();
    if short.is_empty() { "Justificatif".into() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_what_its_content_says() {
        let png = [PNG, b"IHDR", PNG_END].concat();
        for (bytes, kind) in [
            (b"%PDF-1.7\nstartxref\n9\n%%EOF\n".as_slice(), Some(FileType::Pdf)),
            (b"%PDF-1.7\n<html>", None),
            (&png, Some(FileType::Png)),
            (&png[..20], None),
            (b"\xff\xd8\xff\xe0x\xff\xd9", Some(FileType::Jpeg)),
            (b"\xff\xd8\xff<script>", None),
            (b"RIFF\x04\0\0\0WEBP", Some(FileType::Webp)),
            (b"RIFF\x04\0\0\0WEBP<script>", None),
            (b"MZ\x90\0", None),
            (b"", None),
        ] {
            assert_eq!(FileType::of(bytes), kind);
        }
    }

    #[test]
    fn a_name_is_harmless() {
        for (typed, name) in [
            ("Ticket n° 7.pdf", "Ticket n° 7"),
            ("../../etc/passwd", "passwd"),
            ("C:\\a\\facture\u{202e}fdp.exe", "facturefdp"),
            (".pdf", "pdf"),
            ("", "Justificatif"),
            ("a<b>.png", "a-b-"),
        ] {
            assert_eq!(name_of(typed), name, "{typed:?}");
        }
    }
}
