//! What our own renderer writes is read; what others write by hand is; what contradicts itself is refused by its rule.

#[path = "../../documents/tests/documents/samples.rs"]
mod samples;

use einvoice::{Container, Syntax, read};
use jiff::civil::date;
use kernel::{Currency, Minor, document::Snapshot, einvoice::Fault};
use rust_decimal::Decimal;

fn xml_of(snapshot: &Snapshot) -> String {
    documents::render(snapshot, None).expect("a document").xml.expect("an invoice")
}

#[test]
fn a_factur_x_of_ours_is_read_as_it_was_written() {
    let snapshot = samples::invoice();
    let rendered = documents::render(&snapshot, None).expect("a document");
    let (container, invoice) = read(&rendered.pdf).expect("an invoice");
    assert_eq!(container, Container::Pdf);
    assert_eq!((invoice.syntax, invoice.number.as_str()), (Syntax::Cii, snapshot.number.as_str()));
    assert_eq!((invoice.issued_on, invoice.due_on), (snapshot.issued_on, snapshot.due_on));
    assert_eq!(invoice.seller.siren.as_deref(), Some(snapshot.seller.siren.as_str()));
    assert_eq!(invoice.seller.name, snapshot.seller.name);
    assert_eq!(invoice.buyer.siren, snapshot.buyer.siren);
    let totals = (invoice.totals.net, invoice.totals.tax, invoice.totals.gross);
    assert_eq!(totals, (snapshot.totals.net_minor, snapshot.totals.tax_minor, snapshot.totals.gross_minor));
    assert_eq!(invoice.lines.len(), snapshot.counted_lines().count());
    assert_eq!(read(xml_of(&snapshot).as_bytes()), Ok((Container::Xml, invoice)));
}

#[test]
fn whatever_we_issue_holds_its_totals() {
    use kernel::vat::Treatment;
    let treated = [Treatment::ReverseCharge, Treatment::IntraUnionGoods, Treatment::Export, Treatment::OutsideScope];
    let mut all = vec![
        samples::franchised(),
        samples::consumer(),
        samples::francs(),
        samples::dollars(),
        samples::sections(),
        samples::global_discount(),
        samples::credit_note(),
        samples::corrective(),
        samples::deposit(),
        samples::final_invoice(),
        samples::long(120),
        samples::hostile("<![CDATA[&amp;]]> \u{202e}x"),
    ];
    all.extend(treated.map(samples::treated));
    // What is no tax document has no XML.
    let all = all.into_iter().filter_map(|snapshot| Some((documents::render(&snapshot, None).ok()?.xml?, snapshot)));
    let all: Vec<_> = all.collect();
    assert!(all.len() > 12);
    for (xml, snapshot) in all {
        let (_, invoice) = read(xml.as_bytes()).unwrap_or_else(|fault| panic!("{}: {fault}", snapshot.number));
        assert_eq!(invoice.totals.gross, snapshot.totals.gross_minor, "{}", snapshot.number);
        assert_eq!(invoice.currency, snapshot.currency);
    }
    let (_, note) = read(xml_of(&samples::credit_note()).as_bytes()).unwrap();
    assert!(note.is_credit() && !note.preceding.is_empty());
}

/// Written after the examples of Peppol BIS Billing 3.0; all data is invented.
const UBL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>2026/117</cbc:ID>
  <cbc:IssueDate>2026-11-02</cbc:IssueDate>
  <cbc:DueDate>2026-12-02</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>BC-9</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty><cac:Party>
    <cbc:EndpointID schemeID="0225">404833048</cbc:EndpointID>
    <cac:PartyName><cbc:Name>Papeterie</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>FR83 404833048</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Papeterie Œuvre SARL</cbc:RegistrationName><cbc:CompanyID schemeID="0002">404833048</cbc:CompanyID></cac:PartyLegalEntity>
    <cac:Contact><cbc:ElectronicMail>contact@papeterie.example</cbc:ElectronicMail></cac:Contact>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PartyLegalEntity><cbc:RegistrationName>Atelier Lumière</cbc:RegistrationName><cbc:CompanyID schemeID="0002">732829320</cbc:CompanyID></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>FR76 3000 6000 0112 3456 7890 189</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">10.00</cbc:Amount></cac:AllowanceCharge>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">22.55</cbc:TaxAmount>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">110.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">22.00</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
    <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">10.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">0.55</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>5.5</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">110.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">120.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">142.55</cbc:TaxInclusiveAmount>
    <cbc:ChargeTotalAmount currencyID="EUR">10.00</cbc:ChargeTotalAmount>
    <cbc:PrepaidAmount currencyID="EUR">42.00</cbc:PrepaidAmount>
    <cbc:PayableAmount currencyID="EUR">100.55</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Papier</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">25</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
  <cac:InvoiceLine><cbc:ID>2</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">10.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Livre</cbc:Name></cac:Item></cac:InvoiceLine>
</Invoice>"#;

#[test]
fn ubl_is_read() {
    let (container, invoice) = read(UBL.as_bytes()).expect("an invoice");
    assert_eq!((container, invoice.syntax), (Container::Xml, Syntax::Ubl));
    assert_eq!((invoice.number.as_str(), invoice.type_code.as_str()), ("2026/117", "380"));
    assert_eq!((invoice.issued_on, invoice.due_on), (date(2026, 11, 2), Some(date(2026, 12, 2))));
    assert_eq!(invoice.seller.name, "Papeterie Œuvre SARL");
    assert_eq!(invoice.seller.siren.as_deref(), Some("404833048"));
    assert_eq!(invoice.seller.vat_number.as_deref(), Some("FR83404833048"));
    assert_eq!(invoice.buyer.siren.as_deref(), Some("732829320"));
    assert_eq!(invoice.iban.as_deref(), Some("FR7630006000011234567890189"));
    assert_eq!(invoice.order.as_deref(), Some("BC-9"));
    assert_eq!((invoice.totals.due, invoice.currency), (Minor(10_055), Currency::Eur));
    assert_eq!(invoice.vat[1].percent, Decimal::new(55, 1));
    assert_eq!(invoice.lines[0].unit_price, Some(Decimal::from(25)));
    let note = UBL
        .replace("InvoiceTypeCode>380", "CreditNoteTypeCode>381")
        .replace("InvoiceTypeCode>", "CreditNoteTypeCode>")
        .replace("InvoiceLine>", "CreditNoteLine>")
        .replace("InvoicedQuantity", "CreditedQuantity")
        .replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
        .replace("xsd:Invoice-2", "xsd:CreditNote-2");
    assert!(read(note.as_bytes()).expect("a credit note").1.is_credit());
}

/// EN 16931-1, 6.4.2.
#[test]
fn what_contradicts_itself_is_refused_by_its_rule() {
    for (from, to, rule) in [
        (
            ">100.00</cbc:LineExtensionAmount>\n    <cac:Item><cbc:Name>Papier",
            ">100.01</cbc:LineExtensionAmount>\n    <cac:Item><cbc:Name>Papier",
            "BR-CO-10",
        ),
        (
            "<cbc:ChargeTotalAmount",
            "<cbc:AllowanceTotalAmount currencyID=\"EUR\">1.00</cbc:AllowanceTotalAmount><cbc:ChargeTotalAmount",
            "BR-CO-11",
        ),
        ("ChargeIndicator>true", "ChargeIndicator>false", "BR-CO-11"),
        ("<cbc:Amount currencyID=\"EUR\">10.00", "<cbc:Amount currencyID=\"EUR\">9.00", "BR-CO-12"),
        (">120.00</cbc:TaxExclusiveAmount", ">121.00</cbc:TaxExclusiveAmount", "BR-CO-13"),
        ("<cbc:TaxAmount currencyID=\"EUR\">22.55", "<cbc:TaxAmount currencyID=\"EUR\">22.56", "BR-CO-14"),
        (">142.55<", ">142.56<", "BR-CO-15"),
        (">100.55<", ">142.55<", "BR-CO-16"),
        ("<cbc:Percent>5.5", "<cbc:Percent>55", "BR-CO-17"),
    ] {
        assert!(UBL.contains(from), "{from}");
        assert_eq!(read(UBL.replacen(from, to, 1).as_bytes()).err(), Some(Fault::Inconsistent { rule }), "{to}");
    }
}

#[test]
fn what_is_missing_or_malformed_is_named_in_french() {
    for (from, to, told) in [
        ("<cbc:ID>2026/117</cbc:ID>", "", "Il manque le numéro de la facture (BT-1)."),
        ("2026-11-02", "2026-13-02", "Cette facture indique mal la date de la facture (BT-2)."),
        (">EUR</cbc:Doc", ">ZZZ</cbc:Doc", "La devise ZZZ n’est pas prise en charge."),
        (">142.55<", ">142.555<", "Cette facture indique mal le total TTC (BT-112)."),
        (">142.55<", ">1e9<", "Cette facture indique mal le total TTC (BT-112)."),
        (">142.55<", ">99999999999999999999999999999999<", "Cette facture indique mal le total TTC (BT-112)."),
        ("TypeCode>380", "TypeCode>quote", "Ce document n’est ni une facture ni un avoir."),
        ("xsd:Invoice-2\"", "xsd:Order-2\"", ""),
        ("<Invoice", "<Order", "Ce XML est mal formé, ou dans un encodage qui n’est ni UTF-8 ni UTF-16."),
    ] {
        assert!(UBL.contains(from), "{from}");
        let refused = read(UBL.replacen(from, to, 1).as_bytes());
        match told {
            "" => assert!(refused.is_ok(), "{refused:?}"),
            told => assert_eq!(refused.err().map(|fault| fault.french()).as_deref(), Some(told)),
        }
    }
    assert_eq!(read(b"<html/>").err(), Some(Fault::OtherXml));
    assert_eq!(read(b"PK").err(), Some(Fault::NotRecognised));
    assert!(matches!(read(&vec![0; 11 * 1024 * 1024]).err(), Some(Fault::TooLarge { .. })));
    let many =
        UBL.replacen("<cac:InvoiceLine>", &"<cac:InvoiceLine/>".repeat(5_001).replace("/>", "></cac:InvoiceLine>"), 1);
    assert!(read(many.as_bytes()).is_err());
}
