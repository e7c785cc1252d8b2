//! What there is to say about a delivery besides the payload.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::{ForwardResult, Planned};

/// What there is to say about a delivery besides the payload. Nothing in it is secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum Note {
    /// A request was refused, and is not recorded.
    Refused {
        /// The address of the client.
        peer: SocketAddr,
        /// The status of the answer.
        status: u16,
        /// Why it was refused.
        reason: RefusalReason,
    },
    /// A delivery could not be recorded, and was answered with 503.
    NotRecorded {
        /// Why it could not be recorded.
        error: Arc<io::Error>,
    },
    /// A delivery was not answered with 200.
    Answered {
        /// The number of its line.
        line: u64,
        /// The answer.
        answer: Planned,
    },
    /// A delivery was passed on.
    Forwarded {
        /// The number of its line.
        line: u64,
        /// What became of it.
        result: ForwardResult,
    },
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalReason {
    /// Only `POST` is accepted.
    Method(String),
    /// The URL lacks the secret.
    Token,
    /// The signature is missing.
    Unsigned,
    /// The signature is invalid.
    Signature,
    /// The body is larger than the limit.
    TooLarge,
    /// All bodies together are larger than the limit.
    TooMuch,
    /// The head is longer than the limit.
    HeadTooLong,
    /// The request did not arrive in time.
    TooSlow,
    /// It is not a request of HTTP/1.1.
    NotHttp,
}

impl RefusalReason {
    /// Returns the reason for which the server refuses a request by itself.
    pub(super) fn of_status(status: u16) -> Self {
        match status {
            408 => Self::TooSlow,
            413 => Self::TooLarge,
            431 => Self::HeadTooLong,
            503 => Self::TooMuch,
            _ => Self::NotHttp,
        }
    }
}
