//! The renderer as its callers see it: a snapshot in, a PDF and an XML out.

mod facturx;
mod independent;
mod pdf;
mod samples;
mod text;
