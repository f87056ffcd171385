//! What is wanted of somebody who signs up. Pure.

use kernel::{Violations, legal};
use serde::{Deserialize, Serialize};

use super::password;

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SignUpInput {
    pub organization_name: String,
    /// First and last name.
    pub name: String,
    pub email: String,
    pub password: String,
}

/// A sign-up whose fields are right.
pub struct NewAccount {
    pub organization_name: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

impl SignUpInput {
    pub fn parse(&self) -> Result<NewAccount, Violations> {
        let mut wrong = Violations::default();
        let organization_name = wrong.take("/organization_name", legal::required(&self.organization_name, 200));
        let name = wrong.take("/name", legal::required(&self.name, 200));
        let email = wrong.take("/email", legal::email(&self.email));
        let known = [self.name.as_str(), self.email.as_str(), self.organization_name.as_str()];
        let password = wrong.take("/password", password::strong(&self.password, &known));
        match (organization_name, name, email, password) {
            (Some(organization_name), Some(name), Some(email), Some(password)) => {
                Ok(NewAccount { organization_name, name, email, password })
            }
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Rule;

    use super::*;

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let Err(wrong) = SignUpInput::default().parse() else { panic!("accepted") };
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/organization_name", "/name", "/email", "/password"]);
    }

    #[test]
    fn a_password_made_of_ones_own_name_is_too_weak() {
        let input = SignUpInput {
            organization_name: "Atelier".into(),
            name: "Camille Durand".into(),
            email: "camille.durand@atelier.example".into(),
            password: "camilledurand1".into(),
        };
        let Err(wrong) = input.parse() else { panic!("accepted") };
        assert!(wrong.iter().any(|violation| violation.rule == Rule::TooWeak));
    }
}
