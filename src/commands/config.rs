//! `mewshook config`: shows the settings that apply to inputs, and where each comes from.

use std::collections::HashMap;
use std::io::{self, Write};

use mewshook::config::{ResolvedConfig, SettingOrigin, Settings};
use mewshook::input::{FoundInput, Origin};

use crate::cli::ConfigArgs;
use crate::files::{refuse_stdout, stdout};
use crate::messages::{self, escaped, path_name};

use super::inputs::{Inputs, file};
use super::settings::{config_error, configs};
use super::{Status, status_after_output};

pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<Status> {
    let mut configs = configs(&args.options)?;
    let mut inputs = Inputs::sorted(&args.inputs)?;
    let mut status = Status::Success;
    // The inputs with the same settings, in the order of the first input of each group.
    let mut groups: Vec<(ResolvedConfig, Vec<Origin>)> = Vec::new();
    let mut indices = HashMap::new();
    for found in std::mem::take(&mut inputs.found) {
        match found {
            Ok(FoundInput { origin, .. }) => {
                let config = configs.applied(&origin).map_err(config_error)?;
                let index = *indices.entry(config.clone()).or_insert(groups.len());
                match groups.get_mut(index) {
                    Some((_, origins)) => origins.push(origin),
                    None => groups.push((config, vec![origin])),
                }
            }
            Err(failure) => {
                messages::error(format_args!("{}: {}", failure.path, failure.message));
                status = Status::Failed;
            }
        }
    }
    refuse_stdout(configs.paths().map(file))?;
    inputs.print_notes(Some(&configs));
    status_after_output(print(&groups).map_err(Into::into), status)
}

/// Prints each group: the labels of its inputs, and their configuration.
fn print(groups: &[(ResolvedConfig, Vec<Origin>)]) -> io::Result<()> {
    let mut out = stdout();
    for (number, (config, origins)) in groups.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        for origin in origins {
            writeln!(out, "{}", escaped(path_name(origin)))?;
        }
        print_config(&mut out, config)?;
    }
    out.flush()
}

/// Prints the file and the settings of a configuration.
fn print_config(out: &mut impl Write, config: &ResolvedConfig) -> io::Result<()> {
    let file = config.file.as_ref();
    let file = file.map_or("none".into(), |file| path_name(file.display()));
    writeln!(out, "  {:<7} {}", "file", escaped(file))?;
    let mut line = |name: &str, value: &str, origin: &SettingOrigin| {
        writeln!(out, "  {name:<7} {value:<26} {}", escaped(origin))
    };
    let Settings {
        kind,
        capture,
        strict,
        expect,
        ..
    } = &config.settings;
    match kind {
        Some((kind, origin)) => line("kind", kind.name(), origin)?,
        None => line("kind", "detected", &SettingOrigin::Default)?,
    }
    match capture {
        Some((mode, origin)) => line("capture", mode.name(), origin)?,
        None => line(
            "capture",
            config.settings.capture().name(),
            &SettingOrigin::Default,
        )?,
    }
    match strict {
        Some((strict, origin)) => line("strict", if *strict { "yes" } else { "no" }, origin)?,
        None => line("strict", "no", &SettingOrigin::Default)?,
    }
    if expect.is_empty() {
        line("expect", "no errors", &SettingOrigin::Default)?;
    }
    for (code, origin) in expect {
        line("expect", code, origin)?;
    }
    for (code, origin) in config.settings.allowed() {
        line("allow", code, origin)?;
    }
    for (code, origin) in config.settings.denied() {
        line("deny", code, origin)?;
    }
    Ok(())
}
