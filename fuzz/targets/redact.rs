//! Streams through redact: no token is left, nothing changes twice, verdicts stay.

#![no_main]
#![allow(dead_code, reason = "each target uses its own part")]

#[path = "../../tests/support/laws.rs"]
mod laws;
#[path = "../../tests/support/printed.rs"]
mod printed;

libfuzzer_sys::fuzz_target!(|stream: &[u8]| laws::is_redacted(stream));
