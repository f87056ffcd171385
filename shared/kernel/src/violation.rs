//! What is wrong with an input, field by field: a JSON pointer and a rule, worded in both languages here.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::money::french_decimal;

/// One rule that one field breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// RFC 6901, from the root of the request body: `/lines/2/quantity`.
    pub pointer: String,
    pub rule: Rule,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Rule {
    Required,
    TooLong {
        max: usize,
    },
    TooShort {
        min: usize,
    },
    TooMany {
        max: usize,
    },
    /// More invoices than one act settles.
    TooManyInvoices {
        max: usize,
    },
    NotANumber,
    NotAWholeNumber,
    TooManyDecimals {
        max: u32,
    },
    OutOfRange {
        min: String,
        max: String,
    },
    NotADate,
    NotADuration,
    NotAChoice,
    /// Of the plan comptable général.
    NotAnAccount,
    /// Of accounting.
    NotAJournalCode,
    NotAnEmail,
    NotAnId,
    UnknownVatRate,
    InvalidSiret,
    InvalidSiren,
    InvalidVatNumber,
    VatNumberOfAnotherSiren,
    InvalidIban,
    InvalidNir,
    /// The first contract begins when somebody is hired.
    FromHiring,
    /// Somebody above themselves.
    OwnManager,
    /// More leave than there is.
    LeaveShort {
        left: String,
    },
    /// Another absence is on one of the days.
    LeaveOverlaps,
    /// Longer than the event gives right to.
    LeaveTooLong {
        max: u16,
    },
    /// Nobody would have worked on any of the days.
    NothingCounted,
    /// Taken by whole days only.
    WholeDaysOnly,
    InvalidBic,
    InvalidColor,
    /// Neither white nor dark text reads on it (WCAG 1.4.3).
    LowContrast,
    InvalidNafCode,
    InvalidCountry,
    InvalidTimeZone,
    TooWeak,
    WrongPassword,
    /// A code of a second factor that is wrong, was used or is too old.
    WrongCode,
    /// A passkey that is unknown or somebody else's, or the answer to a question that was never asked or is over.
    WrongPasskey,
    /// More than who asks may do themselves.
    BeyondOwn,
    ControlCharacter,
    /// A name in braces that nothing stands for.
    UnknownWord,
    /// Of an employee whose last day is not known.
    NotLeft,
    /// Of an employee one of whose contracts names no position.
    NoPosition,
    /// What contracts still name, whose `who` says.
    StillNamed {
        who: String,
    },
    /// The morning and the afternoon of one day.
    OneHalf,
    /// Of a day on which nothing was agreed with an employee.
    NoContractThen,
    /// Of a day on which no amendment begins.
    NoAmendment,
    /// Of somebody who works here and is nobody's employee.
    NotAnEmployee,
    /// Of a contract that is still in force.
    NotEnded {
        date: String,
    },
    TooManyDays {
        max: usize,
    },
    /// No days are due for leave that was split, or they were given.
    NoSplitDays,
    /// No illness and no accident of somebody's ended in the year before a day.
    NoIllnessThen,
    /// Of a year of leave of which nothing is left to be carried over.
    NothingToCarry,
    /// Noted before, for the same return.
    NotedAlready,
    /// An instant that is still to come.
    NotYet,
    /// VAT that nobody gets back (CGI ann. II art. 206).
    NoVatBack,
    NotFound,
    AlreadyTaken,
    Before {
        date: String,
    },
    After {
        date: String,
    },
    /// Payment term beyond what C. com. L441-10 allows.
    TermTooLong {
        max_days: u16,
    },
    /// The same, counted with the end of the month.
    EndOfMonthTooLong {
        max_days: u16,
    },
    MoreThanDue {
        due: String,
    },
    /// More than was received is spread over invoices.
    BeyondReceived {
        received: String,
    },
    /// Less than was received is spread over invoices, and the rest is not said to stay a credit.
    NotSpread {
        left: String,
    },
    /// An invoice of somebody else than the others.
    OtherClient,
    OtherCurrency,
    /// The same thing twice.
    Repeated,
    InvalidCreditorId,
    /// What no bank takes as a reference.
    NotABankReference,
    /// Revoked, used up, or unused for too long.
    MandateUnusable,
    /// Paid, being paid by card, or debited by another remittance.
    NotToBeDebited,
    /// A day on which banks do not work.
    BankHoliday,
    /// A file that is no CAMT.053 and no table.
    NotAStatement,
    /// A file of a kind that is not taken here.
    WrongFileType {
        accepted: String,
    },
    EmptyFile,
    FileTooLarge {
        max_mb: u64,
    },
    /// Files that are too much for one document, together.
    TooLargeTogether {
        max_mb: u64,
    },
    TooManyFiles {
        max: usize,
    },
    /// Nothing was sent under this id, or it was used already.
    NoUpload,
    NotAnImage,
    /// What must be ticked: that one agrees.
    NotAgreed,
    /// Neither a drawn signature nor the name typed for one.
    NotSigned,
    /// A name that is typed again to confirm an act.
    NotTheName,
    ImageTooLarge {
        max_megapixels: u32,
    },
    /// Cash beyond what CMF D112-3 allows.
    CashLimit {
        max: String,
    },
    /// The same, of what was paid in cash of an invoice before.
    CashTaken {
        max: String,
        taken: String,
    },
    /// Of several, none is chosen.
    NothingChosen,
    /// Something in braces that nothing takes the place of.
    UnknownPlaceholder {
        name: String,
    },
    /// A date that each invoice of a recurring one gets of its period.
    FollowsFromPeriod,
    /// Lines that stay as they were taken of a quote.
    TakenFromQuote,
    /// A version of a quote and a corrective invoice are for the client of the first.
    SameClient,
    /// A quantity and an amount at once.
    OneOfTwo,
    /// No line is further than before.
    NothingDone,
    /// A line that is further already.
    BelowReached {
        percent: String,
    },
    /// Of what is given back whole.
    NothingLeft,
    /// A discount of more than there is.
    DiscountBeyond,
    /// A discount in per cent and one in money at once.
    OneDiscountOnly,
    /// Who charges no VAT has no other reason not to.
    NotUnderFranchise,
    /// A VAT treatment for clients who are businesses.
    BusinessesOnly,
    /// A VAT treatment that names the client's VAT number on the document.
    ClientVatNumberMissing,
    /// A VAT treatment for clients of other countries than this one's.
    NotForThisCountry,
    /// Letters and digits of a supplier's series (BR-FR-01).
    NotASeriesCode,
    /// A currency that has no rate, or a rate that nobody needs.
    NoExchangeNeeded,
    /// The catalogue is what we sell, not what we buy.
    NotForPurchases,
    /// A category under itself.
    WithinItself,
    /// A tree with too many levels.
    TooDeep {
        max: usize,
    },
    /// A key of the provider of payments by card that begins otherwise.
    NotACardKey {
        expected: String,
    },
    /// The provider does not know it.
    CardKeyRefused,
    /// A pipeline without a stage in progress, one won and one lost.
    OutcomesMissing,
    /// Neither a company nor a contact.
    NobodyNamed,
    /// A company that would belong to itself, by however many others.
    ParentCircle,
    /// A company with many contacts that gets another name and another parent at once.
    OneAfterTheOther,
    /// A client for whom nothing new is made.
    ClientArchived,
    /// A stage that is to go, or to mean something else, while opportunities are at it.
    StageInUse {
        stage: String,
        count: u64,
    },
    /// An activity about no record.
    AboutNothing,
    /// No time of a day.
    NotATime,
    /// Time that was worked already, by the same person.
    Overlaps,
    /// An address on the web that does not begin with `https://`.
    NotASecureAddress,
    /// An address of a private network, or one that only we would reach.
    NotAPublicAddress,
    /// Something else than the site alone: `https://www.exemple.fr`.
    NotASite,
    /// A form that asks for neither an e-mail address nor a telephone number.
    NoWayToAnswer,
    /// A version of a file that is the same as the last one.
    SameFile,
    /// Rows of a file that cannot be imported.
    RowsWrong {
        count: usize,
    },
    /// What is no electronic invoice that can be read and taken.
    EInvoice {
        fault: crate::einvoice::Fault,
    },
    /// The amount of a line with its VAT and without, or neither.
    NetOrGross,
    /// VAT that is not what the rate makes of the amount.
    TaxBeyondRate,
    /// A line of the bank that comes to another amount than what it is to pay.
    NotWhatLinePaid {
        line: String,
        due: String,
    },
    /// More of a product than there is.
    OutOfStock {
        product: String,
        left: String,
    },
}

/// A limit as it is read: `0.01` as `0,01`, `1000000` in groups; a year has none. What is no plain number stays.
fn bound(limit: &str) -> String {
    const GROUPED_FROM: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);
    match Decimal::from_str_exact(limit) {
        Ok(number) if number.abs() < GROUPED_FROM => number.normalize().to_string().replace('.', ",").replace('-', "−"),
        Ok(number) => french_decimal(number.normalize()),
        Err(_) => limit.into(),
    }
}

impl Rule {
    pub fn french(&self) -> String {
        match self {
            Self::Required => "Ce champ est obligatoire.".into(),
            Self::TooLong { max } => format!("{max} caractères au plus."),
            Self::TooShort { min } => format!("{min} caractères au moins."),
            Self::TooMany { max } => format!("{max} éléments au plus."),
            Self::TooManyInvoices { max } => {
                format!("{max} factures au plus sont réglées en une fois : enregistrez les suivantes à part.")
            }
            Self::NotANumber => "Indiquez un nombre, par exemple 12,50.".into(),
            Self::NotAWholeNumber | Self::TooManyDecimals { max: 0 } => "Indiquez un nombre entier.".into(),
            Self::TooManyDecimals { max: 1 } => "1 décimale au plus.".into(),
            Self::TooManyDecimals { max } => format!("{max} décimales au plus."),
            Self::OutOfRange { min, max } => format!("Indiquez une valeur entre {} et {}.", bound(min), bound(max)),
            Self::NotADuration => "Indiquez une durée : 1h30, 1:30 ou 1,5, au plus 24 heures.".into(),
            Self::NotADate => "Indiquez une date valide.".into(),
            Self::NotAChoice => "Choisissez une des valeurs proposées.".into(),
            Self::NotAnAccount => "Indiquez un numéro de compte de 6 à 8 chiffres, des classes 1 à 7.".into(),
            Self::NotAJournalCode => "Indiquez un code journal de 2 ou 3 lettres ou chiffres.".into(),
            Self::NotAnEmail => "Cette adresse e-mail n’est pas valide.".into(),
            Self::NotAnId | Self::NotFound => "Cet élément est introuvable.".into(),
            Self::UnknownVatRate => "Ce taux de TVA n’existe pas en France à cette date.".into(),
            Self::InvalidSiret => "Ce SIRET n’est pas valide : 14 chiffres, clé de contrôle comprise.".into(),
            Self::InvalidSiren => "Ce SIREN n’est pas valide : 9 chiffres, clé de contrôle comprise.".into(),
            Self::InvalidVatNumber => "Ce numéro de TVA n’est pas valide.".into(),
            Self::VatNumberOfAnotherSiren => "Ce numéro de TVA ne correspond pas au SIREN.".into(),
            Self::InvalidIban => "Cet IBAN n’est pas valide (clé de contrôle).".into(),
            Self::FromHiring => "Le premier contrat commence le jour de l’entrée dans l’entreprise.".into(),
            Self::OwnManager => "Personne ne peut être au-dessus de soi-même dans la hiérarchie.".into(),
            Self::LeaveShort { left } => format!("C’est plus que ce qui reste\u{a0}: {left} au plus."),
            Self::LeaveOverlaps => "Une autre absence est déjà posée sur l’un de ces jours.".into(),
            Self::LeaveTooLong { max } => format!("Ce congé donne droit à {max} jours au plus."),
            Self::NothingCounted => "Aucun jour de travail n’est compris dans ces dates.".into(),
            Self::WholeDaysOnly => "Ce congé se prend par journées entières.".into(),
            Self::InvalidNir => {
                "Ce numéro de sécurité sociale n’est pas valide : 15 caractères, clé de contrôle comprise.".into()
            }
            Self::InvalidBic => "Ce BIC n’est pas valide : 8 ou 11 caractères.".into(),
            Self::InvalidColor => "Indiquez une couleur, par exemple #1D4ED8.".into(),
            Self::LowContrast => {
                "Aucun texte, ni blanc ni noir, ne se lit assez bien sur cette couleur (contraste de 4,5 pour 1) : choisissez-la un peu plus claire ou plus foncée.".into()
            }
            Self::InvalidNafCode => {
                "Ce code NAF n’est pas valide : quatre chiffres et une lettre, par exemple 62.01Z.".into()
            }
            Self::InvalidCountry => "Indiquez un code pays à deux lettres, par exemple FR.".into(),
            Self::InvalidTimeZone => "Ce fuseau horaire est inconnu.".into(),
            Self::TooWeak => "Ce mot de passe est trop facile à deviner : 12 caractères au moins, variés.".into(),
            Self::WrongPassword => "Ce n’est pas votre mot de passe actuel.".into(),
            Self::WrongCode => "Ce code est faux, déjà utilisé ou trop ancien.".into(),
            Self::WrongPasskey => "Cette clé d’accès n’est pas reconnue, ou la demande a expiré. Réessayez.".into(),
            Self::BeyondOwn => "Vous ne pouvez pas donner un droit que vous n’avez pas vous-même.".into(),
            Self::ControlCharacter => "Ce texte contient un caractère interdit.".into(),
            Self::AlreadyTaken => "Cette valeur est déjà utilisée.".into(),
            Self::Before { date } => format!("Cette date ne peut pas précéder le {date}."),
            Self::After { date } => format!("Cette date ne peut pas être postérieure au {date}."),
            Self::TermTooLong { max_days } => {
                format!("Délai limité à {max_days} jours (article L441-10 du Code de commerce).")
            }
            Self::EndOfMonthTooLong { max_days } => {
                format!("Délai limité à {max_days} jours fin de mois (article L441-10 du Code de commerce).")
            }
            Self::WrongFileType { accepted } => format!("Ce type de fichier n’est pas accepté : choisissez {accepted}."),
            Self::EmptyFile => "Ce fichier est vide.".into(),
            Self::FileTooLarge { max_mb } => format!("Ce fichier est trop volumineux : {max_mb} Mo au plus."),
            Self::TooLargeTogether { max_mb } => {
                format!("Ces fichiers sont trop volumineux ensemble\u{a0}: {max_mb} Mo au plus par document.")
            }
            Self::TooManyFiles { max } => format!("{max} pièces jointes au plus par document."),
            Self::NoUpload => {
                "Ce fichier n’a pas été reçu, ou il a déjà été utilisé : choisissez-le à nouveau.".into()
            }
            Self::NotLeft => "La date de sortie n’est pas connue\u{a0}: indiquez-la d’abord dans le dossier.".into(),
            Self::NoPosition => {
                "Un contrat n’indique pas l’emploi occupé (article D1234-6)\u{a0}: complétez-le d’abord.".into()
            }
            Self::StillNamed { who } => {
                format!("Un contrat l’indique encore ({who})\u{a0}: il peut être renommé, pas retiré.")
            }
            Self::OneHalf => "Un seul jour\u{a0}: cochez le matin ou l’après-midi, pas les deux.".into(),
            Self::NoContractThen => "Aucun contrat n’était en vigueur ce jour-là.".into(),
            Self::NoAmendment => "Aucun avenant ne commence ce jour-là.".into(),
            Self::NotAnEmployee => {
                "Un indépendant n’est pas salarié\u{a0}: ce document n’est délivré qu’aux salariés et aux stagiaires.".into()
            }
            Self::NotEnded { date } => format!(
                "Le contrat court jusqu’au {date}\u{a0}: le certificat de travail est délivré à son expiration (article L1234-19)."
            ),
            Self::TooManyDays { max } => format!("{max} jours au plus."),
            Self::NoSplitDays => {
                "Aucun jour de fractionnement n’est dû sur cette période, ou il a déjà été accordé.".into()
            }
            Self::NoIllnessThen => {
                "Aucun arrêt maladie ou accident ne s’est terminé dans l’année qui précède cette date.".into()
            }
            Self::NothingToCarry => "Aucun jour de cette période ne reste à reporter.".into(),
            Self::NotedAlready => "Cette information est déjà notée pour cette période.".into(),
            Self::NotYet => "Cette heure n’est pas encore passée.".into(),
            Self::NoVatBack => "La TVA de cette dépense ne se récupère pas (CGI, annexe II, article 206).".into(),
            Self::UnknownWord => "Un mot entre accolades n’est pas connu, ou une accolade reste ouverte.".into(),
            Self::NotTheName => "Ce n’est pas le nom de cette entreprise.".into(),
            Self::NotAgreed => "Cochez cette case pour donner votre accord.".into(),
            Self::NotSigned => "Dessinez votre signature, ou choisissez de signer par votre nom.".into(),
            Self::NotAnImage => "Ce fichier n’est pas une image lisible (PNG, JPEG, GIF ou WebP).".into(),
            Self::ImageTooLarge { max_megapixels } => {
                format!("Cette image est trop grande : {max_megapixels} millions de pixels au plus.")
            }
            Self::MoreThanDue { due } => format!("Le montant dépasse le reste à payer ({due})."),
            Self::BeyondReceived { received } => format!("Le total réparti dépasse le montant reçu ({received})."),
            Self::NotSpread { left } => {
                format!("Il reste {left} à répartir : ajustez la répartition, ou gardez ce solde au crédit du client.")
            }
            Self::OtherClient => "Cette facture n’est pas celle du même client.".into(),
            Self::OtherCurrency => "Cette facture est dans une autre devise.".into(),
            Self::Repeated => "Cet élément figure déjà plus haut.".into(),
            Self::InvalidCreditorId => "Cet identifiant créancier (ICS) n’est pas valide, par exemple FR72ZZZ123456.".into(),
            Self::NotABankReference => {
                "Lettres sans accent, chiffres et / - ? : ( ) . , ' + seulement, sans espace, 35 caractères au plus.".into()
            }
            Self::MandateUnusable => "Ce mandat est révoqué, épuisé, ou inutilisé depuis 36 mois.".into(),
            Self::NotToBeDebited => {
                "Cette facture est déjà payée, en cours de paiement par carte, ou déjà dans une remise.".into()
            }
            Self::BankHoliday => "Les banques ne travaillent pas ce jour-là : choisissez un autre jour.".into(),
            Self::NotAStatement => "Ce fichier n’est pas un relevé lisible : CAMT.053 (XML) ou CSV.".into(),
            Self::CashLimit { max } => {
                format!("Un paiement en espèces est limité à {max} (article D112-3 du Code monétaire et financier).")
            }
            Self::CashTaken { max, taken } => format!(
                "Les espèces sont limitées à {max} par facture, même en plusieurs paiements (article D112-3 du Code \
                 monétaire et financier) : {taken} ont déjà été payés ainsi."
            ),
            Self::NothingChosen => "Choisissez au moins un élément.".into(),
            Self::UnknownPlaceholder { name } => format!(
                "« {{{name}}} » n’est pas reconnu. Écrivez {{mois}}, {{année}}, {{trimestre}}, {{période}}, {{début}}, {{fin}} ou {{numéro}}."
            ),
            Self::FollowsFromPeriod => "Cette date suit la période de chaque facture : laissez-la vide.".into(),
            Self::TakenFromQuote => "Les lignes viennent d’un autre document et ne se modifient pas ici.".into(),
            Self::SameClient => "Le client reste celui du document d’origine : dupliquez plutôt le document.".into(),
            Self::OneOfTwo => "Remplissez l’un ou l’autre de ces champs, pas les deux.".into(),
            Self::NothingDone => "Indiquez l’avancement d’au moins une ligne.".into(),
            Self::BelowReached { percent } => format!("Cette ligne est déjà facturée à {percent}."),
            Self::NothingLeft => "Cette ligne est déjà entièrement créditée.".into(),
            Self::DiscountBeyond => "La remise dépasse le montant auquel elle s’applique.".into(),
            Self::OneDiscountOnly => "Indiquez une remise en pourcentage ou en montant, pas les deux.".into(),
            Self::NotUnderFranchise => "Sous la franchise en base, aucun autre régime de TVA ne s’applique.".into(),
            Self::BusinessesOnly => "Ce régime de TVA suppose un client professionnel.".into(),
            Self::ClientVatNumberMissing => {
                "Ce régime de TVA suppose le numéro de TVA du client : ajoutez-le à sa fiche.".into()
            }
            Self::RowsWrong { count } => {
                format!("Ce fichier contient des erreurs ({count})\u{a0}: vérifiez-le avant de l’importer.")
            }
            Self::EInvoice { fault } => fault.french(),
            Self::NetOrGross => "Indiquez le montant hors taxes ou le montant TTC, un seul des deux.".into(),
            Self::TaxBeyondRate => "Cette TVA ne correspond pas à ce taux appliqué au montant hors taxes.".into(),
            Self::NotWhatLinePaid { line, due } => format!(
                "La ligne de banque est de {line}, la dépense de {due}\u{a0}: choisissez-en une autre, ou acceptez cet écart."
            ),
            Self::NotASeriesCode => "Indiquez de 1 à 12 lettres (sans accent) ou chiffres, par exemple DUPONT.".into(),
            Self::NoExchangeNeeded => "La devise de ce document a une parité fixe : laissez ce champ vide.".into(),
            Self::NotForPurchases => "Le catalogue est celui de vos ventes : décrivez l’achat librement.".into(),
            Self::OutOfStock { product, left } => {
                format!("Stock insuffisant pour «\u{a0}{product}\u{a0}»\u{a0}: il en reste {left}.")
            },
            Self::NotACardKey { expected } => format!("Cette clé n’a pas la forme attendue\u{a0}: {expected}."),
            Self::CardKeyRefused => "Stripe refuse cette clé\u{a0}: vérifiez-la, et les droits d’une clé restreinte.".into(),
            Self::OutcomesMissing => {
                "Il faut au moins une étape en cours, une étape gagnée et une étape perdue.".into()
            }
            Self::AboutNothing => "Choisissez au moins une entreprise, un contact ou une opportunité.".into(),
            Self::NotATime => "Indiquez une heure, par exemple 14:30.".into(),
            Self::NotAPublicAddress => {
                "Cette adresse n’est pas joignable depuis Internet : indiquez celle d’un serveur public.".into()
            }
            Self::Overlaps => "Cet horaire en chevauche un autre.".into(),
            Self::NotASecureAddress => {
                "Indiquez une adresse complète qui commence par https://, par exemple https://www.exemple.fr/merci.".into()
            }
            Self::NotASite => "Indiquez un site par ligne, sans page, par exemple https://www.exemple.fr.".into(),
            Self::NoWayToAnswer => {
                "Rendez obligatoire l’adresse e-mail ou le téléphone, pour pouvoir répondre.".into()
            }
            Self::SameFile => "Ce fichier est identique à la dernière version.".into(),
            Self::NobodyNamed => "Indiquez au moins une entreprise ou un contact.".into(),
            Self::ParentCircle => "Une entreprise ne peut appartenir ni à elle-même, ni à l’une de ses filiales.".into(),
            Self::OneAfterTheOther => {
                "Cette entreprise a beaucoup de contacts\u{a0}: changez d’abord son nom, puis sa maison mère.".into()
            }
            Self::ClientArchived => "Cette entreprise est archivée\u{a0}: rétablissez-la d’abord dans le CRM.".into(),
            Self::StageInUse { stage, count: 1 } => {
                format!("Une opportunité se trouve à l’étape «\u{a0}{stage}\u{a0}»\u{a0}: déplacez-la d’abord.")
            }
            Self::StageInUse { stage, count } => {
                format!("{count} opportunités se trouvent à l’étape «\u{a0}{stage}\u{a0}»\u{a0}: déplacez-les d’abord.")
            }
            Self::WithinItself => "Une catégorie ne peut pas se trouver dans elle-même.".into(),
            Self::TooDeep { max } => format!("{max} niveaux au plus."),
            Self::NotForThisCountry => "Ce régime de TVA ne convient pas au pays de ce client.".into(),
        }
    }

    pub fn english(&self) -> String {
        match self {
            Self::Required => "is required".into(),
            Self::TooLong { max } => format!("has more than {max} characters"),
            Self::TooShort { min } => format!("has fewer than {min} characters"),
            Self::TooMany { max } => format!("has more than {max} elements"),
            Self::TooManyInvoices { max } => {
                format!("names more than {max} invoices, which are settled at once at most")
            }
            Self::NotANumber => "is not a decimal number".into(),
            Self::NotAWholeNumber => "is not a whole number".into(),
            Self::TooManyDecimals { max } => format!("has more than {max} decimals"),
            Self::OutOfRange { min, max } => format!("is not between {min} and {max}"),
            Self::NotADuration => "is not a duration of at most 24 hours (`1:30`, `1h30`, `1.5`)".into(),
            Self::NotADate => "is not a date (YYYY-MM-DD)".into(),
            Self::NotAChoice => "is not one of the choices".into(),
            Self::NotAnAccount => "is not an account of 6 to 8 digits, of classes 1 to 7".into(),
            Self::NotAJournalCode => "is not a journal code of 2 or 3 letters or digits".into(),
            Self::NotAnEmail => "is not an e-mail address".into(),
            Self::NotAnId => "is not an identifier".into(),
            Self::UnknownVatRate => "is not a VAT rate in force in France on that date".into(),
            Self::InvalidSiret => "is not a SIRET (14 digits, check digit)".into(),
            Self::InvalidSiren => "is not a SIREN (9 digits, check digit)".into(),
            Self::InvalidVatNumber => "is not a VAT number".into(),
            Self::VatNumberOfAnotherSiren => "does not match the SIREN".into(),
            Self::InvalidIban => "is not an IBAN".into(),
            Self::FromHiring => "leaves no contract that begins on the day of hiring".into(),
            Self::OwnManager => "is below themselves".into(),
            Self::LeaveShort { left } => format!("is more than what is left: {left}"),
            Self::LeaveOverlaps => "is on a day of another absence".into(),
            Self::LeaveTooLong { max } => format!("is more than the {max} days that the event gives"),
            Self::NothingCounted => "has no day of work".into(),
            Self::WholeDaysOnly => "is taken by whole days".into(),
            Self::InvalidNir => "is not a social security number (NIR) with its key".into(),
            Self::InvalidBic => "is not a BIC".into(),
            Self::InvalidColor => "is not a colour (#RRGGBB)".into(),
            Self::LowContrast => "leaves neither white nor dark text legible (contrast of 4.5:1)".into(),
            Self::InvalidNafCode => "is not a NAF code (62.01Z)".into(),
            Self::InvalidCountry => "is not an ISO 3166 country code".into(),
            Self::InvalidTimeZone => "is not a time zone".into(),
            Self::TooWeak => "is too easy to guess".into(),
            Self::WrongPassword => "is not the present password".into(),
            Self::WrongCode => "is wrong, used or too old".into(),
            Self::WrongPasskey => "is not that of a known passkey, or comes too late".into(),
            Self::BeyondOwn => "goes beyond what you may do yourself".into(),
            Self::ControlCharacter => "has a control character".into(),
            Self::NotLeft => "is of an employee whose last day is not known".into(),
            Self::NoPosition => "is of an employee one of whose contracts names no position".into(),
            Self::StillNamed { who } => format!("is still named by a contract ({who}): rename it instead"),
            Self::OneHalf => "names both halves of one day".into(),
            Self::NoContractThen => "is a day on which no contract was in force".into(),
            Self::NoAmendment => "is a day on which no amendment begins".into(),
            Self::NotAnEmployee => "is for employees and trainees, and not for who works independently".into(),
            Self::NotEnded { date } => format!("is given when the contract ends, on {date}"),
            Self::TooManyDays { max } => format!("is more than {max} days"),
            Self::NoSplitDays => "is of a period for which no days of split leave are due, or were given".into(),
            Self::NoIllnessThen => "is not within a year after an illness or an accident".into(),
            Self::NothingToCarry => "is of a year of which nothing is left".into(),
            Self::NotedAlready => "is noted already for this period".into(),
            Self::NotYet => "is still to come".into(),
            Self::NoVatBack => "is VAT that cannot be recovered".into(),
            Self::UnknownWord => "names an unknown placeholder, or leaves a brace open".into(),
            Self::NotFound => "does not exist".into(),
            Self::AlreadyTaken => "is already taken".into(),
            Self::Before { date } => format!("is before {date}"),
            Self::After { date } => format!("is after {date}"),
            Self::TermTooLong { max_days } => format!("exceeds {max_days} days (Code de commerce, L441-10)"),
            Self::EndOfMonthTooLong { max_days } => {
                format!("exceeds {max_days} days, end of month (Code de commerce, L441-10)")
            }
            Self::WrongFileType { accepted } => format!("is not a type of file that is taken here ({accepted})"),
            Self::EmptyFile => "is empty".into(),
            Self::FileTooLarge { max_mb } => format!("is larger than {max_mb} MB"),
            Self::TooLargeTogether { max_mb } => format!("makes more than {max_mb} MB together with the other files"),
            Self::TooManyFiles { max } => format!("is one more than the {max} files of a document"),
            Self::NoUpload => "was never sent, or is used up".into(),
            Self::NotTheName => "is not the name of the organization".into(),
            Self::NotAgreed => "must be agreed to".into(),
            Self::NotSigned => "neither drawn nor typed".into(),
            Self::NotAnImage => "is not a legible PNG, JPEG, GIF or WebP image".into(),
            Self::ImageTooLarge { max_megapixels } => format!("has more than {max_megapixels} megapixels"),
            Self::MoreThanDue { due } => format!("exceeds what is due ({due})"),
            Self::BeyondReceived { received } => {
                format!("is less than what is spread over invoices ({received} received)")
            }
            Self::NotSpread { left } => format!("leaves {left} that no invoice takes; keep_excess makes it a credit"),
            Self::OtherClient => "is an invoice of another client".into(),
            Self::OtherCurrency => "is an invoice in another currency".into(),
            Self::Repeated => "is named twice".into(),
            Self::InvalidCreditorId => "is not a SEPA creditor identifier".into(),
            Self::NotABankReference => "has characters that banks do not take in a reference".into(),
            Self::MandateUnusable => "is revoked, used up, or unused for 36 months".into(),
            Self::NotToBeDebited => "is paid, being paid by card, or in another remittance".into(),
            Self::BankHoliday => "is a day on which banks do not work".into(),
            Self::NotAStatement => "is not a legible statement (CAMT.053 or CSV)".into(),
            Self::CashLimit { max } => format!("exceeds {max} in cash (Code monétaire et financier, D112-3)"),
            Self::CashTaken { max, taken } => {
                format!("exceeds {max} in cash with the {taken} paid before (Code monétaire et financier, D112-3)")
            }
            Self::NothingChosen => "names nothing".into(),
            Self::UnknownPlaceholder { name } => format!("has the unknown placeholder {{{name}}}"),
            Self::FollowsFromPeriod => "follows from the period and is not given".into(),
            Self::TakenFromQuote => "are those of another document and stay so".into(),
            Self::SameClient => "must stay the client of the document that this one comes from".into(),
            Self::OneOfTwo => "comes with what it would replace".into(),
            Self::NothingDone => "are no further than before".into(),
            Self::BelowReached { percent } => format!("is invoiced to {percent} already"),
            Self::NothingLeft => "is credited already".into(),
            Self::DiscountBeyond => "takes off more than there is".into(),
            Self::OneDiscountOnly => "is given in per cent and in money at once".into(),
            Self::NotUnderFranchise => "does not apply under the franchise".into(),
            Self::BusinessesOnly => "is for clients who are businesses".into(),
            Self::ClientVatNumberMissing => "needs the client's VAT number".into(),
            Self::RowsWrong { count } => format!("has rows that are wrong ({count}); check it first"),
            Self::NotASeriesCode => "1 to 12 letters or digits.".into(),
            Self::NoExchangeNeeded => "The currency has a fixed parity; leave it empty.".into(),
            Self::NotForPurchases => "The catalogue is what is sold; describe the purchase freely.".into(),
            Self::EInvoice { fault } => fault.english(),
            Self::NetOrGross => "wants either the net or the gross amount".into(),
            Self::TaxBeyondRate => "is not what the rate makes of the net amount".into(),
            Self::NotWhatLinePaid { line, due } => {
                format!("comes to {due} where the line has {line}; `accept_difference` settles it all the same")
            }
            Self::OutOfStock { product, left } => format!("is more than what is left of {product} ({left})"),
            Self::NotACardKey { expected } => format!("does not look like one of {expected}"),
            Self::CardKeyRefused => "is not accepted by the card provider".into(),
            Self::OutcomesMissing => "needs a stage that is open, one that is won and one that is lost".into(),
            Self::StageInUse { stage, count } => format!("holds {count} opportunities at {stage}; move them first"),
            Self::AboutNothing => "names no company, contact or opportunity".into(),
            Self::NotATime => "is not a time of day, such as 14:30".into(),
            Self::Overlaps => "overlaps with another one".into(),
            Self::NotASecureAddress => "is not an address that begins with https://".into(),
            Self::NotASite => "is not a site alone, such as https://www.example.com".into(),
            Self::NoWayToAnswer => "must be asked for, unless the telephone number is".into(),
            Self::SameFile => "is the same file as the last version".into(),
            Self::NobodyNamed => "names neither a company nor a contact".into(),
            Self::ParentCircle => "belongs to the company itself".into(),
            Self::OneAfterTheOther => "is changed apart from the name, of a company with many contacts".into(),
            Self::ClientArchived => "is archived".into(),
            Self::WithinItself => "is within itself".into(),
            Self::TooDeep { max } => format!("makes more than {max} levels"),
            Self::NotAPublicAddress => "is no address of the public network".into(),
            Self::NotForThisCountry => "does not fit the client's country".into(),
        }
    }
}

/// Collects what is wrong with an input, so that a person is told everything at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub fn add(&mut self, pointer: impl Into<String>, rule: Rule) {
        self.0.push(Violation { pointer: pointer.into(), rule });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// Keeps the value, or notes the rule and gives nothing.
    pub fn take<T>(&mut self, pointer: impl Into<String>, parsed: Result<T, Rule>) -> Option<T> {
        parsed.map_err(|rule| self.add(pointer, rule)).ok()
    }

    /// The same, of fields that stand elsewhere.
    #[must_use]
    pub fn moved(self, to: impl Fn(&str) -> String) -> Self {
        let moved = self.0.into_iter().map(|violation| Violation { pointer: to(&violation.pointer), ..violation });
        Self(moved.collect())
    }

    /// The French sentence for one field, if it is wrong.
    pub fn french(&self, pointer: &str) -> Option<String> {
        self.0.iter().find(|violation| violation.pointer == pointer).map(|violation| violation.rule.french())
    }
}

impl From<Violation> for Violations {
    fn from(violation: Violation) -> Self {
        Self(vec![violation])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_in_french() {
        let between = |min: &str, max: &str| Rule::OutOfRange { min: min.into(), max: max.into() }.french();
        assert_eq!(between("0.01", "1000000"), "Indiquez une valeur entre 0,01 et 1\u{202f}000\u{202f}000.");
        assert_eq!(between("-5.50", "2040"), "Indiquez une valeur entre −5,5 et 2040.");
        assert_eq!(between("0,00\u{a0}€", "6,00\u{a0}€"), "Indiquez une valeur entre 0,00\u{a0}€ et 6,00\u{a0}€.");
        let decimals = |max| Rule::TooManyDecimals { max }.french();
        assert_eq!([decimals(0), decimals(1)], ["Indiquez un nombre entier.", "1 décimale au plus."]);
        assert_eq!(decimals(2), "2 décimales au plus.");
    }
}
