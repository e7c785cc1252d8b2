//! Why a signature does not fit or can't be verified, with what to do about it.

/// Why a signature does not fit, or can't be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureCause {
    /// The body has a line break at its end that was not signed.
    NewlineAdded,
    /// The body lacks the line break at its end that was signed.
    NewlineRemoved,
    /// The body has white space around it that was not signed.
    WhiteSpaceAdded,
    /// The body has CRLF line ends and was signed with LF.
    CrlfAdded,
    /// The body has LF line ends and was signed with CRLF.
    CrlfRemoved,
    /// The body has a byte-order mark that was not signed.
    ByteOrderMarkAdded,
    /// The body lacks the byte-order mark that was signed.
    ByteOrderMarkRemoved,
    /// The body is the JSON that was signed, serialized anew.
    SerializedAnew,
    /// The characters of the body were converted.
    Reencoded,
    /// The secret has other white space around it.
    SecretWhiteSpace,
    /// The secret has quotes around it.
    SecretQuotes,
    /// The secret is the base64 or hex of the key.
    SecretEncoded,
    /// The signature is in hex.
    Hex,
    /// The signature is base64 of hex.
    Base64OfHex,
    /// The signature is in URL-safe base64.
    UrlSafeBase64,
    /// The signature lacks the `=` at its end.
    NoPadding,
    /// The signature has a prefix, such as `sha256=`.
    SignaturePrefix,
    /// The signature is in quotes.
    SignatureQuotes,
    /// The signature is cut off.
    SignatureTruncated,
    /// There are several signatures, of which only one fits.
    SeveralSignatures,
    /// The signature is not base64 of 32 bytes, nor anything like it.
    Malformed,
    /// The header is missing.
    NoSignature,
    /// The header is empty.
    EmptySignature,
    /// The capture has no headers.
    NoHeaders,
    /// The capture has the body as a JSON value.
    NoBytes,
    /// The capture has the payload in other text.
    Excerpt,
}

/// The texts of a cause.
struct Texts {
    name: &'static str,
    message: &'static str,
    help: &'static str,
}

impl SignatureCause {
    /// All causes, in the order in which they are documented.
    pub const ALL: [Self; 26] = [
        Self::NewlineAdded,
        Self::NewlineRemoved,
        Self::WhiteSpaceAdded,
        Self::CrlfAdded,
        Self::CrlfRemoved,
        Self::ByteOrderMarkAdded,
        Self::ByteOrderMarkRemoved,
        Self::SerializedAnew,
        Self::Reencoded,
        Self::SecretWhiteSpace,
        Self::SecretQuotes,
        Self::SecretEncoded,
        Self::Hex,
        Self::Base64OfHex,
        Self::UrlSafeBase64,
        Self::NoPadding,
        Self::SignaturePrefix,
        Self::SignatureQuotes,
        Self::SignatureTruncated,
        Self::SeveralSignatures,
        Self::Malformed,
        Self::NoSignature,
        Self::EmptySignature,
        Self::NoHeaders,
        Self::NoBytes,
        Self::Excerpt,
    ];

    /// Returns the name, by which programs recognise the cause.
    pub fn name(self) -> &'static str {
        self.texts().name
    }

    /// Returns what has happened.
    pub fn message(self) -> &'static str {
        self.texts().message
    }

    /// Returns what to do.
    pub fn help(self) -> &'static str {
        self.texts().help
    }

    #[expect(clippy::too_many_lines, reason = "a table")]
    fn texts(self) -> Texts {
        let texts = |name, message, help| Texts {
            name,
            message,
            help,
        };
        match self {
            Self::NewlineAdded => texts(
                "newline-added",
                "the body has a line break at its end that was not signed",
                "a tool has added it, as `echo` and editors do: use the bytes that came, for example with \
                 `printf %s`",
            ),
            Self::NewlineRemoved => texts(
                "newline-removed",
                "the body lacks the line break at its end, which was signed",
                "a tool has removed it, as `$(…)` and trim functions do: use the bytes that came",
            ),
            Self::WhiteSpaceAdded => texts(
                "white-space-added",
                "the body has white space around it that was not signed",
                "a tool has added it: use the bytes that came",
            ),
            Self::CrlfAdded => texts(
                "crlf-added",
                "the body has CRLF line ends, and was signed with LF",
                "an editor, git or a transfer in text mode has converted it: use the bytes that came",
            ),
            Self::CrlfRemoved => texts(
                "crlf-removed",
                "the body has LF line ends, and was signed with CRLF",
                "an editor, git or a transfer in text mode has converted it: use the bytes that came",
            ),
            Self::ByteOrderMarkAdded => texts(
                "byte-order-mark-added",
                "the body starts with a byte-order mark that was not signed",
                "an editor or a file writer has added it: write UTF-8 without a byte-order mark",
            ),
            Self::ByteOrderMarkRemoved => texts(
                "byte-order-mark-removed",
                "the body lacks the byte-order mark at its start, which was signed",
                "a decoder of text has removed it: use the bytes that came, before they are decoded",
            ),
            Self::SerializedAnew => texts(
                "serialized-anew",
                "the body is the JSON that was signed, but serialized anew, with other white space or escapes",
                "verify the raw body, before a framework parses it",
            ),
            Self::Reencoded => texts(
                "reencoded",
                "the characters of the body were converted between UTF-8 and Latin-1 or Windows-1252",
                "use the bytes that came, before they are decoded, or export the capture with another tool",
            ),
            Self::SecretWhiteSpace => texts(
                "secret-white-space",
                "the signature fits the secret with other white space around it, such as a line break",
                "write the secret without white space, on both sides",
            ),
            Self::SecretQuotes => texts(
                "secret-quotes",
                "the signature fits the secret without the quotes around it",
                "remove the quotes from the file or the variable",
            ),
            Self::SecretEncoded => texts(
                "secret-encoded",
                "the signature fits the bytes that the secret is the base64 or hex of",
                "the key is the text of the secret: the signer must not decode it",
            ),
            Self::Hex => texts(
                "hex",
                "the signature is in hex instead of base64",
                "sign with base64 of the 32 bytes",
            ),
            Self::Base64OfHex => texts(
                "base64-of-hex",
                "the signature is base64 of the hex digits instead of the 32 bytes",
                "make the digest as bytes, then base64: in PHP, `hash_hmac(…, true)`",
            ),
            Self::UrlSafeBase64 => texts(
                "url-safe-base64",
                "the signature is in the URL-safe alphabet of base64, with `-` and `_`",
                "sign with the standard alphabet, with `+` and `/`",
            ),
            Self::NoPadding => texts(
                "no-padding",
                "the signature lacks the `=` at its end",
                "sign with padded base64, of 44 characters",
            ),
            Self::SignaturePrefix => texts(
                "signature-prefix",
                "the signature has a prefix, such as `sha256=`",
                "send the base64 alone",
            ),
            Self::SignatureQuotes => texts(
                "signature-quotes",
                "the signature is in quotes",
                "send the base64 alone",
            ),
            Self::SignatureTruncated => texts(
                "signature-truncated",
                "the signature is cut off: its start fits, but it has fewer than 44 characters",
                "compare signatures at their full length, and look for what shortens the header",
            ),
            Self::SeveralSignatures => texts(
                "several-signatures",
                "there are several different `X-Signature` values, and only one fits",
                "Mews sends one: find the proxy that adds another, and refuse such requests",
            ),
            Self::Malformed => texts(
                "malformed",
                "the signature is not the base64 of 32 bytes",
                "expected 44 characters of base64, of which the last is `=`",
            ),
            Self::NoSignature => texts(
                "no-signature",
                "the request has no `X-Signature` header",
                "a receiver must refuse it, since anybody could have sent it",
            ),
            Self::EmptySignature => texts(
                "empty-signature",
                "the `X-Signature` header is empty",
                "a receiver must refuse it, since anybody could have sent it",
            ),
            Self::NoHeaders => texts(
                "no-headers",
                "the capture has no headers of this request",
                "record the headers, too, or name a file with the body, and the signature by --signature",
            ),
            Self::NoBytes => texts(
                "reserialized-capture",
                "the capture has the body as a JSON value and not its bytes, and no usual way to serialize \
                 it fits the signature",
                "record the bytes, for example with `mewshook listen --record`, gosmee or mitmproxy",
            ),
            Self::Excerpt => texts(
                "excerpt",
                "the capture has the payload in other text, so the start and end of the body are not known",
                "record the request itself, for example with `mewshook listen --record` or mitmproxy",
            ),
        }
    }
}
