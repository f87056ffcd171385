//! Making out a letter: looked at first, then frozen as a document of the file and rendered by the worker.

use kernel::{
    Error, Permission, Result, Rule,
    event::Event,
    id::{EmployeeId, PaperId},
    staff_letter::StaffLetter,
};
use table::{Stored, Transaction, meter::side_by_side, shared::FrozenStaffLetter};
use web::Asker;

use super::{
    LetterInput, LetterTemplates,
    model::{Asked, Ground},
};
use crate::{
    employee::Employee,
    paper::{PAPERS_MAX, Paper, PaperKind, tell_shared},
    settings::HrSettings,
};

/// A letter as it would be.
pub struct Composed {
    pub employee: Stored<Employee>,
    pub templates: LetterTemplates,
    pub made: Made,
}

/// A letter, and what document of the file it becomes.
pub struct Made {
    pub letter: StaffLetter,
    kind: PaperKind,
    is_confidential: bool,
    is_shared: bool,
}

impl Made {
    pub fn of(ground: &Ground<'_>, asked: &Asked) -> Result<Self> {
        Ok(Self {
            letter: ground.letter(asked)?,
            kind: asked.what.paper(),
            is_confidential: ground.is_confidential(asked),
            is_shared: asked.is_shared,
        })
    }
}

/// Puts it into the file, to be rendered.
pub fn add_letter(
    transaction: &mut Transaction,
    asker: &Asker,
    employee: &Stored<Employee>,
    id: PaperId,
    made: Made,
) -> Paper {
    let Made { letter, kind, is_confidential, is_shared } = made;
    let paper = Paper {
        id,
        employee: employee.id,
        kind,
        title: format!("{} du {}", letter.title, asker.organization.date(asker.today())),
        is_confidential,
        is_shared,
        valid_from: None,
        valid_until: None,
        alert_on: None,
        is_letter: true,
        author: asker.user,
        created_at: asker.scope.now(),
        versions: Vec::new(),
    };
    let frozen = FrozenStaffLetter { employee: employee.id, paper: id, letter };
    let key = asker.scope.keys().employee(employee.id);
    transaction.create(&paper).create(&frozen).check(&key, employee.version);
    transaction.emit(Event::StaffLetterFrozen { employee: employee.id, paper: id });
    tell_shared(transaction, asker, employee, None, &paper);
    paper
}

/// What letters are made of, as it is now.
pub struct Sources {
    pub employee: Stored<Employee>,
    pub settings: HrSettings,
    pub templates: LetterTemplates,
}

impl Sources {
    pub async fn read(asker: &Asker, id: EmployeeId) -> Result<Self> {
        let keys = asker.scope.keys();
        let wanted = [keys.employee(id), keys.hr_settings(), keys.letter_templates()];
        let found = asker.scope.get_many(&wanted).await?;
        Ok(Self {
            employee: found.first::<Employee>()?.ok_or(Error::NotFound)?,
            settings: found.first::<HrSettings>()?.unwrap_or_else(Stored::unwritten).value,
            templates: found.first::<LetterTemplates>()?.map(|read| read.value).unwrap_or_default(),
        })
    }

    pub fn compose(self, asker: &Asker, input: &LetterInput) -> Result<Composed> {
        let reads_salary = asker.may(Permission::HrReadSecrets);
        let asked = input.parse(&self.templates, reads_salary, asker.today())?;
        let ground = Ground {
            employee: &self.employee,
            settings: &self.settings,
            organization: &asker.organization,
            today: asker.today(),
            reads_salary,
        };
        let made = Made::of(&ground, &asked)?;
        Ok(Composed { made, employee: self.employee, templates: self.templates })
    }
}

/// As it would be frozen now; nothing is kept.
pub async fn compose_letter(asker: &Asker, id: EmployeeId, input: &LetterInput) -> Result<Composed> {
    Sources::read(asker, id).await?.compose(asker, input)
}

pub async fn make_letter(asker: &Asker, id: EmployeeId, input: &LetterInput) -> Result<Paper> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let paper_id = scope.new_id(PaperId::new);
    let beside = keys.papers(id);
    scope
        .write(|| async {
            let (sources, papers) = side_by_side(Sources::read(asker, id), scope.collection(&beside)).await;
            let composed = sources?.compose(asker, input)?;
            if papers?.all::<Paper>()?.len() >= PAPERS_MAX {
                return Err(Error::field("/letter", Rule::TooMany { max: PAPERS_MAX }));
            }
            let mut transaction = scope.begin("make_letter", id);
            let paper = add_letter(&mut transaction, asker, &composed.employee, paper_id, composed.made);
            Ok((transaction, paper))
        })
        .await
}
