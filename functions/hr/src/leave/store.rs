//! The items of leave, and reading what balances follow from.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Error, Result,
    event::DueKind,
    id::{EmployeeId, LeaveRequestId, LeaveTypeId, UserId},
    page::PageRequest,
    text,
};
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Items, Key, Order, Scope, Stored, TenantKeys, Transaction, meter::side_by_side};

use super::{
    Halves,
    account::{Facts, LeaveAccount},
    request::{LeaveRequest, RequestState, Span, taken},
    types::LeaveSettings,
};
use crate::{
    employee::Employee,
    settings::{HrSettings, SETTINGS},
};

impl Item for LeaveSettings {
    const TYPE: &'static str = "leave_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.leave_settings()
    }
}

impl Item for LeaveAccount {
    const TYPE: &'static str = "leave_account";
    // Sums and months repeat what acts said.
    const AUDIT: Audit = Audit::Masked(&["months", "sums", "adjustments", "informed"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.leave_account(self.employee)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_leave_accounts(self.employee))
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.look_on.map(|on| keys.due(on, DueKind::LeaveAccount, self.employee.ulid()))
    }
}

impl Item for LeaveRequest {
    const TYPE: &'static str = "leave_request";
    // Who may read the log may not know why somebody is absent.
    const AUDIT: Audit = Audit::Masked(&["leave_type", "comment", "minutes"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.leave_request(self.employee, self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        let state = if self.state == RequestState::Pending { "OPEN" } else { "CLOSED" };
        Some(keys.in_leave_requests(state, self.id))
    }
}

/// What an absence that is asked for or approved takes of one month: what calendars and the payroll read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AbsenceLine {
    pub request: LeaveRequestId,
    pub employee: EmployeeId,
    pub user: Option<UserId>,
    #[serde(rename = "leave_type")]
    pub kind: LeaveTypeId,
    #[serde(flatten)]
    pub span: Span,
    pub minutes: Option<u16>,
    /// Pending or approved.
    pub state: RequestState,
    /// The first day of the month.
    pub month: Date,
    /// The days of the month that it takes, in the unit of its type; those before the return that follow its last day too.
    pub days: Vec<(Date, Halves)>,
}

impl Item for AbsenceLine {
    const TYPE: &'static str = "absence";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.absence(self.employee, self.month, self.request)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_absences(self.month.max(self.span.from), self.request))
    }
}

/// The lines of a request; none where it holds nothing.
pub fn lines(
    request: &LeaveRequest,
    leave: &LeaveSettings,
    employee: &Employee,
    settings: &HrSettings,
) -> Vec<AbsenceLine> {
    let Some(kind) = leave.find(request.kind).filter(|_| request.state.holds()) else { return Vec::new() };
    let days = taken(request.span, kind, employee, settings).days;
    months(request.span)
        .map(|month| AbsenceLine {
            request: request.id,
            employee: request.employee,
            user: request.user,
            kind: request.kind,
            span: request.span,
            minutes: request.minutes,
            state: request.state,
            month,
            days: days
                .iter()
                .filter(|(day, _)| (*day).min(request.span.to).first_of_month() == month)
                .copied()
                .collect(),
        })
        .collect()
}

/// The months in which a span has days.
fn months(span: Span) -> impl Iterator<Item = Date> {
    span.from.first_of_month().series(1.month()).take_while(move |month| *month <= span.to)
}

/// Writes a request as it is now, with its lines.
pub fn save(transaction: &mut Transaction, before: Option<&Stored<LeaveRequest>>, after: &LeaveRequest, facts: &Read) {
    transaction.save(before, after);
    let lines = lines(after, &facts.leave, &facts.employee, &facts.settings);
    let kept: Vec<Date> = lines.iter().map(|line| line.month).collect();
    for line in &lines {
        transaction.replace(line);
    }
    for month in before.filter(|before| before.state.holds()).into_iter().flat_map(|before| months(before.span)) {
        if !kept.contains(&month) {
            transaction.forget::<AbsenceLine>(|keys| keys.absence(after.employee, month, after.id));
        }
    }
}

/// How many lines are written anew at once.
const LINES_MAX: usize = 60;

/// Writes the lines of what is still to come, or was just, as the contracts and the settings now say; its months stay.
pub fn rewrite_lines(transaction: &mut Transaction, read: &Read, requests: &[LeaveRequest], today: Date) {
    let since = today.first_of_month().yesterday().unwrap_or(today).first_of_month();
    let held = requests.iter().filter(|request| request.state.holds() && request.span.to >= since);
    let lines = held.flat_map(|request| lines(request, &read.leave, &read.employee, &read.settings));
    for line in lines.take(LINES_MAX) {
        transaction.replace(&line);
    }
}

/// All that somebody's leave follows from, as it was read.
#[derive(Debug, Clone)]
pub struct Read {
    pub employee: Stored<Employee>,
    pub settings: HrSettings,
    pub settings_version: u64,
    pub leave: LeaveSettings,
    /// None where nothing was counted yet: what stands here is then what would be.
    pub stored: Option<Stored<LeaveAccount>>,
    pub account: LeaveAccount,
    pub requests: Vec<Stored<LeaveRequest>>,
    today: Date,
    bare: Vec<LeaveRequest>,
}

impl Read {
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            employee: &self.employee,
            settings: &self.settings,
            leave: &self.leave,
            account: &self.account,
            requests: &self.bare,
        }
    }

    pub fn request(&self, id: LeaveRequestId) -> Result<&Stored<LeaveRequest>> {
        self.requests.iter().find(|request| request.id == id).ok_or(Error::NotFound)
    }

    /// The requests as they will be with this one as it is now.
    pub fn with(&self, changed: &LeaveRequest) -> Vec<LeaveRequest> {
        let others = self.bare.iter().filter(|request| request.id != changed.id).cloned();
        others.chain([changed.clone()]).collect()
    }

    /// The account beside these requests, to be written.
    pub fn settled(&self, requests: &[LeaveRequest], day: impl Fn(Timestamp) -> Date) -> LeaveAccount {
        let mut account = self.account.settled(Facts { requests, ..self.facts() });
        account.look_on =
            super::account::look_on(&Facts { requests, account: &account, ..self.facts() }, self.today, day);
        account
    }

    /// Writes the account beside these requests.
    pub fn save_account(&self, transaction: &mut Transaction, account: &LeaveAccount) {
        transaction.save(self.stored.as_ref(), account);
    }
}

/// Reads all of it beside `more`: two queries at once.
pub async fn read_with(scope: &Scope, employee: EmployeeId, today: Date, more: &[Key]) -> Result<(Read, Items)> {
    let keys = scope.keys();
    let mut wanted = vec![keys.employee(employee), keys.hr_settings(), keys.leave_settings()];
    wanted.extend(more.iter().cloned());
    let leave_of = keys.leave_of(employee);
    let (found, own) = side_by_side(scope.get_many(&wanted), scope.collection(&leave_of)).await;
    let (found, own) = (found?, own?);
    let employee = found.get::<Employee>(&wanted[0])?.ok_or(Error::NotFound)?;
    let Stored { value: settings, version: settings_version } = SETTINGS.among(&found)?;
    let leave = found.first::<LeaveSettings>()?.map(|read| read.value).unwrap_or_default();
    let stored = own.first::<LeaveAccount>()?;
    let account = stored.as_ref().map_or_else(|| LeaveAccount::new(&employee, today), |read| read.value.clone());
    let account = account.counted_until(&employee, &settings, &leave, today);
    let requests = own.all::<LeaveRequest>()?;
    let bare = requests.iter().map(|read| read.value.clone()).collect();
    Ok((Read { employee, settings, settings_version, leave, stored, account, requests, today, bare }, found))
}

pub async fn read(scope: &Scope, employee: EmployeeId, today: Date) -> Result<Read> {
    Ok(read_with(scope, employee, today, &[]).await?.0)
}

/// Types of leave and how they are decided on; what every organization begins with, where nothing was changed.
pub async fn leave_settings(scope: &Scope) -> Result<Option<Stored<LeaveSettings>>> {
    scope.get(&scope.keys().leave_settings()).await
}

/// The day a year after another.
pub fn year_after(day: Date) -> Date {
    day.checked_add(1.year()).unwrap_or(day)
}

/// Somebody who is absent, or wants to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Absent {
    pub request: LeaveRequestId,
    pub employee: EmployeeId,
    pub kind: LeaveTypeId,
    /// The whole absence, whatever was asked for.
    pub span: Span,
    /// Of a type that is taken by hours.
    pub minutes: Option<u16>,
    pub is_approved: bool,
    /// The days that it takes, of the months that were asked for.
    pub days: Vec<(Date, Halves)>,
}

impl Absent {
    /// `du 4 mai au 7 mai 2026`, `le 4 mai 2026 (1 h 30)`.
    pub fn french(&self) -> String {
        match self.minutes {
            Some(minutes) => format!("{} ({})", self.span.french(), text::french_duration(minutes.into())),
            None => self.span.french(),
        }
    }
}

/// Who is absent between two days, both included, in the order of their first days: one query. Who may see the type, the caller
/// knows: whom it is of, who decides on it, who has `hr:view`.
pub async fn absences_between(scope: &Scope, from: Date, to: Date) -> Result<Vec<Absent>> {
    let list = scope.keys().absences_between(from.first_of_month(), to);
    let mut page = PageRequest { limit: 1_000, cursor: None };
    let mut absent: Vec<Absent> = Vec::new();
    loop {
        let read = scope.list::<AbsenceLine>(&list, &page, Order::Ascending).await?;
        for line in read.items.into_iter().map(|read| read.value).filter(|line| line.span.to >= from) {
            match absent.iter_mut().find(|one| one.request == line.request) {
                Some(known) => known.days.extend(line.days),
                None => absent.push(Absent {
                    request: line.request,
                    employee: line.employee,
                    kind: line.kind,
                    span: line.span,
                    minutes: line.minutes,
                    is_approved: line.state == RequestState::Approved,
                    days: line.days,
                }),
            }
        }
        match read.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(absent),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{
        employee::model::tests::employee,
        leave::{
            request::tests::{asked, of_nature, whole},
            types::Nature,
        },
    };

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_request_and_its_lines_as_they_are_stored() {
        let leave = LeaveSettings::default();
        let kind = of_nature(&leave, Nature::PaidLeave);
        let request = asked(kind.id, whole(date(2026, 7, 30), date(2026, 8, 3)));
        let request = request.submitted(kind, Timestamp::UNIX_EPOCH).unwrap();
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "LEAVE_REQUEST#00000000000000000000000001",
            "gsi1pk": "ORG#00000000000000000000000001#LEAVE_REQUESTS",
            "gsi1sk": "OPEN#00000000000000000000000001",
            "type": "leave_request",
            "v": 1,
            "id": "lrq_00000000000000000000000001",
            "employee": "emp_00000000000000000000000005",
            "leave_type": "lty_00000000000000000000000001",
            "from": "2026-07-30",
            "starts_at_noon": false,
            "to": "2026-08-03",
            "ends_at_noon": false,
            "state": "pending",
            "asked_at": "1970-01-01T00:00:00Z",
            "created_by": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&request, KEYS).ok(), Some(expected));
        let lines = lines(&request, &leave, &employee(), &HrSettings::default());
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "ABSENCE#2026-08#00000000000000000000000001",
            "gsi1pk": "ORG#00000000000000000000000001#ABSENCES",
            "gsi1sk": "2026-08-01#00000000000000000000000001",
            "type": "absence",
            "v": 1,
            "request": "lrq_00000000000000000000000001",
            "employee": "emp_00000000000000000000000005",
            "leave_type": "lty_00000000000000000000000001",
            "from": "2026-07-30",
            "starts_at_noon": false,
            "to": "2026-08-03",
            "ends_at_noon": false,
            "state": "pending",
            "month": "2026-08-01",
            "days": [["2026-08-01", 2], ["2026-08-03", 2]],
        });
        assert_eq!(lines.len(), 2);
        assert_eq!(golden(&lines[1], KEYS).ok(), Some(expected));
    }

    #[test]
    fn an_account_as_it_is_stored() {
        let account =
            LeaveAccount { look_on: Some(date(2026, 7, 1)), ..LeaveAccount::new(&employee(), date(2026, 6, 2)) };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#EMPLOYEE#00000000000000000000000005",
            "sk": "LEAVE_ACCOUNT",
            "gsi1pk": "ORG#00000000000000000000000001#LEAVE_ACCOUNTS",
            "gsi1sk": "00000000000000000000000005",
            "gsi2pk": golden(&account, KEYS).unwrap()["gsi2pk"],
            "gsi2sk": "ORG#00000000000000000000000001#LEAVE_ACCOUNT#00000000000000000000000005",
            "type": "leave_account",
            "v": 1,
            "employee": "emp_00000000000000000000000005",
            "through": "2024-03-01",
            "months": [],
            "adjustments": [],
            "informed": [],
            "sums": [],
            "look_on": "2026-07-01",
            "file_version": 0,
            "settings_version": 0,
        });
        assert_eq!(golden(&account, KEYS).ok(), Some(expected));
    }
}
