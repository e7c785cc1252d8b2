//! The signature of the Point of Sale API: the header `X-Signature` is the base64 of the HMAC-SHA256 of
//! the body under the shared secret.
//!
//! Source: `pos-api/events` of MewsSystems/open-api-docs, 2026-08-07. The signature covers no time, so
//! it gives no protection against a request that is sent again.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::SecretText;
use crate::steps;

/// The name of the header.
pub const HEADER: &str = "X-Signature";

/// Returns the signature of a body.
pub fn sign(secret: &SecretText, body: &[u8]) -> String {
    BASE64.encode(&mac(secret.expose(), body).finalize().into_bytes())
}

/// Returns `true` if a value of the header is the signature of a body. It is compared at its full
/// length and in constant time.
pub fn is_valid(secret: &SecretText, body: &[u8], value: &[u8]) -> bool {
    let decoded = BASE64.decode(value);
    decoded.is_ok_and(|code| mac(secret.expose(), body).verify_slice(&code).is_ok())
}

#[expect(clippy::expect_used, reason = "HMAC accepts keys of any length")]
pub(super) fn mac(key: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    steps::add(body.len());
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// RFC 4231, section 4: key, data and HMAC-SHA-256 of the test cases 1 to 4, 6 and 7. Case 5 is
    /// truncated, which this signature never is.
    #[test]
    fn rfc_4231_vectors_are_met() {
        let cases: [(Vec<u8>, Vec<u8>, &str); 6] = [
            (
                vec![0x0b; 20],
                b"Hi There".to_vec(),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?".to_vec(),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 20],
                vec![0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                (1..=25).collect(),
                vec![0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                vec![0xaa; 131],
                b"This is a test using a larger than block-size key and a larger than \
                  block-size data. The key needs to be hashed before being used by the \
                  HMAC algorithm."
                    .to_vec(),
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ];
        for (key, data, expected) in cases {
            let code = mac(&key, &data).finalize().into_bytes();
            assert_eq!(HEXLOWER.encode(&code), expected);
        }
    }
}
