//! Another name or another filter of a segment, or sharing it.

use kernel::{Error, Permission, Result, id::SegmentId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Segment, SegmentInput, create_segment::must_share, list_segments};
use crate::record::RecordKind;

/// One that who asks may change: their own, or what others share, for who sees all.
pub(super) async fn read(asker: &Asker, id: SegmentId) -> Result<Stored<Segment>> {
    let found = asker.scope.get::<Segment>(&asker.scope.keys().segment(id)).await?;
    let segment = found.filter(|segment| segment.is_for(asker.user)).ok_or(Error::NotFound)?;
    let may = segment.by == asker.user || (asker.sees_all() && asker.may(Permission::CrmEdit));
    if may { Ok(segment) } else { Err(Error::Forbidden) }
}

/// `seen` is the version that the client changes.
pub async fn edit_segment(
    asker: &Asker,
    id: SegmentId,
    input: &SegmentInput,
    seen: Option<u64>,
) -> Result<(Segment, u64)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            // Of which list it is, the input may say; names are told apart within what it says.
            let of = RecordKind::named(&input.of).unwrap_or(RecordKind::Company);
            let (read, known) = side_by_side(read(asker, id), list_segments::read(asker, of)).await;
            let read = read?.expect_version(seen)?;
            let known: Vec<_> = known?.into_iter().filter(|other| other.of == read.of).collect();
            let changed = input.parse(id, (asker.user, scope.now()), Some(&read), &known)?;
            must_share(asker, &changed)?;
            let mut transaction = scope.begin("edit_segment", id);
            transaction.update(&read, &changed);
            Ok((transaction, (changed, read.version + 1)))
        })
        .await
}
