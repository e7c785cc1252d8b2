//! Warns of a boolean that is written as a string, which the 2019 layout allows.

use crate::contract::Kind;
use crate::diagnostic::{Level, Rule, Source};

use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "stringly-boolean",
    level: Level::Warning,
    summary: "A boolean is written as a string.",
    why: "In the documentation of 2019, the table says that `IsEnabled` is a string and the \
          example shows a boolean, so both are valid. A handler that expects a boolean can \
          take `\"false\"` for true.",
    before: r#"{"Action": "IntegrationEnabled", "IsEnabled": "true", "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    after: r#"{"Action": "IntegrationEnabled", "IsEnabled": true, "Data": {"Integration": {"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "Name": "Example"}}}"#,
    source: Source {
        title: "Mews Connector API, Webhooks, as of 2019-11-05 (gitbook-connector-api bd6e7f5)",
        url: "https://github.com/MewsSystems/gitbook-connector-api/tree/bd6e7f5",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let flag = subject.document.root().get("IsEnabled");
    for word in ["true", "false"] {
        if let Some(flag) =
            flag.filter(|flag| subject.kind == Kind::Integration2019 && flag.is_str(word))
        {
            findings.add(&RULE, flag, |found| {
                let help = format!("write `{word}` without quotes");
                found.message("is a boolean written as a string").help(help)
            });
        }
    }
}
