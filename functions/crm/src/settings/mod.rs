//! How an organization's CRM is set up: its pipelines with their stages, its tags, its own fields. All of it is one item,
//! so that a page reads it beside its own.

mod custom;
mod field_acts;
pub mod field_api;
pub mod field_pages;
mod fields;
pub mod index_page;
mod model;
pub mod own_fields;
mod pipelines;
pub mod store;
mod tag_acts;
pub mod tag_api;
pub mod tag_pages;
mod tags;

pub use field_acts::{create_crm_field, delete_crm_field, edit_crm_field};
pub use tag_acts::{create_crm_tag, delete_crm_tag, edit_crm_tag};

pub use custom::{Custom, CustomInput, typed};
pub use fields::{CustomField, FieldInput, FieldKind};
pub use model::Settings;
pub use pipelines::{Outcome, Pipeline, PipelineInput, Plan, STAGES_MAX, Stage, StageInput};
pub use store::SETTINGS;
pub use tags::{TAGS_OF_RECORD_MAX, TagInput, Tags};
