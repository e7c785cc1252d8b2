//! Redacts the payloads that a filter selects, and prints nothing else.
//!
//! The payloads are copied out of the captures as `extract` does, into a pipe whose other end is redacted.
//! So the result is that of `extract --where … | redact`.

use std::io::{self, BufWriter, PipeReader, Write};
use std::sync::Arc;
use std::thread;

use anyhow::Context;
use mewshook::extract::StreamFormat;
use mewshook::frame::{CaptureMode, Frames, Limits};
use mewshook::query::Filter;
use mewshook::redact::{RedactedStream, Redactor, StreamStatus};

use crate::cli::{CheckOptionsArgs, RedactArgs};
use crate::commands::check::RunOptions;
use crate::commands::{Status, extract, status_after_output};
use crate::files::{refuse_stdout, stdout};

use super::{classes, file, limits, note_changed_bodies, read_key};

pub(super) fn run(args: &RedactArgs, filter: Arc<Filter>) -> anyhow::Result<Status> {
    refuse_stdout(args.key_file.iter().map(|path| file(path)))?;
    let redactor = Redactor::new(read_key(args)?, classes(args));
    let limits = limits(args);
    let inputs = extract::find_inputs(&args.inputs, false, &CheckOptionsArgs::default(), limits)?;
    let options = RunOptions {
        names_skipped: args.inputs.verbose,
        // Without a filter, any text is redacted.
        allows_empty: true,
        ..extract::run_options(Some(filter))
    };
    let (reader, writer) = io::pipe().context("no pipe can be created")?;
    let (copied, redacted) = thread::scope(|scope| {
        let redaction = scope.spawn(|| redact(&redactor, reader, limits));
        let reporter = StreamFormat::Lines.reporter(BufWriter::new(writer));
        // The writer is closed by then, which ends the other thread.
        let copied = extract::copy(options, inputs, reporter);
        (copied, redaction.join())
    });
    note_changed_bodies(&redactor);
    let redacted = redacted.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    // If the output can't be written, the copy ends early.
    status_after_output(redacted, copied?)
}

/// Prints the text that a pipe yields, redacted.
fn redact(redactor: &Redactor, reader: PipeReader, limits: Limits) -> anyhow::Result<()> {
    const OUTPUT: &str = "the output can't be written";
    let mut out = stdout();
    let frames = Frames::from_reader(reader)
        .with_limits(limits)
        .with_mode(CaptureMode::Auto);
    let mut stream = RedactedStream::new(redactor, frames);
    let mut text = Vec::new();
    loop {
        text.clear();
        let status = stream.next(&mut text);
        out.write_all(&text).context(OUTPUT)?;
        match status.context("the payloads can't be redacted")? {
            StreamStatus::More => {}
            StreamStatus::Idle => out.flush().context(OUTPUT)?,
            StreamStatus::End => return out.flush().context(OUTPUT),
        }
    }
}
