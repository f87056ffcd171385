//! Crediting an invoice that we issued in a supplier's name: the credit note is issued in their name as well.

use kernel::{Error, Result, document::Kind, id::SelfBilledId, reference::OrganizationReference};
use serde::{Deserialize, Serialize};
use table::{
    Scope, Stored,
    ledger::{LedgerHead, LedgerKind},
    sequence::Sequence,
};

use super::{
    SelfBilled,
    issue_self_billed::{content, contesting, mandate_in_force},
    leaving,
    model::{SupplierCredit, series_of},
};
use crate::credit_note::CreditInput;

/// The credit note with the invoice as it is after it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreditedSelfBilled {
    pub note: SelfBilled,
    pub invoice: Stored<SelfBilled>,
}

pub async fn credit_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    input: &CreditInput,
    seen: Option<u64>,
) -> Result<CreditedSelfBilled> {
    let today = scope.clock().today(&organization.zone());
    let note_id = scope.new_id(SelfBilledId::new);
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.self_billed(id), keys.ledger_head()]).await?;
            let read = found.first::<SelfBilled>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let (reason, priced, taken) = read.creditable(input)?;
            let head = found.first::<LedgerHead>()?;
            let series = Sequence::series(&series_of(Kind::SelfBilledCreditNote, &read.code), today.year());
            let supplier = read.supplier.reference.id;
            let found = scope.get_many(&[keys.self_billing_mandate(supplier), keys.sequence(&series)]).await?;

            let mut transaction = scope.begin("credit_self_billed", id);
            let mandate = mandate_in_force(&mut transaction, &found, &read, today)?;
            let number = transaction.take_number(&series, found.first::<Sequence>()?.as_ref());
            let gross_minor = priced.totals.gross_minor;
            let invoice = read.credited(SupplierCredit {
                note: note_id,
                number: number.clone(),
                on: today,
                gross_minor,
                taken,
            })?;
            let note = read.credit_note(note_id, scope.now(), number.clone(), today, reason, priced)?;
            transaction.append_to_ledger(
                head.as_ref(),
                LedgerKind::SelfBilledCreditNoteIssued,
                &number,
                content(&note),
            );
            transaction.create(&note).update(&read, &invoice);
            let gross = gross_minor.french(note.priced.currency);
            let origin = note.origin.as_ref().map(|origin| origin.number.clone()).unwrap_or_default();
            leaving::leave(&mut transaction, scope, organization, &note, &mandate, |letter| {
                let letter = letter.paragraph(format!(
                    "Veuillez trouver ci-joint l’avoir {number} d’un montant de {gross} TTC sur votre facture {origin}, \
                     que nous avons établi en votre nom et pour votre compte (autofacturation)."
                ));
                contesting(letter, organization, &mandate, note.kind)
                    .fact("Avoir", &number)
                    .fact("Facture d’origine", &origin)
                    .fact("Montant TTC", &gross)
            })?;
            let invoice = Stored { value: invoice, version: read.version + 1 };
            Ok((transaction, CreditedSelfBilled { note, invoice }))
        })
        .await
}
