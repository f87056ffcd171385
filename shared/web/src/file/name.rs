//! What a file is called where it is downloaded. Pure.

use kernel::legal;

const NAME_MAX: usize = 120;

/// What a file is called without its ending, which is one of `endings` in any case, made harmless wherever it is saved: no
/// folder, nothing that no system takes, that is not seen or that turns the direction of reading.
pub fn name_of(typed: &str, endings: &[&str]) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = last.chars().filter(|c| !is_hidden(*c)).map(|c| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let composed = legal::text(&seen.collect::<String>(), usize::MAX).unwrap_or_default();
    let folded = composed.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let ending = endings.iter().find(|ending| {
        let dotted = folded.len().checked_sub(ending.len() + 1).and_then(|at| folded.get(at..));
        dotted.is_some_and(|tail| tail.starts_with('.') && tail[1..].eq_ignore_ascii_case(ending))
    });
    let stem = ending.map_or(folded.as_str(), |ending| &folded[..folded.len() - ending.len() - 1]);
    let short: String = trimmed(stem).chars().take(NAME_MAX).collect();
    match trimmed(&short) {
        "" => "Fichier".into(),
        stem if is_reserved(stem) => format!("_{stem}"),
        stem => stem.into(),
    }
}

/// As [`name_of`], of what somebody calls it and not of where it lay: `Avenant du 01/12/2026` keeps its day.
pub fn titled(typed: &str, endings: &[&str]) -> String {
    name_of(&typed.replace(['/', '\\'], "-"), endings)
}

fn trimmed(name: &str) -> &str {
    name.trim_matches([' ', '.'])
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Names that Windows keeps for devices, whatever their ending.
fn is_reserved(stem: &str) -> bool {
    let device = stem.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered =
        |of: &str| device.strip_prefix(of).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit());
    ["CON", "PRN", "AUX", "NUL"].contains(&device.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::FileType;

    #[test]
    fn a_name_is_harmless_wherever_it_is_saved() {
        for (typed, kind, expected) in [
            ("Plan de l’atelier.pdf", FileType::Pdf, "Plan de l’atelier"),
            ("../../etc/passwd.txt", FileType::Txt, "passwd"),
            ("C:\\Users\\camille\\photo.JPEG", FileType::Jpeg, "photo"),
            ("/", FileType::Pdf, "Fichier"),
            (".pdf", FileType::Pdf, "Fichier"),
            ("...", FileType::Pdf, "Fichier"),
            ("facture.exe", FileType::Pdf, "facture.exe"),
            ("photo.png", FileType::Jpeg, "photo.png"),
            ("con.txt", FileType::Txt, "_con"),
            ("lpt1", FileType::Txt, "_lpt1"),
            ("a\r\nb\t c\0.csv", FileType::Csv, "a b c"),
            ("facture\u{202e}fdp.exe", FileType::Pdf, "facturefdp.exe"),
            ("a<b>:\"|?*.odt", FileType::Odt, "a-b------"),
            ("E\u{301}te\u{301}.docx", FileType::Docx, "Été"),
            ("é.pdf", FileType::Pdf, "é"),
        ] {
            assert_eq!(name_of(typed, kind.endings()), expected, "{typed:?}");
        }
        let long = name_of(&"é".repeat(500), &["pdf"]);
        assert_eq!(long.chars().count(), NAME_MAX);
    }

    #[test]
    fn a_title_is_not_cut() {
        assert_eq!(titled("Avenant du 01/12/2026", &["pdf"]), "Avenant du 01-12-2026");
        assert_eq!(titled("..\\Devis 12/2026.PDF", &["pdf"]), "-Devis 12-2026");
    }

    #[test]
    fn whatever_is_typed_a_name_is_one_line_of_no_folder_that_stays_what_it_is() {
        let alphabet: Vec<char> = "aé./\\:\"*\r\n\t\0\u{202e}\u{feff} PDFpdf%".chars().collect();
        let mut state = 7_u64;
        for _ in 0..5_000 {
            let typed: String = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    alphabet[(state >> 33) as usize % alphabet.len()]
                })
                .collect();
            let name = name_of(&typed, &["pdf"]);
            assert!(!name.is_empty() && !name.contains(['/', '\\', '\n', '\r', '\t', '"', ':']), "{typed:?}: {name:?}");
            assert!(!name.starts_with('.') && !name.chars().any(char::is_control), "{typed:?}: {name:?}");
            let again = name_of(&format!("{name}.pdf"), &["pdf"]);
            assert_eq!(again, name, "{typed:?}");
        }
    }
}
