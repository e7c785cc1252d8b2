//! Finds the payloads inside a frame, wherever they stand.
//!
//! There is one search, and not a parser for each tool. In JSON, each object with the properties of
//! a payload is one; a string is decoded and searched in the same way, whether it holds JSON, an
//! HTTP message, base64 of either, or a log line with JSON in it. Other text was cut by
//! [`frame`](crate::frame) into the objects and messages in it.
//!
//! What encloses a payload (`scope`) says where it stands and how it was delivered (`delivery`).
//! Each payload comes with a map from its own text to the text of the frame, so that a diagnostic
//! points at the characters in the file.

mod body;
mod damage;
mod delivery;
mod extracted;
mod facts;
mod found;
pub(crate) mod http;
mod line;
mod missing;
mod mitmproxy;
mod pointer;
mod recognize;
mod scope;
mod search;
mod text;
mod time;

pub use body::{BodyFidelity, CapturedBody};
pub use delivery::{Delivery, Header};
#[cfg(feature = "deliver")]
pub(crate) use extracted::read as read_record;
pub use found::FoundPayload;
pub(crate) use recognize::has_marks;
pub(crate) use search::{Outcome, search_frame, search_value};
