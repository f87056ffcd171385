//! Working through an import, chunk by chunk: first what it would do, then the same rows again. How far it has come is noted
//! with what came of it, so that whoever was killed goes on from there, and told twice it finds nothing left.
//!
//! A row is an act of its own, which is done once: its outcome is remembered under a key of the import and the row, in the
//! transaction that writes the record. Who does a chunk again finds there what was done of it, and counts it the same.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use cloud::Deps;
use futures::{StreamExt, stream};
use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    id::{CompanyId, ContactId, ImportId},
    page::PageRequest,
};
use serde_json::Value;
use table::{
    Items, Key, Order, Scope, Stored,
    idempotency::{Claim, Idempotency, IdempotencyRecord},
    meter::all_at_once,
};
use ulid::Ulid;
use web::{Asker, Membership};

use super::{
    Import, ImportErrors,
    model::{Counts, Dealt, Existing, RowError, Stage},
    records::{Given, Importable},
    report,
    rows::{self, Companies, Contacts, Found, Named, Reader, Row, Told, WrongRow, derived, fields_of, firsts},
};
use crate::{
    company::{self, Company, CompanyInput},
    contact::Contact,
    exchange::columns::{self, Column, Fields, Member, Words},
    opportunity::Opportunity,
    record::RecordKind,
    settings,
};

/// Chunks of one message; the event comes again for the rest, so that no worker runs out of time.
const CHUNKS_MAX: u32 = 8;
/// What one reading of several items takes.
const READ_MAX: usize = 100;
const PAGE: u16 = 1_000;
/// More than an organization has members.
const MEMBERS: PageRequest = PageRequest { limit: 100, cursor: None };
/// How often a row is decided anew when its record changes meanwhile.
const ATTEMPTS_MAX: usize = 3;

/// Goes on with an import until it is over or it is time to ask for the rest by another event.
pub async fn run_import(deps: &Deps, scope: &Scope, id: ImportId) -> Result<()> {
    let Some(read) = scope.get::<Import>(&scope.keys().import(id)).await? else { return Ok(()) };
    if !read.stage.is_running() {
        return Ok(());
    }
    let organization = scope.tenant().organization();
    let asker = match Asker::standing_in(deps, organization, read.by.user).await? {
        Some(asker) if super::may_import(&asker, read.mapping.existing) => asker,
        _ => return refuse_import(scope, id).await,
    };
    match read.of {
        RecordKind::Company => run::<Company>(deps, &asker, read.value).await,
        RecordKind::Contact => run::<Contact>(deps, &asker, read.value).await,
        RecordKind::Opportunity => run::<Opportunity>(deps, &asker, read.value).await,
    }
}

/// Who asked for it may not do it any more.
async fn refuse_import(scope: &Scope, id: ImportId) -> Result<()> {
    scope
        .write(|| async {
            let read = scope.get::<Import>(&scope.keys().import(id)).await?.ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("refuse_import", id);
            let Some(refused) = read.refused(scope.now()) else { return Ok((transaction.nothing(), ())) };
            transaction.update(&read, &refused).emit(Event::ImportFinished { import: id, about: refused.about() });
            Ok((transaction, ()))
        })
        .await
}

async fn run<T: Importable>(deps: &Deps, asker: &Asker, import: Import) -> Result<()> {
    let work = Work::<T>::read(deps, asker, import).await?;
    let mut refused = work.import.counts().refused;
    for done in 1..=CHUNKS_MAX {
        let chunk = work.import.chunk + done - 1;
        if chunk >= work.import.chunks() {
            break;
        }
        let (dealt, wrong) = work.deal(chunk).await?;
        let place = report::Place::of(&asker.scope, &deps.files, &work.import);
        place.keep_wrong(chunk, &wrong).await?;
        let is_end = chunk + 1 == work.import.chunks();
        refused += dealt.counts.refused;
        if is_end && refused > 0 {
            place.write_report(&work.import).await?;
        }
        let goes_on = advance_import(&work, chunk, &dealt, done == CHUNKS_MAX).await?;
        if is_end && work.writes {
            place.discard_rows().await;
        }
        if !goes_on {
            break;
        }
    }
    Ok(())
}

/// Notes what came of a chunk. Whether to go on with the next.
async fn advance_import<T: Importable>(work: &Work<T>, chunk: u32, dealt: &Dealt, is_last: bool) -> Result<bool> {
    let (scope, id) = (&work.asker.scope, work.import.id);
    scope
        .write(|| async {
            let read = scope.get::<Import>(&scope.keys().import(id)).await?.ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("advance_import", id);
            let at = (work.import.attempt, chunk);
            let Some(next) = read.advanced(at, work.writes, dealt, scope.now()) else {
                return Ok((transaction.nothing(), false));
            };
            let shown = read.shown_of(&dealt.errors);
            if !shown.is_empty() {
                transaction.replace(&ImportErrors {
                    import: id,
                    attempt: read.attempt,
                    chunk,
                    rows: shown.to_vec(),
                    expires_at: read.kept_until(),
                });
            }
            transaction.update(&read, &next);
            if next.stage == Stage::Done {
                transaction.emit(Event::ImportFinished { import: id, about: next.about() });
            } else if next.stage.is_running() && is_last {
                transaction.emit(Event::ImportRequested { import: id });
            }
            let goes_on = next.stage.is_running();
            Ok((transaction, goes_on))
        })
        .await
}

/// An import with all that its rows are held against, as it was when the message came.
struct Work<T: Importable> {
    asker: Asker,
    import: Import,
    /// Whether records are written, or only looked at.
    writes: bool,
    /// The file of rows.
    file: Vec<u8>,
    words: Words,
    given: Given,
    known: Vec<Column>,
    /// Of each column of the file ours.
    file_columns: Vec<Option<Column>>,
    /// Records by what they are recognised by.
    index: HashMap<String, Vec<Ulid>>,
    /// All of them.
    ids: HashSet<Ulid>,
    companies: Companies,
    contacts: Contacts,
    /// Of each key the first row of the file that has it.
    firsts: HashMap<String, u32>,
    /// Of each company that is not there the first row that names it.
    first_named: HashMap<CompanyId, u32>,
    of: std::marker::PhantomData<T>,
}

/// What becomes of a row.
enum Decided<T: Importable> {
    Refused(Vec<String>),
    Unchanged,
    Create(Ulid, T::Input),
    Update(Stored<T>, T::Input),
}

/// A row with the record that it is about.
struct Aimed {
    told: Told,
    /// The record of the id that it names, if there is one.
    named: Option<Ulid>,
    /// The one that is recognised.
    matched: Option<Ulid>,
    /// What a new one is called.
    new: Ulid,
    /// The company that it names.
    company: Option<CompanyId>,
    /// Whether that one is not there.
    is_new_company: bool,
    /// What the company that it names is called if the import brought it, which lists show by then.
    brought: Option<CompanyId>,
    /// The contact that it names.
    contact: Option<ContactId>,
}

impl<T: Importable> Work<T> {
    async fn read(deps: &Deps, asker: &Asker, import: Import) -> Result<Self> {
        let (scope, keys) = (&asker.scope, asker.scope.keys());
        let settings = settings::SETTINGS.shown(scope).await?.value;
        let members = scope.list::<Membership>(&keys.members(), &MEMBERS, Order::Ascending).await?;
        let member = |member: &Stored<Membership>| Member {
            user: member.user,
            name: member.name.clone(),
            email: member.email.clone(),
        };
        let words = Words { settings: settings.clone(), members: members.items.iter().map(member).collect() };
        let given = Given { settings, currency: asker.organization.currency, today: asker.today() };
        let known = columns::columns(T::KIND, &given.settings);
        let file_columns = import.mapping.resolved(&known);
        let file = report::Place::of(scope, &deps.files, &import).rows().await?;
        let mut work = Self {
            writes: import.stage == Stage::Importing,
            asker: asker.clone(),
            import,
            file,
            words,
            given,
            known,
            file_columns,
            index: HashMap::new(),
            ids: HashSet::new(),
            companies: Companies::default(),
            contacts: Contacts::default(),
            firsts: HashMap::new(),
            first_named: HashMap::new(),
            of: std::marker::PhantomData,
        };
        work.index_records().await?;
        if T::KIND != RecordKind::Company && work.names(columns::COMPANY) {
            work.index_companies().await?;
        }
        if work.names(columns::CONTACT) || work.names(columns::CONTACT_CODE) {
            work.index_contacts().await?;
        }
        work.look_ahead()?;
        Ok(work)
    }

    /// Whether the file has such a column.
    fn names(&self, column: &str) -> bool {
        let of_company = [columns::COMPANY, columns::COMPANY_NUMBER, columns::COMPANY_CODE];
        let is = |name: &str| name == column || (column == columns::COMPANY && of_company.contains(&name));
        self.file_columns.iter().flatten().any(|known| is(&known.name))
    }

    /// The records that who imports may see.
    async fn index_records(&mut self) -> Result<()> {
        for record in all::<T>(&self.asker).await? {
            if let Some(key) = record.key_of(self.import.mapping.known_by) {
                self.index.entry(key).or_default().push(record.ulid());
            }
            self.ids.insert(record.ulid());
            // For the companies that companies belong to.
            record.note_company(&mut self.companies);
        }
        Ok(())
    }

    async fn index_companies(&mut self) -> Result<()> {
        let companies = all::<Company>(&self.asker).await?;
        companies.iter().for_each(|company| company.note_company(&mut self.companies));
        Ok(())
    }

    async fn index_contacts(&mut self) -> Result<()> {
        for contact in all::<Contact>(&self.asker).await? {
            let names = [contact.person.name(), contact.person.listed_name()];
            self.contacts.add(contact.id, names, contact.person.email.as_deref());
        }
        Ok(())
    }

    /// What of each row depends on those before it.
    fn look_ahead(&mut self) -> Result<()> {
        let rows = rows::read(&self.file).ok_or_else(unreadable)?;
        let told: Vec<Told> = rows.iter().map(|row| self.told(row)).collect();
        let mut first_named = HashMap::new();
        for row in &told {
            if let Some(named) = &row.company
                && self.companies.find(named) == Found::None
            {
                first_named.entry(self.new_company(named)).or_insert(row.number);
            }
        }
        self.firsts = firsts(&told);
        self.first_named = first_named;
        Ok(())
    }

    fn told(&self, row: &Row) -> Told {
        let mut told = self.reader().told(row);
        // An id of something else, or of another organization, says nothing here.
        told.id = told.id.filter(|id| T::parse_id(id).is_some_and(|id| self.ids.contains(&id)));
        told
    }

    fn reader(&self) -> Reader<'_> {
        let (columns, mapping) = (&self.file_columns, &self.import.mapping);
        Reader { of: T::KIND, columns, mapping, words: &self.words }
    }

    /// What a company that is not there will be called.
    fn new_company(&self, named: &Named) -> CompanyId {
        let what = format!("company#{}", kernel::text::folded(&named.name));
        CompanyId::from_ulid(derived(&self.import, self.asker.only(), &what))
    }

    /// Deals with the rows of a chunk; what is wrong with them, row by row.
    async fn deal(&self, chunk: u32) -> Result<(Dealt, Vec<WrongRow>)> {
        let (from, to) = self.import.range(chunk).ok_or_else(unreadable)?;
        let rows = self.file.get(from..to).and_then(rows::read).ok_or_else(unreadable)?;
        let mut wrong: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        let mut aimed = Vec::new();
        for row in &rows {
            match self.aim(self.told(row)) {
                Ok(row) => aimed.push(row),
                Err((number, messages)) => drop(wrong.insert(number, messages)),
            }
        }
        // First the records, then what is known of each act: whoever finds a record written finds who wrote it.
        let records = self.read_records(&aimed).await?;
        let acts = if self.writes { self.read_acts(chunk, &aimed).await? } else { Acts::default() };
        let mut counts = Counts { companies: acts.brought, ..Counts::default() };
        let mut groups: BTreeMap<Option<CompanyId>, Vec<(Aimed, Decided<T>)>> = BTreeMap::new();
        let mut alone = Vec::new();
        for row in aimed {
            match acts.done.get(&row.told.number).map(String::as_str) {
                Some(CREATED) => counts.created += 1,
                Some(UPDATED) => counts.updated += 1,
                _ => match self.decide(&row, &records)? {
                    Decided::Refused(messages) => drop(wrong.insert(row.told.number, messages)),
                    Decided::Unchanged => counts.unchanged += 1,
                    decided if !self.writes => {
                        match decided {
                            Decided::Create(..) => counts.created += 1,
                            _ => counts.updated += 1,
                        }
                        let new = row.company.filter(|company| !records.companies.contains(company));
                        let first = new.and_then(|company| self.first_named.get(&company));
                        counts.companies += u32::from(row.is_new_company && first == Some(&row.told.number));
                    }
                    // Acts on the contacts of one company are decided one after the other upon its card.
                    decided if row.company.is_some() => groups.entry(row.company).or_default().push((row, decided)),
                    decided => alone.push(vec![(row, decided)]),
                },
            }
        }
        let there = Arc::new(records.companies.union(&acts.companies).copied().collect::<HashSet<_>>());
        let work = groups.into_values().chain(alone).map(|group| self.write_group(chunk, group, there.clone()));
        let written = stream::iter(work).buffer_unordered(T::AT_ONCE).collect::<Vec<_>>().await;
        for group in written {
            let (done, refused) = group?;
            counts = counts.and(done);
            wrong.extend(refused);
        }
        counts.refused = u32::try_from(wrong.len()).unwrap_or(u32::MAX);
        let errors = wrong.iter().map(|(row, messages)| RowError::new(*row, &messages.join(" "))).collect();
        let mut by_number: HashMap<u32, Row> = rows.into_iter().map(|row| (row.number, row)).collect();
        let wrong = wrong.into_iter().filter_map(|(number, messages)| {
            Some(WrongRow { row: by_number.remove(&number)?, message: messages.join(" ") })
        });
        Ok((Dealt { counts, errors }, wrong.collect()))
    }

    /// Finds which record a row is about, as far as the lists tell.
    fn aim(&self, mut told: Told) -> Result<Aimed, (u32, Vec<String>)> {
        let mut wrong = std::mem::take(&mut told.wrong);
        let named = told.id.as_deref().and_then(T::parse_id);
        let own = told.id.as_ref().map(|id| format!("{}#{id}", columns::ID)).or_else(|| told.key.clone());
        if let Some(first) = own.and_then(|key| self.firsts.get(&key))
            && *first != told.number
        {
            let same = match told.id {
                Some(_) => "Même identifiant".to_owned(),
                None => self.import.mapping.known_by.same(&self.given.settings),
            };
            wrong.push(format!("{same} que la ligne {first}\u{a0}: seule cette ligne est prise en compte."));
        }
        let matched = match told.key.as_ref().and_then(|key| self.index.get(key)).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            Some([_, _, ..]) if named.is_none() => {
                wrong.push("Plusieurs fiches existantes correspondent à cette ligne.".into());
                None
            }
            _ => None,
        };
        let new = derived(&self.import, self.asker.only(), &format!("row#{}", told.number));
        self.find_parent(&mut told, &mut wrong);
        let (mut company, mut is_new_company) = (None, false);
        let brought = told.company.as_ref().filter(|named| !named.name.is_empty()).map(|named| self.new_company(named));
        if let Some(of_row) = &told.company {
            match self.companies.find(of_row) {
                Found::One(id) => company = Some(id),
                Found::Several => wrong.push(format!(
                    "Entreprise\u{a0}: plusieurs entreprises s’appellent «\u{a0}{}\u{a0}»\u{a0}; indiquez son SIRET ou son identifiant.",
                    of_row.name
                )),
                Found::None if of_row.name.is_empty() || of_row.name.parse::<CompanyId>().is_ok() => {
                    wrong.push("Entreprise\u{a0}: elle est introuvable.".into());
                }
                Found::None if !self.import.mapping.creates_companies => {
                    wrong.push(format!("Entreprise\u{a0}: «\u{a0}{}\u{a0}» n’existe pas.", of_row.name));
                }
                Found::None => {
                    company = brought;
                    is_new_company = true;
                }
            }
        }
        let contact = match told.contact.as_ref().map(|contact| self.contacts.find(contact)) {
            None => None,
            Some(Ok(contact)) => Some(contact),
            Some(Err(message)) => {
                wrong.push(message);
                None
            }
        };
        if wrong.is_empty() {
            Ok(Aimed { told, named, matched, new, company, is_new_company, brought, contact })
        } else {
            Err((told.number, wrong))
        }
    }

    /// The company that a company belongs to, by its name.
    fn find_parent(&self, told: &mut Told, wrong: &mut Vec<String>) {
        for (_, said) in told.fields.iter_mut().filter(|(name, _)| name == "parent_id") {
            let columns::Said::Text(text) = said else { continue };
            match self.companies.find(&Named { name: text.clone(), ..Named::default() }) {
                Found::One(id) => *text = id.to_string(),
                Found::Several => {
                    wrong.push(format!("Société mère\u{a0}: plusieurs entreprises s’appellent «\u{a0}{text}\u{a0}»."));
                }
                Found::None => wrong.push(format!("Société mère\u{a0}: «\u{a0}{text}\u{a0}» n’existe pas.")),
            }
        }
    }

    async fn read_records(&self, aimed: &[Aimed]) -> Result<Records<T>> {
        let keys = self.asker.scope.keys();
        let mut wanted: HashSet<Key> = HashSet::new();
        for row in aimed {
            let ids = row.named.into_iter().chain(row.matched).chain([row.new]);
            wanted.extend(ids.map(|id| T::record_key(keys, id)));
            wanted.extend(T::erased_key(keys, row.new));
            if row.is_new_company {
                wanted.extend(row.company.map(|company| keys.company(company)));
            }
        }
        let read = read_many(&self.asker.scope, wanted.into_iter().collect()).await?;
        let (mut by_id, mut erased, mut companies) = (HashMap::new(), HashSet::new(), HashSet::new());
        for items in &read {
            for record in items.all::<T>()? {
                by_id.insert(record.ulid(), record);
            }
            for erasure in items.all::<table::erasure::Erasure>()? {
                erased.insert(erasure.of.ulid());
            }
            companies.extend(items.all::<Company>()?.into_iter().map(|company| company.id));
        }
        Ok(Records { by_id, erased, companies })
    }

    /// What was done of a chunk before.
    async fn read_acts(&self, chunk: u32, aimed: &[Aimed]) -> Result<Acts> {
        let (keys, user) = (self.asker.scope.keys(), self.asker.user);
        let mut wanted: HashSet<Key> = HashSet::new();
        for row in aimed {
            wanted.insert(keys.idempotency(user, &self.row_key(row.told.number)));
            wanted.extend(row.brought.map(|company| keys.idempotency(user, &self.company_key(company))));
        }
        let mut known = HashMap::new();
        for items in read_many(&self.asker.scope, wanted.into_iter().collect()).await? {
            for record in items.all::<IdempotencyRecord>()? {
                known.insert(record.value.key, record.value.request);
            }
        }
        let mut acts = Acts::default();
        for row in aimed {
            if let Some(done) = known.get(&self.row_key(row.told.number)) {
                acts.done.insert(row.told.number, done.clone());
            }
            if let Some(company) = row.brought
                && let Some(brought) = known.get(&self.company_key(company))
                && acts.companies.insert(company)
                && *brought == in_chunk(chunk)
            {
                acts.brought += 1;
            }
        }
        Ok(acts)
    }

    fn row_key(&self, number: u32) -> String {
        format!("{}-{number}", self.import.id)
    }

    fn company_key(&self, company: CompanyId) -> String {
        // Both whole would be too long.
        format!("imp-{}-{}", self.import.id.ulid(), company.ulid())
    }

    fn decide(&self, row: &Aimed, records: &Records<T>) -> Result<Decided<T>> {
        let sees = |id: Ulid| records.by_id.get(&id).filter(|record| self.asker.sees(record.assigned_to()));
        let current = row.named.and_then(sees).or_else(|| row.matched.and_then(sees));
        let current = match current {
            Some(current) => Some(current),
            None if records.erased.contains(&row.new) => {
                return Ok(Decided::Refused(vec![
                    "Cette personne a été effacée à sa demande\u{a0}: elle n’est pas importée de nouveau.".into(),
                ]));
            }
            None => match records.by_id.get(&row.new) {
                Some(_) if sees(row.new).is_none() => {
                    return Ok(Decided::Refused(vec!["Cette ligne a déjà été importée.".into()]));
                }
                found => found,
            },
        };
        match current {
            None => self.decide_new(row),
            Some(current) => self.decide_known(row, current),
        }
    }

    fn decide_new(&self, row: &Aimed) -> Result<Decided<T>> {
        let input = match self.input(row, &T::Input::default(), None)? {
            Ok(input) => input,
            Err(messages) => return Ok(Decided::Refused(messages)),
        };
        Ok(match T::check(&input, row.new, &self.given) {
            Ok(()) => Decided::Create(row.new, input),
            Err(error) => Decided::Refused(self.worded(error)?),
        })
    }

    fn decide_known(&self, row: &Aimed, current: &Stored<T>) -> Result<Decided<T>> {
        if self.import.mapping.existing == Existing::Ignore {
            return Ok(Decided::Unchanged);
        }
        if current.is_erased() {
            return Ok(Decided::Refused(vec![Conflict::ClientErased.french().into()]));
        }
        let input =
            match self.input(row, &current.input(&self.given), Some((&current.value, self.import.mapping.existing)))? {
                Ok(input) => input,
                Err(messages) => return Ok(Decided::Refused(messages)),
            };
        Ok(match current.changed(&input, &self.given) {
            Ok(changed) if changed == current.value => Decided::Unchanged,
            Ok(_) => Decided::Update(current.clone(), input),
            Err(error) => Decided::Refused(self.worded(error)?),
        })
    }

    /// The input that a row makes of another.
    fn input(
        &self,
        row: &Aimed,
        current: &T::Input,
        known: Option<(&T, Existing)>,
    ) -> Result<Result<T::Input, Vec<String>>> {
        let existing = known.map(|(_, existing)| existing);
        let current: Fields = fields_of(current)?;
        // Of a company that who imports may not see, they may know the name.
        let name = known.and_then(|(record, _)| record.company_name()).map(kernel::text::folded);
        let named = row.told.company.as_ref().map(|company| kernel::text::folded(&company.name));
        let is_named_so = row.is_new_company && name.is_some() && name == named;
        let fields = row.told.upon(&current, existing);
        let has_company = columns::is_filled(&current, columns::COMPANY);
        let input = serde_json::from_value::<T::Input>(Value::Object(fields));
        let Ok(mut input) = input else { return Ok(Err(vec!["Cette ligne ne peut pas être lue.".into()])) };
        if let Some(company) = row.company
            && !(existing == Some(Existing::Fill) && has_company)
            && !is_named_so
        {
            T::set_company(&mut input, company);
        }
        if let Some(contact) = row.contact
            && !(existing == Some(Existing::Fill) && columns::is_filled(&current, columns::CONTACT))
        {
            T::set_contact(&mut input, contact);
        }
        Ok(Ok(input))
    }

    /// What is wrong, in words; any other error is not the row's.
    fn worded(&self, error: Error) -> Result<Vec<String>> {
        match error {
            Error::Invalid(violations) => Ok(rows::worded(&violations, &self.file_columns, &self.known)),
            Error::Conflict(Conflict::Contended) => Err(Error::Conflict(Conflict::Contended)),
            Error::Conflict(conflict) => Ok(vec![conflict.french().into()]),
            other => Err(other),
        }
    }

    /// Writes rows one after the other.
    async fn write_group(
        &self,
        chunk: u32,
        group: Vec<(Aimed, Decided<T>)>,
        there: Arc<HashSet<CompanyId>>,
    ) -> Result<(Counts, BTreeMap<u32, Vec<String>>)> {
        let (mut counts, mut refused) = (Counts::default(), BTreeMap::new());
        let mut has_company = false;
        for (row, decided) in group {
            if let Some(company) = row.company.filter(|company| row.is_new_company && !there.contains(company))
                && !has_company
            {
                match self.create_company(chunk, company, &row).await {
                    Ok(is_new) => counts.companies += u32::from(is_new),
                    Err(error) => {
                        let messages = self.worded_of_company(error)?;
                        refused.insert(row.told.number, messages);
                        continue;
                    }
                }
                has_company = true;
            }
            match self.write_row(&row, decided).await? {
                Ok(CREATED) => counts.created += 1,
                Ok(UPDATED) => counts.updated += 1,
                Ok(_) => counts.unchanged += 1,
                Err(messages) => drop(refused.insert(row.told.number, messages)),
            }
        }
        Ok((counts, refused))
    }

    /// The asker for an act that is done once.
    fn once(&self, key: String, what: &str) -> Asker {
        let (scope, user) = (&self.asker.scope, self.asker.user);
        let claim = Claim { home: scope.keys(), user, key, request: what.into(), known: None };
        let scope = scope.clone().with_idempotency(Idempotency::Claimed(Arc::new(claim)));
        Asker { scope, ..self.asker.clone() }
    }

    /// A company that a row names, once; whether it is this chunk that brought it.
    async fn create_company(&self, chunk: u32, id: CompanyId, row: &Aimed) -> Result<bool> {
        let named = row.told.company.clone().unwrap_or_default();
        let siret = if named.number.len() == 14 { named.number } else { String::new() };
        let input = CompanyInput { name: named.name, siret, ..CompanyInput::default() };
        let asker = self.once(self.company_key(id), &in_chunk(chunk));
        match Box::pin(company::create_company_as(&asker, id, &input)).await {
            Ok(_) => Ok(true),
            // By an earlier chunk, or by another import of the same file.
            Err(Error::KeyReused | Error::Conflict(Conflict::Contended)) => {
                let key = self.asker.scope.keys().company(id);
                self.asker.scope.get::<Company>(&key).await?.ok_or(Error::Conflict(Conflict::Contended))?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn worded_of_company(&self, error: Error) -> Result<Vec<String>> {
        match error {
            Error::Invalid(violations) => {
                let told = violations.iter().map(|violation| violation.rule.french());
                Ok(told.map(|told| format!("Entreprise\u{a0}: {told}")).collect())
            }
            other => self.worded(other),
        }
    }

    /// What came of it: [`CREATED`], [`UPDATED`], or nothing; or why not.
    async fn write_row(&self, row: &Aimed, decided: Decided<T>) -> Result<Result<&'static str, Vec<String>>> {
        let mut decided = decided;
        for _ in 0..ATTEMPTS_MAX {
            let written = match &decided {
                Decided::Refused(messages) => return Ok(Err(messages.clone())),
                Decided::Unchanged => return Ok(Ok("")),
                Decided::Create(id, input) => {
                    let asker = self.once(self.row_key(row.told.number), CREATED);
                    Box::pin(T::create(&asker, *id, input)).await.map(|()| CREATED)
                }
                Decided::Update(current, input) => {
                    let asker = self.once(self.row_key(row.told.number), UPDATED);
                    Box::pin(T::edit(&asker, current.ulid(), input, current.version)).await.map(|()| UPDATED)
                }
            };
            match written {
                Ok(done) => return Ok(Ok(done)),
                // Somebody else changed it, or made it: by what it is now, or as it was done before.
                Err(Error::Stale | Error::NotFound | Error::KeyReused | Error::Conflict(Conflict::Contended)) => {
                    let again = std::slice::from_ref(row);
                    let records = self.read_records(again).await?;
                    let acts = self.read_acts(u32::MAX, again).await?;
                    match acts.done.get(&row.told.number).map(String::as_str) {
                        Some(CREATED) => return Ok(Ok(CREATED)),
                        Some(UPDATED) => return Ok(Ok(UPDATED)),
                        _ => decided = self.decide(row, &records)?,
                    }
                }
                Err(error) => return self.worded(error).map(Err),
            }
        }
        Ok(Err(vec![
            "Cette fiche est modifiée par quelqu’un d’autre en ce moment\u{a0}: importez cette ligne de nouveau."
                .into(),
        ]))
    }
}

/// What the act on a row did, as its request is remembered.
const CREATED: &str = "created";
const UPDATED: &str = "updated";

/// Of a company that a chunk brought.
fn in_chunk(chunk: u32) -> String {
    format!("chunk-{chunk}")
}

/// Records as they are at the beginning of a chunk.
struct Records<T> {
    by_id: HashMap<Ulid, Stored<T>>,
    erased: HashSet<Ulid>,
    companies: HashSet<CompanyId>,
}

/// What was done of a chunk before.
#[derive(Default)]
struct Acts {
    /// By the number of the row.
    done: HashMap<u32, String>,
    /// Companies that rows name and that were created.
    companies: HashSet<CompanyId>,
    /// How many of them by this chunk.
    brought: u32,
}

/// All records of a kind that somebody may see.
async fn all<T: Importable>(asker: &Asker) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for list in T::lists(asker.scope.keys()) {
        let list = list.of(asker.only());
        let mut page = PageRequest { limit: PAGE, cursor: None };
        loop {
            let found = asker.scope.list::<T>(&list, &page, Order::Ascending).await?;
            all.extend(found.items.into_iter().map(|record| record.value));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
    }
    Ok(all)
}

async fn read_many(scope: &Scope, keys: Vec<Key>) -> Result<Vec<Items>> {
    all_at_once(keys.chunks(READ_MAX).map(|some| scope.get_many(some))).await.into_iter().collect()
}

fn unreadable() -> Error {
    Error::internal("rows of an import that cannot be read")
}
