//! The document as it left, for whom it was sent to: all of it from what was frozen.

use kernel::{
    Minor,
    document::{Snapshot, VatCategory},
    money::french_percent,
    reference::OrganizationReference,
    text,
};

use crate::view::{Labelled, Sheet, address_lines, exchange_line, sheet_line};

pub fn of(organization: &OrganizationReference, snapshot: &Snapshot) -> Sheet {
    let currency = snapshot.currency;
    let buyer = &snapshot.buyer;
    let mut buyer_details = address_lines(&buyer.address);
    buyer_details.extend(buyer.siren.as_ref().map(|siren| format!("SIREN {}", text::siren(siren))));
    buyer_details.extend(buyer.vat_number.as_ref().map(|number| format!("TVA {number}")));
    let date = |label: &str, on| Labelled::new(label, organization.date(on));
    let mut dates = vec![date("Date", snapshot.issued_on)];
    dates.extend(snapshot.valid_until.map(|until| date("Valable jusqu’au", until)));
    dates.extend(snapshot.due_on.filter(|_| snapshot.kind.is_payable()).map(|due| date("Échéance", due)));
    dates.extend(exchange_line(snapshot.exchange, currency));
    let sheet = Sheet {
        kind: snapshot.kind.french(),
        number: snapshot.number.clone(),
        dates,
        seller_name: String::new(),
        seller_details: String::new(),
        buyer_name: buyer.name.clone(),
        buyer_details: buyer_details.join("\n"),
        buyer_href: None,
        subject: snapshot.subject.clone().unwrap_or_default(),
        introduction: snapshot.introduction.clone().unwrap_or_default(),
        lines: snapshot.lines.iter().map(|line| sheet_line(line, currency)).collect(),
        discount: discount(snapshot),
        net: snapshot.totals.net_minor.french(currency),
        vat: snapshot
            .vat
            .iter()
            .map(|vat| {
                let label = match vat.rate.category {
                    VatCategory::S => format!("TVA {}", french_percent(vat.rate.percent)),
                    _ => "TVA".into(),
                };
                Labelled::new(label, vat.tax_minor.french(currency))
            })
            .collect(),
        gross: snapshot.totals.gross_minor.french(currency),
        agreed: String::new(),
        conditions: snapshot.conditions.clone().unwrap_or_default(),
        mentions: Vec::new(),
    };
    sheet.frozen(Some(snapshot.clone()))
}

fn discount(snapshot: &Snapshot) -> Vec<Labelled> {
    let currency = snapshot.currency;
    let taken_off: i64 = snapshot.allowances.iter().map(|allowance| allowance.amount_minor.0).sum();
    if taken_off == 0 {
        return Vec::new();
    }
    vec![
        Labelled::new("Total HT avant remise", Minor(snapshot.totals.net_minor.0 + taken_off).french(currency)),
        Labelled::new("Remise", Minor(-taken_off).french(currency)),
    ]
}
