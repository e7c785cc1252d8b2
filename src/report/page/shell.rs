//! What surrounds the sections of every page: its head, style and script, and what a browser may load.
//!
//! The policy in the head allows the style and the script by their hashes, and nothing else. So even
//! text that was not escaped could neither run nor load anything.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What surrounds the sections of a page.
#[derive(Debug)]
pub(super) struct Shell {
    /// The title.
    pub(super) title: String,
    /// The line below the title.
    pub(super) subtitle: String,
    /// Whether secrets are not masked.
    pub(super) shows_secrets: bool,
    /// The Content-Security-Policy.
    pub(super) policy: String,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
    /// The version of the program.
    pub(super) version: &'static str,
}

impl Shell {
    /// Creates the surroundings of a page.
    pub(super) fn new(title: String, subtitle: String, shows_secrets: bool) -> Self {
        let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
        let (style, script) = (hash(STYLE), hash(SCRIPT));
        let policy = format!(
            "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; \
             form-action 'none'"
        );
        Self {
            title,
            subtitle,
            shows_secrets,
            policy,
            style: STYLE,
            script: SCRIPT,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}
