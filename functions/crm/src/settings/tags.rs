//! Tags, and those that a record has. Pure.

use kernel::{
    Result, Rule, Violations,
    id::TagId,
    tag::{self, Tag},
};
use serde::{Deserialize, Serialize};

use super::Settings;

/// How many tags a record has at most.
pub const TAGS_OF_RECORD_MAX: usize = 20;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CrmTagInput)]
pub struct TagInput {
    /// No two tags have the same name.
    pub name: String,
    /// `grey` (which an empty text means too), `red`, `orange`, `yellow`, `green`, `teal`, `blue`, `violet` or `pink`.
    pub color: String,
}

/// The tags of a record. One that was deleted since counts for nothing ([`Settings::tags_of`]).
pub type Tags = Vec<TagId>;

impl Settings {
    /// With a new tag, or another name or colour of one.
    pub fn with_tag(&self, id: TagId, input: &TagInput) -> Result<Self, Violations> {
        Ok(Self { tags: tag::with_tag(&self.tags, id, &input.name, &input.color)?, ..self.clone() })
    }

    /// Without a tag: its records no longer have it.
    pub fn without_tag(&self, id: TagId) -> Result<Self> {
        Ok(Self { tags: tag::without_tag(&self.tags, id)?, ..self.clone() })
    }

    /// The tags that a record has and that are still there, in the order of their names.
    pub fn tags_of<'a>(&'a self, tags: &'a [TagId]) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(|tag| tags.contains(&tag.id))
    }

    /// The tags that an input names by id; the order is that of the names, and each stands once. One that was deleted is
    /// passed over where the record had it `before`.
    pub fn parse_tags(&self, typed: &[String], before: &[TagId], wrong: &mut Violations) -> Tags {
        let mut named = Tags::new();
        for (at, text) in typed.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let known = text.trim().parse().ok().filter(|id| self.tag(*id).is_some() || before.contains(id));
            named.extend(wrong.take(format!("/tags/{at}"), known.ok_or(Rule::NotFound)));
        }
        let tags: Tags = self.tags_of(&named).map(|tag| tag.id).collect();
        if tags.len() > TAGS_OF_RECORD_MAX {
            wrong.add("/tags", Rule::TooMany { max: TAGS_OF_RECORD_MAX });
        }
        tags
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn id(number: u128) -> TagId {
        TagId::from_ulid(Ulid(number))
    }

    fn input(name: &str, color: &str) -> TagInput {
        TagInput { name: name.into(), color: color.into() }
    }

    #[test]
    fn tags_stand_in_their_order_and_what_is_gone_counts_for_nothing() {
        let one = Settings::default().with_tag(id(1), &input("Salon 2026", "red")).unwrap();
        let two = one.with_tag(id(2), &input("Été", "")).unwrap();
        let mut wrong = Violations::default();
        let typed = [id(1).to_string(), id(2).to_string(), id(1).to_string()];
        assert_eq!(two.parse_tags(&typed, &[], &mut wrong), [id(2), id(1)]);
        assert!(wrong.is_empty());
        let left = two.without_tag(id(1)).unwrap();
        assert_eq!(left.tags_of(&[id(2), id(1)]).count(), 1);
        assert_eq!(left.parse_tags(&typed, &[id(1)], &mut wrong), [id(2)]);
        assert!(wrong.is_empty());
        left.parse_tags(&typed, &[], &mut wrong);
        assert_eq!(wrong.french("/tags/0"), Some(Rule::NotFound.french()));
    }
}
