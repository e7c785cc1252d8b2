//! The list of all checks, with their sources.

use std::io::{self, Write};

use crate::deliver::receiver::CHECKS;

/// Writes the list of all checks.
///
/// # Errors
/// The list can't be written.
pub fn write_check_list(out: &mut impl Write) -> io::Result<()> {
    let mut group = 0;
    for check in CHECKS {
        let number = check.number;
        if number.group != group {
            let separator = if group == 0 { "" } else { "\n" };
            group = number.group;
            writeln!(out, "{separator}{group} {}", number.group_name())?;
        }
        writeln!(out, "{number:<5} {:<7} {}", check.requirement, check.title)?;
        writeln!(out, "{:13} {}", "", check.source)?;
    }
    out.flush()
}
