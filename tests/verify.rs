//! `verify` in each kind of capture: which bytes are verified, and what is said where they do not fit.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/program.rs"]
mod program;
#[path = "support/signed.rs"]
mod signed;

use serde_json::{Value, json};

use program::{mewshook, outcome, run};
use signed::{
    CONNECTOR, KEY, OTHER, POS, assert_verdicts, chunked, flow, folder, gzip, json_captures,
    request, sign, signed_request,
};

/// Bodies with bytes around the JSON that a reader of JSON would leave out.
const BODIES: [(&str, &str); 8] = [
    ("", ""),
    ("", "\n"),
    ("", "\r\n"),
    ("", "\n\n\n"),
    ("  ", " "),
    ("\n", ""),
    ("\u{feff}", ""),
    ("\u{feff}\r\n", "\t\n"),
];

fn bodies() -> impl Iterator<Item = String> {
    BODIES
        .iter()
        .map(|(before, after)| format!("{before}{POS}{after}"))
}

#[test]
fn the_complete_body_is_verified_in_each_capture() {
    for body in bodies() {
        let signature = sign(&body);
        let raw = signed_request(body.as_bytes());
        let headers = format!("Content-Encoding: gzip\r\nX-Signature: {signature}\r\n");
        let text = [
            ("raw.http", raw.clone()),
            ("dump.log", [b"some text\n", &*raw].concat()),
            ("chunked.http", chunked(body.as_bytes(), &signature)),
            ("gzip.http", request(&headers, &gzip(body.as_bytes()))),
            ("flow.mitm", flow(&body, &signature).into_bytes()),
        ];
        let json = json_captures(&body, &signature).into_iter();
        let json = json.map(|(name, value)| (name, value.to_string().into_bytes()));
        for (name, capture) in text.into_iter().chain(json) {
            let objects = assert_verdicts(name, &capture, 0, &["valid"]);
            assert_eq!(objects[0]["bytes"], body.len(), "{name}");
            assert_eq!(objects[0]["secret"], "pos.key", "{name}");
            assert_eq!(objects[0]["serialized"], false, "{name}");
        }
        let several = [&*raw, b"\r\n\r\n###\r\n", &raw, &raw].concat();
        assert_verdicts("several.http", &several, 0, &["valid"; 3]);
    }
}

#[test]
fn payloads_in_one_body_share_its_signature() {
    let array = format!("[{POS}, {CONNECTOR},\n{POS}]\n");
    let objects = assert_verdicts(
        "a.http",
        &signed_request(array.as_bytes()),
        0,
        &["valid"; 3],
    );
    assert!(objects.iter().all(|object| object["bytes"] == array.len()));
    // Without one, it depends on the kind of each.
    let expected = [
        "unsigned no-signature",
        "connector",
        "unsigned no-signature",
    ];
    assert_verdicts("a.http", &request("", array.as_bytes()), 1, &expected);
}

#[test]
fn verdicts_depend_on_the_headers() {
    let signature = sign(POS);
    let header = format!("X-Signature: {signature}\r\n");
    let cases: &[(&str, &str, i32, &str)] = &[
        (POS, "", 1, "unsigned no-signature"),
        (POS, "X-Signature:\r\n", 1, "unsigned empty-signature"),
        (
            POS,
            "X-Signature: \r\nX-Signature:\r\n",
            1,
            "unsigned empty-signature",
        ),
        (
            POS,
            &header
                .to_uppercase()
                .replace(&signature.to_uppercase(), &signature),
            0,
            "valid",
        ),
        (POS, &header.repeat(2), 0, "valid"),
        (
            POS,
            &format!("{header}X-Signature: abc\r\n"),
            1,
            "mismatch several-signatures",
        ),
        (
            POS,
            &format!("X-Signature: abc, {signature}\r\n"),
            1,
            "mismatch several-signatures",
        ),
        (POS, "X-Signature: abc\r\n", 1, "mismatch malformed"),
        (
            POS,
            &format!("X-Signature: \"{signature}\"\r\n"),
            1,
            "mismatch signature-quotes",
        ),
        (CONNECTOR, "", 3, "connector"),
        (CONNECTOR, &header, 1, "mismatch"),
        (
            CONNECTOR,
            &format!("X-Signature: {}\r\n", sign(CONNECTOR)),
            0,
            "valid",
        ),
    ];
    for (body, headers, status, expected) in cases {
        assert_verdicts(
            "a.http",
            &request(headers, body.as_bytes()),
            *status,
            &[expected],
        );
    }
    // The rest decides if one of the payloads is of the Connector API.
    let both = [
        signed_request(POS.as_bytes()),
        request("", CONNECTOR.as_bytes()),
    ]
    .concat();
    assert_verdicts("a.http", &both, 0, &["valid", "connector"]);
    assert_verdicts("a.json", POS.as_bytes(), 1, &["unverifiable no-headers"]);
}

#[test]
fn what_happened_to_a_captured_body_is_named() {
    let pretty = serde_json::from_str::<Value>(POS).unwrap();
    let pretty = format!("{pretty:#}");
    let crlf = pretty.replace('\n', "\r\n");
    let named = POS.replace("confirmed", "réservé");
    let latin_1: String = named.bytes().map(char::from).collect();
    let cases = [
        (POS.to_owned(), format!("{POS}\n"), "mismatch newline-added"),
        (
            format!("{POS}\n"),
            POS.to_owned(),
            "mismatch newline-removed",
        ),
        (pretty.clone(), crlf.clone(), "mismatch crlf-added"),
        (crlf, pretty.clone(), "mismatch crlf-removed"),
        (
            POS.to_owned(),
            format!("\u{feff}{POS}"),
            "mismatch byte-order-mark-added",
        ),
        (POS.to_owned(), pretty, "mismatch serialized-anew"),
        (named, latin_1, "mismatch reencoded"),
        (
            POS.replace("confirmed", "seated"),
            POS.to_owned(),
            "mismatch",
        ),
    ];
    for (signed, captured, expected) in cases {
        let signature = sign(&signed);
        let raw = request(
            &format!("X-Signature: {signature}\r\n"),
            captured.as_bytes(),
        );
        assert_verdicts("a.http", &raw, 1, &[expected]);
        for (name, capture) in json_captures(&captured, &signature) {
            assert_verdicts(name, capture.to_string().as_bytes(), 1, &[expected]);
        }
    }
}

#[test]
fn captures_without_bytes_are_not_a_mismatch() {
    let value: Value = serde_json::from_str(POS).unwrap();
    let hookdeck = |signature: &str| json!({"models": [{"data": {"headers": {"x-signature": signature}, "body": value}}]});
    let smee = |signature: &str| {
        json!({
            "content-type": "application/json",
            "x-signature": signature,
            "body": value,
            "query": {},
            "timestamp": 1_795_892_678_801_u64,
        })
    };
    let captures: [&dyn Fn(&str) -> Value; 2] = [&hookdeck, &smee];
    for capture in captures {
        let anew = capture(&sign(value.to_string())).to_string();
        let objects = assert_verdicts("a.json", anew.as_bytes(), 0, &["valid"]);
        assert_eq!(objects[0]["serialized"], true);
        let spaced = POS.replace("\":", "\" :");
        let lost = capture(&sign(spaced)).to_string();
        let expected = "unverifiable reserialized-capture";
        assert_verdicts("a.json", lost.as_bytes(), 1, &[expected]);
    }
    let message = format!("received {POS} from Mews");
    let log = |signature: &str| {
        json!({"level": "info", "time": 1, "headers": {"x-signature": signature}, "msg": message})
            .to_string()
    };
    assert_verdicts("a.log", log(&sign(POS)).as_bytes(), 0, &["valid"]);
    let lost = log(&sign(format!(" {CONNECTOR}")));
    assert_verdicts("a.log", lost.as_bytes(), 1, &["unverifiable excerpt"]);
    let raw = signed_request(format!("{POS}     ").as_bytes());
    let truncated = &raw[..raw.len() - 40];
    assert_verdicts("a.http", truncated, 1, &["unverifiable truncated-capture"]);
}

#[test]
fn extracted_payloads_are_verified() {
    let folder = folder(&[("a.http", &signed_request(POS.as_bytes()))]);
    let (status, out, _) = run(&folder, &["extract", "--with-delivery", "a.http"]);
    assert_eq!(status, Some(0));
    assert_verdicts("records.ndjson", out.as_bytes(), 0, &["valid"]);
}

#[test]
fn secrets_are_read_from_files_and_variables_and_not_shown() {
    let folder = folder(&[
        ("a.http", &signed_request(POS.as_bytes())),
        ("empty.key", b"\n"),
    ]);
    let verify = |arguments: &[&str]| {
        let arguments = [&["verify"], arguments, &["a.http"]].concat();
        let mut command = mewshook(&folder, &arguments);
        command.env("POS_SECRET", KEY).env("OTHER_SECRET", OTHER);
        command.env("SPACED_SECRET", format!(" {KEY}\n"));
        let (status, out, error) = outcome(command.output().unwrap());
        assert!(
            ![&out, &error]
                .iter()
                .any(|text| text.contains(KEY) || text.contains(OTHER))
        );
        (status, out + &error)
    };
    for (arguments, status, expected) in [
        (
            &["--secret-env", "POS_SECRET"][..],
            0,
            "the secret in $POS_SECRET fits",
        ),
        (
            &["--secret-env", "OTHER_SECRET", "--secret-file", "pos.key"],
            0,
            "the secret in pos.key fits",
        ),
        (&["--secret-env", "OTHER_SECRET"], 1, "no usual change"),
        (
            &["--secret-env", "SPACED_SECRET"],
            1,
            "[secret-white-space]",
        ),
        (
            &["--secret-env", "NO_SUCH_SECRET"],
            2,
            "NO_SUCH_SECRET is not set",
        ),
        (&["--secret-file", "empty.key"], 2, "empty.key is empty"),
        (
            &["--secret-file", "missing.key"],
            2,
            "missing.key: no such file",
        ),
        (&[], 2, "--secret-file <FILE>|--secret-env <NAME>"),
        (
            &["--secret-file", "pos.key", "missing.http"],
            3,
            "missing.http: no such file",
        ),
        (
            &["--secret-file", "pos.key", "pos.key"],
            3,
            "pos.key: there is no payload",
        ),
    ] {
        let (found, text) = verify(arguments);
        assert!(text.contains(expected), "{arguments:?}: {text}");
        assert_eq!(found, Some(status), "{arguments:?}: {text}");
    }
}

#[test]
fn each_report_says_what_a_signature_is_not() {
    for (name, capture) in [
        ("a.http", signed_request(POS.as_bytes())),
        ("b.http", request("", POS.as_bytes())),
    ] {
        let folder = folder(&[(name, &capture)]);
        for (format, stream) in [("human", 1), ("ndjson", 2)] {
            let arguments = [
                "verify",
                "--secret-file",
                "pos.key",
                "--format",
                format,
                name,
            ];
            let (_, out, error) = run(&folder, &arguments);
            let text = if stream == 1 { out } else { error };
            assert!(
                text.contains("a recorded request can be sent again"),
                "{text}"
            );
            assert!(text.contains("Connector webhooks are not signed"), "{text}");
        }
    }
}
