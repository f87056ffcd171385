//! Adding a form.

use kernel::{Error, Permission, Result, Rule, id::WebFormId};
use table::meter::side_by_side;
use web::Asker;

use super::{
    WebForm, WebFormInput, list_web_forms,
    model::{FORMS_MAX, same_name},
};
use crate::{company::named, settings};

pub async fn create_web_form(asker: &Asker, input: &WebFormInput) -> Result<WebForm> {
    let scope = &asker.scope;
    let id = scope.new_id(WebFormId::new);
    scope
        .write(|| async {
            let nominee = asker.nominee(named(&input.assigned_to).unwrap_or_default(), Permission::CrmView);
            let beside = side_by_side(settings::SETTINGS.shown(scope), nominee);
            let (forms, (settings, nominee)) = side_by_side(list_web_forms(scope), beside).await;
            let (forms, settings) = (forms?, settings?);
            let new = input.parse(id, scope.now(), &settings)?;
            if forms.iter().any(|other| same_name(&other.name, &new.name)) {
                return Err(Error::field("/name", Rule::AlreadyTaken));
            }
            if forms.len() >= usize::from(FORMS_MAX) {
                return Err(Error::field("/name", Rule::TooMany { max: FORMS_MAX.into() }));
            }
            let form = WebForm { assigned_to: asker.assigned(nominee?)?, ..new };
            let mut transaction = scope.begin("create_web_form", id);
            transaction.create(&form);
            Ok((transaction, form))
        })
        .await
}
