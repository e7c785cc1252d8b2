//! What has the shape of a Mews token, wherever it stands.

use super::unescaped::Unescaped;
use super::{Form, Secret, What};

/// The digits before a token's hyphen, and behind it.
const FIRST: usize = 32;
const SECOND: usize = 31;

/// How long a token is.
pub(super) const SHORTEST: usize = FIRST + 1 + CUT_OFF;

/// How much of the second half makes it a token that was cut off.
const CUT_OFF: usize = 8;

/// 32 hex digits, a hyphen and 31 more, in either case; or fewer, where it was cut off.
pub(super) fn tokens(text: &Unescaped<'_>, secrets: &mut Vec<Secret>) {
    let bytes = text.bytes();
    for hyphen in memchr::memchr_iter(b'-', bytes) {
        let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
        let before = bytes[..hyphen].iter().rev().take(FIRST);
        let after = bytes[hyphen + 1..].iter().take(SECOND);
        let length = after.take_while(is_digit).count();
        if before.take_while(is_digit).count() < FIRST || length < CUT_OFF {
            continue;
        }
        let places = hyphen - FIRST..hyphen + 1 + length;
        // Only escapes of one level are those of the string that the token stands in.
        let has_own_escapes = places
            .clone()
            .all(|at| !text.is_percent(at) && text.backslashes(at) <= 1);
        let start = text.start_with_cut_escape(places.start);
        let is_whole = length == SECOND && has_own_escapes && start == text.start(places.start);
        secrets.push(Secret {
            span: start..text.start(places.end),
            what: if is_whole { What::Shape } else { What::Token },
            form: Form::Text,
        });
    }
}
