//! Which function has which path. The one list; template.yaml is compared with it in a test.

use http::Method;

/// A function that answers over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    Organizations,
    Accounts,
    Crm,
    Invoicing,
    Hr,
    /// Documents as they will look.
    Preview,
    /// The same of letters to employees.
    HrPreview,
    Notifications,
    Search,
    Sales,
    /// The first page.
    Dashboard,
    /// Where other programs are told what happens.
    Webhooks,
    Purchases,
}

impl Context {
    pub const ALL: [Self; 13] = [
        Self::Organizations,
        Self::Accounts,
        Self::Crm,
        Self::Invoicing,
        Self::Hr,
        Self::Preview,
        Self::HrPreview,
        Self::Notifications,
        Self::Search,
        Self::Sales,
        Self::Dashboard,
        Self::Webhooks,
        Self::Purchases,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Accounts => "accounts",
            Self::Crm => "crm",
            Self::Invoicing => "invoicing",
            Self::Hr => "hr",
            Self::Preview => "preview",
            Self::HrPreview => "hrpreview",
            Self::Notifications => "notifications",
            Self::Search => "search",
            Self::Sales => "sales",
            Self::Dashboard => "dashboard",
            Self::Webhooks => "webhooks",
            Self::Purchases => "purchases",
        }
    }
}

/// Before the pages of a chosen organization.
const IN_ORGANIZATION: &str = "/o/{organization}";

/// Paths as API Gateway writes them: exact, or everything below with `{proxy+}`; with a method before it where another
/// function has the others. What is not here goes to the first page: that of an organization whose address ends in a slash, or
/// else one that says that there is nothing.
pub const ROUTES: &[(&str, Context)] = &[
    ("/", Context::Dashboard),
    ("/tableau-de-bord", Context::Dashboard),
    ("/api/v1/dashboard", Context::Dashboard),
    ("/o/{organization}", Context::Dashboard),
    ("/o/{organization}/tableau-de-bord", Context::Dashboard),
    ("/organisation/webhooks", Context::Webhooks),
    ("/organisation/webhooks/{proxy+}", Context::Webhooks),
    ("/o/{organization}/organisation/webhooks", Context::Webhooks),
    ("/o/{organization}/organisation/webhooks/{proxy+}", Context::Webhooks),
    ("/api/v1/webhooks", Context::Webhooks),
    ("/api/v1/webhooks/{proxy+}", Context::Webhooks),
    ("/organisation", Context::Organizations),
    ("/organisation/{proxy+}", Context::Organizations),
    ("/api/v1/organization", Context::Organizations),
    ("/api/v1/organization/{proxy+}", Context::Organizations),
    ("/api/v1/platform/{proxy+}", Context::Organizations),
    ("/api/v1/audit-entries", Context::Organizations),
    ("/plateforme", Context::Organizations),
    ("/plateforme/{proxy+}", Context::Organizations),
    ("/assets/{proxy+}", Context::Organizations),
    ("/theme/{proxy+}", Context::Organizations),
    ("/api/openapi.json", Context::Organizations),
    ("/api/docs", Context::Organizations),
    ("/sante", Context::Organizations),
    ("/connexion", Context::Accounts),
    ("/connexion/{proxy+}", Context::Accounts),
    ("/inscription", Context::Accounts),
    ("/inscription/{proxy+}", Context::Accounts),
    ("/deconnexion", Context::Accounts),
    ("/compte", Context::Accounts),
    ("/compte/{proxy+}", Context::Accounts),
    ("/equipe", Context::Accounts),
    ("/equipe/{proxy+}", Context::Accounts),
    ("/invitation", Context::Accounts),
    ("/entreprises/nouvelle", Context::Accounts),
    ("/plateforme/entreprises/nouvelle", Context::Accounts),
    ("/plateforme/invitations/{proxy+}", Context::Accounts),
    ("/api/v1/organizations", Context::Accounts),
    ("POST /api/v1/platform/organizations", Context::Accounts),
    ("/api/v1/platform/invitations/{proxy+}", Context::Accounts),
    ("/api/v1/members", Context::Accounts),
    ("/api/v1/members/{proxy+}", Context::Accounts),
    ("/api/v1/invitations", Context::Accounts),
    ("/api/v1/invitations/{proxy+}", Context::Accounts),
    ("/api/v1/roles", Context::Accounts),
    ("/api/v1/roles/{proxy+}", Context::Accounts),
    ("/api/v1/sessions", Context::Accounts),
    ("/api/v1/sessions/{proxy+}", Context::Accounts),
    ("/api/v1/tokens", Context::Accounts),
    ("/api/v1/tokens/{proxy+}", Context::Accounts),
    ("/api/v1/accounts", Context::Accounts),
    ("/api/v1/accounts/{proxy+}", Context::Accounts),
    ("/crm", Context::Crm),
    ("/crm/{proxy+}", Context::Crm),
    ("/api/v1/imports", Context::Crm),
    ("/api/v1/imports/{proxy+}", Context::Crm),
    ("/api/v1/record-exports", Context::Crm),
    ("/api/v1/record-exports/{proxy+}", Context::Crm),
    ("/api/v1/segments", Context::Crm),
    ("/api/v1/segments/{proxy+}", Context::Crm),
    ("/api/v1/companies", Context::Crm),
    ("/api/v1/companies/{proxy+}", Context::Crm),
    ("/api/v1/contacts", Context::Crm),
    ("/api/v1/contacts/{proxy+}", Context::Crm),
    ("/api/v1/crm/{proxy+}", Context::Crm),
    ("/api/v1/opportunities", Context::Crm),
    ("/api/v1/opportunities/{proxy+}", Context::Crm),
    ("/api/v1/activities", Context::Crm),
    ("/api/v1/activities/{proxy+}", Context::Crm),
    ("/api/v1/calendar-feeds", Context::Crm),
    ("/api/v1/calendar-feeds/{proxy+}", Context::Crm),
    ("/ical/agenda.ics", Context::Crm),
    ("/ical/absences.ics", Context::Hr),
    ("/api/v1/records/{proxy+}", Context::Crm),
    ("/formulaires/{proxy+}", Context::Crm),
    ("/rh", Context::Hr),
    ("/rh/{proxy+}", Context::Hr),
    ("/api/v1/employees", Context::Hr),
    ("/api/v1/employees/{proxy+}", Context::Hr),
    ("/api/v1/expiring-papers", Context::Hr),
    ("/api/v1/my-papers", Context::Hr),
    ("/api/v1/my-papers/{proxy+}", Context::Hr),
    ("/api/v1/letter-templates", Context::Hr),
    ("/api/v1/expense-reports", Context::Hr),
    ("/api/v1/expense-reports/{proxy+}", Context::Hr),
    ("/api/v1/hr-figures", Context::Hr),
    ("/api/v1/due-employees", Context::Hr),
    ("/api/v1/due-employees/{proxy+}", Context::Hr),
    ("/api/v1/hr-settings", Context::Hr),
    ("/api/v1/holidays", Context::Hr),
    ("/api/v1/leave", Context::Hr),
    ("/api/v1/leave/{proxy+}", Context::Hr),
    ("/api/v1/leave-count", Context::Hr),
    ("/ventes/depenses", Context::Purchases),
    ("/ventes/depenses/{proxy+}", Context::Purchases),
    ("/ventes/fournisseurs", Context::Purchases),
    ("/ventes/fournisseurs/{proxy+}", Context::Purchases),
    ("/ventes/factures-recues", Context::Purchases),
    ("/ventes/factures-recues/{proxy+}", Context::Purchases),
    ("/api/v1/expenses", Context::Purchases),
    ("/api/v1/expenses/{proxy+}", Context::Purchases),
    ("/api/v1/recurring-expenses", Context::Purchases),
    ("/api/v1/recurring-expenses/{proxy+}", Context::Purchases),
    ("/api/v1/suppliers", Context::Purchases),
    ("/api/v1/suppliers/{proxy+}", Context::Purchases),
    ("/api/v1/received-invoices", Context::Purchases),
    ("/api/v1/received-invoices/{proxy+}", Context::Purchases),
    ("/api/v1/spending-lines", Context::Purchases),
    ("/api/v1/spending-lines/{proxy+}", Context::Purchases),
    ("/api/v1/purchase-settings", Context::Purchases),
    ("/api/v1/time/{proxy+}", Context::Hr),
    ("/api/v1/payrolls", Context::Hr),
    ("/api/v1/payrolls/{proxy+}", Context::Hr),
    ("/portail", Context::Invoicing),
    ("/portail/{proxy+}", Context::Invoicing),
    ("/webhooks/{proxy+}", Context::Invoicing),
    ("/facturation", Context::Invoicing),
    ("/facturation/{proxy+}", Context::Invoicing),
    ("/facturation/apercu/{proxy+}", Context::Preview),
    ("/facturation/duplicata/{proxy+}", Context::Preview),
    ("/rh/courriers/apercu/{proxy+}", Context::HrPreview),
    ("/api/v1/catalogue/{proxy+}", Context::Invoicing),
    ("/api/v1/products", Context::Invoicing),
    ("/api/v1/products/{proxy+}", Context::Invoicing),
    ("/api/v1/quotes", Context::Invoicing),
    ("/api/v1/quotes/{proxy+}", Context::Invoicing),
    ("/api/v1/invoices", Context::Invoicing),
    ("/api/v1/invoices/{proxy+}", Context::Invoicing),
    ("/api/v1/documents", Context::Invoicing),
    ("/api/v1/documents/{proxy+}", Context::Invoicing),
    ("/api/v1/recurring-invoices", Context::Invoicing),
    ("/api/v1/recurring-invoices/{proxy+}", Context::Invoicing),
    ("/api/v1/self-billed-invoices", Context::Invoicing),
    ("/api/v1/self-billed-invoices/{proxy+}", Context::Invoicing),
    ("/api/v1/self-billing-mandates", Context::Invoicing),
    ("/api/v1/self-billing-mandates/{proxy+}", Context::Invoicing),
    ("/api/v1/credit-notes", Context::Invoicing),
    ("/api/v1/credit-notes/{proxy+}", Context::Invoicing),
    ("/api/v1/mandates", Context::Invoicing),
    ("/api/v1/mandates/{proxy+}", Context::Invoicing),
    ("/api/v1/remittances", Context::Invoicing),
    ("/api/v1/remittances/{proxy+}", Context::Invoicing),
    ("/api/v1/sepa-creditor", Context::Invoicing),
    ("/api/v1/bank-lines", Context::Invoicing),
    ("/api/v1/bank-lines/{proxy+}", Context::Invoicing),
    ("/api/v1/time-entries", Context::Invoicing),
    ("/api/v1/time-entries/{proxy+}", Context::Invoicing),
    ("/api/v1/receipts", Context::Invoicing),
    ("/api/v1/receipts/{proxy+}", Context::Invoicing),
    ("/api/v1/clients/{proxy+}", Context::Invoicing),
    ("/api/v1/letters/{proxy+}", Context::Invoicing),
    ("/api/v1/reminders", Context::Invoicing),
    ("/api/v1/reminders/{proxy+}", Context::Invoicing),
    ("/api/v1/reminder-settings", Context::Invoicing),
    ("/api/v1/payments", Context::Invoicing),
    ("/api/v1/payments/{proxy+}", Context::Invoicing),
    ("/api/v1/ledger", Context::Invoicing),
    ("/api/v1/ledger/{proxy+}", Context::Invoicing),
    ("/api/v1/accounting/{proxy+}", Context::Invoicing),
    ("/api/v1/portal/{proxy+}", Context::Invoicing),
    ("/notifications", Context::Notifications),
    ("/notifications/{proxy+}", Context::Notifications),
    ("/api/v1/notifications", Context::Notifications),
    ("/api/v1/notifications/{proxy+}", Context::Notifications),
    ("/api/v1/notification-preferences", Context::Notifications),
    ("/ventes", Context::Sales),
    ("/ventes/{proxy+}", Context::Sales),
    ("/api/v1/sales/{proxy+}", Context::Sales),
    ("/api/v1/sales-targets", Context::Sales),
    ("/api/v1/sales-targets/{proxy+}", Context::Sales),
    ("/o/{organization}/ventes", Context::Sales),
    ("/o/{organization}/ventes/{proxy+}", Context::Sales),
    ("/o/{organization}/notifications", Context::Notifications),
    ("/o/{organization}/notifications/{proxy+}", Context::Notifications),
    ("/recherche", Context::Search),
    ("/recherche/{proxy+}", Context::Search),
    ("/api/v1/search", Context::Search),
    ("/api/v1/search/{proxy+}", Context::Search),
    ("/o/{organization}/recherche", Context::Search),
    ("/o/{organization}/recherche/{proxy+}", Context::Search),
    ("/o/{organization}/organisation", Context::Organizations),
    ("/o/{organization}/organisation/{proxy+}", Context::Organizations),
    ("/o/{organization}/deconnexion", Context::Accounts),
    ("/o/{organization}/compte", Context::Accounts),
    ("/o/{organization}/compte/{proxy+}", Context::Accounts),
    ("/o/{organization}/equipe", Context::Accounts),
    ("/o/{organization}/equipe/{proxy+}", Context::Accounts),
    ("/o/{organization}/entreprises/nouvelle", Context::Accounts),
    ("/o/{organization}/crm", Context::Crm),
    ("/o/{organization}/crm/{proxy+}", Context::Crm),
    ("/o/{organization}/rh", Context::Hr),
    ("/o/{organization}/rh/{proxy+}", Context::Hr),
    ("/o/{organization}/ventes/depenses", Context::Purchases),
    ("/o/{organization}/ventes/depenses/{proxy+}", Context::Purchases),
    ("/o/{organization}/ventes/fournisseurs", Context::Purchases),
    ("/o/{organization}/ventes/fournisseurs/{proxy+}", Context::Purchases),
    ("/o/{organization}/ventes/factures-recues", Context::Purchases),
    ("/o/{organization}/ventes/factures-recues/{proxy+}", Context::Purchases),
    ("/o/{organization}/facturation", Context::Invoicing),
    ("/o/{organization}/facturation/{proxy+}", Context::Invoicing),
    ("/o/{organization}/facturation/apercu/{proxy+}", Context::Preview),
    ("/o/{organization}/facturation/duplicata/{proxy+}", Context::Preview),
    ("/o/{organization}/rh/courriers/apercu/{proxy+}", Context::HrPreview),
];

/// The route of a request and its function: that of its method first, then an exact one, then the longest that ends in
/// `{proxy+}`.
pub fn find(method: &Method, path: &str) -> (&'static str, Context) {
    let named = |route: &str| route.split_once(' ') == Some((method.as_str(), path));
    let inside = path.strip_prefix("/o/").map(|rest| rest.find('/').map_or("", |at| &rest[at..]));
    // Of a route, what is to be compared with the path; none where only one of them names an organization.
    let tail = |route: &'static str| match inside {
        Some(inside) => route.strip_prefix(IN_ORGANIZATION).map(|route| (route, inside)),
        None => (!route.starts_with(IN_ORGANIZATION)).then_some((route, path)),
    };
    let is = |route: &'static str| tail(route).is_some_and(|(route, path)| route == path);
    let below = |route: &'static str| {
        tail(route)
            .and_then(|(route, path)| route.strip_suffix("{proxy+}").map(|prefix| (prefix, path)))
            .is_some_and(|(prefix, path)| path.len() > prefix.len() && path.starts_with(prefix))
    };
    ROUTES
        .iter()
        .find(|(route, _)| named(route))
        .or_else(|| ROUTES.iter().find(|(route, _)| is(route)))
        .or_else(|| ROUTES.iter().filter(|(route, _)| below(route)).max_by_key(|(route, _)| route.len()))
        .copied()
        .unwrap_or(("$default", Context::Dashboard))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_to_the_function_of_its_whole_segments() {
        let find = |path: &str| super::find(&Method::GET, path);
        assert_eq!(find("/"), ("/", Context::Dashboard));
        assert_eq!(find("/organisation/webhooks/whk_1"), ("/organisation/webhooks/{proxy+}", Context::Webhooks));
        assert_eq!(find("/crm"), ("/crm", Context::Crm));
        assert_eq!(find("/crm/entreprises/cmp_1"), ("/crm/{proxy+}", Context::Crm));
        assert_eq!(find("/crmx"), ("$default", Context::Dashboard));
        assert_eq!(find("/facturation/factures"), ("/facturation/{proxy+}", Context::Invoicing));
        assert_eq!(find("/facturation/apercu/devis"), ("/facturation/apercu/{proxy+}", Context::Preview));
        assert_eq!(find("/api/v1/tokens/tok_1"), ("/api/v1/tokens/{proxy+}", Context::Accounts));
        assert_eq!(find("/nowhere"), ("$default", Context::Dashboard));
        let platform = "/api/v1/platform/organizations";
        assert_eq!(find(platform), ("/api/v1/platform/{proxy+}", Context::Organizations));
        assert_eq!(super::find(&Method::POST, platform), ("POST /api/v1/platform/organizations", Context::Accounts));
        let visit = format!("{platform}/org_1/visit");
        assert_eq!(super::find(&Method::POST, &visit), ("/api/v1/platform/{proxy+}", Context::Organizations));
        let id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        assert_eq!(find(&format!("/o/{id}")), ("/o/{organization}", Context::Dashboard));
        assert_eq!(find(&format!("/o/{id}/")), ("$default", Context::Dashboard));
        assert_eq!(find(&format!("/o/{id}/crm")), ("/o/{organization}/crm", Context::Crm));
        assert_eq!(find(&format!("/o/{id}/crm/contacts")), ("/o/{organization}/crm/{proxy+}", Context::Crm));
        assert_eq!(find(&format!("/o/{id}/nowhere")), ("$default", Context::Dashboard));
    }

    #[test]
    fn the_deployed_api_has_the_same_routes() {
        let template = include_str!("../../../../template.yaml");
        let mut function = "";
        let mut deployed: Vec<(String, String)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        for line in template.lines() {
            if let Some(name) = line.strip_prefix("  ").and_then(|line| line.strip_suffix(':'))
                && name.chars().all(char::is_alphanumeric)
            {
                function = name;
            }
            if line.contains("Type: HttpApi")
                && let Some((_, path)) = line.split_once("Path: ")
            {
                // Of two events of one name, the second alone would be deployed.
                let name = line.split(':').next().unwrap_or_default().trim();
                assert!(names.insert((function, name)), "{function} has two events {name}");
                let path = path.split([',', ' ', '}']).next().unwrap_or_default();
                let quoted = line.split('"').nth(1);
                let path = quoted.unwrap_or(path);
                // A route of GET alone stands for its path; one of POST leaves the rest of the path to another function.
                let route = if line.contains("Method: POST") { format!("POST {path}") } else { path.to_owned() };
                deployed.push((route, function.to_lowercase()));
            }
        }
        deployed.sort();
        let mut ours: Vec<_> =
            ROUTES.iter().map(|(path, context)| ((*path).to_owned(), context.name().to_owned())).collect();
        ours.sort();
        assert_eq!(ours, deployed);
    }
}
