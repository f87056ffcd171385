//! Adding, changing and removing a field of the organization's own.

use kernel::{Error, Result, id::FieldId};
use table::Scope;

use super::{CustomField, FieldInput, Settings, store::SETTINGS};

pub async fn create_crm_field(scope: &Scope, input: &FieldInput) -> Result<(CustomField, u64)> {
    let id = scope.new_id(FieldId::new);
    let begin = |scope: &Scope, of| scope.begin("create_crm_field", of);
    SETTINGS.change(scope, None, begin, |settings| with(settings, id, input)).await
}

/// `seen` is the version of the settings that the form was filled in on.
pub async fn edit_crm_field(
    scope: &Scope,
    id: FieldId,
    input: &FieldInput,
    seen: Option<u64>,
) -> Result<(CustomField, u64)> {
    let begin = |scope: &Scope, of| scope.begin("edit_crm_field", of);
    SETTINGS
        .change(scope, seen, begin, |settings| {
            settings.field(id).ok_or(Error::NotFound)?;
            with(settings, id, input)
        })
        .await
}

pub async fn delete_crm_field(scope: &Scope, id: FieldId, seen: Option<u64>) -> Result<()> {
    let begin = |scope: &Scope, of| scope.begin("delete_crm_field", of);
    let ((), _) = SETTINGS.change(scope, seen, begin, |settings| Ok((settings.without_field(id)?, ()))).await?;
    Ok(())
}

fn with(settings: &Settings, id: FieldId, input: &FieldInput) -> Result<(Settings, CustomField)> {
    let changed = settings.with_field(id, input)?;
    let field = changed.field(id).cloned();
    Ok((changed, field.ok_or_else(|| Error::internal("a field that was just written is not there"))?))
}
