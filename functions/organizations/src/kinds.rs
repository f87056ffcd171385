//! Every kind of item that an organization has: what an export calls it, what the law keeps of it once the organization is
//! deleted, and how it tells of persons. A new kind adds its line; a test asks for it (`infra/e2e/tests/it/everything.rs`).

/// What of a kind stays when its organization is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    /// Where it belongs to a document that was issued: accounting documents, ten years (C. com. L123-22).
    IfIssued,
    /// The ledger, the numbers, who issued; and the audit log, which shows how documents came about.
    Always,
}

/// How a kind tells of persons: what of it belongs into an export of all that there is on one (RGPD art. 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persons {
    /// Of nobody: things, numbers. A test holds it.
    Nobody,
    /// By the way: who did something or takes care of it. What names somebody is told, and nothing else of the item.
    Named,
    /// About whom one of these fields names, by id or address.
    About(&'static [&'static str]),
    /// The same of what is done with a client, which belongs to documents.
    OfClient(&'static [&'static str]),
    /// A document or a form of it: theirs if it is addressed to them.
    Document,
    /// What is done with a client upon a document: theirs if they are the client.
    Dealing,
    /// A signature under a document: theirs if they signed, or are the client.
    Signature,
    /// Theirs if it went to them or names them.
    Mail,
    /// Of an entry, what they did and what it tells of them.
    Log,
    /// Of whoever was erased, until all else has forgotten them: in nobody's export.
    Apart,
}

#[derive(Debug)]
pub struct Kind {
    /// As the table names it.
    pub item: &'static str,
    /// Of the file in an export, without its ending.
    pub file: &'static str,
    pub french: &'static str,
    pub kept: Kept,
    pub persons: Persons,
}

const fn kind(item: &'static str, file: &'static str, kept: Kept, persons: Persons, french: &'static str) -> Kind {
    Kind { item, file, french, kept, persons }
}

/// An opportunity is about the contact, or the private person, with whom it is.
const OF_OPPORTUNITY: Persons = Persons::About(&["/contact/id", "/company/id"]);

/// In the order in which an export names them.
pub const KINDS: &[Kind] = &[
    kind("organization", "entreprise", Kept::Always, Persons::Named, "votre entreprise et ses paramètres"),
    kind(
        "company",
        "clients",
        Kept::Nothing,
        Persons::About(&["/id"]),
        "les entreprises de votre CRM\u{a0}: clients, prospects, fournisseurs…",
    ),
    kind("contact", "contacts", Kept::Nothing, Persons::About(&["/id"]), "vos contacts"),
    kind(
        "retention",
        "conservation",
        Kept::Nothing,
        Persons::About(&["/subject/id"]),
        "depuis quand vos contacts et prospects n’ont pas changé",
    ),
    kind(
        "subsidiary",
        "filiales",
        Kept::Nothing,
        Persons::About(&["/company"]),
        "les entreprises rattachées à d’autres",
    ),
    kind(
        "former_contact",
        "anciens-contacts",
        Kept::Nothing,
        Persons::About(&["/contact"]),
        "les anciens contacts de chaque client",
    ),
    kind(
        "client_use",
        "clients-utilises",
        Kept::Nothing,
        Persons::OfClient(&["/client"]),
        "les clients que la facturation connaît",
    ),
    kind(
        "crm_settings",
        "crm-reglages",
        Kept::Nothing,
        Persons::Nobody,
        "les étapes de vente, étiquettes et champs de votre CRM",
    ),
    kind("hr_settings", "rh-reglages", Kept::Nothing, Persons::Nobody, "vos services, postes et lieux de travail"),
    kind(
        "employee",
        "salaries",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les dossiers de vos salariés et leurs contrats, sans leur numéro de sécurité sociale",
    ),
    kind("employee_number", "liste-matricules", Kept::Nothing, Persons::Nobody, "les matricules de vos salariés"),
    kind(
        "employee_of",
        "liste-comptes-salaries",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "le dossier de chaque membre de l’équipe",
    ),
    kind("time_settings", "temps-reglages", Kept::Nothing, Persons::Nobody, "vos accords sur le temps de travail"),
    kind(
        "time_week",
        "temps-de-travail",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "le temps de travail de vos salariés, semaine par semaine",
    ),
    kind(
        "time_change",
        "temps-de-travail-corrections",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "ce qui a été saisi et corrigé de ce temps, par qui et pourquoi",
    ),
    kind(
        "billable_week",
        "temps-de-travail-a-facturer",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "ce qui, de ce temps, est à facturer à vos clients",
    ),
    kind(
        "payroll",
        "paie-mois",
        Kept::Nothing,
        Persons::Named,
        "les mois dont les variables de paie ont été clôturées",
    ),
    kind(
        "payroll_expenses",
        "paie-frais",
        Kept::Nothing,
        Persons::Named,
        "les notes de frais approuvées de chaque mois",
    ),
    kind("payroll_closing", "paie-clotures", Kept::Nothing, Persons::Named, "les variables de paie de chaque clôture"),
    kind(
        "paper",
        "documents-salaries",
        Kept::Nothing,
        Persons::About(&["/employee"]),
        "les documents de vos salariés, avec leurs versions",
    ),
    kind(
        "staff_letter",
        "courriers-salaries",
        Kept::Nothing,
        Persons::About(&["/employee"]),
        "les courriers établis pour vos salariés, tels qu’ils ont été établis",
    ),
    kind(
        "rendered_paper",
        "courriers-salaries-pdf",
        Kept::Nothing,
        Persons::About(&["/employee"]),
        "leurs fichiers PDF et leur empreinte SHA-256",
    ),
    kind(
        "interview",
        "entretiens",
        Kept::Nothing,
        Persons::About(&["/employee"]),
        "les entretiens de parcours professionnel tenus",
    ),
    kind(
        "expense_report",
        "notes-de-frais",
        Kept::Always,
        Persons::About(&["/employee"]),
        "les notes de frais, avec leurs justificatifs",
    ),
    kind(
        "mileage",
        "kilometres",
        Kept::Nothing,
        Persons::About(&["/employee"]),
        "les kilomètres que chaque salarié a parcourus avec son véhicule, par année",
    ),
    kind(
        "letter_templates",
        "modeles-courriers",
        Kept::Nothing,
        Persons::Nobody,
        "vos modèles de courriers aux salariés",
    ),
    kind(
        "leave_settings",
        "conges-types",
        Kept::Nothing,
        Persons::Nobody,
        "vos types d’absence, et qui valide les demandes en l’absence d’un responsable",
    ),
    kind(
        "leave_account",
        "conges-soldes",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les soldes de congés de vos salariés",
    ),
    kind(
        "leave_request",
        "conges-demandes",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les demandes d’absence de vos salariés",
    ),
    kind(
        "absence",
        "conges-absences",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les absences de vos salariés, mois par mois",
    ),
    kind("opportunity", "opportunites", Kept::Nothing, OF_OPPORTUNITY, "vos opportunités"),
    kind(
        "opportunity_card",
        "pipeline",
        Kept::Nothing,
        OF_OPPORTUNITY,
        "vos opportunités, telles que le pipeline les montre",
    ),
    kind(
        "opportunity_link",
        "liste-opportunites",
        Kept::Nothing,
        Persons::About(&["/of/id"]),
        "les opportunités de chaque client et de chaque contact",
    ),
    kind("sales_figures", "chiffres-ventes", Kept::Nothing, Persons::Named, "les totaux de vos opportunités"),
    kind(
        "sales_projection",
        "ventes-calcul",
        Kept::Nothing,
        Persons::Nobody,
        "où en est le calcul de vos chiffres de vente",
    ),
    kind(
        "sale",
        "ventes-factures",
        Kept::Nothing,
        Persons::OfClient(&["/client", "/assigned_to"]),
        "les factures dont sont faits vos chiffres de vente",
    ),
    kind(
        "sale_client",
        "ventes-premiers-achats",
        Kept::Nothing,
        Persons::OfClient(&["/client"]),
        "la première facture de chaque client",
    ),
    kind(
        "sale_quote",
        "ventes-devis",
        Kept::Nothing,
        Persons::OfClient(&["/facts/client", "/facts/assigned_to"]),
        "les devis dont sont faits vos chiffres de vente",
    ),
    kind(
        "sale_plan",
        "ventes-recurrentes",
        Kept::Nothing,
        Persons::Named,
        "ce que vos factures récurrentes doivent rapporter",
    ),
    kind("sale_expense", "ventes-depenses", Kept::Nothing, Persons::Nobody, "les dépenses dont est faite votre marge"),
    kind("expense_month", "ventes-mois-depenses", Kept::Nothing, Persons::Nobody, "vos dépenses mois par mois"),
    kind("sales_payable", "ventes-a-payer", Kept::Nothing, Persons::Nobody, "ce qui reste à payer, par échéance"),
    kind(
        "sale_expense_plan",
        "ventes-depenses-recurrentes",
        Kept::Nothing,
        Persons::Named,
        "vos dépenses récurrentes, comme les chiffres les connaissent",
    ),
    kind("sales_outlay", "ventes-depenses-prevues", Kept::Nothing, Persons::Nobody, "ce qui est à dépenser, par jour"),
    kind("sales_planned", "ventes-prevues", Kept::Nothing, Persons::Named, "ce qui est prévu, par échéance"),
    kind("sales_month", "ventes-mois", Kept::Nothing, Persons::Named, "vos chiffres de vente mois par mois"),
    kind("quote_month", "ventes-mois-devis", Kept::Nothing, Persons::Named, "vos devis mois par mois"),
    kind(
        "open_sale",
        "ventes-a-encaisser",
        Kept::Nothing,
        Persons::OfClient(&["/client", "/of"]),
        "les factures qui restent à encaisser, par échéance",
    ),
    kind(
        "sale_line",
        "ventes-lignes",
        Kept::Nothing,
        Persons::OfClient(&["/client", "/of"]),
        "les pièces dont est fait chaque chiffre de vente",
    ),
    kind("sales_due", "ventes-echeances", Kept::Nothing, Persons::Named, "ce qui reste à encaisser, par échéance"),
    kind(
        "client_sales",
        "ventes-clients",
        Kept::Nothing,
        Persons::OfClient(&["/client"]),
        "ce que chaque client vous a acheté, par période",
    ),
    kind("sales_target", "objectifs", Kept::Nothing, Persons::About(&["/aim/of"]), "vos objectifs de vente"),
    kind(
        "sales_target_standing",
        "objectifs-avancement",
        Kept::Nothing,
        Persons::About(&["/of"]),
        "où en est chaque objectif de vente",
    ),
    kind("stage_count", "etapes", Kept::Nothing, Persons::Nobody, "le nombre d’opportunités à chaque étape"),
    kind(
        "activity",
        "activites",
        Kept::Nothing,
        Persons::About(&["/contact/id", "/company/id"]),
        "vos activités\u{a0}: appels, rendez-vous, tâches…",
    ),
    kind(
        "activity_line",
        "liste-activites",
        Kept::Nothing,
        Persons::About(&["/contact/id", "/company/id"]),
        "les activités de chaque fiche",
    ),
    kind(
        "calendar_feed",
        "liens-calendrier",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les liens de calendrier, sans leur secret",
    ),
    kind(
        "attached_file",
        "fichiers-crm",
        Kept::Nothing,
        Persons::About(&["/record/id"]),
        "les fichiers de vos entreprises, contacts et opportunités, avec leurs versions",
    ),
    kind("web_form", "formulaires-web", Kept::Nothing, Persons::Named, "les formulaires de votre site"),
    kind("import", "imports", Kept::Nothing, Persons::Named, "les fichiers de fiches importés, sans leurs lignes"),
    kind(
        "import_errors",
        "imports-erreurs",
        Kept::Nothing,
        Persons::Named,
        "ce qui n’allait pas dans les lignes des fichiers importés",
    ),
    kind("record_export", "exports-fiches", Kept::Nothing, Persons::Named, "les exports de fiches demandés"),
    kind("segment", "segments", Kept::Nothing, Persons::Named, "les filtres enregistrés sur vos listes"),
    kind(
        "identity",
        "crm-reconnaissance",
        Kept::Nothing,
        Persons::About(&["/record/id"]),
        "à quoi une fiche se reconnaît",
    ),
    kind("duplicate", "crm-doublons", Kept::Nothing, Persons::Named, "les fiches qui sont peut-être des doublons"),
    kind("duplicate_search", "crm-recherche-doublons", Kept::Nothing, Persons::Nobody, "la recherche de doublons"),
    kind("merge", "crm-fusions", Kept::Nothing, Persons::About(&["/winner/id", "/loser/id"]), "les fiches fusionnées"),
    kind("moved", "crm-fusions-suivi", Kept::Nothing, Persons::Named, "ce que chaque fusion a déplacé"),
    kind(
        "merged",
        "crm-fiches-fusionnees",
        Kept::Nothing,
        Persons::Named,
        "la fiche où chaque fiche fusionnée est passée",
    ),
    kind("merge_into", "crm-fusions-recues", Kept::Nothing, Persons::Named, "les fusions reçues par chaque fiche"),
    kind("erasure", "effacements", Kept::Nothing, Persons::Apart, "les personnes effacées, sans leur nom"),
    kind("quote", "devis", Kept::IfIssued, Persons::Document, "vos devis, avec leurs lignes"),
    kind("invoice", "factures", Kept::IfIssued, Persons::Document, "vos factures, avec leurs lignes"),
    kind("credit_note", "avoirs", Kept::IfIssued, Persons::Document, "vos avoirs, avec leurs lignes"),
    kind(
        "self_billed_document",
        "autofacturation",
        Kept::IfIssued,
        Persons::Document,
        "les factures et avoirs établis au nom de vos fournisseurs, avec leurs lignes",
    ),
    kind(
        "self_billing_mandate",
        "mandats-autofacturation",
        Kept::Always,
        Persons::OfClient(&["/supplier"]),
        "les mandats de vos fournisseurs",
    ),
    kind(
        "self_billing_code",
        "series-fournisseurs",
        Kept::Always,
        Persons::OfClient(&["/supplier"]),
        "le fournisseur de chaque série",
    ),
    kind("quote_deposit", "acomptes", Kept::IfIssued, Persons::Dealing, "ce que les acomptes ont facturé d’avance"),
    kind(
        "recurring_invoice",
        "factures-recurrentes",
        Kept::Nothing,
        Persons::Document,
        "vos factures récurrentes, avec leurs lignes",
    ),
    kind(
        "occurrence",
        "factures-recurrentes-emises",
        Kept::Nothing,
        Persons::Dealing,
        "les factures que chacune a créées",
    ),
    kind("issue_batch", "emissions-groupees", Kept::Nothing, Persons::Named, "les émissions groupées de factures"),
    kind(
        "month_figures",
        "chiffres-mensuels",
        Kept::Nothing,
        Persons::Nobody,
        "ce qui a été facturé et encaissé, mois par mois",
    ),
    kind("expense", "depenses", Kept::Always, Persons::Named, "vos dépenses, avec leur TVA"),
    kind(
        "received_invoice",
        "factures-recues",
        Kept::Always,
        Persons::Named,
        "les factures électroniques reçues, avec leurs lignes et leur état",
    ),
    kind(
        "received_number",
        "liste-factures-recues",
        Kept::Nothing,
        Persons::Nobody,
        "les numéros de factures déjà reçus de chaque fournisseur",
    ),
    kind(
        "inbound_address",
        "adresse-factures",
        Kept::Nothing,
        Persons::Named,
        "l’adresse à laquelle vos fournisseurs envoient leurs factures",
    ),
    kind(
        "received_mail",
        "e-mails-factures",
        Kept::Nothing,
        Persons::About(&["/from"]),
        "les e-mails de factures reçus depuis 180 jours",
    ),
    kind(
        "supplier_account",
        "comptes-fournisseurs",
        Kept::Nothing,
        Persons::Nobody,
        "à quels comptes bancaires vos fournisseurs se reconnaissent",
    ),
    kind(
        "recurring_expense",
        "depenses-recurrentes",
        Kept::Nothing,
        Persons::Named,
        "vos dépenses récurrentes, avec leur TVA",
    ),
    kind(
        "spending_line",
        "sorties-bancaires",
        Kept::Nothing,
        Persons::OfClient(&["/id"]),
        "les sorties de vos relevés bancaires et la dépense de chacune",
    ),
    kind("supplier", "fournisseurs", Kept::Always, Persons::Named, "vos fournisseurs, sans leur IBAN"),
    kind(
        "supplier_sign",
        "liste-numeros-fournisseurs",
        Kept::Nothing,
        Persons::Nobody,
        "le SIREN et le numéro de TVA de chaque fournisseur",
    ),
    kind("purchase_settings", "depenses-reglages", Kept::Nothing, Persons::Nobody, "votre seuil d’approbation"),
    kind(
        "purchase_month",
        "tva-recuperee",
        Kept::Nothing,
        Persons::Nobody,
        "ce qui a été dépensé et la TVA récupérée, mois par mois",
    ),
    kind("product", "produits", Kept::Nothing, Persons::Nobody, "vos produits et services, avec leurs prix"),
    kind("stock", "stocks", Kept::Nothing, Persons::Nobody, "vos stocks"),
    kind("stock_move", "mouvements-stock", Kept::Nothing, Persons::Named, "ce qui est entré en stock et en est sorti"),
    kind("catalogue", "catalogue", Kept::Nothing, Persons::Nobody, "vos catégories, vos étiquettes et vos tarifs"),
    kind(
        "client_price_list",
        "tarifs-clients",
        Kept::Nothing,
        Persons::OfClient(&["/client"]),
        "le tarif de chaque client",
    ),
    kind("product_reference", "liste-references", Kept::Nothing, Persons::Nobody, "les références de vos produits"),
    kind("payment", "paiements", Kept::IfIssued, Persons::Dealing, "les paiements reçus, remboursés et annulés"),
    kind(
        "receipt",
        "encaissements",
        Kept::Always,
        Persons::OfClient(&["/client"]),
        "les règlements répartis sur plusieurs factures, et les crédits imputés",
    ),
    kind(
        "bank_line",
        "releves-bancaires",
        Kept::Nothing,
        Persons::OfClient(&["/id"]),
        "les lignes de vos relevés bancaires importés",
    ),
    kind(
        "time_entry",
        "temps-passe",
        Kept::Nothing,
        Persons::OfClient(&["/client", "/assigned_to"]),
        "le temps passé pour vos clients",
    ),
    kind("reminder_settings", "relances-reglages", Kept::Nothing, Persons::Nobody, "votre calendrier de relances"),
    kind(
        "client_reminders",
        "relances-clients",
        Kept::Nothing,
        Persons::OfClient(&["/client", "/company"]),
        "les clients relancés autrement que les autres",
    ),
    kind("proposed_reminder", "relances-proposees", Kept::Nothing, Persons::Dealing, "les relances à valider"),
    kind(
        "letter",
        "courriers",
        Kept::Nothing,
        Persons::Document,
        "les lettres de relance, mises en demeure et relevés de compte",
    ),
    kind("sepa_creditor", "creancier-sepa", Kept::Nothing, Persons::Nobody, "votre identifiant créancier SEPA"),
    kind(
        "mandate",
        "mandats-sepa",
        Kept::Nothing,
        Persons::OfClient(&["/client"]),
        "les mandats de prélèvement, sans leur IBAN",
    ),
    kind(
        "mandate_reference",
        "liste-references-mandats",
        Kept::Nothing,
        Persons::Nobody,
        "les références de vos mandats",
    ),
    kind(
        "refund_transfer",
        "virements-remboursement",
        Kept::IfIssued,
        Persons::OfClient(&["/client"]),
        "les virements de remboursement, sans leur IBAN",
    ),
    kind("remittance", "prelevements", Kept::Always, Persons::Named, "les remises de prélèvements, sans les IBAN"),
    kind("snapshot", "documents-figes", Kept::IfIssued, Persons::Document, "le contenu figé de chaque document émis"),
    kind("file", "fichiers", Kept::IfIssued, Persons::Document, "les fichiers PDF et leur empreinte SHA-256"),
    kind(
        "quote_signature",
        "signatures",
        Kept::IfIssued,
        Persons::Signature,
        "les signatures des devis acceptés en ligne",
    ),
    kind(
        "signed_file",
        "fichiers-signes",
        Kept::IfIssued,
        Persons::Document,
        "les PDF des devis signés et leur empreinte SHA-256",
    ),
    kind(
        "portal_access",
        "acces-clients",
        Kept::Nothing,
        Persons::OfClient(&["/company"]),
        "qui a ouvert un espace client, sans le secret",
    ),
    kind("checkout", "paiements-carte", Kept::Nothing, Persons::Dealing, "les paiements par carte commencés en ligne"),
    kind(
        "portal_settings",
        "espace-client",
        Kept::Nothing,
        Persons::Nobody,
        "les réglages de l’espace client, sans les clés",
    ),
    kind(
        "document_link",
        "liens-clients",
        Kept::Nothing,
        Persons::Dealing,
        "les liens donnés à vos clients, sans leur secret",
    ),
    kind("mail", "courriels", Kept::Nothing, Persons::Mail, "les e-mails envoyés"),
    kind(
        "ledger_entry",
        "journal-inalterable",
        Kept::Always,
        Persons::Named,
        "le journal inaltérable des factures et des paiements",
    ),
    kind(
        "ledger_head",
        "journal-inalterable-fin",
        Kept::Always,
        Persons::Nobody,
        "la dernière empreinte de ce journal",
    ),
    kind("account_plan", "plan-comptable", Kept::Nothing, Persons::Nobody, "votre plan comptable"),
    kind("accounting_jobs", "demandes-comptables", Kept::Nothing, Persons::Named, "les fichiers comptables demandés"),
    kind("sequence", "numerotation", Kept::Always, Persons::Nobody, "le prochain numéro de chaque série"),
    kind(
        "audit",
        "journal-activite",
        Kept::Always,
        Persons::Log,
        "le journal d’activité\u{a0}: qui a fait quoi, et quand",
    ),
    kind("member", "membres", Kept::Nothing, Persons::About(&["/user"]), "les membres de l’équipe"),
    kind("owners", "proprietaires", Kept::Nothing, Persons::Named, "les propriétaires de l’entreprise"),
    kind("role", "roles", Kept::Nothing, Persons::Nobody, "vos rôles personnalisés"),
    kind("role_holder", "roles-attribues", Kept::Nothing, Persons::About(&["/user"]), "à qui ils sont attribués"),
    kind("invitation", "invitations", Kept::Nothing, Persons::About(&["/email"]), "les invitations"),
    kind(
        "invited",
        "invitations-en-attente",
        Kept::Nothing,
        Persons::About(&["/email"]),
        "les adresses dont une réponse est attendue",
    ),
    kind("token", "jetons-api", Kept::Nothing, Persons::About(&["/user"]), "les jetons d’API, sans leur secret"),
    kind("exports", "exports", Kept::Always, Persons::Named, "les exports demandés"),
    kind(
        "organization_card",
        "liste-entreprise",
        Kept::Always,
        Persons::Nobody,
        "l’entreprise dans la liste de la plateforme",
    ),
    kind(
        "company_card",
        "liste-clients",
        Kept::Nothing,
        Persons::About(&["/id"]),
        "les clients, dans l’ordre de leur ajout",
    ),
    kind(
        "client_reference",
        "liste-destinataires",
        Kept::Nothing,
        Persons::About(&["/id"]),
        "les clients, tels que les documents les nomment",
    ),
    kind(
        "contact_link",
        "liste-contacts",
        Kept::Nothing,
        Persons::About(&["/contact"]),
        "les contacts de chaque client",
    ),
    kind(
        "client_document",
        "liste-documents",
        Kept::Nothing,
        Persons::OfClient(&["/client"]),
        "les documents de chaque client",
    ),
    kind(
        "kept_document",
        "documents-conserves",
        Kept::Always,
        Persons::Named,
        "les documents conservés après une suppression",
    ),
    kind(
        "notification",
        "notifications",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "ce dont chaque membre a été prévenu",
    ),
    kind(
        "notification_fold",
        "notifications-regroupees",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les événements comptés dans une même notification",
    ),
    kind(
        "inbox",
        "notifications-non-lues",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "combien de notifications chaque membre n’a pas lues",
    ),
    kind(
        "socket",
        "pages-ouvertes",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les pages ouvertes qui sont prévenues aussitôt",
    ),
    kind(
        "socket_ticket",
        "billets-pages-ouvertes",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "les billets d’une minute par lesquels une page s’annonce",
    ),
    kind(
        "dashboard",
        "accueil",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "comment chaque membre a disposé son accueil",
    ),
    kind("webhook", "webhooks", Kept::Nothing, Persons::Nobody, "vos webhooks, sans leur secret"),
    kind(
        "webhook_delivery",
        "webhooks-envois",
        Kept::Nothing,
        Persons::About(&["/data/contact", "/data/client", "/data/record"]),
        "ce qui a été envoyé à vos webhooks depuis trente jours, et leurs réponses",
    ),
    kind(
        "notification_preferences",
        "notifications-preferences",
        Kept::Nothing,
        Persons::About(&["/user"]),
        "comment chaque membre veut être prévenu",
    ),
    kind(
        "search_document",
        "recherche",
        Kept::Nothing,
        Persons::Named,
        "ce que la recherche connaît de vos fiches et documents",
    ),
    kind("search_entry", "recherche-index", Kept::Nothing, Persons::Named, "l’index de la recherche, mot par mot"),
    kind("search_rebuild", "recherche-reconstruction", Kept::Nothing, Persons::Nobody, "la reconstruction de l’index"),
    kind(
        "person_exports",
        "exports-personnes",
        Kept::Nothing,
        Persons::Named,
        "les exports demandés des données d’une personne",
    ),
];

pub fn find(item: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.item == item)
}

/// Whether a kind is of the files of employees, which an export of a person has for who may read those alone.
pub fn is_of_employees(item: &str) -> bool {
    matches!(
        item,
        "employee"
            | "employee_of"
            | "paper"
            | "staff_letter"
            | "rendered_paper"
            | "interview"
            | "expense_report"
            | "mileage"
            | "time_week"
            | "time_change"
            | "billable_week"
            | "payroll"
            | "payroll_closing"
            | "payroll_expenses"
            | "leave_account"
            | "leave_request"
            | "absence"
    )
}

/// The fields of a kind that no export tells, beside those whose name speaks of a secret: what is sealed although its name
/// does not say so; what accounts noted of a user, which is for the user's own export alone, and names organizations that
/// are nobody's here to know.
pub fn masked(item: &str) -> &'static [&'static str] {
    match item {
        "mandate" | "refund_transfer" | "remittance" | "supplier" => &["iban"],
        "person_exports" => &["sought"],
        "calendar_feed" => &["hash"],
        "employee" => &["nir"],
        _ => &[],
    }
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
