//! How the text of a frame holds payloads.

/// How the text of a frame holds payloads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameKind {
    /// A value of a JSON stream, or the error that stands in its place.
    #[default]
    Value,
    /// A JSON object in other text, whole or broken.
    Object,
    /// An object at the start of a line of a log, whose first value was a log record.
    LogRecord,
    /// An HTTP message.
    Http,
    /// A flow that mitmproxy stored.
    Flow,
    /// A quoted field of CSV with doubled quotes, from quote to quote.
    CsvField,
    /// A JSON string that holds JSON, in other text, from quote to quote.
    JsonString,
    /// Text with `\\xHH` escapes, as nginx writes it.
    HexEscapes,
    /// Text with XML entities.
    XmlText,
    /// Lines of Docker's json-file format that were split.
    DockerLines,
    /// Lines of Kubernetes' CRI format that were split.
    CriLines,
    /// The field of a line of an access log that lacks the body of its request.
    MissingBody,
}
