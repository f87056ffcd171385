//! What people begin most often, from the first page. Pure.

use kernel::Permission::{self, CrmCreate, InvoicingCreate, SalesCreate};

#[derive(Debug)]
pub struct QuickAction {
    pub label: &'static str,
    pub icon: &'static str,
    pub href: &'static str,
    needs: Permission,
}

const fn action(label: &'static str, icon: &'static str, href: &'static str, needs: Permission) -> QuickAction {
    QuickAction { label, icon, href, needs }
}

const ACTIONS: &[QuickAction] = &[
    action("Devis", "quote", "/facturation/devis/nouveau", InvoicingCreate),
    action("Facture", "invoice", "/facturation/factures/nouvelle", InvoicingCreate),
    action("Dépense", "arrow-down", "/ventes/depenses/nouvelle", SalesCreate),
    action("Entreprise", "company", "/crm/entreprises/nouvelle", CrmCreate),
    action("Contact", "person", "/crm/contacts/nouveau", CrmCreate),
    action("Opportunité", "euro", "/crm/opportunites/nouvelle", CrmCreate),
    action("Activité", "check", "/crm/activites/nouvelle", CrmCreate),
];

/// Those that somebody may do.
pub fn actions(may: impl Fn(Permission) -> bool) -> Vec<&'static QuickAction> {
    ACTIONS.iter().filter(|action| may(action.needs)).collect()
}
