//! The arguments of `listen`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use mewshook::Masking;
use mewshook::deliver::Share;
use mewshook::deliver::listen::Planned;
use mewshook::report::Format;

use super::formats;
use super::values::number;
use super::{CheckOptionsArgs, SecretArgs, masking};

/// Arguments of `listen`.
#[derive(Debug, Args)]
pub struct ListenArgs {
    /// Port to listen on; 0 lets the system choose one
    #[arg(long, value_name = "N", default_value_t = 4567)]
    pub port: u16,

    /// IP address to listen on; with another one than the default, other machines may reach it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,

    /// Append each delivery to this capture before it is answered, byte for byte, as
    /// `extract --with-delivery` prints it; nothing in it is masked
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// Format in which deliveries are shown
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::listen_format())]
    pub format: &'static Format,

    /// End after this number of deliveries
    #[arg(long, value_name = "N", value_parser = number::<u64>(1, u64::MAX))]
    pub count: Option<u64>,

    /// Maximum size of a body, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 4, value_parser = number::<u16>(1, 64))]
    pub max_body: u16,

    /// Use this configuration file, with globs relative to the current folder, instead of the nearest
    /// mewshook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Ignore configuration files
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,

    /// Show tokens and other secrets instead of masking them
    #[arg(long)]
    pub show_secrets: bool,

    /// Where deliveries are passed on to.
    #[command(flatten)]
    pub forward: ForwardArgs,

    /// How deliveries are answered.
    #[command(flatten)]
    pub respond: RespondArgs,

    /// Which deliveries are accepted.
    #[command(flatten)]
    pub access: AccessArgs,
}

impl ListenArgs {
    /// Returns whether reports mask secrets.
    pub fn masking(&self) -> Masking {
        masking(self.show_secrets)
    }

    /// Returns the options of checks.
    pub fn options(&self) -> CheckOptionsArgs {
        CheckOptionsArgs {
            config: self.config.clone(),
            no_config: self.no_config,
            ..CheckOptionsArgs::default()
        }
    }
}

/// Where deliveries are passed on to.
#[derive(Debug, Args)]
#[command(next_help_heading = "Handler")]
pub struct ForwardArgs {
    /// Pass each delivery on to the handler at this URL, and show its status and time
    #[arg(long, value_name = "URL", group = "handler", conflicts_with_all = ["forward_env", "forward_file"])]
    pub forward: Option<String>,

    /// Read the URL of the handler from this environment variable; only its scheme, host and port are shown
    #[arg(
        long,
        value_name = "NAME",
        group = "handler",
        conflicts_with = "forward_file"
    )]
    pub forward_env: Option<String>,

    /// Read the URL of the handler from this file; only its scheme, host and port are shown
    #[arg(long, value_name = "FILE", group = "handler")]
    pub forward_file: Option<PathBuf>,

    /// Answer with the status and the body of the handler's answer, instead of 200 at once
    #[arg(long, requires = "handler", conflicts_with_all = ["respond", "fail_rate"])]
    pub relay: bool,
}

/// How deliveries are answered.
#[derive(Debug, Args)]
#[command(next_help_heading = "Answers")]
pub struct RespondArgs {
    /// Answer with these in turn, instead of with 200: a status, `timeout`, `close`, `307=URL` or
    /// `308=URL`, separated by commas
    #[arg(long, value_name = "ANSWERS", value_delimiter = ',')]
    pub respond: Vec<Planned>,

    /// Answer this share of deliveries with 500, as in `10%`
    #[arg(long, value_name = "PERCENT")]
    pub fail_rate: Option<Share>,

    /// Seed that decides which deliveries --fail-rate chooses
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// Which deliveries are accepted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Access")]
pub struct AccessArgs {
    /// Refuse deliveries whose URL does not contain the secret in this file, as a parameter or a part of
    /// the path
    #[arg(long, value_name = "FILE", conflicts_with = "token_env")]
    pub token_file: Option<PathBuf>,

    /// Refuse deliveries whose URL does not contain the secret in this environment variable
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,

    /// The secrets of signatures.
    #[command(flatten)]
    pub secrets: SecretArgs,

    /// Refuse deliveries whose signature is missing or invalid, instead of only showing that
    #[arg(long)]
    pub refuse_unsigned: bool,
}
