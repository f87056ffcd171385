//! Which records are given to whom. Pure.

use kernel::{
    Rule, Violations,
    id::{ActivityId, CompanyId, ContactId, OpportunityId, UserId},
};
use serde::Deserialize;

/// Of each kind, as many as a page shows.
pub const SELECTED_MAX: u16 = 25;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Reassignment {
    /// `usr_…`, who takes care of them from now on.
    pub to: String,
    /// `com_…`, at most 25.
    pub companies: Vec<String>,
    /// `con_…`, at most 25.
    pub contacts: Vec<String>,
    /// `opp_…`, at most 25.
    pub opportunities: Vec<String>,
    /// `act_…`, at most 25: what is planned.
    pub activities: Vec<String>,
}

#[derive(Debug)]
pub struct Checked {
    pub to: UserId,
    pub companies: Vec<CompanyId>,
    pub contacts: Vec<ContactId>,
    pub opportunities: Vec<OpportunityId>,
    pub activities: Vec<ActivityId>,
}

impl Reassignment {
    pub fn parse(&self) -> Result<Checked, Violations> {
        let mut wrong = Violations::default();
        let to = match self.to.trim() {
            "" => Err(Rule::Required),
            id => id.parse().map_err(|_| Rule::NotAnId),
        };
        let to = wrong.take("/to", to);
        let companies = wrong.take("/companies", chosen(&self.companies));
        let contacts = wrong.take("/contacts", chosen(&self.contacts));
        let opportunities = wrong.take("/opportunities", chosen(&self.opportunities));
        let activities = wrong.take("/activities", chosen(&self.activities));
        if self.companies.is_empty()
            && self.contacts.is_empty()
            && self.opportunities.is_empty()
            && self.activities.is_empty()
        {
            wrong.add("/contacts", Rule::Required);
        }
        match (to, companies, contacts, opportunities, activities) {
            (Some(to), Some(companies), Some(contacts), Some(opportunities), Some(activities)) if wrong.is_empty() => {
                Ok(Checked { to, companies, contacts, opportunities, activities })
            }
            _ => Err(wrong),
        }
    }
}

fn chosen<T: std::str::FromStr + Ord>(ids: &[String]) -> Result<Vec<T>, Rule> {
    if ids.len() > usize::from(SELECTED_MAX) {
        return Err(Rule::TooMany { max: SELECTED_MAX.into() });
    }
    let mut chosen = ids.iter().map(|id| id.parse().map_err(|_| Rule::NotAnId)).collect::<Result<Vec<T>, _>>()?;
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_and_something_is_chosen_and_not_too_much() {
        let pointers = |input: &Reassignment| match input.parse() {
            Ok(_) => String::new(),
            Err(wrong) => wrong.iter().map(|wrong| wrong.pointer.clone()).collect::<Vec<_>>().join(" "),
        };
        assert_eq!(pointers(&Reassignment::default()), "/to /contacts");
        let one = Reassignment {
            to: "usr_00000000000000000000000004".into(),
            contacts: vec!["con_00000000000000000000000003".into(); 2],
            ..Reassignment::default()
        };
        assert_eq!(one.parse().map(|checked| checked.contacts.len()).ok(), Some(1));
        assert_eq!(pointers(&Reassignment { companies: vec!["con_1".into()], ..one.clone() }), "/companies");
        assert_eq!(pointers(&Reassignment { contacts: vec![one.contacts[0].clone(); 26], ..one }), "/contacts");
    }
}
