//! The rules, in French as people read them. Pure. A test holds that each kind of item of DATA_MODEL.md has its rule.

use jiff::civil::Date;
use kernel::{export, legal};
use serde::Serialize;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionRule {
    pub what: &'static str,
    pub kept: String,
    pub why: String,
    /// Types of items, as the table names them.
    #[serde(skip)]
    pub items: &'static [&'static str],
}

const WHILE_HERE: &str = "Tant que votre entreprise est chez ABSERVICE";

pub fn retention_rules(today: Date) -> Vec<RetentionRule> {
    let (contacts, accounting) = (legal::contact_years(today), legal::accounting_years(today));
    let rule = |what, items, kept: &str, why: &str| RetentionRule { what, kept: kept.into(), why: why.into(), items };
    let export_days = export::KEPT.as_hours() / 24;
    vec![
        rule(
            "Contacts",
            &["contact", "retention"],
            &format!(
                "{} ans après la création ou la dernière modification de la fiche, puis à effacer, ou à conserver avec un motif",
                contacts.value
            ),
            contacts.source,
        ),
        rule(
            "Entreprises du CRM",
            &[
                "company",
                "company_card",
                "client_reference",
                "client_document",
                "subsidiary",
                "former_contact",
                "client_use",
            ],
            &format!(
                "Prospects\u{a0}: à examiner après {} ans\u{a0}; les autres\u{a0}: tant que votre entreprise est chez ABSERVICE",
                contacts.value
            ),
            &format!("{}\u{a0}; relation commerciale", contacts.source),
        ),
        rule(
            "Opportunités",
            &["opportunity", "opportunity_card", "opportunity_link", "sales_figures", "stage_count"],
            WHILE_HERE,
            "Suivi de la relation commerciale\u{a0}; un contact effacé n’y est plus nommé",
        ),
        rule(
            "Activités et liens de calendrier",
            &["activity", "activity_line", "calendar_feed"],
            WHILE_HERE,
            "Suivi de la relation commerciale\u{a0}; une activité qui ne concerne qu’une personne effacée disparaît avec elle",
        ),
        rule(
            "Fichiers des entreprises, contacts et opportunités",
            &["attached_file"],
            "Jusqu’à leur suppression, ou l’effacement de la personne dont ils complètent la fiche",
            "Relation commerciale\u{a0}; les versions remplacées restent à la disposition de votre équipe",
        ),
        rule("Formulaires de votre site", &["web_form"], WHILE_HERE, "Recevoir les demandes de vos visiteurs"),
        rule(
            "Doublons et fusions de fiches",
            &["identity", "duplicate", "duplicate_search", "merge", "moved", "merged", "merge_into"],
            "Une fusion peut être annulée pendant 30 jours, puis ce qu’elle avait gardé disparaît\u{a0}; le reste vit autant que les fiches",
            "Exactitude des données (RGPD, art. 5-1-d)",
        ),
        rule(
            "Effacements",
            &["erasure"],
            WHILE_HERE,
            "Prouver qu’une personne a été effacée (RGPD, art. 5-2 et 17), sans garder son nom",
        ),
        rule(
            "Factures et avoirs émis, aussi au nom de fournisseurs, avec leurs mandats, devis envoyés, leurs PDF, leurs paiements, la numérotation et le journal inaltérable",
            &[
                "quote",
                "invoice",
                "credit_note",
                "self_billed_document",
                "self_billing_mandate",
                "self_billing_code",
                "quote_deposit",
                "payment",
                "receipt",
                "remittance",
                "refund_transfer",
                "snapshot",
                "file",
                "quote_signature",
                "signed_file",
                "sequence",
                "ledger_entry",
                "ledger_head",
                "kept_document",
            ],
            &format!(
                "{} ans après la clôture de l’exercice, même si l’entreprise quitte ABSERVICE\u{a0}; rien ne les supprime d’office",
                accounting.value
            ),
            &format!("{}\u{a0}; LPF, art. L102 B", accounting.source),
        ),
        rule(
            "Dossiers des salariés",
            &[
                "employee",
                "employee_number",
                "employee_of",
                "hr_settings",
                "paper",
                "staff_letter",
                "rendered_paper",
                "letter_templates",
                "interview",
                "mileage",
                "leave_settings",
                "leave_account",
                "leave_request",
                "absence",
            ],
            "5 ans après le départ du salarié, puis à supprimer",
            "C. trav., art. R1221-26\u{a0}; prescription des actions liées au contrat de travail",
        ),
        rule(
            "Notes de frais, avec leurs justificatifs",
            &["expense_report"],
            &format!(
                "Approuvées\u{a0}: {} ans après la clôture de l’exercice\u{a0}; les autres\u{a0}: jusqu’à leur suppression, ou l’effacement du dossier du salarié",
                accounting.value
            ),
            &format!("{}\u{a0}: elles prouvent une dépense de l’entreprise", accounting.source),
        ),
        rule(
            "Mandats de prélèvement et identifiant créancier",
            &["mandate", "mandate_reference", "sepa_creditor"],
            WHILE_HERE,
            "Prouver l’accord du débiteur\u{a0}; son IBAN est chiffré et n’est plus affiché",
        ),
        rule(
            "Lignes de relevés bancaires importées",
            &["bank_line", "spending_line"],
            WHILE_HERE,
            "Rapprocher les paiements\u{a0}; la banque et l’entreprise en gardent l’original",
        ),
        rule(
            "Dépenses, factures reçues et leurs fichiers, fournisseurs",
            &["expense", "received_invoice", "supplier"],
            &format!(
                "{} ans après la clôture de l’exercice, même si l’entreprise quitte ABSERVICE\u{a0}; rien ne les supprime d’office",
                accounting.value
            ),
            &format!("{}\u{a0}; LPF, art. L102 B", accounting.source),
        ),
        rule(
            "Réglages des achats, dépenses récurrentes et totaux de TVA",
            &[
                "recurring_expense",
                "received_number",
                "supplier_sign",
                "supplier_account",
                "inbound_address",
                "purchase_settings",
                "purchase_month",
            ],
            WHILE_HERE,
            "Enregistrer vos achats, chacun une fois",
        ),
        rule(
            "Temps de travail, accords et mois transmis à la paie",
            &[
                "time_week",
                "time_change",
                "time_settings",
                "billable_week",
                "payroll",
                "payroll_closing",
                "payroll_expenses",
            ],
            "12 mois pour le temps, puis à supprimer\u{a0}; les mois de paie\u{a0}: tant que votre entreprise est chez ABSERVICE",
            "C. trav., art. D3171-16\u{a0}: un an à la disposition de l’inspection du travail",
        ),
        rule(
            "Chiffres des ventes et objectifs",
            &[
                "open_sale",
                "sale",
                "sale_client",
                "sale_expense",
                "sale_line",
                "sale_plan",
                "sale_quote",
                "sales_month",
                "sales_due",
                "sales_payable",
                "sales_planned",
                "sale_expense_plan",
                "sales_outlay",
                "sales_projection",
                "sales_target",
                "sales_target_standing",
                "client_sales",
                "expense_month",
            ],
            WHILE_HERE,
            "Suivre votre activité\u{a0}; ces chiffres se recalculent du journal et des pièces",
        ),
        rule(
            "Index de la recherche",
            &["search_document", "search_entry", "search_rebuild"],
            "Tant que l’élément trouvé existe",
            "Retrouver vos données\u{a0}; un élément supprimé ou effacé en disparaît",
        ),
        rule(
            "Temps passé pour vos clients",
            &["time_entry"],
            WHILE_HERE,
            "Le facturer, et en justifier auprès du client\u{a0}; les factures gardent leurs propres désignations",
        ),
        rule(
            "Catalogue : produits, services et leurs prix",
            &[
                "product",
                "product_reference",
                "stock",
                "stock_move",
                "catalogue",
                "client_price_list",
                "crm_settings",
                "segment",
            ],
            WHILE_HERE,
            "Fournir le service\u{a0}; les documents émis gardent leurs propres désignations et prix",
        ),
        rule(
            "Brouillons de devis et de factures, factures récurrentes, et e-mails des documents",
            &["mail", "recurring_invoice", "occurrence"],
            WHILE_HERE,
            "Suivi de la relation avec vos clients",
        ),
        rule(
            "Fichiers de fiches importés, et leurs lignes en erreur",
            &["import", "import_errors"],
            "90 jours\u{a0}; le fichier lui-même, 7 jours au plus",
            "Le temps de voir ce qui n’a pas pu être importé",
        ),
        rule("Exports de fiches demandés", &["record_export"], "7 jours", "Le temps de télécharger le fichier"),
        rule(
            "Émissions groupées de factures",
            &["issue_batch"],
            "90 jours",
            "Le temps de voir ce qui n’a pas pu être émis",
        ),
        rule(
            "Totaux mensuels facturés et encaissés",
            &["month_figures"],
            WHILE_HERE,
            "Tableau de bord\u{a0}; ne nomme personne",
        ),
        rule(
            "Liens donnés à vos clients",
            &["document_link"],
            "1 an et 1 jour au plus, puis 30 jours après leur fin",
            "Consulter ses documents\u{a0}; savoir s’ils ont été lus",
        ),
        rule("Accès à l’espace client", &["portal_access"], "2 heures au plus", "Consulter ses documents sans compte"),
        rule(
            "Paiements par carte commencés",
            &["checkout"],
            WHILE_HERE,
            "Constater un paiement\u{a0}; ni carte ni payeur n’y figurent, le prestataire les garde",
        ),
        rule(
            "Relances : calendrier, clients relancés autrement, relances à valider, courriers",
            &["reminder_settings", "client_reminders", "proposed_reminder", "letter"],
            WHILE_HERE,
            "Recouvrement de vos factures",
        ),
        rule(
            "E-mails de compte (invitations, codes, alertes)",
            &["mail"],
            "30 jours",
            "Le temps de constater et de régler un problème d’envoi",
        ),
        rule(
            "Messages arrivés à l’adresse des factures, avec leur expéditeur",
            &["received_mail"],
            "180 jours",
            "Retrouver ce qu’est devenue une facture envoyée\u{a0}; les factures reçues ont leur propre durée",
        ),
        rule(
            "Notifications",
            &["notification", "notification_fold"],
            "180 jours, ou jusqu’au départ du membre",
            "Retrouver ce dont on a été prévenu\u{a0}; l’effacement d’une personne en retire son nom",
        ),
        rule(
            "Pages ouvertes qui écoutent",
            &["socket", "socket_ticket"],
            "2 heures au plus",
            "Prévenir une page ouverte dès que quelque chose arrive",
        ),
        rule(
            "Préférences de notification et nombre de non lues",
            &["notification_preferences", "inbox"],
            "Jusqu’au départ du membre",
            "Prévenir chacun comme il le veut",
        ),
        rule(
            "Disposition de l’accueil",
            &["dashboard"],
            "Jusqu’au départ du membre",
            "Retrouver son accueil comme on l’a laissé, d’un appareil à l’autre",
        ),
        rule("Webhooks", &["webhook"], "Jusqu’à leur suppression", "Prévenir les logiciels que vous avez choisis"),
        rule(
            "Envois aux webhooks",
            &["webhook_delivery"],
            "30 jours",
            "Constater un problème de réception, et renvoyer ce qui a manqué",
        ),
        rule(
            "Invitations",
            &["invitation", "invited"],
            "Valables 7 jours, gardées 30 jours de plus",
            "Savoir qui a été invité, et par qui",
        ),
        rule(
            "Journal d’activité",
            &["audit"],
            "Aussi longtemps que les documents dont il explique l’origine, sans échéance automatique\u{a0}; l’effacement d’un contact en retire ses données",
            "Piste d’audit (CGI, art. 289, VII) et sécurité (RGPD, art. 32)",
        ),
        rule(
            "Votre entreprise, son équipe et ses rôles",
            &[
                "organization",
                "organization_card",
                "owners",
                "member",
                "user_organization",
                "role",
                "role_holder",
                "account_plan",
                "portal_settings",
                "accounting_jobs",
            ],
            WHILE_HERE,
            "Fournir le service\u{a0}; l’identité de l’entreprise reste avec les documents que la loi conserve",
        ),
        rule(
            "Comptes des utilisateurs, leur photo et leurs moyens de connexion",
            &["account", "second_factor", "passkey", "recovery_codes", "sessions_of_user"],
            "Tant que le compte existe",
            "Fournir le service\u{a0}; mots de passe et codes de secours ne sont gardés que sous forme d’empreinte",
        ),
        rule("Sessions", &["session"], "14 jours au plus", "Rester connecté\u{a0}; protéger l’accès (RGPD, art. 32)"),
        rule(
            "Étapes de connexion et liens de réinitialisation",
            &["ceremony", "challenge", "password_reset", "counter"],
            "De 5 minutes à 1 heure\u{a0}; le compte des tentatives s’efface avec sa période",
            "Protéger l’accès contre les essais répétés (RGPD, art. 32)",
        ),
        rule(
            "Jetons d’API",
            &["token"],
            "Jusqu’à leur révocation, ou 30 jours après leur expiration",
            "Savoir quel programme avait accès",
        ),
        rule(
            "Exports de vos données, ou de celles d’une personne",
            &["exports", "person_exports"],
            &format!(
                "{export_days} jours pour le fichier\u{a0}; les dix dernières demandes restent notées, celles d’une personne 30 jours"
            ),
            "Le temps de télécharger le fichier",
        ),
        rule(
            "Requêtes répétées et messages internes",
            &["idempotency", "event"],
            "24 heures et 7 jours",
            "Ne rien faire deux fois\u{a0}; reprendre après une panne",
        ),
        rule(
            "Fichiers envoyés et non utilisés\u{a0}; anciennes versions de fichiers",
            &[],
            "1 jour\u{a0}; 1 an",
            "Terminer l’envoi\u{a0}; réparer une erreur",
        ),
        rule(
            "Traces techniques des serveurs",
            &[],
            "6 mois (180 jours), sauf autre réglage de l’hébergement",
            "CNIL, recommandation «\u{a0}journalisation\u{a0}» d’octobre 2021\u{a0}: de six mois à un an",
        ),
        rule(
            "Clés de chiffrement et repères techniques",
            &["vault"],
            "Tant que le service existe",
            "Lire ce qui est chiffré\u{a0}; ne concerne personne",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_kind_of_item_of_the_data_model_has_its_rule() {
        let model = include_str!("../../../../DATA_MODEL.md");
        let named: BTreeSet<_> =
            model.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(kind, _)| kind).collect();
        let kinds: BTreeSet<_> = named.into_iter().filter(|kind| !kind.contains('/') && *kind != "type").collect();
        let ruled: BTreeSet<_> =
            retention_rules(jiff::civil::date(2026, 11, 25)).iter().flat_map(|rule| rule.items).copied().collect();
        assert_eq!(kinds, ruled);
    }
}
