//! The command line: clap types and nothing else.

mod formats;
mod sample;
mod values;

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use mewshook::Masking;
use mewshook::report::Format;

use values::{codes, kinds, number};

pub use formats::Output;

pub use sample::SampleArgs;

/// Inspect, validate and generate Mews webhook payloads.
///
/// Without a command, payloads are inspected: `mewshook FILE` and `… | mewshook` are `mewshook inspect`.
#[derive(Debug, Parser)]
#[command(
    name = "mewshook",
    version,
    override_usage = "mewshook [OPTIONS] <COMMAND>\n       mewshook [FILE]...",
    max_term_width = 100,
    after_help = "\
Examples:
  mewshook payload.json                     what came, and is it valid?
  tail -f capture.ndjson | mewshook -f      payloads as they arrive
  mewshook validate fixtures                for CI: diagnostics, exit status
  mewshook sample CustomerUpdated           a made-up payload
  mewshook redact capture.ndjson            the capture, fit to be shared
  mewshook explain invalid-uuid             what a diagnostic means

Exit status: 0 all well, 1 a payload is invalid, 2 wrong usage, 3 something could not be read or written"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colour: `auto` means on a terminal, unless `NO_COLOR` is set
    // Here for the help text and for wrong values: `main` has read it before, so that what clap
    // prints follows it too.
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
    /// Show what payloads say, and whether they are valid
    #[command(after_help = "\
Examples:
  mewshook inspect payload.json
  pbpaste | mewshook inspect
  tail -f capture.ndjson | mewshook inspect --follow
  mewshook inspect --format ndjson capture.ndjson | jq -r .event

One payload gets a card, several get a row each and totals. So the first of a stream is held back until the second one or the end; with --follow each gets a row at once, and Ctrl-C prints the totals.")]
    Inspect(InspectArgs),

    /// Check payloads: diagnostics, one closing line, and the exit status
    #[command(after_help = "\
Examples:
  mewshook validate fixtures
  mewshook validate fixtures --glob '*.json' --glob '!drafts'
  mewshook validate --format github --output sarif=mewshook.sarif fixtures
  mewshook validate --expect invalid-uuid fixtures/bad-ids
  mewshook validate --strict --allow unknown-property capture.ndjson
  mewshook validate --kind general --quiet payload.json && echo fine
  mewshook validate --format ndjson capture.ndjson | jq 'select(.valid | not)'
  tail -f capture.ndjson | mewshook validate --follow

Exit status: 0 all valid, 1 a payload is invalid, 2 wrong usage, 3 something could not be read, or an input holds no payload")]
    Validate(ValidateArgs),

    /// Print made-up payloads
    #[command(after_help = "\
Examples:
  mewshook sample                                 one IntegrationCreated
  mewshook sample CustomerUpdated --events 3      a message with three events
  mewshook sample general --count 100 --ndjson    a capture of general messages
  mewshook sample --all --out-dir fixtures        a file for each event
  mewshook sample --invalid invalid-uuid          a payload with that one error
  mewshook sample --enterprise 851df8c8-90f2-4c4a-8e01-a4fc46b25178='My Hotel'
  mewshook sample --at 2024-05-01 --set /Data/IsEnabled=false
  mewshook sample integration general --count 100 --enterprises 5 --ndjson
  mewshook sample | curl -d @- http://localhost:3000/hooks")]
    Sample(SampleArgs),

    /// Rewrite captures so that they can be committed and shared
    #[command(after_help = "\
Examples:
  mewshook redact capture.ndjson > shared.ndjson
  pbpaste | mewshook redact --ids --names
  mewshook redact --in-place --key-file ~/.mewshook.key fixtures
  mewshook redact --check fixtures             for CI: is everything redacted?

Replaced are tokens and keys, secrets in URLs and headers, and the Requestor's name and email; all else stays byte for byte. What is replaced validates as before. The same secret becomes the same placeholder within a run, and with --key-file in every run.

Exit status: 0 all well, 1 --check found something to replace, 2 wrong usage, 3 something could not be read or written")]
    Redact(RedactArgs),

    /// Print a bundled JSON Schema, or list them
    #[command(after_help = "\
Examples:
  mewshook schema                        the kinds, and where their schemas come from
  mewshook schema general                the schema, byte for byte
  mewshook schema --out-dir schemas      all of them, as files
  mewshook schema --openapi              all webhooks, as an OpenAPI 3.1 document")]
    Schema(SchemaArgs),

    /// Explain a diagnostic, or list all codes
    #[command(after_help = "\
Examples:
  mewshook explain                       all codes
  mewshook explain token-shape           what it means, why it matters, an example, its source")]
    Explain(ExplainArgs),

    /// Show what applies to files, and why: `mewshook.toml` and the command line
    #[command(after_help = "\
Examples:
  mewshook config                          what applies to standard input
  mewshook config fixtures/bad/id.json
  mewshook config --strict fixtures

The file is looked for from each payload's folder up to the root of the repository:
  kind = \"general\"                  # also strict, allow, deny, expect
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
  mewshook man | man -l -                  the program
  mewshook man validate | man -l -         one command")]
    Man(ManArgs),
}

/// Which payloads.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files of payloads, and folders of such; `-` or nothing at all is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// In folders, take files that match, instead of `*.json`, `*.ndjson` and `*.jsonl`; with `!`
    /// before it, leave them out (repeatable, as in .gitignore)
    #[arg(long, value_name = "GLOB")]
    pub glob: Vec<String>,

    /// Take the files that this file lists, one per line or, as from `git ls-files -z`,
    /// each with a zero byte after it; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,

    /// Name each file that is skipped in folders, and why
    #[arg(long, short)]
    pub verbose: bool,
}

/// What they are checked by.
#[derive(Debug, Args)]
pub struct CheckOptionsArgs {
    /// Check all payloads as this kind, instead of detecting it
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub kind: Option<String>,

    /// Count warnings as errors
    #[arg(long)]
    pub strict: bool,

    /// Do not report this warning (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub allow: Vec<String>,

    /// Count this warning as an error (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub deny: Vec<String>,

    /// Each payload must have errors of just these codes (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub expect: Vec<String>,

    /// Use this configuration, its globs from the current folder on, instead of the nearest
    /// mewshook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Use no configuration
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,
}

/// How much is taken in, and told.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// How many levels of brackets a payload may have
    #[arg(long = "max-depth", value_name = "N", default_value_t = 128, value_parser = number::<u16>(1, 1000))]
    pub depth: u16,

    /// How large a payload may be, in MiB
    #[arg(long = "max-payload", value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2048))]
    pub payload: u16,

    /// How many diagnostics of a payload are told, errors first; 0 for all
    #[arg(long = "max-diagnostics", value_name = "N", default_value_t = 100, value_parser = number::<u32>(0, u32::MAX.into()))]
    pub diagnostics: u32,

    /// How many columns of a line are shown at most
    #[arg(long = "max-width", value_name = "N", default_value_t = 200, value_parser = number::<u16>(40, 65535))]
    pub width: u16,
}

/// What is checked, by what, and how it is reported.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Which payloads.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// What they are checked by.
    #[command(flatten)]
    pub options: CheckOptionsArgs,

    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format())]
    pub format: &'static Format,

    /// Write a further report into a file, as in `sarif=mewshook.sarif` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::output)]
    pub output: Vec<Output>,

    /// Show each payload as it comes, until Ctrl-C: of standard input or a pipe, as in
    /// `tail -f FILE | mewshook -f`
    #[arg(long, short)]
    pub follow: bool,

    /// Accept files that hold no payload
    #[arg(long)]
    pub allow_empty: bool,

    /// Show tokens and other secrets, which are masked otherwise
    #[arg(long)]
    pub show_secrets: bool,

    /// How many threads check payloads [default: one a processor]
    #[arg(long, value_name = "N", value_parser = number::<u16>(1, 1024))]
    pub jobs: Option<u16>,

    /// How much is taken in, and told.
    #[command(flatten)]
    pub limits: LimitArgs,
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
    /// What is checked.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// What is checked.
    #[command(flatten)]
    pub check: CheckArgs,

    /// Say nothing; the exit status tells
    #[arg(long, short, conflicts_with = "format", help_heading = None)]
    pub quiet: bool,
}

/// Arguments of `redact`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct RedactArgs {
    /// Which files.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Replace the files by what they become, instead of printing it
    #[arg(long)]
    pub in_place: bool,

    /// Only print which files would change; exit with 1 if any would
    #[arg(long, conflicts_with = "in_place")]
    pub check: bool,

    /// Replace every UUID as well
    #[arg(long)]
    pub ids: bool,

    /// Replace the names of enterprises, services and integrations as well
    #[arg(long)]
    pub names: bool,

    /// Leave this alone (repeatable, or separated by commas)
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub keep: Vec<Keep>,

    /// A file of 16 bytes or more: the same bytes make the same placeholders in every run
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// How large a payload, or a line of other text, may be, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2048))]
    pub max_payload: u16,
}

/// What `redact` can leave alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Keep {
    /// Tokens and keys
    Tokens,
    /// Secrets in URLs
    Urls,
    /// Headers such as `Authorization` and `Cookie`
    Headers,
    /// The Requestor's name and email
    Requestor,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The kind whose schema to print
    #[arg(value_name = "KIND", value_parser = kinds(), ignore_case = true, conflicts_with = "out_dir")]
    pub kind: Option<String>,

    /// Print an OpenAPI 3.1 document with all webhooks instead
    #[arg(long, conflicts_with_all = ["kind", "out_dir"])]
    pub openapi: bool,

    /// Write all schemas into this folder
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// Replace files that already exist
    #[arg(long, requires = "out_dir")]
    pub force: bool,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The diagnostic's code
    #[arg(value_name = "CODE", value_parser = codes(), hide_possible_values = true)]
    pub code: Option<String>,
}

/// Arguments of `config`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Which payloads.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// What they are checked by.
    #[command(flatten)]
    pub options: CheckOptionsArgs,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command whose page to print
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}
