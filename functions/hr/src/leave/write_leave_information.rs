//! The letter by which an employer tells who is back from illness what leave they have, and until when it is taken (C. trav.
//! L3141-19-3): made out of the balances, a document of their file that they see, and noted as given, in one transaction.

use jiff::civil::Date;
use kernel::{
    Error, Result, Rule,
    error::Conflict,
    event::Event,
    id::{EmployeeId, PaperId},
    text,
};
use table::meter::side_by_side;
use web::Asker;

use super::{
    account::{InformationDue, Informed, ends_on, information_due},
    sight::{self, day_of},
    store::Read,
    words,
};
use crate::{
    letter::{Asked, Ground, LeaveInformation, Made, What, add_letter},
    paper::{PAPERS_MAX, Paper},
};

/// What somebody is to be told, as pages say it.
#[derive(Debug, Clone, PartialEq)]
pub struct Information {
    pub returned_on: Date,
    pub by: Date,
    /// Days, the years that they are of, and until when they are taken.
    pub rows: Vec<(String, String, Date)>,
}

/// None where nothing is to be told.
pub fn information(read: &Read, today: Date) -> Option<Information> {
    let due = information_due(&read.facts(), today);
    let first = due.first()?;
    let (returned_on, by) = (first.returned_on, first.by);
    Some(Information { returned_on, by, rows: due.iter().map(|due| row(read, due)).collect() })
}

fn row(read: &Read, due: &InformationDue) -> (String, String, Date) {
    let unit = words::unit_of(due.left, read.leave.find(due.kind), read.settings.counting);
    let earned = format!("{} à {}", text::french_month(due.year), text::french_month(ends_on(due.year)));
    (format!("{} {unit}", due.left.french()), earned, due.usable_until)
}

pub async fn write_leave_information(asker: &Asker, employee: EmployeeId) -> Result<Paper> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let id = scope.new_id(PaperId::new);
    let (beside, today) = (keys.papers(employee), asker.today());
    scope
        .write(|| async {
            let (read, papers) = side_by_side(sight::read(asker, employee), scope.collection(&beside)).await;
            let ((mut read, _), papers) = (read?, papers?);
            let due = information_due(&read.facts(), today);
            let Some(first) = due.first() else { return Err(Error::Conflict(Conflict::NothingToInform)) };
            if papers.all::<Paper>()?.len() >= PAPERS_MAX {
                return Err(Error::field("/letter", Rule::TooMany { max: PAPERS_MAX }));
            }
            let asked = Asked {
                what: What::LeaveInformation(LeaveInformation {
                    returned_on: first.returned_on,
                    rows: due.iter().map(|due| row(&read, due)).collect(),
                    is_carried: due.iter().any(|due| due.is_carried),
                }),
                on: today,
                with_salary: false,
                addition: None,
                signatory: asker.name.clone(),
                place: None,
                is_shared: true,
            };
            let ground = Ground {
                employee: &read.employee,
                settings: &read.settings,
                organization: &asker.organization,
                today,
                reads_salary: false,
            };
            let made = Made::of(&ground, &asked)?;
            let mut transaction = scope.begin("write_leave_information", employee);
            let paper = add_letter(&mut transaction, asker, &read.employee, id, made);
            for due in &due {
                let InformationDue { kind, year, .. } = *due;
                let informed = Informed { kind, year, on: today, is_told: false, keeps_term: !due.is_carried };
                read.account = read.account.with_informed(informed);
                transaction.emit(Event::LeaveInformed { employee, leave_type: kind, year });
            }
            let account = read.settled(read.facts().requests, day_of(asker));
            read.save_account(&mut transaction, &account);
            Ok((transaction, paper))
        })
        .await
}
