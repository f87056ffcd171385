//! What becomes of documents that go: with the file of somebody who is erased, and in the bucket.

use cloud::Deps;
use kernel::{
    Result,
    event::Event,
    id::{EmployeeId, PaperId},
};
use table::{
    Scope, keys,
    shared::{FrozenStaffLetter, RenderedPaper},
};

use super::Paper;

/// How many documents one step removes: four writes each at most, below what a transaction takes.
const STEP_MAX: usize = 20;

/// All documents of a file. Done twice, it finds nothing to do.
pub async fn erase_papers(scope: &Scope, employee: EmployeeId) -> Result<()> {
    let beside = scope.keys().papers(employee);
    loop {
        let is_over = scope
            .write(|| async {
                let found = scope.collection(&beside).await?;
                let (papers, letters, files) =
                    (found.all::<Paper>()?, found.all::<FrozenStaffLetter>()?, found.all::<RenderedPaper>()?);
                let mut transaction = scope.begin("erase_papers", employee);
                if papers.is_empty() {
                    return Ok((transaction.nothing(), true));
                }
                for paper in papers.iter().take(STEP_MAX) {
                    transaction.erase(paper).emit(Event::PaperDeleted { paper: paper.id });
                    if let Some(letter) = letters.iter().find(|letter| letter.paper == paper.id) {
                        transaction.erase(letter);
                    }
                    if let Some(file) = files.iter().find(|file| file.paper == paper.id) {
                        transaction.erase(file);
                    }
                }
                Ok((transaction, papers.len() <= STEP_MAX))
            })
            .await?;
        if is_over {
            return Ok(());
        }
    }
}

/// What the bucket has of a document that was deleted.
pub async fn forget_versions(deps: &Deps, scope: &Scope, paper: PaperId) -> Result<()> {
    deps.files.delete_all(&keys::paper_s3_prefix(scope.tenant().organization(), paper)).await
}
