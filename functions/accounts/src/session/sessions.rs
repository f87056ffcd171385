//! One's sessions: which there are, ending one, ending all.

use kernel::{Error, Result, id::SessionId};
use table::{Stored, keys};
use web::{Asker, Session, SessionsOfUser};

/// Of somebody who signed in more often than this, the oldest are not shown; ending all ends them too.
const SHOWN_MAX: u16 = 50;
/// More than anybody has who signs in by hand; the request of an export has room for so many.
const TOLD_MAX: u16 = 200;

/// The newest first; what is over is left out.
pub async fn list_sessions(asker: &Asker) -> Result<Vec<Stored<Session>>> {
    newest_sessions(asker, SHOWN_MAX).await
}

/// As [`list_sessions`], for who wants all that there is on them.
pub async fn tell_sessions(asker: &Asker) -> Result<Vec<Stored<Session>>> {
    newest_sessions(asker, TOLD_MAX).await
}

async fn newest_sessions(asker: &Asker, max: u16) -> Result<Vec<Stored<Session>>> {
    let of_user = keys::sessions_of_user(asker.user);
    let newest = keys::sessions(asker.user);
    let table = &asker.deps().table;
    let (sessions, over) =
        table::meter::side_by_side(table.newest::<Session>(&newest, max), table.get::<SessionsOfUser>(&of_user)).await;
    let over = over?;
    let now = asker.scope.now();
    let counts =
        |session: &Stored<Session>| session.expires_at > now && over.as_ref().is_none_or(|over| !over.ended(session));
    Ok(sessions?.into_iter().filter(counts).collect())
}

/// Ends one of one's own sessions; one that is over already is no error.
pub async fn end_session(asker: &Asker, id: SessionId) -> Result<()> {
    let session = list_sessions(asker).await?.into_iter().find(|session| session.id == id).ok_or(Error::NotFound)?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let mut transaction = scope.begin("end_session", id);
            transaction.forget::<Session>(|_| keys::session(&session.hash));
            Ok((transaction, ()))
        })
        .await
}

/// Ends every session but the one that asks.
pub async fn sign_out_everywhere(asker: &Asker) -> Result<()> {
    let session = asker.session.as_ref().ok_or(Error::Forbidden)?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let mut transaction = scope.begin("sign_out_everywhere", asker.user);
            let over = SessionsOfUser { user: asker.user, valid_from: scope.now(), except: Some(session.id) };
            transaction.replace(&over);
            Ok((transaction, ()))
        })
        .await
}
