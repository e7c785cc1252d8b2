#!/usr/bin/env python3
"""Opens pages in Chromium without a window, and uses them as a person would.

Nothing is installed: Chromium is spoken to over a pipe, by the DevTools protocol. Where there is no
Chromium, the check says so and ends; `--required` makes that a failure. The screenshots are for people to
look at.

    tests/browser/check.py [--required] [--screenshots DIR] PROGRAM
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where a capture's text may be mistaken for markup, a script or a command.
HOSTILE = (
    "</script><script>window.ran = 1</script>",
    "<img src=http://127.0.0.1:9/x.png onerror='window.ran = 1'>",
    "</pre></details></table><svg onload='window.ran = 1'></svg>",
    "\" onmouseover=\"window.ran = 1\" autofocus onfocus=\"window.ran = 1",
    "' onmouseover='window.ran = 1' x='",
    "<style>* { display: none }</style><link rel=stylesheet href=http://127.0.0.1:9/x.css>",
    "<a href=\"javascript:window.ran = 1\">x</a><iframe src=http://127.0.0.1:9/></iframe>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "\u202eevil\u2066\u200f",
    "<!-- ", "--> ]]> &lt;script&gt; &#x3c;script>",
)


class Browser:
    """A Chromium that is controlled over a pipe."""

    def __init__(self, path, profile):
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()
        for number in (to_read, to_write):
            os.set_inheritable(number, True)

        def move():
            # Chromium reads commands from descriptor 3 and writes to descriptor 4.
            reader, writer = os.dup(to_read), os.dup(to_write)
            os.dup2(reader, 3)
            os.dup2(writer, 4)

        self.process = subprocess.Popen(
            [path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=move)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.events = []

    def read(self):
        while b"\0" not in self.buffer:
            more = os.read(self.read_end, 1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while True:
            for index, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(index)
            self.events.append(self.read())

    def attach(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        self.wait_for("Page.loadEventFired")

    def run(self, script):
        """Returns what a script in the page returns. It is a person's finger here: the page's policy holds
        for the page's own scripts only."""
        result = self.call("Runtime.evaluate", expression=f"(async () => {{ {script} }})()",
                           awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"]["exception"].get("description"))
        return result["result"].get("value")

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                      **({"text": "\r"} if key == "Enter" and kind == "keyDown" else {}))

    def prefer(self, scheme):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=False)
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=False)["data"]
        path.write_bytes(base64.b64decode(data))

    def requests(self):
        """Returns the addresses that were asked for since the page was opened."""
        self.call("Runtime.evaluate", expression="0")
        events = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in events]

    def complaints(self):
        """Returns what the browser says about the page: errors of scripts, and what the policy refused."""
        found = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(event["params"]["exceptionDetails"].get("text"))
            elif event.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled"):
                found.append(json.dumps(event["params"])[:300])
        return found

    def close(self):
        self.session = None
        try:
            self.call("Browser.close")
        except (EOFError, OSError):
            pass
        self.process.wait(timeout=20)


def equal(found, expected, what):
    if found != expected:
        raise AssertionError(f"{what}: found {found!r}, expected {expected!r}")


def make_page(program, folder, name, capture, *arguments):
    """Writes a capture and its page, and returns the path of the page."""
    (folder / name).write_text(capture)
    page = folder / f"{name}.html"
    status = subprocess.run([program, "validate", "--format", "short", "--output", f"html={page}", *arguments,
                             name], cwd=folder, stdout=subprocess.DEVNULL).returncode
    assert status in (0, 1), status
    return page


def make_other_page(program, folder, command):
    """Writes a page of statistics or of a timeline of both captures, and returns its path."""
    page = folder / f"{command}.html"
    with page.open("w") as out:
        status = subprocess.run([program, command, "--format", "html", "plain.ndjson", "hostile.log"],
                                cwd=folder, stdout=out, stderr=subprocess.DEVNULL).returncode
    assert status in (0, 1), status
    return page


def captures(program):
    """Returns a capture of 120 payloads at different hours, and a hostile one."""
    sample = [program, "sample", "integration", "general", "--count", "58", "--enterprises", "3", "--ndjson"]
    lines = subprocess.run(sample, check=True, capture_output=True, text=True).stdout.splitlines()
    lines.append('{"Action": "IntegrationEnabled", "Data": {"Integration": {"Id": "9e5e84e9", "Name": "x"}}}')
    lines.append('{"Action": "IntegrationEnabled", "Data": {}, "Extra": 1}')
    lines.append('{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "Events": [}')
    records = []
    for number, line in enumerate(lines):
        # Busy by day, and quiet at night.
        day, hour = divmod(number * 7 + number // 9, 24)
        time = f"2026-11-{1 + day % 28:02}T{hour:02}:{number % 60:02}:00Z"
        records.append(json.dumps({"time": time, "method": "POST", "url": "/hooks", "body": line}))
    hostile = []
    for text in HOSTILE:
        named = {"Id": text, "Name": text}
        payload = {"Action": text, "Data": {"Enterprise": named, "Integration": named, "Service": named, text: 1}}
        message = {"EnterpriseId": text, "IntegrationId": text,
                   "Events": [{"Discriminator": text, "Value": {"Id": text}}]}
        record = {"time": text, "method": text, "url": text, "body": json.dumps(message)}
        hostile += [json.dumps(payload), json.dumps(record, ensure_ascii=False), '{"Action": ' + text + "}"]
    return "\n".join(records) + "\n", "\n".join(hostile) + "\n"


def use(browser, page):
    """Filters, sorts, unfolds and switches the theme."""
    browser.open(page)
    count = browser.run("return document.querySelectorAll('#rows > tbody').length")
    shown = "[...document.querySelectorAll('#rows > tbody')].filter((body) => !body.hidden)"
    settle = "await new Promise((done) => setTimeout(done, 250));"
    change = "target.dispatchEvent(new Event('input', { bubbles: true }));"
    select = "const { elements } = document.getElementById('filter');"

    invalid = browser.run(f"{select} const target = elements.verdict; target.value = 'invalid'; {change}"
                          f"{settle} return {shown}.map((body) => body.dataset.verdict)")
    equal(invalid, ["invalid"] * 3, "payloads with the verdict `invalid`")
    equal(browser.run(f"{select} return elements.found.value"), f"3 of {count} shown", "what is said of the filter")
    browser.run(f"document.querySelector('#filter [type=reset]').click(); {settle}")
    equal(browser.run(f"return {shown}.length"), count, "rows after a reset")
    browser.run(f"{select} const target = elements.text; target.value = '9E5E84E9 enabled'; {change} {settle}")
    equal(browser.run(f"return {shown}.length"), 1, "rows with two words")
    browser.run(f"document.querySelector('#filter [type=reset]').click(); {settle}")
    code = browser.run("const button = document.querySelector('[data-code]'); button.click();"
                       f"{settle} return button.dataset.code")
    codes = browser.run(f"return {shown}.map((body) => body.dataset.codes)")
    assert codes and all(code in found.split() for found in codes), (code, codes)
    browser.run(f"document.querySelector('#filter [type=reset]').click(); {settle}")

    for index, name in enumerate(("#", "time", "event", "enterprise", "verdict")):
        # Once as a mouse does, once as a keyboard does.
        browser.run(f"const button = document.querySelectorAll('#rows thead button')[{index}]; button.click();"
                    "button.focus()")
        first = browser.run("return document.querySelectorAll('#rows thead th')"
                            f"[{index}].getAttribute('aria-sort')")
        browser.press("Enter", 13)
        second = browser.run("return document.querySelectorAll('#rows thead th')"
                             f"[{index}].getAttribute('aria-sort')")
        equal({first, second}, {"ascending", "descending"}, f"directions of {name}")
        cells = browser.run(f"return {shown}.map((body) => {{ const cell = body.rows[0].cells[{index}];"
                            "return cell.dataset.sort ?? cell.textContent.trim(); })")
        full = [cell for cell in cells if cell]
        key = (lambda cell: float(cell)) if name in ("#", "verdict") else (lambda cell: cell.lower())
        expected = sorted(full, key=key, reverse=second == "descending")
        equal([key(cell) for cell in full], [key(cell) for cell in expected], f"order by {name}")
        equal(full, cells[:len(full)], f"empty cells of {name}, which come last")
        sorted_headings = browser.run("return document.querySelectorAll('#rows [aria-sort=ascending],"
                                      "#rows [aria-sort=descending]').length")
        equal(sorted_headings, 1, "sorted columns")
    browser.run("document.querySelector('#rows thead button').click()")

    link = browser.run("const link = document.querySelector('.examples a'); link.click();"
                       f"{settle} return link.hash.slice(1)")
    equal(browser.run(f"return document.getElementById('{link}').querySelector('details').open"), True,
          "the payload that a link leads to is unfolded")
    marks = browser.run(f"return document.querySelectorAll('#{link} mark').length")
    assert marks > 0, "errors are marked"
    # The summary has the focus, so the keyboard folds it again.
    browser.press("Enter", 13)
    equal(browser.run(f"return document.getElementById('{link}').querySelector('details').open"), False,
          "the payload is folded by the keyboard")

    ground = "return getComputedStyle(document.body).backgroundColor"
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        before = browser.run(ground)
        pressed = browser.run("return document.getElementById('theme').getAttribute('aria-pressed')")
        equal(pressed, str(scheme == "dark").lower(), "the button's state")
        browser.run("document.getElementById('theme').click()")
        after = browser.run(ground)
        assert before != after, "the theme is switched"
        browser.run("document.documentElement.removeAttribute('data-theme')")


def contrasts(browser):
    """The contrast of text is at least 4.5 in both themes (WCAG 2.2, 1.4.3)."""
    script = """
        document.querySelectorAll('details').forEach((details, index) => { details.open = index < 400; });
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const channels = (colour) => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        };
        const light = (colour) => {
          const [r, g, b] = colour.slice(0, 3).map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const colour = channels(getComputedStyle(at).backgroundColor);
            if (colour[3] === 255) return colour;
          }
          return [255, 255, 255, 255];
        };
        const found = new Map();
        for (const element of document.querySelectorAll('body *')) {
          const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
          if (!hasText || !element.checkVisibility()) continue;
          const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5) found.set(`${element.tagName}.${element.className}`, contrast.toFixed(2));
        }
        document.querySelectorAll('#rows details').forEach((details) => { details.open = false; });
        return [...found];"""
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        equal(browser.run(script), [], f"texts with little contrast in the {scheme} theme")


def is_accessible(browser, name):
    """What is laid out as something else stays a table, and all controls have names."""
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    nodes = [node for node in nodes if not node["ignored"]]
    role = lambda node: node["role"]["value"]
    for node in nodes:
        if role(node) in ("button", "textbox", "searchbox", "combobox", "link", "navigation", "region", "image"):
            assert node.get("name", {}).get("value", "").strip(), f"{name}: a {role(node)} without a name"
    roles = [role(node) for node in nodes]
    for wanted in ("banner", "main", "contentinfo", "navigation"):
        equal(roles.count(wanted), 1, f"{name}: elements that are {wanted}")
    tables = browser.run("return [...document.querySelectorAll('table')]"
                         ".filter((table) => table.checkVisibility()).length")
    equal(roles.count("table"), tables, f"{name}: tables")
    rows = browser.run("return [...document.querySelectorAll('tr')].filter((row) => row.checkVisibility()).length")
    equal(roles.count("row"), rows, f"{name}: rows")


def fits(browser):
    """Nothing is wider than the window."""
    for width in (320, 400, 1400):
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                     mobile=False)
        found = browser.run("return document.documentElement.scrollWidth")
        assert found <= width, f"the page is {found} pixels wide in a window of {width}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--required", action="store_true", help="fail where there is no Chromium")
    parser.add_argument("--screenshots", type=pathlib.Path, help="keep the screenshots in this folder")
    parser.add_argument("program", type=pathlib.Path)
    arguments = parser.parse_args()
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        print("skipped: there is no Chromium to open pages in; `apt-get install chromium` installs it")
        return 1 if arguments.required else 0
    program = str(arguments.program.resolve())
    # A browser that hangs is ended.
    signal.alarm(300)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = pathlib.Path(folder)
        screenshots = arguments.screenshots or folder
        screenshots.mkdir(parents=True, exist_ok=True)
        plain, hostile = captures(program)
        pages = {
            "plain": make_page(program, folder, "plain.ndjson", plain),
            "hostile": make_page(program, folder, "hostile.log", hostile),
            "stats": make_other_page(program, folder, "stats"),
            "timeline": make_other_page(program, folder, "timeline"),
            "empty": make_page(program, folder, "empty.ndjson", "", "--allow-empty"),
        }
        browser = Browser(path, folder / "profile")
        try:
            browser.attach()
            use(browser, pages["plain"])
            for name, page in pages.items():
                browser.prefer("light")
                browser.open(page)
                browser.run("""document.querySelectorAll('details').forEach((details) => { details.open = true; });
                    document.querySelectorAll('*').forEach((element) => {
                      element.dispatchEvent(new MouseEvent('mouseover'));
                    });
                    await new Promise((done) => setTimeout(done, 300));""")
                fits(browser)
                equal(browser.run("return window.ran ?? null"), None, f"{name}: a script of the capture ran")
                equal(browser.run("return document.querySelectorAll('script').length"), 1, f"{name}: scripts")
                equal(browser.requests(), [page.as_uri()], f"{name}: requests")
                equal(browser.complaints(), [], f"{name}: complaints")
                contrasts(browser)
                for width in (400, 1400):
                    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                                 deviceScaleFactor=1, mobile=False)
                    is_accessible(browser, name)
                for scheme in ("light", "dark"):
                    browser.prefer(scheme)
                    for width, height in ((1400, 1000), (400, 900)):
                        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                                     deviceScaleFactor=1, mobile=False)
                        for place, target in (("top", "body"), ("middle", "main > :nth-child(5)"),
                                              ("end", "main > :last-child")):
                            browser.run("document.documentElement.style.scrollBehavior = 'auto';"
                                        f"document.querySelector('{target}')?.scrollIntoView()")
                            shot = screenshots / f"{name}-{place}-{scheme}-{width}.png"
                            browser.screenshot(shot, width, height)
                print(f"{name}: used in both themes, at 400 and 1,400 pixels")
            browser.open(pages["plain"])
            browser.call("Emulation.setEmulatedMedia", media="print")
            fits(browser)
            browser.screenshot(screenshots / "plain-as-printed.png", 794, 1123)
            browser.call("Emulation.setEmulatedMedia", media="")
            # Without scripts, what they add is not shown, and everything else is.
            browser.call("Emulation.setScriptExecutionDisabled", value=True)
            browser.open(pages["plain"])
            browser.prefer("light")
            browser.screenshot(screenshots / "plain-without-script.png", 1400, 1000)
            browser.call("Emulation.setScriptExecutionDisabled", value=False)
            equal(browser.run("return document.querySelectorAll('.scripted:not([hidden])').length"), 0,
                  "what only a script can do is hidden without one")
            pdf = browser.call("Page.printToPDF")["data"]
            (screenshots / "plain.pdf").write_bytes(base64.b64decode(pdf))
            print("plain: read without a script, and printed")
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
