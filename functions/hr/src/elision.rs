//! `de` before a name: French elides it before a vowel.

/// `d’Amélie`, `de Léo`.
///
/// An h is taken for mute where it mostly is (Hélène, Henri, Hugo, hôtesse), and for aspirated otherwise (Hassan); a y is a vowel
/// before a consonant only (Yves, and not Yann).
pub fn de(name: &str) -> String {
    let mut letters = kernel::text::folded(name).chars().collect::<Vec<_>>().into_iter();
    let is_vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    let is_elided = match (letters.next(), letters.next()) {
        (Some('h'), Some(second)) => matches!(second, 'e' | 'o' | 'u' | 'y'),
        (Some('y'), Some(second)) => second.is_alphabetic() && !is_vowel(second),
        (Some(first), _) => is_vowel(first),
        (None, _) => false,
    };
    if is_elided { format!("d’{name}") } else { format!("de {name}") }
}

#[cfg(test)]
mod tests {
    use super::de;

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
    }
}
