//! Requests of the Connector API.

use std::ops::ControlFlow;
use std::time::Duration;

use mewshook::contract::Operation;
use mewshook::models::Secret;
use serde_json::{Map, Value, json};
use ureq::Agent;
use ureq::http::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};

use super::fetch::TokenSource;
use super::steps::Steps;
use super::worker::Problem;

/// The `Client` of each request.
const CLIENT: &str = "Example receiver 1.0.0";

/// The `ClientToken` in the examples of the documentation, which is public.
const CLIENT_TOKEN: &str = "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D";

/// How long a request may take. The API gives up after some tens of seconds by itself.
const TIMEOUT: Duration = Duration::from_secs(2 * 60);

/// The maximum length of a response.
const MAX_RESPONSE: u64 = 64 * 1024 * 1024;

/// The longest wait in seconds that a response can demand. The window of requests has 30 seconds.
const MAX_WAIT: u64 = 24 * 60 * 60;

/// The Connector API.
pub struct Api {
    agent: Agent,
    base: String,
    client_token: Secret,
}

impl Api {
    /// Creates a client of the API at a URL such as `https://api.mews.com`.
    pub fn new(base: &str, client_token: Option<Secret>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self {
            agent: config.into(),
            base: base.trim_end_matches('/').to_owned(),
            client_token: client_token.unwrap_or_else(|| Secret::new(CLIENT_TOKEN)),
        }
    }

    /// Visits the entities that an operation returns, page by page, until the visitor has enough.
    pub fn get_all(
        &self,
        operation: &Operation,
        mut request: Map<String, Value>,
        steps: Steps,
        token: TokenSource<'_>,
        mut visit: impl FnMut(Value) -> ControlFlow<()>,
    ) -> Result<(), Problem> {
        let mut limitation = json!({ "Count": steps.count });
        loop {
            // For each page, since the token may have changed, or may not be used any more.
            let token = token().ok_or(Problem::NoToken)?;
            request.insert("ClientToken".into(), self.client_token.expose().into());
            request.insert("AccessToken".into(), token.expose().into());
            request.insert("Client".into(), CLIENT.into());
            request.insert("Limitation".into(), limitation.clone());
            let mut response = self.post(operation, &request, token)?;

            let page = response.get_mut(operation.response).map(Value::take);
            let Some(Value::Array(page)) = page else {
                return Err(Problem::NoAnswer);
            };
            let is_empty = page.is_empty();
            for entity in page {
                if visit(entity).is_break() {
                    return Ok(());
                }
            }
            match (steps.cursor)(&response) {
                Some(cursor) if !is_empty => limitation["Cursor"] = cursor.into(),
                _ => return Ok(()),
            }
        }
    }

    /// Makes a request.
    fn post(
        &self,
        operation: &Operation,
        request: &Map<String, Value>,
        token: Secret,
    ) -> Result<Value, Problem> {
        let url = format!("{}{}", self.base, operation.path());
        let body = serde_json::to_vec(request).map_err(|_| Problem::NoAnswer)?;
        let post = self
            .agent
            .post(url)
            .header(CONTENT_TYPE, "application/json");
        let mut response = post.send(body).map_err(|_| Problem::NoAnswer)?;
        match response.status().as_u16() {
            200 => {
                let body = response.body_mut().with_config().limit(MAX_RESPONSE);
                let body = body.read_to_vec().map_err(|_| Problem::NoAnswer)?;
                serde_json::from_slice(&body).map_err(|_| Problem::NoAnswer)
            }
            401 => Err(Problem::Unauthorized(token)),
            429 => Err(Problem::TooMany(retry_after(response.headers()))),
            status => Err(Problem::Status(status)),
        }
    }
}

/// Returns the cursor of the next page, if a response has one.
pub fn cursor(response: &Value) -> Option<&str> {
    response.get("Cursor")?.as_str()
}

/// Returns how long the API wants us to wait, if it says so in seconds.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: u64 = value.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(MAX_WAIT)))
}
