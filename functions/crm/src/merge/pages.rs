//! `/crm/fusions`

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use kernel::{Error, Minor, Result, id::MergeId, terms::Terms};
use serde::Deserialize;
use serde_json::Value;
use table::meter::side_by_side;
use web::{
    Asker, Colleagues, Id, NestedForm, PageResult, Search, Shell, form::FieldErrors, page, page_with_status, redirect,
};

use super::{
    Field, Merge, MergeInput, Pair, State,
    fields::{is_chosen_loser, stored},
};
use crate::{
    company::Category,
    contact::{Civility, Means},
    duplicate, phone,
    record::{Record, RecordKind},
    settings::{self, FieldKind, Settings},
};

pub const PATH: &str = "/crm/fusions";
pub const NEW: &str = "/crm/fusions/nouvelle";

/// The form that makes these two one.
pub fn form_href(left: Record, right: Record) -> String {
    format!("{NEW}?gauche={left}&droite={right}")
}

/// Where a record is that was merged into another one: its page leads there.
pub async fn elsewhere(asker: &Asker, record: Record) -> PageResult {
    let survivor = super::survivor(&asker.scope, record).await?.ok_or(Error::NotFound)?;
    redirect(&survivor.path())
}

#[derive(Template)]
#[template(path = "merges.html")]
struct MergesPage {
    shell: Shell,
    form_key: String,
    merges: Vec<MergeRow>,
    next: Option<String>,
    first: Option<String>,
}

#[derive(Template)]
#[template(path = "merge.html")]
struct MergePage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    merge: MergeRow,
}

struct MergeRow {
    href: String,
    loser_name: String,
    winner_name: String,
    winner_href: String,
    loser_href: String,
    badge: &'static str,
    state: &'static str,
    is_under_way: bool,
    is_undoable: bool,
    /// The loser is back.
    is_undone: bool,
    moved: u32,
    created_on: String,
    undoable_until: String,
}

impl MergeRow {
    fn of(asker: &Asker, merge: &Merge) -> Self {
        let (badge, state) = match merge.state {
            State::Moving { .. } => ("info", "En cours"),
            State::Done { .. } => ("success", "Terminée"),
            State::Undoing { .. } => ("info", "Annulation en cours"),
            State::Undone { .. } => ("neutral", "Annulée"),
        };
        let day = |at| asker.organization.date(asker.organization.day(at));
        Self {
            href: format!("{PATH}/{}", merge.id),
            loser_name: merge.loser_name.clone(),
            winner_name: merge.winner_name.clone(),
            winner_href: merge.winner.path(),
            loser_href: merge.loser.path(),
            badge,
            state,
            is_under_way: merge.is_under_way(),
            is_undoable: merge.must_be_undoable(asker.scope.now()).is_ok(),
            is_undone: matches!(merge.state, State::Undone { .. }),
            moved: merge.moved,
            created_on: day(merge.created_at),
            undoable_until: day(merge.undoable_until()),
        }
    }
}

#[derive(Template)]
#[template(path = "merge_form.html")]
struct MergeForm {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    sides: [Column; 2],
    rows: Vec<FieldRow>,
    /// Documents name the one that stays, so nobody chooses.
    is_settled: bool,
    is_of_contacts: bool,
}

/// One of the two.
struct Column {
    id: String,
    href: String,
    name: String,
    created_on: String,
    is_winner: bool,
    has_documents: bool,
}

struct FieldRow {
    name: String,
    label: String,
    left: String,
    right: String,
    is_left: bool,
    /// Both say the same, so nobody chooses.
    is_same: bool,
}

/// What the values of a form are read with.
struct Reader<'a> {
    settings: &'a Settings,
    colleagues: &'a Colleagues,
    asker: &'a Asker,
}

impl Reader<'_> {
    /// The values of a field as people read them, one line each.
    fn show(&self, field: &Field, stored: &Value) -> String {
        let texts: Vec<String> = field.values(stored).iter().map(|value| self.text(field.name, value)).collect();
        texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn text(&self, name: &str, value: &Value) -> String {
        let text = value.as_str().unwrap_or_default();
        match (name, value) {
            ("category", _) => Category::named(text).map(Category::french).unwrap_or_default().into(),
            ("civility", _) => known(Civility::ALL.map(|one| (one.name(), one.french())), text),
            ("preferred", _) => known(Means::ALL.map(|one| (one.name(), one.french())), text),
            ("numbers", Value::Bool(is_business)) => if *is_business { "Professionnel" } else { "Particulier" }.into(),
            ("numbers", _) => kernel::text::siren(text),
            ("phone" | "mobile", _) => phone::shown(text),
            ("assigned_to", _) => {
                self.colleagues.assignee(text.parse().ok()).map(|member| member.name).unwrap_or_default()
            }
            ("address", _) => address(value),
            ("addresses", Value::Array(rows)) => rows.iter().map(address).collect::<Vec<_>>().join("\n"),
            ("terms", _) => serde_json::from_value::<Terms>(value.clone()).map(Terms::french).unwrap_or_default(),
            ("revenue", _) => {
                let currency = self.asker.organization.currency;
                serde_json::from_value(value.clone()).map(|minor: Minor| minor.french(currency)).unwrap_or_default()
            }
            // Its page says which one it is.
            ("parent", _) => "Une autre entreprise".into(),
            ("company", _) => value.get("name").and_then(Value::as_str).unwrap_or_default().into(),
            (_, Value::String(text)) => text.clone(),
            (_, Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// A value of a field of one's own.
    fn own(&self, kind: FieldKind, value: &str) -> String {
        match (kind, value, value.parse()) {
            (FieldKind::YesNo, "true", _) => "Oui".into(),
            (FieldKind::YesNo, _, _) => "Non".into(),
            (FieldKind::Date, _, Ok(date)) => self.asker.organization.date(date),
            (FieldKind::Number, ..) => value.replace('.', ","),
            _ => value.into(),
        }
    }

    fn rows(
        &self,
        kind: RecordKind,
        left: (Record, &Value),
        right: (Record, &Value),
        input: &MergeInput,
        winner: Record,
    ) -> Vec<FieldRow> {
        let ((left_record, left), (right_record, right)) = (left, right);
        let (kept, lost, loser) =
            if winner == left_record { (left, right, right_record) } else { (right, left, left_record) };
        let chosen = |name: &str| input.fields.get(name).map(|id| *id == left_record.to_string());
        let usual = |is_loser: bool| if is_loser { loser == left_record } else { loser != left_record };
        let mut rows = Vec::new();
        for field in Field::all(kind) {
            let (left, right) = (self.show(field, left), self.show(field, right));
            let is_same = field.is_same(kept, lost);
            if is_same && left.is_empty() {
                continue;
            }
            let is_left = chosen(field.name).unwrap_or_else(|| usual(is_chosen_loser(field, kept)));
            rows.push(FieldRow { name: field.name.into(), label: field.french.into(), left, right, is_left, is_same });
        }
        let custom = |stored: &Value| -> settings::Custom {
            stored.get("custom").cloned().and_then(|custom| serde_json::from_value(custom).ok()).unwrap_or_default()
        };
        let (own_left, own_right, own_kept) = (custom(left), custom(right), custom(kept));
        for field in self.settings.fields_of(kind) {
            let text = |own: &settings::Custom| {
                own.get(&field.id).map(|value| self.own(field.kind, value)).unwrap_or_default()
            };
            let (left, right) = (text(&own_left), text(&own_right));
            if left.is_empty() && right.is_empty() {
                continue;
            }
            let name = field.id.to_string();
            let is_left = chosen(&name).unwrap_or_else(|| usual(!own_kept.contains_key(&field.id)));
            let is_same = left == right;
            rows.push(FieldRow { name, label: field.name.clone(), left, right, is_left, is_same });
        }
        rows
    }
}

fn known<const N: usize>(all: [(&'static str, &'static str); N], name: &str) -> String {
    all.into_iter().find(|(known, _)| *known == name).map(|(_, french)| french.into()).unwrap_or_default()
}

fn address(value: &Value) -> String {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let town = format!("{} {}", text("postal_code"), text("city"));
    let parts = [text("label"), text("street"), text("complement"), town.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

async fn form(asker: &Asker, input: &MergeInput, errors: FieldErrors) -> Result<MergeForm> {
    let checked = MergeInput { fields: BTreeMap::new(), winner: String::new(), ..input.clone() };
    let checked = checked.parse().map_err(|_| Error::NotFound)?;
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(asker));
    let (pair, (settings, colleagues)) =
        side_by_side(super::read_pair(asker, checked.left, checked.right), beside).await;
    let (pair, settings, colleagues) = (pair?, settings?, colleagues?);
    let day = |at| asker.organization.date(asker.organization.day(at));
    let asked = [checked.left, checked.right].into_iter().find(|record| record.to_string() == input.winner);
    let winner = asked.unwrap_or_else(|| pair.winner());
    let column = |record: Record, name: String, created_at, has_documents| Column {
        id: record.to_string(),
        href: record.path(),
        name,
        created_on: day(created_at),
        is_winner: record == winner,
        has_documents,
    };
    let (left, right, values) = match &pair {
        Pair::Companies(sides) => {
            let [left, right] = sides.each_ref().map(|side| {
                let company = &side.company;
                column(Record::Company(company.id), company.name.clone(), company.created_at, side.has_documents)
            });
            (left, right, [stored(&sides[0].company.value)?, stored(&sides[1].company.value)?])
        }
        Pair::Contacts(sides) => {
            let [left, right] = sides.each_ref().map(|side| {
                let contact = &side.contact;
                column(Record::Contact(contact.id), contact.person.name(), contact.created_at, false)
            });
            (left, right, [stored(&sides[0].contact.value)?, stored(&sides[1].contact.value)?])
        }
    };
    let reader = Reader { settings: &settings, colleagues: &colleagues, asker };
    let kind = checked.left.kind();
    let rows = reader.rows(kind, (checked.left, &values[0]), (checked.right, &values[1]), input, winner);
    Ok(MergeForm {
        shell: Shell::new(asker, "crm", "Fusionner deux fiches"),
        form_key: asker.form_key(),
        errors,
        is_settled: left.has_documents != right.has_documents,
        is_of_contacts: kind == RecordKind::Contact,
        sides: [left, right],
        rows,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Two {
    gauche: String,
    droite: String,
}

pub async fn new_merge(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let Two { gauche, droite } = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    // Without two records there is nothing to merge: the list has them.
    if gauche.is_empty() || droite.is_empty() {
        return redirect(duplicate::pages::PATH);
    }
    let input = MergeInput { left: gauche, right: droite, ..MergeInput::default() };
    page(&form(&asker, &input, FieldErrors::default()).await?)
}

pub async fn merge_records(asker: Asker, sent: NestedForm<MergeInput>) -> PageResult {
    match super::merge_records(&asker, &sent.input).await {
        Ok(merge) => asker.done(&format!("{PATH}/{}", merge.id), "Les deux fiches n’en font plus qu’une."),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form(&asker, &sent.input, errors).await?)
        }
    }
}

pub async fn list_merges(asker: Asker, search: Search) -> PageResult {
    let found = super::list_merges(&asker, &search.page).await?;
    page(&MergesPage {
        shell: Shell::new(&asker, "crm", "Fusions"),
        form_key: asker.form_key(),
        merges: found.items.iter().map(|merge| MergeRow::of(&asker, merge)).collect(),
        next: search.next(PATH, found.next_cursor.as_deref()),
        first: search.first(PATH),
    })
}

async fn shown(asker: &Asker, id: MergeId, errors: FieldErrors) -> Result<MergePage> {
    let merge = super::show_merge(asker, id).await?;
    let shell = Shell::new(asker, "crm", format!("Fusion de {}", merge.winner_name));
    Ok(MergePage { shell, form_key: asker.form_key(), errors, merge: MergeRow::of(asker, &merge) })
}

pub async fn show_merge(asker: Asker, Id(id): Id<MergeId>) -> PageResult {
    page(&shown(&asker, id, FieldErrors::default()).await?)
}

pub async fn undo_merge(asker: Asker, Id(id): Id<MergeId>) -> PageResult {
    match super::undo_merge(&asker, id).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "La fusion est annulée : les deux fiches sont de nouveau là."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::CONFLICT, &shown(&asker, id, errors).await?)
        }
    }
}
