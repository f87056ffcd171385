//! When two names are close: the same words, in whatever order, but for accents, legal forms and a slip of the pen. Pure.
//!
//! What is looked up must be a key: names that sound alike share one, their consonants. Of what shares it, the names
//! themselves decide, by how many letters differ.

use kernel::text;

use crate::record::RecordKind;

/// Words of a company's name that say nothing of which one it is.
const EMPTY_WORDS: &[&str] = &[
    "sarl",
    "sas",
    "sasu",
    "sa",
    "eurl",
    "sci",
    "scp",
    "scop",
    "scic",
    "snc",
    "selarl",
    "selas",
    "eirl",
    "ei",
    "gie",
    "earl",
    "gaec",
    "ets",
    "etablissement",
    "etablissements",
    "societe",
    "ste",
    "entreprise",
    "cie",
    "compagnie",
    "groupe",
    "gmbh",
    "ltd",
    "inc",
    "llc",
    "bv",
    "srl",
    "sprl",
    "et",
    "and",
    "de",
    "du",
    "des",
    "d",
    "la",
    "le",
    "les",
    "l",
    "a",
];

/// A key is a part of an index key, which holds 2 048 bytes.
const KEY_MAX: usize = 60;

/// The words by which a name is compared, sorted: `Établissements DUPRÉ & Fils (SARL)` → `dupre fils`. All of them where
/// nothing else would be left.
fn words(kind: RecordKind, name: &str) -> Vec<String> {
    // `S.A.R.L.` is one word.
    let folded = text::folded(name).replace('.', "");
    let all = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = all.map(str::to_owned).collect();
    if kind == RecordKind::Company && words.iter().any(|word| !EMPTY_WORDS.contains(&word.as_str())) {
        words.retain(|word| !EMPTY_WORDS.contains(&word.as_str()));
    }
    words.sort_unstable();
    words
}

/// What names that are close have in common; none of a name without a letter.
pub fn key(kind: RecordKind, name: &str) -> Option<String> {
    let mut consonants: Vec<String> = words(kind, name).iter().map(|word| sound(word)).collect();
    consonants.sort_unstable();
    let key: String = consonants.concat().chars().take(KEY_MAX).collect();
    (!key.is_empty()).then_some(key)
}

/// The first letter of a word and its consonants, those that sound alike as one, without a silent end: `dupres` → `dpr`.
fn sound(word: &str) -> String {
    let word = word.replace("ph", "f").replace("ck", "c").replace("qu", "c");
    let letters: Vec<char> = word.chars().collect();
    // Of a short word the end is most of it.
    let silent = if letters.len() > 3 {
        letters.iter().rev().take_while(|letter| "tdsxz".contains(**letter)).count()
    } else {
        0
    };
    let mut sound = String::new();
    for (at, letter) in letters.iter().take(letters.len() - silent).enumerate() {
        let heard = match letter {
            'k' | 'q' => 'c',
            'z' => 's',
            'y' => 'i',
            other => *other,
        };
        let is_vowel = "aeiouh".contains(heard);
        if at == 0 || (!is_vowel && !sound.ends_with(heard)) {
            sound.push(heard);
        }
    }
    sound
}

/// Whether two names that share a key are close: at most one letter of eight is another, and none of a short one.
pub fn are_close(kind: RecordKind, a: &str, b: &str) -> bool {
    let (a, b) = (words(kind, a).concat(), words(kind, b).concat());
    let longest = a.chars().count().max(b.chars().count());
    let most = if longest < 5 { 0 } else { (longest / 8).max(1) };
    differing(&a, &b) <= most
}

/// How many letters must be changed, added or left out to make one of the other (Levenshtein).
fn differing(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let diagonal = row.get(j).copied().unwrap_or_default() + usize::from(x != *y);
            let above = row.get(j + 1).copied().unwrap_or_default() + 1;
            let left = next.last().copied().unwrap_or_default() + 1;
            next.push(diagonal.min(above).min(left));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(kind: RecordKind, a: &str, b: &str) -> bool {
        key(kind, a) == key(kind, b) && are_close(kind, a, b)
    }

    #[test]
    fn legal_forms_accents_order_and_slips_do_not_matter() {
        let one = [
            ("Boulangerie Dupré", "BOULANGERIE DUPRE SARL"),
            ("Boulangerie Dupré", "S.A.R.L. Dupré Boulangerie"),
            ("Boulangerie Dupré", "Boulangerie Duprez"),
            ("Boulangerie Dupré", "Boulangerie Dupret"),
            ("Établissements Martin & Fils", "Ets Martin et Fils"),
            ("Société Générale", "Générale SA"),
            ("L’Atelier du Bois", "Atelier Bois"),
            ("Biocoop", "Bio Coop"),
            ("Philippe Transport", "Filippe Transport"),
        ];
        for (a, b) in one {
            assert!(
                close(RecordKind::Company, a, b),
                "{a} / {b}: {:?} {:?}",
                key(RecordKind::Company, a),
                key(RecordKind::Company, b)
            );
        }
        assert!(close(RecordKind::Contact, "Zoé Durand", "DURAND Zoe"));
        assert!(close(RecordKind::Contact, "Mathieu Petit", "Matthieu Petit"));
    }

    #[test]
    fn others_are_others() {
        let two = [
            ("Boulangerie Dupré", "Boulangerie Durand"),
            ("Garage Martin", "Garage Morton"),
            ("SAS", "SARL"),
            ("ABC", "ABD"),
            ("Hôtel du Parc", "Hôtel du Port"),
            ("Agence 1", "Agence 2"),
        ];
        for (a, b) in two {
            assert!(!close(RecordKind::Company, a, b), "{a} / {b}");
        }
        assert!(!close(RecordKind::Contact, "Zoé Durand", "Noé Durand"));
    }

    #[test]
    fn a_name_without_a_letter_has_no_key_and_a_long_one_a_short_one() {
        assert_eq!(key(RecordKind::Company, " & "), None);
        assert_eq!(key(RecordKind::Company, &"brgt ".repeat(40)).map(|key| key.len()), Some(KEY_MAX));
        // Nothing but forms is still a name.
        assert!(key(RecordKind::Company, "La Société").is_some());
    }

    #[test]
    fn what_is_close_is_so_both_ways_and_a_name_is_close_to_itself() {
        let names = ["Dupré", "Duprès & Fils", "SA", "Été 2026", "ÉTABLISSEMENTS ŒUVRE", "x", "Ax", "李"];
        for a in names {
            assert!(close(RecordKind::Company, a, a), "{a}");
            for b in names {
                assert_eq!(are_close(RecordKind::Company, a, b), are_close(RecordKind::Company, b, a), "{a} {b}");
            }
        }
    }
}
