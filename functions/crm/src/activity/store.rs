//! An activity's items: itself, and its lines among what is planned and on its records.

use kernel::{event::DueKind, id::UserId};
use table::{Audit, Index, Item, Key, Stored, TenantKeys, Transaction};

use super::{Activity, ActivityLine, Status};
use crate::record::Record;

impl Item for Activity {
    const TYPE: &'static str = "activity";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.activity(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_activities(&self.starts.key(), self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.remind_at.map(|at| keys.due_at(at, DueKind::Activity, self.id.ulid()))
    }
}

impl Item for ActivityLine {
    const TYPE: &'static str = "activity_line";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.activity_line(self.activity.id, self.of.map(Record::ulid))
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        let activity = &self.activity;
        let Some(record) = self.of else {
            return Some(keys.in_planned_activities(&activity.starts.due_key(), activity.id));
        };
        let (state, at) = match (activity.status, activity.closed_at) {
            (Status::Completed | Status::Cancelled, Some(at)) => (DONE, at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            _ => (PLANNED, activity.starts.due_key()),
        };
        Some(keys.in_activities_of(record.ulid(), state, &at, activity.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.activity.assigned_to
    }
}

/// The parts of a record's list.
pub const PLANNED: &str = "planned";
pub const DONE: &str = "done";

/// Writes an activity with its lines; `read` is what it was before.
pub fn save(transaction: &mut Transaction, read: Option<&Stored<Activity>>, activity: &Activity) {
    transaction.save(read, activity);
    save_lines(transaction, read, activity);
}

/// Its lines alone.
pub fn save_lines(transaction: &mut Transaction, read: Option<&Stored<Activity>>, activity: &Activity) {
    let keys = transaction.keys();
    let lines: Vec<_> = activity.lines().collect();
    for line in &lines {
        transaction.replace(line);
    }
    let former = read.into_iter().flat_map(|read| read.lines());
    for gone in former.filter(|former| lines.iter().all(|line| line.of != former.of)) {
        transaction.forget::<ActivityLine>(|_| gone.key(keys));
    }
}

/// Removes what [`save_lines`] wrote.
pub fn forget_lines(transaction: &mut Transaction, read: &Stored<Activity>) {
    let keys = transaction.keys();
    for line in read.lines() {
        transaction.forget::<ActivityLine>(|_| line.key(keys));
    }
}

#[cfg(test)]
mod tests {
    use jiff::{
        Timestamp,
        civil::{Time, date},
    };
    use kernel::id::{ActivityId, CompanyId, ContactId, OrganizationId};
    use serde_json::{Value, json};
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{
        activity::{Kind, Start},
        opportunity::Named,
    };

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn activity() -> Activity {
        Activity {
            id: ActivityId::from_ulid(Ulid(9)),
            kind: Kind::Meeting,
            status: Status::Planned,
            subject: "Visite du site".into(),
            description: Some("Prévoir les plans.".into()),
            company: Some(Named { id: CompanyId::from_ulid(Ulid(2)), name: "Boulangerie Dupré".into() }),
            contact: Some(Named { id: ContactId::from_ulid(Ulid(3)), name: "Zoé Durand".into() }),
            opportunity: None,
            starts: Start { on: date(2026, 12, 1), at: Time::new(14, 30, 0, 0).ok() },
            minutes: Some(90),
            place: Some("Lyon".into()),
            assigned_to: Some(UserId::from_ulid(Ulid(4))),
            remind: Some(60),
            remind_at: "2026-12-01T12:30:00Z".parse().ok(),
            closed_at: None,
            created_at: Timestamp::UNIX_EPOCH,
            changed_at: Timestamp::UNIX_EPOCH,
            sequence: 1,
        }
    }

    fn content() -> Value {
        json!({
            "v": 1,
            "id": "act_00000000000000000000000009",
            "kind": "meeting",
            "status": "planned",
            "subject": "Visite du site",
            "description": "Prévoir les plans.",
            "company": { "id": "com_00000000000000000000000002", "name": "Boulangerie Dupré" },
            "contact": { "id": "con_00000000000000000000000003", "name": "Zoé Durand" },
            "starts": { "day": "2026-12-01", "time": "14:30:00" },
            "minutes": 90,
            "place": "Lyon",
            "assigned_to": "usr_00000000000000000000000004",
            "remind": 60,
            "remind_at": "2026-12-01T12:30:00Z",
            "created_at": "1970-01-01T00:00:00Z",
            "changed_at": "1970-01-01T00:00:00Z",
            "sequence": 1,
        })
    }

    fn with(mut content: Value, fields: Value) -> Value {
        if let (Some(content), Value::Object(fields)) = (content.as_object_mut(), fields) {
            content.extend(fields);
        }
        content
    }

    #[test]
    fn an_activity_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#ACTIVITY#00000000000000000000000009",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#ACTIVITIES",
            "gsi1sk": "2026-12-01T14:30#00000000000000000000000009",
            "gsi2pk": "DUE#2026-12-01#1",
            "gsi2sk": "T#12:30#ORG#00000000000000000000000001#ACTIVITY#00000000000000000000000009",
            "gsi3pk": "ORG#00000000000000000000000001#ACTIVITIES#OF#00000000000000000000000004",
            "gsi3sk": "2026-12-01T14:30#00000000000000000000000009",
            "type": "activity",
        });
        assert_eq!(golden(&activity(), KEYS).ok(), Some(with(content(), expected)));
    }

    #[test]
    fn its_lines_as_they_are_stored() {
        let pk = "ORG#00000000000000000000000001#ACTIVITY#00000000000000000000000009";
        let [company, contact, planned] =
            activity().lines().collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!());
        let line = json!({
            "pk": pk,
            "sk": "LINE#00000000000000000000000002",
            "gsi1pk": "ORG#00000000000000000000000001#ACTIVITIES_OF#00000000000000000000000002",
            "gsi1sk": "planned#2026-12-01T14:30#00000000000000000000000009",
            "gsi3pk": "ORG#00000000000000000000000001#ACTIVITIES_OF#00000000000000000000000002#OF#00000000000000000000000004",
            "gsi3sk": "planned#2026-12-01T14:30#00000000000000000000000009",
            "type": "activity_line",
            "of": { "kind": "company", "id": "com_00000000000000000000000002" },
        });
        assert_eq!(golden(&company, KEYS).ok(), Some(with(content(), line)));
        assert_eq!(contact.of, Some(Record::Contact(ContactId::from_ulid(Ulid(3)))));
        let line = json!({
            "pk": pk,
            "sk": "PLANNED",
            "gsi1pk": "ORG#00000000000000000000000001#PLANNED_ACTIVITIES",
            "gsi1sk": "2026-12-01T14:30#00000000000000000000000009",
            "gsi3pk": "ORG#00000000000000000000000001#PLANNED_ACTIVITIES#OF#00000000000000000000000004",
            "gsi3sk": "2026-12-01T14:30#00000000000000000000000009",
            "type": "activity_line",
        });
        assert_eq!(golden(&planned, KEYS).ok(), Some(with(content(), line)));
        let done = Activity { status: Status::Completed, closed_at: Some(Timestamp::UNIX_EPOCH), ..activity() };
        let places: Vec<_> =
            done.lines().filter_map(|line| line.list(KEYS)).map(|at| at.parts().1.to_owned()).collect();
        assert_eq!(places, ["done#1970-01-01T00:00:00Z#00000000000000000000000009"; 2]);
    }
}
