//! What the commands of both ends of the wire share: their URL and their secrets.

use mewshook::deliver::{SecretText, SecretTextError, Target, TargetError};

use crate::cli::{SecretArgs, TargetArgs};
use crate::messages::usage;

/// Returns the URL to send to.
pub(super) fn target(args: &TargetArgs) -> anyhow::Result<Target> {
    let from = |text: Result<SecretText, SecretTextError>| {
        let text = text.map_err(|error| usage(error.to_string()))?;
        let target = Target::parse_secret(&text);
        target.map_err(|error| invalid(text.source(), &error))
    };
    match (&args.url, &args.url_env, &args.url_file) {
        (_, Some(name), _) => from(SecretText::from_env(name)),
        (_, _, Some(path)) => from(SecretText::from_file(path)),
        (url, None, None) => {
            let url = url.as_deref().unwrap_or_default();
            Target::parse(url).map_err(|error| invalid("URL", &error))
        }
    }
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
