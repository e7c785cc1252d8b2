//! Pages are well-formed HTML that loads nothing, in which text of a capture is text and nothing else.
//! `tests/browser/` opens them in a browser.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use data_encoding::BASE64;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use mewshook::checks::rules;
use mewshook::frame::Frames;
use mewshook::sample;
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use support::printed::printed;
use support::{cases, changed_payload};

fn page(text: &str) -> String {
    page_of(text, "html")
}

/// The pages of `validate`, `stats` and `timeline`.
const PAGES: [&str; 3] = ["html", "stats-html", "timeline html"];

fn page_of(text: &str, format: &str) -> String {
    printed(Frames::from_bytes(text.as_bytes().to_vec()), format, 1)
}

/// Returns payloads as lines.
fn stream(payloads: &[Value]) -> String {
    let lines: Vec<_> = payloads.iter().map(Value::to_string).collect();
    lines.join("\n")
}

/// Returns the records of the `ndjson` report.
fn records(stream: &str) -> Vec<Value> {
    let frames = Frames::from_bytes(stream.as_bytes().to_vec());
    let lines = printed(frames, "ndjson", 1);
    let lines = lines.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Parses a page, which must have no error.
fn parse(page: &str) -> RcDom {
    let mut options = ParseOpts::default();
    options.tokenizer.exact_errors = true;
    options.tree_builder.exact_errors = true;
    let dom = parse_document(RcDom::default(), options).one(page);
    let errors = dom.errors.borrow().to_vec();
    assert!(errors.is_empty(), "{errors:?}\n{page}");
    dom
}

/// A function of an element, its name and its attributes.
type Call<'c> = dyn FnMut(&Handle, &str, &BTreeMap<String, String>) + 'c;

/// Calls a function for each element below a node, in text order.
fn visit(node: &Handle, call: &mut Call<'_>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes = attrs.borrow();
        let attributes = attributes.iter().map(|attribute| {
            (
                attribute.name.local.to_string(),
                attribute.value.to_string(),
            )
        });
        call(node, &name.local, &attributes.collect());
    }
    for child in node.children.borrow().iter() {
        visit(child, call);
    }
}

/// Returns the text below a node, without that of elements with a class.
fn text_without(node: &Handle, class: &str) -> String {
    match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        NodeData::Element { attrs, .. } => {
            let has_class = attrs.borrow().iter().any(|attribute| {
                *attribute.name.local == *"class"
                    && attribute.value.split(' ').any(|name| name == class)
            });
            if has_class {
                return String::new();
            }
            let children = node.children.borrow();
            children
                .iter()
                .map(|child| text_without(child, class))
                .collect()
        }
        _ => {
            let children = node.children.borrow();
            children
                .iter()
                .map(|child| text_without(child, class))
                .collect()
        }
    }
}

fn text(node: &Handle) -> String {
    text_without(node, "\0")
}

/// Returns the elements of a name, and of a class unless that is empty.
fn elements(root: &Handle, wanted: &str, class: &str) -> Vec<Handle> {
    let mut found = Vec::new();
    visit(root, &mut |node, name, attributes| {
        let classes = attributes.get("class").map_or("", String::as_str);
        if name == wanted && (class.is_empty() || classes.split(' ').any(|name| name == class)) {
            found.push(Rc::clone(node));
        }
    });
    found
}

/// Returns the texts of payloads that are unfolded in the rows, without the diagnostics.
fn payload_texts(dom: &RcDom) -> Vec<String> {
    let tables = elements(&dom.document, "table", "");
    let rows = tables.iter().filter(|table| {
        let NodeData::Element { attrs, .. } = &table.data else {
            return false;
        };
        attrs
            .borrow()
            .iter()
            .any(|attribute| &*attribute.value == "rows")
    });
    rows.flat_map(|table| elements(table, "pre", ""))
        .map(|pre| text_without(&pre, "note"))
        .collect()
}

const SCRIPT: &str = include_str!("../src/report/page/page.js");
const STYLE: &str = include_str!("../src/report/page/page.css");

/// Asserts what holds for every page.
fn assert_inert(page: &str) {
    const ELEMENTS: &str = "a body br button caption code dd details div dl dt figcaption figure footer form \
        g h1 h2 h3 head header html input label li main mark meta nav ol option output p pre rect script \
        section select small span strong style summary svg table tbody td th thead title tr ul";
    const ATTRIBUTES: &str = "aria-hidden aria-label aria-labelledby aria-live aria-pressed autocomplete \
        charset class colspan content data-code data-codes data-enterprise data-sort data-type data-verdict \
        height hidden href http-equiv id lang name open preserveAspectRatio role scope spellcheck tabindex \
        transform type value viewBox width x y";
    let dom = parse(page);
    let known_elements: BTreeSet<&str> = ELEMENTS.split_whitespace().collect();
    let known: BTreeSet<&str> = ATTRIBUTES.split_whitespace().collect();
    let mut ids = BTreeSet::new();
    let mut referred = Vec::new();
    let mut texts = BTreeMap::<String, Vec<String>>::new();
    let mut policy = String::new();
    let mut level = 0;
    visit(&dom.document, &mut |node, name, attributes| {
        assert!(known_elements.contains(name), "<{name}>");
        for (attribute, value) in attributes {
            assert!(
                known.contains(&**attribute),
                "<{name} {attribute}={value:?}>"
            );
        }
        if let Some(href) = attributes.get("href") {
            referred.push(href.strip_prefix('#').unwrap().to_owned());
        }
        referred.extend(attributes.get("aria-labelledby").cloned());
        if let Some(id) = attributes.get("id") {
            assert!(ids.insert(id.clone()), "{id} twice");
        }
        if attributes.get("http-equiv").is_some() {
            policy.clone_from(&attributes["content"]);
        }
        if let Some(next) = name
            .strip_prefix('h')
            .and_then(|level| level.parse::<u8>().ok())
        {
            assert!(next <= level + 1, "<h{next}> below <h{level}>");
            level = next;
        }
        match name {
            "script" | "style" | "h1" | "main" | "title" => {
                let texts = texts.entry(name.to_owned()).or_default();
                // The titles of bars are of SVG.
                if name != "title" || texts.is_empty() {
                    texts.push(text(node));
                }
            }
            "button" => assert!(attributes.contains_key("type")),
            "th" => assert!(attributes.contains_key("scope")),
            "svg" => assert!(
                attributes.contains_key("aria-label") || attributes.contains_key("aria-hidden")
            ),
            _ => {}
        }
    });
    for id in referred {
        assert!(ids.contains(&id), "no element has the id {id}");
    }
    assert_eq!(texts["script"], [SCRIPT]);
    assert_eq!(texts["style"], [STYLE]);
    assert_eq!((texts["h1"].len(), texts["main"].len()), (1, 1));
    assert!(!texts["title"][0].is_empty());
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
    let expected = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    assert_eq!(policy, expected);
}

/// Neither the style nor the script names an address, and the script has no way to run text.
#[test]
fn style_and_script_load_nothing() {
    for text in [STYLE, SCRIPT] {
        for word in ["http:", "https:", "//cdn", "url(", "@import", "</"] {
            assert!(!text.contains(word), "{word}");
        }
    }
    for word in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "import(",
    ] {
        assert!(!SCRIPT.contains(word), "{word}");
    }
}

#[test]
fn pages_are_well_formed() {
    let samples: Vec<_> = sample::events().map(|event| event.sample).collect();
    let broken: Vec<_> = rules().map(|rule| rule.before).collect();
    let (samples, broken) = (samples.join("\n"), broken.join("\n"));
    for format in PAGES {
        for text in ["", "{}", "{\"Action\":", "[[[[", &samples, &broken] {
            assert_inert(&page_of(text, format));
        }
        for rule in rules().filter(|rule| !rule.before.is_empty()) {
            assert_inert(&page_of(rule.before, format));
        }
    }
}

/// Texts that are markup, commands of templates, or act on a terminal or a browser.
const HOSTILE: &[&str] = &[
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</pre></details></table><svg onload=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "<!--",
    "-->",
    "]]>",
    "&lt;b&gt;&#0;",
    "javascript:alert(1)",
    "\u{202e}txt.exe\u{2066}",
    "\u{1b}[31m\u{9b}",
    "##[error]x",
    "::error::x",
];

/// Puts a text into every place of a payload whose text a page shows.
fn hostile_capture(text: &str) -> String {
    let id = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
    let named = serde_json::json!({"Id": id, "Name": text});
    let payload = serde_json::json!({"Action": text, "Data": {
        "Enterprise": {"Id": text, "Name": text}, "Service": named, "Integration": named,
        "Requestor": {"Name": text, "Email": text}, "CreatedUtc": text, text: 1,
    }});
    let message = serde_json::json!({"EnterpriseId": text, "IntegrationId": text, "Events": [
        {"Discriminator": text, "Value": {"Id": text}}, {"Discriminator": "MessageAdded", "Value": {}},
    ]});
    let delivery =
        serde_json::json!({"method": text, "url": text, "time": text, "body": message.to_string()});
    format!("{payload}\n{message}\n{delivery}\n{{\"Action\": {text}}}\n")
}

#[test]
fn hostile_text_is_text() {
    for (hostile, format) in HOSTILE
        .iter()
        .flat_map(|text| PAGES.map(|format| (text, format)))
    {
        let page = page_of(&hostile_capture(hostile), format);
        assert_inert(&page);
        assert!(!page.contains(['\u{202e}', '\u{2066}', '\u{1b}', '\u{9b}']));
        assert!(
            !hostile.contains('<') || !page.contains(hostile),
            "{hostile}"
        );
        if format != "html" {
            continue;
        }
        let dom = parse(&page);
        let shown = text(&dom.document);
        let escaped = hostile
            .chars()
            .map(|letter| match letter {
                '\u{202e}' | '\u{2066}' | '\u{1b}' | '\u{9b}' => {
                    format!("\\u{:04x}", u32::from(letter))
                }
                letter => letter.to_string(),
            })
            .collect::<String>();
        let escaped = escaped.replace("##[", "##\\u005b");
        assert!(
            shown.contains(&escaped.replace('"', "\\\"")),
            "{hostile}: {page}"
        );
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// What is unfolded is the payload: laid out anew, but with the same values.
    #[test]
    fn unfolded_payloads_have_the_same_values(payloads in prop::collection::vec(changed_payload(), 1..5)) {
        let stream = stream(&payloads);
        let page = page(&stream);
        assert_inert(&page);
        let texts = payload_texts(&parse(&page));
        let shown: Vec<Value> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let expected: Vec<Value> = records(&stream).iter().map(|record| {
            let number = |name: &str| usize::try_from(record["source"][name].as_u64().unwrap()).unwrap();
            let start = number("offset");
            let text = &stream[start..start + number("length")];
            serde_json::from_str(&mewshook::mask(text)).unwrap()
        }).collect();
        prop_assert_eq!(shown, expected);
    }

    /// The charts count what the records of the `ndjson` report say.
    #[test]
    fn charts_count_all_payloads(payloads in prop::collection::vec(changed_payload(), 1..30)) {
        let stream = stream(&payloads);
        let records = records(&stream);
        let mut expected = BTreeMap::<String, u64>::new();
        let mut invalid = 0;
        for record in &records {
            invalid += u64::from(record["passed"] == Value::Bool(false));
            let events = record["summary"]["events"].as_array().unwrap().iter();
            let names = events.map(|event| event["name"].as_str().unwrap_or("?"));
            let names: BTreeSet<&str> = match record["summary"]["action"].as_str() {
                Some(action) => [action].into(),
                None => names.collect(),
            };
            for name in names {
                *expected.entry(name.to_owned()).or_default() += 1;
            }
        }
        let dom = parse(&page(&stream));
        let chart = elements(&dom.document, "section", "").into_iter().nth(2).unwrap();
        let mut shown = BTreeMap::new();
        for row in elements(&chart, "tr", "").iter().skip(1) {
            let name = text(&elements(row, "th", "")[0]).trim().to_owned();
            let count: u64 = text(&elements(row, "td", "")[0]).parse().unwrap();
            shown.insert(name, count);
        }
        // A name with control characters is shown with escapes, and only the first 20 are shown.
        for (name, count) in &shown {
            if let Some(expected) = expected.get(name) {
                prop_assert_eq!(count, expected, "{}", name);
            }
        }
        prop_assert_eq!(shown.len(), expected.len().min(20));
        let mut listed: Vec<u64> = shown.into_values().collect();
        let mut counts: Vec<u64> = expected.into_values().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        counts.truncate(20);
        listed.sort_unstable_by(|a, b| b.cmp(a));
        prop_assert_eq!(listed, counts);
        let title = format!("{} webhook payload", records.len());
        let heading = text(&elements(&dom.document, "h1", "")[0]);
        prop_assert!(heading.starts_with(&title), "{}", heading);
        prop_assert_eq!(heading.contains("invalid"), invalid > 0);
    }
}

/// Each diagnostic is marked where it is, with its message below the line.
#[test]
fn errors_are_marked_in_place() {
    let capture = "{\"Action\": \"IntegrationEnabled\", \"é\": 1, \"Data\": {\"Integration\": \
                {\"Id\": \"9e5e84e9\", \"Name\": 7}, \"AccessToken\": \"secret-secret\"}}\n\
                {\"Action\": \"IntegrationEnabled\", \"Data\": {}}\n{\"Action\": \"x\",, \"Data\": {}}\n";
    let dom = parse(&page(capture));
    let pres = elements(&dom.document, "pre", "");
    let pres: Vec<_> = pres.iter().rev().take(3).rev().collect();
    let marks =
        |pre: &Handle| -> Vec<String> { elements(pre, "mark", "").iter().map(text).collect() };
    assert_eq!(
        marks(pres[0]),
        [
            "\"é\"",
            "\"9e5e84e9\"",
            "7",
            "\"AccessToken\"",
            "\"*************\""
        ]
    );
    assert_eq!(marks(pres[1]), ["{"]);
    assert_eq!(marks(pres[2]), [","]);
    let shown = text(pres[0]);
    let lines: Vec<&str> = shown
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let at = lines
        .iter()
        .position(|line| *line == "\"Id\": \"9e5e84e9\",")
        .unwrap();
    assert_eq!(
        lines[at + 1],
        "error[invalid-uuid] `Data.Integration.Id` is not a UUID"
    );
    assert!(
        lines[at + 2].starts_with("write 8-4-4-4-12 hex digits"),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"\"AccessToken\": \"*************\""),
        "{lines:?}"
    );
    assert!(!shown.contains("secret-secret"));
}

/// A page has the first 5,000 payloads, and counts all.
#[test]
fn the_first_payloads_have_rows() {
    let line = "{\"Events\":[],\"EnterpriseId\":1}\n";
    let frames = |count: usize| Frames::from_bytes(line.repeat(count).into_bytes());
    let page = printed(frames(5_000), "html", 1);
    assert!(
        page.contains("All 5000 payloads are here."),
        "{}",
        &page[page.len() - 900..]
    );
    let page = printed(frames(30_001), "html", 1);
    assert_eq!(page.matches("<tbody id=\"p").count(), 5_000);
    assert!(page.contains("The first 5,000 of 30,001 payloads are here"));
    assert!(page.contains("<dt>payloads</dt><dd>30,001</dd>"));
    assert_eq!(printed(frames(30_001), "html", 3), page);
    // Each of these is shown in part, and they fill the page before there are many.
    let long = format!("{{\"Events\":[],\"x\":\"{}\"}}\n", "<".repeat(200_000));
    let page = printed(Frames::from_bytes(long.repeat(40).into_bytes()), "html", 1);
    let rows = page.matches("<tbody id=\"p").count();
    assert!((10..40).contains(&rows), "{rows}");
    assert!(page.len() < 17_000_000, "{}", page.len());
    assert!(page.contains(&format!("The first {rows} of 40 payloads are here")));
}

#[test]
fn a_long_payload_is_shown_in_part() {
    let long = "\"é\",".repeat(100_000);
    let capture = format!("{{\"Events\":[],\"x\":[{long}0],\"EnterpriseId\":1}}");
    let page = page(&capture);
    assert_inert(&page);
    let dom = parse(&page);
    let shown = elements(&dom.document, "pre", "")
        .pop()
        .map(|pre| text_without(&pre, "note"))
        .unwrap();
    assert!((200_000..300_000).contains(&shown.len()), "{}", shown.len());
    assert!(shown.contains(" more bytes are left out"));
    // The error after the part that is shown stands below it.
    let notes = elements(&dom.document, "span", "note");
    let last = notes.iter().map(text).next_back().unwrap();
    assert!(
        last.contains("`EnterpriseId` is a number") || last.contains("is missing"),
        "{last}"
    );
}

/// Of what is not JSON, the line of the error is shown, with the message below.
#[test]
fn broken_payloads_are_shown_by_their_errors() {
    let dom = parse(&page(
        "{\"Action\": \"x\",\n\"ApiKey\": \"abc\", \"Data\": ,\n\"Id\": 1}",
    ));
    let shown = elements(&dom.document, "pre", "")
        .pop()
        .map(|pre| text(&pre));
    let lines: Vec<_> = shown.iter().flat_map(|text| text.lines()).collect();
    let expected = [
        "\"ApiKey\": \"***\", \"Data\": ,",
        "error[json-syntax] expected a value, found `,`",
    ];
    assert_eq!(lines, expected);
}
