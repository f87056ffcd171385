//! The organization's own letters.

use kernel::{Result, id::LetterTemplateId};
use table::Stored;
use web::Asker;

use super::{LetterTemplates, LetterTemplatesInput};

/// What there is, to be looked at; version 0 before anything was written.
pub async fn shown_templates(asker: &Asker) -> Result<Stored<LetterTemplates>> {
    let read = asker.scope.get::<LetterTemplates>(&asker.scope.keys().letter_templates()).await?;
    Ok(read.unwrap_or(Stored { value: LetterTemplates::default(), version: 0 }))
}

/// Replaces them. `seen` is the version that the client filled its form in on.
pub async fn edit_letter_templates(
    asker: &Asker,
    input: &LetterTemplatesInput,
    seen: Option<u64>,
) -> Result<Stored<LetterTemplates>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = scope.get::<LetterTemplates>(&scope.keys().letter_templates()).await?;
            let current = read.clone().unwrap_or(Stored { value: LetterTemplates::default(), version: 0 });
            let current = current.expect_version(seen)?;
            let changed = input.parse(&current, || scope.new_id(LetterTemplateId::new))?;
            let mut transaction = scope.begin("edit_letter_templates", scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}
