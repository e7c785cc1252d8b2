//! The tokens that the fake API knows.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::rate_limit::SlidingWindow;
use super::{RateLimit, Refusal, TokenUse};

#[derive(Debug, Default)]
pub(super) struct Tokens(Vec<Token>);

struct Token {
    secret: String,
    enterprise: String,
    label: String,
    is_valid: bool,
    limit: RateLimit,
    window: SlidingWindow,
    /// How long the client of the next request is told to wait.
    refusal: Option<Duration>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("label", &self.label)
            .field("is_valid", &self.is_valid)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    pub(super) fn add(&mut self, secret: &str, enterprise: &str, label: &str, limit: RateLimit) {
        self.0.push(Token {
            secret: secret.to_owned(),
            enterprise: enterprise.to_owned(),
            label: label.to_owned(),
            is_valid: true,
            limit,
            window: SlidingWindow::default(),
            refusal: None,
        });
    }

    pub(super) fn revoke(&mut self, secret: &str) {
        if let Some(token) = self.find(secret) {
            token.is_valid = false;
        }
    }

    pub(super) fn refuse_next(&mut self, secret: &str, retry_after: Duration) {
        if let Some(token) = self.find(secret) {
            token.refusal = Some(retry_after);
        }
    }

    fn find(&mut self, secret: &str) -> Option<&mut Token> {
        self.0.iter_mut().find(|token| token.secret == secret)
    }

    /// Returns which token a request has.
    pub(super) fn used(&mut self, body: Option<&Map<String, Value>>) -> TokenUse {
        match text(body, "AccessToken") {
            None => TokenUse::Missing,
            Some(secret) => match self.find(secret) {
                Some(token) => TokenUse::Known(token.label.clone()),
                None => TokenUse::Unknown,
            },
        }
    }

    /// Returns the enterprise whose data a request may read.
    pub(super) fn authorize(
        &mut self,
        body: &Map<String, Value>,
        now: Duration,
    ) -> Result<String, Refusal> {
        if text(Some(body), "ClientToken").is_none() {
            return Err(Refusal::Unauthorized("Missing ClientToken"));
        }
        let secret = text(Some(body), "AccessToken");
        let secret = secret.ok_or(Refusal::Unauthorized("Missing AccessToken"))?;
        let token = self.find(secret);
        let token = token.filter(|token| token.is_valid);
        let token = token.ok_or(Refusal::Unauthorized("Invalid AccessToken"))?;
        if text(Some(body), "Client").is_none() {
            return Err(Refusal::invalid(
                "Invalid Client: expected a name and a version",
            ));
        }
        if let Some(wait) = token.refusal.take() {
            return Err(Refusal::TooMany(wait));
        }
        let accepted = token.window.accept(token.limit, now);
        accepted.map_err(Refusal::TooMany)?;
        Ok(token.enterprise.clone())
    }
}

/// Returns a property that is a text and not empty.
fn text<'b>(body: Option<&'b Map<String, Value>>, name: &str) -> Option<&'b str> {
    body?.get(name)?.as_str().filter(|text| !text.is_empty())
}
