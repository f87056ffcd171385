//! Companies, and private persons who are clients.

pub mod api;
mod create_company;
mod edit_company;
mod erase_client;
mod export_client;
mod list_companies;
mod model;
pub mod pages;
mod show_company;
mod store;
mod traces;

pub use create_company::create_company;
pub use edit_company::edit_company;
pub use erase_client::{erase_client, show_client_erasure};
pub use export_client::{download_client_export, list_client_exports, request_client_export};
pub use list_companies::list_companies;
pub(crate) use model::named;
pub use model::{Category, Company, CompanyCard, CompanyInput};
pub use show_company::{CompanyWithContacts, show_company};
