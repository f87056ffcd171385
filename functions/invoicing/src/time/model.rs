//! Time for a client, and the lines of an invoice that follow from it. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule, Violations,
    document::Unit,
    error::Conflict,
    id::{CompanyId, InvoiceId, TimeEntryId, UserId},
    legal,
    reference::OrganizationReference,
    text,
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::Grouping;
use crate::{
    client::Client,
    content::{LineInput, parse_unit_price, parse_vat_percent},
};

/// The states of a list, as addresses name them.
pub const STATES: [&str; 2] = ["open", "invoiced"];

const DESCRIPTION_MAX: usize = 300;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeInput {
    /// `com_…`
    pub client_id: String,
    /// `YYYY-MM-DD`, not after today; empty for today.
    #[serde(default)]
    pub worked_on: String,
    /// `1:30`, `1h30`, `45 min`, or hours: `1.5`. At most 24 hours.
    pub duration: String,
    pub description: String,
    /// Net of VAT, per hour, at most 4 decimals.
    pub hourly_price: String,
    /// Per cent: `20`, `10`, `5.5`, `2.1`; `0` under the franchise.
    pub vat_percent: String,
    /// `usr_…`, who did it; empty for who asks.
    #[serde(default)]
    pub assigned_to: String,
}

/// Time whose fields are right.
pub struct TimeContent {
    pub worked_on: Date,
    pub minutes: u16,
    pub description: String,
    pub hourly_price: Decimal,
    pub vat_percent: Decimal,
}

impl TimeInput {
    pub fn parse(&self, organization: &OrganizationReference, today: Date) -> Result<TimeContent, Violations> {
        let mut wrong = Violations::default();
        let worked_on = wrong.take("/worked_on", worked_on(&self.worked_on, today));
        let minutes = wrong.take("/duration", legal::duration(&self.duration));
        let description = wrong.take("/description", legal::required(&self.description, DESCRIPTION_MAX));
        let hourly_price = wrong.take("/hourly_price", parse_unit_price(&self.hourly_price));
        let regime = organization.vat_regime;
        let vat_percent = wrong.take("/vat_percent", parse_vat_percent(&self.vat_percent, regime, today));
        match (worked_on, minutes, description, hourly_price, vat_percent, wrong.is_empty()) {
            (Some(worked_on), Some(minutes), Some(description), Some(hourly_price), Some(vat_percent), true) => {
                Ok(TimeContent { worked_on, minutes, description, hourly_price, vat_percent })
            }
            _ => Err(wrong),
        }
    }

    pub fn of(entry: &TimeEntry) -> Self {
        Self {
            client_id: entry.client.to_string(),
            worked_on: entry.worked_on.to_string(),
            duration: format!("{}:{:02}", entry.minutes / 60, entry.minutes % 60),
            description: entry.description.clone(),
            hourly_price: entry.hourly_price.normalize().to_string(),
            vat_percent: entry.vat_percent.normalize().to_string(),
            assigned_to: entry.assigned_to.map(|user| user.to_string()).unwrap_or_default(),
        }
    }
}

fn worked_on(text: &str, today: Date) -> Result<Date, Rule> {
    let on = if text.trim().is_empty() { today } else { legal::date(text)? };
    if on > today { Err(Rule::After { date: text::french_date(today) }) } else { Ok(on) }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeEntry {
    pub id: TimeEntryId,
    pub created_at: Timestamp,
    pub client: CompanyId,
    /// The client's, when the time was recorded.
    pub client_name: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    pub worked_on: Date,
    pub minutes: u16,
    pub description: String,
    /// Net of VAT.
    pub hourly_price: Decimal,
    pub currency: Currency,
    pub vat_percent: Decimal,
    /// The invoice, or its draft, on which it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<InvoiceId>,
}

impl TimeEntry {
    pub fn new(
        id: TimeEntryId,
        created_at: Timestamp,
        client: &Client,
        assigned_to: Option<UserId>,
        currency: Currency,
        content: TimeContent,
    ) -> Self {
        Self {
            id,
            created_at,
            client: client.reference.id,
            client_name: client.reference.name.clone(),
            assigned_to,
            worked_on: content.worked_on,
            minutes: content.minutes,
            description: content.description,
            hourly_price: content.hourly_price,
            currency,
            vat_percent: content.vat_percent,
            invoice: None,
        }
    }

    pub fn edited(
        &self,
        client: &Client,
        assigned_to: Option<UserId>,
        currency: Currency,
        content: TimeContent,
    ) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self::new(self.id, self.created_at, client, assigned_to, currency, content))
    }

    /// On an invoice from now on.
    pub fn invoiced(&self, invoice: InvoiceId) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self { invoice: Some(invoice), ..self.clone() })
    }

    /// The draft on which it stood is deleted, or the invoice given back whole.
    pub fn released(&self) -> Self {
        Self { invoice: None, ..self.clone() }
    }

    pub fn must_be_open(&self) -> Result<()> {
        if self.invoice.is_none() { Ok(()) } else { Err(Error::Conflict(Conflict::TimeInvoiced)) }
    }

    pub const fn state(&self) -> &'static str {
        if self.invoice.is_none() { STATES[0] } else { STATES[1] }
    }

    /// What it is worth, net of VAT.
    pub fn net(&self) -> Minor {
        net_of(u32::from(self.minutes), self.hourly_price, self.currency)
    }
}

/// Hours as a line counts them.
fn hours(minutes: u32) -> Decimal {
    (Decimal::from(minutes) / Decimal::from(60)).round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}

fn net_of(minutes: u32, hourly_price: Decimal, currency: Currency) -> Minor {
    Minor::round(hours(minutes) * hourly_price, currency).unwrap_or(Minor::MAX)
}

/// The lines of an invoice over these entries, which are of one currency: never one line for different prices or rates.
pub fn lines(entries: &[TimeEntry], grouping: Grouping, organization: &OrganizationReference) -> Vec<LineInput> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|entry| (entry.worked_on, entry.id));
    let mut groups: Vec<Vec<&TimeEntry>> = Vec::new();
    for entry in entries {
        let alike = |group: &&mut Vec<&TimeEntry>| {
            group.first().is_some_and(|first| {
                (first.hourly_price, first.vat_percent) == (entry.hourly_price, entry.vat_percent)
                    && match grouping {
                        Grouping::Entry => false,
                        Grouping::Description => first.description == entry.description,
                        Grouping::Total => true,
                    }
            })
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    groups.into_iter().filter_map(|group| line(&group, grouping, organization)).collect()
}

fn line(group: &[&TimeEntry], grouping: Grouping, organization: &OrganizationReference) -> Option<LineInput> {
    let (first, last) = (group.first()?, group.last()?);
    let minutes: u32 = group.iter().map(|entry| u32::from(entry.minutes)).sum();
    let days = if first.worked_on == last.worked_on {
        format!("Le {}", organization.date(first.worked_on))
    } else {
        format!("Du {} au {}", organization.date(first.worked_on), organization.date(last.worked_on))
    };
    let name = match grouping {
        Grouping::Entry | Grouping::Description => first.description.as_str(),
        Grouping::Total => "Temps passé",
    };
    let description = format!("{name}\n{days}, {}", text::french_duration(minutes));
    Some(LineInput {
        description,
        quantity: hours(minutes).normalize().to_string(),
        unit: Unit::Hour.name().into(),
        unit_price: first.hourly_price.normalize().to_string(),
        vat_percent: first.vat_percent.normalize().to_string(),
        ..LineInput::blank(organization.vat_regime)
    })
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use kernel::id::OrganizationId;
    use proptest::prelude::*;
    use serde_json::json;
    use table::{TenantKeys, item::golden};
    use ulid::Ulid;

    use super::*;

    const ORGANIZATION: OrganizationId = OrganizationId::from_ulid(Ulid(1));

    fn organization() -> OrganizationReference {
        OrganizationReference::new(ORGANIZATION, "Atelier".into())
    }

    fn entry(n: u128, day: i8, minutes: u16, price: &str, description: &str) -> TimeEntry {
        TimeEntry {
            id: TimeEntryId::from_ulid(Ulid(n)),
            created_at: Timestamp::UNIX_EPOCH,
            client: CompanyId::from_ulid(Ulid(2)),
            client_name: "Client SA".into(),
            assigned_to: Some(UserId::from_ulid(Ulid(4))),
            worked_on: date(2026, 11, day),
            minutes,
            description: description.into(),
            hourly_price: price.parse().unwrap(),
            currency: Currency::Eur,
            vat_percent: Decimal::from(20),
            invoice: None,
        }
    }

    fn told(lines: &[LineInput]) -> Vec<(String, String)> {
        lines.iter().map(|line| (line.description.replace('\u{a0}', " "), line.quantity.clone())).collect()
    }

    #[test]
    fn lines_are_grouped_as_one_wants_and_never_over_different_prices() {
        let entries =
            [entry(3, 12, 90, "80", "Réunion"), entry(1, 3, 60, "80", "Réunion"), entry(2, 4, 20, "95.5", "Réunion")];
        let of = |grouping| told(&lines(&entries, grouping, &organization()));
        let own = |text: &str, quantity: &str| (text.to_owned(), quantity.to_owned());
        assert_eq!(
            of(Grouping::Entry),
            [
                own("Réunion\nLe 03/11/2026, 1 h", "1"),
                own("Réunion\nLe 04/11/2026, 20 min", "0.3333"),
                own("Réunion\nLe 12/11/2026, 1 h 30", "1.5"),
            ]
        );
        assert_eq!(
            of(Grouping::Total),
            [
                own("Temps passé\nDu 03/11/2026 au 12/11/2026, 2 h 30", "2.5"),
                own("Temps passé\nLe 04/11/2026, 20 min", "0.3333"),
            ]
        );
        assert_eq!(of(Grouping::Description).len(), 2);
        assert_eq!(entries[2].net(), Minor(3_183));
    }

    #[test]
    fn time_is_invoiced_once_and_stays_as_it_was() {
        let open = entry(1, 3, 60, "80", "Réunion");
        let invoice = InvoiceId::from_ulid(Ulid(9));
        let invoiced = open.invoiced(invoice).unwrap();
        assert_eq!((open.state(), invoiced.state()), ("open", "invoiced"));
        assert!(invoiced.invoiced(invoice).is_err() && invoiced.must_be_open().is_err());
        assert_eq!(invoiced.released(), open);
    }

    #[test]
    fn what_is_wrong_is_told_field_by_field() {
        let today = date(2026, 11, 22);
        let input = TimeInput {
            worked_on: "2026-11-23".into(),
            duration: "25h".into(),
            hourly_price: "-1".into(),
            vat_percent: "19".into(),
            ..TimeInput::default()
        };
        let wrong = input.parse(&organization(), today).map(|_| ()).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/worked_on", "/duration", "/description", "/hourly_price", "/vat_percent"]);
        let right = TimeInput::of(&entry(1, 3, 65, "80.50", "Réunion"));
        let parsed = right.parse(&organization(), today).map_err(|wrong| format!("{wrong:?}")).unwrap();
        assert_eq!((parsed.minutes, parsed.hourly_price.to_string()), (65, "80.5".into()));
    }

    #[test]
    fn an_entry_is_stored_under_its_state_client_and_day() {
        let stored = golden(&entry(3, 5, 90, "80", "Réunion"), TenantKeys::of(ORGANIZATION)).unwrap();
        assert_eq!(
            (&stored["pk"], &stored["gsi1pk"], &stored["gsi1sk"], &stored["minutes"]),
            (
                &json!("ORG#00000000000000000000000001#TIME_ENTRY#00000000000000000000000003"),
                &json!("ORG#00000000000000000000000001#TIME_ENTRIES"),
                &json!("open#00000000000000000000000002#2026-11-05#00000000000000000000000003"),
                &json!(90),
            )
        );
    }

    proptest! {
        #[test]
        fn no_minute_is_lost_or_counted_twice_however_time_is_grouped(
            some in prop::collection::vec((1_u16..=1_440, 1_i8..=28, 0_usize..3, 0_usize..2), 1..30)
        ) {
            let entries: Vec<_> = some.iter().zip(1_u128..).map(|((minutes, day, price, description), n)| {
                // Minutes that are whole in a ten-thousandth of an hour.
                entry(n, *day, minutes.div_ceil(3) * 3, ["80", "95.5", "0"][*price], ["Réunion", "Plans"][*description])
            }).collect();
            let minutes: u32 = entries.iter().map(|entry| u32::from(entry.minutes)).sum();
            for grouping in Grouping::ALL {
                let hours: Decimal = lines(&entries, grouping, &organization())
                    .iter().map(|line| line.quantity.parse::<Decimal>().unwrap()).sum();
                prop_assert_eq!(hours * Decimal::from(60), Decimal::from(minutes));
            }
        }
    }
}
