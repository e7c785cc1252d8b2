//! Prints what a filter means, and why nothing matches.

use mewshook::checks::rule;
use mewshook::diagnostic::Level;
use mewshook::query::{Condition, Filter, FilterField, Operator};
use mewshook::report::{Totals, matching};

use crate::messages;

/// Prints the times that are counted back from now as absolute times.
pub(super) fn print_times(filter: &Filter) {
    for (Condition { field, text, .. }, time) in filter.relative_times() {
        messages::note(format_args!("`{field}={text}` means {field} {time}"));
    }
}

/// Prints that nothing matches, and what was probably meant, unless a failure explains it.
pub(super) fn print_result(filter: &Filter, totals: &Totals) {
    let unmatched = totals.unmatched.unwrap_or(0);
    let has_failed = totals.empty + totals.unreadable > 0;
    if totals.payloads > 0 || (unmatched == 0 && has_failed) {
        return;
    }
    if unmatched == 0 {
        messages::note("no payload matches, since there is none");
        return;
    }
    messages::note(matching(0, unmatched));
    let conditions = filter.conditions();
    conditions.iter().filter_map(hint).for_each(messages::note);
    if conditions
        .iter()
        .any(|condition| condition.field.is_limit())
    {
        messages::note("a payload without a time matches neither `since` nor `until`");
    }
}

/// Prints how many of how many payloads match, for reports that don't say it.
pub(super) fn print_count(totals: &Totals) {
    if let Some(unmatched) = totals.unmatched.filter(|_| totals.payloads > 0) {
        messages::note(matching(totals.payloads, unmatched));
    }
}

/// Returns what may be wrong with a condition that nothing fulfils.
fn hint(condition: &Condition) -> Option<String> {
    let Condition { field, text, .. } = condition;
    if condition.operator != Operator::Is {
        return None;
    }
    match field {
        FilterField::Event => {
            let listed = condition.resembled_event()?;
            Some(format!(
                "no event `{text}` is listed; did you mean `{listed}`?"
            ))
        }
        FilterField::Enterprise | FilterField::Integration | FilterField::Service
            if !condition.is_id() =>
        {
            Some(format!(
                "`=` compares complete names; `{field}~={text}` looks for a part, in any letter case"
            ))
        }
        FilterField::Code => {
            let rule = rule(text).filter(|rule| rule.level == Level::OnDemand)?;
            Some(format!(
                "`{}` is reported only where --deny or mewshook.toml asks for it",
                rule.code
            ))
        }
        _ => None,
    }
}
