//! The command that repeats a check: it names where secrets are read from, and never the secrets.

use mewshook::deliver::receiver::ReceiverOptions;

use crate::cli::ReceiverTestArgs;

/// Returns the command, without `--check`.
pub(super) fn command(args: &ReceiverTestArgs, options: &ReceiverOptions) -> String {
    let mut words = vec!["mewshook".to_owned(), "receiver-test".to_owned()];
    let mut add = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
    match (&args.target.url_env, &args.target.url_file) {
        (Some(name), _) => add("--url-env", name),
        (_, Some(path)) => add("--url-file", &path.display().to_string()),
        (None, None) => words.push(quoted(&options.target.to_string())),
    }
    let mut add = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
    if let Some(address) = args.fake_api {
        let port = address.port().to_string();
        let is_local = address.ip() == std::net::Ipv4Addr::LOCALHOST;
        add(
            "--fake-api",
            &if is_local { port } else { address.to_string() },
        );
    }
    for event in &args.event {
        add("--event", event.name);
    }
    for path in &args.secrets.secret_file {
        add("--secret-file", &path.display().to_string());
    }
    for name in &args.secrets.secret_env {
        add("--secret-env", name);
    }
    if let Some(name) = &args.token_param {
        add("--token-param", name);
    }
    let default = ReceiverOptions::new(options.target.clone());
    for (name, time, default) in [
        ("--settle", options.settle, default.settle),
        ("--deadline", options.deadline, default.deadline),
    ] {
        if time != default {
            add(name, &format!("{}ms", time.as_millis()));
        }
    }
    add("--seed", &options.seed.to_string());
    words.join(" ")
}

/// Returns a word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(
            quoted("http://127.0.0.1:3000/mews"),
            "http://127.0.0.1:3000/mews"
        );
        assert_eq!(
            quoted("http://a.test/?Token=***&x"),
            "'http://a.test/?Token=***&x'"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
