//! What a quote is and which acts its state allows. Pure.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    id::{InvoiceId, QuoteId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    content::{LineInput, Priced, Words},
};

/// The prefix of its numbers: `DEV-2026-0001`.
pub const SERIES: &str = "DEV";
const VALIDITY_DAYS_MAX: u16 = 365;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteInput {
    /// `com_…`
    pub client_id: String,
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub introduction: String,
    #[serde(default)]
    pub conditions: String,
    /// Days from sending, 1 to 365.
    #[serde(default = "thirty")]
    pub validity_days: String,
    pub lines: Vec<LineInput>,
}

fn thirty() -> String {
    "30".into()
}

/// The content of a quote whose fields are right.
pub struct QuoteContent {
    pub words: Words,
    pub validity_days: u16,
    pub priced: Priced,
}

impl QuoteInput {
    pub fn parse(&self, organization: &OrganizationReference, today: Date) -> Result<QuoteContent, Violations> {
        let mut wrong = Violations::default();
        let words = Words::parse(&self.subject, &self.introduction, &self.conditions, &mut wrong);
        let validity_days = wrong.take("/validity_days", validity(&self.validity_days));
        let priced = Priced::parse(&self.lines, organization, today, &mut wrong);
        match (validity_days, priced, wrong.is_empty()) {
            (Some(validity_days), Some(priced), true) => Ok(QuoteContent { words, validity_days, priced }),
            _ => Err(wrong),
        }
    }

    pub fn of(quote: &Quote) -> Self {
        Self {
            client_id: quote.client.reference.id.to_string(),
            subject: quote.words.subject.clone().unwrap_or_default(),
            introduction: quote.words.introduction.clone().unwrap_or_default(),
            conditions: quote.words.conditions.clone().unwrap_or_default(),
            validity_days: quote.validity_days.to_string(),
            lines: quote.priced.lines.iter().map(LineInput::of).collect(),
        }
    }
}

fn validity(text: &str) -> Result<u16, Rule> {
    let days: u16 = text.trim().parse().map_err(|_| Rule::NotANumber)?;
    if (1..=VALIDITY_DAYS_MAX).contains(&days) {
        Ok(days)
    } else {
        Err(Rule::OutOfRange { min: "1".into(), max: VALIDITY_DAYS_MAX.to_string() })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    pub id: QuoteId,
    pub created_at: Timestamp,
    pub client: Client,
    pub words: Words,
    pub validity_days: u16,
    pub priced: Priced,
    pub progress: Progress,
    /// Given when it is sent.
    pub number: Option<String>,
    pub sent_on: Option<Date>,
    pub valid_until: Option<Date>,
    pub answered_on: Option<Date>,
    pub refusal_reason: Option<String>,
    pub invoice: Option<InvoiceId>,
}

/// What was done with it. Whether it expired follows from the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    Draft,
    Sent,
    Accepted,
    Refused,
    Invoiced,
}

/// What people and programs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteStatus {
    Draft,
    Sent,
    Accepted,
    Refused,
    Expired,
    Invoiced,
}

impl QuoteStatus {
    pub fn of(progress: Progress, valid_until: Option<Date>, today: Date) -> Self {
        match progress {
            Progress::Draft => Self::Draft,
            Progress::Sent if valid_until.is_some_and(|until| until < today) => Self::Expired,
            Progress::Sent => Self::Sent,
            Progress::Accepted => Self::Accepted,
            Progress::Refused => Self::Refused,
            Progress::Invoiced => Self::Invoiced,
        }
    }
}

impl Quote {
    pub fn status(&self, today: Date) -> QuoteStatus {
        QuoteStatus::of(self.progress, self.valid_until, today)
    }

    pub fn draft(id: QuoteId, created_at: Timestamp, client: Client, content: QuoteContent) -> Self {
        Self {
            id,
            created_at,
            client,
            words: content.words,
            validity_days: content.validity_days,
            priced: content.priced,
            progress: Progress::Draft,
            number: None,
            sent_on: None,
            valid_until: None,
            answered_on: None,
            refusal_reason: None,
            invoice: None,
        }
    }

    pub fn edited(&self, client: Client, content: QuoteContent) -> Result<Self> {
        self.must_be(Progress::Draft, Conflict::QuoteNotDraft)?;
        Ok(Self::draft(self.id, self.created_at, client, content))
    }

    pub fn sent(&self, number: String, client: Client, today: Date) -> Result<Self> {
        self.must_be(Progress::Draft, Conflict::QuoteNotDraft)?;
        let valid_until = today.checked_add(i64::from(self.validity_days).days()).map_err(Error::internal)?;
        Ok(Self {
            progress: Progress::Sent,
            number: Some(number),
            client,
            sent_on: Some(today),
            valid_until: Some(valid_until),
            ..self.clone()
        })
    }

    pub fn accepted(&self, today: Date) -> Result<Self> {
        self.must_be(Progress::Sent, Conflict::QuoteNotSent)?;
        if self.status(today) == QuoteStatus::Expired {
            return Err(Error::Conflict(Conflict::QuoteExpired));
        }
        Ok(Self { progress: Progress::Accepted, answered_on: Some(today), ..self.clone() })
    }

    pub fn refused(&self, reason: Option<String>, today: Date) -> Result<Self> {
        self.must_be(Progress::Sent, Conflict::QuoteNotSent)?;
        Ok(Self { progress: Progress::Refused, answered_on: Some(today), refusal_reason: reason, ..self.clone() })
    }

    pub fn invoiced(&self, invoice: InvoiceId) -> Result<Self> {
        if self.progress == Progress::Invoiced {
            return Err(Error::Conflict(Conflict::QuoteAlreadyInvoiced));
        }
        self.must_be(Progress::Accepted, Conflict::QuoteNotAccepted)?;
        Ok(Self { progress: Progress::Invoiced, invoice: Some(invoice), ..self.clone() })
    }

    pub fn must_be_draft(&self) -> Result<()> {
        self.must_be(Progress::Draft, Conflict::QuoteNotDraft)
    }

    fn must_be(&self, progress: Progress, otherwise: Conflict) -> Result<()> {
        if self.progress == progress { Ok(()) } else { Err(Error::Conflict(otherwise)) }
    }
}
