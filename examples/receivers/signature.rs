//! The signature of POS messages: the base64 of the HMAC-SHA256 of the raw body under the shared secret.
//!
//! It covers no time, so it does not show whether a message is sent for the first time.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mewshook::models::Secret;
use sha2::Sha256;

/// The name of the header.
pub const HEADER: &str = "X-Signature";

/// Returns `true` if there is a value of the header, and it is the signature of a body. All bytes are
/// compared, in constant time.
pub fn is_valid(secret: &Secret, body: &[u8], value: Option<&[u8]>) -> bool {
    let code = value.and_then(|value| BASE64.decode(value).ok());
    code.is_some_and(|code| mac(secret, body).verify_slice(&code).is_ok())
}

/// Returns the authentication code of a body, which is not encoded yet.
pub fn mac(secret: &Secret, body: &[u8]) -> Hmac<Sha256> {
    let key = secret.expose().as_bytes();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is valid");
    mac.update(body);
    mac
}
