//! JSON that is serialized anew, and the limits of what is tried.

use serde_json::Value;

use super::*;

#[test]
fn json_serialized_anew_is_named() {
    // The escapes of each were printed by the serializer that the comment names.
    let signed = [
        // JavaScript
        r#"{"n":"Jörg/+<'😀\u001f","l":[1,{}],"x":1e5}"#,
        // JavaScript, with an indent of 2
        "{\n  \"n\": \"Jörg/+<'😀\\u001f\",\n  \"l\": [\n    1,\n    {}\n  ],\n  \"x\": 1e5\n}",
        // Python
        r#"{"n": "J\u00f6rg/+<'\ud83d\ude00\u001f", "l": [1, {}], "x": 1e5}"#,
        // PHP
        r#"{"n":"J\u00f6rg\/+<'\ud83d\ude00\u001f","l":[1,{}],"x":1e5}"#,
        // Rails
        r#"{"n":"Jörg/+\u003c'😀\u001f","l":[1,{}],"x":1e5}"#,
        // .NET
        r#"{"n":"J\u00F6rg/\u002B\u003C\u0027\uD83D\uDE00\u001f","l":[1,{}],"x":1e5}"#,
    ];
    let captured = signed.iter().copied().chain([
        "{ \"n\" : \"J\\u00F6rg\\/+<'\\uD83D\\uDE00\\u001F\" ,\t\"l\":[1,{ } ],\r\n\"x\":1e5 }\n",
    ]);
    for captured in captured {
        for signed in signed {
            if signed != captured {
                assert_body(
                    signed.as_bytes(),
                    captured.as_bytes(),
                    &[Cause::SerializedAnew],
                );
            }
        }
    }
}

#[test]
fn names_and_texts_of_causes_are_unique() {
    let mut names: Vec<_> = Cause::ALL.iter().map(|cause| cause.name()).collect();
    let mut messages: Vec<_> = Cause::ALL.iter().map(|cause| cause.message()).collect();
    names.sort_unstable();
    names.dedup();
    messages.sort_unstable();
    messages.dedup();
    assert_eq!(
        (names.len(), messages.len()),
        (Cause::ALL.len(), Cause::ALL.len())
    );
}

/// Returns the number of bodies that are visited, and their bytes.
fn visited(body: &[u8]) -> (usize, usize) {
    let (mut count, mut bytes) = (0, 0);
    let _ = bodies::visit(body, &mut |body, _| {
        count += 1;
        bytes += body.len();
        ControlFlow::Continue(())
    });
    (count, bytes)
}

#[test]
fn the_number_of_bodies_is_limited() {
    let deep = format!("{}\u{e9}\r\n1\n{}", "[".repeat(120), "]".repeat(120));
    for body in [
        "",
        BODY,
        "\u{feff}{\r\n\"é\":\n1}\r\n",
        &deep,
        &format!(
            "{}{}1{}",
            "[".repeat(120),
            "1,\r\n".repeat(10_000),
            "]".repeat(120)
        ),
    ] {
        let (count, bytes) = visited(body.as_bytes());
        assert!(count <= 48, "{count} bodies");
        // Line breaks and levels are repeated, but not for each nested value.
        assert!(bytes <= 48 * (8 * body.len() + 2048), "{bytes} bytes");
    }
}

#[test]
fn serializers_agree_with_serde_json() {
    for text in [
        BODY,
        r#"{"a":[[],{},[1,[2,"x\ny\"é"]],null,true],"b":-1.5e3}"#,
    ] {
        let value: Value = serde_json::from_str(text).unwrap();
        let mut found = Vec::new();
        let _ = serializers::visit(text.as_bytes(), &mut |body, _| {
            found.push(String::from_utf8(body.to_vec()).unwrap());
            ControlFlow::Continue(())
        });
        let expected = value.to_string().replace("-1500.0", "-1.5e3");
        assert!(found.contains(&expected), "{expected}");
        let expected = format!("{value:#}").replace("-1500.0", "-1.5e3");
        assert!(found.contains(&expected), "{expected}");
    }
}
