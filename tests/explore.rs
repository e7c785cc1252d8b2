#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
mod support;
use mewshook::input::Payloads;
use mewshook::redact::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use support::notations::encode::decoded;
use support::notations::marked::*;
use support::notations::promises::PROMISES;
use support::notations::tape::Tape;

fn redacted(text: &str) -> (String, bool) {
    let redactor = Redactor::new(
        Key::new(b"a key of some length").unwrap(),
        Classes::default(),
    );
    let mut stream = Stream::new(&redactor, Payloads::of(text.as_bytes().to_vec()));
    let mut out = Vec::new();
    while stream.next(&mut out).unwrap() != Flow::End {}
    (String::from_utf8(out).unwrap(), stream.is_changed())
}
fn mask_fails(p: &Planted) -> Option<String> {
    let masked = mewshook::mask(&p.text);
    for ((at, letter), shown) in p.text.char_indices().zip(masked.chars()) {
        for (_, part) in p.parts.iter().filter(|(s, _)| s.contains(&at)) {
            let ok = if *part == Part::Secret {
                shown == '*'
            } else {
                shown == letter
            };
            if !ok {
                return Some(format!("{part:?} {masked}"));
            }
        }
    }
    None
}
fn redact_fails(p: &Planted) -> Option<String> {
    let (once, changed) = redacted(&p.text);
    let dec = decoded(&once);
    for l in p.leaks() {
        if once.contains(&l) || dec.contains(&l) {
            return Some(format!("LEAK {l}: {once}"));
        }
    }
    if changed != (once != p.text) {
        return Some("CHANGED".into());
    }
    if !changed && p.parts.iter().any(|(_, q)| *q != Part::Kept) {
        return Some("UNCHANGED".into());
    }
    for k in p.of(Part::Kept) {
        if !once.contains(k) {
            return Some(format!("GONE {k}: {once}"));
        }
    }
    let (twice, again) = redacted(&once);
    if twice != once || again {
        return Some(format!("TWICE {once}\n{twice}"));
    }
    None
}
#[test]
fn explore() {
    let n: usize = std::env::var("N").map_or(300, |n| n.parse().unwrap());
    let k: usize = std::env::var("K").map_or(6, |n| n.parse().unwrap());
    let how = std::env::var("HOW").unwrap_or_default();
    let wanted = std::env::var("PROMISE").ok();
    let mut runner = TestRunner::new(ProptestConfig::default());
    for (name, generator) in PROMISES {
        if wanted.as_ref().is_some_and(|w| w != name) {
            continue;
        }
        let mut bad = Vec::new();
        for _ in 0..n {
            let p = Tape::build(generator)
                .new_tree(&mut runner)
                .unwrap()
                .current();
            let f = if how == "redact" {
                redact_fails(&p)
            } else {
                mask_fails(&p)
            };
            if let Some(f) = f {
                bad.push((p.text.len(), format!("{p:?}\n-> {f}\n")));
            }
        }
        bad.sort();
        println!("=== {name}: {} of {n}", bad.len());
        for (_, b) in bad.iter().take(k) {
            println!("{b}");
        }
    }
}
