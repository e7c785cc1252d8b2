//! Mews webhook payloads: read them, check them against the contract, say what they mean.
//!
//! This is the library behind the command-line tool `mewshook`. A payload goes one way:
//!
//! ```text
//! bytes ── input ──► payload text ── document ──► spanned JSON ── contract ──► kind
//!                                                     │
//!                 schema ∙ model ∙ warnings  ◄── checks ┘
//!                            │
//!                         verdict ──► report
//! ```
//!
//! - [`document`]: JSON text to a tree that knows where everything stands
//! - [`input`]: where bytes come from, and how a stream of them is cut into payloads
//! - [`contract`]: the kinds, their events, their schemas and sources; the scalars
//! - [`models`]: the typed payloads, for handlers of your own
//! - [`diagnostic`]: what a rule and a finding are
//! - [`checks`]: schema, model and warnings; [`check`] does it all for one text
//! - [`config`]: what a fixture tree says of itself
//! - [`report`]: verdicts as text for people and for programs
//! - [`pool`]: many payloads at once, on several threads
//! - [`sample`]: making payloads
//! - [`redact`]: captures without their secrets
//!
//! No module uses one that is further down, and only `report` knows how anything looks. For many
//! payloads, `input` hands over batches, and `pool` has several threads do all the rest up to the
//! pages of a report.

#![forbid(unsafe_code)]

#[cfg(feature = "check")]
pub mod checks;
#[cfg(feature = "cli")]
pub mod config;
pub mod contract;
#[cfg(feature = "check")]
pub mod diagnostic;
#[cfg(feature = "check")]
pub mod document;
#[cfg(feature = "cli")]
pub mod frame;
#[cfg(feature = "cli")]
pub mod input;
pub mod models;
#[cfg(feature = "cli")]
pub mod pool;
#[cfg(feature = "cli")]
pub mod redact;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod sample;
#[cfg(feature = "check")]
mod secrets;
#[cfg(feature = "cli")]
mod short;
#[cfg(feature = "check")]
#[doc(hidden)]
pub mod steps;
#[cfg(feature = "check")]
mod suggestion;

#[cfg(feature = "check")]
pub use checks::check;
#[cfg(feature = "check")]
pub use secrets::{mask, mask_path, show_secrets};
#[cfg(feature = "check")]
pub use suggestion::nearest;

/// The README's example.
#[cfg(all(doctest, feature = "check"))]
#[doc = include_str!("../README.md")]
struct Readme;
