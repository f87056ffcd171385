//! Making a remittance of chosen invoices: each is then known to be debited, and its mandate to be used.

use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    id::{InvoiceId, MandateId, RemittanceId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored};

use super::{
    Creditor, Mandate, Remittance, SepaCreditor,
    remittance::{REMITTED_MAX, debit_on, lines},
};
use crate::invoice::{self, Invoice, PlannedDebit};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemittanceInput {
    /// `YYYY-MM-DD`, a day on which banks work, two such days ahead at least.
    pub debit_on: String,
    /// Each invoice once; 18 at most.
    pub lines: Vec<RemittanceLineInput>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemittanceLineInput {
    /// `inv_…`: all that is due of it is debited.
    pub invoice_id: String,
    /// `man_…`, of the same client.
    pub mandate_id: String,
}

impl RemittanceInput {
    fn ids(&self) -> Result<Vec<(InvoiceId, MandateId)>, Violations> {
        let mut wrong = Violations::default();
        if self.lines.is_empty() {
            wrong.add("/lines", Rule::Required);
        }
        if self.lines.len() > REMITTED_MAX {
            wrong.add("/lines", Rule::TooMany { max: REMITTED_MAX });
        }
        let mut ids: Vec<(InvoiceId, MandateId)> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let pointer = format!("/lines/{at}/invoice_id");
            let invoice = wrong.take(&pointer, line.invoice_id.trim().parse().map_err(|_| Rule::NotFound));
            let mandate = line.mandate_id.trim().parse().map_err(|_| Rule::NotFound);
            let mandate = wrong.take(format!("/lines/{at}/mandate_id"), mandate);
            if invoice.is_some_and(|invoice| ids.iter().any(|(other, _)| *other == invoice)) {
                wrong.add(&pointer, Rule::Repeated);
            }
            ids.extend(invoice.zip(mandate));
        }
        if wrong.is_empty() { Ok(ids) } else { Err(wrong) }
    }
}

pub async fn create_remittance(
    scope: &Scope,
    organization: &OrganizationReference,
    input: &RemittanceInput,
) -> Result<Remittance> {
    let today = scope.clock().today(&organization.zone());
    let id = scope.new_id(RemittanceId::new);
    let ids = input.ids()?;
    let on = debit_on(&input.debit_on, today).map_err(|rule| Error::field("/debit_on", rule))?;
    let bank = organization.legal.bank.clone().ok_or(Error::Conflict(Conflict::CreditorIncomplete))?;
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut wanted = vec![keys.sepa_creditor()];
            for (invoice, mandate) in &ids {
                for key in [keys.invoice(*invoice), keys.mandate(*mandate)] {
                    // A mandate may serve several of them, and a key is asked for once.
                    if !wanted.contains(&key) {
                        wanted.push(key);
                    }
                }
            }
            let found = scope.get_many(&wanted).await?;
            let creditor = found.get::<SepaCreditor>(&keys.sepa_creditor())?;
            let creditor = creditor.ok_or(Error::Conflict(Conflict::CreditorIncomplete))?;
            let (mut read, mut wrong) = (Vec::new(), Violations::default());
            for (at, (invoice, mandate)) in ids.iter().enumerate() {
                let missing = |name: &str| format!("/lines/{at}/{name}");
                let invoice = found.get::<Invoice>(&keys.invoice(*invoice))?.ok_or(Rule::NotFound);
                let mandate = found.get::<Mandate>(&keys.mandate(*mandate))?.ok_or(Rule::NotFound);
                let invoice = wrong.take(missing("invoice_id"), invoice);
                read.extend(invoice.zip(wrong.take(missing("mandate_id"), mandate)));
            }
            if !wrong.is_empty() {
                return Err(wrong.into());
            }
            let chosen: Vec<_> = read.iter().map(|(invoice, mandate)| (&invoice.value, &mandate.value)).collect();
            let (lines, mandates) = lines(id, &chosen, on)?;
            let remittance = Remittance {
                id,
                created_at: scope.now(),
                creditor: Creditor {
                    name: organization.name.clone(),
                    creditor_id: creditor.value.creditor_id,
                    iban: bank.iban.clone(),
                    bic: bank.bic.clone(),
                },
                debit_on: on,
                lines,
                confirmed_on: None,
                cancelled_on: None,
            };
            let mut transaction = scope.begin("create_remittance", id);
            transaction.create(&remittance);
            for used in &mandates {
                let before: Option<&Stored<Mandate>> =
                    read.iter().map(|(_, mandate)| mandate).find(|m| m.id == used.id);
                transaction.save(before, used);
            }
            for (invoice, _) in &read {
                let planned = invoice.debited(Some(PlannedDebit { remittance: id, on }))?;
                invoice::store::save(&mut transaction, Some(invoice), &planned);
            }
            Ok((transaction, remittance))
        })
        .await
}
