//! Hands mails to SES, each once as far as SES allows.
//!
//! SES has no idempotency token, so the mail's item says who may speak to it:
//!
//! ```text
//!  Waiting ──claim──► Sending{until} ──SES took it──► Sent
//!     ▲                  │      │
//!     └──SES refused─────┘      └── no answer, or we died: SES's "Send" event says Sent ([`sent`]), or nobody
//!                                   does until the lease ends, and then the mail is claimed again
//! ```
//!
//! A mail is sent twice only if SES took it, we could not note that, and its event did not come within the
//! lease; it is never lost. What becomes of it then (delivered, opened, refused) its further events say. Neither
//! addresses nor text are logged; a secret is opened for the moment in which it is handed over, and no longer kept once
//! the mail is sent.

mod send_mail;
pub mod sent;
mod tags;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "mailer", event, |scope, envelope| async move {
        match envelope.event {
            Event::MailRequested { owner, mail } => send_mail::send_mail(deps, &scope, owner, mail).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
