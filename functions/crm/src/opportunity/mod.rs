//! Opportunities: deals that are hoped for, stage by stage.

pub mod api;
mod create_opportunity;
mod delete_opportunity;
mod edit_opportunity;
pub mod figures;
mod links;
mod list_opportunities;
mod model;
mod move_opportunity;
pub mod pages;
mod renamed;
mod show_opportunity;
pub mod store;

pub use create_opportunity::{create_opportunity, create_opportunity_as};
pub use delete_opportunity::delete_opportunity;
pub use edit_opportunity::edit_opportunity;
pub use list_opportunities::{Filter, FilterInput, Found, Sort, list_opportunities};
pub use model::{
    Hand, LeadSaid, MoveInput, NAME_MAX, Named, NewOpportunity, Opportunity, OpportunityCard, OpportunityInput,
    OpportunityLink, Priority, Step, of_hundredths,
};
pub use move_opportunity::move_opportunity;
pub use renamed::renamed;
pub use show_opportunity::show_opportunity;
