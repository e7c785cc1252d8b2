//! Warns of times with another offset than that of UTC.

use crate::contract::parse_utc;
use crate::diagnostic::{Level, Rule, Source};

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "not-utc",
    level: Level::Warning,
    summary: "A time is valid, but not in UTC.",
    why: "The properties are named `…Utc`, and Mews writes `Z`. A handler that ignores the \
          offset reads a different time.",
    before: r#"{"Action": "IntegrationCreated", "Data": {"Enterprise": {"Id": "8865aa96-f62d-4f9b-a912-ab2100f60f42", "Name": "Sample Chain Hotel 1"}, "AccessToken": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF", "CreatedUtc": "2019-12-13T15:42:52+01:00", "IsEnabled": true, "Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}}}"#,
    after: r#"{"Action": "IntegrationCreated", "Data": {"Enterprise": {"Id": "8865aa96-f62d-4f9b-a912-ab2100f60f42", "Name": "Sample Chain Hotel 1"}, "AccessToken": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF", "CreatedUtc": "2019-12-13T14:42:52Z", "IsEnabled": true, "Integration": {"Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": "WebhookTEST"}}}"#,
    source: Source {
        title: "Mews Connector API, Integration webhooks, 2020-02-27 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-integration",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for &node in &subject.survey.not_utc {
        findings.add(&RULE, node, |found| {
            let found = found.message("is not in UTC");
            match node.as_str().and_then(|text| parse_utc(&text)) {
                Some(instant) => found.help(format!(
                    "the same time in UTC is `{}`",
                    instant.to_utc().format("%Y-%m-%dT%H:%M:%S%.fZ")
                )),
                None => found,
            }
        });
    }
}
