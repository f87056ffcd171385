//! Companies, narrowed and ordered.

use kernel::{Result, page::PageRequest};
use web::Asker;

use super::Company;
use crate::listing::{self, Found, Wanted};

/// Of one member, if one is named; of those that who asks may see.
pub async fn list_companies(asker: &Asker, wanted: &Wanted, request: &PageRequest) -> Result<Found<Company>> {
    let (scope, query) = (&asker.scope, wanted.read()?);
    let (keys, of) = (scope.keys(), asker.whose(&wanted.assigned_to)?);
    let list = |prefix: &str| match query.is_archived {
        true => keys.archived_companies(prefix).of(of),
        false => keys.companies(prefix).of(of),
    };
    listing::list(scope, &query, request, list).await
}
