//! Reminders (relances): the schedule of an organization, what was sent of it for each invoice, and what waits for a yes.

pub mod api;
mod edit_client_reminders;
mod edit_reminder_settings;
mod model;
pub mod pages;
mod pause_reminders;
mod remind_invoice;
mod send_reminder;
mod store;

pub use edit_client_reminders::edit_client_reminders;
use edit_client_reminders::read as read_client;
pub use edit_reminder_settings::edit_reminder_settings;
use edit_reminder_settings::read as read_settings;
pub use model::{
    ClientReminders, ClientRemindersInput, LEVELS, LevelInput, NAMES, Pause, PauseInput, Policy, Proposal, Reminded,
    ReminderSettings, ReminderSettingsInput, first_look,
};
pub use pause_reminders::{pause_reminders, resume_reminders};
pub use remind_invoice::remind_invoice;
pub use send_reminder::{Chosen, answer_proposals, send_reminder};
pub use store::{ProposedReminder, write_proposal};
