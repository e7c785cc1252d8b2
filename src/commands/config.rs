//! `mewshook config`: what applies to inputs, and who asks for it.

use std::collections::HashMap;
use std::io::{self, Write};

use mewshook::config::{ResolvedConfig, SettingOrigin, Settings};
use mewshook::input::Origin;

use crate::cli::ConfigArgs;
use crate::files::{refuse_stdout, stdout};
use crate::messages::{self, escaped, path_name};

use super::inputs::{Inputs, configs, file, told};
use super::{Status, so_far};

pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<Status> {
    let mut configs = configs(&args.options)?;
    let mut inputs = Inputs::sorted(&args.inputs)?;
    let mut status = Status::Good;
    // In the order of the first of each group.
    let mut groups: Vec<(ResolvedConfig, Vec<Origin>)> = Vec::new();
    let mut numbers = HashMap::new();
    for found in std::mem::take(&mut inputs.found) {
        match found {
            Ok(origin) => {
                let applied = configs.applied(&origin).map_err(told)?;
                let number = *numbers.entry(applied.clone()).or_insert(groups.len());
                match groups.get_mut(number) {
                    Some((_, origins)) => origins.push(origin),
                    None => groups.push((applied, vec![origin])),
                }
            }
            Err(failure) => {
                messages::error(format_args!("{}: {}", failure.path, failure.message));
                status = Status::Failed;
            }
        }
    }
    refuse_stdout(configs.paths().map(file))?;
    inputs.note(Some(&configs));
    so_far(print(&groups).map_err(Into::into), status)
}

fn print(groups: &[(ResolvedConfig, Vec<Origin>)]) -> io::Result<()> {
    let mut out = stdout();
    for (number, (applied, origins)) in groups.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        for origin in origins {
            writeln!(out, "{}", escaped(path_name(origin)))?;
        }
        write(&mut out, applied)?;
    }
    out.flush()
}

fn write(out: &mut impl Write, applied: &ResolvedConfig) -> io::Result<()> {
    let file = applied.file.as_ref();
    let file = file.map_or("none".into(), |file| path_name(file.display()));
    writeln!(out, "  {:<7} {}", "file", escaped(file))?;
    let mut line = |name: &str, value: &str, reason: &SettingOrigin| {
        writeln!(out, "  {name:<7} {value:<26} {}", escaped(reason))
    };
    let Settings {
        kind,
        strict,
        expect,
        ..
    } = &applied.settings;
    match kind {
        Some((kind, reason)) => line("kind", kind.name(), reason)?,
        None => line("kind", "detected", &SettingOrigin::Default)?,
    }
    match strict {
        Some((strict, reason)) => line("strict", if *strict { "yes" } else { "no" }, reason)?,
        None => line("strict", "no", &SettingOrigin::Default)?,
    }
    if expect.is_empty() {
        line("expect", "no errors", &SettingOrigin::Default)?;
    }
    for (code, reason) in expect {
        line("expect", code, reason)?;
    }
    for (code, reason) in applied.settings.allowed() {
        line("allow", code, reason)?;
    }
    for (code, reason) in applied.settings.denied() {
        line("deny", code, reason)?;
    }
    Ok(())
}
