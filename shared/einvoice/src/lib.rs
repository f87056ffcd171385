//! Electronic invoices as they are received: Factur-X (a PDF with CII within it), CII and UBL. Whatever comes is hostile until
//! it is read: there is a limit on everything, no declaration of types, no entity, and nothing is fetched. Pure.
//!
//! ```text
//! PDF ─► pdf (its embedded file) ─┐
//! XML ────────────────────────────┴► xml (decoded, not too deep) ─► cii or ubl ─► Invoice ─► check
//! ```

mod check;
mod cii;
mod model;
mod pdf;
mod ubl;
mod xml;

pub use check::check;
use kernel::einvoice::Fault;
pub use model::{Charge, Invoice, Line, Party, Syntax, Totals, VatTotal};

/// The largest file that is looked at.
pub const MEGABYTES_MAX: u64 = 10;
/// The largest XML, once it is unpacked.
pub(crate) const XML_MEGABYTES_MAX: u64 = 8;
/// The most lines of one invoice.
pub const LINES_MAX: usize = 5_000;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    Pdf,
    Xml,
}

/// Reads an invoice and holds its totals against the rules of EN 16931.
pub fn read(bytes: &[u8]) -> Result<(Container, Invoice), Fault> {
    if bytes.len() as u64 > MEGABYTES_MAX * 1024 * 1024 {
        return Err(Fault::TooLarge { max_mb: MEGABYTES_MAX });
    }
    let (container, text) = if pdf::is_pdf(bytes) {
        (Container::Pdf, xml::decoded(&pdf::embedded_invoice(bytes)?)?)
    } else {
        (Container::Xml, xml::decoded(bytes)?)
    };
    let document = xml::parsed(&text)?;
    let root = document.root_element();
    let invoice = match root.tag_name().name() {
        "CrossIndustryInvoice" => cii::read(root)?,
        "Invoice" | "CreditNote" if ubl::is_ubl(root) => ubl::read(root)?,
        _ => return Err(Fault::OtherXml),
    };
    check(&invoice)?;
    Ok((container, invoice))
}
