//! Categories in a tree, tags. Pure.

use std::collections::BTreeSet;

use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    id::{CategoryId, TagId},
    tag::{self, Tag, parse_name},
    text,
};
use serde::{Deserialize, Serialize};

use crate::price_list::PriceList;

/// How many levels a tree of categories has at most.
pub const DEPTH_MAX: usize = 5;
/// What the item holds with ease.
const CATEGORIES_MAX: usize = 300;

/// What orders the products of an organization.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    #[serde(default)]
    pub categories: Vec<Category>,
    #[serde(default)]
    pub tags: Vec<Tag>,
    #[serde(default)]
    pub price_lists: Vec<PriceList>,
    /// Whether more may be invoiced than there is.
    #[serde(default)]
    pub allows_negative_stock: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Category {
    pub id: CategoryId,
    pub name: String,
    /// None at the top of the tree.
    pub parent: Option<CategoryId>,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CategoryInput {
    /// No two categories under the same one have the same name.
    pub name: String,
    /// `cat_…`, the category under which it stands; empty at the top. Five levels at most.
    pub parent_id: String,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TagInput {
    pub name: String,
    /// `grey` (which an empty text means too), `red`, `orange`, `yellow`, `green`, `teal`, `blue`, `violet` or `pink`.
    pub color: String,
}

/// A category where it stands in the tree, as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch<'a> {
    pub category: &'a Category,
    /// From 0.
    pub depth: usize,
    /// With those above it: `Luminaires › Suspensions`.
    pub path: String,
}

impl Catalogue {
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    pub fn tag(&self, id: TagId) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.id == id)
    }

    /// With a new category, or one that was renamed or moved with all that is under it.
    pub fn with_category(&self, id: CategoryId, input: &CategoryInput) -> Result<Self, Violations> {
        let mut wrong = Violations::default();
        let name = parse_name("/name", &input.name, &mut wrong);
        let parent = match input.parent_id.as_str() {
            "" => Some(None),
            parent => {
                let parent = parent.parse().ok().filter(|parent| self.category(*parent).is_some());
                wrong.take("/parent_id", parent.ok_or(Rule::NotFound)).map(Some)
            }
        };
        let (Some(name), Some(parent)) = (name, parent) else { return Err(wrong) };
        let mut changed = self.clone();
        let category = Category { id, name: name.clone(), parent };
        match changed.categories.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = category,
            None if self.categories.len() >= CATEGORIES_MAX => {
                wrong.add("/name", Rule::TooMany { max: CATEGORIES_MAX });
            }
            None => changed.categories.push(category),
        }
        let is_same = |other: &&Category| {
            other.id != id && other.parent == parent && text::folded(&other.name) == text::folded(&name)
        };
        if self.categories.iter().any(|other| is_same(&other)) {
            wrong.add("/name", Rule::AlreadyTaken);
        }
        if parent.is_some_and(|parent| self.within(id).contains(&parent)) {
            wrong.add("/parent_id", Rule::WithinItself);
        } else if changed.tree().iter().any(|branch| branch.depth >= DEPTH_MAX) {
            wrong.add("/parent_id", Rule::TooDeep { max: DEPTH_MAX });
        }
        if wrong.is_empty() { Ok(changed) } else { Err(wrong) }
    }

    /// Without a category that has no others under it. Its products are then in none.
    pub fn without_category(&self, id: CategoryId) -> Result<Self> {
        self.category(id).ok_or(Error::NotFound)?;
        if self.categories.iter().any(|other| other.parent == Some(id)) {
            return Err(Error::Conflict(Conflict::CategoryNotEmpty));
        }
        let categories = self.categories.iter().filter(|other| other.id != id).cloned().collect();
        Ok(Self { categories, ..self.clone() })
    }

    /// With a new tag, or another name or colour of one.
    pub fn with_tag(&self, id: TagId, input: &TagInput) -> Result<Self, Violations> {
        Ok(Self { tags: tag::with_tag(&self.tags, id, &input.name, &input.color)?, ..self.clone() })
    }

    /// Without a tag: its products no longer have it.
    pub fn without_tag(&self, id: TagId) -> Result<Self> {
        Ok(Self { tags: tag::without_tag(&self.tags, id)?, ..self.clone() })
    }

    /// All categories, each after the one under which it stands, those of one level by name.
    pub fn tree(&self) -> Vec<Branch<'_>> {
        let mut tree = Vec::new();
        self.grow(None, 0, "", &mut tree);
        tree
    }

    fn grow<'a>(&'a self, parent: Option<CategoryId>, depth: usize, above: &str, tree: &mut Vec<Branch<'a>>) {
        // What is deeper than may be is told once and refused.
        if depth > DEPTH_MAX {
            return;
        }
        let mut level: Vec<_> = self.categories.iter().filter(|category| category.parent == parent).collect();
        level.sort_by_cached_key(|category| text::sorted(&category.name));
        for category in level {
            let path = if above.is_empty() { category.name.clone() } else { format!("{above} › {}", category.name) };
            tree.push(Branch { category, depth, path: path.clone() });
            self.grow(Some(category.id), depth + 1, &path, tree);
        }
    }

    /// A category with all that are under it.
    pub fn within(&self, id: CategoryId) -> BTreeSet<CategoryId> {
        let mut within = BTreeSet::from([id]);
        // A circle, if there were one, adds nothing new and ends it.
        loop {
            let is_new = |category: &&Category| {
                category.parent.is_some_and(|parent| within.contains(&parent)) && !within.contains(&category.id)
            };
            let more: Vec<_> = self.categories.iter().filter(is_new).map(|category| category.id).collect();
            if more.is_empty() {
                return within;
            }
            within.extend(more);
        }
    }
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;

    pub fn id(number: u128) -> CategoryId {
        CategoryId::from_ulid(Ulid(number))
    }

    fn under(name: &str, parent: Option<u128>) -> CategoryInput {
        CategoryInput { name: name.into(), parent_id: parent.map(|parent| id(parent).to_string()).unwrap_or_default() }
    }

    fn with(catalogue: &Catalogue, number: u128, name: &str, parent: Option<u128>) -> Result<Catalogue, Rule> {
        catalogue
            .with_category(id(number), &under(name, parent))
            .map_err(|wrong| wrong.iter().next().map(|violation| violation.rule.clone()).unwrap())
    }

    #[test]
    fn a_tree_is_told_in_its_order() {
        let one = with(&Catalogue::default(), 1, "Luminaires", None).unwrap();
        let two = with(&one, 2, "Suspensions", Some(1)).unwrap();
        let three = with(&two, 3, "Appliques", Some(1)).unwrap();
        let all = with(&three, 4, "Études", None).unwrap();
        let told: Vec<_> = all.tree().into_iter().map(|branch| (branch.path, branch.depth)).collect();
        let expected =
            [("Études", 0), ("Luminaires", 0), ("Luminaires › Appliques", 1), ("Luminaires › Suspensions", 1)];
        assert_eq!(told, expected.map(|(path, depth)| (path.to_owned(), depth)));
        assert_eq!(all.within(id(1)).len(), 3);
    }

    #[test]
    fn a_category_is_not_moved_under_itself_nor_too_deep_and_its_name_is_taken_once() {
        let mut tree = Catalogue::default();
        for number in 1..=5 {
            tree = with(&tree, number, &format!("N{number}"), (number > 1).then(|| number - 1)).unwrap();
        }
        assert_eq!(with(&tree, 6, "N6", Some(5)), Err(Rule::TooDeep { max: 5 }));
        assert_eq!(with(&tree, 1, "N1", Some(1)), Err(Rule::WithinItself));
        assert_eq!(with(&tree, 1, "N1", Some(5)), Err(Rule::WithinItself));
        assert_eq!(with(&tree, 9, "n2", Some(1)), Err(Rule::AlreadyTaken));
        assert!(with(&tree, 9, "N2", None).is_ok(), "elsewhere the name is free");
        assert_eq!(with(&tree, 9, "X", Some(77)), Err(Rule::NotFound));
        // What is under it comes along.
        let aside = with(&tree, 10, "A", None).unwrap();
        assert_eq!(with(&aside, 1, "N1", Some(10)), Err(Rule::TooDeep { max: 5 }));
        assert!(with(&aside, 2, "N2", Some(10)).is_ok());
        assert!(tree.without_category(id(2)).is_err());
        assert_eq!(tree.without_category(id(5)).unwrap().categories.len(), 4);
    }

    proptest! {
        #[test]
        fn whatever_is_moved_where_every_category_stands_once_within_five_levels(
            moves in proptest::collection::vec((1_u128..12, proptest::option::of(1_u128..12)), 1..60)
        ) {
            let mut tree = Catalogue::default();
            for (number, parent) in moves {
                if let Ok(changed) = with(&tree, number, &format!("N{number}"), parent) {
                    tree = changed;
                }
                let told = tree.tree();
                prop_assert_eq!(told.len(), tree.categories.len());
                prop_assert!(told.iter().all(|branch| branch.depth < DEPTH_MAX));
            }
        }
    }
}
