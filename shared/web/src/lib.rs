//! The edge: who asks, for which organization, with which permission; how an answer, a page and an error
//! look. HTTP begins and ends here.

mod access;
mod asker;
pub mod assets;
mod assigned;
pub mod calendar;
mod chosen;
pub mod cookies;
pub mod credentials;
pub mod dashboard;
pub mod drawing;
pub mod export;
mod extract;
pub mod file;
pub mod form;
pub mod letter;
mod page;
pub mod person;
mod present;
mod routes;
mod search;
mod serve;
pub mod sheet;
mod shell;
pub mod spreadsheet;
pub mod tag;
pub mod team;
pub mod throttle;
pub mod upload;

pub use access::Access;
pub use asker::{Asker, Visitor};
pub use assigned::{Assignee, Colleagues, ME, Nominee, Whose};
pub use chosen::path_in;
pub use credentials::{AccessToken, Membership, Session, SessionsOfUser, Visit};
pub use extract::{Form, Id, Ids, IfMatch, Json, NestedForm, Pagination};
pub use letter::Letter;
pub use page::{Answer, Failure, PageResult, created, page, page_with_status, redirect, redirect_with, seen};
pub use present::Framing;
pub use routes::{Declared, Routes};
pub use search::Search;
pub use serve::serve;
pub use shell::{Flash, Plain, Shell, initials, logo_href, member_portrait_href, portrait_href};

pub use utoipa_axum::routes;
