//! Phrases of timelines for people.

use chrono::TimeDelta;

use crate::query::{
    LifecycleStep, PayloadPlace, PayloadTime, Story, StoryOrder, TimeSource, Timeline, Unusual,
};
use crate::report::Totals;
use crate::report::escape::escape_controls;
use crate::report::wording::{quantity, skipped};

use super::outside_stories;

/// Marks a time that the payload states, not the delivery.
const STATED: char = '*';

/// What is known of a body that comes again.
pub(super) const UNDECIDED: &str = "a retry or a second event, nothing tells which";

/// Returns what the order of a story is based on, if there is one and it is not that of time.
pub(super) fn order(story: &Story) -> &'static str {
    let following = story
        .entries
        .iter()
        .map(|entry| entry.messages_after.messages);
    let messages = story.messages_before.messages + following.sum::<u64>();
    match story.order {
        _ if story.entries.len() as u64 + messages < 2 => "",
        StoryOrder::Input => "of the input, since no payload has a time",
        StoryOrder::Mixed => {
            "by time; a payload without one follows the one before it in the input"
        }
        _ => "",
    }
}

/// Returns the name of a step.
pub(super) fn label(step: LifecycleStep) -> &'static str {
    match step {
        LifecycleStep::Created => "created",
        LifecycleStep::Enabled => "enabled",
        LifecycleStep::ApiKeyCreated => "key created",
        LifecycleStep::Disabled => "disabled",
        LifecycleStep::Canceled => "canceled",
        LifecycleStep::Reinstated => "reinstated",
        LifecycleStep::Deleted => "deleted",
    }
}

pub(super) fn place(place: &PayloadPlace) -> String {
    let PayloadPlace { path, start, .. } = place;
    format!("{}:{}:{}", escape_controls(path), start.line, start.column)
}

/// Returns a time to the second, with a mark if the payload states it.
pub(super) fn time(time: PayloadTime) -> String {
    let at = time.at.format("%Y-%m-%d %H:%M:%S");
    match time.source {
        TimeSource::Payload => format!("{at}{STATED}"),
        TimeSource::Delivery => at.to_string(),
    }
}

/// Returns a gap in its two largest units: `+3 d 2 h`.
pub(super) fn gap(gap: TimeDelta) -> String {
    let (days, hours) = (gap.num_days(), gap.num_hours() % 24);
    let (minutes, seconds) = (gap.num_minutes() % 60, gap.num_seconds() % 60);
    let milliseconds = gap.num_milliseconds() % 1000;
    let parts = match (days, hours, minutes, seconds) {
        (1.., ..) => [(days, "d"), (hours, "h")],
        (0, 1.., ..) => [(hours, "h"), (minutes, "min")],
        (0, 0, 1.., _) => [(minutes, "min"), (seconds, "s")],
        _ if milliseconds > 0 && seconds == 0 => [(milliseconds, "ms"), (0, "")],
        _ => [(seconds, "s"), (0, "")],
    };
    let parts = parts.into_iter().enumerate();
    let parts = parts.filter(|(index, (count, _))| *index == 0 || *count > 0);
    let parts = parts.map(|(_, (count, unit))| format!("{count} {unit}"));
    format!("+{}", parts.collect::<Vec<_>>().join(" "))
}

/// Returns what is unusual in words.
pub(super) fn describe(unusual: &Unusual) -> String {
    match unusual {
        Unusual::AfterDeleted => "after the deletion".to_owned(),
        Unusual::EnabledBeforeCreated => "enabled before it was created".to_owned(),
        Unusual::SecondToken { token, first } => {
            format!("a second access token, of hash {token}; that of the first is {first}")
        }
        Unusual::RepeatedBody { first } => {
            format!("the body of {} again: {UNDECIDED}", place(first))
        }
    }
}

/// Returns the last line: the numbers of payloads, and of those that are in no story.
pub(super) fn closing(timeline: &Timeline, totals: &Totals) -> String {
    let Timeline {
        stories, counts, ..
    } = timeline;
    let unusual = stories.iter().map(Story::unusual_count).sum();
    let mut closing = format!(
        "{}: {}, {}, {}",
        quantity(stories.len() as u64, "integration"),
        quantity(counts.integration_events, "integration event"),
        quantity(counts.messages, "general message"),
        match unusual {
            0 => "nothing unusual".to_owned(),
            unusual => format!("{unusual} unusual"),
        },
    );
    let captures = totals.captures.text();
    let outside = outside_stories(counts).map(|text| format!("in no story: {text}"));
    let skipped = skipped(totals).map(|text| format!("{text} skipped"));
    let unreadable = totals.unreadable;
    let unreadable = (unreadable > 0).then(|| quantity(unreadable, "input") + " not read");
    for text in [captures, outside, skipped, unreadable]
        .into_iter()
        .flatten()
    {
        closing.push_str("; ");
        closing.push_str(&text);
    }
    closing
}

/// Returns what times mean, if there are any.
pub(super) fn time_note(stories: &[Story]) -> Option<String> {
    let entries = stories.iter().flat_map(|story| &story.entries);
    let times = entries.filter_map(|entry| entry.time);
    let is_stated = |time: PayloadTime| time.source == TimeSource::Payload;
    let is_any_stated = times.map(is_stated).reduce(|any, stated| any || stated)?;
    Some(if is_any_stated {
        format!(
            "Times are in UTC. Those with {STATED} are stated by payloads: the capture does not say \
             when they were received."
        )
    } else {
        "Times are in UTC.".to_owned()
    })
}
