//! Deliveries as records, which every command reads: those of `extract --with-delivery`.

use std::io;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::capture::{Delivery, Header, read_record};
use crate::deliver::server::Request;
use crate::extract::received_record;

/// A delivery that was read from its record.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReceivedDelivery {
    /// What is known of the request.
    pub delivery: Delivery,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl ReceivedDelivery {
    /// Reads a record, which is a line of a [`Journal`](super::Journal).
    pub fn read(line: &[u8]) -> Option<Self> {
        let (delivery, body) = read_record(str::from_utf8(line).ok()?)?;
        Some(Self { delivery, body })
    }

    /// Returns the value of the first header with a name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.delivery.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| &*header.value)
    }
}

/// Returns the record of a request as a line. The status is that of the answer, if it is known.
pub(super) fn record(request: &Request, status: Option<u16>) -> io::Result<Vec<u8>> {
    let received: DateTime<Utc> = request.received.into();
    let headers = request.headers.iter().map(|header| Header {
        name: header.name.clone(),
        value: text(&header.value),
    });
    let delivery = Delivery {
        time: Some(received.to_rfc3339_opts(SecondsFormat::Micros, true)),
        method: Some(request.method.clone()),
        url: Some(request.target.clone()),
        headers: headers.collect(),
        status,
        ..Delivery::default()
    };
    received_record(&delivery, &request.body)
}

/// Returns the value of a header. One that is not UTF-8 is read as Latin-1, the older encoding of headers,
/// which has a character for each byte.
fn text(value: &[u8]) -> String {
    match str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::deliver::server;

    fn request(target: &str, headers: &[(String, Vec<u8>)], body: &[u8]) -> Request {
        let headers = headers.iter().map(|(name, value)| server::RequestHeader {
            name: name.clone(),
            value: value.clone(),
        });
        Request {
            method: "POST".to_owned(),
            target: target.to_owned(),
            head: Vec::new(),
            headers: headers.collect(),
            body: body.to_vec(),
            received: std::time::SystemTime::UNIX_EPOCH,
            peer: ([127, 0, 0, 1], 1).into(),
            connection: 0,
        }
    }

    /// Returns bytes that are text, or are not.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let text = any::<String>().prop_map(String::into_bytes);
        prop_oneof![
            text,
            any::<Vec<u8>>(),
            "[\"\\\\{}\r\n\u{0}\u{7f}\u{2028}]{0,9}".prop_map(String::into_bytes)
        ]
    }

    proptest! {
        #[test]
        fn a_record_is_a_line_that_is_read_as_the_delivery(
            target in "/[!-~]{0,20}",
            headers in prop::collection::vec(("[!#-'*+.A-Za-z0-9^-|~-]{1,9}", bytes()), 0..4),
            body in bytes(),
            status in prop::option::of(200..600_u16),
        ) {
            let line = record(&request(&target, &headers, &body), status).unwrap();
            prop_assert_eq!(line.iter().position(|byte| *byte == b'\n'), Some(line.len() - 1));
            let read = ReceivedDelivery::read(&line).unwrap();
            prop_assert_eq!(read.body, body);
            let delivery = read.delivery;
            prop_assert_eq!(delivery.time.as_deref(), Some("1970-01-01T00:00:00.000000Z"));
            prop_assert_eq!(delivery.url, Some(target));
            prop_assert_eq!(delivery.status, status);
            prop_assert_eq!(delivery.headers.len(), headers.len());
            for (read, (name, value)) in delivery.headers.iter().zip(&headers) {
                prop_assert_eq!(&read.name, name);
                let is_same = match str::from_utf8(value) {
                    Ok(text) => read.value == text,
                    Err(_) => read.value.chars().map(|c| c as u32).eq(value.iter().map(|b| u32::from(*b))),
                };
                prop_assert!(is_same);
            }
        }
    }
}
