//! The events of SES to their queue, through the rule that template.yaml gives EventBridge.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use crate::{
    Result,
    host::{Host, SENT_QUEUE, stopped},
};

const LOOK_EVERY: Duration = Duration::from_secs(60);

pub(super) async fn run(host: Arc<Host>) {
    while !*host.stopping.borrow() {
        let sent = host.ses.sent().notified();
        match pump(&host) {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "the events of SES cannot be read"),
        }
        tokio::select! {
            _ = tokio::time::timeout(LOOK_EVERY, sent) => {}
            () = stopped(&host) => {}
        }
    }
}

/// Returns how many events were carried. One that was queued and not acknowledged comes twice, as EventBridge's may.
fn pump(host: &Host) -> Result<usize> {
    let events = host.ses.next_events(100)?;
    for (number, event) in &events {
        if is_ours(host, event) {
            host.sqs.send(SENT_QUEUE, &event.to_string(), Duration::ZERO)?;
        }
        host.ses.ack(*number)?;
    }
    Ok(events.len())
}

const WANTED: [&str; 6] =
    ["Email Sent", "Email Delivered", "Email Opened", "Email Bounced", "Email Complaint Received", "Email Rejected"];

/// The rule's pattern: what was sent through our configuration set, and what became of it.
fn is_ours(host: &Host, event: &Value) -> bool {
    let set = &event["detail"]["mail"]["tags"]["ses:configuration-set"][0];
    let is_wanted = event["detail-type"].as_str().is_some_and(|kind| WANTED.contains(&kind));
    is_wanted && set.as_str() == host.deps.config.ses_configuration_set.as_deref()
}
