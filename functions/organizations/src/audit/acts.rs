//! Every act of the product in French. A new use case adds its line here; a test of the house asks for it.

/// What an act is about, to narrow the list by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActKind {
    Access,
    Settings,
    Crm,
    Quotes,
    Invoices,
    Catalogue,
    Sending,
}

impl ActKind {
    pub const ALL: [Self; 7] =
        [Self::Access, Self::Settings, Self::Crm, Self::Quotes, Self::Invoices, Self::Catalogue, Self::Sending];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Settings => "settings",
            Self::Crm => "crm",
            Self::Quotes => "quotes",
            Self::Invoices => "invoices",
            Self::Catalogue => "catalogue",
            Self::Sending => "sending",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Access => "Connexions et accès",
            Self::Settings => "Paramètres",
            Self::Crm => "Clients et contacts",
            Self::Quotes => "Devis",
            Self::Invoices => "Factures et paiements",
            Self::Catalogue => "Catalogue",
            Self::Sending => "Fichiers et envois",
        }
    }

    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The use case, as `Scope::begin` names it; what it is about; what was done.
const ACTS: &[(&str, ActKind, &str)] = &[
    ("sign_up", ActKind::Access, "Compte et entreprise créés"),
    ("sign_in", ActKind::Access, "Connexion"),
    ("sign_out", ActKind::Access, "Déconnexion"),
    ("end_session", ActKind::Access, "Session fermée"),
    ("sign_out_everywhere", ActKind::Access, "Toutes les autres sessions fermées"),
    ("edit_profile", ActKind::Access, "Profil modifié"),
    ("change_portrait", ActKind::Access, "Photo de profil changée"),
    ("remove_portrait", ActKind::Access, "Photo de profil retirée"),
    ("delete_account", ActKind::Access, "Compte supprimé"),
    ("change_password", ActKind::Access, "Mot de passe changé"),
    ("request_password_reset", ActKind::Access, "Nouveau mot de passe demandé"),
    ("reset_password", ActKind::Access, "Mot de passe choisi par lien"),
    ("start_totp", ActKind::Access, "Application d’authentification préparée"),
    ("confirm_totp", ActKind::Access, "Application d’authentification associée"),
    ("disable_totp", ActKind::Access, "Application d’authentification désactivée"),
    ("start_passkey", ActKind::Access, "Ajout d’une clé d’accès commencé"),
    ("register_passkey", ActKind::Access, "Clé d’accès ajoutée"),
    ("rename_passkey", ActKind::Access, "Clé d’accès renommée"),
    ("remove_passkey", ActKind::Access, "Clé d’accès supprimée"),
    ("renew_recovery_codes", ActKind::Access, "Codes de secours remplacés"),
    ("create_organization", ActKind::Access, "Entreprise créée"),
    ("create_invitation", ActKind::Access, "Invitation envoyée"),
    ("resend_invitation", ActKind::Access, "Invitation renvoyée"),
    ("cancel_invitation", ActKind::Access, "Invitation annulée"),
    ("accept_invitation", ActKind::Access, "Invitation acceptée"),
    ("change_role", ActKind::Access, "Rôle d’un membre changé"),
    ("remove_member", ActKind::Access, "Membre retiré"),
    ("create_role", ActKind::Access, "Rôle créé"),
    ("edit_role", ActKind::Access, "Rôle modifié"),
    ("delete_role", ActKind::Access, "Rôle supprimé"),
    ("create_token", ActKind::Access, "Jeton d’API créé"),
    ("revoke_token", ActKind::Access, "Jeton d’API révoqué"),
    ("enter_organization", ActKind::Access, "Visite de l’assistance ABSERVICE commencée"),
    ("leave_organization", ActKind::Access, "Visite de l’assistance ABSERVICE terminée"),
    ("suspend_organization", ActKind::Access, "Entreprise suspendue par la plateforme"),
    ("resume_organization", ActKind::Access, "Entreprise rétablie par la plateforme"),
    ("set_trial", ActKind::Settings, "Fin de la période d’essai fixée par la plateforme"),
    ("delete_organization", ActKind::Access, "Entreprise supprimée par la plateforme"),
    ("erase_organization", ActKind::Access, "Données de l’entreprise supprimée effacées"),
    ("request_export", ActKind::Settings, "Export de toutes les données demandé"),
    ("start_export", ActKind::Settings, "Export de toutes les données en préparation"),
    ("finish_export", ActKind::Settings, "Export de toutes les données prêt"),
    ("request_person_export", ActKind::Access, "Export des données d’une personne demandé"),
    ("start_person_export", ActKind::Access, "Export des données d’une personne en préparation"),
    ("finish_person_export", ActKind::Access, "Export des données d’une personne prêt"),
    ("forget_person_exports", ActKind::Access, "Exports des données d’une personne effacée supprimés"),
    ("edit_organization", ActKind::Settings, "Paramètres de l’entreprise modifiés"),
    ("change_logo", ActKind::Settings, "Logo changé"),
    ("remove_logo", ActKind::Settings, "Logo retiré"),
    ("create_company", ActKind::Crm, "Entreprise ajoutée"),
    ("edit_company", ActKind::Crm, "Entreprise modifiée"),
    ("create_contact", ActKind::Crm, "Contact ajouté"),
    ("edit_contact", ActKind::Crm, "Contact modifié"),
    ("reassign_company", ActKind::Crm, "Entreprise réattribuée"),
    ("reassign_contact", ActKind::Crm, "Contact réattribué"),
    ("keep_contact", ActKind::Crm, "Contact conservé plus longtemps"),
    ("erase_contact", ActKind::Crm, "Contact effacé"),
    ("erase_client", ActKind::Crm, "Client particulier effacé"),
    ("redact_log", ActKind::Crm, "Personne effacée du journal d’activité"),
    ("forget_contact", ActKind::Crm, "Personne effacée d’un brouillon ou d’un e-mail"),
    ("note_erasure", ActKind::Crm, "Documents parcourus pour une personne effacée"),
    ("create_quote", ActKind::Quotes, "Devis créé"),
    ("edit_quote", ActKind::Quotes, "Devis modifié"),
    ("delete_quote", ActKind::Quotes, "Brouillon de devis supprimé"),
    ("send_quote", ActKind::Quotes, "Devis envoyé"),
    ("accept_quote", ActKind::Quotes, "Devis accepté"),
    ("refuse_quote", ActKind::Quotes, "Devis refusé"),
    ("revise_quote", ActKind::Quotes, "Devis révisé"),
    ("duplicate_quote", ActKind::Quotes, "Devis dupliqué"),
    ("expire_quote", ActKind::Quotes, "Fin de validité d’un devis constatée"),
    ("sign_quote", ActKind::Quotes, "Devis accepté et signé en ligne par le client"),
    ("decline_quote", ActKind::Quotes, "Devis refusé en ligne par le client"),
    ("request_portal_access", ActKind::Sending, "Accès à l’espace client demandé"),
    ("open_portal", ActKind::Access, "Espace client ouvert"),
    ("leave_portal", ActKind::Access, "Espace client fermé"),
    ("open_checkout", ActKind::Invoices, "Paiement par carte commencé"),
    ("close_checkout", ActKind::Invoices, "Paiement par carte abandonné ou expiré"),
    ("record_card_payment", ActKind::Invoices, "Paiement par carte reçu"),
    ("record_card_refund", ActKind::Invoices, "Remboursement sur une carte enregistré"),
    ("edit_portal_settings", ActKind::Settings, "Réglages de l’espace client modifiés"),
    ("connect_cards", ActKind::Settings, "Paiement par carte activé"),
    ("disconnect_cards", ActKind::Settings, "Paiement par carte désactivé"),
    ("create_document_link", ActKind::Sending, "Lien client créé"),
    ("revoke_document_link", ActKind::Sending, "Lien client révoqué"),
    ("invoice_quote", ActKind::Quotes, "Devis facturé"),
    ("invoice_situation", ActKind::Quotes, "Situation facturée"),
    ("invoice_deposit", ActKind::Quotes, "Acompte facturé"),
    ("create_invoice", ActKind::Invoices, "Facture créée"),
    ("edit_invoice", ActKind::Invoices, "Facture modifiée"),
    ("delete_invoice", ActKind::Invoices, "Brouillon de facture supprimé"),
    ("issue_invoice", ActKind::Invoices, "Facture émise"),
    ("correct_invoice", ActKind::Invoices, "Facture rectificative préparée"),
    ("carry_over_payments", ActKind::Invoices, "Paiements reportés sur la facture rectificative"),
    ("duplicate_invoice", ActKind::Invoices, "Facture dupliquée"),
    ("credit_invoice", ActKind::Invoices, "Avoir émis"),
    ("create_issue_batch", ActKind::Invoices, "Émission groupée demandée"),
    ("issue_invoices", ActKind::Invoices, "Factures émises ensemble"),
    ("create_recurring_invoice", ActKind::Invoices, "Facture récurrente créée"),
    ("edit_recurring_invoice", ActKind::Invoices, "Facture récurrente modifiée"),
    ("reprice_recurring_invoice", ActKind::Invoices, "Nouveaux prix d’une facture récurrente prévus"),
    ("pause_recurring_invoice", ActKind::Invoices, "Facture récurrente mise en pause"),
    ("resume_recurring_invoice", ActKind::Invoices, "Facture récurrente reprise"),
    ("stop_recurring_invoice", ActKind::Invoices, "Facture récurrente arrêtée"),
    ("make_recurring_invoice", ActKind::Invoices, "Facture créée à son échéance récurrente"),
    ("create_self_billing_mandate", ActKind::Invoices, "Mandat d’autofacturation enregistré"),
    ("edit_self_billing_mandate", ActKind::Invoices, "Mandat d’autofacturation modifié"),
    ("revoke_self_billing_mandate", ActKind::Invoices, "Mandat d’autofacturation révoqué"),
    ("create_self_billed", ActKind::Invoices, "Facture en autofacturation créée"),
    ("edit_self_billed", ActKind::Invoices, "Facture en autofacturation modifiée"),
    ("delete_self_billed", ActKind::Invoices, "Brouillon en autofacturation supprimé"),
    ("issue_self_billed", ActKind::Invoices, "Facture émise au nom d’un fournisseur"),
    ("credit_self_billed", ActKind::Invoices, "Avoir émis au nom d’un fournisseur"),
    ("contest_self_billed", ActKind::Invoices, "Facture contestée par le fournisseur"),
    ("accept_self_billed", ActKind::Invoices, "Facture acceptée par le fournisseur"),
    ("pay_self_billed", ActKind::Invoices, "Facture de fournisseur notée payée"),
    ("unpay_self_billed", ActKind::Invoices, "Paiement d’une facture de fournisseur retiré"),
    ("remind_invoice", ActKind::Invoices, "Échéance examinée"),
    ("send_reminder", ActKind::Invoices, "Relance envoyée"),
    ("dismiss_reminder", ActKind::Invoices, "Relance écartée"),
    ("write_statement", ActKind::Invoices, "Relevé de compte établi"),
    ("invoice_interest", ActKind::Invoices, "Intérêts de retard facturés"),
    ("pause_reminders", ActKind::Invoices, "Relances suspendues"),
    ("resume_reminders", ActKind::Invoices, "Relances reprises"),
    ("edit_reminder_settings", ActKind::Settings, "Calendrier de relances modifié"),
    ("edit_client_reminders", ActKind::Invoices, "Relances d’un client modifiées"),
    ("record_payment", ActKind::Invoices, "Paiement enregistré"),
    ("reverse_payment", ActKind::Invoices, "Paiement annulé"),
    ("refund_invoice", ActKind::Invoices, "Remboursement enregistré"),
    ("record_receipt", ActKind::Invoices, "Règlement encaissé"),
    ("apply_credit", ActKind::Invoices, "Crédit imputé sur une facture"),
    ("import_bank_lines", ActKind::Invoices, "Relevé bancaire importé"),
    ("match_bank_line", ActKind::Invoices, "Ligne de relevé rapprochée"),
    ("ignore_bank_line", ActKind::Invoices, "Ligne de relevé mise de côté"),
    ("reopen_bank_line", ActKind::Invoices, "Ligne de relevé remise à rapprocher"),
    ("record_time", ActKind::Invoices, "Temps ajouté"),
    ("edit_time", ActKind::Invoices, "Temps modifié"),
    ("delete_time", ActKind::Invoices, "Temps supprimé"),
    ("invoice_time", ActKind::Invoices, "Temps mis en facture"),
    ("set_sepa_creditor", ActKind::Invoices, "Identifiant créancier SEPA enregistré"),
    ("create_mandate", ActKind::Invoices, "Mandat de prélèvement enregistré"),
    ("revoke_mandate", ActKind::Invoices, "Mandat de prélèvement révoqué"),
    ("create_remittance", ActKind::Invoices, "Remise de prélèvements créée"),
    ("confirm_remittance", ActKind::Invoices, "Remise de prélèvements encaissée"),
    ("cancel_remittance", ActKind::Invoices, "Remise de prélèvements annulée"),
    ("reject_debit", ActKind::Invoices, "Prélèvement rejeté"),
    ("refund_by_transfer", ActKind::Invoices, "Remboursement par virement"),
    ("reverse_receipt", ActKind::Invoices, "Encaissement annulé"),
    ("create_product", ActKind::Catalogue, "Produit ajouté"),
    ("edit_product", ActKind::Catalogue, "Produit modifié"),
    ("archive_product", ActKind::Catalogue, "Produit archivé"),
    ("restore_product", ActKind::Catalogue, "Produit de nouveau proposé"),
    ("delete_product", ActKind::Catalogue, "Produit supprimé"),
    ("create_category", ActKind::Catalogue, "Catégorie de produits ajoutée"),
    ("edit_category", ActKind::Catalogue, "Catégorie de produits modifiée"),
    ("delete_category", ActKind::Catalogue, "Catégorie de produits supprimée"),
    ("create_tag", ActKind::Catalogue, "Étiquette ajoutée"),
    ("edit_tag", ActKind::Catalogue, "Étiquette modifiée"),
    ("delete_tag", ActKind::Catalogue, "Étiquette supprimée"),
    ("create_price_list", ActKind::Catalogue, "Tarif ajouté"),
    ("edit_price_list", ActKind::Catalogue, "Tarif modifié"),
    ("delete_price_list", ActKind::Catalogue, "Tarif supprimé"),
    ("assign_price_list", ActKind::Catalogue, "Tarif donné à un client"),
    ("unassign_price_list", ActKind::Catalogue, "Tarif retiré à un client"),
    ("set_prices", ActKind::Catalogue, "Prix d’un produit dans les tarifs fixés"),
    ("import_products", ActKind::Catalogue, "Produits importés"),
    ("change_picture", ActKind::Catalogue, "Photo d’un produit changée"),
    ("remove_picture", ActKind::Catalogue, "Photo d’un produit retirée"),
    ("adjust_stock", ActKind::Catalogue, "Stock corrigé"),
    ("set_stock_policy", ActKind::Catalogue, "Règle des stocks négatifs changée"),
    ("use_products", ActKind::Catalogue, "Produits repris dans un document"),
    ("close_period", ActKind::Invoices, "Période clôturée"),
    ("request_job", ActKind::Invoices, "Fichier comptable ou vérification demandés"),
    ("run_job", ActKind::Invoices, "Fichier comptable ou vérification préparés"),
    ("edit_account_plan", ActKind::Settings, "Plan comptable modifié"),
    ("render_document", ActKind::Sending, "PDF généré"),
    ("claim_mail", ActKind::Sending, "Envoi d’un e-mail commencé"),
    ("release_mail", ActKind::Sending, "Envoi d’un e-mail reporté"),
    ("follow_mail", ActKind::Sending, "Suivi d’un e-mail"),
    ("send_mail", ActKind::Sending, "E-mail envoyé"),
];

/// What was done; none for an act that is unknown here.
pub fn french(act: &str) -> Option<&'static str> {
    ACTS.iter().find(|(known, ..)| *known == act).map(|(.., french)| *french)
}

pub fn kind(act: &str) -> Option<ActKind> {
    ACTS.iter().find(|(known, ..)| *known == act).map(|(_, kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_stands_once() {
        for (act, ..) in ACTS {
            assert_eq!(ACTS.iter().filter(|(other, ..)| other == act).count(), 1, "{act}");
        }
    }
}
