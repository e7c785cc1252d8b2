//! Mews webhook payloads: read them as typed models, validate them against the contract.
//!
//! A handler reads the body of a request and matches on what it is:
//!
//! ```
//! use mewshook::models::{IntegrationEvent, Payload, ReadError};
//!
//! fn handle(body: &[u8]) -> Result<(), ReadError> {
//!     match Payload::from_slice(body)? {
//!         Payload::Integration(IntegrationEvent::Created(data)) => {
//!             store(&data.enterprise.name, data.access_token.expose());
//!         }
//!         Payload::General(message) => {
//!             for event in &message.events {
//!                 println!("{event:?}");
//!             }
//!         }
//!         // Mews adds events without notice.
//!         other => println!("{:?}", other.event_names()),
//!     }
//!     Ok(())
//! }
//! # fn store(_: &str, _: &str) {}
//!
//! handle(br#"{"Events": [], "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
//!     "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90"}"#)?;
//! let error = handle(br#"{"Action": "IntegrationEnabled", "Data": {}}"#).unwrap_err();
//! assert_eq!(error.to_string(), "Data.Integration: missing");
//! # Ok::<(), ReadError>(())
//! ```
//!
//! Or it asks what to fetch, whatever the kind: [`Payload::events`] gives each event with the id of
//! its entity and the Connector API operation that fetches it. `examples/axum.rs` is a whole handler
//! that answers first and works afterwards.
//!
//! [`Payload::events`]: models::Payload::events
//!
//! # Features
//!
//! | feature | adds | |
//! | --- | --- | --- |
//! | none: `default-features = false` | the typed payloads: [`models`] | for handlers |
//! | `check` | documents, schemas and verdicts: `check` | for tests and tools |
//! | `cli`, on by default | the program, and the modules that it is made of | |
//!
//! # Modules
//!
//! A payload goes one way:
//!
//! ```text
//! bytes ── input ──► payload text ── document ──► spanned JSON ── contract ──► kind
//!                                                     │
//!                 schema ∙ model ∙ warnings  ◄── checks ┘
//!                            │
//!                         verdict ──► report
//! ```
//!
//! - `document`: JSON text to a tree that knows where everything stands
//! - `input`: where bytes come from
//! - `frame`: how a stream of them is cut into payloads
//! - `contract`: the kinds, their events, their schemas and sources; the scalars
//! - `models`: the typed payloads
//! - `diagnostic`: what a rule and a diagnostic are
//! - `checks`: schema, model and warnings; `check` does it all for one text
//! - `config`: what a fixture tree says of itself
//! - `report`: verdicts as text for people and for programs
//! - `pool`: many payloads at once, on several threads
//! - `sample`: making payloads
//! - `redact`: captures without their secrets
//!
//! No module uses one that is further down, and only `report` knows how anything looks. For many
//! payloads, `input` hands over batches, and `pool` has several threads do all the rest up to the
//! chunks of a report.

#![cfg_attr(docsrs, feature(doc_cfg))]
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
mod shorten;
#[cfg(feature = "check")]
#[doc(hidden)]
pub mod steps;
#[cfg(feature = "check")]
mod suggestion;

#[cfg(feature = "check")]
pub use checks::check;
#[cfg(feature = "check")]
pub use secrets::{Masking, mask, mask_path};

/// The README's example.
#[cfg(all(doctest, feature = "check"))]
#[doc = include_str!("../README.md")]
struct Readme;
