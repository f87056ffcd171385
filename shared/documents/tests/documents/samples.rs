//! The documents that tests, samples and measures share. All data is invented; the IBAN is the one of the
//! French banks' examples.

#![allow(dead_code, reason = "each program uses its own part")]

use jiff::civil::date;
use kernel::{
    Currency, Minor,
    document::*,
    letter::{Letter, LetterEntry, LetterKind},
    pricing::{Discount, Priced, net_of},
    staff_letter::StaffLetter,
    vat::Treatment,
};
use rust_decimal::Decimal;

pub fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

pub fn standard(percent: &str) -> VatRate {
    VatRate { category: VatCategory::S, percent: decimal(percent), exemption_reason: None, exemption_code: None }
}

pub const FRANCHISE: &str = "TVA non applicable, art. 293 B du CGI";

pub fn franchise() -> VatRate {
    VatRate {
        category: VatCategory::E,
        percent: Decimal::ZERO,
        exemption_reason: Some(FRANCHISE.to_owned()),
        exemption_code: Some("VATEX-FR-FRANCHISE".to_owned()),
    }
}

pub fn line(description: &str, quantity: &str, unit: Unit, price: &str, discount: &str, vat: VatRate) -> Line {
    Line {
        section: None,
        is_optional: false,
        product: None,
        is_goods: false,
        description: description.to_owned(),
        quantity: decimal(quantity),
        unit,
        unit_price: decimal(price),
        discount_percent: decimal(discount),
        discount_minor: Minor::ZERO,
        vat,
        net_minor: Minor::ZERO,
    }
}

/// Nets, VAT and totals as the product computes them.
pub fn totalled(snapshot: Snapshot) -> Snapshot {
    discounted(snapshot, None)
}

/// With something taken off the whole.
pub fn discounted(mut snapshot: Snapshot, discount: Option<Discount>) -> Snapshot {
    let currency = snapshot.currency;
    for line in &mut snapshot.lines {
        line.net_minor = net_of(line.quantity, line.unit_price, line.discount_percent, line.discount_minor, currency)
            .expect("a net");
    }
    let priced = Priced::add_up(currency, Treatment::Domestic, snapshot.lines, discount).expect("the lines add up");
    Snapshot { lines: priced.lines, allowances: priced.allowances, vat: priced.vat, totals: priced.totals, ..snapshot }
}

/// Services to a business, two rates, a discount.
pub fn invoice() -> Snapshot {
    totalled(Snapshot {
        kind: Kind::Invoice,
        number: "FAC-2026-0042".to_owned(),
        issued_on: date(2026, 11, 22),
        due_on: Some(date(2026, 12, 22)),
        valid_until: None,
        supplied_on: Some(date(2026, 11, 20)),
        currency: Currency::Eur,
        seller: Seller {
            name: "Atelier Lumière".to_owned(),
            legal_form: Some("SARL".to_owned()),
            capital: Some("10 000 €".to_owned()),
            address: Address {
                street: "12 rue de la République".to_owned(),
                complement: None,
                postal_code: "69002".to_owned(),
                city: "Lyon".to_owned(),
                country: "FR".to_owned(),
            },
            siren: "732829320".to_owned(),
            siret: "73282932000074".to_owned(),
            rcs_city: Some("Lyon".to_owned()),
            vat_number: Some("FR44732829320".to_owned()),
            email: Some("bonjour@atelier-lumiere.example".to_owned()),
            phone: Some("04 78 00 00 00".to_owned()),
            website: Some("atelier-lumiere.example".to_owned()),
            bank: Some(Bank {
                name: Some("Banque des Alpes".to_owned()),
                iban: "FR7630006000011234567890189".to_owned(),
                bic: Some("AGRIFRPP".to_owned()),
            }),
        },
        buyer: Buyer {
            name: "Boulangerie Cœur de Blé SAS".to_owned(),
            contact: Some("Mme Hélène Garnier".to_owned()),
            address: Address {
                street: "8 place des Célestins".to_owned(),
                complement: Some("Bâtiment B".to_owned()),
                postal_code: "69002".to_owned(),
                city: "Lyon".to_owned(),
                country: "FR".to_owned(),
            },
            siren: Some("552100554".to_owned()),
            vat_number: Some("FR80552100554".to_owned()),
            email: Some("compta@coeur-de-ble.example".to_owned()),
            is_business: true,
        },
        purchase_order: Some("BC-7781".to_owned()),
        quote_number: Some("DEV-2026-0108".to_owned()),
        subject: Some("Refonte de l’identité visuelle et signalétique de la boutique".to_owned()),
        introduction: Some(
            "Nous vous remercions de votre confiance. Voici le détail des prestations réalisées en novembre 2026."
                .to_owned(),
        ),
        conditions: None,
        lines: vec![
            line(
                "Direction artistique\nRecherche, planches d’ambiance et deux pistes graphiques",
                "3.5",
                Unit::Day,
                "650",
                "0",
                standard("20"),
            ),
            line(
                "Conception du logotype\nDéclinaisons couleur et monochrome, fichiers sources remis",
                "1",
                Unit::Flat,
                "1800",
                "10",
                standard("20"),
            ),
            line("Impression de menus sur papier recyclé", "250", Unit::Piece, "0.85", "0", standard("20")),
            line(
                "Livre « Le pain, une histoire »\nRemis à l’inauguration, tarif livre",
                "12",
                Unit::Piece,
                "18.96",
                "0",
                standard("5.5"),
            ),
        ],
        allowances: Vec::new(),
        vat: Vec::new(),
        totals: Totals::default(),
        exchange: None,
        preceding: Vec::new(),
        operations: Operations::Mixed,
        situation: None,
        payment_terms: Some("Paiement à 30 jours par virement bancaire.".to_owned()),
        mentions: vec!["TVA acquittée sur les encaissements.".to_owned()],
        late_payment: Some(LatePayment {
            penalties: "En cas de retard de paiement, pénalités au taux de 12,15 % l’an, exigibles le jour suivant \
                        la date d’échéance (art. L441-10 du code de commerce)."
                .to_owned(),
            indemnity: "Indemnité forfaitaire pour frais de recouvrement de 40 € (art. D441-5 du code de commerce)."
                .to_owned(),
            discount: "Pas d’escompte pour paiement anticipé.".to_owned(),
        }),
        brand: Brand::of("#1e5f74", "#133b5c"),
        attachments: Vec::new(),
    })
}

/// Red and blue, half transparent: 240 by 60 pixels.
pub fn logo() -> Vec<u8> {
    use image::{ImageEncoder, codecs::png::PngEncoder};
    let (width, height) = (240_u32, 60_u32);
    let pixel = |x: u32, y: u32| match (x < y * 2, x % 30 < 15) {
        (true, _) => [200, 40, 40, 255],
        (false, true) => [40, 60, 200, 255],
        (false, false) => [40, 60, 200, 60],
    };
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    let mut png = Vec::new();
    let encoder = PngEncoder::new(&mut png);
    encoder.write_image(&pixels, width, height, image::ExtendedColorType::Rgba8).expect("a picture is written");
    png
}

/// The invoice of an organization with a [`logo`].
pub fn with_logo() -> Snapshot {
    let mut invoice = invoice();
    invoice.number = "FAC-2026-0046".to_owned();
    invoice.brand.logo = Some(Logo { sha256: "0".repeat(64), width: 240, height: 60 });
    invoice
}

/// The same document in another design, with a [`logo`].
pub fn in_design(design: Design, mut snapshot: Snapshot) -> Snapshot {
    snapshot.brand.design = design;
    snapshot.brand.logo = with_logo().brand.logo;
    snapshot
}

/// The same sale as a document of another kind.
pub fn as_kind(kind: Kind, invoice: Snapshot) -> Snapshot {
    let unpayable = |snapshot: Snapshot| Snapshot { due_on: None, payment_terms: None, late_payment: None, ..snapshot };
    match kind {
        Kind::Invoice => invoice,
        Kind::Deposit => Snapshot { kind, number: "ACO-2026-0007".to_owned(), ..invoice },
        Kind::Corrective => with_origin(Snapshot { kind, number: "FAC-2026-0048".to_owned(), ..invoice }),
        Kind::CreditNote => {
            with_origin(unpayable(Snapshot { kind, number: "AV-2026-0003".to_owned(), quote_number: None, ..invoice }))
        }
        Kind::SelfBilled => self_billed(Snapshot { kind, number: "AF-LUMIERE-2026-0004".to_owned(), ..invoice }),
        Kind::SelfBilledCreditNote => {
            let number = "AFA-LUMIERE-2026-0002".to_owned();
            self_billed(with_origin(unpayable(Snapshot { kind, number, quote_number: None, ..invoice })))
        }
        Kind::Quote => unpayable(Snapshot {
            kind,
            number: "DEV-2026-0108".to_owned(),
            supplied_on: None,
            valid_until: Some(date(2026, 12, 31)),
            quote_number: None,
            ..invoice
        }),
    }
}

/// The buyer issues it, and says so.
fn self_billed(mut snapshot: Snapshot) -> Snapshot {
    snapshot.mentions.insert(0, "Autofacturation".to_owned());
    snapshot.quote_number = None;
    for origin in &mut snapshot.preceding {
        origin.number = "AF-LUMIERE-2026-0003".to_owned();
    }
    snapshot
}

/// A quote with conditions.
pub fn quote() -> Snapshot {
    let mut quote = as_kind(Kind::Quote, invoice());
    quote.introduction = Some("Suite à notre rencontre, voici notre proposition.".to_owned());
    quote.conditions = Some(
        "Acompte de 30 % à la commande, solde à la livraison.\nLes délais courent à réception de l’acompte.\n\
         Deux allers-retours de corrections sont compris."
            .to_owned(),
    );
    quote
}

/// With files that go with it: one said what it is, one whose name is long and full of accents.
pub fn with_attachments(snapshot: Snapshot) -> Snapshot {
    let file = |place: u8, name: &str, description: Option<&str>, media_type: &str| AttachedFile {
        id: format!("att_{place:026}").parse().expect("an id"),
        s3_key: format!("pieces/{place}"),
        file_name: name.to_owned(),
        description: description.map(str::to_owned),
        media_type: media_type.to_owned(),
        bytes: 120_000,
        sha256: "0".repeat(64),
    };
    let attachments = vec![
        file(1, "Plan de la façade.pdf", Some("élévation sur rue"), "application/pdf"),
        file(2, "Relevé d’heures & déplacements « novembre » – équipe n° 2.csv", None, "text/csv"),
        file(3, "photo.jpg", Some("l’enseigne posée"), "image/jpeg"),
    ];
    Snapshot { attachments, ..snapshot }
}

/// A sole trader below the thresholds.
pub fn franchised() -> Snapshot {
    let mut invoice = invoice();
    invoice.number = "FAC-2026-0043".to_owned();
    invoice.seller.name = "Camille Roux EI".to_owned();
    invoice.seller.legal_form = None;
    invoice.seller.capital = None;
    invoice.seller.rcs_city = None;
    invoice.seller.vat_number = None;
    invoice.operations = Operations::Services;
    invoice.mentions = vec![FRANCHISE.to_owned()];
    invoice.brand = Brand::of("#7c3aed", "#7c3aed");
    invoice.lines = vec![line("Cours de yoga à domicile", "4", Unit::Hour, "55", "0", franchise())];
    totalled(invoice)
}

/// To a private person: none of the clauses between businesses.
pub fn consumer() -> Snapshot {
    let mut invoice = invoice();
    invoice.number = "FAC-2026-0044".to_owned();
    invoice.buyer = Buyer {
        name: "Jean Petit".to_owned(),
        contact: None,
        address: Address {
            street: "3 impasse des Lilas".to_owned(),
            complement: None,
            postal_code: "38000".to_owned(),
            city: "Grenoble".to_owned(),
            country: "FR".to_owned(),
        },
        siren: None,
        vat_number: None,
        email: Some("jean.petit@example.org".to_owned()),
        is_business: false,
    };
    invoice.purchase_order = None;
    invoice.late_payment = None;
    invoice.brand = Brand::of("#facc15", "#f59e0b");
    invoice
}

/// In francs CFA, to a company in Senegal.
pub fn francs() -> Snapshot {
    let mut invoice = invoice();
    invoice.number = "FAC-2026-0045".to_owned();
    invoice.currency = Currency::Xof;
    invoice.buyer.name = "Sahel Énergie SA".to_owned();
    invoice.buyer.address = Address {
        street: "24 avenue Léopold Sédar Senghor".to_owned(),
        complement: None,
        postal_code: "11500".to_owned(),
        city: "Dakar".to_owned(),
        country: "SN".to_owned(),
    };
    invoice.buyer.siren = None;
    invoice.buyer.vat_number = None;
    invoice.operations = Operations::Services;
    invoice.lines = vec![
        line("Audit énergétique\nSite de Thiès", "3", Unit::Day, "425000", "0", standard("20")),
        line("Rapport", "1", Unit::Flat, "1250000", "5", standard("20")),
    ];
    totalled(invoice)
}

/// In dollars, with French VAT, which is told in euro as well.
pub fn dollars() -> Snapshot {
    let mut invoice = invoice();
    invoice.number = "FAC-2026-0050".to_owned();
    invoice.currency = Currency::Usd;
    invoice.exchange = Some(ExchangeRate { euro: decimal("0.92155"), on: date(2026, 11, 20) });
    totalled(invoice)
}

/// Sections, a line in option, discounts on a line and on the whole: a quote.
pub fn sections() -> Snapshot {
    let mut quote = quote();
    quote.number = "DEV-2026-0109".to_owned();
    let mut lines = invoice().lines;
    lines[0].section = Some("Création".to_owned());
    lines[2].section = Some("Fabrication".to_owned());
    lines[2].discount_minor = Minor(1_250);
    lines[3].is_optional = true;
    quote.lines = lines;
    discounted(quote, Some(Discount::Percent(decimal("5"))))
}

/// A discount in money over two rates.
pub fn global_discount() -> Snapshot {
    let mut invoice = invoice();
    invoice.number = "FAC-2026-0047".to_owned();
    discounted(invoice, Some(Discount::Amount(Minor(25_000))))
}

/// The whole of an invoice, given back.
pub fn credit_note() -> Snapshot {
    Snapshot {
        introduction: Some("Annulation de la facture à la suite d’une erreur de destinataire.".to_owned()),
        ..as_kind(Kind::CreditNote, invoice())
    }
}

/// Takes the place of an invoice that was wrong.
pub fn corrective() -> Snapshot {
    as_kind(Kind::Corrective, invoice())
}

fn with_origin(snapshot: Snapshot) -> Snapshot {
    let origin = Preceding { number: "FAC-2026-0042".to_owned(), issued_on: date(2026, 11, 2), deducted_minor: None };
    Snapshot { preceding: vec![origin], ..snapshot }
}

/// A third of a quote, before the work begins.
pub fn deposit() -> Snapshot {
    let mut invoice = invoice();
    invoice.kind = Kind::Deposit;
    invoice.number = "ACO-2026-0002".to_owned();
    invoice.lines = vec![
        line(
            "Acompte de 30 % sur le devis DEV-2026-0108\nPart taxée à 20 %",
            "1",
            Unit::Flat,
            "1232.25",
            "0",
            standard("20"),
        ),
        line(
            "Acompte de 30 % sur le devis DEV-2026-0108\nPart taxée à 5,5 %",
            "1",
            Unit::Flat,
            "68.26",
            "0",
            standard("5.5"),
        ),
    ];
    totalled(invoice)
}

/// The balance after [`deposit`].
pub fn final_invoice() -> Snapshot {
    let deposit = deposit();
    let mut invoice = invoice();
    invoice.number = "FAC-2026-0049".to_owned();
    invoice.preceding = vec![Preceding {
        number: deposit.number,
        issued_on: date(2026, 10, 5),
        deducted_minor: Some(deposit.totals.gross_minor),
    }];
    invoice
}

/// An invoice without VAT, with a client that the treatment is made for.
pub fn treated(treatment: Treatment) -> Snapshot {
    let mut invoice = invoice();
    let on = invoice.issued_on;
    invoice.number = format!("FAC-2026-2{:03}", treatment as usize);
    let rate = treatment.rate(on).expect("a treatment that decides the rate");
    for line in &mut invoice.lines {
        line.vat = rate.clone();
    }
    invoice.mentions = rate.exemption_reason.into_iter().collect();
    let (name, street, postal_code, city, country, vat_number) = match treatment {
        Treatment::IntraUnionGoods | Treatment::IntraUnionServices => {
            ("Kaffeehaus Berlin GmbH", "Torstraße 12", "10119", "Berlin", "DE", Some("DE136695976"))
        }
        Treatment::Export | Treatment::OutsideScope => {
            ("Boulangerie du Léman SA", "Rue du Rhône 4", "1204", "Genève", "CH", None)
        }
        _ => return totalled(invoice),
    };
    invoice.operations = match treatment {
        Treatment::IntraUnionGoods | Treatment::Export => Operations::Goods,
        _ => Operations::Services,
    };
    invoice.buyer = Buyer {
        name: name.to_owned(),
        address: Address {
            street: street.to_owned(),
            complement: None,
            postal_code: postal_code.to_owned(),
            city: city.to_owned(),
            country: country.to_owned(),
        },
        siren: None,
        vat_number: vat_number.map(str::to_owned),
        ..invoice.buyer
    };
    totalled(invoice)
}

/// As many lines as asked.
pub fn long(lines: usize) -> Snapshot {
    let mut invoice = invoice();
    invoice.number = format!("FAC-2026-1{lines:03}");
    invoice.lines = (0..lines)
        .map(|index| {
            let details =
                if index % 3 == 0 { "\nRéférence fournisseur, livrée et posée par nos soins" } else { "" };
            let rate = if index % 4 == 0 { "10" } else { "20" };
            line(
                &format!("Article n° {} – fourniture d’atelier{details}", index + 1),
                &format!("{}", index % 7 + 1),
                Unit::ALL[index % Unit::ALL.len()],
                &format!("{}.{:02}", 10 + index, index % 100),
                "0",
                standard(rate),
            )
        })
        .collect();
    totalled(invoice)
}

/// What a user may type, in every text of a document.
pub fn hostile(text: &str) -> Snapshot {
    let mut snapshot = invoice();
    let some = || Some(text.to_owned());
    let address = Address {
        street: text.to_owned(),
        complement: some(),
        postal_code: text.to_owned(),
        city: text.to_owned(),
        country: text.to_owned(),
    };
    snapshot.number = text.to_owned();
    snapshot.purchase_order = some();
    snapshot.quote_number = some();
    snapshot.subject = some();
    snapshot.introduction = some();
    snapshot.conditions = some();
    snapshot.payment_terms = some();
    snapshot.mentions = vec![text.to_owned(), format!("{text} bis")];
    snapshot.late_payment =
        Some(LatePayment { penalties: text.to_owned(), indemnity: text.to_owned(), discount: text.to_owned() });
    snapshot.brand = Brand::of(text, text);
    snapshot.seller = Seller {
        name: text.to_owned(),
        legal_form: some(),
        capital: some(),
        address: address.clone(),
        siren: text.to_owned(),
        siret: text.to_owned(),
        rcs_city: some(),
        vat_number: some(),
        email: some(),
        phone: some(),
        website: some(),
        bank: Some(Bank { name: some(), iban: text.to_owned(), bic: some() }),
    };
    snapshot.buyer = Buyer {
        name: text.to_owned(),
        contact: some(),
        address,
        siren: some(),
        vat_number: some(),
        email: some(),
        is_business: true,
    };
    let exempt = VatRate { exemption_reason: some(), exemption_code: some(), ..franchise() };
    snapshot.lines = vec![
        line(text, "1", Unit::Piece, "1", "0", exempt),
        line(&format!("{text}\n{text}"), "2", Unit::Piece, "1", "50", standard("20")),
    ];
    totalled(snapshot)
}

/// A certificate for somebody who left, or an amendment that both sign.
pub fn staff_letter(is_agreement: bool) -> StaffLetter {
    let Snapshot { seller, brand, .. } = invoice();
    let (title, paragraphs) = if is_agreement {
        let changed = "À compter du 1er septembre 2025, les conditions suivantes s’appliquent :\n– Emploi : cheffe d’atelier (auparavant : ébéniste).";
        ("Avenant au contrat de travail", vec![changed.to_owned(), "Le reste est inchangé.".to_owned()])
    } else {
        let first = "Nous soussignés certifions avoir employé Madame Inès Moreau du 4 mars 2024 au 15 novembre 2026.";
        ("Certificat de travail", vec![first.to_owned()])
    };
    StaffLetter {
        title: title.into(),
        reference: "certificat-de-travail-M-014-2026-11-15".into(),
        place: "Lyon".into(),
        dated_on: date(2026, 11, 15),
        employer: seller,
        brand,
        addressee: "Inès Moreau".into(),
        address: None,
        facts: vec![("Entrée".into(), "4 mars 2024".into())],
        paragraphs,
        signatory: "Camille Durand, gérante".into(),
        is_agreement,
        employee_as: "La salariée".into(),
    }
}

/// One letter of each kind, in the design of the invoice's seller.
pub fn letter(kind: LetterKind) -> Letter {
    let invoice = with_logo();
    let entry = |on, text: &str, due_on, amount: i64| LetterEntry {
        on,
        text: text.to_owned(),
        due_on,
        amount_minor: Minor(amount),
    };
    let owed = [
        entry(date(2026, 11, 22), "Facture FAC-2026-0046", Some(date(2026, 12, 22)), 525_000),
        entry(date(2027, 1, 4), "Règlement FAC-2026-0046 (virement)", None, -200_000),
    ];
    let (subject, paragraphs, more): (&str, &[&str], Vec<LetterEntry>) = match kind {
        LetterKind::Reminder => (
            "Deuxième rappel : facture FAC-2026-0046 échue – Studio Lumière",
            &[
                "Malgré notre précédent message, notre facture FAC-2026-0046 du 22 novembre 2026, échue le 22 décembre \
                 2026, n’est toujours pas réglée. Il reste 3 250,00 € à payer, avec 15 jours de retard.",
                "Nous vous demandons de régler cette somme sans délai, ou de nous dire ce qui s’y oppose.",
            ],
            Vec::new(),
        ),
        LetterKind::FormalNotice => (
            "Mise en demeure de payer : facture FAC-2026-0046 – Studio Lumière",
            &[
                "Par la présente, nous vous mettons en demeure de nous régler, sous huit jours à compter de sa réception, \
                 la somme de 3 250,00 € restant due sur notre facture FAC-2026-0046 du 22 novembre 2026, échue le 22 \
                 décembre 2026.",
                "À défaut, nous nous réservons d’en poursuivre le recouvrement par toutes voies de droit.",
                "La présente vaut mise en demeure de payer (article 1344 du Code civil).",
            ],
            vec![
                entry(
                    date(2027, 1, 3),
                    "Intérêts du 23/12/2026 au 03/01/2027 : 12 jours à 12,15 % sur 5 250,00 €",
                    None,
                    2_097,
                ),
                entry(date(2027, 2, 5), "Indemnité forfaitaire pour frais de recouvrement", None, 4_000),
            ],
        ),
        LetterKind::Statement => (
            "Relevé de compte au 5 février 2027",
            &[
                "Voici l’état de votre compte dans nos livres, arrêté au 5 février 2027.",
                "Sauf erreur de notre part, il reste 3 670,00 € à régler, dont 3 250,00 € échus.",
            ],
            vec![
                entry(date(2027, 1, 18), "Facture FAC-2027-0003", Some(date(2027, 2, 17)), 48_000),
                entry(date(2027, 1, 20), "Avoir AV-2027-0001 sur FAC-2027-0003", None, -6_000),
            ],
        ),
    };
    Letter {
        kind,
        reference: format!("FAC-2026-0046-{}", kind.name()),
        payment_reference: match kind {
            LetterKind::Statement => "FAC-2026-0046, FAC-2027-0003".to_owned(),
            LetterKind::Reminder | LetterKind::FormalNotice => "FAC-2026-0046".to_owned(),
        },
        dated_on: date(2027, 2, 5),
        currency: invoice.currency,
        seller: invoice.seller,
        buyer: Buyer { contact: None, ..invoice.buyer },
        brand: invoice.brand,
        subject: subject.to_owned(),
        paragraphs: paragraphs.iter().map(|&text| text.to_owned()).collect(),
        entries: owed.into_iter().chain(more).collect(),
    }
}

pub fn letter_in_design(design: Design, kind: LetterKind) -> Letter {
    let mut letter = letter(kind);
    letter.brand.design = design;
    letter
}
