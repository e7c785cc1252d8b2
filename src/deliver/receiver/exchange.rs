//! Several requests over one connection. An HTTP client opens another one without saying so, so this is
//! done on the socket.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use crate::deliver::TargetError;
use crate::input::describe;

use super::evidence::{Evidence, Reaction, fail, not_observable};
use super::hotel::Message;
use super::session::accepted;
use super::{Checked, Session};

/// The maximum size of a response.
const MAX_SIZE: usize = 1 << 20;

/// A response, as far as it matters.
struct Reply {
    status: u16,
    /// Whether the handler ends the connection.
    is_last: bool,
}

/// Delivers messages over one connection.
pub(super) fn over_one_connection(session: &mut Session<'_>, messages: &[Message]) -> Checked {
    let content_type = session.probe.content_type;
    let deadline = session.options.deadline;
    let connected = connect(session, deadline);
    let (mut stream, head) =
        connected.map_err(|error| not_observable(format!("no connection: {error}")))?;
    for (number, message) in messages.iter().enumerate() {
        let body = message.body();
        let is_last = number + 1 == messages.len();
        let calls = session.call_count();
        let start = Instant::now();
        let reply = send(&mut stream, &head, content_type, &body, deadline);
        let reaction = Reaction {
            status: match &reply {
                Ok(reply) => Ok(reply.status),
                Err(error) => Err(describe(error)),
            },
            body: None,
            elapsed: start.elapsed(),
            is_unreachable: false,
        };
        let sent = Evidence::Sent {
            what: format!("{}, over one connection", message.describe()),
            bytes: body.len(),
            content_type: content_type.map(str::to_owned),
            reaction: reaction.clone(),
        };
        session.keep(calls, sent);
        accepted(
            &reaction,
            &format!("delivery {} over one connection", number + 1),
        )?;
        if !is_last && reply.is_ok_and(|reply| reply.is_last) {
            return Err(fail(
                "the handler ends the connection after a response: each delivery needs a new one",
            ));
        }
    }
    Ok(())
}

/// Connects to the handler. Returns the stream, and the start of each request's head.
fn connect(session: &Session<'_>, deadline: Duration) -> Result<(TcpStream, String), String> {
    let target = &session.options.target;
    let uri = target
        .uri()
        .map_err(|error: TargetError| error.to_string())?;
    let host = uri.host().unwrap_or_default();
    let port = uri.port_u16().unwrap_or(80);
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = (host, port).to_socket_addrs();
    let addresses = addresses.map_err(|error| describe(&error))?;
    let mut result = Err("the host is not known".to_owned());
    for address in addresses {
        match TcpStream::connect_timeout(&address, deadline) {
            Ok(stream) => {
                let head = format!("POST {path} HTTP/1.1\r\nHost: {authority}\r\n");
                return Ok((stream, head));
            }
            Err(error) => result = Err(describe(&error)),
        }
    }
    result
}

fn send(
    stream: &mut TcpStream,
    head: &str,
    content_type: Option<&str>,
    body: &[u8],
    deadline: Duration,
) -> io::Result<Reply> {
    let content_type = content_type.map(|value| format!("Content-Type: {value}\r\n"));
    let content_type = content_type.unwrap_or_default();
    let mut request =
        format!("{head}{content_type}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    request.extend_from_slice(body);
    stream.set_write_timeout(Some(deadline))?;
    stream.write_all(&request)?;
    let end = Instant::now() + deadline;
    let mut received = Vec::new();
    loop {
        if let Some(reply) = parse(&received)? {
            return Ok(reply);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || received.len() > MAX_SIZE {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => received.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(ErrorKind::TimedOut.into());
            }
            Err(error) => return Err(error),
        }
    }
}

/// Parses a response. Returns `None` if it is not complete.
fn parse(bytes: &[u8]) -> io::Result<Option<Reply>> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(bytes);
    let parsed = parsed.map_err(|_| io::Error::new(ErrorKind::InvalidData, "not HTTP"))?;
    let httparse::Status::Complete(size) = parsed else {
        return Ok(None);
    };
    let status = response.code.unwrap_or_default();
    let header = |name: &str| {
        let mut headers = response.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(
            String::from_utf8_lossy(header.value)
                .trim()
                .to_ascii_lowercase(),
        )
    };
    let body = &bytes[size..];
    let has_body = !matches!(status, 100..=199 | 204 | 304);
    let is_chunked = header("Transfer-Encoding").is_some();
    let length = header("Content-Length").and_then(|length| length.parse::<usize>().ok());
    let is_complete = match length {
        _ if !has_body => true,
        _ if is_chunked => body.ends_with(b"0\r\n\r\n"),
        Some(length) => body.len() >= length,
        // The body ends with the connection.
        None => true,
    };
    let is_bounded = !has_body || is_chunked || length.is_some();
    let is_closed = header("Connection").is_some_and(|value| value.contains("close"))
        || (response.version == Some(0)
            && header("Connection").is_none_or(|value| !value.contains("keep-alive")));
    Ok(is_complete.then_some(Reply {
        status,
        is_last: is_closed || !is_bounded,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_end_where_they_say() {
        for (text, status, is_last) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, false),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, false),
            (
                "HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                500,
                false,
            ),
            (
                "HTTP/1.1 202 Accepted\r\nconnection: Close\r\nContent-Length: 0\r\n\r\n",
                202,
                true,
            ),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, true),
            (
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
                200,
                false,
            ),
        ] {
            let reply = parse(text.as_bytes()).unwrap().unwrap();
            assert_eq!((reply.status, reply.is_last), (status, is_last), "{text}");
            assert!(
                parse(&text.as_bytes()[..text.len() - 1]).unwrap().is_none(),
                "{text}"
            );
        }
        let unbounded = parse(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        assert!(unbounded.is_some_and(|reply| reply.is_last));
        assert!(parse(b"hello world, this is not HTTP\r\n\r\n").is_err());
    }
}
