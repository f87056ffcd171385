//! Leave: its types, how many days an absence takes, what is earned, and who asks for it and decides.

pub mod account;
mod adjust_leave;
pub mod api;
mod close_leave;
mod decide_leave;
pub mod desk;
mod edit_leave_settings;
mod export_balances;
mod list_leave;
mod look_at_leave;
pub(crate) mod model;
pub mod pages;
mod quantity;
mod request;
mod request_leave;
mod sight;
mod store;
mod types;
mod words;
mod write_leave_information;

pub use adjust_leave::{adjust_leave, inform_of_leave};
pub use close_leave::{cancel_leave, withdraw_leave};
pub use decide_leave::{DecisionInput, approve_leave, refuse_leave};
pub use edit_leave_settings::{DelegationInput, delegate_leave, edit_leave_settings};
pub use export_balances::export_balances;
pub use list_leave::{Staff, list_absent, list_awaited, list_balances, staff};
pub use look_at_leave::{count_all_leave, look_at_leave, recount_leave, tell_approver, tell_informed};
pub use model::{Absence, Counted, Counting, Halves, LeaveInput, Reason, Schedule, Week, counted, counted_by};
pub use quantity::Quantity;
pub use request::{LeaveRequest, LeaveRequestInput, RequestState, Span, schedule};
pub use request_leave::{edit_leave_request, request_leave, submit_leave_request};
pub use sight::Standing;
pub use store::{Absent, absences_between, leave_settings};
pub use types::{Delegation, LeaveSettings, LeaveSettingsInput, LeaveType, Nature, Unit};
pub use write_leave_information::{Information, information, write_leave_information};
