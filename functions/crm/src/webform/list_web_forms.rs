//! The forms of an organization, and one of them.

use kernel::{Error, Result, id::WebFormId, page::PageRequest};
use table::{Order, Scope, Stored};

use super::{WebForm, model::FORMS_MAX};

/// All of them, the first one first.
pub async fn list_web_forms(scope: &Scope) -> Result<Vec<Stored<WebForm>>> {
    let all = PageRequest { limit: FORMS_MAX + 1, cursor: None };
    Ok(scope.list(&scope.keys().web_forms(), &all, Order::Ascending).await?.items)
}

pub async fn show_web_form(scope: &Scope, id: WebFormId) -> Result<Stored<WebForm>> {
    scope.get(&scope.keys().web_form(id)).await?.ok_or(Error::NotFound)
}
