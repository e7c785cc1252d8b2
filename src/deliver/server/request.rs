//! A request as it came.

use std::net::SocketAddr;
use std::time::SystemTime;

/// A request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// The method, such as `POST`.
    pub method: String,
    /// The target, such as `/hooks?Token=…`. It holds the receiver's secret.
    pub target: String,
    /// The bytes of the head, up to the empty line.
    pub head: Vec<u8>,
    /// The headers, in the order and with the letters in which they came.
    pub headers: Vec<RequestHeader>,
    /// The bytes of the body. Chunks are joined; a `Content-Encoding` is not decoded.
    pub body: Vec<u8>,
    /// When the request was received completely.
    pub received: SystemTime,
    /// The address of the client.
    pub peer: SocketAddr,
    /// The number of the connection, from 0.
    pub connection: u64,
}

/// A header of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHeader {
    /// The name, with the letters in which it came.
    pub name: String,
    /// The value.
    pub value: Vec<u8>,
}

impl Request {
    /// Returns the value of the first header with a name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| &*header.value)
    }

    /// Returns the target without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Returns the query of the target, without the `?`.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }
}
