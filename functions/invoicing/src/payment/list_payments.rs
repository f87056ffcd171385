//! The payments of a year, a month or a day, narrowed: to a client, a method, a text.

use jiff::civil::Date;
use kernel::{
    Error, Result,
    id::CompanyId,
    page::{Page, PageRequest},
    text,
};
use serde::Deserialize;
use table::{Order, Scope, Stored};

use super::{Method, Payment};

/// What `?period=…&method=…&client_id=…&q=…` asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub period: String,
    pub method: String,
    pub client_id: String,
    pub q: String,
}

/// A year, a month or a day, as dates begin: `2026`, `2026-11`, `2026-11-25`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period(String);

impl Period {
    pub fn month_of(date: Date) -> Self {
        Self(format!("{:04}-{:02}", date.year(), date.month()))
    }

    /// None where it is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            10 => text.to_owned(),
            _ => return None,
        };
        kernel::legal::date(&whole).ok().map(|_| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Filter {
    /// The period that is asked for; without one, the month in which `today` is.
    pub fn period(&self, today: Date) -> Result<Period> {
        match self.period.trim() {
            "" => Ok(Period::month_of(today)),
            text => Period::parse(text)
                .ok_or_else(|| Error::Malformed { detail: "period must be YYYY, YYYY-MM or YYYY-MM-DD".into() }),
        }
    }

    pub fn narrows(&self) -> bool {
        [&self.method, &self.client_id, &self.q].iter().any(|field| !field.trim().is_empty())
    }

    fn keeps(&self, payment: &Payment, client: Option<CompanyId>, method: Option<Method>, words: &str) -> bool {
        let of = payment.of.as_ref();
        let told = || {
            let (number, name) = of.map(|of| (of.number.as_str(), of.client_name.as_str())).unwrap_or_default();
            text::folded(&format!("{number} {name} {}", payment.reference.as_deref().unwrap_or_default()))
        };
        client.is_none_or(|client| of.is_some_and(|of| of.client == client))
            && method.is_none_or(|method| payment.method == method)
            && (words.is_empty() || told().contains(words))
    }

    /// The link to the same.
    pub fn link(&self, path: &str, cursor: Option<&str>) -> String {
        let fields = [
            ("period", self.period.as_str()),
            ("method", &self.method),
            ("client_id", &self.client_id),
            ("q", &self.q),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(path, &fields)
    }
}

/// The latest first. A page may have fewer than were asked for: those that the filter leaves of what was read.
pub async fn list_payments(
    scope: &Scope,
    filter: &Filter,
    today: Date,
    request: &PageRequest,
) -> Result<Page<Stored<Payment>>> {
    let period = filter.period(today)?;
    let client = match filter.client_id.trim() {
        "" => None,
        id => Some(id.parse::<CompanyId>().map_err(|_| Error::Malformed { detail: "unknown client_id".into() })?),
    };
    let method = match filter.method.trim() {
        "" => None,
        name if name == Method::Credit.name() => Some(Method::Credit),
        name => Some(Method::named(name).map_err(|_| Error::Malformed { detail: "unknown method".into() })?),
    };
    let words = text::folded(filter.q.trim());
    let list = scope.keys().payments(period.as_str());
    let mut found = scope.list::<Payment>(&list, request, Order::Descending).await?;
    found.items.retain(|payment| filter.keeps(payment, client, method, &words));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_year_a_month_or_a_day() {
        for text in ["2026", "2026-11", "2026-11-25"] {
            assert_eq!(Period::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "26", "2026-13", "2026-11-31", "2026-1", "abcd", "2026-11-25T", "ééé"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_query_says_what_the_filter_does() {
        let filter = Filter { period: "2026-11".into(), q: "Dupré & fils".into(), ..Filter::default() };
        assert_eq!(filter.link("/x", Some("ab")), "/x?period=2026-11&q=Dupr%C3%A9+%26+fils&cursor=ab");
        assert!(filter.narrows() && !Filter::default().narrows());
    }
}
