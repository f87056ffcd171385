//! The box of a document's page in which its links stand: who read it, and a link to pass on.

use askama::Template;
use kernel::{Permission, document::Signature, event::Owner, id::LinkId};
use serde::Deserialize;
use table::{
    meter::side_by_side,
    shared::{DocumentLink, QuoteSignature},
};
use web::{
    Asker, Form, Id, Ids, PageResult,
    form::{Choice, FieldErrors, choices},
    page,
};

use super::{LinkInput, answer_quote::signer, list_document_links};
use crate::view::{Badge, Labelled, moment};

const DAYS: [(&str, &str); 3] = [("30", "30 jours"), ("90", "3 mois"), ("365", "1 an")];

#[derive(Template)]
#[template(path = "panel_links.html")]
struct LinksPanel {
    owner: Owner,
    links: Vec<LinkRow>,
    can_edit: bool,
    form_key: String,
    days: Vec<Choice>,
    /// The address of the one that was just made.
    made: Option<String>,
    errors: FieldErrors,
    /// How the client accepted a quote on the portal; empty where they did not.
    signed: Vec<Labelled>,
}

struct LinkRow {
    id: LinkId,
    title: String,
    badge: Badge,
    seen: String,
    until: String,
    is_open: bool,
}

impl LinkRow {
    fn new(asker: &Asker, link: &DocumentLink) -> Self {
        let now = asker.scope.now();
        let title = match link.mail {
            Some(_) => format!("Envoyé par e-mail le {}", moment(asker, link.created_at)),
            None => format!("Lien créé le {}", moment(asker, link.created_at)),
        };
        let (kind, label) = match (link.revoked_at, link.is_open_at(now)) {
            (Some(_), _) => ("neutral", "Révoqué"),
            (None, true) => ("success", "Actif"),
            (None, false) => ("warning", "Expiré"),
        };
        let seen = match (link.first_seen_at, link.last_seen_at) {
            (Some(first), Some(last)) if first != last => {
                format!("Consulté le {}, pour la première fois le {}", moment(asker, last), moment(asker, first))
            }
            (Some(first), _) => format!("Consulté le {}", moment(asker, first)),
            (None, _) => "Pas encore consulté".into(),
        };
        let day = |at| asker.organization.date(asker.organization.day(at));
        let until = match link.revoked_at {
            Some(at) => format!("révoqué le {}", day(at)),
            None => format!("valable jusqu’au {}", day(link.expires_at)),
        };
        Self { id: link.id, title, badge: Badge { kind, label }, seen, until, is_open: link.is_open_at(now) }
    }
}

impl LinksPanel {
    fn new(asker: &Asker, owner: Owner, links: &[DocumentLink]) -> Self {
        Self {
            owner,
            links: links.iter().map(|link| LinkRow::new(asker, link)).collect(),
            can_edit: asker.may(Permission::InvoicingEdit),
            form_key: asker.form_key(),
            days: choices(DAYS, DAYS[1].0),
            made: None,
            errors: FieldErrors::default(),
            signed: Vec::new(),
        }
    }
}

fn signed(asker: &Asker, signature: &Signature) -> Vec<Labelled> {
    let options = signature.options.join(", ");
    let rows = [
        ("Signé par", signer(signature)),
        ("Le", moment(asker, signature.signed_at)),
        ("E-mail", signature.email.clone().unwrap_or_default()),
        ("Signature", if signature.picture.is_some() { "Dessinée" } else { "Nom saisi" }.into()),
        ("Options retenues", options),
        ("Adresse IP", signature.address.map(|address| address.to_string()).unwrap_or_default()),
        ("Navigateur", signature.user_agent.clone().unwrap_or_default()),
    ];
    rows.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| Labelled::new(label, value)).collect()
}

pub async fn show_document_links(asker: Asker, Id(owner): Id<Owner>) -> PageResult {
    let signature = async {
        match owner {
            Owner::Quote(id) => asker.scope.get::<QuoteSignature>(&asker.scope.keys().quote_signature(id)).await,
            _ => Ok(None),
        }
    };
    let (links, signature) = side_by_side(list_document_links(&asker.scope, owner), signature).await;
    let signed = signature?.map(|signature| signed(&asker, &signature.signature)).unwrap_or_default();
    page(&LinksPanel { signed, ..LinksPanel::new(&asker, owner, &links?) })
}

pub async fn create_document_link(asker: Asker, Id(owner): Id<Owner>, form: Form<LinkInput>) -> PageResult {
    match super::create_document_link(&asker, owner, &form.input).await {
        Ok(made) => {
            let url = made.url(&asker.deps().config.public_url);
            page(&LinksPanel { made: url, ..LinksPanel::new(&asker, owner, &made.links) })
        }
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let links = list_document_links(&asker.scope, owner).await?;
            page(&LinksPanel { errors, ..LinksPanel::new(&asker, owner, &links) })
        }
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn revoke_document_link(
    asker: Asker,
    Ids((owner, link)): Ids<Owner, LinkId>,
    _: Form<Nothing>,
) -> PageResult {
    let links = super::revoke_document_link(&asker.scope, owner, link).await?;
    page(&LinksPanel::new(&asker, owner, &links))
}
