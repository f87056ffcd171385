//! Pages of a list: a limit and an opaque cursor.

use serde::Serialize;

/// How many rows a page may have.
pub const PAGE_SIZE_MAX: u16 = 100;
pub const PAGE_SIZE: u16 = 25;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    pub limit: u16,
    /// As a former answer gave it; checked by the store that made it.
    pub cursor: Option<String>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: PAGE_SIZE, cursor: None }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Ask again with it for what follows; absent on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}
