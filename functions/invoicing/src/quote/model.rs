//! What a quote is and which acts its state allows. Pure.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Error, Minor, Result, Rule, Violations,
    document::{AttachedFile, Line, Situation, Unit},
    error::Conflict,
    event::{About, QuoteFacts, QuoteStage, QuoteStanding},
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
    portion::{self, Left, PartInput, ProgressInput, Taken},
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

/// A line as it stands among what is agreed.
fn kept_line(line: &Line) -> Line {
    Line { is_optional: false, ..line.clone() }
}

fn validity(text: &str) -> Result<u16, Rule> {
    let days: u16 = text.trim().parse().map_err(|_| Rule::NotAWholeNumber)?;
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
                is_goods: false,
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
    /// The files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
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
    /// What of it each invoice deducts. By invoice, so that a draft that is deleted is taken out without a reading.
    #[serde(default)]
    pub deducted_in: BTreeMap<InvoiceId, Minor>,
}

impl QuoteDeposit {
    /// What no invoice deducts yet.
    pub fn left_minor(&self) -> Minor {
        Minor(self.gross_minor.0 - self.deducted_in.values().map(|amount| amount.0).sum::<i64>())
    }
}

/// When deposits are deducted: what is left of them, the last invoice always deducts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Recovery {
    /// From the last invoice.
    #[default]
    Last,
    /// In proportion to what is invoiced.
    ProRata,
    /// At once, as far as the invoice goes.
    InFull,
}

impl Recovery {
    pub const ALL: [Self; 3] = [Self::ProRata, Self::InFull, Self::Last];

    /// The value of the API and of a form field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::ProRata => "pro_rata",
            Self::InFull => "in_full",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Last => "Sur la dernière facture",
            Self::ProRata => "Au prorata de l’avancement",
            Self::InFull => "En totalité dès cette situation",
        }
    }

    /// In proportion where nothing is said.
    pub fn named(name: &str) -> Result<Self, Rule> {
        if name.is_empty() {
            return Ok(Self::ProRata);
        }
        Self::ALL.into_iter().find(|recovery| recovery.name() == name).ok_or(Rule::NotAChoice)
    }
}

/// How far the lines of a quote are, and when its deposits are deducted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SituationInput {
    /// The lines that went on.
    pub lines: Vec<ProgressInput>,
    /// `pro_rata`, `in_full` or `last`; `pro_rata` where nothing is said.
    pub deposits: String,
}

/// What is invoiced of a quote.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// These parts, or all that is left where none is named.
    Parts(&'a [PartInput]),
    /// What was done since the last time (situation de travaux).
    Progress(&'a [ProgressInput]),
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
    /// How it stands for whoever counts quotes; none of a draft.
    pub fn standing(&self) -> Option<QuoteStanding> {
        let (number, sent_on, valid_until) = (self.number.clone()?, self.sent_on?, self.valid_until?);
        let answered_on = self.answered_on.unwrap_or(sent_on);
        let (stage, on) = match self.progress {
            Progress::Draft => return None,
            // The clock found it, and does not look at it again.
            Progress::Sent if self.look_on.is_none() => (QuoteStage::Expired, valid_until.tomorrow().ok()?),
            Progress::Sent => (QuoteStage::Sent, sent_on),
            Progress::Accepted | Progress::Invoiced => (QuoteStage::Accepted, answered_on),
            Progress::Refused => (QuoteStage::Refused, answered_on),
            Progress::Replaced => (QuoteStage::Replaced, self.later.first().map_or(sent_on, |later| later.sent_on)),
        };
        let Priced { currency, totals, .. } = self.agreed();
        let reference = &self.client.reference;
        let facts = QuoteFacts {
            number,
            client: reference.id,
            assigned_to: reference.assigned_to,
            currency: *currency,
            net_minor: totals.net_minor,
            gross_minor: totals.gross_minor,
            sent_on,
            valid_until,
        };
        Some(QuoteStanding { stage, on, facts: Some(facts) })
    }

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
            attachments: Vec::new(),
        }
    }

    /// A draft with the content of this one, of whatever state. Its files stay behind: a copy is another offer, and what was
    /// added to this one may be for its client alone.
    pub fn copied(&self, id: QuoteId, created_at: Timestamp, client: Client) -> Self {
        let content =
            QuoteContent { words: self.words.clone(), validity_days: self.validity_days, priced: self.priced.clone() };
        Self::draft(id, created_at, client, content)
    }

    /// What was sent is revised, not edited: this one with its successor, and the successor as a draft. Nothing of it
    /// counts before it is sent. It is the same offer, so its files go along.
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
        let draft = Self { former, attachments: self.attachments.clone(), ..self.copied(by, created_at, client) };
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
        let attachments = self.attachments.clone();
        Ok(Self { former, came_too_late, attachments, ..Self::draft(self.id, self.created_at, client, content) })
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
        let kept = kept.map(|(_, line)| kept_line(line)).collect();
        Priced::add_up(currency, treatment, kept, discount).map(Some).map_err(Error::internal)
    }

    /// What people are told of it.
    pub fn about(&self) -> About {
        let client = Some(self.client.reference.id);
        let agreed = self.agreed();
        About { label: self.number.clone(), client, ..About::default() }
            .worth(agreed.totals.gross_minor, agreed.currency)
    }

    /// What is agreed: what was offered, less the options that were not chosen.
    pub fn agreed(&self) -> &Priced {
        self.agreed.as_ref().unwrap_or(&self.priced)
    }

    /// By line, whether it counts, once the client chose among what was offered beside the rest.
    pub fn chosen(&self) -> Option<Vec<bool>> {
        let (agreed, offered) = (self.agreed.as_ref()?, &self.priced.lines);
        let lines = offered.iter().enumerate().map(|(at, line)| {
            // A line that counts anyhow may be like an option, and so may the options before this one.
            let like = kept_line(line);
            let kept = agreed.lines.iter().filter(|kept| **kept == like).count();
            let others = offered.iter().enumerate().filter(|(other, line)| !line.is_optional || *other < at);
            let others = others.filter(|(_, other)| kept_line(other) == like).count();
            !line.is_optional || kept > others
        });
        Some(lines.collect())
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

    /// Takes what is wanted of it for an invoice.
    pub fn invoiced(&self, invoice: InvoiceId, wanted: Wanted<'_>) -> Result<(Self, Priced, Option<Situation>)> {
        self.must_be_accepted()?;
        self.may_have_another()?;
        let left = self.left();
        let mut wrong = Violations::default();
        let (parts, situation) = match wanted {
            Wanted::Parts(inputs) => (portion::parse(inputs, self.agreed(), &left, "Avancement", &mut wrong), None),
            Wanted::Progress(inputs) => {
                let parts = portion::parse_progress(inputs, self.agreed(), &left, &mut wrong);
                if parts.is_empty() && wrong.is_empty() {
                    wrong.add("/lines", Rule::NothingDone);
                }
                (parts, Some(self.next_situation(&left)))
            }
        };
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let priced = portion::add_up(self.agreed(), &left, &parts).map_err(Error::internal)?;
        let mut taken = portion::taken(parts, priced.vat.clone());
        taken.situation = situation.map(|situation| situation.number);
        let mut invoiced = self.clone();
        invoiced.parts.insert(invoice, taken);
        if invoiced.left().is_nothing() {
            invoiced.progress = Progress::Invoiced;
        }
        Ok((invoiced, priced, situation))
    }

    pub fn next_situation(&self, left: &Left) -> Situation {
        let last = self.parts.values().filter_map(|taken| taken.situation).max().unwrap_or_default();
        let agreed_minor = self.agreed().totals.net_minor;
        Situation { number: last + 1, agreed_minor, before_minor: Minor(agreed_minor.0 - left.net_minor().0) }
    }

    /// What of a deposit an invoice of `gross` deducts. `self` is the quote with that invoice.
    pub fn deducted(&self, deposit: &QuoteDeposit, recovery: Recovery, gross: Minor) -> Minor {
        let left = deposit.left_minor();
        // Whatever was agreed before, in the end all of it is deducted: what is too much is given back.
        if self.progress == Progress::Invoiced {
            return left.max(Minor::ZERO);
        }
        let wanted = match recovery {
            Recovery::Last => Minor::ZERO,
            Recovery::InFull => left,
            Recovery::ProRata => {
                let agreed = self.agreed().totals.gross_minor;
                let invoiced = Minor(agreed.0 - self.left().gross_minor().0);
                let target = shared(deposit.gross_minor, &[invoiced, Minor(agreed.0 - invoiced.0)]);
                let before = Minor(deposit.gross_minor.0 - left.0);
                Minor(target.map_or(0, |target| target[0].0) - before.0)
            }
        };
        wanted.min(left).min(gross).max(Minor::ZERO)
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

#[cfg(test)]
mod tests {
    use kernel::{
        Currency,
        document::{VatCategory, VatRate},
        pricing::{Discount, net_of},
        vat::Treatment,
    };
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::client;

    fn invoice(n: usize) -> InvoiceId {
        InvoiceId::from_ulid(Ulid(n as u128 + 1))
    }

    fn accepted(lines: &[(u32, u32, usize)], discount: Option<u32>, currency: Currency) -> Quote {
        let rate = |at: usize| VatRate {
            category: VatCategory::S,
            percent: ["20", "10", "5.5"][at].parse().unwrap(),
            exemption_reason: None,
            exemption_code: None,
        };
        let lines = lines.iter().map(|(quantity, price, at)| {
            let (quantity, unit_price) =
                (Decimal::new((*quantity).into(), 3), Decimal::new((*price).into(), currency.scale()));
            Line {
                section: None,
                is_optional: false,
                description: "Pose".into(),
                quantity,
                unit: Unit::Piece,
                unit_price,
                discount_percent: Decimal::ZERO,
                discount_minor: Minor::ZERO,
                vat: rate(*at),
                net_minor: net_of(quantity, unit_price, Decimal::ZERO, Minor::ZERO, currency).unwrap(),
                product: None,
                is_goods: false,
            }
        });
        let discount = discount.map(|percent| Discount::Percent(Decimal::new(percent.into(), 2)));
        let priced = Priced::add_up(currency, Treatment::Domestic, lines.collect(), discount).unwrap();
        let reference = client::tests::business("Client");
        let content = QuoteContent { words: Words::default(), validity_days: 30, priced };
        let client = Client { reference, seen: 1 };
        let draft = Quote::draft(QuoteId::from_ulid(Ulid(1)), Timestamp::UNIX_EPOCH, client, content);
        Quote { progress: Progress::Accepted, ..draft }
    }

    /// The one rule that is wrong, at its field.
    fn wrong(result: Result<(Quote, Priced, Option<Situation>)>) -> (String, Rule) {
        match result {
            Err(Error::Invalid(wrong)) => {
                wrong.iter().next().map(|one| (one.pointer.clone(), one.rule.clone())).unwrap()
            }
            other => panic!("{other:?}"),
        }
    }

    fn at(line: usize, percent: &str) -> ProgressInput {
        ProgressInput { line, percent: percent.into() }
    }

    #[test]
    fn what_was_chosen_is_told_apart_from_lines_that_are_like_it() {
        let mut quote = accepted(&[(1_000, 10_000, 0); 4], None, Currency::Eur);
        assert_eq!(quote.chosen(), None);
        for at in [0, 2] {
            quote.priced.lines[at].is_optional = true;
        }
        quote.priced.lines[2].description = "Peinture".into();
        for (options, chosen) in [
            (vec![], [false, true, false, true]),
            (vec![1], [true, true, false, true]),
            (vec![3], [false, true, true, true]),
            (vec![1, 3], [true; 4]),
        ] {
            quote.agreed = quote.choose(&options).unwrap();
            assert_eq!(quote.chosen(), Some(chosen.to_vec()), "{options:?}");
        }
    }

    #[test]
    fn a_situation_invoices_what_was_done_since_the_last_one() {
        let quote = accepted(&[(10_000, 10_000, 0), (1_000, 33_333, 1)], None, Currency::Eur);
        let first = [at(1, "30"), at(2, "33,33")];
        let (quote, priced, situation) = quote.invoiced(invoice(1), Wanted::Progress(&first)).unwrap();
        assert_eq!((priced.lines[0].quantity, priced.lines[0].net_minor), (Decimal::from(3), Minor(30_000)));
        assert_eq!(priced.lines[1].net_minor, Minor(11_110));
        let situation = situation.unwrap();
        assert_eq!((situation.number, situation.before_minor), (1, Minor::ZERO));
        assert_eq!(situation.left_minor(priced.totals.net_minor), Minor(133_333 - 41_110));

        // The first line alone goes on.
        let second = [at(1, "80"), at(2, "33.33")];
        let (quote, priced, situation) = quote.invoiced(invoice(2), Wanted::Progress(&second)).unwrap();
        assert_eq!((priced.lines.len(), priced.totals.net_minor), (1, Minor(50_000)));
        assert_eq!(situation.map(|situation| (situation.number, situation.before_minor)), Some((2, Minor(41_110))));

        let back = Rule::BelowReached { percent: "80\u{a0}%".into() };
        assert_eq!(
            wrong(quote.invoiced(invoice(3), Wanted::Progress(&[at(1, "79.99")]))),
            ("/lines/0/percent".into(), back)
        );
        let nothing = Wanted::Progress(&second);
        assert_eq!(wrong(quote.invoiced(invoice(3), nothing)), ("/lines".into(), Rule::NothingDone));
        let beyond = wrong(quote.invoiced(invoice(3), Wanted::Progress(&[at(1, "100.01")])));
        assert_eq!(beyond.0, "/lines/0/percent");
        assert_eq!(wrong(quote.invoiced(invoice(3), Wanted::Progress(&[at(3, "50")]))).0, "/lines/0/line");
        let twice = [at(1, "90"), at(1, "95")];
        assert_eq!(wrong(quote.invoiced(invoice(3), Wanted::Progress(&twice))).1, Rule::AlreadyTaken);

        let (quote, ..) = quote.invoiced(invoice(3), Wanted::Progress(&[at(1, "100"), at(2, "100")])).unwrap();
        assert_eq!(quote.progress, Progress::Invoiced);
    }

    #[test]
    fn a_deposit_is_deducted_in_proportion_and_in_the_end_whole() {
        let quote = accepted(&[(1_000, 100_000, 0)], None, Currency::Eur);
        let mut deposit = QuoteDeposit {
            quote: quote.id,
            invoice: invoice(9),
            number: "ACO-2026-0001".into(),
            issued_on: jiff::civil::date(2026, 11, 1),
            gross_minor: Minor(36_000),
            deducted_in: BTreeMap::new(),
        };
        let (quote, priced, _) = quote.invoiced(invoice(1), Wanted::Progress(&[at(1, "25")])).unwrap();
        let gross = priced.totals.gross_minor;
        assert_eq!(quote.deducted(&deposit, Recovery::ProRata, gross), Minor(9_000));
        assert_eq!(quote.deducted(&deposit, Recovery::InFull, gross), Minor(30_000), "no more than the invoice");
        assert_eq!(quote.deducted(&deposit, Recovery::Last, gross), Minor::ZERO);
        deposit.deducted_in.insert(invoice(1), Minor(9_000));
        let (quote, priced, _) = quote.invoiced(invoice(2), Wanted::Progress(&[at(1, "100")])).unwrap();
        assert_eq!(quote.deducted(&deposit, Recovery::Last, priced.totals.gross_minor), Minor(27_000));
    }

    proptest! {
        /// Parts by quantity, by amount and by progress, drafts that are deleted again, in any order.
        #[test]
        fn whatever_is_invoiced_of_a_quote_never_exceeds_it_and_in_the_end_is_it(
            lines in proptest::collection::vec((1_u32..200_000, 0_u32..2_000_000, 0_usize..3), 1..6),
            discount in proptest::option::of(0_u32..=9_999),
            steps in proptest::collection::vec((0_usize..6, 0_u32..=10_000, 0_usize..4), 0..15),
            scale in 0_usize..3,
        ) {
            let currency = [Currency::Xof, Currency::Eur, Currency::Tnd][scale];
            let whole = accepted(&lines, discount, currency);
            let agreed = whole.agreed().totals;
            let mut quote = whole.clone();
            let mut invoiced: BTreeMap<InvoiceId, Minor> = BTreeMap::new();
            for (step, (line, hundredths, how)) in steps.into_iter().enumerate() {
                let left = quote.left();
                let Some(of_line) = left.lines.get(line) else { continue };
                let percent = Decimal::new(hundredths.into(), 2);
                let share = percent / Decimal::ONE_HUNDRED;
                let part = |quantity: String, amount: String| PartInput { line: line + 1, quantity, amount };
                let taken = match how {
                    0 => {
                        let quantity = (of_line.quantity * share).trunc_with_scale(4);
                        quote.invoiced(invoice(step), Wanted::Parts(&[part(quantity.to_string(), String::new())]))
                    }
                    1 => {
                        let amount = Minor(of_line.net_minor.0 * i64::from(hundredths) / 10_000);
                        quote.invoiced(invoice(step), Wanted::Parts(&[part(String::new(), amount.plain(currency))]))
                    }
                    2 => quote.invoiced(invoice(step), Wanted::Progress(&[at(line + 1, &percent.to_string())])),
                    _ => {
                        // As a deleted draft leaves it.
                        if let Some((id, _)) = invoiced.pop_first() {
                            quote.parts.remove(&id);
                            quote.progress = Progress::Accepted;
                        }
                        continue;
                    }
                };
                match taken {
                    Ok((next, priced, _)) => {
                        prop_assert!(priced.lines.iter().all(|line| line.net_minor >= Minor::ZERO));
                        invoiced.insert(invoice(step), priced.totals.gross_minor);
                        quote = next;
                    }
                    // Nothing of it is left, it is further already, or it is invoiced.
                    Err(Error::Invalid(_) | Error::Conflict(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                let sum: i64 = invoiced.values().map(|gross| gross.0).sum();
                prop_assert!(sum <= agreed.gross_minor.0);
                let left = quote.left();
                prop_assert!(left.lines.iter().all(|left| left.net_minor >= Minor::ZERO && left.quantity >= Decimal::ZERO));
            }
            if quote.progress != Progress::Invoiced {
                let (done, rest, _) = quote.invoiced(invoice(100), Wanted::Parts(&[])).unwrap();
                invoiced.insert(invoice(100), rest.totals.gross_minor);
                quote = done;
            }
            prop_assert_eq!(quote.progress, Progress::Invoiced);
            prop_assert_eq!(invoiced.values().map(|gross| gross.0).sum::<i64>(), agreed.gross_minor.0);
        }
    }
}
