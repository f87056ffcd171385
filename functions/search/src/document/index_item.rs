//! One item as the index has it: read afresh, compared with what stands there, and written in one transaction that holds both
//! to what was read. So messages may come twice, late and in any order.

use std::pin::Pin;

use kernel::{Error, Result, id::UserId, search::Category};
use table::{Key, Scope, Transaction, walk::Found as Read};

use super::{
    kinds,
    store::{Document, Entry},
};

/// Why an item is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It, or what it belongs to, changed.
    Changed,
    /// The index is made anew: what stands there is written again, whatever is believed to stand there.
    Rebuild,
}

const FILE: &str = "attached_file";
/// What has files beside it.
const WITH_FILES: [Category; 3] = [Category::Company, Category::Contact, Category::Opportunity];

pub async fn index_named(scope: &Scope, item: &str) -> Result<()> {
    let key = scope.keys().item_named(item).ok_or_else(|| Error::internal("not the name of an item"))?;
    index_item(scope, &key, Reason::Changed).await
}

pub async fn index_item(scope: &Scope, key: &Key, reason: Reason) -> Result<()> {
    let keys = scope.keys();
    let name = keys.item_name(key).ok_or_else(|| Error::internal("an item of another tenant"))?;
    scope
        .write(|| async {
            let mut transaction = scope.begin("index_item", &name).unlogged();
            let indexed = scope.get::<Document>(&keys.searched(&name)).await?;
            let look = Look::at(scope, key).await?;
            let wanted = look.found()?.map(|found| Document::new(name.clone(), key, found));
            let is_known = indexed.as_ref().map(|stored| &stored.value) == wanted.as_ref();
            if is_known && (reason == Reason::Changed || wanted.is_none()) {
                return Ok((transaction.nothing(), ()));
            }
            // Before the record itself: who is stopped in between finds it otherwise again, and comes back for them.
            let (before, after) = (holds(indexed.as_deref()), holds(wanted.as_ref()));
            if reason == Reason::Rebuild || before != after {
                index_files(scope, key, before.or(after).map(|(category, ..)| category), reason).await?;
            }
            let kept = |place: &String| wanted.as_ref().is_some_and(|wanted| wanted.places.contains(place));
            if let Some(indexed) = &indexed {
                for place in indexed.places.iter().filter(|place| !kept(place)) {
                    transaction.forget::<Entry>(|keys| keys.search_entry(indexed.found.category, place));
                }
            }
            for entry in wanted.iter().flat_map(Document::entries) {
                transaction.replace(&entry);
            }
            match (&indexed, &wanted) {
                (read, Some(wanted)) => transaction.save(read.as_ref(), wanted),
                (Some(read), None) => transaction.delete(read),
                (None, None) => &mut transaction,
            };
            look.hold(&mut transaction, key);
            Ok((transaction, ()))
        })
        .await
}

/// By what the files of a record know it.
fn holds(document: Option<&Document>) -> Option<(Category, &str, Option<UserId>)> {
    document.map(|document| (document.found.category, document.found.title.as_str(), document.found.assigned_to))
}

/// The files that lie beside a record, which are called by its name and seen by whoever sees it.
async fn index_files(scope: &Scope, record: &Key, category: Option<Category>, reason: Reason) -> Result<()> {
    if !category.is_some_and(|category| WITH_FILES.contains(&category)) {
        return Ok(());
    }
    let files = scope.keys().attached_files(record);
    let mut start = None;
    loop {
        let (page, last) = scope.collection_page(&files, start.as_deref()).await?;
        for file in page.keys() {
            index_file(scope, file, reason).await?;
        }
        start = last;
        if start.is_none() {
            return Ok(());
        }
    }
}

/// On the heap, and of a type that says nothing of what it does: a record indexes its files by the code that it is indexed by.
fn index_file(scope: &Scope, file: Key, reason: Reason) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
    Box::pin(async move { index_item(scope, &file, reason).await })
}

/// What was read of an item.
struct Look {
    item: Option<Read>,
    /// Of a file, with the record's key.
    record: Option<(Key, Option<Read>)>,
}

impl Look {
    async fn at(scope: &Scope, key: &Key) -> Result<Self> {
        let item = scope.find(key).await?;
        let record = match &item {
            Some(file) if file.kind() == FILE => Some((key.head(), scope.find(&key.head()).await?)),
            _ => None,
        };
        Ok(Self { item, record })
    }

    fn found(&self) -> Result<Option<super::Found>> {
        let Some(item) = &self.item else { return Ok(None) };
        let told = item.told(&[])?;
        let record = self.record.as_ref().and_then(|(_, record)| record.as_ref());
        let record = record.map(|record| record.told(&[])).transpose()?;
        Ok(kinds::found(&kinds::Read { kind: item.kind(), item: &told, record: record.as_ref() }))
    }

    /// What is written holds only while all that was read is as it was.
    fn hold(&self, transaction: &mut Transaction, key: &Key) {
        let read = [(key, self.item.as_ref())].into_iter();
        let records = self.record.iter().map(|(key, record)| (key, record.as_ref()));
        for (key, item) in read.chain(records) {
            match item {
                Some(item) => transaction.check(key, item.seen()),
                None => transaction.check_absent(key),
            };
        }
    }
}
