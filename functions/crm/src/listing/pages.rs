//! What stands over a list and narrows it.

use kernel::{money::french_decimal, page::PageRequest};
use web::{
    Asker, Colleagues, Search, Whose,
    form::{self, Choice, choices},
};

use super::{Sort, Wanted};
use crate::{company::Category, record::RecordKind, settings::Settings};

pub struct Narrowing {
    pub path: &'static str,
    pub wanted: Wanted,
    pub categories: Vec<Choice>,
    pub tags: Vec<Choice>,
    pub fields: Vec<Choice>,
    pub sorts: Vec<Choice>,
    pub is_narrowed: bool,
    /// Whether what is seldom asked for is open.
    pub shows_more: bool,
    /// That not all could be sorted.
    pub notice: String,
    /// The list without what narrows it.
    pub all_href: String,
    /// The search of everything for what was typed, which also finds words in the middle of a name; empty where nothing was.
    pub elsewhere: String,
}

impl Narrowing {
    pub fn new(
        path: &'static str,
        kind: RecordKind,
        wanted: Wanted,
        settings: &Settings,
        only_of: Option<usize>,
    ) -> Self {
        let what = match kind {
            RecordKind::Company => "entreprises",
            RecordKind::Contact => "contacts",
            RecordKind::Opportunity => "opportunités",
        };
        let fields = settings.fields_of(kind).map(|field| (field.id.to_string(), field.name.clone()));
        let sort = if wanted.sort.is_empty() { Sort::default().name() } else { &wanted.sort };
        let rest = Wanted { state: wanted.state.clone(), assigned_to: wanted.assigned_to.clone(), ..Wanted::default() };
        Self {
            path,
            categories: choices(Category::ALL.map(|category| (category.name(), category.french())), &wanted.category),
            tags: choices(settings.tags.iter().map(|tag| (tag.id.to_string(), tag.name.clone())), &wanted.tag),
            fields: choices(fields, &wanted.field),
            sorts: choices(Sort::ALL.map(|sort| (sort.name(), sort.french())), sort),
            is_narrowed: wanted.narrows(),
            shows_more: [&wanted.city, &wanted.postal_code, &wanted.field].iter().any(|text| !text.is_empty()),
            notice: only_of.map_or_else(String::new, |count| {
                format!("Ce tri porte sur les {} premières fiches dans l’ordre des noms\u{a0}: il y a d’autres {what}. Précisez votre recherche pour aller plus loin.", french_decimal(count.into()))
            }),
            all_href: rest.link(path, kernel::page::PAGE_SIZE, None),
            elsewhere: match wanted.q.as_str() {
                "" => String::new(),
                typed => form::link("/recherche", &[("q", typed)]),
            },
            wanted,
        }
    }
}

impl Wanted {
    /// Whose records the list shows, with links to the same list of others'.
    pub fn whose(&self, asker: &Asker, path: &str, request: &PageRequest, colleagues: &Colleagues) -> Whose {
        let page = PageRequest { limit: request.limit, cursor: None };
        let search = Search { q: self.q.clone(), page, assigned_to: self.assigned_to.clone() };
        let of = |user: &str| Self { assigned_to: user.into(), ..self.clone() }.link(path, request.limit, None);
        let whose = Whose::of(asker, &search, path, colleagues);
        Whose { all_href: of(""), own_href: of(web::ME), ..whose }
    }
}
