//! Tests of several calls: the limit of requests, pages, the log, and answers that are held back.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::{HOTEL, add, api, id, post, respond, returned_ids, valid};
use crate::contract::{MESSAGE_THREADS, Operation};

#[test]
fn the_limit_is_a_sliding_window_of_each_token() {
    let (api, milliseconds) = api();
    let operation = Operation::by_name("payments/getAll").unwrap();
    let request = |token: &str| {
        let mut body = valid(operation, &[id(0)]);
        body["AccessToken"] = json!(token);
        let (response, _) = respond(&api, "POST", operation.name, &body.to_string());
        let wait = response
            .headers
            .into_iter()
            .find(|(name, _)| name == "Retry-After");
        (response.status, wait.map(|(_, value)| value))
    };
    for number in 0..200 {
        milliseconds.store(number * 100, Ordering::SeqCst);
        assert_eq!(request("TOKEN"), (200, None));
    }
    // 19.9 s after the first request, which leaves the window after 30 s.
    assert_eq!(request("TOKEN"), (429, Some("11".to_owned())));
    assert_eq!(request("OTHER"), (200, None));
    milliseconds.store(29_999, Ordering::SeqCst);
    assert_eq!(request("TOKEN"), (429, Some("1".to_owned())));
    milliseconds.store(30_000, Ordering::SeqCst);
    assert_eq!(request("TOKEN"), (200, None));
    assert_eq!(request("TOKEN"), (429, Some("1".to_owned())));
    api.refuse_next("OTHER", Duration::from_secs(7));
    assert_eq!(request("OTHER"), (429, Some("7".to_owned())));
    assert_eq!(request("OTHER"), (200, None));
}

#[test]
fn only_posts_to_exact_paths_are_found() {
    let (api, _) = api();
    let body = valid(&MESSAGE_THREADS, &[id(0)]).to_string();
    for (method, name, status) in [
        ("POST", "messageThreads/getAll", 200),
        ("GET", "messageThreads/getAll", 404),
        ("POST", "messageThreads/getAll/", 404),
        ("POST", "messagethreads/getall", 404),
        ("POST", "reservations/getAll", 404),
    ] {
        assert_eq!(
            respond(&api, method, name, &body).0.status,
            status,
            "{method} {name}"
        );
    }
    let (response, answer) = respond(&api, "POST", "payments/getAll", "{,}");
    assert_eq!(
        (response.status, &answer["Message"]),
        (400, &json!("Invalid JSON"))
    );
    assert_eq!(
        api.calls_since(4)[0].operation,
        "/api/connector/v1/reservations/getAll"
    );
    assert_eq!(api.call_count(), 6);
}

#[test]
fn the_log_has_no_secrets_and_no_control_characters() {
    let (api, _) = api();
    let secret = "C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F";
    let operation = Operation::by_name("payments/getAll").unwrap();
    let body = valid(operation, &[format!("\u{1b}[31m{secret}")]);
    assert_eq!(post(&api, operation, &body).0, 400);
    let path = format!("x\u{202e}?Token=a {secret}");
    respond(&api, "POST", &path, &body.to_string());
    let calls = api.calls_since(0);
    let masked = "*".repeat(secret.len());
    assert_eq!(calls[0].ids, [format!("\\u{{1b}}[31m{masked}")]);
    assert_eq!(calls[1].operation, "/api/connector/v1/x\\u{202e}");
}

#[test]
fn held_calls_are_seen_before_they_are_answered() {
    let (api, _) = api();
    let operation = Operation::by_name("payments/getAll").unwrap();
    let ids = add(&api, operation, HOTEL, 1);
    let quiet = Duration::from_secs(10);
    thread::scope(|scope| {
        let hold = api.hold();
        scope.spawn(|| post(&api, operation, &valid(operation, &ids)));
        assert!(api.wait(0, quiet, |calls| calls.len() == 1));
        assert_eq!(api.calls_since(0)[0].status, None);
        // What happens meanwhile is in the answer.
        api.change_entity(&ids[0]);
        drop(hold);
        assert!(api.wait(0, quiet, |calls| calls[0].status == Some(200)));
        assert_eq!(api.calls_since(0)[0].returned[0].version, 2);
    });
    assert!(!api.wait(0, Duration::from_millis(1), |calls| calls.len() == 2));
}

proptest! {
    /// Both ways of the documentation to find the last page return each entity once, in the order of a
    /// request for all.
    #[test]
    fn pages_add_up(number in 0usize..7, entities in 0usize..40, count in 1usize..12) {
        let operation = Operation::all().nth(number).unwrap();
        let (api, _) = api();
        let ids = add(&api, operation, HOTEL, entities);
        let (_, all) = post(&api, operation, &valid(operation, &ids));
        let mut pages = Vec::new();
        let mut body = valid(operation, &ids);
        body["Limitation"]["Count"] = json!(count);
        loop {
            let (status, page) = post(&api, operation, &body);
            prop_assert_eq!(status, 200);
            let page_ids = returned_ids(operation, &page);
            let is_last = api.calls_since(0).last().map(|call| !call.has_more);
            prop_assert_eq!(is_last, Some(pages.len() + page_ids.len() == entities));
            prop_assert!(page_ids.len() == count || is_last == Some(true));
            pages.extend(page_ids);
            if page["Cursor"].is_null() {
                break;
            }
            body["Limitation"]["Cursor"] = page["Cursor"].clone();
        }
        prop_assert_eq!(pages, returned_ids(operation, &all));
        prop_assert!(api.calls_since(2).iter().all(|call| call.is_continued));
        body["Limitation"]["Cursor"] = json!(id(99));
        prop_assert_eq!(post(&api, operation, &body).0, 400);
    }
}
