//! Suppliers: from whom the organization buys. Records of their own, small; one may be a company of the CRM as well.

mod acts;
pub mod api;
mod list_suppliers;
mod model;
pub mod pages;
pub mod store;

pub use acts::{account_mark, confirmed, create_supplier, delete_supplier, edit_supplier, turn_supplier};
pub use list_suppliers::{Wanted, list_suppliers};
#[cfg(test)]
pub use model::tests;
pub use model::{
    ConfirmedIban, IbanChange, NAME_MAX, Supplier, SupplierAccount, SupplierContent, SupplierInput, SupplierSign,
    siren_of,
};
