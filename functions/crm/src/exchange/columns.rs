//! The fields of records as the columns of a table: as they are written, as they are read, and by what name each is known.
//! The fields are those of the inputs (`CompanyInput`, `ContactInput`), by their names there. Pure.

use kernel::{country, id::UserId, text};
use serde_json::{Map, Value};
use web::sheet::{self, Sheet, letters, named};

use crate::{
    record::RecordKind,
    settings::{FieldKind, Settings},
};

/// An input as its fields.
pub type Fields = Map<String, Value>;

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// As the input, the API and a form name it: `postal_code`, `custom.fld_…`.
    pub name: String,
    pub french: String,
    /// What people and programs call it, in [`letters`].
    names: Vec<String>,
    pub shape: Shape,
}

/// How a value is written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// An amount, or any number with decimals.
    Amount,
    Phone,
    PostalCode,
    Date,
    YesNo,
    /// Value, its words, and what else it is called, in [`letters`].
    Choice(&'static [(&'static str, &'static str, &'static [&'static str])]),
    Country,
    Tags,
    Member,
    /// A company of ours, by its id or name.
    Company,
    /// Its SIRET or SIREN.
    CompanyNumber,
    /// Its id beside its name.
    CompanyId,
    /// A contact of ours, by their id, e-mail address or name.
    Contact,
    /// Their id beside their name.
    ContactId,
    Pipeline,
    /// Of whichever pipeline.
    Stage,
    /// A first and a last name in one.
    FullName,
    /// Of the record itself.
    Id,
}

/// The record itself, which is no field of an input.
pub const ID: &str = "id";
pub const COMPANY: &str = "company_id";
pub const COMPANY_NUMBER: &str = "company_number";
pub const COMPANY_CODE: &str = "company_code";
pub const CONTACT: &str = "contact_id";
pub const CONTACT_CODE: &str = "contact_code";
pub const PIPELINE: &str = "pipeline_id";
pub const STAGE: &str = "stage_id";
pub const FULL_NAME: &str = "full_name";
const CUSTOM: &str = "custom";
const TAGS: &str = "tags";

/// Fields that say one thing together: where there is some of it already, a file fills in nothing of it.
const GROUPS: [&[&str]; 2] =
    [&["street", "complement", "postal_code", "city", "country"], &["consent", "consent_source", "consent_on"]];

type Static = (&'static str, &'static str, &'static [&'static str], Shape);

const CATEGORIES: Shape = Shape::Choice(&[
    ("client", "Client", &["clients", "customer"]),
    ("prospect", "Prospect", &["prospects", "lead", "suspect"]),
    ("partner", "Partenaire", &["partenaires"]),
    ("supplier", "Fournisseur", &["fournisseurs"]),
    ("other", "Autre", &["autres"]),
]);

const COMPANY_COLUMNS: &[Static] = &[
    (ID, "Identifiant", &["identifiant", "identifiantabservice"], Shape::Id),
    (
        "name",
        "Nom",
        &[
            "nom",
            "raisonsociale",
            "denomination",
            "nomdelentreprise",
            "nomentreprise",
            "nomsociete",
            "societe",
            "entreprise",
            "enseigne",
            "organisation",
            "nomduclient",
            "client",
            "companyname",
            "company",
            "name",
            "compte",
            "intitule",
        ],
        Shape::Text,
    ),
    ("category", "Catégorie", &["categorie", "typedeclient", "typeclient", "statut", "category"], CATEGORIES),
    (
        "is_business",
        "Nature",
        &["nature", "type", "professionnel"],
        Shape::Choice(&[
            ("true", "Professionnel", &["pro", "entreprise", "societe", "oui", "b2b", "professionnelle"]),
            ("false", "Particulier", &["particuliere", "non", "b2c", "prive"]),
        ]),
    ),
    ("siret", "SIRET", &["siret", "nosiret", "nsiret", "numerosiret", "numerodesiret"], Shape::Text),
    (
        "vat_number",
        "Numéro de TVA",
        &[
            "numerodetva",
            "tvaintracommunautaire",
            "tvaintra",
            "numerotva",
            "notva",
            "ntva",
            "numtva",
            "vatnumber",
            "vat",
            "tva",
        ],
        Shape::Text,
    ),
    (
        "street",
        "Adresse",
        &["adresse", "adresse1", "adresseligne1", "rue", "voie", "address", "street", "address1"],
        Shape::Text,
    ),
    (
        "complement",
        "Complément d’adresse",
        &["complementdadresse", "complementadresse", "complement", "adresse2", "adresseligne2", "address2"],
        Shape::Text,
    ),
    ("postal_code", "Code postal", &["codepostal", "cp", "postalcode", "zip", "zipcode"], Shape::PostalCode),
    ("city", "Ville", &["ville", "commune", "localite", "city"], Shape::Text),
    ("country", "Pays", &["pays", "country"], Shape::Country),
    (
        "phone",
        "Téléphone",
        &["telephone", "tel", "telfixe", "fixe", "numerodetelephone", "phone", "mobile"],
        Shape::Phone,
    ),
    (
        "email",
        "E-mail",
        &["email", "mail", "courriel", "adresseemail", "adressemail", "adresseelectronique", "emailaddress"],
        Shape::Text,
    ),
    ("website", "Site internet", &["siteinternet", "siteweb", "site", "web", "url", "website"], Shape::Text),
    (
        "industry",
        "Secteur d’activité",
        &["secteurdactivite", "secteur", "activite", "metier", "industry", "industrie"],
        Shape::Text,
    ),
    ("employees", "Effectif", &["effectif", "effectifs", "nombredesalaries", "salaries", "employees"], Shape::Amount),
    (
        "revenue",
        "Chiffre d’affaires",
        &["chiffredaffaires", "chiffreaffaires", "ca", "caannuel", "revenue", "annualrevenue"],
        Shape::Amount,
    ),
    (
        "payment_days",
        "Délai de paiement (jours)",
        &["delaidepaiementjours", "delaidepaiement", "delaipaiement", "echeance"],
        Shape::Amount,
    ),
    (
        "day_count",
        "Décompte du délai",
        &["decomptedudelai"],
        Shape::Choice(&[
            ("from_issue", "À compter de la facture", &["nets", "net"]),
            ("then_end_of_month", "Puis jusqu’à la fin du mois", &["findemois", "fdm"]),
            ("from_end_of_month", "À compter de la fin du mois", &[]),
        ]),
    ),
    ("parent_id", "Société mère", &["societemere", "maisonmere", "groupe", "parent", "parentcompany"], Shape::Company),
    (
        "assigned_to",
        "Attribuée à",
        &["attribueea", "attribuea", "responsable", "commercial", "proprietaire", "gestionnaire", "owner"],
        Shape::Member,
    ),
    (TAGS, "Étiquettes", &["etiquettes", "etiquette", "tags", "motscles", "groupes"], Shape::Tags),
    ("notes", "Notes", &["notes", "note", "commentaires", "commentaire", "remarques", "observations"], Shape::Text),
];

const CONTACT_COLUMNS: &[Static] = &[
    (ID, "Identifiant", &["identifiant", "identifiantabservice"], Shape::Id),
    (
        "civility",
        "Civilité",
        &["civilite", "titredecivilite", "civ", "genre", "salutation"],
        Shape::Choice(&[
            ("mr", "Monsieur", &["m", "mr", "homme", "h", "masculin", "mister"]),
            ("mrs", "Madame", &["mme", "mlle", "mademoiselle", "femme", "f", "feminin", "mrs", "ms"]),
            ("none", "Non précisée", &["nonprecise", "autre"]),
        ]),
    ),
    (
        FULL_NAME,
        "Prénom et nom",
        &["prenometnom", "prenomnom", "nomcomplet", "fullname", "name", "contact"],
        Shape::FullName,
    ),
    ("first_name", "Prénom", &["prenom", "prenoms", "firstname", "givenname"], Shape::Text),
    (
        "last_name",
        "Nom",
        &["nom", "nomdefamille", "nomducontact", "nomcontact", "lastname", "familyname", "surname"],
        Shape::Text,
    ),
    (
        COMPANY,
        "Entreprise",
        &[
            "entreprise",
            "nomdelentreprise",
            "nomentreprise",
            "nomsociete",
            "nomdelasociete",
            "societe",
            "raisonsociale",
            "organisation",
            "organisme",
            "employeur",
            "compte",
            "client",
            "company",
            "companyname",
            "organization",
            "organizationname",
            "organization1name",
        ],
        Shape::Company,
    ),
    (
        COMPANY_NUMBER,
        "SIRET de l’entreprise",
        &["siretdelentreprise", "siretentreprise", "siret", "siren", "sirendelentreprise"],
        Shape::CompanyNumber,
    ),
    (
        COMPANY_CODE,
        "Identifiant de l’entreprise",
        &["identifiantdelentreprise", "identifiantentreprise"],
        Shape::CompanyId,
    ),
    (
        "job_title",
        "Fonction",
        &["fonction", "poste", "titre", "intituleduposte", "metier", "jobtitle", "title", "organizationtitle"],
        Shape::Text,
    ),
    ("department", "Service", &["service", "departement", "direction", "department"], Shape::Text),
    (
        "email",
        "E-mail",
        &[
            "email",
            "mail",
            "courriel",
            "adresseemail",
            "adressemail",
            "adresseelectronique",
            "emailaddress",
            "email1value",
            "adressedemessagerie",
        ],
        Shape::Text,
    ),
    (
        "phone",
        "Téléphone",
        &[
            "telephone",
            "tel",
            "telfixe",
            "fixe",
            "numerodetelephone",
            "telephonebureau",
            "businessphone",
            "phone",
            "phone1value",
        ],
        Shape::Phone,
    ),
    (
        "mobile",
        "Mobile",
        &[
            "mobile",
            "portable",
            "telmobile",
            "telportable",
            "telephonemobile",
            "telephoneportable",
            "gsm",
            "mobilephone",
        ],
        Shape::Phone,
    ),
    ("street", "Adresse", &["adresse", "adresse1", "rue", "voie", "address", "street"], Shape::Text),
    (
        "complement",
        "Complément d’adresse",
        &["complementdadresse", "complementadresse", "complement", "adresse2", "address2"],
        Shape::Text,
    ),
    ("postal_code", "Code postal", &["codepostal", "cp", "postalcode", "zip", "zipcode"], Shape::PostalCode),
    ("city", "Ville", &["ville", "commune", "localite", "city"], Shape::Text),
    ("country", "Pays", &["pays", "country"], Shape::Country),
    ("category", "Catégorie", &["categorie", "typedecontact", "typecontact", "category"], CATEGORIES),
    (
        "preferred",
        "Moyen de contact préféré",
        &["moyendecontactprefere", "contactprefere", "canalprefere"],
        Shape::Choice(&[
            ("email", "E-mail", &["mail", "courriel"]),
            ("phone", "Téléphone", &["tel", "fixe"]),
            ("mobile", "Mobile", &["portable", "sms"]),
        ]),
    ),
    (
        "consent",
        "Accord pour la prospection",
        &["accordpourlaprospection", "consentement", "optin", "newsletter", "rgpd"],
        Shape::YesNo,
    ),
    (
        "consent_source",
        "Origine de l’accord",
        &["originedelaccord", "sourceduconsentement", "origineduconsentement"],
        Shape::Text,
    ),
    ("consent_on", "Date de l’accord", &["datedelaccord", "dateduconsentement", "dateoptin"], Shape::Date),
    (
        "assigned_to",
        "Attribué à",
        &["attribuea", "attribueea", "responsable", "commercial", "proprietaire", "gestionnaire", "owner"],
        Shape::Member,
    ),
    (TAGS, "Étiquettes", &["etiquettes", "etiquette", "tags", "motscles", "groupes", "labels"], Shape::Tags),
    ("notes", "Notes", &["notes", "note", "commentaires", "commentaire", "remarques", "observations"], Shape::Text),
];

const OPPORTUNITY_COLUMNS: &[Static] = &[
    (ID, "Identifiant", &["identifiant", "identifiantabservice"], Shape::Id),
    (
        "name",
        "Nom",
        &[
            "nom",
            "opportunite",
            "affaire",
            "intitule",
            "libelle",
            "nomdelopportunite",
            "titre",
            "name",
            "deal",
            "dealname",
        ],
        Shape::Text,
    ),
    (
        COMPANY,
        "Entreprise",
        &["entreprise", "nomdelentreprise", "societe", "raisonsociale", "client", "prospect", "compte", "company"],
        Shape::Company,
    ),
    (
        COMPANY_NUMBER,
        "SIRET de l’entreprise",
        &["siretdelentreprise", "siretentreprise", "siret", "siren", "sirendelentreprise"],
        Shape::CompanyNumber,
    ),
    (
        COMPANY_CODE,
        "Identifiant de l’entreprise",
        &["identifiantdelentreprise", "identifiantentreprise"],
        Shape::CompanyId,
    ),
    (CONTACT, "Contact", &["contact", "interlocuteur", "nomducontact"], Shape::Contact),
    (CONTACT_CODE, "Identifiant du contact", &["identifiantducontact", "identifiantcontact"], Shape::ContactId),
    (PIPELINE, "Pipeline", &["pipeline", "processus"], Shape::Pipeline),
    (STAGE, "Étape", &["etape", "phase", "statut", "stage", "dealstage", "avancement"], Shape::Stage),
    (
        "amount",
        "Montant HT",
        &["montantht", "montant", "valeur", "montantestime", "budget", "amount", "value", "cahtestime"],
        Shape::Amount,
    ),
    ("probability", "Probabilité (%)", &["probabilite", "proba", "probability", "chances"], Shape::Amount),
    (
        "expected_on",
        "Date prévue",
        &[
            "dateprevue",
            "datedecloture",
            "dateclotureprevue",
            "datedecloturep",
            "echeance",
            "closedate",
            "signatureprevue",
        ],
        Shape::Date,
    ),
    (
        "priority",
        "Priorité",
        &["priorite", "priority", "urgence"],
        Shape::Choice(&[
            ("low", "Basse", &["faible", "low"]),
            ("medium", "Moyenne", &["normale", "moyen", "medium", "normal"]),
            ("high", "Haute", &["elevee", "forte", "high", "urgente"]),
            ("critical", "Critique", &["critical", "tresurgente"]),
        ]),
    ),
    ("source", "Origine", &["origine", "source", "provenance", "canal", "leadsource"], Shape::Text),
    ("next_step", "Prochaine étape", &["prochaineetape", "prochaineaction", "suite", "nextstep"], Shape::Text),
    ("lost_reason", "Motif de perte", &["motifdeperte", "raisondeperte", "raisondelaperte", "lostreason"], Shape::Text),
    (
        "assigned_to",
        "Attribuée à",
        &["attribueea", "attribuea", "responsable", "commercial", "proprietaire", "owner"],
        Shape::Member,
    ),
    (TAGS, "Étiquettes", &["etiquettes", "etiquette", "tags", "motscles", "labels"], Shape::Tags),
    (
        "description",
        "Description",
        &["description", "notes", "note", "commentaires", "commentaire", "remarques", "detail"],
        Shape::Text,
    ),
];

/// The columns of a kind of records, its organization's own fields last.
pub fn columns(kind: RecordKind, settings: &Settings) -> Vec<Column> {
    let own = match kind {
        RecordKind::Company => COMPANY_COLUMNS,
        RecordKind::Contact => CONTACT_COLUMNS,
        RecordKind::Opportunity => OPPORTUNITY_COLUMNS,
    };
    let own = own.iter().map(|(name, french, names, shape)| Column {
        name: (*name).into(),
        french: (*french).into(),
        names: names.iter().map(|name| (*name).into()).collect(),
        shape: *shape,
    });
    let added = settings.fields_of(kind).map(|field| Column {
        name: format!("{CUSTOM}.{}", field.id),
        french: field.name.clone(),
        names: vec![letters(&field.name)],
        shape: match field.kind {
            FieldKind::Text | FieldKind::Choice => Shape::Text,
            FieldKind::Number => Shape::Amount,
            FieldKind::Date => Shape::Date,
            FieldKind::YesNo => Shape::YesNo,
        },
    });
    own.chain(added).collect()
}

/// How many rows are looked at to know what a column without a name has.
const LOOKED_AT: usize = 20;

/// Where the names of the columns stand, and of each column of the file which of `columns` it is: by its name, else by what
/// it has.
pub fn guessed(sheet: &Sheet, columns: &[Column]) -> (usize, Vec<Option<usize>>) {
    let names: Vec<Vec<&str>> =
        columns.iter().map(|column| column.names.iter().map(String::as_str).collect()).collect();
    let names: Vec<(usize, &[&str])> = names.iter().enumerate().map(|(at, names)| (at, names.as_slice())).collect();
    let (head, mut found) = sheet.header(&names);
    let rows = sheet.rows.get(head + 1..).unwrap_or_default();
    for at in 0..found.len() {
        if found[at].is_some() {
            continue;
        }
        let cells = rows.iter().take(LOOKED_AT).filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty());
        let name = by_content(&cells.map(String::as_str).collect::<Vec<_>>());
        let column = name.and_then(|name| columns.iter().position(|column| column.name == name));
        if column.is_some() && !found.contains(&column) {
            found[at] = column;
        }
    }
    (head, found)
}

/// As [`guessed`], of names alone.
pub fn guessed_by_name(header: &[String], columns: &[Column]) -> Vec<Option<usize>> {
    let names: Vec<Vec<&str>> =
        columns.iter().map(|column| column.names.iter().map(String::as_str).collect()).collect();
    let names: Vec<(usize, &[&str])> = names.iter().enumerate().map(|(at, names)| (at, names.as_slice())).collect();
    named(header, &names)
}

/// What all of these cells are.
fn by_content(cells: &[&str]) -> Option<&'static str> {
    let all = |is: &dyn Fn(&str) -> bool| !cells.is_empty() && cells.iter().all(|cell| is(cell));
    let digits = |cell: &str| cell.chars().filter(char::is_ascii_digit).count();
    let only = |cell: &str, others: &str| cell.chars().all(|c| c.is_ascii_digit() || others.contains(c));
    if all(&|cell| kernel::legal::email(cell).is_ok()) {
        Some("email")
    } else if all(&|cell| kernel::legal::siret(cell).is_ok()) {
        Some("siret")
    } else if all(&|cell| cell.len() > 10 && kernel::legal::vat_number(cell, None).is_ok()) {
        Some("vat_number")
    } else if all(&|cell| digits(cell) >= 9 && only(cell, " +.-()/\u{a0}\u{202f}") && cell.starts_with(['0', '+'])) {
        let mobile = |cell: &str| {
            let number: String = cell.chars().filter(char::is_ascii_digit).collect();
            ["06", "07", "336", "337"].iter().any(|begin| number.starts_with(begin))
        };
        Some(if all(&mobile) { "mobile" } else { "phone" })
    } else if all(&|cell| cell.len() == 5 && only(cell, "")) {
        Some("postal_code")
    } else if all(&|cell| cell.starts_with("http") || cell.starts_with("www.")) {
        Some("website")
    } else {
        None
    }
}

/// A member as a table names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub user: UserId,
    pub name: String,
    pub email: String,
}

/// What cells are read and written with.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub settings: Settings,
    pub members: Vec<Member>,
}

/// What a cell says: a text of the input, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Text(String),
    Many(Vec<String>),
}

impl Column {
    /// What a cell with something in it says, as the input has it; why not, in French. What is wrong with the value itself,
    /// the input tells.
    pub fn read(&self, cell: &str, words: &Words) -> Result<Said, String> {
        let folded = letters(cell);
        let plain = |text: String| Ok(Said::Text(text));
        match self.shape {
            Shape::Text
            | Shape::Company
            | Shape::CompanyNumber
            | Shape::CompanyId
            | Shape::Contact
            | Shape::ContactId
            | Shape::Stage
            | Shape::FullName
            | Shape::Id => plain(cell.into()),
            Shape::Pipeline => {
                let asked = text::folded(cell);
                let is =
                    |one: &&crate::settings::Pipeline| one.id.to_string() == cell || text::folded(&one.name) == asked;
                match words.settings.pipelines.iter().find(is) {
                    Some(pipeline) => plain(pipeline.id.to_string()),
                    None => Err(format!("Le pipeline «\u{a0}{cell}\u{a0}» n’existe pas.")),
                }
            }
            Shape::Amount => {
                let unit = |letter: char| letter.is_alphabetic() || matches!(letter, '€' | '$' | '£' | '%');
                plain(cell.trim_end_matches(unit).trim().into())
            }
            Shape::Phone => {
                // A spreadsheet takes a telephone number for a number.
                let is_cut = cell.len() == 9 && cell.bytes().all(|c| c.is_ascii_digit()) && !cell.starts_with('0');
                plain(if is_cut { format!("0{cell}") } else { cell.into() })
            }
            Shape::PostalCode => plain(cell.into()),
            Shape::Date => plain(sheet::date(cell).map_or_else(|| cell.to_owned(), |date| date.to_string())),
            Shape::YesNo => match folded.as_str() {
                "oui" | "o" | "yes" | "y" | "1" | "true" | "vrai" | "x" | "ok" => plain("true".into()),
                "non" | "n" | "no" | "0" | "false" | "faux" => plain("false".into()),
                _ => Err("Indiquez oui ou non.".into()),
            },
            Shape::Choice(choices) => {
                let is = |(value, french, others): &&(&str, &str, &[&str])| {
                    *value == cell || letters(french) == folded || others.contains(&folded.as_str())
                };
                match choices.iter().find(is) {
                    Some((value, ..)) => plain((*value).into()),
                    None => {
                        let known: Vec<_> = choices.iter().map(|(_, french, _)| *french).collect();
                        Err(format!("Indiquez une de ces valeurs\u{a0}: {}.", known.join(", ")))
                    }
                }
            }
            Shape::Country => {
                let known = country::listed().find(|(_, french)| text::folded(french) == text::folded(cell));
                plain(known.map_or_else(|| cell.to_uppercase(), |(code, _)| code.to_owned()))
            }
            Shape::Tags => tags(cell, words).map(Said::Many),
            Shape::Member => {
                let asked = text::folded(cell);
                let is = |member: &&Member| {
                    member.user.to_string() == cell
                        || member.email.eq_ignore_ascii_case(cell)
                        || text::folded(&member.name) == asked
                };
                let mut found = words.members.iter().filter(is);
                match (found.next(), found.next()) {
                    (Some(member), None) => plain(member.user.to_string()),
                    // Who left may still have the record.
                    (None, _) if cell.parse::<UserId>().is_ok() => plain(cell.into()),
                    (None, _) => Err(format!("Aucun membre de l’équipe ne s’appelle «\u{a0}{cell}\u{a0}».")),
                    (Some(_), Some(_)) => Err(format!(
                        "Plusieurs membres de l’équipe s’appellent «\u{a0}{cell}\u{a0}»\u{a0}: indiquez l’adresse e-mail."
                    )),
                }
            }
        }
    }

    /// A value of the input as a cell has it.
    pub fn show(&self, fields: &Fields, words: &Words) -> String {
        let text = field(fields, &self.name).and_then(Value::as_str).unwrap_or_default();
        match self.shape {
            Shape::Text
            | Shape::Phone
            | Shape::PostalCode
            | Shape::Company
            | Shape::CompanyNumber
            | Shape::CompanyId
            | Shape::Contact
            | Shape::ContactId
            | Shape::FullName
            | Shape::Id => text.into(),
            Shape::Pipeline => {
                let known = text.parse().ok().and_then(|id| words.settings.pipeline(id));
                known.map_or(text, |pipeline| pipeline.name.as_str()).into()
            }
            Shape::Stage => {
                let known = text.parse().ok().and_then(|id| words.settings.stage(id));
                known.map_or(text, |(_, stage)| stage.name.as_str()).into()
            }
            Shape::Amount => text.replace('.', ","),
            Shape::Date => text.parse().map_or_else(|_| text.into(), text::short_date),
            Shape::YesNo => match text {
                "true" => "oui".into(),
                "false" => "non".into(),
                other => other.into(),
            },
            Shape::Choice(choices) => {
                let known = choices.iter().find(|(value, ..)| *value == text);
                known.map_or(text, |(_, french, _)| french).into()
            }
            Shape::Country => country::french(text).unwrap_or(text).into(),
            Shape::Tags => {
                let ids: Vec<_> = fields.get(TAGS).and_then(Value::as_array).into_iter().flatten().collect();
                let known = words.settings.tags.iter().filter(|tag| ids.iter().any(|id| **id == tag.id.to_string()));
                let names: Vec<_> = known.map(|tag| tag.name.as_str()).collect();
                names.join(if names.iter().any(|name| name.contains([',', ';'])) { " | " } else { ", " })
            }
            Shape::Member => {
                let known = words.members.iter().find(|member| member.user.to_string() == text);
                known.map_or(text, |member| member.email.as_str()).into()
            }
        }
    }
}

/// The names of tags, as `, `, `;` or `|` tell them apart.
fn tags(cell: &str, words: &Words) -> Result<Vec<String>, String> {
    let known = |name: &str| {
        let folded = text::folded(name);
        words.settings.tags.iter().find(|tag| text::folded(&tag.name) == folded).map(|tag| tag.id.to_string())
    };
    if let Some(tag) = known(cell) {
        return Ok(vec![tag]);
    }
    let marks: &[char] = if cell.contains('|') { &['|'] } else { &[',', ';'] };
    let names = cell.split(marks).map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| known(name).ok_or_else(|| format!("L’étiquette «\u{a0}{name}\u{a0}» n’existe pas."))).collect()
}

/// The value of a field, by the name of its column.
pub fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    match name.split_once('.') {
        Some((group, name)) => fields.get(group)?.get(name),
        None => fields.get(name),
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(several)) => several.is_empty(),
        Some(_) => false,
    }
}

/// Whether a record has something there already, or in what belongs together with it.
pub fn is_filled(fields: &Fields, name: &str) -> bool {
    // That a country was chosen is no address yet; that nobody chose a form of address says none.
    let together = GROUPS.iter().find(|group| group.contains(&name)).map_or(std::slice::from_ref(&name), |group| group);
    let filled = together.iter().any(|name| *name != "country" && !is_empty(field(fields, name)));
    filled && !(name == "civility" && field(fields, name).is_some_and(|value| value == "none"))
}

pub fn set(fields: &mut Fields, name: &str, said: Said) {
    let value = match said {
        Said::Text(text) => Value::from(text),
        Said::Many(several) => Value::from(several),
    };
    match name.split_once('.') {
        None => drop(fields.insert(name.into(), value)),
        Some((group, name)) => {
            if let Some(group) = fields.entry(group).or_insert_with(|| Value::Object(Map::new())).as_object_mut() {
                group.insert(name.into(), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        company::{Category, CompanyInput},
        contact::{Civility, ContactInput, Means},
        opportunity::{OpportunityInput, Priority},
    };

    fn input_fields<T: Default + serde::Serialize>() -> Fields {
        match serde_json::to_value(T::default()) {
            Ok(Value::Object(fields)) => fields,
            other => panic!("{other:?}"),
        }
    }

    fn guess(kind: RecordKind, header: &str) -> Vec<String> {
        let columns = columns(kind, &Settings::default());
        let sheet = Sheet::read(header.as_bytes(), 100).unwrap();
        let name = |at: Option<usize>| at.map_or_else(String::new, |at| columns[at].name.clone());
        guessed(&sheet, &columns).1.into_iter().map(name).collect()
    }

    #[test]
    fn each_column_is_a_field_of_its_input_and_is_known_by_its_own_name() {
        for (kind, fields) in [
            (RecordKind::Company, input_fields::<CompanyInput>()),
            (RecordKind::Contact, input_fields::<ContactInput>()),
            (RecordKind::Opportunity, input_fields::<OpportunityInput>()),
        ] {
            let columns = columns(kind, &Settings::default());
            let others = [ID, COMPANY_NUMBER, COMPANY_CODE, CONTACT_CODE, FULL_NAME];
            for column in &columns {
                let known = fields.contains_key(&column.name) || others.contains(&column.name.as_str());
                assert!(known, "{kind:?} {}", column.name);
            }
            for name in fields.keys().filter(|name| !["addresses", "custom"].contains(&name.as_str())) {
                assert!(columns.iter().any(|column| column.name == *name), "{kind:?} {name}");
            }
            let header: Vec<String> = columns.iter().map(|column| column.french.clone()).collect();
            let expected: Vec<_> = (0..columns.len()).map(Some).collect();
            assert_eq!(guessed_by_name(&header, &columns), expected, "{kind:?}");
        }
    }

    #[test]
    fn choices_are_those_of_the_fields() {
        let values = |kind, name: &str| -> Vec<(String, String)> {
            let columns = columns(kind, &Settings::default());
            match columns.iter().find(|column| column.name == name).map(|column| column.shape) {
                Some(Shape::Choice(choices)) => {
                    choices.iter().map(|(value, french, _)| ((*value).into(), (*french).into())).collect()
                }
                other => panic!("{other:?}"),
            }
        };
        let sorted = |mut choices: Vec<(String, String)>| {
            choices.sort();
            choices
        };
        let of = |choices: &[(&str, &str)]| {
            sorted(choices.iter().map(|(value, french)| ((*value).to_owned(), (*french).to_owned())).collect())
        };
        let categories = of(&Category::ALL.map(|one| (one.name(), one.french())));
        for kind in [RecordKind::Company, RecordKind::Contact] {
            assert_eq!(sorted(values(kind, "category")), categories);
        }
        let civilities = of(&Civility::ALL.map(|one| (one.name(), one.french())));
        assert_eq!(sorted(values(RecordKind::Contact, "civility")), civilities);
        assert_eq!(
            sorted(values(RecordKind::Contact, "preferred")),
            of(&Means::ALL.map(|one| (one.name(), one.french())))
        );
        assert_eq!(
            sorted(values(RecordKind::Opportunity, "priority")),
            of(&Priority::ALL.map(|one| (one.name(), one.french())))
        );
        let counts = kernel::terms::DayCount::ALL.map(|one| one.name());
        let known = values(RecordKind::Company, "day_count");
        assert!(counts.iter().all(|count| known.iter().any(|(value, _)| value == count)));
    }

    #[test]
    fn columns_are_known_by_what_people_and_programs_call_them() {
        let companies = guess(RecordKind::Company, "Raison sociale;N° SIRET;CP;Ville;Tél.;E-mail;Commentaires\n");
        assert_eq!(companies, ["name", "siret", "postal_code", "city", "phone", "email", "notes"]);
        let contacts = guess(RecordKind::Contact, "Nom,Prénom,Nom de l’entreprise,Portable,Adresse mail,Fonction\n");
        assert_eq!(contacts, ["last_name", "first_name", "company_id", "mobile", "email", "job_title"]);
        let outlook =
            guess(RecordKind::Contact, "First Name,Last Name,Company,Job Title,E-mail Address,Mobile Phone\n");
        assert_eq!(outlook, ["first_name", "last_name", "company_id", "job_title", "email", "mobile"]);
        let unnamed =
            "Nom;Colonne 2;Colonne 3;Colonne 4\nDurand;zoe@d.example;06 12 34 56 78;69003\nPetit;a@b.fr;;69001\n";
        assert_eq!(guess(RecordKind::Contact, unnamed), ["last_name", "email", "mobile", "postal_code"]);
    }

    #[test]
    fn cells_are_read_as_people_write_them() {
        let words = Words {
            members: vec![Member {
                user: "usr_00000000000000000000000004".parse().unwrap(),
                name: "Zoé Durand".into(),
                email: "zoe@atelier.example".into(),
            }],
            settings: Settings::default()
                .with_tag(
                    "tag_00000000000000000000000001".parse().unwrap(),
                    &crate::settings::TagInput { name: "Salon, 2026".into(), color: String::new() },
                )
                .unwrap(),
        };
        let columns = columns(RecordKind::Contact, &words.settings);
        let read = |name: &str, cell: &str| {
            let column = columns.iter().find(|column| column.name == name).unwrap();
            match column.read(cell, &words) {
                Ok(Said::Text(text)) => text,
                Ok(Said::Many(several)) => several.join(" "),
                Err(message) => format!("! {message}"),
            }
        };
        assert_eq!(read("civility", "Mme"), "mrs");
        assert_eq!(read("civility", "M."), "mr");
        assert_eq!(read("phone", "612345678"), "0612345678");
        assert_eq!(read("country", "Allemagne"), "DE");
        assert_eq!(read("consent", "OUI"), "true");
        for day in ["30/11/2026", "30-11-26", "2026-11-30", "30.11.2026 08:00"] {
            assert_eq!(read("consent_on", day), "2026-11-30", "{day}");
        }
        for member in ["zoe durand", "ZOE@atelier.example", "usr_00000000000000000000000004"] {
            assert_eq!(read("assigned_to", member), "usr_00000000000000000000000004");
        }
        assert!(read("assigned_to", "Personne").starts_with('!'));
        assert_eq!(read("tags", "salon, 2026"), "tag_00000000000000000000000001");
        assert!(read("tags", "Salon").contains("n’existe pas"));
        let fields = serde_json::json!({ "tags": ["tag_00000000000000000000000001"], "consent_on": "2026-11-30" });
        let Value::Object(fields) = fields else { panic!() };
        let show = |name: &str| columns.iter().find(|column| column.name == name).unwrap().show(&fields, &words);
        assert_eq!((show("tags").as_str(), show("consent_on").as_str()), ("Salon, 2026", "30/11/2026"));
    }

    #[test]
    fn what_belongs_together_is_filled_in_together() {
        let fields = |value: Value| match value {
            Value::Object(fields) => fields,
            _ => panic!(),
        };
        let at_home =
            fields(serde_json::json!({ "street": "3 rue du Four", "complement": "", "email": "", "country": "FR" }));
        assert!(is_filled(&at_home, "complement") && !is_filled(&at_home, "email"));
        let nowhere = fields(serde_json::json!({ "street": "", "country": "FR", "civility": "none" }));
        assert!(!is_filled(&nowhere, "city") && !is_filled(&nowhere, "civility"));
    }
}
