//! `/crm/reattribution`

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use kernel::{Error, Permission, Result, id::UserId};
use serde::Deserialize;
use table::meter::side_by_side;
use web::{
    Asker, Colleagues, Form, PageResult, Shell,
    form::{Choice, FieldErrors},
    page, page_with_status,
};

use super::{Reassignment, Records};

pub const PATH: &str = "/crm/reattribution";

#[derive(Template)]
#[template(path = "reassignment.html")]
struct ReassignmentPage {
    shell: Shell,
    form_key: String,
    from: UserId,
    name: String,
    companies: Vec<Row>,
    contacts: Vec<Row>,
    opportunities: Vec<Row>,
    activities: Vec<Row>,
    is_followed: bool,
    members: Vec<Choice>,
    errors: FieldErrors,
}

struct Row {
    id: String,
    name: String,
    is_chosen: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Whose {
    de: String,
}

/// The member in the address: of whom nothing is asked, nothing is shown.
fn whose(query: Option<String>) -> Result<UserId> {
    let query: Whose = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    query.de.parse().map_err(|_| Error::NotFound)
}

async fn records(asker: &Asker, from: UserId, typed: Option<&Reassignment>) -> Result<ReassignmentPage> {
    let (records, colleagues) = side_by_side(super::list_records(asker, from), Colleagues::of(asker)).await;
    let (Records { companies, contacts, opportunities, activities, is_followed }, colleagues) = (records?, colleagues?);
    // At first all of them, for somebody who leaves gives all away.
    let row = |chosen: Option<&Vec<String>>, id: String, name: String| Row {
        is_chosen: chosen.is_none_or(|chosen| chosen.contains(&id)),
        id,
        name,
    };
    let to = typed.map(|typed| typed.to.clone()).unwrap_or_default();
    let members = colleagues.choices(&to, Permission::CrmView);
    let own = from.to_string();
    Ok(ReassignmentPage {
        shell: Shell::new(asker, "crm", "Réattribuer des fiches"),
        form_key: asker.form_key(),
        from,
        name: colleagues.assignee(Some(from)).map(|member| member.name).unwrap_or_default(),
        companies: companies
            .iter()
            .map(|one| row(typed.map(|typed| &typed.companies), one.id.to_string(), one.name.clone()))
            .collect(),
        contacts: contacts
            .iter()
            .map(|one| row(typed.map(|typed| &typed.contacts), one.id.to_string(), one.person.name()))
            .collect(),
        opportunities: opportunities
            .iter()
            .map(|one| row(typed.map(|typed| &typed.opportunities), one.id.to_string(), one.name.clone()))
            .collect(),
        activities: activities
            .iter()
            .map(|one| {
                row(typed.map(|typed| &typed.activities), one.activity.id.to_string(), one.activity.subject.clone())
            })
            .collect(),
        is_followed,
        members: members.into_iter().filter(|(id, ..)| !id.is_empty() && *id != own).collect(),
        errors: FieldErrors::default(),
    })
}

pub async fn show_records(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    page(&records(&asker, whose(query)?, None).await?)
}

pub async fn reassign_records(asker: Asker, RawQuery(query): RawQuery, form: Form<Reassignment>) -> PageResult {
    let from = whose(query)?;
    let back = format!("{PATH}?de={from}");
    match super::reassign_records(&asker, &form.input).await {
        Ok(1) => asker.done(&back, "Une fiche est réattribuée."),
        Ok(given) => asker.done(&back, format!("{given} fiches sont réattribuées.")),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let shown = records(&asker, from, Some(&form.input)).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ReassignmentPage { errors, ..shown })
        }
    }
}
