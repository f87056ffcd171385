//! Text as it is compared, sorted and searched.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case, without accents, ligatures opened, spaces folded: `Société  Œuvre` → `societe oeuvre`.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c if c.is_control() => {}
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn accents_case_ligatures_and_spaces_are_folded() {
        assert_eq!(folded("  Société\u{a0} Générale d’Œuvres "), "societe generale d’oeuvres");
        assert_eq!(folded("ÇA ÉTÉ"), "ca ete");
    }
}
