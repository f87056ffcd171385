//! The outermost layer: a request id, the security headers, and errors in the words of who asks: problem+json
//! (RFC 9457) for the API, a fragment for htmx, a French page for people. Errors are logged here, once.

use askama::Template;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use cloud::Deps;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use kernel::{Error, error::Conflict};
use serde_json::json;

use crate::{
    Flash, Plain,
    asker::{RequestId, Visitor},
    chosen, cookies, form,
    page::Failed,
};

/// Put into an answer's extensions: which other sites may show the page in a frame, and where its form leads on. Both are
/// origins, as `https://www.exemple.fr`, that were checked to be no more than that.
#[derive(Debug, Clone, Default)]
pub struct Framing {
    pub sites: Vec<String>,
    pub leads_to: Option<String>,
}

/// Ours alone, but for the bucket: pictures come from it and files go there, past us. A form of the portal may lead to the
/// page on which a card is typed, one on somebody's web site to a page of theirs.
fn content_security_policy(
    bucket: &str,
    card_pages: Option<&str>,
    sockets: Option<&str>,
    framing: Option<&Framing>,
) -> String {
    let leads_to = framing.and_then(|framing| framing.leads_to.as_deref());
    let forms: String = card_pages.into_iter().chain(leads_to).map(|pages| format!(" {pages}")).collect();
    let frames = match framing.map(|framing| framing.sites.join(" ")) {
        Some(sites) if !sites.is_empty() => sites,
        _ => "'none'".into(),
    };
    // Where pages hear what happens: the origin of the address.
    let sockets = sockets.and_then(|url| url.split('/').nth(2).zip(url.split('/').next()));
    let sockets = sockets.map(|(host, scheme)| format!(" {scheme}//{host}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {bucket}; font-src 'self'; \
         connect-src 'self' {bucket}{sockets}; form-action 'self'{forms}; base-uri 'none'; frame-ancestors {frames}"
    )
}

pub(crate) async fn present(State(deps): State<Deps>, mut request: Request, next: Next) -> Response {
    let card_pages = request.uri().path().starts_with("/portail").then(|| deps.cards.pages().to_owned());
    let bucket = deps.files.origin().to_owned();
    let sockets = deps.config.sockets_url.clone();
    let id = RequestId(ulid::Ulid::from_bytes(deps.table.random().to_be_bytes()).to_string());
    request.extensions_mut().insert(id.clone());
    let visitor = Visitor::new(&request, deps);
    let asked = Asked {
        is_api: request.uri().path().starts_with("/api/"),
        method: request.method().clone(),
        path: chosen::address(&request),
    };
    let mut response = next.run(request).await;
    let framing = response.extensions_mut().remove::<Framing>();
    let policy = content_security_policy(&bucket, card_pages.as_deref(), sockets.as_deref(), framing.as_ref());
    let failed = response.extensions_mut().remove::<Failed>();
    if let Some(Failed(error)) = failed {
        log(&error, &asked, &id);
        response = asked.word(&error, &visitor, response);
    }
    if visitor.flash.is_some() && is_page(&response) {
        append(&mut response, header::SET_COOKIE, cookies::clear(cookies::FLASH, visitor.deps.config.secure_cookies));
    }
    for (name, value) in [
        (HeaderName::from_static("x-request-id"), id.0.as_str()),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    // A page whose address is a secret says less of it.
    response.headers_mut().entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    response
}

fn is_page(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn append(response: &mut Response, name: HeaderName, value: Option<HeaderValue>) {
    if let Some(value) = value {
        response.headers_mut().append(name, value);
    }
}

/// What must be known of the request to word an error.
struct Asked {
    is_api: bool,
    method: Method,
    path: String,
}

impl Asked {
    fn word(&self, error: &Error, visitor: &Visitor, given: Response) -> Response {
        let mut response = if self.is_api {
            problem(error, &visitor.request_id)
        } else if matches!(error, Error::Unauthenticated) {
            self.to_sign_in(visitor)
        } else if matches!(error, Error::SecondFactorRequired) {
            to_second_factor(visitor)
        } else {
            page(error, visitor)
        };
        if let Some(timing) = given.headers().get("server-timing") {
            response.headers_mut().insert("server-timing", timing.clone());
        }
        response
    }

    /// Who is not signed in is asked to, and comes back to the page they wanted.
    fn to_sign_in(&self, visitor: &Visitor) -> Response {
        let back = if self.method == Method::GET && !visitor.is_fragment { self.path.as_str() } else { "/" };
        let query = serde_html_form::to_string([("suite", back)]).unwrap_or_default();
        let location = format!("/connexion?{query}");
        if visitor.is_fragment {
            return (StatusCode::UNAUTHORIZED, [("hx-redirect", location)]).into_response();
        }
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }
}

/// Who must have a second factor is led to where one is set up.
fn to_second_factor(visitor: &Visitor) -> Response {
    let text = "Votre entreprise demande une double authentification. Activez-la pour continuer.";
    let cookie = Flash::warning(text).cookie(visitor.deps.config.secure_cookies);
    let header = if visitor.is_fragment { HeaderName::from_static("hx-redirect") } else { header::LOCATION };
    let status = if visitor.is_fragment { StatusCode::FORBIDDEN } else { StatusCode::SEE_OTHER };
    let mut response = (status, [(header, "/compte/securite")]).into_response();
    append(&mut response, header::SET_COOKIE, cookie);
    response
}

const fn status(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated | Error::WrongCredentials => StatusCode::UNAUTHORIZED,
        Error::Forbidden | Error::SecondFactorRequired | Error::Suspended => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Deleted => StatusCode::GONE,
        Error::Malformed { .. } => StatusCode::BAD_REQUEST,
        Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Invalid(_) | Error::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) | Error::LastOwnerOf(_) => StatusCode::CONFLICT,
        Error::Stale => StatusCode::PRECONDITION_FAILED,
        Error::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The stable name of a problem, the last part of its `type`.
const fn name(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated => "unauthenticated",
        Error::WrongCredentials => "wrong-credentials",
        Error::Forbidden => "forbidden",
        Error::SecondFactorRequired => "second-factor-required",
        Error::Suspended => "suspended",
        Error::NotFound => "not-found",
        Error::Deleted => "deleted",
        Error::Malformed { .. } => "malformed",
        Error::TooLarge => "too-large",
        Error::Invalid(_) => "invalid",
        Error::KeyReused => "idempotency-key-reused",
        Error::Conflict(_) | Error::LastOwnerOf(_) => "conflict",
        Error::Stale => "stale",
        Error::TooManyAttempts => "too-many-attempts",
        Error::Unavailable { .. } => "unavailable",
        Error::Internal { .. } => "internal",
    }
}

fn english(error: &Error) -> String {
    match error {
        Error::Unauthenticated => "Sign in, or send a valid token.".into(),
        Error::WrongCredentials => "E-mail, password or passkey is wrong.".into(),
        Error::Forbidden => "You are not permitted to do this.".into(),
        Error::SecondFactorRequired => "The organization requires a second factor; sign in with one.".into(),
        Error::Suspended => "The organization is suspended; contact the platform.".into(),
        Error::NotFound => "There is no such thing.".into(),
        Error::Deleted => "The organization is deleted.".into(),
        Error::Malformed { detail } => detail.clone(),
        Error::TooLarge => "The request body exceeds 1 MB.".into(),
        Error::Invalid(_) => "Some fields are not valid.".into(),
        Error::KeyReused => "This Idempotency-Key was used with another request.".into(),
        Error::Conflict(conflict) => conflict.english().into(),
        Error::LastOwnerOf(name) => format!("You are the last owner of {name}: name another one first."),
        Error::Stale => "It changed since you read it; read it again.".into(),
        Error::TooManyAttempts => "Too many attempts; wait a while.".into(),
        Error::Unavailable { .. } => "A part of the service does not answer; try again.".into(),
        Error::Internal { .. } => "Something went wrong on our side.".into(),
    }
}

fn french(error: &Error) -> (&'static str, String) {
    match error {
        Error::Unauthenticated => ("Connexion requise", "Connectez-vous pour continuer.".into()),
        Error::WrongCredentials => ("Connexion refusée", "L’adresse e-mail ou le mot de passe est incorrect.".into()),
        Error::Forbidden => (
            "Accès refusé",
            "Votre rôle ne permet pas cette action. Demandez à un administrateur de votre entreprise.".into(),
        ),
        Error::SecondFactorRequired => (
            "Double authentification requise",
            "Votre entreprise demande une double authentification. Activez-la dans « Sécurité » pour continuer.".into(),
        ),
        Error::Suspended => (
            "Entreprise suspendue",
            "L’accès à cette entreprise est suspendu. Vos données sont conservées. Contactez-nous pour le rétablir."
                .into(),
        ),
        Error::Deleted => (
            "Entreprise supprimée",
            "Cette entreprise a été supprimée\u{a0}: plus personne n’y entre. Ses documents comptables sont conservés le \
             temps que la loi l’exige. Pour en obtenir une copie, contactez-nous."
                .into(),
        ),
        Error::NotFound => (
            "Page introuvable",
            "Cette page n’existe pas, ou vous n’y avez pas accès. Vérifiez l’adresse ou revenez à l’accueil.".into(),
        ),
        Error::Malformed { .. } => (
            "Demande illisible",
            "Le formulaire envoyé est incomplet ou mal formé. Revenez en arrière et réessayez.".into(),
        ),
        Error::TooLarge => ("Envoi trop volumineux", "L’envoi dépasse 1 Mo.".into()),
        Error::Invalid(violations) => {
            ("Saisie à corriger", violations.iter().next().map(|violation| violation.rule.french()).unwrap_or_default())
        }
        Error::KeyReused => (
            "Formulaire déjà envoyé",
            "Ce formulaire a déjà été envoyé avec un autre contenu. Rechargez la page avant de recommencer.".into(),
        ),
        Error::Conflict(conflict @ Conflict::NoOrganization) => {
            ("Vous n’êtes membre d’aucune entreprise", conflict.french().into())
        }
        Error::Conflict(conflict) => ("Action impossible", conflict.french().into()),
        Error::LastOwnerOf(name) => ("Action impossible", form::last_owner_of(name)),
        Error::Stale => (
            "Modifié entre-temps",
            "Quelqu’un a modifié cet élément pendant votre saisie. Rechargez la page, puis reprenez vos changements."
                .into(),
        ),
        Error::TooManyAttempts => ("Trop d’essais", "Patientez quelques minutes avant de réessayer.".into()),
        Error::Unavailable { .. } => {
            ("Service momentanément indisponible", "Rien n’a été perdu. Réessayez dans quelques instants.".into())
        }
        Error::Internal { .. } => (
            "Une erreur est survenue",
            "Elle vient de nous, et elle est notée. Réessayez, ou contactez-nous avec le numéro ci-dessous.".into(),
        ),
    }
}

/// RFC 9457.
fn problem(error: &Error, request_id: &str) -> Response {
    let status = status(error);
    let mut body = json!({
        "type": format!("urn:abservice:problem:{}", name(error)),
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": english(error),
        "request_id": request_id,
    });
    match error {
        Error::Invalid(violations) => {
            body["violations"] = violations
                .iter()
                .map(|violation| {
                    let mut told = json!(violation.rule);
                    told["pointer"] = json!(violation.pointer);
                    told["detail"] = json!(violation.rule.english());
                    told
                })
                .collect();
        }
        Error::Conflict(conflict) => body["code"] = json!(conflict),
        Error::LastOwnerOf(name) => {
            body["code"] = json!(Conflict::LastOwner);
            body["organization"] = json!(name);
        }
        _ => {}
    }
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if matches!(error, Error::Unavailable { .. } | Error::Conflict(Conflict::Contended)) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    plain: Plain,
    status: u16,
    title: &'a str,
    text: &'a str,
    /// Where one can go on, and what that is called.
    onward: (&'static str, &'static str),
    request_id: &'a str,
}

/// The home page, but where it would say the same again.
const fn onward(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::Suspended => ("/compte/entreprises", "Mes entreprises"),
        Error::SecondFactorRequired => ("/compte/securite", "Ouvrir «\u{a0}Sécurité\u{a0}»"),
        _ => ("/", "Aller à l’accueil"),
    }
}

#[derive(Template)]
#[template(path = "problem_fragment.html")]
struct ProblemFragment<'a> {
    title: &'a str,
    text: &'a str,
    request_id: &'a str,
}

fn page(error: &Error, visitor: &Visitor) -> Response {
    let status = status(error);
    let (title, text) = french(error);
    let request_id = visitor.request_id.as_str();
    let html = if visitor.is_fragment {
        ProblemFragment { title, text: &text, request_id }.render()
    } else {
        let (plain, onward) = (Plain::new(visitor, title), onward(error));
        ProblemPage { plain, status: status.as_u16(), title, text: &text, onward, request_id }.render()
    };
    match html {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the problem page does not render");
            status.into_response()
        }
    }
}

fn log(error: &Error, asked: &Asked, id: &RequestId) {
    let path = asked.path.split('?').next().unwrap_or_default();
    match error {
        Error::Internal { detail } => {
            tracing::error!(request = %id.0, method = %asked.method, path, detail, "failed");
        }
        Error::Unavailable { detail } => {
            tracing::warn!(request = %id.0, method = %asked.method, path, detail, "unavailable");
        }
        refused => tracing::info!(request = %id.0, method = %asked.method, path, reason = name(refused), "refused"),
    }
}
