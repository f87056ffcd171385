//! How an invoice is paid: by transfer, from the details that were printed on it.

use kernel::{Error, Minor, Result, document::Snapshot, sepa, text};
use qrcode::{EcLevel, QrCode, render::svg};

/// A transfer of what is still due.
pub struct Transfer {
    pub beneficiary: String,
    pub bank: String,
    /// In groups of four; what is copied has no spaces.
    pub iban: String,
    pub iban_plain: String,
    pub bic: String,
    pub amount: String,
    pub reference: String,
    /// For the application of a bank (EPC069-12); empty where there can be none.
    pub qr: String,
}

impl Transfer {
    /// None where nothing is due, or the seller printed no account.
    pub fn of(snapshot: &Snapshot, due: Minor) -> Result<Option<Self>> {
        let Some(bank) = snapshot.seller.bank.as_ref().filter(|_| due > Minor::ZERO) else { return Ok(None) };
        let (seller, currency) = (&snapshot.seller.name, snapshot.currency);
        let payload = sepa::qr_payload(bank, seller, due, currency, &snapshot.number);
        Ok(Some(Self {
            beneficiary: seller.clone(),
            bank: bank.name.clone().unwrap_or_default(),
            iban: text::iban(&bank.iban),
            iban_plain: bank.iban.clone(),
            bic: bank.bic.clone().unwrap_or_default(),
            amount: due.french(currency),
            reference: snapshot.number.clone(),
            qr: payload.map(|payload| qr_svg(&payload)).transpose()?.unwrap_or_default(),
        }))
    }
}

/// An SVG element without a style; the page gives it its size and its label.
fn qr_svg(payload: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(payload, EcLevel::M).map_err(Error::internal)?;
    let drawn = code.render::<svg::Color>().module_dimensions(1, 1).build();
    let element = drawn.find("<svg").and_then(|start| drawn.get(start..));
    element.map(str::to_owned).ok_or_else(|| Error::internal("a QR code without its element"))
}
