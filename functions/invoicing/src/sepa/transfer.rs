//! The transfer by which a client gets back what an invoice has too much: the refund is recorded, once, and the file that the
//! bank wants is made of it whenever it is asked for.

use cloud::ExposeSecret;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule, Sealed, Violations,
    error::Conflict,
    id::{InvoiceId, OrganizationId, PaymentId},
    legal, target,
};
use serde::{Deserialize, Serialize};
use table::ledger::LedgerHead;
use web::Asker;

use super::{
    Mandate,
    pain::{Transfer, Version, pain_001},
};
use crate::{
    invoice::Invoice,
    payment::{
        self, Method, NewPayment, Payment, PaymentKind, Recorded,
        store::{Movement, enter},
    },
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransferInput {
    /// Empty for all that is too much.
    pub amount: String,
    pub iban: String,
    pub bic: String,
    /// Empty for the client's name.
    pub beneficiary: String,
}

/// What a refund's file says, beside the refund. The IBAN is sealed for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefundTransfer {
    pub invoice: InvoiceId,
    pub refund: PaymentId,
    pub number: String,
    pub beneficiary: String,
    pub iban: Sealed,
    /// Of the IBAN, for people: its country and its last four.
    pub shown: String,
    pub bic: Option<String>,
    pub amount_minor: Minor,
    pub execute_on: Date,
    pub debtor: String,
    pub debtor_iban: String,
    pub debtor_bic: Option<String>,
    pub created_at: Timestamp,
}

impl RefundTransfer {
    /// What an IBAN is sealed for: it opens for this refund alone.
    pub fn purpose(organization: OrganizationId, refund: PaymentId) -> String {
        format!("refund iban {organization} {refund}")
    }
}

struct Beneficiary {
    iban: String,
    bic: Option<String>,
    name: Option<String>,
}

impl TransferInput {
    fn parse(&self) -> std::result::Result<Beneficiary, Violations> {
        let mut wrong = Violations::default();
        let iban = if self.iban.trim().is_empty() { Err(Rule::Required) } else { legal::iban(&self.iban) };
        let iban = wrong.take("/iban", iban);
        let bic = wrong.take("/bic", legal::optional(&self.bic, legal::bic));
        let name = wrong.take("/beneficiary", legal::optional(&self.beneficiary, |text| legal::text(text, 70)));
        match (iban, bic, name) {
            (Some(iban), Some(bic), Some(name)) => Ok(Beneficiary { iban, bic, name }),
            _ => Err(wrong),
        }
    }

    fn amount(&self, excess: Minor) -> Result<Minor> {
        match self.amount.trim() {
            "" => Ok(excess),
            typed => payment::amount(typed, Currency::Eur).map_err(|rule| Error::field("/amount", rule)),
        }
    }
}

/// Gives back, by a transfer, what an invoice has too much.
pub async fn refund_by_transfer(
    asker: &Asker,
    id: InvoiceId,
    input: &TransferInput,
    seen: Option<u64>,
) -> Result<Recorded> {
    let (scope, organization, today) = (&asker.scope, &asker.organization, asker.today());
    let to = input.parse()?;
    let bank = organization.legal.bank.clone().ok_or(Error::Conflict(Conflict::CreditorIncomplete))?;
    let refund_id = scope.new_id(PaymentId::new);
    let purpose = RefundTransfer::purpose(scope.tenant().organization(), refund_id);
    let iban = asker.deps().vault.seal(&purpose, to.iban.as_bytes()).await?;
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.invoice(id), keys.ledger_head()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let number = read.must_be_issued()?.number.clone();
            if read.priced.currency != Currency::Eur {
                return Err(Error::field("/iban", Rule::OtherCurrency));
            }
            let amount_minor = input.amount(Minor(-read.balance().0))?;
            let invoice = read.refunded(amount_minor)?;
            let new = NewPayment {
                amount_minor,
                paid_on: today,
                method: Method::BankTransfer,
                reference: Some(format!("Virement vers {}", Mandate::masked(&to.iban))),
                allow_overpayment: false,
            };
            let transfer = RefundTransfer {
                invoice: id,
                refund: refund_id,
                number,
                beneficiary: to
                    .name
                    .clone()
                    .unwrap_or_else(|| invoice.client.reference.name.chars().take(70).collect()),
                iban: iban.clone(),
                shown: Mandate::masked(&to.iban),
                bic: to.bic.clone(),
                amount_minor,
                execute_on: target::business_days_after(today, 1),
                debtor: organization.name.clone(),
                debtor_iban: bank.iban.clone(),
                debtor_bic: bank.bic.clone(),
                created_at: scope.now(),
            };
            let refund = Payment::new(refund_id, id, PaymentKind::Refunded, Currency::Eur, new, scope.now());
            let mut transaction = scope.begin("refund_by_transfer", id);
            transaction.create(&transfer);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            let recorded = enter(&mut transaction, head.as_ref(), Movement { payment: refund, read, invoice })?;
            Ok((transaction, recorded))
        })
        .await
}

/// The name of the file, and the file: the same each time. What was taken back is not to be sent.
pub async fn transfer_file(
    asker: &Asker,
    (invoice, refund): (InvoiceId, PaymentId),
    version: Version,
) -> Result<(String, String)> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.refund_transfer(invoice, refund), keys.payment(invoice, refund)]).await?;
    let transfer = found.first::<RefundTransfer>()?.ok_or(Error::NotFound)?.value;
    if found.first::<Payment>()?.is_none_or(|payment| payment.reversed_by.is_some()) {
        return Err(Error::Conflict(Conflict::PaymentReversed));
    }
    let purpose = RefundTransfer::purpose(asker.organization.id, refund);
    let iban = asker.deps().vault.open(&purpose, &transfer.iban).await?;
    let iban = String::from_utf8(iban.expose_secret().to_vec()).map_err(Error::internal)?;
    let file = pain_001(
        &Transfer {
            message: refund.ulid().to_string(),
            created_at: transfer.created_at,
            on: transfer.execute_on,
            debtor: &transfer.debtor,
            debtor_iban: &transfer.debtor_iban,
            debtor_bic: transfer.debtor_bic.as_deref(),
            beneficiary: &transfer.beneficiary,
            iban: &iban,
            bic: transfer.bic.as_deref(),
            amount_minor: transfer.amount_minor,
            reference: &transfer.number,
        },
        version,
    );
    Ok((format!("virement-{}.xml", transfer.number), file))
}
