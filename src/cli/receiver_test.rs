//! The arguments of `receiver-test`.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::Args;
use mewshook::contract::Event;
use mewshook::deliver::parse_duration;
use mewshook::deliver::receiver::default_events;
use mewshook::report::ReceiverFormat;

use super::formats::{self, Output};
use super::{SecretArgs, TargetArgs};

/// Arguments of `receiver-test`.
#[derive(Debug, Args)]
// The list needs no URL.
#[command(mut_group("TargetArgs", |group| group.arg("list").multiple(false)))]
pub struct ReceiverTestArgs {
    /// The URL of the handler.
    #[command(flatten)]
    pub target: TargetArgs,

    /// Play the Connector API at this port of 127.0.0.1, or at this address and port, to see what the
    /// handler requests; 0 lets the system choose a port
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = address)]
    pub fake_api: Option<SocketAddr>,

    /// Run only this check or group, as in `2.3`, `2` or `security` (repeatable)
    #[arg(long, value_name = "CHECK")]
    pub check: Vec<String>,

    /// List all checks with their sources, and run none
    #[arg(long, conflicts_with_all = ["url", "url_env", "url_file"])]
    pub list: bool,

    /// Handled event, if not all are: a discriminator of general messages (repeatable)
    #[arg(long, value_name = "EVENT", value_parser = event)]
    pub event: Vec<&'static Event>,

    /// Seed of what is made up [default: a random one, which is shown]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// How long to wait for a request that should come, such as `2s` or `500ms`
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    pub settle: Duration,

    /// How long to wait for a response, such as `5s`
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub deadline: Duration,

    /// Parameter of the URL that contains the handler's token, if it is not recognised
    #[arg(long, value_name = "NAME")]
    pub token_param: Option<String>,

    /// Secrets of signatures.
    #[command(flatten)]
    pub secrets: SecretArgs,

    /// Also exit with 1 if a check fails that a handler should pass
    #[arg(long)]
    pub strict: bool,

    /// Format of the results
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format::<ReceiverFormat>())]
    pub format: &'static ReceiverFormat,

    /// Also write the results to a file, as in `junit=receiver.xml` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::output::<ReceiverFormat>)]
    pub output: Vec<Output<ReceiverFormat>>,
}

/// Parses `PORT` or `ADDRESS:PORT`.
fn address(text: &str) -> Result<SocketAddr, String> {
    let port = text.parse().map(|port| (Ipv4Addr::LOCALHOST, port).into());
    port.or_else(|_| text.parse())
        .map_err(|_| "write a port such as `5000`, or an address such as `0.0.0.0:5000`".into())
}

/// Parses a time to wait.
fn duration(text: &str) -> Result<Duration, String> {
    let time = parse_duration(text).map_err(|error| error.to_string())?;
    let day = Duration::from_secs(24 * 60 * 60);
    if time.is_zero() || time > day {
        return Err("expected a time such as `2s` or `500ms`, at most a day".to_owned());
    }
    Ok(time)
}

/// Parses the name of a general event.
fn event(text: &str) -> Result<&'static Event, String> {
    let events = default_events();
    let names: Vec<_> = events.iter().map(|event| event.name).collect();
    let event = events
        .into_iter()
        .find(|event| event.name.eq_ignore_ascii_case(text));
    event.ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        for (text, milliseconds) in [
            ("2s", 2000),
            ("500ms", 500),
            ("1d", 86_400_000),
            ("86400s", 86_400_000),
        ] {
            assert_eq!(
                duration(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        for text in ["", "s", "2", "-1s", "0s", "1e3s", "infs", "86401s", "2d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_has_a_port() {
        assert_eq!(
            address("5000").map(|it| it.to_string()),
            Ok("127.0.0.1:5000".into())
        );
        assert_eq!(
            address("0.0.0.0:1").map(|it| it.to_string()),
            Ok("0.0.0.0:1".into())
        );
        assert_eq!(
            address("[::1]:1").map(|it| it.to_string()),
            Ok("[::1]:1".into())
        );
        for text in ["", "65536", "localhost:1", "127.0.0.1"] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
