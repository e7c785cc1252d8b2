//! The URL that deliveries are sent to. It holds the receiver's own secret, so it is never shown as it is.

use std::fmt;
use std::net::IpAddr;

use fluent_uri::{Uri, UriRef};
use percent_encoding::percent_decode_str;
use ureq::http;

use super::SecretText;

/// A URL. `Display` and `Debug` mask its secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    uri: Uri<String>,
    /// The URL as it is shown.
    shown: String,
    /// The parts of the URL that may be secret, if all of it is: those of its path and its query.
    secrets: Vec<String>,
}

/// The minimum length of a part of a URL that is taken for a secret.
const MIN_SECRET: usize = 6;

/// The error for a text that is not a URL to send to. It doesn't quote the text, which may be a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// The text is not a URL.
    #[error("not a URL: expected one such as https://host.example/path")]
    Invalid,
    /// The scheme is not known.
    #[error("the URL's scheme is `{0}`: expected `http` or `https`")]
    Scheme(String),
    /// The URL has no host.
    #[error("the URL has no host: expected one such as https://host.example/path")]
    Host,
    /// The URL has user information, which Mews does not send as credentials.
    #[error("the URL has a user or a password before the host, which can't be sent: remove it")]
    User,
}

impl Target {
    /// Parses a URL whose secrets are recognised and masked where it is shown.
    ///
    /// # Errors
    /// The text is not a URL with `http` or `https` and a host.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let uri = parse(text)?;
        let shown = crate::mask(text).into_owned();
        Ok(Self {
            uri,
            shown,
            secrets: Vec::new(),
        })
    }

    /// Parses a URL from a file or an environment variable. Only its scheme, host and port are shown.
    ///
    /// # Errors
    /// The text is not a URL with `http` or `https` and a host.
    pub fn parse_secret(text: &SecretText) -> Result<Self, TargetError> {
        let text = str::from_utf8(text.expose()).map_err(|_| TargetError::Invalid)?;
        Ok(Self::hidden(parse(text.trim())?))
    }

    /// Returns the URL itself, with its secrets.
    pub fn expose(&self) -> &str {
        self.uri.as_str()
    }

    /// Returns the scheme, host and port: those that a connection is made to.
    pub fn origin(&self) -> String {
        origin(&self.uri)
    }

    /// Resolves the `Location` of a redirect. Of the result only the scheme, host and port are shown.
    ///
    /// # Errors
    /// The location is not a URL with `http` or `https` and a host.
    pub fn join(&self, location: &str) -> Result<Self, TargetError> {
        let reference = UriRef::parse(location).map_err(|_| TargetError::Invalid)?;
        let base = self.uri.strip_fragment();
        let uri = reference
            .resolve_against(&base)
            .map_err(|_| TargetError::Invalid)?;
        Ok(Self::hidden(parse(uri.as_str())?))
    }

    fn hidden(uri: Uri<String>) -> Self {
        Self {
            shown: hidden(&uri),
            secrets: secrets(&uri),
            uri,
        }
    }

    /// Returns a text that the receiver has sent, with secrets masked. Receivers quote what they were
    /// sent, so this includes the parts of a URL of which only the host is shown.
    pub fn conceal(&self, text: &str) -> String {
        let mut text = crate::mask(text).into_owned();
        for secret in &self.secrets {
            text = text.replace(secret, "***");
        }
        text
    }

    /// Returns `true` if connections to the target are encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.uri.scheme().as_str().eq_ignore_ascii_case("https")
    }

    /// Returns `true` if the host is this machine: `localhost`, or a loopback address.
    pub fn is_loopback(&self) -> bool {
        let host = self
            .uri
            .authority()
            .map_or("", |authority| authority.host());
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let address: Option<IpAddr> = address.parse().ok();
        host.eq_ignore_ascii_case("localhost") || address.is_some_and(|ip| ip.is_loopback())
    }

    /// Returns the URL for the client.
    pub(super) fn uri(&self) -> Result<http::Uri, TargetError> {
        let uri = self.uri.strip_fragment();
        uri.as_str().parse().map_err(|_| TargetError::Invalid)
    }
}

fn parse(text: &str) -> Result<Uri<String>, TargetError> {
    let uri = Uri::parse(text).map_err(|_| TargetError::Invalid)?;
    let scheme = uri.scheme().as_str();
    if !["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Err(TargetError::Scheme(crate::report::display_text(scheme)));
    }
    let authority = uri.authority().ok_or(TargetError::Host)?;
    if authority.host().is_empty() {
        return Err(TargetError::Host);
    }
    if authority.userinfo().is_some() {
        return Err(TargetError::User);
    }
    Ok(uri.to_owned())
}

fn origin(uri: &Uri<String>) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("{}://{authority}", uri.scheme())
}

fn hidden(uri: &Uri<String>) -> String {
    let has_more = uri.path().as_str().len() > 1 || uri.query().is_some();
    let rest = if has_more { "/***" } else { "/" };
    format!("{}{rest}", origin(uri))
}

/// Returns the parts of a URL that may be secret, the longest first: one may contain another one.
fn secrets(uri: &Uri<String>) -> Vec<String> {
    let query = uri.query().map_or("", |query| query.as_str());
    let values = query.split('&');
    let values = values.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value));
    let parts = uri.path().as_str().split('/').chain(values);
    let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
    let mut secrets: Vec<_> = parts
        .flat_map(|part| [part.to_owned(), decoded(part)])
        .filter(|part| part.len() >= MIN_SECRET)
        .collect();
    secrets.sort_by_key(|part| std::cmp::Reverse(part.len()));
    secrets.dedup();
    secrets
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let target = Target::parse("https://a.test:8443/hooks?Token=abc123&x=1").unwrap();
        assert_eq!(
            target.to_string(),
            "https://a.test:8443/hooks?Token=******&x=1"
        );
        assert_eq!(
            target.expose(),
            "https://a.test:8443/hooks?Token=abc123&x=1"
        );
        let joined = target.join("/other/abc123").unwrap();
        assert_eq!(joined.to_string(), "https://a.test:8443/***");
        assert_eq!(joined.expose(), "https://a.test:8443/other/abc123");
        assert!(!format!("{target:?}{joined:?}").contains("abc123"));
    }

    #[test]
    fn what_a_receiver_quotes_is_masked() {
        let text = "no route /hooks/s3cr%65t1 (/hooks/s3cret1), Token=abc-12345, or abc-12345";
        let url = "http://a.test/hooks/s3cr%65t1?Token=abc-12345";
        let secret = SecretText::new(url.into(), "$HOOK".into()).unwrap();
        let concealed = Target::parse_secret(&secret).unwrap().conceal(text);
        assert_eq!(
            concealed,
            "no route /hooks/*** (/hooks/***), Token=*********, or ***"
        );
        let plain = Target::parse(url).unwrap();
        assert_eq!(
            plain.conceal("no hooks at /hooks?Token=abc-12345&a=hooks"),
            "no hooks at /hooks?Token=*********&a=hooks"
        );
    }

    #[test]
    fn this_machine_is_recognised() {
        for (host, expected) in [
            ("localhost", true),
            ("LocalHost:80", true),
            ("127.0.0.1:3000", true),
            ("127.1.2.3", true),
            ("[::1]:80", true),
            ("0.0.0.0", false),
            ("localhost.example", false),
            ("a.test", false),
        ] {
            let target = Target::parse(&format!("http://{host}/a")).unwrap();
            assert_eq!(target.is_loopback(), expected, "{host}");
        }
    }

    #[test]
    fn only_urls_with_a_host_are_accepted() {
        for (text, message) in [
            ("", "not a URL"),
            ("localhost:3000/a", "the URL's scheme is `localhost`"),
            ("ftp://a.test", "the URL's scheme is `ftp`"),
            ("http:///a", "the URL has no host"),
            ("http://a b/", "not a URL"),
            ("http://user:abc@a.test/", "the URL has a user"),
        ] {
            let error = Target::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
            assert!(!error.contains("abc"), "{error}");
        }
        for text in [
            "http://a.test",
            "HTTP://[::1]:80/a?b#c",
            "http://127.0.0.1:1/",
        ] {
            assert!(Target::parse(text).unwrap().uri().is_ok(), "{text}");
        }
    }
}
