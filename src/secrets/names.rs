//! The names that secrets stand after, in whatever spelling.

/// The longest name that is looked at, from its end.
pub(super) const LONGEST: usize = 48;

/// How the names of tokens, keys and passwords end, in lower case and without signs.
const ENDS: [&str; 15] = [
    "token",
    "apikey",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "signature",
    "accesskey",
    "secretkey",
    "privatekey",
    "signingkey",
    "subscriptionkey",
    "credential",
    "jwt",
];

/// Names that are known even with a slip of the keyboard.
const SLIPS: [&str; 4] = ["accesstoken", "clienttoken", "connectiontoken", "apikey"];

/// What a name may have after that, and still be the name of a secret.
const SUFFIXES: [&str; 6] = ["values", "value", "string", "text", "raw", "s"];

/// Headers whose values are secret.
const HEADERS: [&str; 6] = [
    "bearer",
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "xsignature",
];

/// Parameters of URLs that are secret, beside those that are everywhere.
const PARAMETERS: [&str; 10] = [
    "key",
    "sig",
    "hmac",
    "pass",
    "pwd",
    "auth",
    "code",
    "session",
    "sessionid",
    "sid",
];

/// What the value of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A token, a key or a password.
    Token,
    /// The value of a header that is secret.
    Header,
    /// A secret where it is a parameter of a URL.
    Parameter,
    /// Another thing.
    Other,
}

/// A name without its case and signs.
pub(super) struct Name {
    letters: [u8; LONGEST],
    length: usize,
}

impl Name {
    /// Reads a name as it is written; its end, if it is long.
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

    /// Returns its letters and digits in lower case.
    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.letters[..self.length]).unwrap_or_default()
    }

    /// Returns what the value of this name is.
    pub(super) fn meaning(&self) -> Meaning {
        let name = self.as_str();
        if HEADERS.contains(&name) {
            Meaning::Header
        } else if is_token(name) {
            Meaning::Token
        } else if PARAMETERS.contains(&name) {
            Meaning::Parameter
        } else {
            Meaning::Other
        }
    }

    /// Returns whether the value is secret wherever it stands.
    pub(super) fn is_secret(&self) -> bool {
        matches!(self.meaning(), Meaning::Token | Meaning::Header)
    }

    /// Returns whether this is what a list of pairs calls the name of each.
    pub(super) fn names_a_pair(&self) -> bool {
        ["name", "key", "header", "headername", "field"].contains(&self.as_str())
    }

    /// Returns whether this is what a list of pairs calls the value of each.
    pub(super) fn is_value_of_pair(&self) -> bool {
        ["value", "values", "headervalue", "val"].contains(&self.as_str())
    }
}

fn is_token(name: &str) -> bool {
    let has_end = |name: &str| ENDS.iter().any(|end| name.ends_with(end));
    has_end(name)
        || SUFFIXES.iter().any(|suffix| {
            name.strip_suffix(suffix)
                .is_some_and(|name| has_end(name) || name.strip_suffix('s').is_some_and(has_end))
        })
        || SLIPS
            .iter()
            .any(|known| is_slip(name.as_bytes(), known.as_bytes()))
}

/// Returns whether a name is a known one with one letter missing, doubled, or swapped with the next.
pub(super) fn is_slip(name: &[u8], known: &[u8]) -> bool {
    let pairs = name.iter().zip(known);
    let at = pairs.take_while(|(letter, known)| letter == known).count();
    match name.get(at..) {
        Some([first, second, rest @ ..]) if name.len() == known.len() => {
            [*second, *first] == known[at..at + 2] && rest == &known[at + 2..]
        }
        Some(rest) if name.len() + 1 == known.len() => rest == &known[at + 1..],
        Some([doubled, rest @ ..]) if name.len() == known.len() + 1 => {
            at > 0 && *doubled == name[at - 1] && rest == &known[at..]
        }
        _ => false,
    }
}
