//! Writes files and standard output, so that nothing is lost and no other file is replaced.
//!
//! A file that a command writes appears complete or not at all ([`AtomicFile`]), keeps the
//! attributes of the file that it replaces, and is never a file that the command reads.

mod atomic;
mod attributes;
mod closed;
mod conflict;
mod folder;
mod identity;
mod signals;
mod stdout;
mod target;

pub use atomic::AtomicFile;
pub use closed::is_stdout_closed;
pub use conflict::{ReadFile, refuse_outputs};
pub use folder::{PrivateFolder, write_all};
pub use identity::{Identity, Version, refuse_stdout};
pub use stdout::{STDOUT_CLOSED, Stdout, stdout};
pub use target::FileTarget;
