//! Reads the flows that mitmproxy stores: tnetstrings with a request, its response, and the messages
//! of a websocket.

use std::ops::Range;

use crate::decode::text::tnetstring::{Tag, Tnetstring};

use super::delivery::{Delivery, Header};
use super::time;

/// A flow.
#[derive(Debug)]
pub(super) struct Flow {
    /// What is known about the delivery of the request.
    pub(super) delivery: Delivery,
    /// The ranges of what was sent: the body of the request, and the messages of a websocket.
    pub(super) bodies: Vec<Range<usize>>,
}

/// Reads a flow, or returns `None` if the text is something else.
pub(super) fn read_flow(text: &[u8]) -> Option<Flow> {
    let flow = Tnetstring::parse(text).filter(|flow| flow.tag == Tag::Dictionary)?;
    let request = flow.get("request")?;
    let content = request.get("content");
    let content = content.filter(|content| content.tag == Tag::Bytes);
    let mut bodies: Vec<_> = content.iter().map(Tnetstring::content_range).collect();
    let messages = flow.get("websocket");
    let messages = messages.and_then(|websocket| websocket.get("messages"));
    for message in messages.iter().flat_map(Tnetstring::items) {
        // Its type, whether the client sent it, its content, its time.
        bodies.extend(
            message
                .items()
                .nth(2)
                .map(|content| content.content_range()),
        );
    }
    bodies.sort_by_key(|body| body.start);
    let response = flow.get("response");
    let started = seconds(request.get("timestamp_start"));
    let ended = response.and_then(|response| seconds(response.get("timestamp_end")));
    let status = response.and_then(|response| string(response.get("status_code")));
    Some(Flow {
        delivery: Delivery {
            time: string(request.get("timestamp_start")).and_then(|time| time::of_text(&time)),
            method: string(request.get("method")),
            url: url(&request),
            headers: headers(&request),
            status: status.and_then(|status| status.parse().ok()),
            duration_ms: started.zip(ended).map(|(start, end)| {
                // Seconds with a fraction of microseconds.
                ((end - start) * 1e6).round() / 1e3
            }),
            message_id: string(flow.get("id")),
            ..Delivery::default()
        },
        bodies,
    })
}

fn string(value: Option<Tnetstring<'_>>) -> Option<String> {
    let value =
        value.filter(|value| !matches!(value.tag, Tag::Null | Tag::List | Tag::Dictionary))?;
    Some(String::from_utf8_lossy(value.content).into_owned()).filter(|text| !text.is_empty())
}

fn seconds(value: Option<Tnetstring<'_>>) -> Option<f64> {
    string(value)?.parse().ok()
}

fn url(request: &Tnetstring<'_>) -> Option<String> {
    let property = |name| string(request.get(name));
    let path = property("path")?;
    let (Some(scheme), Some(host)) = (property("scheme"), property("host")) else {
        return Some(path);
    };
    let port = match (scheme.as_str(), property("port")) {
        ("http", Some(port)) if port != "80" => format!(":{port}"),
        ("https", Some(port)) if port != "443" => format!(":{port}"),
        _ => String::new(),
    };
    Some(format!("{scheme}://{host}{port}{path}"))
}

fn headers(request: &Tnetstring<'_>) -> Vec<Header> {
    let list = request.get("headers");
    let pairs = list.iter().flat_map(Tnetstring::items);
    let headers = pairs.filter_map(|pair| {
        let mut items = pair.items();
        Some(Header {
            name: string(items.next())?,
            value: string(items.next()).unwrap_or_default(),
        })
    });
    headers.collect()
}
