//! `/recherche`, and what the box of every page loads of it while somebody types.

use askama::Template;
use axum::extract::Query;
use kernel::{Permission, search::Category};
use serde::Deserialize;
use web::{Asker, PageResult, Shell, page};

use super::{
    COUNTED_MAX, Extent, SHOWN_MAX,
    model::{Group, TYPED_MAX},
};
use crate::document::Found;

pub const PATH: &str = "/recherche";
/// Of each category, on the page of all of them.
const OF_EACH: usize = 6;
const _: () = assert!(OF_EACH <= COUNTED_MAX && SUGGESTED_OF_EACH <= COUNTED_MAX);
/// Of all, below the box, and of each category.
const SUGGESTED: usize = 8;
const SUGGESTED_OF_EACH: usize = 4;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    #[serde(rename = "categorie")]
    category: String,
}

/// A category of results.
struct Section {
    code: &'static str,
    label: &'static str,
    icon: &'static str,
    count: String,
    rows: Vec<Row>,
    /// To all of it, where there is more than is shown.
    href: Option<String>,
}

struct Row {
    title: String,
    subtitle: String,
    href: String,
}

impl From<Found> for Row {
    fn from(found: Found) -> Self {
        Self { title: found.title, subtitle: found.subtitle.unwrap_or_default(), href: found.href }
    }
}

impl Section {
    fn of(group: Group, q: &str, most: usize, extent: Extent) -> Self {
        let count = group.count(extent.shown_max());
        let is_cut = group.items.len() > most || (group.is_more && extent == Extent::Overview);
        Self {
            code: group.category.code(),
            label: group.category.french(),
            icon: icon(group.category),
            count,
            rows: group.items.into_iter().take(most).map(Row::from).collect(),
            href: is_cut.then(|| href(q, Some(group.category))),
        }
    }
}

const fn icon(category: Category) -> &'static str {
    match category {
        Category::Company => "company",
        Category::Contact => "person",
        Category::Opportunity => "euro",
        Category::Activity => "calendar",
        Category::File => "copy",
        Category::Product => "option",
        Category::Quote => "quote",
        Category::Invoice => "invoice",
        Category::Expense => "arrow-down",
        Category::Supplier => "company",
        Category::Employee => "people",
    }
}

fn href(q: &str, category: Option<Category>) -> String {
    let fields: Vec<_> = [("q", Some(q)), ("categorie", category.map(Category::code))]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    match serde_html_form::to_string(&fields) {
        Ok(query) => format!("{PATH}?{query}"),
        Err(_) => PATH.into(),
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    /// As it was typed.
    q: String,
    /// Whether enough was typed to search for it.
    is_asked: bool,
    sections: Vec<Section>,
    /// The one that is shown alone.
    only: Option<&'static str>,
    all_href: String,
    /// Whether there is more of a category than a page shows.
    is_cut: bool,
    can_rebuild: bool,
}

pub async fn search_records(asker: Asker, Query(asked): Query<Asked>) -> PageResult {
    let q: String = asked.q.trim().chars().take(TYPED_MAX).collect();
    let only = Category::named(&asked.category);
    let extent = if only.is_some() { Extent::Deep } else { Extent::Overview };
    let results = super::search_records(&asker, &q, only, extent).await?;
    let is_asked = results.is_some();
    let groups = results.map(|results| results.groups).unwrap_or_default();
    let is_cut = only.is_some() && groups.iter().any(|group| group.items.len() > SHOWN_MAX);
    let most = if only.is_some() { SHOWN_MAX } else { OF_EACH };
    page(&SearchPage {
        shell: Shell::new(&asker, "search", "Recherche").searching(&q),
        sections: groups.into_iter().map(|group| Section::of(group, &q, most, extent)).collect(),
        is_asked,
        only: only.map(Category::french),
        all_href: href(&q, None),
        is_cut,
        can_rebuild: asker.may(Permission::SettingsView),
        q,
    })
}

#[derive(Template)]
#[template(path = "suggestions.html")]
struct SuggestionsFragment {
    q: String,
    is_asked: bool,
    sections: Vec<Section>,
    all_href: String,
}

pub async fn suggest_records(asker: Asker, Query(asked): Query<Asked>) -> PageResult {
    let q: String = asked.q.trim().chars().take(TYPED_MAX).collect();
    let results = super::search_records(&asker, &q, None, Extent::Overview).await?;
    let is_asked = results.is_some();
    let mut left = SUGGESTED;
    let mut sections = Vec::new();
    for group in results.map(|results| results.groups).unwrap_or_default() {
        let section = Section::of(group, &q, left.min(SUGGESTED_OF_EACH), Extent::Overview);
        left -= section.rows.len();
        if !section.rows.is_empty() {
            sections.push(section);
        }
    }
    page(&SuggestionsFragment { all_href: href(&q, None), q, is_asked, sections })
}
