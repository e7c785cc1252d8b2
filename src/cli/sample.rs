//! The arguments of `sample`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use mewshook::document::Document;
use mewshook::sample::{Edit, NamedId, Pointer, parse_time};
use serde_json::Value;

use super::values::{errors, number};

/// The heading of the options that set values of the payloads.
const VALUES: &str = "Values";

/// Arguments of `sample`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct SampleArgs {
    /// Events, or kinds to cycle through their events; `KIND/EVENT` if two kinds have the same event
    #[arg(value_name = "KIND|EVENT", conflicts_with = "all")]
    pub names: Vec<String>,

    /// List all kinds and events
    #[arg(long, exclusive = true)]
    pub list: bool,

    /// Generate one payload for each event
    #[arg(long)]
    pub all: bool,

    /// Number of payloads for each name
    #[arg(long, value_name = "N", value_parser = number::<u64>(1, u64::MAX), conflicts_with = "invalid")]
    pub count: Option<u64>,

    /// Seed of the generated values: the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::<u64>(0, u64::MAX))]
    pub seed: u64,

    /// Number of events in each general or websocket message
    #[arg(long, value_name = "N", value_parser = number::<u64>(1, 1_000_000))]
    pub events: Option<u64>,

    /// Print each payload on one line
    #[arg(long)]
    pub ndjson: bool,

    /// Generate a payload with only this error, or one for each error with `all`; stderr lists the errors
    #[arg(long, value_name = "CODE", value_parser = errors(), hide_possible_values = true)]
    pub invalid: Option<String>,

    /// Write each payload to a file in this folder
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// Replace files that already exist
    #[arg(long, requires = "out_dir")]
    pub force: bool,

    /// Set the enterprise
    #[arg(long, value_name = "ID[=NAME]", help_heading = VALUES)]
    pub enterprise: Option<NamedId>,

    /// Set the integration; tokens start with its id
    #[arg(long, value_name = "ID[=NAME]", help_heading = VALUES)]
    pub integration: Option<NamedId>,

    /// Set the service
    #[arg(long, value_name = "ID[=NAME]", help_heading = VALUES)]
    pub service: Option<NamedId>,

    /// Set the first time in each payload, such as `2024-05-01T10:00:00Z` or `2024-05-01`
    #[arg(long, value_name = "TIME", value_parser = parse_time, help_heading = VALUES)]
    pub at: Option<DateTime<Utc>>,

    /// Distribute the payloads over N hotels, in a realistic order
    #[arg(
        long,
        value_name = "N",
        value_parser = number::<u64>(1, u64::MAX),
        conflicts_with_all = ["enterprise", "integration", "service", "invalid"],
        help_heading = VALUES
    )]
    pub enterprises: Option<u64>,

    /// Distribute the payloads over a period that starts at this time, in a realistic order [default:
    /// two years before --to, or 2024-01-01]
    #[arg(
        long,
        value_name = "TIME",
        value_parser = parse_time,
        conflicts_with_all = ["at", "invalid"],
        help_heading = VALUES
    )]
    pub from: Option<DateTime<Utc>>,

    /// Distribute the payloads over a period that ends before this time [default: two years after
    /// --from]
    #[arg(
        long,
        value_name = "TIME",
        value_parser = parse_time,
        conflicts_with_all = ["at", "invalid"],
        help_heading = VALUES
    )]
    pub to: Option<DateTime<Utc>>,

    /// The edits to make last.
    #[command(flatten)]
    pub edits: Edits,
}

/// The edits of `--set` and `--remove`, in the order of the command line. With clap's derive, the order
/// of different options is lost.
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
                    .value_parser(parse_set)
                    .help("Set a property of the finished payload, as in `/Data/IsEnabled=false`; `/Events/-` appends (repeatable)"),
            )
            .arg(
                option("remove")
                    .value_name("POINTER")
                    .value_parser(parse_remove)
                    .help("Remove a property of the finished payload (repeatable)"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Edits {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let with_indices = |name| {
            let indices = matches.indices_of(name).into_iter().flatten();
            let edits = matches.get_many::<Edit>(name).into_iter().flatten();
            indices.zip(edits.cloned())
        };
        let mut edits: Vec<(usize, Edit)> =
            with_indices("set").chain(with_indices("remove")).collect();
        edits.sort_by_key(|(index, _)| *index);
        Ok(Self(edits.into_iter().map(|(_, edit)| edit).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Parses `POINTER=JSON`. A pointer may contain `=`, so the value starts after the first `=` that JSON
/// follows.
fn parse_set(text: &str) -> Result<Edit, String> {
    let Some((first, rest)) = text.split_once('=') else {
        return Err("write POINTER=JSON, as in `/Data/IsEnabled=false`".into());
    };
    let mut separators = text.match_indices('=');
    let parts = separators.find_map(|(index, _)| {
        let value: Value = serde_json::from_str(&text[index + 1..]).ok()?;
        Some((&text[..index], value))
    });
    let pointer: Pointer = parts
        .as_ref()
        .map_or(first, |(pointer, _)| pointer)
        .parse()
        .map_err(|error: mewshook::sample::PointerError| error.to_string())?;
    if let Some((_, value)) = parts {
        return Ok(Edit::Set(pointer, value));
    }
    if rest.is_empty() {
        return Err("the JSON value is missing after `=`".into());
    }
    if rest.starts_with(['{', '[', '"'])
        && let Err(error) = Document::parse(rest)
    {
        return Err(format!("`{rest}` is not JSON: {}", error.kind));
    }
    let quoted = Value::from(rest);
    Err(format!(
        "`{rest}` is not JSON; a string needs quotes: --set '{pointer}={quoted}'"
    ))
}

/// Parses a pointer to a value, which can't be the whole payload.
fn parse_remove(text: &str) -> Result<Edit, String> {
    let pointer = text.parse::<Pointer>().map_err(|error| error.to_string())?;
    match text {
        "" => Err(
            "the whole payload can't be removed; write a pointer such as `/Data/Service`".into(),
        ),
        _ => Ok(Edit::Remove(pointer)),
    }
}
