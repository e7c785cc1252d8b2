//! What Mews sends: the kinds of payload, how one is detected, their events, their schemas and where
//! each rule comes from. Everything here is stated once and used by all checks alike.

mod detect;
mod events;
mod kind;
mod others;
mod outline;
mod scalars;
mod schema;
mod stepwise;
mod words;

pub use detect::detect;
pub(crate) use detect::{detect_from, detect_other, may_be_older};
pub(crate) use events::is_unconfirmed;
pub use events::{Event, Fetch, fetch};
pub use kind::Kind;
pub(crate) use kind::{Resemblance, resemblance};
pub(crate) use others::{OtherThing, other_thing};
pub(crate) use outline::{Finds, Property, has_listed_part, survey};
pub use scalars::{email_fault, is_email, is_utc, is_uuid, parse_utc, utc_fault, uuid_fault};
pub(crate) use scalars::{is_in_utc, parse_uuid};
pub use schema::Schema;
pub(crate) use words::{WORD_COUNT, word};
