//! A grammar of texts with secrets in them. It generates what `docs/security.md` promises to find,
//! and is written from that page and not from the code.

pub mod broken;
pub mod choices;
pub mod encode;
pub mod encoded;
pub mod harmless;
pub mod marked;
pub mod nesting;
pub mod notation;
pub mod promises;
pub mod single;
pub mod web;
pub mod words;
