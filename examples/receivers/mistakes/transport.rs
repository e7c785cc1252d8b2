//! Mistakes of the HTTP side.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::post;
use serde_json::Value;

use super::super::message::{self, Message};
use super::super::receiver::Receiver;
use super::super::server::{BODY_LIMIT, Parameters, receive, route};
use super::Steps;

/// As `express.json()`, `request.json` of Flask and `Json<Value>` of axum do. Mews says that it sends
/// no special content type, so deliveries may come without one.
pub const NEEDS_CONTENT_TYPE: Steps = Steps {
    route: || post(receive_json).layer(DefaultBodyLimit::max(BODY_LIMIT)),
    ..Steps::GOOD
};

/// As `req.headers['content-type'] === 'application/json'`: a parameter is allowed after it.
pub const EXACT_CONTENT_TYPE: Steps = Steps {
    route: || post(receive_exact).layer(DefaultBodyLimit::max(BODY_LIMIT)),
    ..Steps::GOOD
};

/// As the default of `express.json()`. A message with a thousand events is as long, and comes again and
/// again when it is refused.
pub const SMALL_LIMIT: Steps = Steps {
    route: || post(receive).layer(DefaultBodyLimit::max(100 * 1024)),
    ..Steps::GOOD
};

/// As `await Promise.all(events.map(fetch))` before `res.sendStatus(200)`. When the API is slow, or the
/// limit of requests is reached, 5 seconds pass and Mews sends the message again.
pub const ANSWERS_AFTER_WORK: Steps = Steps {
    route: || post(work_and_answer).layer(DefaultBodyLimit::max(BODY_LIMIT)),
    ..Steps::GOOD
};

/// As `app.all('/mews', …)`: a crawler or a browser that knows the URL is taken for Mews.
pub const ACCEPTS_GET: Steps = Steps {
    route: || route().get(|| async { StatusCode::OK }),
    ..Steps::GOOD
};

/// As `.unwrap()`, or `JSON.parse` without `try`: anyone can end a request, or the program, by a body.
pub const CRASHES_ON_BROKEN_JSON: Steps = Steps {
    read: |body| {
        let _: Value = serde_json::from_slice(body).expect("Mews sends JSON");
        message::read(body)
    },
    ..Steps::GOOD
};

/// As `state.lock().unwrap()` around the whole handler: the first panic poisons the lock, and then each
/// delivery panics.
pub const STOPS_ON_BROKEN_JSON: Steps = Steps {
    route: || {
        let lock = Arc::new(Mutex::new(()));
        let handler = move |receiver, parameters, headers, body: Bytes| async move {
            {
                let _guard = lock.lock().expect("no delivery has panicked");
                let _: Value = serde_json::from_slice(&body).expect("Mews sends JSON");
            }
            receive(receiver, parameters, headers, body).await
        };
        post(handler).layer(DefaultBodyLimit::max(BODY_LIMIT))
    },
    ..Steps::GOOD
};

/// As `try { … } catch { } res.sendStatus(200)`: Mews does not send again what was damaged on the way.
pub const ACCEPTS_BROKEN_JSON: Steps = Steps {
    read: |body| message::read(body).or(Ok(Message::NotUnderstood)),
    ..Steps::GOOD
};

/// As servers with `keepalive_timeout 0`: each delivery needs a new connection, with TLS.
pub const CLOSES_CONNECTIONS: Steps = Steps {
    route: || route().layer(map_response(close)),
    ..Steps::GOOD
};

async fn receive_json(
    receiver: State<Arc<Receiver>>,
    parameters: Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let is_json = |value: &HeaderValue| value.as_bytes().starts_with(b"application/json");
    if !headers.get(CONTENT_TYPE).is_some_and(is_json) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    receive(receiver, parameters, headers, body).await
}

async fn receive_exact(
    receiver: State<Arc<Receiver>>,
    parameters: Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let mut values = headers.get(CONTENT_TYPE).into_iter();
    if !values.all(|value| value == "application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    receive(receiver, parameters, headers, body).await
}

async fn close(mut response: Response) -> Response {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

async fn work_and_answer(
    State(receiver): State<Arc<Receiver>>,
    parameters: Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let status = receive(State(Arc::clone(&receiver)), parameters, headers, body).await;
    let work = tokio::task::spawn_blocking(move || receiver.wait_until_idle());
    work.await
        .map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| status)
}
