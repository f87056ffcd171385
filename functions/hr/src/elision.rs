//! `de` and `que` before a name: French elides them before a vowel.

/// `d’Amélie`, `de Léo`.
pub fn de(name: &str) -> String {
    if is_elided(name) { format!("d’{name}") } else { format!("de {name}") }
}

/// `qu’Amélie`, `que Léo`.
pub fn que(name: &str) -> String {
    if is_elided(name) { format!("qu’{name}") } else { format!("que {name}") }
}

/// An h is taken for mute where it mostly is (Hélène, Henri, Hugo, hôtesse), and for aspirated otherwise (Hassan); a y is a vowel
/// before a consonant only (Yves, and not Yann).
pub fn is_elided(name: &str) -> bool {
    let folded = kernel::text::folded(name);
    let mut letters = folded.chars();
    let is_vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    match (letters.next(), letters.next()) {
        (Some('h'), Some(second)) => matches!(second, 'e' | 'o' | 'u' | 'y'),
        (Some('y'), Some(second)) => second.is_alphabetic() && !is_vowel(second),
        (Some(first), _) => is_vowel(first),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{de, que};

    #[test]
    fn it_is_elided_before_a_vowel() {
        for (name, said) in [
            ("Amélie Roux", "d’Amélie Roux"),
            ("Émile", "d’Émile"),
            ("Œdipe", "d’Œdipe"),
            ("Inès", "d’Inès"),
            ("Hélène", "d’Hélène"),
            ("Yves", "d’Yves"),
            ("assistant", "d’assistant"),
            ("avril 2026", "d’avril 2026"),
            ("Léo", "de Léo"),
            ("Yann", "de Yann"),
            ("Hassan", "de Hassan"),
            ("", "de "),
        ] {
            assert_eq!(de(name), said);
        }
        assert_eq!(
            (que("Alex Roux"), que("Monsieur Léo Roux")),
            ("qu’Alex Roux".into(), "que Monsieur Léo Roux".into())
        );
    }
}
