//! Answers questions about many payloads: which there are, how many, and in which order they came.
//!
//! What is computed is here; how it is printed is in [`report`](crate::report).

mod time;

pub use time::{PayloadTime, TimeSource};
