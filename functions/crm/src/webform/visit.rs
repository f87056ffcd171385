//! Opening a form: its address names its organization, so that one reading finds all that its page shows. Whoever opens it is
//! nobody in particular; what is done there the form does.

use jiff::SignedDuration;
use kernel::{
    Actor, Error, Result, Tenant,
    id::{OrganizationId, WebFormId},
    reference::OrganizationReference,
    tenant::WEB_FORM,
};
use table::{Origin, Scope};
use ulid::Ulid;
use web::{
    Visitor,
    throttle::{self, Attempt, Limit},
};

use super::WebForm;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// What is sent from one address: a whole office may be behind it.
pub const LEADS_FROM: Limit = Limit { what: "LEADS_FROM", most: 20, window: HOUR };
/// What is sent by one form, from wherever.
pub const LEADS_BY: Limit = Limit { what: "LEADS_BY", most: 200, window: HOUR };

/// A form that somebody opened.
pub struct Visit {
    pub scope: Scope,
    pub form: WebForm,
    pub organization: OrganizationReference,
}

/// What stands in the address of a form after `/formulaires/`.
pub fn name(organization: OrganizationId, form: WebFormId) -> String {
    format!("{}-{}", organization.ulid(), form.ulid())
}

fn read(name: &str) -> Result<(OrganizationId, WebFormId)> {
    let (organization, form) = name.split_once('-').ok_or(Error::NotFound)?;
    let ulid = |text: &str| Ulid::from_string(text).map_err(|_| Error::NotFound);
    Ok((OrganizationId::from_ulid(ulid(organization)?), WebFormId::from_ulid(ulid(form)?)))
}

impl Visit {
    pub async fn open(visitor: &Visitor, name: &str) -> Result<Self> {
        let (organization, form) = read(name)?;
        let scope = scope_for(visitor, organization);
        let (organization, form) = (scope.keys().organization(), scope.keys().web_form(form));
        let found = scope.get_many(&[organization.clone(), form.clone()]).await?;
        let form = found.get::<WebForm>(&form)?.ok_or(Error::NotFound)?.value;
        let organization = found.get::<OrganizationReference>(&organization)?.ok_or(Error::NotFound)?.value;
        if organization.deletion.is_some() || organization.suspended_at.is_some() {
            return Err(Error::NotFound);
        }
        Ok(Self { scope, form, organization })
    }

    /// Counts what is sent, by a keyed hash of where it comes from.
    pub async fn count_from(visitor: &Visitor) -> Result<()> {
        let from = [(LEADS_FROM, throttle::address(visitor.address))];
        Attempt::count(&visitor.deps, &from).await.map(drop)
    }

    /// Counts a request of this form: one that is whole, of a page that we made. What else is sent closes it to nobody.
    pub async fn count(&self, visitor: &Visitor) -> Result<()> {
        let by = [(LEADS_BY, self.form.id.to_string())];
        Attempt::count(&visitor.deps, &by).await.map(drop)
    }
}

/// The log keeps the form and the request, and neither address nor browser: nobody asked the visitor.
fn scope_for(visitor: &Visitor, organization: OrganizationId) -> Scope {
    let actor = Actor::System { name: WEB_FORM.into() };
    let origin = Origin { user_agent: None, ..visitor.origin() };
    visitor.deps.table.scope(Tenant::proven(organization, actor)).with_origin(origin)
}
