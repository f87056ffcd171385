//! Records that are assigned to members: who sees them, whom they may be given to, whose a list shows. A context whose
//! records have `assigned_to` does what the CRM does with companies:
//!
//! - the item says [`table::Item::assigned_to`], so that it stands in its member's part of its list too;
//! - a list is `keys.companies(prefix).of(asker.whose(&search.assigned_to)?)`: one query, whosever it is;
//! - whatever reads one record asks [`Asker::must_see`], whatever writes it asks [`Asker::nominee`] beside its reading;
//! - pages name members by [`Colleagues`], one reading beside the page's own.

use kernel::{
    Error, Permission, Result, Rule,
    id::UserId,
    page::PageRequest,
    permission::{Permissions, Visibility},
};
use table::{Order, Scope};

use crate::{
    Asker, Membership, Search,
    form::{Choice, choices},
};

/// What a list asks for who wants their own records.
pub const ME: &str = "me";

/// How a member is called who is none any more.
const FORMER: &str = "(ancien membre)";

/// More than an organization has, visitors included.
const LISTED: PageRequest = PageRequest { limit: 100, cursor: None };

/// Who is named to take care of a record, and whether they can.
#[derive(Debug, Clone, Copy)]
pub struct Nominee {
    user: UserId,
    is_eligible: bool,
}

impl Asker {
    /// Whether all records are for these eyes.
    pub fn sees_all(&self) -> bool {
        self.role.visibility() == Visibility::All
    }

    /// A record that is not for these eyes is not there.
    pub fn must_see(&self, assigned_to: Option<UserId>) -> Result<()> {
        if self.sees(assigned_to) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// The only one whose records are for these eyes; none where all are.
    pub fn only(&self) -> Option<UserId> {
        (!self.sees_all()).then_some(self.user)
    }

    /// Whose records a list shows; everybody's for none. `asked` is [`ME`], a member's id, or empty.
    pub fn whose(&self, asked: &str) -> Result<Option<UserId>> {
        let asked = match asked {
            "" => return Ok(self.only()),
            ME => self.user,
            id => {
                id.parse().map_err(|_| Error::Malformed { detail: "assigned_to must be `me` or `usr_…`".into() })?
            }
        };
        self.must_see(Some(asked))?;
        Ok(Some(asked))
    }

    /// Looks up whom an input names. They must be a member who has the permission; who sees only their own records
    /// gives none away.
    pub async fn nominee(&self, named: Option<UserId>, needed: Permission) -> Result<Option<Nominee>> {
        let Some(user) = named else { return Ok(None) };
        if user == self.user && self.visit.is_none() {
            return Ok(Some(Nominee { user, is_eligible: true }));
        }
        let member = self.scope.get::<Membership>(&self.scope.keys().member(user)).await?;
        let is_eligible = self.sees(Some(user)) && member.is_some_and(|member| may_be_given(&member, needed));
        Ok(Some(Nominee { user, is_eligible }))
    }

    /// To whom a new record is assigned: who is named, or else who creates it. A visitor of the platform leaves again,
    /// so theirs is nobody's.
    pub fn assigned(&self, nominee: Option<Nominee>) -> Result<Option<UserId>> {
        match nominee {
            None => Ok(self.visit.is_none().then_some(self.user)),
            Some(nominee) => nominee.accepted(),
        }
    }

    /// To whom a record is assigned from now on: who is named, or else whom it was, even if they left.
    pub fn reassigned(&self, nominee: Option<Nominee>, current: Option<UserId>) -> Result<Option<UserId>> {
        match nominee {
            Some(nominee) if Some(nominee.user) != current => nominee.accepted(),
            _ => Ok(current),
        }
    }
}

impl Nominee {
    fn accepted(self) -> Result<Option<UserId>> {
        if self.is_eligible { Ok(Some(self.user)) } else { Err(Error::field("/assigned_to", Rule::NotFound)) }
    }
}

fn may_be_given(member: &Membership, needed: Permission) -> bool {
    member.visit.is_none() && member.role.permissions().allow(needed)
}

/// A member as a page names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    pub user: UserId,
    pub name: String,
}

/// The filter over a list: everybody's records, one's own, or those of a colleague who was followed from a row.
#[derive(Debug, Clone)]
pub struct Whose {
    /// Who sees only their own has nothing to choose.
    pub is_shown: bool,
    /// As the search was asked.
    pub asked: String,
    pub all_href: String,
    pub own_href: String,
    pub is_own: bool,
    /// The colleague's name.
    pub colleague: Option<String>,
}

impl Whose {
    pub fn of(asker: &Asker, search: &Search, path: &str, colleagues: &Colleagues) -> Self {
        let user = asker.whose(&search.assigned_to).unwrap_or_default();
        let is_own = user == Some(asker.user);
        Self {
            is_shown: asker.sees_all(),
            asked: search.assigned_to.clone(),
            all_href: search.of(path, ""),
            own_href: search.of(path, ME),
            is_own,
            colleague: colleagues.assignee(user).filter(|_| !is_own).map(|assignee| assignee.name),
        }
    }
}

/// The members of an organization, as pages name them.
pub struct Colleagues(Vec<Colleague>);

struct Colleague {
    user: UserId,
    name: String,
    permissions: Permissions,
}

impl Colleagues {
    /// One query. Nobody at all for who sees only their own records: they have nobody to name or choose.
    pub async fn of(asker: &Asker) -> Result<Self> {
        if asker.sees_all() { Self::read(&asker.scope).await } else { Ok(Self(Vec::new())) }
    }

    async fn read(scope: &Scope) -> Result<Self> {
        let members = scope.list::<Membership>(&scope.keys().members(), &LISTED, Order::Ascending).await?.items;
        let mut colleagues: Vec<_> = members
            .into_iter()
            .map(|member| member.value)
            .filter(|member| member.visit.is_none())
            .map(|member| Colleague { user: member.user, permissions: member.role.permissions(), name: member.name })
            .collect();
        colleagues.sort_by_cached_key(|colleague| kernel::text::sorted(&colleague.name));
        Ok(Self(colleagues))
    }

    /// None where a record is nobody's.
    pub fn assignee(&self, assigned_to: Option<UserId>) -> Option<Assignee> {
        let user = assigned_to?;
        let known = self.0.iter().find(|colleague| colleague.user == user);
        Some(Assignee { user, name: known.map_or_else(|| FORMER.to_owned(), |colleague| colleague.name.clone()) })
    }

    /// Whom a form offers: those who have the permission, and whoever it is now (`typed`, as in the input). Nobody to
    /// who sees only their own records.
    pub fn choices(&self, typed: &str, needed: Permission) -> Vec<Choice> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let offered = self.0.iter().filter(|colleague| colleague.permissions.allow(needed));
        let mut choices = choices(offered.map(|colleague| (colleague.user.to_string(), colleague.name.clone())), typed);
        if !choices.iter().any(|(.., is_chosen)| *is_chosen) {
            let known = typed.parse().ok().and_then(|user| self.assignee(Some(user)));
            choices.insert(0, (typed.into(), known.map_or_else(|| "Personne".into(), |known| known.name), true));
        }
        choices
    }
}
