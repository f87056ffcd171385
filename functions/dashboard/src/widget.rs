//! The table of widgets. A further one is a line here, and a fragment that its context serves. Pure.

use kernel::{Permission, permission::Module};

/// What pages hear of besides modules: that there is something unread.
pub const NOTIFICATIONS: &str = "notifications";

#[derive(Debug, PartialEq, Eq)]
pub struct Widget {
    /// As it is stored: it never changes, and no other widget takes it over.
    pub id: &'static str,
    pub title: &'static str,
    /// Where the fragment is.
    pub path: &'static str,
    /// The page of all of it.
    pub page: &'static str,
    /// Without which nobody sees it; none where everybody may.
    pub needs: Option<Permission>,
    /// What happens in these changes what it shows.
    pub hears: &'static [Module],
    /// 1 to 3, unless somebody chose otherwise.
    pub columns: u8,
    /// Whether it stands there for who arranged nothing.
    pub is_default: bool,
}

use Permission::{CrmView, HrView, InvoicingView, SalesView, SettingsView};

/// What most have in common.
const fn widget(
    id: &'static str,
    title: &'static str,
    needs: Permission,
    path: &'static str,
    page: &'static str,
) -> Widget {
    Widget { id, title, path, page, needs: Some(needs), hears: &[], columns: 1, is_default: true }
}

const INVOICING: &[Module] = &[Module::Invoicing];
const CRM: &[Module] = &[Module::Crm];
const HR: &[Module] = &[Module::Hr];
const SALES: &[Module] = &[Module::Sales];

/// In the order in which they stand for who arranged nothing.
pub const WIDGETS: &[Widget] = &[
    Widget {
        hears: INVOICING,
        ..widget(
            "invoicing_unpaid",
            "À encaisser",
            InvoicingView,
            "/facturation/widgets/a-encaisser",
            "/facturation/factures?state=open",
        )
    },
    Widget {
        hears: INVOICING,
        ..widget("invoicing_month", "Facturation du mois", InvoicingView, "/facturation/widgets/mois", "/facturation")
    },
    Widget {
        hears: CRM,
        ..widget("crm_pipeline", "Affaires en cours", CrmView, "/crm/widgets/pipeline", "/crm/pipeline")
    },
    Widget {
        hears: CRM,
        ..widget("crm_activities", "Mes activités à faire", CrmView, "/crm/widgets/activites", "/crm/activites")
    },
    Widget {
        hears: INVOICING,
        ..widget(
            "invoicing_quotes",
            "Devis en attente de réponse",
            InvoicingView,
            "/facturation/widgets/devis",
            "/facturation/devis?state=sent",
        )
    },
    Widget {
        id: "notifications_latest",
        title: "Dernières notifications",
        path: "/notifications/widgets/dernieres",
        page: "/notifications",
        needs: None,
        hears: &[],
        columns: 1,
        is_default: true,
    },
    Widget {
        hears: INVOICING,
        columns: 2,
        ..widget(
            "invoicing_latest",
            "Dernières factures",
            InvoicingView,
            "/facturation/widgets/factures",
            "/facturation/factures",
        )
    },
    Widget {
        hears: INVOICING,
        ..widget(
            "invoicing_payments",
            "Derniers paiements",
            InvoicingView,
            "/facturation/widgets/paiements",
            "/facturation/paiements",
        )
    },
    Widget {
        hears: CRM,
        ..widget("crm_leads", "Nouvelles entreprises", CrmView, "/crm/widgets/nouvelles", "/crm/entreprises")
    },
    Widget {
        hears: SALES,
        ..widget("sales_revenue", "Chiffre d’affaires", SalesView, "/ventes/widgets/chiffre-affaires", "/ventes")
    },
    Widget {
        hears: SALES,
        ..widget("sales_receivables", "Encours clients", SalesView, "/ventes/widgets/encours", "/ventes")
    },
    Widget {
        hears: SALES,
        ..widget("sales_targets", "Objectifs", SalesView, "/ventes/widgets/objectifs", "/ventes/objectifs")
    },
    Widget {
        hears: SALES,
        ..widget("sales_cash", "Trésorerie prévue", SalesView, "/ventes/widgets/tresorerie", "/ventes/tresorerie")
    },
    Widget {
        id: "hr_absent",
        title: "Absents aujourd’hui",
        path: "/rh/widgets/absents",
        page: "/rh/conges/calendrier",
        needs: None,
        hears: HR,
        columns: 1,
        is_default: true,
    },
    Widget {
        hears: HR,
        ..widget("hr_birthdays", "Anniversaires", HrView, "/rh/widgets/anniversaires", "/rh/employes")
    },
    Widget {
        hears: &Module::ALL,
        ..widget(
            "organization_feed",
            "Activité de l’entreprise",
            SettingsView,
            "/organisation/widgets/activite",
            "/organisation/journal",
        )
    },
];

impl Widget {
    pub fn named(id: &str) -> Option<&'static Self> {
        WIDGETS.iter().find(|widget| widget.id == id)
    }

    /// By the words that pages hear: `invoicing sales`. Of a module that somebody may not see their page hears nothing.
    pub fn heard(&self) -> String {
        if self.needs.is_none() && self.hears.is_empty() {
            return NOTIFICATIONS.into();
        }
        self.hears.iter().map(|module| module.code()).collect::<Vec<_>>().join(" ")
    }

    pub fn is_for(&self, may: impl Fn(Permission) -> bool) -> bool {
        self.needs.is_none_or(may)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_widget_stands_once_and_says_all_that_it_must() {
        let of = |part: fn(&Widget) -> &'static str| WIDGETS.iter().map(part).collect::<BTreeSet<_>>();
        assert_eq!(of(|widget| widget.id).len(), WIDGETS.len());
        assert_eq!(of(|widget| widget.path).len(), WIDGETS.len());
        for widget in WIDGETS {
            assert!(widget.path.contains("/widgets/") && widget.page.starts_with('/'), "{}", widget.id);
            assert!((1..=3).contains(&widget.columns) && !widget.title.is_empty(), "{}", widget.id);
            // What one may not see does not even say that it changed.
            let module = widget.needs.map(Permission::module);
            let is_of_all = matches!(module, None | Some(Module::Settings));
            assert!(is_of_all || widget.hears.iter().all(|heard| Some(*heard) == module));
        }
    }
}
