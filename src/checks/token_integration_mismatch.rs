//! Warns of tokens that do not start with their integration's id.

use crate::contract::is_uuid;
use crate::diagnostic::{Level, Rule, Source};
use crate::document::Node;

use super::tokens::{has_token_format, tokens};
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "token-integration-mismatch",
    level: Level::Warning,
    summary: "A token does not start with its integration's id.",
    why: "In both pairs that Mews has published, the first 32 digits of the token are \
          `Integration.Id` without its hyphens. A token that differs may belong to another \
          integration. Messages never quote it.",
    before: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}, "ApiKey": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF"}}"#,
    after: r#"{"Action": "IntegrationApiKeyCreated", "Data": {"Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "Example"}, "ApiKey": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF"}}"#,
    source: Source {
        title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for token in tokens(subject) {
        let text = token.as_str().unwrap_or_default();
        let id = subject.document.root().at(&["Data", "Integration", "Id"]);
        // Nearly all tokens start with the id, so that is tested first.
        if let Some(id) = id.and_then(Node::as_str)
            && !starts_with_id(text.as_bytes(), id.as_bytes())
            && is_uuid(&id)
            && has_token_format(&text)
        {
            let message = "does not start with the id of its integration, as other tokens do";
            let help = "check whether this is the token of another integration";
            findings.add(&RULE, token, |found| found.message(message).help(help));
        }
    }
}

/// Returns `true` if a token starts with the digits of an id, in upper case and without the id's hyphens.
fn starts_with_id(token: &[u8], id: &[u8]) -> bool {
    let (Some(token), Ok(id)) = (token.first_chunk::<32>(), <&[u8; 36]>::try_from(id)) else {
        return false;
    };
    let mut id = *id;
    id.make_ascii_uppercase();
    token[..8] == id[..8]
        && token[8..12] == id[9..13]
        && token[12..16] == id[14..18]
        && token[16..20] == id[19..23]
        && token[20..] == id[24..]
}
