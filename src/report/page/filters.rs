//! The filters of the templates. `askama` looks for them in a module of this name.

#![expect(
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "`filter_fn` makes a method of a function"
)]

use std::fmt::Display;

use askama::{Result, Values};

use crate::report::wording;

/// Writes a number with a comma before each group of three digits.
#[askama::filter_fn]
pub(in crate::report) fn grouped(number: &u64, _: &dyn Values) -> Result<impl Display> {
    Ok(wording::grouped(
        usize::try_from(*number).unwrap_or(usize::MAX),
    ))
}
