//! Where payloads are posted: a URL, or in tests a function.

use std::time::{Duration, Instant};

use crate::contract::Kind;
use crate::deliver::{Client, FollowedRedirect, SecretText, Target, signature};
use crate::report::display_text;

use super::SentPayload;

/// What posts payloads.
pub trait Endpoint: Sync {
    /// Posts a payload once.
    fn post(&self, payload: &SentPayload) -> PostResult;
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostResult {
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The time until the response, or until there was none.
    pub elapsed: Duration,
    /// The redirects that were followed.
    pub redirects: Vec<FollowedRedirect>,
    /// The start of the response's body as text, masked and escaped, if it has one.
    pub response: Option<String>,
    /// Why there was no response.
    pub error: Option<String>,
}

impl PostResult {
    /// Returns `true` if the status says that the payload was accepted.
    pub fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// Posts payloads to a URL.
#[derive(Debug)]
pub struct HttpEndpoint {
    /// The client.
    pub client: Client,
    /// The URL.
    pub target: Target,
    /// The `Content-Type` header. Mews sends none.
    pub content_type: Option<String>,
    /// The secret by which payloads of the Point of Sale API are signed.
    pub secret: Option<SecretText>,
}

impl Endpoint for HttpEndpoint {
    fn post(&self, payload: &SentPayload) -> PostResult {
        let secret = self.secret.as_ref();
        let secret = secret.filter(|_| payload.kind == Some(Kind::Pos));
        let signature = secret.map(|secret| signature::sign(secret, &payload.body));
        let content_type = self.content_type.as_deref();
        let headers = content_type.map(|value| ("Content-Type", value));
        let signed = signature.as_deref().map(|value| (signature::HEADER, value));
        let headers: Vec<_> = headers.into_iter().chain(signed).collect();
        let start = Instant::now();
        match self.client.post(&self.target, &headers, &payload.body) {
            Ok(answer) => PostResult {
                status: Some(answer.status),
                elapsed: answer.elapsed,
                redirects: answer.redirects,
                response: self.start_of(&answer.body),
                error: None,
            },
            Err(error) => PostResult {
                elapsed: start.elapsed(),
                error: Some(error.to_string()),
                ..PostResult::default()
            },
        }
    }
}

impl HttpEndpoint {
    /// Returns the start of a response's body on one line. The secrets in it are masked: servers quote what
    /// they were sent.
    fn start_of(&self, body: &[u8]) -> Option<String> {
        // A secret at the end of what is searched may be incomplete, and not be recognised, so only the
        // first half of it is shown.
        const SEARCHED: usize = 8192;
        const SHOWN: usize = SEARCHED / 2;
        let body = &body[..body.len().min(SEARCHED)];
        let text = self.target.conceal(&String::from_utf8_lossy(body));
        let text: String = text.chars().take(SHOWN).collect();
        let words: Vec<_> = text.split_whitespace().collect();
        (!words.is_empty()).then(|| display_text(&words.join(" ")))
    }
}
