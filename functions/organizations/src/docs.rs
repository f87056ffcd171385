//! `/api/openapi.json` and its reader page, `/api/docs`, for whoever writes a program against the API. In English,
//! as the API is.

use askama::Template;
use axum::response::IntoResponse;
use kernel::Error;
use serde_json::Value;
use web::{PageResult, assets, page};

/// As `infra/openapi` writes it from what every context declares.
const DOCUMENT: &str = include_str!("../../../infra/openapi/openapi.json");

pub async fn show_openapi() -> impl IntoResponse {
    ([(http::header::CONTENT_TYPE, "application/json")], DOCUMENT)
}

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage {
    stylesheet: String,
    theme: String,
    icon: String,
    description: String,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
}

struct Group {
    name: String,
    operations: Vec<Operation>,
}

struct Operation {
    method: String,
    path: String,
    name: String,
    summary: String,
    input: String,
    output: String,
}

struct Schema {
    name: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    description: String,
}

pub async fn show_docs() -> PageResult {
    let document: Value = serde_json::from_str(DOCUMENT).map_err(Error::internal)?;
    page(&DocsPage {
        stylesheet: assets::href("app.css"),
        theme: assets::own_theme_href(),
        icon: assets::href("icon.svg"),
        description: text(&document["info"]["description"]),
        groups: groups(&document),
        schemas: schemas(&document),
    })
}

fn groups(document: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let tag = text(&operation["tags"][0]);
            let output = operation["responses"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(status, response)| format!("{status} {}", schema_name(&response["content"])))
                .collect::<Vec<_>>()
                .join(", ");
            let operation = Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                name: text(&operation["operationId"]),
                summary: text(&operation["summary"]),
                input: schema_name(&operation["requestBody"]["content"]),
                output,
            };
            match groups.iter_mut().find(|group| group.name == tag) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group { name: tag, operations: vec![operation] }),
            }
        }
    }
    groups
}

fn schemas(document: &Value) -> Vec<Schema> {
    let all = document["components"]["schemas"].as_object().into_iter().flatten();
    all.map(|(name, schema)| Schema { name: name.clone(), fields: fields(schema) }).collect()
}

/// The properties of an object, those of its parts (`allOf`) among them.
fn fields(schema: &Value) -> Vec<Field> {
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, property)| Field {
        name: name.clone(),
        kind: kind(property),
        description: text(&property["description"]),
    });
    own.chain(schema["allOf"].as_array().into_iter().flatten().flat_map(fields)).collect()
}

fn kind(property: &Value) -> String {
    match (&property["type"], reference(property)) {
        (_, Some(name)) => name,
        (Value::String(kind), _) if kind == "array" => format!("array of {}", kind_of_items(property)),
        (Value::String(kind), _) => kind.clone(),
        (Value::Array(kinds), _) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => property["oneOf"].as_array().into_iter().flatten().map(kind).collect::<Vec<_>>().join(" or "),
    }
}

fn kind_of_items(property: &Value) -> String {
    kind(&property["items"])
}

fn reference(schema: &Value) -> Option<String> {
    schema["$ref"].as_str()?.rsplit('/').next().map(str::to_owned)
}

fn schema_name(content: &Value) -> String {
    reference(&content["application/json"]["schema"]).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
