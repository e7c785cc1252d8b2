//! A handler for axum that responds first and processes the payload afterwards.
//!
//! Mews wants an answer within 5 seconds and sends the payload again if there is none. So the handler
//! reads the payload, puts it into a queue and answers 200, and a task works the queue off. A program
//! that must not lose payloads keeps the queue on disk or in a database.
//!
//! `examples/receivers/` is a larger example, which also fetches the entities.
//!
//! The models are all that it needs of this crate: `default-features = false`. To try it:
//!
//! ```console
//! $ cargo run --example axum
//! $ mewshook sample CustomerAdded | curl --data-binary @- 'localhost:3000/mews?Token=change-me'
//! ```

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example that shows what it does"
)]

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::post;
use mewshook::models::{IntegrationEvent, Payload, Secret};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// The number of payloads that may wait.
const QUEUE: usize = 10_000;

#[derive(Clone)]
struct Receiving {
    /// The secret in the URL that Mews was given. There is no other authentication.
    token: Secret,
    queue: Sender<Payload>,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(rename = "Token")]
    token: Secret,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let (sender, receiver) = channel(QUEUE);
    let state = Receiving {
        token: Secret::new(std::env::var("TOKEN").unwrap_or_else(|_| "change-me".into())),
        queue: sender,
    };
    tokio::spawn(work(receiver));
    let app = Router::new()
        .route("/mews", post(receive))
        .with_state(state);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await
}

/// Answers a request. The body is taken as bytes, since Mews need not send a content type.
async fn receive(
    State(state): State<Receiving>,
    Query(parameters): Query<Parameters>,
    body: Bytes,
) -> StatusCode {
    // Takes as long for a wrong token as for the right one.
    if parameters.token != state.token {
        return StatusCode::UNAUTHORIZED;
    }
    let payload = match Payload::from_slice(&body) {
        Ok(payload) => payload,
        Err(error) => {
            eprintln!("not understood: {error}");
            return if serde_json::from_slice::<IgnoredAny>(&body).is_ok() {
                // Sending it again would not help: keep the body, and examine it.
                StatusCode::OK
            } else {
                // It was damaged on the way, so Mews should send it again.
                StatusCode::BAD_REQUEST
            };
        }
    };
    match state.queue.try_send(payload) {
        Ok(()) => StatusCode::OK,
        // Mews sends it again after some minutes.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Processes the payloads in the queue.
async fn work(mut queue: Receiver<Payload>) {
    while let Some(payload) = queue.recv().await {
        handle(&payload);
    }
}

fn handle(payload: &Payload) {
    if let Payload::Integration(IntegrationEvent::Created(data)) = payload {
        // `data.access_token.expose()` is the token itself; `Debug` never shows it.
        println!("store the access token of {}", data.enterprise.name);
    }
    // A message often names an entity twice, as added and as updated: each is fetched once, and many
    // by one request, since requests are limited.
    let mut fetches = BTreeMap::<_, BTreeSet<_>>::new();
    for event in payload.events() {
        match (event.fetch, event.entity_id) {
            (Some(fetch), Some(id)) => {
                let ids = fetches
                    .entry((fetch.operation.name, fetch.operation.filter))
                    .or_default();
                ids.insert(id);
            }
            // Mews adds events without notice.
            _ => println!("nothing to fetch for {}", event.name),
        }
    }
    for ((operation, filter), ids) in fetches {
        println!("fetch {operation} with {filter} = {ids:?}");
    }
}
