//! `/facturation/prelevements`, `/facturation/mandats`

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Query, response::IntoResponse};
use cloud::ExposeSecret;
use http::{StatusCode, header};
use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Permission, Result,
    error::Conflict,
    id::{CompanyId, InvoiceId, MandateId, PaymentId, RemittanceId},
    page::PageRequest,
};
use serde::Deserialize;
use table::{Order, meter::side_by_side};
use web::{
    Asker, Form, Id, Ids, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{
    ConfirmationInput, CreditorInput, Mandate, MandateInput, NOTICE_DAYS, REMITTED_MAX, RejectionInput, Remittance,
    RemittanceInput, RemittanceLineInput, Scheme, SepaCreditor, TransferInput, Version, api::VersionQuery,
    pain::pain_008, remittance::REASONS,
};
use crate::{
    client::{self, Offer, OfferedClients},
    panel::{ClientDocument, InvoiceSummary, Summary},
    quote::pages::Nothing,
    view::address_lines,
};

const PATH: &str = "/facturation/prelevements";
const SHOWN: u16 = 500;
const LATEST: u16 = 20;

#[derive(Template)]
#[template(path = "debits.html")]
struct DebitsPage {
    shell: Shell,
    form_key: String,
    creditor_id: String,
    notice_days: String,
    has_bank: bool,
    can_edit: bool,
    mandates: Vec<MandateRow>,
    due: Vec<DueRow>,
    debit_on: String,
    earliest: String,
    /// How many of those that are ticked would be debited before they are due.
    early: usize,
    remittances: Vec<RemittanceRow>,
    errors: FieldErrors,
}

struct MandateRow {
    id: MandateId,
    client: CompanyId,
    /// Its page, for who may see every company.
    client_href: Option<String>,
    client_name: String,
    reference: String,
    iban: String,
    kind: String,
    signed_on: String,
    state: (&'static str, &'static str),
    can_revoke: bool,
}

impl MandateRow {
    fn of(asker: &Asker, mandate: &Mandate) -> Self {
        let today = asker.today();
        let kind = if mandate.is_one_off { "ponctuel" } else { "récurrent" };
        Self {
            id: mandate.id,
            client: mandate.client,
            client_href: (asker.sees_all() && asker.may(Permission::CrmView))
                .then(|| format!("/crm/entreprises/{}", mandate.client)),
            client_name: mandate.client_name.clone(),
            reference: mandate.reference.clone(),
            iban: mandate.shown.clone(),
            kind: format!("{}, {kind}", mandate.scheme.french()),
            signed_on: asker.organization.date(mandate.signed_on),
            state: mandate.state(today),
            can_revoke: asker.may(Permission::InvoicingEdit) && mandate.revoked_on.is_none(),
        }
    }
}

struct DueRow {
    invoice: InvoiceId,
    mandate: MandateId,
    number: String,
    client_name: String,
    due_on: String,
    amount: String,
    reference: String,
    is_chosen: bool,
    is_last: bool,
    error: Option<String>,
}

struct RemittanceRow {
    id: RemittanceId,
    debit_on: String,
    count: usize,
    total: String,
    state: (&'static str, &'static str),
}

fn state(remittance: &Remittance) -> (&'static str, &'static str) {
    match (remittance.confirmed_on, remittance.cancelled_on) {
        (_, Some(_)) => ("neutral", "Annulée"),
        (Some(_), None) => ("success", "Encaissée"),
        (None, None) => ("info", "À envoyer"),
    }
}

/// With what is ticked so far in the query, the page tells on which day it is due.
pub async fn show_debits(asker: Asker, Query(ticked): Query<Vec<(String, String)>>) -> PageResult {
    let value = |name: &'static str| ticked.iter().filter(move |(field, _)| field == name).map(|(_, value)| value);
    let lines: Vec<_> = value("debit").map(|both| remitted(both, &[])).collect();
    let debit_on = value("debit_on").next().cloned().unwrap_or_default();
    let sent = (!lines.is_empty()).then_some(RemittanceInput { debit_on, lines });
    debits(&asker, StatusCode::OK, sent.as_ref(), FieldErrors::default()).await
}

async fn debits(asker: &Asker, status: StatusCode, sent: Option<&RemittanceInput>, errors: FieldErrors) -> PageResult {
    let (scope, keys, today) = (&asker.scope, asker.scope.keys(), asker.today());
    let all = PageRequest { limit: SHOWN, cursor: None };
    let latest = PageRequest { limit: LATEST, cursor: None };
    let (creditor_key, mandate_list, open_list) = (keys.sepa_creditor(), keys.mandates(), keys.open_invoices(None));
    let remittance_list = keys.remittances();
    let ((creditor, mandates), (open, remittances)) = side_by_side(
        side_by_side(
            scope.get::<SepaCreditor>(&creditor_key),
            scope.list::<Mandate>(&mandate_list, &all, Order::Descending),
        ),
        side_by_side(
            scope.list::<ClientDocument>(&open_list, &all, Order::Ascending),
            scope.list::<Remittance>(&remittance_list, &latest, Order::Descending),
        ),
    )
    .await;
    let (creditor, mandates, open, remittances) = (creditor?, mandates?.items, open?.items, remittances?.items);
    let notice_days = creditor.as_ref().map_or(NOTICE_DAYS, |creditor| creditor.notice_days);
    let earliest = Remittance::earliest(today, notice_days);
    // The newest usable mandate of each client.
    let mut usable: HashMap<CompanyId, &Mandate> = HashMap::new();
    for mandate in &mandates {
        if mandate.sequence(earliest, false).is_ok() {
            usable.entry(mandate.client).or_insert(mandate);
        }
    }
    let mut due: Vec<_> = open
        .iter()
        .filter_map(|line| match &line.summary {
            Summary::Invoice(invoice) if invoice.currency == Currency::Eur && invoice.debit_on.is_none() => {
                usable.get(&line.client).map(|mandate| (line, invoice, *mandate))
            }
            _ => None,
        })
        .collect();
    due.sort_by_key(|(_, invoice, _)| invoice.due_on);
    let may_edit = asker.may(Permission::InvoicingEdit);
    let chosen = |id: InvoiceId| {
        let id = id.to_string();
        sent.and_then(|sent| sent.lines.iter().position(|line| line.invoice_id == id))
    };
    let is_ticked = |at: usize, invoice: &InvoiceSummary| match sent {
        Some(_) => chosen(invoice.id).is_some(),
        None => at < REMITTED_MAX && invoice.due_on.is_some_and(|due| due <= earliest),
    };
    let ticked = due.iter().enumerate().filter(|(at, (_, invoice, _))| is_ticked(*at, invoice));
    let ticked: Vec<Date> = ticked.filter_map(|(_, (_, invoice, _))| invoice.due_on).collect();
    let typed = sent.map(|sent| sent.debit_on.clone()).filter(|typed| !typed.is_empty());
    let debit_on = typed.unwrap_or_else(|| Remittance::once_due(earliest, ticked.iter().copied()).to_string());
    let early = kernel::legal::date(&debit_on).map_or(0, |on| ticked.iter().filter(|due| **due > on).count());
    page_with_status(
        status,
        &DebitsPage {
            shell: Shell::new(asker, "invoicing", "Prélèvements"),
            form_key: asker.form_key(),
            creditor_id: creditor.map(|creditor| creditor.value.creditor_id).unwrap_or_default(),
            notice_days: notice_days.to_string(),
            has_bank: asker.organization.legal.bank.is_some(),
            can_edit: may_edit,
            due: due
                .into_iter()
                .enumerate()
                .map(|(at, (line, invoice, mandate))| DueRow {
                    invoice: invoice.id,
                    mandate: mandate.id,
                    number: invoice.number.clone().unwrap_or_default(),
                    client_name: line.client_name.clone(),
                    due_on: invoice.due_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
                    amount: invoice.balance().french(invoice.currency),
                    reference: mandate.reference.clone(),
                    is_last: chosen(invoice.id)
                        .zip(sent)
                        .is_some_and(|(at, sent)| sent.lines.get(at).is_some_and(|line| line.is_last == "true")),
                    is_chosen: is_ticked(at, invoice),
                    error: chosen(invoice.id).and_then(|at| {
                        let told = |field: &str| errors.get(&format!("/lines/{at}/{field}"));
                        told("invoice_id").or_else(|| told("mandate_id"))
                    }),
                })
                .collect(),
            mandates: mandates.iter().map(|mandate| MandateRow::of(asker, mandate)).collect(),
            debit_on,
            earliest: asker.organization.date(earliest),
            early,
            remittances: remittances
                .iter()
                .map(|remittance| RemittanceRow {
                    id: remittance.id,
                    debit_on: asker.organization.date(remittance.debit_on),
                    count: remittance.lines.len(),
                    total: remittance.total().french(Currency::Eur),
                    state: state(remittance),
                })
                .collect(),
            errors,
        },
    )
}

pub async fn set_creditor(asker: Asker, form: Form<CreditorInput>) -> PageResult {
    match super::set_creditor(&asker.scope, &form.input).await {
        Ok(_) => asker.done(PATH, "L’identifiant créancier est enregistré."),
        Err(error) => debits(&asker, StatusCode::UNPROCESSABLE_ENTITY, None, FieldErrors::from_error(error)?).await,
    }
}

/// Rows come as columns; a box that is ticked names both of its ids.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RemittanceForm {
    debit_on: String,
    /// `inv_…/man_…`
    #[serde(deserialize_with = "web::form::column")]
    debit: Vec<String>,
    /// `inv_…/man_…`, of those that are the last debit of their mandate.
    #[serde(deserialize_with = "web::form::column")]
    last: Vec<String>,
}

/// What a box that is ticked names.
fn remitted(both: &str, last: &[String]) -> RemittanceLineInput {
    let (invoice, mandate) = both.split_once('/').unwrap_or((both, ""));
    let is_last = if last.iter().any(|one| one == both) { "true" } else { "" };
    RemittanceLineInput { invoice_id: invoice.into(), mandate_id: mandate.into(), is_last: is_last.into() }
}

pub async fn create_remittance(asker: Asker, form: Form<RemittanceForm>) -> PageResult {
    let lines = form.input.debit.iter().map(|both| remitted(both, &form.input.last)).collect();
    let input = RemittanceInput { debit_on: form.input.debit_on.clone(), lines };
    match super::create_remittance(&asker.scope, &asker.organization, &input).await {
        Ok(remittance) => asker.done(
            &format!("{PATH}/{}", remittance.id),
            "La remise est prête : téléchargez son fichier et transmettez-le à votre banque.",
        ),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            debits(&asker, StatusCode::UNPROCESSABLE_ENTITY, Some(&input), errors).await
        }
    }
}

// ---- mandates -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "mandate_form.html")]
struct MandatePage {
    shell: Shell,
    form_key: String,
    clients: OfferedClients,
    schemes: Vec<Choice>,
    /// A creditor that is known can have mandates to sign.
    can_print: bool,
    form: MandateInput,
    errors: FieldErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OfClient {
    client: String,
    /// Of a mandate that was printed and signed.
    rum: String,
    scheme: String,
}

async fn mandate_page(asker: &Asker, form: MandateInput, status: StatusCode, errors: FieldErrors) -> PageResult {
    let creditor_key = asker.scope.keys().sepa_creditor();
    let (offer, creditor) =
        side_by_side(Offer::with(asker, &form.client_id), asker.scope.get::<SepaCreditor>(&creditor_key)).await;
    let (offer, creditor) = (offer?, creditor?);
    page_with_status(
        status,
        &MandatePage {
            can_print: creditor.is_some(),
            shell: Shell::new(asker, "invoicing", "Nouveau mandat"),
            form_key: asker.form_key(),
            clients: offer.choices(&form.client_id),
            schemes: choices(Scheme::ALL.map(|scheme| (scheme.name(), scheme.french())), &form.scheme),
            form,
            errors,
        },
    )
}

pub async fn new_mandate(asker: Asker, Query(of): Query<OfClient>) -> PageResult {
    let form = MandateInput {
        client_id: of.client,
        reference: of.rum,
        scheme: if of.scheme.is_empty() { Scheme::Core.name().into() } else { of.scheme },
        signed_on: asker.today().to_string(),
        ..MandateInput::default()
    };
    mandate_page(&asker, form, StatusCode::OK, FieldErrors::default()).await
}

pub async fn create_mandate(asker: Asker, form: Form<MandateInput>) -> PageResult {
    match super::create_mandate(&asker, &form.input).await {
        Ok(mandate) => asker.done(PATH, format!("Le mandat de {} est enregistré.", mandate.client_name)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            // An IBAN is not sent back to a page.
            let form = MandateInput { iban: String::new(), ..form.input };
            mandate_page(&asker, form, StatusCode::UNPROCESSABLE_ENTITY, errors).await
        }
    }
}

#[derive(Template)]
#[template(path = "mandate.html")]
struct OneMandatePage {
    shell: Shell,
    form_key: String,
    can_print: bool,
    mandate: MandateRow,
    debtor: String,
    bic: String,
    /// Of its last debit, with the remittance.
    used: Option<(RemittanceId, String)>,
    revoked_on: String,
}

pub async fn show_mandate(asker: Asker, Id(id): Id<MandateId>) -> PageResult {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.mandate(id), keys.sepa_creditor()]).await?;
    let mandate = found.first::<Mandate>()?.ok_or(Error::NotFound)?.value;
    let has_creditor = found.first::<SepaCreditor>()?.is_some();
    page(&OneMandatePage {
        can_print: has_creditor && asker.may(Permission::InvoicingEdit),
        shell: Shell::new(&asker, "invoicing", format!("Mandat {}", mandate.reference)),
        form_key: asker.form_key(),
        debtor: mandate.debtor.clone(),
        bic: mandate.bic.clone().unwrap_or_default(),
        used: mandate.used.as_ref().map(|used| (used.remittance, asker.organization.date(used.on))),
        revoked_on: mandate.revoked_on.map(|on| asker.organization.date(on)).unwrap_or_default(),
        mandate: MandateRow::of(&asker, &mandate),
    })
}

#[derive(Template)]
#[template(path = "mandate_to_sign.html")]
struct MandateToSignPage {
    shell: Shell,
    creditor_id: String,
    creditor: String,
    creditor_address: Vec<String>,
    client: CompanyId,
    debtor: String,
    debtor_address: Vec<String>,
    reference: String,
    is_b2b: bool,
}

/// A mandate for a client to sign: printed, and typed in once it comes back.
pub async fn mandate_to_sign(asker: Asker, Query(of): Query<OfClient>) -> PageResult {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let creditor_key = keys.sepa_creditor();
    let (client, creditor) =
        side_by_side(client::find(&asker, &of.client), scope.get::<SepaCreditor>(&creditor_key)).await;
    let client = client.map_err(|_| Error::NotFound)?.reference;
    let creditor = creditor?.ok_or(Error::Conflict(Conflict::CreditorIncomplete))?;
    page(&MandateToSignPage {
        shell: Shell::new(&asker, "invoicing", "Mandat de prélèvement SEPA"),
        creditor_id: creditor.value.creditor_id,
        creditor: asker.organization.name.clone(),
        creditor_address: asker.organization.legal.address.as_ref().map(address_lines).unwrap_or_default(),
        client: client.id,
        debtor: client.name.clone(),
        debtor_address: client.address.as_ref().map(address_lines).unwrap_or_default(),
        reference: format!("RUM-{}", scope.new_id(MandateId::new).ulid()),
        is_b2b: of.scheme == Scheme::B2b.name(),
    })
}

pub async fn revoke_mandate(asker: Asker, Id(id): Id<MandateId>, _form: Form<Nothing>) -> PageResult {
    super::revoke_mandate(&asker, id).await?;
    asker.done(PATH, "Le mandat est révoqué : plus rien ne sera prélevé avec lui.")
}

// ---- one remittance -------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "remittance.html")]
struct RemittancePage {
    shell: Shell,
    form_key: String,
    remittance: RemittanceRow,
    remittance_id: RemittanceId,
    creditor_id: String,
    unannounced: usize,
    lines: Vec<DebitRow>,
    mandates: Vec<MandateId>,
    reasons: Vec<Choice>,
    can_send: bool,
    can_settle: bool,
    can_confirm: bool,
    can_reject: bool,
    errors: FieldErrors,
}

struct DebitRow {
    place: usize,
    invoice: InvoiceId,
    number: String,
    client_name: String,
    mandate: MandateId,
    reference: String,
    sequence: &'static str,
    amount: String,
    is_announced: bool,
    rejected: String,
}

pub async fn show_remittance(asker: Asker, Id(id): Id<RemittanceId>) -> PageResult {
    show(&asker, id, StatusCode::OK, FieldErrors::default()).await
}

async fn show(asker: &Asker, id: RemittanceId, status: StatusCode, errors: FieldErrors) -> PageResult {
    let found = asker.scope.get::<Remittance>(&asker.scope.keys().remittance(id)).await?;
    let remittance = found.ok_or(Error::NotFound)?.value;
    let may_edit = asker.may(Permission::InvoicingEdit);
    let line = |(place, line): (usize, &super::DebitLine)| DebitRow {
        place: place + 1,
        invoice: line.invoice,
        number: line.number.clone(),
        client_name: line.client_name.clone(),
        mandate: line.mandate,
        reference: line.reference.clone(),
        sequence: line.sequence.code(),
        amount: line.amount_minor.french(Currency::Eur),
        is_announced: line.is_announced,
        rejected: line
            .rejected
            .as_ref()
            .map(|rejection| {
                let told = REASONS.iter().find(|(code, _)| *code == rejection.reason).map(|(_, french)| *french);
                format!("{} : {}", rejection.reason, told.unwrap_or_default())
            })
            .unwrap_or_default(),
    };
    page_with_status(
        status,
        &RemittancePage {
            shell: Shell::new(
                asker,
                "invoicing",
                format!("Remise du {}", asker.organization.date(remittance.debit_on)),
            ),
            form_key: asker.form_key(),
            remittance_id: id,
            creditor_id: remittance.creditor.creditor_id.clone(),
            unannounced: remittance.lines.iter().filter(|line| !line.is_announced).count(),
            lines: remittance.lines.iter().enumerate().map(line).collect(),
            mandates: remittance.mandates().collect(),
            reasons: choices(REASONS.map(|(code, french)| (code, format!("{code} : {french}"))), "AM04"),
            can_send: remittance.cancelled_on.is_none() && asker.may(Permission::InvoicingExport),
            can_settle: may_edit && remittance.is_open(),
            can_confirm: may_edit && remittance.is_open() && remittance.debit_on <= asker.today(),
            can_reject: may_edit && remittance.cancelled_on.is_none(),
            remittance: RemittanceRow {
                id,
                debit_on: asker.organization.date(remittance.debit_on),
                count: remittance.lines.len(),
                total: Minor(remittance.standing().map(|(_, line)| line.amount_minor.0).sum()).french(Currency::Eur),
                state: state(&remittance),
            },
            errors,
        },
    )
}

/// As the page sends them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SettleForm {
    #[serde(deserialize_with = "web::form::column")]
    invoice: Vec<String>,
    #[serde(deserialize_with = "web::form::column")]
    mandate: Vec<String>,
}

impl SettleForm {
    fn input(self) -> ConfirmationInput {
        ConfirmationInput { invoice_ids: self.invoice, mandate_ids: self.mandate }
    }
}

async fn settled(asker: &Asker, id: RemittanceId, done: Result<Remittance>, message: &str) -> PageResult {
    match done {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), message),
        Err(error) => show(asker, id, StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::summary_of(error)?).await,
    }
}

pub async fn confirm_remittance(asker: Asker, Id(id): Id<RemittanceId>, form: Form<SettleForm>) -> PageResult {
    let input = form.input.input();
    let done = super::confirm_remittance(&asker.scope, &asker.organization, id, &input).await;
    settled(&asker, id, done, "Les factures de la remise sont payées.").await
}

pub async fn cancel_remittance(asker: Asker, Id(id): Id<RemittanceId>, form: Form<SettleForm>) -> PageResult {
    let input = form.input.input();
    let done = super::cancel_remittance(&asker.scope, &asker.organization, id, &input).await;
    settled(&asker, id, done, "La remise est annulée : ses factures peuvent être prélevées à nouveau.").await
}

pub async fn reject_debit(asker: Asker, Id(id): Id<RemittanceId>, form: Form<RejectionInput>) -> PageResult {
    let done = super::reject_debit(&asker.scope, &asker.organization, id, &form.input).await;
    settled(&asker, id, done, "Le rejet est enregistré : la facture est de nouveau à payer.").await
}

pub async fn download_remittance(
    asker: Asker,
    Id(id): Id<RemittanceId>,
    Query(query): Query<VersionQuery>,
) -> PageResult {
    remittance_file(&asker, id, &query.version).await
}

/// The file for the bank, with the IBANs opened.
pub async fn remittance_file(asker: &Asker, id: RemittanceId, version: &str) -> PageResult {
    let version = edition(version)?;
    let found = asker.scope.get::<Remittance>(&asker.scope.keys().remittance(id)).await?;
    let remittance = found.ok_or(Error::NotFound)?.value;
    remittance.must_be_sendable()?;
    let mut ibans = Vec::new();
    for line in &remittance.lines {
        let purpose = Mandate::purpose(asker.organization.id, line.mandate);
        let iban = asker.deps().vault.open(&purpose, &line.iban).await?;
        ibans.push(String::from_utf8(iban.expose_secret().to_vec()).map_err(Error::internal)?);
    }
    let file = pain_008(&remittance, &ibans, version);
    xml_file(&format!("prelevements-{}-{}.xml", remittance.debit_on, id.ulid()), file)
}

fn edition(version: &str) -> Result<Version> {
    Version::named(version).ok_or_else(|| Error::Malformed { detail: "unknown version".into() })
}

/// A file for the bank; its name is ours.
fn xml_file(name: &str, content: String) -> PageResult {
    let mut response = content.into_response();
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    for (header, value) in headers {
        response.headers_mut().insert(header, value.parse().map_err(Error::internal)?);
    }
    Ok(response)
}

// ---- a refund by transfer -------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "transfer_form.html")]
struct TransferPage {
    shell: Shell,
    form_key: String,
    invoice_id: InvoiceId,
    version: u64,
    number: String,
    excess: String,
    has_bank: bool,
    form: TransferInput,
    errors: FieldErrors,
}

async fn transfer_page(
    asker: &Asker,
    id: InvoiceId,
    form: TransferInput,
    status: StatusCode,
    errors: FieldErrors,
) -> PageResult {
    let invoice = crate::invoice::store::read(&asker.scope, id).await?;
    let number = invoice.must_be_issued()?.number.clone();
    page_with_status(
        status,
        &TransferPage {
            shell: Shell::new(asker, "invoicing", "Rembourser par virement"),
            form_key: asker.form_key(),
            invoice_id: id,
            version: invoice.version,
            number,
            excess: Minor((-invoice.balance().0).max(0)).french(invoice.priced.currency),
            has_bank: asker.organization.legal.bank.is_some(),
            form,
            errors,
        },
    )
}

pub async fn new_transfer(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    transfer_page(&asker, id, TransferInput::default(), StatusCode::OK, FieldErrors::default()).await
}

pub async fn refund_by_transfer(asker: Asker, Id(id): Id<InvoiceId>, form: Form<TransferInput>) -> PageResult {
    match super::refund_by_transfer(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(
            &format!("/facturation/factures/{id}"),
            "Le remboursement est enregistré\u{a0}: téléchargez le fichier du virement, à déposer à votre banque.",
        ),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            // An IBAN is not sent back to a page.
            let form = TransferInput { iban: String::new(), ..form.input };
            transfer_page(&asker, id, form, StatusCode::UNPROCESSABLE_ENTITY, errors).await
        }
    }
}

pub async fn download_refund_transfer(
    asker: Asker,
    Ids(ids): Ids<InvoiceId, PaymentId>,
    Query(query): Query<VersionQuery>,
) -> PageResult {
    transfer_file(&asker, ids, &query.version).await
}

pub async fn transfer_file(asker: &Asker, ids: (InvoiceId, PaymentId), version: &str) -> PageResult {
    let (name, file) = super::transfer_file(asker, ids, edition(version)?).await?;
    xml_file(&name, file)
}
