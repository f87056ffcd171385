//! OASIS UBL 2.1, invoices and credit notes. Names are read, not prefixes.

use kernel::{Currency, einvoice::Fault};
use roxmltree::Node;
use rust_decimal::Decimal;

use crate::{
    LINES_MAX,
    model::{
        Charge, Invoice, Line, Party, Syntax, Totals, VatTotal, amount, compact, currency, date, decimal, required,
        short, type_code,
    },
    xml::{at, child, children, content, down, identifier},
};

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:";

pub fn is_ubl(root: Node<'_, '_>) -> bool {
    root.tag_name().namespace().is_some_and(|namespace| namespace.starts_with(NAMESPACE))
}

pub fn read(root: Node<'_, '_>) -> Result<Invoice, Fault> {
    let is_note = root.tag_name().name() == "CreditNote";
    let missing = |term| Fault::Missing { term };
    let currency = currency(at(root, &["DocumentCurrencyCode"]))?;
    let issued = at(root, &["IssueDate"]).ok_or(missing("BT-2"))?;
    let due = at(root, &["DueDate"]).or_else(|| at(root, &["PaymentMeans", "PaymentDueDate"]));
    let total = child(root, "LegalMonetaryTotal").ok_or(missing("BT-112"))?;
    // VAT may be told in another currency besides (BT-111), without its rates.
    let is_own = |node: &Node<'_, '_>| {
        child(*node, "TaxAmount").and_then(|tax| tax.attribute("currencyID")).is_none_or(|code| code == currency.code())
    };
    let tax = children(root, "TaxTotal").find(is_own);
    let rates = tax.into_iter().flat_map(|tax| children(tax, "TaxSubtotal"));
    let preceding = children(root, "BillingReference").filter_map(|node| at(node, &["InvoiceDocumentReference", "ID"]));
    let line_name = if is_note { "CreditNoteLine" } else { "InvoiceLine" };
    let lines: Vec<_> = children(root, line_name).take(LINES_MAX + 1).collect();
    if lines.len() > LINES_MAX {
        return Err(Fault::TooManyLines { max: LINES_MAX });
    }
    let code = at(root, &[if is_note { "CreditNoteTypeCode" } else { "InvoiceTypeCode" }]);
    Ok(Invoice {
        syntax: Syntax::Ubl,
        profile: at(root, &["CustomizationID"]),
        number: required(at(root, &["ID"]), "BT-1")?,
        type_code: type_code(code.or_else(|| is_note.then(|| "381".to_owned())))?,
        issued_on: date(&issued, "BT-2")?,
        due_on: due.map(|due| date(&due, "BT-9")).transpose()?,
        currency,
        order: at(root, &["OrderReference", "ID"]).map(|order| short(&order)),
        preceding: preceding.take(20).map(|number| short(&number)).collect(),
        seller: party(root, "AccountingSupplierParty", "BT-27")?,
        buyer: party(root, "AccountingCustomerParty", "BT-44")?,
        iban: children(root, "PaymentMeans")
            .find_map(|means| at(means, &["PayeeFinancialAccount", "ID"]))
            .map(|iban| compact(&iban)),
        lines: lines.into_iter().map(|node| line(node, is_note, currency)).collect::<Result<_, _>>()?,
        charges: children(root, "AllowanceCharge").map(|node| charge(node, currency)).collect::<Result<_, _>>()?,
        vat: rates.map(|node| vat(node, currency)).collect::<Result<_, _>>()?,
        totals: totals(total, tax, currency)?,
    })
}

fn party(root: Node<'_, '_>, name: &'static str, term: &'static str) -> Result<Party, Fault> {
    let node = down(root, &[name, "Party"]).ok_or(Fault::Missing { term })?;
    let is_vat = |scheme: &Node<'_, '_>| at(*scheme, &["TaxScheme", "ID"]).as_deref() == Some("VAT");
    let vat_number = children(node, "PartyTaxScheme").find(is_vat).and_then(|scheme| at(scheme, &["CompanyID"]));
    let legal = down(node, &["PartyLegalEntity", "CompanyID"]).and_then(identifier);
    let own = children(node, "PartyIdentification").filter_map(|node| identifier(child(node, "ID")?));
    let address = child(node, "EndpointID").and_then(identifier);
    let identifiers: Vec<_> = legal.into_iter().chain(own).chain(address.clone()).collect();
    let called = at(node, &["PartyLegalEntity", "RegistrationName"]).or_else(|| at(node, &["PartyName", "Name"]));
    let party = Party {
        name: required(called, term)?,
        siren: None,
        vat_number: vat_number.map(|number| compact(&number)),
        address,
        country: at(node, &["PostalAddress", "Country", "IdentificationCode"]),
        email: at(node, &["Contact", "ElectronicMail"]),
    };
    Ok(party.identified(&identifiers))
}

fn line(node: Node<'_, '_>, is_note: bool, currency: Currency) -> Result<Line, Fault> {
    let quantity = child(node, if is_note { "CreditedQuantity" } else { "InvoicedQuantity" });
    let net = at(node, &["LineExtensionAmount"]).ok_or(Fault::Missing { term: "BT-131" })?;
    let rate = at(node, &["Item", "ClassifiedTaxCategory", "Percent"]);
    Ok(Line {
        name: short(&at(node, &["Item", "Name"]).unwrap_or_default()),
        quantity: quantity.and_then(content).map(|number| decimal(&number, "BT-129")).transpose()?,
        unit: quantity.and_then(|node| node.attribute("unitCode")).map(short),
        unit_price: at(node, &["Price", "PriceAmount"]).map(|number| decimal(&number, "BT-146")).transpose()?,
        net_minor: amount(&net, currency, "BT-131")?,
        vat_percent: rate.map(|number| decimal(&number, "BT-152")).transpose()?,
    })
}

fn charge(node: Node<'_, '_>, currency: Currency) -> Result<Charge, Fault> {
    let is_charge = at(node, &["ChargeIndicator"]).as_deref() == Some("true");
    let term = if is_charge { "BT-99" } else { "BT-92" };
    let told = at(node, &["Amount"]).ok_or(Fault::Missing { term })?;
    Ok(Charge { is_charge, amount_minor: amount(&told, currency, term)? })
}

fn vat(node: Node<'_, '_>, currency: Currency) -> Result<VatTotal, Fault> {
    let told = |name, term| at(node, &[name]).ok_or(Fault::Missing { term });
    let percent = at(node, &["TaxCategory", "Percent"]).map(|number| decimal(&number, "BT-119")).transpose()?;
    Ok(VatTotal {
        category: at(node, &["TaxCategory", "ID"]).unwrap_or_default(),
        percent: percent.unwrap_or(Decimal::ZERO),
        base_minor: amount(&told("TaxableAmount", "BT-116")?, currency, "BT-116")?,
        tax_minor: amount(&told("TaxAmount", "BT-117")?, currency, "BT-117")?,
    })
}

fn totals(node: Node<'_, '_>, tax: Option<Node<'_, '_>>, currency: Currency) -> Result<Totals, Fault> {
    let told = |name, term: &'static str| at(node, &[name]).map(|text| amount(&text, currency, term)).transpose();
    let required = |name, term| told(name, term)?.ok_or(Fault::Missing { term });
    let tax = tax.and_then(|tax| at(tax, &["TaxAmount"]));
    Ok(Totals {
        lines: required("LineExtensionAmount", "BT-106")?,
        allowances: told("AllowanceTotalAmount", "BT-107")?.unwrap_or_default(),
        charges: told("ChargeTotalAmount", "BT-108")?.unwrap_or_default(),
        net: required("TaxExclusiveAmount", "BT-109")?,
        tax: tax.map(|tax| amount(&tax, currency, "BT-110")).transpose()?.unwrap_or_default(),
        gross: required("TaxInclusiveAmount", "BT-112")?,
        prepaid: told("PrepaidAmount", "BT-113")?.unwrap_or_default(),
        rounding: told("PayableRoundingAmount", "BT-114")?.unwrap_or_default(),
        due: required("PayableAmount", "BT-115")?,
    })
}
