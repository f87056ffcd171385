//! Pipelines and the stages that an opportunity goes through. Pure.

use kernel::{
    Color, Rule, Violations,
    id::{PipelineId, StageId},
    tag::parse_name,
    text,
};
use serde::{Deserialize, Serialize};

use super::Settings;

/// How many pipelines an organization has at most.
pub const PIPELINES_MAX: usize = 10;
/// How many stages a pipeline has at most: a page shows a column for each.
pub const STAGES_MAX: usize = 15;
pub(super) const WON_PROBABILITY: u8 = 100;

/// A way of selling, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    pub id: PipelineId,
    pub name: String,
    /// In their order; at least one open, one won and one lost.
    pub stages: Vec<Stage>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub id: StageId,
    pub name: String,
    /// In per cent, 0 to 100: what an opportunity gets that comes here. 100 where it is won, 0 where it is lost.
    pub probability: u8,
    pub color: Color,
    pub outcome: Outcome,
}

/// What it means to be at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StageOutcome)]
pub enum Outcome {
    #[default]
    Open,
    Won,
    Lost,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Open, Self::Won, Self::Lost];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Open => "En cours",
            Self::Won => "Gagnée",
            Self::Lost => "Perdue",
        }
    }

    fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::default()),
            name => Self::ALL.into_iter().find(|outcome| outcome.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

/// A pipeline as it is typed: the same for the form and the API. Stages that have an id are changed, those without are
/// new, those that are not named are gone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PipelineInput {
    pub name: String,
    /// In their order, 15 at most.
    pub stages: Vec<StageInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StageInput {
    /// `stg_…`; empty for a new one.
    pub id: String,
    pub name: String,
    /// Whole per cent, 0 to 100; of a stage that is won or lost it is not read.
    pub probability: String,
    /// `grey` (which an empty text means too), `red`, `orange`, `yellow`, `green`, `teal`, `blue`, `violet` or `pink`.
    pub color: String,
    /// `open` (which an empty text means too), `won` or `lost`.
    pub outcome: String,
}

/// What the pipelines will be, and which stages are gone: none of these may hold an opportunity.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub pipelines: Vec<Pipeline>,
    pub gone: Vec<StageId>,
}

impl Pipeline {
    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// Where a new opportunity begins.
    pub fn first_stage(&self) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.outcome == Outcome::Open)
    }

    /// The first stage that means this.
    pub fn stage_of(&self, outcome: Outcome) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.outcome == outcome)
    }
}

impl PipelineInput {
    pub fn of(pipeline: &Pipeline) -> Self {
        let stages = pipeline.stages.iter().map(|stage| StageInput {
            id: stage.id.to_string(),
            name: stage.name.clone(),
            probability: stage.probability.to_string(),
            color: stage.color.name().into(),
            outcome: stage.outcome.name().into(),
        });
        Self { name: pipeline.name.clone(), stages: stages.collect() }
    }
}

impl Settings {
    /// With a new pipeline, or one that is changed; `new_id` gives new stages their ids.
    pub fn with_pipeline(
        &self,
        id: PipelineId,
        input: &PipelineInput,
        mut new_id: impl FnMut() -> StageId,
    ) -> Result<Plan, Violations> {
        let mut wrong = Violations::default();
        let known = self.pipeline(id);
        let name = parse_name("/name", &input.name, &mut wrong);
        let is_taken = |name: &String| {
            self.pipelines.iter().any(|other| other.id != id && text::folded(&other.name) == text::folded(name))
        };
        if name.as_ref().is_some_and(is_taken) {
            wrong.add("/name", Rule::AlreadyTaken);
        }
        if known.is_none() && self.pipelines.len() >= PIPELINES_MAX {
            wrong.add("/name", Rule::TooMany { max: PIPELINES_MAX });
        }
        if input.stages.len() > STAGES_MAX {
            wrong.add("/stages", Rule::TooMany { max: STAGES_MAX });
        }
        let mut stages: Vec<Stage> = Vec::new();
        for (at, typed) in input.stages.iter().enumerate().take(STAGES_MAX) {
            let pointer = |field: &str| format!("/stages/{at}/{field}");
            let own = match typed.id.trim() {
                "" => Some(None),
                text => {
                    let of_this =
                        text.parse().ok().filter(|stage| known.is_some_and(|known| known.stage(*stage).is_some()));
                    wrong.take(pointer("id"), of_this.ok_or(Rule::NotFound)).map(Some)
                }
            };
            let name = parse_name(&pointer("name"), &typed.name, &mut wrong);
            let color = wrong.take(pointer("color"), Color::parse(&typed.color));
            let outcome = wrong.take(pointer("outcome"), Outcome::named(&typed.outcome));
            let probability = match outcome {
                Some(Outcome::Won) => Some(WON_PROBABILITY),
                Some(Outcome::Lost) => Some(0),
                _ => wrong.take(pointer("probability"), per_cent(&typed.probability)),
            };
            let (Some(own), Some(name), Some(color), Some(outcome), Some(probability)) =
                (own, name, color, outcome, probability)
            else {
                continue;
            };
            if stages.iter().any(|other| Some(other.id) == own || text::folded(&other.name) == text::folded(&name)) {
                wrong.add(pointer("name"), Rule::Repeated);
            }
            stages.push(Stage { id: own.unwrap_or_else(&mut new_id), name, probability, color, outcome });
        }
        let has = |outcome| stages.iter().any(|stage| stage.outcome == outcome);
        if wrong.is_empty() && !Outcome::ALL.into_iter().all(has) {
            wrong.add("/stages", Rule::OutcomesMissing);
        }
        let (Some(name), true) = (name, wrong.is_empty()) else { return Err(wrong) };
        let before = known.map(|known| known.stages.as_slice()).unwrap_or_default();
        let gone =
            before.iter().map(|stage| stage.id).filter(|id| stages.iter().all(|stage| stage.id != *id)).collect();
        let mut pipelines = self.pipelines.clone();
        let pipeline = Pipeline { id, name, stages };
        match pipelines.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = pipeline,
            None => pipelines.push(pipeline),
        }
        Ok(Plan { pipelines, gone })
    }
}

fn per_cent(text: &str) -> Result<u8, Rule> {
    let whole = text.trim().trim_end_matches('%').trim();
    match whole.parse::<u8>() {
        Ok(percent) if percent <= 100 => Ok(percent),
        Ok(_) => Err(Rule::OutOfRange { min: "0".into(), max: "100".into() }),
        Err(_) if whole.is_empty() => Err(Rule::Required),
        Err(_) => Err(Rule::NotAWholeNumber),
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn ids() -> impl FnMut() -> StageId {
        let mut next = 100;
        move || {
            next += 1;
            StageId::from_ulid(Ulid(next))
        }
    }

    fn stage(name: &str, probability: &str, outcome: &str) -> StageInput {
        StageInput {
            name: name.into(),
            probability: probability.into(),
            outcome: outcome.into(),
            ..StageInput::default()
        }
    }

    fn changed(input: &PipelineInput) -> Result<Plan, Violations> {
        Settings::default().with_pipeline(Settings::default().pipelines[0].id, input, ids())
    }

    #[test]
    fn what_is_there_from_the_beginning_is_accepted_again() {
        let settings = Settings::default();
        let input = PipelineInput::of(&settings.pipelines[0]);
        assert_eq!(changed(&input), Ok(Plan { pipelines: settings.pipelines, gone: Vec::new() }));
    }

    #[test]
    fn a_stage_that_is_not_named_is_gone_and_a_new_one_gets_an_id() {
        let before = Settings::default().pipelines[0].clone();
        let mut input = PipelineInput::of(&before);
        input.stages.remove(1);
        input.stages.insert(0, stage("Salon", "5 %", ""));
        let plan = changed(&input).unwrap();
        assert_eq!(plan.gone, [before.stages[1].id]);
        assert_eq!(plan.pipelines[0].stages[0].id, StageId::from_ulid(Ulid(101)));
        assert_eq!(plan.pipelines[0].stages[0].probability, 5);
    }

    #[test]
    fn a_pipeline_without_an_end_is_refused() {
        let input = PipelineInput {
            name: "Courte".into(),
            stages: vec![stage("À faire", "50", "open"), stage("Gagnée", "", "won")],
        };
        let wrong = changed(&input).unwrap_err();
        assert!(wrong.iter().any(|violation| violation.rule == Rule::OutcomesMissing));
    }

    #[test]
    fn every_wrong_field_is_told() {
        let mut input = PipelineInput::of(&Settings::default().pipelines[0]);
        input.stages[0].probability = "101".into();
        input.stages[1].name = input.stages[0].name.to_uppercase();
        input.stages[2].color = "mauve".into();
        input.stages[3].id = "stg_00000000000000000000000077".into();
        let wrong = changed(&input).unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/stages/0/probability", "/stages/2/color", "/stages/3/id"]);
        input.stages[0].probability = "10".into();
        let wrong = changed(&input).unwrap_err();
        assert!(wrong.iter().any(|violation| violation.pointer == "/stages/1/name"));
    }
}
