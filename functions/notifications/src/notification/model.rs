//! A notification, and what becomes of it. Pure.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Permission,
    id::{EventId, NotificationId, UserId, random_of},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::rule::{self, Rule, Told};

/// How many days a notification is kept from the day on which it was told.
pub const KEPT_DAYS: i64 = 180;
/// Within how long after the last one another of its kind is counted in the same notification.
pub const FOLDED_WITHIN: SignedDuration = SignedDuration::from_mins(10);
/// How long one notification counts others at most.
pub const FOLDED_MAX: SignedDuration = SignedDuration::from_hours(24);

/// What a notification is about; preferences are per category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NotificationCategory)]
pub enum Category {
    Crm,
    Invoicing,
    Sales,
    Hr,
    System,
}

impl Category {
    pub const ALL: [Self; 5] = [Self::Crm, Self::Invoicing, Self::Sales, Self::Hr, Self::System];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Invoicing => "invoicing",
            Self::Sales => "sales",
            Self::Hr => "hr",
            Self::System => "system",
        }
    }

    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.code() == code)
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Crm => "CRM",
            Self::Invoicing => "Facturation",
            Self::Sales => "Ventes",
            Self::Hr => "RH",
            Self::System => "Entreprise et sécurité",
        }
    }

    /// In a sentence, what belongs to it.
    pub const fn french_purpose(self) -> &'static str {
        match self {
            Self::Crm => "Prospects reçus, opportunités, rappels d’activités, imports.",
            Self::Invoicing => "Devis acceptés ou refusés, factures payées ou en retard, relances à valider.",
            Self::Sales => "Objectifs atteints ou en retard.",
            Self::Hr => "Congés et notes de frais demandés et décidés, documents de salariés à renouveler.",
            Self::System => "Exports de vos données et ce qui touche à leur sécurité.",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NotificationKind)]
pub enum Kind {
    Info,
    Success,
    Warning,
    Error,
    /// Something is theirs from now on.
    Mention,
    /// Something waits for their yes.
    Approval,
    /// Of what they wanted to be reminded of.
    Reminder,
}

impl Kind {
    /// The symbol beside it.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "danger",
            Self::Mention => "person",
            Self::Approval => "check",
            Self::Reminder => "clock",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Info => "Information",
            Self::Success => "Succès",
            Self::Warning => "Attention",
            Self::Error => "Erreur",
            Self::Mention => "Pour vous",
            Self::Approval => "À valider",
            Self::Reminder => "Rappel",
        }
    }
}

/// What one member is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    pub user: UserId,
    /// Name of the rule, which has the words.
    pub rule: String,
    pub category: Category,
    pub kind: Kind,
    /// Without which its words are not shown any more.
    pub needs: Option<Permission>,
    /// The page of what it is about, below the organization's address.
    pub link: String,
    /// The number or title of what it is about.
    pub label: Option<String>,
    /// Who is named beside it.
    pub who: Option<String>,
    /// Whose names stand in it, prefixed ids: an erasure finds it by these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
    pub note: Option<String>,
    /// How many events it tells of.
    pub count: u32,
    /// When it was told for the first time.
    pub told_at: Timestamp,
    /// When it last counted another.
    pub last_at: Timestamp,
    /// When it was read by itself; all at once are read by the inbox.
    pub read_at: Option<Timestamp>,
}

/// The same for the same event and member, however often the event comes. It sorts by when the event happened.
pub fn notification_id(event: EventId, user: UserId) -> NotificationId {
    let digest = Sha256::digest([event.ulid().to_bytes(), user.ulid().to_bytes()].concat());
    NotificationId::new(event.given_at(), random_of(&digest) >> 48)
}

impl Notification {
    pub fn new(id: NotificationId, user: UserId, rule: &Rule, told: &Told, told_at: Timestamp) -> Self {
        Self {
            id,
            user,
            rule: rule.name.into(),
            category: rule.category,
            kind: rule.kind,
            needs: rule.needs,
            link: rule::link(rule, told),
            label: told.about.label.clone(),
            who: told.who.clone(),
            named: told.named.clone(),
            note: told.note.clone(),
            count: 1,
            told_at,
            last_at: told_at,
            read_at: None,
        }
    }

    /// With one more event of its kind.
    #[must_use]
    pub fn folding(&self, rule: &Rule, at: Timestamp) -> Self {
        Self { count: self.count.saturating_add(1), link: rule.list.into(), last_at: at, ..self.clone() }
    }

    /// Unless it or all of them were read.
    pub fn is_unread(&self, all_read_at: Option<Timestamp>) -> bool {
        self.read_at.is_none() && all_read_at.is_none_or(|at| self.told_at > at)
    }

    /// The day from which on the table may forget it.
    pub fn forgotten_on(&self) -> Date {
        forgotten_on(day(self.told_at))
    }

    /// What happened, in one line.
    pub fn title(&self) -> String {
        self.titled(self.label.as_deref())
    }

    /// As [`Self::title`], without the name of a person: for what leaves the product.
    pub fn nameless_title(&self) -> String {
        let names = rule::named(&self.rule).is_none_or(|rule| rule.names_person);
        self.titled(self.label.as_deref().filter(|_| !names))
    }

    fn titled(&self, label: Option<&str>) -> String {
        let Some(rule) = rule::named(&self.rule) else { return "Notification".into() };
        if self.count > 1 {
            return rule.many.replace("{}", &self.count.to_string());
        }
        let words = rule.one.replace("{}", label.unwrap_or_default());
        let words = words.replace("  ", " ");
        words.trim_end_matches([' ', '\u{a0}', ':']).to_owned()
    }

    /// What else is known of the one event; nothing of several.
    pub fn detail(&self) -> String {
        if self.count > 1 {
            return String::new();
        }
        let parts = [self.who.as_deref(), self.note.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Without the name of somebody who was erased; none where it does not name them.
    pub fn forgetting(&self, person: &str) -> Option<Self> {
        let (erased, named): (Vec<_>, Vec<_>) = self.named.iter().cloned().partition(|named| named == person);
        if erased.is_empty() {
            return None;
        }
        let names = rule::named(&self.rule).is_none_or(|rule| rule.names_person);
        let label = self.label.clone().filter(|_| !names);
        Some(Self { named, who: None, label, ..self.clone() })
    }
}

/// A day as the inbox counts them.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

pub fn forgotten_on(told_on: Date) -> Date {
    told_on.saturating_add(KEPT_DAYS.days())
}

/// A member as far as a rule asks.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub user: UserId,
    pub is_owner: bool,
    pub permissions: kernel::permission::Permissions,
    pub visibility: kernel::permission::Visibility,
}

impl Candidate {
    pub fn may_see(&self, rule: &Rule, told: &Told) -> bool {
        let assigned_to = told.about.assigned_to;
        rule.needs.is_none_or(|needs| self.permissions.allow(needs))
            && (!told.is_assignable || self.visibility.sees(self.user, assigned_to))
    }
}

/// Who is told: only who may see what it is about, and not who did it.
pub fn recipients(rule: &Rule, told: &Told, members: &[Candidate]) -> Vec<UserId> {
    let sees = |member: &&Candidate| member.may_see(rule, told);
    let holders = |permission: Permission| -> Vec<UserId> {
        let holders = members.iter().filter(sees).filter(|member| member.permissions.allow(permission));
        holders.map(|member| member.user).collect()
    };
    let mut to = match rule.to {
        rule::Audience::Assigned { or } => {
            let assigned = told.about.assigned_to;
            match (members.iter().filter(sees).find(|member| Some(member.user) == assigned), or) {
                (Some(member), _) => vec![member.user],
                (None, Some(permission)) => holders(permission),
                (None, None) => Vec::new(),
            }
        }
        rule::Audience::Holders(permission) => holders(permission),
        rule::Audience::Owners => {
            members.iter().filter(sees).filter(|member| member.is_owner).map(|member| member.user).collect()
        }
    };
    to.retain(|user| told.about.by != Some(*user));
    to
}

#[cfg(test)]
mod tests {
    use kernel::{
        event::{About, Event},
        id::{CompanyId, InvoiceId},
        permission::{Permissions, Role, Visibility},
    };
    use ulid::Ulid;

    use super::*;

    fn user(n: u128) -> UserId {
        UserId::from_ulid(Ulid(n))
    }

    fn member(n: u128, permissions: Permissions, visibility: Visibility) -> Candidate {
        Candidate { user: user(n), is_owner: false, permissions, visibility }
    }

    fn paid(assigned_to: Option<UserId>, by: Option<UserId>) -> Told {
        let about = About {
            label: Some("F-2026-0004".into()),
            client: Some(CompanyId::from_ulid(Ulid(9))),
            assigned_to,
            by,
            ..About::default()
        };
        rule::told(&Event::InvoicePaid { invoice: InvoiceId::from_ulid(Ulid(1)), about }).unwrap()
    }

    #[test]
    fn the_same_event_is_the_same_notification_of_one_member_only() {
        let event = EventId::from_ulid(Ulid::from_parts(1_700_000_000_000, 7));
        let other = EventId::from_ulid(Ulid::from_parts(1_700_000_000_000, 8));
        assert_eq!(notification_id(event, user(1)), notification_id(event, user(1)));
        assert_ne!(notification_id(event, user(1)), notification_id(event, user(2)));
        assert_ne!(notification_id(event, user(1)), notification_id(other, user(1)));
        assert_eq!(notification_id(event, user(1)).given_at(), event.given_at());
    }

    #[test]
    fn nobody_is_told_who_may_not_see_it() {
        let rule = rule::named("invoice_paid").unwrap();
        let members = [
            member(1, Role::Accountant.permissions(), Visibility::All),
            member(2, Role::Sales.permissions(), Visibility::Own),
            member(3, Role::Hr.permissions(), Visibility::All),
            member(4, Role::Manager.permissions(), Visibility::All),
            // May approve, and sees only what is theirs.
            member(5, Role::Manager.permissions(), Visibility::Own),
        ];
        let to = |assigned, by| recipients(rule, &paid(assigned, by), &members);
        assert_eq!(to(Some(user(2)), None), [user(2)]);
        // The assigned one may see no invoices, or is gone.
        assert_eq!(to(Some(user(3)), None), [user(1), user(4)]);
        assert_eq!(to(Some(user(8)), None), [user(1), user(4)]);
        assert_eq!(to(None, None), [user(1), user(4)]);
        // Who did it knows.
        assert_eq!(to(None, Some(user(4))), [user(1)]);
        assert_eq!(to(Some(user(2)), Some(user(2))), []);
        assert_eq!(recipients(rule::named("invoice_reminded").unwrap(), &paid(None, None), &members), []);
    }

    #[test]
    fn what_is_confidential_is_told_to_who_may_read_it_alone() {
        let keeps: Permissions = [Permission::HrView, Permission::HrEdit].into_iter().collect();
        let members = [
            member(1, keeps, Visibility::All),
            member(2, Role::Hr.permissions(), Visibility::All),
            member(3, Role::Manager.permissions(), Visibility::All),
            member(4, Role::Member.permissions(), Visibility::All),
        ];
        let told = |is_confidential| {
            let event = Event::PaperExpiring {
                paper: kernel::id::PaperId::from_ulid(Ulid(1)),
                employee: kernel::id::EmployeeId::from_ulid(Ulid(2)),
                until: jiff::civil::date(2027, 1, 31),
                is_confidential,
                about: About::default(),
            };
            let told = rule::told(&event).unwrap();
            recipients(rule::named(told.rule).unwrap(), &told, &members)
        };
        assert_eq!((told(false), told(true)), (vec![user(1), user(2)], vec![user(2)]));
    }

    #[test]
    fn owners_alone_are_told_of_what_is_theirs() {
        let rule = rule::named("export_requested").unwrap();
        let admin = member(1, Role::Admin.permissions(), Visibility::All);
        let owner = Candidate { user: user(2), is_owner: true, ..admin.clone() };
        let export = kernel::id::ExportId::from_ulid(Ulid(3));
        let told = |by| {
            let told = rule::told(&Event::ExportRequested { export }).unwrap();
            Told { about: About { by, ..About::default() }, ..told }
        };
        assert_eq!(recipients(rule, &told(Some(user(1))), &[admin.clone(), owner.clone()]), [user(2)]);
        assert_eq!(recipients(rule, &told(Some(user(2))), &[admin, owner]), []);
    }

    #[test]
    fn words_fit_one_many_and_what_is_not_known() {
        let rule = rule::named("invoice_paid").unwrap();
        let told =
            Told { who: Some("Boulangerie Dupré".into()), note: Some("1 200,00 €".into()), ..paid(None, None) };
        let at = Timestamp::UNIX_EPOCH;
        let id = notification_id(EventId::from_ulid(Ulid(5)), user(1));
        let one = Notification::new(id, user(1), rule, &told, at);
        assert_eq!(one.title(), "Facture F-2026-0004 payée");
        assert_eq!(one.detail(), "Boulangerie Dupré · 1 200,00 €");
        let many = one.folding(rule, at).folding(rule, at);
        assert_eq!((many.title().as_str(), many.detail().as_str()), ("3 factures payées", ""));
        assert_eq!(many.link, "/facturation/factures");
        let unknown = Notification { label: None, ..one.clone() };
        assert_eq!(unknown.title(), "Facture payée");
        let lead = Notification { rule: "activity_reminded".into(), label: Some("Appeler Ana Lopez".into()), ..one };
        assert_eq!(lead.title(), "Rappel\u{a0}: Appeler Ana Lopez");
        assert_eq!(lead.nameless_title(), "Rappel");
        let lead = Notification { named: vec!["con_1".into(), "com_1".into()], ..lead };
        assert_eq!(lead.forgetting("con_2"), None);
        for (person, other) in [("con_1", "com_1"), ("com_1", "con_1")] {
            let forgotten = lead.forgetting(person).unwrap();
            assert_eq!((forgotten.title().as_str(), forgotten.who.as_deref()), ("Rappel", None));
            assert_eq!(forgotten.named, [other]);
        }
    }
}
