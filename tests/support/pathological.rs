//! Texts that are hard for scanners: a piece that is repeated in some position, at any size.

use serde_json::Value;

/// Pieces that open something without closing it, look like the start of something, or are
/// truncated.
pub const PIECES: &[&[u8]] = &[
    // Brackets.
    b"[",
    b"]",
    b"{",
    b"}",
    b"[]",
    b"{}",
    b"[[],",
    b"{\"a\":",
    b"{\"a\":[",
    b"}{",
    b"][",
    b"[x ",
    b"[{",
    b"{]",
    b"{[}",
    b"({<",
    b"[{},",
    // Quotes, backslashes and escapes.
    b"\"",
    b"\"\"",
    b"\\",
    b"\\\"",
    b"\\\\\"",
    b"\\\\\\\"",
    b"'",
    b"`",
    "\u{201c}".as_bytes(),
    b"\\u0041",
    b"\\u005c",
    b"\\u0022",
    b"\\u",
    b"\\ud83d",
    b"\\ud83d\\ude00",
    b"\\n",
    b"\\/",
    b"\"a\\",
    // Between values.
    b":",
    b",",
    b", ",
    b"\":",
    b"\":\"",
    b"\",\"",
    b"{\"",
    b"=>",
    b"=",
    b"&",
    b"; ",
    b"a:",
    b"a=",
    b"a,b;",
    // White space, lines and marks.
    b" ",
    b"\t",
    b"\r",
    b"\r\n",
    b"\n ",
    b"} \n",
    b"\n\n",
    b"\xef\xbb\xbf",
    b"\x0c",
    b"\0",
    "\u{202e}".as_bytes(),
    // Truncated characters.
    b"\xc3",
    b"\xe2\x82",
    b"\xf0\x9f",
    b"\xff",
    "\u{20ac}".as_bytes(),
    "\u{1f600}".as_bytes(),
    // Words and numbers.
    b"y",
    b"true ",
    b"nul",
    b"NaN,",
    b"0",
    b"-",
    b"1e",
    b"1.",
    b"9e9,",
    b"a b ",
    b"Events",
    // Names of secrets, complete and truncated tokens, encoded names.
    b"token",
    b"token:",
    b"\"AccessToken\":",
    b"ApiKey=",
    b"\"Requestor\":{",
    b"Requestor: [Email: ",
    b"\x1b[31m",
    b"<ApiKey>",
    b"Authorization: Bearer ",
    b"Cookie: a=b; ",
    b"{\"name\":\"Authorization\",\"value\":",
    b"&quot;ApiKey&quot;:",
    b"C66EF7B239D24632943D115EDE9CB810-",
    b"C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F",
    b"-0A1B2C3D4E5F6071",
    b"0A1B2C3D4E5F6071",
    b"-",
    // URLs and email addresses.
    b"://",
    b"a://b",
    b"https://a:b@c/?token=d&",
    b"%2F",
    b"a:%2F%2F",
    b"%252F%253A",
    b"?key=",
    b"@",
    b"a@b.",
    // Frames, markup, comments.
    b"\"Events\":[0",
    b"{\"Action\":\"IntegrationEnabled\"}",
    b"<a><![CDATA[",
    b"eyJFdmVudHMiOltdfQ==",
    b"/* // # ",
];

/// A position with a function that makes a text of about some size from a piece.
pub type Position = (&'static str, fn(&[u8], usize) -> Vec<u8>);

/// The positions of pieces in a capture.
pub const POSITIONS: &[Position] = &[
    ("alone", repeated),
    ("in a string", |piece, size| {
        let value = quoted(&repeated(piece, size));
        around(b"{\"Action\":", &value, b",\"Data\":{}}")
    }),
    ("in a name", |piece, size| {
        let name = quoted(&repeated(piece, size));
        around(b"{\"Events\":[],", &name, b":1}")
    }),
    ("in an array", |piece, size| {
        let item = quoted(piece);
        around(b"{\"Events\":[", &joined(&item, size), b"]}")
    }),
    ("in a root array", |piece, size| {
        around(b"[", &joined(&quoted(piece), size), b"]")
    }),
    ("as names", |piece, size| {
        let mut text = b"{\"Events\":[]".to_vec();
        let mut number = 0;
        while text.len() < size {
            // Half of the names are equal.
            let name = match number % 2 {
                0 => [piece, format!("{number:06}").as_bytes()].concat(),
                _ => piece.to_vec(),
            };
            text.push(b',');
            text.extend(quoted(&name));
            text.extend(b":{}");
            number += 1;
        }
        text.push(b'}');
        text
    }),
    ("in a name around equal ones", |piece, size| {
        let name = quoted(&repeated(piece, size / 2));
        let equal = joined(b"\"k\":0", size / 2);
        let inside = around(b":{", &equal, b"}}");
        around(b"{\"Events\":[],", &name, &inside)
    }),
    ("in a name of many strings", |piece, size| {
        let name = quoted(&repeated(piece, size / 2));
        let inside = around(b":[", &joined(b"\"\"", size / 2), b"]}");
        around(b"{", &name, &inside)
    }),
    ("in faulty events", |piece, size| {
        let id = quoted(piece);
        let event = around(
            b"{\"Discriminator\":\"CustomerUpdated\",\"Value\":{\"Id\":",
            &id,
            b"}}",
        );
        around(b"{\"Events\":[", &joined(&event, size), b"]}")
    }),
    ("in JSON in a string", |piece, size| {
        let inner = quoted(&repeated(piece, size));
        let inner = quoted(&around(b"{\"ApiKey\":", &inner, b",\"a\":{}}"));
        around(b"{\"body\":", &inner, b"}")
    }),
    ("after a log's prefix", |piece, size| {
        let mut text = b"2026-01-01T00:00:00Z INFO received ".to_vec();
        text.extend(repeated(piece, size));
        text.extend(b" {\"Events\":[]}\n");
        text
    }),
    ("after a word of an array", |piece, size| {
        around(b"[x ", &repeated(piece, size), b"")
    }),
    ("in a faulty string of an array", |piece, size| {
        let mut text = quoted(&repeated(piece, size / 2));
        text.pop();
        text.extend(b"\\q\"");
        around(b"[", &text, &repeated(b" y", size / 2))
    }),
    ("unclosed", |piece, size| {
        around(
            b"{\"Action\":\"IntegrationEnabled\",\"Data\":{\"a\":[",
            &repeated(piece, size),
            b"",
        )
    }),
    ("one a line", |piece, size| {
        repeated(&[piece, b"\n"].concat(), size)
    }),
];

/// The positions of pieces in a configuration.
pub const SETTINGS: &[Position] = &[
    ("alone", repeated),
    ("in a kind", |piece, size| {
        around(b"kind = ", &quoted(&repeated(piece, size)), b"\n")
    }),
    ("in a key", |piece, size| {
        around(b"", &quoted(&repeated(piece, size)), b" = 1\n")
    }),
    ("in a code", |piece, size| {
        around(b"allow = [", &quoted(&repeated(piece, size)), b"]\n")
    }),
    ("in codes", |piece, size| {
        around(b"allow = [", &joined(&quoted(piece), size), b"]\n")
    }),
    ("in a glob", |piece, size| {
        let glob = quoted(&repeated(piece, size));
        around(b"[[fixtures]]\nfiles = [", &glob, b"]\n")
    }),
    ("in globs", |piece, size| {
        let globs = joined(&quoted(&[piece, b"*"].concat()), size);
        around(b"[[fixtures]]\nfiles = [", &globs, b"]\n")
    }),
    ("in tables", |piece, size| {
        let glob = quoted(&[piece, b"*.json"].concat());
        let table = around(b"[[fixtures]]\nstrict = true\nfiles = [", &glob, b"]\n");
        repeated(&table, size)
    }),
    ("in a comment", |piece, size| {
        around(b"# ", &repeated(piece, size), b"\nstrict = true\n")
    }),
    ("unclosed", |piece, size| {
        around(b"[[fixtures]]\nfiles = [\"", &repeated(piece, size), b"")
    }),
];

/// Returns a piece repeated up to about `size` bytes.
pub fn repeated(piece: &[u8], size: usize) -> Vec<u8> {
    piece.repeat((size / piece.len()).max(1))
}

fn joined(item: &[u8], size: usize) -> Vec<u8> {
    let mut text = repeated(&[item, b","].concat(), size);
    text.pop();
    text
}

fn around(before: &[u8], text: &[u8], after: &[u8]) -> Vec<u8> {
    [before, text, after].concat()
}

/// Returns a JSON string of these bytes. Invalid UTF-8 is not escaped.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for chunk in bytes.utf8_chunks() {
        let valid = Value::from(chunk.valid()).to_string();
        text.extend(&valid.as_bytes()[1..valid.len() - 1]);
        text.extend(chunk.invalid());
    }
    around(b"\"", &text, b"\"")
}
