//! Adding, changing and removing a tag.

use kernel::{Error, Result, id::TagId, tag::Tag};
use table::Scope;

use super::{Settings, TagInput, store::SETTINGS};

pub async fn create_crm_tag(scope: &Scope, input: &TagInput) -> Result<(Tag, u64)> {
    let id = scope.new_id(TagId::new);
    let begin = |scope: &Scope, of| scope.begin("create_crm_tag", of);
    SETTINGS.change(scope, None, begin, |settings| with(settings, id, input)).await
}

/// `seen` is the version of the settings that the form was filled in on.
pub async fn edit_crm_tag(scope: &Scope, id: TagId, input: &TagInput, seen: Option<u64>) -> Result<(Tag, u64)> {
    let begin = |scope: &Scope, of| scope.begin("edit_crm_tag", of);
    SETTINGS
        .change(scope, seen, begin, |settings| {
            settings.tag(id).ok_or(Error::NotFound)?;
            with(settings, id, input)
        })
        .await
}

pub async fn delete_crm_tag(scope: &Scope, id: TagId, seen: Option<u64>) -> Result<()> {
    let begin = |scope: &Scope, of| scope.begin("delete_crm_tag", of);
    let ((), _) = SETTINGS.change(scope, seen, begin, |settings| Ok((settings.without_tag(id)?, ()))).await?;
    Ok(())
}

fn with(settings: &Settings, id: TagId, input: &TagInput) -> Result<(Settings, Tag)> {
    let changed = settings.with_tag(id, input)?;
    let tag = changed.tag(id).cloned().ok_or_else(|| Error::internal("a tag that was just written is not there"))?;
    Ok((changed, tag))
}
