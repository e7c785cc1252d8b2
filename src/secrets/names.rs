//! Recognises the names of secrets in any spelling.

/// The maximum length of a name. Only the end of a longer name is used.
pub(super) const MAX_NAME_LENGTH: usize = 48;

/// The endings of names of tokens, keys and passwords, in lower case and without punctuation.
const TOKEN_ENDINGS: [&str; 15] = [
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

/// Names that are recognised even if they are misspelled.
const MISSPELLED_TOKENS: [&str; 4] = ["accesstoken", "clienttoken", "connectiontoken", "apikey"];

/// Suffixes that may follow such an ending.
const SUFFIXES: [&str; 6] = ["values", "value", "string", "text", "raw", "s"];

/// The names of headers whose values are secret.
const SECRET_HEADERS: [&str; 6] = [
    "bearer",
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "xsignature",
];

/// The names of URL parameters that are secret, in addition to the names that are secret
/// everywhere.
const SECRET_PARAMETERS: [&str; 11] = [
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
    // Whoever has this parameter of Amazon SNS can end the subscription.
    "subscriptionarn",
];

/// The names of lists of cookies, each of which is secret.
const COOKIE_LISTS: [&str; 5] = [
    "cookies",
    "requestcookies",
    "responsecookies",
    "cookieparams",
    "setcookies",
];

/// The names of the query of a URL, as text or as a list of parameters.
const QUERIES: [&str; 12] = [
    "query",
    "querystring",
    "querystrings",
    "querystringparameters",
    "multivaluequerystringparameters",
    "rawquerystring",
    "rawquery",
    "queryparams",
    "queryparameters",
    "urlquery",
    "search",
    "searchparams",
];

/// The class of a name, which tells whether its value is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameClass {
    /// A token, a key or a password.
    Token,
    /// A header whose value is secret.
    Header,
    /// A parameter whose value is secret in a URL.
    Parameter,
    /// A list of cookies.
    Cookies,
    /// Any other name.
    Other,
}

/// A name in lower case and without punctuation.
pub(super) struct NormalisedName {
    letters: [u8; MAX_NAME_LENGTH],
    length: usize,
}

impl NormalisedName {
    /// Normalises a name as it is written. Only the end of a long name is kept.
    pub(super) fn new(written: &[u8]) -> Self {
        let mut name = Self {
            letters: [0; MAX_NAME_LENGTH],
            length: 0,
        };
        let from = written.len().saturating_sub(MAX_NAME_LENGTH);
        for byte in written[from..].iter().filter(|b| b.is_ascii_alphanumeric()) {
            name.letters[name.length] = byte.to_ascii_lowercase();
            name.length += 1;
        }
        name
    }

    /// Returns the letters and digits of the name.
    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.letters[..self.length]).unwrap_or_default()
    }

    /// Returns the class of the name.
    pub(super) fn class(&self) -> NameClass {
        let name = self.as_str();
        if SECRET_HEADERS.contains(&name) {
            NameClass::Header
        } else if is_token_name(name) {
            NameClass::Token
        } else if SECRET_PARAMETERS.contains(&name) {
            NameClass::Parameter
        } else if COOKIE_LISTS.contains(&name) {
            NameClass::Cookies
        } else {
            NameClass::Other
        }
    }

    /// Returns `true` if the value of this name is secret in any context.
    pub(super) fn is_secret(&self) -> bool {
        matches!(self.class(), NameClass::Token | NameClass::Header)
    }

    /// Returns what the items of a list are that has this name.
    pub(super) fn list_class(&self) -> ListClass {
        match self.as_str() {
            list if COOKIE_LISTS.contains(&list) => ListClass::Cookies,
            list if QUERIES.contains(&list) => ListClass::Query,
            "params" | "parameters" | "formdata" | "urlencoded" => ListClass::Fields,
            list if list.ends_with("headers") => ListClass::Headers,
            _ => ListClass::Other,
        }
    }

    /// Returns `true` if a list of names and values uses this property for the names.
    pub(super) fn is_pair_name(&self) -> bool {
        ["name", "key", "header", "headername", "field"].contains(&self.as_str())
    }

    /// Returns `true` if a list of names and values uses this property for the values.
    pub(super) fn is_pair_value(&self) -> bool {
        ["value", "values", "headervalue", "val"].contains(&self.as_str())
    }
}

/// Returns `true` if a property contains the query of a URL.
pub(super) fn is_query(name: &str) -> bool {
    QUERIES.contains(&NormalisedName::new(name.as_bytes()).as_str())
}

/// Returns `true` if a property contains the path of a URL.
pub(super) fn is_path(name: &str) -> bool {
    const PATHS: [&str; 9] = [
        "path",
        "rawpath",
        "requestpath",
        "url",
        "originalurl",
        "uri",
        "requesturi",
        "target",
        "requesttarget",
    ];
    PATHS.contains(&NormalisedName::new(name.as_bytes()).as_str())
}

/// What the items of a list are, by the name of the property that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListClass {
    /// Cookies.
    Cookies,
    /// Headers.
    Headers,
    /// The parameters of a query, also as the members of an object.
    Query,
    /// The fields of a form, each of which is an object.
    Fields,
    /// Anything else.
    Other,
}

/// Returns the class of the list in a property.
pub(super) fn list_class(name: &str) -> ListClass {
    NormalisedName::new(name.as_bytes()).list_class()
}

fn is_token_name(name: &str) -> bool {
    let has_ending = |name: &str| TOKEN_ENDINGS.iter().any(|ending| name.ends_with(ending));
    has_ending(name)
        || SUFFIXES.iter().any(|suffix| {
            name.strip_suffix(suffix).is_some_and(|name| {
                has_ending(name) || name.strip_suffix('s').is_some_and(has_ending)
            })
        })
        || MISSPELLED_TOKENS
            .iter()
            .any(|known| is_misspelling(name, known))
}

/// Returns `true` if a name differs from a known one by one letter that is missing, doubled, or
/// swapped with the next.
pub(super) fn is_misspelling(name: &str, known: &str) -> bool {
    let (name, known) = (name.as_bytes(), known.as_bytes());
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
