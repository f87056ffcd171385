//! All that the organization has on one of its members, as a file (RGPD art. 15). Their account, their sessions and their
//! other organizations are theirs, and no part of it.

use kernel::{
    Error, Result,
    event::Person,
    export::{Export, Exports},
    id::{ExportId, UserId},
};
use table::{Stored, erasure::Traces, exports::Sought, meter};
use web::{
    Asker, Membership,
    export::Download,
    person::{self, Known},
};

/// A visitor of the platform is no member.
async fn member(asker: &Asker, user: UserId) -> Result<Stored<Membership>> {
    let member = asker.scope.get::<Membership>(&asker.scope.keys().member(user)).await?;
    member.filter(|member| member.visit.is_none()).ok_or(Error::NotFound)
}

pub async fn request_member_export(asker: &Asker, user: UserId) -> Result<Export> {
    person::request_person_export(asker, Person::Member(user), || known(asker, user)).await
}

async fn known(asker: &Asker, user: UserId) -> Result<Known> {
    let member = member(asker, user).await?;
    let traces = Traces { emails: vec![member.email.clone()], ..Traces::default() };
    let sought = Sought { traces, portrait: member.portrait, ..Sought::default() };
    Ok(Known { sought, read: (asker.scope.keys().member(user), member.version) })
}

/// With whom they are about.
pub async fn list_member_exports(asker: &Asker, user: UserId) -> Result<(Stored<Membership>, Exports)> {
    let listing = person::list_person_exports(asker, Person::Member(user));
    let (member, exports) = meter::side_by_side(member(asker, user), listing).await;
    Ok((member?, exports?))
}

pub async fn download_member_export(asker: &Asker, user: UserId, export: ExportId) -> Result<Download> {
    let file = person::download_person_export(asker, Person::Member(user), export);
    let (member, file) = meter::side_by_side(member(asker, user), file).await;
    member?;
    file
}
