//! What the index keeps: an item per place, which shows what was found without a further reading; and per item that was
//! found, where it stands.

use kernel::id::UserId;
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, TenantKeys, WRITES_MAX, keys};
use ulid::Ulid;

use super::model::{Found, PLACES_MAX, Place};

/// All of it is written in one transaction: every place anew, every place of before removed, the document, and two checks.
const _: () = assert!(2 * PLACES_MAX + 3 <= WRITES_MAX);

/// One place of the index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Kept", try_from = "Kept")]
pub struct Entry {
    pub place: String,
    /// Whose it is, nobody reads from it: that is where it stands.
    pub found: Found,
}

const ID: &str = "*";

/// As it is stored. What its key says is read back from there: what is read by the dozen says nothing twice.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(skip_serializing)]
    pk: String,
    #[serde(skip_serializing)]
    sk: String,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    /// With [`ID`] for the ULID that the key ends in.
    href: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    only: Option<UserId>,
}

fn ulid_of(place: &str) -> Option<&str> {
    place.rsplit_once('#').map(|(_, ulid)| ulid)
}

impl From<Entry> for Kept {
    fn from(Entry { place, found }: Entry) -> Self {
        let Found { title, subtitle, href, words, only, .. } = found;
        let href = ulid_of(&place).map_or(href.clone(), |ulid| href.replace(ulid, ID));
        Self { pk: String::new(), sk: place, title, subtitle, href, words, only }
    }
}

impl TryFrom<Kept> for Entry {
    type Error = &'static str;

    fn try_from(Kept { pk, sk, title, subtitle, href, words, only }: Kept) -> Result<Self, Self::Error> {
        let (category, at) = keys::search_place(&pk, &sk).ok_or("not a place of the index")?;
        let href = ulid_of(&sk).map_or(href.clone(), |ulid| href.replace(ID, ulid));
        let found = Found { category, title, subtitle, href, words, at, assigned_to: None, only };
        Ok(Self { place: sk, found })
    }
}

impl Item for Entry {
    const TYPE: &'static str = "search_entry";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.search_entry(self.found.category, &self.place)
    }

    /// Who sees only their own records reads only theirs.
    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        let of = self.found.assigned_to?;
        Some(keys.in_own_search_entries(self.found.category, of, &self.place))
    }
}

/// What the index has of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The item, by its name within the organization.
    pub item: String,
    pub places: Vec<String>,
    #[serde(flatten)]
    pub found: Found,
}

impl Document {
    pub fn new(item: String, key: &Key, found: Found) -> Self {
        let id = key.found_by();
        let places = found.places().iter().map(|place| sort_key(place, &found, id)).collect();
        Self { item, places, found }
    }

    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.places.iter().map(|place| Entry { place: place.clone(), found: self.found.clone() })
    }
}

impl Item for Document {
    const TYPE: &'static str = "search_document";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.searched(&self.item)
    }
}

fn sort_key(place: &Place, found: &Found, id: Ulid) -> String {
    match place {
        Place::Word(word, rank) => keys::search_word(word, rank.digit(), found.at, id),
        Place::Pair(word, next) => keys::search_pair(word, next, found.at, id),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{
        id::{ContactId, OrganizationId, UserId},
        search::Category,
    };
    use serde_json::json;
    use table::item::golden;

    use super::*;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn document() -> Document {
        let id = ContactId::from_ulid(Ulid(2));
        let key = KEYS.contact(id);
        let found = Found::new(Category::Contact, "Jean Martin", format!("/crm/contacts/{id}"), Timestamp::UNIX_EPOCH)
            .below([Some("Gérant"), None])
            .of(Some(UserId::from_ulid(Ulid(3))));
        Document::new(KEYS.item_name(&key).unwrap(), &key, found)
    }

    #[test]
    fn what_the_index_has_of_a_contact_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SEARCHED",
            "sk": "CONTACT#00000000000000000000000002|META",
            "type": "search_document",
            "v": 1,
            "item": "CONTACT#00000000000000000000000002|META",
            "places": [
                "W#jean#0FFFFFFFF#00000000000000000000000002",
                "W#martin#1FFFFFFFF#00000000000000000000000002",
                "P#jean martin#FFFFFFFF#00000000000000000000000002",
                "P#martin jean#FFFFFFFF#00000000000000000000000002",
            ],
            "category": "contact",
            "title": "Jean Martin",
            "subtitle": "Gérant",
            "href": "/crm/contacts/con_00000000000000000000000002",
            "at": "1970-01-01T00:00:00Z",
            "assigned_to": "usr_00000000000000000000000003",
        });
        assert_eq!(golden(&document(), KEYS).ok(), Some(expected));
    }

    #[test]
    fn a_place_of_the_index_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SEARCH#CONTACT",
            "sk": "W#jean#0FFFFFFFF#00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#SEARCH#CONTACT#OF#00000000000000000000000003",
            "gsi3sk": "W#jean#0FFFFFFFF#00000000000000000000000002",
            "type": "search_entry",
            "v": 1,
            "title": "Jean Martin",
            "subtitle": "Gérant",
            "href": "/crm/contacts/con_*",
        });
        let entry = document().entries().next().unwrap();
        assert_eq!(golden(&entry, KEYS).ok(), Some(expected.clone()));
        let read: Entry = serde_json::from_value(expected).unwrap();
        let found = Found { assigned_to: None, ..entry.found };
        assert_eq!(read, Entry { place: entry.place, found });
    }

    #[test]
    fn items_are_named_within_their_organization() {
        let key = KEYS.contact(ContactId::from_ulid(Ulid(2)));
        let name = KEYS.item_name(&key).unwrap();
        assert_eq!(KEYS.item_named(&name), Some(key.clone()));
        let (pk, sk) = key.parts();
        assert_eq!(keys::tenant_item(pk, sk), Some((OrganizationId::from_ulid(Ulid(1)), name)));
        assert_eq!(TenantKeys::of(OrganizationId::from_ulid(Ulid(2))).item_name(&key), None);
        assert_eq!(KEYS.item_named("CONTACT"), None);
    }

    #[test]
    fn the_freshest_stands_first_and_a_whole_word_before_what_it_begins() {
        let at = |word, at: &str| keys::search_word(word, 1, at.parse().unwrap(), Ulid(1));
        let of = |rank, at: &str| keys::search_word("a1", rank, at.parse().unwrap(), Ulid(1));
        assert!(of(0, "1970-01-01T00:00:00Z") < of(1, "2026-11-22T09:00:00Z"));
        assert!(at("a1", "2026-11-22T09:00:00Z") < at("a1", "2026-11-22T08:59:59Z"));
        assert!(at("a1", "2026-11-22T09:00:00Z") < at("a1", "1970-01-01T00:00:00Z"));
        assert!(at("a1", "1970-01-01T00:00:00Z") < at("a12", "2026-11-22T09:00:00Z"));
    }
}
