//! When a reminder is due, what it says, and that each level is sent once. Pure.

use jiff::{ToSpan, civil::Date};
use kernel::{
    Error, Minor, Result, Rule, Violations,
    id::{CompanyId, LetterId, MailId},
    late, legal,
    reference::{ClientReference, OrganizationReference},
    text,
};
use serde::{Deserialize, Serialize};

use crate::{
    content::flag,
    interest::{Interest, SemesterRate, SemesterRateInput},
    invoice::{Invoice, Issued},
};

/// How many levels a schedule has. They are told apart by their place, 1 to 5, and rise: who was sent one is not sent
/// those below it any more.
pub const LEVELS: usize = 5;

pub const NAMES: [&str; LEVELS] =
    ["Avant l’échéance", "Premier rappel", "Deuxième rappel", "Dernier rappel", "Mise en demeure"];

/// The last level, after which nothing is left to send.
const NOTICE: u8 = LEVELS as u8;
/// Days before the due date on which a schedule may begin, at most: when the clock looks first.
const LEAD_MAX: i16 = 15;
const DELAY_MAX: i16 = 365;
/// The clock looks at an invoice that may still be reminded of at least this often, so that a schedule that changed
/// counts for the invoices that are out already.
const LOOK_AGAIN: i64 = 14;
/// What is older is nothing that a mail will settle (C. civ. 2224: five years; consumers: two).
const GIVE_UP: i64 = 730;

/// What a mail's words may name, in braces.
const PLACEHOLDERS: [&str; 7] = ["facture", "date", "echeance", "reste", "client", "entreprise", "jours"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Friendly,
    Firm,
    LastCall,
    FormalNotice,
}

impl Tone {
    pub const ALL: [Self; 4] = [Self::Friendly, Self::Firm, Self::LastCall, Self::FormalNotice];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Friendly => "friendly",
            Self::Firm => "firm",
            Self::LastCall => "last_call",
            Self::FormalNotice => "formal_notice",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Friendly => "Courtois",
            Self::Firm => "Ferme",
            Self::LastCall => "Dernier avis",
            Self::FormalNotice => "Mise en demeure",
        }
    }

    /// Subject and text where a level has none of its own. Nobody is pressed before the due date, whatever the tone.
    pub const fn words(self, is_before: bool) -> [&'static str; 2] {
        match (self, is_before) {
            (_, true) => [
                "Échéance prochaine : facture {facture} – {entreprise}",
                "Notre facture {facture} du {date}, dont il reste {reste} à régler, arrive à échéance le {echeance}.\n\n\
                 Si votre règlement est déjà programmé, merci de ne pas tenir compte de ce message.",
            ],
            (Self::Friendly, false) => [
                "Rappel : facture {facture} échue – {entreprise}",
                "Sauf erreur de notre part, notre facture {facture} du {date}, échue le {echeance}, reste à régler à \
                 hauteur de {reste}.\n\nNous vous remercions de procéder à son règlement. Si votre paiement a croisé ce \
                 message, merci de ne pas en tenir compte.",
            ],
            (Self::Firm, false) => [
                "Deuxième rappel : facture {facture} échue – {entreprise}",
                "Malgré notre précédent message, notre facture {facture} du {date}, échue le {echeance}, n’est toujours \
                 pas réglée. Il reste {reste} à payer, avec {jours} jours de retard.\n\nNous vous demandons de régler \
                 cette somme sans délai, ou de nous dire ce qui s’y oppose.",
            ],
            (Self::LastCall, false) => [
                "Dernier rappel avant mise en demeure : facture {facture} – {entreprise}",
                "Nos rappels concernant la facture {facture} du {date}, échue le {echeance}, sont restés sans effet. Il \
                 reste {reste} à payer, avec {jours} jours de retard.\n\nSans règlement de votre part sous huit jours, \
                 nous vous adresserons une mise en demeure.",
            ],
            (Self::FormalNotice, false) => [
                "Mise en demeure de payer : facture {facture} – {entreprise}",
                "Par la présente, nous vous mettons en demeure de nous régler, sous huit jours à compter de sa réception, \
                 la somme de {reste} restant due sur notre facture {facture} du {date}, échue le {echeance}.\n\nÀ défaut, \
                 nous nous réservons d’en poursuivre le recouvrement par toutes voies de droit.",
            ],
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// From the due date: negative before it.
    pub days: i16,
    pub tone: Tone,
    /// Whether the clock sends it; by hand each can be sent.
    pub is_on: bool,
    /// Whether it tells what the delay came to so far.
    #[serde(default)]
    pub tells_interest: bool,
    /// The house's own words where absent.
    pub subject: Option<String>,
    pub text: Option<String>,
}

/// The schedule of an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReminderSettings {
    /// [`LEVELS`] of them, rising.
    pub levels: Vec<Level>,
    /// Whether somebody says yes before the clock sends.
    pub asks_first: bool,
    /// Of semesters whose rates the product does not know yet, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<SemesterRate>,
}

impl Default for ReminderSettings {
    /// The formal notice is sent by hand until the organization says otherwise: it has consequences in law.
    fn default() -> Self {
        let level = |days, tone, is_on| {
            let tells_interest = matches!(tone, Tone::LastCall | Tone::FormalNotice);
            Level { days, tone, is_on, tells_interest, subject: None, text: None }
        };
        Self {
            levels: vec![
                level(-3, Tone::Friendly, true),
                level(3, Tone::Friendly, true),
                level(15, Tone::Firm, true),
                level(30, Tone::LastCall, true),
                level(45, Tone::FormalNotice, false),
            ],
            asks_first: false,
            rates: Vec::new(),
        }
    }
}

impl ReminderSettings {
    /// The level of this place, 1 to 5.
    pub fn level(&self, number: u8) -> Option<&Level> {
        self.levels.get(usize::from(number).checked_sub(1)?)
    }

    fn numbered(&self) -> impl DoubleEndedIterator<Item = (u8, &Level)> {
        (1..=NOTICE).zip(&self.levels)
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderSettingsInput {
    /// Five, the first before the due date, each later than the one before.
    pub levels: Vec<LevelInput>,
    /// `true` where reminders wait for somebody's yes.
    #[serde(default)]
    pub asks_first: String,
    /// The rates of semesters that the product does not know yet.
    #[serde(default)]
    pub rates: Vec<SemesterRateInput>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelInput {
    /// From the due date: `-3`, `15`.
    pub days: String,
    /// `friendly`, `firm`, `last_call` or `formal_notice`.
    pub tone: String,
    /// `true` where the clock sends it.
    #[serde(default)]
    pub is_on: String,
    /// `true` where it tells what the delay came to so far.
    #[serde(default)]
    pub tells_interest: String,
    /// With placeholders: `{facture}`, `{date}`, `{echeance}`, `{reste}`, `{client}`, `{entreprise}`, `{jours}`. Empty
    /// for the words of its tone.
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub text: String,
}

impl ReminderSettingsInput {
    pub fn parse(&self) -> Result<ReminderSettings, Violations> {
        let mut wrong = Violations::default();
        if self.levels.len() != LEVELS {
            let (min, max) = (LEVELS.to_string(), LEVELS.to_string());
            wrong.add("/levels", Rule::OutOfRange { min, max });
            return Err(wrong);
        }
        let mut levels = Vec::with_capacity(LEVELS);
        let mut least = -LEAD_MAX;
        for (place, input) in self.levels.iter().enumerate() {
            let at = |field| format!("/levels/{place}/{field}");
            let most = if place == 0 { -1 } else { DELAY_MAX };
            let days = wrong.take(at("days"), days(&input.days, least, most));
            least = days.map_or(least, |days| days + 1).max(1);
            let tone = Tone::ALL.into_iter().find(|tone| tone.name() == input.tone).ok_or(Rule::NotAChoice);
            let tone = wrong.take(at("tone"), tone);
            let is_on = wrong.take(at("is_on"), flag(&input.is_on));
            let tells_interest = wrong.take(at("tells_interest"), flag(&input.tells_interest));
            let subject = wrong.take(at("subject"), words(&input.subject, 150));
            let text = wrong.take(at("text"), words(&input.text, 3_000));
            if let (Some(days), Some(tone), Some(is_on), Some(tells_interest), Some(subject), Some(text)) =
                (days, tone, is_on, tells_interest, subject, text)
            {
                levels.push(Level { days, tone, is_on, tells_interest, subject, text });
            }
        }
        let asks_first = wrong.take("/asks_first", flag(&self.asks_first));
        let rates = SemesterRateInput::parse_all(&self.rates, &mut wrong);
        match (asks_first, wrong.is_empty()) {
            (Some(asks_first), true) => Ok(ReminderSettings { levels, asks_first, rates }),
            _ => Err(wrong),
        }
    }

    pub fn of(settings: &ReminderSettings) -> Self {
        let level = |level: &Level| LevelInput {
            days: level.days.to_string(),
            tone: level.tone.name().into(),
            is_on: level.is_on.to_string(),
            tells_interest: level.tells_interest.to_string(),
            subject: level.subject.clone().unwrap_or_default(),
            text: level.text.clone().unwrap_or_default(),
        };
        Self {
            levels: settings.levels.iter().map(level).collect(),
            asks_first: settings.asks_first.to_string(),
            rates: settings.rates.iter().map(SemesterRateInput::of).collect(),
        }
    }
}

fn days(text: &str, min: i16, max: i16) -> Result<i16, Rule> {
    let days: i16 = text.trim().replace('−', "-").parse().map_err(|_| Rule::NotAWholeNumber)?;
    let beyond = || Rule::OutOfRange { min: min.to_string(), max: max.to_string() };
    if (min..=max).contains(&days) { Ok(days) } else { Err(beyond()) }
}

fn words(text: &str, max: usize) -> Result<Option<String>, Rule> {
    let words = legal::optional(text, |text| legal::text(text, max))?;
    let is_known =
        |words: &String| text::filled(words, |name| PLACEHOLDERS.contains(&name).then(String::new)).is_some();
    if words.as_ref().is_none_or(is_known) { Ok(words) } else { Err(Rule::UnknownWord) }
}

/// What is different for one client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientReminders {
    pub client: CompanyId,
    pub choice: ClientChoice,
    /// Nothing leaves before this day.
    pub paused_until: Option<Date>,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientChoice {
    /// The schedule of the organization.
    #[default]
    Usual,
    /// Without what threatens: neither the last reminder nor the formal notice.
    Gentle,
    Off,
}

impl ClientChoice {
    pub const ALL: [Self; 3] = [Self::Usual, Self::Gentle, Self::Off];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Gentle => "gentle",
            Self::Off => "off",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Usual => "Calendrier habituel",
            Self::Gentle => "Rappels seulement, sans dernier avis ni mise en demeure",
            Self::Off => "Aucune relance automatique",
        }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientRemindersInput {
    /// `usual`, `gentle` or `off`.
    pub choice: String,
    /// `YYYY-MM-DD`: nothing leaves before this day. Empty without a pause.
    pub paused_until: String,
    pub reason: String,
}

impl ClientRemindersInput {
    pub fn parse(&self, client: CompanyId) -> Result<ClientReminders, Violations> {
        let mut wrong = Violations::default();
        let choice = ClientChoice::ALL.into_iter().find(|choice| choice.name() == self.choice).ok_or(Rule::NotAChoice);
        let choice = wrong.take("/choice", choice);
        let paused_until = wrong.take("/paused_until", optional_date(&self.paused_until));
        let reason = wrong.take("/reason", legal::optional(&self.reason, |text| legal::text(text, 200)));
        match (choice, paused_until, reason, wrong.is_empty()) {
            (Some(choice), Some(paused_until), Some(reason), true) => {
                Ok(ClientReminders { client, choice, paused_until, reason })
            }
            _ => Err(wrong),
        }
    }

    pub fn of(client: Option<&ClientReminders>) -> Self {
        Self {
            choice: client.map(|client| client.choice).unwrap_or_default().name().into(),
            paused_until: client.and_then(|client| client.paused_until).map(|on| on.to_string()).unwrap_or_default(),
            reason: client.and_then(|client| client.reason.clone()).unwrap_or_default(),
        }
    }
}

fn optional_date(text: &str) -> Result<Option<Date>, Rule> {
    if text.trim().is_empty() { Ok(None) } else { legal::date(text).map(Some) }
}

/// A level that was dealt with, for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    pub level: u8,
    pub on: Date,
    /// Whether a mail left; else somebody set it aside.
    pub was_sent: bool,
    /// It was a formal notice: by its tone, at whatever level.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_notice: bool,
    /// What left, in writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailId>,
}

impl Reminded {
    const fn new(level: u8, on: Date, was_sent: bool) -> Self {
        Self { level, on, was_sent, is_notice: false, letter: None, mail: None }
    }
}

/// A level that waits for somebody's yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub level: u8,
    pub on: Date,
}

/// Nothing leaves by itself for this invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The first day on which something may leave again; for good where absent.
    pub until: Option<Date>,
    pub reason: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PauseInput {
    /// `YYYY-MM-DD`, after today; empty for good.
    pub until: String,
    pub reason: String,
}

impl PauseInput {
    pub fn parse(&self, today: Date) -> Result<Pause, Violations> {
        let mut wrong = Violations::default();
        let until = optional_date(&self.until).and_then(|until| match until {
            Some(until) if until <= today => Err(Rule::Before { date: text::short_date(today) }),
            until => Ok(until),
        });
        let until = wrong.take("/until", until);
        let reason = wrong.take("/reason", legal::required(&self.reason, 200));
        match (until, reason) {
            (Some(until), Some(reason)) => Ok(Pause { until, reason }),
            _ => Err(wrong),
        }
    }
}

/// What decides over one invoice on one day.
pub struct Policy<'a> {
    pub settings: &'a ReminderSettings,
    pub client: Option<&'a ClientReminders>,
    /// Whether the client has an address to write to.
    pub can_write: bool,
}

impl Policy<'_> {
    fn sends(&self, number: u8, level: &Level) -> bool {
        let choice = self.client.map(|client| client.choice).unwrap_or_default();
        let is_wanted = match choice {
            ClientChoice::Usual => true,
            ClientChoice::Gentle => number < NOTICE - 1 && !matches!(level.tone, Tone::LastCall | Tone::FormalNotice),
            ClientChoice::Off => false,
        };
        level.is_on && is_wanted
    }

    /// Whether what the clock proposed may still leave: the schedule has it, and so was agreed with the client.
    pub(super) fn still_sends(&self, number: u8, today: Date) -> bool {
        let level = self.settings.level(number);
        !self.is_paused(today) && level.is_some_and(|level| self.sends(number, level))
    }

    fn is_paused(&self, today: Date) -> bool {
        self.client.and_then(|client| client.paused_until).is_some_and(|until| until > today)
    }
}

/// What the clock's look came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    pub invoice: Invoice,
    /// It was found late by this look.
    pub is_newly_late: bool,
    /// The level whose mail leaves.
    pub sends: Option<u8>,
}

/// When the clock looks at an invoice first: when a schedule may begin at the earliest, not before tomorrow.
pub fn first_look(today: Date, due_on: Date) -> Option<Date> {
    let begins = due_on.saturating_sub(i64::from(LEAD_MAX).days());
    today.tomorrow().ok().map(|tomorrow| begins.max(tomorrow))
}

impl Issued {
    /// The highest level that was dealt with; 0 where none was.
    pub fn last_level(&self) -> u8 {
        // What was sent before there were levels was a first reminder.
        let before = if self.reminders > 0 && self.reminded.is_empty() { 2 } else { 0 };
        self.reminded.iter().map(|reminded| reminded.level).max().unwrap_or(before)
    }

    pub fn day_of(&self, level: &Level) -> Date {
        self.due_on.saturating_add(i64::from(level.days).days())
    }

    /// Whether its day is still to come.
    pub fn is_ahead(&self, level: &Level, today: Date) -> bool {
        self.day_of(level) > today.max(self.on)
    }

    /// What comes before the due date is no use after it, nor on the day of issue.
    fn fits(&self, number: u8, level: &Level, today: Date) -> bool {
        if number == 1 { today <= self.due_on && self.day_of(level) > self.on } else { today > self.due_on }
    }

    pub fn is_paused(&self, today: Date) -> bool {
        self.pause.as_ref().is_some_and(|pause| pause.until.is_none_or(|until| until > today))
    }
}

impl Invoice {
    fn is_open(&self) -> bool {
        self.issued.is_some() && self.balance() > Minor::ZERO
    }

    /// What waits for a yes, while there is something to be paid and no debit is under way.
    pub fn proposal(&self) -> Option<Proposal> {
        let issued = self.issued.as_ref().filter(|issued| issued.debit.is_none() && self.is_open())?;
        issued.proposed
    }

    /// The levels that somebody may send by hand today.
    pub fn levels_left(&self, settings: &ReminderSettings, today: Date) -> Vec<u8> {
        let Some(issued) = self.issued.as_ref().filter(|_| self.is_open()) else { return Vec::new() };
        let is_left = |number: u8, level: &Level| number > issued.last_level() && issued.fits(number, level, today);
        settings.numbered().filter(|(number, level)| is_left(*number, level)).map(|(number, _)| number).collect()
    }

    /// The highest level whose day has come: where the clock was away over several, those below are passed over.
    fn level_due(&self, policy: &Policy<'_>, today: Date) -> Option<u8> {
        let issued = self.issued.as_ref()?;
        let is_due = |number: u8, level: &Level| {
            number > issued.last_level()
                && policy.sends(number, level)
                && issued.fits(number, level, today)
                && issued.day_of(level) <= today
        };
        policy.settings.numbered().rev().find(|(number, level)| is_due(*number, level)).map(|(number, _)| number)
    }

    /// The clock looks: late or not, and which level leaves or is proposed. `None` where it came too early, or this was
    /// done already.
    pub fn looked_at(&self, policy: &Policy<'_>, today: Date) -> Option<Looked> {
        let issued = self.issued.as_ref()?;
        issued.look_on.filter(|on| *on <= today)?;
        let mut looked = self.clone();
        let after = looked.issued.as_mut()?;
        if !self.is_open() {
            after.look_on = None;
            after.proposed = None;
            return Some(Looked { invoice: looked, is_newly_late: false, sends: None });
        }
        let is_newly_late = self.is_overdue(today) && issued.overdue_since.is_none();
        if is_newly_late {
            after.overdue_since = issued.due_on.tomorrow().ok();
        }
        // Who is asked for what is debited anyway pays it twice.
        let is_held = issued.is_paused(today) || policy.is_paused(today) || issued.debit.is_some();
        let due = self.level_due(policy, today).filter(|_| !is_held && policy.can_write);
        let mut sends = None;
        match due {
            Some(level) if policy.settings.asks_first => {
                if after.proposed.is_none_or(|proposed| proposed.level != level) {
                    after.proposed = Some(Proposal { level, on: today });
                }
            }
            Some(level) => {
                sends = Some(level);
                looked = looked.reminded(level, today, true);
            }
            // Held, passed, or not wanted any more: nobody is to say yes to it.
            None => after.proposed = None,
        }
        let next = looked.next_look(policy, today);
        if let Some(after) = &mut looked.issued {
            after.look_on = next;
        }
        Some(Looked { invoice: looked, is_newly_late, sends })
    }

    fn next_look(&self, policy: &Policy<'_>, today: Date) -> Option<Date> {
        let issued = self.issued.as_ref().filter(|_| self.is_open())?;
        if issued.due_on.saturating_add(GIVE_UP.days()) < today {
            return None;
        }
        let late_on = if issued.overdue_since.is_none() { issued.due_on.tomorrow().ok() } else { None };
        let mut days: Vec<Date> = late_on.into_iter().collect();
        let is_stopped = issued.pause.as_ref().is_some_and(|pause| pause.until.is_none());
        if !is_stopped && issued.last_level() < NOTICE {
            days.push(today.saturating_add(LOOK_AGAIN.days()));
            let pauses =
                [issued.pause.as_ref().and_then(|pause| pause.until), policy.client.and_then(|c| c.paused_until)];
            days.extend(pauses.into_iter().flatten());
            let ahead = policy.settings.numbered().filter(|(number, level)| policy.sends(*number, level));
            days.extend(ahead.map(|(_, level)| issued.day_of(level)));
        }
        days.into_iter().filter(|on| *on > today).min()
    }

    /// Nothing waits for a yes any more.
    #[must_use]
    pub fn unproposed(&self) -> Self {
        let issued = self.issued.as_ref().map(|issued| Issued { proposed: None, ..issued.clone() });
        Self { issued, ..self.clone() }
    }

    /// With a level dealt with, for good; what waited for a yes waits no more.
    #[must_use]
    pub fn reminded(&self, level: u8, today: Date, was_sent: bool) -> Self {
        let mut reminded = self.clone();
        if let Some(issued) = &mut reminded.issued {
            // What left before there were levels is told with the others.
            if issued.reminded.is_empty() && issued.reminders > 0 {
                let on = issued.overdue_since.unwrap_or(issued.due_on);
                issued.reminded.push(Reminded::new(issued.last_level(), on, true));
            }
            issued.reminded.push(Reminded::new(level, today, was_sent));
            issued.reminders = issued.reminders.saturating_add(u8::from(was_sent));
            issued.proposed = None;
        }
        reminded
    }

    /// With what the last reminder left as.
    #[must_use]
    pub fn reminded_by(&self, mail: MailId, letter: Option<LetterId>, is_notice: bool) -> Self {
        let mut reminded = self.clone();
        if let Some(last) = reminded.issued.as_mut().and_then(|issued| issued.reminded.last_mut()) {
            last.mail = Some(mail);
            last.letter = letter;
            last.is_notice = is_notice;
        }
        reminded
    }

    /// By hand: a level that is left, whatever is paused.
    pub fn reminded_by_hand(&self, settings: &ReminderSettings, level: u8, today: Date) -> Result<Self> {
        self.must_be_issued()?;
        if !self.levels_left(settings, today).contains(&level) {
            return Err(Error::field("/level", Rule::NotAChoice));
        }
        Ok(self.reminded(level, today, true))
    }

    pub fn paused(&self, pause: Pause) -> Result<Self> {
        let issued = self.must_be_issued()?;
        let issued = Issued { pause: Some(pause), proposed: None, ..issued.clone() };
        Ok(Self { issued: Some(issued), ..self.clone() })
    }

    /// The clock looks again tomorrow.
    pub fn resumed(&self, today: Date) -> Result<Self> {
        let issued = self.must_be_issued()?;
        let look_on = if self.is_open() { today.tomorrow().ok() } else { None };
        Ok(Self { issued: Some(Issued { pause: None, look_on, ..issued.clone() }), ..self.clone() })
    }
}

/// A reminder as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub paragraphs: Vec<String>,
}

/// The words of a level for this invoice, on this day. `interest` is told where the level wants it.
pub fn written(
    level: &Level,
    interest: Option<&Interest>,
    invoice: &Invoice,
    client: &ClientReference,
    organization: &OrganizationReference,
    today: Date,
) -> Result<Written> {
    let issued = invoice.must_be_issued()?;
    let [subject, text] = level.tone.words(level.days < 0);
    let late = (issued.due_on.until(today).map_err(Error::internal)?.get_days()).max(0);
    let value = |name: &str| {
        Some(match name {
            "facture" => issued.number.clone(),
            "date" => text::french_date(issued.on),
            "echeance" => text::french_date(issued.due_on),
            "reste" => invoice.balance().french(invoice.priced.currency),
            "client" => client.name.clone(),
            "entreprise" => organization.name.clone(),
            "jours" => late.to_string(),
            _ => return None,
        })
    };
    let fill = |words: &str| {
        let words = if late < 2 { words.replace("{jours} jours", "{jours} jour") } else { words.to_owned() };
        text::filled(&words, value).ok_or_else(|| Error::internal("words with an unknown placeholder"))
    };
    let text = fill(level.text.as_deref().unwrap_or(text))?;
    let mut paragraphs: Vec<String> =
        text.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    if level.days > 0 && level.tone != Tone::Friendly {
        let is_notice = level.tone == Tone::FormalNotice;
        // As who was invoiced, whatever they are by now.
        let is_business = invoice.client.reference.is_business;
        paragraphs.extend(late::reminder_clause(is_business, is_notice, today).map(str::to_owned));
    }
    if let Some(interest) = interest.filter(|_| level.tells_interest) {
        paragraphs.extend(interest.paragraphs(invoice.balance(), today));
    }
    Ok(Written { subject: fill(level.subject.as_deref().unwrap_or(subject))?, paragraphs })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{
        Currency,
        document::{Line, Unit, VatCategory, VatRate},
        id::RemittanceId,
        pricing::Priced,
        vat::Treatment,
    };
    use rust_decimal::Decimal;
    use ulid::Ulid;

    use super::*;
    use crate::invoice::{self, PlannedDebit};

    #[test]
    fn nothing_is_said_to_be_late_before_the_due_date_whatever_the_tone() {
        for tone in Tone::ALL {
            let [subject, text] = tone.words(true);
            assert!(subject.starts_with("Échéance prochaine") && !text.contains("échue"), "{subject}: {text}");
        }
    }

    /// Of 1 200 €, issued on 1 November 2026, due on 1 December.
    fn open() -> Invoice {
        let line = Line {
            section: None,
            is_optional: false,
            product: None,
            is_goods: false,
            description: "Pose".into(),
            quantity: Decimal::ONE,
            unit: Unit::Flat,
            unit_price: 1_000.into(),
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            vat: VatRate { category: VatCategory::S, percent: 20.into(), exemption_reason: None, exemption_code: None },
            net_minor: Minor(100_000),
        };
        invoice::tests::issued(Priced::add_up(Currency::Eur, Treatment::Domestic, vec![line], None).unwrap())
    }

    #[test]
    fn nobody_who_is_debited_is_reminded_and_nothing_waits_for_a_yes() {
        let today = date(2026, 12, 10);
        let settings = ReminderSettings { asks_first: true, ..ReminderSettings::default() };
        let policy = Policy { settings: &settings, client: None, can_write: true };
        let proposed = open().looked_at(&policy, today).unwrap().invoice;
        assert_eq!(proposed.proposal(), Some(Proposal { level: 2, on: today }));
        let debit = PlannedDebit { remittance: RemittanceId::from_ulid(Ulid(6)), on: date(2026, 12, 15) };
        let debited = proposed.debited(Some(debit.clone())).unwrap();
        assert_eq!(debited.proposal(), None);
        // What was sent back by the bank waits for its yes again.
        assert_eq!(debited.debited(None).unwrap().proposal(), proposed.proposal());

        let settings = ReminderSettings::default();
        let policy = Policy { settings: &settings, client: None, can_write: true };
        let looked = open().debited(Some(debit)).unwrap().looked_at(&policy, today).unwrap();
        assert_eq!((looked.sends, looked.is_newly_late), (None, true));
        assert!(looked.invoice.issued.unwrap().look_on.is_some());
        assert_eq!(open().looked_at(&policy, today).unwrap().sends, Some(2));
    }

    #[test]
    fn what_was_agreed_with_a_client_holds_for_what_was_proposed_before() {
        let (settings, today) = (ReminderSettings::default(), date(2026, 12, 10));
        let client = |choice, paused_until| {
            let client = CompanyId::from_ulid(Ulid(1));
            ClientReminders { client, choice, paused_until, reason: None }
        };
        let still = |client: &ClientReminders, level| {
            Policy { settings: &settings, client: Some(client), can_write: true }.still_sends(level, today)
        };
        assert!(still(&client(ClientChoice::Usual, Some(today)), 4));
        assert!(!still(&client(ClientChoice::Usual, Some(date(2026, 12, 11))), 4));
        assert!(!still(&client(ClientChoice::Off, None), 2));
        assert!(still(&client(ClientChoice::Gentle, None), 3) && !still(&client(ClientChoice::Gentle, None), 4));
        // Whatever its place, a notice threatens.
        let mut firm = ReminderSettings::default();
        firm.levels[2].tone = Tone::FormalNotice;
        let gentle = client(ClientChoice::Gentle, None);
        assert!(!Policy { settings: &firm, client: Some(&gentle), can_write: true }.still_sends(3, today));
    }
}
