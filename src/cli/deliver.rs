//! The arguments that commands of both ends of the wire share: a URL and secrets, which are also read
//! from files and environment variables, since other users of a machine can see arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::InputArgs;

/// A URL.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct TargetArgs {
    /// URL to send to, if nothing in it is secret
    #[arg(value_name = "URL")]
    pub url: Option<OsString>,

    /// Read the URL from this environment variable; only its scheme, host and port are shown
    #[arg(long, value_name = "NAME", conflicts_with = "url_file")]
    pub url_env: Option<String>,

    /// Read the URL from this file; only its scheme, host and port are shown
    #[arg(long, value_name = "FILE")]
    pub url_file: Option<PathBuf>,
}

/// A URL and inputs. If the URL is read from a variable or a file, all positional arguments are inputs.
#[derive(Debug)]
pub struct TargetInputArgs {
    /// The URL.
    pub target: TargetArgs,
    /// The inputs.
    pub inputs: InputArgs,
}

impl Args for TargetInputArgs {
    fn augment_args(command: Command) -> Command {
        InputArgs::augment_args(TargetArgs::augment_args(command))
    }

    fn augment_args_for_update(command: Command) -> Command {
        InputArgs::augment_args_for_update(TargetArgs::augment_args_for_update(command))
    }
}

impl FromArgMatches for TargetInputArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut target = TargetArgs::from_arg_matches(matches)?;
        let mut inputs = InputArgs::from_arg_matches(matches)?;
        if target.url_env.is_some() || target.url_file.is_some() {
            let first = target.url.take().map(PathBuf::from);
            inputs.files.splice(..0, first);
        }
        Ok(Self { target, inputs })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Secrets of signatures.
#[derive(Debug, Args)]
pub struct SecretArgs {
    /// Read the shared secret of the Point of Sale API from this file; one line break at its end is not
    /// part of it (repeatable)
    #[arg(long, value_name = "FILE")]
    pub secret_file: Vec<PathBuf>,

    /// Read the shared secret of the Point of Sale API from this environment variable (repeatable)
    #[arg(long, value_name = "NAME")]
    pub secret_env: Vec<String>,
}

/// The secret of a signature.
#[derive(Debug, Args)]
pub struct SigningSecretArgs {
    /// Sign payloads of the Point of Sale API with the shared secret in this file; one line break at its
    /// end is not part of it
    #[arg(long, value_name = "FILE", conflicts_with = "secret_env")]
    pub secret_file: Option<PathBuf>,

    /// Sign payloads of the Point of Sale API with the shared secret in this environment variable
    #[arg(long, value_name = "NAME")]
    pub secret_env: Option<String>,
}
