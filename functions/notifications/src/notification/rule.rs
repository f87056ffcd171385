//! The table of rules: which event is told to whom, in which words, and where it leads. A further event is one line in
//! [`RULES`] and one in [`told`]. Pure.

use kernel::{
    Permission,
    event::{About, Event, Owner},
    id::{EmployeeId, LeaveRequestId},
};

use super::model::{Category, Kind};

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The member to whom it is assigned. Where that is nobody, or somebody who is no member any more or may not see it,
    /// those who have the permission; nobody else where there is none.
    Assigned {
        or: Option<Permission>,
    },
    Holders(Permission),
    Owners,
}

/// How one kind of event is told.
#[derive(Debug)]
pub struct Rule {
    /// As it is stored: it never changes, and no other rule takes it over.
    pub name: &'static str,
    pub category: Category,
    pub kind: Kind,
    pub to: Audience,
    /// Without which nobody sees what it is about, and so nobody is told; none where it is theirs whatever they may see.
    pub needs: Option<Permission>,
    /// What happened once; `{}` is what it happened to.
    pub one: &'static str,
    /// What happened several times within some minutes; `{}` is how often.
    pub many: &'static str,
    /// Where one leads; `{}` is the id of what it is about.
    pub link: &'static str,
    /// Where several lead.
    pub list: &'static str,
    /// Whether it is mailed at once to who chose nothing else: it waits for them, or is theirs from now on.
    pub at_once: bool,
    /// Whether what it happened to is called by the name of a person, who may be erased.
    pub names_person: bool,
}

use Audience::{Assigned, Holders, Owners};
use Permission::{
    CrmCreate, CrmView, HrApprove, HrEdit, HrReadSecrets, InvoicingApprove, InvoicingView, SalesApprove, SalesEdit,
    SalesView, SettingsEdit, SettingsView,
};

/// What most rules have in common: told to who takes care of it, by no mail.
const fn rule(name: &'static str, category: Category, kind: Kind) -> Rule {
    Rule {
        name,
        category,
        kind,
        to: Assigned { or: Some(InvoicingApprove) },
        needs: Some(InvoicingView),
        one: "",
        many: "",
        link: "",
        list: "",
        at_once: false,
        names_person: false,
    }
}

const QUOTE: &str = "/facturation/devis/{}";
const QUOTES: &str = "/facturation/devis";
const INVOICE: &str = "/facturation/factures/{}";
const INVOICES: &str = "/facturation/factures";
const OPPORTUNITY: &str = "/crm/opportunites/{}";
const OPPORTUNITIES: &str = "/crm/opportunites";
/// The employee, then the request.
const LEAVE_REQUEST: &str = "/rh/conges/{}";
const TARGET: &str = "/ventes/objectifs/{}";
const TARGETS: &str = "/ventes/objectifs";

/// The employee, then the week.
const TIME_WEEK: &str = "/rh/temps/{}";

/// The employee, then the document.
const PAPER: &str = "/rh/employes/{}";
const EXPENSE_REPORT: &str = "/rh/frais/{}";
const EXPENSE: &str = "/ventes/depenses/{}";

pub const RULES: &[Rule] = &[
    Rule {
        one: "Devis {} accepté",
        many: "{} devis acceptés",
        link: QUOTE,
        list: QUOTES,
        ..rule("quote_accepted", Category::Invoicing, Kind::Success)
    },
    Rule {
        one: "Devis {} refusé",
        many: "{} devis refusés",
        link: QUOTE,
        list: QUOTES,
        ..rule("quote_refused", Category::Invoicing, Kind::Warning)
    },
    Rule {
        one: "Devis {} expiré sans réponse",
        many: "{} devis expirés sans réponse",
        link: QUOTE,
        list: QUOTES,
        ..rule("quote_expired", Category::Invoicing, Kind::Warning)
    },
    Rule {
        one: "Facture {} payée",
        many: "{} factures payées",
        link: INVOICE,
        list: INVOICES,
        ..rule("invoice_paid", Category::Invoicing, Kind::Success)
    },
    Rule {
        one: "Facture {} en retard de paiement",
        many: "{} factures en retard de paiement",
        link: INVOICE,
        list: INVOICES,
        ..rule("invoice_overdue", Category::Invoicing, Kind::Warning)
    },
    Rule {
        one: "Facture {} relancée",
        many: "{} factures relancées",
        link: "/facturation/factures/{}/relances",
        list: INVOICES,
        to: Assigned { or: None },
        ..rule("invoice_reminded", Category::Invoicing, Kind::Info)
    },
    Rule {
        one: "Relance à valider\u{a0}: facture {}",
        many: "{} relances à valider",
        link: "/facturation/relances",
        list: "/facturation/relances",
        to: Holders(InvoicingApprove),
        at_once: true,
        ..rule("reminder_proposed", Category::Invoicing, Kind::Approval)
    },
    Rule {
        one: "E-mail non remis\u{a0}: {}",
        many: "{} e-mails non remis",
        link: "{}",
        list: INVOICES,
        to: Holders(InvoicingApprove),
        ..rule("mail_failed", Category::Invoicing, Kind::Error)
    },
    Rule {
        one: "Export de toutes les données demandé",
        many: "{} exports de toutes les données demandés",
        link: "/organisation/export",
        list: "/organisation/export",
        to: Owners,
        needs: Some(SettingsView),
        ..rule("export_requested", Category::System, Kind::Warning)
    },
    Rule {
        one: "Webhook désactivé après des échecs répétés\u{a0}: {}",
        many: "{} webhooks désactivés",
        link: "/organisation/webhooks/{}",
        list: "/organisation/webhooks",
        to: Holders(SettingsEdit),
        needs: Some(SettingsView),
        at_once: true,
        ..rule("webhook_disabled", Category::System, Kind::Error)
    },
    Rule {
        one: "Rappel\u{a0}: {}",
        many: "{} rappels d’activités",
        link: "/crm/activites/{}",
        list: "/crm/activites",
        to: Assigned { or: None },
        needs: Some(CrmView),
        names_person: true,
        ..rule("activity_reminded", Category::Crm, Kind::Reminder)
    },
    Rule {
        one: "Nouvelle demande par le formulaire «\u{a0}{}\u{a0}»",
        many: "{} nouvelles demandes par vos formulaires",
        link: OPPORTUNITY,
        list: OPPORTUNITIES,
        to: Assigned { or: Some(CrmCreate) },
        needs: Some(CrmView),
        ..rule("lead_received", Category::Crm, Kind::Info)
    },
    Rule {
        one: "Import terminé\u{a0}: {}",
        many: "{} imports terminés",
        link: "/crm/import/{}",
        list: "/crm/import",
        to: Assigned { or: None },
        needs: Some(CrmView),
        ..rule("import_finished", Category::Crm, Kind::Info)
    },
    Rule {
        one: "Opportunité gagnée\u{a0}: {}",
        many: "{} opportunités gagnées",
        link: OPPORTUNITY,
        list: OPPORTUNITIES,
        to: Assigned { or: None },
        needs: Some(CrmView),
        names_person: true,
        ..rule("opportunity_won", Category::Crm, Kind::Success)
    },
    Rule {
        one: "Opportunité perdue\u{a0}: {}",
        many: "{} opportunités perdues",
        link: OPPORTUNITY,
        list: OPPORTUNITIES,
        to: Assigned { or: None },
        needs: Some(CrmView),
        names_person: true,
        ..rule("opportunity_lost", Category::Crm, Kind::Info)
    },
    Rule {
        one: "Opportunité attribuée\u{a0}: {}",
        many: "{} opportunités attribuées",
        link: OPPORTUNITY,
        list: OPPORTUNITIES,
        to: Assigned { or: None },
        needs: Some(CrmView),
        at_once: true,
        names_person: true,
        ..rule("opportunity_assigned", Category::Crm, Kind::Mention)
    },
    // A mail of its own leaves with it. Of what kind the absence is, nobody is told.
    Rule {
        one: "Absence à valider\u{a0}: {}",
        many: "{} absences à valider",
        link: LEAVE_REQUEST,
        list: "/rh/conges/a-valider",
        to: Assigned { or: Some(HrApprove) },
        needs: None,
        ..rule("leave_awaited", Category::Hr, Kind::Approval)
    },
    Rule {
        one: "Absence approuvée\u{a0}: {}",
        many: "{} absences approuvées",
        link: LEAVE_REQUEST,
        list: "/rh/conges",
        to: Assigned { or: None },
        needs: None,
        at_once: true,
        ..rule("leave_approved", Category::Hr, Kind::Success)
    },
    Rule {
        one: "Absence refusée\u{a0}: {}",
        many: "{} absences refusées",
        link: LEAVE_REQUEST,
        list: "/rh/conges",
        to: Assigned { or: None },
        needs: None,
        at_once: true,
        ..rule("leave_refused", Category::Hr, Kind::Warning)
    },
    Rule {
        one: "Objectif atteint\u{a0}: {}",
        many: "{} objectifs atteints",
        link: TARGET,
        list: TARGETS,
        to: Assigned { or: Some(SalesEdit) },
        needs: Some(SalesView),
        ..rule("target_reached", Category::Sales, Kind::Success)
    },
    Rule {
        one: "Objectif en retard\u{a0}: {}",
        many: "{} objectifs en retard",
        link: TARGET,
        list: TARGETS,
        to: Assigned { or: Some(SalesEdit) },
        needs: Some(SalesView),
        ..rule("target_off_track", Category::Sales, Kind::Warning)
    },
    Rule {
        one: "Document à renouveler\u{a0}: {}",
        many: "{} documents de salariés à renouveler",
        link: PAPER,
        list: "/rh/documents",
        to: Holders(HrEdit),
        needs: Some(HrEdit),
        ..rule("paper_expiring", Category::Hr, Kind::Reminder)
    },
    // For who may read it alone, although others keep the files too.
    Rule {
        one: "Document confidentiel à renouveler\u{a0}: {}",
        many: "{} documents confidentiels de salariés à renouveler",
        link: PAPER,
        list: "/rh/documents",
        to: Holders(HrEdit),
        needs: Some(HrReadSecrets),
        ..rule("secret_paper_expiring", Category::Hr, Kind::Reminder)
    },
    Rule {
        one: "Congés à annoncer au retour d’un arrêt\u{a0}: {}",
        many: "{} salariés à informer de leurs congés",
        link: "/rh/conges/{}",
        list: "/rh/conges/soldes",
        to: Holders(HrEdit),
        needs: Some(HrEdit),
        at_once: true,
        ..rule("leave_information_due", Category::Hr, Kind::Reminder)
    },
    Rule {
        one: "Document partagé avec vous\u{a0}: {}",
        many: "{} documents partagés avec vous",
        link: "/rh/mes-documents",
        list: "/rh/mes-documents",
        to: Assigned { or: None },
        needs: None,
        ..rule("paper_shared", Category::Hr, Kind::Info)
    },
    Rule {
        one: "Temps à valider\u{a0}: {}",
        many: "{} semaines de temps à valider",
        link: TIME_WEEK,
        list: "/rh/temps/equipe",
        to: Assigned { or: Some(HrApprove) },
        needs: None,
        at_once: true,
        ..rule("time_awaited", Category::Hr, Kind::Approval)
    },
    Rule {
        one: "Temps contesté\u{a0}: {}",
        many: "{} semaines de temps contestées",
        link: TIME_WEEK,
        list: "/rh/temps/equipe",
        to: Assigned { or: Some(HrApprove) },
        needs: None,
        at_once: true,
        ..rule("time_disputed", Category::Hr, Kind::Warning)
    },
    Rule {
        one: "Temps approuvé\u{a0}: {}",
        many: "{} semaines de temps approuvées",
        link: TIME_WEEK,
        list: "/rh/temps",
        to: Assigned { or: None },
        needs: None,
        ..rule("time_approved", Category::Hr, Kind::Success)
    },
    Rule {
        one: "Temps à corriger\u{a0}: {}",
        many: "{} semaines de temps à corriger",
        link: TIME_WEEK,
        list: "/rh/temps",
        to: Assigned { or: None },
        needs: None,
        at_once: true,
        ..rule("time_reopened", Category::Hr, Kind::Warning)
    },
    Rule {
        one: "Réponse à votre contestation\u{a0}: {}",
        many: "{} réponses à vos contestations",
        link: TIME_WEEK,
        list: "/rh/temps",
        to: Assigned { or: None },
        needs: None,
        at_once: true,
        ..rule("time_answered", Category::Hr, Kind::Info)
    },
    Rule {
        one: "Note de frais à valider\u{a0}: {}",
        many: "{} notes de frais à valider",
        link: EXPENSE_REPORT,
        list: "/rh/frais/a-valider",
        to: Assigned { or: Some(HrApprove) },
        needs: None,
        at_once: true,
        ..rule("expenses_awaited", Category::Hr, Kind::Approval)
    },
    Rule {
        one: "Note de frais approuvée\u{a0}: {}",
        many: "{} notes de frais approuvées",
        link: EXPENSE_REPORT,
        list: "/rh/frais",
        to: Assigned { or: None },
        needs: None,
        ..rule("expenses_approved", Category::Hr, Kind::Success)
    },
    Rule {
        one: "Note de frais refusée\u{a0}: {}",
        many: "{} notes de frais refusées",
        link: EXPENSE_REPORT,
        list: "/rh/frais",
        to: Assigned { or: None },
        needs: None,
        at_once: true,
        ..rule("expenses_refused", Category::Hr, Kind::Warning)
    },
    Rule {
        one: "Dépense à approuver\u{a0}: {}",
        many: "{} dépenses à approuver",
        link: EXPENSE,
        list: "/ventes/depenses?state=submitted",
        to: Holders(SalesApprove),
        needs: Some(SalesView),
        at_once: true,
        ..rule("expense_submitted", Category::Sales, Kind::Approval)
    },
    Rule {
        one: "Dépense approuvée\u{a0}: {}",
        many: "{} dépenses approuvées",
        link: EXPENSE,
        list: "/ventes/depenses",
        to: Assigned { or: None },
        needs: Some(SalesView),
        ..rule("expense_approved", Category::Sales, Kind::Success)
    },
    Rule {
        one: "Dépense refusée\u{a0}: {}",
        many: "{} dépenses refusées",
        link: EXPENSE,
        list: "/ventes/depenses?state=refused",
        to: Assigned { or: None },
        needs: Some(SalesView),
        ..rule("expense_refused", Category::Sales, Kind::Warning)
    },
    Rule {
        one: "Facture électronique reçue\u{a0}: {}",
        many: "{} factures électroniques reçues",
        link: "/ventes/factures-recues/{}",
        list: "/ventes/factures-recues",
        to: Holders(SalesApprove),
        needs: Some(SalesView),
        ..rule("received_invoice_arrived", Category::Sales, Kind::Info)
    },
    Rule {
        one: "E-mail de factures à vérifier\u{a0}: {}",
        many: "{} e-mails de factures à vérifier",
        link: "/ventes/factures-recues",
        list: "/ventes/factures-recues",
        to: Holders(SalesApprove),
        needs: Some(SalesView),
        ..rule("received_mail_unread", Category::Sales, Kind::Warning)
    },
];

/// The rule of this name; none of one that a newer version has.
pub fn named(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// An event as its rule tells it, before what others know of it is looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Of a rule in [`RULES`].
    pub rule: &'static str,
    /// Prefixed id of what it is about.
    pub object: String,
    /// The document, where it is one: who wrote an event before it told anything may still be asked.
    pub document: Option<Owner>,
    pub about: About,
    /// Whether the record may be nobody's business but one member's; else whoever has the permission sees it.
    pub is_assignable: bool,
    /// Who is named beside it: a client, a contact, or the member who did it.
    pub who: Option<String>,
    /// Whose names stand in it, prefixed ids.
    pub named: Vec<String>,
    /// Some more words: an amount, why.
    pub note: Option<String>,
}

impl Told {
    fn new(rule: &'static str, object: impl ToString, about: &About) -> Self {
        Self {
            rule,
            object: object.to_string(),
            document: None,
            about: about.clone(),
            is_assignable: about.client.is_some() || about.assigned_to.is_some(),
            who: None,
            named: Vec::new(),
            note: None,
        }
    }

    /// Of the CRM: one that is nobody's is not for who sees only their own.
    fn record(rule: &'static str, object: impl ToString, about: &About) -> Self {
        Self { is_assignable: true, ..Self::new(rule, object, about) }
    }

    fn document(rule: &'static str, owner: Owner, about: &About) -> Self {
        Self { document: Some(owner), ..Self::new(rule, owner, about) }
    }

    fn noting(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    /// The same with who is named beside it, and by which id an erasure finds them.
    #[must_use]
    pub fn naming(mut self, who: impl Into<String>, named: impl ToString) -> Self {
        self.who = Some(who.into());
        self.named.push(named.to_string());
        self
    }

    /// The same as its record names besides: a contact and a company, whose names may stand in the label.
    #[must_use]
    pub fn naming_besides(mut self) -> Self {
        let About { contact, company, .. } = &self.about;
        let besides = [contact.map(|contact| contact.to_string()), company.map(|company| company.to_string())];
        self.named.extend(besides.into_iter().flatten());
        self
    }

    /// The same of somebody who is erased already: what calls it by a name says nothing.
    #[must_use]
    pub fn of_erased(mut self) -> Self {
        if named(self.rule).is_none_or(|rule| rule.names_person) {
            self.about.label = None;
        }
        self
    }
}

/// What is told of an event; none of one that concerns nobody.
pub fn told(event: &Event) -> Option<Told> {
    let of_quote = |rule, quote, about| Told::document(rule, Owner::Quote(quote), about);
    let of_invoice = |rule, invoice, about| Told::document(rule, Owner::Invoice(invoice), about);
    let leave = |rule, employee: EmployeeId, request: LeaveRequestId, about: &About| {
        Told::new(rule, format!("{employee}/{request}"), about)
    };
    let of_week =
        |rule, employee: EmployeeId, week: &str, about: &About| Told::new(rule, format!("{employee}/{week}"), about);
    Some(match event {
        Event::QuoteAccepted { quote, about } => of_quote("quote_accepted", *quote, about),
        Event::QuoteRefused { quote, about } => of_quote("quote_refused", *quote, about),
        Event::QuoteExpired { quote, about } => of_quote("quote_expired", *quote, about),
        Event::InvoicePaid { invoice, about } => of_invoice("invoice_paid", *invoice, about),
        Event::InvoiceOverdue { invoice, about } => of_invoice("invoice_overdue", *invoice, about),
        Event::InvoiceReminded { invoice, level, about } => {
            of_invoice("invoice_reminded", *invoice, about).noting(format!("niveau\u{a0}{level}"))
        }
        Event::ReminderProposed { invoice, about } => of_invoice("reminder_proposed", *invoice, about),
        Event::MailFailed { owner, why, .. } => {
            Told::document("mail_failed", *owner, &About::default()).noting(why.french())
        }
        // A mail of its own leaves with a reminder, and with a lead.
        Event::ActivityReminded { activity, about, .. } => Told::record("activity_reminded", activity, about),
        Event::LeadReceived { opportunity, about, .. } => Told::record("lead_received", opportunity, about),
        Event::ImportFinished { import, about } => Told::record("import_finished", import, about),
        Event::OpportunityWon { opportunity, about } => Told::record("opportunity_won", opportunity, about),
        Event::OpportunityLost { opportunity, about } => Told::record("opportunity_lost", opportunity, about),
        Event::OpportunityAssigned { opportunity, about } => Told::record("opportunity_assigned", opportunity, about),
        Event::LeaveAwaited { employee, request, about } => leave("leave_awaited", *employee, *request, about),
        Event::LeaveApproved { employee, request, about } => leave("leave_approved", *employee, *request, about),
        Event::LeaveRefused { employee, request, about } => leave("leave_refused", *employee, *request, about),
        Event::TargetReached { target, about, .. } => Told::record("target_reached", target, about),
        Event::TargetOffTrack { target, about, .. } => Told::record("target_off_track", target, about),
        Event::WebhookDisabled { webhook, about } => Told::new("webhook_disabled", webhook, about),
        Event::PaperExpiring { paper, employee, until, is_confidential, about } => {
            let rule = if *is_confidential { "secret_paper_expiring" } else { "paper_expiring" };
            Told::new(rule, format!("{employee}/documents/{paper}"), about)
                .noting(format!("jusqu’au {}", kernel::text::french_date(*until)))
        }
        Event::LeaveInformationDue { employee, by, about } => Told::new("leave_information_due", employee, about)
            .noting(format!("avant le {}", kernel::text::french_date(*by))),
        Event::PaperShared { paper, about, .. } => Told::new("paper_shared", paper, about),
        Event::TimeWeekSubmitted { employee, week, about } => of_week("time_awaited", *employee, week, about),
        Event::TimeWeekDisputed { employee, week, about } => of_week("time_disputed", *employee, week, about),
        Event::TimeWeekDecided { employee, week, is_approved, about } => {
            of_week(if *is_approved { "time_approved" } else { "time_reopened" }, *employee, week, about)
        }
        Event::TimeDisputeAnswered { employee, week, about } => of_week("time_answered", *employee, week, about),
        Event::ExpenseReportSubmitted { report, about } => Told::new("expenses_awaited", report, about),
        Event::ExpenseReportApproved { report, about, .. } => Told::new("expenses_approved", report, about),
        Event::ExpenseReportRefused { report, about } => Told::new("expenses_refused", report, about),
        Event::ExpenseSubmitted { expense, about } => Told::new("expense_submitted", expense, about),
        Event::ExpenseDecided { expense, is_approved: true, about } => Told::new("expense_approved", expense, about),
        Event::ExpenseDecided { expense, about, .. } => Told::new("expense_refused", expense, about),
        Event::ReceivedInvoiceArrived { invoice, about } => Told::new("received_invoice_arrived", invoice, about),
        Event::ReceivedMailUnread { mail, about } => Told::new("received_mail_unread", mail, about),
        // Whoever asked for it stands in the item.
        Event::ExportRequested { export } => Told::new("export_requested", export, &About::default()),
        _ => return None,
    })
}

/// Where one notification leads.
pub fn link(rule: &Rule, told: &Told) -> String {
    // A mail may be about any document.
    if rule.link == "{}" {
        return told.document.map(page_of).unwrap_or_else(|| rule.list.into());
    }
    rule.link.replace("{}", &told.object)
}

/// The page of a document.
fn page_of(owner: Owner) -> String {
    let folder = match owner {
        Owner::Quote(_) => "devis",
        Owner::Invoice(_) => "factures",
        Owner::CreditNote(_) => "avoirs",
        Owner::SelfBilled(_) => "autofacturation",
        Owner::Letter(_) => "courriers",
        Owner::User(_) | Owner::Invitation(_) => return "/notifications".into(),
    };
    format!("/facturation/{folder}/{owner}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::id::{InvoiceId, MailId, QuoteId};
    use kernel::mail::MailFailure;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn each_rule_stands_once_and_says_all_that_it_must() {
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        for rule in RULES {
            assert!(rule.many.contains("{}"), "{}", rule.name);
            assert!(!rule.one.is_empty() && rule.list.starts_with('/'), "{}", rule.name);
            assert!(rule.link.starts_with('/') || rule.link == "{}", "{}", rule.name);
            // Nobody is told what the permission does not let them see.
            if let Holders(permission) | Assigned { or: Some(permission) } = rule.to {
                let module = rule.needs.map(Permission::module);
                assert!(module.is_none_or(|module| module == permission.module()), "{}", rule.name);
            }
        }
    }

    #[test]
    fn an_event_has_its_rule_and_its_place() {
        let (quote, invoice) = (QuoteId::from_ulid(Ulid(1)), InvoiceId::from_ulid(Ulid(2)));
        let about = About::default();
        let place = |event: &Event| {
            let told = told(event).unwrap();
            link(named(told.rule).unwrap(), &told)
        };
        assert_eq!(place(&Event::QuoteAccepted { quote, about: about.clone() }), format!("/facturation/devis/{quote}"));
        let reminded = Event::InvoiceReminded { invoice, level: 2, about };
        assert_eq!(place(&reminded), format!("/facturation/factures/{invoice}/relances"));
        let mail = MailId::from_ulid(Ulid(3));
        let failed = Event::MailFailed { owner: Owner::Quote(quote), mail, why: MailFailure::Refused };
        assert_eq!(place(&failed), format!("/facturation/devis/{quote}"));
        assert_eq!(told(&failed).unwrap().note.as_deref(), Some("adresse refusée"));
        let (employee, request) = (EmployeeId::from_ulid(Ulid(4)), LeaveRequestId::from_ulid(Ulid(5)));
        let approved = Event::LeaveApproved { employee, request, about: About::default() };
        assert_eq!(place(&approved), format!("/rh/conges/{employee}/{request}"));
        assert_eq!(told(&Event::LedgerDue {}), None);
    }
}
