//! French typography of dates, identifiers and numbers. Everything here ends up between two line breaks, so
//! what must stay together is joined by no-break spaces.

use jiff::civil::Date;
use kernel::{Currency, money::french_decimal};
use rust_decimal::Decimal;

/// Between a number and its unit.
pub const NBSP: char = '\u{a0}';

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `22 novembre 2026`, `1er janvier 2027`.
pub fn date(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs() - 1) % 12];
    let first = if date.day() == 1 { "er" } else { "" };
    format!("{}{first}{NBSP}{month}{NBSP}{}", date.day(), date.year())
}

/// A quantity without its useless zeros: `12,5`.
pub fn quantity(quantity: Decimal) -> String {
    french_decimal(quantity.normalize())
}

/// A unit price has the currency's decimals, and up to four where it needs them: `0,0125 €`.
pub fn unit_price(price: Decimal, currency: Currency) -> String {
    let mut price = price.normalize();
    if price.scale() < currency.scale() {
        price.rescale(currency.scale());
    }
    format!("{}{NBSP}{}", french_decimal(price), currency.symbol())
}

/// `5,5 %`.
pub fn percent(percent: Decimal) -> String {
    format!("{}{NBSP}%", french_decimal(percent.normalize()))
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
    fn dates_read_french() {
        assert_eq!(date(jiff::civil::date(2026, 11, 22)), "22\u{a0}novembre\u{a0}2026");
        assert_eq!(date(jiff::civil::date(2027, 1, 1)), "1er\u{a0}janvier\u{a0}2027");
    }

    #[test]
    fn numbers_lose_their_useless_zeros_and_keep_the_useful_ones() {
        assert_eq!(quantity(decimal("12.500")), "12,5");
        assert_eq!(unit_price(decimal("1200"), Currency::Eur), "1\u{202f}200,00\u{a0}€");
        assert_eq!(unit_price(decimal("0.0125"), Currency::Eur), "0,0125\u{a0}€");
        assert_eq!(unit_price(decimal("1500"), Currency::Xof), "1\u{202f}500\u{a0}FCFA");
        assert_eq!(percent(decimal("5.50")), "5,5\u{a0}%");
    }

    #[test]
    fn identifiers_are_grouped_and_what_is_none_is_left_alone() {
        assert_eq!(siren("123456789"), "123\u{a0}456\u{a0}789");
        assert_eq!(siren("12345678900012"), "123\u{a0}456\u{a0}789\u{a0}00012");
        assert_eq!(siren("é2345678"), "é2345678");
        assert_eq!(iban("FR7630006000011234567890189"), "FR76 3000 6000 0112 3456 7890 189".replace(' ', "\u{a0}"));
    }
}
