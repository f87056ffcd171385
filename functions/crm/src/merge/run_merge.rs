//! Moving what points to a record that was merged, or back: several things in one transaction, which also says how far the
//! merge has come. Killed, it goes on from there; told twice, it finds nothing left.

use kernel::{Result, event::Event, id::MergeId};
use table::Scope;

use super::{Merge, State, moves};

/// Chunks of one message; the event comes again for the rest, so that no worker runs out of time.
const CHUNKS_MAX: usize = 15;

pub async fn run_merge(scope: &Scope, id: MergeId) -> Result<()> {
    for chunk in 1..=CHUNKS_MAX {
        if !run_chunk(scope, id, chunk == CHUNKS_MAX).await? {
            break;
        }
    }
    Ok(())
}

/// Until nothing is left of it.
pub(super) async fn finish(scope: &Scope, id: MergeId) -> Result<()> {
    while run_chunk(scope, id, false).await? {}
    Ok(())
}

/// Whether there is more to do. `is_last` asks for the rest by an event.
async fn run_chunk(scope: &Scope, id: MergeId, is_last: bool) -> Result<bool> {
    let key = scope.keys().merge(id);
    scope
        .write(|| async {
            let mut transaction = scope.begin("run_merge", id);
            // None where somebody was erased meanwhile.
            let Some(read) = scope.get::<Merge>(&key).await?.filter(|merge| merge.is_under_way()) else {
                return Ok((transaction.nothing(), false));
            };
            let chunk = moves::step(scope, &read, &mut transaction).await?;
            let moved = i64::from(read.moved).saturating_add(chunk.moved);
            let state = read.after_chunk(chunk.next, scope.now());
            let merge = Merge { moved: u32::try_from(moved).unwrap_or_default(), state, ..read.value.clone() };
            transaction.update(&read, &merge);
            if let State::Done { .. } = merge.state {
                let (loser, winner) = (merge.loser.to_string(), merge.winner.to_string());
                transaction.emit(Event::RecordMerged { loser, winner });
            }
            if merge.is_under_way() && is_last {
                transaction.emit(Event::MergeRequested { merge: id });
            }
            Ok((transaction, merge.is_under_way()))
        })
        .await
}
