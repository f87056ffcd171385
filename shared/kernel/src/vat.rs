//! Why a document charges VAT, or why it does not: the cases of French law with their sentence, dated, and what
//! EN 16931 calls them. Pure.
//!
//! Since 1 September 2026 these articles stand in the CIBS (ordonnance 2025-1247); the references to the CGI are
//! accepted until 31 December 2027 and no official sentences replace them yet: add an entry when there are.

use jiff::civil::{Date, date as on_day};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Rule,
    document::{VatCategory, VatRate},
    legal::{self, Dated},
    reference::{ClientReference, VatRegime},
};

/// How the operations of a whole document are taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// French VAT at the rates of the lines; none under the franchise.
    #[default]
    Domestic,
    /// The French business that buys owes the tax: subcontracted construction, waste, gas…
    ReverseCharge,
    /// Goods to a business of another state of the Union.
    IntraUnionGoods,
    /// Services to a business of another state of the Union.
    IntraUnionServices,
    /// Goods that leave the Union.
    Export,
    /// Services to a business outside the Union.
    OutsideScope,
    MarginSecondHand,
    MarginArt,
    MarginAntiques,
    MarginTravel,
    /// Interest and indemnities for paying late: they are no price of anything. Nobody chooses it.
    LateInterest,
}

struct Case {
    name: &'static str,
    french: &'static str,
    category: VatCategory,
    vatex: &'static str,
    mention: &'static [Dated<&'static str>],
}

const SINCE: Date = on_day(2000, 1, 1);

macro_rules! case {
    ($name:literal, $french:literal, $category:ident, $vatex:literal, $mention:literal, $source:literal) => {
        Case {
            name: $name,
            french: $french,
            category: VatCategory::$category,
            vatex: $vatex,
            mention: &[Dated { valid_from: SINCE, value: $mention, source: $source }],
        }
    };
}

static REVERSE_CHARGE: Case = case!(
    "reverse_charge",
    "Autoliquidation en France (sous-traitance du bâtiment…)",
    AE,
    "VATEX-EU-AE",
    "Autoliquidation",
    "CGI, art. 283, 2 nonies ; ann. II, art. 242 nonies A, I, 13°"
);
static INTRA_UNION_GOODS: Case = case!(
    "intra_union_goods",
    "Livraison de biens à une entreprise de l’Union",
    K,
    "VATEX-EU-IC",
    "Exonération de TVA, article 262 ter, I du CGI",
    "CGI, art. 262 ter, I"
);
static INTRA_UNION_SERVICES: Case = case!(
    "intra_union_services",
    "Prestation de services à une entreprise de l’Union",
    AE,
    "VATEX-EU-AE",
    "Autoliquidation (article 283-2 du CGI, article 196 de la directive 2006/112/CE)",
    "CGI, art. 259, 1°, 283-2 ; directive 2006/112/CE, art. 44 et 196"
);
static EXPORT: Case = case!(
    "export",
    "Exportation de biens hors de l’Union",
    G,
    "VATEX-EU-G",
    "Exonération de TVA, article 262, I du CGI",
    "CGI, art. 262, I"
);
static OUTSIDE_SCOPE: Case = case!(
    "outside_scope",
    "Prestation de services à une entreprise hors de l’Union",
    O,
    "VATEX-EU-O",
    "TVA non applicable, article 259, 1° du CGI",
    "CGI, art. 259, 1°"
);
static MARGIN_SECOND_HAND: Case = case!(
    "margin_second_hand",
    "TVA sur la marge : biens d’occasion",
    E,
    "VATEX-EU-F",
    "Régime particulier – Biens d’occasion",
    "CGI, art. 297 A, 297 E ; ann. II, art. 242 nonies A, I, 15°"
);
static MARGIN_ART: Case = case!(
    "margin_art",
    "TVA sur la marge : objets d’art",
    E,
    "VATEX-EU-I",
    "Régime particulier – Objets d’art",
    "CGI, art. 297 A, 297 E ; ann. II, art. 242 nonies A, I, 15°"
);
static MARGIN_ANTIQUES: Case = case!(
    "margin_antiques",
    "TVA sur la marge : collection et antiquités",
    E,
    "VATEX-EU-J",
    "Régime particulier – Objets de collection et d’antiquité",
    "CGI, art. 297 A, 297 E ; ann. II, art. 242 nonies A, I, 15°"
);
static MARGIN_TRAVEL: Case = case!(
    "margin_travel",
    "TVA sur la marge : agences de voyages",
    E,
    "VATEX-EU-D",
    "Régime particulier – Agences de voyages",
    "CGI, art. 266, 1, e ; ann. II, art. 242 nonies A, I, 14°"
);

static LATE_INTEREST: Case = case!(
    "late_interest",
    "Intérêts et indemnités de retard",
    O,
    "VATEX-EU-O",
    "Pénalités et indemnités de retard hors du champ d’application de la TVA (article 256 du CGI)",
    "CGI, art. 256, I ; CJCE, 1er juillet 1982, aff. 222/81, BAZ Bausystem"
);

impl Treatment {
    /// Those that a person chooses from.
    pub const ALL: [Self; 10] = [
        Self::Domestic,
        Self::ReverseCharge,
        Self::IntraUnionGoods,
        Self::IntraUnionServices,
        Self::Export,
        Self::OutsideScope,
        Self::MarginSecondHand,
        Self::MarginArt,
        Self::MarginAntiques,
        Self::MarginTravel,
    ];

    fn case(self) -> Option<&'static Case> {
        match self {
            Self::Domestic => None,
            Self::ReverseCharge => Some(&REVERSE_CHARGE),
            Self::IntraUnionGoods => Some(&INTRA_UNION_GOODS),
            Self::IntraUnionServices => Some(&INTRA_UNION_SERVICES),
            Self::Export => Some(&EXPORT),
            Self::OutsideScope => Some(&OUTSIDE_SCOPE),
            Self::MarginSecondHand => Some(&MARGIN_SECOND_HAND),
            Self::MarginArt => Some(&MARGIN_ART),
            Self::MarginAntiques => Some(&MARGIN_ANTIQUES),
            Self::MarginTravel => Some(&MARGIN_TRAVEL),
            Self::LateInterest => Some(&LATE_INTEREST),
        }
    }

    pub const fn is_domestic(&self) -> bool {
        matches!(self, Self::Domestic)
    }

    /// The value of the API and of a form field.
    pub fn name(self) -> &'static str {
        self.case().map_or("domestic", |case| case.name)
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|treatment| treatment.name() == name)
    }

    pub fn french(self) -> &'static str {
        self.case().map_or("TVA française", |case| case.french)
    }

    /// The rate of every line where the treatment decides it; `None` where the lines do.
    pub fn rate(self, on: Date) -> Option<VatRate> {
        let case = self.case()?;
        Some(VatRate {
            category: case.category,
            percent: Decimal::ZERO,
            exemption_reason: Some(legal::in_force(case.mention, on).value.into()),
            exemption_code: Some(case.vatex.into()),
        })
    }

    /// Whether a seller of this regime and this client can deal so.
    pub fn fits(self, regime: VatRegime, client: &ClientReference) -> Result<(), Rule> {
        let country = client.address.as_ref().map_or("FR", |address| address.country.as_str());
        let is_abroad = !FRANCE.contains(&country);
        let is_in_union = UNION.contains(&country);
        let needs = |holds: bool, rule: Rule| if holds { Ok(()) } else { Err(rule) };
        if !matches!(self, Self::Domestic | Self::LateInterest) && regime == VatRegime::Franchise {
            return Err(Rule::NotUnderFranchise);
        }
        match self {
            Self::Domestic
            | Self::MarginSecondHand
            | Self::MarginArt
            | Self::MarginAntiques
            | Self::MarginTravel
            | Self::LateInterest => Ok(()),
            Self::ReverseCharge => {
                needs(client.is_business, Rule::BusinessesOnly)?;
                needs(client.vat_number.is_some(), Rule::ClientVatNumberMissing)
            }
            Self::IntraUnionGoods | Self::IntraUnionServices => {
                needs(is_in_union && is_abroad, Rule::NotForThisCountry)?;
                needs(client.is_business, Rule::BusinessesOnly)?;
                needs(client.vat_number.is_some(), Rule::ClientVatNumberMissing)
            }
            Self::Export => needs(is_abroad && !is_in_union, Rule::NotForThisCountry),
            Self::OutsideScope => {
                needs(is_abroad && !is_in_union, Rule::NotForThisCountry)?;
                needs(client.is_business, Rule::BusinessesOnly)
            }
        }
    }
}

/// Where French VAT is due as in France: metropolitan France and Monaco (CGI, art. 256-0).
const FRANCE: [&str; 2] = ["FR", "MC"];

/// The states of the Union other than France; XI is Northern Ireland, for goods.
const UNION: [&str; 26] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::{document::Address, id::CompanyId};

    fn client(country: &str, is_business: bool, vat_number: Option<&str>) -> ClientReference {
        ClientReference {
            id: CompanyId::from_ulid(Ulid(1)),
            name: "Client".into(),
            is_business,
            address: Some(Address { country: country.into(), ..Address::default() }),
            siret: None,
            vat_number: vat_number.map(Into::into),
            email: None,
            contact: None,
            assigned_to: None,
            terms: None,
            archived: false,
        }
    }

    #[test]
    fn a_treatment_has_one_name_and_its_stored_form_is_that_name() {
        for treatment in Treatment::ALL {
            assert_eq!(serde_json::to_value(treatment).unwrap(), treatment.name());
            assert_eq!(Treatment::named(treatment.name()), Some(treatment));
        }
    }

    #[test]
    fn each_treatment_says_why_no_vat_is_charged() {
        let on = on_day(2026, 11, 25);
        for treatment in Treatment::ALL.into_iter().filter(|treatment| !treatment.is_domestic()) {
            let rate = treatment.rate(on).unwrap();
            assert!(rate.percent.is_zero() && rate.category != VatCategory::S, "{treatment:?}");
            assert!(rate.exemption_reason.is_some_and(|reason| !reason.is_empty()), "{treatment:?}");
            assert!(rate.exemption_code.is_some_and(|code| code.starts_with("VATEX-")), "{treatment:?}");
        }
        assert_eq!(Treatment::Domestic.rate(on), None);
    }

    #[test]
    fn a_treatment_wants_the_client_that_it_is_made_for() {
        let fits = |treatment: Treatment, client: &ClientReference| treatment.fits(VatRegime::Normal, client);
        let german = client("DE", true, Some("DE136695976"));
        assert_eq!(fits(Treatment::IntraUnionGoods, &german), Ok(()));
        assert_eq!(fits(Treatment::Export, &german), Err(Rule::NotForThisCountry));
        let unnumbered = client("DE", true, None);
        assert_eq!(fits(Treatment::IntraUnionServices, &unnumbered), Err(Rule::ClientVatNumberMissing));
        let french = client("FR", true, Some("FR44732829320"));
        assert_eq!(fits(Treatment::ReverseCharge, &french), Ok(()));
        assert_eq!(fits(Treatment::IntraUnionServices, &french), Err(Rule::NotForThisCountry));
        assert_eq!(fits(Treatment::ReverseCharge, &client("FR", false, None)), Err(Rule::BusinessesOnly));
        let swiss = client("CH", true, None);
        assert_eq!(fits(Treatment::Export, &swiss), Ok(()));
        assert_eq!(fits(Treatment::OutsideScope, &client("CH", false, None)), Err(Rule::BusinessesOnly));
        assert_eq!(Treatment::Export.fits(VatRegime::Franchise, &swiss), Err(Rule::NotUnderFranchise));
        assert_eq!(Treatment::Domestic.fits(VatRegime::Franchise, &swiss), Ok(()));
    }
}
