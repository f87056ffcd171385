//! Telephone numbers. What is a number of some plan is kept in its international form (ITU-T E.123: `+33 4 78 00 00 00`),
//! which says the same wherever it is read; what is none (an extension, a note) is kept as it was typed. Pure.

use phonenumber::{Mode, PhoneNumber, country};

/// A number as it is stored. One without a prefix is of `country`, ISO 3166-1 alpha-2, of France where that is empty.
pub fn normalized(typed: &str, country: &str) -> String {
    match number(typed, country) {
        // Its form would say `ext.`, which nobody typed.
        Some(number) if number.extension().is_none() => number.format().mode(Mode::International).to_string(),
        _ => typed.into(),
    }
}

/// What two ways of writing one number have in common (ITU-T E.164: `+33478000000`); none of what is no number.
pub fn e164(text: &str, country: &str) -> Option<String> {
    number(text, country).map(|number| number.format().mode(Mode::E164).to_string())
}

/// As pages show a number that is stored: French ones as people in France write them.
pub fn shown(stored: &str) -> String {
    match stored.strip_prefix("+33 ") {
        Some(national) => format!("0{national}"),
        None => stored.into(),
    }
}

fn number(text: &str, country: &str) -> Option<PhoneNumber> {
    let country = country.trim().to_uppercase().parse().unwrap_or(country::FR);
    phonenumber::parse(Some(country), text).ok().filter(PhoneNumber::is_valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_stored_in_one_way_however_it_is_typed() {
        for typed in ["04 78 00 00 00", "0478000000", "04.78.00.00.00", "+33 (0)4 78 00 00 00", "0033478000000"] {
            assert_eq!(normalized(typed, ""), "+33 4 78 00 00 00", "{typed}");
            assert_eq!(e164(typed, "FR").as_deref(), Some("+33478000000"), "{typed}");
        }
        assert_eq!(normalized("0470 12 34 56", "BE"), "+32 470 12 34 56");
        assert_eq!(normalized("+32 470 12 34 56", "FR"), "+32 470 12 34 56");
        // What is stored says the same wherever it is read again.
        for stored in ["+33 4 78 00 00 00", "+32 470 12 34 56", "+262 692 12 34 56"] {
            assert_eq!(normalized(stored, "MA"), stored);
        }
    }

    #[test]
    fn what_is_no_number_stays_as_it_was_typed() {
        for typed in ["poste 12", "3.14", "0478000000 ou 0600000000", "12", "+999 1", "00000000000"] {
            assert_eq!(normalized(typed, "FR"), typed);
            assert_eq!(e164(typed, "FR"), None, "{typed}");
        }
        assert_eq!(normalized("04 78 00 00 00 ext. 12", ""), "04 78 00 00 00 ext. 12");
        assert_eq!(normalized("04 78 00 00 00", "??"), "+33 4 78 00 00 00");
    }

    #[test]
    fn french_numbers_are_shown_as_people_write_them() {
        assert_eq!(shown("+33 4 78 00 00 00"), "04 78 00 00 00");
        assert_eq!(shown("+32 470 12 34 56"), "+32 470 12 34 56");
        assert_eq!(shown("poste 12"), "poste 12");
    }
}
