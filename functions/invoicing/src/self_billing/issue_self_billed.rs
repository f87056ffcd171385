//! Issuing in a supplier's name: in one transaction the number of their series, the frozen document, the entry of the
//! ledger and the mail. It takes a reading more than an act should: whose series it is, is known once the draft is read.

use kernel::{
    Error, Result,
    document::Kind,
    error::Conflict,
    id::SelfBilledId,
    reference::{ClientReference, OrganizationReference},
    text,
};
use serde_json::{Value, json};
use table::{
    Items, Scope, Stored, Transaction,
    ledger::{LedgerHead, LedgerKind},
    sequence::Sequence,
};
use web::Letter;

use super::{Mandate, SelfBilled, leaving, model::series_of};
use crate::client::{Client, Freshness};

/// What the ledger says of a document.
pub(super) fn content(document: &SelfBilled) -> Value {
    let (totals, issued) = (document.priced.totals, document.issued.as_ref());
    json!({
        "self_billed": document.id, "supplier": document.supplier.reference.id, "currency": document.priced.currency,
        "issued_on": issued.map(|issued| issued.on), "due_on": issued.and_then(|issued| issued.due_on),
        "origin_number": document.origin.as_ref().map(|origin| &origin.number), "kind": document.kind,
        "net_minor": totals.net_minor, "tax_minor": totals.tax_minor, "gross_minor": totals.gross_minor,
        "vat": document.priced.vat,
    })
}

/// The mandate among what was read, which is to hold until the transaction does.
pub(super) fn mandate_in_force(
    transaction: &mut Transaction,
    found: &Items,
    document: &SelfBilled,
    today: jiff::civil::Date,
) -> Result<Mandate> {
    let mandate = found.first::<Mandate>()?.ok_or(Error::Conflict(Conflict::MandateMissing))?;
    mandate.must_be_in_force(today)?;
    transaction.check(&transaction.keys().self_billing_mandate(document.supplier.reference.id), mandate.version);
    Ok(mandate.value)
}

/// How a supplier disagrees, as their mail says it.
pub(super) fn contesting<'a>(
    letter: Letter<'a>,
    organization: &OrganizationReference,
    mandate: &Mandate,
    kind: Kind,
) -> Letter<'a> {
    let to = match &organization.legal.email {
        Some(email) => format!(" en écrivant à {email}"),
        None => " par écrit".to_owned(),
    };
    let days = if mandate.contest_days == 1 { "jour" } else { "jours" };
    let within = format!("Vous avez {} {days} à compter de sa réception pour", mandate.contest_days);
    letter.paragraph(if kind == Kind::SelfBilledCreditNote {
        format!(
            "{within} le contester{to}\u{a0}; sans contestation dans ce délai, il est réputé accepté. Conservez-le\u{a0}: il \
             vaut avoir sur vente dans votre comptabilité."
        )
    } else {
        format!(
            "{within} la contester{to}\u{a0}; sans contestation dans ce délai, elle est réputée acceptée. \
             Conservez-la\u{a0}: elle vaut facture de vente dans votre comptabilité, et vous restez responsable de la TVA \
             qu’elle porte."
        )
    })
}

pub async fn issue_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.self_billed(id), keys.ledger_head()]).await?;
            let read = found.first::<SelfBilled>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
            read.must_be_draft()?;
            let head = found.first::<LedgerHead>()?;
            let supplier = read.supplier.reference.id;
            let series = Sequence::series(&series_of(read.kind, &read.code), today.year());
            let wanted = [keys.self_billing_mandate(supplier), keys.client_reference(supplier), keys.sequence(&series)];
            let found = scope.get_many(&wanted).await?;

            let mut transaction = scope.begin("issue_self_billed", id);
            let mandate = mandate_in_force(&mut transaction, &found, &read, today)?;
            let supplier = found.first::<ClientReference>()?.map(Client::from).unwrap_or_else(|| read.supplier.clone());
            Freshness::hold(&mut transaction, scope, &supplier);
            let number = transaction.take_number(&series, found.first::<Sequence>()?.as_ref());
            let invoice = read.issued(number.clone(), supplier, today)?;
            transaction.append_to_ledger(
                head.as_ref(),
                LedgerKind::SelfBilledInvoiceIssued,
                &number,
                content(&invoice),
            );
            transaction.update(&read, &invoice);
            let gross = invoice.priced.totals.gross_minor.french(invoice.priced.currency);
            let due_on = invoice.terms().due_on(today);
            leaving::leave(&mut transaction, scope, organization, &invoice, &mandate, |letter| {
                let letter = letter.paragraph(format!(
                    "Veuillez trouver ci-joint votre facture {number} d’un montant de {gross} TTC, que nous avons \
                     établie en votre nom et pour votre compte (autofacturation) selon notre accord du {}. Nous la \
                     réglerons au plus tard le {}.",
                    text::french_date(mandate.agreed_on),
                    text::french_date(due_on),
                ));
                contesting(letter, organization, &mandate, invoice.kind)
                    .fact("Facture", &number)
                    .fact("Montant TTC", &gross)
                    .fact("Échéance", text::french_date(due_on))
            })?;
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
