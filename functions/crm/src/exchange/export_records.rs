//! A list of records written as a file, page by page: never more of it in memory than is being written.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use kernel::{Error, Result, page::PageRequest};
use serde_json::Value;
use table::{Item, List, Order, Stored, meter::side_by_side};
use web::{Asker, Membership, spreadsheet::Spreadsheet};

use super::{
    columns::{
        self, COMPANY, COMPANY_CODE, COMPANY_NUMBER, CONTACT, CONTACT_CODE, Column, FULL_NAME, Fields, ID, Member,
        Words,
    },
    model::Format,
    vcard,
};
use crate::{
    company::{Company, CompanyInput},
    contact::{Contact, ContactInput},
    listing::{Query, Wanted},
    opportunity::{Filter, FilterInput, Opportunity, OpportunityInput},
    record::RecordKind,
    settings::{self, Settings},
};

/// How far an export goes: so many rows, looked for among so many records.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    pub rows: u32,
    pub read: u32,
}

/// What comes as the answer to the request; more is written by the worker.
pub const DIRECT: Most = Most { rows: 1_000, read: 5_000 };
const PAGE: u16 = 500;
const MEMBERS: PageRequest = PageRequest { limit: 100, cursor: None };

/// Whether a record of a list is wanted.
type Keep<'a, T> = Box<dyn Fn(&T) -> bool + Send + Sync + 'a>;

/// Records that a file may have.
trait Exportable: Item + Send + Sync + 'static {
    const KIND: RecordKind;

    /// What is wanted of their list.
    type Filter: Send + Sync;

    /// Of a query as `segment::query` has it.
    fn filter(query: &str) -> Result<Self::Filter>;

    fn list(asker: &Asker, filter: &Self::Filter) -> Result<List>;

    fn keep<'a>(filter: &'a Self::Filter, settings: &'a Settings) -> Result<Keep<'a, Self>>;

    fn fields(&self, asker: &Asker) -> Result<Fields>;

    /// What is no field of its input.
    fn beside(&self, column: &str) -> Option<String>;
}

/// What a query says of the list of companies or contacts.
fn wanted(query: &str) -> Result<(Wanted, Query)> {
    let wanted: Wanted = serde_html_form::from_str(query).map_err(|_| unknown_filter())?;
    let query = wanted.read()?;
    Ok((wanted, query))
}

fn unknown_filter() -> Error {
    Error::Malformed { detail: "unknown filter".into() }
}

fn fields_of<T: serde::Serialize>(input: &T) -> Result<Fields> {
    match serde_json::to_value(input).map_err(Error::internal)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::internal("an input that is no object")),
    }
}

impl Exportable for Company {
    const KIND: RecordKind = RecordKind::Company;

    type Filter = (Wanted, Query);

    fn filter(query: &str) -> Result<Self::Filter> {
        wanted(query)
    }

    fn list(asker: &Asker, (wanted, query): &Self::Filter) -> Result<List> {
        let (keys, of) = (asker.scope.keys(), asker.whose(&wanted.assigned_to)?);
        Ok(match query.is_archived {
            true => keys.archived_companies(&query.prefix()).of(of),
            false => keys.companies(&query.prefix()).of(of),
        })
    }

    fn keep<'a>((_, query): &'a Self::Filter, settings: &'a Settings) -> Result<Keep<'a, Self>> {
        let wants = query.sifter::<Self>(settings)?;
        Ok(Box::new(move |company| company.erased_at.is_none() && wants(company)))
    }

    fn fields(&self, asker: &Asker) -> Result<Fields> {
        fields_of(&CompanyInput::of(self, asker.organization.currency))
    }

    fn beside(&self, column: &str) -> Option<String> {
        (column == ID).then(|| self.id.to_string())
    }
}

impl Exportable for Contact {
    const KIND: RecordKind = RecordKind::Contact;

    type Filter = (Wanted, Query);

    fn filter(query: &str) -> Result<Self::Filter> {
        wanted(query)
    }

    fn list(asker: &Asker, (wanted, query): &Self::Filter) -> Result<List> {
        Ok(asker.scope.keys().contacts(&query.prefix()).of(asker.whose(&wanted.assigned_to)?))
    }

    fn keep<'a>((_, query): &'a Self::Filter, settings: &'a Settings) -> Result<Keep<'a, Self>> {
        Ok(Box::new(query.sifter::<Self>(settings)?))
    }

    fn fields(&self, _: &Asker) -> Result<Fields> {
        fields_of(&ContactInput::of(self))
    }

    fn beside(&self, column: &str) -> Option<String> {
        let company = self.company.as_ref();
        match column {
            ID => Some(self.id.to_string()),
            COMPANY => Some(company.map(|company| company.name.clone()).unwrap_or_default()),
            COMPANY_CODE => Some(company.map(|company| company.id.to_string()).unwrap_or_default()),
            _ => None,
        }
    }
}

impl Exportable for Opportunity {
    const KIND: RecordKind = RecordKind::Opportunity;

    type Filter = (Wanted, Filter);

    fn filter(query: &str) -> Result<Self::Filter> {
        let wanted: Wanted = serde_html_form::from_str(query).map_err(|_| unknown_filter())?;
        let typed: FilterInput = serde_html_form::from_str(query).map_err(|_| unknown_filter())?;
        Ok((wanted, typed.parse().map_err(|_| unknown_filter())?))
    }

    fn list(asker: &Asker, (wanted, filter): &Self::Filter) -> Result<List> {
        Ok(asker.scope.keys().opportunities(&filter.prefix).of(asker.whose(&wanted.assigned_to)?))
    }

    fn keep<'a>((_, filter): &'a Self::Filter, _: &'a Settings) -> Result<Keep<'a, Self>> {
        Ok(Box::new(|opportunity| filter.wants(&opportunity.card(0))))
    }

    fn fields(&self, _: &Asker) -> Result<Fields> {
        fields_of(&OpportunityInput::of(self))
    }

    fn beside(&self, column: &str) -> Option<String> {
        let (company, contact) = (self.company.as_ref(), self.contact.as_ref());
        match column {
            ID => Some(self.id.to_string()),
            COMPANY => Some(company.map(|company| company.name.clone()).unwrap_or_default()),
            COMPANY_CODE => Some(company.map(|company| company.id.to_string()).unwrap_or_default()),
            CONTACT => Some(contact.map(|contact| contact.name.clone()).unwrap_or_default()),
            CONTACT_CODE => Some(contact.map(|contact| contact.id.to_string()).unwrap_or_default()),
            _ => None,
        }
    }
}

/// What is written and not yet sent.
#[derive(Clone, Debug, Default)]
struct Pending(Arc<Mutex<Vec<u8>>>);

impl Pending {
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes the bytes of a file in their order.
pub trait Sink {
    /// How many bytes are worth handing over.
    const PART: usize;

    fn take(&mut self, bytes: Vec<u8>) -> impl Future<Output = Result<()>> + Send;
}

impl Sink for Vec<u8> {
    const PART: usize = usize::MAX;

    async fn take(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.extend(bytes);
        Ok(())
    }
}

/// Writes the records of a list that who asks may see; how many, and none where there are more than `most`.
pub async fn export_records(
    asker: &Asker,
    (of, format, query): (RecordKind, Format, &str),
    most: Most,
    to: &mut (impl Sink + Send),
) -> Result<Option<u32>> {
    match of {
        RecordKind::Company => export::<Company>(asker, format, query, most, to).await,
        RecordKind::Contact => export::<Contact>(asker, format, query, most, to).await,
        RecordKind::Opportunity => export::<Opportunity>(asker, format, query, most, to).await,
    }
}

async fn export<T: Exportable>(
    asker: &Asker,
    format: Format,
    query: &str,
    most: Most,
    to: &mut (impl Sink + Send),
) -> Result<Option<u32>> {
    let scope = &asker.scope;
    let filter = T::filter(query)?;
    let list = <T as Exportable>::list(asker, &filter)?;
    let mut page = PageRequest { limit: PAGE, cursor: None };
    let members = scope.keys().members();
    let beside =
        side_by_side(settings::SETTINGS.shown(scope), scope.list::<Membership>(&members, &MEMBERS, Order::Ascending));
    let (first, (settings, members)) = side_by_side(scope.list::<T>(&list, &page, Order::Ascending), beside).await;
    let mut found = first?;
    let member = |member: &Stored<Membership>| Member {
        user: member.user,
        name: member.name.clone(),
        email: member.email.clone(),
    };
    let words = Words { settings: settings?.value, members: members?.items.iter().map(member).collect() };
    let settings = words.settings.clone();
    let keep = T::keep(&filter, &settings)?;
    let mut writer = Writer::new(asker, T::KIND, format, words)?;
    let (mut rows, mut read) = (0, 0);
    loop {
        read += found.items.len() as u32;
        for record in found.items.iter().filter(|record| keep(record)) {
            rows += 1;
            if rows > most.rows {
                return Ok(None);
            }
            writer.add(asker, &record.value)?;
        }
        writer.flush()?;
        if writer.pending.len() >= parts_of(to) {
            to.take(writer.pending.take()).await?;
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
        if read >= most.read {
            return Ok(None);
        }
        found = scope.list::<T>(&list, &page, Order::Ascending).await?;
    }
    to.take(writer.pending.take()).await?;
    Ok(Some(rows))
}

const fn parts_of<S: Sink>(_: &S) -> usize {
    S::PART
}

/// A table, or cards.
struct Writer {
    pending: Pending,
    columns: Vec<Column>,
    words: Words,
    sheet: Option<Spreadsheet<Pending>>,
}

impl Writer {
    fn new(asker: &Asker, of: RecordKind, format: Format, words: Words) -> Result<Self> {
        let pending = Pending::default();
        let is_written = |column: &Column| match column.name.as_str() {
            // Others say the same.
            FULL_NAME | COMPANY_NUMBER => false,
            // Of a company of somebody else one learns its name and no more.
            COMPANY_CODE | CONTACT_CODE => asker.sees_all(),
            _ => true,
        };
        let columns: Vec<Column> = columns::columns(of, &words.settings).into_iter().filter(is_written).collect();
        let header: Vec<&str> = columns.iter().map(|column| column.french.as_str()).collect();
        let sheet = match format {
            Format::Csv => Some(Spreadsheet::new(pending.clone(), &header)?),
            Format::Vcard => None,
        };
        Ok(Self { pending, columns, words, sheet })
    }

    fn add<T: Exportable>(&mut self, asker: &Asker, record: &T) -> Result<()> {
        let fields = record.fields(asker)?;
        match &mut self.sheet {
            Some(sheet) => {
                let cell =
                    |column: &Column| record.beside(&column.name).unwrap_or_else(|| column.show(&fields, &self.words));
                sheet.row(self.columns.iter().map(cell).collect::<Vec<_>>())
            }
            None => {
                let company = record.beside(COMPANY).unwrap_or_default();
                let mut card = String::new();
                vcard::write(&mut card, &fields, &company, &self.columns, &self.words);
                self.pending.write_all(card.as_bytes()).map_err(Error::internal)
            }
        }
    }

    fn flush(&mut self) -> Result<()> {
        match &mut self.sheet {
            Some(sheet) => sheet.flushed().map(drop),
            None => Ok(()),
        }
    }
}
