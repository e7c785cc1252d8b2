//! Listens for deliveries as a partner's handler does: records each before it is answered, and passes it
//! on.
//!
//! ```text
//!  connections ──► Listener ──► Journal ──► answer
//!                                  │
//!                                  ├─ Cursor ──► Forwarder ──► handler
//!                                  └─ Cursor ──► what shows deliveries
//! ```
//!
//! The journal is the only queue. It is a file, so what reads it can be as slow as a terminal that is
//! scrolled back or a handler that hangs: no answer waits for it, and no memory grows. And since what
//! is shown is read from the records that were written, there is one way to show a payload.

mod access;
mod counts;
mod forward;
mod journal;
mod listener;
mod note;
mod record;
mod respond;

pub use access::{Access, SignatureStatus};
pub use counts::{ForwardCounts, ListenCounts};
pub use forward::{ForwardResult, Forwarder};
pub use journal::{Cursor, Journal, JournalError, Line, Opened};
pub use listener::{ListenEvent, Listener, ListenerOptions};
pub use note::{Note, RefusalReason};
pub use record::ReceivedDelivery;
pub use respond::{Planned, PlannedAnswers, RespondError};
