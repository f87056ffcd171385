//! The renderer as its callers see it: a snapshot in, a PDF and an XML out.

mod facturx;
mod independent;
mod paper;
mod pdf;
mod pictures;
mod samples;
mod staff;
mod text;
