//! Text against serde_json.

#![no_main]
#![allow(dead_code, reason = "each target uses its own part")]

#[path = "../../tests/support/laws.rs"]
mod laws;
#[path = "../../tests/support/printed.rs"]
mod printed;

libfuzzer_sys::fuzz_target!(|text: &str| laws::parses_as_serde_json(text));
