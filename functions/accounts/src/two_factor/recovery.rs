//! Recovery codes: for who has lost the device that computes the others. Shown once, kept as keyed hashes, each good
//! for one sign-in.

use std::fmt;

use rand::CryptoRng;

use super::Refused;

/// How many are given at a time.
pub const RECOVERY_CODES: usize = 10;
/// 32 letters, so that each is worth five bits: no `i`, `l`, `o` or `u` (Crockford's base32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Of a code without its dash: 50 bits.
const LENGTH: usize = 10;

/// One code, without its dash. It never shows in a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// As many as are given at a time.
    pub fn draw_all(rng: &mut impl CryptoRng) -> Vec<Self> {
        (0..RECOVERY_CODES).map(|_| Self::draw(rng)).collect()
    }

    fn draw(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; LENGTH];
        rng.fill_bytes(&mut bytes);
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
    }

    /// Letters that are mistaken for another are read as it; case, dashes and spaces do not matter.
    pub fn parse(typed: &str) -> Result<Self, Refused> {
        let mut code = String::with_capacity(LENGTH);
        let is_between = |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '‐' | '‑' | '–');
        for letter in typed.chars().filter(|letter| !is_between(letter)) {
            let letter = match letter.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                letter => letter,
            };
            if code.len() == LENGTH || !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) {
                return Err(Refused::Wrong);
            }
            code.push(letter);
        }
        if code.len() == LENGTH { Ok(Self(code)) } else { Err(Refused::Wrong) }
    }

    /// As it is shown: `4k7tq-9m2xd`.
    pub fn shown(&self) -> String {
        let (left, right) = self.0.split_at(LENGTH / 2);
        format!("{left}-{right}")
    }

    pub(super) const fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    proptest! {
        #[test]
        fn ten_different_codes_of_the_stated_form(seed: u64) {
            let codes = RecoveryCode::draw_all(&mut StdRng::seed_from_u64(seed));
            let different: BTreeSet<_> = codes.iter().collect();
            prop_assert_eq!(different.len(), RECOVERY_CODES);
            for code in codes {
                let shown = code.shown();
                let (left, right) = shown.split_once('-').unwrap();
                prop_assert!([left, right].iter().all(|half| half.len() == 5));
                prop_assert!(left.bytes().chain(right.bytes()).all(|letter| ALPHABET.contains(&letter)));
            }
        }

        #[test]
        fn a_code_is_read_however_it_is_typed(seed: u64) {
            for code in RecoveryCode::draw_all(&mut StdRng::seed_from_u64(seed)) {
                let shown = code.shown();
                let confused = shown.replace('0', "O").replace('1', "l").to_uppercase().replace('L', "I");
                for typed in [shown.clone(), shown.replace('-', ""), format!(" {} ", shown.replace('-', " – ")), confused] {
                    prop_assert_eq!(RecoveryCode::parse(&typed), Ok(code.clone()), "{}", typed);
                }
            }
        }

        #[test]
        fn anything_else_is_refused(typed in ".{0,40}") {
            if let Ok(RecoveryCode(code)) = RecoveryCode::parse(&typed) {
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
    fn a_code_is_not_printed() {
        let codes = RecoveryCode::draw_all(&mut StdRng::seed_from_u64(1));
        assert_eq!(format!("{:?}", codes[0]), "RecoveryCode(…)");
    }
}
