//! `mewshook receiver-test`: plays Mews against a handler.

mod repeat;

use std::io::BufWriter;
use std::thread;

use anyhow::Context as _;
use mewshook::deliver::api::{ApiClock, FakeApi};
use mewshook::deliver::receiver::{
    ReceiverOptions, ReceiverTotals, run as run_checks, select_checks,
};
use mewshook::deliver::server::Stopper;
use mewshook::deliver::{Server, ServerLimits};
use mewshook::report::Style;
use mewshook::report::{ReceiverReport, write_check_list};

use crate::cli::ReceiverTestArgs;
use crate::files::{refuse_outputs, stdout};
use crate::messages::{note, usage};

use super::deliver::{secrets, target};
use super::reports::{create_files, style_of_files};
use super::{Status, status_after_output};

pub(super) fn run(args: &ReceiverTestArgs, style: Style) -> anyhow::Result<Status> {
    if args.list {
        let written = write_check_list(&mut stdout()).context("the list can't be written");
        return status_after_output(written, Status::Success);
    }
    let options = options(args)?;
    let outputs = args.output.iter().map(|output| &*output.file);
    refuse_outputs(outputs, None, &[])?;
    let files = create_files(&args.output)?;
    let mut reports = vec![args.format.report(stdout(), style, &options)];
    for (format, file) in &files {
        let out = BufWriter::new(file.writer()?);
        reports.push(format.report(out, style_of_files(style), &options));
    }
    let totals = match args.fake_api {
        None => report(&options, None, &mut reports)?,
        Some(address) => {
            let server = Server::bind(address, ServerLimits::default())
                .with_context(|| format!("{address}: the fake API can't listen"))?;
            let address = server.address().context("the fake API has no address")?;
            note(format_args!("the fake API listens at http://{address}"));
            let api = FakeApi::new(ApiClock::system());
            let stop = Stop(server.stopper().context("the fake API has no address")?);
            thread::scope(|scope| {
                scope.spawn(|| server.run(|request| api.answer(request)));
                // Dropped when the checks end, in whatever way.
                let _stop = stop;
                report(&options, Some(&api), &mut reports)
            })?
        }
    };
    drop(reports);
    for (_, file) in files {
        file.commit()?;
    }
    let failed_should = if args.strict { totals.failed_should } else { 0 };
    Ok(if totals.failed_must + failed_should > 0 {
        Status::Invalid
    } else {
        Status::Success
    })
}

/// Stops the server when it is dropped.
struct Stop(Stopper);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

fn options(args: &ReceiverTestArgs) -> anyhow::Result<ReceiverOptions> {
    let mut options = ReceiverOptions::new(target(&args.target)?);
    options.checks =
        select_checks(&args.check).map_err(|message| usage(format!("--check: {message}")))?;
    options.seed = args.seed.unwrap_or_else(random_seed);
    options.settle = args.settle;
    options.deadline = args.deadline;
    options.secret = secrets(&args.secrets)?.into_iter().next();
    options.token_parameter.clone_from(&args.token_param);
    if !args.event.is_empty() {
        options.events.clone_from(&args.event);
    }
    options.command = repeat::command(args, &options);
    Ok(options)
}

/// Returns a seed that is short enough to type.
fn random_seed() -> u64 {
    // Without a source of random numbers, the seed is always the same.
    u64::from(getrandom::u32().unwrap_or_default() % 1_000_000)
}

/// Runs the checks, and reports the results as they come.
fn report(
    options: &ReceiverOptions,
    api: Option<&FakeApi>,
    reports: &mut [Box<dyn ReceiverReport + '_>],
) -> anyhow::Result<ReceiverTotals> {
    let totals = run_checks(options, api, |result| {
        reports.iter_mut().try_for_each(|report| report.add(result))
    })?;
    for report in reports {
        report
            .finish(&totals)
            .context("the results can't be written")?;
    }
    Ok(totals)
}
