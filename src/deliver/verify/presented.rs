//! Reads the value of a signature header, as it is and as signers get it wrong.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::SignatureCause;

/// The length of a code in bytes.
const LENGTH: usize = 32;

/// The number of characters of a code in base64, without padding.
const COMPLETE: usize = 43;

/// The number of characters of base64 from which a signature that is cut off is recognised. Fewer could
/// fit by chance.
const MIN_TRUNCATED: usize = 12;

/// What signers write before a signature.
const PREFIXES: [&str; 5] = ["sha256=", "sha256:", "hmac-sha256=", "v1=", "v0="];

/// A code that a request presents as its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Presented {
    pub(super) code: Vec<u8>,
    /// Whether this is only the start of a code.
    pub(super) is_truncated: bool,
    /// What is wrong about how it is written.
    pub(super) causes: Vec<SignatureCause>,
}

/// Returns the codes of the values that are one.
pub(super) fn read(values: &[&str]) -> Vec<Presented> {
    let presented = values.iter().filter_map(|value| read_value(value));
    let several = (values.len() > 1).then_some(SignatureCause::SeveralSignatures);
    let presented = presented.map(|mut presented| {
        presented.causes.extend(several);
        presented
    });
    presented.collect()
}

fn read_value(value: &str) -> Option<Presented> {
    let mut causes = Vec::new();
    let mut value = value.trim();
    if let Some(inside) = unquoted(value) {
        causes.push(SignatureCause::SignatureQuotes);
        value = inside.trim();
    }
    if let Some(rest) = without_prefix(value) {
        causes.push(SignatureCause::SignaturePrefix);
        value = rest;
    }
    let (code, is_truncated) = decode(value, &mut causes)?;
    Some(Presented {
        code,
        is_truncated,
        causes,
    })
}

/// Decodes a code, and returns whether it is truncated.
fn decode(value: &str, causes: &mut Vec<SignatureCause>) -> Option<(Vec<u8>, bool)> {
    let hex = HEXLOWER_PERMISSIVE.decode(value.as_bytes()).ok();
    if let Some(code) = hex.filter(|code| code.len() == LENGTH) {
        causes.push(SignatureCause::Hex);
        return Some((code, false));
    }
    let standard = value.replace('-', "+").replace('_', "/");
    if standard != value {
        causes.push(SignatureCause::UrlSafeBase64);
    }
    let text = standard.trim_end_matches('=');
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    if let Ok(code) = BASE64.decode(format!("{text}{padding}").as_bytes())
        && standard.len() - text.len() <= padding.len()
    {
        let hex = HEXLOWER_PERMISSIVE.decode(&code).ok();
        let (code, cause) = match hex.filter(|code| code.len() == LENGTH) {
            Some(code) => (code, Some(SignatureCause::Base64OfHex)),
            None => (code, None),
        };
        if code.len() == LENGTH {
            let is_padded = standard.len() == text.len() + padding.len();
            causes.extend((!is_padded).then_some(SignatureCause::NoPadding));
            causes.extend(cause);
            return Some((code, false));
        }
    }
    // The bits of the last characters may be incomplete.
    let start = &text.as_bytes()[..text.len() / 4 * 4];
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_truncated = (MIN_TRUNCATED..COMPLETE).contains(&text.len());
    if !is_truncated || !text.bytes().all(is_base64) {
        return None;
    }
    let code = BASE64.decode(start).ok()?;
    causes.push(SignatureCause::SignatureTruncated);
    Some((code, true))
}

/// Returns the text in quotes.
fn unquoted(text: &str) -> Option<&str> {
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\''))
}

fn without_prefix(text: &str) -> Option<&str> {
    let rest = |prefix: &&str| {
        let start = text.get(..prefix.len())?;
        start
            .eq_ignore_ascii_case(prefix)
            .then(|| text[prefix.len()..].trim())
    };
    PREFIXES.iter().find_map(rest)
}
