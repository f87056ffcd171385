//! `/facturation/temps`: what was worked and waits to be invoiced, client by client.

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Error, Minor, Permission,
    id::{CompanyId, InvoiceId, TimeEntryId},
    page::PageRequest,
    reference::ClientReference,
    text,
};
use serde::Deserialize;
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Colleagues, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices, column},
    page_with_status,
};

use super::{
    Grouping, InvoiceTimeInput, STATES, TimeEntry, TimeInput, invoice_time::ENTRIES_MAX, record_time::WORKER, store,
};
use crate::{
    client::{Offer, OfferedClients},
    content::vat_choices,
    quote::pages::Nothing,
};

const PATH: &str = "/facturation/temps";
/// What one reading holds with ease.
const PAGE: u16 = 300;

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "times.html")]
struct TimesPage {
    shell: Shell,
    form_key: String,
    is_open: bool,
    groups: Vec<Group>,
    total: String,
    fields: Fields,
    can_record: bool,
    next: Option<String>,
    first: Option<String>,
}

/// The time of one client.
struct Group {
    client: CompanyId,
    name: String,
    duration: String,
    net: String,
    entries: Vec<EntryRow>,
}

struct EntryRow {
    id: TimeEntryId,
    worked_on: String,
    description: String,
    /// Empty where nobody is to be named.
    worker: String,
    duration: String,
    net: String,
    invoice: Option<InvoiceId>,
    is_chosen: bool,
}

impl EntryRow {
    fn of(asker: &Asker, colleagues: &Colleagues, entry: &TimeEntry) -> Self {
        let worker = if asker.sees_all() { colleagues.assignee(entry.assigned_to) } else { None };
        Self {
            id: entry.id,
            worked_on: asker.organization.date(entry.worked_on),
            description: entry.description.clone(),
            worker: worker.map(|worker| worker.name).unwrap_or_default(),
            duration: text::french_duration(u32::from(entry.minutes)),
            net: entry.net().french(entry.currency),
            invoice: entry.invoice,
            is_chosen: true,
        }
    }
}

/// In the order in which the list has them, which is that of clients.
fn groups(asker: &Asker, colleagues: &Colleagues, entries: &[Stored<TimeEntry>]) -> Vec<Group> {
    let by_client = entries.chunk_by(|one, next| one.client == next.client);
    let mut groups: Vec<_> = by_client
        .filter_map(|entries| {
            // The latest name is the one that the client has by now.
            let name = entries.iter().max_by_key(|entry| entry.id)?.client_name.clone();
            Some(Group {
                client: entries.first()?.client,
                name,
                duration: text::french_duration(entries.iter().map(|entry| u32::from(entry.minutes)).sum()),
                net: total(asker, entries),
                entries: entries.iter().map(|entry| EntryRow::of(asker, colleagues, entry)).collect(),
            })
        })
        .collect();
    groups.sort_by_cached_key(|group| text::sorted(&group.name));
    groups
}

fn total(asker: &Asker, entries: &[Stored<TimeEntry>]) -> String {
    let currency = asker.organization.currency;
    let own = entries.iter().filter(|entry| entry.currency == currency).map(|entry| entry.net());
    Minor::checked_sum(own).unwrap_or(Minor::MAX).french(currency)
}

/// What a form over one entry shows.
struct Fields {
    form: TimeInput,
    errors: FieldErrors,
    clients: OfferedClients,
    workers: Vec<Choice>,
    vat_rates: Vec<Choice>,
    symbol: &'static str,
}

impl Fields {
    fn new(asker: &Asker, offer: Offer, colleagues: &Colleagues, form: TimeInput, errors: FieldErrors) -> Self {
        let rates = vat_choices(asker.organization.vat_regime, asker.today());
        Self {
            clients: offer.choices(&form.client_id),
            workers: colleagues.choices(&form.assigned_to, WORKER),
            vat_rates: choices(rates, &form.vat_percent),
            symbol: asker.organization.currency.symbol(),
            form,
            errors,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    etat: String,
    /// What was just recorded: the next one begins as it was.
    saisie: String,
}

pub async fn list_time(asker: Asker, Query(shown): Query<Shown>, Pagination(request): Pagination) -> PageResult {
    let last = match shown.saisie.parse::<TimeEntryId>() {
        Ok(id) => asker.scope.get::<TimeEntry>(&asker.scope.keys().time_entry(id)).await?,
        Err(_) => None,
    };
    let mut form = blank(&asker);
    if let Some(last) = last.filter(|last| asker.sees(last.assigned_to)) {
        form = TimeInput { duration: String::new(), description: String::new(), ..TimeInput::of(&last) };
    }
    list(&asker, &shown.etat, request, form, (StatusCode::OK, FieldErrors::default())).await
}

fn blank(asker: &Asker) -> TimeInput {
    let vat_percent = vat_choices(asker.organization.vat_regime, asker.today());
    TimeInput {
        worked_on: asker.today().to_string(),
        vat_percent: vat_percent.into_iter().next().map(|(rate, _)| rate).unwrap_or_default(),
        assigned_to: asker.user.to_string(),
        ..TimeInput::default()
    }
}

async fn list(
    asker: &Asker,
    state: &str,
    request: PageRequest,
    form: TimeInput,
    (status, errors): (StatusCode, FieldErrors),
) -> PageResult {
    let state = STATES.into_iter().find(|name| *name == state).unwrap_or(STATES[0]);
    let request = PageRequest { limit: PAGE, ..request };
    let list = asker.scope.keys().time_entries(state, None).of(asker.only());
    let entries = asker.scope.list::<TimeEntry>(&list, &request, Order::Ascending);
    let (entries, (colleagues, offer)) =
        side_by_side(entries, side_by_side(Colleagues::of(asker), Offer::with(asker, &form.client_id))).await;
    let (entries, colleagues) = (entries?, colleagues?);
    let link = |cursor: &str| format!("{PATH}?etat={state}{cursor}");
    page_with_status(
        status,
        &TimesPage {
            shell: Shell::new(asker, "invoicing", "Temps passé"),
            form_key: asker.form_key(),
            is_open: state == STATES[0],
            groups: groups(asker, &colleagues, &entries.items),
            total: total(asker, &entries.items),
            fields: Fields::new(asker, offer?, &colleagues, form, errors),
            can_record: asker.may(Permission::InvoicingCreate),
            next: entries.next_cursor.map(|cursor| link(&format!("&cursor={cursor}"))),
            first: request.cursor.map(|_| link("")),
        },
    )
}

pub async fn record_time(asker: Asker, form: Form<TimeInput>) -> PageResult {
    match super::record_time(&asker, &form.input).await {
        Ok(entry) => asker.done(&format!("{PATH}?saisie={}", entry.id), "Le temps est ajouté."),
        Err(error) => {
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::from_error(error)?);
            list(&asker, STATES[0], PageRequest::default(), form.input, wrong).await
        }
    }
}

// ---- one entry ------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "time_form.html")]
struct TimePage {
    shell: Shell,
    form_key: String,
    id: TimeEntryId,
    version: u64,
    fields: Fields,
    can_delete: bool,
}

pub async fn change_time(asker: Asker, Id(id): Id<TimeEntryId>) -> PageResult {
    change(&asker, id, None, (StatusCode::OK, FieldErrors::default())).await
}

async fn change(
    asker: &Asker,
    id: TimeEntryId,
    typed: Option<TimeInput>,
    (status, errors): (StatusCode, FieldErrors),
) -> PageResult {
    let about = side_by_side(Colleagues::of(asker), Offer::first(asker));
    let (entry, (colleagues, offer)) = side_by_side(store::read(asker, id), about).await;
    let entry = entry?;
    if status == StatusCode::OK {
        entry.must_be_open()?;
    }
    let offer = offer?.and_named(entry.client, &entry.client_name);
    page_with_status(
        status,
        &TimePage {
            shell: Shell::new(asker, "invoicing", "Modifier le temps passé"),
            form_key: asker.form_key(),
            id,
            version: entry.version,
            fields: Fields::new(asker, offer, &colleagues?, typed.unwrap_or_else(|| TimeInput::of(&entry)), errors),
            can_delete: asker.may(Permission::InvoicingDelete),
        },
    )
}

pub async fn edit_time(asker: Asker, Id(id): Id<TimeEntryId>, form: Form<TimeInput>) -> PageResult {
    match super::edit_time(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "Les modifications sont enregistrées."),
        Err(error) => {
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::from_error(error)?);
            change(&asker, id, Some(form.input), wrong).await
        }
    }
}

pub async fn delete_time(asker: Asker, Id(id): Id<TimeEntryId>, form: Form<Nothing>) -> PageResult {
    match super::delete_time(&asker, id, form.version).await {
        Ok(()) => asker.done(PATH, "Le temps est supprimé."),
        Err(error) => {
            let wrong = (StatusCode::CONFLICT, FieldErrors::from_error(error)?);
            change(&asker, id, None, wrong).await
        }
    }
}

// ---- the invoice ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "time_invoice.html")]
struct InvoicePage {
    shell: Shell,
    form_key: String,
    client: CompanyId,
    client_name: String,
    entries: Vec<EntryRow>,
    groupings: Vec<Choice>,
    /// There is more than one invoice takes: the oldest is shown.
    is_cut: bool,
    errors: FieldErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InvoiceForm {
    client: String,
    grouping: String,
    #[serde(deserialize_with = "column")]
    entry: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Of {
    client: String,
}

pub async fn choose_time(asker: Asker, Query(of): Query<Of>) -> PageResult {
    let form = InvoiceForm { client: of.client, ..InvoiceForm::default() };
    choose(&asker, &form, false, (StatusCode::OK, FieldErrors::default())).await
}

async fn choose(
    asker: &Asker,
    form: &InvoiceForm,
    is_sent: bool,
    (status, errors): (StatusCode, FieldErrors),
) -> PageResult {
    let client: CompanyId = form.client.parse().map_err(|_| Error::NotFound)?;
    let limit = u16::try_from(ENTRIES_MAX).map_err(Error::internal)?;
    let keys = asker.scope.keys();
    let list = keys.time_entries(STATES[0], Some(client)).of(asker.only());
    let request = PageRequest { limit, cursor: None };
    let entries = asker.scope.list::<TimeEntry>(&list, &request, Order::Ascending);
    let reference = keys.client_reference(client);
    let about = side_by_side(Colleagues::of(asker), asker.scope.get::<ClientReference>(&reference));
    let (entries, (colleagues, known)) = side_by_side(entries, about).await;
    let (entries, colleagues, known) = (entries?, colleagues?, known?.ok_or(Error::NotFound)?);
    asker.must_see(known.assigned_to)?;
    let row = |entry: &Stored<TimeEntry>| EntryRow {
        is_chosen: !is_sent || form.entry.contains(&entry.id.to_string()),
        ..EntryRow::of(asker, &colleagues, entry)
    };
    page_with_status(
        status,
        &InvoicePage {
            shell: Shell::new(asker, "invoicing", "Facturer le temps passé"),
            form_key: asker.form_key(),
            client,
            client_name: known.name.clone(),
            entries: entries.items.iter().map(row).collect(),
            groupings: choices(Grouping::ALL.map(|grouping| (grouping.name(), grouping.french())), &form.grouping),
            is_cut: entries.next_cursor.is_some(),
            errors,
        },
    )
}

pub async fn invoice_time(asker: Asker, form: Form<InvoiceForm>) -> PageResult {
    let typed = &form.input;
    let input = InvoiceTimeInput {
        client_id: typed.client.clone(),
        entry_ids: typed.entry.clone(),
        grouping: typed.grouping.clone(),
    };
    match super::invoice_time(&asker, &input).await {
        Ok(invoice) => {
            let draft = format!("/facturation/factures/{}", invoice.id);
            asker.done(&draft, "Le brouillon est prêt : relisez-le avant de l’émettre.")
        }
        Err(error) => {
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::summary_of(error)?);
            choose(&asker, typed, true, wrong).await
        }
    }
}
