//! The official scale for one's own vehicle (barème kilométrique), by year of the tax on which it is given: dated data. Pure.

use jiff::civil::Date;
use kernel::{Currency, Minor, Rule};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What somebody drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Vehicle {
    /// By fiscal horsepower (chevaux fiscaux): 3 or fewer.
    Car3,
    Car4,
    Car5,
    Car6,
    /// 7 or more.
    Car7,
    /// More than 50 cm³: 1 or 2.
    Motorcycle2,
    /// 3 to 5.
    Motorcycle5,
    /// More than 5.
    Motorcycle6,
    /// Up to 50 cm³.
    Moped,
}

impl Vehicle {
    pub const ALL: [Self; 9] = [
        Self::Car3,
        Self::Car4,
        Self::Car5,
        Self::Car6,
        Self::Car7,
        Self::Motorcycle2,
        Self::Motorcycle5,
        Self::Motorcycle6,
        Self::Moped,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Car3 => "car3",
            Self::Car4 => "car4",
            Self::Car5 => "car5",
            Self::Car6 => "car6",
            Self::Car7 => "car7",
            Self::Motorcycle2 => "motorcycle2",
            Self::Motorcycle5 => "motorcycle5",
            Self::Motorcycle6 => "motorcycle6",
            Self::Moped => "moped",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Car3 => "Voiture, 3 CV et moins",
            Self::Car4 => "Voiture, 4 CV",
            Self::Car5 => "Voiture, 5 CV",
            Self::Car6 => "Voiture, 6 CV",
            Self::Car7 => "Voiture, 7 CV et plus",
            Self::Motorcycle2 => "Moto, 1 ou 2 CV",
            Self::Motorcycle5 => "Moto, 3 à 5 CV",
            Self::Motorcycle6 => "Moto, plus de 5 CV",
            Self::Moped => "Cyclomoteur (50 cm³ et moins)",
        }
    }

    pub fn named(name: &str) -> Result<Self, Rule> {
        Self::ALL.into_iter().find(|vehicle| vehicle.name() == name.trim()).ok_or(Rule::NotAChoice)
    }

    /// The row of a table, and where its brackets end.
    const fn row(self) -> (usize, [i64; 2]) {
        match self {
            Self::Car3 => (0, CAR),
            Self::Car4 => (1, CAR),
            Self::Car5 => (2, CAR),
            Self::Car6 => (3, CAR),
            Self::Car7 => (4, CAR),
            Self::Motorcycle2 => (5, CYCLE),
            Self::Motorcycle5 => (6, CYCLE),
            Self::Motorcycle6 => (7, CYCLE),
            Self::Moped => (8, CYCLE),
        }
    }
}

const CAR: [i64; 2] = [5_000, 20_000];
const CYCLE: [i64; 2] = [3_000, 6_000];

/// Of each vehicle: thousandths of a euro a kilometre in the first bracket; thousandths a kilometre and whole euros in the
/// second; thousandths in the last.
type Table = [(i64, (i64, i64), i64); 9];

struct Scale {
    /// Of what was driven from this day on.
    from: Date,
    table: &'static Table,
    source: &'static str,
}

/// Arrêté du 27 mars 2023 (CGI ann. IV art. 6 B), which stood for what was driven in 2022 and has not been raised since.
static OF_2022: Table = [
    (529, (316, 1_065), 370),
    (606, (340, 1_330), 407),
    (636, (357, 1_395), 427),
    (665, (374, 1_457), 447),
    (697, (394, 1_515), 470),
    (395, (99, 891), 248),
    (468, (82, 1_158), 275),
    (606, (79, 1_583), 343),
    (315, (79, 711), 198),
];

static SCALES: &[Scale] = &[Scale {
    from: jiff::civil::date(2022, 1, 1),
    table: &OF_2022,
    source: "Arrêté du 27 mars 2023 (CGI, annexe IV, art. 6 B)",
}];

fn scale(on: Date) -> Option<&'static Scale> {
    SCALES.iter().rev().find(|scale| scale.from <= on)
}

/// Where the scale of a day comes from.
pub fn source(on: Date) -> &'static str {
    scale(on).map_or("", |scale| scale.source)
}

/// What so many kilometres more come to on a day, in euros: what all of the year's come to, less what those before did. An
/// electric vehicle has a fifth more (same arrêté). None of a day before there was a scale that we know.
pub fn allowance(vehicle: Vehicle, is_electric: bool, before_km: u32, km: u32, on: Date) -> Option<Minor> {
    let table = scale(on)?.table;
    let thousandths = of(table, vehicle, i64::from(before_km) + i64::from(km)) - of(table, vehicle, before_km.into());
    let factor = if is_electric { Decimal::new(12, 1) } else { Decimal::ONE };
    Minor::round(Decimal::new(thousandths, 3) * factor, Currency::Eur).ok()
}

/// In thousandths of a euro.
fn of(table: &Table, vehicle: Vehicle, km: i64) -> i64 {
    let (row, [first, second]) = vehicle.row();
    let (low, (middle, fixed), high) = table[row];
    match km {
        km if km <= first => km * low,
        km if km <= second => km * middle + fixed * 1_000,
        km => km * high,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_examples_of_the_scale() {
        let now = date(2026, 11, 30);
        for (vehicle, is_electric, before, km, euros, why) in [
            // The administration's own example: 4 000 km with 6 CV.
            (Vehicle::Car6, false, 0, 4_000, 266_000, "4 000 × 0,665"),
            (Vehicle::Car5, false, 0, 6_000, 353_700, "6 000 × 0,357 + 1 395"),
            (Vehicle::Car3, false, 0, 5_000, 264_500, "5 000 × 0,529"),
            (Vehicle::Car7, false, 0, 22_000, 1_034_000, "22 000 × 0,470"),
            (Vehicle::Car4, true, 0, 1_000, 72_720, "1 000 × 0,606 + 20 %"),
            (Vehicle::Motorcycle5, false, 0, 3_000, 140_400, "3 000 × 0,468"),
            (Vehicle::Moped, false, 0, 5_000, 110_600, "5 000 × 0,079 + 711"),
            // What was driven before moves into the next bracket.
            (Vehicle::Car5, false, 4_900, 200, 9_930, "5 100 × 0,357 + 1 395 − 4 900 × 0,636"),
            (Vehicle::Car5, false, 0, 1, 64, "0,636, rounded"),
            (Vehicle::Car5, false, 0, 0, 0, "nothing"),
        ] {
            assert_eq!(allowance(vehicle, is_electric, before, km, now), Some(Minor(euros)), "{why}");
        }
        assert_eq!(allowance(Vehicle::Car5, false, 0, 1_000, date(2021, 12, 31)), None, "another scale held then");
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let now = date(2026, 3, 1);
        for vehicle in Vehicle::ALL {
            let whole = allowance(vehicle, false, 0, 24_000, now).unwrap();
            let parts: i64 = (0..24).map(|n| allowance(vehicle, false, n * 1_000, 1_000, now).unwrap().0).sum();
            assert_eq!(parts, whole.0, "{vehicle:?}");
        }
    }
}
