//! Finds out how inputs are checked: configuration files, the command line, and limits.

use std::sync::Arc;

use anyhow::Context;
use mewshook::Masking;
use mewshook::config::{
    ConfigChoice, ConfigError, Configs, Layer, Setting, SettingOrigin, describe_problems,
};
use mewshook::frame::Limits;
use mewshook::input::{FoundInput, Label};
use mewshook::pool::Input;

use crate::cli::{CheckOptionsArgs, LimitArgs};
use crate::messages::{UsageError, usage};

/// Returns the configurations of inputs, with the settings of the command line.
pub(super) fn configs(args: &CheckOptionsArgs) -> anyhow::Result<Configs> {
    let setting = |codes: &Vec<String>| -> Setting<Vec<String>> {
        (!codes.is_empty()).then(|| (codes.clone(), SettingOrigin::CommandLine))
    };
    let kind = args.kind.as_deref().map(str::parse).transpose()?;
    let capture = args.capture.as_deref().map(str::parse).transpose()?;
    let layer = Layer {
        kind: kind.map(|kind| (kind, SettingOrigin::CommandLine)),
        capture: capture.map(|capture| (capture, SettingOrigin::CommandLine)),
        strict: args.strict.then_some((true, SettingOrigin::CommandLine)),
        expect: setting(&args.expect),
        allow: setting(&args.allow),
        deny: setting(&args.deny),
    };
    layer.check().map_err(|error| usage(error.to_string()))?;
    let choice = match &args.config {
        _ if args.no_config => ConfigChoice::Disabled,
        Some(path) => ConfigChoice::File(path.clone()),
        None => ConfigChoice::Nearest,
    };
    Configs::new(choice, layer).context("the current folder cannot be determined")
}

/// Converts the error of a configuration. An invalid one is a usage error; one that can't be read is
/// not.
pub(super) fn config_error(error: ConfigError) -> anyhow::Error {
    match error {
        ConfigError::Invalid(problems) => UsageError(describe_problems(&problems)).into(),
        _ => error.into(),
    }
}

/// Returns an input with the options that apply to it, and a label in which secrets are masked if
/// `masking` says so.
///
/// # Errors
/// Its configuration can't be read, or is invalid.
pub(super) fn input(
    found: FoundInput,
    configs: &mut Configs,
    limits: Limits,
    masking: Masking,
) -> anyhow::Result<Arc<Input>> {
    let label = found.origin.to_string();
    labelled_input(found, label, configs, limits, masking)
}

/// Returns an input as [`input`] does, with another label.
///
/// # Errors
/// Its configuration can't be read, or is invalid.
pub(super) fn labelled_input(
    found: FoundInput,
    label: String,
    configs: &mut Configs,
    limits: Limits,
    masking: Masking,
) -> anyhow::Result<Arc<Input>> {
    let (options, mode) = configs.options(&found.origin).map_err(config_error)?;
    let label = Label::new(label, masking);
    Ok(Arc::new(Input::new(found, label, limits, mode, options)))
}

impl LimitArgs {
    /// Returns the limits for each payload.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            depth: self.depth.into(),
            payload: usize::from(self.payload) << 20,
        }
    }

    /// Returns the maximum number of diagnostics that are reported for each payload.
    pub(super) fn max_diagnostics(&self) -> usize {
        match self.diagnostics {
            0 => usize::MAX,
            max => usize::try_from(max).unwrap_or(usize::MAX),
        }
    }
}
