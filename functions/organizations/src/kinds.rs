//! Every kind of item that an organization has: what an export calls it, and what the law keeps of it once the
//! organization is deleted. A new kind adds its line; a test asks for it (`infra/e2e/tests/it/everything.rs`).

/// What of a kind stays when its organization is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    /// Where it belongs to a document that was issued: accounting documents, ten years (C. com. L123-22).
    IfIssued,
    /// The ledger, the numbers, who issued; and the audit log, which shows how documents came about.
    Always,
}

#[derive(Debug)]
pub struct Kind {
    /// As the table names it.
    pub item: &'static str,
    /// Of the file in an export, without its ending.
    pub file: &'static str,
    pub french: &'static str,
    pub kept: Kept,
}

const fn kind(item: &'static str, file: &'static str, kept: Kept, french: &'static str) -> Kind {
    Kind { item, file, french, kept }
}

/// In the order in which an export names them.
pub const KINDS: &[Kind] = &[
    kind("organization", "entreprise", Kept::Always, "votre entreprise et ses paramètres"),
    kind("company", "clients", Kept::Nothing, "les entreprises de votre CRM\u{a0}: clients, prospects, fournisseurs…"),
    kind("contact", "contacts", Kept::Nothing, "vos contacts"),
    kind("retention", "conservation", Kept::Nothing, "depuis quand vos contacts et prospects n’ont pas changé"),
    kind("erasure", "effacements", Kept::Nothing, "les contacts effacés, sans leur nom"),
    kind("quote", "devis", Kept::IfIssued, "vos devis, avec leurs lignes"),
    kind("invoice", "factures", Kept::IfIssued, "vos factures, avec leurs lignes"),
    kind("credit_note", "avoirs", Kept::IfIssued, "vos avoirs, avec leurs lignes"),
    kind(
        "self_billed_document",
        "autofacturation",
        Kept::IfIssued,
        "les factures et avoirs établis au nom de vos fournisseurs, avec leurs lignes",
    ),
    kind("self_billing_mandate", "mandats-autofacturation", Kept::Always, "les mandats de vos fournisseurs"),
    kind("self_billing_code", "series-fournisseurs", Kept::Always, "le fournisseur de chaque série"),
    kind("quote_deposit", "acomptes", Kept::IfIssued, "ce que les acomptes ont facturé d’avance"),
    kind("recurring_invoice", "factures-recurrentes", Kept::Nothing, "vos factures récurrentes, avec leurs lignes"),
    kind("occurrence", "factures-recurrentes-emises", Kept::Nothing, "les factures que chacune a créées"),
    kind("issue_batch", "emissions-groupees", Kept::Nothing, "les émissions groupées de factures"),
    kind("month_figures", "chiffres-mensuels", Kept::Nothing, "ce qui a été facturé et encaissé, mois par mois"),
    kind("product", "produits", Kept::Nothing, "vos produits et services, avec leurs prix"),
    kind("stock", "stocks", Kept::Nothing, "vos stocks"),
    kind("stock_move", "mouvements-stock", Kept::Nothing, "ce qui est entré en stock et en est sorti"),
    kind("catalogue", "catalogue", Kept::Nothing, "vos catégories, vos étiquettes et vos tarifs"),
    kind("client_price_list", "tarifs-clients", Kept::Nothing, "le tarif de chaque client"),
    kind("product_reference", "liste-references", Kept::Nothing, "les références de vos produits"),
    kind("payment", "paiements", Kept::IfIssued, "les paiements reçus, remboursés et annulés"),
    kind(
        "receipt",
        "encaissements",
        Kept::Always,
        "les règlements répartis sur plusieurs factures, et les crédits imputés",
    ),
    kind("bank_line", "releves-bancaires", Kept::Nothing, "les lignes de vos relevés bancaires importés"),
    kind("snapshot", "documents-figes", Kept::IfIssued, "le contenu figé de chaque document émis"),
    kind("file", "fichiers", Kept::IfIssued, "les fichiers PDF et leur empreinte SHA-256"),
    kind("quote_signature", "signatures", Kept::IfIssued, "les signatures des devis acceptés en ligne"),
    kind("signed_file", "fichiers-signes", Kept::IfIssued, "les PDF des devis signés et leur empreinte SHA-256"),
    kind("document_link", "liens-clients", Kept::Nothing, "les liens donnés à vos clients, sans leur secret"),
    kind("mail", "courriels", Kept::Nothing, "les e-mails envoyés"),
    kind("ledger_entry", "journal-inalterable", Kept::Always, "le journal inaltérable des factures et des paiements"),
    kind("ledger_head", "journal-inalterable-fin", Kept::Always, "la dernière empreinte de ce journal"),
    kind("account_plan", "plan-comptable", Kept::Nothing, "votre plan comptable"),
    kind("accounting_jobs", "demandes-comptables", Kept::Nothing, "les fichiers comptables demandés"),
    kind("sequence", "numerotation", Kept::Always, "le prochain numéro de chaque série"),
    kind("audit", "journal-activite", Kept::Always, "le journal d’activité\u{a0}: qui a fait quoi, et quand"),
    kind("member", "membres", Kept::Nothing, "les membres de l’équipe"),
    kind("owners", "proprietaires", Kept::Nothing, "les propriétaires de l’entreprise"),
    kind("role", "roles", Kept::Nothing, "vos rôles personnalisés"),
    kind("role_holder", "roles-attribues", Kept::Nothing, "à qui ils sont attribués"),
    kind("invitation", "invitations", Kept::Nothing, "les invitations"),
    kind("invited", "invitations-en-attente", Kept::Nothing, "les adresses dont une réponse est attendue"),
    kind("token", "jetons-api", Kept::Nothing, "les jetons d’API, sans leur secret"),
    kind("exports", "exports", Kept::Always, "les exports demandés"),
    kind("organization_card", "liste-entreprise", Kept::Always, "l’entreprise dans la liste de la plateforme"),
    kind("company_card", "liste-clients", Kept::Nothing, "les clients, dans l’ordre de leur ajout"),
    kind("client_reference", "liste-destinataires", Kept::Nothing, "les clients, tels que les documents les nomment"),
    kind("contact_link", "liste-contacts", Kept::Nothing, "les contacts de chaque client"),
    kind("client_document", "liste-documents", Kept::Nothing, "les documents de chaque client"),
    kind("kept_document", "documents-conserves", Kept::Always, "les documents conservés après une suppression"),
];

pub fn find(item: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.item == item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_and_each_file_stands_once() {
        for kind in KINDS {
            assert_eq!(KINDS.iter().filter(|other| other.item == kind.item).count(), 1, "{}", kind.item);
            assert_eq!(KINDS.iter().filter(|other| other.file == kind.file).count(), 1, "{}", kind.file);
        }
    }
}
