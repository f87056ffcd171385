//! What a SEPA credit transfer asks of a banking application (EPC069-12, "Quick Response Code: Guidelines to Enable
//! Data Capture").

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{Currency, Minor, document::Bank, id::OrganizationId, legal};

/// The text of the QR code, or `None` where a transfer cannot be put into one: other currencies, no plausible IBAN, an
/// amount outside 0.01…999 999 999.99.
pub fn qr_payload(
    bank: &Bank,
    beneficiary: &str,
    amount: Minor,
    currency: Currency,
    reference: &str,
) -> Option<String> {
    let iban = compact(&bank.iban);
    let in_range = (1..=99_999_999_999).contains(&amount.0);
    if currency != Currency::Eur || !in_range || legal::iban(&iban).is_err() {
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

/// What the keyed hash of an IBAN (`cloud::Vault::mac`) is made for, by which accounts of others are told apart without being
/// kept.
pub fn account_purpose(organization: OrganizationId) -> String {
    format!("bank-account:{organization}")
}

fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn bank(iban: &str) -> Bank {
        Bank { name: None, iban: iban.to_owned(), bic: Some("AGRIFRPP".to_owned()) }
    }

    #[test]
    fn a_transfer_in_euro_has_its_eleven_lines() {
        let bank = bank("FR76 3000 6000 0112 3456 7890 189");
        let text =
            qr_payload(&bank, "Société d’Œuvres & Fils", Minor(123_450), Currency::Eur, "FAC-2026-0001").unwrap();
        assert_eq!(
            text,
            "BCD\n002\n1\nSCT\nAGRIFRPP\nSociete d'OEuvres & Fils\nFR7630006000011234567890189\nEUR1234.50\n\n\nFAC-2026-0001"
        );
    }

    #[test]
    fn without_a_possible_transfer_there_is_no_code() {
        let good = bank("FR7630006000011234567890189");
        assert_eq!(qr_payload(&good, "A", Minor(100), Currency::Xof, "F"), None);
        assert_eq!(qr_payload(&good, "A", Minor(0), Currency::Eur, "F"), None);
        assert_eq!(qr_payload(&good, "A", Minor(100_000_000_000), Currency::Eur, "F"), None);
        assert_eq!(qr_payload(&good, "株式会社", Minor(100), Currency::Eur, "F"), None);
        for odd in ["FR7630006000011234567890188", "", "FR", "é", "1234567890123456"] {
            assert_eq!(qr_payload(&bank(odd), "A", Minor(100), Currency::Eur, "F"), None, "{odd}");
        }
    }
}
