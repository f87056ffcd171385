//! The page of an export that people read first.

use jiff::{Timestamp, civil::DateTime};
use kernel::{reference::OrganizationReference, text};

use super::spool::{Listed, Spooled};

/// What was looked for in the bucket and is not there.
pub struct Missing(pub Vec<String>);

pub fn readme(organization: &OrganizationReference, at: Timestamp, spooled: &Spooled, missing: &Missing) -> String {
    let local: DateTime = at.to_zoned(organization.zone()).datetime();
    let day = text::french_date(local.date());
    let mut lines = vec![
        format!("EXPORT DE {}", organization.name.to_uppercase()),
        format!("fait par ABSERVICE le {day} à {:02}:{:02}", local.hour(), local.minute()),
        String::new(),
        if spooled.without_staff {
            "Ce dossier contient ce qu’ABSERVICE conserve pour votre entreprise, sans les dossiers des salariés : la\r\n\
             personne qui l’a demandé ne peut pas les consulter."
        } else {
            "Ce dossier contient tout ce qu’ABSERVICE conserve pour votre entreprise."
        }
        .into(),
        String::new(),
        "TABLEAUX : à ouvrir avec un tableur (Excel, LibreOffice)".into(),
        "Texte séparé par des points-virgules, en UTF-8. Les montants ont une virgule, les dates s’écrivent".into(),
        "année-mois-jour.".into(),
        String::new(),
    ];
    lines.extend(spooled.sheets().iter().map(listed));
    lines.extend([
        String::new(),
        "DOCUMENTS : vos devis et vos factures en PDF, sous leur numéro".into(),
        String::new(),
        "  documents/factures/".into(),
        "  documents/devis/".into(),
        String::new(),
        "FICHIERS : ceux des entreprises, contacts et opportunités, avec leurs versions, par identifiant de fiche"
            .into(),
        String::new(),
        "  fichiers/".into(),
        "  pieces-jointes/ : les fichiers que vous y avez joints, sous le numéro de leur document".into(),
    ]);
    if organization.brand.logo.is_some() {
        lines.push("  logo.png".into());
    }
    if !missing.0.is_empty() {
        lines.push(String::new());
        lines.push("Introuvables au moment de l’export :".into());
        lines.extend(missing.0.iter().map(|name| format!("  {name}")));
    }
    lines.extend([
        String::new(),
        "DONNÉES : pour un informaticien, ou pour un autre logiciel".into(),
        "Un fichier par sorte d’objet, au format JSON Lines (https://jsonlines.org) : un objet JSON par ligne, en"
            .into(),
        "UTF-8. Les noms des champs sont ceux de l’API, en anglais. Un montant (…_minor) est un nombre entier de"
            .into(),
        "la plus petite unité de sa devise : des centimes pour l’euro. Un instant est donné en temps universel".into(),
        "(UTC). Les secrets (mots de passe, jetons, liens) ne sortent jamais : ••• les remplace.".into(),
        String::new(),
    ]);
    lines.extend(spooled.lists().iter().map(listed));
    lines.extend([
        String::new(),
        "VÉRIFIER LE JOURNAL INALTÉRABLE (article 286, I, 3° bis du code général des impôts)".into(),
        "Les lignes de donnees/journal-inalterable.jsonl se suivent par leur position, à partir de 1, sans trou."
            .into(),
        "Le champ previous de chacune est le champ hash de celle d’avant (64 zéros avant la première), et son".into(),
        "propre hash est l’empreinte SHA-256, en hexadécimal, du texte JSON que voici, sans espace ni retour à la"
            .into(),
        "ligne, les clés de chaque objet dans l’ordre alphabétique, content étant l’objet que décrit son texte :"
            .into(),
        r#"  {"at":…,"content":{…},"kind":…,"number":…,"position":…,"previous":…}"#.into(),
        "La dernière position et le dernier hash sont ceux de donnees/journal-inalterable-fin.jsonl. Les fichiers"
            .into(),
        "PDF se vérifient de même : leur empreinte SHA-256 est dans donnees/fichiers.jsonl.".into(),
        String::new(),
    ]);
    lines.join("\r\n")
}

fn listed(list: &Listed) -> String {
    let lines = if list.lines == 1 { "1 ligne".into() } else { format!("{} lignes", list.lines) };
    let what = if list.french.is_empty() { lines } else { format!("{} ({lines})", list.french) };
    format!("  {} : {what}", list.name)
}
