//! Writes texts into HTTP messages.

use super::dice::Dice;
use super::written::Written;

/// How the body of a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length,
    Chunked,
    None,
}

/// Writes a text as the body of a message. If `is_text`, the message is UTF-8 throughout. If
/// `is_followed`, other text follows, so the end must be stated.
pub fn message(inner: &[u8], dice: &mut Dice, is_text: bool, is_followed: bool) -> Written {
    body(inner, dice, is_text, is_followed, "application/json")
}

/// Writes a text as a value of a form in a message.
pub fn form(inner: &[u8], dice: &mut Dice) -> (Written, Written) {
    let mut form = Written::default();
    form.raw(dice.pick(&["payload=", "token=a%20b&payload=", "a=1&%62="]));
    for byte in inner {
        match byte {
            b' ' if dice.once_in(2) => form.unit(1, "+"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => form.copy(&[*byte]),
            _ if dice.once_in(3) => form.unit(1, format!("%{byte:02x}")),
            _ => form.unit(1, format!("%{byte:02X}")),
        }
    }
    form.raw(dice.pick(&["", "&b=", "&b=%7Bx%7D"]));
    let message = body(
        &form.text,
        dice,
        true,
        false,
        "application/x-www-form-urlencoded",
    );
    (form, message)
}

fn body(
    inner: &[u8],
    dice: &mut Dice,
    is_text: bool,
    is_followed: bool,
    content_type: &str,
) -> Written {
    let end = dice.pick(&["\n", "\r\n"]);
    let framing = match is_followed {
        true => dice.pick(&[Framing::Length, Framing::Chunked]),
        false => dice.pick(&[Framing::Length, Framing::Chunked, Framing::None]),
    };
    let mut out = Written::default();
    let mut line = |text: String| {
        out.raw(text);
        out.raw(end);
    };
    line(
        dice.pick(&["POST /hooks?b=1 HTTP/1.1", "POST /hooks HTTP/1.1"])
            .into(),
    );
    line("Host: example.com".into());
    line(format!("Content-Type: {content_type}"));
    match framing {
        Framing::Length => line(format!("content-length: {}", inner.len())),
        Framing::Chunked => line("Transfer-Encoding: chunked".into()),
        Framing::None => {}
    }
    line(String::new());
    if framing != Framing::Chunked {
        out.copy(inner);
        return out;
    }
    let mut rest = inner;
    while !rest.is_empty() {
        let mut length = 1 + dice.below(rest.len());
        while is_text && length < rest.len() && rest[length] & 0xC0 == 0x80 {
            length += 1;
        }
        let (chunk, after) = rest.split_at(length);
        let extension = dice.pick(&["", "", ";a=b"]);
        out.raw(format!("{length:x}{extension}{end}"));
        out.copy(chunk);
        out.raw(end);
        rest = after;
    }
    out.raw(format!("0{end}{end}"));
    out
}
