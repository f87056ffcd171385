//! What a quote is and which acts its state allows. Pure.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Error, Minor, Result, Rule, Violations,
    document::{Line, Unit},
    error::Conflict,
    id::{InvoiceId, QuoteId},
    legal,
    money::french_percent,
    pricing::{Priced, shared},
    reference::OrganizationReference,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    content::{LineInput, PricedInput, Words, typed_discount},
    portion::{self, Left, PartInput, Taken},
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
    /// Off the whole, per cent: `5`.
    #[serde(default)]
    pub discount_percent: String,
    /// Off the whole, in money; not beside one in per cent.
    #[serde(default)]
    pub discount_amount: String,
    /// `domestic`, `reverse_charge`, `intra_union_goods`, `intra_union_services`, `export`, `outside_scope`,
    /// `margin_second_hand`, `margin_art`, `margin_antiques` or `margin_travel`.
    #[serde(default)]
    pub vat_treatment: String,
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
        let priced = PricedInput {
            lines: &self.lines,
            discount_percent: &self.discount_percent,
            discount_amount: &self.discount_amount,
            vat_treatment: &self.vat_treatment,
        }
        .parse(organization, today, &mut wrong);
        match (validity_days, priced, wrong.is_empty()) {
            (Some(validity_days), Some(priced), true) => Ok(QuoteContent { words, validity_days, priced }),
            _ => Err(wrong),
        }
    }

    pub fn of(quote: &Quote) -> Self {
        let (discount_percent, discount_amount) = typed_discount(&quote.priced);
        Self {
            client_id: quote.client.reference.id.to_string(),
            subject: quote.words.subject.clone().unwrap_or_default(),
            introduction: quote.words.introduction.clone().unwrap_or_default(),
            conditions: quote.words.conditions.clone().unwrap_or_default(),
            validity_days: quote.validity_days.to_string(),
            discount_percent,
            discount_amount,
            vat_treatment: quote.priced.treatment.name().into(),
            lines: quote.priced.lines.iter().map(|line| LineInput::of(line, quote.priced.currency)).collect(),
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

impl DepositInput {
    fn of(&self, quote: &Quote) -> Result<Priced> {
        let agreed = quote.agreed();
        let (currency, gross) = (agreed.currency, agreed.totals.gross_minor);
        let mut wrong = Violations::default();
        let wanted = match (self.percent.trim().is_empty(), self.amount.trim().is_empty()) {
            (false, true) => wrong
                .take("/percent", legal::decimal(&self.percent, 2, Decimal::new(1, 2), Decimal::ONE_HUNDRED))
                .map(|percent| (gross.to_decimal(currency) * percent / Decimal::ONE_HUNDRED, french_percent(percent))),
            (true, false) => wrong
                .take(
                    "/amount",
                    legal::decimal(
                        &self.amount,
                        currency.scale(),
                        Minor(1).to_decimal(currency),
                        gross.to_decimal(currency),
                    ),
                )
                .and_then(|amount| Some((amount, Minor::round(amount, currency).ok()?.french(currency)))),
            (true, true) => {
                wrong.add("/percent", Rule::Required);
                None
            }
            (false, false) => {
                wrong.add("/amount", Rule::OneOfTwo);
                None
            }
        };
        let Some((wanted, said)) = wanted else { return Err(wrong.into()) };
        let wanted = Minor::round(wanted, currency).map_err(Error::internal)?;
        // Of each rate its share of what is asked for, VAT included.
        let weights: Vec<_> = agreed.vat.iter().map(|vat| Minor(vat.base_minor.0 + vat.tax_minor.0)).collect();
        let shares = shared(wanted, &weights).ok_or_else(|| Error::field("/amount", Rule::DiscountBeyond))?;
        let number = quote.number.clone().unwrap_or_default();
        let lines = agreed.vat.iter().zip(shares).filter(|(_, share)| *share > Minor::ZERO).map(|(vat, share)| {
            let net = share.to_decimal(currency) / (Decimal::ONE + vat.rate.percent / Decimal::ONE_HUNDRED);
            let net_minor = Minor::round(net, currency)?;
            Ok(Line {
                section: None,
                is_optional: false,
                product: None,
                description: format!("Acompte de {said} sur le devis {number}"),
                quantity: Decimal::ONE,
                unit: Unit::Flat,
                unit_price: net_minor.to_decimal(currency),
                discount_percent: Decimal::ZERO,
                discount_minor: Minor::ZERO,
                vat: vat.rate.clone(),
                net_minor,
            })
        });
        let lines: Vec<Line> = lines.collect::<Result<_, kernel::money::AmountTooLarge>>().map_err(Error::internal)?;
        if lines.is_empty() {
            return Err(Error::field("/amount", Rule::Required));
        }
        Priced::add_up(currency, agreed.treatment, lines, None).map_err(Error::internal)
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
    /// What was agreed, where the client chose among what was offered beside the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Priced>,
    /// What each invoice made of it took. By invoice, so that a draft that is deleted is taken out without a reading.
    #[serde(default)]
    pub parts: BTreeMap<InvoiceId, Taken>,
    /// What each deposit asked for, VAT included.
    #[serde(default)]
    pub deposits: BTreeMap<InvoiceId, Minor>,
    /// The versions that were sent before it, the first one first: it revises the last of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Version>,
    /// Those that were sent after it and took its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<Version>,
    /// The one that revises it, a draft or sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised_by: Option<QuoteId>,
    /// A draft: what it revises was accepted meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub came_too_late: bool,
    /// When the clock is to look at it: the day after the last one of the offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_on: Option<Date>,
}

/// One version of a quote, as the others know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Version {
    /// `quo_…`
    #[schema(value_type = String)]
    pub id: QuoteId,
    pub number: String,
    #[schema(value_type = String, format = Date)]
    pub sent_on: Date,
}

/// How often a quote may be revised: sending a version tells all former ones.
const VERSIONS_MAX: usize = 20;

/// What a deposit invoiced, as its quote remembers it: written with the deposit, read by who makes the final invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteDeposit {
    pub quote: QuoteId,
    pub invoice: InvoiceId,
    pub number: String,
    pub issued_on: Date,
    /// Less what credit notes gave back.
    pub gross_minor: Minor,
    /// The invoice that deducts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deducted_by: Option<InvoiceId>,
}

/// The client's choice among what was offered beside the rest: the lines' places, from 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcceptanceInput {
    pub options: Vec<usize>,
}

/// A deposit: a share of what is agreed, or an amount with VAT.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DepositInput {
    /// Per cent, more than 0, at most 100.
    pub percent: String,
    /// All taxes included, in the currency of the quote.
    pub amount: String,
}

/// How many invoices and deposits may be made of one quote.
const PARTS_MAX: usize = 20;

/// What was done with it. Whether it expired follows from the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    Draft,
    Sent,
    Accepted,
    Refused,
    Invoiced,
    /// A later version was sent.
    Replaced,
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
    Replaced,
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
            Progress::Replaced => Self::Replaced,
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
            agreed: None,
            parts: BTreeMap::new(),
            deposits: BTreeMap::new(),
            former: Vec::new(),
            later: Vec::new(),
            revised_by: None,
            came_too_late: false,
            look_on: None,
        }
    }

    /// A draft with the content of this one, of whatever state.
    pub fn copied(&self, id: QuoteId, created_at: Timestamp, client: Client) -> Self {
        let content =
            QuoteContent { words: self.words.clone(), validity_days: self.validity_days, priced: self.priced.clone() };
        Self::draft(id, created_at, client, content)
    }

    /// What was sent is revised, not edited: this one with its successor, and the successor as a draft. Nothing of it
    /// counts before it is sent.
    pub fn revised(&self, by: QuoteId, created_at: Timestamp, client: Client) -> Result<(Self, Self)> {
        let is_open = matches!(self.progress, Progress::Sent | Progress::Refused);
        let (Some(number), Some(sent_on), true) = (&self.number, self.sent_on, is_open) else {
            return Err(Error::Conflict(match self.progress {
                Progress::Replaced => Conflict::QuoteReplaced,
                _ => Conflict::QuoteNotRevisable,
            }));
        };
        if self.revised_by.is_some() {
            return Err(Error::Conflict(Conflict::QuoteUnderRevision));
        }
        if self.former.len() + 1 >= VERSIONS_MAX {
            return Err(Error::Conflict(Conflict::TooManyVersions));
        }
        let version = Version { id: self.id, number: number.clone(), sent_on };
        let former = self.former.iter().cloned().chain([version]).collect();
        let draft = Self { former, ..self.copied(by, created_at, client) };
        Ok((Self { revised_by: Some(by), ..self.clone() }, draft))
    }

    /// From 1.
    pub fn version_number(&self) -> usize {
        self.former.len() + 1
    }

    /// Of a version after the first: `DEV-2026-0004-V2`.
    pub fn version_of_number(&self) -> Option<String> {
        let first = self.former.first()?;
        Some(format!("{}-V{}", first.number, self.version_number()))
    }

    /// The versions that were sent, this one among them.
    pub fn versions(&self) -> Vec<Version> {
        let own = self.number.clone().zip(self.sent_on);
        let own = own.map(|(number, sent_on)| Version { id: self.id, number, sent_on });
        self.former.iter().cloned().chain(own).chain(self.later.iter().cloned()).collect()
    }

    pub fn edited(&self, client: Client, content: QuoteContent) -> Result<Self> {
        self.must_be(Progress::Draft, Conflict::QuoteNotDraft)?;
        // Another client is no version of the same offer.
        if !self.former.is_empty() && client.reference.id != self.client.reference.id {
            return Err(Error::field("/client_id", Rule::SameClient));
        }
        let (former, came_too_late) = (self.former.clone(), self.came_too_late);
        Ok(Self { former, came_too_late, ..Self::draft(self.id, self.created_at, client, content) })
    }

    pub fn sent(&self, number: String, client: Client, today: Date) -> Result<Self> {
        self.must_be(Progress::Draft, Conflict::QuoteNotDraft)?;
        if self.came_too_late {
            return Err(Error::Conflict(Conflict::FormerVersionAccepted));
        }
        let valid_until = today.checked_add(i64::from(self.validity_days).days()).map_err(Error::internal)?;
        Ok(Self {
            progress: Progress::Sent,
            number: Some(number),
            client,
            sent_on: Some(today),
            valid_until: Some(valid_until),
            look_on: Some(valid_until.tomorrow().map_err(Error::internal)?),
            ..self.clone()
        })
    }

    /// Its last day passed. Whether it expired with that, and how it stands now; `None` where the clock came too early or
    /// this was done already.
    pub fn looked_at(&self, today: Date) -> Option<(bool, Self)> {
        self.look_on.filter(|on| *on <= today)?;
        Some((self.status(today) == QuoteStatus::Expired, Self { look_on: None, ..self.clone() }))
    }

    pub fn accepted(&self, input: &AcceptanceInput, today: Date) -> Result<Self> {
        self.must_be_open()?;
        if self.status(today) == QuoteStatus::Expired {
            return Err(Error::Conflict(Conflict::QuoteExpired));
        }
        let agreed = self.choose(&input.options)?;
        Ok(Self { progress: Progress::Accepted, answered_on: Some(today), agreed, look_on: None, ..self.clone() })
    }

    /// The lines that count once options are chosen; none where nothing was offered beside the rest.
    fn choose(&self, options: &[usize]) -> Result<Option<Priced>> {
        let Priced { currency, treatment, discount, ref lines, .. } = self.priced;
        let is_option =
            |place: usize| place.checked_sub(1).and_then(|at| lines.get(at)).is_some_and(|line| line.is_optional);
        if let Some(at) = options.iter().position(|place| !is_option(*place)) {
            return Err(Error::field(format!("/options/{at}"), Rule::NotFound));
        }
        if !lines.iter().any(|line| line.is_optional) {
            return Ok(None);
        }
        let kept = lines.iter().enumerate().filter(|(at, line)| !line.is_optional || options.contains(&(at + 1)));
        let kept = kept.map(|(_, line)| Line { is_optional: false, ..line.clone() }).collect();
        Priced::add_up(currency, treatment, kept, discount).map(Some).map_err(Error::internal)
    }

    /// What is agreed: what was offered, less the options that were not chosen.
    pub fn agreed(&self) -> &Priced {
        self.agreed.as_ref().unwrap_or(&self.priced)
    }

    /// What is not invoiced yet.
    pub fn left(&self) -> Left {
        Left::of(self.agreed(), self.parts.values())
    }

    pub fn refused(&self, reason: Option<String>, today: Date) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self {
            progress: Progress::Refused,
            answered_on: Some(today),
            refusal_reason: reason,
            look_on: None,
            ..self.clone()
        })
    }

    /// Takes parts of it, or all that is left where none is named, for an invoice.
    pub fn invoiced(&self, invoice: InvoiceId, inputs: &[PartInput]) -> Result<(Self, Priced)> {
        self.must_be_accepted()?;
        self.may_have_another()?;
        let left = self.left();
        let mut wrong = Violations::default();
        let parts = portion::parse(inputs, self.agreed(), &left, "Avancement", &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let priced = portion::add_up(self.agreed(), &left, &parts).map_err(Error::internal)?;
        let taken = portion::taken(parts, priced.vat.clone());
        let mut invoiced = self.clone();
        invoiced.parts.insert(invoice, taken);
        if invoiced.left().is_nothing() {
            invoiced.progress = Progress::Invoiced;
        }
        Ok((invoiced, priced))
    }

    /// Asks for a share in advance: one line per rate, since VAT is due on it (CGI art. 269, 2).
    pub fn with_deposit(&self, invoice: InvoiceId, input: &DepositInput) -> Result<(Self, Priced)> {
        self.must_be_accepted()?;
        self.may_have_another()?;
        let priced = input.of(self)?;
        let mut deposited = self.clone();
        deposited.deposits.insert(invoice, priced.totals.gross_minor);
        Ok((deposited, priced))
    }

    fn may_have_another(&self) -> Result<()> {
        let many = self.parts.len() + self.deposits.len() >= PARTS_MAX;
        if many { Err(Error::Conflict(Conflict::TooManyParts)) } else { Ok(()) }
    }

    pub fn must_be_accepted(&self) -> Result<()> {
        if self.progress == Progress::Invoiced {
            return Err(Error::Conflict(Conflict::QuoteAlreadyInvoiced));
        }
        self.must_be(Progress::Accepted, Conflict::QuoteNotAccepted)
    }

    /// Sent, and the last version that was.
    fn must_be_open(&self) -> Result<()> {
        if self.progress == Progress::Replaced {
            return Err(Error::Conflict(Conflict::QuoteReplaced));
        }
        self.must_be(Progress::Sent, Conflict::QuoteNotSent)
    }

    pub fn must_be_draft(&self) -> Result<()> {
        self.must_be(Progress::Draft, Conflict::QuoteNotDraft)
    }

    fn must_be(&self, progress: Progress, otherwise: Conflict) -> Result<()> {
        if self.progress == progress { Ok(()) } else { Err(Error::Conflict(otherwise)) }
    }
}
