//! Posts a body as Mews does: exactly these bytes, no `Content-Type` unless one is wanted, and 307 and
//! 308 are followed.
//!
//! Source: `connector-api/events/wh-faq.md` of MewsSystems/open-api-docs, 2026-08-07.

use std::io::{self, Read as _};
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Method, Request, Response};
use ureq::{Agent, Body};

use super::{Target, TargetError};

/// The time within which Mews expects a response.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// The maximum number of redirects that are followed, so that a loop ends. Mews states none.
const MAX_REDIRECTS: usize = 5;

/// The number of bytes of a response's body that are kept.
const MAX_BODY: u64 = 64 * 1024;

/// The options of a client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClientOptions {
    /// The time until the response must have come, redirects included.
    pub deadline: Duration,
    /// The `User-Agent` header, if one is sent.
    pub user_agent: Option<String>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            deadline: DEADLINE,
            user_agent: Some(concat!("mewshook/", env!("CARGO_PKG_VERSION")).to_owned()),
        }
    }
}

/// Posts bodies. Connections stay open and are used again; clones share them.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    /// For targets on this machine, which a proxy that the environment names can't reach.
    direct: Agent,
    deadline: Duration,
}

/// The response to a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, or its first 64 KiB.
    pub body: Vec<u8>,
    /// The time from the first byte of the request to the headers of the last response.
    pub elapsed: Duration,
    /// The redirects that were followed, in order.
    pub redirects: Vec<FollowedRedirect>,
}

impl Answer {
    /// Returns `true` if the status says that the delivery was accepted.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FollowedRedirect {
    /// The status: 307 or 308.
    pub status: u16,
    /// Where it led.
    pub target: Target,
}

/// The error when there is no response. No message contains the URL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The deadline has passed.
    #[error("no response within {:?}", .0)]
    Timeout(Duration),
    /// No connection could be made, or it broke.
    #[error("{}", crate::input::describe(.0))]
    Connection(io::Error),
    /// The name of the host is not known.
    #[error("the host is not known")]
    UnknownHost,
    /// A redirect has no valid location.
    #[error("the status is {status}, and its Location can't be followed: {error}")]
    Location {
        /// The status: 307 or 308.
        status: u16,
        /// What is wrong with the location.
        error: TargetError,
    },
    /// A redirect leads from an encrypted connection to one that is not.
    #[error("the status is {0}, and its Location leads from https to http, which is not followed")]
    Unencrypted(u16),
    /// There are too many redirects.
    #[error("more than {MAX_REDIRECTS} redirects")]
    TooManyRedirects,
    /// The URL can't be requested.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The answer is not HTTP, or the connection can't be encrypted.
    #[error("{0}")]
    Protocol(String),
}

impl Client {
    /// Creates a client.
    pub fn new(options: &ClientOptions) -> Self {
        let config = || {
            Agent::config_builder()
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .accept("")
                .accept_encoding("")
                .max_idle_connections(256)
                .max_idle_connections_per_host(256)
                .user_agent(options.user_agent.as_deref().unwrap_or_default())
        };
        Self {
            agent: config().build().into(),
            direct: config().proxy(None).build().into(),
            deadline: options.deadline,
        }
    }

    /// Posts a body, with these headers in addition to `Host` and `Content-Length`.
    ///
    /// # Errors
    /// There is no response within the deadline, or a redirect can't be followed.
    pub fn post(
        &self,
        target: &Target,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ClientError> {
        self.send(&Method::POST, target, headers, body)
    }

    /// Sends a request with any method.
    ///
    /// # Errors
    /// There is no response within the deadline, or a redirect can't be followed.
    pub fn send(
        &self,
        method: &Method,
        target: &Target,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ClientError> {
        let start = Instant::now();
        let mut redirects: Vec<FollowedRedirect> = Vec::new();
        loop {
            let to = redirects.last().map_or(target, |last| &last.target);
            let left = self.deadline.saturating_sub(start.elapsed());
            let response = self.send_once(method, to, headers, body, left)?;
            let status = response.status().as_u16();
            if !matches!(status, 307 | 308) {
                let elapsed = start.elapsed();
                let (head, body) = response.into_parts();
                return Ok(Answer {
                    status,
                    headers: head.headers,
                    body: read_start(body),
                    elapsed,
                    redirects,
                });
            }
            if redirects.len() == MAX_REDIRECTS {
                return Err(ClientError::TooManyRedirects);
            }
            let location = response.headers().get("location");
            let location = location.and_then(|value| value.to_str().ok());
            let next = location.map_or(Err(TargetError::Invalid), |location| to.join(location));
            let next = next.map_err(|error| ClientError::Location { status, error })?;
            if to.is_encrypted() && !next.is_encrypted() {
                return Err(ClientError::Unencrypted(status));
            }
            read_start(response.into_body());
            redirects.push(FollowedRedirect {
                status,
                target: next,
            });
        }
    }

    fn send_once(
        &self,
        method: &Method,
        target: &Target,
        headers: &[(&str, &str)],
        body: &[u8],
        left: Duration,
    ) -> Result<Response<Body>, ClientError> {
        if left.is_zero() {
            return Err(ClientError::Timeout(self.deadline));
        }
        let agent = if target.is_loopback() {
            &self.direct
        } else {
            &self.agent
        };
        let mut request = Request::builder().method(method).uri(target.uri()?);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = if body.is_empty() && matches!(*method, Method::GET | Method::HEAD) {
            let request = request.body(()).map_err(|error| protocol(&error))?;
            let request = agent.configure_request(request);
            agent.run(request.timeout_global(Some(left)).build())
        } else {
            let request = request.body(body).map_err(|error| protocol(&error))?;
            let request = agent.configure_request(request);
            agent.run(request.timeout_global(Some(left)).build())
        };
        sent.map_err(|error| match error {
            ureq::Error::Timeout(_) => ClientError::Timeout(self.deadline),
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
                ClientError::Timeout(self.deadline)
            }
            ureq::Error::Io(error) => ClientError::Connection(error),
            ureq::Error::HostNotFound => ClientError::UnknownHost,
            error => protocol(&error),
        })
    }
}

/// Returns an error of the HTTP library, which may quote what it has read.
fn protocol(error: &dyn std::error::Error) -> ClientError {
    let text = crate::mask(&error.to_string()).into_owned();
    ClientError::Protocol(crate::report::display_text(&text))
}

/// Reads the start of a body. One that is cut off counts as far as it was received: the status decides.
fn read_start(body: Body) -> Vec<u8> {
    let mut start = Vec::new();
    let _ = body.into_reader().take(MAX_BODY).read_to_end(&mut start);
    start
}
