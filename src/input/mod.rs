//! Finds inputs, opens them, and reads their text.
//!
//! An input is a file or standard input. [`find`](find()) turns the paths of a command line into
//! inputs: it walks folders, follows the links that stay inside of them, and skips what git
//! ignores. A reader then opens each input and yields its text as it arrives. Its first bytes show
//! whether it is compressed or UTF-16, and so has to be [decoded](crate::decode). An input that
//! contains no text, such as a zip archive, is refused.
//!
//! What the text contains is not known here: [`frame`](crate::frame) finds the payloads in it.

mod candidate;
mod chunks;
mod encoding;
mod error;
mod find;
pub(crate) mod globs;
mod label;
mod large_file;
mod origin;
pub(crate) mod reader;
mod repository;
mod skipped;
mod small_file;
mod walk;

pub use candidate::{FoundInput, NotFound};
pub use error::{InputError, describe};
pub use find::{Search, find};
pub use label::Label;
pub use origin::{Origin, STDIN};
pub use repository::repository_root;
pub use skipped::{SkipReason, Skipped, summarize};
