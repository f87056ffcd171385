//! Changing a form, or closing it.

use kernel::{Error, Permission, Result, Rule, id::WebFormId};
use table::meter::side_by_side;
use web::Asker;

use super::{WebForm, WebFormInput, list_web_forms, model::same_name, show_web_form};
use crate::{company::named, settings};

/// `seen` is the version that the client filled its form in on.
pub async fn edit_web_form(
    asker: &Asker,
    id: WebFormId,
    input: &WebFormInput,
    seen: Option<u64>,
) -> Result<(WebForm, u64)> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let nominee = asker.nominee(named(&input.assigned_to).unwrap_or_default(), Permission::CrmView);
            let beside = side_by_side(settings::SETTINGS.shown(scope), nominee);
            let own = side_by_side(show_web_form(scope, id), list_web_forms(scope));
            let ((form, forms), (settings, nominee)) = side_by_side(own, beside).await;
            let (form, forms, settings) = (form?.expect_version(seen)?, forms?, settings?);
            let new = input.parse(id, form.created_at, &settings)?;
            if forms.iter().any(|other| other.id != id && same_name(&other.name, &new.name)) {
                return Err(Error::field("/name", Rule::AlreadyTaken));
            }
            let changed = WebForm { assigned_to: asker.reassigned(nominee?, form.assigned_to)?, ..new };
            let mut transaction = scope.begin("edit_web_form", id);
            transaction.update(&form, &changed);
            Ok((transaction, (changed, form.version + 1)))
        })
        .await
}
