//! Shows deliveries as `inspect --follow` shows payloads, and notes about them.
//!
//! Deliveries are read from their records, as fast as the output takes them.

use std::cell::RefCell;
use std::io::{self, BufWriter, Write};
use std::num::NonZero;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use anyhow::Context;
use mewshook::Masking;
use mewshook::contract::Kind;
use mewshook::deliver::listen::{
    Access, Cursor, Line, ListenCounts, ListenEvent, Listener, ReceivedDelivery, SignatureStatus,
};
use mewshook::deliver::signature;
use mewshook::frame::{CaptureMode, Frames, Next, Start};
use mewshook::pool::{Input, Pool, Task, TaskOutput, TaskResult};
use mewshook::report::{CaptureCounts, ReportOptions, Reporter, Style, Totals, View};

use crate::cli::ListenArgs;
use crate::files::{Stdout, stdout};
use crate::messages;

use super::notes::NoteFormat;

/// The maximum number of diagnostics of each code and place that are shown, as by `inspect`.
const MAX_PER_RULE: u64 = 10;

/// The maximum number of diagnostics of a payload that are shown, as by `inspect`.
const MAX_DIAGNOSTICS: usize = 100;

/// Shows deliveries and notes.
pub(super) struct Screen<'l> {
    input: Arc<Input>,
    cursor: Cursor,
    listener: &'l Listener,
    pool: Pool,
    reporter: Box<dyn Reporter>,
    out: SharedOut,
    notes: NoteFormat,
    masking: Masking,
    totals: Totals,
    /// What the signatures of the deliveries are worth.
    signatures: ListenCounts,
}

impl<'l> Screen<'l> {
    /// Creates a screen for the records that a cursor reads.
    pub(super) fn new(
        args: &ListenArgs,
        style: Style,
        input: Arc<Input>,
        cursor: Cursor,
        listener: &'l Listener,
    ) -> Self {
        let out = SharedOut(Rc::new(RefCell::new(stdout())));
        let options = ReportOptions {
            style,
            view: View::Payloads {
                inputs: 1,
                is_followed: true,
            },
            max_per_rule: Some(MAX_PER_RULE),
            ..ReportOptions::default()
        };
        let reporter = args.format.reporter(out.clone(), options);
        let pool = Pool::new(
            NonZero::new(1),
            reporter.formatter(),
            MAX_DIAGNOSTICS,
            args.masking(),
        );
        Self {
            input,
            cursor,
            listener,
            pool,
            reporter,
            out,
            notes: NoteFormat::new(args.format, args.masking()),
            masking: args.masking(),
            totals: Totals::default(),
            signatures: ListenCounts::default(),
        }
    }

    /// Shows what happens until the listener has ended. Afterwards nobody waits for events to be taken.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "senders see that it is dropped"
    )]
    pub(super) fn run(&mut self, events: Receiver<ListenEvent>) -> anyhow::Result<()> {
        loop {
            let event = if let Ok(event) = events.try_recv() {
                event
            } else {
                self.reporter.flush().context(WRITE_ERROR)?;
                let Ok(event) = events.recv() else {
                    return Ok(());
                };
                event
            };
            if matches!(event, ListenEvent::Recorded) {
                self.listener.acknowledge();
            }
            // A note comes after the delivery that it speaks of.
            while let Some(line) = self
                .cursor
                .try_next_line()
                .context("deliveries can't be shown")?
            {
                self.show(line)?;
            }
            match event {
                ListenEvent::Note(note) => {
                    let written = self.notes.write(&mut self.out, &note);
                    written.context(WRITE_ERROR)?;
                }
                ListenEvent::Ended => return Ok(()),
                _ => {}
            }
        }
    }

    /// Shows a delivery.
    fn show(&mut self, mut line: Line) -> anyhow::Result<()> {
        let signature = self.signature(&line);
        if self.masking == Masking::On {
            self.access().mask(&mut line.bytes);
        }
        let start = Start {
            line: line.number,
            offset: line.offset,
            frames: line.number - 1,
        };
        let mut frames = Frames::from_bytes(line.bytes)
            .with_limits(self.input.limits)
            .with_mode(CaptureMode::Json)
            .with_start(start);
        let mut task = Task::default();
        loop {
            match frames.next() {
                Ok(Next::Batch(batch)) => task.add_batch(&self.input, batch),
                Ok(Next::Idle) => {}
                Ok(Next::End) => break,
                Err(error) => {
                    task.add_failure(self.input.failure(&error));
                    break;
                }
            }
        }
        let result = self.pool.submit_last(task)?;
        self.report(result)?;
        if let Some(signature) = signature {
            self.signatures.add_signature(signature);
            let written = self
                .notes
                .write_signature(&mut self.out, start.line, signature);
            written.context(WRITE_ERROR)?;
        }
        Ok(())
    }

    fn access(&self) -> &'l Access {
        &self.listener.options().access
    }

    /// Returns what the signature of a delivery is worth, unless it is a Connector webhook without one: these
    /// are not signed.
    fn signature(&self, line: &Line) -> Option<SignatureStatus> {
        if self.access().secrets.is_empty() {
            return None;
        }
        let received = ReceivedDelivery::read(&line.bytes)?;
        let value = received.header(signature::HEADER).map(str::as_bytes);
        let status = self.access().signature(&received.body, value)?;
        let is_missing = status == SignatureStatus::Missing;
        (!is_missing || is_signed_by_mews(&received.body)).then_some(status)
    }

    fn report(&mut self, result: Option<TaskResult>) -> anyhow::Result<()> {
        for output in result.into_iter().flatten() {
            match output {
                TaskOutput::Chunk(mut chunk) => {
                    // Each delivery is in a record, which says nothing.
                    chunk.totals.captures = CaptureCounts::default();
                    self.totals.merge(&chunk.totals, &chunk.path);
                    self.reporter.add(chunk).context(WRITE_ERROR)?;
                }
                TaskOutput::Failure(failure) => {
                    self.totals.unreadable += 1;
                    self.reporter.add_failure(&failure).context(WRITE_ERROR)?;
                    messages::error(format_args!("{}: {}", failure.path, failure.message));
                }
                // Only inputs that a worker opens have one.
                TaskOutput::Rest(_) => {}
            }
        }
        Ok(())
    }

    /// Shows the totals.
    pub(super) fn finish(&mut self, mut counts: ListenCounts) -> anyhow::Result<()> {
        counts.signatures = std::mem::take(&mut self.signatures.signatures);
        let finished = self.reporter.finish(&self.totals);
        let finished = finished.and_then(|()| self.notes.write_counts(&mut self.out, &counts));
        finished
            .and_then(|()| self.out.flush())
            .context(WRITE_ERROR)
    }

    /// Returns the totals of the payloads that were shown.
    pub(super) fn totals(&self) -> &Totals {
        &self.totals
    }
}

/// The message for output that can't be written.
const WRITE_ERROR: &str = "deliveries can't be shown";

/// Standard output, for the reporter and for notes between what that writes.
#[derive(Clone)]
struct SharedOut(Rc<RefCell<BufWriter<Stdout>>>);

impl Write for SharedOut {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// Returns `false` if a body is a payload of another API than that of the Point of Sale, which alone signs.
fn is_signed_by_mews(body: &[u8]) -> bool {
    let kind = str::from_utf8(body)
        .ok()
        .and_then(|text| mewshook::check(text).kind);
    kind.is_none_or(|kind| kind == Kind::Pos)
}
