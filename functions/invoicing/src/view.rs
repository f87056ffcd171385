//! What pages show of quotes and invoices: French texts, badges, the sheet of a document, the line editor.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Minor, Permission, country,
    document::{Address, ExchangeRate, Line, Snapshot, VatCategory},
    id::{CreditNoteId, InvoiceId, QuoteId},
    money::{french_decimal, french_percent, french_price},
    pricing::{Discount, Priced},
    reference::{ClientReference, OrganizationReference},
    text,
};
use table::shared::OwnedMail;
use web::Asker;

use crate::{
    content::Words,
    document,
    invoice::{Invoice, PaymentStatus},
    panel::{CreditNoteSummary, InvoiceSummary, QuoteSummary},
    payment::{Method, Payment, PaymentKind},
    quote::{Quote, QuoteStatus},
};

/// A word in a colour: `neutral`, `info`, `success`, `warning`, `danger`.
pub struct Badge {
    pub kind: &'static str,
    pub label: &'static str,
}

/// A link to another document.
pub struct LinkedQuote {
    pub id: QuoteId,
    pub label: String,
}

pub struct LinkedInvoice {
    pub id: InvoiceId,
    pub label: String,
}

/// One entry of a timeline.
pub struct Moment {
    pub kind: &'static str,
    pub title: String,
    pub at: String,
    pub text: String,
}

impl Moment {
    pub fn on(asker: &Asker, kind: &'static str, title: impl Into<String>, on: Date) -> Self {
        Self { kind, title: title.into(), at: asker.organization.date(on), text: String::new() }
    }
}

pub fn quote_badge(status: QuoteStatus) -> Badge {
    let (kind, label) = match status {
        QuoteStatus::Draft => ("neutral", "Brouillon"),
        QuoteStatus::Sent => ("info", "Envoyé"),
        QuoteStatus::Accepted => ("success", "Accepté"),
        QuoteStatus::Refused => ("danger", "Refusé"),
        QuoteStatus::Expired => ("warning", "Expiré"),
        QuoteStatus::Invoiced => ("success", "Facturé"),
        QuoteStatus::Replaced => ("neutral", "Remplacé"),
    };
    Badge { kind, label }
}

/// What money is where it is no payment that stands; empty for one that does.
pub fn payment_note(payment: &Payment) -> &'static str {
    match (payment.kind, payment.reversed_by) {
        (PaymentKind::Received, None) => "",
        (PaymentKind::Received, Some(_)) => "Annulé",
        (PaymentKind::Refunded, None) if payment.method == Method::Credit => "Crédit utilisé",
        (PaymentKind::Refunded, None) => "Remboursement",
        (PaymentKind::Refunded, Some(_)) => "Remboursement annulé",
        (PaymentKind::Reversal | PaymentKind::RefundReversal, _) => "Annulation",
    }
}

/// The state of payment, and lateness beside it.
pub fn invoice_badges(invoice: &InvoiceSummary, today: Date) -> Vec<Badge> {
    if invoice.number.is_none() {
        return vec![Badge { kind: "neutral", label: "Brouillon" }];
    }
    if invoice.is_cancelled() {
        return vec![Badge { kind: "neutral", label: "Annulée" }];
    }
    let mut badges = vec![match PaymentStatus::of(invoice.owed(), invoice.paid_minor) {
        PaymentStatus::Paid => Badge { kind: "success", label: "Payée" },
        PaymentStatus::PartlyPaid => Badge { kind: "info", label: "Partiellement payée" },
        PaymentStatus::Unpaid => Badge { kind: "info", label: "Envoyée" },
    }];
    if invoice.is_overdue(today) {
        badges.push(Badge { kind: "danger", label: "En retard" });
    }
    badges
}

pub struct QuoteRow {
    pub id: QuoteId,
    pub label: String,
    pub subject: String,
    pub client_name: String,
    pub dated_on: String,
    pub valid_until: String,
    pub status: Badge,
    pub total: String,
}

impl QuoteRow {
    pub fn of(asker: &Asker, quote: &Quote) -> Self {
        Self::of_summary(asker, &quote.summary(), &quote.client.reference.name)
    }

    pub fn of_summary(asker: &Asker, quote: &QuoteSummary, client_name: &str) -> Self {
        let date = |on| asker.organization.date(on);
        Self {
            id: quote.id,
            label: quote.number.clone().unwrap_or_else(|| "Brouillon".into()),
            subject: quote.subject.clone().unwrap_or_default(),
            client_name: client_name.into(),
            dated_on: date(quote.sent_on.unwrap_or_else(|| asker.organization.day(quote.created_at))),
            valid_until: quote.valid_until.map(date).unwrap_or_default(),
            status: quote_badge(QuoteStatus::of(quote.progress, quote.valid_until, asker.today())),
            total: quote.gross_minor.french(quote.currency),
        }
    }
}

pub struct InvoiceRow {
    pub id: InvoiceId,
    pub label: String,
    pub subject: String,
    pub client_name: String,
    pub dated_on: String,
    pub due_on: String,
    pub badges: Vec<Badge>,
    pub total: String,
    pub balance_due: String,
}

impl InvoiceRow {
    pub fn of(asker: &Asker, invoice: &Invoice) -> Self {
        Self::of_summary(asker, &invoice.summary(), &invoice.client.reference.name)
    }

    pub fn of_summary(asker: &Asker, invoice: &InvoiceSummary, client_name: &str) -> Self {
        let date = |on| asker.organization.date(on);
        let balance = invoice.number.as_ref().map(|_| invoice.balance().french(invoice.currency));
        Self {
            id: invoice.id,
            label: invoice.number.clone().unwrap_or_else(|| "Brouillon".into()),
            subject: invoice.subject.clone().unwrap_or_default(),
            client_name: client_name.into(),
            dated_on: date(invoice.issued_on.unwrap_or_else(|| asker.organization.day(invoice.created_at))),
            due_on: invoice.due_on.map(date).unwrap_or_default(),
            badges: invoice_badges(invoice, asker.today()),
            total: invoice.gross_minor.french(invoice.currency),
            balance_due: balance.unwrap_or_default(),
        }
    }
}

pub struct CreditNoteRow {
    pub id: CreditNoteId,
    pub number: String,
    pub client_name: String,
    pub dated_on: String,
    pub invoice: LinkedInvoice,
    pub total: String,
}

impl CreditNoteRow {
    pub fn of_summary(asker: &Asker, note: &CreditNoteSummary, client_name: &str) -> Self {
        Self {
            id: note.id,
            number: note.number.clone(),
            client_name: client_name.into(),
            dated_on: asker.organization.date(note.issued_on),
            invoice: LinkedInvoice { id: note.invoice, label: note.invoice_number.clone() },
            total: note.gross_minor.french(note.currency),
        }
    }
}

/// `22/11/2026 à 14:05`, where the organization is.
pub fn moment(asker: &Asker, at: Timestamp) -> String {
    let local = at.to_zoned(asker.organization.zone());
    format!("{} à {:02}:{:02}", asker.organization.date(local.date()), local.hour(), local.minute())
}

pub fn mail_moment(asker: &Asker, mail: &OwnedMail) -> Moment {
    use kernel::mail::MailState;
    let (kind, at) = match &mail.mail.state {
        MailState::Sent { at, .. } => ("success", moment(asker, *at)),
        MailState::Waiting | MailState::Sending { .. } => ("neutral", "En cours d’envoi".into()),
    };
    let kind = if mail.mail.fate.failed.is_some() { "danger" } else { kind };
    let to = format!("À {}", mail.mail.to.address);
    let text = [Some(to), mail_fate(asker, mail)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Moment { kind, title: mail.mail.subject.clone(), at, text }
}

/// What became of a mail, as far as SES told: the last of it.
pub fn mail_fate(asker: &Asker, mail: &OwnedMail) -> Option<String> {
    let fate = &mail.mail.fate;
    match (fate.failed, fate.opened_at, fate.delivered_at) {
        (Some(failed), ..) => Some(format!("Échec\u{a0}: {}, le {}", failed.why.french(), moment(asker, failed.at))),
        (None, Some(at), _) => Some(format!("Ouvert le {}", moment(asker, at))),
        (None, None, Some(at)) => Some(format!("Remis le {}", moment(asker, at))),
        (None, None, None) => None,
    }
}

// ---- the sheet ------------------------------------------------------------------------------------------

pub struct Labelled {
    pub label: String,
    pub value: String,
}

impl Labelled {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

pub struct SheetLine {
    /// The title of the section that begins here.
    pub section: String,
    /// Whether it is offered beside the rest and not chosen: it counts in no total.
    pub is_optional: bool,
    /// What became of what is offered beside the rest.
    pub option: Option<Badge>,
    pub name: String,
    pub description: String,
    pub quantity: String,
    pub unit_price: String,
    pub discount: String,
    pub vat: String,
    pub net: String,
}

/// At what rate its VAT is told in euro, as a line among its dates.
pub fn exchange_line(exchange: Option<ExchangeRate>, currency: Currency) -> Option<Labelled> {
    exchange.map(|exchange| Labelled::new("Taux de change", exchange.french(currency)))
}

/// A document as its reader will see it.
pub struct Sheet {
    pub kind: &'static str,
    pub number: String,
    pub dates: Vec<Labelled>,
    pub seller_name: String,
    pub seller_details: String,
    pub buyer_name: String,
    pub buyer_details: String,
    pub buyer_href: Option<String>,
    pub subject: String,
    pub introduction: String,
    pub lines: Vec<SheetLine>,
    /// Before a discount on the whole, and the discount; empty without one.
    pub discount: Vec<Labelled>,
    pub net: String,
    pub vat: Vec<Labelled>,
    pub gross: String,
    /// With the options that were chosen, VAT included; empty where none could be.
    pub agreed: String,
    pub conditions: String,
    pub mentions: Vec<String>,
}

impl Sheet {
    pub fn new(
        asker: &Asker,
        kind: &'static str,
        number: Option<&String>,
        dates: Vec<Labelled>,
        client: &ClientReference,
        words: &Words,
        priced: &Priced,
    ) -> Self {
        let currency = priced.currency;
        let buyer = document::buyer(client);
        let mut buyer_details = address_lines(&buyer.address);
        buyer_details.extend(client.siret.as_ref().map(|siret| format!("SIRET {}", text::siren(siret))));
        buyer_details.extend(client.vat_number.as_ref().map(|number| format!("TVA {number}")));
        Self {
            kind,
            number: number.cloned().unwrap_or_default(),
            dates,
            seller_name: asker.organization.name.clone(),
            seller_details: seller_details(&asker.organization).join("\n"),
            buyer_name: client.name.clone(),
            buyer_details: buyer_details.join("\n"),
            buyer_href: (asker.may(Permission::CrmView) && asker.sees(client.assigned_to))
                .then(|| format!("/crm/entreprises/{}", client.id)),
            subject: words.subject.clone().unwrap_or_default(),
            introduction: words.introduction.clone().unwrap_or_default(),
            lines: priced.lines.iter().map(|line| sheet_line(line, currency)).collect(),
            discount: discount(priced),
            net: priced.totals.net_minor.french(currency),
            vat: priced
                .vat
                .iter()
                .map(|vat| {
                    let label = match vat.rate.category {
                        VatCategory::S => format!("TVA {}", french_percent(vat.rate.percent)),
                        _ => "TVA".into(),
                    };
                    Labelled::new(label, vat.tax_minor.french(currency))
                })
                .collect(),
            gross: priced.totals.gross_minor.french(currency),
            agreed: String::new(),
            conditions: words.conditions.clone().unwrap_or_default(),
            mentions: priced.vat.iter().filter_map(|vat| vat.rate.exemption_reason.clone()).collect(),
        }
    }
}

impl Sheet {
    /// What was offered says what was chosen of it, and what that makes.
    #[must_use]
    pub fn answered(mut self, quote: &Quote) -> Self {
        let Some(chosen) = quote.chosen() else { return self };
        for (line, is_chosen) in self.lines.iter_mut().zip(chosen).filter(|(line, _)| line.is_optional) {
            line.is_optional = !is_chosen;
            line.option = Some(match is_chosen {
                true => Badge { kind: "success", label: "Retenue" },
                false => Badge { kind: "neutral", label: "Non retenue" },
            });
        }
        self.agreed = quote.agreed().totals.gross_minor.french(quote.agreed().currency);
        self
    }

    /// What left shows who sold and what was promised as it left, whatever changed since.
    #[must_use]
    pub fn frozen(mut self, snapshot: Option<Snapshot>) -> Self {
        let Some(snapshot) = snapshot else { return self };
        let seller = snapshot.seller;
        let mut details = address_lines(&seller.address);
        details.push(format!("SIRET {}", text::siren(&seller.siret)));
        details.extend(seller.vat_number.map(|number| format!("TVA {number}")));
        self.seller_name = seller.name;
        self.seller_details = details.join("\n");
        self.mentions = snapshot.mentions;
        self.mentions.extend(snapshot.payment_terms);
        if let Some(late) = snapshot.late_payment {
            self.mentions.extend([late.penalties, late.indemnity, late.discount]);
        }
        self
    }
}

/// A part of a document has a share of what is taken off the whole, and no discount of its own.
fn discount(priced: &Priced) -> Vec<Labelled> {
    let currency = priced.currency;
    let taken_off = priced.allowances_minor();
    if taken_off.is_zero() {
        return Vec::new();
    }
    let before = Minor(priced.totals.net_minor.0 + taken_off.0);
    let label = match priced.discount {
        Some(Discount::Percent(percent)) => format!("Remise {}", french_percent(percent)),
        Some(Discount::Amount(_)) | None => "Remise".into(),
    };
    vec![
        Labelled::new("Total HT avant remise", before.french(currency)),
        Labelled::new(label, Minor(-taken_off.0).french(currency)),
    ]
}

pub fn sheet_line(line: &Line, currency: Currency) -> SheetLine {
    let (name, description) = line.description.split_once('\n').unwrap_or((&line.description, ""));
    let discount = match (line.discount_percent.is_zero(), line.discount_minor.is_zero()) {
        (true, true) => String::new(),
        (false, _) => french_percent(line.discount_percent),
        (true, false) => line.discount_minor.french(currency),
    };
    SheetLine {
        section: line.section.clone().unwrap_or_default(),
        is_optional: line.is_optional,
        option: line.is_optional.then_some(Badge { kind: "neutral", label: "En option" }),
        name: name.into(),
        description: description.trim().into(),
        quantity: format!("{} {}", french_decimal(line.quantity.normalize()), line.unit.french_for(line.quantity)),
        unit_price: french_price(line.unit_price, currency),
        discount,
        vat: french_percent(line.vat.percent),
        net: line.net_minor.french(currency),
    }
}

pub fn address_lines(address: &Address) -> Vec<String> {
    let mut lines = vec![address.street.clone()];
    lines.extend(address.complement.clone());
    lines.push(format!("{} {}", address.postal_code, address.city).trim().to_owned());
    if address.country != country::DEFAULT {
        lines.push(country::french(&address.country).unwrap_or(&address.country).to_owned());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

fn seller_details(organization: &OrganizationReference) -> Vec<String> {
    let legal = &organization.legal;
    let mut lines = legal.address.as_ref().map(address_lines).unwrap_or_default();
    lines.extend(legal.siret.as_ref().map(|siret| format!("SIRET {}", text::siren(siret))));
    lines.extend(legal.vat_number.as_ref().map(|number| format!("TVA {number}")));
    lines
}
