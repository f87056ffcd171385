//! What every page shows around its content.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};
use jiff::SignedDuration;
use kernel::{
    document::Logo,
    id::{UploadId, UserId},
};
use serde::{Deserialize, Serialize};

use crate::{Asker, Visitor, assets, cookies};

/// The frame of a page for somebody signed in.
#[derive(Debug, Clone)]
pub struct Shell {
    pub title: String,
    section: &'static str,
    pub user_name: String,
    pub user_initials: String,
    /// Where the user's portrait is, if they have one.
    pub user_portrait: Option<String>,
    pub organization_name: String,
    pub organization_initials: String,
    /// Where the organization's logo is, if it has one.
    pub organization_logo: Option<String>,
    pub theme_href: String,
    /// Whether settings and team are linked.
    pub may_view_settings: bool,
    pub may_view_crm: bool,
    pub may_view_invoicing: bool,
    pub may_view_hr: bool,
    pub may_view_sales: bool,
    /// Whether the platform's pages are linked.
    pub is_platform_admin: bool,
    /// Until when, as a time of day, an administrator of the platform is in this organization.
    pub visiting_until: Option<String>,
    /// That the organization's trial ends soon, or is over.
    pub trial: Option<TrialNotice>,
    /// Where a visit is ended.
    pub leave_href: String,
    /// Whether this installation tells open pages what happens; else they ask.
    pub is_live: bool,
    pub flash: Option<Flash>,
    pub request_id: String,
}

impl Shell {
    /// `section` is the entry of the navigation that is lit: `home`, `crm`, `invoicing`, `sales`, `hr`, `settings`, `platform`.
    pub fn new(asker: &Asker, section: &'static str, title: impl Into<String>) -> Self {
        let brand = &asker.organization.brand;
        Self {
            title: title.into(),
            section,
            user_name: asker.name.clone(),
            user_initials: initials(&asker.name),
            user_portrait: asker.portrait.map(portrait_href),
            organization_name: asker.organization.name.clone(),
            organization_initials: initials(&asker.organization.name),
            organization_logo: brand.logo.as_ref().map(logo_href),
            theme_href: assets::theme_href(&brand.primary_color, &brand.secondary_color),
            may_view_settings: asker.may(kernel::Permission::SettingsView),
            may_view_crm: asker.may(kernel::Permission::CrmView),
            may_view_invoicing: asker.may(kernel::Permission::InvoicingView),
            may_view_hr: asker.may(kernel::Permission::HrView),
            may_view_sales: asker.may(kernel::Permission::SalesView),
            is_platform_admin: asker.is_platform_admin(),
            visiting_until: asker.visit.as_ref().map(|visit| {
                let until = visit.until.to_zoned(asker.organization.zone());
                format!("{:02}:{:02}", until.hour(), until.minute())
            }),
            trial: TrialNotice::new(asker),
            leave_href: format!("/plateforme/entreprises/{}/quitter", asker.organization.id),
            is_live: asker.deps().config.sockets_url.is_some(),
            flash: asker.visitor.flash.clone(),
            request_id: asker.visitor.request_id.clone(),
        }
    }

    pub fn is(&self, section: &str) -> bool {
        self.section == section
    }

    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}

/// What the pages say of the organization's trial.
#[derive(Debug, Clone)]
pub struct TrialNotice {
    pub is_over: bool,
    pub text: String,
    /// The platform's address for questions.
    pub write_to: Option<String>,
}

/// How many days before its end the trial is told of.
const TRIAL_TOLD_DAYS: i32 = 14;

impl TrialNotice {
    fn new(asker: &Asker) -> Option<Self> {
        let ends_on = asker.organization.trial_ends_on?;
        let days = asker.today().until(ends_on).ok()?.get_days();
        let date = asker.organization.date(ends_on);
        let text = match days {
            ..0 => format!("Votre période d’essai s’est terminée le {date}."),
            0 => "Votre période d’essai se termine aujourd’hui.".into(),
            1..=TRIAL_TOLD_DAYS => format!("Votre période d’essai se termine le {date}."),
            _ => return None,
        };
        Some(Self { is_over: days < 0, text, write_to: asker.deps().config.support_email.clone() })
    }
}

/// Where a page finds the logo of its organization: under another address once it is another.
pub fn logo_href(logo: &Logo) -> String {
    format!("/organisation/logo?v={}", logo.sha256.get(..12).unwrap_or_default())
}

/// Where somebody finds their own portrait: under another address once it is another.
pub fn portrait_href(portrait: UploadId) -> String {
    format!("/compte/portrait?v={}", portrait.ulid())
}

/// Where they find that of a colleague.
pub fn member_portrait_href(member: UserId, portrait: UploadId) -> String {
    format!("/equipe/membres/{member}/portrait?v={}", portrait.ulid())
}

/// The frame of a page for somebody not signed in.
#[derive(Debug, Clone)]
pub struct Plain {
    pub title: String,
    pub flash: Option<Flash>,
    pub request_id: String,
}

impl Plain {
    pub fn new(visitor: &Visitor, title: impl Into<String>) -> Self {
        Self { title: title.into(), flash: visitor.flash.clone(), request_id: visitor.request_id.clone() }
    }

    pub fn theme_href(&self) -> String {
        assets::own_theme_href()
    }

    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}

/// At most two letters that stand for a name.
pub fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

/// A message that the next page shows once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// `success`, `info`, `warning` or `danger`.
    pub kind: String,
    pub text: String,
}

impl Flash {
    pub fn success(text: impl Into<String>) -> Self {
        Self { kind: "success".into(), text: text.into() }
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self { kind: "warning".into(), text: text.into() }
    }

    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let text = cookies::read(headers, cookies::FLASH)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }

    pub(crate) fn cookie(&self, secure: bool) -> Option<HeaderValue> {
        let json = serde_json::to_vec(self).ok()?;
        cookies::set(cookies::FLASH, &URL_SAFE_NO_PAD.encode(json), SignedDuration::from_secs(60), secure)
    }
}
