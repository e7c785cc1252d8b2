//! An API whose answers the test gives, one by one: so a test sees each request while the receiver waits
//! for the answer, and no test waits for a time.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header::RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use mewshook::contract::Operation;
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// How long a request may take to come, before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct ScriptedApi {
    pub url: String,
    calls: Receiver<Call>,
}

/// A request that waits for its answer.
pub struct Call {
    pub operation: String,
    pub request: Value,
    answer: oneshot::Sender<Response>,
}

impl ScriptedApi {
    pub fn start() -> Self {
        let (sender, calls) = channel();
        let (ready, port) = channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let app = Router::new()
                    .route("/api/connector/v1/{*operation}", post(receive))
                    .with_state(sender);
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                ready.send(listener.local_addr().unwrap().port()).unwrap();
                axum::serve(listener, app).await.unwrap();
            });
        });
        Self {
            url: format!("http://127.0.0.1:{}", port.recv().unwrap()),
            calls,
        }
    }

    /// Returns the next request.
    pub fn call(&self) -> Call {
        self.calls.recv_timeout(PATIENCE).expect("a request")
    }
}

async fn receive(
    State(calls): State<Sender<Call>>,
    Path(operation): Path<String>,
    body: Bytes,
) -> Response {
    let request = serde_json::from_slice(&body).unwrap();
    let (answer, answered) = oneshot::channel();
    calls
        .send(Call {
            operation,
            request,
            answer,
        })
        .unwrap();
    answered
        .await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

impl Call {
    pub fn token(&self) -> &str {
        self.request["AccessToken"].as_str().unwrap()
    }

    /// Returns the ids in the filter of the operation.
    pub fn ids(&self) -> Vec<&str> {
        let filter = Operation::by_name(&self.operation).unwrap().filter;
        let ids = self.request[filter].as_array().unwrap();
        ids.iter().map(|id| id.as_str().unwrap()).collect()
    }

    /// Answers with the entities of these ids.
    pub fn answer(self, ids: &[&str], cursor: Option<&str>) {
        let property = Operation::by_name(&self.operation).unwrap().response;
        let entities: Vec<_> = ids.iter().map(|id| json!({ "Id": id })).collect();
        let body = json!({ property: entities, "Cursor": cursor }).to_string();
        self.answer.send(body.into_response()).unwrap();
    }

    /// Answers with the entities that are requested.
    pub fn answer_all(self) {
        let ids: Vec<String> = self.ids().into_iter().map(str::to_owned).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        self.answer(&ids, None);
    }

    /// Answers with a status, and the number of seconds to wait.
    pub fn refuse(self, status: u16, seconds: Option<u64>) {
        let mut response = StatusCode::from_u16(status).unwrap().into_response();
        if let Some(seconds) = seconds {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        self.answer.send(response).unwrap();
    }
}
