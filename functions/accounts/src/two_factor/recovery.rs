//! Recovery codes: for who has lost the device that computes the others. Shown once, kept as keyed hashes, each good
//! for one sign-in.

use std::fmt;

use kernel::id::UserId;
use rand::CryptoRng;

/// How many are given at a time.
pub const RECOVERY_CODES: usize = 10;
/// 32 letters, so that each is worth five bits: no `i`, `l`, `o` or `u` (Crockford's base32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Of a code without its dash: 50 bits.
const LENGTH: usize = 10;

/// Codes that were just drawn.
#[derive(Clone)]
pub struct RecoveryCodes([String; RECOVERY_CODES]);

impl RecoveryCodes {
    pub fn draw(rng: &mut impl CryptoRng) -> Self {
        Self(std::array::from_fn(|_| {
            let mut bytes = [0; LENGTH];
            rng.fill_bytes(&mut bytes);
            let letters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
            let (left, right) = letters.split_at(LENGTH / 2);
            format!("{}-{}", left.iter().collect::<String>(), right.iter().collect::<String>())
        }))
    }

    /// As they are shown: `4k7tq-9m2xd`.
    pub fn shown(&self) -> &[String] {
        &self.0
    }

    /// As they are kept. `mac` is a keyed hash: ours to compute and nobody else's, so that a copy of the table is not
    /// worth guessing at.
    pub fn hashes(&self, user: UserId, mac: &dyn Fn(&str) -> String) -> Vec<String> {
        self.0.iter().filter_map(|code| hash(user, code, mac)).collect()
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCodes(…)")
    }
}

/// The keyed hash of a code as somebody typed it, or nothing where it cannot be one.
pub(super) fn hash(user: UserId, typed: &str, mac: &dyn Fn(&str) -> String) -> Option<String> {
    // The user is part of it: the same code of two people, were it drawn, would not show.
    read(typed).map(|code| mac(&format!("recovery-code {user} {code}")))
}

/// Letters that are mistaken for another are read as it; case, dashes and spaces do not matter.
fn read(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(LENGTH);
    for letter in typed.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '‐' | '‑' | '–'))
    {
        let letter = match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        };
        if code.len() == LENGTH || !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) {
            return None;
        }
        code.push(letter);
    }
    (code.len() == LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};
    use ulid::Ulid;

    use super::*;

    const USER: UserId = UserId::from_ulid(Ulid(1));

    fn plain(text: &str) -> String {
        text.into()
    }

    proptest! {
        #[test]
        fn ten_different_codes_of_the_stated_form(seed: u64) {
            let codes = RecoveryCodes::draw(&mut StdRng::seed_from_u64(seed));
            let different: BTreeSet<_> = codes.shown().iter().collect();
            prop_assert_eq!(different.len(), RECOVERY_CODES);
            for code in codes.shown() {
                let (left, right) = code.split_once('-').unwrap();
                prop_assert!([left, right].iter().all(|half| half.len() == 5));
                prop_assert!(left.bytes().chain(right.bytes()).all(|letter| ALPHABET.contains(&letter)));
            }
        }

        #[test]
        fn a_code_is_read_however_it_is_typed(seed: u64) {
            let codes = RecoveryCodes::draw(&mut StdRng::seed_from_u64(seed));
            for (code, kept) in codes.shown().iter().zip(codes.hashes(USER, &plain)) {
                let confused = code.replace('0', "O").replace('1', "l").to_uppercase().replace('L', "I");
                for typed in [code.clone(), code.replace('-', ""), format!(" {} ", code.replace('-', " – ")), confused] {
                    prop_assert_eq!(hash(USER, &typed, &plain), Some(kept.clone()), "{}", typed);
                }
            }
        }

        #[test]
        fn anything_else_has_no_hash(typed in ".{0,40}") {
            if let Some(code) = read(&typed) {
                prop_assert!(code.len() == LENGTH && code.bytes().all(|letter| ALPHABET.contains(&letter)));
            }
        }
    }

    #[test]
    fn the_alphabet_has_five_bits_a_letter() {
        let different: BTreeSet<_> = ALPHABET.iter().collect();
        assert_eq!(different.len(), 32);
        const { assert!(5 * LENGTH >= 50) };
    }

    #[test]
    fn the_hash_of_one_person_is_not_anothers() {
        let codes = RecoveryCodes::draw(&mut StdRng::seed_from_u64(1));
        assert_ne!(codes.hashes(USER, &plain), codes.hashes(UserId::from_ulid(Ulid(2)), &plain));
        assert_eq!(format!("{codes:?}"), "RecoveryCodes(…)");
    }
}
