//! The items of a month's variables: what became of it, and each closing beside it.

use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Closing, Payroll, PayrollExpenses};

impl Item for Payroll {
    const TYPE: &'static str = "payroll";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.payroll(&self.month.to_string())
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_payrolls(&self.month.to_string()))
    }
}

impl Item for Closing {
    const TYPE: &'static str = "payroll_closing";
    // Who may read the log may not read what somebody worked.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.payroll_closing(&self.month.to_string(), self.number)
    }
}

impl Item for PayrollExpenses {
    const TYPE: &'static str = "payroll_expenses";
    // The act on the report tells it.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.payroll_expenses(&self.month.to_string(), self.report)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_payroll_expenses(&self.month.to_string(), self.report))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::payroll::model::{Rates, tests};

    #[test]
    fn a_month_and_its_closing_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let rates = Rates { first_percent: 25.into(), second_percent: 50.into() };
        let month = Payroll::new("2026-11".parse().unwrap());
        let today = jiff::civil::date(2026, 11, 30);
        let (payroll, closing) = month.closed(tests::told(), rates, tests::by(), Timestamp::UNIX_EPOCH, today).unwrap();
        let by = json!({ "user": "usr_00000000000000000000000004", "name": "Inès Moreau" });
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PAYROLL#2026-11",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#PAYROLLS",
            "gsi1sk": "2026-11",
            "type": "payroll",
            "v": 1,
            "month": "2026-11",
            "is_closed": true,
            "closings": 1,
            "steps": [{ "at": "1970-01-01T00:00:00Z", "by": by, "closes": true }],
        });
        assert_eq!(golden(&payroll, keys).ok(), Some(expected));
        let paid = json!({
            "worked": 4320, "normal": 4200, "additional_first": 0, "additional_second": 0, "overtime_first": 120,
            "overtime_second": 0, "night": 0, "leave": 0, "agreed": 10500,
        });
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PAYROLL#2026-11",
            "sk": "CLOSING#00001",
            "type": "payroll_closing",
            "v": 1,
            "month": "2026-11",
            "number": 1,
            "at": "1970-01-01T00:00:00Z",
            "by": by,
            "rates": { "first_percent": "25", "second_percent": "50" },
            "lines": [{
                "employee": "emp_00000000000000000000000005",
                "number": "M-014",
                "last_name": "Moreau",
                "first_name": "Inès",
                "tally": { "worked": 2160, "night": 0, "paid": paid, "absences": [["sickness", "Maladie", 1]],
                    "hours": [["other", "Délégation", 150]] },
                "unapproved": 1,
                "expenses": [{ "currency": "EUR", "approved_minor": 15_250, "reimbursed_minor": 2_200 }],
            }],
        });
        assert_eq!(golden(&closing, keys).ok(), Some(expected));
        let [_, spent, ..] = tests::spent(kernel::id::EmployeeId::from_ulid(Ulid(5)));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PAYROLL#2026-11",
            "sk": "EXPENSES#00000000000000000000000002",
            "gsi1pk": "ORG#00000000000000000000000001#PAYROLL_EXPENSES",
            "gsi1sk": "2026-11#00000000000000000000000002",
            "type": "payroll_expenses",
            "v": 1,
            "month": "2026-11",
            "report": "exr_00000000000000000000000002",
            "employee": "emp_00000000000000000000000005",
            "totals": [["EUR", 2_200]],
            "reimbursed": "transfer",
        });
        assert_eq!(golden(&spent, keys).ok(), Some(expected));
    }
}
