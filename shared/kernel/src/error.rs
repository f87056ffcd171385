//! The one error of the application. It knows no status code; the edge gives it one.
//!
//! What a client reads is derived from the variant. What is only for the log is in `Unavailable` and
//! `Internal`, which a client never sees.

use crate::violation::{Rule, Violation, Violations};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody proven is asking.
    #[error("not signed in")]
    Unauthenticated,
    /// E-mail or password wrong; which of them is not said.
    #[error("wrong credentials")]
    WrongCredentials,
    #[error("not permitted")]
    Forbidden,
    /// The organization wants a second factor of its members, and this session has none.
    #[error("second factor required")]
    SecondFactorRequired,
    /// The platform closed the organization for now.
    #[error("organization suspended")]
    Suspended,
    /// The organization is deleted, for good.
    #[error("organization deleted")]
    Deleted,
    /// It does not exist, or who asks may not know that it does.
    #[error("not found")]
    NotFound,
    /// The request cannot be read at all.
    #[error("malformed request")]
    Malformed { detail: String },
    #[error("request body too large")]
    TooLarge,
    #[error("invalid input")]
    Invalid(Violations),
    /// The thing is not in a state that allows this.
    #[error("not possible in this state: {0:?}")]
    Conflict(Conflict),
    /// Who wants to leave every organization is the last owner of this one, by its name.
    #[error("last owner of an organization")]
    LastOwnerOf(String),
    /// Somebody else changed it since it was read.
    #[error("changed meanwhile")]
    Stale,
    /// The same idempotency key came with another request.
    #[error("idempotency key reused")]
    KeyReused,
    #[error("too many attempts")]
    TooManyAttempts,
    /// A part that we need does not answer now; the same request may succeed later.
    #[error("unavailable: {detail}")]
    Unavailable { detail: String },
    /// Our fault. `detail` is for the log.
    #[error("internal: {detail}")]
    Internal { detail: String },
}

/// Why a state forbids an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    AlreadyIssued,
    NotIssued,
    QuoteNotDraft,
    QuoteNotSent,
    QuoteNotAccepted,
    QuoteAlreadyInvoiced,
    /// It is the last that can be made of a quote, or it is made already.
    TooManyParts,
    /// The final invoice deducts it: what is given back is given back there.
    DepositDeducted,
    QuoteExpired,
    /// A later version of the quote was sent.
    QuoteReplaced,
    /// Only what was sent and is not agreed is revised.
    QuoteNotRevisable,
    /// Its next version is being written.
    QuoteUnderRevision,
    TooManyVersions,
    /// The version that a draft revises was accepted meanwhile.
    FormerVersionAccepted,
    /// A deposit belongs to its quote.
    DepositFromQuote,
    /// A corrective invoice took its place.
    InvoiceReplaced,
    /// Part of it was given back: what is left is given back the same way.
    InvoiceCredited,
    /// A deposit is given back, and asked for anew.
    DepositNotCorrectable,
    /// An invoice of interest belongs to the one that was paid late.
    InterestFromInvoice,
    /// No interest ran, or all of it was invoiced.
    NoInterest,
    /// A corrective invoice leaves with what it replaces, one at a time.
    CorrectiveAlone,
    /// The terms of a draft are longer than the law lets its client be given.
    TermsUnlawful,
    AlreadyPaid,
    /// All of the invoice was given back.
    AlreadyCredited,
    /// It was taken back already, or is itself what takes one back.
    PaymentReversed,
    /// It was recorded with others, and goes with them.
    PartOfReceipt,
    ReceiptReversed,
    /// A remittance that is confirmed or cancelled already, or a debit that was sent back.
    RemittanceClosed,
    /// The day of the debits has not come.
    RemittanceTooEarly,
    /// Who collects has no creditor identifier, or no account.
    CreditorIncomplete,
    /// A line of the bank that is matched or ignored already, or is not.
    LineSettled,
    /// Time that an invoice has already.
    TimeInvoiced,
    /// A week of time that was handed in, or approved: it is reopened first.
    WeekLocked,
    /// A week that waits for nobody's decision, or on which somebody decided meanwhile.
    WeekNotSubmitted,
    WeekNotApproved,
    /// It has nothing in it that could be handed in, or approved.
    WeekEmpty,
    /// A week in which somebody came and has not left yet.
    ClockedIn,
    NotClockedIn,
    /// Who came more than a day ago did not stay: when they left is typed.
    ClockingForgotten,
    /// Nobody contests the week.
    WeekNotDisputed,
    /// The variables of a month that were closed, or are not.
    PayrollClosed,
    PayrollOpen,
    /// Nothing was paid beyond what is owed.
    NothingToRefund,
    /// The organization takes no payments by card, or nothing is due.
    CardNotOffered,
    /// Nothing is sent there just now.
    WebhookPaused,
    /// The provider does not take the organization's key.
    CardKeyRefused,
    /// The provider refuses what it was asked: an amount, a payment that was given back already.
    CardRefused,
    /// It was not made through the provider.
    NotByCard,
    DocumentNotReady,
    /// A document, a price or a stock move names the product, or did.
    ProductUsed,
    /// Other categories stand under it.
    CategoryNotEmpty,
    /// Nobody counts the product.
    StockNotTracked,
    /// One document names more products that are counted than one act can change.
    TooManyStocked,
    /// Less of a product is there than the invoice sells.
    StockShort,
    /// An expense report that is not at the point at which this is done.
    ExpenseReportMoved,
    /// A report without a line.
    ExpenseReportEmpty,
    /// Nobody decides on what they spent themselves.
    OwnExpenses,
    /// The law still wants the file of an employee kept.
    EmployeeKept,
    /// The legal identity (SIRET, address…) an invoice must carry is not complete.
    SellerIncomplete,
    /// The organization's VAT regime or the rates in force changed since the draft was written.
    VatOutdated,
    /// The client changed, and the VAT treatment of the draft is not made for them any more.
    TreatmentUnfit,
    /// What leaves by itself is addressed whole.
    ClientAddressMissing,
    ClientEmailMissing,
    /// A draft in another currency does not say at what rate its VAT is converted into euro.
    ExchangeRateMissing,
    /// No mandate of the supplier is in force.
    MandateMissing,
    /// What the law wants of a seller is not complete of the supplier.
    SupplierIncomplete,
    /// The supplier contests it: that is settled first.
    SelfBilledContested,
    SelfBilledAccepted,
    SelfBilledNotPaid,
    RecurringStopped,
    RecurringNotActive,
    RecurringNotPaused,
    EmailTaken,
    /// The account is a member of no organization any more.
    NoOrganization,
    /// New accounts come by invitation.
    SignUpClosed,
    /// A link that was used, replaced or is too old.
    LinkExpired,
    /// A document has as many links as it may have.
    TooManyLinks,
    /// Codes are asked for already; disable them first.
    SecondFactorActive,
    /// The organization wants a second factor of its members, so the last one stays.
    LastFactor,
    /// A passkey's signature counter went back: there may be a second copy of it.
    PasskeyCopied,
    /// An organization without an owner could never get one again.
    LastOwner,
    /// A visitor's account is changed where they are a member.
    Visiting,
    /// A request for leave that was decided, withdrawn or cancelled.
    LeaveClosed,
    /// Leave that has begun is cancelled by who decides on it.
    LeaveBegun,
    /// No leave of which somebody who was ill is to be told.
    NothingToInform,
    AlreadyMember,
    AlreadyInvited,
    /// The organization has as many members as one act can change.
    TeamFull,
    InvitationExpired,
    InvitationCancelled,
    InvitationAccepted,
    /// It names another e-mail than that of who is signed in.
    InvitationForAnother,
    /// The role that an invitation promises was deleted.
    RoleGone,
    /// Somebody holds the role, so it cannot be deleted.
    RoleHeld,
    TooManyRoles,
    TooManyOrganizations,
    /// One export of everything is being prepared.
    ExportUnderWay,
    JobUnderWay,
    TooManyExports,
    /// Deleting an organization wants its export first.
    ExportNeeded,
    /// Nobody looked yet at what the import would do.
    ImportNotChecked,
    /// It is under way or over, or its file is gone.
    ImportClosed,
    /// Erasing a client who has contacts.
    ClientHasContacts,
    ClientErased,
    /// What keeps a company from being deleted: invoicing knows it, or knew it.
    CompanyHasDocuments,
    /// Present ones, or former ones.
    CompanyHasContacts,
    CompanyHasSubsidiaries,
    CompanyHasOpportunities,
    CompanyHasActivities,
    /// Files, and whatever else belongs to it.
    CompanyHasRecords,
    /// Opportunities need a pipeline.
    LastPipeline,
    /// An activity that is completed or cancelled: it is reopened first.
    ActivityClosed,
    /// A member has as many calendar links as they may have.
    TooManyFeeds,
    /// The record was merged into another one.
    RecordMerged,
    /// Something points to both companies that no merge may move: documents and what goes with them.
    BothHaveDocuments,
    /// What would go has documents, and they name their client by its id.
    LoserHasDocuments,
    /// Together they have more contacts than a company may have.
    TooManyContacts,
    /// It goes on, or goes back.
    MergeUnderWay,
    /// It is undone, too old, or what is left of it was merged or erased since.
    MergeNotUndoable,
    DuplicateSearchUnderWay,
    OrganizationDeleted,
    /// It waits for a yes: it is taken back first.
    ExpenseSubmitted,
    /// It was approved or refused already, or nobody asked.
    ExpenseDecided,
    ExpensePaid,
    ExpenseNotPaid,
    ExpenseNotApproved,
    /// Those of sales: what there is meanwhile may be in another currency.
    FiguresMadeAnew,
    /// What a supplier sent stays.
    ExpenseFromInvoice,
    /// What an employee is owed, their report says.
    ExpenseFromReport,
    /// The installation takes no mails in.
    NoInboundMail,
    /// It names no account to pay to.
    InvoiceWithoutAccount,
    RecurringExpenseStopped,
    RecurringExpenseNotPaused,
    /// Something names the supplier, or did.
    SupplierUsed,
    SupplierArchived,
    /// The number of this supplier came before.
    InvoiceReceivedBefore,
    /// It was refused, or has a state from which this one is not reached.
    ReceivedInvoiceClosed,
    /// Too many people wrote the same thing at once; trying again may succeed.
    Contended,
}

impl Conflict {
    pub const fn french(self) -> &'static str {
        match self {
            Self::AlreadyIssued => "Cette facture est déjà émise : elle ne peut plus être modifiée.",
            Self::NotIssued => "Cette facture n’est pas encore émise.",
            Self::QuoteNotDraft => "Ce devis n’est plus un brouillon.",
            Self::QuoteNotSent => "Ce devis n’est pas en attente de réponse.",
            Self::QuoteNotAccepted => "Seul un devis accepté peut être facturé.",
            Self::QuoteAlreadyInvoiced => "Ce devis est déjà facturé.",
            Self::TooManyParts => "Ce devis a déjà donné lieu au nombre maximal de factures (20).",
            Self::DepositDeducted => "Cet acompte est déduit d’une facture de solde : créez l’avoir sur celle-ci.",
            Self::QuoteExpired => "Ce devis a dépassé sa date de validité : révisez-le pour prolonger l’offre.",
            Self::QuoteReplaced => "Ce devis a été remplacé par une version plus récente.",
            Self::QuoteNotRevisable => "Seul un devis envoyé et non accepté peut être révisé.",
            Self::QuoteUnderRevision => "Une nouvelle version de ce devis est déjà en préparation.",
            Self::TooManyVersions => "Ce devis a atteint le nombre maximal de versions (20) : dupliquez-le.",
            Self::FormerVersionAccepted => {
                "Le client a accepté la version précédente : celle-ci ne peut plus être envoyée."
            }
            Self::InvoiceReplaced => "Cette facture a été remplacée par une facture rectificative.",
            Self::InvoiceCredited => "Cette facture a déjà un avoir : corrigez-la par un autre avoir.",
            Self::DepositNotCorrectable => "Une facture d’acompte se corrige par un avoir.",
            Self::InterestFromInvoice => {
                "Une facture d’intérêts de retard se refait à partir de la facture en retard, et se corrige par un avoir."
            }
            Self::NoInterest => "Aucun intérêt de retard n’est à facturer sur cette facture.",
            Self::CorrectiveAlone => "Une facture rectificative s’émet seule, depuis sa page.",
            Self::TermsUnlawful => {
                "Le délai de paiement dépasse le maximum légal (article L441-10 du Code de commerce) : modifiez le brouillon."
            }
            Self::DepositFromQuote => "Une facture d’acompte se prépare depuis son devis.",
            Self::AlreadyPaid => "Cette facture est déjà entièrement payée.",
            Self::AlreadyCredited => "Cette facture est déjà entièrement créditée.",
            Self::PaymentReversed => "Ce paiement est déjà annulé.",
            Self::PartOfReceipt => {
                "Ce paiement fait partie d’un encaissement sur plusieurs factures : annulez l’encaissement entier."
            }
            Self::ReceiptReversed => "Cet encaissement est déjà annulé.",
            Self::TimeInvoiced => "Ce temps est déjà facturé. Supprimez le brouillon de sa facture pour le modifier.",
            Self::RemittanceClosed => "Cette remise, ou ce prélèvement, n’est plus modifiable.",
            Self::RemittanceTooEarly => "La date de prélèvement n’est pas encore venue.",
            Self::CreditorIncomplete => {
                "Indiquez d’abord votre identifiant créancier (ICS), et l’IBAN de votre entreprise dans les paramètres."
            }
            Self::LineSettled => "Cette ligne de relevé a changé d’état entre-temps.",
            Self::WeekLocked => "Cette semaine est soumise ou approuvée : demandez qu’elle soit rouverte.",
            Self::WeekNotSubmitted => "Cette semaine n’attend pas de décision.",
            Self::WeekNotApproved => "Cette semaine n’est pas approuvée.",
            Self::WeekEmpty => "Cette semaine n’a aucune heure saisie.",
            Self::ClockedIn => "Un pointage est en cours dans cette semaine : pointez ou saisissez d’abord le départ.",
            Self::NotClockedIn => "Aucun pointage n’est en cours.",
            Self::ClockingForgotten => {
                "Ce pointage date de plus d’un jour : saisissez l’heure du départ dans la semaine."
            }
            Self::WeekNotDisputed => "Cette semaine n’est pas contestée.",
            Self::PayrollClosed => "Les variables de ce mois sont clôturées.",
            Self::PayrollOpen => "Les variables de ce mois ne sont pas clôturées.",
            Self::NothingToRefund => "Cette facture n’a pas de trop-perçu.",
            Self::WebhookPaused => "Ce webhook est en pause ou désactivé\u{a0}: réactivez-le d’abord.",
            Self::CardNotOffered => "Le paiement par carte n’est pas proposé pour cette facture.",
            Self::CardKeyRefused => "Le prestataire de paiement par carte refuse la clé de cette entreprise.",
            Self::CardRefused => "Le prestataire de paiement par carte a refusé cette opération.",
            Self::NotByCard => {
                "Ce paiement n’a pas été fait par carte en ligne : il ne peut pas être rendu sur la carte."
            }
            Self::DocumentNotReady => "Le document est en cours de préparation. Réessayez dans quelques secondes.",
            Self::ProductUsed => {
                "Ce produit figure, ou a figuré, dans un document : il ne peut plus être supprimé. Archivez-le pour ne plus le proposer."
            }
            Self::CategoryNotEmpty => "Cette catégorie en contient d’autres : déplacez-les ou supprimez-les d’abord.",
            Self::StockNotTracked => "Ce produit n’est pas suivi en stock.",
            Self::TooManyStocked => {
                "Ce document porte sur plus de 40 produits suivis en stock. Répartissez-le sur plusieurs documents."
            }
            Self::StockShort => "Le stock d’un produit de la facture est insuffisant.",
            Self::ExpenseReportMoved => "Cette note de frais n’en est plus à cette étape\u{a0}: rechargez la page.",
            Self::ExpenseReportEmpty => "Ajoutez d’abord une dépense à cette note de frais.",
            Self::OwnExpenses => "On ne décide pas de ses propres frais\u{a0}: demandez à quelqu’un d’autre.",
            Self::EmployeeKept => "La loi fait encore conserver le dossier de ce salarié.",
            Self::SellerIncomplete => {
                "Complétez d’abord l’identité de votre entreprise (adresse, SIRET, numéro de TVA) dans les paramètres."
            }
            Self::VatOutdated => {
                "Le régime ou les taux de TVA ont changé depuis ce brouillon. Modifiez ses lignes avant de l’émettre."
            }
            Self::TreatmentUnfit => {
                "Le régime de TVA de ce document ne convient plus à ce client (pays, numéro de TVA). Modifiez l’un ou l’autre."
            }
            Self::ClientAddressMissing => {
                "L’adresse postale de ce client manque : complétez sa fiche, puis émettez la facture."
            }
            Self::ClientEmailMissing => "Ce client n’a pas d’adresse e-mail\u{a0}: complétez sa fiche.",
            Self::ExchangeRateMissing => {
                "Indiquez le taux de change et sa date : la TVA de cette facture est aussi due en euros (articles 266 et 289 du CGI)."
            }
            Self::MandateMissing => {
                "Aucun mandat de ce fournisseur n’est en vigueur : enregistrez son accord avant d’établir ses factures."
            }
            Self::SupplierIncomplete => {
                "Complétez d’abord la fiche de ce fournisseur : adresse, SIRET et, sauf franchise en base, numéro de TVA."
            }
            Self::SelfBilledContested => {
                "Le fournisseur conteste cette facture : notez son accord, ou annulez-la par un avoir."
            }
            Self::SelfBilledAccepted => "Le fournisseur a déjà accepté cette facture.",
            Self::SelfBilledNotPaid => "Cette facture n’est pas payée.",
            Self::RecurringStopped => "Cette facture récurrente est arrêtée : elle ne change plus.",
            Self::RecurringNotActive => "Cette facture récurrente n’est pas en cours.",
            Self::RecurringNotPaused => "Cette facture récurrente n’est pas en pause.",
            Self::EmailTaken => "Un compte existe déjà avec cette adresse.",
            Self::NoOrganization => {
                "Ce compte n’appartient plus à aucune entreprise. Demandez une invitation à l’une d’elles."
            }
            Self::SignUpClosed => "Les inscriptions se font sur invitation. Demandez-en une à votre entreprise.",
            Self::LinkExpired => "Ce lien n’est plus valable. Demandez-en un nouveau.",
            Self::TooManyLinks => "Ce document a déjà 20 liens. Révoquez-en un avant d’en créer un autre.",
            Self::LastFactor => {
                "Votre entreprise demande une double authentification. Ajoutez d’abord un autre moyen de vous authentifier."
            }
            Self::PasskeyCopied => {
                "Cette clé d’accès est refusée : elle a peut-être été copiée. Connectez-vous autrement, supprimez-la, puis enregistrez-en une nouvelle."
            }
            Self::SecondFactorActive => "La double authentification est déjà active.",
            Self::LastOwner => "Une entreprise garde toujours au moins un propriétaire. Nommez-en d’abord un autre.",
            Self::LeaveClosed => "Cette demande de congé n’est plus en attente.",
            Self::NothingToInform => {
                "Il n’y a rien à annoncer\u{a0}: aucun congé acquis avant un arrêt n’attend d’information."
            }
            Self::LeaveBegun => "Ce congé a commencé\u{a0}: votre responsable peut encore l’annuler.",
            Self::Visiting => {
                "Vous êtes en visite dans cette entreprise. Mettez fin à la visite, puis revenez à votre compte."
            }
            Self::AlreadyMember => "Cette personne fait déjà partie de l’équipe.",
            Self::AlreadyInvited => "Une invitation est déjà en attente pour cette adresse. Vous pouvez la renvoyer.",
            Self::TeamFull => "L’équipe a atteint sa taille maximale de 80 membres.",
            Self::InvitationExpired => {
                "Cette invitation a expiré. Demandez-en une nouvelle à la personne qui vous a invité."
            }
            Self::InvitationCancelled => "Cette invitation a été annulée.",
            Self::InvitationAccepted => "Cette invitation a déjà été acceptée.",
            Self::InvitationForAnother => {
                "Cette invitation est adressée à une autre adresse e-mail que celle de votre compte."
            }
            Self::RoleGone => "Le rôle proposé n’existe plus. Demandez une nouvelle invitation.",
            Self::RoleHeld => "Ce rôle est encore attribué. Donnez d’abord un autre rôle à ceux qui le portent.",
            Self::TooManyRoles => "Vous avez atteint le nombre maximal de rôles personnalisés (50).",
            Self::TooManyOrganizations => "Vous avez atteint le nombre maximal d’entreprises (50).",
            Self::JobUnderWay => "Cette demande est déjà en cours. Attendez qu’elle soit terminée.",
            Self::ExportUnderWay => "Un export est déjà en préparation. Attendez qu’il soit prêt.",
            Self::ImportNotChecked => "Vérifiez d’abord le fichier\u{a0}: vous verrez ce que l’import ferait.",
            Self::ImportClosed => "Cet import est en cours, terminé ou trop ancien\u{a0}: commencez-en un nouveau.",
            Self::ClientHasContacts => {
                "Des contacts sont enregistrés chez ce client. Effacez-les, ou donnez-leur une autre entreprise, puis recommencez."
            }
            Self::LastPipeline => "C’est le dernier pipeline\u{a0}: il en faut toujours un.",
            Self::ClientErased => "Ce client a été effacé\u{a0}: sa fiche ne change plus.",
            Self::CompanyHasDocuments => {
                "Des devis, factures, temps, mandats, tarifs ou relances portent, ou ont porté, le nom de cette entreprise : elle ne peut pas être supprimée. Archivez-la pour ne plus la voir dans vos listes."
            }
            Self::CompanyHasContacts => {
                "Des contacts, actuels ou anciens, sont enregistrés chez cette entreprise : elle ne peut pas être supprimée. Archivez-la pour ne plus la voir dans vos listes."
            }
            Self::CompanyHasSubsidiaries => {
                "D’autres entreprises sont rattachées à celle-ci : elle ne peut pas être supprimée. Archivez-la pour ne plus la voir dans vos listes."
            }
            Self::CompanyHasOpportunities => {
                "Des opportunités concernent cette entreprise : elle ne peut pas être supprimée. Archivez-la pour ne plus la voir dans vos listes."
            }
            Self::CompanyHasActivities => {
                "Des activités concernent cette entreprise : elle ne peut pas être supprimée. Archivez-la pour ne plus la voir dans vos listes."
            }
            Self::CompanyHasRecords => {
                "Des fichiers ou d’autres éléments sont rattachés à cette entreprise : elle ne peut pas être supprimée. Archivez-la pour ne plus la voir dans vos listes."
            }
            Self::TooManyExports => "Trois exports ont déjà été demandés ces dernières 24 heures. Réessayez demain.",
            Self::ExportNeeded => {
                "Aucun export complet n’est disponible. Demandez-en un, puis supprimez l’entreprise une fois qu’il est prêt."
            }
            Self::ActivityClosed => "Cette activité est terminée ou annulée\u{a0}: rouvrez-la d’abord.",
            Self::TooManyFeeds => "Vous avez déjà 10 abonnements à votre calendrier\u{a0}: révoquez-en un d’abord.",
            Self::RecordMerged => "Cette fiche a été fusionnée avec une autre : modifiez la fiche conservée.",
            Self::BothHaveDocuments => {
                "Ces deux entreprises ont chacune des documents (devis, factures, règlements…), que la loi fait garder au nom de leur client : elles ne peuvent pas être fusionnées."
            }
            Self::LoserHasDocuments => {
                "Des documents (devis, factures, règlements…) citent l’entreprise qui disparaîtrait : choisissez-la comme fiche conservée."
            }
            Self::TooManyContacts => "Ces deux entreprises auraient ensemble plus de 90 contacts.",
            Self::MergeUnderWay => "Une fusion de cette fiche est en cours : réessayez dans quelques instants.",
            Self::MergeNotUndoable => {
                "Cette fusion ne peut plus être annulée : plus de 30 jours ont passé, elle l’est déjà, ou la fiche conservée a été fusionnée ou effacée depuis."
            }
            Self::DuplicateSearchUnderWay => "Une recherche de doublons est déjà en cours.",
            Self::OrganizationDeleted => "Cette entreprise est supprimée.",
            Self::ExpenseSubmitted => {
                "Cette dépense est en attente d’approbation : retirez-la de l’approbation pour la modifier."
            }
            Self::ExpenseDecided => "Cette dépense n’attend pas, ou n’attend plus, d’approbation.",
            Self::ExpensePaid => "Cette dépense est payée : annulez d’abord son paiement.",
            Self::ExpenseNotPaid => "Cette dépense n’est pas payée.",
            Self::FiguresMadeAnew => "Les chiffres sont en cours de recalcul\u{a0}: revenez dans quelques instants.",
            Self::ExpenseNotApproved => "Seule une dépense approuvée peut être payée.",
            Self::ExpenseFromInvoice => {
                "Cette dépense vient d’une facture électronique reçue, qui se conserve dix ans et dit son montant\u{a0}: refusez plutôt la facture."
            }
            Self::ExpenseFromReport => {
                "Cette dépense vient d’une note de frais approuvée : son montant ne change pas, et elle n’est pas supprimée."
            }
            Self::NoInboundMail => "La réception par e-mail n’est pas disponible ici.",
            Self::InvoiceWithoutAccount => "Cette facture n’indique aucun IBAN.",
            Self::RecurringExpenseStopped => "Cette dépense récurrente est arrêtée : elle ne change plus.",
            Self::RecurringExpenseNotPaused => "Cette dépense récurrente n’est pas suspendue.",
            Self::SupplierUsed => {
                "Ce fournisseur est nommé, ou l’a été, par une dépense : il ne peut plus être supprimé. Archivez-le pour ne plus le proposer."
            }
            Self::SupplierArchived => "Ce fournisseur est archivé : rétablissez-le d’abord.",
            Self::InvoiceReceivedBefore => "Cette facture de ce fournisseur a déjà été reçue.",
            Self::ReceivedInvoiceClosed => "L’état de cette facture reçue ne permet plus cette opération.",
            Self::Contended => "Plusieurs personnes modifient cet élément en même temps. Réessayez.",
        }
    }

    pub const fn english(self) -> &'static str {
        match self {
            Self::AlreadyIssued => "The invoice is issued and can no longer change.",
            Self::NotIssued => "The invoice is not issued yet.",
            Self::QuoteNotDraft => "The quote is no longer a draft.",
            Self::QuoteNotSent => "The quote is not waiting for an answer.",
            Self::QuoteNotAccepted => "Only an accepted quote can be invoiced.",
            Self::QuoteAlreadyInvoiced => "The quote is already invoiced.",
            Self::TooManyParts => "The quote has as many invoices as it may have.",
            Self::DepositDeducted => "The final invoice deducts this deposit; credit that one.",
            Self::QuoteExpired => "The quote is past its validity; revise it.",
            Self::QuoteReplaced => "A later version of the quote was sent.",
            Self::QuoteNotRevisable => "Only a quote that was sent and is not accepted can be revised.",
            Self::QuoteUnderRevision => "The next version of the quote is being written.",
            Self::TooManyVersions => "The quote has as many versions as it may have.",
            Self::FormerVersionAccepted => "The version that this one revises was accepted.",
            Self::InvoiceReplaced => "A corrective invoice took its place.",
            Self::InvoiceCredited => "A credit note was issued for the invoice; correct it by another one.",
            Self::DepositNotCorrectable => "A deposit is corrected by a credit note.",
            Self::InterestFromInvoice => {
                "An invoice of interest is made of the late invoice, and corrected by a credit note."
            }
            Self::NoInterest => "No interest of this invoice is left to be invoiced.",
            Self::CorrectiveAlone => "A corrective invoice is issued by itself.",
            Self::TermsUnlawful => "The terms of payment exceed what Code de commerce L441-10 allows.",
            Self::DepositFromQuote => "A deposit is made from its quote.",
            Self::AlreadyPaid => "The invoice is fully paid.",
            Self::AlreadyCredited => "The invoice is credited in full.",
            Self::PaymentReversed => "The payment is reversed already.",
            Self::PartOfReceipt => "The payment is part of a receipt; reverse the receipt.",
            Self::ReceiptReversed => "The receipt is reversed already.",
            Self::TimeInvoiced => "The time stands on an invoice already; delete its draft first.",
            Self::RemittanceClosed => "The remittance or the debit is not open any more.",
            Self::RemittanceTooEarly => "The day of the debits has not come.",
            Self::CreditorIncomplete => "The creditor identifier or the organization's IBAN is missing.",
            Self::LineSettled => "The line is not in the state that this wants.",
            Self::WeekLocked => "The week is submitted or approved; reopen it first.",
            Self::WeekNotSubmitted => "The week waits for no decision.",
            Self::WeekNotApproved => "The week is not approved.",
            Self::WeekEmpty => "The week has no time in it.",
            Self::ClockedIn => "Somebody is clocked in during the week; clock out first.",
            Self::NotClockedIn => "Nobody is clocked in.",
            Self::ClockingForgotten => "The clocking began more than a day ago; type when it ended.",
            Self::WeekNotDisputed => "The week is not disputed.",
            Self::PayrollClosed => "The month is closed.",
            Self::PayrollOpen => "The month is not closed.",
            Self::NothingToRefund => "Nothing was paid beyond what is owed.",
            Self::WebhookPaused => "This webhook is paused or disabled.",
            Self::CardNotOffered => "Card payment is not offered for this invoice.",
            Self::CardKeyRefused => "The card provider does not accept the organization's key.",
            Self::CardRefused => "The card provider refused this operation.",
            Self::NotByCard => "This payment was not made online by card.",
            Self::DocumentNotReady => "The document is being rendered; try again in a few seconds.",
            Self::ProductUsed => "The product was named by a document; archive it instead.",
            Self::CategoryNotEmpty => "Other categories stand under it; move or delete them first.",
            Self::StockNotTracked => "The stock of the product is not tracked.",
            Self::TooManyStocked => "The document names more than 40 products whose stock is tracked; split it.",
            Self::StockShort => "There is less of a product in stock than the invoice sells.",
            Self::ExpenseReportMoved => "The report is not at the point at which this is done.",
            Self::ExpenseReportEmpty => "The report has no line.",
            Self::OwnExpenses => "Nobody decides on their own expenses.",
            Self::EmployeeKept => "The law still wants the employee's file kept.",
            Self::SellerIncomplete => "The organization's legal identity is incomplete.",
            Self::VatOutdated => {
                "The VAT regime or the rates changed since the draft was written; edit its lines first."
            }
            Self::TreatmentUnfit => "The document's VAT treatment does not fit its client any more.",
            Self::ClientAddressMissing => "The client has no postal address.",
            Self::ClientEmailMissing => "The client has no e-mail address.",
            Self::ExchangeRateMissing => "The VAT is owed in euro as well; give the exchange rate and its day.",
            Self::MandateMissing => "No mandate of the supplier is in force.",
            Self::SupplierIncomplete => "The supplier's address, SIRET or VAT number is missing.",
            Self::SelfBilledContested => "The supplier contests the invoice; note their agreement or credit it.",
            Self::SelfBilledAccepted => "The supplier accepted the invoice already.",
            Self::SelfBilledNotPaid => "The invoice is not paid.",
            Self::RecurringStopped => "The recurring invoice is stopped for good.",
            Self::RecurringNotActive => "The recurring invoice is not active.",
            Self::RecurringNotPaused => "The recurring invoice is not paused.",
            Self::EmailTaken => "An account with this e-mail exists.",
            Self::NoOrganization => "The account belongs to no organization any more.",
            Self::SignUpClosed => "Accounts are created by invitation only.",
            Self::LinkExpired => "The link was used, replaced or is too old.",
            Self::TooManyLinks => "The document has 20 links, which is the most.",
            Self::LastFactor => "The organization requires a second factor; add another one first.",
            Self::PasskeyCopied => {
                "The passkey's signature counter went back: it may have been copied. Remove it and register another."
            }
            Self::SecondFactorActive => "The second factor is active already.",
            Self::LastOwner => "An organization keeps at least one owner.",
            Self::LeaveClosed => "The request was decided, withdrawn or cancelled.",
            Self::NothingToInform => "No leave that illness kept them from is to be told of.",
            Self::LeaveBegun => "The leave has begun; whoever decides on it may cancel it.",
            Self::Visiting => "You are visiting this organization; do this where you are a member.",
            Self::AlreadyMember => "They are a member already.",
            Self::AlreadyInvited => "An invitation for this e-mail is pending; resend it.",
            Self::TeamFull => "The organization has 80 members, which is the most.",
            Self::InvitationExpired => "The invitation expired.",
            Self::InvitationCancelled => "The invitation was cancelled.",
            Self::InvitationAccepted => "The invitation was accepted already.",
            Self::InvitationForAnother => "The invitation names another e-mail.",
            Self::RoleGone => "The role no longer exists.",
            Self::RoleHeld => "Somebody holds the role.",
            Self::TooManyRoles => "The organization has 50 roles of its own, which is the most.",
            Self::TooManyOrganizations => "The user is in 50 organizations, which is the most.",
            Self::JobUnderWay => "The same is under way.",
            Self::ExportUnderWay => "An export is being prepared.",
            Self::ImportNotChecked => "Check the import first.",
            Self::ImportClosed => "The import is under way, over or too old; begin another.",
            Self::ClientHasContacts => "The client has contacts; erase them or move them first.",
            Self::LastPipeline => "It is the last pipeline, and there must be one.",
            Self::ClientErased => "The client was erased.",
            Self::CompanyHasDocuments => {
                "Documents, time, mandates or settings name the company, or did; archive it instead."
            }
            Self::CompanyHasContacts => "The company has contacts, or had some; archive it instead.",
            Self::CompanyHasSubsidiaries => "Other companies belong to the company; archive it instead.",
            Self::CompanyHasOpportunities => "Opportunities are about the company; archive it instead.",
            Self::CompanyHasActivities => "Activities are about the company; archive it instead.",
            Self::CompanyHasRecords => "Files or other things belong to the company; archive it instead.",
            Self::TooManyExports => "Three exports were requested within 24 hours, which is the most.",
            Self::ExportNeeded => "There is no export that is ready; request one first.",
            Self::ActivityClosed => "The activity is completed or cancelled; reopen it first.",
            Self::TooManyFeeds => "There are 10 calendar feeds already, which is the most; revoke one first.",
            Self::RecordMerged => "The record was merged into another one.",
            Self::BothHaveDocuments => "Both companies have documents, which name their client; they cannot be merged.",
            Self::LoserHasDocuments => "The company that would go has documents; choose it as the winner.",
            Self::TooManyContacts => "Together the companies have more than 90 contacts.",
            Self::MergeUnderWay => "A merge of the record is under way; try again in a moment.",
            Self::MergeNotUndoable => "The merge is undone or too old, or what is left was merged or erased since.",
            Self::DuplicateSearchUnderWay => "A search for duplicates is under way.",
            Self::OrganizationDeleted => "The organization is deleted.",
            Self::ExpenseSubmitted => "The expense waits for approval; withdraw it first.",
            Self::ExpenseDecided => "The expense does not wait for approval.",
            Self::ExpensePaid => "The expense is paid; take its payment back first.",
            Self::ExpenseNotPaid => "The expense is not paid.",
            Self::FiguresMadeAnew => "The figures are being made anew; come back in a moment.",
            Self::ExpenseNotApproved => "Only an approved expense is paid.",
            Self::ExpenseFromInvoice => {
                "The expense comes of an electronic invoice that is kept and says what is owed; refuse the invoice."
            }
            Self::ExpenseFromReport => "The expense comes of an approved expense report, which says what is owed.",
            Self::NoInboundMail => "No mails are taken in here.",
            Self::InvoiceWithoutAccount => "The invoice names no account to pay to.",
            Self::RecurringExpenseStopped => "The recurring expense is stopped for good.",
            Self::RecurringExpenseNotPaused => "The recurring expense is not paused.",
            Self::SupplierUsed => "The supplier is named by an expense; archive it instead.",
            Self::SupplierArchived => "The supplier is archived.",
            Self::InvoiceReceivedBefore => "This number of this supplier was received before.",
            Self::ReceivedInvoiceClosed => "The state of the received invoice does not allow it.",
            Self::Contended => "Written by others at the same time; try again.",
        }
    }
}

impl Error {
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::Internal { detail: detail.to_string() }
    }

    pub fn unavailable(detail: impl std::fmt::Display) -> Self {
        Self::Unavailable { detail: detail.to_string() }
    }

    /// One field is wrong.
    pub fn field(pointer: impl Into<String>, rule: Rule) -> Self {
        Self::Invalid(Violation { pointer: pointer.into(), rule }.into())
    }

    /// Whether the same act, done again on a fresh reading, may succeed.
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Conflict(Conflict::Contended))
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl From<crate::id::NotAnId> for Error {
    fn from(_: crate::id::NotAnId) -> Self {
        Self::NotFound
    }
}
