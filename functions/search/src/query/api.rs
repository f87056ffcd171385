//! `/api/v1/search`

use axum::extract::Query;
use jiff::Timestamp;
use kernel::{Error, Rule, search::Category};
use serde::{Deserialize, Serialize};
use web::{Asker, Failure, path_in};

use super::{COUNTED_MAX, Extent, SHOWN_MAX};
use crate::document::Found;

/// Of each category, where nothing else is asked for.
const ITEMS: u16 = 10;

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecordSearchView {
    /// As it was searched for.
    query: String,
    /// The one with the best match first.
    categories: Vec<FoundCategoryView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FoundCategoryView {
    /// As it is asked for: `company`.
    #[schema(value_type = String)]
    category: Category,
    /// In French.
    label: &'static str,
    /// How many were found among what was read: 10 at most, or 100 where more than 10 items were asked for.
    count: usize,
    /// Whether there may be others. Of words that very many have, those may be all.
    is_more: bool,
    /// The best match first, and of equals the freshest.
    items: Vec<FoundView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FoundView {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    /// Its page, as a path of this site; it ends in its id.
    link: String,
    /// The day of a document or an activity, else when it was added.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl FoundView {
    fn of(asker: &Asker, found: Found) -> Self {
        let link = path_in(asker.organization.id, &found.href);
        Self { title: found.title, subtitle: found.subtitle, link, at: found.at }
    }
}

/// What is searched for, as it was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub q: String,
    pub category: String,
    pub limit: String,
}

impl Asked {
    pub fn category(&self) -> Result<Option<Category>, Error> {
        let unknown = || Error::Malformed { detail: "unknown category".into() };
        match self.category.as_str() {
            "" => Ok(None),
            code => Category::named(code).map(Some).ok_or_else(unknown),
        }
    }

    fn limit(&self) -> Result<usize, Error> {
        let wrong = || Error::Malformed { detail: format!("limit must be 1 to {SHOWN_MAX}") };
        match self.limit.as_str() {
            "" => Ok(usize::from(ITEMS)),
            typed => typed.parse().ok().filter(|limit| (1..=SHOWN_MAX).contains(limit)).ok_or_else(wrong),
        }
    }
}

/// Searches in everything that one may see. Every word may be the beginning of one; accents and capitals do not matter.
/// Documents are found by number, client and amount (`1234,56`), people by name, e-mail and telephone number.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", operation_id = "search_records",
    params(
        ("q" = String, Query, description = "Words; 2 characters at least"),
        ("category" = Option<String>, Query, description = "In one only: `company`, `contact`, `opportunity`, `quote`, `invoice`, `product`, `expense`, `supplier`, `activity`, `file` or `employee`"),
        ("limit" = Option<u16>, Query, description = "Items of each category: 1 to 100, 10 where absent"),
    ),
    responses((status = 200, body = RecordSearchView)))]
pub async fn search_records(asker: Asker, Query(asked): Query<Asked>) -> Result<axum::Json<RecordSearchView>, Failure> {
    let (category, limit) = (asked.category()?, asked.limit()?);
    let extent = if limit > COUNTED_MAX { Extent::Deep } else { Extent::Overview };
    let results = super::search_records(&asker, &asked.q, category, extent).await?;
    let results = results.ok_or_else(|| Error::field("/q", Rule::Required))?;
    let categories = results.groups.into_iter().map(|group| FoundCategoryView {
        category: group.category,
        label: group.category.french(),
        count: group.items.len().min(extent.shown_max()),
        is_more: group.is_more || group.items.len() > extent.shown_max(),
        items: group.items.into_iter().take(limit).map(|found| FoundView::of(&asker, found)).collect(),
    });
    Ok(axum::Json(RecordSearchView { query: results.query.typed, categories: categories.collect() }))
}
