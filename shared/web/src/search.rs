//! `?q=…&assigned_to=…&limit=…&cursor=…`: a list narrowed by the beginning of a name, in pages.

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
    /// Whose records are wanted, as [`crate::Asker::whose`] reads it.
    pub assigned_to: String,
}

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    q: String,
    #[serde(default)]
    assigned_to: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Search {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Pagination(page) = Pagination::from_request_parts(parts, state).await?;
        let query: Query = serde_html_form::from_str(parts.uri.query().unwrap_or_default())
            .map_err(|error| Error::Malformed { detail: error.to_string() })?;
        let cut = |text: &str| text.trim().chars().take(SEARCH_MAX).collect();
        Ok(Self { q: cut(&query.q), assigned_to: cut(&query.assigned_to), page })
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

    /// The link to the same search among the records of somebody, or everybody's.
    pub fn of(&self, path: &str, assigned_to: &str) -> String {
        let page = PageRequest { limit: self.page.limit, cursor: None };
        Self { q: self.q.clone(), page, assigned_to: assigned_to.into() }.link(path, None)
    }

    fn link(&self, path: &str, cursor: Option<&str>) -> String {
        let limit = (self.page.limit != PageRequest::default().limit).then(|| self.page.limit.to_string());
        let fields = [
            ("q", Some(self.q.as_str()).filter(|q| !q.is_empty())),
            ("assigned_to", Some(self.assigned_to.as_str()).filter(|whose| !whose.is_empty())),
            ("limit", limit.as_deref()),
            ("cursor", cursor),
        ];
        let fields: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        match serde_html_form::to_string(&fields) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.into(),
        }
    }
}
