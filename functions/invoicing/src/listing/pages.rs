//! `/facturation/devis`, `/facturation/factures`, `/facturation/avoirs`: the lists, and each as a file.

use askama::Template;
use axum::extract::Query;
use kernel::{Permission, Result};
use web::{
    Asker, PageResult, Pagination, Shell,
    form::{Choice, choices},
    page,
};

use super::{
    list_documents::list_documents,
    model::{FilterInput, Shape, Sort, State},
};
use crate::{
    panel::{ClientDocument, Summary},
    view::{CreditNoteRow, InvoiceRow, QuoteRow},
};

/// What stands over a list, and under it.
struct Narrowed {
    path: &'static str,
    input: FilterInput,
    states: Vec<Choice>,
    sorts: Vec<Choice>,
    is_narrowed: bool,
    /// The client whose documents alone are shown.
    client_name: Option<String>,
    export_href: Option<String>,
    /// That not everything could be looked at.
    notice: String,
    next: Option<String>,
    first: Option<String>,
}

async fn narrowed(
    asker: &Asker,
    shape: Shape,
    input: FilterInput,
    Pagination(request): Pagination,
) -> Result<(Vec<ClientDocument>, Narrowed)> {
    let filter = input.parse(shape)?;
    let found = list_documents(&asker.scope, &filter, &request, asker.today()).await?;
    let path = shape.path();
    let states = [(String::new(), "Tous les états".to_owned())].into_iter();
    let states = states.chain(shape.states().iter().map(|state: &State| (state.name().into(), state.french().into())));
    let narrowed = Narrowed {
        path,
        states: choices(states, &input.state),
        sorts: choices(Sort::ALL.map(|sort| (sort.name(), sort.french())), filter.sort.name()),
        is_narrowed: input.narrows(),
        client_name: filter.client.map(|_| {
            found.items.first().map_or_else(|| "un client".into(), |document| document.client_name.clone())
        }),
        export_href: asker
            .may(Permission::InvoicingExport)
            .then(|| input.link(&format!("{path}/export"), None)),
        notice: found.only_of.map_or_else(String::new, |count| {
            format!("Ce tri porte sur les {count} documents les plus récents. Choisissez une période ou un état pour aller plus loin.")
        }),
        next: found.next_cursor.map(|cursor| input.link(path, Some(&cursor))),
        first: request.cursor.map(|_| input.link(path, None)),
        input,
    };
    Ok((found.items, narrowed))
}

#[derive(Template)]
#[template(path = "quotes.html")]
struct QuotesPage {
    shell: Shell,
    list: Narrowed,
    quotes: Vec<QuoteRow>,
    can_create: bool,
}

pub async fn list_quotes(asker: Asker, Query(input): Query<FilterInput>, pages: Pagination) -> PageResult {
    let (documents, list) = narrowed(&asker, Shape::Quote, input, pages).await?;
    let quotes = documents.iter().filter_map(|document| match &document.summary {
        Summary::Quote(quote) => Some(QuoteRow::of_summary(&asker, quote, &document.client_name)),
        _ => None,
    });
    page(&QuotesPage {
        shell: Shell::new(&asker, "invoicing", "Devis"),
        quotes: quotes.collect(),
        list,
        can_create: asker.may(Permission::InvoicingCreate),
    })
}

#[derive(Template)]
#[template(path = "invoices.html")]
struct InvoicesPage {
    shell: Shell,
    list: Narrowed,
    invoices: Vec<InvoiceRow>,
    can_create: bool,
    can_issue: bool,
}

pub async fn list_invoices(asker: Asker, Query(input): Query<FilterInput>, pages: Pagination) -> PageResult {
    let (documents, list) = narrowed(&asker, Shape::Invoice, input, pages).await?;
    let invoices = documents.iter().filter_map(|document| match &document.summary {
        Summary::Invoice(invoice) => Some(InvoiceRow::of_summary(&asker, invoice, &document.client_name)),
        _ => None,
    });
    page(&InvoicesPage {
        shell: Shell::new(&asker, "invoicing", "Factures"),
        invoices: invoices.collect(),
        list,
        can_create: asker.may(Permission::InvoicingCreate),
        can_issue: asker.may(Permission::InvoicingApprove),
    })
}

#[derive(Template)]
#[template(path = "credit_notes.html")]
struct CreditNotesPage {
    shell: Shell,
    list: Narrowed,
    credit_notes: Vec<CreditNoteRow>,
}

pub async fn list_credit_notes(asker: Asker, Query(input): Query<FilterInput>, pages: Pagination) -> PageResult {
    let (documents, list) = narrowed(&asker, Shape::CreditNote, input, pages).await?;
    let notes = documents.iter().filter_map(|document| match &document.summary {
        Summary::CreditNote(note) => Some(CreditNoteRow::of_summary(&asker, note, &document.client_name)),
        _ => None,
    });
    page(&CreditNotesPage { shell: Shell::new(&asker, "invoicing", "Avoirs"), credit_notes: notes.collect(), list })
}

pub async fn export_quotes(asker: Asker, Query(input): Query<FilterInput>) -> PageResult {
    super::export_documents(&asker, &input.parse(Shape::Quote)?).await
}

pub async fn export_invoices(asker: Asker, Query(input): Query<FilterInput>) -> PageResult {
    super::export_documents(&asker, &input.parse(Shape::Invoice)?).await
}

pub async fn export_credit_notes(asker: Asker, Query(input): Query<FilterInput>) -> PageResult {
    super::export_documents(&asker, &input.parse(Shape::CreditNote)?).await
}
