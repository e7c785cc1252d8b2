//! `mewshook verify`: verifies the signatures of requests.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use anyhow::Context;
use mewshook::Masking;
use mewshook::deliver::verify::{BodyInput, SignatureRecord, Verifier};
use mewshook::input::{FoundInput, Origin, describe};
use mewshook::report::{Reporter, Style, Totals};
use mewshook::report::{SIGNATURE_NOTES, SignatureCounts, SignatureReporter};

use crate::cli::VerifyArgs;
use crate::files::stdout;
use crate::messages;

use super::check::RunOptions;
use super::deliver::secrets;
use super::inputs::Inputs;
use super::reports::Reports;
use super::{Status, extract, filter, status_after_output};

/// The message for output that can't be written.
const WRITE_ERROR: &str = "the report can't be written";

pub(super) fn run(args: &VerifyArgs, style: Style) -> anyhow::Result<Status> {
    let verifier = Arc::new(Verifier::new(secrets(&args.secrets)?));
    let reporter = SignatureReporter::new(stdout(), args.format, style, Arc::clone(&verifier));
    let counts = reporter.counts();
    let status = match &args.signature {
        Some(signature) => verify_bodies(args, signature, &verifier, reporter)?,
        None => verify_captures(args, reporter)?,
    };
    if !args.format.is_human {
        SIGNATURE_NOTES.iter().for_each(messages::note);
    }
    Ok(status.max(status_of(&counts)))
}

/// Returns the exit status by the verdicts.
fn status_of(counts: &Rc<Cell<SignatureCounts>>) -> Status {
    if counts.get().has_invalid() {
        Status::Invalid
    } else {
        Status::Success
    }
}

/// Verifies the payloads in captures.
fn verify_captures(
    args: &VerifyArgs,
    reporter: SignatureReporter<impl io::Write + 'static>,
) -> anyhow::Result<Status> {
    let inputs = extract::find_inputs(
        &args.inputs,
        args.allow_empty,
        &args.find.options(),
        args.find.limits(),
    )?;
    let counts = reporter.counts();
    let options = RunOptions {
        threads: args.find.threads(),
        masking: Masking::On,
        write_error: WRITE_ERROR,
        names_skipped: args.inputs.verbose,
        allows_empty: args.allow_empty,
        ..extract::run_options(args.filter.filter())
    };
    let totals = options
        .run(inputs, Reports::single(Box::new(reporter)))?
        .totals;
    filter::print_count(&totals);
    let SignatureCounts {
        valid, connector, ..
    } = counts.get();
    let is_failed = totals.unreadable > 0 || totals.empty > 0;
    if valid == 0 && !counts.get().has_invalid() && !is_failed && !args.allow_empty {
        messages::error(if connector > 0 {
            "nothing is verified: all payloads are of the Connector API, whose webhooks are not signed; \
             --allow-empty accepts this"
        } else {
            "nothing is verified: no payload matches; --allow-empty accepts this"
        });
        return Ok(Status::Failed);
    }
    Ok(if is_failed {
        Status::Failed
    } else {
        Status::Success
    })
}

/// Verifies inputs that are a body each.
fn verify_bodies(
    args: &VerifyArgs,
    signature: &str,
    verifier: &Verifier,
    mut reporter: SignatureReporter<impl io::Write>,
) -> anyhow::Result<Status> {
    let limit = args.find.limits().payload;
    let found = Inputs::in_order(&args.inputs)?;
    found.print_notes(None);
    let mut status = Status::Success;
    let write = || -> anyhow::Result<()> {
        for found in found.found {
            let body = match found {
                Ok(FoundInput { origin, .. }) => {
                    let path = messages::path_name(&origin);
                    let body = read(&origin, limit);
                    body.map(|body| (path.clone(), body))
                        .map_err(|error| format!("{path}: {}", describe(&error)))
                }
                Err(failure) => Err(format!("{}: {}", failure.path, failure.message)),
            };
            match body {
                Ok((path, body)) => {
                    let input = BodyInput {
                        path: &path,
                        body: &body,
                        signature,
                    };
                    let record = SignatureRecord::of_body(verifier, input);
                    reporter.add_record(&record).context(WRITE_ERROR)?;
                }
                Err(message) => {
                    status = Status::Failed;
                    reporter.flush().context(WRITE_ERROR)?;
                    messages::error(message);
                }
            }
        }
        reporter.finish(&Totals::default()).context(WRITE_ERROR)
    };
    let written = write();
    status_after_output(written, status)
}

/// Reads all bytes of an input, up to a limit.
fn read(origin: &Origin, limit: usize) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let max = (limit as u64).saturating_add(1);
    match origin {
        Origin::Stdin => io::stdin().take(max).read_to_end(&mut body)?,
        Origin::File(path) => File::open(path)?.take(max).read_to_end(&mut body)?,
    };
    if body.len() > limit {
        let limit = limit >> 20;
        return Err(io::Error::other(format!(
            "the body is larger than {limit} MiB; --max-payload raises the limit"
        )));
    }
    Ok(body)
}
