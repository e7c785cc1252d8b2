//! Decides by its name and its first bytes whether an input is a JSON stream or text.
//!
//! A capture of payloads starts with a bracket. So does a log with an object a line, in which lines
//! of other text are nothing unusual: that is recognized by the names in its first object. The
//! decision depends on the bytes alone and waits for those that it needs.

use std::ffi::OsStr;
use std::path::Path;

use crate::decode::text::tnetstring::starts_tnetstring;

use super::cutter::BYTE_ORDER_MARK;
use super::json_scan::{JsonEnd, JsonScan};
use super::mode::CaptureMode;

/// The number of bytes of the first value that are examined at most.
const MAX_VALUE: usize = 1 << 20;

/// How an input is cut into frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cutting {
    /// As a JSON stream.
    Json,
    /// As text.
    Text,
    /// As flows of mitmproxy.
    Flows,
    /// As text whose records are objects.
    Log,
}

/// The decision how an input is cut, as its bytes arrive.
#[derive(Debug)]
pub(super) struct Decision {
    /// The number of bytes before the first value.
    space: usize,
    value: JsonScan,
}

/// Returns `true` if a file with this name is a JSON stream, compressed or not.
pub(super) fn is_json_name(path: &Path) -> bool {
    let is_one_of = |extension: Option<&OsStr>, known: &[&str]| {
        extension.is_some_and(|extension| {
            known
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
    };
    let extension = path.extension();
    let is_json = |extension| is_one_of(extension, &["json", "jsonl", "ndjson"]);
    if is_one_of(extension, &["gz", "zst"]) {
        is_json(path.with_extension("").extension())
    } else {
        is_json(extension)
    }
}

impl Decision {
    /// Returns the decision if it does not depend on the bytes.
    pub(super) fn new(
        mode: CaptureMode,
        is_json_name: bool,
        max_depth: usize,
    ) -> Result<Cutting, Self> {
        match mode {
            CaptureMode::Json | CaptureMode::None => Ok(Cutting::Json),
            CaptureMode::Auto if is_json_name => Ok(Cutting::Json),
            CaptureMode::Text => Ok(Cutting::Text),
            CaptureMode::Auto => Err(Self {
                space: 0,
                value: JsonScan::new(max_depth),
            }),
        }
    }

    /// Returns the decision, if the bytes that have arrived allow it. `bytes` are all of these, and
    /// `is_complete` says that no more follow.
    pub(super) fn decide(&mut self, bytes: &[u8], is_complete: bool) -> Option<Cutting> {
        loop {
            let rest = &bytes[self.space..];
            let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let space = rest.iter().take_while(is_space).count();
            crate::steps::add(space);
            self.space += space;
            if !rest[space..].starts_with(BYTE_ORDER_MARK) {
                break;
            }
            self.space += BYTE_ORDER_MARK.len();
        }
        let value = &bytes[self.space..];
        let is_mark = value.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(value);
        if is_mark && !is_complete {
            return None;
        }
        match value {
            [] => Some(Cutting::Json),
            [b'{', ..] => self.decide_by_object(value, is_complete),
            [b'['] if !is_complete => None,
            [b'['] | [b'[', b' ' | b'\t' | b'\r' | b'\n' | b'{' | b'[' | b']', ..] => {
                Some(Cutting::Json)
            }
            [b'0'..=b'9', ..] => match starts_tnetstring(value) {
                None if !is_complete => None,
                Some(true) => Some(Cutting::Flows),
                _ => Some(Cutting::Text),
            },
            _ => Some(Cutting::Text),
        }
    }

    /// Decides whether the first object is a record of a log.
    fn decide_by_object(&mut self, value: &[u8], is_complete: bool) -> Option<Cutting> {
        let value = &value[..value.len().min(MAX_VALUE)];
        let end = self.value.scan(value);
        let names = self.value.root_names();
        let is_known = end != JsonEnd::Unknown
            || names.is_payload()
            || value.len() == MAX_VALUE
            || is_complete;
        is_known.then_some(if names.is_log_record() {
            Cutting::Log
        } else {
            Cutting::Json
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(text: &str) -> Cutting {
        let new = || Decision::new(CaptureMode::Auto, false, 128).unwrap_err();
        let bytes = text.as_bytes();
        let at_once = new().decide(bytes, true).unwrap();
        let mut by_byte = new();
        let trickled = (0..=bytes.len())
            .find_map(|length| by_byte.decide(&bytes[..length], length == bytes.len()));
        assert_eq!(trickled, Some(at_once), "{text:?}");
        at_once
    }

    #[test]
    fn names_of_json_files_decide() {
        for (name, expected) in [
            ("a.json", true),
            ("a/b.NDJSON", true),
            ("b.jsonl.gz", true),
            ("b.json.zst", true),
            ("b.log", false),
            ("json", false),
            ("a.json.bak", false),
            ("a.gz", false),
        ] {
            assert_eq!(is_json_name(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn the_first_characters_decide() {
        for (text, expected) in [
            ("", Cutting::Json),
            (" \n", Cutting::Json),
            ("\u{feff} \n{\"a\": 1}", Cutting::Json),
            ("{x", Cutting::Json),
            ("[", Cutting::Json),
            ("[]", Cutting::Json),
            ("[\n1]", Cutting::Json),
            ("[{", Cutting::Json),
            ("[2026-11-28] INFO", Cutting::Text),
            ("\"{\\\"Action\\\"", Cutting::Text),
            ("POST / HTTP/1.1", Cutting::Text),
            ("\u{feff}# Title", Cutting::Text),
            ("1", Cutting::Text),
            ("12:30 x", Cutting::Text),
            ("9:4:type;0:~}", Cutting::Flows),
        ] {
            assert_eq!(decision(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_log_record_makes_a_log() {
        for (text, expected) in [
            (r#"{"level": "info", "msg": "x"}"#, Cutting::Log),
            (r#"{"time": 1, "log": "x"} trace"#, Cutting::Log),
            (r#"{"time": 1, "log": "x" x"#, Cutting::Log),
            (r#"{"time": 1, "log": "x"#, Cutting::Log),
            (r#"{"time": {"level": 1}}"#, Cutting::Json),
            (
                r#"{"level": 1, "time": 1, "Action": "x", "Data": {}}"#,
                Cutting::Json,
            ),
            (r#"[{"level": 1, "time": 1}]"#, Cutting::Json),
            (r#"{"level": 1}"#, Cutting::Json),
        ] {
            assert_eq!(decision(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_first_value_is_examined_in_part() {
        let long = format!(r#"{{"level": 1, "msg": 2, "x": "{}"#, "x".repeat(MAX_VALUE));
        assert_eq!(decision(&long), Cutting::Log);
    }
}
