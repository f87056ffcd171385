//! What must never be, held by reading the sources.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

const CONTEXTS: [&str; 11] = [
    "organizations",
    "accounts",
    "crm",
    "invoicing",
    "hr",
    "notifications",
    "search",
    "sales",
    "dashboard",
    "webhooks",
    "purchases",
];
const WORKERS: [&str; 4] = ["pdf", "mailer", "relay", "clock"];

pub struct Source {
    /// From the root of the repository, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// Lines of code with their number, comments left out, up to the module of unit tests.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(number, line)| (number + 1, line))
    }

    fn lines_with(&self, wanted: &str) -> Vec<String> {
        self.code()
            .filter(|(_, line)| line.contains(wanted))
            .map(|(number, line)| format!("{}:{number}: {}", self.path, line.trim()))
            .collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str, extension: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(Source { path, text });
            }
        }
    }
    found
}

/// The sources that ship: no tests.
pub fn sources() -> Vec<Source> {
    ["shared", "functions", "infra"]
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .filter(|source| source.path.contains("/src/") && !source.path.starts_with("shared/testkit/"))
        .collect()
}

#[track_caller]
fn never(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn there_are_sources_to_read() {
    assert!(sources().len() > 100);
}

#[test]
fn no_function_depends_on_another() {
    let mut found = Vec::new();
    for function in CONTEXTS.iter().chain(&WORKERS) {
        let manifest = fs::read_to_string(root().join(format!("functions/{function}/Cargo.toml"))).unwrap();
        for other in CONTEXTS.iter().chain(&WORKERS).filter(|other| *other != function) {
            if manifest.lines().any(|line| line.starts_with(&format!("{other} ="))) {
                found.push(format!("functions/{function}/Cargo.toml names {other}"));
            }
        }
    }
    never(found);
}

#[test]
fn only_table_and_cloud_name_an_aws_sdk() {
    let mut found = Vec::new();
    for source in files("shared", "toml").into_iter().chain(files("functions", "toml")) {
        let may = ["shared/table/", "shared/cloud/"].iter().any(|own| source.path.starts_with(own));
        if !may && source.text.split("[dev-dependencies]").next().unwrap_or_default().contains("\naws-sdk") {
            found.push(source.path);
        }
    }
    never(found);
}

#[test]
fn models_are_pure() {
    let mut found = Vec::new();
    for source in sources() {
        let is_model = source.path.ends_with("/model.rs")
            || source.path == "functions/invoicing/src/content.rs"
            || source.path.starts_with("shared/kernel/");
        if is_model {
            for impure in ["async ", ".await", "axum", "aws_", "table::", "cloud::", "tokio"] {
                found.extend(source.lines_with(impure));
            }
        }
    }
    never(found);
}

#[test]
fn one_file_builds_keys() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !source.path.starts_with("infra/emulators/")) {
        if source.path != "shared/table/src/keys.rs" {
            // `due` in query.rs reads back what keys.rs wrote.
            let may = source.path == "shared/table/src/query.rs";
            for part in [
                "\"ORG#",
                "\"SESSION#",
                "\"TOKEN#",
                "\"EMAIL#",
                "\"USER#",
                "\"DUE#",
                "\"PLATFORM#",
                "\"PLATFORM\"",
                "\"FACTORS#",
                "\"PASSKEY#",
                "\"CEREMONY#",
                "\"CHALLENGE#",
                "\"RESET#",
                "\"ATTEMPTS#",
            ] {
                if !may {
                    found.extend(source.lines_with(part));
                }
            }
        }
    }
    never(found);
}

#[test]
fn no_float_near_money() {
    let mut found = Vec::new();
    for source in sources() {
        let near =
            ["shared/kernel/src/money.rs", "shared/kernel/src/document.rs", "functions/invoicing/", "functions/sales/"]
                .iter()
                .any(|money| source.path.starts_with(money));
        if near {
            found.extend(source.lines_with("f64"));
            found.extend(source.lines_with("f32"));
        }
    }
    never(found);
}

#[test]
fn nothing_scans_the_table() {
    let shipped = sources().into_iter().filter(|source| !source.path.starts_with("infra/emulators/"));
    never(shipped.flat_map(|source| source.lines_with(".scan()")).collect());
    let template = fs::read_to_string(root().join("template.yaml")).unwrap();
    assert!(!template.contains("dynamodb:Scan"));
}

#[test]
fn only_the_clock_reads_the_time() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !source.path.starts_with("infra/")) {
        if source.path != "shared/kernel/src/clock.rs" {
            for reading in ["Timestamp::now", "SystemTime::now", "Zoned::now"] {
                found.extend(source.lines_with(reading));
            }
        }
    }
    never(found);
}

/// The resources of template.yaml whose text has this in it, comments left out.
fn resources_with(wanted: &str) -> Vec<String> {
    let template = fs::read_to_string(root().join("template.yaml")).unwrap();
    let resources = template.split("\nResources:\n").nth(1).unwrap();
    let mut found: Vec<String> = Vec::new();
    let mut resource = String::new();
    for line in resources.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let own = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')).and_then(|rest| rest.strip_suffix(':'));
        if let Some(own) = own {
            resource = own.to_owned();
        } else if line.contains(wanted) && found.last() != Some(&resource) {
            found.push(resource.clone());
        }
    }
    found
}

/// Seeds, recovery codes and passkeys, and what proves that somebody is about to sign in: IAM holds them by their
/// leading keys. Policies list what is allowed, so who is not named here reads none of it.
#[test]
fn accounts_alone_reach_what_proves_a_person() {
    for partition in ["FACTORS#", "EMAIL#", "CEREMONY#", "CHALLENGE#", "RESET#"] {
        assert_eq!(resources_with(partition), ["SignInItems"], "{partition}");
    }
    assert_eq!(resources_with("!Ref SignInItems"), ["Accounts"]);
    // Nobody may touch the table without saying which keys.
    for everything in ["\"*\"] } }", "dynamodb:*"] {
        assert_eq!(resources_with(everything), [] as [&str; 0], "{everything}");
    }
}

/// Whoever makes a `Tenant` claims that somebody was proven. The list may only shrink.
#[test]
fn few_places_prove_a_tenant() {
    let may = [
        "shared/kernel/src/tenant.rs",
        "shared/web/src/access.rs",
        "shared/cloud/src/worker.rs",
        "functions/accounts/src/account/sign_up.rs",
        "functions/accounts/src/session/open_session.rs",
        "functions/accounts/src/account/reset_password.rs",
        // Who leaves all that they are a member of.
        "functions/accounts/src/account/delete_account.rs",
        // Who holds the secret of an invitation, and who founds an organization.
        "functions/accounts/src/invitation/accept_invitation.rs",
        "functions/accounts/src/member/create_organization.rs",
        "functions/mailer/src/sent.rs",
        // Who wants all that there is on themselves, of wherever their own list says that they are a member.
        "functions/organizations/src/person/write_person_export.rs",
        // Who holds the secret of a link to a document.
        "functions/invoicing/src/portal/visit.rs",
        // Who holds the secret of a member's calendar.
        "shared/web/src/calendar/open.rs",
        // The operator's commands, with the operator's rights: one reads a ledger, one has figures made anew.
        "infra/local/src/verify.rs",
        "infra/local/src/rebuild.rs",
        // Its counterpart for the index of the search, of a deployed table too.
        "functions/search/src/rebuild/start_rebuild.rs",
        // Who holds the secret of a mail to the client, or of the session that it opened.
        "functions/invoicing/src/portal/access.rs",
        // Whoever fills in a form that an organization put on its web site: the form acts, and nobody is proven.
        "functions/crm/src/webform/visit.rs",
        // Who holds the ticket of a page that listens.
        "functions/notifications/src/socket/gateway.rs",
        // Who holds the secret by which an account's webhooks are signed.
        "functions/invoicing/src/card/webhook.rs",
        // Who knows the secret of the address to which an organization's invoices are mailed.
        "functions/purchases/src/inbound/receive_mail.rs",
    ];
    let found = sources()
        .iter()
        .filter(|source| !may.contains(&source.path.as_str()))
        .flat_map(|source| source.lines_with("Tenant::proven"))
        .collect();
    never(found);
}

/// The audit log is read by people. Its one table is `functions/organizations/src/audit/acts.rs`.
#[test]
fn every_act_has_a_phrase_in_french() {
    const BEGIN: &str = "scope.begin(";
    let (mut acts, mut missing) = (0, Vec::new());
    for source in sources().iter().filter(|source| source.path.starts_with("functions/")) {
        if source.path.ends_with("/tests.rs") {
            continue;
        }
        let code: Vec<_> = source.code().map(|(_, line)| line.trim()).collect();
        for rest in code.concat().split(BEGIN).skip(1) {
            let act = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
            match act {
                Some(act) if organizations::audit::acts::french(act).is_some() => acts += 1,
                Some(act) => missing.push(format!("{}: {act} has no phrase in acts.rs", source.path)),
                None => missing.push(format!("{}: an act is begun by its name, written out", source.path)),
            }
        }
    }
    assert!(acts > 20);
    never(missing);
}

/// Its other table is `functions/organizations/src/audit/dictionary.rs`.
#[test]
fn every_item_of_the_audit_log_has_a_name_in_french() {
    let (mut named, mut missing) = (0, Vec::new());
    for source in sources() {
        let code: Vec<_> = source.code().map(|(_, line)| line).collect();
        for implementation in code.join("\n").split(" Item for ").skip(1) {
            let kind =
                implementation.split("const TYPE: &'static str = \"").nth(1).and_then(|rest| rest.split('"').next());
            let Some(kind) = kind.filter(|_| !implementation.contains("Audit = Audit::Nothing")) else { continue };
            match organizations::audit::dictionary::item(kind) {
                Some(_) => named += 1,
                None => missing.push(format!("{}: {kind} has no name in dictionary.rs", source.path)),
            }
        }
    }
    assert!(named > 70);
    never(missing);
}

#[test]
fn every_file_says_what_it_is_for() {
    never(
        sources()
            .into_iter()
            .filter(|source| !source.text.trim_start().starts_with("//!"))
            .map(|source| source.path)
            .collect(),
    );
}

/// A mail is no page: it has no policy, and mail programs know no other styles.
const MAIL: &str = "shared/web/templates/letter.html";

#[test]
fn pages_bring_no_inline_script_or_style_and_nothing_from_elsewhere() {
    let mut found = Vec::new();
    for folder in ["shared", "functions", "infra"] {
        for page in files(folder, "html") {
            for line in page.text.lines() {
                let styled = line.contains("<style") || line.contains(" style=\"");
                let inline = (styled && page.path != MAIL) || line.contains(" onclick=");
                let script = line.contains("<script") && !line.contains("src=");
                let foreign = ["src=\"http", "href=\"http", "//cdn"].iter().any(|part| line.contains(part));
                if inline || script || foreign {
                    found.push(format!("{}: {}", page.path, line.trim()));
                }
            }
        }
    }
    never(found);
}

/// The document of the API keeps one schema of a name, whichever came last.
#[test]
fn every_schema_of_the_api_has_a_name_of_its_own() {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources() {
        let (mut is_schema, mut alias) = (false, None);
        for (_, line) in source.code() {
            is_schema |= line.contains("ToSchema") && !line.starts_with("use ");
            alias = line.split_once("schema(as = ").and_then(|(_, rest)| rest.split([')', ',']).next()).or(alias);
            let declared = ["struct ", "enum "].iter().find_map(|kind| line.split_once(kind)).map(|(_, rest)| rest);
            if let Some(declared) = declared.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()) {
                if is_schema {
                    names.entry(alias.unwrap_or(declared).to_owned()).or_default().push(source.path.clone());
                }
                (is_schema, alias) = (false, None);
            }
        }
    }
    assert!(names.len() > 300);
    never(names.into_iter().filter(|(_, of)| of.len() > 1).map(|(name, of)| format!("{name}: {of:?}")).collect());
}

/// Whether an expression of a template begins a path with this name: not in a text, not as a field or an argument.
fn says(expression: &str, name: &str) -> bool {
    let code = expression.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (code[..at].chars().last(), code[at + name.len()..].chars().next());
        !before.is_some_and(|c| is_part(c) || c == '.') && !after.is_some_and(|c| is_part(c) || "=(:".contains(c))
    })
}

/// What stands within `{% call %}` sees the parameters of the macro in the place of what the page calls the same.
#[test]
fn no_parameter_of_a_macro_stands_for_what_a_page_means() {
    let pages: Vec<Source> = ["shared", "functions", "infra"].iter().flat_map(|folder| files(folder, "html")).collect();
    let mut parameters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for definition in pages.iter().flat_map(|page| page.text.split("{%- macro ").skip(1)) {
        let (head, body) = definition.split_once(") -%}").expect("a macro");
        if body.split("endmacro").next().is_some_and(|body| body.contains("caller")) {
            let (name, given) = head.split_once('(').expect("its parameters");
            let given = given.split(',').map(|one| one.split('=').next().unwrap_or_default().trim());
            parameters.insert(name, given.filter(|name| !name.is_empty()).collect());
        }
    }
    let (mut bodies, mut found) = (0, Vec::new());
    for page in &pages {
        let mut within: Vec<&str> = Vec::new();
        let mut is_doubled = false;
        for part in page.text.split('{') {
            let code = match part.strip_prefix('%') {
                Some(code) => code.split("%}").next(),
                None => part.split("}}").next().filter(|_| is_doubled),
            };
            is_doubled = part.is_empty();
            let Some(expression) = code.map(|code| code.trim_matches(['-', ' ', '\n'])) else { continue };
            let mut given = within.iter().filter_map(|call| parameters.get(call)).flatten();
            if let Some(name) = given.find(|name| says(expression, name)) {
                found.push(format!("{}: {name} in {expression}", page.path));
            }
            if let Some(call) = expression.strip_prefix("call ").and_then(|call| call.split('(').next()) {
                within.push(call.rsplit("::").next().unwrap_or_default());
                bodies += 1;
            } else if expression == "endcall" {
                within.pop();
            }
        }
    }
    assert!(bodies > 200 && parameters["card"].contains(&"anchor"));
    never(found);
}
