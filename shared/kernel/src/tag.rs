//! Tags with a colour, as organizations name them for their records, and what such names are. Pure.

use serde::{Deserialize, Serialize};

use crate::{Color, Error, Result, Rule, Violations, id::TagId, legal, text};

/// How long the name of a tag, a category, a stage or a field is at most.
const NAME_MAX: usize = 60;
/// What the item that holds them has room for with ease.
const TAGS_MAX: usize = 100;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    pub color: Color,
}

/// What something is called that people choose from lists: one line.
pub fn parse_name(pointer: &str, text: &str, wrong: &mut Violations) -> Option<String> {
    let one_line = |name: String| if name.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(name) };
    wrong.take(pointer, legal::required(text, NAME_MAX).and_then(one_line))
}

/// With a new tag, or another name (`/name`) or colour (`/color`) of one, in the order of their names. No two have the same.
pub fn with_tag(tags: &[Tag], id: TagId, name: &str, color: &str) -> Result<Vec<Tag>, Violations> {
    let mut wrong = Violations::default();
    let name = parse_name("/name", name, &mut wrong);
    let color = wrong.take("/color", Color::parse(color));
    let (Some(name), Some(color)) = (name, color) else { return Err(wrong) };
    if tags.iter().any(|other| other.id != id && text::folded(&other.name) == text::folded(&name)) {
        wrong.add("/name", Rule::AlreadyTaken);
    }
    let mut changed = tags.to_vec();
    let tag = Tag { id, name, color };
    match changed.iter_mut().find(|known| known.id == id) {
        Some(known) => *known = tag,
        None if tags.len() >= TAGS_MAX => wrong.add("/name", Rule::TooMany { max: TAGS_MAX }),
        None => changed.push(tag),
    }
    changed.sort_by_cached_key(|tag| text::sorted(&tag.name));
    if wrong.is_empty() { Ok(changed) } else { Err(wrong) }
}

/// Without a tag: what has it no longer does.
pub fn without_tag(tags: &[Tag], id: TagId) -> Result<Vec<Tag>> {
    tags.iter().find(|tag| tag.id == id).ok_or(Error::NotFound)?;
    Ok(tags.iter().filter(|tag| tag.id != id).cloned().collect())
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn id(number: u128) -> TagId {
        TagId::from_ulid(Ulid(number))
    }

    #[test]
    fn a_tag_has_a_name_of_its_own_and_a_colour() {
        let one = with_tag(&[], id(1), "Salon 2026", "red").unwrap();
        assert!(with_tag(&one, id(2), "SALON 2026", "").is_err());
        assert!(with_tag(&one, id(2), "VIP", "#ff0000").is_err());
        assert!(with_tag(&one, id(2), "deux\nlignes", "").is_err());
        let two = with_tag(&one, id(2), "Été", "").unwrap();
        assert_eq!(two.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["Été", "Salon 2026"]);
        assert_eq!(with_tag(&two, id(2), "Zèbre", "blue").unwrap()[1].color, Color::Blue);
        assert_eq!(without_tag(&two, id(1)).unwrap().len(), 1);
        assert!(without_tag(&two, id(3)).is_err());
    }

    #[test]
    fn there_are_a_hundred_at_most() {
        let number = |at: usize| id(u128::try_from(at).unwrap());
        let full =
            (0..TAGS_MAX).try_fold(Vec::new(), |tags, at| with_tag(&tags, number(at), &format!("N{at}"), "")).unwrap();
        assert!(with_tag(&full, number(TAGS_MAX), "Encore", "").is_err());
        assert!(with_tag(&full, number(1), "Autre", "").is_ok(), "one that is there is changed");
    }
}
