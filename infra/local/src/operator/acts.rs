//! What the pages and the JSON twins do.

use std::time::Duration;

use emulators::Faults;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Error, Result,
    host::{Host, MAIL_QUEUE},
};

/// How the clock is to move. Exactly one of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    #[serde(default)]
    pub advance_days: Option<i64>,
    #[serde(default)]
    pub advance_hours: Option<i64>,
    /// A civil day in France, at the time of day that it is.
    #[serde(default)]
    pub set_on: Option<Date>,
    /// Back to the real time.
    #[serde(default)]
    pub reset: bool,
}

/// Nobody looks further ahead, and no date overflows.
const DAYS_MAX: i64 = 366 * 100;

impl Move {
    /// By how much the clock is to differ from the real one; `None` when the wish makes no sense.
    fn offset(&self, host: &Host) -> Option<SignedDuration> {
        let hours = match (self.advance_days, self.advance_hours, self.set_on, self.reset) {
            (Some(days), None, None, false) => days.checked_mul(24)?,
            (None, Some(hours), None, false) => hours,
            (None, None, Some(day), false) => return self.to(host, day),
            (None, None, None, true) => return Some(SignedDuration::ZERO),
            _ => return None,
        };
        checked(host.offset().checked_add(SignedDuration::try_from_hours(hours)?)?)
    }

    fn to(&self, host: &Host, day: Date) -> Option<SignedDuration> {
        let now = host.clock().now().to_zoned(france());
        let then = day.to_datetime(now.time()).to_zoned(france()).ok()?.timestamp();
        checked(host.offset().checked_add(then.duration_since(now.timestamp()))?)
    }
}

fn checked(offset: SignedDuration) -> Option<SignedDuration> {
    (offset.abs() <= SignedDuration::from_hours(24 * DAYS_MAX)).then_some(offset)
}

/// The largest mail that SES takes in.
pub(super) const MAIL_BYTES_MAX: usize = 40 * 1024 * 1024;

/// What SES does with a mail that comes, by the rule in template.yaml: it goes into the bucket, and the function that reads it is
/// called with its envelope. Its id.
pub(crate) async fn take_mail(host: &Host, to: &[&str], mail: Vec<u8>) -> Result<String> {
    let id = format!("{:032x}", host.deps.table.random());
    let key = format!("{}{id}", purchases::inbound::FOLDER);
    host.deps.files.put(&key, mail, "message/rfc822").await.map_err(Error::Bucket)?;
    let (now, pass) = (host.clock().now(), json!({ "status": "PASS" }));
    let event = json!({ "Records": [{
        "eventSource": "aws:ses",
        "eventVersion": "1.0",
        "ses": {
            "mail": { "timestamp": now, "messageId": id, "destination": to },
            "receipt": {
                "timestamp": now,
                "recipients": to,
                "spamVerdict": pass,
                "virusVerdict": pass,
                "action": { "type": "Lambda", "invocationType": "Event" },
            },
        },
    }] });
    host.sqs.send(MAIL_QUEUE, &event.to_string(), Duration::ZERO)?;
    Ok(id)
}

/// False when the wish makes no sense.
pub(super) fn move_clock(host: &Host, wish: &Move) -> Result<bool> {
    let Some(offset) = wish.offset(host) else { return Ok(false) };
    host.move_clock(offset)?;
    Ok(true)
}

/// Sends the dead letters of a queue back to it; `None` when there is no such queue.
pub(super) fn redrive(host: &Host, queue: &str) -> Result<Option<usize>> {
    let Some(found) = host.work_queues()?.into_iter().find(|found| found.name == queue) else { return Ok(None) };
    Ok(Some(host.sqs.redrive(&found.dead_letters, &found.name)?))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Service {
    DynamoDb,
    S3,
    Sqs,
    Ses,
    Stripe,
}

impl Service {
    pub(super) const ALL: [Self; 5] = [Self::DynamoDb, Self::S3, Self::Sqs, Self::Ses, Self::Stripe];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::DynamoDb => "dynamodb",
            Self::S3 => "s3",
            Self::Sqs => "sqs",
            Self::Ses => "ses",
            Self::Stripe => "stripe",
        }
    }

    pub(super) fn faults(self, host: &Host) -> &Faults {
        match self {
            Self::DynamoDb => &host.dynamodb.faults().internal,
            Self::S3 => host.s3.faults(),
            Self::Sqs => host.sqs.faults(),
            Self::Ses => host.ses.faults(),
            Self::Stripe => host.stripe.faults(),
        }
    }
}

pub(crate) fn france() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// `22/11/2026 à 19:11`.
pub(super) fn moment(at: Timestamp) -> String {
    at.to_zoned(france()).strftime("%d/%m/%Y à %H:%M").to_string()
}
