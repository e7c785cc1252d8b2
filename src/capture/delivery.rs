//! What a capture says about the delivery of a payload: when it came, to which address, and how it
//! was answered.

use serde::Serialize;

use crate::secrets::Masking;

/// What is known about the delivery of a payload.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Delivery {
    /// When the request was received, as an RFC 3339 time if the capture's notation is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The method of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The URL of the request, or its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The names and values of the request's headers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// The status of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The time until the response, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<f64>,
    /// The number of the attempt, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u64>,
    /// The id that the capture's tool gave to the request or message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

/// A header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Header {
    /// The name, as written.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Header {
    /// Returns the header with its value masked if that is a secret.
    fn masked(&self, masking: Masking) -> Self {
        // Whether a value is a secret depends on the name before it.
        let line = format!("{}: {}", self.name, self.value);
        let masked = masking.mask(&line);
        let value = masked.get(self.name.len() + 2..).unwrap_or_default();
        Self {
            name: self.name.clone(),
            value: value.to_owned(),
        }
    }
}

impl Delivery {
    /// Adds what is not known from what is known farther outside.
    pub(super) fn complete(&mut self, outer: &Self) {
        let complete = |inner: &mut Option<String>, outer: &Option<String>| {
            if inner.is_none() {
                inner.clone_from(outer);
            }
        };
        complete(&mut self.time, &outer.time);
        complete(&mut self.method, &outer.method);
        complete(&mut self.url, &outer.url);
        complete(&mut self.message_id, &outer.message_id);
        self.status = self.status.or(outer.status);
        self.duration_ms = self.duration_ms.or(outer.duration_ms);
        self.attempt = self.attempt.or(outer.attempt);
        if self.headers.is_empty() {
            self.headers.clone_from(&outer.headers);
        }
    }

    /// Returns about the number of bytes that this takes in a report.
    pub(super) fn size(&self) -> usize {
        // `{"name":"","value":""},`
        const PAIR: usize = 24;
        let texts = [&self.time, &self.method, &self.url, &self.message_id];
        let texts = texts.into_iter().flatten().map(String::len);
        let headers = self.headers.iter();
        let headers = headers.map(|header| PAIR + header.name.len() + header.value.len());
        texts.chain(headers).sum()
    }

    /// Returns the delivery with its secrets masked if masking is on.
    #[must_use]
    pub fn masked(&self, masking: Masking) -> Self {
        let mask = |text: &String| masking.mask(text).into_owned();
        let headers = self.headers.iter().map(|header| header.masked(masking));
        Self {
            url: self.url.as_ref().map(mask),
            message_id: self.message_id.as_ref().map(mask),
            headers: headers.collect(),
            ..self.clone()
        }
    }

    /// Returns `true` if nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
