//! What the commands of both ends of the wire share: their URL and their secrets.

use std::path::Path;

use mewshook::deliver::{SecretText, SecretTextError, Target, TargetError};

use crate::cli::{SecretArgs, SigningSecretArgs, TargetArgs};
use crate::messages::{self, path_name, usage};

/// Returns the URL to send to.
pub(super) fn target(args: &TargetArgs) -> anyhow::Result<Target> {
    if args.url.is_some() && (args.url_env.is_some() || args.url_file.is_some()) {
        return Err(usage(
            "the URL is given twice: as an argument and by an option",
        ));
    }
    match (&args.url, &args.url_env, &args.url_file) {
        (_, Some(name), _) => secret_target(SecretText::from_env(name)),
        (_, _, Some(path)) => secret_target(SecretText::from_file(path)),
        (url, None, None) => {
            let url = url.as_deref().unwrap_or_default();
            let target = Target::parse(url.to_str().unwrap_or_default());
            target.map_err(|error| {
                if Path::new(url).exists() {
                    let file = path_name(url.display());
                    return usage(format!(
                        "{file} is a file: expected a URL first, such as http://localhost:3000/path"
                    ));
                }
                invalid("URL", &error)
            })
        }
    }
}

/// Warns if payloads of hotels can be read on their way to a target.
pub(super) fn warn_if_readable(target: &Target) {
    if !target.is_encrypted() && !target.is_loopback() {
        messages::warning(format_args!(
            "{}: payloads can hold access tokens, and this connection is not encrypted",
            target.origin()
        ));
    }
}

/// Returns the URL that a file or an environment variable contains.
pub(super) fn secret_target(text: Result<SecretText, SecretTextError>) -> anyhow::Result<Target> {
    let text = text.map_err(|error| usage(error.to_string()))?;
    let target = Target::parse_secret(&text);
    target.map_err(|error| invalid(text.source(), &error))
}

fn invalid(source: &str, error: &TargetError) -> anyhow::Error {
    usage(format!("{source}: {error}"))
}

/// Returns the secrets: those in files, then those in environment variables.
pub(super) fn secrets(args: &SecretArgs) -> anyhow::Result<Vec<SecretText>> {
    let files = args.secret_file.iter();
    let files = files.map(|path| SecretText::from_file(path));
    let variables = args.secret_env.iter();
    let variables = variables.map(|name| SecretText::from_env(name));
    files
        .chain(variables)
        .map(|secret| secret.map_err(|error| usage(error.to_string())))
        .collect()
}

/// Returns the secret by which payloads are signed, if there is one.
pub(super) fn signing_secret(args: &SigningSecretArgs) -> anyhow::Result<Option<SecretText>> {
    let args = SecretArgs {
        secret_file: args.secret_file.iter().cloned().collect(),
        secret_env: args.secret_env.iter().cloned().collect(),
    };
    Ok(secrets(&args)?.pop())
}
