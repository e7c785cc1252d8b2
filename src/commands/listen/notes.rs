//! Formats what there is to say about deliveries: a line below a row, or a JSON object.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use mewshook::Masking;
use mewshook::deliver::listen::{
    ForwardResult, ListenCounts, Note, Planned, RefusalReason, SignatureStatus,
};
use mewshook::report::{Format, escape_controls};
use serde::Serialize;

/// The indentation of a line below a row, as of diagnostics.
const INDENT: &str = "      ";

/// The version of the JSON formats.
const VERSION: u32 = 1;

/// How notes are written.
pub(super) struct NoteFormat {
    is_json: bool,
    masking: Masking,
}

/// A note as a JSON object. Objects of payloads have no property `note`.
#[derive(Debug, Default, Serialize)]
struct NoteObject<'n> {
    version: u32,
    note: &'n str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<&'n ListenCounts>,
}

impl NoteFormat {
    /// Creates the format of notes between what another format writes.
    pub(super) fn new(format: &Format, masking: Masking) -> Self {
        Self {
            is_json: format.name == "ndjson",
            masking,
        }
    }

    /// Writes a note.
    pub(super) fn write(&self, out: &mut impl Write, note: &Note) -> io::Result<()> {
        let object = match note {
            Note::Refused {
                peer,
                status,
                reason,
            } => NoteObject {
                note: "refused",
                status: Some(*status),
                peer: Some(peer.to_string()),
                message: Some(refusal(reason)),
                ..NoteObject::default()
            },
            Note::NotRecorded { error } => NoteObject {
                note: "not-recorded",
                status: Some(503),
                message: Some(mewshook::input::describe(error)),
                ..NoteObject::default()
            },
            Note::Answered { line, answer } => NoteObject {
                note: "answered",
                line: Some(*line),
                status: answer.status(),
                message: self.answer(answer),
                ..NoteObject::default()
            },
            Note::Forwarded { line, result } => forwarded(*line, result),
            _ => return Ok(()),
        };
        self.write_object(out, &object)
    }

    /// Writes what the signature of a delivery is worth.
    pub(super) fn write_signature(
        &self,
        out: &mut impl Write,
        line: u64,
        status: SignatureStatus,
    ) -> io::Result<()> {
        let object = NoteObject {
            note: "signature",
            line: Some(line),
            message: Some(status.name().to_owned()),
            ..NoteObject::default()
        };
        self.write_object(out, &object)
    }

    /// Writes how many deliveries there were.
    pub(super) fn write_counts(
        &self,
        out: &mut impl Write,
        counts: &ListenCounts,
    ) -> io::Result<()> {
        if self.is_json {
            let object = NoteObject {
                note: "ended",
                counts: Some(counts),
                ..NoteObject::default()
            };
            return self.write_object(out, &object);
        }
        let mut parts = vec![format!("answered: {}", by_status(&counts.answered))];
        if counts.unanswered > 0 {
            parts.push(format!("not answered: {}", counts.unanswered));
        }
        if !counts.refused.is_empty() {
            parts.push(format!("refused: {}", by_status(&counts.refused)));
        }
        if counts.not_recorded > 0 {
            parts.push(format!("not recorded: {}", counts.not_recorded));
        }
        if !counts.signatures.is_empty() {
            let signatures = counts.signatures.iter();
            let signatures = signatures.map(|(name, count)| format!("{count} {name}"));
            parts.push(format!("signatures: {}", join(signatures)));
        }
        if let Some(handler) = &counts.forwarded {
            let answered = handler.answered.iter();
            let answered = answered.map(|(status, count)| format!("{status} ×{count}"));
            let others = [("too late", handler.late), ("no answer", handler.failed)];
            let others = others.into_iter().filter(|(_, count)| *count > 0);
            let others = others.map(|(name, count)| format!("{name} ×{count}"));
            let parts_of_handler = join(answered.chain(others));
            parts.push(format!("handler: {parts_of_handler}"));
        }
        writeln!(out, "{}", parts.join("; "))
    }

    fn write_object(&self, out: &mut impl Write, object: &NoteObject<'_>) -> io::Result<()> {
        if self.is_json {
            let object = serde_json::to_string(&NoteObject {
                version: VERSION,
                message: object.message.as_deref().map(escaped),
                peer: object.peer.clone(),
                ..*object
            })?;
            return writeln!(out, "{object}");
        }
        writeln!(out, "{INDENT}{}", escape_controls(&text(object)))
    }

    /// Returns what there is to say of an answer besides its status.
    fn answer(&self, answer: &Planned) -> Option<String> {
        match answer {
            Planned::Redirect(_, location) => Some(format!("to {}", self.masking.mask(location))),
            Planned::Timeout => Some("not answered, and kept open".to_owned()),
            Planned::Close => Some("closed without an answer".to_owned()),
            _ => None,
        }
    }
}

fn escaped(text: &str) -> String {
    escape_controls(text).into_owned()
}

fn forwarded(line: u64, result: &ForwardResult) -> NoteObject<'static> {
    NoteObject {
        note: "forwarded",
        line: Some(line),
        status: result.status.as_ref().ok().copied(),
        duration_ms: Some(milliseconds(result.elapsed)),
        message: result.status.as_ref().err().map(ToString::to_string),
        ..NoteObject::default()
    }
}

/// Returns a time in milliseconds, rounded to a tenth.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e4).round() / 10.0
}

/// Returns the text of a note for people.
fn text(object: &NoteObject<'_>) -> String {
    let message = object.message.as_deref().unwrap_or_default();
    let status = object.status.map(|status| status.to_string());
    let status = status.as_deref().unwrap_or_default();
    let subject = object
        .line
        .map_or(String::new(), |line| format!("{line}: "));
    let text: Cow<'_, str> = match (object.note, object.status) {
        ("refused", _) => {
            let peer = object.peer.as_deref().unwrap_or_default();
            format!("refused with {status}: {message}, from {peer}").into()
        }
        ("not-recorded", _) => format!("not recorded, and answered {status}: {message}").into(),
        ("signature", _) => format!("signature {message}").into(),
        ("answered", Some(_)) => format!("answered {status} {message}").into(),
        ("forwarded", Some(_)) => {
            let time = object.duration_ms.unwrap_or_default();
            format!("handler answered {status} in {time} ms").into()
        }
        ("forwarded", None) => format!("handler did not answer: {message}").into(),
        _ => message.into(),
    };
    format!("{subject}{}", text.trim_end())
}

fn refusal(reason: &RefusalReason) -> String {
    match reason {
        RefusalReason::Method(method) => format!("{method} is not accepted, only POST"),
        RefusalReason::Token => "the URL lacks the secret".to_owned(),
        RefusalReason::Unsigned => "the signature is missing".to_owned(),
        RefusalReason::Signature => "the signature is invalid".to_owned(),
        RefusalReason::TooLarge => "the body is larger than --max-body".to_owned(),
        RefusalReason::TooMuch => "too many large bodies at a time".to_owned(),
        RefusalReason::HeadTooLong => "the head is too long".to_owned(),
        RefusalReason::TooSlow => "the request did not arrive in time".to_owned(),
        _ => "not a request of HTTP/1.1".to_owned(),
    }
}

/// Returns numbers by status: `200 ×3, 500 ×1`.
fn by_status(counts: &BTreeMap<u16, u64>) -> String {
    join(
        counts
            .iter()
            .map(|(status, count)| format!("{status} ×{count}")),
    )
}

fn join(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        return "none".to_owned();
    }
    parts.join(", ")
}
