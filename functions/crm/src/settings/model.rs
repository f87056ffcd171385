//! What is set up, and what there is before anybody set anything up. Pure.

use kernel::{
    Color,
    id::{FieldId, PipelineId, StageId, TagId},
    tag::Tag,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::{CustomField, Outcome, Pipeline, Plan, Stage, pipelines::WON_PROBABILITY};
use crate::record::RecordKind;

/// What an organization set up. Stages that nobody changed are those of [`Settings::default`], under ids that are the same
/// everywhere, so that nothing needs to be written when an organization is founded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub pipelines: Vec<Pipeline>,
    #[serde(default)]
    pub tags: Vec<Tag>,
    #[serde(default)]
    pub fields: Vec<CustomField>,
}

/// As most small companies sell: name, probability in per cent, colour, what it means for the opportunity.
const STAGES: [(&str, u8, Color, Outcome); 6] = [
    ("À qualifier", 10, Color::Grey, Outcome::Open),
    ("Besoin identifié", 25, Color::Blue, Outcome::Open),
    ("Devis envoyé", 50, Color::Violet, Outcome::Open),
    ("Négociation", 75, Color::Orange, Outcome::Open),
    ("Gagnée", WON_PROBABILITY, Color::Green, Outcome::Won),
    ("Perdue", 0, Color::Red, Outcome::Lost),
];

impl Default for Settings {
    fn default() -> Self {
        let stages = STAGES.iter().zip(1..).map(|((name, probability, color, outcome), number)| Stage {
            id: StageId::from_ulid(Ulid(number)),
            name: (*name).into(),
            probability: *probability,
            color: *color,
            outcome: *outcome,
        });
        let pipeline = Pipeline { id: PipelineId::from_ulid(Ulid(1)), name: "Ventes".into(), stages: stages.collect() };
        Self { pipelines: vec![pipeline], tags: Vec::new(), fields: Vec::new() }
    }
}

impl Settings {
    pub fn pipeline(&self, id: PipelineId) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.id == id)
    }

    /// A stage, and the pipeline that it belongs to.
    pub fn stage(&self, id: StageId) -> Option<(&Pipeline, &Stage)> {
        self.pipelines.iter().find_map(|pipeline| Some((pipeline, pipeline.stage(id)?)))
    }

    pub fn tag(&self, id: TagId) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.id == id)
    }

    pub fn field(&self, id: FieldId) -> Option<&CustomField> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The fields that records of a kind have beside their own, in their order.
    pub fn fields_of(&self, kind: RecordKind) -> impl Iterator<Item = &CustomField> {
        self.fields.iter().filter(move |field| field.of == kind)
    }

    /// With other pipelines than before: as they are named, ordered and staged. What a pipeline or stage held that is gone
    /// is the caller's to refuse.
    pub fn with_pipelines(&self, plan: Plan) -> Self {
        Self { pipelines: plan.pipelines, ..self.clone() }
    }
}
