//! Choosing another password through a link that is sent to the account's address: one use, one hour. Whether the
//! address has an account is told by neither the answer nor the time that it takes.

use cloud::Deps;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Actor, Error, Result, Tenant,
    error::Conflict,
    event::{Event, Owner},
    id::{MailId, OrganizationId, UserId},
    legal,
    mail::{Mail, Mailbox, SECRET_PLACEHOLDER},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Audit, Item, Key, Stored, TenantKeys, keys, meter, shared::OwnedMail};
use ulid::Ulid;
use web::{Letter, SessionsOfUser, Visitor, credentials::Secret};

use super::{password, store::Account};
use crate::throttle::{self, Attempt, LINK_FROM, RESET, RESET_FROM, SIGN_IN};

const VALID: SignedDuration = SignedDuration::from_hours(1);
/// Where it is noted that somebody asked for an address without an account: so that it costs the same.
const NOBODYS: OrganizationId = OrganizationId::from_ulid(Ulid::nil());

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ResetRequestInput {
    pub email: String,
}

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ResetInput {
    /// From the link.
    pub secret: String,
    pub password: String,
}

/// What a link stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PasswordReset {
    pub hash: String,
    /// Nil where the address has no account.
    pub user: UserId,
    pub email: String,
    pub organization: OrganizationId,
    pub expires_at: Timestamp,
}

impl Item for PasswordReset {
    const TYPE: &'static str = "password_reset";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, _: TenantKeys) -> Key {
        keys::password_reset(&self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

pub async fn request_reset(deps: &Deps, visitor: &Visitor, input: &ResetRequestInput) -> Result<()> {
    let email = legal::email(&input.email).map_err(|rule| Error::field("/email", rule))?.to_lowercase();
    let subjects = [(RESET, email.clone()), (RESET_FROM, throttle::address(visitor.address))];
    let key = keys::email(&email);
    let (attempt, account) =
        meter::side_by_side(Attempt::count(deps, &subjects), deps.table.get::<Account>(&key)).await;
    attempt?;
    let account = account?;
    let (user, organization, name) = match &account {
        Some(account) => (account.user, account.organization, account.name.clone()),
        None => (UserId::from_ulid(Ulid::nil()), NOBODYS, String::new()),
    };
    let actor = Actor::User { id: user, name: name.clone(), address: visitor.address };
    let scope = &deps.table.scope(Tenant::proven(organization, actor)).with_origin(visitor.origin());
    let reference = scope.get::<OrganizationReference>(&scope.keys().organization()).await?;
    let reference = reference.map_or_else(|| OrganizationReference::new(organization, String::new()), |r| r.value);
    let secret = Secret::one_use();
    let id = scope.new_id(MailId::new);
    let sealed = deps.vault.seal(&Mail::secret_purpose(organization, id), secret.text.as_bytes()).await?;
    let letter = Letter::new(&reference, "Votre nouveau mot de passe", (!name.is_empty()).then_some(name.as_str()))
        .paragraph("Vous avez demandé à choisir un nouveau mot de passe pour votre compte ABSERVICE.")
        .button(
            "Choisir un nouveau mot de passe",
            format!("{}/connexion/reinitialisation?jeton={SECRET_PLACEHOLDER}", deps.config.public_url),
        )
        .note("Ce lien est valable une heure et ne sert qu’une fois.")
        .note(
            "Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même. Quelqu’un a sans doute \
             saisi votre adresse par erreur.",
        );
    let mail = letter.mail(id, Mailbox { name: Some(name).filter(|name| !name.is_empty()), address: email.clone() })?;
    let mail = OwnedMail { owner: Owner::User(user), mail: Mail { secret: Some(sealed), ..mail } };
    scope
        .write(|| async {
            let mut transaction = scope.begin("request_password_reset", user);
            transaction.create(&PasswordReset {
                hash: secret.hash.clone(),
                user,
                email: email.clone(),
                organization,
                expires_at: scope.now().checked_add(VALID).map_err(Error::internal)?,
            });
            if account.is_some() {
                transaction.create(&mail).emit(Event::MailRequested { owner: mail.owner, mail: id });
            }
            Ok((transaction, ()))
        })
        .await
}

/// The reset that a link stands for, while it holds.
pub async fn find_reset(deps: &Deps, secret: &str) -> Result<Stored<PasswordReset>> {
    let found = deps.table.get::<PasswordReset>(&keys::password_reset(&Secret::hash_of(secret))).await?;
    found
        .filter(|reset| reset.expires_at > deps.clock.now() && reset.organization != NOBODYS)
        .ok_or(Error::Conflict(Conflict::LinkExpired))
}

/// Sets the password and ends all sessions. Works for a locked account too, and unlocks it.
pub async fn reset_password(deps: &Deps, visitor: &Visitor, input: &ResetInput) -> Result<()> {
    let subject = [(LINK_FROM, throttle::address(visitor.address))];
    let (attempt, reset) = meter::side_by_side(Attempt::count(deps, &subject), find_reset(deps, &input.secret)).await;
    let (attempt, reset) = (attempt?, reset?);
    let actor = Actor::User { id: reset.user, name: String::new(), address: visitor.address };
    let scope = &deps.table.scope(Tenant::proven(reset.organization, actor)).with_origin(visitor.origin());
    let writing = scope.write(|| async {
        let account = deps.table.get::<Account>(&keys::email(&reset.email)).await?;
        // The address may have an account anew since that one was deleted.
        let account = account.filter(|account| account.user == reset.user);
        let account = account.ok_or(Error::Conflict(Conflict::LinkExpired))?;
        let known = [account.name.as_str(), account.email.as_str()];
        let strong = password::strong(&input.password, &known).map_err(|rule| Error::field("/password", rule))?;
        let password_hash = password::hash(strong).await?;
        let mut transaction = scope.begin("reset_password", account.user);
        let now = scope.now();
        let changed = Account {
            password_hash,
            email_verified_at: account.email_verified_at.or(Some(now)),
            ..account.value.clone()
        };
        transaction
            .spend(&reset, || Error::Conflict(Conflict::LinkExpired))
            .update(&account, &changed)
            .replace(&SessionsOfUser { user: account.user, valid_from: now, except: None });
        Ok((transaction, ()))
    });
    let unlocking =
        async { meter::side_by_side(attempt.forgive(deps), throttle::forget(deps, SIGN_IN, &reset.email)).await };
    let (written, ((), unlocked)) = meter::side_by_side(writing, unlocking).await;
    written.and(unlocked)
}
