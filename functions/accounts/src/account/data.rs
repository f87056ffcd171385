//! `/compte/donnees`: what there is on oneself.

use kernel::{event::Person, id::ExportId};
use web::{
    Asker, Id, PageResult,
    person::{self, PersonPage, REQUESTED},
    redirect,
};

pub async fn show_own_exports(asker: Asker) -> PageResult {
    let exports = super::list_own_exports(&asker).await?;
    let place = PersonPage {
        section: "account",
        title: "Exporter mes données".into(),
        about: "Tout ce qu’ABSERVICE et les entreprises dont vous êtes membre conservent sur vous.",
        contains: &[
            "votre compte, votre portrait, vos sessions et vos clés d’accès\u{a0};",
            "dans chaque entreprise dont vous êtes membre\u{a0}: votre rôle, vos jetons d’API, les e-mails qui vous ont été envoyés, ce qui vous est attribué, votre dossier de salarié\u{a0};",
            "ce que le journal d’activité dit de vous et de ce que vous avez fait, avec l’adresse et le navigateur.",
        ],
        back_href: "/compte".into(),
        back_label: "Mon profil".into(),
    };
    person::show_person_exports(&asker, Person::User(asker.user), &exports, &place)
}

pub async fn request_own_export(asker: Asker) -> PageResult {
    super::request_own_export(&asker).await?;
    asker.done(&person::path(Person::User(asker.user)), REQUESTED)
}

/// Leads to the file.
pub async fn download_own_export(asker: Asker, Id(id): Id<ExportId>) -> PageResult {
    redirect(&super::download_own_export(&asker, id).await?.url)
}
