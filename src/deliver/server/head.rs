//! The head of a request, by RFC 9112. What two readers could understand in two ways is refused.

use super::RequestHeader;

/// The maximum number of headers.
const MAX_HEADERS: usize = 256;

/// The head of a request.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<RequestHeader>,
    /// The size of the head in bytes, with the empty line.
    pub(super) size: usize,
    pub(super) body: BodySize,
    /// Whether the connection ends with this request.
    pub(super) is_last: bool,
    /// Whether the client waits for `100 Continue` before it sends the body.
    pub(super) awaits_continue: bool,
}

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodySize {
    Known(u64),
    Chunked,
}

/// Parses a head. Returns `None` if it is not complete, and as an error the status to refuse it with.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Head>, u16> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let size = match request.parse(bytes) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(431),
        Err(httparse::Error::Version) => return Err(505),
        Err(_) => return Err(400),
    };
    let is_1_0 = request.version == Some(0);
    let headers: Vec<RequestHeader> = request
        .headers
        .iter()
        .map(|header| RequestHeader {
            name: header.name.to_owned(),
            value: header.value.to_vec(),
        })
        .collect();
    let connection = words(&headers, "Connection");
    let has_connection = |word: &str| connection.iter().any(|found| found == word);
    let expect = words(&headers, "Expect");
    Ok(Some(Head {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        body: body_size(&headers, is_1_0)?,
        is_last: has_connection("close") || (is_1_0 && !has_connection("keep-alive")),
        awaits_continue: !is_1_0 && expect.iter().any(|word| word == "100-continue"),
        headers,
        size,
    }))
}

/// Returns how long the body is. Two lengths, or a length beside chunks, are refused: by such requests one
/// reader can be made to see another request than the next one.
fn body_size(headers: &[RequestHeader], is_1_0: bool) -> Result<BodySize, u16> {
    let codings = words(headers, "Transfer-Encoding");
    let mut lengths = words(headers, "Content-Length");
    lengths.dedup();
    match (&codings[..], &lengths[..]) {
        ([], []) => Ok(BodySize::Known(0)),
        ([], [length]) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            length.parse().map(BodySize::Known).map_err(|_| 400)
        }
        ([coding], []) if coding == "chunked" && !is_1_0 => Ok(BodySize::Chunked),
        ([_, ..], []) if !is_1_0 => Err(501),
        _ => Err(400),
    }
}

/// Returns the words of a list, in lower case, from all headers with a name.
fn words(headers: &[RequestHeader], name: &str) -> Vec<String> {
    let named = headers.iter();
    let named = named.filter(|header| header.name.eq_ignore_ascii_case(name));
    named
        .flat_map(|header| header.value.split(|byte| *byte == b','))
        .map(|word| String::from_utf8_lossy(word.trim_ascii()).to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(headers: &str) -> Result<BodySize, u16> {
        let text = format!("POST / HTTP/1.1\r\n{headers}\r\n");
        parse(text.as_bytes()).map(|head| head.unwrap().body)
    }

    #[test]
    fn a_body_has_one_length() {
        assert_eq!(body(""), Ok(BodySize::Known(0)));
        assert_eq!(body("content-length: 7\r\n"), Ok(BodySize::Known(7)));
        assert_eq!(
            body("Content-Length: 7, 7\r\nContent-Length: 7\r\n"),
            Ok(BodySize::Known(7))
        );
        assert_eq!(
            body("Transfer-Encoding: Chunked\r\n"),
            Ok(BodySize::Chunked)
        );
        for (refused, status) in [
            ("Content-Length: 7\r\nContent-Length: 8\r\n", 400),
            ("Content-Length: +7\r\n", 400),
            ("Content-Length: \r\n", 400),
            ("Content-Length: 99999999999999999999\r\n", 400),
            ("Content-Length: 7\r\nTransfer-Encoding: chunked\r\n", 400),
            ("Transfer-Encoding: gzip, chunked\r\n", 501),
            ("Transfer-Encoding: chunked, chunked\r\n", 501),
        ] {
            assert_eq!(body(refused), Err(status), "{refused}");
        }
        let old = parse(b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert_eq!(old.unwrap_err(), 400);
    }

    #[test]
    fn a_connection_may_end() {
        let is_last = |text: &str| parse(text.as_bytes()).unwrap().unwrap().is_last;
        assert!(!is_last("GET / HTTP/1.1\r\n\r\n"));
        assert!(is_last("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n"));
        assert!(is_last("GET / HTTP/1.0\r\n\r\n"));
        assert!(!is_last("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    }
}
