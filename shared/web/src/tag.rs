//! Tags on pages: in rows, as boxes of a form, and the form of one.

use askama::Template;
use kernel::{Color, id::TagId, tag::Tag};

use crate::{
    Asker, Shell,
    form::{Choice, FieldErrors, choices},
};

pub struct TagRow {
    pub id: TagId,
    pub name: String,
    pub color: &'static str,
}

impl TagRow {
    pub fn of(tag: &Tag) -> Self {
        Self { id: tag.id, name: tag.name.clone(), color: tag.color.name() }
    }
}

/// A tag that a form offers.
pub struct TagBox {
    pub id: String,
    pub name: String,
    pub color: &'static str,
    pub is_chosen: bool,
}

impl TagBox {
    /// All that there are; `chosen` as an input names them.
    pub fn all(tags: &[Tag], chosen: &[String]) -> Vec<Self> {
        let tag_box = |tag: &Tag| {
            let id = tag.id.to_string();
            Self { is_chosen: chosen.contains(&id), id, name: tag.name.clone(), color: tag.color.name() }
        };
        tags.iter().map(tag_box).collect()
    }
}

pub fn tag_colors(chosen: &str) -> Vec<Choice> {
    choices(Color::ALL.map(|color| (color.name(), color.french())), chosen)
}

/// Whose tags they are.
pub struct TagKind {
    pub module: &'static str,
    /// The page of all of them, and what it is called.
    pub list: &'static str,
    pub list_name: &'static str,
    /// Where each has its form: below this, by its id.
    pub path: &'static str,
    /// What a change does, and what deleting one does.
    pub told: &'static str,
    pub gone: &'static str,
}

/// The form of one.
#[derive(Template)]
#[template(path = "tag_form.html")]
pub struct TagPage {
    shell: Shell,
    form_key: String,
    action: String,
    version: u64,
    kind: &'static TagKind,
    called: String,
    errors: FieldErrors,
    colors: Vec<Choice>,
}

impl TagPage {
    /// `typed`: the name and the colour that were refused.
    pub fn new(
        asker: &Asker,
        kind: &'static TagKind,
        tag: &Tag,
        version: u64,
        typed: Option<(String, String)>,
        errors: FieldErrors,
    ) -> Self {
        let (called, color) = typed.unwrap_or_else(|| (tag.name.clone(), tag.color.name().into()));
        Self {
            shell: Shell::new(asker, kind.module, tag.name.clone()),
            form_key: asker.form_key(),
            action: format!("{}/{}", kind.path, tag.id),
            version,
            kind,
            called,
            errors,
            colors: tag_colors(&color),
        }
    }
}
