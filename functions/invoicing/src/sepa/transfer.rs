//! The file by which a client gets back what an invoice has too much. Nothing is kept of it: the refund is recorded when
//! the money goes, on the invoice or by matching the line of the bank.

use kernel::{Error, Minor, Result, Rule, Violations, error::Conflict, id::InvoiceId, legal, target};
use serde::{Deserialize, Serialize};
use web::Asker;

use super::pain::{Transfer, Version, pain_001};
use crate::invoice;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransferInput {
    pub iban: String,
    pub bic: String,
    /// Empty for the client's name.
    pub beneficiary: String,
    /// `03` (without one) or `09`: which edition of pain.001.
    pub version: String,
}

/// The name of the file, and the file.
pub async fn refund_transfer(asker: &Asker, id: InvoiceId, input: &TransferInput) -> Result<(String, String)> {
    let mut wrong = Violations::default();
    let iban =
        wrong.take("/iban", if input.iban.trim().is_empty() { Err(Rule::Required) } else { legal::iban(&input.iban) });
    let bic = wrong.take("/bic", legal::optional(&input.bic, legal::bic));
    let beneficiary = wrong.take("/beneficiary", legal::optional(&input.beneficiary, |text| legal::text(text, 70)));
    let version = wrong.take("/version", Version::named(&input.version).ok_or(Rule::NotAChoice));
    let (Some(iban), Some(bic), Some(beneficiary), Some(version)) = (iban, bic, beneficiary, version) else {
        return Err(wrong.into());
    };
    let invoice = invoice::store::read(&asker.scope, id).await?;
    let number = invoice.must_be_issued()?.number.clone();
    let excess = Minor(-invoice.balance().0);
    if excess <= Minor::ZERO {
        return Err(Error::Conflict(Conflict::NothingToRefund));
    }
    if invoice.priced.currency != kernel::Currency::Eur {
        return Err(Error::field("/iban", Rule::OtherCurrency));
    }
    let bank = asker.organization.legal.bank.as_ref().ok_or(Error::Conflict(Conflict::CreditorIncomplete))?;
    let message = ulid::Ulid::from_parts(asker.scope.now().as_millisecond().max(0) as u64, asker.scope.random());
    let file = pain_001(
        &Transfer {
            message: message.to_string(),
            created_at: asker.scope.now(),
            on: target::business_days_after(asker.today(), 1),
            debtor: &asker.organization.name,
            debtor_iban: &bank.iban,
            debtor_bic: bank.bic.as_deref(),
            beneficiary: beneficiary.as_deref().unwrap_or(&invoice.client.reference.name),
            iban: &iban,
            bic: bic.as_deref(),
            amount_minor: excess,
            reference: &number,
        },
        version,
    );
    Ok((format!("virement-{number}.xml"), file))
}
