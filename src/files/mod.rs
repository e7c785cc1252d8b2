//! Writing files, and standard output: nothing is lost, and nothing else is replaced.
//!
//! A file that a command writes appears whole or not at all ([`AtomicFile`]), keeps the attributes of
//! what it replaces, and is never one that the command reads.

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
pub use folder::write_all;
pub use identity::{Identity, Version, refuse_stdout};
pub use stdout::{STDOUT_CLOSED, stdout};
pub use target::Target;
