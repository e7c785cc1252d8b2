//! The arguments of `sample`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use mewshook::document::Document;
use mewshook::sample::{Edit, NamedId, Pointer, parse_time};
use serde_json::Value;

use super::values::{errors, number};

/// The heading of what says what payloads contain.
const VALUES: &str = "Values";

/// Arguments of `sample`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct SampleArgs {
    /// Kinds (their events in turn) or events; `KIND/EVENT` where two kinds have the same
    #[arg(value_name = "KIND|EVENT", conflicts_with = "all")]
    pub names: Vec<String>,

    /// List every kind and event
    #[arg(long, exclusive = true)]
    pub list: bool,

    /// One of each event
    #[arg(long)]
    pub all: bool,

    /// How many payloads for each name
    #[arg(long, value_name = "N", value_parser = number::<u64>(1, u64::MAX), conflicts_with = "invalid")]
    pub count: Option<u64>,

    /// Seed of the made-up values: the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::<u64>(0, u64::MAX))]
    pub seed: u64,

    /// How many events in each message that holds events
    #[arg(long, value_name = "N", value_parser = number::<u64>(1, 1_000_000))]
    pub events: Option<u64>,

    /// One payload a line, instead of pretty-printed
    #[arg(long)]
    pub ndjson: bool,

    /// Make a payload with only this error, or one for each error with `all`; stderr names the errors
    #[arg(long, value_name = "CODE", value_parser = errors(), hide_possible_values = true)]
    pub invalid: Option<String>,

    /// Write a file for each payload into this folder
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// Replace files that already exist
    #[arg(long, requires = "out_dir")]
    pub force: bool,

    /// The enterprise
    #[arg(long, value_name = "ID[=NAME]", help_heading = VALUES)]
    pub enterprise: Option<NamedId>,

    /// The integration; tokens follow its id
    #[arg(long, value_name = "ID[=NAME]", help_heading = VALUES)]
    pub integration: Option<NamedId>,

    /// The service
    #[arg(long, value_name = "ID[=NAME]", help_heading = VALUES)]
    pub service: Option<NamedId>,

    /// The first time in each payload, such as `2024-05-01T10:00:00Z` or `2024-05-01`
    #[arg(long, value_name = "TIME", value_parser = parse_time, help_heading = VALUES)]
    pub at: Option<DateTime<Utc>>,

    /// Spread the payloads over N hotels, in an order that is possible
    #[arg(
        long,
        value_name = "N",
        value_parser = number::<u64>(1, u64::MAX),
        conflicts_with_all = ["enterprise", "integration", "service", "invalid"],
        help_heading = VALUES
    )]
    pub enterprises: Option<u64>,

    /// Spread the payloads over a time that starts here, in an order that is possible [default: two
    /// years before --to, or 2024-01-01]
    #[arg(
        long,
        value_name = "TIME",
        value_parser = parse_time,
        conflicts_with_all = ["at", "invalid"],
        help_heading = VALUES
    )]
    pub from: Option<DateTime<Utc>>,

    /// Spread the payloads over a time that ends before this [default: two years after --from]
    #[arg(
        long,
        value_name = "TIME",
        value_parser = parse_time,
        conflicts_with_all = ["at", "invalid"],
        help_heading = VALUES
    )]
    pub to: Option<DateTime<Utc>>,

    /// What to change in the end.
    #[command(flatten)]
    pub edits: Edits,
}

/// `--set` and `--remove`, in the order of the command line, which clap's derive does not keep.
#[derive(Debug, Clone, Default)]
pub struct Edits(pub Vec<Edit>);

impl Args for Edits {
    fn augment_args(command: Command) -> Command {
        let option = |name: &'static str| {
            Arg::new(name)
                .long(name)
                .action(ArgAction::Append)
                .help_heading(VALUES)
        };
        command
            .arg(
                option("set")
                    .value_name("POINTER=JSON")
                    .value_parser(set)
                    .help("Last of all, put a value in a place, as in `/Data/IsEnabled=false`; `/Events/-` appends (repeatable)"),
            )
            .arg(
                option("remove")
                    .value_name("POINTER")
                    .value_parser(remove)
                    .help("Last of all, remove what stands in a place (repeatable)"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Edits {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let of = |name| {
            let places = matches.indices_of(name).into_iter().flatten();
            let edits = matches.get_many::<Edit>(name).into_iter().flatten();
            places.zip(edits.cloned())
        };
        let mut edits: Vec<(usize, Edit)> = of("set").chain(of("remove")).collect();
        edits.sort_by_key(|(place, _)| *place);
        Ok(Self(edits.into_iter().map(|(_, edit)| edit).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reads `POINTER=JSON`. A name may have `=` in it: the value is what is JSON.
fn set(text: &str) -> Result<Edit, String> {
    let Some((first, behind)) = text.split_once('=') else {
        return Err("write POINTER=JSON, as in `/Data/IsEnabled=false`".into());
    };
    let mut cuts = text.match_indices('=');
    let found = cuts.find_map(|(at, _)| {
        let value: Value = serde_json::from_str(&text[at + 1..]).ok()?;
        Some((&text[..at], value))
    });
    let pointer: Pointer = found
        .as_ref()
        .map_or(first, |(pointer, _)| pointer)
        .parse()
        .map_err(|error: mewshook::sample::PointerError| error.to_string())?;
    if let Some((_, value)) = found {
        return Ok(Edit::Set(pointer, value));
    }
    if behind.is_empty() {
        return Err("the JSON value is missing after `=`".into());
    }
    if behind.starts_with(['{', '[', '"'])
        && let Err(error) = Document::parse(behind)
    {
        return Err(format!("`{behind}` is not JSON: {}", error.kind));
    }
    let quoted = Value::from(behind);
    Err(format!(
        "`{behind}` is not JSON; a text needs quotes: --set '{pointer}={quoted}'"
    ))
}

fn remove(text: &str) -> Result<Edit, String> {
    let pointer = text.parse::<Pointer>().map_err(|error| error.to_string())?;
    match text {
        "" => Err(
            "the whole payload can't be removed; write a pointer such as `/Data/Service`".into(),
        ),
        _ => Ok(Edit::Remove(pointer)),
    }
}
