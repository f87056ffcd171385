//! The pages for a person.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::{
    acts::{self, Move, Service, france, moment},
    api::MESSAGES_MAX,
    views::{
        ClockPage, FaultsPage, MailContent, MailLine, MailPage, MailsPage, QueueView, QueuesPage, SchedulePage,
        ServiceView, TickView,
    },
};
use crate::{Error, host::Host};

const MAILS_MAX: usize = 200;

/// A mail is somebody's HTML: no script, no request to anywhere, links in a new tab.
const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                           style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

type Page = Result<Response, Failure>;

pub(super) enum Failure {
    NotFound,
    Wrong(&'static str),
    Host(Error),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Host(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "Introuvable.").into_response(),
            Self::Wrong(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
            Self::Host(error) => {
                tracing::error!(%error, "an operator's page failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "La page n’a pas pu être préparée.").into_response()
            }
        }
    }
}

fn page(template: &impl Template) -> Page {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
    }
}

pub(super) async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/local.css")).into_response()
}

pub(super) async fn clock(State(host): State<Arc<Host>>) -> Page {
    let (mut waiting, mut dead) = (0, 0);
    for queue in host.work_queues()? {
        waiting += queue.counts.total();
        dead += host.sqs.counts(&queue.dead_letters)?.total();
    }
    let offset_hours = host.offset().as_hours();
    page(&ClockPage {
        here: "clock",
        now: moment(host.clock().now()),
        today: host.clock().today(&france()).to_string(),
        offset: match (offset_hours / 24, offset_hours % 24) {
            (0, hours) => format!("{hours:+} h"),
            (days, 0) => format!("{days:+} j"),
            (days, hours) => format!("{days:+} j {hours:+} h"),
        },
        is_moved: host.clock().offset_ms() != 0,
        mails: host.ses.mails(MAILS_MAX)?.len(),
        waiting,
        dead,
        last_tick: host.last_tick()?.map(TickView::of),
    })
}

/// Forms send every field as text, the unused ones empty.
#[derive(Deserialize)]
pub(super) struct MoveForm {
    #[serde(default)]
    hours: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    reset: String,
}

pub(super) async fn move_clock(State(host): State<Arc<Host>>, Form(form): Form<MoveForm>) -> Page {
    let wish = if !form.reset.is_empty() {
        Move { reset: true, ..Move::default() }
    } else if !form.day.is_empty() {
        Move { set_on: form.day.parse().ok(), ..Move::default() }
    } else {
        Move { advance_hours: form.hours.parse().ok(), ..Move::default() }
    };
    if !acts::move_clock(&host, &wish)? {
        return Err(Failure::Wrong("Indiquez une date valide."));
    }
    Ok(Redirect::to("/_local/").into_response())
}

pub(super) async fn mails(State(host): State<Arc<Host>>) -> Page {
    let mails = host.ses.mails(MAILS_MAX)?.into_iter().map(MailLine::of).collect();
    page(&MailsPage { here: "mails", mails })
}

pub(super) async fn mail(State(host): State<Arc<Host>>, Path(id): Path<String>) -> Page {
    let mail = host.ses.mail(&id)?.ok_or(Failure::NotFound)?;
    let content = mail.content().map(MailContent::of);
    let tags: Vec<_> = mail.envelope.tags.iter().map(|tag| format!("{} = {}", tag.name, tag.value)).collect();
    page(&MailPage { here: "mails", line: MailLine::of(mail.envelope), tags: tags.join(", "), content })
}

pub(super) async fn mail_html(State(host): State<Arc<Host>>, Path(id): Path<String>) -> Page {
    let content = host.ses.mail(&id)?.and_then(|mail| mail.content()).ok_or(Failure::NotFound)?;
    let html = content.html.ok_or(Failure::NotFound)?;
    // As a reader's program that shows pictures.
    host.ses.open(&id)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, MAIL_POLICY)], Html(html)).into_response())
}

pub(super) async fn mail_source(State(host): State<Arc<Host>>, Path(id): Path<String>) -> Page {
    let mail = host.ses.mail(&id)?.ok_or(Failure::NotFound)?;
    Ok(download("message.eml", "message/rfc822", mail.raw))
}

pub(super) async fn attachment(State(host): State<Arc<Host>>, Path((id, place)): Path<(String, usize)>) -> Page {
    let content = host.ses.mail(&id)?.and_then(|mail| mail.content()).ok_or(Failure::NotFound)?;
    let attachment = content.attachments.into_iter().nth(place).ok_or(Failure::NotFound)?;
    Ok(download(&attachment.file_name, &attachment.media_type, attachment.bytes))
}

/// Always to be saved: what came with a mail is not opened on this origin.
fn download(file_name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let plain: String = file_name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '_' })
        .collect();
    let kind = HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers: [(HeaderName, HeaderValue); 2] = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)];
    (headers, bytes).into_response()
}

pub(super) async fn queues(State(host): State<Arc<Host>>) -> Page {
    let mut queues = Vec::new();
    for queue in host.work_queues()? {
        let messages = host.sqs.messages(&queue.name, MESSAGES_MAX)?;
        let dead = host.sqs.messages(&queue.dead_letters, MESSAGES_MAX)?;
        queues.push(QueueView::of(queue, messages, dead));
    }
    page(&QueuesPage { here: "queues", queues })
}

pub(super) async fn redrive(State(host): State<Arc<Host>>, Path(queue): Path<String>) -> Page {
    acts::redrive(&host, &queue)?.ok_or(Failure::NotFound)?;
    Ok(Redirect::to("/_local/files").into_response())
}

pub(super) async fn schedule(State(host): State<Arc<Host>>) -> Page {
    page(&SchedulePage {
        here: "schedule",
        last_tick: host.last_tick()?.map(TickView::of),
        every_seconds: host.tick_every.as_secs(),
        checkpoint: host.checkpoint()?.unwrap_or_else(|| "le début".into()),
    })
}

pub(super) async fn tick(State(host): State<Arc<Host>>) -> Page {
    host.ticks.ask();
    Ok(Redirect::to("/_local/planification").into_response())
}

pub(super) async fn faults(State(host): State<Arc<Host>>) -> Page {
    page(&FaultsPage { here: "faults", services: Service::ALL.map(|service| ServiceView::of(service, &host)).into() })
}

#[derive(Deserialize)]
pub(super) struct FaultForm {
    service: Service,
    failing: bool,
}

pub(super) async fn set_fault(State(host): State<Arc<Host>>, Form(form): Form<FaultForm>) -> Page {
    form.service.faults(&host).set_failing(form.failing);
    Ok(Redirect::to("/_local/pannes").into_response())
}
