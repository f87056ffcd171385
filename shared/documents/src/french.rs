//! French typography of identifiers and quantities, beside what the kernel has. Everything here ends up between two line breaks, so
//! what must stay together is joined by no-break spaces.

use kernel::money::french_decimal;
use rust_decimal::Decimal;

/// A quantity without its useless zeros: `12,5`.
pub fn quantity(quantity: Decimal) -> String {
    french_decimal(quantity.normalize())
}

/// `123456789` → `123 456 789`; a SIRET adds its five digits: `123 456 789 00012`.
pub fn siren(digits: &str) -> String {
    if !digits.chars().all(|c| c.is_ascii_digit()) || !matches!(digits.len(), 9 | 14) {
        return digits.to_owned();
    }
    let mut groups = vec![&digits[..3], &digits[3..6], &digits[6..9]];
    if digits.len() == 14 {
        groups.push(&digits[9..]);
    }
    groups.join("\u{a0}")
}

/// By four, as on paper.
pub fn iban(iban: &str) -> String {
    let letters: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_quantity_loses_its_useless_zeros() {
        assert_eq!(quantity(decimal("12.500")), "12,5");
    }

    #[test]
    fn identifiers_are_grouped_and_what_is_none_is_left_alone() {
        assert_eq!(siren("123456789"), "123\u{a0}456\u{a0}789");
        assert_eq!(siren("12345678900012"), "123\u{a0}456\u{a0}789\u{a0}00012");
        assert_eq!(siren("é2345678"), "é2345678");
        assert_eq!(iban("FR7630006000011234567890189"), "FR76 3000 6000 0112 3456 7890 189".replace(' ', "\u{a0}"));
    }
}
