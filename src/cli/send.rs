//! The arguments of `send`.

use std::num::NonZero;
use std::time::Duration;

use clap::Args;
use mewshook::deliver::send::SendOptions;
use mewshook::deliver::{DelayRange, ScheduleOptions, Share, Speed, Timing, parse_duration};
use mewshook::report::SendFormat;

use super::formats;
use super::values::number;
use super::{FilterArgs, FindArgs, SigningSecretArgs, TargetInputArgs};

/// The heading of the options that say how a payload is posted.
const DELIVERY: &str = "Delivery";

/// The heading of the options that say in which order payloads are sent, and when.
const SCHEDULE: &str = "Schedule";

/// Arguments of `send`.
#[derive(Debug, Args)]
pub struct SendArgs {
    /// Where payloads are sent to, and the inputs.
    #[command(flatten)]
    pub to: TargetInputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// The secret of signatures.
    #[command(flatten)]
    pub secret: SigningSecretArgs,

    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format::<SendFormat>())]
    pub format: &'static SendFormat,

    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// Send this `Content-Type`, such as `application/json`; Mews sends none
    #[arg(long, value_name = "TYPE", value_parser = header_value, help_heading = DELIVERY)]
    pub content_type: Option<String>,

    /// Time within which the response must come
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = deadline, help_heading = DELIVERY)]
    pub timeout: Duration,

    /// Maximum number of attempts of a delivery; Mews states none
    #[arg(long, value_name = "N", default_value = "3", value_parser = number::<u32>(1, 1000), help_heading = DELIVERY)]
    pub attempts: u32,

    /// Time between the end of an attempt and the next one; Mews waits "a few minutes"
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = parse_duration, help_heading = DELIVERY)]
    pub retry_wait: Duration,

    /// Number of deliveries at the same time; with 1, payloads arrive in order
    #[arg(long, value_name = "N", default_value = "1", value_parser = number::<usize>(1, 256), help_heading = DELIVERY)]
    pub concurrency: usize,

    /// Send this share of the payloads a second time, after up to ten others
    #[arg(long, value_name = "PERCENT", help_heading = SCHEDULE)]
    pub duplicate: Option<Share>,

    /// Change the order at random: each payload moves by up to N places [default: 10]
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "10",
        value_parser = number::<u32>(1, 100_000),
        help_heading = SCHEDULE
    )]
    pub reorder: Option<u32>,

    /// Time from the start of a delivery to the start of the next one, such as `100ms`, or at random in a
    /// range, such as `100ms..2s`
    #[arg(long, value_name = "TIME", conflicts_with = "replay_timing", help_heading = SCHEDULE)]
    pub delay: Option<DelayRange>,

    /// Send each payload when it was received by the capture, counted from the first one
    #[arg(long, help_heading = SCHEDULE)]
    pub replay_timing: bool,

    /// Replay faster, such as `60x`: a minute takes a second [default: 1x]
    #[arg(long, value_name = "FACTOR", requires = "replay_timing", help_heading = SCHEDULE)]
    pub speed: Option<Speed>,

    /// Seed of all random choices: the same seed makes the same ones
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::<u64>(0, u64::MAX), help_heading = SCHEDULE)]
    pub seed: u64,

    /// How payloads are found.
    #[command(flatten)]
    pub find: FindArgs,
}

impl SendArgs {
    /// Returns the order of payloads, and when they are sent.
    pub fn schedule(&self) -> ScheduleOptions {
        let mut options = ScheduleOptions::default();
        options.seed = self.seed;
        options.duplicates = self.duplicate.unwrap_or_default();
        options.reorder = self.reorder.unwrap_or_default();
        options.timing = match self.delay {
            Some(delay) => Timing::Delay(delay),
            None if self.replay_timing => Timing::Replay(self.speed.unwrap_or_default()),
            None => Timing::AtOnce,
        };
        options
    }

    /// Returns how deliveries are made.
    pub fn options(&self) -> SendOptions {
        let mut options = SendOptions::default();
        options.attempts = NonZero::new(self.attempts).unwrap_or(NonZero::<u32>::MIN);
        options.retry_wait = self.retry_wait;
        options.concurrency = NonZero::new(self.concurrency).unwrap_or(NonZero::<usize>::MIN);
        options
    }
}

/// Parses the time within which a response must come.
fn deadline(text: &str) -> Result<Duration, String> {
    let deadline = parse_duration(text).map_err(|error| error.to_string())?;
    if deadline.is_zero() {
        return Err("expected a time longer than 0, such as `5s`".to_owned());
    }
    Ok(deadline)
}

/// Parses the value of a header.
fn header_value(text: &str) -> Result<String, String> {
    let is_visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    if text.trim().is_empty() || !text.bytes().all(is_visible) {
        return Err("expected a value such as `application/json`".to_owned());
    }
    Ok(text.trim().to_owned())
}
