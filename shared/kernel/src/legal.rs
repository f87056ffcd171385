//! What French law and the standards say about single values: validators that give the normalised form, and
//! dated data (rates, sentences, limits). A rule that changes gets a new entry with its date, never a new
//! constant: a document of last year is still judged by the rules of last year.

use jiff::{
    ToSpan,
    civil::{Date, date as on_day},
};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use unicode_normalization::UnicodeNormalization;

use crate::{
    Minor, Rule, Violations, country,
    document::{Address, LatePayment},
};

// ---- identifiers of businesses ---------------------------------------------------------------------------

/// 14 digits with their check digit (Luhn), written with or without spaces.
///
/// La Poste (SIREN 356 000 000) has more establishments than the key can number: theirs may instead have a sum
/// of digits that is a multiple of 5 (Insee).
pub fn siret(text: &str) -> Result<String, Rule> {
    let digits = digits(text, 14).ok_or(Rule::InvalidSiret)?;
    let of_la_poste = digits.starts_with("356000000") && digit_sum(&digits).is_multiple_of(5);
    if siren(&digits[..9]).is_err() || !(luhn(&digits) || of_la_poste) {
        return Err(Rule::InvalidSiret);
    }
    Ok(digits)
}

/// 9 digits with their check digit (Luhn), written with or without spaces.
pub fn siren(text: &str) -> Result<String, Rule> {
    digits(text, 9).filter(|digits| luhn(digits) && digits != "000000000").ok_or(Rule::InvalidSiren)
}

/// An intra-community VAT number, without its spaces, dots and hyphens.
///
/// A French one has its key and its SIREN checked, and must be that of `siren` where one is known. Those of
/// the other states have their format checked (VIES), Northern Ireland's (`XI`) among them.
pub fn vat_number(text: &str, siren: Option<&str>) -> Result<String, Rule> {
    let number: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'))
        .map(|c| c.to_ascii_uppercase())
        .take(20)
        .collect();
    if !number.is_ascii() || number.len() < 4 {
        return Err(Rule::InvalidVatNumber);
    }
    let (country, rest) = number.split_at(2);
    if country == "FR" {
        let inside = french_vat_siren(rest).ok_or(Rule::InvalidVatNumber)?;
        let known = siren.map(|siren| siren.chars().filter(char::is_ascii_digit).take(9).collect::<String>());
        if known.is_some_and(|known| known != inside) {
            return Err(Rule::VatNumberOfAnotherSiren);
        }
    } else if !EU_VAT_FORMATS
        .iter()
        .any(|(code, formats)| *code == country && formats.iter().any(|format| has_format(rest, format)))
    {
        return Err(Rule::InvalidVatNumber);
    }
    Ok(number)
}

/// The usual VAT number of a SIREN, to be proposed: `552100554` → `FR27552100554`.
pub fn french_vat_number(siren: &str) -> Result<String, Rule> {
    let siren = self::siren(siren)?;
    let number: u64 = siren.parse().map_err(|_| Rule::InvalidSiren)?;
    Ok(format!("FR{:02}{siren}", french_vat_key(number)))
}

/// BOI-TVA-DECLA-20-10-20: key = (12 + 3 × (SIREN mod 97)) mod 97.
const fn french_vat_key(siren: u64) -> u64 {
    (12 + 3 * (siren % 97)) % 97
}

/// The SIREN inside a French VAT number whose key is right.
fn french_vat_siren(rest: &str) -> Option<&str> {
    const KEY_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let (key, inside) = rest.split_at_checked(2)?;
    let number: u64 = digits(inside, 9)?.parse().ok()?;
    // Monaco's numbers are French ones with 000 in the place of a SIREN's first digits.
    if !inside.starts_with("000") && siren(inside).is_err() {
        return None;
    }
    let right = match key.parse::<u64>() {
        Ok(key) => key == french_vat_key(number),
        Err(_) => {
            let at = |position: usize| KEY_ALPHABET.find(&key[position..=position]).map(|at| at as u64);
            let (first, second) = (at(0)?, at(1)?);
            let check = if first < 10 {
                (first * 24 + second).checked_sub(10)?
            } else {
                (first * 34 + second).checked_sub(100)?
            };
            (number + 1 + check / 11) % 11 == check % 11
        }
    };
    right.then_some(inside)
}

/// `#` a digit, `@` a letter, `*` either; anything else stands for itself.
const EU_VAT_FORMATS: &[(&str, &[&str])] = &[
    ("AT", &["U########"]),
    ("BE", &["0#########", "1#########"]),
    ("BG", &["#########", "##########"]),
    ("CY", &["########@"]),
    ("CZ", &["########", "#########", "##########"]),
    ("DE", &["#########"]),
    ("DK", &["########"]),
    ("EE", &["#########"]),
    ("EL", &["#########"]),
    ("ES", &["@########", "########@", "@#######@"]),
    ("FI", &["########"]),
    ("HR", &["###########"]),
    ("HU", &["########"]),
    ("IE", &["#######@", "#######@@", "#@#####@"]),
    ("IT", &["###########"]),
    ("LT", &["#########", "############"]),
    ("LU", &["########"]),
    ("LV", &["###########"]),
    ("MT", &["########"]),
    ("NL", &["*********B##"]),
    ("PL", &["##########"]),
    ("PT", &["#########"]),
    ("RO", &["##", "###", "####", "#####", "######", "#######", "########", "#########", "##########"]),
    ("SE", &["##########01"]),
    ("SI", &["########"]),
    ("SK", &["##########"]),
    ("XI", &["#########", "############"]),
];

fn has_format(text: &str, format: &str) -> bool {
    text.len() == format.len()
        && text.chars().zip(format.chars()).all(|(c, expected)| match expected {
            '#' => c.is_ascii_digit(),
            '@' => c.is_ascii_uppercase(),
            '*' => c.is_ascii_digit() || c.is_ascii_uppercase(),
            literal => c == literal,
        })
}

/// The main activity in the NAF (décret 2007-1888), `6201z` → `62.01Z`.
pub fn naf_code(text: &str) -> Result<String, Rule> {
    let code = compact(text, 7).replacen('.', "", 1);
    if has_format(&code, "####@") { Ok(format!("{}.{}", &code[..2], &code[2..])) } else { Err(Rule::InvalidNafCode) }
}

// ---- bank ------------------------------------------------------------------------------------------------

/// ISO 13616, in its electronic form: the country's length and the key (mod 97 = 1).
pub fn iban(text: &str) -> Result<String, Rule> {
    let iban = compact(text, 35);
    let known = iban.get(..2).is_some_and(|country| {
        let mut entries = IBAN_LENGTHS.split_ascii_whitespace().filter_map(|entry| entry.split_at_checked(2));
        entries.any(|(code, length)| code == country && length.parse() == Ok(iban.len()))
    });
    if !known
        || !iban.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        || !iban[2..4].chars().all(|c| c.is_ascii_digit())
    {
        return Err(Rule::InvalidIban);
    }
    if is_keyed(&iban[4..], &iban[..4]) { Ok(iban) } else { Err(Rule::InvalidIban) }
}

/// ISO 7064: what a country and its key say of what stands behind them.
fn is_keyed(rest: &str, head: &str) -> bool {
    let remainder = rest.chars().chain(head.chars()).fold(0_u32, |remainder, c| {
        let value = c.to_digit(36).unwrap_or(0);
        (remainder * if value > 9 { 100 } else { 10 } + value) % 97
    });
    remainder == 1
}

/// A SEPA creditor identifier (EPC262-08): country, key, three characters of the creditor's own that the key does not
/// cover, and what the country gave.
pub fn creditor_id(text: &str) -> Result<String, Rule> {
    let id = compact(text, 35);
    let shaped = (8..=35).contains(&id.len()) && id.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    let known = shaped && is_country(&id[..2]) && id[2..4].chars().all(|c| c.is_ascii_digit());
    // A French one has six digits (Banque de France, NNE).
    let length = known && (!id.starts_with("FR") || id.len() == 13);
    if length && is_keyed(&id[7..], &id[..4]) { Ok(id) } else { Err(Rule::InvalidCreditorId) }
}

/// ISO 9362: 8 or 11 characters with a country that exists.
pub fn bic(text: &str) -> Result<String, Rule> {
    let bic = compact(text, 12);
    let shaped = has_format(&bic, "@@@@@@**") || has_format(&bic, "@@@@@@*****");
    if shaped && (is_country(&bic[4..6]) || &bic[4..6] == "XK") { Ok(bic) } else { Err(Rule::InvalidBic) }
}

/// The countries of the SWIFT registry, each with the length of its IBANs.
const IBAN_LENGTHS: &str = "
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
    ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
    LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
    PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
    YE30";

// ---- addresses -------------------------------------------------------------------------------------------

/// An address as it is typed, part by part.
#[derive(Debug, Clone, Copy)]
pub struct TypedAddress<'a> {
    pub street: &'a str,
    pub complement: &'a str,
    pub postal_code: &'a str,
    pub city: &'a str,
    /// France where it is empty.
    pub country: &'a str,
}

impl TypedAddress<'_> {
    /// The address; none where no part of it is filled in, or where one is wrong, which is told at `/street`,
    /// `/postal_code`…
    pub fn parse(&self, wrong: &mut Violations) -> Option<Address> {
        let parts = [self.street, self.complement, self.postal_code, self.city];
        if parts.iter().all(|part| part.trim().is_empty()) {
            return None;
        }
        let typed = if self.country.trim().is_empty() { "FR" } else { self.country };
        let country = wrong.take("/country", country(typed));
        let street = wrong.take("/street", required(self.street, 200));
        let complement = wrong.take("/complement", optional(self.complement, |part| text(part, 200)));
        let code = country.as_deref().unwrap_or("FR");
        let postal_code = wrong.take("/postal_code", postal_code(self.postal_code, code));
        let city = wrong.take("/city", required(self.city, 100));
        Some(Address {
            street: street?,
            complement: complement?,
            postal_code: postal_code?,
            city: city?,
            country: country?,
        })
    }
}

/// A social security number (NIR) with its key, 15 characters without spaces: sex, year, month, place of birth, order, key
/// (décret 82-103). Departments 2A and 2B count as 19 and 18 in the key. Temporary numbers (3, 4, 7, 8) are accepted.
pub fn nir(text: &str) -> Result<String, Rule> {
    let nir = compact(text, 16).to_uppercase();
    let digits = nir.replacen("2A", "19", 1).replacen("2B", "18", 1);
    let is_corsican = matches!(nir.get(5..7), Some("2A" | "2B"));
    let digits = if is_corsican { digits } else { nir.clone() };
    if nir.len() != 15 || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(Rule::InvalidNir);
    }
    let (number, key) = digits.split_at(13);
    let (Ok(number), Ok(key)) = (number.parse::<u64>(), key.parse::<u64>()) else { return Err(Rule::InvalidNir) };
    let is_right = !digits.starts_with(['0', '5', '6', '9']) && key == 97 - number % 97;
    if is_right { Ok(nir) } else { Err(Rule::InvalidNir) }
}

/// ISO 3166-1 alpha-2, upper-cased.
pub fn country(text: &str) -> Result<String, Rule> {
    let code = compact(text, 3);
    if is_country(&code) { Ok(code) } else { Err(Rule::InvalidCountry) }
}

fn is_country(code: &str) -> bool {
    country::french(code).is_some()
}

/// The postal code of an address in `country`. France, its overseas territories and our neighbours have a
/// number of fixed length; elsewhere at most 10 letters, digits, spaces and hyphens, or nothing at all.
pub fn postal_code(text: &str, country: &str) -> Result<String, Rule> {
    let length = match country {
        "FR" | "MC" | "GP" | "MQ" | "GF" | "RE" | "YT" | "PM" | "BL" | "MF" | "NC" | "PF" | "WF" | "DE" | "ES"
        | "IT" => 5,
        "BE" | "CH" | "LU" => 4,
        _ => {
            let code = self::text(text, 10)?.to_uppercase();
            let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
            return if plain { Ok(code) } else { Err(Rule::ControlCharacter) };
        }
    };
    let code = compact(text, length + 1);
    match code.chars().count() {
        0 => Err(Rule::Required),
        n if n < length => Err(Rule::TooShort { min: length }),
        n if n > length => Err(Rule::TooLong { max: length }),
        _ if !code.chars().all(|c| c.is_ascii_digit()) => Err(Rule::NotAWholeNumber),
        _ => Ok(code),
    }
}

/// An address that SES can write to: ASCII, one `@`, a domain with a dot. The domain is lower-cased, the local
/// part kept as typed. Whether somebody reads it, only a mail can tell.
pub fn email(text: &str) -> Result<String, Rule> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(Rule::NotAnEmail)?;
    let of_an_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let local_is_right =
        local.len() <= 64 && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(of_an_atom));
    let domain_is_right = domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    });
    let top = domain.rsplit_once('.').map(|(_, top)| top);
    let top_is_right = top.is_some_and(|top| top.len() >= 2 && top.chars().any(|c| c.is_ascii_alphabetic()));
    if text.len() > 254 || !local_is_right || !domain_is_right || !top_is_right {
        return Err(Rule::NotAnEmail);
    }
    Ok(format!("{local}@{}", domain.to_ascii_lowercase()))
}

// ---- text, numbers, dates --------------------------------------------------------------------------------

/// Trimmed, composed (NFC), line ends as `\n`; at most `max` characters, no control character but `\n` and
/// `\t`, nothing that XML forbids. May be empty.
pub fn text(text: &str, max: usize) -> Result<String, Rule> {
    let text: String = text.trim().replace("\r\n", "\n").replace('\r', "\n").nfc().collect();
    if text.chars().any(|c| matches!(c, '\u{fffe}' | '\u{ffff}') || (c.is_control() && !matches!(c, '\n' | '\t'))) {
        return Err(Rule::ControlCharacter);
    }
    if text.chars().count() > max {
        return Err(Rule::TooLong { max });
    }
    Ok(text)
}

/// A [`text`] in which something can be seen.
pub fn optional(text: &str, parse: impl FnOnce(&str) -> Result<String, Rule>) -> Result<Option<String>, Rule> {
    if text.trim().is_empty() { Ok(None) } else { parse(text).map(Some) }
}

/// A text that may not be empty.
pub fn required(text: &str, max: usize) -> Result<String, Rule> {
    let text = self::text(text, max)?;
    let invisible = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if text.chars().all(invisible) { Err(Rule::Required) } else { Ok(text) }
}

/// A number as people and machines write it: `1 234,50`, `1234.5`, `−3`. Spaces only between groups of three;
/// both `.` and `,` in one number are refused rather than guessed at, and so is an exponent.
pub fn decimal(text: &str, max_decimals: u32, min: Decimal, max: Decimal) -> Result<Decimal, Rule> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Rule::Required);
    }
    if text.len() > 60 {
        return Err(Rule::NotANumber);
    }
    let (negative, unsigned) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    };
    let (whole, fraction) = match unsigned.split_once([',', '.']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let mut groups = whole.split(['\u{20}', '\u{a0}', '\u{202f}']).peekable();
    let first = groups.next().unwrap_or_default();
    let grouped = groups.peek().is_some();
    let whole_is_right = (all_digits(first) || (first.is_empty() && !grouped && fraction.is_some()))
        && (!grouped || first.len() <= 3)
        && groups.all(|group| group.len() == 3 && all_digits(group));
    if !whole_is_right || fraction.is_some_and(|fraction| !all_digits(fraction)) {
        return Err(Rule::NotANumber);
    }
    let fraction = fraction.unwrap_or_default();
    if fraction.len() > max_decimals as usize {
        return Err(Rule::TooManyDecimals { max: max_decimals });
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let sign = if negative { "-" } else { "" };
    let out_of_range = || Rule::OutOfRange { min: min.normalize().to_string(), max: max.normalize().to_string() };
    let number = Decimal::from_str_exact(&format!("{sign}0{whole}.{fraction}0")).map_err(|_| out_of_range())?;
    if number < min || number > max {
        return Err(out_of_range());
    }
    Ok(if number.is_zero() { Decimal::ZERO } else { number.normalize() })
}

/// `YYYY-MM-DD`, between 1900 and 2199.
pub fn date(text: &str) -> Result<Date, Rule> {
    let text = text.trim();
    if !has_format(text, "####-##-##") {
        return Err(Rule::NotADate);
    }
    let date: Date = text.parse().map_err(|_| Rule::NotADate)?;
    if (1900..2200).contains(&date.year()) { Ok(date) } else { Err(Rule::NotADate) }
}

/// Minutes, of how long somebody worked on one day: `1:30`, `1h30`, `2 h`, `45 min`, or hours as a number (`1,5`), which
/// come to the nearest minute. More than 0, at most 24 hours.
pub fn duration(text: &str) -> Result<u16, Rule> {
    let text: String = text.trim().to_lowercase().split_whitespace().collect();
    if text.is_empty() {
        return Err(Rule::Required);
    }
    let whole = |digits: &str| match digits.len() {
        1..=4 if digits.chars().all(|c| c.is_ascii_digit()) => digits.parse::<u16>().map_err(|_| Rule::NotADuration),
        _ => Err(Rule::NotADuration),
    };
    let minutes = match (text.split_once([':', 'h']), text.strip_suffix("min")) {
        (Some((hours, "")), _) => whole(hours)?.saturating_mul(60),
        (Some((hours, minutes)), _) => {
            let minutes = whole(minutes.strip_suffix("min").unwrap_or(minutes)).ok().filter(|minutes| *minutes < 60);
            whole(hours)?.saturating_mul(60).saturating_add(minutes.ok_or(Rule::NotADuration)?)
        }
        (None, Some(minutes)) => whole(minutes)?,
        (None, None) => {
            let hours = decimal(&text, 4, Decimal::ZERO, Decimal::from(24)).map_err(|_| Rule::NotADuration)?;
            (hours * Decimal::from(60))
                .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
                .to_u16()
                .ok_or(Rule::NotADuration)?
        }
    };
    if (1..=24 * 60).contains(&minutes) { Ok(minutes) } else { Err(Rule::NotADuration) }
}

// ---- colours ---------------------------------------------------------------------------------------------

/// `#RRGGBB`, upper-cased.
pub fn color(text: &str) -> Result<String, Rule> {
    let color = text.trim().to_ascii_uppercase();
    let right =
        color.len() == 7 && color.strip_prefix('#').is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()));
    if right { Ok(color) } else { Err(Rule::InvalidColor) }
}

/// The least contrast of text and its ground (WCAG 2.2, 1.4.3), in thousandths.
pub const LEGIBLE_MILLI: u32 = 4_500;

/// A [`color`] on which [`text_on`] reads.
pub fn brand_color(text: &str) -> Result<String, Rule> {
    let color = color(text)?;
    let legible = contrast_ratio_milli(text_on(&color), &color) >= LEGIBLE_MILLI;
    if legible { Ok(color) } else { Err(Rule::LowContrast) }
}

/// The contrast of two colours (WCAG 2.2), in thousandths: 1 000 (none) to 21 000 (black on white). What is
/// not a colour counts as black.
pub fn contrast_ratio_milli(a: &str, b: &str) -> u32 {
    let (a, b) = (luminance(a), luminance(b));
    ((a.max(b) + 0.05) / (a.min(b) + 0.05) * 1000.0).round() as u32
}

/// The colour of text on a background: the one of the two that reads better.
pub fn text_on(color: &str) -> &'static str {
    const LIGHT: &str = "#FFFFFF";
    const DARK: &str = "#111827";
    if contrast_ratio_milli(LIGHT, color) >= contrast_ratio_milli(DARK, color) { LIGHT } else { DARK }
}

fn luminance(color: &str) -> f64 {
    let channel = |from: usize| {
        let byte = color.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let part = f64::from(byte) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

// ---- dated data ------------------------------------------------------------------------------------------

/// A value that the law sets from a day on, with the article that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated<T> {
    pub valid_from: Date,
    pub value: T,
    pub source: &'static str,
}

impl<T> Dated<T> {
    const fn new(valid_from: Date, value: T, source: &'static str) -> Self {
        Self { valid_from, value, source }
    }
}

/// The entry in force; before the first one, the first. Tables are in order of date (a test holds it).
pub(crate) fn in_force<T>(table: &'static [Dated<T>], on: Date) -> &'static Dated<T> {
    table.iter().rev().find(|entry| entry.valid_from <= on).unwrap_or(&table[0])
}

const fn tenths(number: u32) -> Decimal {
    Decimal::from_parts(number, 0, 0, false, 1)
}

/// The VAT rates of mainland France on a day, highest first; empty before our first entry. 0 stands for an
/// operation without VAT, which needs its reason. Overseas departments (CGI 296) and Corsica (CGI 297) have
/// others.
pub fn vat_rates(on: Date) -> &'static [Dated<Decimal>] {
    VAT_RATES.iter().rev().find(|period| period.valid_from <= on).map_or(&[], |period| period.value)
}

/// Whether `percent` is one of [`vat_rates`].
pub fn vat_rate_exists(percent: Decimal, on: Date) -> bool {
    vat_rates(on).iter().any(|rate| rate.value == percent)
}

const YEAR_2000: Date = on_day(2000, 4, 1);
const YEAR_2012: Date = on_day(2012, 1, 1);
const YEAR_2014: Date = on_day(2014, 1, 1);
const REDUCED: Dated<Decimal> = Dated::new(YEAR_2000, tenths(55), "CGI, art. 278-0 bis");
const PARTICULAR: Dated<Decimal> = Dated::new(YEAR_2000, tenths(21), "CGI, art. 281 quater à 281 nonies, 298 septies");
const NONE: Dated<Decimal> = Dated::new(YEAR_2000, Decimal::ZERO, "CGI, art. 259, 261 à 262 ter, 283, 293 B");

/// Periods of unchanged rates. Since 1 September 2026 these articles stand in the CIBS (ordonnance 2025-1247);
/// the rates did not change.
static VAT_RATES: &[Dated<&[Dated<Decimal>]>] = &[
    Dated::new(
        YEAR_2000,
        &[Dated::new(YEAR_2000, tenths(196), "CGI, art. 278"), REDUCED, PARTICULAR, NONE],
        "loi 2000-656, art. 1",
    ),
    Dated::new(
        YEAR_2012,
        &[
            Dated::new(YEAR_2000, tenths(196), "CGI, art. 278"),
            Dated::new(YEAR_2012, tenths(70), "CGI, art. 278 bis, 279"),
            REDUCED,
            PARTICULAR,
            NONE,
        ],
        "loi 2011-1978, art. 13",
    ),
    Dated::new(
        YEAR_2014,
        &[
            Dated::new(YEAR_2014, tenths(200), "CGI, art. 278"),
            Dated::new(YEAR_2014, tenths(100), "CGI, art. 278 bis, 278 quater, 279, 279-0 bis"),
            REDUCED,
            PARTICULAR,
            NONE,
        ],
        "loi 2012-1510, art. 68 ; loi 2013-1278, art. 6",
    ),
];

/// The clauses that an invoice between businesses carries about paying late, and early (C. com. L441-9).
pub fn late_payment(on: Date) -> LatePayment {
    let [penalties, indemnity, discount] = in_force(LATE_PAYMENT, on).value;
    LatePayment { penalties: penalties.into(), indemnity: indemnity.into(), discount: discount.into() }
}

const NO_DISCOUNT: &str = "Pas d’escompte pour paiement anticipé.";

/// Penalties, indemnity, discount. The rate is the one the law sets where the terms of sale set no other; it
/// is never below three times the legal rate.
static LATE_PAYMENT: &[Dated<[&str; 3]>] = &[
    Dated::new(
        on_day(2013, 1, 1),
        [
            "Tout retard de paiement entraîne, de plein droit et sans rappel, des pénalités au taux de refinancement de \
             la Banque centrale européenne majoré de 10 points (article L441-6 du Code de commerce).",
            "Tout retard de paiement entraîne une indemnité forfaitaire de 40 € pour frais de recouvrement (article \
             D441-5 du Code de commerce).",
            NO_DISCOUNT,
        ],
        "C. com. L441-6 ; décret 2012-1115",
    ),
    Dated::new(
        on_day(2019, 4, 26),
        [
            "Tout retard de paiement entraîne, de plein droit et sans rappel, des pénalités au taux de refinancement de \
             la Banque centrale européenne majoré de 10 points (article L441-10 du Code de commerce).",
            "Tout retard de paiement entraîne une indemnité forfaitaire de 40 € pour frais de recouvrement (article \
             D441-5 du Code de commerce).",
            NO_DISCOUNT,
        ],
        "C. com. L441-10, D441-5 ; ordonnance 2019-359",
    ),
];

/// What an invoice without VAT says under the franchise en base.
///
/// The law moved to CIBS L223-1 and following on 1 September 2026; the former reference is accepted until
/// 31 December 2027 and no official sentence replaces it yet: add an entry when there is one.
pub fn franchise_mention(on: Date) -> &'static str {
    in_force(FRANCHISE_MENTION, on).value
}

static FRANCHISE_MENTION: &[Dated<&str>] =
    &[Dated::new(on_day(2000, 1, 1), "TVA non applicable, art. 293 B du CGI", "CGI, art. 293 E")];

/// The reason for exemption that goes with [`franchise_mention`] (BT-121, list VATEX).
pub const FRANCHISE_VATEX: &str = "VATEX-FR-FRANCHISE";

/// What an invoice says when the seller opted to pay the tax on debits.
pub fn debits_mention(on: Date) -> &'static str {
    in_force(DEBITS_MENTION, on).value
}

static DEBITS_MENTION: &[Dated<&str>] = &[Dated::new(
    on_day(2022, 10, 10),
    "Option pour le paiement de la taxe d’après les débits",
    "CGI, ann. II, art. 242 nonies A, I, 11° bis ; décret 2022-1299",
)];

/// Days from the date of an invoice within which businesses must agree to be paid.
pub fn max_payment_days(on: Date) -> u16 {
    in_force(MAX_PAYMENT_DAYS, on).value
}

static MAX_PAYMENT_DAYS: &[Dated<u16>] = &[
    Dated::new(on_day(2009, 1, 1), 60, "C. com. L441-6 ; loi 2008-776, art. 21"),
    Dated::new(on_day(2019, 4, 26), 60, "C. com. L441-10, I ; ordonnance 2019-359"),
];

/// Days that businesses may count together with the end of the month.
pub fn max_end_of_month_days(on: Date) -> u16 {
    in_force(MAX_END_OF_MONTH_DAYS, on).value
}

static MAX_END_OF_MONTH_DAYS: &[Dated<u16>] = &[
    Dated::new(on_day(2009, 1, 1), 45, "C. com. L441-6 ; loi 2008-776, art. 21"),
    Dated::new(on_day(2019, 4, 26), 45, "C. com. L441-10, I ; ordonnance 2019-359"),
];

/// In euros, net of VAT, over a civil year: up to where one may invoice without VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FranchiseThreshold {
    /// Beyond it the next year is no more in the franchise.
    pub base: Minor,
    /// Beyond it the franchise ends at once.
    pub raised: Minor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FranchiseThresholds {
    /// Sales of goods, food to eat on the spot, lodging.
    pub goods: FranchiseThreshold,
    pub services: FranchiseThreshold,
}

pub fn franchise_thresholds(on: Date) -> &'static Dated<FranchiseThresholds> {
    in_force(FRANCHISE_THRESHOLDS, on)
}

const fn thresholds(goods: (i64, i64), services: (i64, i64)) -> FranchiseThresholds {
    FranchiseThresholds {
        goods: FranchiseThreshold { base: Minor(goods.0 * 100), raised: Minor(goods.1 * 100) },
        services: FranchiseThreshold { base: Minor(services.0 * 100), raised: Minor(services.1 * 100) },
    }
}

static FRANCHISE_THRESHOLDS: &[Dated<FranchiseThresholds>] = &[
    Dated::new(on_day(2020, 1, 1), thresholds((85_800, 94_300), (34_400, 36_500)), "CGI 293 B ; arrêté du 11-6-2020"),
    Dated::new(on_day(2023, 1, 1), thresholds((91_900, 101_000), (36_800, 39_100)), "CGI 293 B ; décret 2023-422"),
    Dated::new(on_day(2025, 1, 1), thresholds((85_000, 93_500), (37_500, 41_250)), "CGI 293 B ; loi 2025-1044"),
];

/// In euros: what a debtor resident in France or acting for a business may pay in cash at most of one debt.
pub fn cash_limit(on: Date) -> Minor {
    in_force(CASH_LIMIT, on).value
}

/// In euros: the same of a consumer who lives elsewhere.
pub fn cash_limit_of_foreign_consumers(on: Date) -> Minor {
    in_force(FOREIGN_CASH_LIMIT, on).value
}

static FOREIGN_CASH_LIMIT: &[Dated<Minor>] =
    &[Dated::new(on_day(2010, 6, 19), Minor(1_500_000), "CMF D112-3 ; décret 2010-662")];

static CASH_LIMIT: &[Dated<Minor>] = &[
    Dated::new(on_day(2010, 6, 19), Minor(300_000), "CMF D112-3 ; décret 2010-662"),
    Dated::new(on_day(2015, 9, 1), Minor(100_000), "CMF D112-3 ; décret 2015-741"),
];

/// For how many years the data of somebody with whom one does, or hopes to do, business may be kept after the last
/// contact. A recommendation: who keeps them longer says why.
pub fn contact_years(on: Date) -> &'static Dated<i16> {
    in_force(CONTACT_YEARS, on)
}

static CONTACT_YEARS: &[Dated<i16>] = &[
    Dated::new(on_day(2012, 6, 21), 3, "CNIL, norme simplifiée n°\u{a0}48"),
    Dated::new(
        on_day(2021, 9, 23),
        3,
        "CNIL, référentiel «\u{a0}gestion des activités commerciales\u{a0}»\u{a0}; RGPD, art. 5",
    ),
];

/// The day after which those years are over, by the rule of `today`.
pub fn contact_kept_until(since: Date, today: Date) -> Date {
    since.saturating_add(contact_years(today).value.years())
}

/// For how many years accounting documents are kept, from the end of their financial year.
pub fn accounting_years(on: Date) -> &'static Dated<i16> {
    in_force(ACCOUNTING_YEARS, on)
}

static ACCOUNTING_YEARS: &[Dated<i16>] = &[Dated::new(on_day(2000, 9, 21), 10, "C. com., art. L123-22")];

// ---- helpers ---------------------------------------------------------------------------------------------

/// Without white space, upper-cased; never more than `max` characters, so that too long stays too long.
fn compact(text: &str, max: usize) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).take(max).collect()
}

fn digits(text: &str, count: usize) -> Option<String> {
    Some(compact(text, count + 1)).filter(|text| text.len() == count && text.chars().all(|c| c.is_ascii_digit()))
}

fn digit_sum(digits: &str) -> u32 {
    digits.chars().filter_map(|c| c.to_digit(10)).sum()
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(position, digit)| match (position % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn social_security_numbers() {
        // INSEE's own examples, and the two departments of Corsica; the last of each is the key.
        let right = [
            ("2 55 08 14 168 025 38", "255081416802538"),
            ("1 85 05 78 006 084 36", "185057800608436"),
            ("1 85 05 2A 006 084 19", "185052A00608419"),
        ];
        for (text, _) in right {
            let digits: String = text.split_whitespace().collect();
            let number = digits[..13].replace("2A", "19").parse::<u64>().unwrap();
            let keyed = format!("{}{:02}", &digits[..13], 97 - number % 97);
            assert_eq!(nir(&keyed).as_deref(), Ok(keyed.as_str()));
            let wrong = format!("{}{:02}", &digits[..13], 96 - number % 97);
            assert_eq!(nir(&wrong), Err(Rule::InvalidNir));
        }
        assert_eq!(nir("2 55 08 14 168 025 38").as_deref(), Ok("255081416802538"));
        for wrong in ["", "255081416802539", "25508141680253", "255082C16802538", "955081416802538", "é5508141680253"]
        {
            assert_eq!(nir(wrong), Err(Rule::InvalidNir), "{wrong}");
        }
    }

    #[track_caller]
    fn table(check: impl Fn(&str) -> Result<String, Rule>, right: &[(&str, &str)], wrong: &[&str], rule: Rule) {
        for (text, normalised) in right {
            assert_eq!(check(text).as_deref(), Ok(*normalised), "{text:?}");
        }
        for text in wrong {
            assert_eq!(check(text), Err(rule.clone()), "{text:?}");
        }
    }

    #[test]
    fn a_siret_has_fourteen_digits_and_a_key() {
        table(
            siret,
            &[
                ("732 829 320 00074", "73282932000074"),
                ("55210055400013", "55210055400013"),
                // La Poste: the head office by the common key, a post office by the sum of its digits.
                ("35600000000048", "35600000000048"),
                ("356 000 000\u{a0}49837", "35600000049837"),
            ],
            &[
                "",
                "732829320",
                "73282932000075",
                "7328293200007A",
                "00000000000000",
                "35600000049838",
                "٧٣٢٨٢٩٣٢٠٠٠٠٧٤",
            ],
            Rule::InvalidSiret,
        );
    }

    #[test]
    fn a_siren_has_nine_digits_and_a_key() {
        table(
            siren,
            &[("732 829 320", "732829320"), ("356000000", "356000000"), ("130025265", "130025265")],
            &["732829321", "73282932", "000000000", "ABCDEFGHI", "73282932000074"],
            Rule::InvalidSiren,
        );
    }

    #[test]
    fn a_french_vat_number_has_the_key_of_its_siren() {
        table(
            |text| vat_number(text, None),
            &[
                ("FR 44 732829320", "FR44732829320"),
                ("fr40303265045", "FR40303265045"),
                ("FR23334175221", "FR23334175221"),
                ("FRK7399859412", "FRK7399859412"),
                ("FR4Z123456782", "FR4Z123456782"),
            ],
            &["FR45732829320", "FR84323140391", "FRIO334175221", "FR", "FRé4732829320", "732829320", "FR447328293200"],
            Rule::InvalidVatNumber,
        );
        assert!(vat_number("FR44732829320", Some("732 829 320 00074")).is_ok());
        assert_eq!(vat_number("FR44732829320", Some("552100554")), Err(Rule::VatNumberOfAnotherSiren));
        assert_eq!(french_vat_number("732829320").as_deref(), Ok("FR44732829320"));
    }

    #[test]
    fn other_vat_numbers_of_the_union_have_their_format() {
        table(
            |text| vat_number(text, None),
            &[
                ("DE 136.695.976", "DE136695976"),
                ("BE 0428.759.497", "BE0428759497"),
                ("NL004495445B01", "NL004495445B01"),
                ("ATU13585627", "ATU13585627"),
                ("ESB58378431", "ESB58378431"),
                ("IE6433435F", "IE6433435F"),
                ("SE556188840401", "SE556188840401"),
                ("EL094259216", "EL094259216"),
            ],
            &["DE13669597", "BE2428759497", "NL004495445C01", "GR094259216", "US123456789", "CHE123456788"],
            Rule::InvalidVatNumber,
        );
    }

    #[test]
    fn an_iban_has_its_length_and_its_key() {
        table(
            iban,
            &[
                ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
                ("de89370400440532013000", "DE89370400440532013000"),
                ("GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
                ("BE68539007547034", "BE68539007547034"),
                ("NO9386011117947", "NO9386011117947"),
                ("MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"),
            ],
            &[
                "",
                "FR",
                "é",
                "FR1420041010050500013M02607",
                "FR1420041010050500013M0260",
                "ZZ1420041010050500013M02606",
                "DE8937040044053201300O",
            ],
            Rule::InvalidIban,
        );
    }

    #[test]
    fn a_bic_has_eight_or_eleven_characters_and_a_country() {
        table(
            bic,
            &[("psstfrpppar", "PSSTFRPPPAR"), ("BNPAFRPP", "BNPAFRPP"), ("CRLY FR PP XXX", "CRLYFRPPXXX")],
            &["", "BNPAFRP", "BNPAZZPP", "BNPAFRPPX", "1NPAFRPP", "BNPAFRPPXXXX"],
            Rule::InvalidBic,
        );
    }

    #[test]
    fn colours_countries_and_postal_codes() {
        table(
            color,
            &[(" #1d4ed8 ", "#1D4ED8")],
            &["1D4ED8", "#FFF", "#1D4ED", "#1D4EDG", "#1D4Eé"],
            Rule::InvalidColor,
        );
        table(country, &[("fr", "FR"), ("CI", "CI")], &["", "F", "FRA", "ZZ", "XK", "UK"], Rule::InvalidCountry);

        assert_eq!(postal_code(" 69 003", "FR").as_deref(), Ok("69003"));
        assert_eq!(postal_code("", "FR"), Err(Rule::Required));
        assert_eq!(postal_code("6900", "FR"), Err(Rule::TooShort { min: 5 }));
        assert_eq!(postal_code("690033", "FR"), Err(Rule::TooLong { max: 5 }));
        assert_eq!(postal_code("6900A", "FR"), Err(Rule::NotAWholeNumber));
        assert_eq!(postal_code("1000", "BE").as_deref(), Ok("1000"));
        assert_eq!(postal_code("sw1a 1aa", "GB").as_deref(), Ok("SW1A 1AA"));
        assert_eq!(postal_code("", "HK").as_deref(), Ok(""));
    }

    #[test]
    fn an_email_is_one_that_can_be_written_to() {
        let long = format!("a@{}.fr", "a.".repeat(125));
        table(
            email,
            &[
                (" Jeanne.Martin@Exemple.FR ", "Jeanne.Martin@exemple.fr"),
                ("o'neil+factures@sous.domaine.co.uk", "o'neil+factures@sous.domaine.co.uk"),
            ],
            &[
                "",
                "a",
                "@",
                "a@",
                "@b.fr",
                "a@b",
                "a@b.c",
                "a b@c.fr",
                "a@b@c.fr",
                "a@b..fr",
                "a..b@c.fr",
                ".a@c.fr",
                "a@-b.fr",
                "a@b.fr\nbcc:x@y.fr",
                "a@b.fr\u{0}",
                "é@b.fr",
                "a@1.2.3.44",
                "<a@b.fr>",
                "a@b.fr,c@d.fr",
                &long,
            ],
            Rule::NotAnEmail,
        );
    }

    #[test]
    fn text_is_trimmed_composed_and_free_of_control_characters() {
        assert_eq!(text(" a\r\nb\tc ", 5).as_deref(), Ok("a\nb\tc"));
        assert_eq!(text("e\u{301}", 1).as_deref(), Ok("é"));
        assert_eq!(text("ééé", 2), Err(Rule::TooLong { max: 2 }));
        assert_eq!(text("", 2).as_deref(), Ok(""));
        for wrong in ["a\u{0}b", "a\u{1b}[31mb", "a\u{85}b", "a\u{fffe}", "a\u{ffff}b"] {
            assert_eq!(text(wrong, 50), Err(Rule::ControlCharacter), "{wrong:?}");
        }
        assert_eq!(required(" x ", 1).as_deref(), Ok("x"));
        for empty in ["", "  \n", "\u{200b}", "\u{feff}\u{a0}"] {
            assert_eq!(required(empty, 50), Err(Rule::Required), "{empty:?}");
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let read =
            |text: &str| decimal(text, 2, Decimal::from(-1_000_000), Decimal::from(1_000_000)).map(|n| n.to_string());
        for (text, number) in [
            ("12", "12"),
            ("12,50", "12.5"),
            ("12.5", "12.5"),
            (" 1 234,56 ", "1234.56"),
            ("1\u{202f}234\u{202f}567,5", "out"),
            ("123\u{a0}456", "123456"),
            ("−3", "-3"),
            ("- 3", "-3"),
            (",5", "0.5"),
            ("-0", "0"),
            ("007", "7"),
        ] {
            match number {
                "out" => assert!(matches!(read(text), Err(Rule::OutOfRange { .. })), "{text:?}"),
                number => assert_eq!(read(text).as_deref(), Ok(number), "{text:?}"),
            }
        }
        for wrong in [
            "a", "1e3", "1.234,5", "1,2,3", "12 34", "1 2345", "1234 567", "5,", ",", ".", "-", "+-1", "٣", "NaN",
            "0x1F", "1_000",
        ] {
            assert_eq!(read(wrong), Err(Rule::NotANumber), "{wrong:?}");
        }
        assert_eq!(read(""), Err(Rule::Required));
        assert_eq!(read("1,005"), Err(Rule::TooManyDecimals { max: 2 }));
        assert_eq!(read("1000001"), Err(Rule::OutOfRange { min: "-1000000".into(), max: "1000000".into() }));
        assert!(matches!(read(&"9".repeat(59)), Err(Rule::OutOfRange { .. })));
        assert_eq!(read(&"9".repeat(61)), Err(Rule::NotANumber));
    }

    #[test]
    fn a_duration_is_written_as_people_do() {
        for (text, minutes) in [
            ("1:30", 90),
            ("1h30", 90),
            ("1 H 30", 90),
            ("2 h", 120),
            ("0:05", 5),
            ("45 min", 45),
            ("1h05min", 65),
            ("1,5", 90),
            ("0.3333", 20),
            ("24", 1_440),
        ] {
            assert_eq!(duration(text), Ok(minutes), "{text:?}");
        }
        assert_eq!(duration(" "), Err(Rule::Required));
        for wrong in
            ["0", "0:00", "-1", "24:01", "1:60", "1h:30", ":30", "h", "99999h", "1:3x", "min", "1h30h", "25", "1e1"]
        {
            assert_eq!(duration(wrong), Err(Rule::NotADuration), "{wrong:?}");
        }
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        assert_eq!(date(" 2028-02-29 "), Ok(on_day(2028, 2, 29)));
        for wrong in
            ["", "2027-02-29", "2026-13-01", "20260101", "2026-1-1", "01/02/2026", "2026-01-01T00:00", "0001-01-01"]
        {
            assert_eq!(date(wrong), Err(Rule::NotADate), "{wrong:?}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert_eq!(contrast_ratio_milli("#000000", "#FFFFFF"), 21_000);
        assert_eq!(contrast_ratio_milli("#777777", "#FFFFFF"), 4_478);
        assert_eq!(contrast_ratio_milli("#1D4ED8", "#1D4ED8"), 1_000);
        assert_eq!(text_on("#1D4ED8"), "#FFFFFF");
        assert_eq!(text_on("#FDE047"), "#111827");
    }

    #[test]
    fn a_colour_that_no_text_reads_on_is_refused() {
        table(
            brand_color,
            &[("#1d4ed8", "#1D4ED8"), ("#FFFFFF", "#FFFFFF"), ("#facc15", "#FACC15"), ("#767676", "#767676")],
            &["#787878", "#7B7B7B", "#808080"],
            Rule::LowContrast,
        );
        assert_eq!(brand_color("red"), Err(Rule::InvalidColor));
    }

    #[test]
    fn a_naf_code_has_four_digits_and_a_letter() {
        table(
            naf_code,
            &[("62.01Z", "62.01Z"), ("6201z", "62.01Z"), ("62 01 z", "62.01Z")],
            &["", "62.01", "6.201Z1", "ABCDE", "62..01Z", "62.011", "é201Z"],
            Rule::InvalidNafCode,
        );
    }

    #[test]
    fn dated_data_is_that_of_its_day() {
        let percents = |on| vat_rates(on).iter().map(|rate| rate.value.normalize().to_string()).collect::<Vec<_>>();
        assert_eq!(percents(on_day(2026, 11, 22)), ["20", "10", "5.5", "2.1", "0"]);
        assert_eq!(percents(on_day(2014, 1, 1)), ["20", "10", "5.5", "2.1", "0"]);
        assert_eq!(percents(on_day(2013, 12, 31)), ["19.6", "7", "5.5", "2.1", "0"]);
        assert!(vat_rates(on_day(1999, 1, 1)).is_empty());
        assert!(vat_rate_exists("20.00".parse().unwrap(), on_day(2026, 1, 1)));
        assert!(!vat_rate_exists(Decimal::from(200), on_day(2026, 1, 1)));
        assert!(!vat_rate_exists("19.6".parse().unwrap(), on_day(2026, 1, 1)));

        assert!(late_payment(on_day(2026, 1, 1)).penalties.contains("L441-10"));
        assert!(late_payment(on_day(2018, 1, 1)).penalties.contains("L441-6"));
        assert!(late_payment(on_day(2026, 1, 1)).indemnity.contains("40 €"));
        assert_eq!(franchise_mention(on_day(2026, 11, 22)), "TVA non applicable, art. 293 B du CGI");
        assert_eq!(max_payment_days(on_day(2026, 1, 1)), 60);
        assert_eq!(cash_limit(on_day(2015, 8, 31)), Minor(300_000));
        assert_eq!(cash_limit(on_day(2026, 1, 1)), Minor(100_000));
        let services = |on| franchise_thresholds(on).value.services;
        assert_eq!(services(on_day(2026, 1, 1)).base, Minor(3_750_000));
        assert_eq!(services(on_day(2024, 12, 31)).raised, Minor(3_910_000));
        assert_eq!(cash_limit_of_foreign_consumers(on_day(2026, 1, 1)), Minor(1_500_000));
        assert_eq!(accounting_years(on_day(2026, 1, 1)).value, 10);
        let kept_until = |since| contact_kept_until(since, on_day(2026, 1, 1));
        assert_eq!(kept_until(on_day(2023, 1, 1)), on_day(2026, 1, 1));
        assert_eq!(kept_until(on_day(2024, 2, 29)), on_day(2027, 2, 28));
        assert_eq!(kept_until(Date::MAX), Date::MAX);
    }

    #[test]
    fn tables_are_in_order_of_date() {
        fn in_order<T>(table: &[Dated<T>]) -> bool {
            table.is_sorted_by(|a, b| a.valid_from < b.valid_from)
        }
        assert!(in_order(VAT_RATES));
        assert!(in_order(LATE_PAYMENT));
        assert!(in_order(FRANCHISE_MENTION));
        assert!(in_order(DEBITS_MENTION));
        assert!(in_order(MAX_PAYMENT_DAYS));
        assert!(in_order(CASH_LIMIT));
        assert!(in_order(FOREIGN_CASH_LIMIT));
        assert!(in_order(FRANCHISE_THRESHOLDS));
        assert!(in_order(CONTACT_YEARS));
        assert!(in_order(ACCOUNTING_YEARS));
    }

    /// `text` with the digit at a place replaced by another one.
    fn with_another_digit(text: &str, place: usize, by: u32) -> String {
        let places: Vec<usize> =
            text.char_indices().skip(2).filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let at = places[place % places.len()];
        let digit = text[at..=at].parse::<u32>().unwrap();
        format!("{}{}{}", &text[..at], (digit + by) % 10, &text[at + 1..])
    }

    proptest! {
        #[test]
        fn a_changed_digit_is_refused(place in 0_usize..30, by in 1_u32..10) {
            prop_assert!(siret(&with_another_digit("73282932000074", place, by)).is_err());
            prop_assert!(siren(&with_another_digit("732829320", place, by)).is_err());
            prop_assert!(vat_number(&with_another_digit("FR44732829320", place, by), None).is_err());
            prop_assert!(iban(&with_another_digit("FR1420041010050500013M02606", place, by)).is_err());
        }

        #[test]
        fn what_a_validator_gives_it_takes_again(text in ".{0,40}") {
            for check in [siret, siren, iban, bic, color, country, email] as [fn(&str) -> Result<String, Rule>; 7] {
                if let Ok(normalised) = check(&text) {
                    prop_assert_eq!(check(&normalised), Ok(normalised));
                }
            }
            if let Ok(normalised) = super::text(&text, 60) {
                prop_assert_eq!(super::text(&normalised, 60), Ok(normalised));
            }
            let _ = (vat_number(&text, Some(&text)), postal_code(&text, "FR"), postal_code(&text, "GB"), date(&text));
            let _ = (contrast_ratio_milli(&text, "#FFFFFF"), text_on(&text));
        }

        #[test]
        fn a_number_reads_back_as_it_was_written(minor in -100_000_000_000_i64..100_000_000_000) {
            let number = Decimal::new(minor, 2);
            let limit = Decimal::from(1_000_000_000_000_i64);
            prop_assert_eq!(decimal(&number.to_string(), 2, -limit, limit), Ok(number));
            prop_assert_eq!(decimal(&crate::money::french_decimal(number), 2, -limit, limit), Ok(number));
        }

        #[test]
        fn text_on_a_colour_can_be_read(rgb in 0_u32..0x100_0000) {
            let color = format!("#{rgb:06X}");
            prop_assert!(contrast_ratio_milli(text_on(&color), &color) >= 4_200);
        }
    }
}
