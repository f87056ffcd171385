//! A mail's words, once for people who read text and once for those who read HTML, in the organization's colours.
//! Every mail of the product is one of these.

use askama::Template;
use kernel::{
    Error, Result,
    id::MailId,
    legal,
    mail::{Fate, Mail, MailState, Mailbox},
    reference::OrganizationReference,
    text,
};

use crate::{assets, initials};

/// Built part by part, in the order in which it is read; [`Self::mail`] ends it. All parts are plain text.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    organization: &'a OrganizationReference,
    subject: String,
    greeting: String,
    paragraphs: Vec<String>,
    facts: Vec<(&'static str, String)>,
    button: Option<Button>,
    notes: Vec<String>,
}

#[derive(Debug, Clone)]
struct Button {
    label: &'static str,
    href: String,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    letter: &'a Letter<'a>,
    name: &'a str,
    initials: String,
    /// What mail programs show beside the subject.
    preview: &'a str,
    brand: String,
    on_brand: &'static str,
    identity: Vec<String>,
}

/// In the place of the address of somebody who was erased; nothing can be sent there (RFC 2606).
pub const ERASED_ADDRESS: &str = "efface@efface.invalid";

/// The same mail to somebody of no name, where it is addressed to this one.
pub fn without_name(mail: &Mail, name: &str) -> Mail {
    let (named, nameless) = (greeting(Some(name)), greeting(None));
    let Ok(escaped) = askama::filters::escape(&named, askama::filters::Html).map(|named| named.to_string());
    let mut mail = mail.clone();
    if mail.to.name.as_deref() == Some(name) {
        mail.to.name = None;
    }
    mail.text = mail.text.replacen(&named, &nameless, 1);
    mail.html = mail.html.map(|html| html.replacen(&escaped, &nameless, 1));
    mail
}

fn greeting(name: Option<&str>) -> String {
    name.map_or_else(|| "Bonjour,".into(), |name| format!("Bonjour {name},"))
}

const CLOSING: &str = "Bien cordialement,";

impl<'a> Letter<'a> {
    /// To somebody whose name may be known.
    pub fn new(organization: &'a OrganizationReference, subject: impl Into<String>, name: Option<&str>) -> Self {
        Self {
            organization,
            subject: subject.into(),
            greeting: greeting(name),
            paragraphs: Vec::new(),
            facts: Vec::new(),
            button: None,
            notes: Vec::new(),
        }
    }

    #[must_use]
    pub fn paragraph(mut self, words: impl Into<String>) -> Self {
        self.paragraphs.push(words.into());
        self
    }

    /// Something that the paragraphs say, to be seen at a glance; the text does without.
    #[must_use]
    pub fn fact(mut self, label: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((label, value.into()));
        self
    }

    /// The one thing to do. The address may contain [`kernel::mail::SECRET_PLACEHOLDER`].
    #[must_use]
    pub fn button(mut self, label: &'static str, href: impl Into<String>) -> Self {
        self.button = Some(Button { label, href: href.into() });
        self
    }

    /// A paragraph in small print, after the button.
    #[must_use]
    pub fn note(mut self, words: impl Into<String>) -> Self {
        self.notes.push(words.into());
        self
    }

    /// The mail, from the organization, which gets the answers, and waiting; attachments, owner and secret are up to
    /// the caller.
    pub fn mail(&self, id: MailId, to: Mailbox) -> Result<Mail> {
        let OrganizationReference { name, legal, .. } = self.organization;
        Ok(Mail {
            id,
            to,
            reply_to: legal.email.clone().map(|address| Mailbox { name: Some(name.clone()), address }),
            from_name: name.clone(),
            subject: self.subject.clone(),
            text: self.text(),
            html: Some(self.html()?),
            secret: None,
            gives_link: false,
            attachments: Vec::new(),
            state: MailState::Waiting,
            fate: Fate::default(),
        })
    }

    fn text(&self) -> String {
        let button = self.button.iter().map(|Button { label, href }| format!("{label}\u{a0}:\n{href}"));
        let signature = format!("{CLOSING}\n{}\n", self.organization.name);
        [self.greeting.clone()]
            .into_iter()
            .chain(self.paragraphs.iter().cloned())
            .chain(button)
            .chain(self.notes.iter().cloned())
            .chain([signature])
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    fn html(&self) -> Result<String> {
        let OrganizationReference { name, brand, .. } = self.organization;
        let brand = fill(&brand.primary_color);
        let html = Html {
            letter: self,
            name,
            initials: initials(name),
            preview: self.paragraphs.first().map_or("", String::as_str),
            on_brand: legal::text_on(&brand),
            brand,
            identity: identity(self.organization),
        };
        html.render().map_err(Error::internal)
    }

    fn closing(&self) -> &'static str {
        CLOSING
    }
}

/// The colour as it was chosen, if it is seen on white and a text is read on it (WCAG 2: 4.5:1); else darkened.
fn fill(color: &str) -> String {
    let seen = |color: &str| legal::contrast_ratio_milli(color, "#FFFFFF") >= 1_250;
    let read = |color: &str| legal::contrast_ratio_milli(color, legal::text_on(color)) >= 4_500;
    match legal::color(color) {
        Ok(color) if seen(&color) && read(&color) => color,
        _ => assets::readable(color),
    }
}

/// Who writes, as C. com. R123-237 wants it on letters: form and capital, address, number and register; and how to
/// reach them.
fn identity(organization: &OrganizationReference) -> Vec<String> {
    let legal = &organization.legal;
    let mut name = organization.name.clone();
    if let Some(form) = &legal.legal_form {
        name = format!("{name}, {form}");
    }
    if let Some(capital) = &legal.capital {
        name = format!("{name} au capital de {}", capital.replace(' ', "\u{a0}"));
    }
    let siren = legal.siret.as_deref().and_then(|siret| siret.get(..9)).map(text::siren);
    let address = legal.address.as_ref().map(|at| format!("{}, {} {}", at.street, at.postal_code, at.city));
    let register = match (siren, &legal.rcs_city) {
        (Some(siren), Some(city)) => Some(format!("RCS\u{a0}{city} {siren}")),
        (Some(siren), None) => Some(format!("SIREN\u{a0}{siren}")),
        (None, _) => None,
    };
    let reach: Vec<_> = [&legal.phone, &legal.email, &legal.website].into_iter().flatten().cloned().collect();
    let reach = (!reach.is_empty()).then(|| reach.join(" · "));
    [Some(name), address, register, reach].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use kernel::{document::Address, id::OrganizationId, mail::SECRET_PLACEHOLDER, reference::LegalIdentity};

    use super::*;

    fn organization(name: &str) -> OrganizationReference {
        let id: OrganizationId = "org_01KAN8V3T0ABSERV1CEDEM0000".parse().unwrap();
        let mut organization = OrganizationReference::new(id, name.into());
        organization.legal = LegalIdentity {
            legal_form: Some("SARL".into()),
            capital: Some("10 000 €".into()),
            address: Some(Address {
                street: "5 quai de Saône".into(),
                complement: None,
                postal_code: "69002".into(),
                city: "Lyon".into(),
                country: "FR".into(),
            }),
            siret: Some("73282932000074".into()),
            rcs_city: Some("Lyon".into()),
            email: Some("contact@atelier.example".into()),
            phone: Some("04 78 00 00 00".into()),
            ..LegalIdentity::default()
        };
        organization
    }

    fn to() -> Mailbox {
        Mailbox { name: Some("Claire Martin".into()), address: "claire@client.example".into() }
    }

    fn id() -> MailId {
        "mel_01KAN8V3T0000000000MA10001".parse().unwrap()
    }

    fn written(letter: &Letter<'_>) -> (String, String) {
        let mail = letter.mail(id(), to()).unwrap();
        (mail.text, mail.html.unwrap())
    }

    #[test]
    fn text_and_html_say_the_same() {
        let organization = organization("Atelier Lumière");
        let href = format!("https://app.example.fr/mot-de-passe/{SECRET_PLACEHOLDER}");
        let letter = Letter::new(&organization, "Votre mot de passe", Some("Claire Martin"))
            .paragraph("Vous avez demandé un nouveau mot de passe.")
            .fact("Compte", "claire@client.example")
            .button("Choisir un mot de passe", &href)
            .note("Ce lien vaut une heure.");
        let (text, html) = written(&letter);
        assert_eq!(
            text,
            format!(
                "Bonjour Claire Martin,\n\nVous avez demandé un nouveau mot de passe.\n\nChoisir un mot de passe\u{a0}:\n\
                 {href}\n\nCe lien vaut une heure.\n\nBien cordialement,\nAtelier Lumière\n"
            )
        );
        for part in [
            "<html lang=\"fr\"",
            "Bonjour Claire Martin,",
            "Vous avez demandé un nouveau mot de passe.",
            "claire@client.example",
            &format!("<a href=\"{href}\""),
            "Ce lien vaut une heure.",
            "Bien cordialement,",
            "Atelier Lumière, SARL au capital de 10\u{a0}000\u{a0}€",
            "5 quai de Saône, 69002 Lyon",
            "RCS\u{a0}Lyon 732\u{a0}829\u{a0}320",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn a_letter_of_words_only_is_as_short_as_they_are() {
        let organization = organization("Atelier Lumière");
        let (text, html) = written(&Letter::new(&organization, "Devis", None).paragraph("Voici.").paragraph("Merci."));
        assert_eq!(text, "Bonjour,\n\nVoici.\n\nMerci.\n\nBien cordialement,\nAtelier Lumière\n");
        assert!(!html.contains("<a ") && !html.contains("<th "), "{html}");
    }

    #[test]
    fn it_comes_from_the_organization_which_gets_the_answers() {
        let mut organization = organization("Atelier Lumière");
        let mail = Letter::new(&organization, "Devis", None).mail(id(), to()).unwrap();
        assert_eq!((mail.from_name.as_str(), mail.subject.as_str()), ("Atelier Lumière", "Devis"));
        assert_eq!(mail.reply_to.unwrap().address, "contact@atelier.example");
        organization.legal.email = None;
        assert_eq!(Letter::new(&organization, "Devis", None).mail(id(), to()).unwrap().reply_to, None);
    }

    #[test]
    fn whatever_people_wrote_is_text() {
        let hostile = "<script>alert(1)</script>\" onload=\"x' & {{ 7*7 }}";
        let mut organization = organization(hostile);
        organization.legal.website = Some(hostile.into());
        organization.legal.rcs_city = Some(hostile.into());
        organization.brand.primary_color = "red;}</style><script>".into();
        let letter = Letter::new(&organization, hostile, Some(hostile))
            .paragraph(hostile)
            .fact("Objet", hostile)
            .button("Ouvrir", format!("https://app.example.fr/?q={hostile}"))
            .note(hostile);
        let (_, html) = written(&letter);
        assert!(!html.contains("<script") && !html.contains("onload=\"x"), "{html}");
        assert!(html.contains("&#60;script&#62;"), "{html}");
    }

    #[test]
    fn the_button_can_be_read_in_any_colour() {
        let mut organization = organization("Atelier");
        for color in ["#FFD400", "#FFFFFF", "#FFFFF0", "#000000", "#777777", "#3B82F6", "#1E40AF"] {
            organization.brand.primary_color = color.into();
            let (_, html) =
                written(&Letter::new(&organization, "Essai", None).button("Ouvrir", "https://app.example.fr"));
            let brand = fill(color);
            assert!(html.contains(&format!("bgcolor=\"{brand}\"")), "{color}");
            assert!(legal::contrast_ratio_milli(legal::text_on(&brand), &brand) >= 4_500, "{color}");
            assert!(legal::contrast_ratio_milli("#FFFFFF", &brand) >= 1_250, "{color}");
        }
    }

    /// Mail programs cut what is longer than 102 KB.
    #[test]
    fn the_frame_is_small() {
        let organization = organization("Atelier");
        let (_, html) = written(&Letter::new(&organization, "Essai", None).paragraph("Bonjour."));
        assert!(html.len() < 10_000, "{}", html.len());
    }
}
