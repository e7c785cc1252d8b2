//! The names that secrets stand behind, in whatever spelling.

use super::What;

/// The longest name that is looked at, from its end.
pub(super) const LONGEST: usize = 48;

const TOKENS: [&str; 3] = ["accesstoken", "clienttoken", "apikey"];
const HEADERS: [&str; 5] = [
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "xsignature",
];
const PARAMETERS: [&str; 16] = [
    "key",
    "sig",
    "hmac",
    "pass",
    "passwd",
    "password",
    "passphrase",
    "pwd",
    "auth",
    "authorization",
    "code",
    "jwt",
    "session",
    "sessionid",
    "sid",
    "credential",
];
const ENDS: [&str; 7] = [
    "token",
    "apikey",
    "secret",
    "signature",
    "accesskey",
    "secretkey",
    "password",
];

/// A name without its case and signs.
pub(super) struct Name {
    letters: [u8; LONGEST],
    length: usize,
}

impl Name {
    pub(super) fn new(written: &[u8]) -> Self {
        let mut name = Self {
            letters: [0; LONGEST],
            length: 0,
        };
        let from = written.len().saturating_sub(LONGEST);
        for byte in written[from..].iter().filter(|b| b.is_ascii_alphanumeric()) {
            name.letters[name.length] = byte.to_ascii_lowercase();
            name.length += 1;
        }
        name
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.letters[..self.length]).unwrap_or_default()
    }

    /// What the value of a member or line of this name is, if that is a secret.
    pub(super) fn member(&self) -> Option<What> {
        let name = self.as_str();
        if HEADERS.contains(&name) {
            Some(What::Header)
        } else {
            self.is_token().then_some(What::Token)
        }
    }

    /// Whether this names a token: by its end, or nearly.
    pub(super) fn is_token(&self) -> bool {
        let name = self.as_str();
        name.ends_with("token")
            || name.ends_with("apikey")
            || TOKENS.iter().any(|token| {
                name.len().abs_diff(token.len()) <= 1 && strsim::osa_distance(name, token) <= 1
            })
    }

    /// Whether a URL's parameter of this name is a secret.
    pub(super) fn is_parameter(&self) -> bool {
        let name = self.as_str();
        self.is_token() || PARAMETERS.contains(&name) || ENDS.iter().any(|end| name.ends_with(end))
    }
}
