//! The documents of a file, one of them, one's own, those that end soon; and the links by which they are downloaded.

use kernel::{
    Error, Permission, Result,
    document::File,
    id::{EmployeeId, PaperId},
    page::{Page, PageRequest},
};
use table::{Items, Order, Stored, keys, meter::side_by_side, shared::RenderedPaper};
use web::{Asker, export::Download};

use super::{Eyes, Paper};
use crate::employee::{Employee, EmployeeOf, everybody};

const PDF: &str = "application/pdf";

/// A document with what was rendered of it, where it is a letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    pub paper: Stored<Paper>,
    pub file: Option<File>,
}

impl Filed {
    /// All that was read beside an employee, the newest first.
    pub fn all(items: &Items) -> Result<Vec<Self>> {
        let rendered = items.all::<RenderedPaper>()?;
        let with_file = |paper: Stored<Paper>| {
            let file = rendered.iter().find(|file| file.paper == paper.id).map(|file| file.file.clone());
            Self { paper, file }
        };
        let mut filed: Vec<_> = items.all::<Paper>()?.into_iter().map(with_file).collect();
        filed.sort_by_key(|filed| std::cmp::Reverse(filed.paper.id));
        Ok(filed)
    }
}

impl Eyes {
    /// As who asks looks at the documents of this employee.
    pub fn of(asker: &Asker, employee: &Employee) -> Self {
        Self {
            is_own: employee.user == Some(asker.user),
            views: asker.may(Permission::HrView),
            keeps: asker.may(Permission::HrEdit),
            reads_secrets: asker.may(Permission::HrReadSecrets),
        }
    }
}

/// Those of an employee's that who asks may see, the newest first.
pub async fn list_papers(asker: &Asker, id: EmployeeId) -> Result<(Stored<Employee>, Vec<Filed>)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let (key, beside) = (keys.employee(id), keys.papers(id));
    let (employee, found) = side_by_side(scope.get::<Employee>(&key), scope.collection(&beside)).await;
    let (employee, found) = (employee?.ok_or(Error::NotFound)?, found?);
    let eyes = Eyes::of(asker, &employee);
    let mut filed = Filed::all(&found)?;
    filed.retain(|filed| eyes.see(&filed.paper));
    Ok((employee, filed))
}

/// One that who asks may see.
pub async fn show_paper(asker: &Asker, employee: EmployeeId, id: PaperId) -> Result<(Stored<Employee>, Filed)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let wanted = [keys.employee(employee), keys.paper(employee, id), keys.rendered_paper(employee, id)];
    let found = scope.get_many(&wanted).await?;
    let employee = found.first::<Employee>()?.ok_or(Error::NotFound)?;
    let eyes = Eyes::of(asker, &employee);
    let paper = found.first::<Paper>()?.filter(|paper| eyes.see(paper)).ok_or(Error::NotFound)?;
    let file = found.first::<RenderedPaper>()?.map(|rendered| rendered.value.file);
    Ok((employee, Filed { paper, file }))
}

/// What was shared with who asks; none for a member who is no employee. Whose file it is, is read first: a trip more than
/// a page should take.
pub async fn own_papers(asker: &Asker) -> Result<Option<Vec<Filed>>> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let Some(own) = scope.get::<EmployeeOf>(&keys.employee_of(asker.user)).await? else { return Ok(None) };
    let mut filed = Filed::all(&scope.collection(&keys.papers(own.employee)).await?)?;
    filed.retain(|filed| filed.paper.is_shared);
    Ok(Some(filed))
}

/// Of the documents that end some day, the first of whose last days come first; with whose they are. Those of who left are
/// no business of anybody's any more.
pub async fn expiring_papers(asker: &Asker, page: &PageRequest) -> Result<Page<(Stored<Employee>, Stored<Paper>)>> {
    let scope = &asker.scope;
    let list = scope.keys().expiring_papers();
    let (papers, all) = side_by_side(scope.list::<Paper>(&list, page, Order::Ascending), everybody(scope)).await;
    let (papers, all, today) = (papers?, all?, asker.today());
    let seen = papers.items.into_iter().filter_map(|paper| {
        let employee = all.iter().find(|employee| employee.id == paper.employee)?;
        (!employee.has_left(today) && Eyes::of(asker, employee).see(&paper)).then(|| (employee.clone(), paper))
    });
    Ok(Page { items: seen.collect(), next_cursor: papers.next_cursor })
}

/// A link to the version with this number, from 1; it downloads, whatever the browser could show.
pub async fn download_paper(asker: &Asker, employee: EmployeeId, id: PaperId, number: usize) -> Result<Download> {
    let (_, filed) = show_paper(asker, employee, id).await?;
    let version = filed.paper.version(number).ok_or(Error::NotFound)?;
    let s3_key = keys::paper_s3_key(asker.scope.tenant().organization(), id, version.upload);
    let file_name = filed.paper.file_name(number);
    let url = asker.deps().files.signed_link(&s3_key, &file_name, version.kind.media_type()).await?;
    Ok(Download { url, file_name })
}

/// A link to the letter as it was rendered.
pub async fn download_letter(asker: &Asker, employee: EmployeeId, id: PaperId) -> Result<Download> {
    let (_, filed) = show_paper(asker, employee, id).await?;
    let File { s3_key, file_name, .. } = filed.file.ok_or(Error::NotFound)?;
    let url = asker.deps().files.signed_link(&s3_key, &file_name, PDF).await?;
    Ok(Download { url, file_name })
}

/// Of a document that was shared with who asks: a link to the version with this number, or to the letter (0).
pub async fn download_own_paper(asker: &Asker, id: PaperId, number: usize) -> Result<Download> {
    let own = asker.scope.get::<EmployeeOf>(&asker.scope.keys().employee_of(asker.user)).await?;
    let employee = own.ok_or(Error::NotFound)?.value.employee;
    match number {
        0 => download_letter(asker, employee, id).await,
        number => download_paper(asker, employee, id, number).await,
    }
}
