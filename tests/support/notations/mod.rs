//! A grammar of texts with secrets in them: what `docs/security.md` promises to find, written from
//! the promise and not from the code that keeps it.

pub mod broken;
pub mod encode;
pub mod harmless;
pub mod leaves;
pub mod marked;
pub mod notation;
pub mod promises;
pub mod tape;
pub mod web;
pub mod words;
pub mod wraps;
