//! The contract: what Mews sends. This contains the kinds of payloads and their detection, their
//! events, their schemas, and the source of each rule. All checks use these definitions.
//!
//! The models need only the kinds, the events and the scalars; the feature `check` adds the rest.

mod detect;
mod email;
mod events;
mod kind;
mod operations;
mod others;
mod scalars;
mod wrappers;

#[cfg(feature = "check")]
mod compiled;
#[cfg(feature = "check")]
mod engine_options;
#[cfg(feature = "check")]
mod faults;
#[cfg(feature = "check")]
mod outline;
#[cfg(feature = "check")]
mod resemblance;
#[cfg(feature = "check")]
mod schema;
#[cfg(feature = "check")]
mod stepwise;
#[cfg(feature = "check")]
mod words;

pub(crate) use detect::{detect_from, may_be_older};
pub(crate) use email::is_email;
pub use events::{Event, Fetch, fetch};
pub use kind::{Kind, UnknownKind};
pub use operations::{
    CONNECTOR_PATH, FilterRule, MAX_COUNT, MAX_IDS, MAX_REQUESTS, MESSAGE_THREADS, Operation,
    REQUEST_WINDOW,
};
pub(crate) use others::other_thing;
pub(crate) use scalars::parse_utc;
pub(crate) use scalars::parse_uuid;

#[cfg(feature = "check")]
pub use detect::detect;
#[cfg(feature = "check")]
pub(crate) use {
    detect::detect_other,
    events::is_unconfirmed,
    faults::{email_fault, utc_fault, uuid_fault},
    others::OtherThing,
    outline::{Property, Survey, has_listed_part, survey},
    resemblance::{Resemblance, resemblance},
    scalars::{is_in_utc, is_utc, is_uuid, is_uuid_text},
    words::{WORD_COUNT, word},
};

#[cfg(feature = "cli")]
pub(crate) use {
    detect::detect_for_sure,
    wrappers::{LOG_NAMES, wrapper_name},
};

#[cfg(feature = "check")]
pub use schema::Schema;
