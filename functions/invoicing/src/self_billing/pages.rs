//! `/facturation/autofacturation`, `/facturation/autofacturation/mandats`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Error, Minor, Permission, Result,
    error::Conflict,
    event::Owner,
    id::{CompanyId, SelfBilledId},
    page::PageRequest,
    reference::{ClientReference, VatRegime},
    terms::DayCount,
    text,
    vat::Treatment,
};
use serde::Deserialize;
use table::{
    Order, Stored,
    meter::side_by_side,
    shared::{DocumentFile, FrozenDocument, OwnedMail},
};
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
};

use super::{
    ContestInput, Mandate, MandateInput, PaidInput, RevocationInput, SelfBilled, SelfBilledInput, Status, leaving,
    store,
};
use crate::{
    client::{Offer, OfferedClients},
    content::LineInput,
    credit_note::pages::{CreditForm, CreditFormPage},
    form::{DocumentForm, Editor, basis, exchange_label},
    invoice::{OPERATIONS, operations_name},
    payment::Method,
    quote::pages::Nothing,
    view::{Badge, Labelled, Moment, Sheet, address_lines, mail_moment},
};

const PATH: &str = "/facturation/autofacturation";
const MANDATES: &str = "/facturation/autofacturation/mandats";
/// How many mandates are offered at once.
const OFFERED_MAX: u16 = 200;

fn badge(status: Status) -> Badge {
    let (kind, label) = match status {
        Status::Draft => ("neutral", "Brouillon"),
        Status::Issued => ("info", "Émise"),
        Status::Contested => ("danger", "Contestée"),
        Status::Accepted => ("success", "Acceptée"),
        Status::Paid => ("success", "Payée"),
        Status::Cancelled => ("neutral", "Annulée"),
    };
    Badge { kind, label }
}

pub fn document_badge(document: &SelfBilled) -> Badge {
    match document.is_credit_note() {
        true => Badge { kind: "neutral", label: "Avoir" },
        false => badge(document.status()),
    }
}

/// In a colour and a word.
pub fn mandate_state(asker: &Asker, mandate: &Mandate) -> (&'static str, &'static str) {
    match (mandate.is_in_force(asker.today()), mandate.revoked_from) {
        (true, None) => ("success", "En vigueur"),
        (true, Some(_)) => ("warning", "Prend fin"),
        (false, _) => ("neutral", "Révoqué"),
    }
}

fn mandate_badge(asker: &Asker, mandate: &Mandate) -> Badge {
    let (kind, label) = mandate_state(asker, mandate);
    Badge { kind, label }
}

// ---- lists ----------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "self_billed_list.html")]
struct SelfBilledListPage {
    shell: Shell,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
    export_href: Option<String>,
}

struct Row {
    id: SelfBilledId,
    label: String,
    subject: String,
    supplier_name: String,
    dated_on: String,
    due_on: String,
    badge: Badge,
    total: String,
}

impl Row {
    fn of(asker: &Asker, document: &SelfBilled) -> Self {
        let date = |on| asker.organization.date(on);
        let issued = document.issued.as_ref();
        let gross = document.priced.totals.gross_minor;
        let gross = if document.is_credit_note() { Minor(-gross.0) } else { gross };
        Self {
            id: document.id,
            label: document.number().unwrap_or("Brouillon").to_owned(),
            subject: document.words.subject.clone().unwrap_or_default(),
            supplier_name: document.supplier.reference.name.clone(),
            dated_on: date(issued.map_or_else(|| asker.organization.day(document.created_at), |issued| issued.on)),
            due_on: issued.and_then(|issued| issued.due_on).map(date).unwrap_or_default(),
            badge: document_badge(document),
            total: gross.french(document.priced.currency),
        }
    }
}

pub async fn list_self_billed(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let list = asker.scope.keys().self_billed_documents();
    let found = asker.scope.list::<SelfBilled>(&list, &request, Order::Descending).await?;
    page(&SelfBilledListPage {
        shell: Shell::new(&asker, "invoicing", "Autofacturation"),
        rows: found.items.iter().map(|document| Row::of(&asker, document)).collect(),
        next: found.next_cursor.map(|cursor| format!("{PATH}?cursor={cursor}")),
        first: request.cursor.map(|_| PATH.into()),
        can_create: asker.may(Permission::InvoicingCreate),
        export_href: asker.may(Permission::InvoicingExport).then(|| format!("{PATH}/export")),
    })
}

pub async fn export_self_billed(asker: Asker) -> PageResult {
    super::export_self_billed(&asker).await
}

#[derive(Template)]
#[template(path = "self_billing_mandates.html")]
struct MandatesPage {
    shell: Shell,
    /// Whether one is to be chosen, to draft an invoice.
    is_choice: bool,
    rows: Vec<MandateRow>,
    next: Option<String>,
    first: Option<String>,
    can_sign: bool,
}

struct MandateRow {
    supplier_name: String,
    href: String,
    code: String,
    agreed_on: String,
    regime: &'static str,
    badge: Badge,
}

impl MandateRow {
    fn of(asker: &Asker, mandate: &Mandate, href: String) -> Self {
        Self {
            supplier_name: mandate.supplier_name.clone(),
            href,
            code: mandate.code.clone(),
            agreed_on: asker.organization.date(mandate.agreed_on),
            regime: mandate.vat_regime.french(),
            badge: mandate_badge(asker, mandate),
        }
    }
}

pub async fn list_mandates(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let list = asker.scope.keys().self_billing_mandates();
    let found = asker.scope.list::<Mandate>(&list, &request, Order::Ascending).await?;
    let row = |mandate: &Stored<Mandate>| MandateRow::of(&asker, mandate, format!("{MANDATES}/{}", mandate.supplier));
    page(&MandatesPage {
        shell: Shell::new(&asker, "invoicing", "Mandats d’autofacturation"),
        is_choice: false,
        rows: found.items.iter().map(row).collect(),
        next: found.next_cursor.map(|cursor| format!("{MANDATES}?cursor={cursor}")),
        first: request.cursor.map(|_| MANDATES.into()),
        can_sign: asker.may(Permission::InvoicingApprove),
    })
}

// ---- the mandate ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "self_billing_mandate_form.html")]
struct MandateFormPage {
    shell: Shell,
    action: String,
    cancel_href: String,
    form_key: String,
    version: Option<u64>,
    /// Of one that is edited: its supplier stays.
    supplier_name: String,
    suppliers: OfferedClients,
    regimes: Vec<Choice>,
    day_counts: Vec<Choice>,
    usual_terms: String,
    form: MandateInput,
    errors: FieldErrors,
}

impl MandateFormPage {
    fn new(asker: &Asker, form: MandateInput, errors: FieldErrors, offer: Offer) -> Self {
        Self {
            shell: Shell::new(asker, "invoicing", "Nouveau mandat"),
            action: format!("{MANDATES}/nouveau"),
            cancel_href: MANDATES.into(),
            form_key: asker.form_key(),
            version: None,
            supplier_name: String::new(),
            suppliers: offer.choices(&form.supplier_id),
            regimes: choices(VatRegime::ALL.map(|regime| (regime.name(), regime.french())), &form.vat_regime),
            day_counts: choices(DayCount::ALL.map(|count| (count.name(), count.french())), &form.day_count),
            usual_terms: asker.organization.terms().french(),
            form,
            errors,
        }
    }

    fn editing(self, asker: &Asker, mandate: &Mandate, version: Option<u64>) -> Self {
        let href = format!("{MANDATES}/{}", mandate.supplier);
        Self {
            shell: Shell::new(asker, "invoicing", "Modifier le mandat"),
            action: format!("{href}/modifier"),
            cancel_href: href,
            version,
            supplier_name: mandate.supplier_name.clone(),
            ..self
        }
    }
}

#[derive(Deserialize)]
pub struct Supplier {
    #[serde(default)]
    fournisseur: String,
}

pub async fn new_mandate(asker: Asker, Query(prefilled): Query<Supplier>) -> PageResult {
    let offer = Offer::with(&asker, &prefilled.fournisseur).await?;
    let form = MandateInput {
        supplier_id: prefilled.fournisseur,
        agreed_on: asker.today().to_string(),
        vat_regime: VatRegime::Normal.name().into(),
        ..MandateInput::default()
    };
    page(&MandateFormPage::new(&asker, form, FieldErrors::default(), offer))
}

pub async fn create_mandate(asker: Asker, form: Form<MandateInput>) -> PageResult {
    match super::create_mandate(&asker, &form.input).await {
        Ok(mandate) => asker.done(&format!("{MANDATES}/{}", mandate.supplier), "Le mandat est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &form.input.supplier_id).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &MandateFormPage::new(&asker, form.input, errors, offer))
        }
    }
}

pub async fn change_mandate(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    let mandate = store::mandate(&asker.scope, id).await?;
    let form = MandateFormPage::new(&asker, MandateInput::of(&mandate), FieldErrors::default(), Offer::none());
    page(&form.editing(&asker, &mandate, Some(mandate.version)))
}

pub async fn edit_mandate(asker: Asker, Id(id): Id<CompanyId>, form: Form<MandateInput>) -> PageResult {
    match super::edit_mandate(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{MANDATES}/{id}"), "Les modifications valent pour les prochaines factures."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let mandate = store::mandate(&asker.scope, id).await?;
            let seen = form.version;
            let form = MandateFormPage::new(&asker, form.input, errors, Offer::none());
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form.editing(&asker, &mandate, seen))
        }
    }
}

#[derive(Template)]
#[template(path = "self_billing_mandate.html")]
struct MandatePage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    supplier: CompanyId,
    version: u64,
    badge: Badge,
    can_sign: bool,
    can_revoke: bool,
    can_draft: bool,
    /// The supplier's card lacks what an invoice must carry.
    is_incomplete: bool,
    /// That it ends, or ended.
    notice: String,
    facts: Vec<Labelled>,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    from: String,
    is_open: bool,
    sees_supplier: bool,
}

pub async fn show_mandate(asker: Asker, Id(id): Id<CompanyId>, Pagination(request): Pagination) -> PageResult {
    mandate_page(&asker, id, StatusCode::OK, &request, None, FieldErrors::default()).await
}

async fn mandate_page(
    asker: &Asker,
    id: CompanyId,
    status: StatusCode,
    request: &PageRequest,
    typed: Option<String>,
    errors: FieldErrors,
) -> PageResult {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let wanted = [keys.self_billing_mandate(id), keys.client_reference(id)];
    let list = keys.self_billed_of(id);
    let documents = scope.list::<SelfBilled>(&list, request, Order::Descending);
    let (found, documents) = side_by_side(scope.get_many(&wanted), documents).await;
    let (found, documents) = (found?, documents?);
    let mandate = found.first::<Mandate>()?.ok_or(Error::NotFound)?;
    let supplier = found.first::<ClientReference>()?;
    let date = |on| asker.organization.date(on);
    let in_force = mandate.is_in_force(asker.today());
    page_with_status(
        status,
        &MandatePage {
            shell: Shell::new(asker, "invoicing", format!("Mandat de {}", mandate.supplier_name)),
            form_key: asker.form_key(),
            is_open: typed.is_some(),
            from: typed.unwrap_or_else(|| asker.today().to_string()),
            errors,
            supplier: id,
            version: mandate.version,
            badge: mandate_badge(asker, &mandate),
            can_sign: asker.may(Permission::InvoicingApprove),
            can_revoke: mandate.revoked_from.is_none() && asker.may(Permission::InvoicingApprove),
            can_draft: in_force && asker.may(Permission::InvoicingCreate),
            is_incomplete: supplier.as_ref().is_none_or(|supplier| !leaving::is_complete(supplier, mandate.vat_regime)),
            sees_supplier: asker.may(Permission::CrmView)
                && supplier.as_ref().is_some_and(|supplier| asker.sees(supplier.assigned_to)),
            notice: match mandate.revoked_from {
                Some(from) if in_force => format!("Ce mandat prend fin le {}.", date(from)),
                Some(from) => {
                    format!("Ce mandat est révoqué depuis le {} : modifiez-le pour noter un nouvel accord.", date(from))
                }
                None => String::new(),
            },
            facts: mandate_facts(asker, &mandate),
            rows: documents.items.iter().map(|document| Row::of(asker, document)).collect(),
            next: documents.next_cursor.map(|cursor| format!("{MANDATES}/{id}?cursor={cursor}")),
            first: request.cursor.as_ref().map(|_| format!("{MANDATES}/{id}")),
        },
    )
}

fn mandate_facts(asker: &Asker, mandate: &Mandate) -> Vec<Labelled> {
    let year = asker.today().year();
    let mut facts = vec![
        Labelled::new("Accord du", asker.organization.date(mandate.agreed_on)),
        Labelled::new("Numérotation", format!("AF-{}-{year}-…", mandate.code)),
        Labelled::new("Contestation", format!("{} jours", mandate.contest_days)),
        Labelled::new("Régime de TVA", mandate.vat_regime.french()),
        Labelled::new("Règlement", mandate.terms().french()),
    ];
    for (label, value) in [
        ("Forme juridique", &mandate.legal_form),
        ("Capital", &mandate.capital),
        ("RCS", &mandate.rcs_city),
        ("IBAN", &mandate.bank.as_ref().map(|bank| text::iban(&bank.iban))),
        ("BIC", &mandate.bank.as_ref().and_then(|bank| bank.bic.clone())),
    ] {
        facts.extend(value.as_ref().map(|value| Labelled::new(label, value.clone())));
    }
    facts
}

pub async fn revoke_mandate(asker: Asker, Id(id): Id<CompanyId>, form: Form<RevocationInput>) -> PageResult {
    match super::revoke_mandate(&asker.scope, id, &form.input, form.version).await {
        Ok(mandate) => {
            let from = mandate.revoked_from.map(|from| asker.organization.date(from)).unwrap_or_default();
            asker.done(&format!("{MANDATES}/{id}"), format!("Le mandat prend fin le {from}."))
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let first = PageRequest { limit: 50, cursor: None };
            mandate_page(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, &first, Some(form.input.from), errors).await
        }
    }
}

// ---- the form of a document -------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
pub struct SelfBilledForm {
    #[serde(default)]
    supplier_id: String,
    #[serde(default)]
    payment_days: String,
    #[serde(default)]
    day_count: String,
    #[serde(default)]
    supplied_on: String,
    #[serde(default)]
    operations: String,
    #[serde(default)]
    purchase_order: String,
    #[serde(default)]
    exchange_rate: String,
    #[serde(default)]
    exchange_on: String,
    #[serde(flatten)]
    document: DocumentForm,
}

impl SelfBilledForm {
    fn input(&self) -> SelfBilledInput {
        let document = &self.document;
        let (discount_percent, discount_amount) = document.discount();
        SelfBilledInput {
            supplier_id: self.supplier_id.clone(),
            subject: document.subject.clone(),
            introduction: document.introduction.clone(),
            conditions: document.conditions.clone(),
            payment_days: self.payment_days.clone(),
            day_count: self.day_count.clone(),
            supplied_on: self.supplied_on.clone(),
            operations: self.operations.clone(),
            purchase_order: self.purchase_order.clone(),
            discount_percent,
            discount_amount,
            vat_treatment: document.vat_treatment.clone(),
            exchange_rate: self.exchange_rate.clone(),
            exchange_on: self.exchange_on.clone(),
            lines: document.lines(VatRegime::Normal),
        }
    }
}

#[derive(Template)]
#[template(path = "self_billed_form.html")]
struct SelfBilledFormPage {
    shell: Shell,
    action: String,
    cancel_href: String,
    form_key: String,
    version: Option<u64>,
    supplier_name: String,
    supplier_href: String,
    regime: &'static str,
    operations: Vec<Choice>,
    day_counts: Vec<Choice>,
    usual_terms: String,
    exchange: String,
    editor: Editor,
    form: SelfBilledInput,
    errors: FieldErrors,
}

/// Whose invoice a form is about.
struct Seller<'a> {
    id: CompanyId,
    name: &'a str,
    regime: VatRegime,
    /// Of the mandate; empty where it is not read.
    usual_terms: String,
}

impl<'a> Seller<'a> {
    fn of(mandate: &'a Mandate) -> Self {
        Self {
            id: mandate.supplier,
            name: &mandate.supplier_name,
            regime: mandate.vat_regime,
            usual_terms: mandate.terms().french(),
        }
    }

    fn of_draft(draft: &'a SelfBilled) -> Self {
        let supplier = &draft.supplier.reference;
        Self { id: supplier.id, name: &supplier.name, regime: draft.vat_regime, usual_terms: String::new() }
    }
}

impl SelfBilledFormPage {
    fn new(
        asker: &Asker,
        seller: &Seller<'_>,
        edited: Option<(SelfBilledId, Option<u64>)>,
        document: &DocumentForm,
        form: SelfBilledInput,
        errors: FieldErrors,
    ) -> Self {
        let (title, action, cancel_href) = match edited {
            Some((id, _)) => ("Modifier la facture", format!("{PATH}/{id}/modifier"), format!("{PATH}/{id}")),
            None => ("Nouvelle facture en autofacturation", format!("{PATH}/nouvelle"), PATH.into()),
        };
        let buyer = leaving::buyer(&asker.organization);
        let fitting = Treatment::ALL.into_iter().filter(|one| one.fits(seller.regime, &buyer).is_ok());
        Self {
            shell: Shell::new(asker, "invoicing", title),
            action,
            cancel_href,
            form_key: asker.form_key(),
            version: edited.and_then(|(_, version)| version),
            supplier_name: seller.name.to_owned(),
            supplier_href: format!("{MANDATES}/{}", seller.id),
            regime: seller.regime.french(),
            operations: choices(
                OPERATIONS.map(|(operations, label)| (operations_name(operations), label)),
                &form.operations,
            ),
            day_counts: choices(DayCount::ALL.map(|count| (count.name(), count.french())), &form.day_count),
            usual_terms: match seller.usual_terms.as_str() {
                "" => "Vide : conditions du mandat.".into(),
                terms => format!("Vide : conditions du mandat ({terms})."),
            },
            exchange: exchange_label(asker.organization.currency),
            editor: Editor::of_seller(asker, seller.regime, document, &form.lines)
                .with_treatments(fitting, &form.vat_treatment),
            form,
            errors,
        }
    }
}

/// Without a supplier, one is chosen among those with a mandate.
pub async fn new_self_billed(asker: Asker, Query(chosen): Query<Supplier>) -> PageResult {
    let Ok(supplier) = chosen.fournisseur.parse::<CompanyId>() else { return choose_supplier(&asker).await };
    let mandate = store::mandate(&asker.scope, supplier).await?;
    mandate.must_be_in_force(asker.today())?;
    let input = SelfBilledInput {
        supplier_id: supplier.to_string(),
        operations: "services".into(),
        lines: vec![LineInput::blank(mandate.vat_regime)],
        ..SelfBilledInput::default()
    };
    let seller = Seller::of(&mandate);
    let document = DocumentForm::default();
    page(&SelfBilledFormPage::new(&asker, &seller, None, &document, input, FieldErrors::default()))
}

async fn choose_supplier(asker: &Asker) -> PageResult {
    let request = PageRequest { limit: OFFERED_MAX, cursor: None };
    let list = asker.scope.keys().self_billing_mandates();
    let found = asker.scope.list::<Mandate>(&list, &request, Order::Ascending).await?;
    let in_force = found.items.iter().filter(|mandate| mandate.is_in_force(asker.today()));
    let href = |mandate: &Stored<Mandate>| format!("{PATH}/nouvelle?fournisseur={}", mandate.supplier);
    page(&MandatesPage {
        shell: Shell::new(asker, "invoicing", "Pour quel fournisseur ?"),
        is_choice: true,
        rows: in_force.map(|mandate| MandateRow::of(asker, mandate, href(mandate))).collect(),
        next: None,
        first: None,
        can_sign: asker.may(Permission::InvoicingApprove),
    })
}

pub async fn create_self_billed(asker: Asker, form: Form<SelfBilledForm>) -> PageResult {
    let input = form.input.input();
    match super::create_self_billed(&asker, &input).await {
        Ok(draft) => asker.done(&format!("{PATH}/{}", draft.id), "Le brouillon est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let supplier: CompanyId = input.supplier_id.parse().map_err(Error::from)?;
            let mandate = store::mandate(&asker.scope, supplier).await?;
            let page =
                SelfBilledFormPage::new(&asker, &Seller::of(&mandate), None, &form.input.document, input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn change_self_billed(asker: Asker, Id(id): Id<SelfBilledId>) -> PageResult {
    let draft = store::read(&asker.scope, id).await?;
    draft.must_be_draft()?;
    let document = DocumentForm::of(&draft.supplier.reference, &draft.words, &draft.priced);
    let edited = Some((id, Some(draft.version)));
    let input = SelfBilledInput::of(&draft);
    let seller = Seller::of_draft(&draft);
    page(&SelfBilledFormPage::new(&asker, &seller, edited, &document, input, FieldErrors::default()))
}

pub async fn edit_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<SelfBilledForm>) -> PageResult {
    let input = form.input.input();
    match super::edit_self_billed(&asker, id, &input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Les modifications sont enregistrées."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let draft = store::read(&asker.scope, id).await?;
            let edited = Some((id, form.version));
            let seller = Seller::of_draft(&draft);
            let page = SelfBilledFormPage::new(&asker, &seller, edited, &form.input.document, input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

// ---- one document ---------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "self_billed.html")]
struct SelfBilledPage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    head: Head,
    document: Sheet,
    dialog: &'static str,
    reason: String,
    paid: PaidInput,
    methods: Vec<Choice>,
    events: Vec<Moment>,
    mails: Vec<Moment>,
}

struct Head {
    id: SelfBilledId,
    version: u64,
    badge: Badge,
    supplier: CompanyId,
    supplier_name: String,
    recipient: String,
    pdf_href: Option<String>,
    pdf_pending: bool,
    can_edit: bool,
    can_delete: bool,
    can_issue: bool,
    can_contest: bool,
    can_accept: bool,
    can_pay: bool,
    can_unpay: bool,
    can_credit: bool,
    is_incomplete: bool,
    owed: String,
    due_on: String,
    contested: String,
    paid: String,
    origin: Option<(SelfBilledId, String)>,
    credits: Vec<(SelfBilledId, String, String)>,
}

impl Head {
    fn of(asker: &Asker, document: &Stored<SelfBilled>, has_file: bool) -> Self {
        let may = |permission| asker.may(permission);
        let (id, status, issued) = (document.id, document.status(), document.issued.as_ref());
        let is_invoice = !document.is_credit_note();
        let is_open = is_invoice && issued.is_some() && status != Status::Cancelled;
        let accepted = issued.is_some_and(|issued| issued.accepted_on.is_some());
        let date = |on| asker.organization.date(on);
        let currency = document.priced.currency;
        let supplier = &document.supplier.reference;
        Self {
            id,
            version: document.version,
            badge: document_badge(document),
            supplier: supplier.id,
            supplier_name: supplier.name.clone(),
            recipient: supplier.email.clone().unwrap_or_default(),
            pdf_href: has_file.then(|| format!("{PATH}/{id}/pdf")),
            pdf_pending: issued.is_some() && !has_file,
            can_edit: issued.is_none() && may(Permission::InvoicingCreate),
            can_delete: issued.is_none() && may(Permission::InvoicingDelete),
            can_issue: issued.is_none() && may(Permission::InvoicingApprove),
            can_contest: is_open && status == Status::Issued && may(Permission::InvoicingEdit),
            can_accept: is_open && !accepted && may(Permission::InvoicingEdit),
            can_pay: is_open && matches!(status, Status::Issued | Status::Accepted) && may(Permission::InvoicingEdit),
            can_unpay: is_open && status == Status::Paid && may(Permission::InvoicingEdit),
            can_credit: is_open && may(Permission::InvoicingApprove),
            is_incomplete: issued.is_none() && !leaving::is_complete(supplier, document.vat_regime),
            owed: document.owed().french(currency),
            due_on: issued.and_then(|issued| issued.due_on).map(date).unwrap_or_default(),
            contested: match issued.and_then(|issued| issued.contested.as_ref()) {
                Some(contested) if status == Status::Contested => {
                    format!("Contestée par le fournisseur le {} : {}", date(contested.on), contested.reason)
                }
                _ => String::new(),
            },
            paid: issued
                .and_then(|issued| issued.paid.as_ref())
                .map(|paid| {
                    let by = paid.method.french().to_lowercase();
                    match &paid.reference {
                        Some(reference) => format!("{}, {by} ({reference})", date(paid.on)),
                        None => format!("{}, {by}", date(paid.on)),
                    }
                })
                .unwrap_or_default(),
            origin: document.origin.as_ref().map(|origin| (origin.invoice, origin.number.clone())),
            credits: issued
                .iter()
                .flat_map(|issued| &issued.credits)
                .map(|credit| (credit.note, credit.number.clone(), Minor(-credit.gross_minor.0).french(currency)))
                .collect(),
        }
    }
}

fn events(asker: &Asker, document: &SelfBilled) -> Vec<Moment> {
    let mut events = vec![("neutral", "Brouillon créé".to_owned(), asker.organization.day(document.created_at))];
    if let Some(issued) = &document.issued {
        if document.is_credit_note() {
            events = vec![("info", "Avoir émis".into(), issued.on)];
        } else {
            events.push(("info", "Facture émise".into(), issued.on));
        }
        if let Some(contested) = &issued.contested {
            events.push(("danger", "Contestée par le fournisseur".into(), contested.on));
        }
        events.extend(issued.accepted_on.map(|on| ("success", "Acceptée par le fournisseur".into(), on)));
        events.extend(issued.paid.as_ref().map(|paid| ("success", "Payée".into(), paid.on)));
        for credit in &issued.credits {
            events.push(("neutral", format!("Avoir {} émis", credit.number), credit.on));
        }
    }
    events.sort_by_key(|(_, _, on)| *on);
    events.into_iter().rev().map(|(kind, title, on)| Moment::on(asker, kind, title, on)).collect()
}

/// The supplier sells, we buy.
fn sheet(asker: &Asker, document: &SelfBilled) -> Sheet {
    let date = |on| asker.organization.date(on);
    let issued = document.issued.as_ref();
    let dated = issued.map_or_else(|| asker.organization.day(document.created_at), |issued| issued.on);
    let mut dates = vec![Labelled::new("Date", date(dated))];
    dates.extend(issued.and_then(|issued| issued.due_on).map(|due| Labelled::new("Échéance", date(due))));
    dates.extend(document.origin.as_ref().map(|origin| Labelled::new("Facture d’origine", origin.number.clone())));
    let supplier = &document.supplier.reference;
    let mut details = supplier.address.as_ref().map(address_lines).unwrap_or_default();
    details.extend(supplier.siret.as_ref().map(|siret| format!("SIRET {}", text::siren(siret))));
    details.extend(supplier.vat_number.as_ref().map(|number| format!("TVA {number}")));
    let number = document.number().map(str::to_owned);
    let buyer = leaving::buyer(&asker.organization);
    Sheet {
        seller_name: supplier.name.clone(),
        seller_details: details.join("\n"),
        buyer_href: None,
        ..Sheet::new(asker, document.kind.french(), number.as_ref(), dates, &buyer, &document.words, &document.priced)
    }
}

/// What of the page's forms was sent and came back.
#[derive(Default)]
struct Typed {
    dialog: &'static str,
    reason: String,
    paid: Option<PaidInput>,
}

pub async fn show_self_billed(asker: Asker, Id(id): Id<SelfBilledId>) -> PageResult {
    show(&asker, id, StatusCode::OK, Typed::default(), FieldErrors::default()).await
}

async fn show(asker: &Asker, id: SelfBilledId, status: StatusCode, typed: Typed, errors: FieldErrors) -> PageResult {
    let scope = &asker.scope;
    let found = scope.collection(&scope.keys().self_billed(id).collection()).await?;
    let document = found.first::<SelfBilled>()?.ok_or(Error::NotFound)?;
    let has_file = found.first::<DocumentFile>()?.is_some();
    let snapshot = found.first::<FrozenDocument>()?.map(|frozen| frozen.value.snapshot);
    let title = match document.number() {
        Some(number) => format!("{} {number}", document.kind.french()),
        None => format!("{} (brouillon)", document.kind.french()),
    };
    let paid = typed.paid.unwrap_or_else(|| PaidInput {
        paid_on: asker.today().to_string(),
        method: Method::BankTransfer.name().into(),
        reference: String::new(),
    });
    page_with_status(
        status,
        &SelfBilledPage {
            shell: Shell::new(asker, "invoicing", title),
            form_key: asker.form_key(),
            errors,
            head: Head::of(asker, &document, has_file),
            document: sheet(asker, &document).frozen(snapshot),
            dialog: typed.dialog,
            reason: typed.reason,
            methods: choices(Method::ALL.map(|method| (method.name(), method.french())), &paid.method),
            paid,
            events: events(asker, &document),
            mails: found.all::<OwnedMail>()?.iter().rev().map(|mail| mail_moment(asker, mail)).collect(),
        },
    )
}

/// Back to the page with why it could not be.
async fn refused(asker: &Asker, id: SelfBilledId, error: Error) -> PageResult {
    show(asker, id, StatusCode::CONFLICT, Typed::default(), FieldErrors::summary_of(error)?).await
}

pub async fn delete_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<Nothing>) -> PageResult {
    match super::delete_self_billed(&asker.scope, id, form.version).await {
        Ok(()) => asker.done(PATH, "Le brouillon est supprimé."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn issue_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<Nothing>) -> PageResult {
    match super::issue_self_billed(&asker.scope, &asker.organization, id, form.version).await {
        Ok(issued) => {
            let number = issued.number().unwrap_or_default();
            asker.done(&format!("{PATH}/{id}"), format!("La facture {number} est émise au nom du fournisseur."))
        }
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn contest_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<ContestInput>) -> PageResult {
    match super::contest_self_billed(&asker.scope, &asker.organization, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La contestation est notée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let typed = Typed { dialog: "contest", reason: form.input.reason, paid: None };
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await
        }
    }
}

pub async fn accept_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<Nothing>) -> PageResult {
    match super::accept_self_billed(&asker.scope, &asker.organization, id, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "L’accord du fournisseur est noté."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn pay_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<PaidInput>) -> PageResult {
    match super::pay_self_billed(&asker.scope, &asker.organization, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La facture est notée comme payée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let typed = Typed { dialog: "pay", paid: Some(form.input), reason: String::new() };
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await
        }
    }
}

pub async fn unpay_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<Nothing>) -> PageResult {
    match super::unpay_self_billed(&asker.scope, id, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La facture n’est plus notée comme payée."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn download_self_billed(asker: Asker, Id(id): Id<SelfBilledId>) -> PageResult {
    let (link, _) = crate::document::download(&asker, Owner::SelfBilled(id)).await?;
    redirect(&link)
}

// ---- the credit note ------------------------------------------------------------------------------------

fn credit_form_page(
    asker: &Asker,
    invoice: &Stored<SelfBilled>,
    form: CreditForm,
    errors: FieldErrors,
) -> Result<CreditFormPage> {
    let left = invoice.left_to_credit()?;
    let number = invoice.number().ok_or(Error::Conflict(Conflict::NotIssued))?;
    Ok(CreditFormPage {
        shell: Shell::new(asker, "invoicing", format!("Avoir sur la facture {number}")),
        preview_href: String::new(),
        form_key: asker.form_key(),
        invoice_href: format!("{PATH}/{}", invoice.id),
        invoice_label: number.to_owned(),
        version: invoice.version,
        left_gross: invoice.owed().french(invoice.priced.currency),
        lines: form.parts.rows(&invoice.priced, &left, &errors),
        basis: basis(&invoice.priced),
        is_part: form.parts.is_part(),
        pending: None,
        form,
        errors,
    })
}

pub async fn new_credit_note(asker: Asker, Id(id): Id<SelfBilledId>) -> PageResult {
    let invoice = store::read(&asker.scope, id).await?;
    page(&credit_form_page(&asker, &invoice, CreditForm::default(), FieldErrors::default())?)
}

pub async fn credit_self_billed(asker: Asker, Id(id): Id<SelfBilledId>, form: Form<CreditForm>) -> PageResult {
    let credited = async {
        super::credit_self_billed(&asker.scope, &asker.organization, id, &form.input.input()?, form.version).await
    };
    match credited.await {
        Ok(credited) => {
            let told = format!("L’avoir {} est émis.", credited.note.number().unwrap_or_default());
            asker.done(&format!("{PATH}/{}", credited.note.id), told)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let invoice = store::read(&asker.scope, id).await?;
            let page = credit_form_page(&asker, &invoice, form.input, errors)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
