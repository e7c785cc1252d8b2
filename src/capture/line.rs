//! Reads what a log line says about a delivery from the text before the payload.

use crate::document::Document;

use super::delivery::Delivery;
use super::time;

const METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];

/// Adds the time at the start of a line, the request line and the status that a web server's log has,
/// and the time and the method of a row of CSV. `text` is what stands before the payload, of which
/// only the last line counts.
pub(super) fn line_facts(text: &[u8], delivery: &mut Delivery) {
    let line = String::from_utf8_lossy(last_line(text));
    if delivery.time.is_none() {
        delivery.time = first_time(&line);
    }
    for cell in line.split(',').map(|cell| cell.trim_matches('"')) {
        if METHODS.contains(&cell) {
            delivery.method.get_or_insert_with(|| cell.to_owned());
        } else if delivery.time.is_none() && cell.contains(':') {
            delivery.time = time::of_text(cell).filter(|time| time.ends_with('Z'));
        }
    }
    if let Some((method, url, after)) = request(&line) {
        delivery.method.get_or_insert(method);
        delivery.url.get_or_insert(url);
        if delivery.status.is_none() {
            let status = after.split_ascii_whitespace().next();
            let status = status.and_then(|status| status.parse().ok());
            delivery.status = status.filter(|status| (100..=599).contains(status));
        }
    }
}

/// Returns `true` if the last line of a text starts as Kubernetes' container runtimes write it: with
/// a time, a stream and `F` or `P`.
pub(super) fn is_cri_line(text: &[u8]) -> bool {
    // Most lines are not, which is seen without reading a time.
    if memchr::memmem::find(text, b" std").is_none() {
        return false;
    }
    let mut words = last_line(text).splitn(4, |byte| *byte == b' ');
    let time = words.next().and_then(|time| str::from_utf8(time).ok());
    time.is_some_and(|time| chrono::DateTime::parse_from_rfc3339(time).is_ok())
        && matches!(words.next(), Some(b"stdout" | b"stderr"))
        && matches!(words.next(), Some(b"F" | b"P"))
}

/// Returns the time of a line of Docker's json-file format.
pub(super) fn docker_time(line: &[u8]) -> Option<String> {
    let document = Document::parse(str::from_utf8(line).ok()?).ok()?;
    document.root().get("time").and_then(time::of_node)
}

fn last_line(text: &[u8]) -> &[u8] {
    let start = memchr::memrchr(b'\n', text).map_or(0, |index| index + 1);
    &text[start..]
}

/// Returns the time at the start of a line: RFC 3339, with a space instead of the `T` too, or in
/// brackets as in the logs of web servers.
fn first_time(line: &str) -> Option<String> {
    const WEB_SERVER: &str = "%d/%b/%Y:%H:%M:%S %z";
    let words = line.trim_start_matches(['[', '(', '"']);
    let end = words.find([' ', ']', ')', '"', ',']).unwrap_or(words.len());
    let first = &words[..end];
    if first.len() >= 20
        && let Ok(parsed) = chrono::DateTime::parse_from_rfc3339(first)
    {
        return time::of_text(&parsed.to_rfc3339());
    }
    let is_date = |word: &str| {
        word.len() == 10
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    if is_date(first) {
        let clock = words[end..].trim_start();
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ',' | '+' | 'Z');
        let end = clock.find(|c| !is_part(c)).unwrap_or(clock.len());
        let clock = clock[..end].trim_end_matches([':', ',', '.']);
        return clock.contains(':').then(|| {
            let written = format!("{first}T{}", clock.replace(',', "."));
            // Without an offset it is unknown in which zone the server is.
            time::of_text(&written).unwrap_or(written)
        });
    }
    let (_, after) = line.split_once('[')?;
    let (written, _) = after.split_once(']')?;
    let parsed = chrono::DateTime::parse_from_str(written, WEB_SERVER).ok()?;
    time::of_text(&parsed.to_rfc3339())
}

/// Returns the method and the URL of a quoted request line, and what follows it.
fn request(line: &str) -> Option<(String, String, &str)> {
    let (before, after) = line.split_once(" HTTP/")?;
    let (_, quoted) = before.rsplit_once('"')?;
    let (method, url) = quoted.split_once(' ')?;
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let (_, after) = after.split_once('"')?;
    is_method.then(|| (method.to_owned(), url.to_owned(), after))
}
