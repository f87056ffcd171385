//! All targets, or one, with how far they are: two lists beside each other.

use kernel::{Error, Result, id::TargetId, page::PageRequest};
use table::{Order, Scope, Stored, meter::side_by_side};
use web::Asker;

use super::{Standing, Target, model::TARGETS_MAX};
use crate::projection::Whose;

const ALL: PageRequest = PageRequest { limit: TARGETS_MAX, cursor: None };

/// A target and how far it is; nothing of one that was set at this moment.
#[derive(Debug)]
pub struct Shown {
    pub target: Stored<Target>,
    pub standing: Option<Stored<Standing>>,
}

impl Shown {
    pub fn achieved_in(&self, period: crate::dashboard::Period) -> i64 {
        self.standing.as_ref().map(|standing| standing.achieved_in(period)).unwrap_or_default()
    }
}

pub(super) async fn all(scope: &Scope, whose: Whose) -> Result<Vec<Shown>> {
    let keys = scope.keys();
    let (targets, standings) = (keys.targets().of(whose), keys.target_standings().of(whose));
    let (targets, standings) = side_by_side(
        scope.list::<Target>(&targets, &ALL, Order::Ascending),
        scope.list::<Standing>(&standings, &ALL, Order::Ascending),
    )
    .await;
    let mut standings = standings?.items;
    let shown = targets?.items.into_iter().map(|target| {
        let at = standings.iter().position(|standing| standing.target == target.id);
        Shown { standing: at.map(|at| standings.swap_remove(at)), target }
    });
    Ok(shown.collect())
}

/// Those that who asks may see: their own, where they see no others' records.
pub async fn list_targets(asker: &Asker) -> Result<Vec<Shown>> {
    all(&asker.scope, asker.only()).await
}

pub(super) async fn one(scope: &Scope, id: TargetId) -> Result<Option<Shown>> {
    let found = scope.collection(&scope.keys().target(id).collection()).await?;
    Ok(found.first::<Target>()?.map(|target| Shown { target, standing: found.first::<Standing>().ok().flatten() }))
}

pub async fn show_target(asker: &Asker, id: TargetId) -> Result<Shown> {
    let shown = one(&asker.scope, id).await?.ok_or(Error::NotFound)?;
    asker.must_see(shown.target.person())?;
    Ok(shown)
}
