//! Warns of tokens that may be valid for a real hotel. Off by default, since every real capture has
//! one.

use crate::diagnostic::{Level, Rule, Source};
use crate::secrets::{is_made_up, is_published};

use super::tokens::tokens;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "live-token",
    level: Level::OnDemand,
    summary: "A token or key may be a real one.",
    why: "Whoever has a token can read a hotel's data, so tokens should not be committed. \
          Placeholders (as `mewshook sample` and `mewshook redact` write them) and published \
          examples are safe. Every real capture contains real tokens, so this check runs only \
          with `--deny live-token`. Replace the token, and revoke it if it was shared.",
    before: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "ApiKey": "C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F"}}"#,
    after: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "ApiKey": "C66EF7B239D24632943D115EDE9CB810-FACADE3D4E5F60718293A4B5C6D7E8F"}}"#,
    source: Source {
        title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for token in tokens(subject) {
        let text = token.as_str().unwrap_or_default();
        if !text.is_empty() && !is_published(&text) && !is_made_up(&text) {
            let message =
                "may be a real secret: it is neither a published example nor a placeholder";
            let help = "replace it, and revoke it if it was shared";
            findings.add(&RULE, token, |found| found.message(message).help(help));
        }
    }
}
