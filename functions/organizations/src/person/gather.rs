//! What of everything that an organization has is of one person. Of an item that is about them, all of it; of any other,
//! only the fields that name them: nothing of somebody else's leaves with it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Actor, Error, Result,
    event::{Owner, Person},
    id::{OrganizationId, UserId},
};
use serde_json::{Value, json};
use table::{
    AuditEntry,
    audit::Change,
    erasure::Traces,
    exports::Parts,
    keys,
    shared::{DocumentFile, OwnedMail, QuoteSignature, SignedFile},
    walk::Found,
};

use crate::{
    attached::{self, Attached},
    audit::acts,
    export::{ATTACHING, attachments},
    kinds::{self, Persons},
};

/// Items of other kinds that name them.
pub const MENTIONS: &str = "mentions";

/// A list of objects, as the archive has it.
#[derive(Debug, Default)]
pub struct List {
    pub count: u64,
    text: Vec<u8>,
}

impl List {
    fn push(&mut self, item: &Value) -> Result<()> {
        self.text.extend_from_slice(if self.count == 0 { b"[\n" } else { b",\n" });
        serde_json::to_writer_pretty(&mut self.text, item).map_err(Error::internal)?;
        self.count += 1;
        Ok(())
    }

    /// The text of the file.
    pub fn finish(&mut self) -> &[u8] {
        self.text.extend_from_slice(b"\n]\n");
        &self.text
    }
}

/// A file of the bucket that is theirs.
#[derive(Debug)]
pub struct Theirs {
    /// Its place in the archive.
    pub name: String,
    pub s3_key: String,
}

pub struct Gather<'a> {
    organization: OrganizationId,
    of: Person,
    traces: &'a Traces,
    parts: Parts,
    /// What they are called by in the items, and what is as good as their own.
    ids: BTreeSet<String>,
    /// The documents that are theirs.
    documents: BTreeSet<String>,
    lists: BTreeMap<&'static str, List>,
    files: Vec<Theirs>,
}

/// An item of a part, as it is told.
struct Told<'f> {
    found: &'f Found,
    kind: &'static kinds::Kind,
    value: Value,
}

impl Told<'_> {
    fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer).and_then(Value::as_str)
    }
}

impl<'a> Gather<'a> {
    pub fn new(organization: OrganizationId, of: Person, traces: &'a Traces, parts: Parts) -> Self {
        let ids = BTreeSet::from([of.to_string(), of.ulid().to_string()]);
        Self {
            organization,
            of,
            traces,
            parts,
            ids,
            documents: BTreeSet::new(),
            lists: BTreeMap::new(),
            files: Vec::new(),
        }
    }

    /// Takes what is theirs of an aggregate. The log comes last in a walk, so their documents are known by then.
    pub fn take(&mut self, part: &[Found]) -> Result<()> {
        let mut told = Vec::new();
        for found in part {
            if let Some(kind) = kinds::find(found.kind()) {
                told.push(Told { found, kind, value: found.told(kinds::masked(kind.item))? });
            }
        }
        // What is named after an employee is theirs as the employee is.
        for item in told.iter().filter(|item| item.kind.item == "employee") {
            if self.is_named_by(item, &["/user"]) {
                self.ids.extend(item.text("/id").map(str::to_owned));
            }
        }
        let at_company = told.iter().any(|item| any_text(&item.value, &mut |text| self.is_company(text)));
        let addressed = at_company && told.iter().any(|item| self.is_addressed(item));
        if addressed {
            self.documents.extend(told.iter().filter(|item| item.kind.persons == Persons::Document).flat_map(|item| {
                let id = item.text("/id").map(str::to_owned);
                id.into_iter().flat_map(|id| [id.split('_').next_back().unwrap_or_default().to_owned(), id])
            }));
        }
        for item in &told {
            self.item(item, at_company, addressed)?;
        }
        Ok(())
    }

    fn item(&mut self, item: &Told<'_>, at_company: bool, addressed: bool) -> Result<()> {
        let attached = (item.kind.item == attached::TYPE).then(|| Attached::read(&item.value)).transpose()?;
        if attached.is_some_and(|file| file.is_private() && !self.parts.private) {
            return Ok(());
        }
        if kinds::is_of_employees(item.kind.item) && !self.parts.hr {
            return Ok(());
        }
        let is_client = addressed && matches!(self.of, Person::Client(_));
        let (is_theirs, of_documents) = match item.kind.persons {
            Persons::Nobody | Persons::Apart => return Ok(()),
            Persons::Log => return self.log(item),
            Persons::Named => (false, false),
            Persons::About(fields) => (self.is_named_by(item, fields), false),
            Persons::OfClient(fields) => (self.is_named_by(item, fields), true),
            Persons::Document => (addressed, true),
            Persons::Dealing => (is_client, true),
            Persons::Signature => (is_client || self.signed(item, at_company), true),
            Persons::Mail => {
                let owner = item.found.get::<OwnedMail>()?.map(|mail| mail.owner);
                let of_document = owner.as_ref().is_some_and(Owner::has_document);
                (is_client || self.is_their_mail(item, owner, at_company), of_document)
            }
        };
        let is_hidden = of_documents && !self.parts.documents;
        // Where they are named is theirs to know, whatever may not be told of the rest.
        if is_hidden && !matches!(self.of, Person::User(_)) {
            return Ok(());
        }
        if is_theirs && !is_hidden {
            // The line of the bank by which they paid is theirs too.
            self.ids.extend(item.text("/bank_line").map(str::to_owned));
            self.file(item)?;
            return self.lists.entry(item.kind.file).or_default().push(&item.value);
        }
        let mut fields = BTreeMap::new();
        texts(&item.value, String::new(), &mut |path, text| {
            if self.names(text, at_company) {
                fields.insert(path.to_owned(), text.to_owned());
            }
        });
        if fields.is_empty() {
            return Ok(());
        }
        let id = item.value.get("id").filter(|id| id.is_string());
        let mention = json!({ "item": item.kind.item, "id": id, "fields": fields });
        self.lists.entry(MENTIONS).or_default().push(&mention)
    }

    fn is_company(&self, text: &str) -> bool {
        self.traces.companies.iter().any(|company| company.to_string() == text)
    }

    fn is_email(&self, text: &str) -> bool {
        self.traces.emails.iter().any(|email| email.eq_ignore_ascii_case(text))
    }

    /// A name alone is somebody else's too, unless it stands where they are.
    fn names(&self, text: &str, at_company: bool) -> bool {
        self.ids.contains(text) || self.is_email(text) || (at_company && self.traces.names(Some(text)))
    }

    fn is_named_by(&self, item: &Told<'_>, fields: &[&str]) -> bool {
        fields.iter().any(|field| item.text(field).is_some_and(|text| self.ids.contains(text) || self.is_email(text)))
    }

    fn is_addressed(&self, item: &Told<'_>) -> bool {
        let of_company = |field| item.text(field).is_some_and(|id| self.is_company(id));
        // A letter goes to the house, without an addressee.
        item.kind.persons == Persons::Document
            && (of_company("/client/reference/id") || of_company("/client"))
            && match self.of {
                Person::Client(_) => true,
                Person::Contact(_) => self.traces.names(item.text("/client/reference/contact")),
                Person::Member(_) | Person::User(_) => false,
            }
    }

    fn signed(&self, item: &Told<'_>, at_company: bool) -> bool {
        let by_name = at_company && self.traces.names(item.text("/signature/name"));
        by_name || item.text("/signature/email").is_some_and(|email| self.is_email(email))
    }

    fn is_their_mail(&self, item: &Told<'_>, owner: Option<Owner>, at_company: bool) -> bool {
        let user = self.user();
        let of_account = user.is_some() && owner == user.map(Owner::User);
        let to_them = item.text("/mail/to/address").is_some_and(|address| self.is_email(address));
        let text = item.text("/mail/text").unwrap_or_default();
        let named = at_company && self.traces.names.iter().any(|name| has_name(text, name));
        of_account || to_them || named
    }

    const fn user(&self) -> Option<UserId> {
        match self.of {
            Person::Member(user) | Person::User(user) => Some(user),
            Person::Contact(_) | Person::Client(_) => None,
        }
    }

    /// The file that the bucket has of an item, if any.
    fn file(&mut self, item: &Told<'_>) -> Result<()> {
        if attached::TYPES.contains(&item.kind.item) {
            let files = attached::files(item.kind.item, &item.value, self.organization)?;
            self.files.extend(files.into_iter().map(|(name, s3_key)| Theirs { name, s3_key }));
            return Ok(());
        }
        let file = if let Some(document) = item.found.get::<DocumentFile>()? {
            let folder = match document.owner {
                Owner::Quote(_) => "devis",
                Owner::Invoice(_) => "factures",
                Owner::CreditNote(_) => "avoirs",
                Owner::SelfBilled(_) => "autofacturation",
                Owner::Letter(_) => "courriers",
                Owner::User(_) | Owner::Invitation(_) => "autres",
            };
            // A number may have a slash, which is no folder.
            let file_name = document.file.file_name.replace('/', "-");
            Some(Theirs { name: format!("documents/{folder}/{file_name}"), s3_key: document.value.file.s3_key })
        } else if let Some(signed) = item.found.get::<SignedFile>()? {
            let file_name = signed.file.file_name.replace('/', "-");
            Some(Theirs { name: format!("documents/devis-signes/{file_name}"), s3_key: signed.value.file.s3_key })
        } else if let Some(signature) = item.found.get::<QuoteSignature>()? {
            signature.signature.picture.as_ref().map(|picture| Theirs {
                name: format!("signatures/{}.png", signature.quote),
                s3_key: keys::signature_s3_key(self.organization, signature.quote, &picture.sha256),
            })
        } else {
            None
        };
        self.files.extend(file);
        if ATTACHING.contains(&item.kind.item) {
            let files = attachments(&item.value).into_iter();
            self.files.extend(files.map(|file| Theirs { name: file.name, s3_key: file.s3_key }));
        }
        Ok(())
    }

    /// What an entry of the log tells of them: what they did, and what of the changed items is theirs. Who else acted is
    /// not told.
    fn log(&mut self, item: &Told<'_>) -> Result<()> {
        let Some(entry) = item.found.get::<AuditEntry>()?.filter(|_| self.parts.log) else { return Ok(()) };
        let entry = entry.value;
        let address = match (&entry.actor, self.user()) {
            (Actor::User { id, address, .. } | Actor::Token { user: id, address, .. }, Some(user)) if *id == user => {
                Some(*address)
            }
            _ => None,
        };
        let changed: Vec<_> = entry.changed.iter().filter_map(|change| self.told_of(change)).collect();
        let is_about = self.ids.contains(&entry.object) || self.documents.contains(&entry.object);
        if address.is_none() && changed.is_empty() && !is_about {
            return Ok(());
        }
        let mut told = json!({ "at": entry.at, "act": entry.act, "french": acts::french(&entry.act) });
        if let Some(fields) = told.as_object_mut() {
            // What a session is called is nobody's to know.
            if !entry.object.starts_with("ses_") {
                fields.insert("object".into(), json!(entry.object));
            }
            if let Some(address) = address {
                fields.insert("address".into(), json!(address));
                fields.insert("user_agent".into(), json!(entry.user_agent));
            }
            if !changed.is_empty() {
                fields.insert("changed".into(), json!(changed));
            }
        }
        self.lists.entry(item.kind.file).or_default().push(&told)
    }

    /// What is told of a changed item; none where nothing of it is theirs.
    fn told_of(&self, change: &Change) -> Option<Change> {
        let id = change.id.as_deref()?;
        let is_document = self.documents.contains(id);
        if self.ids.contains(id) || (is_document && matches!(self.of, Person::Client(_))) {
            return Some(change.clone());
        }
        if !is_document
            && !self
                .traces
                .companies
                .iter()
                .any(|company| id == company.to_string() || id == company.ulid().to_string())
        {
            return None;
        }
        let mut told = change.clone();
        told.named_only.clear();
        for fields in [&mut told.before, &mut told.after] {
            fields.retain(|_, value| value.as_str().is_some_and(|text| self.names(text, true)));
        }
        (!told.before.is_empty() || !told.after.is_empty()).then_some(told)
    }

    pub fn finish(self) -> (BTreeMap<&'static str, List>, Vec<Theirs>) {
        (self.lists, self.files)
    }
}

/// Every text within a value, with the path to it.
fn texts(value: &Value, path: String, tell: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => tell(&path, text),
        Value::Array(values) => {
            for (place, value) in values.iter().enumerate() {
                texts(value, format!("{path}/{place}"), tell);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                texts(value, format!("{path}/{name}"), tell);
            }
        }
        _ => {}
    }
}

fn any_text(value: &Value, wanted: &mut impl FnMut(&str) -> bool) -> bool {
    match value {
        Value::String(text) => wanted(text),
        Value::Array(values) => values.iter().any(|value| any_text(value, wanted)),
        Value::Object(fields) => fields.values().any(|value| any_text(value, wanted)),
        _ => false,
    }
}

/// Whether it stands there as a name, and not within a word.
fn has_name(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let around = [text[..at].chars().next_back(), text[at + name.len()..].chars().next()];
        !around.into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::has_name;

    #[test]
    fn a_name_is_no_part_of_a_word() {
        for text in ["Bonjour Li,", "Li", "voici, Madame Li\u{a0}: votre facture", "Livraison pour Li"] {
            assert!(has_name(text, "Li"), "{text}");
        }
        for text in ["Livraison à Lille", "AliLi", "Lié", ""] {
            assert!(!has_name(text, "Li"), "{text}");
        }
    }
}
