//! Makes the payloads.

use std::collections::BTreeSet;
use std::io::{self, Write};

use mewshook::contract::Event;
use mewshook::diagnostic::Severity;
use mewshook::sample::{
    self, Layout, NoInvalidPayload, Recipe, ScenarioOptions, Selection, Values,
};
use serde_json::Value;

use crate::cli::SampleArgs;
use crate::messages::{self, usage};

use super::writer::PayloadWriter;

/// The maximum number of payloads of a scenario: all of them are known before the first is written.
const MAX_SCENARIO_PAYLOADS: u64 = 10_000_000;

/// Makes payloads according to the arguments.
pub(super) struct Generator<'a> {
    args: &'a SampleArgs,
    /// The values that the arguments give.
    values: Values,
    invalidated: Invalidated,
}

/// The payloads that values and edits made invalid.
#[derive(Default)]
struct Invalidated {
    count: u64,
    /// The codes of their errors.
    codes: BTreeSet<&'static str>,
}

impl<'a> Generator<'a> {
    pub(super) fn new(args: &'a SampleArgs) -> Self {
        let mut values = Values::default();
        values.enterprise.clone_from(&args.enterprise);
        values.integration.clone_from(&args.integration);
        values.service.clone_from(&args.service);
        values.time = args.at;
        Self {
            args,
            values,
            invalidated: Invalidated::default(),
        }
    }

    /// Returns the arguments.
    pub(super) fn args(&self) -> &'a SampleArgs {
        self.args
    }

    /// Writes `--count` payloads for each selection.
    pub(super) fn write_valid(
        &mut self,
        selections: &[Selection],
        writer: &mut PayloadWriter<'_>,
    ) -> anyhow::Result<()> {
        let count = self.args.count.unwrap_or(1);
        let digits = count.to_string().len();
        let values = self.values.clone();
        let mut number = 0;
        for selection in selections {
            let is_mixed = matches!(selection, Selection::Kind(_));
            for turn in 0..count {
                let recipe = self.recipe(selection.event(turn), is_mixed, number);
                let text = self.text(recipe, &values, writer.layout());
                let suffix = match count {
                    1 => String::new(),
                    _ => format!("-{:0digits$}", turn + 1),
                };
                let name = format!("{}-{}{suffix}", recipe.event.kind, recipe.event.name);
                writer.add(&name, text)?;
                number += 1;
            }
        }
        self.invalidated.warn(number);
        Ok(())
    }

    /// Writes the payloads of a scenario, in the order of their times. The names of files start with
    /// their numbers.
    pub(super) fn write_scenario(
        &mut self,
        selections: &[Selection],
        writer: &mut PayloadWriter<'_>,
    ) -> anyhow::Result<()> {
        let args = self.args;
        let count = args.count.unwrap_or(1);
        if count.saturating_mul(selections.len() as u64) > MAX_SCENARIO_PAYLOADS {
            return Err(usage(format!(
                "--enterprises, --from and --to can spread {MAX_SCENARIO_PAYLOADS} payloads at most"
            )));
        }
        let scenario = ScenarioOptions {
            selections,
            count,
            enterprises: args.enterprises.unwrap_or(1),
            from: args.from,
            to: args.to,
            values: self.values.clone(),
            seed: args.seed,
        }
        .build();
        let payloads = scenario.payloads();
        let total = payloads.len() as u64;
        let digits = total.to_string().len();
        for (number, (event, is_mixed, values)) in (0..).zip(payloads) {
            let recipe = self.recipe(event, is_mixed, number);
            let text = self.text(recipe, &values, writer.layout());
            let name = format!("{:0digits$}-{}-{}", number + 1, event.kind, event.name);
            writer.add(&name, text)?;
        }
        self.invalidated.warn(total);
        Ok(())
    }

    /// Writes a payload for each selection and each error that `--invalid` names. It is of the first
    /// event that can have the error as its only one: of the selection, or, if no name was given, of
    /// all events. Errors that none of these events can have are skipped, with a message.
    ///
    /// # Errors
    /// All errors are skipped, or the output can't be written.
    pub(super) fn write_invalid(
        &self,
        selections: &[Selection],
        writer: &mut PayloadWriter<'_>,
    ) -> anyhow::Result<()> {
        let candidates: Vec<Vec<&'static Event>> = if self.args.is_default() {
            vec![sample::events().collect()]
        } else {
            selections.iter().map(Selection::events).collect()
        };
        let wanted = self.args.invalid.as_deref().unwrap_or_default();
        let mut skipped = Vec::new();
        let mut is_empty = true;
        for code in sample::error_codes().filter(|code| wanted == "all" || wanted == *code) {
            for events in &candidates {
                let invalid = events.iter().find_map(|event| {
                    let text = self.invalid_text(event, code, writer.layout())?;
                    Some((event, text))
                });
                match (invalid, events.first()) {
                    (Some((event, text)), _) => {
                        is_empty = false;
                        writer.add_invalid(code, event, text)?;
                    }
                    (None, Some(event)) => skipped.push(NoInvalidPayload {
                        event: format!("{}/{}", event.kind, event.name),
                        code: code.to_owned(),
                    }),
                    (None, None) => {}
                }
            }
        }
        if is_empty {
            let skipped: Vec<_> = skipped.iter().map(ToString::to_string).collect();
            return Err(usage(skipped.join("\n")));
        }
        for error in skipped {
            writeln!(io::stderr(), "skipped: {error}")?;
        }
        Ok(())
    }

    /// Returns the payload of an event before the edits.
    pub(super) fn unedited(&self, event: &'static Event) -> Value {
        self.recipe(event, false, 0).make_with(&self.values)
    }

    /// Returns the text of a payload whose only error is `code`, if the event can have it.
    fn invalid_text(&self, event: &'static Event, code: &str, layout: Layout) -> Option<String> {
        let payload = self.payload(self.recipe(event, false, 0), &self.values);
        sample::invalidate(&payload, code, layout)
    }

    /// Returns the text of a payload. Counts it as invalidated if values or edits made it invalid.
    fn text(&mut self, recipe: Recipe, values: &Values, layout: Layout) -> String {
        let text = sample::write(&self.payload(recipe, values), layout);
        if *values != Values::default() || !self.args.edits.0.is_empty() {
            let verdict = mewshook::check(&text);
            if !verdict.valid {
                let errors = verdict.diagnostics.iter();
                let errors = errors.filter(|found| found.severity == Severity::Error);
                self.invalidated
                    .codes
                    .extend(errors.map(|error| error.code));
                self.invalidated.count += 1;
            }
        }
        text
    }

    /// Returns a payload, after the edits.
    fn payload(&self, recipe: Recipe, values: &Values) -> Value {
        let mut payload = recipe.make_with(values);
        for edit in &self.args.edits.0 {
            // An edit may be for other payloads only; each was checked to be for one of them.
            let _ = edit.apply(&mut payload);
        }
        payload
    }

    fn recipe(&self, event: &'static Event, is_mixed: bool, number: u64) -> Recipe {
        let events = self.args.events.unwrap_or(1);
        Recipe {
            event,
            is_mixed,
            events: usize::try_from(events).unwrap_or(usize::MAX),
            seed: self.args.seed,
            number,
        }
    }
}

impl Invalidated {
    /// Warns that some of `total` payloads are no longer valid, if there are any.
    fn warn(&self, total: u64) {
        let codes: Vec<&str> = self.codes.iter().copied().collect();
        let codes = codes.join(", ");
        match (self.count, total) {
            (0, _) => {}
            (_, 1) => messages::warning(format_args!("the payload is no longer valid: {codes}")),
            (1, _) => messages::warning(format_args!(
                "1 of {total} payloads is no longer valid: {codes}"
            )),
            (count, _) => messages::warning(format_args!(
                "{count} of {total} payloads are no longer valid: {codes}"
            )),
        }
    }
}
