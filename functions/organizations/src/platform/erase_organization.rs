//! What is left to do once an organization is deleted: removing all but what the law keeps, in bounded steps. Each step
//! may be repeated, and a message that comes again finds what is left, or nothing.

use cloud::Deps;
use kernel::{
    Error, Result,
    reference::{Deletion, OrganizationReference},
};
use table::{Item, Scope, WRITES_MAX, keys, shared::FrozenDocument, walk::Found};
use web::{Membership, team::UserOrganization};

use super::KeptDocument;
use crate::{
    kinds::{self, Kept},
    organization,
};

/// Writes of one step, with room for its audit entry.
const STEP_MAX: usize = WRITES_MAX - 10;
/// Lists follow what was written a moment ago: until nothing more is found, it is looked again.
const LOOKS_MAX: usize = 5;

pub async fn erase_organization(deps: &Deps, scope: &Scope) -> Result<()> {
    // A message that is about another, or came by mistake, removes nothing.
    if organization::read(scope).await?.deletion.is_none() {
        return Err(Error::internal("the organization is not deleted"));
    }
    for look in 1.. {
        if erase_items(scope).await? == 0 {
            break;
        }
        if look == LOOKS_MAX {
            return Err(Error::unavailable("there is still something written"));
        }
    }
    erase_files(deps, scope).await?;
    finish(scope).await
}

/// One thing to write.
enum Write {
    Erase(Found),
    /// The organization in the list of somebody who was a member.
    Leave(Membership),
    Keep(KeptDocument),
}

/// Gives how many writes it took.
async fn erase_items(scope: &Scope) -> Result<usize> {
    let (mut total, mut step) = (0, Vec::with_capacity(STEP_MAX));
    let mut walk = scope.walk();
    while let Some(part) = walk.next().await? {
        for write in writes(part)? {
            step.push(write);
            if step.len() == STEP_MAX {
                total += step.len();
                take(scope, &std::mem::take(&mut step)).await?;
            }
        }
    }
    total += step.len();
    if !step.is_empty() {
        take(scope, &step).await?;
    }
    Ok(total)
}

fn writes(part: Vec<Found>) -> Result<Vec<Write>> {
    let frozen = part.iter().find_map(|item| item.get::<FrozenDocument>().transpose()).transpose()?;
    let is_noted = part.iter().any(|item| item.kind() == KeptDocument::TYPE);
    let mut writes = Vec::new();
    for item in part {
        let stays = match kinds::find(item.kind()).map_or(Kept::Nothing, |kind| kind.kept) {
            Kept::Always => true,
            Kept::IfIssued => frozen.is_some(),
            Kept::Nothing => false,
        };
        if stays {
            continue;
        }
        if let Some(member) = item.get::<Membership>()? {
            writes.push(Write::Leave(member.value));
        }
        writes.push(Write::Erase(item));
    }
    if let Some(frozen) = frozen.filter(|_| !is_noted) {
        writes.push(Write::Keep(KeptDocument::of(frozen.value)));
    }
    Ok(writes)
}

/// All of it or nothing. What changed since it was found is found again.
async fn take(scope: &Scope, step: &[Write]) -> Result<()> {
    let organization = scope.tenant().organization();
    scope
        .write(|| async {
            let mut transaction = scope.begin("erase_organization", organization);
            for write in step {
                match write {
                    Write::Erase(item) => drop(transaction.clear(item)),
                    Write::Leave(member) => {
                        let line = keys::membership_of_user(member.user, organization);
                        transaction.forget::<UserOrganization>(|_| line);
                    }
                    Write::Keep(document) => drop(transaction.replace(document)),
                }
            }
            Ok((transaction, ()))
        })
        .await
}

async fn erase_files(deps: &Deps, scope: &Scope) -> Result<()> {
    let organization = scope.tenant().organization();
    let prefix = keys::s3_prefix(organization);
    let mut start = None;
    loop {
        let listed = deps.files.list(&prefix, start.as_deref()).await?;
        for key in listed.iter().filter(|key| !keys::outlives_organization(organization, key)) {
            if !left_with_document(scope, key).await? {
                deps.files.delete(key).await?;
            }
        }
        start = listed.into_iter().next_back();
        if start.is_none() {
            return Ok(());
        }
    }
}

/// A file that was added to a document goes or stays with it: what was issued names it, what was deleted does not.
async fn left_with_document(scope: &Scope, s3_key: &str) -> Result<bool> {
    let Some(owner) = keys::attachment_owner(scope.tenant().organization(), s3_key) else { return Ok(false) };
    let frozen = scope.get::<FrozenDocument>(&scope.keys().snapshot(owner)).await?;
    Ok(frozen.is_some_and(|frozen| frozen.snapshot.attachments.iter().any(|file| file.s3_key == s3_key)))
}

async fn finish(scope: &Scope) -> Result<()> {
    scope
        .write(|| async {
            let current = organization::read(scope).await?;
            let mut transaction = scope.begin("erase_organization", current.id);
            let Some(Deletion { at, erased_at: None }) = current.deletion else {
                return Ok((transaction.nothing(), ()));
            };
            let deletion = Some(Deletion { at, erased_at: Some(scope.now()) });
            transaction.update(&current, &OrganizationReference { deletion, ..current.value.clone() });
            Ok((transaction, ()))
        })
        .await
}
