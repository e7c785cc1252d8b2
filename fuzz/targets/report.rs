//! Streams through every format: each keeps its syntax, and shows no control.

#![no_main]
#![allow(dead_code, reason = "each target uses its own part")]

#[path = "../../tests/support/invariants.rs"]
mod invariants;
#[path = "../../tests/support/printed.rs"]
mod printed;

libfuzzer_sys::fuzz_target!(|stream: &[u8]| invariants::assert_reported(stream));
