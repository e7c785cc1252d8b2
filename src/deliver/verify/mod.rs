//! Verifies the signatures of requests, and finds out why one does not fit.
//!
//! A cause is never guessed: what is suspected to have happened to the body, the secret or the signature
//! is undone, and the signature is computed again. A cause is named only if it fits then. A request that
//! is valid as it is needs one computation for each secret; one that is not needs at most 48 for each
//! secret, and some for its spellings, each of linear time.

mod bodies;
mod cause;
mod characters;
mod escapes;
mod presented;
mod record;
mod secrets;
mod serializers;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::capture::{BodyFidelity, CapturedBody};

use super::SecretText;
use super::signature;

pub use cause::SignatureCause;
pub use record::{BodyInput, SignatureRecord};
pub(crate) use record::{DescribedCause, VerdictName};

use presented::Presented;

/// A byte-order mark in UTF-8, which some programs write at the start of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Verifies signatures with one or more secrets.
#[derive(Debug)]
pub struct Verifier {
    secrets: Vec<SecretText>,
}

/// The result for one request that has a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureVerdict {
    /// The signature fits.
    Valid {
        /// The file or variable of the secret that it fits.
        secret: String,
        /// Whether it fits only after the body was serialized anew, because the capture has no bytes.
        is_serialized: bool,
    },
    /// The signature does not fit.
    Mismatch {
        /// The file or variable of the secret with which the causes were found, if there are causes.
        secret: Option<String>,
        /// What must be undone so that the signature fits; empty if nothing helps.
        causes: Vec<SignatureCause>,
    },
    /// The signature does not fit what the capture has, and that is not the body as it was sent.
    Unverifiable {
        /// Why the body is not known.
        cause: SignatureCause,
    },
}

/// The file or variable of a secret that fits, and what was undone.
type Match = (String, Vec<SignatureCause>);

impl Verifier {
    /// Creates a verifier. A signature is valid if it fits any of the secrets.
    pub fn new(secrets: Vec<SecretText>) -> Self {
        Self { secrets }
    }

    /// Verifies the signature of a body. `values` are those of the headers, of which there should be one.
    pub fn verify(&self, body: CapturedBody<'_>, values: &[&str]) -> SignatureVerdict {
        let presented = presented::read(values);
        let is_value = body.fidelity == BodyFidelity::Value;
        match self.find(body, &presented) {
            Some((secret, causes)) if causes.is_empty() => SignatureVerdict::Valid {
                secret,
                is_serialized: is_value,
            },
            Some((secret, causes)) => SignatureVerdict::Mismatch {
                secret: Some(secret),
                causes,
            },
            None if presented.is_empty() => SignatureVerdict::Mismatch {
                secret: None,
                causes: vec![SignatureCause::Malformed],
            },
            None => match body.fidelity {
                BodyFidelity::Bytes => SignatureVerdict::Mismatch {
                    secret: None,
                    causes: Vec::new(),
                },
                BodyFidelity::Value => SignatureVerdict::Unverifiable {
                    cause: SignatureCause::NoBytes,
                },
                BodyFidelity::Excerpt => SignatureVerdict::Unverifiable {
                    cause: SignatureCause::Excerpt,
                },
            },
        }
    }

    /// Returns the secret with which a signature fits, and what had to be undone: nothing, if possible.
    fn find(&self, body: CapturedBody<'_>, presented: &[Presented]) -> Option<Match> {
        if presented.is_empty() {
            return None;
        }
        let mut found = None;
        let is_value = body.fidelity == BodyFidelity::Value;
        let mut visit = |text: &[u8], causes: &[SignatureCause]| {
            found = self.secrets.iter().find_map(|secret| {
                let fitting = fitting(secret.expose(), text, presented)?;
                // A value of the capture was serialized anew by the tool, and not by a receiver.
                let causes: &[_] = if is_value { &[] } else { causes };
                let causes = [causes, &fitting.causes].concat();
                Some((secret.source().to_owned(), causes))
            });
            match found {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            }
        };
        let _ = match body.fidelity {
            BodyFidelity::Value => serializers::visit(body.text, &mut visit),
            BodyFidelity::Bytes | BodyFidelity::Excerpt => bodies::visit(body.text, &mut visit),
        };
        found.or_else(|| self.find_secret(body, presented))
    }

    /// Returns the secret with which a signature fits if it is spelled in another way.
    fn find_secret(&self, body: CapturedBody<'_>, presented: &[Presented]) -> Option<Match> {
        let compact;
        let text = match body.fidelity {
            BodyFidelity::Value => {
                compact = serializers::compact(body.text);
                &compact
            }
            BodyFidelity::Bytes | BodyFidelity::Excerpt => body.text,
        };
        self.secrets.iter().find_map(|secret| {
            let mut others = secrets::spellings(secret.expose()).into_iter();
            let (cause, fitting) = others.find_map(|(other, cause)| {
                fitting(&other, text, presented).map(|fitting| (cause, fitting))
            })?;
            let causes = [&[cause], &*fitting.causes].concat();
            Some((secret.source().to_owned(), causes))
        })
    }
}

/// Returns the first of the presented signatures that fits a body under a key.
fn fitting<'p>(key: &[u8], body: &[u8], presented: &'p [Presented]) -> Option<&'p Presented> {
    let mac = signature::mac(key, body);
    presented.iter().find(|presented| fits(&mac, presented))
}

/// Compares in constant time.
fn fits(mac: &Hmac<Sha256>, presented: &Presented) -> bool {
    let mac = mac.clone();
    let code = &presented.code;
    if presented.is_truncated {
        mac.verify_truncated_left(code).is_ok()
    } else {
        mac.verify_slice(code).is_ok()
    }
}
