//! Streams through redact: no token is left, nothing changes twice, verdicts stay.

#![no_main]
#![allow(dead_code, reason = "each target uses its own part")]

#[path = "../../tests/support/invariants.rs"]
mod invariants;
#[path = "../../tests/support/printed.rs"]
mod printed;

libfuzzer_sys::fuzz_target!(|stream: &[u8]| invariants::assert_redacted(stream));
