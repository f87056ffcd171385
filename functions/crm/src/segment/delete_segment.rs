//! Deleting a segment. The records stay.

use kernel::{Result, id::SegmentId};
use web::Asker;

use super::{Segment, edit_segment::read};

pub async fn delete_segment(asker: &Asker, id: SegmentId) -> Result<Segment> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = read(asker, id).await?;
            let mut transaction = scope.begin("delete_segment", id);
            transaction.delete(&read);
            Ok((transaction, read.value))
        })
        .await
}
