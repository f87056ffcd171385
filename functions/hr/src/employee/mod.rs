//! Employees: their files, and the history of their contracts.

pub mod api;
mod change_contracts;
mod create_employee;
mod edit_employee;
mod export_register;
mod list_employees;
pub(crate) mod model;
pub mod pages;
mod show_employee;
mod social_number;
mod store;

pub use change_contracts::{add_contract, edit_contract, remove_contract};
pub use create_employee::create_employee;
pub use edit_employee::edit_employee;
pub use export_register::export_register;
pub use list_employees::{everybody, list_employees};
pub use model::{Contract, ContractInput, ContractKind, Employee, EmployeeInput, Gender, HiredInput, State};
pub use show_employee::{Sight, own_file, show_employee};
pub use social_number::{NirInput, read_nir, set_nir};
pub use store::EmployeeOf;
