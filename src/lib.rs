//! Reads the webhook payloads of Mews as typed models, and validates them.
//!
//! A handler reads the body of a request and matches on the kind and the event:
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
//! [`Payload::events`] returns the events of a payload of any kind, each with the id of its entity
//! and the Connector API operation that fetches it. `examples/axum.rs` is a small handler, which
//! responds first and processes the payload afterwards. `examples/receivers/` is a complete one, with
//! tokens, requests to the Connector API and signatures, beside others that make a mistake each.
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
//! | `deliver`, on by default | the commands that send and receive: `deliver` | |
//!
//! # Modules
//!
//! A payload passes through the modules in this order:
//!
//! ```text
//!  files, folders, standard input
//!         │  input      finds, opens, decompresses and decodes them
//!         ▼
//!   bytes of text
//!         │  frame      cuts out the next JSON value, HTTP message or line of a log
//!         ▼
//!      frames
//!         │  capture    finds the payloads in a frame, and what it says about their delivery
//!         ▼
//!     payloads          text, source map, delivery
//!         │  document   parses the text once, into a tree with the span of each value
//!         ▼
//!     documents
//!         │  checks     detects the kind, and checks it by schema, model and warnings
//!         ▼
//!     verdicts ───────► report
//! ```
//!
//! - `document`: parses JSON text into a tree with the span of each value, unless its layout is known,
//!   and maps the places in a decoded text to those in the text around it
//! - `contract`: the kinds, their events and schemas, the scalars (ids, times, email addresses), and
//!   the wrappers that tools put around payloads
//! - `models`: the typed payloads
//! - `diagnostic`: the types of rules and diagnostics
//! - `checks`: checks a payload by its schema, its model and the warnings
//! - `decode`: decodes compressed data, UTF-16 and the notations in which a text holds another one,
//!   and encodes text again
//! - `input`: finds and reads files and standard input
//! - `frame`: cuts a stream into frames
//! - `capture`: finds the payloads in frames, and what a capture says about each
//! - `config`: the configuration file `mewshook.toml`
//! - `query`: answers questions about many payloads
//! - `report`: formats verdicts, for people and for programs
//! - `pool`: checks payloads on several threads
//! - `extract`: copies payloads out of captures
//! - `sample`: generates payloads
//! - `redact`: replaces the secrets in captures
//! - `deliver`: sends and receives deliveries
//!
//! A module uses only modules above it in this list, and only `report` formats verdicts. If there
//! are many payloads, `frame` returns the frames in batches, and the threads of `pool` find the
//! payloads in them, check them, and format them as chunks of the report.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "check")]
mod bytes;
#[cfg(feature = "cli")]
pub mod capture;
#[cfg(feature = "check")]
pub mod checks;
#[cfg(feature = "cli")]
pub mod config;
pub mod contract;
#[cfg(feature = "cli")]
pub mod decode;
#[cfg(feature = "deliver")]
pub mod deliver;
#[cfg(feature = "check")]
pub mod diagnostic;
#[cfg(feature = "check")]
pub mod document;
#[cfg(feature = "cli")]
pub mod extract;
#[cfg(feature = "cli")]
pub mod frame;
#[cfg(feature = "cli")]
pub mod input;
pub mod models;
#[cfg(feature = "cli")]
pub mod pool;
#[cfg(feature = "cli")]
pub mod query;
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
#[cfg(feature = "cli")]
mod spare;
#[cfg(feature = "check")]
#[doc(hidden)]
pub mod steps;
#[cfg(feature = "check")]
mod suggestion;

#[cfg(feature = "check")]
pub use checks::check;
#[cfg(feature = "check")]
pub use secrets::{Masking, mask, mask_path};

/// Runs the examples of the README as documentation tests.
#[cfg(all(doctest, feature = "check"))]
#[doc = include_str!("../README.md")]
struct Readme;
