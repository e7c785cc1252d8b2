//! Tokens that may open a real hotel: only looked for where asked, since every real capture has
//! one.

use crate::diagnostic::{Level, Rule, Source};
use crate::secrets::{is_made_up, is_published};

use super::tokens::tokens;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "live-token",
    level: Level::OnDemand,
    summary: "A token or key may be a real one.",
    why: "A token opens a hotel's data to whoever reads it, so none should be committed. \
          Made-up tokens (as `mewshook sample` prints them) and the published examples are \
          fine. Real captures hold real tokens, so this is looked for with `--deny live-token` \
          only. Revoke a token that was shared.",
    before: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "ApiKey": "C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F"}}"#,
    after: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "ApiKey": "C66EF7B239D24632943D115EDE9CB810-FACADE3D4E5F60718293A4B5C6D7E8F"}}"#,
    source: Source {
        what: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for token in tokens(subject) {
        let text = token.as_str().unwrap_or_default();
        if !text.is_empty() && !is_published(&text) && !is_made_up(&text) {
            let says = "may be a real secret: it is neither a published example nor made up";
            let help = "replace it, and revoke it if it was shared";
            findings.add(&RULE, token, |found| found.says(says).help(help));
        }
    }
}
