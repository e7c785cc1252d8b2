//! The HTTP side: checks who sends, and answers before anything is fetched.
//!
//! Mews expects an answer within 5 seconds, and sends a payload again otherwise. A server on the
//! internet has TLS and time limits for slow clients, best from a proxy in front of it.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::{MethodRouter, post};
use mewshook::models::Secret;
use serde::Deserialize;

use super::message::Message;
use super::receiver::Receiver;
use super::signature;

/// The path of the webhook's URL.
pub const PATH: &str = "/mews";

/// The maximum length of a body. A message has some hundreds of events, of about 100 bytes each.
pub const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// The parameters of the webhook's URL.
#[derive(Deserialize)]
pub struct Parameters {
    /// The secret in the URL that Mews was given: the only authentication of Connector webhooks.
    #[serde(rename = "Token")]
    pub token: Option<Secret>,
}

/// Returns the application.
pub fn app(receiver: Arc<Receiver>) -> Router {
    let route = (receiver.steps.route)();
    Router::new().route(PATH, route).with_state(receiver)
}

/// Receives POST requests; others are answered with 405.
pub fn route() -> MethodRouter<Arc<Receiver>> {
    post(receive).layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// Returns `true` if a request has the secret of the URL, or if there is none.
pub fn has_token(receiver: &Receiver, parameters: &Parameters) -> bool {
    receiver.token.as_ref().is_none_or(|expected| {
        let found = parameters.token.as_ref();
        found.is_some_and(|found| (receiver.steps.is_token_valid)(expected, found))
    })
}

/// Answers a request. The body is taken as bytes, since Mews need not send a content type, and since a
/// signature covers the bytes.
pub async fn receive(
    State(receiver): State<Arc<Receiver>>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let steps = receiver.steps;
    if !has_token(&receiver, &parameters) {
        return StatusCode::UNAUTHORIZED;
    }
    let message = match (steps.read)(&body) {
        Ok(message) => message,
        Err(status) => return status,
    };
    // Without the secret, nothing shows that a POS message is from Mews.
    if matches!(message, Message::Pos { .. }) {
        let found = headers.get(signature::HEADER).map(HeaderValue::as_bytes);
        let is_valid = |secret| (steps.is_signature_valid)(secret, &body, found);
        if !receiver.pos_secret.as_ref().is_some_and(is_valid) {
            return StatusCode::UNAUTHORIZED;
        }
    }
    if receiver.accept(&message) {
        StatusCode::OK
    } else {
        // Mews sends it again after some minutes.
        StatusCode::SERVICE_UNAVAILABLE
    }
}
