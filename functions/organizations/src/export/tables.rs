//! The main lists of an export as tables for a spreadsheet: which fields of which items, in which column.

use kernel::{Currency, Minor};
use serde_json::Value;

pub struct Table {
    /// Of the file, without its ending.
    pub file: &'static str,
    pub french: &'static str,
    /// The kind of item that a row is about.
    pub item: &'static str,
    pub columns: &'static [Column],
}

pub struct Column {
    pub title: &'static str,
    source: Source,
}

enum Source {
    /// A field by its path.
    Text(&'static str),
    /// An amount, and the currency that it is in.
    Amount(&'static str, &'static str),
    /// A choice, with its words.
    Choice(&'static str, &'static [(&'static str, &'static str)]),
    /// `yes` where there is such a field, else `no`.
    Present(&'static str, &'static str, &'static str),
    /// A field of another kind of item in the same aggregate.
    Beside(&'static str, &'static str),
}

use Source::{Amount, Beside, Choice, Present, Text};

const fn column(title: &'static str, source: Source) -> Column {
    Column { title, source }
}

const CURRENCY: &str = "/priced/currency";

pub const TABLES: &[Table] = &[
    Table {
        file: "clients",
        french: "les entreprises de votre CRM",
        item: "company",
        columns: &[
            column("Nom", Text("/name")),
            column(
                "Catégorie",
                Choice(
                    "/category",
                    &[
                        ("client", "Client"),
                        ("prospect", "Prospect"),
                        ("supplier", "Fournisseur"),
                        ("partner", "Partenaire"),
                        ("other", "Autre"),
                    ],
                ),
            ),
            column("SIRET", Text("/siret")),
            column("Numéro de TVA", Text("/vat_number")),
            column("Adresse", Text("/address/street")),
            column("Complément d’adresse", Text("/address/complement")),
            column("Code postal", Text("/address/postal_code")),
            column("Ville", Text("/address/city")),
            column("Pays", Text("/address/country")),
            column("Téléphone", Text("/phone")),
            column("Adresse e-mail", Text("/email")),
            column("Site internet", Text("/website")),
            column("Notes", Text("/notes")),
            column("Ajouté le", Text("/created_at")),
            column("Identifiant", Text("/id")),
        ],
    },
    Table {
        file: "contacts",
        french: "vos contacts",
        item: "contact",
        columns: &[
            column("Civilité", Choice("/person/civility", &[("mr", "M."), ("mrs", "Mme"), ("none", "")])),
            column("Prénom", Text("/person/first_name")),
            column("Nom", Text("/person/last_name")),
            column("Entreprise", Text("/company/name")),
            column("Fonction", Text("/person/job_title")),
            column("Adresse e-mail", Text("/person/email")),
            column("Téléphone", Text("/person/phone")),
            column("Mobile", Text("/person/mobile")),
            column("Notes", Text("/person/notes")),
            column("Ajouté le", Text("/created_at")),
            column("Identifiant", Text("/id")),
        ],
    },
    Table {
        file: "devis",
        french: "vos devis",
        item: "quote",
        columns: &[
            column("Numéro", Text("/number")),
            column(
                "État",
                Choice(
                    "/progress",
                    &[
                        ("draft", "Brouillon"),
                        ("sent", "Envoyé"),
                        ("accepted", "Accepté"),
                        ("refused", "Refusé"),
                        ("invoiced", "Facturé"),
                    ],
                ),
            ),
            column("Client", Text("/client/reference/name")),
            column("Objet", Text("/words/subject")),
            column("Envoyé le", Text("/sent_on")),
            column("Valable jusqu’au", Text("/valid_until")),
            column("Répondu le", Text("/answered_on")),
            column("Total HT", Amount("/priced/totals/net_minor", CURRENCY)),
            column("TVA", Amount("/priced/totals/tax_minor", CURRENCY)),
            column("Total TTC", Amount("/priced/totals/gross_minor", CURRENCY)),
            column("Devise", Text(CURRENCY)),
            column("Créé le", Text("/created_at")),
            column("Identifiant", Text("/id")),
        ],
    },
    Table {
        file: "factures",
        french: "vos factures",
        item: "invoice",
        columns: &[
            column("Numéro", Text("/issued/number")),
            column(
                "Nature",
                Choice(
                    "/kind",
                    &[("invoice", "Facture"), ("deposit", "Acompte"), ("corrective", "Facture rectificative")],
                ),
            ),
            column("État", Present("/issued", "Émise", "Brouillon")),
            column("Client", Text("/client/reference/name")),
            column("Objet", Text("/words/subject")),
            column("Émise le", Text("/issued/on")),
            column("Échéance", Text("/issued/due_on")),
            column("Total HT", Amount("/priced/totals/net_minor", CURRENCY)),
            column("TVA", Amount("/priced/totals/tax_minor", CURRENCY)),
            column("Total TTC", Amount("/priced/totals/gross_minor", CURRENCY)),
            column("Payé", Amount("/issued/paid_minor", CURRENCY)),
            column("Devise", Text(CURRENCY)),
            column("Devis d’origine", Text("/quote_number")),
            column("Créée le", Text("/created_at")),
            column("Identifiant", Text("/id")),
        ],
    },
    Table {
        file: "avoirs",
        french: "vos avoirs",
        item: "credit_note",
        columns: &[
            column("Numéro", Text("/number")),
            column("Facture d’origine", Text("/invoice_number")),
            column("Client", Text("/client/reference/name")),
            column("Motif", Text("/words/introduction")),
            column("Émis le", Text("/issued_on")),
            column("Total HT", Amount("/priced/totals/net_minor", CURRENCY)),
            column("TVA", Amount("/priced/totals/tax_minor", CURRENCY)),
            column("Total TTC", Amount("/priced/totals/gross_minor", CURRENCY)),
            column("Devise", Text(CURRENCY)),
            column("Identifiant", Text("/id")),
        ],
    },
    Table {
        file: "paiements",
        french: "les paiements reçus, remboursés et annulés",
        item: "payment",
        columns: &[
            column(
                "Nature",
                Choice("/kind", &[("received", "Paiement"), ("refunded", "Remboursement"), ("reversal", "Annulation")]),
            ),
            column("Facture", Beside("invoice", "/issued/number")),
            column("Client", Beside("invoice", "/client/reference/name")),
            column("Payé le", Text("/paid_on")),
            column("Montant", Amount("/amount_minor", "/currency")),
            column("Devise", Text("/currency")),
            column(
                "Moyen de paiement",
                Choice(
                    "/method",
                    &[
                        ("bank_transfer", "Virement"),
                        ("check", "Chèque"),
                        ("cash", "Espèces"),
                        ("card", "Carte bancaire"),
                        ("direct_debit", "Prélèvement"),
                        ("other", "Autre"),
                    ],
                ),
            ),
            column("Référence", Text("/reference")),
            column("Enregistré le", Text("/recorded_at")),
            column("Identifiant", Text("/id")),
        ],
    },
];

impl Table {
    /// The row of an item; `aggregate` are the items that it belongs with, by kind.
    pub fn row(&self, item: &Value, aggregate: &[(&str, &Value)]) -> Vec<String> {
        self.columns.iter().map(|column| column.source.cell(item, aggregate)).collect()
    }
}

impl Source {
    fn cell(&self, item: &Value, aggregate: &[(&str, &Value)]) -> String {
        match self {
            Text(path) => text(item, path).to_owned(),
            Amount(path, currency) => {
                let minor = item.pointer(path).and_then(Value::as_i64);
                let currency = text(item, currency).parse::<Currency>();
                match (minor, currency) {
                    // A French spreadsheet reads a comma.
                    (Some(minor), Ok(currency)) => Minor(minor).plain(currency).replace('.', ","),
                    _ => String::new(),
                }
            }
            Choice(path, words) => {
                let chosen = text(item, path);
                words.iter().find(|(code, _)| *code == chosen).map_or(chosen, |(_, french)| french).to_owned()
            }
            Present(path, yes, no) => {
                let is_there = item.pointer(path).is_some_and(|value| !value.is_null());
                (if is_there { *yes } else { *no }).to_owned()
            }
            Beside(kind, path) => aggregate
                .iter()
                .find(|(other, _)| other == kind)
                .map(|(_, item)| text(item, path))
                .unwrap_or_default()
                .to_owned(),
        }
    }
}

fn text<'a>(item: &'a Value, path: &str) -> &'a str {
    item.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_payment_names_its_invoice_and_a_draft_has_no_number() {
        let invoice = json!({
            "issued": { "number": "FAC-2026-0001" }, "client": { "reference": { "name": "La Poste" } },
            "priced": { "currency": "EUR", "totals": { "gross_minor": 120_050 } },
        });
        let payment = json!({
            "kind": "refunded", "paid_on": "2026-11-22", "amount_minor": 5, "currency": "EUR", "method": "cash",
        });
        let draft = json!({ "kind": "deposit" });
        let aggregate = [("invoice", &invoice), ("payment", &payment)];
        let table = |file: &str| TABLES.iter().find(|table| table.file == file).unwrap();
        let row = table("paiements").row(&payment, &aggregate);
        assert_eq!(row[..7], ["Remboursement", "FAC-2026-0001", "La Poste", "2026-11-22", "0,05", "EUR", "Espèces"]);
        assert_eq!(table("factures").row(&invoice, &aggregate)[9], "1200,50");
        assert_eq!(table("factures").row(&draft, &[])[..3], ["", "Acompte", "Brouillon"]);
    }
}
