//! An employee hears of a document of their file that they see from now on.

use kernel::event::{About, Event};
use table::Transaction;
use web::Asker;

use super::Paper;
use crate::employee::Employee;

/// What is told of one that is confidential: of which kind it is, the page says, to who is signed in.
const CONFIDENTIAL: &str = "document confidentiel";

/// Of one that is shared with them and was not before.
pub fn tell_shared(
    transaction: &mut Transaction,
    asker: &Asker,
    employee: &Employee,
    before: Option<&Paper>,
    after: &Paper,
) {
    if !after.is_shared || before.is_some_and(|before| before.is_shared) {
        return;
    }
    let label = if after.is_confidential { CONFIDENTIAL } else { after.kind.french() };
    let about = About { label: Some(label.to_owned()), assigned_to: employee.user, ..About::default() }
        .by(asker.scope.tenant().actor());
    transaction.emit(Event::PaperShared { paper: after.id, employee: after.employee, about });
}
