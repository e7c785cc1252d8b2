//! One connection: requests in, responses out.

use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::connections::{Open, Phase};
use super::head::{self, BodySize, Head};
use super::reader::Reader;
use super::{Handler, Refusal, Reply, Request, Response, ServerLimits};

/// The maximum length of a chunk's size with its extensions, and of a trailer's line.
const MAX_LINE: usize = 4 << 10;

/// The time for which a refused client may still send, so that it reads the response first.
const LINGER_TIME: Duration = Duration::from_secs(2);

/// The number of bytes that a refused client may still send.
const LINGER_SIZE: usize = 1 << 20;

/// Why a connection ends.
enum End {
    /// The client or the server has closed it, or it is broken.
    Closed,
    /// The request is refused with this status.
    Refused(u16),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::TimedOut => Self::Refused(408),
            _ => Self::Closed,
        }
    }
}

/// Serves a connection until it ends.
pub(super) fn serve(
    stream: &Arc<TcpStream>,
    peer: SocketAddr,
    open: &Open,
    limits: &ServerLimits,
    handler: &impl Handler,
) {
    let mut writer = &**stream;
    let _ = writer.set_nodelay(true);
    let _ = writer.set_write_timeout(Some(limits.body_time));
    let mut reader = Reader::new(Arc::clone(stream));
    while open.enter(Phase::Idle) {
        let (request, is_last) = match read_request(&mut reader, writer, peer, open, limits) {
            Ok(request) => request,
            Err(End::Refused(status)) => {
                handler.refused(&Refusal { status, peer });
                let refusal = Response::new(status).bytes(true, false);
                if writer.write_all(&refusal).is_ok() {
                    linger(&mut reader, writer);
                }
                return;
            }
            Err(End::Closed) => return,
        };
        match handler.handle(&request) {
            Reply::Respond(response) => {
                let bytes = response.bytes(is_last, request.method == "HEAD");
                if writer.write_all(&bytes).is_err() || is_last {
                    let _ = writer.shutdown(Shutdown::Write);
                    return;
                }
            }
            Reply::Close => return,
            Reply::Silence => {
                if open.enter(Phase::Idle) {
                    while reader
                        .read_until(Instant::now() + limits.idle_time)
                        .is_ok_and(|n| n > 0)
                    {
                        reader.take(usize::MAX);
                    }
                }
                return;
            }
        }
    }
}

/// Reads the next request. Returns it, and whether the connection ends with it.
fn read_request(
    reader: &mut Reader,
    mut writer: &TcpStream,
    peer: SocketAddr,
    open: &Open,
    limits: &ServerLimits,
) -> Result<(Request, bool), End> {
    if reader.bytes().is_empty() {
        match reader.read_until(Instant::now() + limits.idle_time) {
            Ok(1..) => {}
            _ => return Err(End::Closed),
        }
    }
    if !open.enter(Phase::Receiving) {
        return Err(End::Closed);
    }
    let head = read_head(reader, limits)?;
    let bytes = reader.take(head.size).to_vec();
    let deadline = Instant::now() + limits.body_time;
    if let BodySize::Known(size) = head.body
        && size > limits.body as u64
    {
        return Err(End::Refused(413));
    }
    if head.awaits_continue && head.body != BodySize::Known(0) {
        writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let body = match head.body {
        BodySize::Known(size) => {
            let size = usize::try_from(size).map_err(|_| End::Refused(413))?;
            let mut body = Vec::new();
            append(reader, size, &mut body, open, deadline)?;
            body
        }
        BodySize::Chunked => read_chunks(reader, limits.body, open, deadline)?,
    };
    let request = Request {
        method: head.method,
        target: head.target,
        head: bytes,
        headers: head.headers,
        body,
        received: SystemTime::now(),
        peer,
        connection: open.number(),
    };
    if !open.enter(Phase::Answering) {
        return Err(End::Closed);
    }
    Ok((request, head.is_last))
}

/// Waits for the head of a request, and parses it.
fn read_head(reader: &mut Reader, limits: &ServerLimits) -> Result<Head, End> {
    let deadline = Instant::now() + limits.head_time;
    let mut parsed = 0;
    loop {
        let bytes = reader.bytes();
        // A head that comes byte by byte is not parsed once for each of them, only when it may have
        // ended. The first bytes are, so that what is not HTTP is refused at once.
        let may_have_ended = parsed == 0 || has_empty_line(&bytes[parsed - 1..]);
        if may_have_ended && let Some(head) = head::parse(bytes).map_err(End::Refused)? {
            let is_too_long = head.size > limits.head;
            return if is_too_long {
                Err(End::Refused(431))
            } else {
                Ok(head)
            };
        }
        if bytes.len() >= limits.head {
            return Err(End::Refused(431));
        }
        // An empty line may have begun.
        parsed = bytes.len().saturating_sub(2).max(1);
        if reader.read_until(deadline)? == 0 {
            return Err(End::Closed);
        }
    }
}

/// Returns `true` if a line without content ends in a text.
fn has_empty_line(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"\n\r\n").is_some() || memchr::memmem::find(text, b"\n\n").is_some()
}

/// Appends the next bytes of a connection to a body, as they arrive.
fn append(
    reader: &mut Reader,
    count: usize,
    body: &mut Vec<u8>,
    open: &Open,
    deadline: Instant,
) -> Result<(), End> {
    let mut left = count;
    loop {
        let taken = reader.take(left);
        if !open.reserve(taken.len()) {
            return Err(End::Refused(503));
        }
        body.extend_from_slice(taken);
        left -= taken.len();
        if left == 0 {
            return Ok(());
        }
        if reader.read_until(deadline)? == 0 {
            return Err(End::Closed);
        }
    }
}

/// Reads a body in chunks, and the trailer.
fn read_chunks(
    reader: &mut Reader,
    limit: usize,
    open: &Open,
    deadline: Instant,
) -> Result<Vec<u8>, End> {
    let mut body = Vec::new();
    loop {
        let line = read_line(reader, deadline)?;
        let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(&line) else {
            return Err(End::Refused(400));
        };
        if size == 0 {
            break;
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size > limit - body.len() {
            return Err(End::Refused(413));
        }
        append(reader, size, &mut body, open, deadline)?;
        if read_line(reader, deadline)? != b"\r\n" {
            return Err(End::Refused(400));
        }
    }
    let mut size = 0;
    loop {
        let line = read_line(reader, deadline)?;
        size += line.len();
        if line == b"\r\n" {
            return Ok(body);
        }
        if size > MAX_LINE {
            return Err(End::Refused(431));
        }
    }
}

/// Reads a line, with the line break at its end.
fn read_line(reader: &mut Reader, deadline: Instant) -> Result<Vec<u8>, End> {
    let mut line = Vec::new();
    loop {
        let bytes = reader.bytes();
        let end = memchr::memchr(b'\n', bytes);
        let length = end.map_or(bytes.len(), |end| end + 1);
        line.extend_from_slice(reader.take(length));
        if end.is_some() {
            return Ok(line);
        }
        if line.len() > MAX_LINE {
            return Err(End::Refused(400));
        }
        if reader.read_until(deadline)? == 0 {
            return Err(End::Closed);
        }
    }
}

/// Lets a client finish what it sends, within limits: a connection that is closed before is reset, and
/// the client may not see the response.
fn linger(reader: &mut Reader, writer: &TcpStream) {
    let _ = writer.shutdown(Shutdown::Write);
    let deadline = Instant::now() + LINGER_TIME;
    let mut size = 0;
    while size < LINGER_SIZE {
        match reader.read_until(deadline) {
            Ok(count @ 1..) => size += count,
            _ => return,
        }
        reader.take(usize::MAX);
    }
}
