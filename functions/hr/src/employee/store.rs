//! An employee's items: the file, and what holds their number and their account.

use kernel::{
    Error, Rule,
    id::{EmployeeId, UserId},
    text,
};
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, TenantKeys};

use super::Employee;

impl Item for Employee {
    const TYPE: &'static str = "employee";
    // Who may read the log may not read the files.
    const AUDIT: Audit = Audit::Masked(&[
        "first_name",
        "last_name",
        "contracts",
        "born_on",
        "gender",
        "nationality",
        "address",
        "phone",
        "mobile",
        "email",
        "user",
        "manager",
        "hired_on",
        "left_on",
        "state",
        "notes",
        "nir",
    ]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.employee(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        let name = format!("{} {}", self.last_name, self.first_name);
        Some(keys.in_employees(&text::sorted(&name), self.id))
    }
}

/// Who has a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmployeeNumber {
    /// Folded.
    pub number: String,
    pub employee: EmployeeId,
}

/// Whose file that of a member is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmployeeOf {
    pub user: UserId,
    pub employee: EmployeeId,
}

impl Item for EmployeeNumber {
    const TYPE: &'static str = "employee_number";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.employee_number(&self.number)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_employee_numbers(&self.number))
    }
}

impl Item for EmployeeOf {
    const TYPE: &'static str = "employee_of";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.employee_of(self.user)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_employees_of(self.user))
    }
}

impl Employee {
    pub fn number_claim(&self) -> EmployeeNumber {
        EmployeeNumber { number: text::folded(&self.number), employee: self.id }
    }

    pub fn account_claim(&self) -> Option<EmployeeOf> {
        self.user.map(|user| EmployeeOf { user, employee: self.id })
    }
}

/// Somebody else has the number.
pub fn number_taken() -> Error {
    Error::field("/number", Rule::AlreadyTaken)
}

/// The member has another file.
pub fn account_taken() -> Error {
    Error::field("/user_id", Rule::AlreadyTaken)
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::employee::model::tests::employee;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn an_employee_as_they_are_stored() {
        let employee = Employee { user: Some(UserId::from_ulid(Ulid(4))), ..employee() };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#EMPLOYEES",
            "gsi1sk": "moreau ines#00000000000000000000000005",
            "type": "employee",
            "v": 1,
            "id": "emp_00000000000000000000000005",
            "number": "M-014",
            "first_name": "Inès",
            "last_name": "Moreau",
            "email": "ines@atelier.example",
            "born_on": "1990-05-12",
            "gender": "female",
            "nationality": "Française",
            "user": "usr_00000000000000000000000004",
            "hired_on": "2024-03-04",
            "state": "active",
            "contracts": [{
                "from": "2024-03-04",
                "kind": "permanent",
                "week_minutes": 2100,
                "week": [true, true, true, true, true, false, false],
                "salary_minor": 3_200_000,
            }],
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&employee, KEYS).ok(), Some(expected));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE_NUMBER#m-014",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#EMPLOYEE_NUMBERS",
            "gsi1sk": "m-014",
            "type": "employee_number",
            "v": 1,
            "number": "m-014",
            "employee": "emp_00000000000000000000000005",
        });
        assert_eq!(golden(&employee.number_claim(), KEYS).ok(), Some(expected));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE_OF#00000000000000000000000004",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#EMPLOYEES_OF",
            "gsi1sk": "00000000000000000000000004",
            "type": "employee_of",
            "v": 1,
            "user": "usr_00000000000000000000000004",
            "employee": "emp_00000000000000000000000005",
        });
        assert_eq!(employee.account_claim().and_then(|claim| golden(&claim, KEYS).ok()), Some(expected));
    }
}
