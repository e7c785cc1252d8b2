//! Serializes a JSON text anew as common serializers do: names, values and their order stay as they are,
//! and white space and escapes change.

use std::ops::ControlFlow;

use serde::de::IgnoredAny;

use crate::document::layout::{LaidOut, lay_out};
use crate::steps;

use super::bodies::Visit;
use super::escapes::Escapes;
use super::{BYTE_ORDER_MARK, SignatureCause};

/// The white space between values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// None.
    Compact,
    /// A space after commas and colons.
    Spaced,
    /// Line breaks, and this number of spaces for each level.
    Indented(usize),
}

/// How serializers write JSON, the likeliest first.
const SERIALIZERS: [(Spacing, Escapes); 15] = [
    (Spacing::Compact, Escapes::AsWritten),
    (Spacing::Compact, Escapes::Required),
    (Spacing::Indented(2), Escapes::AsWritten),
    (Spacing::Spaced, Escapes::AsWritten),
    (Spacing::Spaced, Escapes::NonAscii),
    (Spacing::Indented(4), Escapes::AsWritten),
    (Spacing::Compact, Escapes::Html),
    (Spacing::Compact, Escapes::DotNet),
    (Spacing::Compact, Escapes::NonAsciiAndSlash),
    (Spacing::Compact, Escapes::NonAscii),
    (Spacing::Indented(2), Escapes::Required),
    (Spacing::Indented(2), Escapes::DotNet),
    (Spacing::Indented(2), Escapes::NonAscii),
    (Spacing::Indented(4), Escapes::NonAscii),
    (Spacing::Indented(4), Escapes::NonAsciiAndSlash),
];

/// Visits a body as each of the serializers writes it, if it is JSON.
pub(super) fn visit(body: &[u8], visit: Visit<'_>) -> ControlFlow<()> {
    let json = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    steps::add(json.len());
    if serde_json::from_slice::<IgnoredAny>(json).is_err() {
        return ControlFlow::Continue(());
    }
    for (spacing, escapes) in SERIALIZERS {
        if let Some(written) = write(json, spacing, escapes) {
            visit(&written, &[SignatureCause::SerializedAnew])?;
        }
    }
    ControlFlow::Continue(())
}

/// Returns JSON without white space, with strings as they are.
pub(super) fn compact(json: &[u8]) -> Vec<u8> {
    write(json, Spacing::Compact, Escapes::AsWritten).unwrap_or_default()
}

/// Returns JSON as a serializer writes it, unless that is much longer: deep nesting can make it hundreds of
/// times as long.
fn write(json: &[u8], spacing: Spacing, escapes: Escapes) -> Option<Vec<u8>> {
    let max_length = 1024 + json.len().saturating_mul(8);
    let mut written = Vec::with_capacity(json.len());
    let result = lay_out(json, |part| {
        match (part, spacing) {
            (LaidOut::Token(range), _) => match &json[range] {
                string @ [b'"', ..] => written.extend_from_slice(&escapes.write(string)),
                token => written.extend_from_slice(token),
            },
            (LaidOut::Space, Spacing::Spaced | Spacing::Indented(_)) => written.push(b' '),
            (LaidOut::LineBreak(_), Spacing::Spaced) if written.ends_with(b",") => {
                written.push(b' ');
            }
            (LaidOut::LineBreak(level), Spacing::Indented(width)) => {
                written.push(b'\n');
                written.resize(written.len() + level * width, b' ');
            }
            (LaidOut::Space | LaidOut::LineBreak(_), _) => {}
        }
        if written.len() > max_length {
            return Err(());
        }
        Ok(())
    });
    steps::add(written.len());
    result.ok().map(|()| written)
}
