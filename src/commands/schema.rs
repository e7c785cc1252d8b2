//! `mewshook schema`: prints, writes or lists the bundled schemas.

use std::io::Write;

use mewshook::contract::Kind;
use mewshook::report::Style;

use crate::cli::SchemaArgs;
use crate::files::{self, stdout};
use crate::messages::{escaped, path_name};

use super::wrap::wrap;
use super::{Status, openapi};

/// The maximum width of the list.
const MAX_WIDTH: usize = 78;

pub(super) fn run(args: &SchemaArgs, style: Style) -> anyhow::Result<Status> {
    let name = args.kind.as_deref().map(str::to_ascii_lowercase);
    let kind: Option<Kind> = name.as_deref().map(str::parse).transpose()?;
    let schemas = Kind::ALL.map(Kind::schema);
    let mut out = stdout();
    if let Some(folder) = &args.out_dir {
        let files = schemas.map(|schema| (schema.file_name(), schema.text().as_bytes()));
        files::write_all(folder, files, args.force)?;
        for schema in schemas {
            let path = folder.join(schema.file_name());
            writeln!(out, "{}", escaped(path_name(path.display())))?;
        }
    } else if args.openapi {
        writeln!(out, "{:#}", openapi::document()?)?;
    } else if let Some(kind) = kind {
        out.write_all(kind.schema().text().as_bytes())?;
    } else {
        // The sources contain long URLs, which need all columns of a narrow terminal.
        let width = style.width.min(MAX_WIDTH);
        let indent = if width < MAX_WIDTH { 2 } else { 18 };
        for schema in schemas {
            writeln!(out, "{:<17} {}", schema.kind().name(), schema.title())?;
            for line in wrap(schema.source(), width - indent) {
                writeln!(out, "{:indent$}{line}", "")?;
            }
        }
    }
    out.flush()?;
    Ok(Status::Success)
}
