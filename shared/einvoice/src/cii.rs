//! UN/CEFACT Cross Industry Invoice, of whatever profile has its VAT told by rate. Names are read, not prefixes.

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

pub fn read(root: Node<'_, '_>) -> Result<Invoice, Fault> {
    let missing = |term| Fault::Missing { term };
    let header = child(root, "ExchangedDocument").ok_or(missing("BT-1"))?;
    let trade = child(root, "SupplyChainTradeTransaction").ok_or(missing("BG-25"))?;
    let agreement = child(trade, "ApplicableHeaderTradeAgreement").ok_or(missing("BT-27"))?;
    let settlement = child(trade, "ApplicableHeaderTradeSettlement").ok_or(missing("BT-5"))?;
    let currency = currency(at(settlement, &["InvoiceCurrencyCode"]))?;
    let issued = at(header, &["IssueDateTime", "DateTimeString"]).ok_or(missing("BT-2"))?;
    let due = at(settlement, &["SpecifiedTradePaymentTerms", "DueDateDateTime", "DateTimeString"]);
    let summation = child(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation").ok_or(missing("BT-112"))?;
    let preceding =
        children(settlement, "InvoiceReferencedDocument").filter_map(|node| at(node, &["IssuerAssignedID"]));
    let lines: Vec<_> = children(trade, "IncludedSupplyChainTradeLineItem").take(LINES_MAX + 1).collect();
    if lines.len() > LINES_MAX {
        return Err(Fault::TooManyLines { max: LINES_MAX });
    }
    Ok(Invoice {
        syntax: Syntax::Cii,
        profile: at(root, &["ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID"]),
        number: required(at(header, &["ID"]), "BT-1")?,
        type_code: type_code(at(header, &["TypeCode"]))?,
        issued_on: date(&issued, "BT-2")?,
        due_on: due.map(|due| date(&due, "BT-9")).transpose()?,
        currency,
        order: at(agreement, &["BuyerOrderReferencedDocument", "IssuerAssignedID"]).map(|order| short(&order)),
        preceding: preceding.take(20).map(|number| short(&number)).collect(),
        seller: party(agreement, "SellerTradeParty", "BT-27")?,
        buyer: party(agreement, "BuyerTradeParty", "BT-44")?,
        iban: children(settlement, "SpecifiedTradeSettlementPaymentMeans")
            .find_map(|means| at(means, &["PayeePartyCreditorFinancialAccount", "IBANID"]))
            .map(|iban| compact(&iban)),
        lines: lines.into_iter().map(|node| line(node, currency)).collect::<Result<_, _>>()?,
        charges: children(settlement, "SpecifiedTradeAllowanceCharge")
            .map(|node| charge(node, currency))
            .collect::<Result<_, _>>()?,
        vat: children(settlement, "ApplicableTradeTax").map(|node| vat(node, currency)).collect::<Result<_, _>>()?,
        totals: totals(summation, currency)?,
    })
}

fn party(agreement: Node<'_, '_>, name: &'static str, term: &'static str) -> Result<Party, Fault> {
    let node = child(agreement, name).ok_or(Fault::Missing { term })?;
    let registrations: Vec<_> = children(node, "SpecifiedTaxRegistration")
        .filter_map(|registration| identifier(child(registration, "ID")?))
        .collect();
    let vat_number = registrations.iter().find(|(scheme, _)| scheme == "VA").map(|(_, value)| compact(value));
    let legal = down(node, &["SpecifiedLegalOrganization", "ID"]).and_then(identifier);
    let address = down(node, &["URIUniversalCommunication", "URIID"]).and_then(identifier);
    let global = children(node, "GlobalID").filter_map(identifier);
    let identifiers: Vec<_> = legal.into_iter().chain(global).chain(address.clone()).collect();
    let party = Party {
        name: required(at(node, &["Name"]), term)?,
        siren: None,
        vat_number,
        address,
        country: at(node, &["PostalTradeAddress", "CountryID"]),
        email: at(node, &["DefinedTradeContact", "EmailURIUniversalCommunication", "URIID"]),
    };
    Ok(party.identified(&identifiers))
}

fn line(node: Node<'_, '_>, currency: Currency) -> Result<Line, Fault> {
    let quantity = down(node, &["SpecifiedLineTradeDelivery", "BilledQuantity"]);
    let settlement = child(node, "SpecifiedLineTradeSettlement").ok_or(Fault::Missing { term: "BT-131" })?;
    let net = at(settlement, &["SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount"]);
    let net = net.ok_or(Fault::Missing { term: "BT-131" })?;
    let rate = at(settlement, &["ApplicableTradeTax", "RateApplicablePercent"]);
    let price = at(node, &["SpecifiedLineTradeAgreement", "NetPriceProductTradePrice", "ChargeAmount"]);
    Ok(Line {
        name: short(&at(node, &["SpecifiedTradeProduct", "Name"]).unwrap_or_default()),
        quantity: quantity.and_then(content).map(|number| decimal(&number, "BT-129")).transpose()?,
        unit: quantity.and_then(|node| node.attribute("unitCode")).map(short),
        unit_price: price.map(|number| decimal(&number, "BT-146")).transpose()?,
        net_minor: amount(&net, currency, "BT-131")?,
        vat_percent: rate.map(|number| decimal(&number, "BT-152")).transpose()?,
    })
}

fn charge(node: Node<'_, '_>, currency: Currency) -> Result<Charge, Fault> {
    let is_charge = at(node, &["ChargeIndicator", "Indicator"]).as_deref() == Some("true");
    let term = if is_charge { "BT-99" } else { "BT-92" };
    let told = at(node, &["ActualAmount"]).ok_or(Fault::Missing { term })?;
    Ok(Charge { is_charge, amount_minor: amount(&told, currency, term)? })
}

fn vat(node: Node<'_, '_>, currency: Currency) -> Result<VatTotal, Fault> {
    let told = |name, term| at(node, &[name]).ok_or(Fault::Missing { term });
    let percent = at(node, &["RateApplicablePercent"]).map(|number| decimal(&number, "BT-119")).transpose()?;
    Ok(VatTotal {
        category: at(node, &["CategoryCode"]).unwrap_or_default(),
        percent: percent.unwrap_or(Decimal::ZERO),
        base_minor: amount(&told("BasisAmount", "BT-116")?, currency, "BT-116")?,
        tax_minor: amount(&told("CalculatedAmount", "BT-117")?, currency, "BT-117")?,
    })
}

fn totals(node: Node<'_, '_>, currency: Currency) -> Result<Totals, Fault> {
    let told = |name, term: &'static str| at(node, &[name]).map(|text| amount(&text, currency, term)).transpose();
    let required = |name, term| told(name, term)?.ok_or(Fault::Missing { term });
    // VAT may be told in another currency besides (BT-111).
    let is_own = |node: &Node<'_, '_>| node.attribute("currencyID").is_none_or(|code| code == currency.code());
    let tax = children(node, "TaxTotalAmount").find(is_own).and_then(content);
    Ok(Totals {
        lines: required("LineTotalAmount", "BT-106")?,
        allowances: told("AllowanceTotalAmount", "BT-107")?.unwrap_or_default(),
        charges: told("ChargeTotalAmount", "BT-108")?.unwrap_or_default(),
        net: required("TaxBasisTotalAmount", "BT-109")?,
        tax: tax.map(|tax| amount(&tax, currency, "BT-110")).transpose()?.unwrap_or_default(),
        gross: required("GrandTotalAmount", "BT-112")?,
        prepaid: told("TotalPrepaidAmount", "BT-113")?.unwrap_or_default(),
        rounding: told("RoundingAmount", "BT-114")?.unwrap_or_default(),
        due: required("DuePayableAmount", "BT-115")?,
    })
}
