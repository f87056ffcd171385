//! A report, in the list of its employee and in that of its state; and the kilometres of a year, beside the employee.

use table::{Audit, Index, Item, Key, TenantKeys};

use super::{ExpenseReport, Mileage};

impl Item for ExpenseReport {
    const TYPE: &'static str = "expense_report";
    const AUDIT: Audit = Audit::Masked(&["title", "lines", "comment"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.expense_report(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_expense_reports(self.employee, self.id))
    }

    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_expense_reports_in(self.state.listed(), self.id))
    }
}

impl Item for Mileage {
    const TYPE: &'static str = "mileage";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.mileage(self.employee, self.year)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{EmployeeId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::expense::{Vehicle, model::tests::report};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_report_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EXPENSE_REPORT#00000000000000000000000009",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#EXPENSE_REPORTS",
            "gsi1sk": "00000000000000000000000005#00000000000000000000000009",
            "gsi3pk": "ORG#00000000000000000000000001#EXPENSE_REPORTS#DRAFT",
            "gsi3sk": "00000000000000000000000009",
            "type": "expense_report",
            "v": 1,
            "id": "exr_00000000000000000000000009",
            "employee": "emp_00000000000000000000000005",
            "employee_number": "M-014",
            "title": "Salon",
            "state": "draft",
            "lines": [{
                "number": 1,
                "on": "2026-11-12",
                "category": "meal",
                "gross_minor": 2200,
                "vat_minor": 200,
                "currency": "EUR",
            }],
            "next_line": 2,
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&report(), KEYS).ok(), Some(expected));
        let mileage =
            Mileage { km: [(Vehicle::Car5, 4_900)].into(), ..Mileage::new(EmployeeId::from_ulid(Ulid(5)), 2026) };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "MILEAGE#2026",
            "type": "mileage",
            "v": 1,
            "employee": "emp_00000000000000000000000005",
            "year": 2026,
            "km": { "car5": 4900 },
        });
        assert_eq!(golden(&mileage, KEYS).ok(), Some(expected));
    }
}
