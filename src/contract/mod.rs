//! What Mews sends: the kinds of payload, how one is told, their events, their schemas and where
//! each rule comes from. Everything here is stated once and used by all checks alike.

mod events;
mod kind;
mod outline;
mod scalars;
mod schema;
mod words;

pub use events::{Event, Fetch, fetch_operation};
pub use kind::{Kind, tell};
pub(crate) use kind::{nearest, tell_from};
pub(crate) use outline::{Finds, survey};
pub use scalars::{email_fault, is_email, is_utc, is_uuid, parse_utc, utc_fault, uuid_fault};
pub(crate) use scalars::{is_in_utc, parse_uuid};
pub use schema::Schema;
pub(crate) use words::{WORD_COUNT, word};
