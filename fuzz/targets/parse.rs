//! Text against serde_json.

#![no_main]
#![allow(dead_code, reason = "each target uses its own part")]

#[path = "../../tests/support/invariants.rs"]
mod invariants;
#[path = "../../tests/support/printed.rs"]
mod printed;

libfuzzer_sys::fuzz_target!(|text: &str| invariants::assert_parses_as_serde_json(text));
