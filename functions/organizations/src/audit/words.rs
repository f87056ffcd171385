//! Entries in French: what changed, of which kind of thing, in which field, from what to what.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Currency, Minor, Permission,
    money::french_decimal,
    permission::Role,
    reference::{OrganizationReference, VatRegime},
    text,
};
use rust_decimal::Decimal;
use serde_json::Value;
use table::{
    AuditEntry,
    audit::{Change, ERASED, Operation},
};
use web::Membership;

/// Types of items.
const ITEMS: &[(&str, &str)] = &[
    ("account", "Compte"),
    ("account_plan", "Plan comptable"),
    ("attached_file", "Fichier"),
    ("activity", "Activité"),
    ("calendar_feed", "Lien de calendrier"),
    ("audit", "Journal d’activité"),
    ("bank_line", "Ligne de relevé"),
    ("catalogue", "Catalogue"),
    ("checkout", "Paiement par carte"),
    ("client_price_list", "Tarif d’un client"),
    ("company", "Entreprise"),
    ("contact", "Contact"),
    ("document_link", "Lien client"),
    ("file", "Fichier"),
    ("import", "Import"),
    ("interest", "Intérêts facturés"),
    ("interest_of", "Intérêts de retard de"),
    ("invoice", "Facture"),
    ("issue_batch", "Émission groupée"),
    ("mandate", "Mandat de prélèvement"),
    ("member", "Membre"),
    ("organization", "Paramètres"),
    ("opportunity", "Opportunité"),
    ("passkey", "Clé d’accès"),
    ("payment", "Paiement"),
    ("portal_settings", "Espace client"),
    ("product", "Produit"),
    ("quote", "Devis"),
    ("quote_signature", "Signature du devis"),
    ("receipt", "Encaissement"),
    ("recovery_codes", "Codes de secours"),
    ("recurring_invoice", "Facture récurrente"),
    ("refund_transfer", "Virement de remboursement"),
    ("remittance", "Remise de prélèvements"),
    ("role", "Rôle"),
    ("second_factor", "Application d’authentification"),
    ("self_billed_document", "Document en autofacturation"),
    ("self_billing_mandate", "Mandat d’autofacturation"),
    ("session", "Session"),
    ("sessions_of_user", "Sessions"),
    ("signed_file", "Fichier signé"),
    ("stock", "Stock"),
    ("token", "Jeton d’API"),
    ("web_form", "Formulaire web"),
    ("webhook", "Webhook"),
];

/// What an act may be done to, by the prefix of its id, and where its page is.
const OBJECTS: &[(&str, &str, Option<&str>)] = &[
    ("att", "Fichier", None),
    ("act", "Activité", Some("/crm/activites/")),
    ("fee", "Lien de calendrier", None),
    ("bkl", "Ligne de relevé", Some("/facturation/banque/")),
    ("cat", "Catégorie", None),
    ("com", "Entreprise", Some("/crm/entreprises/")),
    ("con", "Contact", Some("/crm/contacts/")),
    ("cre", "Avoir", Some("/facturation/avoirs/")),
    ("exp", "Export", None),
    ("iba", "Émission groupée", Some("/facturation/factures/emission/")),
    ("inv", "Facture", Some("/facturation/factures/")),
    ("itn", "Invitation", None),
    ("job", "Comptabilité", None),
    ("lnk", "Lien client", None),
    ("mel", "E-mail", None),
    ("mov", "Mouvement de stock", None),
    ("man", "Mandat de prélèvement", Some("/facturation/mandats/")),
    ("ltr", "Courrier", Some("/facturation/courriers/")),
    ("org", "Entreprise", None),
    ("pay", "Paiement", None),
    ("prd", "Produit", Some("/facturation/catalogue/produits/")),
    ("pri", "Tarif", None),
    ("psk", "Clé d’accès", None),
    ("quo", "Devis", Some("/facturation/devis/")),
    ("rcp", "Encaissement", Some("/facturation/encaissements/")),
    ("rec", "Facture récurrente", Some("/facturation/recurrentes/")),
    ("rem", "Remise de prélèvements", Some("/facturation/prelevements/")),
    ("rol", "Rôle", None),
    ("sbi", "Autofacturation", Some("/facturation/autofacturation/")),
    ("ses", "Session", None),
    ("tag", "Étiquette", None),
    ("tim", "Temps passé", None),
    ("tok", "Jeton d’API", None),
    ("usr", "Utilisateur", None),
    ("wfo", "Formulaire web", Some("/crm/reglages/formulaires/")),
    ("whk", "Webhook", Some("/organisation/webhooks/")),
];

/// Names of fields, by a part of their path; an empty one is passed over.
const FIELDS: &[(&str, &str)] = &[
    ("accepted_on", "Acceptée le"),
    ("changed_at", "Modifiée le"),
    ("closed_at", "Terminée ou annulée le"),
    ("day", "Jour"),
    ("drawn_at", "Lien créé le"),
    ("last_seen_at", "Utilisé le"),
    ("minutes", "Durée (minutes)"),
    ("opportunity", "Opportunité"),
    ("place", "Lieu"),
    ("remind", "Rappel (minutes avant)"),
    ("remind_at", "Rappel le"),
    ("shows", "Contenu"),
    ("starts", ""),
    ("time", "Heure"),
    ("address", "Adresse"),
    ("agreed_on", "Accord du"),
    ("audience", "Visible par"),
    ("author", "Ajouté par"),
    ("addressee", "Destinataire des documents"),
    ("allows_negative_stock", "Stocks négatifs autorisés"),
    ("amount_minor", "Montant"),
    ("closed_on", "Conclue le"),
    ("expected_on", "Date prévue"),
    ("history", "Étapes"),
    ("lost_reason", "Motif de perte"),
    ("moved_at", "À cette étape depuis"),
    ("next_step", "Prochaine action"),
    ("outcome", "Issue"),
    ("pipeline", "Pipeline"),
    ("pipelines", "Pipelines"),
    ("priority", "Priorité"),
    ("probability", "Probabilité (%)"),
    ("source", "Origine"),
    ("stage", "Étape"),
    ("stages", "Étapes"),
    ("answered_on", "Répondu le"),
    ("backed_up", "Synchronisée"),
    ("backup_eligible", "Peut être synchronisée"),
    ("bank", "Banque"),
    ("archived_on", "Archivé le"),
    ("assigned_to", "Attribué à"),
    ("attachments", "Pièces jointes"),
    ("media_type", "Type de fichier"),
    ("bank_line", "Ligne de relevé"),
    ("base_minor", "Base HT"),
    ("before", "Usage précédent"),
    ("beneficiary", "Bénéficiaire"),
    ("booked_on", "Comptabilisée le"),
    ("bic", "BIC"),
    ("brand", ""),
    ("bytes", "Taille (octets)"),
    ("capital", "Capital social"),
    ("cancelled_on", "Annulée le"),
    ("came_too_late", "Version précédente acceptée"),
    ("categories", "Catégories"),
    ("cash_minor", "Payé en espèces"),
    ("category", "Catégorie"),
    ("cards", "Paiement par carte"),
    ("charge", ""),
    ("city", "Ville"),
    ("civility", "Civilité"),
    ("client", "Client"),
    ("client_name", "Nom du client"),
    ("code", "Code de la série"),
    ("color", "Couleur"),
    ("company", "Entreprise"),
    ("complement", "Complément d’adresse"),
    ("conditions", "Conditions"),
    ("confirmed_on", "Confirmée le"),
    ("connected_at", "Relié le"),
    ("contact", "Contact"),
    ("contest_days", "Délai de contestation (jours)"),
    ("contested", "Contestation"),
    ("corrects", "Rectifie"),
    ("country", "Pays"),
    ("created_at", "Créé le"),
    ("creditor", "Créancier"),
    ("creditor_id", "Identifiant créancier"),
    ("currency", "Devise"),
    ("day_count", "Décompte du délai"),
    ("deducted_in", "Déduit dans"),
    ("debit", "Prélèvement"),
    ("debit_on", "Prélevé le"),
    ("debtor", "Débiteur"),
    ("debtor_bic", "BIC débité"),
    ("debtor_iban", "IBAN débité"),
    ("deletion", "Suppression"),
    ("description", "Désignation"),
    ("discount_percent", "Remise (%)"),
    ("done", "Traitées"),
    ("due_on", "Échéance"),
    ("effect_minor", "Effet"),
    ("email", "Adresse e-mail"),
    ("entries", "Lignes caviardées"),
    ("excess_minor", "Trop-perçu"),
    ("execute_on", "Exécuté le"),
    ("exemption_code", "Code d’exonération"),
    ("exemption_reason", "Motif d’exonération"),
    ("erased_at", "Effacé le"),
    ("euro", "Taux en euros"),
    ("every", "Tous les"),
    ("exchange", "Taux de change"),
    ("expires_at", "Expire le"),
    ("file", ""),
    ("file_name", "Nom du fichier"),
    ("finished_at", "Terminée le"),
    ("first_name", "Prénom"),
    ("former", "Versions précédentes"),
    ("first_on", "À partir du"),
    ("gross_minor", "Total TTC"),
    ("has_totp", "Application d’authentification"),
    ("day_of_month", "Jour du mois"),
    ("hash", "Empreinte"),
    ("hashes", "Codes"),
    ("held_back", "Laissée en brouillon"),
    ("iban", "IBAN"),
    ("id", "Identifiant"),
    ("introduction", "Introduction"),
    ("invoice", "Facture"),
    ("invoices", "Factures"),
    ("is_announced", "Annoncé par e-mail"),
    ("is_last", "Dernier prélèvement"),
    ("is_one_off", "Ponctuel"),
    ("in_checkout", "Paiement par carte commencé"),
    ("intent", "Paiement chez le prestataire"),
    ("is_business", "Professionnel"),
    ("is_live", "Argent réel"),
    ("is_tracked", "Suivi en stock"),
    ("is_used", "Repris dans un document"),
    ("issued", ""),
    ("imported_at", "Importée le"),
    ("job_title", "Fonction"),
    ("joined_at", "Membre depuis"),
    ("key_ending", "Fin de la clé"),
    ("kept", "Conservation"),
    ("kept_on", "Décidée le"),
    ("kind", "Nature"),
    ("label", "Libellé"),
    ("last_name", "Nom"),
    ("last_used_at", "Utilisée le"),
    ("later", "Versions suivantes"),
    ("legal", ""),
    ("legal_form", "Forme juridique"),
    ("lists_documents", "Liste des documents ouverte aux clients"),
    ("look_on", "À revoir le"),
    ("made", "Factures créées"),
    ("mandate", "Mandat"),
    ("method", "Moyen de paiement"),
    ("mobile", "Mobile"),
    ("name", "Nom"),
    ("net_minor", "Total HT"),
    ("new_prices", "Nouveaux prix"),
    ("next", "Rang de la prochaine"),
    ("notes", "Notes"),
    ("notice_days", "Préavis (jours)"),
    ("number", "Numéro"),
    ("offers_cards", "Paiement par carte proposé"),
    ("on", "Émise le"),
    ("operations", "Nature des opérations"),
    ("organization", "Entreprise"),
    ("origin", "Facture d’origine"),
    ("overdue_since", "En retard depuis"),
    ("own_records_only", "Voit seulement ses dossiers"),
    ("owner", "Document"),
    ("paid", "Paiement"),
    ("paid_minor", "Montant payé"),
    ("paid_on", "Payé le"),
    ("parts", "Part"),
    ("parent", "Dans"),
    ("passkeys", "Clés d’accès"),
    ("password_hash", "Mot de passe"),
    ("payment_days", "Délai de paiement (jours)"),
    ("percent", "Taux (%)"),
    ("period", "Période facturée"),
    ("percent_off", "Remise (%)"),
    ("permissions", "Droits"),
    ("person", ""),
    ("phone", "Téléphone"),
    ("plan", ""),
    ("platform", "Administre la plateforme"),
    ("postal_code", "Code postal"),
    ("picture", "Photo"),
    ("portrait", "Photo"),
    ("price_list", "Tarif"),
    ("price_lists", "Tarifs"),
    ("priced", ""),
    ("priced_since", "Prix valables depuis"),
    ("prices", "Prix dans les tarifs"),
    ("primary_color", "Couleur principale"),
    ("product", "Produit"),
    ("progress", "État"),
    ("purchase_order", "Bon de commande"),
    ("quality", "Qualité"),
    ("quantity", "Quantité"),
    ("quote", "Devis"),
    ("quote_number", "Numéro du devis"),
    ("rate", ""),
    ("rhythm", "Rythme"),
    ("rcs_city", "Ville du RCS"),
    ("reason", "Motif"),
    ("receipt", "Encaissement"),
    ("recorded_at", "Enregistré le"),
    ("recurred", "Facture récurrente"),
    ("recurring", "Facture récurrente"),
    ("rates", "Taux des intérêts de retard"),
    ("reference", "Référence"),
    ("rejected", "Rejet"),
    ("remittance", "Remise"),
    ("refinancing", "Taux de la BCE"),
    ("refused", "Refusées"),
    ("refund", "Remboursement"),
    ("refusal_reason", "Motif du refus"),
    ("tells_interest", "Avec le détail des intérêts"),
    ("reminded", "Relances"),
    ("reminders", "Rappels envoyés"),
    ("reversed", "Annulation"),
    ("reversed_by", "Annulé par"),
    ("reverses", "Annule"),
    ("rendered_at", "Généré le"),
    ("replaced_by", "Remplacée par"),
    ("requires_two_factor", "Double authentification obligatoire"),
    ("revised_by", "Révisé par"),
    ("revoked_at", "Révoqué le"),
    ("revoked_on", "Révoqué le"),
    ("revoked_from", "Révoqué à partir du"),
    ("role", "Rôle"),
    ("s3_key", "Emplacement"),
    ("scopes", "Droits"),
    ("scheme", "Type de mandat"),
    ("secret_key", "Clé secrète"),
    ("second_factor", "Second facteur"),
    ("secondary_color", "Couleur secondaire"),
    ("seen", "Version lue"),
    ("seen_at", "Vu le"),
    ("sent_on", "Envoyé le"),
    ("sequence", "Séquence"),
    ("session", "Page de paiement"),
    ("sha256", "Empreinte du fichier"),
    ("sign_count", "Compteur de signatures"),
    ("signature", ""),
    ("signed_at", "Signé le"),
    ("signed_on", "Jour de la signature"),
    ("signed_time", "Heure de la signature"),
    ("situation", "Situation"),
    ("siret", "SIRET"),
    ("shown", "Compte"),
    ("state", "État"),
    ("status", "État"),
    ("stock", "Stock"),
    ("stocked", "Sortis du stock"),
    ("street", "Rue"),
    ("subject", "Objet"),
    ("supplied_on", "Date de la prestation"),
    ("supplier", "Fournisseur"),
    ("supplier_name", "Nom du fournisseur"),
    ("suspended_at", "Suspendue le"),
    ("terms", ""),
    ("tax_minor", "TVA"),
    ("then", "À l’échéance"),
    ("tags", "Étiquettes"),
    ("threshold", "Seuil d’alerte"),
    ("time_zone", "Fuseau horaire"),
    ("times", "Nombre de factures"),
    ("totals", ""),
    ("trial_ends_on", "Fin de la période d’essai"),
    ("unit", "Unité"),
    ("unit_price", "Prix unitaire"),
    ("until", "Jusqu’au"),
    ("used", "Dernier usage"),
    ("user", "Utilisateur"),
    ("user_agent", "Navigateur"),
    ("valid_from", "Valables depuis"),
    ("valid_until", "Valable jusqu’au"),
    ("validity_days", "Validité (jours)"),
    ("versions", "Version"),
    ("fields", "Champs"),
    ("is_open", "Ouvert"),
    ("privacy_url", "Politique de confidentialité"),
    ("record", "Fiche"),
    ("redirect_url", "Page de remerciement"),
    ("sites", "Sites autorisés"),
    ("thanks", "Remerciement"),
    ("title", "Titre"),
    ("upload", "Envoi"),
    ("vat", "TVA"),
    ("vat_number", "Numéro de TVA"),
    ("vat_percent", "TVA (%)"),
    ("vat_regime", "Régime de TVA"),
    ("visit", "Visite"),
    ("webhook_secret", "Secret du webhook"),
    ("website", "Site internet"),
    ("yearly_percent", "Indexation annuelle (%)"),
    ("words", ""),
];

/// Choices, by field and value.
const CHOICES: &[(&str, &str, &str)] = &[
    ("audience", "author", "Auteur et administrateurs"),
    ("audience", "everyone", "Toute l’équipe"),
    ("category", "client", "Client"),
    ("category", "other", "Autre"),
    ("category", "partner", "Partenaire"),
    ("category", "prospect", "Prospect"),
    ("category", "supplier", "Fournisseur"),
    ("civility", "mr", "M."),
    ("civility", "mrs", "Mme"),
    ("civility", "none", "Aucune"),
    ("day_count", "from_end_of_month", "À compter de la fin du mois"),
    ("day_count", "from_issue", "À compter de la facture"),
    ("day_count", "then_end_of_month", "Puis jusqu’à la fin du mois"),
    ("outcome", "lost", "Perdue"),
    ("outcome", "open", "En cours"),
    ("outcome", "won", "Gagnée"),
    ("priority", "critical", "Critique"),
    ("priority", "high", "Haute"),
    ("priority", "low", "Basse"),
    ("priority", "medium", "Moyenne"),
    ("kind", "call", "Appel"),
    ("kind", "demo", "Démonstration"),
    ("kind", "email", "E-mail"),
    ("kind", "meeting", "Rendez-vous"),
    ("kind", "note", "Note"),
    ("kind", "other", "Autre"),
    ("kind", "proposal", "Proposition"),
    ("kind", "task", "Tâche"),
    ("shows", "own", "Mes activités"),
    ("shows", "team", "Toute l’équipe"),
    ("status", "cancelled", "Annulée"),
    ("status", "completed", "Terminée"),
    ("status", "planned", "Prévue"),
    ("kind", "custom", "Personnalisé"),
    ("kind", "digital", "Produit numérique"),
    ("kind", "invoice", "Facture"),
    ("kind", "product", "Bien"),
    ("kind", "quote", "Devis"),
    ("kind", "service", "Service"),
    ("kind", "subscription", "Abonnement"),
    ("kind", "system", "Prédéfini"),
    ("method", "bank_transfer", "Virement"),
    ("method", "card", "Carte bancaire"),
    ("method", "cash", "Espèces"),
    ("method", "check", "Chèque"),
    ("method", "direct_debit", "Prélèvement"),
    ("method", "other", "Autre"),
    ("method", "credit", "Compensation"),
    ("operations", "goods", "Livraison de biens"),
    ("operations", "mixed", "Biens et services"),
    ("operations", "services", "Prestation de services"),
    ("scheme", "b2b", "Interentreprises (B2B)"),
    ("scheme", "core", "Classique (CORE)"),
    ("sequence", "final", "Dernier (FNAL)"),
    ("sequence", "first", "Premier (FRST)"),
    ("sequence", "one_off", "Ponctuel (OOFF)"),
    ("sequence", "recurrent", "Récurrent (RCUR)"),
    ("unit", "half_yearly", "Semestre"),
    ("unit", "monthly", "Mois"),
    ("unit", "quarterly", "Trimestre"),
    ("unit", "weekly", "Semaine"),
    ("unit", "yearly", "An"),
    ("period", "after", "Mois suivants"),
    ("period", "before", "Mois précédents"),
    ("period", "day_to_day", "De date à date"),
    ("period", "ending", "Se termine avec le mois de la facture"),
    ("period", "starting", "Commence avec le mois de la facture"),
    ("then", "draft", "Créer un brouillon"),
    ("then", "issue", "Émettre et envoyer"),
    ("status", "active", "En cours"),
    ("status", "finished", "Terminée"),
    ("status", "paused", "En pause"),
    ("status", "stopped", "Arrêtée"),
    ("progress", "accepted", "Accepté"),
    ("progress", "draft", "Brouillon"),
    ("progress", "invoiced", "Facturé"),
    ("progress", "refused", "Refusé"),
    ("progress", "replaced", "Remplacé"),
    ("progress", "sent", "Envoyé"),
];

fn found<'a>(table: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, french)| *french)
}

/// A kind of thing; its own name where it has none in French.
pub fn item(name: &str) -> &str {
    found(ITEMS, name).unwrap_or(name)
}

/// `priced.lines.0.unit_price` → `Ligne 1 › Prix unitaire`. What has no name in French keeps its own.
pub fn field(path: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let position = parts.peek().and_then(|next| next.parse::<usize>().ok());
        if let Some(position) = position {
            parts.next();
            let name = if part == "lines" { "Ligne" } else { found(FIELDS, part).unwrap_or(part) };
            names.push(format!("{name} {}", position.saturating_add(1)));
            continue;
        }
        // What a document has of its client stands in a `reference`; elsewhere that is a text.
        let is_box = part == "reference" && parts.peek().is_some();
        let name = if is_box { "" } else { found(FIELDS, part).unwrap_or(part) };
        if !name.is_empty() {
            names.push(name.into());
        }
    }
    names.join(" › ")
}

/// How values are written for one organization.
pub struct Words<'a> {
    organization: &'a OrganizationReference,
    zone: TimeZone,
    /// The names of members, by the ids that entries keep of them.
    members: HashMap<String, String>,
}

/// By which name an object is known, by its id.
pub type Labels<'a> = HashMap<&'a str, &'a str>;

/// The names that entries give to what they are about: the newest of each.
pub fn labels(entries: &[AuditEntry]) -> Labels<'_> {
    entries.iter().rev().filter_map(|entry| Some((entry.object.as_str(), label(entry)?))).collect()
}

fn label(entry: &AuditEntry) -> Option<&str> {
    let own = entry.changed.iter().find(|change| change.id.as_deref() == Some(&entry.object));
    own.and_then(|change| change.label.as_deref())
}

/// What was done to whom.
pub struct ObjectWords {
    pub text: String,
    pub href: Option<String>,
}

/// A field, as it was and as it is; an empty text where there was or is nothing.
pub struct FieldWords {
    pub name: String,
    pub before: String,
    pub after: String,
}

pub struct ChangeWords {
    /// `Entreprise « La Poste »`
    pub title: String,
    pub operation: &'static str,
    pub fields: Vec<FieldWords>,
    /// Fields of which no more than the name is kept.
    pub named_only: String,
}

impl<'a> Words<'a> {
    pub fn new(organization: &'a OrganizationReference) -> Self {
        Self { zone: organization.zone(), organization, members: HashMap::new() }
    }

    /// With the names of members in the place of their ids.
    pub fn knowing(self, members: &[Membership]) -> Self {
        let members = members.iter().map(|member| (member.user.to_string(), member.name.clone())).collect();
        Self { members, ..self }
    }

    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// `10:04:05`
    pub fn time(&self, at: Timestamp) -> String {
        let time = at.to_zoned(self.zone.clone()).time();
        format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }

    /// `22/11/2026 10:04:05`
    pub fn instant(&self, at: Timestamp) -> String {
        format!("{} {}", text::short_date(self.day(at)), self.time(at))
    }

    /// `labels` are those of other entries beside it.
    pub fn object(&self, entry: &AuditEntry, labels: &Labels) -> ObjectWords {
        let object = entry.object.as_str();
        let known = object.split_once('_').and_then(|(prefix, _)| OBJECTS.iter().find(|(known, ..)| *known == prefix));
        let Some((_, kind, path)) = known else { return ObjectWords { text: object.into(), href: None } };
        let label = label(entry).or_else(|| labels.get(object).copied());
        let text = match label {
            Some(ERASED) => format!("{kind} effacé"),
            Some(label) => format!("{kind} {label}"),
            None if object == self.organization.id.to_string() => self.organization.name.clone(),
            None => (*kind).into(),
        };
        ObjectWords { text, href: path.map(|path| format!("{path}{object}")) }
    }

    pub fn changes(&self, entry: &AuditEntry) -> Vec<ChangeWords> {
        entry.changed.iter().map(|change| self.change(change)).collect()
    }

    fn change(&self, change: &Change) -> ChangeWords {
        let currency = self.currency(change);
        let value = |path: &str, value: Option<&Value>| {
            value.map(|value| self.value(path, value, currency)).unwrap_or_default()
        };
        let paths = change.before.keys().chain(change.after.keys().filter(|path| !change.before.contains_key(*path)));
        // The id is told with the entry.
        let mut paths: Vec<&String> = paths.filter(|path| *path != "id").collect();
        paths.sort_by_key(|path| in_order(path));
        ChangeWords {
            title: match change.label.as_deref() {
                Some(ERASED) => format!("{} effacé", item(&change.item)),
                Some(label) => format!("{} «\u{a0}{label}\u{a0}»", item(&change.item)),
                None => item(&change.item).into(),
            },
            operation: match change.operation {
                Operation::Create => "Ajout",
                Operation::Update => "Modification",
                Operation::Delete => "Suppression",
            },
            fields: paths
                .into_iter()
                .map(|path| FieldWords {
                    name: field(path),
                    before: value(path, change.before.get(path)),
                    after: value(path, change.after.get(path)),
                })
                .collect(),
            named_only: change.named_only.iter().map(|path| field(path)).collect::<Vec<_>>().join(", "),
        }
    }

    /// In which the amounts of a change are.
    fn currency(&self, change: &Change) -> Currency {
        let fields = change.after.iter().chain(&change.before);
        let mut named = fields.filter(|(path, _)| path.rsplit('.').next() == Some("currency"));
        named.find_map(|(_, value)| value.as_str()?.parse().ok()).unwrap_or(self.organization.currency)
    }

    fn value(&self, path: &str, value: &Value, currency: Currency) -> String {
        let name = path.rsplit('.').next().unwrap_or(path);
        match value {
            Value::Null => String::new(),
            Value::Bool(is) => if *is { "Oui" } else { "Non" }.into(),
            Value::Number(number) => match number.as_i64() {
                Some(amount) if name.ends_with("_minor") => Minor(amount).french(currency),
                _ => number.to_string(),
            },
            Value::String(text) => self.text(name, text),
            Value::Array(values) => {
                values.iter().map(|one| self.value(path, one, currency)).collect::<Vec<_>>().join(", ")
            }
            Value::Object(_) => value.to_string(),
        }
    }

    fn text(&self, name: &str, text: &str) -> String {
        if text == ERASED {
            return "(effacé)".into();
        }
        let choice = CHOICES.iter().find(|(field, value, _)| *field == name && *value == text);
        if let Some((.., french)) = choice {
            return (*french).into();
        }
        let french = match name {
            "role" => Role::ALL.into_iter().find(|role| role.code() == text).map(|role| role.french().to_owned()),
            "vat_regime" => VatRegime::named(text).map(|regime| regime.french().to_owned()),
            "scopes" | "permissions" => text.parse::<Permission>().ok().map(Permission::french),
            "siret" => Some(text::siren(text)),
            "iban" => Some(text::iban(text)),
            "quantity" | "unit_price" | "discount_percent" | "percent" => {
                text.parse::<Decimal>().ok().map(french_decimal)
            }
            _ if name.ends_with("_at") || name == "until" || name == "valid_from" => {
                text.parse::<Timestamp>().ok().map(|at| self.instant(at))
            }
            _ if name == "on" || name.ends_with("_on") || name == "valid_until" || name == "overdue_since" => {
                text.parse::<Date>().ok().map(text::short_date)
            }
            _ => None,
        };
        french.or_else(|| self.members.get(text).cloned()).unwrap_or_else(|| text.into())
    }
}

/// Positions as numbers, so that line 10 follows line 9.
fn in_order(path: &str) -> Vec<(usize, String)> {
    path.split('.')
        .map(|part| part.parse().map_or_else(|_| (usize::MAX, part.into()), |position| (position, String::new())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_reads_french_and_an_unknown_one_keeps_its_name() {
        for (path, french) in [
            ("legal.siret", "SIRET"),
            ("legal.bank.iban", "Banque › IBAN"),
            ("priced.lines.0.unit_price", "Ligne 1 › Prix unitaire"),
            ("priced.vat.1.rate.percent", "TVA 2 › Taux (%)"),
            ("client.reference.name", "Client › Nom"),
            ("reference", "Référence"),
            ("brand_new.thing", "brand_new › thing"),
        ] {
            assert_eq!(field(path), french);
        }
    }

    #[test]
    fn what_an_act_is_about_has_a_word_and_not_only_an_id() {
        use kernel::id;
        for prefix in [
            id::BankLineId::PREFIX,
            id::CategoryId::PREFIX,
            id::CompanyId::PREFIX,
            id::ContactId::PREFIX,
            id::CreditNoteId::PREFIX,
            id::ExportId::PREFIX,
            id::InvitationId::PREFIX,
            id::InvoiceId::PREFIX,
            id::IssueBatchId::PREFIX,
            id::JobId::PREFIX,
            id::LinkId::PREFIX,
            id::OrganizationId::PREFIX,
            id::PasskeyId::PREFIX,
            id::PaymentId::PREFIX,
            id::PriceListId::PREFIX,
            id::ProductId::PREFIX,
            id::QuoteId::PREFIX,
            id::ReceiptId::PREFIX,
            id::RecurringInvoiceId::PREFIX,
            id::RoleId::PREFIX,
            id::SessionId::PREFIX,
            id::TagId::PREFIX,
            id::TokenId::PREFIX,
            id::UserId::PREFIX,
        ] {
            assert!(OBJECTS.iter().any(|(known, ..)| *known == prefix), "{prefix}");
        }
    }

    #[test]
    fn lines_are_in_their_order() {
        let mut paths = ["a.10.x", "a.9.x", "a.9.b", "b"];
        paths.sort_by_key(|path| in_order(path));
        assert_eq!(paths, ["a.9.b", "a.9.x", "a.10.x", "b"]);
    }
}
