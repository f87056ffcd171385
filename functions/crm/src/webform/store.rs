//! A form's item.

use table::{Index, Item, Key, TenantKeys};

use super::WebForm;

impl Item for WebForm {
    const TYPE: &'static str = "web_form";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.web_form(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_web_forms(self.id))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{OrganizationId, PipelineId, StageId, UserId, WebFormId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::webform::{Asked, LeadFields};

    #[test]
    fn a_form_as_it_is_stored() {
        let form = WebForm {
            id: WebFormId::from_ulid(Ulid(5)),
            name: "Contact du site".into(),
            title: "Contactez-nous".into(),
            intro: None,
            fields: LeadFields {
                first_name: Asked::Optional,
                email: Asked::Required,
                phone: Asked::No,
                company: Asked::No,
                message: Asked::Required,
            },
            source: "Site internet".into(),
            assigned_to: Some(UserId::from_ulid(Ulid(4))),
            pipeline: PipelineId::from_ulid(Ulid(1)),
            stage: StageId::from_ulid(Ulid(1)),
            consent: None,
            privacy_url: None,
            thanks: "Merci.".into(),
            redirect_url: None,
            sites: vec!["https://www.exemple.fr".into()],
            is_open: true,
            created_at: Timestamp::UNIX_EPOCH,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#WEB_FORM#00000000000000000000000005",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#WEB_FORMS",
            "gsi1sk": "00000000000000000000000005",
            "type": "web_form",
            "v": 1,
            "id": "wfo_00000000000000000000000005",
            "name": "Contact du site",
            "title": "Contactez-nous",
            "fields": { "first_name": "optional", "email": "required", "phone": "no", "company": "no", "message": "required" },
            "source": "Site internet",
            "assigned_to": "usr_00000000000000000000000004",
            "pipeline": "pip_00000000000000000000000001",
            "stage": "stg_00000000000000000000000001",
            "thanks": "Merci.",
            "sites": ["https://www.exemple.fr"],
            "is_open": true,
            "created_at": "1970-01-01T00:00:00Z",
        });
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        assert_eq!(golden(&form, keys).ok(), Some(expected));
    }
}
