//! What the QR code of a SEPA credit transfer says (EPC069-12, "Quick Response Code: Guidelines to Enable Data Capture").
//! Pure.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{Currency, Minor, document::Bank};

/// None where a transfer cannot be put into one: other currencies, no plausible IBAN, an amount outside
/// 0.01…999 999 999.99.
pub fn payload(bank: &Bank, beneficiary: &str, amount: Minor, currency: Currency, reference: &str) -> Option<String> {
    let iban = compact(&bank.iban);
    let in_range = (1..=99_999_999_999).contains(&amount.0);
    if currency != Currency::Eur || !in_range || !iban_is_valid(&iban) {
        return None;
    }
    let bic = bank.bic.as_deref().map(compact).filter(|bic| matches!(bic.len(), 8 | 11)).unwrap_or_default();
    let beneficiary = ascii(beneficiary, 70);
    if beneficiary.is_empty() {
        return None;
    }
    // Service tag, version 002 (the BIC is optional), UTF-8, credit transfer; purpose and structured
    // reference are left empty, the invoice's number is the unstructured remittance.
    Some(format!(
        "BCD\n002\n1\nSCT\n{bic}\n{beneficiary}\n{iban}\nEUR{}\n\n\n{}",
        amount.plain(currency),
        ascii(reference, 140)
    ))
}

fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// ISO 13616: country, two check digits, remainder of 97 equal to 1.
fn iban_is_valid(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    if !(15..=34).contains(&bytes.len())
        || !bytes[..2].iter().all(u8::is_ascii_uppercase)
        || !bytes[2..4].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let rest = bytes[4..].iter().chain(&bytes[..4]).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}

/// The standard allows UTF-8, readers do not agree on it: accents go, what is left outside ASCII goes too.
fn ascii(text: &str, max: usize) -> String {
    let mut folded = String::new();
    for letter in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match letter {
            'œ' => folded.push_str("oe"),
            'Œ' => folded.push_str("OE"),
            'æ' => folded.push_str("ae"),
            'Æ' => folded.push_str("AE"),
            'ß' => folded.push_str("ss"),
            '’' => folded.push('\''),
            c if c.is_whitespace() => folded.push(' '),
            c if c.is_ascii_graphic() => folded.push(c),
            _ => {}
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(max).collect()
}
