//! What becomes of activities when a record that they are about is called otherwise, or is there no more; where it is made one
//! with another, the merge moves them. A worker does it, activity by activity; done again, it changes nothing more.

use kernel::{Result, id::ActivityId, page::PageRequest};
use table::{Order, Scope};

use super::{Activity, ActivityLine, store};
use crate::record::Record;

const AT_ONCE: u16 = 100;

/// The activities about a record, some at a time.
struct Following {
    record: Record,
    next: Option<PageRequest>,
}

impl Following {
    const fn new(record: Record) -> Self {
        Self { record, next: Some(PageRequest { limit: AT_ONCE, cursor: None }) }
    }

    /// None at the end.
    async fn more(&mut self, scope: &Scope) -> Result<Option<Vec<ActivityId>>> {
        let Some(page) = self.next.take() else { return Ok(None) };
        let list = scope.keys().activities_of(self.record.ulid(), "");
        let found = scope.list::<ActivityLine>(&list, &page, Order::Ascending).await?;
        self.next = found.next_cursor.map(|cursor| PageRequest { limit: AT_ONCE, cursor: Some(cursor) });
        Ok(Some(found.items.iter().map(|line| line.activity.id).collect()))
    }
}

/// A record is called `name` from now on.
pub async fn renamed(scope: &Scope, record: Record, name: &str) -> Result<()> {
    let mut following = Following::new(record);
    while let Some(activities) = following.more(scope).await? {
        for id in activities {
            rename_record_of_activity(scope, id, record, name).await?;
        }
    }
    Ok(())
}

async fn rename_record_of_activity(scope: &Scope, id: ActivityId, record: Record, name: &str) -> Result<()> {
    scope
        .write(|| async {
            let read = scope.get::<Activity>(&scope.keys().activity(id)).await?;
            let mut transaction = scope.begin("rename_record_of_activity", id);
            let renamed = read.as_deref().and_then(|read| read.with_name(record, name, scope.now()));
            match renamed {
                Some(renamed) => store::save(&mut transaction, read.as_ref(), &renamed),
                None => transaction = transaction.nothing(),
            }
            Ok((transaction, ()))
        })
        .await
}

/// A record is there no more, or nothing is left of a person (RGPD art. 17): what was about it alone goes too, and the rest
/// forgets it. The log does not keep what it was called.
pub async fn forgotten(scope: &Scope, record: Record) -> Result<()> {
    let mut following = Following::new(record);
    while let Some(activities) = following.more(scope).await? {
        for id in activities {
            forget_record_of_activity(scope, id, record).await?;
        }
    }
    Ok(())
}

async fn forget_record_of_activity(scope: &Scope, id: ActivityId, record: Record) -> Result<()> {
    scope
        .write(|| async {
            let read = scope.get::<Activity>(&scope.keys().activity(id)).await?;
            let mut transaction = scope.begin("forget_record_of_activity", id);
            let left = read.as_deref().and_then(|read| read.without(record, scope.now()));
            match (&read, left) {
                (Some(read), Some(left)) if left.is_about_nothing() => {
                    store::forget_lines(&mut transaction, read);
                    transaction.erase(read);
                }
                (Some(read), Some(left)) => {
                    store::save_lines(&mut transaction, Some(read), &left);
                    transaction.redact(read, &left);
                }
                _ => transaction = transaction.nothing(),
            }
            Ok((transaction, ()))
        })
        .await
}
