//! The objects in which tools wrap the payloads that they record, and log records.
//!
//! A root that is one of them is no payload, so it has no kind, and where it holds no payload it is
//! skipped and not an error.

use std::sync::LazyLock;

use super::detect::View;

/// An object in which a tool wraps payloads.
struct Wrapper {
    /// The name of the tool or format.
    name: &'static str,
    /// The paths that such an object has. An array stands for its first item.
    paths: &'static [&'static [&'static str]],
}

const fn wrapper(name: &'static str, paths: &'static [&'static [&'static str]]) -> Wrapper {
    Wrapper { name, paths }
}

/// The known wrappers. The first one that fits counts, so the more specific ones come first.
const WRAPPERS: &[Wrapper] = &[
    wrapper("mewshook", &[&["body"], &["body_sha256"]]),
    wrapper("mewshook", &[&["body_base64"], &["body_sha256"]]),
    wrapper("HAR", &[&["log", "entries"]]),
    wrapper("HAR", &[&["_webSocketMessages"]]),
    wrapper("ngrok", &[&["requests", "request", "raw"]]),
    wrapper("ngrok", &[&["request", "raw"]]),
    wrapper("ngrok", &[&["requests"], &["uri"]]),
    wrapper("webhook.site", &[&["data", "content"], &["data", "uuid"]]),
    wrapper("webhook.site", &[&["content"], &["uuid"]]),
    wrapper("webhook.site", &[&["data"], &["total"], &["per_page"]]),
    wrapper("gosmee", &[&["bodyB"]]),
    wrapper("Hookdeck", &[&["models", "data"]]),
    wrapper("Hookdeck", &[&["data", "body"], &["data", "headers"]]),
    wrapper("API Gateway", &[&["requestContext"]]),
    wrapper("API Gateway", &[&["isBase64Encoded"], &["body"]]),
    wrapper("API Gateway", &[&["httpMethod"], &["body"]]),
    wrapper("Kinesis", &[&["Records", "kinesis"]]),
    wrapper(
        "Kinesis",
        &[&["Records", "Data"], &["Records", "SequenceNumber"]],
    ),
    wrapper("SNS", &[&["Records", "Sns"]]),
    wrapper("SNS", &[&["TopicArn"], &["Message"]]),
    wrapper("SQS", &[&["Records", "body"]]),
    wrapper("SQS", &[&["Messages", "Body"]]),
    wrapper("SQS", &[&["Body"], &["ReceiptHandle"]]),
    wrapper("Firehose", &[&["records", "data"], &["deliveryStreamArn"]]),
    wrapper(
        "Firehose",
        &[&["records", "data"], &["records", "recordId"]],
    ),
    wrapper("AWS", &[&["Records"]]),
    wrapper("CloudWatch", &[&["logEvents"]]),
    wrapper("CloudWatch", &[&["awslogs", "data"]]),
    wrapper("CloudWatch", &[&["events", "message"]]),
    wrapper("CloudWatch", &[&["events"], &["searchedLogStreams"]]),
    wrapper("CloudWatch", &[&["events"], &["nextForwardToken"]]),
    wrapper("Cloud Logging", &[&["jsonPayload"]]),
    wrapper("Cloud Logging", &[&["textPayload"]]),
    wrapper("Cloud Logging", &[&["protoPayload"]]),
    wrapper("Pub/Sub", &[&["message", "data"], &["subscription"]]),
    wrapper("Pub/Sub", &[&["message", "data"], &["ackId"]]),
    wrapper("Docker", &[&["log"], &["stream"], &["time"]]),
    wrapper("Datadog", &[&["attributes"], &["message"]]),
    wrapper("smee", &[&["body"], &["query"], &["timestamp"]]),
];

/// The names of the properties of log records. An object with two of them is one.
pub(crate) const LOG_NAMES: [&str; 9] = [
    "level",
    "severity",
    "msg",
    "message",
    "log",
    "time",
    "timestamp",
    "@timestamp",
    "logger",
];

/// The name for log records that no more specific wrapper describes.
const LOG: &str = "log";

/// The name of an object that has the body of a request.
const HTTP: &str = "HTTP";

const _: () = assert!(WRAPPERS.len() <= 64, "a bit stands for each");

/// What the name of a property at a root says about the root.
#[derive(Clone, Copy, Default)]
struct NameMarks {
    /// A bit for each wrapper that has the name.
    wrappers: u64,
    /// A bit for each name of log records.
    log_names: u16,
}

impl NameMarks {
    fn add(&mut self, other: Self) {
        self.wrappers |= other.wrappers;
        self.log_names |= other.log_names;
    }
}

/// The names that say something about a root, sorted by [`order`].
static NAMES: LazyLock<Vec<(&'static str, NameMarks)>> = LazyLock::new(|| {
    let wrappers = WRAPPERS.iter().enumerate().map(|(index, wrapper)| {
        let marks = NameMarks {
            wrappers: 1 << index,
            ..NameMarks::default()
        };
        (wrapper.paths[0][0], marks)
    });
    let log_names = LOG_NAMES.iter().enumerate().map(|(index, name)| {
        let marks = NameMarks {
            log_names: 1 << index,
            ..NameMarks::default()
        };
        (*name, marks)
    });
    let mut names: Vec<_> = wrappers.chain(log_names).collect();
    names.sort_by_key(|(name, _)| order(name));
    names.dedup_by(|(next, marks), (name, all)| {
        let is_same = next == name;
        if is_same {
            all.add(*marks);
        }
        is_same
    });
    names
});

/// Returns the key by which names are sorted. Most comparisons end at the length.
fn order(name: &str) -> (usize, &str) {
    (name.len(), name)
}

/// Returns the name of the tool or format in whose wrapper payloads are, if the root is a known one.
pub(crate) fn wrapper_name<V: View>(root: V) -> Option<&'static str> {
    if !root.is_map() {
        return None;
    }
    // Most values are not wrappers, so one pass over their names decides which entries can match.
    let (mut marks, mut has_body) = (NameMarks::default(), false);
    let names = &*NAMES;
    root.visit_names(|name| {
        if let Ok(index) = names.binary_search_by_key(&order(name), |(known, _)| order(known)) {
            marks.add(names[index].1);
        }
        has_body |= name == "body";
    });
    let is_candidate = |index: usize| marks.wrappers >> index & 1 == 1;
    let fits = |wrapper: &Wrapper| wrapper.paths.iter().all(|path| has_path(root, path));
    let mut wrappers = WRAPPERS.iter().enumerate();
    match wrappers.find(|(index, wrapper)| is_candidate(*index) && fits(wrapper)) {
        Some((_, wrapper)) => Some(wrapper.name),
        None if marks.log_names.count_ones() >= 2 => Some(LOG),
        None => has_body.then_some(HTTP),
    }
}

fn has_path<V: View>(value: V, path: &[&str]) -> bool {
    let [name, rest @ ..] = path else {
        return true;
    };
    let first = value.first();
    first
        .unwrap_or(value)
        .property(name)
        .is_some_and(|value| has_path(value, rest))
}
