//! `/api/v1/crm/duplicates`

use axum::extract::RawQuery;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{Error, page::Page};
use serde::{Deserialize, Serialize};
use web::{Asker, Failure, Json, Pagination};

use super::{CheckInput, Duplicate, PairInput, Possible, Search, Sign, check_duplicates::Found, list_duplicates::kind};

/// What was found, the surest first.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PossibleDuplicates {
    items: Vec<PossibleView>,
    /// How many others there are that are assigned to somebody else, and not shown for that reason.
    hidden: usize,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PossibleView {
    /// `com_…` or `con_…`
    id: String,
    name: String,
    /// Where the company is, or where the contact works.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What they have in common, the surest first.
    signs: Vec<Sign>,
}

impl From<Possible> for PossibleView {
    fn from(possible: Possible) -> Self {
        let Possible { record, name, detail, signs, .. } = possible;
        Self { id: record.to_string(), name, detail, signs }
    }
}

impl From<Found> for PossibleDuplicates {
    fn from(found: Found) -> Self {
        Self { items: found.seen.into_iter().map(PossibleView::from).collect(), hidden: found.hidden }
    }
}

/// Two records that may be one.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DuplicateView {
    /// `com_…` or `con_…`
    record: String,
    name: String,
    /// Of the same kind.
    other: String,
    other_name: String,
    /// What they have in common, the surest first.
    signs: Vec<Sign>,
    #[schema(value_type = String, format = DateTime)]
    found_at: Timestamp,
    /// Since when somebody says that they are two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    dismissed_at: Option<Timestamp>,
}

impl From<Duplicate> for DuplicateView {
    fn from(pair: Duplicate) -> Self {
        Self {
            record: pair.record.to_string(),
            name: pair.subject.name,
            other: pair.other.to_string(),
            other_name: pair.other_subject.name,
            signs: pair.signs,
            found_at: pair.found_at,
            dismissed_at: pair.dismissed_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DuplicateList {
    items: Vec<DuplicateView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// How far a search has come.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SearchView {
    is_under_way: bool,
    /// Companies and contacts so far.
    looked_at: u64,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl From<Search> for SearchView {
    fn from(search: Search) -> Self {
        let is_under_way = search.is_under_way();
        let Search { looked_at, started_at, finished_at, .. } = search;
        Self { is_under_way, looked_at, started_at, finished_at }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DuplicateQuery {
    of: String,
    dismissed: String,
}

/// Whether a company or a contact that is about to be added is there already. Nothing is written, and adding it is never
/// refused for it.
#[utoipa::path(post, path = "/api/v1/crm/duplicates/check", tag = "crm", operation_id = "check_duplicates",
    request_body = CheckInput, responses((status = 200, body = PossibleDuplicates)))]
pub async fn check_duplicates(
    asker: Asker,
    Json(input): Json<CheckInput>,
) -> Result<axum::Json<PossibleDuplicates>, Failure> {
    Ok(axum::Json(super::check_duplicates(&asker, &input).await?.into()))
}

/// Pairs of companies, or of contacts, that may be one, the surest first.
#[utoipa::path(get, path = "/api/v1/crm/duplicates", tag = "crm", operation_id = "list_duplicates",
    params(
        ("of" = Option<String>, Query, description = "`company`, which is meant where absent, or `contact`"),
        ("dismissed" = Option<String>, Query, description = "`true` for those that somebody says are two"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = DuplicateList)))]
pub async fn list_duplicates(
    asker: Asker,
    RawQuery(query): RawQuery,
    Pagination(page): Pagination,
) -> Result<axum::Json<DuplicateList>, Failure> {
    let query: DuplicateQuery = serde_html_form::from_str(&query.unwrap_or_default())
        .map_err(|error| Error::Malformed { detail: error.to_string() })?;
    let kind = kind(&query.of)?;
    let found = super::list_duplicates(&asker, kind, query.dismissed == "true", &page).await?;
    let Page { items, next_cursor } = found.map(|pair| DuplicateView::from(pair.value));
    Ok(axum::Json(DuplicateList { items, next_cursor }))
}

/// Says that two records are two. Saying it again changes nothing.
#[utoipa::path(post, path = "/api/v1/crm/duplicates/dismissals", tag = "crm", operation_id = "dismiss_duplicate",
    request_body = PairInput, responses((status = 200, body = DuplicateView)))]
pub async fn dismiss_duplicate(
    asker: Asker,
    Json(input): Json<PairInput>,
) -> Result<axum::Json<DuplicateView>, Failure> {
    Ok(axum::Json(super::dismiss_duplicate(&asker, &input).await?.into()))
}

/// Looks through all companies and contacts for duplicates, in the background. What is added or changed is looked at by
/// itself.
#[utoipa::path(post, path = "/api/v1/crm/duplicates/search", tag = "crm", operation_id = "start_search",
    responses((status = 202, body = SearchView)))]
pub async fn start_search(asker: Asker) -> Result<(StatusCode, axum::Json<SearchView>), Failure> {
    Ok((StatusCode::ACCEPTED, axum::Json(super::start_search(&asker.scope).await?.into())))
}

/// How far the search has come, or the last one came.
#[utoipa::path(get, path = "/api/v1/crm/duplicates/search", tag = "crm", operation_id = "show_search",
    responses((status = 200, body = SearchView)))]
pub async fn show_search(asker: Asker) -> Result<axum::Json<SearchView>, Failure> {
    let search = super::show_search(&asker.scope).await?.ok_or(Error::NotFound)?;
    Ok(axum::Json(search.value.into()))
}
