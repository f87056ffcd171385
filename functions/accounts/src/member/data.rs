//! `/equipe/membres/{id}/donnees`: what the organization has on a member.

use kernel::{
    event::Person,
    id::{ExportId, UserId},
};
use web::{
    Asker, Id, Ids, PageResult,
    person::{self, PersonPage, REQUESTED},
    redirect,
};

use super::pages::PATH;

pub async fn show_member_exports(asker: Asker, Id(id): Id<UserId>) -> PageResult {
    let (member, exports) = super::list_member_exports(&asker, id).await?;
    let place = PersonPage {
        section: "settings",
        title: format!("Données de {}", member.name),
        about: "Tout ce que votre entreprise conserve sur ce membre de l’équipe.",
        contains: &[
            "sa place dans l’équipe, son rôle, son portrait et ses jetons d’API\u{a0};",
            "les e-mails qui lui ont été envoyés au nom de l’entreprise, et ce qui lui est attribué\u{a0};",
            "son dossier de salarié et ses contrats, si vous pouvez consulter les salaires\u{a0};",
            "ce que le journal d’activité dit de lui et de ce qu’il a fait, si vous pouvez le consulter.",
        ],
        back_href: PATH.into(),
        back_label: "Équipe".into(),
    };
    person::show_person_exports(&asker, Person::Member(id), &exports, &place)
}

pub async fn request_member_export(asker: Asker, Id(id): Id<UserId>) -> PageResult {
    super::request_member_export(&asker, id).await?;
    asker.done(&person::path(Person::Member(id)), REQUESTED)
}

/// Leads to the file.
pub async fn download_member_export(asker: Asker, Ids((id, export)): Ids<UserId, ExportId>) -> PageResult {
    redirect(&super::download_member_export(&asker, id, export).await?.url)
}
