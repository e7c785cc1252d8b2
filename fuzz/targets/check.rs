//! Checks any stream: schema and model must agree, and spans must be valid.

#![no_main]
#![allow(dead_code, reason = "each target uses its own part")]

#[path = "../../tests/support/invariants.rs"]
mod invariants;
#[path = "../../tests/support/printed.rs"]
mod printed;

libfuzzer_sys::fuzz_target!(|stream: &[u8]| invariants::assert_checked(stream));
