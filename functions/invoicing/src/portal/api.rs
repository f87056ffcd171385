//! `/api/v1/documents/{id}/links`

use axum::Json as Plain;
use jiff::Timestamp;
use kernel::{event::Owner, id::LinkId};
use serde::Serialize;
use table::shared::DocumentLink;
use web::{Answer, Asker, Failure, Id, Ids, Json, created};

use super::LinkInput;

#[derive(Serialize, utoipa::ToSchema)]
pub struct DocumentLinkView {
    /// `lnk_…`
    #[schema(value_type = String)]
    id: LinkId,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// Whether it came with a mail.
    is_mailed: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    first_seen_at: Option<Timestamp>,
    /// As of some minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Timestamp>,
}

impl From<DocumentLink> for DocumentLinkView {
    fn from(link: DocumentLink) -> Self {
        Self {
            id: link.id,
            created_at: link.created_at,
            expires_at: link.expires_at,
            revoked_at: link.revoked_at,
            is_mailed: link.mail.is_some(),
            first_seen_at: link.first_seen_at,
            last_seen_at: link.last_seen_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DocumentLinkList {
    items: Vec<DocumentLinkView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CreatedLinkView {
    link: DocumentLinkView,
    /// The address to pass on, told this once.
    url: Option<String>,
}

/// The links by which a client reaches a document, the newest first.
#[utoipa::path(get, path = "/api/v1/documents/{id}/links", tag = "invoicing", operation_id = "list_document_links",
    params(("id" = String, Path, description = "`quo_…`, `inv_…` or `cre_…`")),
    responses((status = 200, body = DocumentLinkList)))]
pub async fn list_document_links(asker: Asker, Id(owner): Id<Owner>) -> Result<Plain<DocumentLinkList>, Failure> {
    let links = super::list_document_links(&asker.scope, owner).await?;
    Ok(Plain(DocumentLinkList { items: links.into_iter().map(Into::into).collect() }))
}

/// Makes a link to a document that has left. Its address is told this once.
#[utoipa::path(post, path = "/api/v1/documents/{id}/links", tag = "invoicing", operation_id = "create_document_link",
    params(("id" = String, Path, description = "`quo_…`, `inv_…` or `cre_…`")), request_body = LinkInput,
    responses((status = 201, body = CreatedLinkView)))]
pub async fn create_document_link(
    asker: Asker,
    Id(owner): Id<Owner>,
    Json(input): Json<LinkInput>,
) -> Result<Answer<CreatedLinkView>, Failure> {
    let made = super::create_document_link(&asker, owner, &input).await?;
    let url = made.url(&asker.deps().config.public_url);
    let location = format!("/api/v1/documents/{owner}/links");
    Ok(created(CreatedLinkView { link: made.link.into(), url }, 1, location))
}

/// The link opens nothing any more.
#[utoipa::path(delete, path = "/api/v1/documents/{id}/links/{link}", tag = "invoicing",
    operation_id = "revoke_document_link",
    params(("id" = String, Path, description = "`quo_…`, `inv_…` or `cre_…`"),
        ("link" = String, Path, description = "`lnk_…`")),
    responses((status = 200, body = DocumentLinkList)))]
pub async fn revoke_document_link(
    asker: Asker,
    Ids((owner, link)): Ids<Owner, LinkId>,
) -> Result<Plain<DocumentLinkList>, Failure> {
    let links = super::revoke_document_link(&asker.scope, owner, link).await?;
    Ok(Plain(DocumentLinkList { items: links.into_iter().map(Into::into).collect() }))
}
