//! What of each kind of item is found, and by what: read from what is stored, as exports read it, so that no context knows of
//! the search and a rule that changes needs the index to be made anew, not the items. Whatever is not named here is in no
//! index: of an employee their name and number, and nothing else.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Currency, Minor, id::UserId, search::Category, text};
use serde_json::Value;

use super::model::Found;

/// An item that is read, with the record that it belongs to where it is a file.
pub struct Read<'a> {
    pub kind: &'a str,
    pub item: &'a Value,
    pub record: Option<&'a Value>,
}

/// None of what nobody finds: another kind, somebody who was erased, a file without its record.
pub fn found(read: &Read) -> Option<Found> {
    let item = read.item;
    match read.kind {
        "company" => company(item),
        "contact" => contact(item),
        "opportunity" => opportunity(item),
        "activity" => activity(item),
        "attached_file" => file(item, read.record?),
        "product" => product(item),
        "quote" => quote(item),
        "invoice" => issued(item, "/client", "Facture", "factures"),
        "credit_note" => credit_note(item),
        "self_billed_document" => issued(item, "/supplier", "Autofacturation", "autofacturation"),
        "recurring_invoice" => recurring(item),
        "expense" => expense(item),
        "recurring_expense" => recurring_expense(item),
        "supplier" => supplier(item),
        "employee" => employee(item),
        _ => None,
    }
}

fn company(item: &Value) -> Option<Found> {
    if item.get("erased_at").is_some() {
        return None;
    }
    let city = text_at(item, "/address/city");
    let archived = item.get("archived_at").map(|_| "archivée");
    let found = Found::new(Category::Company, text_at(item, "/name")?, page("/crm/entreprises", item)?, added(item)?)
        .below([city, archived])
        .by_text(city)
        .by_number(text_at(item, "/siret"))
        .by_number(text_at(item, "/vat_number"))
        .by_text(text_at(item, "/email"))
        .by_phone(text_at(item, "/phone"));
    Some(found.of(member(item, "/assigned_to")))
}

fn contact(item: &Value) -> Option<Found> {
    let name = whole_name(item.pointer("/person")?)?;
    let company = text_at(item, "/company/name");
    let found = Found::new(Category::Contact, &name, page("/crm/contacts", item)?, added(item)?)
        .below([text_at(item, "/person/job_title"), company])
        .by_text(company)
        .by_text(text_at(item, "/person/email"))
        .by_phone(text_at(item, "/person/mobile"))
        .by_phone(text_at(item, "/person/phone"));
    Some(found.of(member(item, "/assigned_to")))
}

fn opportunity(item: &Value) -> Option<Found> {
    let currency = currency(item, "/currency")?;
    let amount = minor(item, "/amount_minor")?;
    let [company, contact] = ["/company/name", "/contact/name"].map(|name| text_at(item, name));
    let found =
        Found::new(Category::Opportunity, text_at(item, "/name")?, page("/crm/opportunites", item)?, added(item)?)
            .below([company.or(contact), Some(&amount.french(currency))])
            .by_text(company)
            .by_text(contact)
            .by_amount(amount, currency);
    Some(found.of(member(item, "/assigned_to")))
}

fn activity(item: &Value) -> Option<Found> {
    let on = day(item, "/starts/day")?;
    let names = ["/company/name", "/contact/name", "/opportunity/name"].map(|name| text_at(item, name));
    let with = names.into_iter().flatten().next();
    let found =
        Found::new(Category::Activity, text_at(item, "/subject")?, page("/crm/activites", item)?, midnight(on)?)
            .below([Some(text::french_date(on).as_str()), with]);
    Some(names.into_iter().fold(found, Found::by_text).of(member(item, "/assigned_to")))
}

/// As its record is seen, it is.
fn file(item: &Value, record: &Value) -> Option<Found> {
    let id = text_at(item, "/id")?;
    let of = text_at(record, "/id")?;
    if record.get("erased_at").is_some() {
        return None;
    }
    let name = match record.pointer("/person") {
        Some(person) => whole_name(person)?,
        None => text_at(record, "/name")?.to_owned(),
    };
    let found = Found::new(Category::File, text_at(item, "/name")?, format!("/crm/fichiers/{of}/{id}"), added(item)?)
        .below([Some(name.as_str())])
        .by_text(Some(&name));
    let only = (text_at(item, "/audience") == Some("author")).then(|| member(item, "/author")).flatten();
    Some(Found { only, ..found.of(member(record, "/assigned_to")) })
}

fn product(item: &Value) -> Option<Found> {
    let reference = text_at(item, "/reference");
    let archived = item.get("archived_on").map(|_| "archivé");
    let href = page("/facturation/catalogue/produits", item)?;
    let found = Found::new(Category::Product, text_at(item, "/name")?, href, added(item)?);
    Some(found.below([reference, archived]).by_number(reference))
}

fn quote(item: &Value) -> Option<Found> {
    let number = text_at(item, "/number");
    let at = day(item, "/sent_on").and_then(midnight).or_else(|| added(item))?;
    document(item, "/client", Category::Quote, "Devis", number, page("/facturation/devis", item)?, at)
}

/// What is a draft until it is issued.
fn issued(item: &Value, client: &str, name: &str, folder: &str) -> Option<Found> {
    let number = text_at(item, "/issued/number");
    let at = day(item, "/issued/on").and_then(midnight).or_else(|| added(item))?;
    let href = page(&format!("/facturation/{folder}"), item)?;
    document(item, client, Category::Invoice, name, number, href, at)
}

fn credit_note(item: &Value) -> Option<Found> {
    let at = midnight(day(item, "/issued_on")?)?;
    let (number, href) = (text_at(item, "/number"), page("/facturation/avoirs", item)?);
    let found = document(item, "/client", Category::Invoice, "Avoir", number, href, at)?;
    Some(found.by_number(text_at(item, "/invoice_number")))
}

fn recurring(item: &Value) -> Option<Found> {
    let href = page("/facturation/recurrentes", item)?;
    document(item, "/client", Category::Invoice, "Facture récurrente", None, href, added(item)?)
}

/// `name` is what a document is called that has no number yet, or never has one.
fn document(
    item: &Value,
    client: &str,
    category: Category,
    name: &str,
    number: Option<&str>,
    href: String,
    at: Timestamp,
) -> Option<Found> {
    let currency = currency(item, "/priced/currency")?;
    let gross = minor(item, "/priced/totals/gross_minor")?;
    let client = text_at(item, &format!("{client}/reference/name"));
    let subject = text_at(item, "/words/subject");
    let title = number.map_or_else(|| format!("{name} de {}", client.unwrap_or("client")), str::to_owned);
    let kind = number.map(|_| name);
    let found = Found::new(category, &title, href, at)
        .below([kind, client, Some(gross.french(currency).as_str()), subject])
        .by_number(number)
        .by_amount(gross, currency)
        .by_text(client)
        .by_text(kind)
        .by_text(subject);
    Some(found)
}

fn expense(item: &Value) -> Option<Found> {
    let on = day(item, "/spent_on")?;
    let day = text::french_date(on);
    spent(item, item, page("/ventes/depenses", item)?, midnight(on)?, &day).map(|found| found.by_day(on))
}

fn recurring_expense(item: &Value) -> Option<Found> {
    let href = page("/ventes/depenses/recurrentes", item)?;
    let found = spent(item.get("content")?, item, href, added(item)?, "Dépense récurrente")?;
    Some(found.by_text(Some("récurrente")))
}

/// `content` says what was bought, `below` what stands beside supplier and amount.
fn spent(content: &Value, item: &Value, href: String, at: Timestamp, below: &str) -> Option<Found> {
    let currency = currency(content, "/currency")?;
    let amounts = content
        .get("lines")?
        .as_array()?
        .iter()
        .flat_map(|line| ["/net_minor", "/tax_minor"].map(|amount| minor(line, amount).unwrap_or(Minor::ZERO)));
    let gross = Minor::checked_sum(amounts).ok()?;
    let supplier = text_at(content, "/supplier/name");
    let state = (text_at(item, "/approval/state") == Some("draft")).then_some("brouillon");
    let found = Found::new(Category::Expense, text_at(content, "/description")?, href, at)
        .below([supplier, Some(gross.french(currency).as_str()), Some(below), state])
        .by_amount(gross, currency)
        .by_number(text_at(content, "/reference"))
        .by_text(supplier);
    Some(found)
}

fn supplier(item: &Value) -> Option<Found> {
    let siren = text_at(item, "/siren").map(text::siren);
    let archived = item.get("archived_on").map(|_| "archivé");
    let href = page("/ventes/fournisseurs", item)?;
    let found = Found::new(Category::Supplier, text_at(item, "/name")?, href, added(item)?)
        .below([siren.as_deref(), archived])
        .by_number(text_at(item, "/siren"))
        .by_number(text_at(item, "/vat_number"))
        .by_text(text_at(item, "/email"))
        .by_phone(text_at(item, "/phone"));
    Some(found)
}

fn employee(item: &Value) -> Option<Found> {
    let number = text_at(item, "/number");
    let found = Found::new(Category::Employee, &whole_name(item)?, page("/rh/employes", item)?, added(item)?);
    let matricule = number.map(|number| format!("Matricule {number}"));
    Some(found.below([matricule.as_deref()]).by_number(number))
}

// ---- what is stored ------------------------------------------------------------------------------------------

fn text_at<'a>(item: &'a Value, pointer: &str) -> Option<&'a str> {
    item.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn whole_name(person: &Value) -> Option<String> {
    let last = text_at(person, "/last_name")?;
    Some(text_at(person, "/first_name").map_or_else(|| last.to_owned(), |first| format!("{first} {last}")))
}

fn page(folder: &str, item: &Value) -> Option<String> {
    Some(format!("{folder}/{}", text_at(item, "/id")?))
}

fn member(item: &Value, pointer: &str) -> Option<UserId> {
    text_at(item, pointer)?.parse().ok()
}

fn added(item: &Value) -> Option<Timestamp> {
    text_at(item, "/created_at")?.parse().ok()
}

fn day(item: &Value, pointer: &str) -> Option<Date> {
    text_at(item, pointer)?.parse().ok()
}

fn midnight(on: Date) -> Option<Timestamp> {
    on.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
}

fn currency(item: &Value, pointer: &str) -> Option<Currency> {
    text_at(item, pointer)?.parse().ok()
}

fn minor(item: &Value, pointer: &str) -> Option<Minor> {
    item.pointer(pointer).and_then(Value::as_i64).map(Minor)
}

#[cfg(test)]
mod tests {
    use kernel::search::ITEMS;
    use serde_json::json;

    use super::*;

    fn find(kind: &str, item: Value) -> Option<Found> {
        find_with(kind, item, None)
    }

    fn find_with(kind: &str, item: Value, record: Option<Value>) -> Option<Found> {
        found(&Read { kind, item: &item, record: record.as_ref() })
    }

    fn contact_item() -> Value {
        json!({
            "id": "con_1", "created_at": "2026-01-01T00:00:00Z", "assigned_to": "usr_00000000000000000000000003",
            "person": {
                "first_name": "Zoé", "last_name": "Müller", "job_title": "Gérante", "email": "zoe@dupre.example",
                "mobile": "+33612345678", "notes": "confidentiel",
            },
            "company": { "id": "com_1", "name": "Boulangerie Dupré" },
        })
    }

    #[test]
    fn a_contact_is_found_by_name_company_address_and_telephone() {
        let found = find("contact", contact_item()).unwrap();
        assert_eq!(
            (found.title.as_str(), found.subtitle.as_deref()),
            ("Zoé Müller", Some("Gérante · Boulangerie Dupré"))
        );
        assert_eq!(found.href, "/crm/contacts/con_1");
        assert_eq!(found.words, ["boulangerie", "dupre", "zoe", "example", "33612345678", "0612345678"]);
        assert_eq!(found.assigned_to.map(|user| user.to_string()).as_deref(), Some("usr_00000000000000000000000003"));
    }

    #[test]
    fn an_invoice_is_found_by_number_client_and_amount_and_a_draft_by_the_latter() {
        let draft = json!({
            "id": "inv_1", "created_at": "2026-01-01T00:00:00Z", "client": { "reference": { "name": "Dupré" } },
            "words": { "subject": "Vitrine" }, "priced": { "currency": "EUR", "totals": { "gross_minor": 123_456 } },
        });
        let found = find("invoice", draft.clone()).unwrap();
        assert_eq!(found.title, "Facture de Dupré");
        let mut item = draft;
        item["issued"] = json!({ "number": "FAC-2026-0042", "on": "2026-03-01" });
        let found = find("invoice", item).unwrap();
        assert_eq!((found.title.as_str(), found.href.as_str()), ("FAC-2026-0042", "/facturation/factures/inv_1"));
        assert_eq!(found.at.to_string(), "2026-03-01T00:00:00Z");
        for word in ["0042", "42", "fac20260042", "dupre", "1234,56", "vitrine", "facture"] {
            assert!(found.words.iter().any(|known| known == word), "{word}: {:?}", found.words);
        }
    }

    #[test]
    fn an_expense_is_found_by_label_supplier_amount_reference_and_day() {
        let item = json!({
            "id": "xpn_1", "created_at": "2026-11-21T00:00:00Z", "description": "Papier et encre", "currency": "EUR",
            "spent_on": "2026-11-20", "reference": "T-17", "supplier": { "id": "sup_1", "name": "Papeterie Œuvre" },
            "lines": [{ "net_minor": 10_000, "tax_minor": 2_000 }, { "net_minor": 1_005, "tax_minor": 55 }],
            "notes": "confidentiel", "approval": { "state": "draft" },
        });
        let read = find("expense", item.clone()).unwrap();
        assert_eq!((read.title.as_str(), read.href.as_str()), ("Papier et encre", "/ventes/depenses/xpn_1"));
        let below = "Papeterie Œuvre · 130,60\u{a0}€ · 20\u{a0}novembre\u{a0}2026 · brouillon";
        assert_eq!(read.subtitle.as_deref(), Some(below));
        assert_eq!(read.at.to_string(), "2026-11-20T00:00:00Z");
        let words = "130,60 t 17 t17 papeterie oeuvre 20112026 20261120 novembre 2026 20";
        assert_eq!(read.words.join(" "), words);
        let recurring = json!({ "id": "rxp_1", "created_at": "2026-11-21T00:00:00Z", "content": item });
        let read = find("recurring_expense", recurring).unwrap();
        assert_eq!(read.href, "/ventes/depenses/recurrentes/rxp_1");
        assert!(read.words.contains(&"130,60".to_owned()) && read.words.contains(&"recurrente".to_owned()));
    }

    #[test]
    fn a_supplier_is_found_by_name_siren_and_address_and_never_by_its_iban() {
        let item = json!({
            "id": "sup_1", "created_at": "2026-11-21T00:00:00Z", "name": "Papeterie Œuvre", "siren": "404833048",
            "vat_number": "FR83404833048", "email": "contact@papeterie.example", "iban": "sealed", "iban_end": "0189",
            "notes": "confidentiel", "archived_on": "2026-11-22",
        });
        let read = find("supplier", item).unwrap();
        assert_eq!((read.title.as_str(), read.href.as_str()), ("Papeterie Œuvre", "/ventes/fournisseurs/sup_1"));
        assert_eq!(read.subtitle.as_deref(), Some("404\u{a0}833\u{a0}048 · archivé"));
        assert_eq!(read.words.join(" "), "404833048 fr83404833048 contact papeterie example");
    }

    #[test]
    fn of_an_employee_the_name_and_the_number_and_nothing_else() {
        let item = json!({
            "id": "emp_1", "created_at": "2026-01-01T00:00:00Z", "number": "M-007", "first_name": "Inès",
            "last_name": "Roux", "email": "ines@prive.example", "phone": "+33699999999", "nir": "2850769123456",
            "notes": "en arrêt maladie", "born_on": "1985-07-01", "contracts": [{ "salary_minor": 4_200_000 }],
            "address": { "city": "Lyon" },
        });
        let found = find("employee", item).unwrap();
        assert_eq!((found.title.as_str(), found.subtitle.as_deref()), ("Inès Roux", Some("Matricule M-007")));
        assert_eq!(found.words, ["m", "007", "m007"]);
    }

    #[test]
    fn a_file_is_seen_as_its_record_is() {
        let file = json!({
            "id": "fil_1", "name": "Plan", "created_at": "2026-01-01T00:00:00Z", "audience": "everyone",
            "author": "usr_00000000000000000000000004", "record": { "kind": "contact", "id": "con_1" },
        });
        let found = find_with("attached_file", file.clone(), Some(contact_item())).unwrap();
        assert_eq!((found.href.as_str(), found.subtitle.as_deref()), ("/crm/fichiers/con_1/fil_1", Some("Zoé Müller")));
        assert!(found.assigned_to.is_some() && found.only.is_none());
        let mut private = file.clone();
        private["audience"] = "author".into();
        assert!(find_with("attached_file", private, Some(contact_item())).unwrap().only.is_some());
        assert_eq!(find_with("attached_file", file, None), None);
    }

    #[test]
    fn who_was_erased_is_not_found() {
        let company = json!({ "id": "com_1", "name": "Client effacé", "created_at": "2026-01-01T00:00:00Z" });
        assert!(find("company", company.clone()).is_some());
        let mut erased = company;
        erased["erased_at"] = "2026-02-01T00:00:00Z".into();
        assert_eq!(find("company", erased), None);
    }

    #[test]
    fn every_kind_that_the_stream_tells_of_has_its_rule() {
        // What is in no rule is in no category: an item that says all that any rule reads is found as each kind.
        let everything = json!({
            "id": "x", "name": "Nom", "subject": "Objet", "last_name": "Nom", "person": { "last_name": "Nom" },
            "created_at": "2026-01-01T00:00:00Z", "starts": { "day": "2026-01-01" }, "currency": "EUR",
            "amount_minor": 1, "issued_on": "2026-01-01", "spent_on": "2026-01-01", "description": "Achat", "lines": [],
            "content": { "description": "Achat", "currency": "EUR", "lines": [] },
            "priced": { "currency": "EUR", "totals": { "gross_minor": 1 } },
        });
        for (kind, category) in ITEMS {
            let found = find_with(kind, everything.clone(), Some(everything.clone()));
            assert_eq!(found.map(|found| found.category), Some(*category), "{kind}");
        }
        assert_eq!(find("session", everything), None);
    }
}
