//! One opportunity.

use kernel::{Result, id::OpportunityId};
use table::Stored;
use web::Asker;

use super::{Opportunity, store};

pub async fn show_opportunity(asker: &Asker, id: OpportunityId) -> Result<Stored<Opportunity>> {
    let opportunity = store::read(&asker.scope, id).await?;
    asker.must_see(opportunity.assigned_to)?;
    Ok(opportunity)
}
