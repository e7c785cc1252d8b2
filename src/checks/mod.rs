//! Checks a payload against the contract: its schema, its model, and the warnings.
//!
//! [`check`] checks one payload; [`Checker`] checks many and reuses its memory. Each warning is a file
//! of its own that contains its documentation; [`rules()`] lists all codes.

mod damage;
mod disagreement;
mod errors;
mod events;
mod examiner;
mod excerpt;
mod expectation;
mod findings;
mod model;
mod payload;
mod policy;
mod reading;
mod rules;
mod schema;
mod shape;
mod shape_cache;
mod shape_rules;
mod summary;
mod summary_text;
mod verdict;

mod deprecated_event;
mod deprecated_property;
mod empty_events;
mod live_token;
mod not_utc;
mod null_required;
mod older_edition;
mod older_spelling;
mod redundant_event;
mod stringly_boolean;
mod token_integration_mismatch;
mod token_shape;
mod tokens;
mod undocumented_shape;
mod unknown_action;
mod unknown_event;
mod unknown_property;
mod unknown_state;

pub use damage::{Damage, DamageKind};
#[cfg(feature = "cli")]
pub(crate) use events::event_nodes;
pub use events::{Detail, DetailValue, EventGroup, EventSummary, Events};
pub(crate) use examiner::Subject;
pub use examiner::warnings;
use findings::Findings;
pub use payload::{CheckOptions, Checked, Checker, ExpectedKind, check};
pub use policy::{Policy, PolicyError};
pub use rules::{capture_rules, rule, rules};
pub use summary::{EntitySummary, HIDDEN, RequestorSummary, Summary};
pub use summary_text::SummaryText;
pub use verdict::{CodeCount, Verdict};
