//! Companies, and private persons who are clients.

pub mod api;
mod archive_company;
mod create_company;
mod delete_company;
mod edit_company;
mod erase_client;
mod export_client;
pub mod group;
mod list_companies;
mod model;
pub mod pages;
pub(crate) mod show_company;
mod store;
mod traces;

pub use archive_company::{archive_company, restore_company};
pub use create_company::{create_company, create_company_as};
pub use delete_company::delete_company;
pub use edit_company::edit_company;
pub use erase_client::{erase_client, show_client_erasure};
pub use export_client::{download_client_export, list_client_exports, request_client_export};
pub use list_companies::list_companies;
pub use model::{AddressInput, Category, Company, CompanyCard, CompanyInput, OtherAddress, Reading, Subsidiary, Usage};
pub(crate) use model::{CONTACTS_MAX, named};
pub use show_company::{CompanyWithContacts, show_company};
pub(crate) use traces::traces_of_former;
