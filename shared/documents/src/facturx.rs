//! The invoice as UN/CEFACT Cross Industry Invoice (CII D22B), profile Factur-X EN 16931, with what the
//! French rules (BR-FR, AFNOR XP Z12-012) add: frame of operations, SIREN, electronic addresses, notes.
//!
//! The order of elements is the schema's. The comments name the business terms (BT) of EN 16931-1.

mod xml;

use jiff::civil::Date;
use kernel::{
    Currency, Minor,
    document::{Address, Buyer, Kind, Line, Operations, Snapshot, VatCategory, VatRate},
};
use rust_decimal::Decimal;

use xml::Writer;

/// Identifier schemes of ISO/IEC 6523 and of the CEF's list of electronic addresses.
mod scheme {
    /// SIREN.
    pub const SIREN: &str = "0002";
    /// SIRET.
    pub const SIRET: &str = "0009";
    /// The French directory's electronic address, which begins with the SIREN (BR-FR-21).
    pub const DIRECTORY: &str = "0225";
    /// E-mail.
    pub const EMAIL: &str = "EM";
    /// VAT number.
    pub const VAT: &str = "VA";
    /// Local tax registration, for a seller without VAT number.
    pub const TAX: &str = "FC";
}

const DATE_FORMAT: &str = "102";

/// The XML of an invoice, a deposit or a credit note; `type_code` is BT-3.
pub fn cii(snapshot: &Snapshot, type_code: &str) -> String {
    let mut xml = Writer::new(
        "rsm:CrossIndustryInvoice",
        &[
            ("xmlns:rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
            ("xmlns:qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
            ("xmlns:ram", "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"),
            ("xmlns:udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
        ],
    );
    xml.group("rsm:ExchangedDocumentContext", |xml| {
        xml.group("ram:BusinessProcessSpecifiedDocumentContextParameter", |xml| {
            xml.leaf("ram:ID", frame(snapshot));
        });
        xml.group("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
            xml.leaf("ram:ID", "urn:cen.eu:en16931:2017"); // BT-24
        });
    });
    xml.group("rsm:ExchangedDocument", |xml| {
        xml.leaf("ram:ID", &snapshot.number); // BT-1
        xml.leaf("ram:TypeCode", type_code); // BT-3
        xml.group("ram:IssueDateTime", |xml| date(xml, snapshot.issued_on)); // BT-2
        notes(xml, snapshot);
    });
    xml.group("rsm:SupplyChainTradeTransaction", |xml| {
        for (index, item) in snapshot.counted_lines().enumerate() {
            line(xml, index + 1, item, snapshot.currency);
        }
        xml.group("ram:ApplicableHeaderTradeAgreement", |xml| {
            xml.group("ram:SellerTradeParty", |xml| seller(xml, snapshot));
            xml.group("ram:BuyerTradeParty", |xml| buyer(xml, snapshot));
            if let Some(order) = &snapshot.purchase_order {
                xml.group("ram:BuyerOrderReferencedDocument", |xml| {
                    xml.leaf("ram:IssuerAssignedID", order); // BT-13
                });
            }
            attachments(xml, snapshot);
        });
        xml.required_group("ram:ApplicableHeaderTradeDelivery", |xml| {
            // BR-IC-12 wants the country in which goods of the Union arrive.
            if snapshot.vat.iter().any(|total| total.rate.category == VatCategory::K) {
                xml.group("ram:ShipToTradeParty", |xml| address(xml, &snapshot.buyer.address)); // BG-15
            }
            if let Some(supplied) = snapshot.supplied_on {
                xml.group("ram:ActualDeliverySupplyChainEvent", |xml| {
                    xml.group("ram:OccurrenceDateTime", |xml| date(xml, supplied)); // BT-72
                });
            }
        });
        xml.group("ram:ApplicableHeaderTradeSettlement", |xml| settlement(xml, snapshot));
    });
    xml.finish()
}

/// BG-24: which files come with it, by their names (BR-52). They travel beside the PDF, so neither do their bytes stand here
/// (BT-125) nor an address that would end one day (BT-124). What each is would have to be a code of a list (BR-FR-17), and
/// stand of one of them only (CII-SR-475): people read it on paper.
fn attachments(xml: &mut Writer, snapshot: &Snapshot) {
    for file in &snapshot.attachments {
        xml.group("ram:AdditionalReferencedDocument", |xml| {
            xml.leaf("ram:IssuerAssignedID", &file.file_name); // BT-122
            xml.leaf("ram:TypeCode", "916"); // a supporting document, UNTDID 1001
        });
    }
}

/// BT-23: what is invoiced (goods, services, both), and whether it is paid already or the balance after a deposit
/// (BR-FR-08).
fn frame(snapshot: &Snapshot) -> &'static str {
    let paid = snapshot.replaced().and_then(|replaced| replaced.deducted_minor).unwrap_or_default();
    let after_deposit = snapshot.kind.is_payable() && snapshot.deducted_minor() > paid;
    let is_paid = paid > Minor::ZERO && snapshot.due_minor().is_zero();
    match (snapshot.operations, after_deposit, is_paid) {
        (Operations::Goods, true, _) => "B4",
        (Operations::Goods, false, true) => "B2",
        (Operations::Goods, false, false) => "B1",
        (Operations::Services, true, _) => "S4",
        (Operations::Services, false, true) => "S2",
        (Operations::Services, false, false) => "S1",
        (Operations::Mixed, true, _) => "M4",
        (Operations::Mixed, false, true) => "M2",
        (Operations::Mixed, false, false) => "M1",
    }
}

fn date(xml: &mut Writer, day: Date) {
    xml.leaf_with("udt:DateTimeString", &[("format", DATE_FORMAT)], &digits(day));
}

fn digits(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// BG-1. PMD, PMT and AAB stand exactly once each (BR-FR-05, BR-FR-06); where the law does not know them,
/// with a consumer, the note says so.
fn notes(xml: &mut Writer, snapshot: &Snapshot) {
    let mut note = |code: Option<&str>, text: &str| {
        if !text.trim().is_empty() {
            xml.group("ram:IncludedNote", |xml| {
                xml.leaf("ram:Content", text); // BT-22
                if let Some(code) = code {
                    xml.leaf("ram:SubjectCode", code); // BT-21
                }
            });
        }
    };
    let none = "Sans objet : l’acheteur n’est pas un professionnel.";
    let late = snapshot.late_payment.as_ref().filter(|_| snapshot.buyer.is_business);
    let clause = |text: Option<&String>| match text.map(|text| text.trim()) {
        None | Some("") if snapshot.buyer.is_business => "Néant.".to_owned(),
        None | Some("") => none.to_owned(),
        Some(text) => text.to_owned(),
    };
    note(Some("PMD"), &clause(late.map(|late| &late.penalties)));
    note(Some("PMT"), &clause(late.map(|late| &late.indemnity)));
    note(Some("AAB"), &clause(late.map(|late| &late.discount)));
    if let Some(treatment) = treatment(&snapshot.buyer) {
        note(Some("BAR"), treatment);
    }
    for mention in &snapshot.mentions {
        note(Some("REG"), mention);
    }
    for text in [&snapshot.subject, &snapshot.introduction, &snapshot.conditions].into_iter().flatten() {
        note(Some("AAI"), text);
    }
    if let Some(situation) = snapshot.situation {
        let amount = |minor: Minor| minor.french(snapshot.currency);
        note(
            Some("AAI"),
            &format!(
                "Situation n° {}. Marché : {} HT ; déjà facturé : {} HT ; reste à facturer : {} HT.",
                situation.number,
                amount(situation.agreed_minor),
                amount(situation.before_minor),
                amount(situation.left_minor(snapshot.totals.net_minor)),
            ),
        );
    }
    if let Some(exchange) = snapshot.exchange {
        note(Some("AAI"), &format!("TVA en euros au taux de {}.", exchange.french(snapshot.currency)));
    }
    if let Some(quote) = snapshot.quote_number.as_deref().filter(|quote| !quote.trim().is_empty()) {
        note(Some("AAI"), &format!("Devis d’origine : {quote}"));
    }
}

/// Which flow the invoice belongs to (BR-FR-20). None for a French business whose SIREN is not known:
/// such an invoice cannot be sent as B2B (BR-FR-11).
fn treatment(buyer: &Buyer) -> Option<&'static str> {
    let french = buyer.address.country == "FR";
    match (buyer.is_business, french) {
        (true, _) if is_siren(buyer.siren.as_deref()) => Some("B2B"),
        (true, true) => None,
        (true, false) => Some("B2BINT"),
        (false, true) => Some("B2C"),
        (false, false) => Some("B2CINT"),
    }
}

fn is_siren(siren: Option<&str>) -> bool {
    siren.is_some_and(|siren| siren.len() == 9 && siren.bytes().all(|byte| byte.is_ascii_digit()))
}

/// BR-O-02: what is outside the scope of VAT names no VAT number.
fn is_outside_scope(snapshot: &Snapshot) -> bool {
    snapshot.vat.iter().any(|total| total.rate.category == VatCategory::O)
}

fn seller(xml: &mut Writer, snapshot: &Snapshot) {
    let seller = &snapshot.seller;
    xml.leaf_with("ram:GlobalID", &[("schemeID", scheme::SIRET)], &seller.siret); // BT-29
    xml.leaf("ram:Name", &seller.name); // BT-27
    let form = match (&seller.legal_form, &seller.capital) {
        (Some(form), Some(capital)) => format!("{form} au capital de {capital}"),
        (Some(form), None) => form.clone(),
        (None, Some(capital)) => format!("Capital de {capital}"),
        (None, None) => String::new(),
    };
    let registry = seller.rcs_city.as_ref().map(|city| format!("RCS {city} {}", seller.siren)).unwrap_or_default();
    let legal: Vec<String> = [form, registry].into_iter().filter(|text| !text.is_empty()).collect();
    xml.leaf("ram:Description", &legal.join(", ")); // BT-33
    xml.group("ram:SpecifiedLegalOrganization", |xml| {
        xml.leaf_with("ram:ID", &[("schemeID", scheme::SIREN)], &seller.siren); // BT-30
    });
    xml.group("ram:DefinedTradeContact", |xml| {
        xml.group("ram:TelephoneUniversalCommunication", |xml| {
            xml.optional("ram:CompleteNumber", seller.phone.as_deref()); // BT-42
        });
        xml.group("ram:EmailURIUniversalCommunication", |xml| {
            xml.optional("ram:URIID", seller.email.as_deref()); // BT-43
        });
    });
    address(xml, &seller.address);
    xml.group("ram:URIUniversalCommunication", |xml| {
        xml.leaf_with("ram:URIID", &[("schemeID", scheme::DIRECTORY)], &seller.siren); // BT-34
    });
    xml.group("ram:SpecifiedTaxRegistration", |xml| match seller.vat_number.as_deref().map(compact) {
        Some(number) if !number.is_empty() && !is_outside_scope(snapshot) => {
            xml.leaf_with("ram:ID", &[("schemeID", scheme::VAT)], &number); // BT-31
        }
        // BR-S-02, BR-E-02 want one of the two; below the thresholds there is no VAT number.
        _ => xml.leaf_with("ram:ID", &[("schemeID", scheme::TAX)], &seller.siren), // BT-32
    });
}

fn buyer(xml: &mut Writer, snapshot: &Snapshot) {
    let buyer = &snapshot.buyer;
    xml.leaf("ram:Name", &buyer.name); // BT-44
    xml.group("ram:SpecifiedLegalOrganization", |xml| {
        if is_siren(buyer.siren.as_deref()) {
            xml.leaf_with("ram:ID", &[("schemeID", scheme::SIREN)], buyer.siren.as_deref().unwrap_or_default()); // BT-47
        }
    });
    xml.group("ram:DefinedTradeContact", |xml| {
        xml.optional("ram:PersonName", buyer.contact.as_deref()); // BT-56
        xml.group("ram:EmailURIUniversalCommunication", |xml| {
            xml.optional("ram:URIID", buyer.email.as_deref()); // BT-58
        });
    });
    address(xml, &buyer.address);
    xml.group("ram:URIUniversalCommunication", |xml| match &buyer.siren {
        // BT-49
        Some(siren) if is_siren(Some(siren)) => {
            xml.leaf_with("ram:URIID", &[("schemeID", scheme::DIRECTORY)], siren);
        }
        _ => xml.leaf_with("ram:URIID", &[("schemeID", scheme::EMAIL)], buyer.email.as_deref().unwrap_or_default()),
    });
    xml.group("ram:SpecifiedTaxRegistration", |xml| {
        let number = buyer.vat_number.as_deref().filter(|_| !is_outside_scope(snapshot));
        let number = number.map(compact).unwrap_or_default();
        xml.leaf_with("ram:ID", &[("schemeID", scheme::VAT)], &number); // BT-48
    });
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn address(xml: &mut Writer, address: &Address) {
    xml.group("ram:PostalTradeAddress", |xml| {
        xml.leaf("ram:PostcodeCode", &address.postal_code);
        xml.leaf("ram:LineOne", &address.street);
        xml.optional("ram:LineTwo", address.complement.as_deref());
        xml.leaf("ram:CityName", &address.city);
        xml.leaf("ram:CountryID", &address.country);
    });
}

/// BG-25.
fn line(xml: &mut Writer, number: usize, line: &Line, currency: Currency) {
    let price = Priced::of(line, currency);
    let text = line.description.trim();
    let (name, details) = text.split_once('\n').unwrap_or((text, ""));
    xml.group("ram:IncludedSupplyChainTradeLineItem", |xml| {
        xml.group("ram:AssociatedDocumentLineDocument", |xml| {
            xml.leaf("ram:LineID", &number.to_string()); // BT-126
        });
        xml.group("ram:SpecifiedTradeProduct", |xml| {
            // BT-153 is mandatory (BR-25), also where nothing printable was typed.
            xml.leaf_or("ram:Name", name, "Article");
            xml.leaf("ram:Description", details.trim()); // BT-154
        });
        xml.group("ram:SpecifiedLineTradeAgreement", |xml| {
            xml.group("ram:NetPriceProductTradePrice", |xml| {
                xml.leaf("ram:ChargeAmount", &price.unit_price.normalize().to_string()); // BT-146
            });
        });
        xml.group("ram:SpecifiedLineTradeDelivery", |xml| {
            let quantity = price.quantity.normalize().to_string();
            xml.leaf_with("ram:BilledQuantity", &[("unitCode", line.unit.unece())], &quantity); // BT-129, BT-130
        });
        xml.group("ram:SpecifiedLineTradeSettlement", |xml| {
            xml.group("ram:ApplicableTradeTax", |xml| {
                xml.leaf("ram:TypeCode", "VAT");
                xml.leaf("ram:CategoryCode", line.vat.category.code()); // BT-151
                rate(xml, &line.vat); // BT-152
            });
            if price.allowance != Minor::ZERO {
                let is_charge = price.allowance < Minor::ZERO;
                xml.group("ram:SpecifiedTradeAllowanceCharge", |xml| {
                    xml.group("ram:ChargeIndicator", |xml| {
                        xml.leaf("udt:Indicator", if is_charge { "true" } else { "false" });
                    });
                    if !is_charge && !line.discount_percent.is_zero() && line.discount_minor.is_zero() {
                        xml.leaf("ram:CalculationPercent", &line.discount_percent.normalize().to_string()); // BT-138
                        let basis = Minor(line.net_minor.0 + price.allowance.0);
                        xml.leaf("ram:BasisAmount", &basis.plain(currency)); // BT-137
                    }
                    xml.leaf("ram:ActualAmount", &Minor(price.allowance.0.abs()).plain(currency)); // BT-136, BT-141
                    xml.leaf("ram:Reason", "Remise"); // BT-139, BT-144
                });
            }
            xml.group("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
                xml.leaf("ram:LineTotalAmount", &line.net_minor.plain(currency)); // BT-131
            });
        });
    });
}

/// Price and quantity as the standard wants them: the price is not negative (BR-27), so a deduction is a
/// negative quantity; and the net is quantity × price − allowance, to the last cent.
struct Priced {
    unit_price: Decimal,
    quantity: Decimal,
    allowance: Minor,
}

impl Priced {
    fn of(line: &Line, currency: Currency) -> Self {
        let (unit_price, quantity) = match line.unit_price.is_sign_negative() {
            true => (-line.unit_price, -line.quantity),
            false => (line.unit_price, line.quantity),
        };
        let gross = unit_price.checked_mul(quantity).and_then(|gross| Minor::round(gross, currency).ok());
        let allowance = gross.and_then(|gross| gross.checked_sub(line.net_minor).ok()).unwrap_or_default();
        Self { unit_price, quantity, allowance }
    }
}

fn settlement(xml: &mut Writer, snapshot: &Snapshot) {
    let currency = snapshot.currency;
    let amount = |minor: Minor| minor.plain(currency);
    let euro = snapshot.vat_in_euro();
    xml.leaf("ram:PaymentReference", &snapshot.number); // BT-83
    if euro.is_some() {
        xml.leaf("ram:TaxCurrencyCode", Currency::Eur.code()); // BT-6
    }
    xml.leaf("ram:InvoiceCurrencyCode", currency.code()); // BT-5
    let bank = snapshot.seller.bank.as_ref().filter(|bank| !bank.iban.trim().is_empty());
    if let Some(bank) = bank.filter(|_| snapshot.kind.is_payable()) {
        xml.group("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
            // BT-81: SEPA credit transfer, or credit transfer in another currency.
            xml.leaf("ram:TypeCode", if currency == Currency::Eur { "58" } else { "30" });
            xml.group("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.leaf("ram:IBANID", &compact(&bank.iban)); // BT-84
                xml.leaf("ram:AccountName", &snapshot.seller.name); // BT-85
            });
            xml.group("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                xml.leaf("ram:BICID", &bank.bic.as_deref().map(compact).unwrap_or_default()); // BT-86
            });
        });
    }
    for total in &snapshot.vat {
        xml.group("ram:ApplicableTradeTax", |xml| {
            xml.leaf("ram:CalculatedAmount", &amount(total.tax_minor)); // BT-117
            xml.leaf("ram:TypeCode", "VAT");
            xml.leaf("ram:ExemptionReason", &exemption_reason(&total.rate, snapshot)); // BT-120
            xml.leaf("ram:BasisAmount", &amount(total.base_minor)); // BT-116
            xml.leaf("ram:CategoryCode", total.rate.category.code()); // BT-118
            xml.optional("ram:ExemptionReasonCode", total.rate.exemption_code.as_deref()); // BT-121
            rate(xml, &total.rate); // BT-119
        });
    }
    for allowance in &snapshot.allowances {
        xml.group("ram:SpecifiedTradeAllowanceCharge", |xml| {
            xml.group("ram:ChargeIndicator", |xml| xml.leaf("udt:Indicator", "false"));
            if let Some(percent) = allowance.percent {
                xml.leaf("ram:CalculationPercent", &percent.normalize().to_string()); // BT-94
                xml.leaf("ram:BasisAmount", &amount(allowance.base_minor)); // BT-93
            }
            xml.leaf("ram:ActualAmount", &amount(allowance.amount_minor)); // BT-92
            xml.leaf_or("ram:Reason", &allowance.reason, "Remise"); // BT-97
            xml.group("ram:CategoryTradeTax", |xml| {
                xml.leaf("ram:TypeCode", "VAT");
                xml.leaf("ram:CategoryCode", allowance.vat.category.code()); // BT-95
                rate(xml, &allowance.vat); // BT-96
            });
        });
    }
    xml.group("ram:SpecifiedTradePaymentTerms", |xml| {
        if !snapshot.kind.is_payable() {
            return;
        }
        // BR-CO-25: what is to be paid has a due date or terms.
        let terms = snapshot.payment_terms.as_deref().unwrap_or_default();
        match snapshot.due_on {
            Some(_) => xml.leaf("ram:Description", terms), // BT-20
            None => xml.leaf_or("ram:Description", terms, "À réception de la facture."),
        }
        if let Some(due) = snapshot.due_on {
            xml.group("ram:DueDateDateTime", |xml| date(xml, due)); // BT-9
        }
    });
    xml.group("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| {
        let totals = &snapshot.totals;
        let lines = Minor(snapshot.counted_lines().map(|line| line.net_minor.0).sum());
        xml.leaf("ram:LineTotalAmount", &amount(lines)); // BT-106
        if !snapshot.allowances.is_empty() {
            let taken_off = Minor(snapshot.allowances.iter().map(|allowance| allowance.amount_minor.0).sum());
            xml.leaf("ram:AllowanceTotalAmount", &amount(taken_off)); // BT-107
        }
        xml.leaf("ram:TaxBasisTotalAmount", &amount(totals.net_minor)); // BT-109
        xml.leaf_with("ram:TaxTotalAmount", &[("currencyID", currency.code())], &amount(totals.tax_minor)); // BT-110
        if let Some(euro) = euro {
            let code = Currency::Eur.code();
            xml.leaf_with("ram:TaxTotalAmount", &[("currencyID", code)], &euro.plain(Currency::Eur)); // BT-111
        }
        xml.leaf("ram:GrandTotalAmount", &amount(totals.gross_minor)); // BT-112
        if !snapshot.deducted_minor().is_zero() {
            xml.leaf("ram:TotalPrepaidAmount", &amount(snapshot.deducted_minor())); // BT-113
        }
        xml.leaf("ram:DuePayableAmount", &amount(snapshot.due_minor())); // BT-115
    });
    // A corrective invoice refers to one document: the one that it replaces (BR-FR-CO-04).
    let named = if snapshot.kind == Kind::Corrective { 1 } else { snapshot.preceding.len() };
    for document in snapshot.preceding.iter().take(named) {
        xml.group("ram:InvoiceReferencedDocument", |xml| {
            xml.leaf("ram:IssuerAssignedID", &document.number); // BT-25
            xml.group("ram:FormattedIssueDateTime", |xml| {
                let digits = digits(document.issued_on);
                xml.leaf_with("qdt:DateTimeString", &[("format", DATE_FORMAT)], &digits); // BT-26
            });
        });
    }
}

/// BR-O-05: what is outside the scope of VAT has no rate, not even 0.
fn rate(xml: &mut Writer, rate: &VatRate) {
    if rate.category != VatCategory::O {
        xml.leaf("ram:RateApplicablePercent", &rate.percent.normalize().to_string());
    }
}

/// BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10 want a reason where no VAT is charged.
fn exemption_reason(rate: &VatRate, snapshot: &Snapshot) -> String {
    match (rate.category, &rate.exemption_reason, &rate.exemption_code) {
        (VatCategory::S, ..) => String::new(),
        (_, Some(reason), _) if !reason.trim().is_empty() => reason.clone(),
        (_, _, Some(code)) if !code.trim().is_empty() => String::new(),
        _ => snapshot.mentions.first().cloned().unwrap_or_else(|| "Exonération de TVA".to_owned()),
    }
}
