//! Signatures of others: of RFC 4231 and OpenSSL through the program, and of the functions in the
//! documentation.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/program.rs"]
mod program;
#[path = "support/signed.rs"]
mod signed;

use std::io::Write as _;
use std::process::{Command, Stdio};

use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use mewshook::deliver::verify::SignatureCause;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestRng, TestRunner};
use sha2::Sha256;

use program::run;
use signed::{KEY, POS, folder, sign, sign_with, verdict};

/// Runs `verify --signature` on a body, with a secret of any bytes.
fn verify_body(key: &[u8], body: &[u8], signature: &str) -> (Option<i32>, String) {
    let folder = folder(&[("a.key", key), ("body", body)]);
    let arguments = ["verify", "--secret-file", "a.key", "--format", "ndjson"];
    let arguments = [&arguments[..], &["--signature", signature, "body"]].concat();
    let (status, out, _) = run(&folder, &arguments);
    (status, verdict(&serde_json::from_str(&out).unwrap()))
}

/// Test cases of RFC 4231, section 4.
#[test]
fn rfc_4231_vectors_are_met() {
    let cases: [(Vec<u8>, &[u8], &str); 6] = [
        (
            vec![0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 20],
            &[0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (
            (1..=25).collect(),
            &[0xcd; 50],
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            vec![0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. The \
              key needs to be hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ];
    for (key, data, hex) in cases {
        let code = HEXLOWER.decode(hex.as_bytes()).unwrap();
        let valid = verify_body(&key, data, &BASE64.encode(&code));
        assert_eq!(valid, (Some(0), "valid".to_owned()), "{hex}");
        let found = verify_body(&key, data, hex);
        assert_eq!(found, (Some(1), "mismatch hex".to_owned()), "{hex}");
    }
    // Case 5 is truncated to 128 bits.
    let code = HEXLOWER
        .decode(b"a3b6167473100ee06e0c796c2955552b")
        .unwrap();
    let found = verify_body(&[0x0c; 20], b"Test With Truncation", &BASE64.encode(&code));
    assert_eq!(found, (Some(1), "mismatch signature-truncated".to_owned()));
}

/// Returns what a command prints for this input, or `None` if it is not installed.
fn pipe(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "skipped, since {program} is not installed").unwrap();
        return None;
    };
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}");
    Some(output.stdout)
}

/// Returns values of a strategy, the same in each run.
fn generated<S: Strategy>(count: usize, strategy: &S) -> Vec<S::Value> {
    let rng = TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let values = (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    values.collect()
}

#[test]
fn signatures_of_openssl_are_valid() {
    let key = prop::collection::vec(any::<u8>(), 1..150);
    let body = prop::collection::vec(any::<u8>(), 0..500);
    for (key, body) in generated(12, &(key, body)) {
        let hex = format!("hexkey:{}", HEXLOWER.encode(&key));
        let arguments = [
            "dgst", "-sha256", "-mac", "HMAC", "-macopt", &hex, "-binary",
        ];
        let Some(code) = pipe("openssl", &arguments, &body) else {
            return;
        };
        // One line break at the end of the file is not part of the secret.
        let file = [&*key, b"\n"].concat();
        let found = verify_body(&file, &body, &BASE64.encode(&code));
        assert_eq!(found, (Some(0), "valid".to_owned()), "{key:?} {body:?}");
    }
    for (key, body) in generated(4, &("[!-~]{1,80}", "(?s).{0,99}")) {
        let arguments = ["dgst", "-sha256", "-hmac", &key, "-binary"];
        let code = pipe("openssl", &arguments, body.as_bytes()).unwrap();
        let found = verify_body(key.as_bytes(), body.as_bytes(), &BASE64.encode(&code));
        assert_eq!(found, (Some(0), "valid".to_owned()), "{key} {body:?}");
    }
}

const PAGE: &str = include_str!("../docs/deliver-verify.md");

/// Returns the code of the documentation in a language.
fn code(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

/// Signatures, and whether they are right.
fn examples() -> [(String, bool); 6] {
    let right = sign(POS);
    let code = BASE64.decode(right.as_bytes()).unwrap();
    [
        (right.clone(), true),
        (sign_with(b"other", POS.as_bytes()), false),
        (HEXLOWER.encode(&code), false),
        (right[..40].to_owned(), false),
        (String::new(), false),
        (format!("{right}é"), false),
    ]
}

#[test]
fn documented_receivers_verify_signatures() {
    for (program, language, call) in [
        (
            "node",
            "js",
            "\nprocess.stdin.on('data', (body) => console.log(isValid(process.argv[1], body, process.argv[2])));",
        ),
        (
            "python3",
            "python",
            "\nimport sys\nprint(str(is_valid(sys.argv[1].encode(), sys.stdin.buffer.read(), sys.argv[2])).lower())",
        ),
        (
            "ruby",
            "ruby",
            "\nputs valid?(ARGV[0], $stdin.binmode.read, ARGV[1])",
        ),
    ] {
        let flag = if language == "python" { "-c" } else { "-e" };
        let script = code(language).to_owned() + call;
        for (signature, expected) in examples() {
            let arguments = [flag, &script, KEY, &signature];
            let Some(printed) = pipe(program, &arguments, POS.as_bytes()) else {
                break;
            };
            let printed = String::from_utf8(printed).unwrap();
            assert_eq!(
                printed.trim(),
                expected.to_string(),
                "{program}: {signature}"
            );
        }
    }
}

// This function is in the documentation, too.
fn is_valid(secret: &[u8], body: &[u8], header: &str) -> bool {
    let Ok(code) = data_encoding::BASE64.decode(header.as_bytes()) else {
        return false;
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
    mac.update(body);
    mac.verify_slice(&code).is_ok()
}

#[test]
fn the_documented_function_verifies_signatures() {
    for (signature, expected) in examples() {
        assert_eq!(
            is_valid(KEY.as_bytes(), POS.as_bytes(), &signature),
            expected,
            "{signature}"
        );
    }
    let (_, function) = code("rust").split_once("fn is_valid").unwrap();
    assert!(include_str!("signatures.rs").contains(function));
}

#[test]
fn all_causes_are_documented() {
    for cause in SignatureCause::ALL {
        let row = format!("| `{}` |", cause.name());
        assert!(PAGE.contains(&row), "{row}");
    }
}
