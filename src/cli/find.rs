//! The arguments of commands that find payloads and do not check them.

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;
use mewshook::frame::Limits;

use super::CheckOptionsArgs;
use super::values::{capture_modes, number};

/// How payloads are found.
#[derive(Debug, Args)]
pub struct FindArgs {
    /// How to find payloads: `json` reads JSON values and looks into them, `text` looks for payloads in any
    /// text, `auto` chooses one of these by the name and the first characters, and `none` takes each JSON
    /// value as a payload
    #[arg(long, value_name = "MODE", value_parser = capture_modes())]
    pub capture: Option<String>,

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
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2047))]
    pub max_payload: u16,
}

impl FindArgs {
    /// Returns the options of checks, of which only those matter that say how payloads are found.
    pub fn options(&self) -> CheckOptionsArgs {
        CheckOptionsArgs {
            capture: self.capture.clone(),
            config: self.config.clone(),
            no_config: self.no_config,
            ..CheckOptionsArgs::default()
        }
    }

    /// Returns the limits for each payload.
    pub fn limits(&self) -> Limits {
        Limits {
            depth: self.max_depth.into(),
            payload: usize::from(self.max_payload) << 20,
        }
    }

    /// Returns the number of threads, if it is set.
    pub fn threads(&self) -> Option<NonZero<usize>> {
        self.jobs.and_then(|jobs| NonZero::new(jobs.into()))
    }
}
