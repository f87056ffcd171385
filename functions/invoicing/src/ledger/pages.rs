//! `/facturation/journal`: the entries with their closings, and their verification.

use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use kernel::{Minor, Permission, text};
use serde::Deserialize;
use table::ledger::{LedgerEntry, LedgerKind};
use web::{Asker, Form, PageResult, Shell, page};

use super::closing::{Closing, Span};
use crate::{
    accounting::{self, JobInput, Progress},
    payment::Method,
};

const PATH: &str = "/facturation/journal";
/// Entries of one page.
const LIMIT: i32 = 50;

#[derive(Template)]
#[template(path = "journal.html")]
struct JournalPage {
    shell: Shell,
    form_key: String,
    can_export: bool,
    entries: Vec<EntryRow>,
    next: Option<String>,
    first: Option<String>,
    verification: Verification,
}

/// How the newest verification is, or was.
#[derive(Default)]
struct Verification {
    is_under_way: bool,
    /// `12 000 écritures sur 100 000`
    progress: String,
    /// Alert and sentence of the one that is done.
    kind: &'static str,
    told: String,
    faults: Vec<String>,
}

struct EntryRow {
    position: u64,
    at: String,
    what: String,
    number: String,
    href: Option<String>,
    amount: String,
    is_closing: bool,
    hash: String,
}

fn instant(asker: &Asker, at: Timestamp) -> String {
    let at = at.to_zoned(asker.organization.zone());
    format!("{} à {:02}:{:02}", text::short_date(at.date()), at.hour(), at.minute())
}

/// What of an entry's content a row shows.
#[derive(Deserialize)]
struct Shown {
    currency: kernel::Currency,
    invoice: Option<kernel::id::InvoiceId>,
    credit_note: Option<kernel::id::CreditNoteId>,
    self_billed: Option<kernel::id::SelfBilledId>,
    gross_minor: Option<Minor>,
    amount_minor: Option<Minor>,
    method: Option<Method>,
}

impl EntryRow {
    fn of(asker: &Asker, entry: &LedgerEntry) -> Self {
        let mut row = Self {
            position: entry.position,
            at: instant(asker, entry.at),
            what: String::new(),
            number: entry.number.clone(),
            href: None,
            amount: String::new(),
            is_closing: false,
            hash: entry.hash.chars().take(12).collect(),
        };
        if let Some(span) = Span::of(entry.kind) {
            row.is_closing = true;
            row.what = span.french().into();
            if let Ok(closing) = Closing::of(entry) {
                let date = |on| asker.organization.date(on);
                row.number = match span {
                    Span::Day => date(closing.to),
                    Span::Month | Span::Year => format!("{} – {}", date(closing.from), date(closing.to)),
                };
                let totals = closing.totals.0.iter().map(|totals| totals.invoiced.gross_minor.french(totals.currency));
                row.amount = totals.collect::<Vec<_>>().join(", ");
            }
            return row;
        }
        let shown = Shown::deserialize(&entry.content).ok();
        let method = shown.as_ref().and_then(|shown| shown.method).map(|method| method.french().to_lowercase());
        let by = |what: &str| method.as_ref().map_or_else(|| what.to_owned(), |method| format!("{what} ({method})"));
        row.what = match entry.kind {
            LedgerKind::InvoiceIssued => "Facture émise".into(),
            LedgerKind::CreditNoteIssued => "Avoir émis".into(),
            LedgerKind::InvoiceReplaced => "Facture remplacée par une rectificative".into(),
            LedgerKind::PaymentRecorded => by("Paiement"),
            LedgerKind::PaymentReversed => by("Paiement annulé"),
            LedgerKind::RefundRecorded => by("Remboursement"),
            LedgerKind::RefundReversed => by("Remboursement annulé"),
            LedgerKind::SelfBilledInvoiceIssued => "Facture en autofacturation émise".into(),
            LedgerKind::SelfBilledCreditNoteIssued => "Avoir en autofacturation émis".into(),
            LedgerKind::DayClosed | LedgerKind::MonthClosed | LedgerKind::YearClosed => String::new(),
        };
        if let Some(shown) = shown {
            row.amount = shown.gross_minor.or(shown.amount_minor).map(|a| a.french(shown.currency)).unwrap_or_default();
            row.href = match (shown.credit_note, shown.invoice, shown.self_billed) {
                (Some(note), ..) => Some(format!("/facturation/avoirs/{note}")),
                (None, Some(invoice), _) => Some(format!("/facturation/factures/{invoice}")),
                (None, None, Some(document)) => Some(format!("/facturation/autofacturation/{document}")),
                (None, None, None) => None,
            };
        }
        row
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Entries before this position.
    avant: Option<u64>,
}

pub async fn show_ledger(asker: Asker, Query(place): Query<Place>) -> PageResult {
    let keys = asker.scope.keys();
    let before = place.avant.map(|position| keys.ledger_entry(position));
    let ledger = keys.ledger();
    let newest = asker.scope.newest_of(&ledger, before.as_ref(), LIMIT);
    let (found, jobs) = table::meter::side_by_side(newest, accounting::list_jobs(&asker.scope)).await;
    let entries = found?.all::<LedgerEntry>()?;
    let jobs = jobs?;
    let oldest = entries.last().map_or(1, |entry| entry.position);
    page(&JournalPage {
        shell: Shell::new(&asker, "invoicing", "Journal inaltérable"),
        form_key: asker.form_key(),
        can_export: asker.may(Permission::InvoicingExport),
        entries: entries.iter().map(|entry| EntryRow::of(&asker, entry)).collect(),
        next: (oldest > 1).then(|| format!("{PATH}?avant={oldest}")),
        first: place.avant.map(|_| PATH.into()),
        verification: verification(&asker, &jobs),
    })
}

fn verification(asker: &Asker, jobs: &accounting::Jobs) -> Verification {
    let now = asker.scope.now();
    let running =
        jobs.recent.iter().find(|job| job.task == accounting::Task::Verification && job.standing(now).is_under_way());
    let mut told = Verification { is_under_way: running.is_some(), ..Verification::default() };
    if let Some(Progress::Running { done, of }) = running.map(|job| &job.progress) {
        told.progress = format!("{done} écritures vérifiées sur {of}");
    }
    if let Some((at, report)) = jobs.verified() {
        let at = instant(asker, at);
        let entries = report.entries;
        (told.kind, told.told) = if report.is_intact() {
            let what = format!(
                "Vérifié le {at}\u{a0}: {entries} écritures intactes, {} clôtures, {} documents et paiements conformes, \
                 numérotation continue.",
                report.closings, report.compared
            );
            ("success", what)
        } else {
            (
                "error",
                format!(
                    "Vérifié le {at}\u{a0}: le journal ne concorde pas. Voici ce qui ne va pas, en commençant par la première écriture."
                ),
            )
        };
        told.faults = report.faults.iter().map(|fault| fault.message.clone()).collect();
    }
    told
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

pub async fn verify(asker: Asker, _form: Form<Nothing>) -> PageResult {
    let input = JobInput { task: "verification".into(), ..JobInput::default() };
    accounting::request_job(&asker.scope, &asker.organization, &asker.name, &input).await?;
    asker.done(PATH, "La vérification est lancée.")
}
