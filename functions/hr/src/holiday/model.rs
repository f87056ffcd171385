//! Which year is asked for, and where. Pure.

use jiff::civil::Date;
use kernel::{Rule, Violations, holiday::Region};
use serde::Deserialize;

/// As it stands in an address; the same for the page and the API.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct YearInput {
    /// 1900 to 2200; this year where empty.
    pub year: String,
    /// As [`Region::name`]; `mainland` where empty.
    pub region: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    pub year: i16,
    pub region: Region,
}

/// Easter is computed by the Gregorian calendar, and the law of 2200 nobody knows.
const FIRST: i16 = 1900;
const LAST: i16 = 2200;

impl YearInput {
    pub fn parse(&self, today: Date) -> Result<Year, Violations> {
        let mut wrong = Violations::default();
        let year = wrong.take("/year", year(&self.year, today));
        let region = wrong.take("/region", region(&self.region));
        match (year, region) {
            (Some(year), Some(region)) => Ok(Year { year, region }),
            _ => Err(wrong),
        }
    }
}

fn year(text: &str, today: Date) -> Result<i16, Rule> {
    match text.trim() {
        "" => Ok(today.year()),
        text => match text.parse() {
            Ok(year) if (FIRST..=LAST).contains(&year) => Ok(year),
            Ok(_) => Err(Rule::OutOfRange { min: FIRST.to_string(), max: LAST.to_string() }),
            Err(_) => Err(Rule::NotAWholeNumber),
        },
    }
}

/// Where an input says that one works.
pub fn region(text: &str) -> Result<Region, Rule> {
    match text {
        "" => Ok(Region::default()),
        name => Region::named(name).ok_or(Rule::NotAChoice),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn parsed(year: &str, region: &str) -> Result<Year, Violations> {
        YearInput { year: year.into(), region: region.into() }.parse(date(2026, 11, 30))
    }

    #[test]
    fn this_year_is_meant_where_none_is_named() {
        assert_eq!(parsed("", ""), Ok(Year { year: 2026, region: Region::Mainland }));
        assert_eq!(parsed("2027", "mayotte"), Ok(Year { year: 2027, region: Region::Mayotte }));
        for (year, region) in [("1899", ""), ("2201", ""), ("deux mille", ""), ("99999", ""), ("", "bretagne")] {
            assert!(parsed(year, region).is_err(), "{year} {region}");
        }
    }
}
