//! What a check has found, and what it has seen.

use std::io::ErrorKind;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use crate::deliver::api::ApiCall;
use crate::deliver::{Answer, ClientError, Target};
use crate::report::display_text;

use super::ReceiverCheck;

/// The maximum number of characters of a response's body that are kept.
const MAX_BODY: usize = 120;

/// The result of a check.
#[derive(Debug)]
#[non_exhaustive]
pub struct CheckResult {
    /// The check.
    pub check: &'static ReceiverCheck,
    /// What it has found.
    pub outcome: Outcome,
    /// What was sent and what came back, in order.
    pub evidence: Vec<Evidence>,
    /// The number of pieces of evidence that are left out.
    pub omitted: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// The command that repeats the check alone.
    pub repeat: String,
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The handler does what is expected.
    Pass,
    /// It does not, for this reason.
    Fail(String),
    /// It can't be seen, for this reason.
    NotObservable(String),
}

impl Outcome {
    /// Returns the name: `pass`, `fail` or `not observable`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::NotObservable(_) => "not observable",
        }
    }

    /// Returns the reason, if the check is not passed.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Pass => None,
            Self::Fail(reason) | Self::NotObservable(reason) => Some(reason),
        }
    }
}

/// Returns an outcome that says what the handler does wrong.
pub(super) fn fail(reason: impl Into<String>) -> Outcome {
    Outcome::Fail(reason.into())
}

/// Returns an outcome that says why nothing can be seen.
pub(super) fn not_observable(reason: impl Into<String>) -> Outcome {
    Outcome::NotObservable(reason.into())
}

/// Something that happened during a check. It contains no secrets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Evidence {
    /// A request to the handler.
    Sent {
        /// What it is.
        what: String,
        /// The size of the body.
        bytes: usize,
        /// The `Content-Type`, if there is one.
        content_type: Option<String>,
        /// What came back.
        reaction: Reaction,
    },
    /// A request of the handler to the fake API.
    Call(ApiCall),
}

/// How a handler reacts to a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reaction {
    /// The status, or why there is none.
    pub status: Result<u16, String>,
    /// The start of the response's body, with secrets masked, unless the status is from 200 to 299.
    pub body: Option<String>,
    /// The time until then.
    pub elapsed: Duration,
    /// Whether the handler's address could not be connected to.
    pub(super) is_unreachable: bool,
}

impl Reaction {
    /// Creates a reaction. `hidden` are texts that the response's body may repeat.
    pub(super) fn new(
        result: Result<Answer, ClientError>,
        elapsed: Duration,
        hidden: &[String],
    ) -> Self {
        match result {
            Ok(answer) => Self {
                status: Ok(answer.status),
                body: (!answer.is_success()).then(|| excerpt(&answer.body, hidden)),
                elapsed: answer.elapsed,
                is_unreachable: false,
            },
            Err(error) => Self {
                is_unreachable: is_unreachable(&error),
                status: Err(error.to_string()),
                body: None,
                elapsed,
            },
        }
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.has_status(200..300)
    }

    /// Returns `true` if the handler says that the request is wrong.
    pub(super) fn is_refused(&self) -> bool {
        self.has_status(400..500)
    }

    fn has_status(&self, range: std::ops::Range<u16>) -> bool {
        self.status
            .as_ref()
            .is_ok_and(|status| range.contains(status))
    }

    /// Returns the status, or why there is none: `status 500`, `no response within 5s`.
    pub(super) fn describe(&self) -> String {
        match &self.status {
            Ok(status) => format!("status {status}"),
            Err(error) => error.clone(),
        }
    }
}

/// Returns `true` if no connection can be made. One that breaks was made.
fn is_unreachable(error: &ClientError) -> bool {
    match error {
        ClientError::UnknownHost => true,
        ClientError::Connection(error) => matches!(
            error.kind(),
            ErrorKind::ConnectionRefused
                | ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable
                | ErrorKind::AddrNotAvailable
        ),
        _ => false,
    }
}

fn excerpt(body: &[u8], hidden: &[String]) -> String {
    let mut text = String::from_utf8_lossy(body).into_owned();
    for hidden in hidden {
        text = text.replace(hidden, "***");
    }
    let masked = crate::mask(text.trim());
    let start: String = masked.chars().take(MAX_BODY).collect();
    display_text(&start)
}

/// Returns the parts of a URL that a handler may repeat in a response, such as a page that says what it
/// has not found. Very short ones are no secrets.
pub(super) fn parts(target: &Target) -> Vec<String> {
    const MIN_LENGTH: usize = 3;
    let url = target.expose();
    let after_origin = url.get(target.origin().len()..).unwrap_or_default();
    let parts = after_origin.split(['/', '?', '&', '=', '#', ';']);
    let decoded = parts
        .clone()
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned());
    let mut parts: Vec<_> = parts.map(str::to_owned).chain(decoded).collect();
    parts.retain(|part| part.len() >= MIN_LENGTH);
    // Longer ones first, since one may contain another.
    parts.sort_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
    parts.dedup();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_do_not_repeat_the_url() {
        let target = Target::parse("http://a.test:80/hooks/d0%6Fr?key=abc123&x=1#end").unwrap();
        let hidden = parts(&target);
        assert_eq!(hidden, ["abc123", "d0%6Fr", "hooks", "d0or", "end", "key"]);
        let body = b"<pre>Cannot POST /hooks/d0or?key=abc123&amp;x=1</pre>";
        assert_eq!(
            excerpt(body, &hidden),
            "<pre>Cannot POST /***/***?***=***&amp;x=1</pre>"
        );
    }
}
