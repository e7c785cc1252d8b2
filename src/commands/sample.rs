//! `mewshook sample`: prints generated payloads, or lists the events that have a sample.

mod check;
mod generator;
mod list;
mod writer;

use mewshook::report::Style;
use mewshook::sample::{self, Selection};

use crate::cli::SampleArgs;
use crate::files::stdout;
use crate::messages::usage;

use super::Status;
use generator::Generator;
use writer::PayloadWriter;

/// The event that is made if no name is given.
const DEFAULT_EVENT: &str = "IntegrationCreated";

pub(super) fn run(args: &SampleArgs, style: Style) -> anyhow::Result<Status> {
    if args.list {
        list::print(&mut stdout(), style)?;
        return Ok(Status::Success);
    }
    let selections = selections(args)?;
    let mut generator = Generator::new(args);
    check::options(&generator, &selections)?;
    let mut writer = PayloadWriter::new(args);
    if args.invalid.is_some() {
        generator.write_invalid(&selections, &mut writer)?;
    } else if args.is_scenario() {
        generator.write_scenario(&selections, &mut writer)?;
    } else {
        generator.write_valid(&selections, &mut writer)?;
    }
    writer.finish()?;
    Ok(Status::Success)
}

/// Returns the kinds and events to make payloads of.
fn selections(args: &SampleArgs) -> anyhow::Result<Vec<Selection>> {
    if args.all {
        return Ok(sample::events().map(Selection::Event).collect());
    }
    let selections: Result<_, _> = if args.names.is_empty() {
        sample::find(DEFAULT_EVENT).map(|selection| vec![selection])
    } else {
        args.names.iter().map(|name| sample::find(name)).collect()
    };
    selections.map_err(|error| usage(error.to_string()))
}

impl SampleArgs {
    /// Returns `true` if neither a name nor `--all` was given.
    fn is_default(&self) -> bool {
        self.names.is_empty() && !self.all
    }

    /// Returns `true` if the payloads form a scenario: what happens at some hotels over a period.
    fn is_scenario(&self) -> bool {
        self.enterprises.is_some() || self.from.is_some() || self.to.is_some()
    }
}
