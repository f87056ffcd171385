//! Self-billing (autofacturation): the organization issues the invoices of a supplier, in the supplier's name and in the
//! supplier's own series, under a mandate (CGI art. 289, I, 2; ann. II art. 242 nonies). They are purchases: no total of
//! sales counts them.

pub mod api;
mod credit_self_billed;
mod draft_self_billed;
mod export;
mod issue_self_billed;
mod leaving;
mod mandate;
mod model;
pub mod pages;
mod settle_self_billed;
mod sign_mandate;
pub mod store;

pub use credit_self_billed::{CreditedSelfBilled, credit_self_billed};
pub use draft_self_billed::{create_self_billed, delete_self_billed, edit_self_billed};
pub use export::export_self_billed;
pub use issue_self_billed::issue_self_billed;
pub use mandate::{CODE_MAX, Mandate, MandateCode, MandateInput, RevocationInput};
pub use model::{ContestInput, Issued, Origin, PaidInput, SelfBilled, SelfBilledInput, Status};
pub use settle_self_billed::{accept_self_billed, contest_self_billed, pay_self_billed, unpay_self_billed};
pub use sign_mandate::{create_mandate, edit_mandate, revoke_mandate};
