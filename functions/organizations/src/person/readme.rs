//! The page of a person's export that they read first.

use jiff::{Timestamp, civil::DateTime};
use kernel::{event::Person, legal, reference::OrganizationReference, text};

/// A file of the archive, and what it is.
pub struct Told {
    pub name: String,
    pub french: String,
}

/// What the archive has, in its order.
#[derive(Default)]
pub struct Contents {
    pub lists: Vec<Told>,
    pub files: Vec<Told>,
    /// What was looked for in the bucket and is not there.
    pub missing: Vec<String>,
}

pub fn readme(of: Person, organization: &OrganizationReference, at: Timestamp, contents: &Contents) -> String {
    let local: DateTime = at.to_zoned(organization.zone()).datetime();
    let day = text::french_date(local.date());
    let name = &organization.name;
    let whose = match of {
        Person::User(_) => "conservent sur vous ABSERVICE et les entreprises dont vous êtes membre".to_owned(),
        _ => format!("conserve {name}, dans ABSERVICE, sur la personne que cet export concerne"),
    };
    let mut lines = vec![
        "VOS DONNÉES PERSONNELLES".to_owned(),
        format!("export fait par ABSERVICE le {day} à {:02}:{:02}", local.hour(), local.minute()),
        String::new(),
        format!("Ce dossier contient ce que {whose} :"),
        "c’est le droit d’accès et le droit à la portabilité (RGPD, articles 15 et 20).".into(),
        String::new(),
        "DONNÉES : des listes au format JSON (texte en UTF-8), lisibles par tout éditeur de texte".into(),
        "Les noms des champs sont en anglais. Un montant (…_minor) est un nombre entier de la plus petite unité de"
            .into(),
        "sa devise : des centimes pour l’euro. Un instant est donné en temps universel (UTC). ••• remplace ce qui est"
            .into(),
        "secret : aucun mot de passe, jeton, lien secret ni code ne sort d’ABSERVICE.".into(),
        String::new(),
    ];
    let told = |told: &Told| format!("  {} : {}", told.name, told.french);
    lines.extend(contents.lists.iter().map(told));
    if contents.lists.is_empty() {
        lines.push("  (aucune)".into());
    }
    if !contents.files.is_empty() {
        lines.extend([String::new(), "FICHIERS".into(), String::new()]);
        lines.extend(contents.files.iter().map(told));
    }
    if !contents.missing.is_empty() {
        lines.extend([String::new(), "Introuvables au moment de l’export :".into()]);
        lines.extend(contents.missing.iter().map(|name| format!("  {name}")));
    }
    let today = local.date();
    let (contacts, accounting) = (legal::contact_years(today), legal::accounting_years(today));
    lines.extend([String::new(), "POURQUOI CES DONNÉES SONT CONSERVÉES, ET COMBIEN DE TEMPS".into()]);
    lines.extend(match of {
        Person::Contact(_) | Person::Client(_) => vec![
            format!(
                "  Fiches du CRM : intérêt légitime à suivre la relation commerciale, ou contrat (RGPD, art. 6-1 b et f) ; {} ans",
                contacts.value
            ),
            "  après le dernier changement, ou tant que dure la relation.".into(),
            format!(
                "  Devis envoyés, factures, avoirs et paiements : obligation légale ({}) ; {} ans.",
                accounting.source, accounting.value
            ),
            "  E-mails : suivi de la relation (art. 6-1 b et f).".into(),
        ],
        Person::Member(_) | Person::User(_) => vec![
            "  Compte, appartenance à une équipe, jetons : exécution du contrat (RGPD, art. 6-1 b) ; tant que dure le".into(),
            "  compte ou l’appartenance.".into(),
            "  Sessions et ce qui protège le compte : sécurité (art. 6-1 f et 32).".into(),
        ],
    });
    lines.extend([
        "  Journal d’activité : montrer comment les documents ont été établis (CGI, art. 289-VII ; RGPD, art. 6-1 c)."
            .into(),
        String::new(),
        "À QUI S’ADRESSER".into(),
        format!(
            "  {name}, responsable du traitement, pour rectifier ou effacer ces données, ou s’opposer à leur usage."
        ),
    ]);
    let legal = &organization.legal;
    lines.extend(legal.email.as_ref().map(|email| format!("  Adresse e-mail : {email}")));
    lines.extend(legal.phone.as_ref().map(|phone| format!("  Téléphone : {phone}")));
    lines.extend([
        "  La réponse est due dans le mois (RGPD, art. 12-3). Sans elle, une réclamation peut être adressée à la CNIL,"
            .into(),
        "  3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, ou sur https://www.cnil.fr.".into(),
        String::new(),
    ]);
    lines.join("\r\n")
}
