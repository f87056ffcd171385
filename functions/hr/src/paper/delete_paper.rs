//! Deleting a document with all its versions. They leave the bucket once the worker hears of it.

use kernel::{
    Error, Permission, Result,
    event::Event,
    id::{EmployeeId, PaperId},
};
use table::shared::{FrozenStaffLetter, RenderedPaper};
use web::Asker;

use super::{Eyes, Paper};
use crate::employee::Employee;

/// What one added oneself, or with the permission to delete.
pub fn may_delete(asker: &Asker, paper: &Paper) -> bool {
    asker.may(Permission::HrDelete) || paper.author == asker.user
}

/// `seen` is the version that the client saw.
pub async fn delete_paper(asker: &Asker, employee: EmployeeId, id: PaperId, seen: Option<u64>) -> Result<()> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let wanted = [
        keys.employee(employee),
        keys.paper(employee, id),
        keys.staff_letter(employee, id),
        keys.rendered_paper(employee, id),
    ];
    scope
        .write(|| async {
            let found = scope.get_many(&wanted).await?;
            let eyes = Eyes::of(asker, &*found.first::<Employee>()?.ok_or(Error::NotFound)?);
            let paper = found.first::<Paper>()?.filter(|paper| eyes.see(paper)).ok_or(Error::NotFound)?;
            let paper = paper.expect_version(seen)?;
            if !may_delete(asker, &paper) {
                return Err(Error::Forbidden);
            }
            let mut transaction = scope.begin("delete_paper", employee);
            transaction.delete(&paper).emit(Event::PaperDeleted { paper: id });
            if let Some(letter) = found.first::<FrozenStaffLetter>()? {
                transaction.delete(&letter);
            }
            if let Some(file) = found.first::<RenderedPaper>()? {
                transaction.delete(&file);
            }
            Ok((transaction, ()))
        })
        .await
}
