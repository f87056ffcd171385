//! `/organisation/conservation`

use askama::Template;
use kernel::Permission;
use web::{Asker, PageResult, Shell, page};

use super::{RetentionRule, retention_rules};

pub const PATH: &str = "/organisation/conservation";

#[derive(Template)]
#[template(path = "retention.html")]
struct RetentionPage {
    shell: Shell,
    rules: Vec<RetentionRule>,
    may_view_crm: bool,
}

pub async fn list_retention_rules(asker: Asker) -> PageResult {
    page(&RetentionPage {
        shell: Shell::new(&asker, "settings", "Conservation des données"),
        rules: retention_rules(asker.organization.day(asker.scope.now())),
        may_view_crm: asker.may(Permission::CrmView),
    })
}
