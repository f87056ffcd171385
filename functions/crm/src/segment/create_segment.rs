//! Giving what a list shows a name.

use kernel::{Error, Permission, Result, id::SegmentId};
use web::Asker;

use super::{Segment, SegmentInput, list_segments};
use crate::record::RecordKind;

/// What everybody has, changes what everybody sees.
pub(super) fn must_share(asker: &Asker, segment: &Segment) -> Result<()> {
    if !segment.is_shared || asker.may(Permission::CrmEdit) { Ok(()) } else { Err(Error::Forbidden) }
}

pub async fn create_segment(asker: &Asker, input: &SegmentInput) -> Result<Segment> {
    let scope = &asker.scope;
    let id = scope.new_id(SegmentId::new);
    let of = RecordKind::named(&input.of).unwrap_or(RecordKind::Company);
    scope
        .write(|| async {
            let known = list_segments::read(asker, of).await?;
            let segment = input.parse(id, (asker.user, scope.now()), None, &known)?;
            must_share(asker, &segment)?;
            let mut transaction = scope.begin("create_segment", id);
            transaction.create(&segment);
            Ok((transaction, segment))
        })
        .await
}
