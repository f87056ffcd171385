//! `?q=…&limit=…&cursor=…`: a list narrowed by the beginning of a name, in pages.

use axum::extract::FromRequestParts;
use http::request::Parts;
use kernel::{Error, page::PageRequest, text};
use serde::Deserialize;

use crate::{Failure, Pagination};

/// Nobody types more; a longer text is cut.
const SEARCH_MAX: usize = 100;

pub struct Search {
    /// As it was typed, to be shown again.
    pub q: String,
    pub page: PageRequest,
}

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    q: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Search {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Pagination(page) = Pagination::from_request_parts(parts, state).await?;
        let query: Query = serde_html_form::from_str(parts.uri.query().unwrap_or_default())
            .map_err(|error| Error::Malformed { detail: error.to_string() })?;
        Ok(Self { q: query.q.trim().chars().take(SEARCH_MAX).collect(), page })
    }
}

impl Search {
    /// What the sorted names that are wanted begin with.
    pub fn prefix(&self) -> String {
        text::sorted(&self.q)
    }

    /// The link to the page that follows.
    pub fn next(&self, path: &str, cursor: Option<&str>) -> Option<String> {
        cursor.map(|cursor| self.link(path, Some(cursor)))
    }

    /// The link back to the first page, unless this is it.
    pub fn first(&self, path: &str) -> Option<String> {
        self.page.cursor.as_ref().map(|_| self.link(path, None))
    }

    fn link(&self, path: &str, cursor: Option<&str>) -> String {
        let limit = (self.page.limit != PageRequest::default().limit).then(|| self.page.limit.to_string());
        let fields =
            [("q", Some(self.q.as_str()).filter(|q| !q.is_empty())), ("limit", limit.as_deref()), ("cursor", cursor)];
        let fields: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        match serde_html_form::to_string(&fields) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.into(),
        }
    }
}
