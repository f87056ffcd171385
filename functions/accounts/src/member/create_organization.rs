//! Founding another organization, of which one is the owner.

use kernel::{
    Error, Result, Tenant, Violations, error::Conflict, event::Event, id::OrganizationId, legal, permission::Role,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use web::{
    Asker, Membership,
    team::{ORGANIZATIONS_MAX, Owners, UserOrganization},
};

use super::list_organizations;

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationName {
    pub name: String,
}

impl OrganizationName {
    fn parse(&self) -> std::result::Result<String, Violations> {
        let mut wrong = Violations::default();
        wrong.take("/name", legal::required(&self.name, 200)).ok_or(wrong)
    }
}

/// A token stays in its organization, so it founds none.
pub async fn create_organization(asker: &Asker, input: &OrganizationName) -> Result<OrganizationId> {
    if asker.session.is_none() {
        return Err(Error::Forbidden);
    }
    let name = input.parse()?;
    let (deps, user, now) = (asker.deps(), asker.user, asker.scope.now());
    let organization = asker.scope.new_id(OrganizationId::new);
    let founded = &OrganizationReference::new(organization, name.clone());
    let scope = &asker.scope.entering(Tenant::proven(organization, asker.scope.tenant().actor().clone()));
    scope
        .write(|| async {
            if list_organizations(deps, user).await?.len() >= ORGANIZATIONS_MAX {
                return Err(Error::Conflict(Conflict::TooManyOrganizations));
            }
            let membership = Membership {
                user,
                role: Role::Owner.into(),
                name: asker.name.clone(),
                email: asker.email.clone(),
                joined_at: now,
                portrait: asker.portrait,
                seen_at: None,
                visit: None,
            };
            let mut transaction = scope.begin("create_organization", organization);
            transaction
                .create(founded)
                .create(&founded.card())
                .create(&membership)
                .create(&UserOrganization { user, organization, name: name.clone() })
                .create(&Owners { users: vec![user] })
                .emit(Event::OrganizationCreated {});
            Ok((transaction, organization))
        })
        .await
}
