//! Tokens and keys of another shape than any that Mews has published.

use crate::diagnostic::{Level, Rule, Source};

use super::tokens::{has_shape, tokens};
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "token-shape",
    level: Level::Warning,
    summary: "An access token or API key has an unusual shape.",
    why: "All 22 tokens that Mews ever published are 32 upper-case hex digits, a hyphen and 31 \
          more. Another shape may be a cut-off, masked or foreign token. It is never quoted in \
          a message.",
    before: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}, "ApiKey": "not-a-key"}}"#,
    after: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}, "ApiKey": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF"}}"#,
    source: Source {
        what: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for token in tokens(subject) {
        if token.as_str().is_some_and(|text| !has_shape(&text)) {
            let says = "has another shape than the tokens that Mews has published";
            let help = "they are 32 upper-case hex digits, a hyphen and 31 more";
            findings.add(&RULE, token, |found| found.says(says).help(help));
        }
    }
}
