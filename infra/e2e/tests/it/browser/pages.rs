//! Every page that is declared is looked at: found by following the links of the pages before it, as a person would.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use http::Method;
use jiff::SignedDuration;
use local::{Options, demo};
use serde_json::Value;
use thirtyfour::prelude::*;

use super::{PASSWORD, PATIENCE, Person, Stage, play};

/// What answers GET and is no page.
const NO_PAGE: &[(&str, &str)] = &[
    ("/api/openapi.json", "for programs"),
    ("/assets/{name}", "parts of pages"),
    ("/compte/donnees/{id}", "a file"),
    ("/compte/portrait", "a part of the profile"),
    ("/crm/contacts/{id}/donnees/{export}", "a file"),
    ("/crm/doublons/verifier", "a part of the forms of records"),
    ("/crm/entreprises/{id}/donnees/{export}", "a file"),
    ("/crm/panneaux/maison-mere/{id}/{parent}", "a part of a company's page"),
    ("/crm/panneaux/opportunites/{record}", "a part of the pages of companies and contacts"),
    ("/crm/panneaux/activites/{record}", "a part of a record's page"),
    ("/crm/panneaux/activites-en-retard", "a part of the CRM's first page"),
    ("/crm/fichiers/{record}/{file}/versions/{number}", "a file"),
    ("/crm/panneaux/fichiers/{record}", "a part of a record’s page"),
    ("/crm/exports/fichier", "a file"),
    ("/crm/exports/{id}", "a file"),
    ("/crm/import/{id}", "reached by a form"),
    ("/crm/import/{id}/erreurs", "a file"),
    ("/crm/listes/{of}", "a part of a list"),
    ("/crm/fusions/{id}", "reached by a form"),
    ("/crm/fusions/nouvelle", "reached from two records that may be one"),
    ("/crm/panneaux/recents", "a part of the home page"),
    ("/crm/panneaux/previsions", "a part of the sales page"),
    ("/ventes/export", "a file"),
    ("/ventes/panneaux/calcul", "a part of the page of how the figures are made"),
    ("/ventes/widgets/chiffre-affaires", "a part of the home page"),
    ("/ventes/widgets/encours", "a part of the home page"),
    ("/ventes/widgets/objectifs", "a part of the home page"),
    ("/ventes/widgets/tresorerie", "a part of the home page"),
    ("/ventes/panneaux/clients", "a part of the sales page"),
    ("/crm/pipeline/chiffres", "a part of the pipeline"),
    ("/crm/pipeline/etapes/{id}", "a part of the pipeline"),
    ("/equipe/membres/{id}/donnees/{export}", "a file"),
    ("/equipe/membres/{id}/portrait", "a part of the team"),
    ("/ical/agenda.ics", "a file"),
    ("/ical/absences.ics", "a file"),
    ("/rh/conges/absents", "a part of the calendar of activities"),
    ("/rh/temps/{id}/mois/{month}/export", "a file"),
    ("/rh/paie/{month}/export", "a file"),
    ("/rh/conges/soldes/export", "a file"),
    ("/facturation/autofacturation/export", "a file"),
    ("/facturation/autofacturation/{id}/pdf", "a file"),
    ("/facturation/avoirs/export", "a file"),
    ("/facturation/avoirs/{id}/pdf", "a file"),
    ("/facturation/devis/export", "a file"),
    ("/facturation/factures/export", "a file"),
    ("/facturation/factures/emission/{id}", "reached by a form"),
    ("/facturation/catalogue/choix", "a part of the forms of documents"),
    ("/facturation/catalogue/export", "a file"),
    ("/facturation/catalogue/produits/{id}/photo", "a part of a product's page"),
    ("/facturation/comptabilite/fichiers/{id}", "a file"),
    ("/facturation/courriers/{id}/pdf", "a file"),
    ("/facturation/devis/{id}/pdf", "a file"),
    ("/facturation/duplicata/avoirs/{id}", "a file"),
    ("/facturation/duplicata/factures/{id}", "a file"),
    ("/facturation/factures/{id}/interets", "a part of an invoice’s page"),
    ("/facturation/factures/{id}/pdf", "a file"),
    ("/facturation/paiements/export", "a file"),
    ("/facturation/prelevements/{id}/fichier", "a file"),
    ("/facturation/factures/{id}/virements/{payment}", "a file"),
    ("/facturation/panneaux/clients/{id}", "a part of a client's page"),
    ("/crm/widgets/activites", "a part of the first page"),
    ("/crm/widgets/nouvelles", "a part of the first page"),
    ("/crm/widgets/pipeline", "a part of the first page"),
    ("/facturation/widgets/a-encaisser", "a part of the first page"),
    ("/facturation/widgets/devis", "a part of the first page"),
    ("/facturation/widgets/factures", "a part of the first page"),
    ("/facturation/widgets/mois", "a part of the first page"),
    ("/facturation/widgets/paiements", "a part of the first page"),
    ("/notifications/widgets/dernieres", "a part of the first page"),
    ("/organisation/widgets/activite", "a part of the first page"),
    ("/rh/widgets/anniversaires", "a part of the first page"),
    ("/rh/widgets/absents", "a part of the first page"),
    ("/notifications/compteur", "a part of every page"),
    ("/notifications/recentes", "a part of every page"),
    ("/recherche/suggestions", "a part of every page"),
    ("/organisation/export/{id}", "a file"),
    ("/facturation/liens/{id}", "a part of a document’s page"),
    ("/facturation/pieces/{id}/{attachment}", "a file"),
    ("/portail/piece", "a file"),
    ("/portail/documents/pdf", "a file"),
    ("/portail/pdf", "a file"),
    ("/organisation/journal/export", "a file"),
    ("/organisation/logo", "a part of the settings"),
    ("/plateforme/entreprises/{id}/document", "a file"),
    ("/plateforme/entreprises/{id}/export", "a file"),
    ("/plateforme/invitations/{id}", "a part of an organization’s page"),
    ("/rh/conges/{id}/collegues", "a part of a request’s page"),
    ("/rh/conges/{id}/decompte", "a part of the form of a request"),
    ("/rh/employes/{id}/documents/{paper}/versions/{number}", "a file"),
    ("/rh/frais/{id}/lignes/{line}/justificatif", "a file"),
    ("/rh/mes-documents/{paper}/versions/{number}", "a file"),
    ("/rh/panneaux/documents/{id}", "a part of an employee’s page"),
    ("/rh/panneaux/entretiens/{id}", "a part of an employee’s page"),
    ("/sante", "for programs"),
    ("/ventes/depenses/export", "a file"),
    ("/ventes/depenses/tva/export", "a file"),
    ("/ventes/depenses/{id}/justificatif", "a file"),
    ("/ventes/factures-recues/{id}/fichier", "a file"),
    ("/theme/{colors}", "parts of pages"),
];

/// The pages, or what their forms are sent to.
fn declared(method: &Method) -> BTreeSet<String> {
    let contexts = openapi::contexts();
    let declared = contexts.iter().flat_map(|(_, routes)| routes.declared());
    declared
        .filter(|route| route.method == *method && !route.path.starts_with("/api/v1/"))
        .map(|route| route.path.clone())
        .collect()
}

/// The declared route of an address.
fn route<'a>(declared: &'a BTreeSet<String>, address: &str) -> Option<&'a String> {
    let path = address.split('?').next()?;
    let path = match path.strip_prefix("/o/") {
        Some(rest) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => path,
    };
    let parts: Vec<_> = path.split('/').collect();
    let fits = |route: &&String| {
        let wanted: Vec<_> = route.split('/').collect();
        let is_part = |wanted: &str, part: &str| match wanted {
            // `con_01…`: a word in its place is a mistake.
            "{id}" => part.contains('_'),
            wanted => wanted == part || wanted.starts_with('{'),
        };
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(wanted, part)| is_part(wanted, part))
    };
    // `nouveau` is no id.
    declared.iter().filter(fits).min_by_key(|route| route.matches('{').count())
}

/// Follows links until there is no page left that was not looked at.
struct Walk {
    declared: BTreeSet<String>,
    /// What forms are sent to.
    targets: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl Walk {
    fn new() -> Self {
        Self { declared: declared(&Method::GET), targets: declared(&Method::POST), seen: BTreeSet::new() }
    }

    fn route(&self, address: &str) -> Option<String> {
        route(&self.declared, address).cloned()
    }

    fn is_done(&self, route: &str) -> bool {
        self.seen.contains(route) || NO_PAGE.iter().any(|(path, _)| *path == route)
    }

    fn left(&self) -> Vec<&String> {
        self.declared.iter().filter(|route| !self.is_done(route)).collect()
    }

    /// Looks at the page that stands before the person.
    async fn look(&mut self, person: &Person, name: &str) -> WebDriverResult<()> {
        let address = person.path().await?;
        self.seen.extend(self.route(&address));
        person.inspect(name).await
    }

    /// Looks at each page that is within reach of `start`, once, whatever it is about. Others of its kind are only
    /// opened: one draft among invoices has links that the others have not.
    async fn follow(&mut self, person: &Person, start: &str, as_whom: &str) -> WebDriverResult<()> {
        let mut ahead = VecDeque::from([start.to_owned()]);
        let mut met: BTreeSet<String> = ahead.iter().cloned().collect();
        let mut opened: BTreeMap<String, usize> = BTreeMap::new();
        let is_new = |walk: &Self, address: &String| walk.route(address).is_some_and(|route| !walk.is_done(&route));
        while !self.left().is_empty() {
            let next = ahead.iter().position(|address| is_new(self, address)).unwrap_or_default();
            let Some(address) = ahead.remove(next) else { break };
            let Some(page) = self.route(&address) else { continue };
            let times = opened.entry(page.clone()).or_default();
            *times += 1;
            if *times > OPENED_MAX || NO_PAGE.iter().any(|(path, _)| *path == page) {
                continue;
            }
            person.open(&address).await?;
            let answered: u16 = person.browser.execute(ANSWERED, vec![]).await?.convert()?;
            assert_eq!(answered, 200, "{as_whom} {address}");
            for target in person.targets().await? {
                let is_known = route(&self.targets, &target).is_some() || target.starts_with("/_local/");
                assert!(is_known, "{as_whom} {address} has a form for {target}");
            }
            if self.seen.insert(page.clone()) {
                person.inspect(&format!("{as_whom} {page}")).await?;
            }
            for link in person.links().await? {
                let is_known = self.route(&link).is_some() || link.starts_with("/_local/");
                assert!(is_known, "{as_whom} {address} leads to {link}");
                if met.insert(link.clone()) {
                    ahead.push_back(link);
                }
            }
        }
        Ok(())
    }
}

/// How many pages of one kind are opened for the sake of their links.
const OPENED_MAX: usize = 12;

/// With which status the page came.
const ANSWERED: &str = "return performance.getEntriesByType('navigation')[0].responseStatus";

impl Person {
    /// What the forms of the page are sent to.
    async fn targets(&self) -> WebDriverResult<Vec<String>> {
        let script = "return [...document.querySelectorAll('form[method=post], [formaction], [hx-post]')]
            .map((node) => node.getAttribute('hx-post') ?? node.getAttribute('formaction') ?? node.getAttribute('action'))
            .map((target) => new URL(target ?? '', location.href).pathname)";
        self.browser.execute(script, vec![]).await?.convert()
    }

    /// Addresses of ours that the page leads to.
    async fn links(&self) -> WebDriverResult<Vec<String>> {
        let script = "return [...document.querySelectorAll('a[href]')]
            .map(({ href }) => new URL(href))
            .filter(({ origin, pathname }) => origin === location.origin && !pathname.startsWith('/o/'))
            .map(({ pathname, search }) => pathname + search)";
        self.browser.execute(script, vec![]).await?.convert()
    }
}

async fn demo_company(stage: &Stage) {
    stage.system.create_demo().await.expect("the demo company");
    stage.system.idle(PATIENCE).await.expect("its documents");
    stage.system.advance(SignedDuration::from_hours(33 * 24)).expect("the clock moves");
    stage.system.idle(PATIENCE).await.expect("its reminders");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_declared_page_is_usable() {
    let options = Options { platform_admins: vec![demo::EMAIL.into()], ..Options::memory() };
    play(options, async |stage| {
        let (walk, visitor, owner) = (&mut Walk::new(), stage.person().await?, stage.person().await?);
        demo_company(stage).await;
        walk.follow(&visitor, "/connexion", "visitor").await?;
        walk.follow(&visitor, "/api/docs", "visitor").await?;
        visitor.open(&stage.document_link("Devis").await).await?;
        walk.look(&visitor, "visitor /portail").await?;
        visitor.open("/portail/carte/retour").await?;
        walk.look(&visitor, "visitor /portail/carte/retour").await?;
        visitor.open(&stage.document_link("Devis").await).await?;
        visitor.open_all_documents(stage).await?;
        walk.look(&visitor, "visitor /portail/documents").await?;
        // Who administers the platform has proven their address.
        visitor.replace_password(stage, demo::EMAIL, PASSWORD).await?;
        visitor.ask_for_link(demo::EMAIL).await?;
        visitor.open(&stage.link_to(demo::EMAIL).await).await?;
        walk.look(&visitor, "visitor /connexion/reinitialisation").await?;

        owner.open("/connexion").await?;
        owner.sign_in(demo::EMAIL, PASSWORD).await?;
        owner.open("/compte/securite").await?;
        owner.go("Activer la double authentification").await?;
        walk.look(&owner, "owner /compte/securite/totp").await?;
        let (telephone, _) = owner.set_up_second_factor(stage).await?;
        owner.sign_out().await?;
        owner.sign_in(demo::EMAIL, PASSWORD).await?;
        walk.look(&owner, "owner /connexion/verification").await?;
        owner.sign_in_with_code(demo::EMAIL, PASSWORD, &telephone.next_code(stage)).await?;

        owner.open("/equipe/roles/nouveau").await?;
        owner.fill(&[("name", "Apprenti")]).await?;
        owner.click(By::Css("[value='crm:view']"), "a permission").await?;
        owner.go("Enregistrer").await?;
        owner.open("/equipe").await?;
        owner.fill(&[("email", "claire@client.example")]).await?;
        owner.go("Envoyer l’invitation").await?;
        let link = stage.link_to("claire@client.example").await;
        visitor.open(&link).await?;
        walk.look(&visitor, "visitor /invitation").await?;
        owner.open(&link.replace("/invitation?", "/compte/invitation?")).await?;
        walk.look(&owner, "owner /compte/invitation, of another").await?;
        // To whom records may be given.
        stage.person().await?.join(&link, "Claire Petit").await?;

        owner.open("/crm/entreprises").await?;
        owner.click(By::ClassName("row-link"), "a company").await?;
        owner.until("its files", "return document.getElementById('files-file') !== null", Value::Null).await?;
        owner.attach("files-file", &["contrat.pdf"]).await?;
        owner.go("contrat.pdf").await?;
        walk.look(&owner, "owner /crm/fichiers/{record}/{file}").await?;

        walk.follow(&owner, "/", "owner").await?;
        assert!(walk.left().is_empty(), "nobody looked at {:?}", walk.left());
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_company_that_begins_is_usable() {
    play(Options::memory(), async |stage| {
        let person = stage.person().await?;
        person.sign_up("Atelier du Pont", "Camille Martin", "camille@atelier.example", PASSWORD).await?;
        Walk::new().follow(&person, "/", "beginner").await
    })
    .await;
}
