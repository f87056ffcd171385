//! The document as the template reads it: every amount, date and number already a French string, every
//! text already printable. The template decides where things stand, never what they say.

use kernel::{
    Currency, Minor,
    document::{self, Address, AttachedFile, Kind, Line, Operations, Preceding, Snapshot, VatCategory},
    letter::Letter,
    money::{french_decimal, french_percent, french_price},
    staff_letter::StaffLetter,
    text::{self, french_date},
};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::{
    Mark,
    color::Palette,
    epc,
    printable::{line, paragraph},
};

#[derive(Debug, Serialize)]
pub struct View {
    has_xml: bool,
    /// The file's title, as a reader's window shows it.
    title: String,
    kind: String,
    number: String,
    design: &'static str,
    /// What is written across each page.
    mark: Option<&'static str>,
    palette: Palette,
    logo: Option<Logo>,
    seller: Seller,
    buyer: Buyer,
    facts: Vec<Pair>,
    subject: Option<String>,
    introduction: Option<String>,
    has_discount: bool,
    lines: Vec<Row>,
    /// The table is cut before this line, and the next page begins with it.
    cut_before: Option<usize>,
    vat: Vec<VatRow>,
    totals: Vec<Pair>,
    due: Option<Pair>,
    payment: Option<Payment>,
    /// The files that come with it, each with what it is.
    attachments: Vec<String>,
    conditions: Option<String>,
    clauses: Vec<Pair>,
    mentions: Vec<String>,
    acceptance: Option<&'static str>,
    signature: Option<SignatureView>,
    footer: String,
    letter: Option<LetterView>,
}

/// What a letter says instead of lines.
#[derive(Debug, Serialize)]
struct LetterView {
    paragraphs: Vec<String>,
    entries: Vec<EntryView>,
    salutation: Option<&'static str>,
    closing: Option<&'static str>,
    /// Where it is signed by hand instead of closed.
    signing: Option<Signing>,
}

#[derive(Debug, Serialize)]
struct Signing {
    made_out: String,
    /// Who signs, and for whom.
    parties: Vec<Pair>,
    is_agreement: bool,
}

/// A line of an account.
#[derive(Debug, Serialize)]
struct EntryView {
    on: String,
    text: String,
    due_on: String,
    debit: String,
    credit: String,
    /// What is owed after it.
    balance: String,
}

#[derive(Debug, Serialize)]
struct Pair {
    label: String,
    value: String,
}

/// The size of the picture on paper, in hundredths of a millimetre, and what is read aloud in its place.
#[derive(Debug, Serialize)]
struct Logo {
    width: u64,
    height: u64,
    alt: String,
}

/// How the client accepted the quote.
#[derive(Debug, Serialize)]
struct SignatureView {
    name: String,
    rows: Vec<Pair>,
    picture: Option<Logo>,
}

#[derive(Debug, Serialize)]
struct Seller {
    name: String,
    address: Vec<String>,
    contact: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Buyer {
    label: &'static str,
    name: String,
    contact: Option<String>,
    address: Vec<String>,
    identifiers: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    /// The title of the section that begins here.
    section: Option<String>,
    /// What the section adds up to, where it ends here.
    subtotal: Option<Pair>,
    is_optional: bool,
    name: String,
    details: String,
    quantity: String,
    unit: String,
    unit_price: String,
    discount: String,
    vat: String,
    net: String,
    /// What the lines add up to, this one included: where a page ends after it, it is carried forward.
    carried: String,
}

#[derive(Debug, Serialize)]
struct VatRow {
    rate: String,
    base: String,
    tax: String,
}

#[derive(Debug, Serialize)]
struct Payment {
    title: String,
    rows: Vec<Pair>,
    terms: Option<String>,
    qr_svg: Option<String>,
}

/// How many lines accompany totals that would stand alone.
const KEPT_WITH_TOTALS: usize = 2;

impl View {
    pub fn of(snapshot: &Snapshot, has_logo: bool) -> Self {
        let number = line(&snapshot.number);
        let seller_name = line(&snapshot.seller.name);
        Self {
            has_xml: false,
            title: format!("{} {number} – {seller_name}", snapshot.kind.french()),
            kind: snapshot.kind.french().to_owned(),
            design: snapshot.brand.design.name(),
            mark: None,
            palette: Palette::of(&snapshot.brand.primary_color, &snapshot.brand.secondary_color),
            logo: snapshot.brand.logo.as_ref().filter(|_| has_logo).map(|picture| logo(picture, &seller_name)),
            seller: seller(&snapshot.seller, seller_name),
            buyer: buyer(&snapshot.buyer, if snapshot.kind.is_payable() { "Facturé à" } else { "Adressé à" }),
            facts: facts(snapshot),
            subject: optional(&snapshot.subject, line),
            introduction: optional(&snapshot.introduction, paragraph),
            has_discount: snapshot.lines.iter().any(is_discounted),
            lines: rows(snapshot),
            cut_before: None,
            vat: vat(snapshot),
            totals: totals(snapshot),
            due: Some(pair(
                match snapshot.kind {
                    Kind::Quote => "Total TTC",
                    Kind::CreditNote => "Net en votre faveur",
                    Kind::SelfBilledCreditNote => "Net à déduire",
                    Kind::Invoice | Kind::Deposit | Kind::Corrective | Kind::SelfBilled => "Net à payer",
                },
                snapshot.due_minor().french(snapshot.currency),
            )),
            payment: snapshot.kind.is_payable().then(|| payment(snapshot, &number)),
            attachments: attachments(snapshot),
            conditions: optional(&snapshot.conditions, paragraph),
            clauses: clauses(snapshot),
            mentions: mentions(snapshot),
            acceptance: (snapshot.kind == Kind::Quote)
                .then_some("Date et signature du client, précédées de la mention manuscrite « Bon pour accord »."),
            signature: None,
            footer: footer(&snapshot.seller),
            letter: None,
            number,
        }
    }

    /// A letter in the design of the organization's documents.
    pub fn of_letter(letter: &Letter, has_logo: bool) -> Self {
        let number = line(&letter.reference);
        let seller_name = line(&letter.seller.name);
        let due = letter.due_minor();
        let is_owed = due > Minor::ZERO;
        let label = if due < Minor::ZERO { "Solde en votre faveur" } else { "Solde à régler" };
        Self {
            has_xml: false,
            title: format!("{} {number} – {seller_name}", letter.kind.french()),
            kind: letter.kind.french().to_owned(),
            design: letter.brand.design.name(),
            mark: None,
            palette: Palette::of(&letter.brand.primary_color, &letter.brand.secondary_color),
            logo: letter.brand.logo.as_ref().filter(|_| has_logo).map(|picture| logo(picture, &seller_name)),
            seller: seller(&letter.seller, seller_name),
            buyer: buyer(&letter.buyer, "Adressé à"),
            facts: vec![pair("Date", french_date(letter.dated_on))],
            subject: Some(line(&letter.subject)).filter(|subject| !subject.is_empty()),
            introduction: None,
            has_discount: false,
            lines: Vec::new(),
            cut_before: None,
            vat: Vec::new(),
            totals: Vec::new(),
            due: Some(pair(label, Minor(due.0.abs()).french(letter.currency))),
            payment: is_owed.then(|| Payment {
                title: "Pour régler".to_owned(),
                ..bank_payment(
                    &letter.seller,
                    due,
                    letter.currency,
                    letter.reference_of_payment(),
                    &line(letter.reference_of_payment()),
                )
            }),
            attachments: Vec::new(),
            conditions: None,
            clauses: Vec::new(),
            mentions: Vec::new(),
            acceptance: None,
            signature: None,
            footer: footer(&letter.seller),
            letter: Some(LetterView {
                paragraphs: letter.paragraphs.iter().map(|text| paragraph(text)).collect(),
                entries: entries(letter),
                salutation: Some("Madame, Monsieur,"),
                closing: Some("Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées."),
                signing: None,
            }),
            number,
        }
    }

    /// A letter of an employer's to one of their staff.
    pub fn of_staff_letter(letter: &StaffLetter, has_logo: bool) -> Self {
        let employer = line(&letter.employer.name);
        let (title, on) = (line(&letter.title), french_date(letter.dated_on));
        let made_out = match line(&letter.place) {
            place if place.is_empty() => format!("Fait le {on}."),
            place => format!("Fait à {place}, le {on}."),
        };
        let signatory = line(&letter.signatory);
        let own = if signatory.is_empty() { employer.clone() } else { format!("{employer}\n{signatory}") };
        let mut signing = vec![pair("Pour l’employeur", own)];
        if letter.is_agreement {
            let signs_as = if letter.employee_as.is_empty() { "Le salarié" } else { &letter.employee_as };
            signing.push(pair(signs_as, line(&letter.addressee)));
        }
        Self {
            has_xml: false,
            title: format!("{title} – {}", line(&letter.addressee)),
            kind: title,
            number: String::new(),
            design: letter.brand.design.name(),
            mark: None,
            palette: Palette::of(&letter.brand.primary_color, &letter.brand.secondary_color),
            logo: letter.brand.logo.as_ref().filter(|_| has_logo).map(|picture| logo(picture, &employer)),
            seller: seller(&letter.employer, employer),
            buyer: Buyer {
                label: "Remis à",
                name: line(&letter.addressee),
                contact: None,
                address: letter.address.as_ref().map(address).unwrap_or_default(),
                identifiers: Vec::new(),
            },
            facts: letter.facts.iter().map(|(label, value)| pair(&line(label), line(value))).collect(),
            subject: None,
            introduction: None,
            has_discount: false,
            lines: Vec::new(),
            cut_before: None,
            vat: Vec::new(),
            totals: Vec::new(),
            due: None,
            payment: None,
            attachments: Vec::new(),
            conditions: None,
            clauses: Vec::new(),
            mentions: Vec::new(),
            acceptance: None,
            signature: None,
            footer: footer(&letter.employer),
            letter: Some(LetterView {
                paragraphs: letter.paragraphs.iter().map(|text| paragraph(text)).collect(),
                entries: Vec::new(),
                salutation: None,
                closing: None,
                signing: Some(Signing { made_out, parties: signing, is_agreement: letter.is_agreement }),
            }),
        }
    }

    /// Whether the XML stands in the file.
    pub fn embedding(self, has_xml: bool) -> Self {
        Self { has_xml, ..self }
    }

    /// The same, not to be taken for the document itself. Nobody pays a draft.
    pub fn marked(self, mark: Mark) -> Self {
        let payment = match mark {
            Mark::Draft => self.payment.map(|payment| Payment { qr_svg: None, ..payment }),
            Mark::Copy => self.payment,
        };
        Self { mark: Some(mark.french()), payment, ..self }
    }

    /// The same, with the client's signature where it asked for one.
    pub fn signed(self, signature: &document::Signature, has_picture: bool, currency: Currency) -> Self {
        let name = line(&signature.name);
        let on = format!("{} à {}", french_date(signature.signed_on), signature.signed_time);
        let mut rows = vec![pair("Signé par", name.as_str())];
        rows.extend(optional(&signature.quality, line).map(|quality| pair("Qualité", quality)));
        rows.push(pair("Le", on));
        if !signature.options.is_empty() {
            rows.push(pair("Options retenues", line(&signature.options.join(", "))));
        }
        rows.push(pair("Total TTC accepté", signature.gross_minor.french(currency)));
        let picture = signature
            .picture
            .as_ref()
            .filter(|_| has_picture)
            .map(|picture| Logo { alt: format!("Signature de {name}"), ..fitting(picture, 5_000, 2_000) });
        Self {
            acceptance: Some(
                "Signature électronique donnée en ligne par le client (C.\u{a0}civ., art.\u{a0}1366 et 1367).",
            ),
            signature: Some(SignatureView { name, rows, picture }),
            ..self
        }
    }

    pub fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings, booleans and numbers serialise")
    }

    /// Cuts the table before its last lines. False where that cannot help: nothing would be left above.
    pub fn keep_last_lines(&mut self) -> bool {
        let cut = self.lines.len().saturating_sub(KEPT_WITH_TOTALS);
        self.cut_before = (cut > 0).then_some(cut);
        self.cut_before.is_some()
    }
}

/// As large as fits into 60 by 15 mm, and never so large that its pixels show (96 an inch).
fn logo(picture: &document::Logo, seller_name: &str) -> Logo {
    Logo { alt: format!("Logo de {seller_name}"), ..fitting(picture, 6_000, 1_500) }
}

/// As large as fits into so many hundredths of a millimetre.
fn fitting(picture: &document::Logo, width_max: u64, height_max: u64) -> Logo {
    let (width, height) = (u64::from(picture.width).max(1), u64::from(picture.height).max(1));
    let natural = (width * 2_540 / 96, height * 2_540 / 96);
    let (width, height) = match natural {
        (across, up) if across <= width_max && up <= height_max => natural,
        _ if width * height_max > height * width_max => (width_max, height * width_max / width),
        _ => (width * height_max / height, height_max),
    };
    Logo { width: width.max(1), height: height.max(1), alt: String::new() }
}

fn pair(label: &str, value: impl Into<String>) -> Pair {
    Pair { label: label.to_owned(), value: value.into() }
}

fn optional(text: &Option<String>, printable: fn(&str) -> String) -> Option<String> {
    text.as_deref().map(printable).filter(|text| !text.is_empty())
}

fn address(address: &Address) -> Vec<String> {
    let town = line(&format!("{} {}", address.postal_code, address.city));
    let mut lines = vec![line(&address.street)];
    lines.extend(optional(&address.complement, line));
    lines.push(town);
    if address.country != "FR" {
        lines.push(country(&address.country));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// By name; what is no country by its code.
fn country(code: &str) -> String {
    kernel::country::french(code).map_or_else(|| line(code), str::to_owned)
}

fn entries(letter: &Letter) -> Vec<EntryView> {
    let amount = |minor: Minor| if minor.is_zero() { String::new() } else { minor.french(letter.currency) };
    let mut balance = Minor::ZERO;
    let mut entries = Vec::with_capacity(letter.entries.len());
    for entry in &letter.entries {
        balance = Minor(balance.0 + entry.amount_minor.0);
        entries.push(EntryView {
            on: text::short_date(entry.on),
            text: line(&entry.text),
            due_on: entry.due_on.map(text::short_date).unwrap_or_default(),
            debit: amount(entry.amount_minor.max(Minor::ZERO)),
            credit: amount(Minor(-entry.amount_minor.min(Minor::ZERO).0)),
            balance: balance.french(letter.currency),
        });
    }
    entries
}

fn seller(seller: &document::Seller, name: String) -> Seller {
    let contact = [&seller.phone, &seller.email, &seller.website];
    Seller {
        name,
        address: address(&seller.address),
        contact: contact.into_iter().filter_map(|text| optional(text, line)).collect(),
    }
}

fn buyer(buyer: &document::Buyer, label: &'static str) -> Buyer {
    let mut identifiers = Vec::new();
    // The SIREN of a business is a mention of its own (décret 2022-1299).
    identifiers.extend(optional(&buyer.siren, line).map(|siren| format!("SIREN {}", text::siren(&siren))));
    identifiers.extend(optional(&buyer.vat_number, line).map(|vat| format!("N° TVA {vat}")));
    Buyer {
        label,
        name: line(&buyer.name),
        contact: optional(&buyer.contact, line),
        address: address(&buyer.address),
        identifiers,
    }
}

fn facts(snapshot: &Snapshot) -> Vec<Pair> {
    let supplied = match snapshot.operations {
        Operations::Goods => "Date de livraison",
        Operations::Services => "Date de prestation",
        Operations::Mixed => "Date de réalisation",
    };
    let operations = match snapshot.operations {
        Operations::Goods => "Livraisons de biens",
        Operations::Services => "Prestations de services",
        Operations::Mixed => "Biens et services",
    };
    let mut facts = vec![pair("Date d’émission", french_date(snapshot.issued_on))];
    let mut add = |label: &str, value: Option<String>| facts.extend(value.map(|value| pair(label, value)));
    add("Date d’échéance", snapshot.due_on.filter(|_| snapshot.kind.is_payable()).map(french_date));
    add("Valable jusqu’au", snapshot.valid_until.filter(|_| snapshot.kind == Kind::Quote).map(french_date));
    add(supplied, snapshot.supplied_on.map(french_date));
    // What is deducted stands among the totals.
    let said = |document: &Preceding| format!("{} du {}", line(&document.number), french_date(document.issued_on));
    add("Annule et remplace", snapshot.replaced().map(said));
    let others = snapshot.preceding.iter().skip(usize::from(snapshot.replaced().is_some()));
    for document in others.filter(|document| document.deducted_minor.is_none()) {
        add("Facture d’origine", Some(said(document)));
    }
    add("Bon de commande", optional(&snapshot.purchase_order, line));
    add("Devis d’origine", optional(&snapshot.quote_number, line));
    if let Some(situation) = snapshot.situation {
        let amount = |minor: Minor| format!("{} HT", minor.french(snapshot.currency));
        add("Situation", Some(format!("n°\u{a0}{}", situation.number)));
        add("Montant du marché", Some(amount(situation.agreed_minor)));
        add("Déjà facturé", Some(amount(situation.before_minor)));
        add("Reste à facturer", Some(amount(situation.left_minor(snapshot.totals.net_minor))));
    }
    add("Taux de change", snapshot.exchange.map(|exchange| exchange.french(snapshot.currency)));
    if snapshot.kind != Kind::Quote {
        add("Nature des opérations", Some(operations.to_owned()));
    }
    facts
}

fn is_discounted(line: &Line) -> bool {
    !line.discount_percent.is_zero() || !line.discount_minor.is_zero()
}

/// The lines in their sections. Where there is one, each has its title and ends with what it adds up to.
fn rows(snapshot: &Snapshot) -> Vec<Row> {
    let currency = snapshot.currency;
    let mut rows: Vec<Row> = snapshot.lines.iter().map(|line| row(line, currency)).collect();
    let mut section: Option<Minor> = None;
    let mut carried = Minor::ZERO;
    for (at, line) in snapshot.lines.iter().enumerate() {
        if !line.is_optional {
            carried = Minor(carried.0 + line.net_minor.0);
        }
        rows[at].carried = carried.french(currency);
        if line.section.is_some() {
            section = Some(Minor::ZERO);
        }
        let Some(sum) = &mut section else { continue };
        if !line.is_optional {
            *sum = Minor(sum.0 + line.net_minor.0);
        }
        if snapshot.lines.get(at + 1).is_none_or(|next| next.section.is_some()) {
            rows[at].subtotal = Some(pair("Sous-total HT", sum.french(currency)));
        }
    }
    rows
}

fn row(item: &Line, currency: Currency) -> Row {
    let text = paragraph(&item.description);
    let (name, details) = text.split_once('\n').unwrap_or((&text, ""));
    let percent = (!item.discount_percent.is_zero()).then(|| french_percent(item.discount_percent));
    let amount = (!item.discount_minor.is_zero()).then(|| item.discount_minor.french(currency));
    Row {
        section: optional(&item.section, line),
        subtotal: None,
        is_optional: item.is_optional,
        name: name.to_owned(),
        details: details.trim().to_owned(),
        quantity: french_decimal(item.quantity.normalize()),
        unit: item.unit.french_for(item.quantity).to_owned(),
        unit_price: french_price(item.unit_price, currency),
        discount: [percent, amount].into_iter().flatten().collect::<Vec<_>>().join(" + "),
        vat: french_percent(item.vat.percent),
        net: item.net_minor.french(currency),
        carried: String::new(),
    }
}

fn vat(snapshot: &Snapshot) -> Vec<VatRow> {
    snapshot
        .vat
        .iter()
        .map(|total| VatRow {
            rate: match total.rate.category {
                VatCategory::S => french_percent(total.rate.percent),
                VatCategory::AE => "Autoliquidation".to_owned(),
                _ => format!("{} (sans TVA)", french_percent(Decimal::ZERO)),
            },
            base: total.base_minor.french(snapshot.currency),
            tax: total.tax_minor.french(snapshot.currency),
        })
        .collect()
}

fn totals(snapshot: &Snapshot) -> Vec<Pair> {
    let currency = snapshot.currency;
    let minus = |minor: Minor| Minor(-minor.0).french(currency);
    let mut totals = Vec::new();
    if !snapshot.allowances.is_empty() {
        let lines = Minor(snapshot.counted_lines().map(|line| line.net_minor.0).sum());
        let taken_off = Minor(snapshot.allowances.iter().map(|allowance| allowance.amount_minor.0).sum());
        totals.push(pair("Total HT avant remise", lines.french(currency)));
        totals.push(pair(&allowance_label(snapshot), minus(taken_off)));
    }
    totals.push(pair("Total HT", snapshot.totals.net_minor.french(currency)));
    totals.push(pair("Total TVA", snapshot.totals.tax_minor.french(currency)));
    if snapshot.kind == Kind::Quote {
        return totals;
    }
    // The VAT of an invoice in another currency is also owed in euro (directive 2006/112/CE art. 230).
    if let Some(euro) = snapshot.vat_in_euro().filter(|euro| *euro != Minor::ZERO) {
        totals.push(pair("Total TVA en euros", euro.french(Currency::Eur)));
    }
    totals.push(pair("Total TTC", snapshot.totals.gross_minor.french(currency)));
    for document in &snapshot.preceding {
        if let Some(deducted) = document.deducted_minor {
            let what = if snapshot.replaced() == Some(document) { "Déjà réglé sur" } else { "Acompte" };
            let label = format!("{what} {} du {}", line(&document.number), text::short_date(document.issued_on));
            totals.push(pair(&label, minus(deducted)));
        }
    }
    totals
}

/// `Remise 5 %`: the reason, with the rate that it has everywhere.
fn allowance_label(snapshot: &Snapshot) -> String {
    let reason = snapshot.allowances.first().map(|allowance| line(&allowance.reason)).unwrap_or_default();
    match snapshot.allowances.first().and_then(|allowance| allowance.percent) {
        Some(percent) => format!("{reason} {}", french_percent(percent)),
        None => reason,
    }
}

fn payment(snapshot: &Snapshot, number: &str) -> Payment {
    let due = snapshot.due_minor();
    Payment {
        title: match snapshot.due_on {
            _ if due <= Minor::ZERO => "Rien à payer".to_owned(),
            Some(due) => format!("À payer au plus tard le {}", french_date(due)),
            None => "Règlement".to_owned(),
        },
        terms: optional(&snapshot.payment_terms, paragraph),
        ..bank_payment(&snapshot.seller, due, snapshot.currency, &snapshot.number, number)
    }
}

/// By transfer, with what an application of a bank reads.
fn bank_payment(
    seller: &document::Seller,
    amount: Minor,
    currency: Currency,
    reference: &str,
    printed: &str,
) -> Payment {
    let mut rows = Vec::new();
    let mut qr_svg = None;
    if let Some(bank) = &seller.bank {
        rows.extend(optional(&bank.name, line).map(|name| pair("Banque", name)));
        rows.push(pair("IBAN", text::iban(&line(&bank.iban))));
        rows.extend(optional(&bank.bic, line).map(|bic| pair("BIC", bic)));
        rows.push(pair("Référence à rappeler", printed));
        qr_svg = epc::qr_svg(bank, &seller.name, amount, currency, reference);
    }
    Payment { title: String::new(), rows, terms: None, qr_svg }
}

/// `Plan.pdf (plan du rez-de-chaussée)`.
fn attachments(snapshot: &Snapshot) -> Vec<String> {
    let told = |file: &AttachedFile| match optional(&file.description, line) {
        Some(what) => format!("{} ({what})", line(&file.file_name)),
        None => line(&file.file_name),
    };
    snapshot.attachments.iter().map(told).collect()
}

fn clauses(snapshot: &Snapshot) -> Vec<Pair> {
    // C. com. L441-9, D441-5: between businesses only.
    let Some(late) = snapshot.late_payment.as_ref().filter(|_| snapshot.buyer.is_business) else {
        return Vec::new();
    };
    [
        ("Pénalités de retard", &late.penalties),
        ("Indemnité de recouvrement", &late.indemnity),
        ("Escompte", &late.discount),
    ]
    .into_iter()
    .map(|(label, text)| pair(label, paragraph(text)))
    .filter(|clause| !clause.value.is_empty())
    .collect()
}

/// The sentences of the snapshot, then the reasons of exemption that none of them says already.
fn mentions(snapshot: &Snapshot) -> Vec<String> {
    let reasons = snapshot.vat.iter().filter_map(|total| total.rate.exemption_reason.as_ref());
    let mut mentions: Vec<String> = Vec::new();
    for mention in snapshot.mentions.iter().chain(reasons).map(|text| paragraph(text)) {
        if !mention.is_empty() && !mentions.iter().any(|known| known.contains(&mention)) {
            mentions.push(mention);
        }
    }
    mentions
}

/// Who the seller is in law (C. com. R123-237 and R123-238).
fn footer(seller: &document::Seller) -> String {
    let mut who = line(&seller.name);
    if let Some(form) = optional(&seller.legal_form, line) {
        who = format!("{who}, {form}");
    }
    if let Some(capital) = optional(&seller.capital, line) {
        who = format!("{who} au capital de {}", capital.replace(' ', "\u{a0}"));
    }
    let mut parts = vec![who];
    parts.push(address(&seller.address).join(", "));
    let siren = text::siren(&line(&seller.siren));
    match optional(&seller.rcs_city, line) {
        Some(city) => parts.push(format!("RCS\u{a0}{city} {siren}")),
        None => parts.push(format!("SIREN\u{a0}{siren}")),
    }
    parts.push(format!("SIRET\u{a0}{}", text::siren(&line(&seller.siret))));
    parts.extend(optional(&seller.vat_number, line).map(|vat| format!("N°\u{a0}TVA\u{a0}{vat}")));
    parts.retain(|part| !part.trim_end_matches(['\u{a0}', ' ']).is_empty());
    parts.join(" · ")
}
