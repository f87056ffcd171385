//! The account plan of an organization: which account is used for what, and when its financial year ends. What it does not
//! say is as the plan comptable général has it (règlement ANC 2014-03). Pure.

use std::collections::BTreeMap;

use kernel::{Rule, Violations, document::Operations, vat::Treatment};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::payment::Method;

/// What an account or a journal is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// As the API and forms name it.
    pub name: &'static str,
    pub group: &'static str,
    /// As people read it, and the label of the account (CompteLib) or journal (JournalLib).
    pub french: &'static str,
    pub usual: &'static str,
}

const fn usage(name: &'static str, group: &'static str, french: &'static str, usual: &'static str) -> Use {
    Use { name, group, french, usual }
}

const JOURNALS: &str = "Journaux";
const THIRD_PARTIES: &str = "Clients";
const SERVICES: &str = "Ventes de services";
const GOODS: &str = "Ventes de marchandises";
const MIXED: &str = "Ventes de biens et services ensemble";
const WITHOUT_VAT: &str = "Ventes sans TVA";
const COLLECTED: &str = "TVA collectée";
const PENDING: &str = "TVA en attente d’encaissement";
const MONEY: &str = "Règlements";

/// In the order of the page.
pub const USES: &[Use] = &[
    usage("journal_sales", JOURNALS, "Ventes", "VE"),
    usage("journal_bank", JOURNALS, "Banque", "BQ"),
    usage("journal_cash", JOURNALS, "Caisse", "CA"),
    usage("journal_other", JOURNALS, "Opérations diverses", "OD"),
    usage("clients", THIRD_PARTIES, "Clients", "411000"),
    usage("deposits", THIRD_PARTIES, "Clients – acomptes reçus sur commandes", "419100"),
    usage("services", SERVICES, "Prestations de services", "706000"),
    usage("services_20", SERVICES, "Prestations de services à 20 %", "706000"),
    usage("services_10", SERVICES, "Prestations de services à 10 %", "706000"),
    usage("services_5_5", SERVICES, "Prestations de services à 5,5 %", "706000"),
    usage("services_2_1", SERVICES, "Prestations de services à 2,1 %", "706000"),
    usage("goods", GOODS, "Ventes de marchandises", "707000"),
    usage("goods_20", GOODS, "Ventes de marchandises à 20 %", "707000"),
    usage("goods_10", GOODS, "Ventes de marchandises à 10 %", "707000"),
    usage("goods_5_5", GOODS, "Ventes de marchandises à 5,5 %", "707000"),
    usage("goods_2_1", GOODS, "Ventes de marchandises à 2,1 %", "707000"),
    usage("mixed", MIXED, "Ventes de biens et services", "706000"),
    usage("mixed_20", MIXED, "Ventes de biens et services à 20 %", "706000"),
    usage("mixed_10", MIXED, "Ventes de biens et services à 10 %", "706000"),
    usage("mixed_5_5", MIXED, "Ventes de biens et services à 5,5 %", "706000"),
    usage("mixed_2_1", MIXED, "Ventes de biens et services à 2,1 %", "706000"),
    usage("reverse_charge", WITHOUT_VAT, "Ventes en autoliquidation", "704000"),
    usage("intra_union_goods", WITHOUT_VAT, "Livraisons intracommunautaires", "707200"),
    usage("intra_union_services", WITHOUT_VAT, "Services à des entreprises de l’Union", "706200"),
    usage("export", WITHOUT_VAT, "Exportations", "707300"),
    usage("outside_scope", WITHOUT_VAT, "Services hors de l’Union", "706300"),
    usage("margin", WITHOUT_VAT, "Ventes sous le régime de la marge", "707400"),
    usage("late_interest", WITHOUT_VAT, "Intérêts et indemnités de retard", "763100"),
    usage("vat_20", COLLECTED, "TVA collectée à 20 %", "445710"),
    usage("vat_10", COLLECTED, "TVA collectée à 10 %", "445711"),
    usage("vat_5_5", COLLECTED, "TVA collectée à 5,5 %", "445712"),
    usage("vat_2_1", COLLECTED, "TVA collectée à 2,1 %", "445713"),
    usage("vat", COLLECTED, "TVA collectée à un autre taux", "445718"),
    usage("pending_20", PENDING, "TVA sur encaissements à 20 %", "445740"),
    usage("pending_10", PENDING, "TVA sur encaissements à 10 %", "445741"),
    usage("pending_5_5", PENDING, "TVA sur encaissements à 5,5 %", "445742"),
    usage("pending_2_1", PENDING, "TVA sur encaissements à 2,1 %", "445743"),
    usage("pending", PENDING, "TVA sur encaissements à un autre taux", "445748"),
    usage("bank_transfer", MONEY, "Banque – virements", "512000"),
    usage("card", MONEY, "Banque – cartes bancaires", "512000"),
    usage("direct_debit", MONEY, "Banque – prélèvements", "512000"),
    usage("check", MONEY, "Chèques à encaisser", "511200"),
    usage("cash", MONEY, "Caisse", "530000"),
    usage("other", MONEY, "Autres valeurs à l’encaissement", "511000"),
];

fn usage_named(name: &str) -> Option<&'static Use> {
    USES.iter().find(|usage| usage.name == name)
}

impl Use {
    pub fn is_journal(&self) -> bool {
        self.group == JOURNALS
    }

    /// Whether what was typed can stand there: a journal has 2 to 3 letters or digits, an account 6 to 8 digits of a class
    /// of the PCG.
    fn parse(&self, text: &str) -> Result<String, Rule> {
        let text = text.trim().to_uppercase();
        let is_right = if self.is_journal() {
            (2..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric())
        } else {
            (6..=8).contains(&text.len())
                && text.chars().all(|c| c.is_ascii_digit())
                && text.starts_with(['1', '2', '3', '4', '5', '6', '7'])
        };
        is_right.then_some(text).ok_or(if self.is_journal() { Rule::NotAJournalCode } else { Rule::NotAnAccount })
    }
}

/// An account with its label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub number: String,
    pub label: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPlan {
    /// The month with whose last day the financial year ends, 1 to 12.
    pub year_end_month: i8,
    /// What differs from what is usual.
    pub accounts: BTreeMap<String, String>,
}

impl Default for AccountPlan {
    fn default() -> Self {
        Self { year_end_month: 12, accounts: BTreeMap::new() }
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPlanInput {
    /// `1` to `12`.
    pub year_end_month: String,
    /// Account or journal by its use; what is missing or empty is as usual.
    #[serde(default)]
    pub accounts: BTreeMap<String, String>,
}

impl AccountPlanInput {
    pub fn parse(&self) -> Result<AccountPlan, Violations> {
        let mut wrong = Violations::default();
        let month = self.year_end_month.trim().parse().ok().filter(|month| (1..=12).contains(month));
        let month = wrong.take("/year_end_month", month.ok_or(Rule::NotAChoice));
        let mut accounts = BTreeMap::new();
        for (name, typed) in self.accounts.iter().filter(|(_, typed)| !typed.trim().is_empty()) {
            let at = format!("/accounts/{name}");
            let Some(usage) = usage_named(name) else {
                wrong.add(at, Rule::NotAChoice);
                continue;
            };
            if let Some(account) = wrong.take(at, usage.parse(typed))
                && account != usage.usual
            {
                accounts.insert(name.clone(), account);
            }
        }
        // Two journals of one code would be one journal.
        let codes: Vec<_> = USES
            .iter()
            .filter(|usage| usage.is_journal())
            .map(|usage| (usage.name, accounts.get(usage.name).map_or(usage.usual, String::as_str)))
            .collect();
        for (at, (name, code)) in codes.iter().enumerate() {
            if codes.iter().take(at).any(|(_, other)| other == code) {
                wrong.add(format!("/accounts/{name}"), Rule::AlreadyTaken);
            }
        }
        match (month, wrong.is_empty()) {
            (Some(year_end_month), true) => Ok(AccountPlan { year_end_month, accounts }),
            _ => Err(wrong),
        }
    }
}

impl AccountPlan {
    /// The account or journal of a use.
    pub fn of(&self, usage: &Use) -> &str {
        self.accounts.get(usage.name).map_or(usage.usual, String::as_str)
    }

    fn account(&self, name: &str) -> Account {
        let usage = usage_named(name).unwrap_or(&USES[0]);
        Account { number: self.of(usage).into(), label: usage.french }
    }

    /// Of this rate, or of the use without one where the plan has none of it.
    fn by_rate(&self, name: &str, percent: Decimal) -> Account {
        let rate = format!("{name}_{}", percent.normalize().to_string().replace('.', "_"));
        self.account(if usage_named(&rate).is_some() { &rate } else { name })
    }

    pub fn journal(&self, name: &str) -> Account {
        self.account(name)
    }

    pub fn clients(&self) -> Account {
        self.account("clients")
    }

    pub fn deposits(&self) -> Account {
        self.account("deposits")
    }

    pub fn sales(&self, treatment: Treatment, operations: Operations, percent: Decimal) -> Account {
        match treatment {
            Treatment::Domestic => {
                let name = match operations {
                    Operations::Services => "services",
                    Operations::Goods => "goods",
                    Operations::Mixed => "mixed",
                };
                self.by_rate(name, percent)
            }
            Treatment::MarginSecondHand
            | Treatment::MarginArt
            | Treatment::MarginAntiques
            | Treatment::MarginTravel => self.account("margin"),
            other => self.account(other.name()),
        }
    }

    pub fn vat_collected(&self, percent: Decimal) -> Account {
        self.by_rate("vat", percent)
    }

    pub fn vat_pending(&self, percent: Decimal) -> Account {
        self.by_rate("pending", percent)
    }

    /// None for what moves no money.
    pub fn money(&self, method: Method) -> Option<Account> {
        (method != Method::Credit).then(|| self.account(method.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(accounts: &[(&str, &str)]) -> AccountPlanInput {
        let accounts = accounts.iter().map(|(name, account)| ((*name).into(), (*account).into())).collect();
        AccountPlanInput { year_end_month: "12".into(), accounts }
    }

    #[test]
    fn each_use_stands_once_and_its_usual_account_is_one() {
        for usage in USES {
            assert_eq!(USES.iter().filter(|other| other.name == usage.name).count(), 1, "{}", usage.name);
            assert_eq!(usage.parse(usage.usual).as_deref(), Ok(usage.usual), "{}", usage.name);
        }
    }

    #[test]
    fn every_case_has_its_own_account() {
        let plan = AccountPlan::default();
        let sales =
            |treatment, operations, percent: &str| plan.sales(treatment, operations, percent.parse().unwrap()).label;
        assert_eq!(sales(Treatment::Domestic, Operations::Goods, "5.50"), "Ventes de marchandises à 5,5 %");
        assert_eq!(sales(Treatment::Domestic, Operations::Services, "8.5"), "Prestations de services");
        for treatment in Treatment::ALL.into_iter().filter(|treatment| !treatment.is_domestic()) {
            assert_ne!(sales(treatment, Operations::Goods, "0"), "Ventes", "{treatment:?}");
        }
        assert_eq!(plan.vat_collected("20".parse().unwrap()).number, "445710");
        assert_eq!(plan.vat_pending("2.1".parse().unwrap()).number, "445743");
        for method in Method::ALL {
            assert!(plan.money(method).is_some_and(|account| account.number.starts_with('5')), "{method:?}");
        }
        assert_eq!(plan.money(Method::Credit), None);
    }

    #[test]
    fn what_is_as_usual_is_not_kept_and_what_is_wrong_is_told() {
        let plan = input(&[("clients", " 411000 "), ("vat_20", "44571200"), ("goods", "")]).parse().unwrap();
        assert_eq!(plan.accounts, BTreeMap::from([("vat_20".into(), "44571200".into())]));
        let wrong = |accounts: &[(&str, &str)]| {
            let wrong = input(accounts).parse().unwrap_err();
            wrong.iter().map(|one| one.pointer.clone()).collect::<Vec<_>>()
        };
        for account in ["411", "801000", "41100A", "411000000"] {
            assert_eq!(wrong(&[("clients", account)]), ["/accounts/clients"], "{account}");
        }
        assert_eq!(wrong(&[("journal_bank", "VE")]), ["/accounts/journal_bank"]);
        assert_eq!(wrong(&[("teapot", "411000")]), ["/accounts/teapot"]);
        assert!(AccountPlanInput { year_end_month: "13".into(), ..input(&[]) }.parse().is_err());
    }
}
