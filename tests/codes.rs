//! Each code: a payload that has it and no other, and the same payload without it.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::BTreeSet;

use mewshook::checks::{Checker, Policy, rules};
use mewshook::diagnostic::{Level, Severity};
use mewshook::document::Source;

fn codes(text: &str, policy: Policy) -> Vec<&'static str> {
    let verdict = Checker::new(policy, None)
        .check(&Source::from(text))
        .unwrap();
    verdict
        .diagnostics
        .into_iter()
        .map(|found| found.code)
        .collect()
}

#[test]
fn examples_have_their_code_alone() {
    for rule in rules() {
        let deny = || match rule.level {
            Level::OnDemand => vec![rule.code.to_owned()],
            _ => Vec::new(),
        };
        let policy = || Policy::new(false, &[], &deny()).unwrap();
        assert_eq!(codes(rule.before, policy()), [rule.code], "before");
        assert_eq!(codes(rule.after, policy()), [""; 0], "{}, after", rule.code);
    }
}

#[test]
fn rules_are_documented() {
    let mut seen = BTreeSet::new();
    for rule in rules() {
        assert!(seen.insert(rule.code), "{} twice", rule.code);
        assert!(
            rule.code
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '-')
        );
        assert!(
            rule.summary.ends_with('.') && rule.summary.len() < 90,
            "{}",
            rule.code
        );
        assert!(rule.why.len() > 80, "{}", rule.code);
        assert!(rule.source.url.starts_with("https://"), "{}", rule.code);
        assert!(rule.source.what.contains("20"), "{} has no date", rule.code);
    }
}

#[test]
fn remarks_move_with_the_policy() {
    for rule in rules().filter(|rule| rule.level != Level::Error) {
        let code = [rule.code.to_owned()];
        let severity = |policy: Policy| {
            let mut checker = Checker::new(policy, None);
            let verdict = checker.check(&Source::from(rule.before)).unwrap();
            let found = verdict.diagnostics.first().map(|found| found.severity);
            assert_eq!(
                verdict.valid,
                found != Some(Severity::Error),
                "{}",
                rule.code
            );
            found
        };
        let is_on_demand = rule.level == Level::OnDemand;
        let usually = |severity| if is_on_demand { None } else { Some(severity) };
        let policy =
            |strict, allow: &[String], deny: &[String]| Policy::new(strict, allow, deny).unwrap();
        assert_eq!(
            severity(policy(false, &[], &[])),
            usually(Severity::Warning),
            "{}",
            rule.code
        );
        assert_eq!(
            severity(policy(true, &[], &[])),
            usually(Severity::Error),
            "{}",
            rule.code
        );
        assert_eq!(severity(policy(true, &code, &[])), None, "{}", rule.code);
        assert_eq!(
            severity(policy(false, &[], &code)),
            Some(Severity::Error),
            "{}",
            rule.code
        );
        assert!(Policy::new(false, &code, &code).is_err());
    }
    for rule in rules().filter(|rule| rule.level == Level::Error) {
        assert!(Policy::new(false, &[rule.code.to_owned()], &[]).is_err());
        assert!(Policy::new(false, &[], &[rule.code.to_owned()]).is_ok());
    }
}
