//! A supplier's items: itself, and what holds its SIREN and its VAT number.

use kernel::{Error, Result, Rule, error::Conflict, id::SupplierId, page::PageRequest, text};
use table::{Audit, Index, Item, Key, Order, Scope, Stored, TenantKeys, Transaction};

use super::{Supplier, SupplierAccount, SupplierSign};
use crate::expense::{Named, SupplierName};

/// How many accounts of suppliers are known at once.
const ACCOUNTS_MAX: u16 = 1_000;

impl Item for Supplier {
    const TYPE: &'static str = "supplier";
    const AUDIT: Audit = Audit::Masked(&["iban", "iban_end", "accounts", "email", "phone", "notes"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.supplier(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_suppliers(self.archived_on.is_some(), &text::sorted(&self.name), self.id))
    }
}

impl Item for SupplierAccount {
    const TYPE: &'static str = "supplier_account";
    // The supplier's own item tells it.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.supplier_account(self.supplier, &self.mark)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_supplier_accounts(self.supplier, &self.mark))
    }
}

impl Item for SupplierSign {
    const TYPE: &'static str = "supplier_sign";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.supplier_sign(&self.way, &self.value)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_supplier_signs(&self.way, &self.value))
    }
}

pub async fn read(scope: &Scope, id: SupplierId) -> Result<Stored<Supplier>> {
    scope.get(&scope.keys().supplier(id)).await?.ok_or(Error::NotFound)
}

pub fn siren_taken() -> Error {
    Error::field("/siren", Rule::AlreadyTaken)
}

pub fn vat_number_taken() -> Error {
    Error::field("/vat_number", Rule::AlreadyTaken)
}

/// Holds the numbers that it has now, and lets go of those that it had.
pub fn claim(transaction: &mut Transaction, before: Option<&Supplier>, after: &Supplier) {
    let former = before.map(Supplier::signs).unwrap_or_default();
    let signs = after.signs();
    for sign in signs.iter().filter(|sign| !former.contains(sign)) {
        transaction.claim(sign, if sign.way == "SIREN" { siren_taken } else { vat_number_taken });
    }
    for sign in former.iter().filter(|sign| !signs.contains(sign)) {
        transaction.forget::<SupplierSign>(|keys| keys.supplier_sign(&sign.way, &sign.value));
    }
}

/// Writes which accounts are theirs, where that is otherwise than before.
pub fn hold_accounts(transaction: &mut Transaction, before: Option<&Supplier>, after: Option<&Supplier>) {
    let former = before.map(|before| before.accounts.as_slice()).unwrap_or_default();
    let accounts = after.map(|after| after.accounts.as_slice()).unwrap_or_default();
    if let Some(after) = after {
        for mark in accounts.iter().filter(|mark| !former.contains(mark)) {
            transaction.replace(&SupplierAccount { mark: mark.clone(), supplier: after.id });
        }
    }
    if let Some(before) = before {
        for mark in former.iter().filter(|mark| !accounts.contains(mark)) {
            transaction.forget::<SupplierAccount>(|keys| keys.supplier_account(before.id, mark));
        }
    }
}

/// All accounts that are somebody's: one reading.
pub async fn accounts(scope: &Scope) -> Result<Vec<SupplierAccount>> {
    let page = PageRequest { limit: ACCOUNTS_MAX, cursor: None };
    let found = scope.list::<SupplierAccount>(&scope.keys().supplier_accounts(), &page, Order::Ascending).await?;
    Ok(found.items.into_iter().map(|read| read.value).collect())
}

/// Who is named, as the table knows them: none where nobody is, or where it is to be somebody new.
pub async fn find(scope: &Scope, named: &Named) -> Result<Option<Stored<Supplier>>> {
    match named {
        Named::Nobody => Ok(None),
        Named::Known(id) => {
            let found = scope.get::<Supplier>(&scope.keys().supplier(*id)).await?;
            found.map(Some).ok_or_else(|| Error::field("/supplier_id", Rule::NotFound))
        }
        Named::Called(name) => {
            let list = scope.keys().suppliers(false, &format!("{}#", text::sorted(name)));
            let page = PageRequest { limit: 1, cursor: None };
            Ok(scope.list::<Supplier>(&list, &page, Order::Ascending).await?.items.into_iter().next())
        }
    }
}

/// Names a supplier in the transaction that does: notes that something does, or adds the one who was only called.
pub fn name(
    transaction: &mut Transaction,
    scope: &Scope,
    named: &Named,
    found: Option<&Stored<Supplier>>,
) -> Result<Option<SupplierName>> {
    let told = |supplier: &Supplier| Some(SupplierName { id: supplier.id, name: supplier.name.clone() });
    match (named, found) {
        (Named::Nobody, _) => Ok(None),
        (_, Some(read)) if read.archived_on.is_some() => Err(Error::Conflict(Conflict::SupplierArchived)),
        (_, Some(read)) => {
            if !read.is_used {
                transaction.update(read, &Supplier { is_used: true, ..read.value.clone() });
            }
            Ok(told(read))
        }
        (Named::Called(name), None) => {
            let new = Supplier::called(scope.new_id(SupplierId::new), scope.now(), name.clone());
            let new = Supplier { is_used: true, ..new };
            transaction.create(&new);
            Ok(told(&new))
        }
        (Named::Known(_), None) => Err(Error::field("/supplier_id", Rule::NotFound)),
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::supplier::tests::supplier;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_supplier_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SUPPLIER#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#SUPPLIERS",
            "gsi1sk": "papeterie oeuvre#00000000000000000000000002",
            "type": "supplier",
            "v": 1,
            "id": "sup_00000000000000000000000002",
            "created_at": "1970-01-01T00:00:00Z",
            "name": "Papeterie Œuvre",
            "siren": "404833048",
            "vat_number": "FR83404833048",
            "email": "Contact@papeterie.example",
            "category": "supplies",
        });
        assert_eq!(golden(&supplier(), KEYS).ok(), Some(expected));
    }

    #[test]
    fn what_holds_its_siren_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SUPPLIER_SIGN#SIREN#404833048",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#SUPPLIER_SIGNS",
            "gsi1sk": "SIREN#404833048",
            "type": "supplier_sign",
            "v": 1,
            "way": "SIREN",
            "value": "404833048",
            "supplier": "sup_00000000000000000000000002",
        });
        assert_eq!(golden(&supplier().signs()[0], KEYS).ok(), Some(expected));
    }
}
