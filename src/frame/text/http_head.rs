//! The lines of the head of an HTTP message that decide where the message ends.
//!
//! `httparse` needs the head as a whole and rejects the liberties of files written by hand: line
//! breaks without a carriage return before `Content-Length`, requests without a version.

const METHODS: [&str; 9] = [
    "POST ", "GET ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS ", "CONNECT ", "TRACE ",
];

const VERSION: &str = "HTTP/";

/// What the head of a message says about its body.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) length: Option<usize>,
    pub(super) is_chunked: bool,
    /// Whether the body is compressed.
    pub(super) is_encoded: bool,
    pub(super) has_headers: bool,
}

/// A line of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadLine {
    Header,
    /// The end of the head.
    Empty,
    /// No part of a head.
    Other,
}

/// Reads a line after the first one.
pub(super) fn head_line(line: &[u8], head: &mut Head) -> HeadLine {
    crate::steps::add(line.len());
    let text = line.trim_ascii();
    if text.is_empty() {
        return HeadLine::Empty;
    }
    // A header may go on in a line that starts with white space, and so does a query in a `.http`
    // file.
    if line[0].is_ascii_whitespace() {
        return HeadLine::Header;
    }
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let length = text.iter().take_while(|byte| is_token(byte)).count();
    let (name, value) = text.split_at(length);
    let Some(value) = value.strip_prefix(b":").map(<[u8]>::trim_ascii) else {
        return HeadLine::Other;
    };
    if name.is_empty() {
        return HeadLine::Other;
    }
    head.has_headers = true;
    if name.eq_ignore_ascii_case(b"content-length") {
        head.length = str::from_utf8(value)
            .ok()
            .and_then(|value| value.parse().ok());
    } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
        head.is_chunked = value.to_ascii_lowercase().ends_with(b"chunked");
    } else if name.eq_ignore_ascii_case(b"content-encoding") {
        head.is_encoded = !value.eq_ignore_ascii_case(b"identity");
    }
    HeadLine::Header
}

/// Returns `true` if a message may start with these bytes.
pub(super) fn may_be_first_line(bytes: &[u8]) -> bool {
    let is_start = |start: &str| {
        let length = start.len().min(bytes.len());
        start.as_bytes()[..length] == bytes[..length]
    };
    bytes.first().is_some_and(u8::is_ascii_uppercase)
        && (is_start(VERSION) || METHODS.into_iter().any(is_start))
}

/// Returns `true` if the line is the first one of a message: `POST /path HTTP/1.1` or
/// `HTTP/1.1 200 OK`.
pub(super) fn is_first_line(line: &[u8]) -> bool {
    if !may_be_first_line(line) {
        return false;
    }
    let mut words = line.trim_ascii_end().split(|byte| *byte == b' ');
    let (first, second, third) = (words.next(), words.next(), words.next());
    let is_version = |word: Option<&[u8]>| {
        let version = word.and_then(|word| word.strip_prefix(VERSION.as_bytes()));
        version.is_some_and(|version| {
            matches!(version, [b'0'..=b'9'] | [b'0'..=b'9', b'.', b'0'..=b'9'])
        })
    };
    let is_response = is_version(first)
        && second.is_some_and(|code| code.len() == 3 && code.iter().all(u8::is_ascii_digit));
    let is_request = is_version(third) && second.is_some_and(|target| !target.is_empty());
    is_response || (is_request && words.next().is_none())
}

/// Returns `true` if the line is a request without a version, as in a `.http` file.
pub(super) fn is_short_request(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let method = METHODS
        .iter()
        .find(|method| line.starts_with(method.as_bytes()));
    let Some(method) = method else {
        return false;
    };
    let target = line[method.len()..].trim_ascii();
    let is_target = [&b"http://"[..], b"https://", b"/", b"{{"]
        .into_iter()
        .any(|start| target.starts_with(start));
    is_target && !target.contains(&b' ')
}
