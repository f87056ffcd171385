//! What a form on somebody's web site is. Pure.

use jiff::Timestamp;
use kernel::{
    Rule, Violations,
    id::{PipelineId, StageId, UserId, WebFormId},
    legal, text,
};
use serde::{Deserialize, Serialize};

use crate::{
    company::named,
    settings::{Outcome, Pipeline, Settings, Stage},
};

/// How many forms an organization has at most.
pub const FORMS_MAX: u16 = 20;
const SITES_MAX: usize = 10;
const ADDRESS_MAX: usize = 500;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebForm {
    pub id: WebFormId,
    /// As the team calls it.
    pub name: String,
    /// As its visitors read it.
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intro: Option<String>,
    pub fields: LeadFields,
    /// The source of the opportunities that come of it.
    pub source: String,
    pub assigned_to: Option<UserId>,
    pub pipeline: PipelineId,
    pub stage: StageId,
    /// What is said beside the box by which a visitor agrees to advertising; without it there is no box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy_url: Option<String>,
    pub thanks: String,
    /// Where the visitor is led instead of reading the thanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<String>,
    /// Who may show it in a frame: origins, `https://www.exemple.fr`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
    pub is_open: bool,
    pub created_at: Timestamp,
}

/// What is asked beside the last name, which is always.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadFields {
    pub first_name: Asked,
    pub email: Asked,
    pub phone: Asked,
    pub company: Asked,
    pub message: Asked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    #[default]
    No,
    Optional,
    Required,
}

impl Asked {
    pub const ALL: [Self; 3] = [Self::Required, Self::Optional, Self::No];

    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::No => "Non demandé",
            Self::Optional => "Facultatif",
            Self::Required => "Obligatoire",
        }
    }

    fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::No),
            name => Self::ALL.into_iter().find(|asked| asked.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebFormInput {
    /// As the team calls it.
    pub name: String,
    /// As its visitors read it.
    pub title: String,
    pub intro: String,
    /// `required`, `optional` or `no`, which an empty text means too. The last name is always asked. So are these.
    pub first_name: String,
    /// E-mail or telephone must be `required`.
    pub email: String,
    pub phone: String,
    pub company: String,
    pub message: String,
    /// The source of the opportunities that come of it; the name of the form where empty.
    pub source: String,
    /// `usr_…`, who takes care of what comes and gets a mail. Where empty: of a new form who creates it, of a changed one as
    /// before.
    pub assigned_to: String,
    /// `stg_…`, a stage in progress at which opportunities begin; the first one where empty.
    pub stage: String,
    /// What is said beside the box by which a visitor agrees to advertising; no box where empty.
    pub consent: String,
    /// `https://…`, how the organization deals with personal data.
    pub privacy_url: String,
    /// What a visitor reads afterwards; usual words where empty.
    pub thanks: String,
    /// `https://…`, where a visitor is led instead.
    pub redirect_url: String,
    /// Who may show the form in a frame, one a line, 10 at most: `https://www.exemple.fr`.
    pub sites: String,
    /// `true` (which an empty text means too) or `false`: nobody can send anything by a form that is closed.
    pub is_open: String,
}

const THANKS: &str = "Merci, votre demande est bien envoyée. Nous vous répondons dès que possible.";

impl WebFormInput {
    pub fn of(form: &WebForm) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let fields = &form.fields;
        Self {
            name: form.name.clone(),
            title: form.title.clone(),
            intro: text(&form.intro),
            first_name: fields.first_name.name().into(),
            email: fields.email.name().into(),
            phone: fields.phone.name().into(),
            company: fields.company.name().into(),
            message: fields.message.name().into(),
            source: form.source.clone(),
            assigned_to: form.assigned_to.map(|user| user.to_string()).unwrap_or_default(),
            stage: form.stage.to_string(),
            consent: text(&form.consent),
            privacy_url: text(&form.privacy_url),
            thanks: form.thanks.clone(),
            redirect_url: text(&form.redirect_url),
            sites: form.sites.join("\n"),
            is_open: form.is_open.to_string(),
        }
    }

    /// As a page begins with it.
    pub fn usual() -> Self {
        let required = || Asked::Required.name().to_owned();
        let optional = || Asked::Optional.name().to_owned();
        Self {
            title: "Contactez-nous".into(),
            first_name: optional(),
            email: required(),
            phone: optional(),
            company: optional(),
            message: required(),
            source: "Site internet".into(),
            thanks: THANKS.into(),
            is_open: "true".into(),
            ..Self::default()
        }
    }

    /// Whether who is named can take care of what comes, the table knows; `assigned_to` is nobody until then.
    pub fn parse(&self, id: WebFormId, created_at: Timestamp, settings: &Settings) -> Result<WebForm, Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 60).and_then(one_line));
        let title = wrong.take("/title", legal::required(&self.title, 100).and_then(one_line));
        let intro = wrong.take("/intro", legal::optional(&self.intro, |text| legal::text(text, 1_000))).flatten();
        let source =
            wrong.take("/source", legal::optional(&self.source, |text| legal::text(text, 60).and_then(one_line)));
        let consent = wrong.take("/consent", legal::optional(&self.consent, |text| legal::text(text, 500))).flatten();
        let thanks = wrong.take("/thanks", legal::optional(&self.thanks, |text| legal::text(text, 1_000))).flatten();
        let privacy_url = wrong.take("/privacy_url", legal::optional(&self.privacy_url, address)).flatten();
        let redirect_url = wrong.take("/redirect_url", legal::optional(&self.redirect_url, address)).flatten();
        wrong.take("/assigned_to", named(&self.assigned_to));
        let sites = wrong.take("/sites", sites(&self.sites));
        let fields = self.fields(&mut wrong);
        let stage = wrong.take("/stage", self.stage(settings));
        let is_open = match self.is_open.as_str() {
            "" | "true" => true,
            "false" => false,
            _ => {
                wrong.add("/is_open", Rule::NotAChoice);
                false
            }
        };
        let (Some(name), Some(title), Some(source), Some(sites), Some(fields), Some((pipeline, stage)), true) =
            (name, title, source, sites, fields, stage, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(WebForm {
            id,
            source: source.unwrap_or_else(|| name.clone()),
            name,
            title,
            intro,
            fields,
            assigned_to: None,
            pipeline,
            stage,
            consent,
            privacy_url,
            thanks: thanks.unwrap_or_else(|| THANKS.into()),
            redirect_url,
            sites,
            is_open,
            created_at,
        })
    }

    fn fields(&self, wrong: &mut Violations) -> Option<LeadFields> {
        let mut asked = |pointer: &str, name: &str| wrong.take(pointer, Asked::named(name));
        let first_name = asked("/first_name", &self.first_name);
        let email = asked("/email", &self.email);
        let phone = asked("/phone", &self.phone);
        let company = asked("/company", &self.company);
        let message = asked("/message", &self.message);
        let fields =
            LeadFields { first_name: first_name?, email: email?, phone: phone?, company: company?, message: message? };
        if ![fields.email, fields.phone].contains(&Asked::Required) {
            wrong.add("/email", Rule::NoWayToAnswer);
        }
        Some(fields)
    }

    fn stage(&self, settings: &Settings) -> Result<(PipelineId, StageId), Rule> {
        let id = match self.stage.trim() {
            "" => {
                let first = settings.pipelines.first().and_then(first_stage);
                return first.map(|(pipeline, stage)| (pipeline, stage.id)).ok_or(Rule::NotFound);
            }
            id => id.parse().map_err(|_| Rule::NotAnId)?,
        };
        let (pipeline, stage) = settings.stage(id).ok_or(Rule::NotFound)?;
        if stage.outcome == Outcome::Open { Ok((pipeline.id, stage.id)) } else { Err(Rule::NotAChoice) }
    }
}

fn first_stage(pipeline: &Pipeline) -> Option<(PipelineId, &Stage)> {
    Some((pipeline.id, pipeline.first_stage()?))
}

impl WebForm {
    /// Where what comes begins, as the stages are by now: a stage that is gone or closed has the first one in its place.
    pub fn begins_at<'s>(&self, settings: &'s Settings) -> Option<(PipelineId, &'s Stage)> {
        let own = settings.stage(self.stage).filter(|(_, stage)| stage.outcome == Outcome::Open);
        own.map(|(pipeline, stage)| (pipeline.id, stage))
            .or_else(|| settings.pipeline(self.pipeline).and_then(first_stage))
            .or_else(|| settings.pipelines.first().and_then(first_stage))
    }

    /// How a contact's consent names it.
    pub fn consent_source(&self) -> String {
        format!("Formulaire «\u{a0}{}\u{a0}»", self.name)
    }
}

/// A text of one line.
pub fn one_line(text: String) -> Result<String, Rule> {
    if text.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(text) }
}

/// A complete address on the web that begins with `https://`.
pub fn address(typed: &str) -> Result<String, Rule> {
    let typed = typed.trim();
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
    let origin = origin(typed).ok_or(Rule::NotASecureAddress)?;
    let rest = &typed[origin.len().min(typed.len())..];
    let is_whole = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    if !typed.chars().all(is_plain) || !is_whole {
        return Err(Rule::NotASecureAddress);
    }
    if typed.len() > ADDRESS_MAX {
        return Err(Rule::TooLong { max: ADDRESS_MAX });
    }
    Ok(format!("{origin}{rest}"))
}

/// Of an address, the site: `https://www.exemple.fr`, with its port where it names one. None of anything else.
pub fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_at_checked("https://".len())?;
    if !scheme.eq_ignore_ascii_case("https://") {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, port) = match rest[..end].split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (&rest[..end], None),
    };
    let of_a_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_host = host.len() <= 253 && host.contains('.') && host.split('.').all(of_a_label);
    let is_port = port.is_none_or(|port| {
        port.len() <= 5
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    (is_host && is_port).then(|| format!("https://{}", rest[..end].to_ascii_lowercase()))
}

fn sites(typed: &str) -> Result<Vec<String>, Rule> {
    let mut sites: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = line.strip_suffix('/').unwrap_or(line);
        let whole = if line.contains("://") { line.to_owned() } else { format!("https://{line}") };
        let site = origin(&whole).filter(|site| site.len() == whole.len()).ok_or(Rule::NotASite)?;
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    if sites.len() > SITES_MAX { Err(Rule::TooMany { max: SITES_MAX }) } else { Ok(sites) }
}

/// Whether two names are the same to whoever reads them.
pub fn same_name(one: &str, other: &str) -> bool {
    text::folded(one) == text::folded(other)
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn input() -> WebFormInput {
        WebFormInput {
            name: "Contact du site".into(),
            privacy_url: "https://www.exemple.fr/vie-privee".into(),
            redirect_url: "https://www.exemple.fr/merci?de=formulaire".into(),
            sites: "https://www.exemple.fr\nexemple.fr/\n".into(),
            consent: "J’accepte de recevoir vos offres.".into(),
            ..WebFormInput::usual()
        }
    }

    fn parsed(input: &WebFormInput) -> Result<WebForm, Violations> {
        input.parse(WebFormId::from_ulid(Ulid(1)), Timestamp::UNIX_EPOCH, &Settings::default())
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let form = parsed(&input()).unwrap();
        assert_eq!(form.sites, ["https://www.exemple.fr", "https://exemple.fr"]);
        assert_eq!(form.stage, Settings::default().pipelines[0].stages[0].id);
        let again = parsed(&WebFormInput::of(&form)).unwrap();
        assert_eq!(again, form);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let won = Settings::default().pipelines[0].stages[4].id.to_string();
        let wrong = WebFormInput {
            name: String::new(),
            title: "a\nb".into(),
            intro: "x".repeat(1_001),
            first_name: "peut-être".into(),
            source: "x".repeat(61),
            assigned_to: "moi".into(),
            stage: won,
            privacy_url: "http://exemple.fr".into(),
            redirect_url: "javascript:alert(1)".into(),
            sites: "https://exemple.fr/page".into(),
            is_open: "oui".into(),
            ..input()
        };
        let Err(wrong) = parsed(&wrong) else { panic!("accepted") };
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected =
            "/assigned_to /first_name /intro /is_open /name /privacy_url /redirect_url /sites /source /stage /title";
        assert_eq!(pointers.join(" "), expected);
    }

    #[test]
    fn whoever_writes_can_be_answered() {
        let neither = WebFormInput { email: "optional".into(), phone: "no".into(), ..input() };
        let Err(wrong) = parsed(&neither) else { panic!("accepted") };
        assert!(wrong.iter().all(|violation| violation.rule == Rule::NoWayToAnswer && violation.pointer == "/email"));
        assert!(parsed(&WebFormInput { phone: "required".into(), ..neither }).is_ok());
    }

    #[test]
    fn nothing_but_a_site_gets_into_a_policy() {
        for wrong in [
            "https://exemple.fr; script-src *",
            "https://exemple.fr *",
            "*",
            "https://*",
            "https://*.fr",
            "https://exemple",
            "https://a@exemple.fr",
            "https://exemple.fr:0",
            "https://exemple.fr:99999",
            "https://exemple.fr?x",
            "https://exemple.fr#x",
            "https://-exemple.fr",
            "https://école.fr",
            "http://exemple.fr",
            "data://exemple.fr",
            "'self'",
            "https://",
        ] {
            assert!(sites(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            sites("EXEMPLE.fr\nhttps://exemple.fr:8443").unwrap(),
            ["https://exemple.fr", "https://exemple.fr:8443"]
        );
        let many: String = (0..11).map(|n| format!("s{n}.fr\n")).collect();
        assert_eq!(sites(&many), Err(Rule::TooMany { max: 10 }));
    }

    #[test]
    fn an_address_is_complete_and_secure() {
        assert_eq!(address(" HTTPS://Exemple.fr/Merci?a=1#b "), Ok("https://exemple.fr/Merci?a=1#b".into()));
        for wrong in [
            "exemple.fr",
            "//exemple.fr",
            "https:/exemple.fr",
            "https://exemple.fr/a b",
            "https://exemple.fr\\@x.fr",
            "https://exemple.fr/é",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(address(&format!("https://exemple.fr/{}", "a".repeat(500))), Err(Rule::TooLong { max: 500 }));
    }

    #[test]
    fn a_stage_that_is_gone_has_the_first_one_in_its_place() {
        let settings = Settings::default();
        let form = parsed(&WebFormInput { stage: settings.pipelines[0].stages[2].id.to_string(), ..input() }).unwrap();
        assert_eq!(form.begins_at(&settings).map(|(_, stage)| (stage.id, stage.probability)), Some((form.stage, 50)));
        let gone = WebForm { stage: StageId::from_ulid(Ulid(99)), ..form };
        let first = settings.pipelines[0].stages[0].id;
        assert_eq!(gone.begins_at(&settings).map(|(_, stage)| (stage.id, stage.probability)), Some((first, 10)));
    }
}
