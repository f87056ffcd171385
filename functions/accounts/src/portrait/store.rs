//! The account that names the portrait, and the memberships that repeat it.

use std::collections::BTreeSet;

use kernel::{
    Error, Result,
    id::{OrganizationId, UploadId, UserId},
};
use table::{Patch, Stored, TenantKeys, Transaction, keys, meter::side_by_side};
use web::{Asker, Membership, team::UserOrganization};

use crate::account::{self, Account};

/// One's account, and where one is a member: a visit, too, though it is none of one's organizations.
pub async fn read(asker: &Asker) -> Result<(Stored<Account>, BTreeSet<OrganizationId>)> {
    let mine = keys::memberships_of_user(asker.user);
    let (account, mine) = side_by_side(account::show_profile(asker), asker.deps().table.collection(&mine)).await;
    let mine = mine?.all::<UserOrganization>()?.into_iter().map(|one| one.value.organization);
    Ok((account?, mine.chain(asker.visit.as_ref().map(|_| asker.organization.id)).collect()))
}

/// Names another portrait, or none, wherever the user is a member.
pub fn write(
    transaction: &mut Transaction,
    current: &Stored<Account>,
    organizations: &BTreeSet<OrganizationId>,
    portrait: Option<UploadId>,
) -> Account {
    let changed = Account { portrait, ..current.value.clone() };
    transaction.update(current, &changed);
    for organization in organizations {
        let member = Patch::of::<Membership>(TenantKeys::of(*organization).member(changed.user));
        transaction.patch(match &changed.portrait {
            Some(portrait) => member.set("portrait", &portrait.to_string()),
            None => member.remove("portrait"),
        });
    }
    changed
}

/// Deletes the file of a portrait that nobody names any more. The act is done: where this fails, no page shows it.
pub async fn discard(asker: &Asker, portrait: UploadId) {
    let key = keys::portrait_s3_key(asker.user, portrait);
    if let Err(error) = asker.deps().files.delete(&key).await {
        tracing::warn!(%error, key, "a former portrait is not deleted");
    }
}

/// Deletes the file of a portrait that its act failed to name; not where another request named it meanwhile.
pub async fn discard_unnamed(asker: &Asker, portrait: UploadId) {
    match account::show_profile(asker).await {
        Ok(account) if account.portrait == Some(portrait) => {}
        Ok(_) => discard(asker, portrait).await,
        Err(error) => tracing::warn!(%error, "a portrait that nobody names may be left"),
    }
}

/// Where the portrait of a member of the asker's organization lies.
pub async fn find_portrait(asker: &Asker, user: UserId) -> Result<String> {
    let portrait = if user == asker.user {
        asker.portrait
    } else {
        let member = asker.scope.get::<Membership>(&asker.scope.keys().member(user)).await?;
        member.filter(|member| member.holds_at(asker.scope.now())).and_then(|member| member.value.portrait)
    };
    portrait.map(|portrait| keys::portrait_s3_key(user, portrait)).ok_or(Error::NotFound)
}
