//! Lines of payloads, of which the first has a layout that is known.

#![no_main]
#![allow(dead_code, reason = "each target uses its own part")]

#[path = "../../tests/support/invariants.rs"]
mod invariants;
#[path = "../../tests/support/printed.rs"]
mod printed;

libfuzzer_sys::fuzz_target!(|lines: &str| invariants::assert_read_by_layout(lines));
