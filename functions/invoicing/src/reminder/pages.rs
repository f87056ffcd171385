//! `/facturation/relances`, and the reminders of an invoice

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use jiff::civil::Date;
use kernel::{
    Error, Permission, Result,
    id::{CompanyId, InvoiceId, LetterId},
    late,
    money::french_percent,
    page::PageRequest,
};
use serde::Deserialize;
use table::{Order, Stored};
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{
    Chosen, ClientRemindersInput, LEVELS, LevelInput, NAMES, PauseInput, ProposedReminder, ReminderSettingsInput,
    model::{ClientChoice, Tone, written},
    read_client, read_settings,
    send_reminder::CHOSEN_MAX,
};
use crate::{
    interest::{self, Late, SemesterRateInput, rates_asked},
    quote::pages::Nothing,
    view::{Moment, mail_fate},
};

const PATH: &str = "/facturation/relances";
const SETTINGS: &str = "/facturation/relances/reglages";

// ---- what waits for a yes -------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "reminders.html")]
struct RemindersPage {
    shell: Shell,
    form_key: String,
    rows: Vec<ProposedRow>,
    next: Option<String>,
    first: Option<String>,
    can_answer: bool,
    errors: FieldErrors,
}

struct ProposedRow {
    id: InvoiceId,
    number: String,
    client_name: String,
    level: &'static str,
    number_of_level: u8,
    due_on: String,
    balance: String,
    is_chosen: bool,
}

async fn proposed(asker: &Asker, wanted: &PageRequest, chosen: Option<&Chosen>) -> Result<RemindersPage> {
    let request = PageRequest { limit: wanted.limit.min(CHOSEN_MAX), cursor: wanted.cursor.clone() };
    let list = asker.scope.keys().proposed_reminders();
    let found = asker.scope.list::<ProposedReminder>(&list, &request, Order::Ascending).await?;
    let row = |proposed: &Stored<ProposedReminder>| ProposedRow {
        id: proposed.invoice,
        number: proposed.number.clone(),
        client_name: proposed.client_name.clone(),
        level: name(proposed.level),
        number_of_level: proposed.level,
        due_on: asker.organization.date(proposed.due_on),
        balance: proposed.balance_minor.french(proposed.currency),
        // What a morning brings leaves whole unless somebody takes a box away.
        is_chosen: chosen.is_none_or(|chosen| chosen.invoices.contains(&proposed.invoice.to_string())),
    };
    Ok(RemindersPage {
        shell: Shell::new(asker, "invoicing", "Relances"),
        form_key: asker.form_key(),
        rows: found.items.iter().map(row).collect(),
        next: found.next_cursor.map(|cursor| format!("{PATH}?cursor={cursor}")),
        first: wanted.cursor.as_ref().map(|_| PATH.into()),
        can_answer: asker.may(Permission::InvoicingApprove),
        errors: FieldErrors::default(),
    })
}

pub fn name(level: u8) -> &'static str {
    usize::from(level).checked_sub(1).and_then(|place| NAMES.get(place)).copied().unwrap_or_default()
}

pub async fn list_reminders(asker: Asker, Pagination(request): Pagination) -> PageResult {
    page(&proposed(&asker, &request, None).await?)
}

async fn answer(asker: &Asker, chosen: &Chosen, sends: bool) -> PageResult {
    match super::answer_proposals(&asker.scope, &asker.organization, chosen, sends).await {
        Ok(0) => asker.done(PATH, "Plus rien n’était à relancer parmi ces factures."),
        Ok(1) if sends => asker.done(PATH, "La relance est envoyée."),
        Ok(1) => asker.done(PATH, "La relance est écartée."),
        Ok(sent) if sends => asker.done(PATH, format!("{sent} relances sont envoyées.")),
        Ok(set_aside) => asker.done(PATH, format!("{set_aside} relances sont écartées.")),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let list = proposed(asker, &PageRequest::default(), Some(chosen)).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &RemindersPage { errors, ..list })
        }
    }
}

pub async fn send_reminders(asker: Asker, form: Form<Chosen>) -> PageResult {
    answer(&asker, &form.input, true).await
}

pub async fn dismiss_reminders(asker: Asker, form: Form<Chosen>) -> PageResult {
    answer(&asker, &form.input, false).await
}

// ---- the schedule ---------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "reminder_settings.html")]
struct SettingsPage {
    shell: Shell,
    form_key: String,
    version: u64,
    levels: Vec<LevelRow>,
    asks_first: bool,
    /// The latest that are published.
    rates_known: Vec<KnownRate>,
    rates: Vec<RateRow>,
    can_edit: bool,
    errors: FieldErrors,
}

struct KnownRate {
    semester: String,
    refinancing: String,
    legal: String,
}

/// A semester whose rates the organization may enter.
struct RateRow {
    input: SemesterRateInput,
    semester: String,
    refinancing_error: String,
    legal_error: String,
}

/// `2e semestre 2026`
fn semester(on: Date) -> String {
    format!("{} semestre {}", if on.month() < 7 { "1er" } else { "2e" }, on.year())
}

struct LevelRow {
    number: usize,
    name: &'static str,
    input: LevelInput,
    is_on: bool,
    tells_interest: bool,
    tones: Vec<Choice>,
    /// The house's words of its tone, which stand where none are written.
    usual_subject: &'static str,
    usual_text: &'static str,
    days_error: String,
    subject_error: String,
    text_error: String,
}

/// A checkbox is sent only where it is checked, so each says its level.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    level_on: Vec<String>,
    level_interest: Vec<String>,
    level_days: Vec<String>,
    level_tone: Vec<String>,
    level_subject: Vec<String>,
    level_text: Vec<String>,
    asks_first: String,
    rate_from: Vec<String>,
    rate_refinancing: Vec<String>,
    rate_legal: Vec<String>,
}

impl Default for SettingsForm {
    fn default() -> Self {
        let none = Vec::new;
        Self {
            level_on: none(),
            level_interest: none(),
            level_days: none(),
            level_tone: none(),
            level_subject: none(),
            level_text: none(),
            asks_first: String::new(),
            rate_from: none(),
            rate_refinancing: none(),
            rate_legal: none(),
        }
    }
}

impl SettingsForm {
    fn input(&self) -> ReminderSettingsInput {
        let at = |column: &[String], place: usize| column.get(place).cloned().unwrap_or_default();
        let level = |place: usize| LevelInput {
            days: at(&self.level_days, place),
            tone: at(&self.level_tone, place),
            is_on: self.level_on.contains(&(place + 1).to_string()).to_string(),
            tells_interest: self.level_interest.contains(&(place + 1).to_string()).to_string(),
            subject: at(&self.level_subject, place),
            text: at(&self.level_text, place),
        };
        let rate = |(place, from): (usize, &String)| SemesterRateInput {
            from: from.clone(),
            refinancing: at(&self.rate_refinancing, place),
            legal: at(&self.rate_legal, place),
        };
        ReminderSettingsInput {
            levels: (0..LEVELS).map(level).collect(),
            asks_first: self.asks_first.clone(),
            rates: self.rate_from.iter().enumerate().map(rate).collect(),
        }
    }
}

fn settings_page(asker: &Asker, version: u64, input: ReminderSettingsInput, errors: FieldErrors) -> SettingsPage {
    let asks_first = input.asks_first == "true";
    let row = |(place, input): (usize, LevelInput)| {
        let error = |field: &str| errors.get(&format!("/levels/{place}/{field}")).unwrap_or_default();
        let tone = Tone::ALL.into_iter().find(|tone| tone.name() == input.tone).unwrap_or(Tone::Friendly);
        let [usual_subject, usual_text] = tone.words(place == 0);
        LevelRow {
            number: place + 1,
            name: NAMES[place.min(LEVELS - 1)],
            is_on: input.is_on == "true",
            tells_interest: input.tells_interest == "true",
            tones: choices(Tone::ALL.map(|tone| (tone.name(), tone.french())), tone.name()),
            usual_subject,
            usual_text,
            days_error: error("days"),
            subject_error: error("subject"),
            text_error: error("text"),
            input,
        }
    };
    let known = late::semester_rates().iter().rev().take(3).map(|known| KnownRate {
        semester: semester(known.valid_from),
        refinancing: french_percent(known.value.refinancing),
        legal: french_percent(known.value.legal),
    });
    // What was typed, and the semesters that nobody typed yet.
    let asked =
        rates_asked(asker.today()).into_iter().filter(|on| !input.rates.iter().any(|one| one.from == on.to_string()));
    let asked: Vec<_> =
        asked.map(|on| SemesterRateInput { from: on.to_string(), ..SemesterRateInput::default() }).collect();
    let rate = |(place, input): (usize, SemesterRateInput)| {
        let error = |field: &str| errors.get(&format!("/rates/{place}/{field}")).unwrap_or_default();
        RateRow {
            semester: kernel::legal::date(&input.from).map(semester).unwrap_or_default(),
            refinancing_error: error("refinancing"),
            legal_error: error("legal"),
            input,
        }
    };
    SettingsPage {
        shell: Shell::new(asker, "invoicing", "Calendrier de relances"),
        form_key: asker.form_key(),
        version,
        rates_known: known.collect(),
        rates: input.rates.into_iter().chain(asked).enumerate().map(rate).collect(),
        levels: input.levels.into_iter().enumerate().map(row).collect(),
        asks_first,
        can_edit: asker.may(Permission::InvoicingApprove),
        errors,
    }
}

pub async fn show_reminder_settings(asker: Asker) -> PageResult {
    let settings = read_settings(&asker.scope).await?;
    page(&settings_page(&asker, settings.version, ReminderSettingsInput::of(&settings), FieldErrors::default()))
}

pub async fn edit_reminder_settings(asker: Asker, form: Form<SettingsForm>) -> PageResult {
    let input = form.input.input();
    match super::edit_reminder_settings(&asker.scope, &input, form.version).await {
        Ok(_) => asker.done(SETTINGS, "Le calendrier de relances est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let again = settings_page(&asker, form.version.unwrap_or_default(), input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

// ---- one client -----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "client_reminders.html")]
struct ClientPage {
    shell: Shell,
    form_key: String,
    version: u64,
    id: CompanyId,
    client_name: String,
    options: Vec<Choice>,
    form: ClientRemindersInput,
    can_edit: bool,
    errors: FieldErrors,
}

async fn client_page(
    asker: &Asker,
    id: CompanyId,
    typed: Option<(ClientRemindersInput, FieldErrors)>,
) -> Result<ClientPage> {
    let (client, own) = read_client(asker, &asker.scope, id).await?;
    let stored = || ClientRemindersInput::of(own.as_ref().map(|own| &own.value));
    let (form, errors) = typed.unwrap_or_else(|| (stored(), FieldErrors::default()));
    Ok(ClientPage {
        shell: Shell::new(asker, "invoicing", format!("Relances de {}", client.name)),
        form_key: asker.form_key(),
        version: own.map(|own| own.version).unwrap_or_default(),
        id,
        client_name: client.name,
        options: choices(ClientChoice::ALL.map(|choice| (choice.name(), choice.french())), &form.choice),
        form,
        can_edit: asker.may(Permission::InvoicingEdit),
        errors,
    })
}

pub async fn show_client_reminders(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    page(&client_page(&asker, id, None).await?)
}

pub async fn edit_client_reminders(
    asker: Asker,
    Id(id): Id<CompanyId>,
    form: Form<ClientRemindersInput>,
) -> PageResult {
    match super::edit_client_reminders(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/clients/{id}"), "Les relances de ce client sont enregistrées."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let again = client_page(&asker, id, Some((form.input, errors))).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

// ---- one invoice ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "invoice_reminders.html")]
struct InvoiceRemindersPage {
    shell: Shell,
    form_key: String,
    version: u64,
    id: InvoiceId,
    client: CompanyId,
    number: String,
    /// What will happen by itself.
    ahead: String,
    pause: Option<String>,
    history: Vec<Moment>,
    letters: Vec<LetterLink>,
    /// The levels that can be sent by hand, the one that is shown chosen.
    levels: Vec<LevelLink>,
    preview: Option<Preview>,
    recipient: String,
    can_edit: bool,
    can_pause: bool,
    pause_form: PauseInput,
    pause_open: bool,
    errors: FieldErrors,
}

struct LetterLink {
    id: LetterId,
    label: String,
}

struct LevelLink {
    number: u8,
    name: &'static str,
    is_shown: bool,
}

struct Preview {
    level: u8,
    name: &'static str,
    subject: String,
    paragraphs: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    niveau: String,
}

async fn invoice_page(asker: &Asker, id: InvoiceId, shown: &str) -> Result<InvoiceRemindersPage> {
    let Late { invoice, settings, interest, mails } = interest::read(&asker.scope, id, asker.today()).await?;
    let issued = invoice.must_be_issued()?;
    let (today, date) = (asker.today(), |on| asker.organization.date(on));
    let left = invoice.levels_left(&settings, today);
    let chosen = shown.parse().ok().filter(|level| left.contains(level)).or_else(|| left.first().copied());
    let client = &invoice.client.reference;
    let preview = match chosen.and_then(|number| Some((number, settings.level(number)?))) {
        Some((number, level)) => {
            let words = written(level, Some(&interest), &invoice, client, &asker.organization, today)?;
            Some(Preview { level: number, name: name(number), subject: words.subject, paragraphs: words.paragraphs })
        }
        None => None,
    };
    let pause = issued.pause.as_ref().filter(|_| issued.is_paused(today)).map(|pause| match pause.until {
        Some(until) => format!("Les relances automatiques sont suspendues jusqu’au {} : {}", date(until), pause.reason),
        None => format!("Les relances automatiques sont arrêtées : {}", pause.reason),
    });
    let ahead = match (invoice.proposal(), issued.look_on) {
        _ if issued.debit.is_some() => "Un prélèvement est en cours\u{a0}: aucune relance ne part d’ici là.".to_owned(),
        (Some(proposal), _) => format!("« {} » attend votre validation.", name(proposal.level)),
        (None, Some(_)) if pause.is_none() => {
            let next = (issued.last_level() + 1..=5).find(|number| {
                settings.level(*number).is_some_and(|level| level.is_on && issued.is_ahead(level, today))
            });
            next.and_then(|number| Some((number, settings.level(number)?))).map_or_else(
                || "Le calendrier ne prévoit plus de relance automatique.".into(),
                |(number, level)| {
                    format!("Prochaine étape du calendrier : « {} », le {}.", name(number), date(issued.day_of(level)))
                },
            )
        }
        _ => String::new(),
    };
    let history = issued.reminded.iter().rev().map(|reminded| {
        let (kind, how) = if reminded.was_sent { ("info", "envoyé") } else { ("neutral", "écarté") };
        let mail = mails.iter().find(|mail| Some(mail.mail.id) == reminded.mail);
        let text = mail.and_then(|mail| mail_fate(asker, mail)).unwrap_or_default();
        let kind = if mail.is_some_and(|mail| mail.mail.fate.failed.is_some()) { "danger" } else { kind };
        Moment { text, ..Moment::on(asker, kind, format!("{} {how}", name(reminded.level)), reminded.on) }
    });
    let can_edit = asker.may(Permission::InvoicingEdit);
    Ok(InvoiceRemindersPage {
        shell: Shell::new(asker, "invoicing", format!("Relances de la facture {}", issued.number)),
        form_key: asker.form_key(),
        version: invoice.version,
        id,
        client: client.id,
        number: issued.number.clone(),
        ahead,
        history: history.collect(),
        letters: issued
            .reminded
            .iter()
            .rev()
            .filter_map(|one| {
                Some(LetterLink { id: one.letter?, label: format!("{}, {}", name(one.level), date(one.on)) })
            })
            .collect(),
        levels: left
            .iter()
            .map(|number| LevelLink { number: *number, name: name(*number), is_shown: chosen == Some(*number) })
            .collect(),
        preview,
        recipient: client.email.clone().unwrap_or_default(),
        can_edit,
        can_pause: can_edit && pause.is_none() && issued.look_on.is_some(),
        pause,
        pause_form: PauseInput::default(),
        pause_open: false,
        errors: FieldErrors::default(),
    })
}

pub async fn show_reminders(asker: Asker, Id(id): Id<InvoiceId>, Query(shown): Query<Shown>) -> PageResult {
    page(&invoice_page(&asker, id, &shown.niveau).await?)
}

async fn refused(asker: &Asker, id: InvoiceId, error: Error, pause: Option<PauseInput>) -> PageResult {
    let errors = if pause.is_some() { FieldErrors::from_error(error)? } else { FieldErrors::summary_of(error)? };
    let again = invoice_page(asker, id, "").await?;
    let pause_open = pause.is_some();
    let again = InvoiceRemindersPage { errors, pause_open, pause_form: pause.unwrap_or_default(), ..again };
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

fn path_of(id: InvoiceId) -> String {
    format!("/facturation/factures/{id}/relances")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LevelForm {
    level: String,
}

pub async fn send_reminder(asker: Asker, Id(id): Id<InvoiceId>, form: Form<LevelForm>) -> PageResult {
    match super::send_reminder(&asker.scope, &asker.organization, id, &form.input.level, form.version).await {
        Ok(_) => asker.done(&path_of(id), "La relance est envoyée."),
        Err(error) => refused(&asker, id, error, None).await,
    }
}

pub async fn pause_reminders(asker: Asker, Id(id): Id<InvoiceId>, form: Form<PauseInput>) -> PageResult {
    match super::pause_reminders(&asker.scope, &asker.organization, id, &form.input, form.version).await {
        Ok(_) => asker.done(&path_of(id), "Les relances automatiques de cette facture sont suspendues."),
        Err(error) => refused(&asker, id, error, Some(form.input)).await,
    }
}

pub async fn resume_reminders(asker: Asker, Id(id): Id<InvoiceId>, form: Form<Nothing>) -> PageResult {
    match super::resume_reminders(&asker.scope, &asker.organization, id, form.version).await {
        Ok(_) => asker.done(&path_of(id), "Les relances automatiques reprennent."),
        Err(error) => refused(&asker, id, error, None).await,
    }
}
