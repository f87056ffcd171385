//! What a request brings, read strictly: an unknown field, a wrong type, a foreign id never reach a use case.

use std::{collections::BTreeMap, str::FromStr};

use axum::{
    extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, Request},
    http::request::Parts,
};
use http::header;
use kernel::{
    Error,
    id::NotAnId,
    page::{PAGE_SIZE, PAGE_SIZE_MAX, PageRequest},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, map::Entry};

use crate::Failure;

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.split(';').next().is_some_and(|kind| kind.trim() == "application/json"));
        if !is_json {
            return Err(malformed("Content-Type must be application/json"));
        }
        let bytes = bytes::Bytes::from_request(request, state).await.map_err(|_| Failure(Error::TooLarge))?;
        // serde would read an array as the fields in their order, which is nobody's contract.
        if bytes.trim_ascii_start().first().is_some_and(|byte| *byte == b'[') {
            return Err(malformed("the body must be a JSON object"));
        }
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| malformed(&format!("{}: {}", error.path(), error.inner())))?;
        reader.end().map_err(|error| malformed(&error.to_string()))?;
        Ok(Self(value))
    }
}

/// Where a body may be left out, nothing is one.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Failure> {
        if !request.headers().contains_key(header::CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// A form's fields; repeated names become lists. Names that begin with `_` are the page's own: `_key`
/// (idempotency, read by the gate) and `_version`, what the form was filled in on.
pub struct Form<T> {
    pub input: T,
    pub version: Option<u64>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = bytes::Bytes::from_request(request, state).await.map_err(|_| Failure(Error::TooLarge))?;
        let fields: Vec<(String, String)> =
            serde_html_form::from_bytes(&bytes).map_err(|error| malformed(&error.to_string()))?;
        let (own, input): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name.starts_with('_'));
        let version = own.iter().find(|(name, _)| name == "_version").and_then(|(_, value)| value.parse().ok());
        let text = serde_html_form::to_string(&input).map_err(|error| malformed(&error.to_string()))?;
        let input = serde_html_form::from_str(&text).map_err(|error| malformed(&error.to_string()))?;
        Ok(Self { input, version })
    }
}

/// A form whose names say where a value stands in the input that the API takes as JSON: `stages.0.name` is `/stages/0/name`.
/// Numbers need not begin at 0 nor be without gaps: rows come in their order. Otherwise as [`Form`]; a field that may be
/// repeated under one name needs [`crate::form::column`].
pub struct NestedForm<T> {
    pub input: T,
    pub version: Option<u64>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for NestedForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let Form { input, version } = Form::<Vec<(String, String)>>::from_request(request, state).await?;
        let nested = nested(input).ok_or_else(|| malformed("a name of the form contradicts another"))?;
        let input = serde_path_to_error::deserialize(nested)
            .map_err(|error| malformed(&format!("{}: {}", error.path(), error.inner())))?;
        Ok(Self { input, version })
    }
}

/// How deep the names of a form go at most.
const DEPTH_MAX: usize = 4;

/// None where a name is both a value and a group, or goes too deep.
fn nested(fields: Vec<(String, String)>) -> Option<Value> {
    let mut root = Map::new();
    for (name, text) in fields {
        let mut group = &mut root;
        let mut parts = name.split('.').peekable();
        for _ in 0..DEPTH_MAX {
            let part = parts.next()?.to_owned();
            if parts.peek().is_none() {
                match group.entry(part) {
                    Entry::Vacant(free) => drop(free.insert(Value::String(text))),
                    Entry::Occupied(mut taken) => match taken.get_mut() {
                        Value::Array(several) => several.push(Value::String(text)),
                        Value::String(first) => {
                            let several = vec![Value::String(std::mem::take(first)), Value::String(text)];
                            drop(taken.insert(Value::Array(several)));
                        }
                        _ => return None,
                    },
                }
                break;
            }
            group = group.entry(part).or_insert_with(|| Value::Object(Map::new())).as_object_mut()?;
        }
        parts.next().is_none().then_some(())?;
    }
    Some(with_rows(Value::Object(root)))
}

/// Groups whose names are all numbers are rows.
fn with_rows(value: Value) -> Value {
    let Value::Object(group) = value else { return value };
    let group: Map<String, Value> = group.into_iter().map(|(name, value)| (name, with_rows(value))).collect();
    let rows: Option<BTreeMap<u32, &Value>> =
        group.iter().map(|(name, value)| Some((name.parse().ok()?, value))).collect();
    match rows {
        Some(rows) if !rows.is_empty() && rows.len() == group.len() => {
            Value::Array(rows.into_values().cloned().collect())
        }
        _ => Value::Object(group),
    }
}

/// An id in the path. One that is none answers as an unknown one.
pub struct Id<T>(pub T);

impl<T: FromStr<Err = NotAnId>, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Failure(Error::NotFound))?;
        text.parse().map(Self).map_err(|_| Failure(Error::NotFound))
    }
}

/// Two ids in the path: of a thing, and of a part of it.
pub struct Ids<T, U>(pub (T, U));

impl<T, U, S> FromRequestParts<S> for Ids<T, U>
where
    T: FromStr<Err = NotAnId>,
    U: FromStr<Err = NotAnId>,
    S: Send + Sync,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let unknown = || Failure(Error::NotFound);
        let Path((whole, part)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        Ok(Self((whole.parse().map_err(|_| unknown())?, part.parse().map_err(|_| unknown())?)))
    }
}

/// The version that the client saw, from `If-Match: "3"`.
pub struct IfMatch(pub Option<u64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        value
            .to_str()
            .ok()
            .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
            .map(|version| Self(Some(version)))
            .ok_or_else(|| malformed("If-Match must be an ETag of this API, such as \"3\""))
    }
}

/// `?limit=25&cursor=…`
pub struct Pagination(pub PageRequest);

#[derive(Deserialize)]
struct PageQuery {
    limit: Option<u16>,
    cursor: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Pagination {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query: PageQuery = serde_html_form::from_str(parts.uri.query().unwrap_or_default())
            .map_err(|error| malformed(&error.to_string()))?;
        let limit = query.limit.unwrap_or(PAGE_SIZE);
        if !(1..=PAGE_SIZE_MAX).contains(&limit) {
            return Err(malformed(&format!("limit must be between 1 and {PAGE_SIZE_MAX}")));
        }
        Ok(Self(PageRequest { limit, cursor: query.cursor.filter(|cursor| !cursor.is_empty()) }))
    }
}

fn malformed(detail: &str) -> Failure {
    Failure(Error::Malformed { detail: detail.into() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(fields: &[(&str, &str)]) -> Option<Value> {
        nested(fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn names_say_where_values_stand() {
        let fields = [
            ("name", "Ventes"),
            ("stages.2.name", "Gagnée"),
            ("stages.0.name", "À qualifier"),
            ("stages.0.color", "grey"),
            ("stages.10.name", "Perdue"),
            ("custom.fld_1", "Bio"),
            ("tags", "tag_1"),
            ("tags", "tag_2"),
        ];
        let expected = json!({
            "name": "Ventes",
            "stages": [{ "name": "À qualifier", "color": "grey" }, { "name": "Gagnée" }, { "name": "Perdue" }],
            "custom": { "fld_1": "Bio" },
            "tags": ["tag_1", "tag_2"],
        });
        assert_eq!(read(&fields), Some(expected));
    }

    #[test]
    fn what_contradicts_itself_or_goes_too_deep_is_refused() {
        assert_eq!(read(&[("a", "1"), ("a.b", "2")]), None);
        assert_eq!(read(&[("a.b", "2"), ("a", "1")]), None);
        assert_eq!(read(&[("a.b.c.d.e", "1")]), None);
        assert!(read(&[("a.b.c.d", "1")]).is_some());
    }
}
