//! Adding, changing, archiving, restoring and deleting a supplier.

use cloud::Vault;
use kernel::{Error, Result, Rule, error::Conflict, id::SupplierId, reference::ClientReference, sepa};
use table::{Scope, Stored, Transaction, meter::side_by_side};
use web::Asker;

use super::{ConfirmedIban, IbanChange, Supplier, SupplierContent, SupplierInput, store};
use crate::expense::Named;

/// By what an account is recognised: a keyed hash.
pub async fn account_mark(scope: &Scope, vault: &Vault, iban: &str) -> Result<String> {
    vault.mac(&sepa::account_purpose(scope.tenant().organization()), iban.as_bytes()).await
}

/// An IBAN that somebody confirms, sealed before the transaction for the supplier who will have it.
pub async fn confirmed(asker: &Asker, id: SupplierId, iban: &str) -> Result<ConfirmedIban> {
    let (scope, vault) = (&asker.scope, &asker.deps().vault);
    let purpose = Supplier::iban_purpose(scope.tenant().organization(), id);
    let end = iban.get(iban.len().saturating_sub(4)..).unwrap_or_default().to_owned();
    let sealed = vault.seal(&purpose, iban.as_bytes()).await?;
    Ok(ConfirmedIban { sealed, end, mark: account_mark(scope, vault, iban).await? })
}

async fn sealed(asker: &Asker, id: SupplierId, iban: &IbanChange) -> Result<Option<ConfirmedIban>> {
    match iban {
        IbanChange::To(iban) => confirmed(asker, id, iban).await.map(Some),
        IbanChange::Kept | IbanChange::Forgotten => Ok(None),
    }
}

fn with_iban(supplier: Supplier, iban: &IbanChange, confirmed: Option<ConfirmedIban>) -> Supplier {
    match iban {
        IbanChange::Kept => supplier,
        IbanChange::Forgotten | IbanChange::To(_) => supplier.with_iban(confirmed),
    }
}

/// The company that it is must be there.
fn hold_company(transaction: &mut Transaction, scope: &Scope, content: &SupplierContent) {
    if let Some(company) = content.company {
        transaction.check_present(&scope.keys().client_reference(company));
    }
}

/// The content with the name of the company that it is.
async fn with_company(scope: &Scope, content: &SupplierContent) -> Result<SupplierContent> {
    let Some(company) = content.company else { return Ok(content.clone()) };
    let found = scope.get::<ClientReference>(&scope.keys().client_reference(company)).await?;
    let found = found.ok_or_else(|| Error::field("/company_id", Rule::NotFound))?;
    Ok(SupplierContent { company_name: Some(found.value.name), ..content.clone() })
}

/// Nobody is there twice: whoever types a name in an expense means the one who has it.
async fn must_be_free(scope: &Scope, name: &str, own: SupplierId) -> Result<()> {
    match store::find(scope, &Named::Called(name.to_owned())).await? {
        Some(other) if other.id != own => Err(Error::field("/name", Rule::AlreadyTaken)),
        _ => Ok(()),
    }
}

pub async fn create_supplier(asker: &Asker, input: &SupplierInput) -> Result<Stored<Supplier>> {
    let scope = &asker.scope;
    let id = scope.new_id(SupplierId::new);
    let (content, iban) = input.parse()?;
    let sealed = sealed(asker, id, &iban).await?;
    scope
        .write(|| async {
            let (content, free) =
                side_by_side(with_company(scope, &content), must_be_free(scope, &content.name, id)).await;
            let content = free.and(content)?;
            let new = with_iban(Supplier::new(id, scope.now(), content.clone()), &iban, sealed.clone());
            let mut transaction = scope.begin("create_supplier", id);
            transaction.create(&new);
            hold_company(&mut transaction, scope, &content);
            store::claim(&mut transaction, None, &new);
            store::hold_accounts(&mut transaction, None, Some(&new));
            Ok((transaction, Stored { value: new, version: 1 }))
        })
        .await
}

/// `seen` is the version that the form was filled in on. Expenses keep the name under which they were entered.
pub async fn edit_supplier(
    asker: &Asker,
    id: SupplierId,
    input: &SupplierInput,
    seen: Option<u64>,
) -> Result<Stored<Supplier>> {
    let scope = &asker.scope;
    let (content, iban) = input.parse()?;
    let sealed = sealed(asker, id, &iban).await?;
    scope
        .write(|| async {
            let content = side_by_side(with_company(scope, &content), must_be_free(scope, &content.name, id));
            let (read, (content, free)) = side_by_side(store::read(scope, id), content).await;
            let (read, content) = (read?.expect_version(seen)?, content?);
            // Who has been there twice for long may stay so.
            if !read.is_called(&content.name) {
                free?;
            }
            let changed = Supplier { content: content.clone(), ..read.value.clone() };
            let changed = with_iban(changed, &iban, sealed.clone());
            let mut transaction = scope.begin("edit_supplier", id);
            transaction.update(&read, &changed);
            hold_company(&mut transaction, scope, &content);
            store::claim(&mut transaction, Some(&read.value), &changed);
            store::hold_accounts(&mut transaction, Some(&read.value), Some(&changed));
            Ok((transaction, Stored { value: changed, version: read.version + 1 }))
        })
        .await
}

/// Archiving again changes nothing, nor does restoring.
pub async fn turn_supplier(
    asker: &Asker,
    id: SupplierId,
    archive: bool,
    seen: Option<u64>,
) -> Result<Stored<Supplier>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let mut transaction = match archive {
                true => scope.begin("archive_supplier", id),
                false => scope.begin("restore_supplier", id),
            };
            if read.archived_on.is_some() == archive {
                return Ok((transaction.nothing(), read));
            }
            let turned = Supplier { archived_on: archive.then(|| asker.today()), ..read.value.clone() };
            transaction.update(&read, &turned);
            Ok((transaction, Stored { value: turned, version: read.version + 1 }))
        })
        .await
}

/// One that nothing ever named.
pub async fn delete_supplier(scope: &Scope, id: SupplierId, seen: Option<u64>) -> Result<()> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            if read.is_used {
                return Err(Error::Conflict(Conflict::SupplierUsed));
            }
            let mut transaction = scope.begin("delete_supplier", id);
            transaction.delete(&read);
            store::hold_accounts(&mut transaction, Some(&read.value), None);
            for sign in read.signs() {
                transaction.forget::<super::SupplierSign>(|keys| keys.supplier_sign(&sign.way, &sign.value));
            }
            Ok((transaction, ()))
        })
        .await
}
