//! The gate in front of every handler: where the request comes from, who asks, what they may do, and whether
//! it was asked before. One round trip to the table.

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use cloud::Deps;
use http::{HeaderMap, HeaderValue, Method, header};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Actor, Error, Permission, Result, Tenant,
    id::{OrganizationId, UserId},
    permission::Permissions,
    reference::OrganizationReference,
};
use sha2::{Digest, Sha256};
use table::{
    Key, Patch, Scope, TenantKeys,
    idempotency::{Claim, Idempotency, IdempotencyRecord, is_key},
    keys,
};

use crate::{
    Asker, Failure, Visitor,
    chosen::Chosen,
    credentials::{AccessToken, Credential, Membership, Session, SessionsOfUser},
};

/// The largest body a request may have.
pub const BODY_MAX: usize = 1024 * 1024;

/// Who may call a route. Declared with the route; there is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: signing in, assets, the health check.
    Anyone,
    /// Any member, for what is their own (profile, security, signing out), even while the organization lets nobody
    /// further in.
    Own,
    /// Any member of the organization.
    Member,
    Needs(Permission),
    /// An administrator of the platform. For others there is no such page.
    Platform,
}

/// How exactly it is known when somebody was last seen.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(10);

pub(crate) async fn guard(access: Access, request: Request, next: Next) -> Response {
    let deps = match request.extensions().get::<Deps>() {
        Some(deps) => deps.clone(),
        None => return Failure(Error::internal("no dependencies in the request")).into_response(),
    };
    let ((answer, shown), trips) = table::meter::measured(async {
        match admit(access, deps.clone(), request).await {
            Ok((request, seen)) => {
                let asker = request.extensions().get::<Asker>().cloned();
                let (answer, ()) = table::meter::side_by_side(next.run(request), deps.table.touch(seen)).await;
                (answer, asker)
            }
            Err(error) => (Failure(error).into_response(), None),
        }
    })
    .await;
    let mut answer = answer;
    if let Some(asker) = shown {
        answer.extensions_mut().insert(asker);
    }
    if let Ok(value) = HeaderValue::from_str(&format!("table;desc=\"{trips}\"")) {
        answer.headers_mut().insert("server-timing", value);
    }
    answer
}

/// The request for the handler, and what is to be noted of who was seen.
async fn admit(access: Access, deps: Deps, request: Request) -> Result<(Request, Vec<Patch>)> {
    let credential = Credential::of(request.headers(), deps.config.secure_cookies);
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !matches!(credential, Some(Credential::Token(_))) {
        refuse_foreign(request.headers())?;
    }
    let request = with_body(request).await?;
    match access {
        Access::Anyone => Ok((request, Vec::new())),
        access => identified(access, deps, credential, request).await,
    }
}

/// Reads the body whole, within its limit, so that its hash and the form's key are known beforehand.
async fn with_body(request: Request) -> Result<Request> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, BODY_MAX).await.map_err(|_| Error::TooLarge)?;
    let mut request = Request::from_parts(parts, Body::from(bytes.clone()));
    request.extensions_mut().insert(Whole(bytes));
    Ok(request)
}

#[derive(Clone)]
struct Whole(bytes::Bytes);

/// Another site's page may not act with this browser's cookies: every browser of today sends
/// `Sec-Fetch-Site`; `Origin` decides for those that do not.
fn refuse_foreign(headers: &HeaderMap) -> Result<()> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let own = match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin" | "none"), _) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => {
            let host = text("host").unwrap_or_default();
            origin.split_once("://").is_some_and(|(_, rest)| rest == host)
        }
        (None, None) => true,
    };
    if own { Ok(()) } else { Err(Error::Forbidden) }
}

async fn identified(
    access: Access,
    deps: Deps,
    credential: Option<Credential>,
    mut request: Request,
) -> Result<(Request, Vec<Patch>)> {
    let credential = credential.ok_or(Error::Unauthenticated)?;
    let chosen = request.extensions().get::<Chosen>().map(|Chosen(organization)| *organization);
    let tenant = TenantKeys::of(chosen.unwrap_or(credential.organization()));
    let claim = idempotency_key(&request)?;
    let user = credential.user();
    let mut wanted: Vec<Key> =
        vec![credential.key(), tenant.member(user), tenant.organization(), keys::sessions_of_user(user)];
    if let Some(key) = &claim {
        wanted.push(tenant.idempotency(user, key));
    }
    let found = deps.table.get_many(&wanted).await?;
    let now = deps.clock.now();
    let holder = match &credential {
        Credential::Session(claimed) => {
            let session = found.get::<Session>(&wanted[0])?.ok_or(Error::Unauthenticated)?.value;
            let of_user = found.get::<SessionsOfUser>(&wanted[3])?;
            let is_over = of_user.is_some_and(|all| all.ended(&session));
            if session.user != claimed.user || session.expires_at <= now || is_over {
                return Err(Error::Unauthenticated);
            }
            Holder::Session(session)
        }
        Credential::Token(claimed) => {
            let token = found.get::<AccessToken>(&wanted[0])?.ok_or(Error::Unauthenticated)?.value;
            if token.user != claimed.user || token.organization != claimed.organization || token.is_expired_at(now) {
                return Err(Error::Unauthenticated);
            }
            // A token is for one organization, whatever the address says.
            if chosen.is_some_and(|chosen| chosen != token.organization) {
                return Err(Error::NotFound);
            }
            Holder::Token(token)
        }
    };
    // Of an organization that the address names, who is no member learns nothing.
    let outside = || if chosen.is_some() { Error::NotFound } else { Error::Unauthenticated };
    let member = found.get::<Membership>(&wanted[1])?.filter(|member| member.holds_at(now)).ok_or_else(outside)?.value;
    // Who left and came back has a new membership, and no token of the former one.
    if matches!(&holder, Holder::Token(token) if token.created_at < member.joined_at) {
        return Err(Error::Unauthenticated);
    }
    let organization = found.get::<OrganizationReference>(&wanted[2])?.ok_or_else(outside)?.value;
    if organization.deletion.is_some() {
        return Err(Error::Deleted);
    }
    let address = client_address(request.headers());
    let (actor, permissions) = match &holder {
        Holder::Session(session) => {
            (Actor::User { id: session.user, name: member.name.clone(), address }, member.role.permissions())
        }
        Holder::Token(token) => (
            Actor::Token { id: token.id, user: token.user, name: token.name.clone(), address },
            member.role.permissions().narrowed(&token.scopes),
        ),
    };
    holder.pass(access, &organization, &member, &permissions)?;
    let idempotency = match claim {
        None => Idempotency::None,
        Some(key) => Idempotency::Claimed(Arc::new(Claim {
            home: tenant,
            user: member.user,
            request: fingerprint(&request),
            known: found.get::<IdempotencyRecord>(&wanted[4])?.map(|stored| stored.value),
            key,
        })),
    };
    let seen = holder.seen(now, &wanted[0], &member, &wanted[1]);
    let visitor = Visitor::new(&request, deps);
    let scope = visitor
        .deps
        .table
        .scope(Tenant::proven(organization.id, actor))
        .with_idempotency(idempotency)
        .with_origin(visitor.origin());
    request.extensions_mut().insert(Asker {
        visitor,
        scope,
        user: member.user,
        name: member.name,
        email: member.email,
        portrait: member.portrait,
        role: member.role,
        visit: member.visit,
        permissions,
        organization,
        session: holder.session(),
    });
    Ok((request, seen))
}

impl Asker {
    /// Somebody in whose name a worker goes on with what they asked for: with what they may see and do by now. None where
    /// they are no member any more, or the organization lets nobody in.
    pub async fn standing_in(deps: &Deps, organization: OrganizationId, user: UserId) -> Result<Option<Self>> {
        let tenant = TenantKeys::of(organization);
        let wanted = [tenant.member(user), tenant.organization()];
        let found = deps.table.get_many(&wanted).await?;
        let member = found.get::<Membership>(&wanted[0])?.filter(|member| member.holds_at(deps.clock.now()));
        let organization = found.get::<OrganizationReference>(&wanted[1])?;
        let (Some(member), Some(organization)) = (member, organization) else { return Ok(None) };
        let (member, organization) = (member.value, organization.value);
        if organization.deletion.is_some() || (organization.suspended_at.is_some() && member.visit.is_none()) {
            return Ok(None);
        }
        let actor = Actor::User { id: user, name: member.name.clone(), address: None };
        let visitor = Visitor {
            deps: deps.clone(),
            address: None,
            user_agent: None,
            request_id: String::new(),
            is_fragment: false,
            flash: None,
            challenge: None,
        };
        Ok(Some(Self {
            visitor,
            scope: deps.table.scope(Tenant::proven(organization.id, actor)),
            user: member.user,
            name: member.name,
            email: member.email,
            portrait: member.portrait,
            permissions: member.role.permissions(),
            role: member.role,
            visit: member.visit,
            organization,
            session: None,
        }))
    }

    /// Whether who asks administers the platform, and showed it as they signed in.
    pub fn is_platform_admin(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.platform)
    }

    /// Any organization's part of the table, for an administrator of the platform; nobody else learns of it.
    pub fn scope_in(&self, organization: OrganizationId) -> Result<Scope> {
        if !self.is_platform_admin() {
            return Err(Error::NotFound);
        }
        let tenant = Tenant::proven(organization, self.scope.tenant().actor().clone());
        Ok(self.scope.entering(tenant))
    }
}

/// What a credential turned out to be.
enum Holder {
    Session(Session),
    Token(AccessToken),
}

impl Holder {
    /// Whether who holds it may pass: the order is that of who may know what.
    fn pass(
        &self,
        access: Access,
        organization: &OrganizationReference,
        member: &Membership,
        permissions: &Permissions,
    ) -> Result<()> {
        let needed = match access {
            Access::Anyone | Access::Own => return Ok(()),
            Access::Platform => {
                return if matches!(self, Self::Session(Session { platform: true, .. })) {
                    Ok(())
                } else {
                    Err(Error::NotFound)
                };
            }
            Access::Member => None,
            Access::Needs(permission) => Some(permission),
        };
        if organization.suspended_at.is_some() && member.visit.is_none() {
            return Err(Error::Suspended);
        }
        if organization.requires_two_factor && matches!(self, Self::Session(Session { second_factor: false, .. })) {
            return Err(Error::SecondFactorRequired);
        }
        if needed.is_some_and(|permission| !permissions.allow(permission)) {
            return Err(Error::Forbidden);
        }
        Ok(())
    }

    /// Notes that credential and member were seen, when the last note is some minutes old.
    fn seen(&self, now: Timestamp, credential: &Key, member: &Membership, membership: &Key) -> Vec<Patch> {
        let is_old = |last: Option<Timestamp>| last.is_none_or(|last| now.duration_since(last) > SEEN_WITHIN);
        let last = match self {
            Self::Session(session) => Some(session.seen_at),
            Self::Token(token) => token.seen_at,
        };
        let seen = |key: &Key| Patch::touching(key.clone()).set("seen_at", &now.to_string());
        let credential = is_old(last).then(|| seen(credential));
        let member = is_old(member.seen_at).then(|| seen(membership));
        credential.into_iter().chain(member).collect()
    }

    fn session(self) -> Option<Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::Token(_) => None,
        }
    }
}

/// The key of a request that may come twice: the header of the API, the hidden field of a form.
fn idempotency_key(request: &Request) -> Result<Option<String>> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let header = request.headers().get("idempotency-key").map(|value| value.to_str().map(str::to_owned));
    let key = match header {
        Some(Ok(key)) => Some(key),
        Some(Err(_)) => return Err(Error::Malformed { detail: "Idempotency-Key is not ASCII".into() }),
        None if is_form(request.headers()) => request
            .extensions()
            .get::<Whole>()
            .and_then(|Whole(bytes)| serde_html_form::from_bytes::<Vec<(String, String)>>(bytes).ok())
            .and_then(|fields| fields.into_iter().find(|(name, _)| name == "_key"))
            .map(|(_, key)| key)
            .filter(|key| !key.is_empty()),
        None => None,
    };
    match key {
        Some(key) if !is_key(&key) => {
            Err(Error::Malformed { detail: "Idempotency-Key: 1 to 64 printable ASCII characters".into() })
        }
        key => Ok(key),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

fn fingerprint(request: &Request) -> String {
    let mut hash = Sha256::new();
    hash.update(request.method().as_str());
    hash.update([0]);
    hash.update(request.uri().path());
    hash.update([0]);
    if let Some(Whole(bytes)) = request.extensions().get::<Whole>() {
        hash.update(bytes);
    }
    hex::encode(hash.finalize())
}

/// The address that API Gateway saw: the last one of `X-Forwarded-For`; those before it are the client's word.
pub(crate) fn client_address(headers: &HeaderMap) -> Option<IpAddr> {
    headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// Keys of what a credential stands for.
impl Credential {
    fn key(&self) -> Key {
        match self {
            Self::Session(claimed) => keys::session(&claimed.hash),
            Self::Token(claimed) => keys::token(&claimed.hash),
        }
    }
}
