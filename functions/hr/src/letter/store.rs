//! The words of one's own letters: one item, beside the settings.

use table::{Item, Key, TenantKeys};

use super::LetterTemplates;

impl Item for LetterTemplates {
    const TYPE: &'static str = "letter_templates";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.letter_templates()
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{LetterTemplateId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{letter::LetterTemplate, paper::PaperKind};

    #[test]
    fn templates_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let template = LetterTemplate {
            id: LetterTemplateId::from_ulid(Ulid(8)),
            name: "Mutuelle".into(),
            kind: PaperKind::Attestation,
            words: "Bonjour {prenom}".into(),
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#HR",
            "sk": "LETTER_TEMPLATES",
            "type": "letter_templates",
            "v": 1,
            "templates": [{
                "id": "lte_00000000000000000000000008",
                "name": "Mutuelle",
                "kind": "attestation",
                "words": "Bonjour {prenom}",
            }],
        });
        assert_eq!(golden(&LetterTemplates { templates: vec![template] }, keys).ok(), Some(expected));
    }
}
