//! Who asks, as handlers see it.

use std::net::IpAddr;

use axum::{
    extract::{FromRequestParts, Request},
    http::request::Parts,
};
use cloud::Deps;
use http::{HeaderMap, header};
use kernel::{
    Error,
    id::{UploadId, UserId},
    permission::{MemberRole, Module, Permission, Permissions, Role},
    reference::OrganizationReference,
};
use table::{Origin, Scope};

use crate::{
    Failure, Flash, PageResult,
    access::client_address,
    cookies,
    credentials::{Session, Visit},
    page::redirect_with,
};

/// Somebody proven, acting for one organization in which they are a member.
#[derive(Debug, Clone)]
pub struct Asker {
    pub visitor: Visitor,
    /// The organization's part of the table.
    pub scope: Scope,
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub portrait: Option<UploadId>,
    pub role: MemberRole,
    /// Set for an administrator of the platform who is here for a while.
    pub visit: Option<Visit>,
    pub permissions: Permissions,
    pub organization: OrganizationReference,
    /// Absent for a token.
    pub session: Option<Session>,
}

impl Asker {
    /// The civil date in the organization's time zone.
    pub fn today(&self) -> jiff::civil::Date {
        self.scope.clock().today(&self.organization.zone())
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.allow(permission)
    }

    /// Whether who asks owns or administers the organization.
    pub fn administers(&self) -> bool {
        matches!(self.role, MemberRole::System(Role::Owner | Role::Admin))
    }

    pub fn reaches(&self, module: Module) -> bool {
        self.permissions.reach(module)
    }

    /// Whether a record assigned to somebody, or to nobody, is for these eyes.
    pub fn sees(&self, assigned_to: Option<UserId>) -> bool {
        self.role.visibility().sees(self.user, assigned_to)
    }

    pub const fn deps(&self) -> &Deps {
        &self.visitor.deps
    }

    /// After a form: see there, with a message of what was done, shown once.
    pub fn done(&self, to: &str, message: impl Into<String>) -> PageResult {
        redirect_with(to, &Flash::success(message), self.deps().config.secure_cookies)
    }

    /// The value of a form's hidden `_key`: sending the form twice does its act once.
    pub fn form_key(&self) -> String {
        ulid::Ulid::from_bytes(self.scope.random().to_be_bytes()).to_string()
    }
}

/// Where a request comes from, known even of somebody who is not signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub deps: Deps,
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub request_id: String,
    /// Loaded by htmx into a page, so an answer is a fragment.
    pub is_fragment: bool,
    pub flash: Option<Flash>,
    /// The secret of a sign-in that waits for its second factor.
    pub challenge: Option<String>,
}

/// Set by the outermost layer.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub String);

impl Visitor {
    pub(crate) fn new(request: &Request, deps: Deps) -> Self {
        Self::from_headers(request.headers(), request.extensions().get::<RequestId>(), deps)
    }

    fn from_headers(headers: &HeaderMap, request_id: Option<&RequestId>, deps: Deps) -> Self {
        let user_agent = headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.chars().take(200).collect());
        Self {
            address: client_address(headers),
            user_agent,
            request_id: request_id.map(|id| id.0.clone()).unwrap_or_default(),
            is_fragment: headers.contains_key("hx-request"),
            flash: Flash::read(headers),
            challenge: cookies::read(headers, cookies::challenge_name(deps.config.secure_cookies)),
            deps,
        }
    }
}

impl Visitor {
    /// What the audit log keeps of the request.
    pub fn origin(&self) -> Origin {
        Origin { request_id: Some(self.request_id.clone()), user_agent: self.user_agent.clone() }
    }
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        // Only the gate of a route that is not declared for anyone puts it there.
        parts.extensions.get::<Self>().cloned().ok_or(Failure(Error::Unauthenticated))
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let deps = parts
            .extensions
            .get::<Deps>()
            .cloned()
            .ok_or_else(|| Failure(Error::internal("no dependencies in the request")))?;
        Ok(Self::from_headers(&parts.headers, parts.extensions.get(), deps))
    }
}
