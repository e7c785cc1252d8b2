//! Warns of tokens and keys that look different from all that Mews has published.

use crate::diagnostic::{Level, Rule, Source};

use super::tokens::{has_token_format, tokens};
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "token-shape",
    level: Level::Warning,
    summary: "An access token or API key has an unusual format.",
    why: "All 22 tokens that Mews has published have 32 upper-case hex digits, a hyphen and \
          31 more digits. A token of another format may be truncated, masked, or of another \
          system. Messages never quote it.",
    before: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}, "ApiKey": "not-a-key"}}"#,
    after: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}, "ApiKey": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF"}}"#,
    source: Source {
        title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for token in tokens(subject) {
        if token.as_str().is_some_and(|text| !has_token_format(&text)) {
            let message = "does not have the format of the tokens that Mews has published";
            let help = "tokens have 32 upper-case hex digits, a hyphen and 31 more digits";
            findings.add(&RULE, token, |found| found.message(message).help(help));
        }
    }
}
