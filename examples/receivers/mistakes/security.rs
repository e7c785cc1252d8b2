//! Mistakes about who sends.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use hmac::Mac as _;
use serde_json::Value;

use super::super::signature::{is_valid, mac};
use super::Steps;

/// As `if (!req.query.Token) return res.sendStatus(401)`: anyone who knows the address is Mews.
pub const ACCEPTS_ANY_TOKEN: Steps = Steps {
    is_token_valid: |_, _| true,
    ..Steps::GOOD
};

/// As `if (!req.headers['x-signature']) …`: the header is there, and what it says is not compared.
pub const IGNORES_SIGNATURE: Steps = Steps {
    is_signature_valid: |_, _, value| value.is_some(),
    ..Steps::GOOD
};

/// As `if (signature && signature !== expected) …`: who has no secret leaves the header out.
pub const OPTIONAL_SIGNATURE: Steps = Steps {
    is_signature_valid: |secret, body, value| value.is_none() || is_valid(secret, body, value),
    ..Steps::GOOD
};

/// As `[hmac.hexdigest(), b64encode(hmac.digest())].includes(…)`, to be on the safe side. Each further
/// notation is one that no one tests.
pub const ACCEPTS_HEX_SIGNATURE: Steps = Steps {
    is_signature_valid: |secret, body, value| {
        let hex = value.and_then(|value| HEXLOWER_PERMISSIVE.decode(value).ok());
        is_valid(secret, body, value)
            || hex.is_some_and(|code| mac(secret, body).verify_slice(&code).is_ok())
    },
    ..Steps::GOOD
};

/// As `expected.startsWith(signature)`, or `zip` of both: one right character is enough, and that is
/// found in 64 attempts.
pub const COMPARES_PREFIX: Steps = Steps {
    is_signature_valid: |secret, body, value| {
        let expected = BASE64.encode(&mac(secret, body).finalize().into_bytes());
        value.is_some_and(|value| expected.as_bytes().starts_with(value))
    },
    ..Steps::GOOD
};

/// As `hmac(JSON.stringify(req.body))`. White space between values is not covered, and where the parser
/// sorts names or changes numbers, messages of Mews are refused.
pub const SIGNS_PARSED_BODY: Steps = Steps {
    is_signature_valid: |secret, body, value| {
        let parsed: Value = serde_json::from_slice(body).unwrap_or_default();
        is_valid(secret, parsed.to_string().as_bytes(), value)
    },
    ..Steps::GOOD
};
