//! Tests what is masked and what is not. They have a file of their own since a secret can be
//! written in many ways.

use super::mask;

/// Asserts that `mask` masks exactly the parts of each text that are in angle brackets.
fn assert_masked(texts: &[&str]) {
    for text in texts {
        let mut expected = String::new();
        let mut is_secret = false;
        for character in text.chars() {
            match character {
                '⟨' | '⟩' => is_secret = character == '⟨',
                _ => expected.push(if is_secret { '*' } else { character }),
            }
        }
        let text = text.replace(['⟨', '⟩'], "");
        assert_eq!(mask(&text), expected, "{text}");
    }
}

#[test]
fn names_are_recognised_in_any_spelling() {
    assert_masked(&[
        r#"{"AccessTo\u006ben": "⟨x y⟩", "Id": 1}"#,
        r#"{"access_token": "⟨x⟩"}"#,
        r#"{"API-Key": "⟨x⟩"}"#,
        r#"{"Acces Token": "⟨x⟩"}"#,
        r#"{"AccessTokn": "⟨x⟩"}"#,
        r#"{"ClientTokens": ["⟨a]⟩", {"⟨b⟩": "⟨c⟩"}], "Id": "x"}"#,
        r#"{"ApiKye": ⟨42⟩, "Id": 7}"#,
        "{\"ApiKey\":\n  \"⟨x⟩\"}",
        "{\"ApiKey\": [\n  \"⟨x⟩\"\n], \"Id\": 1}",
        r#"{"AccessToken": null, "ApiKey": true, "ClientToken": ""}"#,
        "X-Api-Key: ⟨x y⟩\nHost: z",
        "AccessToken=⟨x⟩&Id=1",
    ]);
}

#[test]
fn values_are_recognised_in_any_notation() {
    assert_masked(&[
        "{'AccessToken': '⟨x y⟩', 'Id': 'z'}",
        "access_token=⟨x⟩",
        "API_KEY = ⟨x y⟩",
        "export API_KEY=⟨x⟩",
        "<ApiKey>⟨x y⟩</ApiKey><Id>z</Id>",
        "<m:ApiKeys a=\"b\">⟨<string>x</string>⟩</m:ApiKeys>",
        "&lt;ApiKey&gt;⟨x⟩&lt;/ApiKey&gt;",
        "array(\"AccessToken\" => \"⟨x⟩\", \"Id\" => \"y\")",
        "{:access_token=>\"⟨x⟩\", :id=>\"y\"}",
        "&quot;ApiKey&quot;:&quot;⟨x⟩&quot;,&quot;Id&quot;:&quot;y&quot;",
        "data:\n  AccessToken: ⟨x⟩\n  Id: y",
        "AccessToken:\n  ⟨x⟩\nId: y",
        "a=b&access_token=⟨x⟩&c=d",
        "payload=%7B%22AccessToken%22%3A%22⟨x⟩%22%2C%22Id%22%3A%22y%22%7D",
        "https://h/?u=https%253A%252F%252Fi%252F%253Ftoken%253D⟨x⟩%2526a%253Db",
        "{\"AccessToken\":\n\"⟨x⟩\" oops",
        "“AccessToken”: “⟨x⟩”, “Id”: “y”",
        "Client token ‘clientToken’: ‘⟨x⟩’",
        "connectionToken: ⟨x⟩",
        "password: ⟨x⟩",
        "client_secret=⟨x⟩ status=200",
        "https://h/?subscription-key=⟨x⟩&a=b",
        "sent Bearer ⟨x⟩ to it",
        "the Bearer token is missing",
        r#"{"headers": [{"name": "Authorization", "value": "⟨x⟩"}, {"value": "⟨a=b⟩", "name": "cookie"}]}"#,
        "headers: {'name': 'X-Api-Key', 'value': '⟨x⟩'}",
        r#"["Host", "h", "Authorization", "⟨Bearer x⟩", "Accept", "y"]"#,
        "mewshook --api-key ⟨x⟩ --verbose",
        "Requests.token('x')",
    ]);
}

#[test]
fn secrets_in_broken_text_are_masked() {
    assert_masked(&[
        r#"{"AccessToken" "⟨x⟩", "Id": "y"}"#,
        r#"{"AccessToken":: "⟨x⟩", "Id": "y"}"#,
        r#"{"AccessToken" = "⟨x⟩", "Id": "y"}"#,
        r#"{"AccessToken", "⟨x⟩", "Id": "y"}"#,
        r#"{"AccessToken", "Id": "y"}"#,
        r#"{"AccessToken" /* a */: "⟨x⟩", "Id": "y"}"#,
        "{\"AccessToken\": // a\n \"⟨x⟩\", \"Id\": \"y\"}",
        r#"{"AccessToken" oops: "⟨x⟩", "Id": "y"}"#,
        r#"{"AccessToken": ⟨oops "x"⟩, "Id": "y"}"#,
        "{\"AccessToken\"\n: \"⟨x⟩\", \"Id\": \"y\"]",
        r#"{"AccessToken": "⟨"x⟩"", "Id": "y"}"#,
        r#"{"AccessToken": "⟨x"y⟩", "Id": "z"}"#,
        r#"{"AccessToken": ⟨x⟩", "Id": "y"}"#,
        r#"{"AccessToken": "⟨x, ⟩"Id": "y"}"#,
        r#"INFO {"a": {"ApiKeys": ⟨["x", {"y": 1}]⟩}}}"#,
    ]);
}

#[test]
fn json_in_strings_is_searched() {
    assert_masked(&[
        r#"{"body": "{\"AccessToken\":\"⟨x\\\"y⟩\", \"Id\": \"z\"}", "Name": "n"}"#,
        r#"{"a": "{\"b\": \"{\\\"ApiKey\\\": \\\"⟨x⟩\\\", \\\"c\\\": 1}\"}"}"#,
        r#"{"a": "{\"ApiKey\": [\"⟨x⟩\"], \"Id\": 1}"}"#,
        r#"{"a": "{\u0022ApiKey\u0022: \u0022⟨x⟩\u0022}"}"#,
        r#"{"a": "{\"ApiKey\": \"⟨cut⟩", "Id": "x"}"#,
    ]);
}

#[test]
fn tokens_are_recognised_by_their_format() {
    assert_masked(&[
        "⟨c66ef7b239d24632943d115ede9cb810-ea00f8fd8294692c940f6b5a8f9453d⟩",
        r#""⟨C66EF7B239D24632943D115EDE9CB810\u002dEA00F8FD8294692C940F6B5A8F9453D⟩""#,
        r#""⟨\u0043\u00366EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D⟩""#,
        "⟨C66EF7B239D24632943D115EDE9CB81-EA00F8FD8294692C940F6B5A8F9453D⟩",
        "⟨-EA00F8FD8294692C940F⟩ tail",
        "head ⟨39D24632943D115EDE9CB810-⟩",
        "head D24632943D115ED-EA00F8FD8294",
        "0C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C",
    ]);
}

#[test]
fn only_secrets_of_urls_are_masked() {
    assert_masked(&[
        "https://example.com/hook?id=7&Token=⟨x-y⟩&name=z#access_token=⟨q⟩",
        "https://⟨user:pass⟩@example.com/a@b",
        "wss://example.com/ws?ClientToken=⟨x⟩&AccessToken=⟨y⟩ HTTP/1.1",
        r#"{"url": "https:\/\/⟨me⟩@example.com\/?a=b\u0026client%5Fsecret=⟨x⟩"}"#,
        "https://example.com/?next=https%3A%2F%2Fexample.org%3Fsig%3D⟨x⟩%26y&a=b",
        "https://example.com/?sig=⟨x%26y⟩&a=b",
        "https://example.com/?code=⟨x⟩&encode=y&monkey=z&key=⟨w⟩",
        "https://docs.mews.com/connector-api?a=key&b=token",
        "key=1, code=2",
    ]);
}

#[test]
fn headers_are_secret_to_the_end_of_their_line() {
    assert_masked(&[
        "POST / HTTP/1.1\r\nAuthorization: ⟨Digest a=\"b\", c⟩\r\nCookie: ⟨a=b; c=d⟩\r\n\r\n{}",
        "> Proxy-Authorization: ⟨Bearer x⟩\n> Host: y",
        r#"{"Authorization": "⟨Bearer x⟩", "Set-Cookie": ["⟨a=b⟩"], "Host": "y"}"#,
        r#"{"raw": "POST /\r\nX-Signature: ⟨x⟩\r\nHost: y\r\ncookie: ⟨a=\"b\"⟩", "Id": "z"}"#,
        r#"curl -H 'Authorization: ⟨Bearer x⟩' -d '{"Id": 1}'"#,
        r#"{"text": "sent with Authorization: ⟨Bearer x⟩", "Id": "y"}"#,
        r#"{"text": "my token: ⟨x⟩", "Id": "y"}"#,
    ]);
}

#[test]
fn harmless_text_is_shown() {
    assert_masked(&[
        r#"{"Id": "c66ef7b2-39d2-4632-943d-115ede9cb810", "IsEnabled": true, "Total": null}"#,
        "https://docs.mews.com:443/connector-api/events/wh-integration#tokens",
        "2019-05-24T07:35:35Z",
        "`Data.AccessToken` is missing",
        "add `AccessToken`: it is required here",
        "warning[token-shape]: `Data.ApiKey` has another shape",
    ]);
}

/// Each of these would take hours in quadratic time.
#[test]
fn hostile_texts_take_linear_time() {
    for part in [
        ":",
        "-",
        "=",
        "\\",
        "\"token:",
        "\"token\":[",
        "token:[",
        "\"token\":{\"",
        "token: ",
        "://",
        "a://@",
        "?token=",
        "\\\"token\\\":[",
        "\\n",
        "%3D",
        "Cookie:",
        "\"Cookie\":\\\"",
        "C66EF7B239D24632943D115EDE9CB810-",
        " ",
        "\"",
        "\\\"ApiKey\\\":\\\\\\\"",
    ] {
        super::spans_to_mask(part.repeat((4 << 20) / part.len()).as_bytes());
    }
}

#[test]
fn secrets_are_masked_in_place() {
    let token = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D";
    let stars = "*".repeat(token.len());
    for text in [
        "see {} there",
        "{\"AccessToken\": \"{}\"}",
        "{\"X\": \"{}\"}",
    ] {
        assert_eq!(
            mask(&text.replacen("{}", token, 1)),
            text.replacen("{}", &stars, 1)
        );
    }
    assert_eq!(
        mask(r#"{"ApiKey" : "short\"er", "Name": "x"}"#),
        r#"{"ApiKey" : "*********", "Name": "x"}"#
    );
    assert_eq!(mask(r#"{"ClientToken":"cut"#), r#"{"ClientToken":"***"#);
    assert_eq!(mask(r#"{"apiKey":["cut"]}"#), r#"{"apiKey":["***"]}"#);
    assert_eq!(mask("{AccessToken:'cut'}"), "{AccessToken:'***'}");
    assert_eq!(mask(r#"{"AccessToken":null}"#), r#"{"AccessToken":null}"#);
    assert_eq!(
        mask("c66ef7b2-39d2-4632-943d-115ede9cb810"),
        "c66ef7b2-39d2-4632-943d-115ede9cb810"
    );
}

#[test]
fn truncated_secrets_and_secrets_with_control_characters_are_masked() {
    assert_masked(&[
        "{\"x\": \"⟨AB12CD34EF5647A89B0C1D2E3F405162-0F1E2D3C4B5A69⟩",
        "an id 9e5e84e9-974d-4f16-9662-ab2200f27cb1 stays",
        r#"{"a": "https://h/?token=⟨\u0001b⟩"}"#,
        r#"{"a": "https://⟨u:a\u0001b⟩@h/"}"#,
        r#"{"a": "AccessToken=⟨ab\u0007c⟩"}"#,
    ]);
}

#[test]
fn secrets_in_coloured_text_are_masked() {
    assert_masked(&[
        "\u{1b}[32mApiKey\u{1b}[39m: ⟨x⟩",
        "\u{1b}[34;1m\"ApiKey\"\u{1b}[0m\u{1b}[39m:\u{1b}[0m\u{1b}[32m\"⟨x⟩\"",
        r#"{"log": "\u001b[32mApiKey\u001b[39m: ⟨x⟩"}"#,
    ]);
}

#[test]
fn yaml_blocks_are_masked_completely() {
    assert_masked(&[
        "api_key: >-\r\n  ⟨x⟩\r\n",
        "api_key: |2-\n  ⟨x\n\n  y⟩\nId: z",
        "api_keys:\n⟨- x\n- y⟩\nId: z",
    ]);
}

#[test]
fn words_of_prose_are_shown() {
    assert_masked(&[
        "Voucher bearer pays 10 EUR",
        "Basic DoubleRoom, Basic Room-Type2, basic package=yes",
        "Bearer \"⟨Zq7xKp3WmB9dTabcd1⟩\"",
        "ETag: \"33a64df551425fcc-55e4\" of an order",
        "invoice A-1234567890123456",
        "Spikey: cat, Apikeya: 1, ApiKey1: on",
    ]);
}

#[test]
fn headers_of_captures_are_masked() {
    assert_masked(&[
        r#"{"headers": [{"name": "Host", "value": "h"}, {"value": "⟨Bearer x⟩", "name": "AUTHORIZATION"}]}"#,
        r#"{"headers": [{"key": "x-api-key", "value": ["⟨x⟩", "⟨y⟩"]}]}"#,
        r#"{"headers": [["host", "h"], ["authorization", "⟨Bearer x⟩"], ["X-Api-Key", "⟨x⟩"]]}"#,
        r#"{"rawHeaders": ["Host", "h", "X-Api-Key", "⟨x⟩", "Cookie", "⟨a=b⟩", "Accept", "y"]}"#,
        r#"{"headers": {"Authorization": ["⟨Bearer x⟩"], "Host": ["h"]}}"#,
        r#"{"multiValueHeaders": {"cookie": ["⟨a=b⟩", "⟨c=d⟩"]}, "requestContext": {"identity": {"apiKey": "⟨k⟩", "sourceIp": "1.2.3.4"}}}"#,
        r#"{"names": ["token", "key", "secret", "code"]}"#,
    ]);
}

#[test]
fn every_cookie_is_masked() {
    assert_masked(&[
        r#"{"cookies": [{"name": "session", "value": "⟨x⟩", "path": "/", "httpOnly": true}]}"#,
        r#"{"cookies": [{"value": "⟨x⟩", "name": "a"}, {"name": "b", "value": "⟨y⟩"}]}"#,
        r#"{"cookies": {"session": "⟨x⟩", "a": ["⟨y⟩"]}, "Id": "z"}"#,
        r#"{"cookies": ["⟨a=b⟩", "⟨c=d; Path=/⟩"], "Id": "z"}"#,
    ]);
}

#[test]
fn parameters_in_lists_and_forms_are_masked() {
    assert_masked(&[
        r#"{"queryString": [{"name": "Token", "value": "⟨x⟩"}, {"name": "code", "value": "⟨y⟩"}, {"name": "page", "value": "1"}]}"#,
        r#"{"queryStringParameters": {"code": "⟨x⟩", "page": "1"}, "code": "y"}"#,
        r#"{"multiValueQueryStringParameters": {"sig": ["⟨x⟩"], "page": ["1"]}}"#,
        r#"{"query": {"sig": "⟨x⟩"}, "rawQueryString": "code=⟨x⟩&page=1"}"#,
        r#"{"query": [["code", "⟨x⟩"], ["page", "1"]]}"#,
        r#"{"postData": {"params": [{"name": "pass", "value": "⟨x⟩"}], "text": "pass=⟨x⟩&user=y"}}"#,
        r#"{"params": {"code": 1, "key": "x"}}"#,
        "code=⟨x⟩&user=y",
        "POST /a HTTP/1.1\r\nHost: h\r\n\r\ncode=⟨x⟩&user=y",
        "https://sns/?Action=Unsubscribe&SubscriptionArn=⟨arn:aws:x⟩",
    ]);
}

/// Encodes as base64, with the marked parts of the text marked in the result.
fn encoded(text: &str, width: usize, line_break: &str) -> String {
    let plain = text.replace(['⟨', '⟩'], "");
    let base64 = data_encoding::BASE64.encode(plain.as_bytes());
    let mut marks = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive(['⟨', '⟩']) {
        let length = part.trim_end_matches(['⟨', '⟩']).len();
        at += length;
        if part.ends_with('⟨') {
            marks.push((at * 8 / 6, '⟨'));
        } else if part.ends_with('⟩') {
            marks.push(((at * 8).div_ceil(6) - 1, '⟩'));
        }
    }
    let mut out = String::new();
    for (number, character) in base64.chars().enumerate() {
        if width > 0 && number > 0 && number % width == 0 {
            out.push_str(line_break);
        }
        if marks.contains(&(number, '⟨')) {
            out.push('⟨');
        }
        out.push(character);
        if marks.contains(&(number, '⟩')) {
            out.push('⟩');
        }
    }
    out
}

#[test]
fn secrets_in_base64_are_masked() {
    let json = encoded(r#"{"AccessToken": "⟨secret⟩", "Id": "y"}"#, 0, "");
    let http = "POST /a?token=⟨abc⟩ HTTP/1.1\r\nHost: h\r\n\r\n{\"ApiKey\": \"⟨x y⟩\", \"Note\": \"a longer text\"}";
    let request = encoded(http, 0, "");
    let twice = encoded(&json.replace(['⟨', '⟩'], ""), 0, "");
    assert_masked(&[
        &json,
        &format!(r#"{{"body": "{json}", "isBase64Encoded": true}}"#),
        &format!("2026-01-05 body={json} status=200"),
        &format!("folder/x/{json}"),
        &format!(r#"{{"raw": "{request}"}}"#),
        &format!(
            r#"{{"log": "{{\"raw\": \"{}\"}}"}}"#,
            request.replace('/', "\\\\\\/")
        ),
        &encoded(http, 76, "\r\n"),
        &encoded(http, 60, "\n"),
        &format!("{{\"raw\": \"{}\"}}", encoded(http, 76, "\\r\\n")),
        &request[4..],
    ]);
    assert!(super::mask(&twice).contains("**"));
    let gzip = format!("H4sI{}", "AAAAAAAAA6tWKkotLs0pUbJSUEoqz0gtUtJRSkstKUrM").repeat(1);
    assert_masked(&[&format!("{{\"data\": \"⟨{gzip}⟩\"}}")]);
}

#[test]
fn base64_is_found_after_any_character() {
    let json = encoded(r#"{"ApiKey": "⟨x⟩"}"#, 0, "");
    for before in ["”", "é", "東", ".", "_", "a", "ab", "é_", "a.b."] {
        assert_masked(&[&format!("{before}{json}"), &format!("{before}{json}é")]);
    }
}

#[test]
fn secrets_in_chunks_are_masked() {
    assert_masked(&[
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{\"ApiKey\": \"⟨a\r\n4\r\nbc⟩\"}\r\n0\r\n\r\n",
    ]);
}

#[test]
fn random_words_of_urls_are_masked() {
    assert_masked(&[
        "https://hooks.example.com/catch/123456/⟨aB3dE5gH7jK9mN1p⟩/?page=2",
        "https://example.com/hook?who=⟨aB3dE5gH7jK9mN1p⟩&page=2",
        "https://hook.eu1.example.com/⟨u7n0s4xyzab8cdefg2hijkl3⟩",
        r#"{"path": "/hook/⟨aB3dE5gH7jK9mN1p⟩", "Id": "/hook/aB3dE5gH7jK9mN1p"}"#,
        "10.0.0.1 - \"POST /hook/⟨aB3dE5gH7jK9mN1p⟩?x=y HTTP/1.1\" 200",
        "https://example.com/Getting-Started-With-Webhooks-2024/getAll/2023-06-06",
        "https://example.com/851df8c8-90f2-4c4a-8e01-a4fc46b25178/851df8c890f24c4a8e01a4fc46b25178",
        "https://github.com/a/commit/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    ]);
}
