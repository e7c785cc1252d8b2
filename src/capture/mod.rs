//! Finds the payloads inside a frame.

#[allow(dead_code, reason = "for the walk that finds the payloads of a frame")]
pub(crate) mod http;
