//! Whether targets are reached, or out of reach: looked at when figures change, and once a day while their period goes on. What is
//! found is told with the note that it was, so that it is told once. While figures are made anew nobody looks.

use jiff::civil::Date;
use kernel::{
    Error, Result,
    event::{About, Event},
    id::TargetId,
    reference::OrganizationReference,
};
use table::{Scope, meter::side_by_side};

use super::{News, Standing, Target, count::Counts, list_targets};
use crate::projection::Projection;

/// The day where the organization is; none where nothing is looked at.
async fn today(scope: &Scope) -> Result<Option<Date>> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.organization(), keys.projection_state()]).await?;
    let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
    let is_rebuilding = found.first::<Projection>()?.is_some_and(|state| state.phase().is_some());
    let is_looked_at = organization.deletion.is_none() && !is_rebuilding;
    Ok(is_looked_at.then(|| scope.clock().today(&organization.zone())))
}

/// How far it is by now, and what is to be told of that.
fn looked_at(
    target: &Target,
    standing: &Standing,
    counts: &Counts,
    today: Date,
    is_daily: bool,
) -> (Standing, Option<News>) {
    let counted = standing.counted(target, counts.achieved(target, today), today, is_daily);
    if !target.is_running(today) {
        return (counted, None);
    }
    let period = target.period(today);
    let progress = target.progress(counted.achieved_in(period), period, today);
    match counted.looked_at(&progress, today) {
        Some((news, noted)) => (noted, Some(news)),
        None => (counted, None),
    }
}

/// All of them. Figures have changed.
pub async fn look_at_targets(scope: &Scope) -> Result<()> {
    let (today, targets) = side_by_side(today(scope), list_targets::all(scope, None)).await;
    let (Some(today), targets) = (today?, targets?) else { return Ok(()) };
    if targets.is_empty() {
        return Ok(());
    }
    let counts = Counts::of(scope, targets.iter().map(|shown| &shown.target.value)).await?;
    for shown in &targets {
        let known = shown.standing.as_ref();
        let is_known =
            known.is_some_and(|known| looked_at(&shown.target, known, &counts, today, false).0 == known.value);
        if !is_known {
            look_at_target(scope, shown.target.id, false).await?;
        }
    }
    Ok(())
}

/// One, read afresh. `is_daily`: the clock found it, and looks again on its next day.
pub async fn look_at_target(scope: &Scope, id: TargetId, is_daily: bool) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("look_at_target", id).unlogged();
            let (today, shown) = side_by_side(today(scope), list_targets::one(scope, id)).await;
            let (Some(today), Some(shown)) = (today?, shown?) else { return Ok((transaction.nothing(), ())) };
            let counts = Counts::of(scope, [&shown.target.value]).await?;
            let target = &shown.target.value;
            let standing =
                shown.standing.as_ref().map_or_else(|| Standing::new(target, today), |known| known.value.clone());
            let (after, news) = looked_at(target, &standing, &counts, today, is_daily);
            if shown.standing.as_ref().is_some_and(|known| known.value == after) {
                return Ok((transaction.nothing(), ()));
            }
            let about = About { label: Some(target.name.clone()), assigned_to: target.person(), ..About::default() };
            let period = target.period(today).from;
            match news {
                Some(News::Reached) => drop(transaction.emit(Event::TargetReached { target: id, period, about })),
                Some(News::OffTrack) => drop(transaction.emit(Event::TargetOffTrack { target: id, period, about })),
                None => {}
            }
            transaction.check(&scope.keys().target(id), shown.target.version).save(shown.standing.as_ref(), &after);
            Ok((transaction, ()))
        })
        .await
}
