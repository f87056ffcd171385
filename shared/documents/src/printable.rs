//! What a person typed, as the embedded fonts can print it. PDF/A refuses a page that uses a glyph the font
//! does not have, so one emoji in a client's name could block an invoice: here every character is looked up
//! in the fonts' coverage and what is missing becomes `□`. The XML keeps the original.

use crate::world::fonts;

/// Stands for what cannot be printed (U+25A1; `?` should the fonts ever lose it).
const MISSING: char = '□';
/// A break that shows nothing (zero-width space).
const SOFT_BREAK: char = '\u{200b}';
/// A run of letters without a natural break is given one after so many…
const BREAK_EVERY: usize = 16;
/// …when it is longer than this.
const UNBROKEN_MAX: usize = 34;

/// One line: line ends become spaces.
pub fn line(text: &str) -> String {
    let text: String = paragraph(text).chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    text.trim().to_owned()
}

/// Many lines, separated by `\n`, without empty lines at the ends and never two empty lines in a row.
pub fn paragraph(text: &str) -> String {
    let printable: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|letter| match letter {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            c if is_private(c) || c.is_control() => MISSING,
            c if is_covered(c) => c,
            c if c.is_whitespace() => ' ',
            _ => MISSING,
        })
        .collect();
    bind(&collapse(&soften(&printable)))
}

/// French typography at the ends of lines: what is high in its line never begins one, and a reference is
/// not torn from its number. Only plain spaces that are there become no-break spaces; none is added.
fn bind(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let follows = |at: usize, word: &str| text_before(&letters, at).ends_with(word);
    let bound = |at: usize| {
        let next = letters.get(at + 1);
        let ends = next.is_some_and(|next| matches!(next, ':' | ';' | '!' | '?' | '»' | '%' | '€'));
        ends || follows(at, "«") || follows(at, "art.") || follows(at, "n°") || follows(at, "N°")
    };
    let letter = |(at, letter): (usize, &char)| if *letter == ' ' && bound(at) { '\u{a0}' } else { *letter };
    letters.iter().enumerate().map(letter).collect()
}

/// The four characters before a place.
fn text_before(letters: &[char], at: usize) -> String {
    letters[at.saturating_sub(4)..at].iter().collect()
}

/// Gives overlong words places to break.
fn soften(text: &str) -> String {
    let mut softened = String::with_capacity(text.len());
    for word in text.split_inclusive(is_boundary) {
        let long = word.chars().count() > UNBROKEN_MAX;
        let mut unbroken = 0;
        for letter in word.chars() {
            // Never between a letter and the mark that stands on it.
            if long && unbroken >= BREAK_EVERY && !unicode_normalization::char::is_combining_mark(letter) {
                softened.push(SOFT_BREAK);
                unbroken = 0;
            }
            softened.push(letter);
            unbroken += 1;
        }
    }
    softened
}

fn is_boundary(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

fn collapse(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.split('\n').map(str::trim) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines.join("\n")
}

/// Default-ignorable characters: no ink, only the power to reorder or hide the ink of others (bidirectional
/// controls, joiners, variation selectors, tags). A legal document is read as it is stored.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Inter has glyphs in the private use area; PDF/A-3a wants text that means something (ISO 19005-3, 6.2.11.7.3).
fn is_private(letter: char) -> bool {
    matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fff9}'..='\u{ffff}')
}

/// Covered by every embedded weight.
fn is_covered(letter: char) -> bool {
    fonts().iter().all(|font| font.info().coverage.contains(u32::from(letter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_text_is_left_as_it_is() {
        let text = "Œuvre — l’été à Noël, 1\u{202f}234,50\u{a0}€, ± 3 m² … ß ñ ž";
        assert_eq!(line(text), text);
    }

    #[test]
    fn punctuation_stays_with_its_word() {
        assert_eq!(
            line("« Oui » : art. L441-10, n° 12, 20 % ; 40 € !"),
            "«~Oui~»~: art.~L441-10, n°~12, 20~%~; 40~€~!".replace('~', "\u{a0}")
        );
    }

    #[test]
    fn what_the_fonts_lack_becomes_a_box() {
        assert_eq!(line("a😀b"), "a□b");
        assert_eq!(line("株式"), "□□");
        assert_eq!(line("\u{e000}\u{fffe}\u{0}\u{7f}"), "□□□□");
        assert!(is_covered(MISSING) && is_covered(SOFT_BREAK));
    }

    #[test]
    fn nothing_invisible_reorders_or_hides_text() {
        assert_eq!(line("to\u{202e}tal\u{200d}\u{fe0f}\u{feff}"), "total");
    }

    #[test]
    fn line_ends_are_kept_in_paragraphs_only() {
        assert_eq!(paragraph("\n a\r\nb\n\n\n\nc \n\n"), "a\nb\n\nc");
        assert_eq!(line("a\r\nb\u{2028}c\td"), "a b c d");
    }

    #[test]
    fn long_words_may_break_and_ordinary_ones_do_not() {
        assert_eq!(line("anticonstitutionnellement"), "anticonstitutionnellement");
        let broken = line(&format!("court {}", "a".repeat(60)));
        assert_eq!(broken.matches(SOFT_BREAK).count(), 3);
        assert!(broken.starts_with("court aaaa"));
    }
}
