//! Noting what a supplier agreed to, changing it, and its end.

use kernel::{Error, Result, Rule, id::CompanyId, reference::ClientReference};
use table::{Scope, Stored};
use web::Asker;

use super::{Mandate, MandateInput, RevocationInput, store};
use crate::client;

/// What is wrong with the supplier, where the input has it.
pub(super) fn as_supplier(error: Error) -> Error {
    match error {
        Error::Invalid(violations) => Error::Invalid(
            violations.moved(|pointer| if pointer == "/client_id" { "/supplier_id".into() } else { pointer.into() }),
        ),
        other => other,
    }
}

pub async fn create_mandate(asker: &Asker, input: &MandateInput) -> Result<Stored<Mandate>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let supplier = client::find(asker, &input.supplier_id).await.map_err(as_supplier)?;
            let content = input.parse(&asker.organization, asker.today())?;
            if !supplier.reference.is_business {
                return Err(Error::field("/supplier_id", Rule::BusinessesOnly));
            }
            let mandate = Mandate::new(&supplier.reference, scope.now(), content);
            let mut transaction = scope.begin("create_self_billing_mandate", mandate.supplier);
            transaction.claim(&mandate, store::signed).claim(&mandate.claim(), store::taken);
            client::note(&mut transaction, mandate.supplier);
            Ok((transaction, Stored { value: mandate, version: 1 }))
        })
        .await
}

pub async fn edit_mandate(
    asker: &Asker,
    supplier: CompanyId,
    input: &MandateInput,
    seen: Option<u64>,
) -> Result<Stored<Mandate>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted = [keys.self_billing_mandate(supplier), keys.client_reference(supplier)];
            let found = scope.get_many(&wanted).await?;
            let read = found.first::<Mandate>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let reference = found.first::<ClientReference>()?.ok_or(Error::NotFound)?;
            asker.must_see(reference.assigned_to)?;
            if input.supplier_id != supplier.to_string() {
                return Err(Error::field("/supplier_id", Rule::NotAChoice));
            }
            let edited = read.edited(&reference, input.parse(&asker.organization, asker.today())?)?;
            let mut transaction = scope.begin("edit_self_billing_mandate", supplier);
            transaction.update(&read, &edited);
            Ok((transaction, Stored { value: edited, version: read.version + 1 }))
        })
        .await
}

pub async fn revoke_mandate(
    scope: &Scope,
    supplier: CompanyId,
    input: &RevocationInput,
    seen: Option<u64>,
) -> Result<Stored<Mandate>> {
    scope
        .write(|| async {
            let read = store::mandate(scope, supplier).await?.expect_version(seen)?;
            let revoked = read.revoked(input)?;
            let mut transaction = scope.begin("revoke_self_billing_mandate", supplier);
            transaction.update(&read, &revoked);
            Ok((transaction, Stored { value: revoked, version: read.version + 1 }))
        })
        .await
}
