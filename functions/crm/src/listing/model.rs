//! What somebody wants of a list, and which records are it. Pure.

use jiff::Timestamp;
use kernel::{
    Error, Result,
    document::Address,
    id::{FieldId, TagId},
    page::PAGE_SIZE,
    text,
};
use serde::{Deserialize, Serialize};

use crate::{
    company::{Category, Company},
    contact::Contact,
    record::RecordKind,
    settings::{Custom, CustomField, Settings},
};

/// Nobody types more; a longer text is cut.
const SEARCH_MAX: usize = 100;

/// As texts of a query; the same for pages and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// What the name begins with; or an e-mail address, a telephone number, a SIREN or a SIRET.
    pub q: String,
    /// `me`, or the member `usr_…` to whom they are assigned.
    pub assigned_to: String,
    /// A [`Category`].
    pub category: String,
    /// `tag_…`
    pub tag: String,
    /// What the city begins with.
    pub city: String,
    /// What the postal code begins with: `69` for the Rhône.
    pub postal_code: String,
    /// `fld_…`, a field of the organization's own.
    pub field: String,
    /// What they have in it; anything at all where empty.
    pub value: String,
    /// Of companies: `active`, which an empty text means too, or `archived`.
    pub state: String,
    /// A [`Sort`].
    pub sort: String,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Name,
    NameBackwards,
    Newest,
    Oldest,
    City,
    Category,
}

/// A [`Wanted`] that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    sought: Sought,
    category: Option<Category>,
    tag: Option<TagId>,
    /// Folded.
    city: String,
    /// Without blanks.
    postal_code: String,
    field: Option<(FieldId, String)>,
    pub is_archived: bool,
    pub sort: Sort,
}

#[derive(Debug, Clone, PartialEq)]
enum Sought {
    /// Sorted, as lists have names.
    Name(String),
    /// In lower case.
    Email(String),
    /// The digits, and the same as the beginning of a name.
    Number(String, String),
}

impl Wanted {
    /// What was typed, cut to what anybody types.
    pub fn cut(mut self) -> Self {
        for text in [&mut self.q, &mut self.assigned_to, &mut self.city, &mut self.postal_code, &mut self.value] {
            *text = text.trim().chars().take(SEARCH_MAX).collect();
        }
        self
    }

    pub fn read(&self) -> Result<Query> {
        let unknown = |what: &str| Error::Malformed { detail: format!("unknown {what}") };
        let category = match self.category.as_str() {
            "" => None,
            name => Some(Category::named(name).map_err(|_| unknown("category"))?),
        };
        let tag = match self.tag.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| unknown("tag"))?),
        };
        let field = match self.field.as_str() {
            "" => None,
            id => Some((id.parse().map_err(|_| unknown("field"))?, self.value.clone())),
        };
        let is_archived = match self.state.as_str() {
            "" | "active" => false,
            "archived" => true,
            _ => return Err(unknown("state")),
        };
        let sort = Sort::named(&self.sort).ok_or_else(|| unknown("sort"))?;
        Ok(Query {
            sought: Sought::of(&self.q),
            category,
            tag,
            city: text::folded(&self.city),
            postal_code: compact(&self.postal_code),
            field,
            is_archived,
            sort,
        })
    }

    /// Whether it leaves anything out, beside what is archived and whose it is.
    pub fn narrows(&self) -> bool {
        [&self.q, &self.category, &self.tag, &self.city, &self.postal_code, &self.field]
            .iter()
            .any(|text| !text.is_empty())
    }

    /// The address of the list like this.
    pub fn link(&self, path: &str, limit: u16, cursor: Option<&str>) -> String {
        let limit = (limit != PAGE_SIZE).then(|| limit.to_string());
        let fields = [
            ("q", self.q.as_str()),
            ("assigned_to", &self.assigned_to),
            ("category", &self.category),
            ("tag", &self.tag),
            ("city", &self.city),
            ("postal_code", &self.postal_code),
            ("field", &self.field),
            ("value", &self.value),
            ("state", &self.state),
            ("sort", &self.sort),
            ("limit", limit.as_deref().unwrap_or_default()),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(path, &fields)
    }
}

impl Sort {
    pub const ALL: [Self; 6] =
        [Self::Name, Self::NameBackwards, Self::Newest, Self::Oldest, Self::City, Self::Category];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameBackwards => "-name",
            Self::Newest => "-added",
            Self::Oldest => "added",
            Self::City => "city",
            Self::Category => "category",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Name => "Nom, de A à Z",
            Self::NameBackwards => "Nom, de Z à A",
            Self::Newest => "Dernière fiche ajoutée",
            Self::Oldest => "Première fiche ajoutée",
            Self::City => "Ville",
            Self::Category => "Catégorie",
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "" => Some(Self::default()),
            name => Self::ALL.into_iter().find(|sort| sort.name() == name),
        }
    }

    /// Whether lists stand in this order backwards; none where they do not stand in it at all.
    pub const fn is_backwards(self) -> Option<bool> {
        match self {
            Self::Name => Some(false),
            Self::NameBackwards => Some(true),
            Self::Newest | Self::Oldest | Self::City | Self::Category => None,
        }
    }

    /// Those that stand by name, in this order.
    pub fn arrange<T: std::ops::Deref<Target: Listed>>(self, records: &mut [T]) {
        match self {
            Self::Name => {}
            Self::NameBackwards => records.reverse(),
            Self::Newest => records.sort_by_key(|record| std::cmp::Reverse(record.created_at())),
            Self::Oldest => records.sort_by_key(|record| record.created_at()),
            // Those without one last.
            Self::City => records.sort_by_cached_key(|record| {
                let city = record.address().map(|address| text::sorted(&address.city));
                (city.is_none(), city)
            }),
            Self::Category => records.sort_by_key(|record| {
                let place = |category| Category::ALL.into_iter().position(|known| known == category);
                record.category().and_then(place).unwrap_or(Category::ALL.len())
            }),
        }
    }
}

impl Sought {
    fn of(q: &str) -> Self {
        let digits = digits(q);
        let is_number = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+.-/()".contains(c);
        if q.contains('@') {
            Self::Email(q.trim().to_lowercase())
        } else if digits.len() >= 6 && q.chars().all(is_number) {
            Self::Number(digits, text::sorted(q))
        } else {
            Self::Name(text::sorted(q))
        }
    }

    fn is_of(&self, record: &impl Listed) -> bool {
        match self {
            Self::Name(prefix) => text::sorted(&record.name()).starts_with(prefix),
            Self::Email(email) => record.email().is_some_and(|own| own.to_lowercase() == *email),
            Self::Number(number, prefix) => {
                record.siret().is_some_and(|siret| is_number_of(siret, number))
                    || record.phones().into_iter().flatten().any(|phone| is_phone(phone, number))
                    || text::sorted(&record.name()).starts_with(prefix)
            }
        }
    }
}

/// A SIRET, or the SIREN that it begins with.
fn is_number_of(siret: &str, number: &str) -> bool {
    siret == number || (number.len() == 9 && siret.starts_with(number))
}

/// Whether both are one line: `06 12 34 56 78` and `+33612345678` are, by their last nine digits.
fn is_phone(phone: &str, number: &str) -> bool {
    let line = |digits: &str| digits.get(digits.len().saturating_sub(9)..).unwrap_or_default().to_owned();
    let phone = digits(phone);
    phone == number || (phone.len() >= 9 && number.len() >= 9 && line(&phone) == line(number))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

impl Query {
    /// What the names begin with that can be wanted.
    pub fn prefix(&self) -> String {
        match &self.sought {
            Sought::Name(prefix) => prefix.clone(),
            Sought::Email(_) | Sought::Number(..) => String::new(),
        }
    }

    /// Whether all of the list is wanted from its prefix on.
    pub fn takes_all(&self) -> bool {
        let takes = matches!(self.sought, Sought::Name(_)) && self.category.is_none() && self.tag.is_none();
        takes && self.city.is_empty() && self.postal_code.is_empty() && self.field.is_none()
    }

    /// Tells which records are wanted; a field that is not theirs is unknown.
    pub fn sifter<T: Listed>(&self, settings: &Settings) -> Result<impl Fn(&T) -> bool> {
        let field: Option<(&CustomField, &str)> = match &self.field {
            None => None,
            Some((id, value)) => {
                let known = settings.fields_of(T::KIND).find(|field| field.id == *id);
                Some((known.ok_or(Error::Malformed { detail: "unknown field".into() })?, value))
            }
        };
        Ok(move |record: &T| {
            let at = |is: &dyn Fn(&Address) -> bool| record.address().is_some_and(is);
            self.sought.is_of(record)
                && self.category.is_none_or(|category| record.category() == Some(category))
                && self.tag.is_none_or(|tag| record.tags().contains(&tag))
                && (self.city.is_empty() || at(&|address| text::folded(&address.city).starts_with(&self.city)))
                && (self.postal_code.is_empty()
                    || at(&|address| compact(&address.postal_code).starts_with(&self.postal_code)))
                && field.is_none_or(|(field, value)| {
                    let stored = record.custom().get(&field.id);
                    stored.is_some_and(|stored| value.is_empty() || field.answers(stored, value))
                })
        })
    }
}

/// What a list asks of a record.
pub trait Listed {
    const KIND: RecordKind;

    /// As the list has it.
    fn name(&self) -> String;
    fn category(&self) -> Option<Category>;
    fn tags(&self) -> &[TagId];
    fn custom(&self) -> &Custom;
    fn address(&self) -> Option<&Address>;
    fn email(&self) -> Option<&str>;
    fn phones(&self) -> [Option<&str>; 2];
    fn siret(&self) -> Option<&str>;
    fn created_at(&self) -> Timestamp;
}

impl Listed for Company {
    const KIND: RecordKind = RecordKind::Company;

    fn name(&self) -> String {
        self.name.clone()
    }

    fn category(&self) -> Option<Category> {
        Some(self.category)
    }

    fn tags(&self) -> &[TagId] {
        &self.tags
    }

    fn custom(&self) -> &Custom {
        &self.custom
    }

    fn address(&self) -> Option<&Address> {
        self.address.as_ref()
    }

    fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    fn phones(&self) -> [Option<&str>; 2] {
        [self.phone.as_deref(), None]
    }

    fn siret(&self) -> Option<&str> {
        self.siret.as_deref()
    }

    fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

impl Listed for Contact {
    const KIND: RecordKind = RecordKind::Contact;

    fn name(&self) -> String {
        self.person.listed_name()
    }

    fn category(&self) -> Option<Category> {
        self.filing.category
    }

    fn tags(&self) -> &[TagId] {
        &self.filing.tags
    }

    fn custom(&self) -> &Custom {
        &self.filing.custom
    }

    fn address(&self) -> Option<&Address> {
        self.person.address.as_ref()
    }

    fn email(&self) -> Option<&str> {
        self.person.email.as_deref()
    }

    fn phones(&self) -> [Option<&str>; 2] {
        [self.person.phone.as_deref(), self.person.mobile.as_deref()]
    }

    fn siret(&self) -> Option<&str> {
        None
    }

    fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(q: &str) -> Sought {
        Sought::of(q)
    }

    #[test]
    fn what_was_typed_says_what_it_is() {
        assert_eq!(sought("Élec"), Sought::Name("elec".into()));
        assert_eq!(sought(" Zoe@Dupre.example"), Sought::Email("zoe@dupre.example".into()));
        assert!(matches!(sought("+33 (0)4-78.00.00.00"), Sought::Number(digits, _) if digits == "330478000000"));
        assert!(matches!(sought("732 829 320"), Sought::Number(digits, _) if digits == "732829320"));
        assert!(matches!(sought("3 Suisses"), Sought::Name(_)));
        assert!(matches!(sought("12345"), Sought::Name(_)), "too short for a number");
    }

    #[test]
    fn a_telephone_number_is_found_however_it_is_written() {
        assert!(is_phone("06 12 34 56 78", "33612345678"));
        assert!(is_phone("+33 6 12 34 56 78", "0612345678"));
        assert!(!is_phone("06 12 34 56 78", "0612345679"));
        assert!(is_phone("36 39 01", "363901"));
        assert!(is_number_of("73282932000074", "732829320"));
        assert!(!is_number_of("73282932000074", "73282932"));
    }

    #[test]
    fn what_is_unknown_is_malformed() {
        let wanted = |name: &str| match name {
            "category" => Wanted { category: "friend".into(), ..Wanted::default() },
            "tag" => Wanted { tag: "red".into(), ..Wanted::default() },
            "field" => Wanted { field: "x".into(), ..Wanted::default() },
            "state" => Wanted { state: "gone".into(), ..Wanted::default() },
            _ => Wanted { sort: "size".into(), ..Wanted::default() },
        };
        for name in ["category", "tag", "field", "state", "sort"] {
            assert!(matches!(wanted(name).read(), Err(Error::Malformed { .. })), "{name}");
        }
        let all = Wanted::default().read().unwrap();
        assert!(all.takes_all() && !all.is_archived && all.sort == Sort::Name);
    }

    #[test]
    fn a_link_leads_to_the_same_list() {
        let wanted = Wanted { q: "é".into(), tag: "tag_1".into(), ..Wanted::default() };
        assert_eq!(wanted.link("/crm/contacts", PAGE_SIZE, Some("n25")), "/crm/contacts?q=%C3%A9&tag=tag_1&cursor=n25");
        assert_eq!(Wanted::default().link("/crm/contacts", PAGE_SIZE, None), "/crm/contacts");
    }
}
