//! `mewshook send`: delivers payloads as Mews does.

use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use mewshook::Masking;
use mewshook::deliver::send::{
    DeliveryQueue, DeliveryReceiver, HttpEndpoint, SendTally, SendTotals, SystemClock, send,
};
use mewshook::deliver::{Client, ClientOptions};
use mewshook::report::{SendReportOptions, Style, totals_lines};

use crate::cli::SendArgs;
use crate::files::{STDOUT_CLOSED, is_stdout_closed, stdout};
use crate::messages;

use super::check::{RunOptions, RunResult};
use super::deliver::{signing_secret, target, warn_if_readable};
use super::extract::{find_inputs, run_options};
use super::reports::Reports;
use super::{Status, filter, follow, is_broken_pipe};

pub(super) fn run(args: &SendArgs, style: Style) -> anyhow::Result<Status> {
    // What is sent can't be taken back, so nothing is sent if that can't be reported.
    if is_stdout_closed() {
        anyhow::bail!(STDOUT_CLOSED);
    }
    let mut options = ClientOptions::default();
    options.deadline = args.timeout;
    let endpoint = HttpEndpoint {
        client: Client::new(&options),
        target: target(&args.to.target)?,
        content_type: args.content_type.clone(),
        secret: signing_secret(&args.secret)?,
    };
    warn_if_readable(&endpoint.target);
    let inputs = find_inputs(
        &args.to.inputs,
        args.allow_empty,
        &args.find.options(),
        args.find.limits(),
    )?;
    let is_stopped = follow::until_interrupted()?;
    let (queue, deliveries) = DeliveryQueue::new(args.schedule(), Arc::clone(&is_stopped));
    let lacks_times = queue.lacks_times();
    let run = RunOptions {
        threads: args.find.threads(),
        names_skipped: args.to.inputs.verbose,
        allows_empty: args.allow_empty,
        masking: Masking::On,
        write_error: "the payloads can't be sent",
        shows_progress: false,
        stop: Some(Arc::clone(&is_stopped)),
        ..run_options(args.filter.filter())
    };
    let (found, (totals, written)) = thread::scope(|scope| {
        let sending = scope.spawn(|| {
            let sent = report(args, style, &endpoint, deliveries, &is_stopped);
            // Nothing more is read if nothing more can be reported.
            let is_failed = sent.1.is_err();
            is_stopped.fetch_or(is_failed, Ordering::SeqCst);
            sent
        });
        // The queue is closed when this returns, and then the workers end.
        let found = run.run(inputs, Reports::single(Box::new(queue)));
        let sent = sending.join().unwrap_or_else(|panic| resume_unwind(panic));
        (found, sent)
    });
    let found = found?;
    if let Err(error) = written.map_err(anyhow::Error::from) {
        return if is_broken_pipe(&error) {
            Ok(status(&found, &totals))
        } else {
            Err(error.context("the report can't be written"))
        };
    }
    if is_stopped.load(Ordering::SeqCst) {
        messages::note("interrupted: the payloads that follow were not sent");
    }
    print_notes(args, &endpoint, &totals);
    filter::print_count(&found.totals);
    if lacks_times.load(Ordering::SeqCst) {
        messages::note(
            "--replay-timing: no payload has a time at which it was received, so they were sent at once",
        );
    }
    Ok(status(&found, &totals))
}

/// Sends the deliveries of the queue, and writes the report. Standard output belongs to one thread.
fn report(
    args: &SendArgs,
    style: Style,
    endpoint: &HttpEndpoint,
    deliveries: DeliveryReceiver,
    is_stopped: &Arc<AtomicBool>,
) -> (SendTotals, io::Result<()>) {
    let mut reporter = args.format.reporter(
        stdout(),
        SendReportOptions {
            style,
            url: endpoint.target.to_string(),
        },
    );
    let mut tally = SendTally::default();
    let clock = SystemClock {
        is_stopped: Arc::clone(is_stopped),
    };
    let sent = send(deliveries, args.options(), endpoint, &clock, |attempt| {
        reporter.add_attempt(&attempt)?;
        match tally.add(attempt) {
            Some(result) => reporter.add_payload(&result),
            None => Ok(()),
        }
    });
    let (interrupted, totals) = tally.finish();
    let result = sent.and_then(|()| {
        let mut interrupted = interrupted.iter();
        interrupted.try_for_each(|result| reporter.add_payload(result))?;
        reporter.finish(&totals)
    });
    (totals, result)
}

fn print_notes(args: &SendArgs, endpoint: &HttpEndpoint, totals: &SendTotals) {
    if !args.format.has_totals {
        totals_lines(totals).iter().for_each(messages::note);
    }
    if totals.pos > 0 && endpoint.secret.is_none() {
        messages::note(format_args!(
            "{} without a signature; --secret-file signs them",
            match totals.pos {
                1 => "1 payload of the Point of Sale API was sent".to_owned(),
                count => format!("{count} payloads of the Point of Sale API were sent"),
            }
        ));
    }
}

fn status(found: &RunResult, totals: &SendTotals) -> Status {
    if found.totals.unreadable > 0 || found.totals.empty > 0 {
        Status::Failed
    } else if totals.failed > 0 || found.left_out > 0 {
        Status::Invalid
    } else {
        Status::Success
    }
}
