//! What is stored of an organization: a change here is a change of the data.

use kernel::{
    document::Bank,
    id::OrganizationId,
    reference::{LegalIdentity, OrganizationReference},
};
use table::{TenantKeys, item::golden};

fn keys() -> (OrganizationId, TenantKeys) {
    let id = "org_01KAN8V3T0ABSERV1CEDEM0000".parse().unwrap();
    (id, TenantKeys::of(id))
}

#[test]
fn an_organization_is_stored_under_its_own_key_with_what_it_says_of_itself() {
    let (id, keys) = keys();
    let organization = OrganizationReference {
        legal: LegalIdentity {
            legal_form: Some("SARL".into()),
            capital: Some("10 000 €".into()),
            activity: Some("Menuiserie".into()),
            naf_code: Some("43.32A".into()),
            address: Some(testkit::address("5 quai de Saône", "69002", "Lyon")),
            siret: Some("73282932000074".into()),
            rcs_city: Some("Lyon".into()),
            vat_number: Some("FR44732829320".into()),
            email: Some("contact@atelier.example".into()),
            phone: Some("04 78 00 00 00".into()),
            website: Some("https://atelier.example".into()),
            bank: Some(Bank {
                name: Some("Banque de Lyon".into()),
                iban: "FR7630006000011234567890189".into(),
                bic: Some("AGRIFRPP".into()),
            }),
        },
        trial_ends_on: Some(jiff::civil::date(2026, 12, 31)),
        ..OrganizationReference::new(id, "Atelier du Pont".into())
    };
    insta::assert_json_snapshot!(golden(&organization, keys).unwrap());
}

/// As a sign-up stored them before there were designs, date formats and trials.
#[test]
fn an_older_organization_reads_as_one_with_the_usual_choices() {
    let (id, keys) = keys();
    let new = OrganizationReference::new(id, "Atelier du Pont".into());
    let mut older = golden(&new, keys).unwrap();
    older.as_object_mut().unwrap().remove("date_format");
    older["brand"].as_object_mut().unwrap().remove("design");
    assert_eq!(serde_json::from_value::<OrganizationReference>(older).unwrap(), new);
}
