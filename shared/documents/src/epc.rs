//! The QR code of a SEPA credit transfer (EPC069-12, "Quick Response Code: Guidelines to Enable Data Capture").

use kernel::{Currency, Minor, document::Bank, epc::payload};
use qrcode::{Color, EcLevel, QrCode};

/// An SVG of the code, or `None` where a transfer cannot be put into one: other currencies, no plausible
/// IBAN, an amount outside 0.01…999 999 999.99.
pub fn qr_svg(bank: &Bank, beneficiary: &str, amount: Minor, currency: Currency, reference: &str) -> Option<String> {
    let payload = payload(bank, beneficiary, amount, currency, reference)?;
    let code = QrCode::with_error_correction_level(payload, EcLevel::M).ok()?;
    Some(svg(&code))
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
