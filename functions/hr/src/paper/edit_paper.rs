//! Saying something else of a document: what it is, who sees it, until when it holds.

use kernel::{
    Result,
    id::{EmployeeId, PaperId},
};
use web::Asker;

use super::{Paper, PaperChange, show_paper, tell_shared};

/// `seen` is the version that the client filled its form in on.
pub async fn edit_paper(
    asker: &Asker,
    employee: EmployeeId,
    id: PaperId,
    input: &PaperChange,
    seen: Option<u64>,
) -> Result<(Paper, u64)> {
    let (scope, said) = (&asker.scope, input.said()?);
    scope
        .write(|| async {
            let (of, filed) = show_paper(asker, employee, id).await?;
            let paper = filed.paper.expect_version(seen)?;
            let changed = paper.value.clone().with(said.clone(), asker.today());
            let mut transaction = scope.begin("edit_paper", employee);
            if changed == paper.value {
                return Ok((transaction.nothing(), (changed, paper.version)));
            }
            transaction.update(&paper, &changed);
            tell_shared(&mut transaction, asker, &of, Some(&paper), &changed);
            Ok((transaction, (changed, paper.version + 1)))
        })
        .await
}
