//! The command line: clap types, and the texts of `--help`.

mod check;
mod deferred;
#[cfg(feature = "deliver")]
mod deliver;
mod extract;
mod filter;
mod find;
mod formats;
#[cfg(feature = "deliver")]
mod listen;
mod plan;
#[cfg(feature = "deliver")]
mod receiver_test;
mod sample;
#[cfg(feature = "deliver")]
mod send;
mod stats;
mod timeline;
mod values;
#[cfg(feature = "deliver")]
mod verify;

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use mewshook::Masking;

use deferred::Deferred;
use values::{codes, kinds, number};

pub use check::{CheckArgs, CheckOptionsArgs, InspectArgs, LimitArgs, RunArgs, ValidateArgs};
#[cfg(feature = "deliver")]
pub use deliver::{SecretArgs, SigningSecretArgs, TargetArgs, TargetInputArgs};
pub use extract::ExtractArgs;
pub use filter::FilterArgs;
pub use find::FindArgs;
pub use formats::Output;
#[cfg(feature = "deliver")]
pub use listen::{AccessArgs, ForwardArgs, ListenArgs};

pub use plan::PlanArgs;
#[cfg(feature = "deliver")]
pub use receiver_test::ReceiverTestArgs;
pub use sample::SampleArgs;
#[cfg(feature = "deliver")]
pub use send::SendArgs;
pub use stats::StatsArgs;
pub use timeline::TimelineArgs;
#[cfg(feature = "deliver")]
pub use verify::VerifyArgs;

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
  mewshook plan captures                    show which API requests to make
  mewshook sample CustomerUpdated           generate a payload
  mewshook redact capture.ndjson            replace secrets, to share a capture
  mewshook send --url-env HOOK app.log      send payloads to a receiver
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
    Inspect(Deferred<InspectArgs>),

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
    Validate(Deferred<ValidateArgs>),

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
    Extract(Deferred<ExtractArgs>),

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
    Stats(Deferred<StatsArgs>),

    /// Show what happened to each integration
    #[command(after_help = "\
Examples:
  mewshook timeline capture.ndjson
  mewshook timeline january.har february.har
  kubectl logs deploy/hooks | mewshook timeline
  mewshook timeline --format ndjson captures | jq 'select(.unusual > 0)'

Payloads are ordered by time: when they were received if the capture says that, else the time that the payload states. A payload without a time follows the one before it in the input. General messages are counted between integration events. Unusual are events after the deletion, a second access token, an integration that is enabled before it is created, and bodies that come again: a retry or a second event, nothing tells which. Payloads are not checked: an invalid one takes part if its kind and its integration can be read.

Exit status: 0 success, also if payloads are invalid or something is unusual, 2 wrong usage, 3 something could not be read or written, or an input has no payload")]
    Timeline(Deferred<TimelineArgs>),

    /// Show the API requests that fetch what general messages name
    #[command(after_help = "\
Examples:
  mewshook plan capture.ndjson
  kubectl logs deploy/hooks | mewshook plan
  mewshook plan --where since=1d --format http captures > plan.http
  mewshook plan --format ndjson captures | jq -c '.body // empty'

Each entity is fetched once, however many events name it: an added and an updated customer is one. Requests are those of the Connector API, at most 1,000 ids each: by enterprise in the order of first occurrence, then by operation. Tokens in bodies are placeholders such as {{clientToken}}. At most 200 requests in 30 s can be made with one access token, so the plan says when the last one can be made. No request is made, and payloads are not checked: an invalid message takes part if its enterprise can be read, and an event if its discriminator and its id can.

Exit status: 0 success, also if payloads are invalid or nothing is to be fetched, 2 wrong usage, 3 something could not be read or written, or an input has no payload")]
    Plan(Deferred<PlanArgs>),

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
    Sample(Deferred<SampleArgs>),

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
    Redact(Deferred<RedactArgs>),

    /// Verify the signatures of Point of Sale webhooks
    #[cfg(feature = "deliver")]
    #[command(after_help = "\
Examples:
  mewshook verify --secret-file pos.key requests.http
  mewshook verify --secret-env POS_SECRET --secret-env OLD_POS_SECRET traffic.har
  mewshook verify --secret-file pos.key --signature \"$SIGNATURE\" body.json
  mewshook verify --secret-file pos.key --format ndjson captures

The signature in `X-Signature` is the base64 of the HMAC-SHA256 of the raw body. So a capture must have the headers and the exact bytes: raw HTTP, HAR, mitmproxy, ngrok, gosmee, API Gateway, webhook.site, and records of `extract --with-delivery`. Where a signature does not fit, the changes that tools make to bodies, secrets and signatures are undone and tried, and the cause that fits is named. A valid signature is no protection against replay, and Connector webhooks have none.

Exit status: 0 all signatures are valid, 1 a payload is not signed, or its signature does not fit or can't be verified, 2 wrong usage, 3 something could not be read, an input has no payload, or there are only Connector payloads")]
    Verify(Deferred<VerifyArgs>),

    /// Send payloads to a receiver as Mews does
    #[cfg(feature = "deliver")]
    #[command(after_help = "\
Examples:
  mewshook send http://localhost:3000/hooks capture.ndjson
  mewshook sample --all --ndjson | mewshook send http://localhost:3000/hooks
  mewshook send --url-env HOOK_URL traffic.har      the URL has a secret
  mewshook send --duplicate 5% --reorder http://localhost:3000 capture.ndjson
  mewshook send --replay-timing --speed 60x http://localhost:3000 app.log
  mewshook send --secret-file pos.key http://localhost:3000/pos pos.ndjson
  mewshook send --format junit http://localhost:3000 fixtures > report.xml

Payloads are posted byte for byte, also those that are not valid. No header of the capture is sent. A status of 2xx accepts a payload, 307 and 308 are followed, and after anything else there is another attempt. Mews states neither how many attempts it makes nor how long it waits, so the defaults of --attempts and --retry-wait are assumptions. Ctrl-C ends after the requests that are under way, a second one at once.

Exit status: 0 all payloads were accepted, 1 a payload was never accepted or was left out, 2 wrong usage, 3 something could not be read or written, or an input has no payload")]
    Send(Deferred<SendArgs>),

    /// Accept deliveries: show, record and forward them
    #[cfg(feature = "deliver")]
    #[command(after_help = "\
Examples:
  mewshook listen                              show deliveries to port 4567
  mewshook listen --record capture.ndjson      record them in a capture
  mewshook listen --forward http://localhost:3000/hooks
  mewshook listen --forward-env HANDLER_URL --relay
  mewshook listen --respond 500,500,200        fail two of three deliveries
  mewshook listen --respond timeout --count 3  see if the sender tries again
  mewshook listen --port 0 --count 1 --format ndjson | jq -r .event
  mewshook listen --token-file token --secret-file secret

Each delivery is answered with 200 once its record is flushed to the disk. Showing and forwarding it never delay the answer, except with --relay. What is not JSON is recorded and shown as well. Other methods than POST are answered with 405, and URLs without the token with 403; these are not recorded. Ctrl-C or SIGTERM ends the program with totals, once all that was received is answered and forwarded; the second one ends it immediately.

Exit status: 0 all payloads are valid, or there were none, 1 a payload is invalid, 2 wrong usage, 3 the address can't be listened on, or something could not be recorded or shown")]
    Listen(Deferred<ListenArgs>),

    /// Play Mews against a handler of webhooks, and check what it does
    #[cfg(feature = "deliver")]
    #[command(after_help = "\
Examples:
  mewshook receiver-test http://localhost:3000/mews
  mewshook receiver-test http://localhost:3000/mews --fake-api 5000
  mewshook receiver-test --url-env HOOK_URL --secret-env POS_SECRET --fake-api 5000
  mewshook receiver-test http://localhost:3000/mews --check transport --check 4.1
  mewshook receiver-test http://localhost:3000/mews --fake-api 5000 --event CustomerUpdated
  mewshook receiver-test http://localhost:3000/mews --output junit=receiver.xml
  mewshook receiver-test --list

Deliveries contain made-up ids and tokens only: use a handler that is there to be tested. With --fake-api, the handler must be configured to call http://127.0.0.1:PORT instead of Mews; what it requests shows how it handles events. Without that, checks of meaning are not observable, which is neither passed nor failed. Each failed check shows what was sent, what came back, and the command that repeats it alone.

Exit status: 0 no MUST failed (with --strict, no SHOULD either), 1 one failed, 2 wrong usage, 3 the handler can't be reached, or a report can't be written")]
    ReceiverTest(Deferred<ReceiverTestArgs>),

    /// Print a bundled JSON Schema, or list them
    #[command(after_help = "\
Examples:
  mewshook schema                        list the kinds, with the sources of their schemas
  mewshook schema general                print a schema
  mewshook schema --out-dir schemas      write all schemas to files
  mewshook schema --openapi              print all webhooks as an OpenAPI 3.1 document")]
    Schema(Deferred<SchemaArgs>),

    /// Explain a diagnostic, or list all codes
    #[command(after_help = "\
Examples:
  mewshook explain                       list all codes
  mewshook explain token-shape           explain a code, with an example and its source")]
    Explain(Deferred<ExplainArgs>),

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
    Config(Deferred<ConfigArgs>),

    /// Print completions for a shell
    #[command(after_help = "\
Examples:
  mewshook completions bash > ~/.local/share/bash-completion/completions/mewshook
  mewshook completions zsh > ~/.zfunc/_mewshook         with ~/.zfunc in $fpath
  mewshook completions fish > ~/.config/fish/completions/mewshook.fish")]
    Completions(Deferred<CompletionsArgs>),

    /// Print a manual page
    #[command(after_help = "\
Examples:
  mewshook man | man -l -                  manual of the program
  mewshook man validate | man -l -         manual of one command")]
    Man(Deferred<ManArgs>),
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
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2047))]
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

/// Returns whether reports mask secrets, by `--show-secrets`.
fn masking(show_secrets: bool) -> Masking {
    if show_secrets {
        Masking::Off
    } else {
        Masking::On
    }
}
