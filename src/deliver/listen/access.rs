//! Which deliveries are accepted: those with the secret in their URL, and those with a valid signature.

use std::ops::Range;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use sha2::Sha256;

use crate::deliver::server::Request;
use crate::deliver::{SecretText, signature};

/// What a delivery must have.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Access {
    /// The secret that must be in the URL, if one must.
    pub token: Option<SecretText>,
    /// The secrets of which one must have made the signature. If there are none, it is not checked.
    pub secrets: Vec<SecretText>,
    /// Whether deliveries without a valid signature are refused.
    pub refuses_unsigned: bool,
}

/// What a signature is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureStatus {
    /// One of the secrets has made it, over these bytes.
    Valid,
    /// None of the secrets has made it over these bytes.
    Invalid,
    /// There is no signature.
    Missing,
}

impl SignatureStatus {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Missing => "missing",
        }
    }
}

impl Access {
    /// Returns `true` if no secret is required in the URL, or it is there: a segment of the path or the
    /// value of a parameter, as it is or percent-encoded. All of them are compared, each in constant time.
    pub(super) fn admits(&self, request: &Request) -> bool {
        let Some(token) = &self.token else {
            return true;
        };
        let candidates = parts(&request.target).into_iter();
        candidates.fold(false, |is_found, part| {
            is_found | is_token(token, &request.target[part])
        })
    }

    /// Masks the token in the URL of a record that is shown. The record keeps its length.
    pub fn mask(&self, record: &mut [u8]) {
        const START: &[u8] = b"\"url\":\"";
        let Some(token) = &self.token else {
            return;
        };
        let Some(start) = memchr::memmem::find(record, START) else {
            return;
        };
        let url = &mut record[start + START.len()..];
        let length = string_length(url);
        let url = &mut url[..length];
        let parts = str::from_utf8(url).ok().map(|text| {
            let parts = parts(text).into_iter();
            let parts = parts.filter(|part| is_token(token, &text[part.clone()]));
            parts.collect::<Vec<_>>()
        });
        match parts {
            Some(parts) if !parts.is_empty() => {
                for part in parts {
                    url[part].fill(b'*');
                }
            }
            // The token is there, but has escapes in JSON.
            _ => url.fill(b'*'),
        }
    }

    /// Returns what the signature of a body is worth, or `None` if signatures are not checked.
    pub fn signature(&self, body: &[u8], value: Option<&[u8]>) -> Option<SignatureStatus> {
        if self.secrets.is_empty() {
            return None;
        }
        let Some(value) = value else {
            return Some(SignatureStatus::Missing);
        };
        let is_valid = |secret| signature::is_valid(secret, body, value);
        Some(if self.secrets.iter().any(is_valid) {
            SignatureStatus::Valid
        } else {
            SignatureStatus::Invalid
        })
    }
}

/// Returns the length of a JSON string up to its closing quote.
fn string_length(text: &[u8]) -> usize {
    let mut length = 0;
    while let Some(byte) = text.get(length).filter(|byte| **byte != b'"') {
        length += if *byte == b'\\' { 2 } else { 1 };
    }
    length.min(text.len())
}

/// Returns the ranges of a URL that can be its secret: the segments of the path, and the values of
/// parameters, or parameters without a value.
fn parts(url: &str) -> Vec<Range<usize>> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut parts = Vec::new();
    let mut start = 0;
    for segment in path.split('/') {
        parts.push(start..start + segment.len());
        start += segment.len() + 1;
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.find('=').map_or(0, |equals| equals + 1);
        parts.push(start + name..start + pair.len());
        start += pair.len() + 1;
    }
    parts
}

/// Returns `true` if a part of a URL is the token, as it is or percent-encoded.
fn is_token(token: &SecretText, part: &str) -> bool {
    let decoded: Vec<u8> = percent_decode_str(part).collect();
    is_equal(token, part.as_bytes()) | is_equal(token, &decoded)
}

/// Compares a secret with a text by their authentication codes, whose comparison takes constant time.
#[expect(clippy::expect_used, reason = "HMAC accepts keys of any length")]
fn is_equal(secret: &SecretText, text: &[u8]) -> bool {
    let code = |text| {
        let mac = Hmac::<Sha256>::new_from_slice(secret.expose());
        mac.expect("a key of any length").chain_update(text)
    };
    let expected = code(secret.expose()).finalize().into_bytes();
    code(text).verify(&expected).is_ok()
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn request(target: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            target: target.to_owned(),
            head: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
            received: SystemTime::UNIX_EPOCH,
            peer: ([127, 0, 0, 1], 1).into(),
            connection: 0,
        }
    }

    #[test]
    fn the_token_is_a_segment_or_a_value() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "a/b+c\n").unwrap();
        let mut access = Access {
            token: Some(SecretText::from_file(&path).unwrap()),
            ..Access::default()
        };
        for target in [
            "/?Token=a/b+c",
            "/hooks?x=1&anything=a%2Fb%2bc",
            "/?a/b+c",
            "/hooks/a%2Fb+c/mews",
        ] {
            assert!(access.admits(&request(target)), "{target}");
        }
        for target in [
            "/",
            "/?Token=",
            "/?Token=a/b+c%20",
            "/?Token=xa/b+c",
            "/?Token=a/b",
            "/?a%2Fb+c=1",
            "/?Token=A/B+C",
            "/a/b+c",
        ] {
            assert!(!access.admits(&request(target)), "{target}");
        }
        access.token = None;
        assert!(access.admits(&request("/")));
    }

    #[test]
    fn the_token_is_masked_where_a_record_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        for (token, url, masked) in [
            ("ab", "/ab/c?d=ab&ab", "/**/c?d=**&**"),
            ("a/b", "/ab?x=a%2fb", "/ab?x=*****"),
            ("a\"b", "/x/a\\\"b/c", "*********"),
        ] {
            std::fs::write(&path, token).unwrap();
            let access = Access {
                token: Some(SecretText::from_file(&path).unwrap()),
                ..Access::default()
            };
            let record = |url| format!("{{\"method\":\"POST\",\"url\":\"{url}\"}}");
            let mut bytes = record(url).into_bytes();
            access.mask(&mut bytes);
            assert_eq!(String::from_utf8(bytes).unwrap(), record(masked));
        }
    }
}
