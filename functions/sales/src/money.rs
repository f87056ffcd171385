//! What an amount is in the organization's currency. Pure.

use kernel::{Currency, Minor};
use rust_decimal::Decimal;

/// Of the francs CFA (Council decision 98/683/EC).
const CFA_PER_EURO: Decimal = Decimal::from_parts(655_957, 0, 0, false, 3);

/// One unit in euro; `known` is what a document says of its own currency.
fn euro(currency: Currency, known: Option<Decimal>) -> Option<Decimal> {
    match currency {
        Currency::Eur => Some(Decimal::ONE),
        Currency::Xof | Currency::Xaf => Decimal::ONE.checked_div(CFA_PER_EURO),
        _ => known,
    }
}

/// An amount of a document in the organization's own currency, at the document's own rate; none where nobody said at what
/// rate.
pub fn converted(amount: Minor, currency: Currency, own: Currency, exchange: Option<Decimal>) -> Option<Minor> {
    if currency == own {
        return Some(amount);
    }
    // What one unit of the organization's currency is in euro no document says, but for those of a legal parity.
    let rate = match (currency, own) {
        (Currency::Xof, Currency::Xaf) | (Currency::Xaf, Currency::Xof) => Decimal::ONE,
        (Currency::Eur, Currency::Xof | Currency::Xaf) => CFA_PER_EURO,
        (_, Currency::Xof | Currency::Xaf) => euro(currency, exchange)?.checked_mul(CFA_PER_EURO)?,
        (_, own) => euro(currency, exchange)?.checked_div(euro(own, None)?)?,
    };
    Minor::round(amount.to_decimal(currency).checked_mul(rate)?, own).ok()
}

/// The share `part` of `whole` that falls on `amount`: rounded half away from zero, all of it for the whole.
pub fn share(amount: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    let (product, whole) = (i128::from(amount) * i128::from(part), i128::from(whole));
    let half = if (product < 0) == (whole < 0) { whole.abs() / 2 } else { -(whole.abs() / 2) };
    let quotient = (product + half * whole.signum()) / whole;
    i64::try_from(quotient).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_told_at_the_rate_of_its_document_or_not_at_all() {
        let rate = |text: &str| Some(text.parse().unwrap());
        for (amount, currency, own, exchange, told) in [
            (12_345, Currency::Eur, Currency::Eur, None, Some(12_345)),
            (10_000, Currency::Usd, Currency::Eur, rate("0.9215"), Some(9_215)),
            (10_000, Currency::Usd, Currency::Eur, None, None),
            (655_957, Currency::Xof, Currency::Eur, None, Some(100_000)),
            (100_000, Currency::Eur, Currency::Xof, None, Some(655_957)),
            (1_000, Currency::Xof, Currency::Xaf, None, Some(1_000)),
            (10_000, Currency::Usd, Currency::Xof, rate("0.9215"), Some(60_446)),
            // No document says what a dollar of the organization's is worth.
            (10_000, Currency::Eur, Currency::Usd, None, None),
            (-333, Currency::Usd, Currency::Eur, rate("0.5"), Some(-167)),
        ] {
            assert_eq!(
                converted(Minor(amount), currency, own, exchange).map(|minor| minor.0),
                told,
                "{currency} {own}"
            );
        }
    }

    #[test]
    fn a_share_of_the_whole_is_all_of_it_and_halves_go_away_from_zero() {
        assert_eq!(share(1_000, 1_200, 1_200), 1_000);
        assert_eq!(share(1_000, 300, 1_200), 250);
        assert_eq!(share(1, 1, 2), 1);
        assert_eq!(share(-1, 1, 2), -1);
        assert_eq!(share(100, -1, 3), -33);
        assert_eq!(share(100, 1, 0), 0);
    }
}
