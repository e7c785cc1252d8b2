//! Writes redacted inputs in the containers that they had: gzip stays gzip.

use std::io::{self, IsTerminal, Write};

use anyhow::Context;
use mewshook::decode::{Container, Encoder, encoder};
use mewshook::redact::{RedactedStream, StreamStatus};

use super::RedactError;

/// Writes a stream in its own container, once `check` has accepted that. If the input ends with an
/// error, what was read before is written nevertheless, and the container is complete.
pub(super) fn write(
    mut stream: RedactedStream<'_>,
    out: &mut impl Write,
    check: impl FnOnce(&Container) -> Result<(), RedactError>,
) -> Result<(), RedactError> {
    let mut text = Vec::new();
    // The container is known with the first output.
    let mut status = stream.next(&mut text);
    while text.is_empty() && matches!(status, Ok(StreamStatus::More | StreamStatus::Idle)) {
        if matches!(status, Ok(StreamStatus::Idle)) {
            written(out.flush())?;
        }
        status = stream.next(&mut text);
    }
    if text.is_empty() && status.is_err() {
        return Ok(status.map(drop)?);
    }
    check(stream.container())?;
    let mut encoder = written(encoder(stream.container(), out))?;
    loop {
        written(encoder.write_all(&text))?;
        match status {
            Ok(StreamStatus::More) => {}
            Ok(StreamStatus::Idle) => written(encoder.flush())?,
            Ok(StreamStatus::End) => return written(encoder.finish()),
            Err(error) => {
                written(Encoder::finish(encoder))?;
                return Err(error.into());
            }
        }
        text.clear();
        status = stream.next(&mut text);
    }
}

/// Checks that an input can be printed after those that were printed before: gzip and text in one
/// stream are neither.
pub(super) fn check_stdout(
    printed: &mut Option<Container>,
    container: &Container,
) -> Result<(), RedactError> {
    if container.is_compressed() && io::stdout().is_terminal() {
        let message = "compressed data is not printed to a terminal: redirect it to a file";
        return Err(RedactError::Input(message.to_owned()));
    }
    let before = printed.get_or_insert_with(|| container.clone());
    if before == container {
        return Ok(());
    }
    Err(RedactError::Input(format!(
        "this is {container}, and can't follow {before} in one output: redact each by itself, or with \
         --in-place"
    )))
}

fn written<T>(result: io::Result<T>) -> Result<T, RedactError> {
    let result = result.context("the output can't be written");
    result.map_err(RedactError::Output)
}
