//! `mewshook config`: what applies to inputs, and who asks for it.

use std::io::{self, Write};

use mewshook::config::{Applied, Reason, Settings};

use crate::cli::ConfigArgs;

use super::inputs::{configs, origins, told};
use super::{Status, complain, safe, stdout};

pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<Status> {
    let mut configs = configs(&args.terms)?;
    let mut out = stdout();
    let mut status = Status::Good;
    for (number, found) in origins(&args.inputs)?.into_iter().enumerate() {
        match found {
            Ok(origin) => {
                let applied = configs.applied(&origin).map_err(told)?;
                if number > 0 {
                    writeln!(out)?;
                }
                writeln!(out, "{}", safe(&origin))?;
                write(&mut out, &applied)?;
            }
            Err(failure) => {
                out.flush()?;
                complain(format_args!("{}: {}", failure.path, failure.message));
                status = Status::Failed;
            }
        }
    }
    out.flush()?;
    Ok(status)
}

fn write(out: &mut impl Write, applied: &Applied) -> io::Result<()> {
    let file = applied.file.as_ref();
    let file = file.map_or("none".into(), |file| file.display().to_string());
    writeln!(out, "  {:<7} {}", "file", safe(file))?;
    let mut line = |name: &str, value: &str, reason: &Reason| {
        writeln!(out, "  {name:<7} {value:<26} {}", safe(reason))
    };
    let Settings {
        kind,
        strict,
        expect,
        ..
    } = &applied.settings;
    match kind {
        Some((kind, reason)) => line("kind", kind.name(), reason)?,
        None => line("kind", "told from the payload", &Reason::Default)?,
    }
    match strict {
        Some((strict, reason)) => line("strict", if *strict { "yes" } else { "no" }, reason)?,
        None => line("strict", "no", &Reason::Default)?,
    }
    if expect.is_empty() {
        line("expect", "no errors", &Reason::Default)?;
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
