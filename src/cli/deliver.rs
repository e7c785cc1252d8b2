//! The arguments that commands of both ends of the wire share: a URL and secrets, which are also read
//! from files and environment variables, since other users of a machine can see arguments.

use std::path::PathBuf;

use clap::Args;

/// A URL.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct TargetArgs {
    /// URL to send to, if nothing in it is secret
    #[arg(value_name = "URL")]
    pub url: Option<String>,

    /// Read the URL from this environment variable; only its scheme, host and port are shown
    #[arg(long, value_name = "NAME")]
    pub url_env: Option<String>,

    /// Read the URL from this file; only its scheme, host and port are shown
    #[arg(long, value_name = "FILE")]
    pub url_file: Option<PathBuf>,
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
