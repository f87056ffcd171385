//! The proof that someone acts for an organization. Every repository is built from one.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::id::{OrganizationId, TokenId, UserId};

/// An organization for which somebody was proven to act. Only the edge (session or token checked), the
/// workers (an envelope that the relay or the clock wrote) and sign-up (the organization it creates) make
/// one; a house-rule test holds that.
#[derive(Debug, Clone, PartialEq)]
pub struct Tenant {
    organization: OrganizationId,
    actor: Actor,
}

impl Tenant {
    pub fn proven(organization: OrganizationId, actor: Actor) -> Self {
        Self { organization, actor }
    }

    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// The name of the system where a form on the organization's web site acts.
pub const WEB_FORM: &str = "web_form";

/// Who acts, as the audit log keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    User {
        id: UserId,
        name: String,
        address: Option<IpAddr>,
    },
    Token {
        id: TokenId,
        user: UserId,
        name: String,
        address: Option<IpAddr>,
    },
    /// The client, by a link to one of their documents: the name that they gave, or that of their company.
    Client {
        name: String,
        address: Option<IpAddr>,
    },
    /// A worker or a schedule, by its name.
    System {
        name: String,
    },
}

impl Actor {
    /// The member who acts, by themselves or through a program of theirs.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id: user, .. } | Self::Token { user, .. } => Some(*user),
            Self::Client { .. } | Self::System { .. } => None,
        }
    }
}
