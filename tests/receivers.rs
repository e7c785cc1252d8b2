//! `receiver-test` against the receivers of `examples/receivers/`: the good one passes all checks, and of
//! each wrong one exactly the checks fail that its mistake concerns.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "support/receivers.rs"]
#[allow(
    unused_imports,
    reason = "without the harness, there are no tests in the example"
)]
mod receivers;

use std::thread;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use mewshook::deliver::api::{ApiClock, FakeApi};
use mewshook::deliver::receiver::{Outcome, ReceiverOptions, run, select_checks};
use mewshook::deliver::server::Stopper;
use mewshook::deliver::{SecretText, Server, ServerLimits, Target};

use receivers::RunningReceiver;
use receivers::example::MISTAKES;

/// The checks that fail for each mistake, and those of which nothing can be seen because of it.
const EXPECTED: [(&str, &[&str], &[&str]); 34] = [
    ("needs-content-type", &["1.4"], &[]),
    ("exact-content-type", &["1.5"], &[]),
    // A message of 1,200 events is refused, too.
    ("small-limit", &["1.3"], &["2.6"]),
    ("answers-after-work", &["1.7"], &[]),
    ("accepts-get", &["4.1"], &[]),
    ("crashes-on-broken-json", &["4.2"], &[]),
    ("stops-on-broken-json", &["4.2", "4.3"], &[]),
    ("accepts-broken-json", &["4.2"], &[]),
    ("closes-connections", &["1.6"], &[]),
    // Messages of several events are not handled at all, so nothing can be seen in them.
    (
        "first-event-only",
        &["2.2"],
        &["2.4", "2.5", "2.6", "2.7", "2.8"],
    ),
    ("update-is-check-in", &["2.1"], &[]),
    ("throws-on-unknown-event", &["2.7"], &[]),
    ("throws-on-unknown-property", &["2.8"], &[]),
    // The receiver makes no requests.
    (
        "enterprise-in-value",
        &["2.16"],
        &[
            "1.7", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11",
            "2.12", "2.13", "2.14", "2.15", "2.17", "2.18",
        ],
    ),
    ("drops-repeated-body", &["2.10"], &[]),
    ("drops-late-added", &["2.11"], &[]),
    ("one-by-one", &["2.4"], &[]),
    ("unlimited-ids", &["2.6"], &[]),
    ("first-page-only", &["2.5"], &[]),
    ("fetches-twice", &["2.3"], &[]),
    ("retries-at-once", &["2.12"], &[]),
    ("gives-up-on-429", &["2.12"], &[]),
    ("keeps-old-key", &["2.13"], &["2.18"]),
    ("ignores-disabled", &["2.14"], &[]),
    ("ignores-deleted", &["2.15"], &[]),
    // The token of the integration that marks the end is the one that is disabled or deleted.
    ("mixes-enterprises", &["2.9"], &["2.14", "2.15"]),
    ("applies-created-again", &["2.18"], &[]),
    ("drops-early-events", &["2.17"], &[]),
    ("accepts-any-token", &["3.1"], &[]),
    ("ignores-signature", &["3.3", "3.4", "3.5", "3.6"], &[]),
    ("optional-signature", &["3.7"], &[]),
    ("accepts-hex-signature", &["3.4"], &[]),
    ("compares-prefix", &["3.5"], &[]),
    ("signs-parsed-body", &["3.2", "3.6"], &[]),
];

/// What is expected of the Express and Flask receivers, of which only the responses can be seen: the
/// framework, the mistake, and the checks that fail.
const FRAMEWORKS: [(&str, Option<&str>, &[&str]); 7] = [
    ("express", None, &[]),
    // An empty body is an empty object.
    ("express", Some("json-middleware"), &["1.3", "1.4", "4.2"]),
    ("express", Some("small-limit"), &["1.3"]),
    ("express", Some("answers-after-work"), &["1.2", "1.3"]),
    ("flask", None, &[]),
    ("flask", Some("request-json"), &["1.4"]),
    ("flask", Some("answers-after-work"), &["1.2", "1.3"]),
];

const TOKEN: &str = "7f3a-url-token";
const OPTIONS: [&str; 4] = ["--token-env", "TOKEN", "--secret-env", "SECRET"];
const VARIABLES: [(&str, &str); 2] = [("TOKEN", TOKEN), ("SECRET", "pos secret")];

fn main() {
    let mut arguments = Arguments::from_args();
    // Most of the time is spent waiting for what must not come.
    arguments.test_threads = arguments.test_threads.or(Some(6));
    let mut trials = vec![
        Trial::test("good", || test(None, &[], &[])),
        Trial::test("each_mistake_is_tested", each_mistake_is_tested),
    ];
    for (mistake, failed, not_observable) in EXPECTED {
        trials.push(Trial::test(mistake, move || {
            test(Some(mistake), failed, not_observable)
        }));
    }
    for (framework, mistake, failed) in FRAMEWORKS {
        let name = format!("{framework} {}", mistake.unwrap_or("good"));
        trials.push(Trial::test(name, move || {
            test_framework(framework, mistake, failed)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn each_mistake_is_tested() -> Result<(), Failed> {
    let tested = EXPECTED.map(|(name, ..)| name);
    let mistakes = MISTAKES.iter().map(|mistake| mistake.name);
    if mistakes.eq(tested) {
        return Ok(());
    }
    Err("the mistakes are not those that are tested, in this order".into())
}

/// Tests the example in Rust, with a fake API.
fn test(mistake: Option<&str>, failed: &[&str], not_observable: &[&str]) -> Result<(), Failed> {
    let api = FakeApi::new(ApiClock::system());
    let server = Server::bind("127.0.0.1:0", ServerLimits::default())?;
    let base = format!("http://{}", server.address()?);
    let stop = Stop(server.stopper()?);
    thread::scope(|scope| {
        scope.spawn(|| server.run(|request| api.answer(request)));
        let _stop = stop;
        let arguments = arguments(mistake, &["--api", &base]);
        let receiver = RunningReceiver::start(&arguments, &VARIABLES);
        compare(
            &options(&receiver)?,
            Some(&api),
            failed,
            Some(not_observable),
        )
    })
}

/// Tests a receiver without an API: only the checks of responses are observable.
fn test_framework(framework: &str, mistake: Option<&str>, failed: &[&str]) -> Result<(), Failed> {
    let arguments = arguments(mistake, &[]);
    let receiver = match framework {
        "express" => RunningReceiver::express(&arguments, &VARIABLES),
        _ => RunningReceiver::flask(&arguments, &VARIABLES),
    };
    // It has said why not.
    let Some(receiver) = receiver else {
        return Ok(());
    };
    let mut options = options(&receiver)?;
    // The work for 300 events takes 6 seconds.
    options.deadline = Duration::from_secs(2);
    compare(&options, None, failed, None)
}

fn arguments<'a>(mistake: Option<&'a str>, others: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = [&OPTIONS, others].concat();
    arguments.extend(
        mistake
            .into_iter()
            .flat_map(|mistake| ["--mistake", mistake]),
    );
    arguments
}

fn options(receiver: &RunningReceiver) -> Result<ReceiverOptions, Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("secret");
    std::fs::write(&file, "pos secret\n")?;
    let target = Target::parse(&format!("{}?Token={TOKEN}", receiver.url))?;
    let mut options = ReceiverOptions::new(target);
    options.seed = 1;
    options.secret = Some(SecretText::from_file(&file)?);
    // Longer than the defaults, since several receivers share the processor.
    options.settle = Duration::from_secs(3);
    options.deadline = Duration::from_secs(10);
    Ok(options)
}

/// Runs all checks, and compares what they find.
fn compare(
    options: &ReceiverOptions,
    api: Option<&FakeApi>,
    failed: &[&str],
    not_observable: Option<&[&str]>,
) -> Result<(), Failed> {
    let mut results = Vec::new();
    run(options, api, |result| {
        results.push((result.check.number.to_string(), result.outcome.clone()));
        Ok(())
    })?;
    let numbers = |is_listed: fn(&Outcome) -> bool| {
        let listed = results.iter().filter(|(_, outcome)| is_listed(outcome));
        listed.map(|(number, _)| &**number).collect::<Vec<_>>()
    };
    let found_failed = numbers(|outcome| matches!(outcome, Outcome::Fail(_)));
    let found_not_observable = numbers(|outcome| matches!(outcome, Outcome::NotObservable(_)));
    // Without an API, these are the ones that need it, whatever the receiver does.
    let needs_api: Vec<_> = select_checks(&["2".to_owned()])?
        .iter()
        .map(|check| check.number.to_string())
        .collect();
    let needs_api = std::iter::once("1.7").chain(needs_api.iter().map(String::as_str));
    let not_observable = not_observable.map_or(needs_api.collect(), <[&str]>::to_vec);
    if found_failed == failed && found_not_observable == not_observable {
        return Ok(());
    }
    let reasons = results.iter().filter_map(|(number, outcome)| {
        let reason = outcome.reason()?;
        Some(format!("{number} {}: {reason}\n", outcome.name()))
    });
    Err(format!(
        "expected failed {failed:?}, not observable {not_observable:?}\n{}",
        reasons.collect::<String>()
    )
    .into())
}

/// Stops the server when it is dropped, also if a check panics.
struct Stop(Stopper);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.stop();
    }
}
