//! The arguments of `verify`.

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};
use mewshook::report::SignatureFormat;

use super::{FilterArgs, FindArgs, InputArgs, SecretArgs, formats};

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("secrets").args(["secret_file", "secret_env"]).required(true).multiple(true)))]
pub struct VerifyArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// The secrets.
    #[command(flatten)]
    pub secrets: SecretArgs,

    /// Take each input as the exact bytes of a body, and this as the value of its `X-Signature` header
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true, value_parser = NonEmptyStringValueParser::new(),
        conflicts_with_all = ["conditions", "capture", "config", "no_config", "allow_empty"])]
    pub signature: Option<String>,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format::<SignatureFormat>())]
    pub format: &'static SignatureFormat,

    /// Accept inputs without payloads, and runs in which nothing is signed
    #[arg(long)]
    pub allow_empty: bool,

    /// How payloads are found.
    #[command(flatten)]
    pub find: FindArgs,
}
