//! Whether more may be invoiced than there is.

use kernel::{Error, Result, Violations};
use table::Scope;

use super::PolicyInput;
use crate::{
    catalogue::{CATALOGUE, Catalogue},
    content::flag,
};

/// With the catalogue's version after it.
pub async fn set_policy(scope: &Scope, input: &PolicyInput, seen: Option<u64>) -> Result<(bool, u64)> {
    let mut wrong = Violations::default();
    let Some(allows) = wrong.take("/allows_negative", flag(&input.allows_negative)) else {
        return Err(Error::Invalid(wrong));
    };
    let begin = |scope: &Scope, organization| scope.begin("set_stock_policy", organization);
    CATALOGUE
        .change(scope, seen, begin, |catalogue| {
            Ok((Catalogue { allows_negative_stock: allows, ..catalogue.clone() }, allows))
        })
        .await
}
