//! Drafting a supplier's invoice, rewriting the draft, deleting it: it had no number, so nothing is missing.

use kernel::{
    Error, Result, Rule,
    error::Conflict,
    id::{CompanyId, SelfBilledId},
    reference::ClientReference,
};
use table::{Scope, Stored};
use web::Asker;

use super::{Mandate, SelfBilled, SelfBilledInput, leaving, store};
use crate::{client::Client, invoice::InvoiceContent};

/// The supplier that an input names, and the mandate that is in force.
async fn named(asker: &Asker, input: &SelfBilledInput) -> Result<(Client, Mandate)> {
    let unknown = || Error::field("/supplier_id", Rule::NotFound);
    if input.supplier_id.trim().is_empty() {
        return Err(Error::field("/supplier_id", Rule::Required));
    }
    let supplier: CompanyId = input.supplier_id.parse().map_err(|_| unknown())?;
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let found = scope.get_many(&[keys.client_reference(supplier), keys.self_billing_mandate(supplier)]).await?;
    let reference = found.first::<ClientReference>()?.filter(|client| asker.sees(client.assigned_to));
    let client = reference.map(Client::from).ok_or_else(unknown)?;
    let mandate = found.first::<Mandate>()?.ok_or(Error::Conflict(Conflict::MandateMissing))?.value;
    mandate.must_be_in_force(asker.today())?;
    Ok((client, mandate))
}

fn parsed(asker: &Asker, input: &SelfBilledInput, mandate: &Mandate) -> Result<InvoiceContent> {
    let content = input.parse(&asker.organization, mandate.vat_regime, asker.today())?;
    let buyer = leaving::buyer(&asker.organization);
    let fits = content.priced.treatment.fits(mandate.vat_regime, &buyer);
    fits.map_err(|rule| Error::field("/vat_treatment", rule))?;
    let terms = content.terms.unwrap_or_else(|| mandate.terms());
    terms.are_lawful_with(&buyer, asker.today()).map_err(|rule| Error::field("/payment_days", rule))?;
    Ok(content)
}

pub async fn create_self_billed(asker: &Asker, input: &SelfBilledInput) -> Result<Stored<SelfBilled>> {
    let scope = &asker.scope;
    let id = scope.new_id(SelfBilledId::new);
    scope
        .write(|| async {
            let (supplier, mandate) = named(asker, input).await?;
            let content = parsed(asker, input, &mandate)?;
            let draft = SelfBilled::draft(id, scope.now(), supplier, &mandate, content);
            let mut transaction = scope.begin("create_self_billed", id);
            transaction.create(&draft);
            Ok((transaction, Stored { value: draft, version: 1 }))
        })
        .await
}

/// `seen` is the version that the form was filled in on. The supplier stays: what they delivered is nobody else's.
pub async fn edit_self_billed(
    asker: &Asker,
    id: SelfBilledId,
    input: &SelfBilledInput,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = table::meter::side_by_side(store::read(scope, id), named(asker, input)).await;
            let (read, named) = (read.0?.expect_version(seen)?, read.1);
            read.must_be_draft()?;
            if input.supplier_id != read.supplier.reference.id.to_string() {
                return Err(Error::field("/supplier_id", Rule::SameClient));
            }
            let (supplier, mandate) = named?;
            let content = parsed(asker, input, &mandate)?;
            let edited = SelfBilled::draft(id, read.created_at, supplier, &mandate, content);
            let mut transaction = scope.begin("edit_self_billed", id);
            transaction.update(&read, &edited);
            Ok((transaction, Stored { value: edited, version: read.version + 1 }))
        })
        .await
}

pub async fn delete_self_billed(scope: &Scope, id: SelfBilledId, seen: Option<u64>) -> Result<()> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            read.must_be_draft()?;
            let mut transaction = scope.begin("delete_self_billed", id);
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
