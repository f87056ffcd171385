//! The QR code of a SEPA credit transfer (EPC069-12, "Quick Response Code: Guidelines to Enable Data Capture").

use kernel::{Currency, Minor, document::Bank, sepa::qr_payload};
use qrcode::{Color, EcLevel, QrCode};

/// An SVG of the code, or `None` where a transfer cannot be put into one: other currencies, no plausible
/// IBAN, an amount outside 0.01…999 999 999.99.
pub fn qr_svg(bank: &Bank, beneficiary: &str, amount: Minor, currency: Currency, reference: &str) -> Option<String> {
    let payload = qr_payload(bank, beneficiary, amount, currency, reference)?;
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

    #[test]
    fn a_transfer_has_its_picture_and_what_is_none_has_not() {
        let bank = Bank { name: None, iban: "FR7630006000011234567890189".into(), bic: None };
        assert!(qr_svg(&bank, "Société", Minor(1), Currency::Eur, "F-1").unwrap().starts_with("<svg"));
        assert_eq!(qr_svg(&bank, "Société", Minor(0), Currency::Eur, "F-1"), None);
    }
}
