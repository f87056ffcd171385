//! Money is an integer in the currency's minor unit. One function rounds; nothing here is a float.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// The currencies an organization may keep its books in (ISO 4217).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    #[default]
    Eur,
    Xof,
    Xaf,
    Usd,
    Gbp,
    Chf,
    Mad,
    Tnd,
    Dzd,
}

impl Currency {
    pub const ALL: [Self; 9] =
        [Self::Eur, Self::Xof, Self::Xaf, Self::Usd, Self::Gbp, Self::Chf, Self::Mad, Self::Tnd, Self::Dzd];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Xof => "XOF",
            Self::Xaf => "XAF",
            Self::Usd => "USD",
            Self::Gbp => "GBP",
            Self::Chf => "CHF",
            Self::Mad => "MAD",
            Self::Tnd => "TND",
            Self::Dzd => "DZD",
        }
    }

    /// Digits after the decimal mark of the minor unit (ISO 4217).
    pub const fn scale(self) -> u32 {
        match self {
            Self::Xof | Self::Xaf => 0,
            Self::Tnd => 3,
            _ => 2,
        }
    }

    /// Whether what it is in euro is known without anybody's word: euro, or a currency of a legal parity.
    pub const fn is_fixed_to_euro(self) -> bool {
        matches!(self, Self::Eur | Self::Xof | Self::Xaf)
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Eur => "Euro",
            Self::Xof => "Franc CFA (BCEAO)",
            Self::Xaf => "Franc CFA (BEAC)",
            Self::Usd => "Dollar américain",
            Self::Gbp => "Livre sterling",
            Self::Chf => "Franc suisse",
            Self::Mad => "Dirham marocain",
            Self::Tnd => "Dinar tunisien",
            Self::Dzd => "Dinar algérien",
        }
    }

    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Eur => "€",
            Self::Usd => "$",
            Self::Gbp => "£",
            Self::Xof | Self::Xaf => "FCFA",
            Self::Chf => "CHF",
            Self::Mad => "MAD",
            Self::Tnd => "TND",
            Self::Dzd => "DZD",
        }
    }
}

impl std::str::FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        Self::ALL.into_iter().find(|currency| currency.code() == code).ok_or(UnknownCurrency)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown currency")]
pub struct UnknownCurrency;

/// An amount beyond what a document may carry (±10¹⁵ minor units).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("amount out of range")]
pub struct AmountTooLarge;

/// An amount in the minor unit of a currency that stands beside it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(transparent)]
pub struct Minor(pub i64);

impl Minor {
    pub const ZERO: Self = Self(0);
    pub const MAX: Self = Self(1_000_000_000_000_000);

    pub const fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// The one place that rounds: half away from zero, to the currency's scale (EN 16931 BR-CO-17).
    pub fn round(amount: Decimal, currency: Currency) -> Result<Self, AmountTooLarge> {
        let scaled = amount
            .checked_mul(Decimal::from(10_i64.pow(currency.scale())))
            .ok_or(AmountTooLarge)?
            .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        scaled.to_i64().map(Self).filter(|minor| minor.0.abs() <= Self::MAX.0).ok_or(AmountTooLarge)
    }

    pub fn checked_add(self, other: Self) -> Result<Self, AmountTooLarge> {
        self.0.checked_add(other.0).map(Self).filter(|sum| sum.0.abs() <= Self::MAX.0).ok_or(AmountTooLarge)
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, AmountTooLarge> {
        self.checked_add(Self(-other.0))
    }

    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, AmountTooLarge> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    pub fn to_decimal(self, currency: Currency) -> Decimal {
        Decimal::new(self.0, currency.scale())
    }

    /// As XML and CSV want it: `1234.50`.
    pub fn plain(self, currency: Currency) -> String {
        self.to_decimal(currency).to_string()
    }

    /// As a French reader expects it: `1 234,50 €`, with narrow and plain no-break spaces.
    pub fn french(self, currency: Currency) -> String {
        format!("{}\u{a0}{}", french_decimal(self.to_decimal(currency)), currency.symbol())
    }
}

/// `1234.5` → `1 234,5`: groups of three by U+202F, a decimal comma.
pub fn french_decimal(number: Decimal) -> String {
    let plain = number.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    if number.is_sign_negative() && !number.is_zero() {
        text.push('−');
    }
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

/// A unit price: the currency's decimals, more where it has them: `0,0125 €`.
pub fn french_price(price: Decimal, currency: Currency) -> String {
    let mut price = price.normalize();
    if price.scale() < currency.scale() {
        price.rescale(currency.scale());
    }
    format!("{}\u{a0}{}", french_decimal(price), currency.symbol())
}

/// `5,5 %`.
pub fn french_percent(percent: Decimal) -> String {
    format!("{}\u{a0}%", french_decimal(percent.normalize()))
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_cent_goes_away_from_zero() {
        let round = |text: &str, currency| Minor::round(text.parse().unwrap(), currency).unwrap().0;
        assert_eq!(round("0.005", Currency::Eur), 1);
        assert_eq!(round("-0.005", Currency::Eur), -1);
        assert_eq!(round("0.0049", Currency::Eur), 0);
        assert_eq!(round("0.5", Currency::Xof), 1);
        assert_eq!(round("1.0005", Currency::Tnd), 1001);
    }

    #[test]
    fn an_amount_beyond_the_limit_is_an_error() {
        assert_eq!(Minor::round(Decimal::MAX, Currency::Eur), Err(AmountTooLarge));
        assert_eq!(Minor::MAX.checked_add(Minor(1)), Err(AmountTooLarge));
        assert_eq!(Minor(i64::MAX).checked_add(Minor(1)), Err(AmountTooLarge));
    }

    #[test]
    fn prices_and_rates_lose_their_useless_zeros_and_keep_the_useful_ones() {
        let price = |text: &str, currency| french_price(text.parse().unwrap(), currency);
        assert_eq!(price("1200", Currency::Eur), "1\u{202f}200,00\u{a0}€");
        assert_eq!(price("0.0125", Currency::Eur), "0,0125\u{a0}€");
        assert_eq!(price("1500", Currency::Xof), "1\u{202f}500\u{a0}FCFA");
        assert_eq!(french_percent("5.50".parse().unwrap()), "5,5\u{a0}%");
    }

    #[test]
    fn amounts_read_french() {
        assert_eq!(Minor(123_456_750).french(Currency::Eur), "1\u{202f}234\u{202f}567,50\u{a0}€");
        assert_eq!(Minor(-5).french(Currency::Eur), "−0,05\u{a0}€");
        assert_eq!(Minor(1500).french(Currency::Xof), "1\u{202f}500\u{a0}FCFA");
        assert_eq!(Minor(1500).plain(Currency::Tnd), "1.500");
    }
}
