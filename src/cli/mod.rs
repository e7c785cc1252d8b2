//! The command line: clap types, and the texts of `--help`.

mod filter;
mod formats;
mod sample;
mod stats;
mod timeline;
mod values;

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use mewshook::Masking;
use mewshook::report::Format;

use values::{capture_modes, codes, kinds, number};

pub use filter::FilterArgs;
pub use formats::Output;

pub use sample::SampleArgs;
pub use stats::StatsArgs;
pub use timeline::TimelineArgs;

/// Inspect, validate, extract, generate and redact Mews webhook payloads.
///
/// The default command is `inspect`: `mewshook FILE` is the same as `mewshook inspect FILE`.
#[derive(Debug, Parser)]
#[command(
    name = "mewshook",
    version,
    override_usage = "mewshook [OPTIONS] <COMMAND>\n       mewshook [FILE]...",
    max_term_width = 100,
    after_help = "\
Examples:
  mewshook payload.json                     show and validate a payload
  tail -f capture.ndjson | mewshook -f      show payloads as they arrive
  kubectl logs deploy/hooks | mewshook      show the payloads in a log
  mewshook validate fixtures                validate fixtures in CI
  mewshook extract traffic.har              copy payloads out of a capture
  mewshook stats captures                   count payloads by event, hotel and day
  mewshook timeline captures                show what happened to integrations
  mewshook sample CustomerUpdated           generate a payload
  mewshook redact capture.ndjson            replace secrets, to share a capture
  mewshook explain invalid-uuid             explain a diagnostic

Exit status: 0 success, 1 a payload is invalid, 2 wrong usage, 3 something could not be read or written, or an input has no payload"
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colour: `auto` means on a terminal, unless `NO_COLOR` is set
    // Only for the help text and for invalid values: `main` reads it before clap does, so that it applies
    // to the output of clap too.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        display_order = 100
    )]
    pub color: ColorChoice,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what payloads say and whether they are valid
    #[command(after_help = "\
Examples:
  mewshook inspect payload.json
  pbpaste | mewshook inspect
  kubectl logs deploy/hooks | mewshook inspect
  tail -f capture.ndjson | mewshook inspect --follow
  mewshook inspect --format ndjson capture.ndjson | jq -r .event
  mewshook inspect --where event=CustomerUpdated --where since=7d capture.ndjson

A single payload is shown as a card, several as rows with totals. The first payload of a stream is therefore not shown before the second one arrives or the stream ends. With --follow, each payload is shown as a row at once, and Ctrl-C prints the totals.")]
    Inspect(InspectArgs),

    /// Check payloads and print diagnostics and totals
    #[command(after_help = "\
Examples:
  mewshook validate fixtures
  mewshook validate fixtures --glob '*.json' --glob '!drafts'
  mewshook validate --format github --output sarif=mewshook.sarif fixtures
  mewshook validate --expect invalid-uuid fixtures/bad-ids
  mewshook validate --strict --allow unknown-property capture.ndjson
  mewshook validate --capture none fixtures     each JSON value is a payload
  mewshook validate --kind general --quiet payload.json && echo valid
  mewshook validate --where valid=false --format ndjson capture.ndjson
  mewshook validate --where 'enterprise~=my hotel' capture.ndjson
  tail -f capture.ndjson | mewshook validate --follow

Exit status: 0 all payloads are valid, 1 a payload is invalid (0 with --exit-zero), 2 wrong usage, 3 something could not be read, or an input has no payload")]
    Validate(ValidateArgs),

    /// Copy payloads out of logs and other captures
    #[command(after_help = "\
Examples:
  mewshook extract app.log > payloads.ndjson
  mewshook extract traffic.har --out-dir payloads       one file per payload
  mewshook extract --pretty app.log | less
  mewshook extract app.log | mewshook validate --strict
  mewshook extract --with-delivery app.log | jq -r .delivery.time
  mewshook extract --where event=PaymentUpdated --where until=2026-11-28 app.log

Payloads are printed byte for byte, or joined to one line if they have line breaks outside of strings. They are not checked, and secrets are not masked. A broken payload of several lines can't be one line: it is left out, and named on standard error. --out-dir writes it, too.

Exit status: 0 success, 1 a payload was left out, 2 wrong usage, 3 something could not be read or written, or an input has no payload")]
    Extract(ExtractArgs),

    /// Count payloads by event, enterprise, time, code and more
    #[command(after_help = "\
Examples:
  mewshook stats captures
  kubectl logs deploy/hooks | mewshook stats
  mewshook stats --top 0 capture.ndjson                  all names, not only the first ten
  mewshook stats --distinct capture.ndjson               also distinct entities and duplicates
  mewshook stats --format json capture.ndjson | jq -c '.events[]'
  mewshook stats --output csv=stats.csv capture.ndjson
  mewshook stats --merge monday.json tuesday.json        the same as one run over all captures

Lists start with the largest numbers. Days and hours are in UTC: when a payload was received if the capture says that, else when what it reports has happened; most payloads say neither, and are counted as without a time. What is not wrapped in anything is of capture `plain`. With --merge, the output and the exit status are those of one run over all captures.

Exit status: 0 all payloads are valid, 1 a payload is invalid (0 with --exit-zero), 2 wrong usage, 3 something could not be read or written, or an input has no payload")]
    Stats(StatsArgs),

    /// Show what happened to each integration
    #[command(after_help = "\
Examples:
  mewshook timeline capture.ndjson
  mewshook timeline january.har february.har
  kubectl logs deploy/hooks | mewshook timeline
  mewshook timeline --format ndjson captures | jq 'select(.unusual > 0)'

Payloads are ordered by time: when they were received if the capture says that, else the time that the payload states. A payload without a time follows the one before it in the input. General messages are counted between integration events. Unusual are events after the deletion, a second access token, an integration that is enabled before it is created, and bodies that come again: a retry or a second event, nothing tells which. Payloads are not checked: an invalid one takes part if its kind and its integration can be read.

Exit status: 0 success, also if payloads are invalid or something is unusual, 2 wrong usage, 3 something could not be read or written, or an input has no payload")]
    Timeline(TimelineArgs),

    /// Generate payloads
    #[command(after_help = "\
Examples:
  mewshook sample                                 an IntegrationCreated event
  mewshook sample CustomerUpdated --events 3      a message with three events
  mewshook sample general --count 100 --ndjson    a capture of general messages
  mewshook sample --all --out-dir fixtures        one file per event
  mewshook sample --invalid invalid-uuid          a payload with only this error
  mewshook sample --enterprise 851df8c8-90f2-4c4a-8e01-a4fc46b25178='My Hotel'
  mewshook sample --at 2024-05-01 --set /Data/IsEnabled=false
  mewshook sample integration general --count 100 --enterprises 5 --ndjson
  mewshook sample | curl -d @- http://localhost:3000/hooks")]
    Sample(SampleArgs),

    /// Replace secrets and personal data in captures
    #[command(after_help = "\
Examples:
  mewshook redact capture.ndjson > shared.ndjson
  pbpaste | mewshook redact --ids --names
  mewshook redact --in-place --key-file ~/.mewshook.key fixtures
  mewshook redact --check fixtures             check in CI that fixtures are redacted
  mewshook redact traffic.har > shared.har     redact the payloads inside, too
  mewshook redact --where code=wrong-type app.log > report.ndjson

Tokens and keys, secrets in URLs and headers, and the name and email of the Requestor are replaced, also in base64, gzip and chunked bodies, which are written again in the same way. Lengths that the capture states stay true. Everything else stays the same, byte for byte, and so does the result of validation. The same secret becomes the same placeholder within a run, and with --key-file in every run. With --where, only the payloads that match are printed, one per line as by extract.

Exit status: 0 success, 1 --check found something to replace, 2 wrong usage, 3 something could not be read or written")]
    Redact(RedactArgs),

    /// Print a bundled JSON Schema, or list them
    #[command(after_help = "\
Examples:
  mewshook schema                        list the kinds, with the sources of their schemas
  mewshook schema general                print a schema
  mewshook schema --out-dir schemas      write all schemas to files
  mewshook schema --openapi              print all webhooks as an OpenAPI 3.1 document")]
    Schema(SchemaArgs),

    /// Explain a diagnostic, or list all codes
    #[command(after_help = "\
Examples:
  mewshook explain                       list all codes
  mewshook explain token-shape           explain a code, with an example and its source")]
    Explain(ExplainArgs),

    /// Show the settings of files and where they come from
    #[command(after_help = "\
Examples:
  mewshook config                          settings of standard input
  mewshook config fixtures/bad/id.json
  mewshook config --strict fixtures

Settings are read from the command line and from mewshook.toml, which is searched for from the folder of each payload up to the root of the repository. An example:
  kind = \"general\"                  # also capture, strict, allow, deny, expect
  [[fixtures]]
  files = [\"bad-ids\", \"*.bad.json\"]
  expect = [\"invalid-uuid\"]")]
    Config(ConfigArgs),

    /// Print completions for a shell
    #[command(after_help = "\
Examples:
  mewshook completions bash > ~/.local/share/bash-completion/completions/mewshook
  mewshook completions zsh > ~/.zfunc/_mewshook         with ~/.zfunc in $fpath
  mewshook completions fish > ~/.config/fish/completions/mewshook.fish")]
    Completions(CompletionsArgs),

    /// Print a manual page
    #[command(after_help = "\
Examples:
  mewshook man | man -l -                  manual of the program
  mewshook man validate | man -l -         manual of one command")]
    Man(ManArgs),
}

/// The inputs.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Payloads, captures that contain payloads, and folders; `-` or no argument means standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// In folders, select files that match this glob, instead of `*.json`, `*.ndjson` and `*.jsonl`; a
    /// leading `!` excludes files (repeatable, syntax of .gitignore)
    #[arg(long, value_name = "GLOB")]
    pub glob: Vec<String>,

    /// Read the names of input files from this file, one per line or, as from `git ls-files -z`, each
    /// followed by a NUL byte; `-` means standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,

    /// Name each file that is skipped in folders, with the reason, and each record without a payload
    #[arg(long, short)]
    pub verbose: bool,
}

/// The options of checks.
#[derive(Debug, Default, Args)]
pub struct CheckOptionsArgs {
    /// Check all payloads as this kind, instead of detecting it
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub kind: Option<String>,

    /// How to find payloads: `json` reads JSON values and looks into them, `text` looks for payloads in any
    /// text, `auto` chooses one of these by the name and the first characters, and `none` takes each JSON
    /// value as a payload
    #[arg(long, value_name = "MODE", value_parser = capture_modes())]
    pub capture: Option<String>,

    /// Count warnings as errors
    #[arg(long)]
    pub strict: bool,

    /// Do not report this warning (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub allow: Vec<String>,

    /// Count this warning as an error (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub deny: Vec<String>,

    /// Expect each payload to have errors of exactly these codes (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub expect: Vec<String>,

    /// Use this configuration file, with globs relative to the current folder, instead of the nearest
    /// mewshook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Ignore configuration files
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,
}

/// The limits of inputs and reports.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Maximum nesting depth of a payload
    #[arg(long = "max-depth", value_name = "N", default_value_t = 128, value_parser = number::<u16>(1, 1000))]
    pub depth: u16,

    /// Maximum size of a payload, in MiB
    #[arg(long = "max-payload", value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2048))]
    pub payload: u16,

    /// Maximum number of diagnostics per payload, errors first; 0 means all
    #[arg(long = "max-diagnostics", value_name = "N", default_value_t = 100, value_parser = number::<u32>(0, u32::MAX.into()))]
    pub diagnostics: u32,

    /// Maximum width of a source line, in columns
    #[arg(long = "max-width", value_name = "N", default_value_t = 200, value_parser = number::<u16>(40, 65535))]
    pub width: u16,
}

/// Arguments of `inspect` and `validate`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct CheckArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// The options of checks.
    #[command(flatten)]
    pub options: CheckOptionsArgs,

    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format())]
    pub format: &'static Format,

    /// Also write a report to a file, as in `sarif=mewshook.sarif` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::output)]
    pub output: Vec<Output>,

    /// Show each payload of a stream as soon as it arrives, until Ctrl-C, as in
    /// `tail -f FILE | mewshook -f`
    #[arg(long, short)]
    pub follow: bool,

    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// Exit with 0 even if a payload is invalid
    #[arg(long)]
    pub exit_zero: bool,

    /// Show tokens and other secrets instead of masking them
    #[arg(long)]
    pub show_secrets: bool,

    /// Number of threads that check payloads [default: number of processors]
    #[arg(long, value_name = "N", value_parser = number::<u16>(1, 1024))]
    pub jobs: Option<u16>,

    /// The limits of inputs and reports.
    #[command(flatten)]
    pub limits: LimitArgs,

    /// Maximum number of diagnostics of each code and place, such as `/Events/*/Id`, that a `human` report
    /// shows; the others are counted in a table below; 0 means all
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = number::<u32>(0, u32::MAX.into()), help_heading = "Limits")]
    pub max_per_rule: u32,
}

impl CheckArgs {
    /// Returns whether reports mask secrets.
    pub fn masking(&self) -> Masking {
        if self.show_secrets {
            Masking::Off
        } else {
            Masking::On
        }
    }
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The shared arguments.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// The shared arguments.
    #[command(flatten)]
    pub check: CheckArgs,

    /// Print nothing; only set the exit status
    #[arg(long, short, conflicts_with = "format", help_heading = None)]
    pub quiet: bool,
}

/// Arguments of `extract`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct ExtractArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// How to find payloads: `json` reads JSON values and looks into them, `text` looks for payloads in any
    /// text, `auto` chooses one of these by the name and the first characters, and `none` takes each JSON
    /// value as a payload
    #[arg(long, value_name = "MODE", value_parser = capture_modes())]
    pub capture: Option<String>,

    /// Print payloads indented by two spaces, instead of one per line
    #[arg(long, conflicts_with_all = ["out_dir", "with_delivery"])]
    pub pretty: bool,

    /// Print a JSON record per line, with the exact payload, its SHA-256, where it was found, and when and
    /// how it was delivered
    #[arg(long, conflicts_with = "out_dir")]
    pub with_delivery: bool,

    /// Write each payload, byte for byte, to a file in this folder
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// Replace files that already exist
    #[arg(long, requires = "out_dir")]
    pub force: bool,

    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// Use this configuration file, with globs relative to the current folder, instead of the nearest
    /// mewshook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Ignore configuration files
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,

    /// Number of threads [default: number of processors]
    #[arg(long, value_name = "N", value_parser = number::<u16>(1, 1024))]
    pub jobs: Option<u16>,

    /// Maximum nesting depth of a payload
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = number::<u16>(1, 1000))]
    pub max_depth: u16,

    /// Maximum size of a payload, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2048))]
    pub max_payload: u16,
}

/// Arguments of `redact`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct RedactArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Rewrite the files instead of printing the result
    #[arg(long, conflicts_with = "conditions")]
    pub in_place: bool,

    /// Only print the names of files that would change, and exit with 1 if there are any
    #[arg(long, conflicts_with_all = ["in_place", "conditions"])]
    pub check: bool,

    /// Replace every UUID as well
    #[arg(long)]
    pub ids: bool,

    /// Replace the names of enterprises, services and integrations as well
    #[arg(long)]
    pub names: bool,

    /// Do not replace these secrets (repeatable, or separated by commas)
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub keep: Vec<Keep>,

    /// Derive placeholders from the content of this file (at least 16 bytes), so that they are the same
    /// in every run
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Maximum size of a payload, or of a line of other text, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2048))]
    pub max_payload: u16,
}

/// The secrets that `redact` can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Keep {
    /// Tokens and keys
    Tokens,
    /// Secrets in URLs
    Urls,
    /// Secrets in headers such as `Authorization` and `Cookie`
    Headers,
    /// The name and email of the Requestor
    Requestor,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Kind whose schema to print
    #[arg(value_name = "KIND", value_parser = kinds(), ignore_case = true, conflicts_with = "out_dir")]
    pub kind: Option<String>,

    /// Print all webhooks as an OpenAPI 3.1 document instead
    #[arg(long, conflicts_with_all = ["kind", "out_dir"])]
    pub openapi: bool,

    /// Write all schemas to this folder
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// Replace files that already exist
    #[arg(long, requires = "out_dir")]
    pub force: bool,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Code of the diagnostic
    #[arg(value_name = "CODE", value_parser = codes(), hide_possible_values = true)]
    pub code: Option<String>,
}

/// Arguments of `config`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// The options of checks.
    #[command(flatten)]
    pub options: CheckOptionsArgs,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to print completions for
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Command whose page to print
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}
