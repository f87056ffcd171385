//! Which organization a page is about. `/o/<ulid>/crm` is the page `/crm` of that organization; without the prefix
//! it is the one that the session began in. The address decides, so each open tab stays where it is, whatever the
//! others do.
//!
//! Handlers and templates know nothing of it: the prefix is taken off before routing, and put before every link,
//! form and redirection of the answer.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, Uri, header};
use kernel::{Error, id::OrganizationId};
use ulid::Ulid;

use crate::Failure;

/// The organization that the address names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen(pub OrganizationId);

const MARK: &str = "/o/";

/// Attributes of our templates whose value is a path.
const ATTRIBUTES: [&str; 13] = [
    "href",
    "action",
    "formaction",
    "hx-get",
    "hx-post",
    "hx-delete",
    "hx-push-url",
    "data-href",
    "data-begin",
    "data-done",
    "data-passkey-begin",
    "data-begin",
    "data-done",
];
/// What is the same for every organization.
const SHARED: [&str; 7] = ["/assets/", "/theme/", "/o/", "/connexion", "/inscription", "/plateforme", "/_local"];
/// Headers of an answer whose value is a path.
const HEADERS: [HeaderName; 3] =
    [header::LOCATION, HeaderName::from_static("hx-redirect"), HeaderName::from_static("hx-push-url")];

/// The address of a page of one organization, for links that leave the page: mails, the list of organizations.
pub fn path_in(organization: OrganizationId, path: &str) -> String {
    format!("{MARK}{}{path}", organization.ulid())
}

/// Path and query as the browser has them.
pub(crate) fn address(request: &Request) -> String {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match request.extensions().get::<Chosen>() {
        Some(Chosen(organization)) => path_in(*organization, path),
        None => path.into(),
    }
}

fn split(path: &str) -> Option<(OrganizationId, &str)> {
    let rest = path.strip_prefix(MARK)?;
    let (id, rest) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    Some((OrganizationId::from_ulid(Ulid::from_string(id).ok()?), rest))
}

pub(crate) async fn scoped(mut request: Request, next: Next) -> Response {
    let Some((organization, rest)) = split(request.uri().path()) else { return next.run(request).await };
    let target = match request.uri().query() {
        Some(query) => format!("{rest}?{query}"),
        None => rest.to_owned(),
    };
    let Ok(uri) = target.parse::<Uri>() else {
        return axum::response::IntoResponse::into_response(Failure(Error::NotFound));
    };
    *request.uri_mut() = uri;
    request.extensions_mut().insert(Chosen(organization));
    let response = next.run(request).await;
    prefixed(response, &path_in(organization, "")).await
}

async fn prefixed(response: Response, prefix: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    for name in HEADERS {
        let path = parts.headers.get(&name).and_then(|value| value.to_str().ok()).filter(|path| is_own(path));
        if let Some(value) = path.and_then(|path| HeaderValue::from_str(&format!("{prefix}{path}")).ok()) {
            parts.headers.insert(name, value);
        }
    }
    let is_html = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_html {
        return Response::from_parts(parts, body);
    }
    match to_bytes(body, usize::MAX).await.map(|bytes| String::from_utf8(bytes.into())) {
        Ok(Ok(html)) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(relinked(&html, prefix)))
        }
        _ => axum::response::IntoResponse::into_response(Failure(Error::internal("a page that is not text"))),
    }
}

fn is_own(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !SHARED.iter().any(|shared| path.starts_with(shared))
}

/// Puts the prefix before the paths in attributes. What people typed cannot look like one: its quotes are escaped.
fn relinked(html: &str, prefix: &str) -> String {
    const OPENING: &str = "=\"/";
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(at) = rest.find(OPENING) {
        let (before, path) = rest.split_at(at + OPENING.len() - 1);
        out.push_str(before);
        let name = before[..at].rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if ATTRIBUTES.contains(&name) && is_own(path) {
            out.push_str(prefix);
        }
        rest = path;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    #[test]
    fn the_address_names_the_organization() {
        let address = format!("/o/{ID}/crm/contacts");
        let (organization, rest) = split(&address).unwrap_or_else(|| panic!("no organization"));
        assert_eq!((organization.ulid().to_string().as_str(), rest), (ID, "/crm/contacts"));
        assert_eq!(split(&format!("/o/{ID}")).map(|(_, rest)| rest), Some("/"));
        assert_eq!(split("/o/nobody/crm"), None);
        assert_eq!(split("/crm"), None);
    }

    #[test]
    fn links_stay_in_the_organization_and_what_is_shared_stays_shared() {
        let html = concat!(
            "<a class=\"link\" href=\"/crm?q=a\">x</a><form method=\"post\" action=\"/deconnexion\"></form>",
            "<div hx-get=\"/crm/panneaux/recents\"></div><link href=\"/assets/app.css\"><a href=\"/o/B/\">B</a>",
            "<a href=\"//evil.example\">e</a><p>href=&#34;/crm</p><i data-x=\"/crm\"></i><a href=\"https://a.example\">a</a>",
            "<div data-begin=\"/crm/a\" data-done=\"/crm/b\"></div>",
        );
        let expected = concat!(
            "<a class=\"link\" href=\"/o/A/crm?q=a\">x</a><form method=\"post\" action=\"/o/A/deconnexion\"></form>",
            "<div hx-get=\"/o/A/crm/panneaux/recents\"></div><link href=\"/assets/app.css\"><a href=\"/o/B/\">B</a>",
            "<a href=\"//evil.example\">e</a><p>href=&#34;/crm</p><i data-x=\"/crm\"></i><a href=\"https://a.example\">a</a>",
            "<div data-begin=\"/o/A/crm/a\" data-done=\"/o/A/crm/b\"></div>",
        );
        assert_eq!(relinked(html, "/o/A"), expected);
    }
}
