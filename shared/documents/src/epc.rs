//! The QR code of a SEPA credit transfer (EPC069-12, "Quick Response Code: Guidelines to Enable Data Capture").

use kernel::{Currency, Minor, document::Bank};
use qrcode::{Color, EcLevel, QrCode};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// An SVG of the code, or `None` where a transfer cannot be put into one: other currencies, no plausible
/// IBAN, an amount outside 0.01…999 999 999.99.
pub fn qr_svg(bank: &Bank, beneficiary: &str, amount: Minor, currency: Currency, reference: &str) -> Option<String> {
    let payload = payload(bank, beneficiary, amount, currency, reference)?;
    let code = QrCode::with_error_correction_level(payload, EcLevel::M).ok()?;
    Some(svg(&code))
}

fn payload(bank: &Bank, beneficiary: &str, amount: Minor, currency: Currency, reference: &str) -> Option<String> {
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

/// One path with a sub-path per run of dark modules: small, and crisp at any size.
fn svg(code: &QrCode) -> String {
    use std::fmt::Write as _;
    let width = code.width();
    let modules = code.to_colors();
    let mut path = String::new();
    for y in 0..width {
        let mut x = 0;
        while x < width {
            let run = (x..width).take_while(|x| modules[y * width + x] == Color::Dark).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {width}\" width=\"{width}\" \
         height=\"{width}\"><path fill=\"#000000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank(iban: &str) -> Bank {
        Bank { name: None, iban: iban.to_owned(), bic: Some("AGRIFRPP".to_owned()) }
    }

    #[test]
    fn a_transfer_in_euro_has_its_eleven_lines() {
        let bank = bank("FR76 3000 6000 0112 3456 7890 189");
        let text = payload(&bank, "Société d’Œuvres & Fils", Minor(123_450), Currency::Eur, "FAC-2026-0001").unwrap();
        assert_eq!(
            text,
            "BCD\n002\n1\nSCT\nAGRIFRPP\nSociete d'OEuvres & Fils\nFR7630006000011234567890189\nEUR1234.50\n\n\nFAC-2026-0001"
        );
        assert!(qr_svg(&bank, "Société", Minor(1), Currency::Eur, "F-1").unwrap().starts_with("<svg"));
    }

    #[test]
    fn without_a_possible_transfer_there_is_no_code() {
        let good = bank("FR7630006000011234567890189");
        assert_eq!(payload(&good, "A", Minor(100), Currency::Xof, "F"), None);
        assert_eq!(payload(&good, "A", Minor(0), Currency::Eur, "F"), None);
        assert_eq!(payload(&good, "A", Minor(100_000_000_000), Currency::Eur, "F"), None);
        assert_eq!(payload(&good, "株式会社", Minor(100), Currency::Eur, "F"), None);
        for odd in ["FR7630006000011234567890188", "", "FR", "é", "1234567890123456"] {
            assert_eq!(payload(&bank(odd), "A", Minor(100), Currency::Eur, "F"), None, "{odd}");
        }
    }
}
