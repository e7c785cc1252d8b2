// Sorts and filters the table, and switches the theme. All content is in the page without it.
"use strict";
(() => {
  const theme = document.getElementById("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : prefersDark.matches;
  };
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    showTheme();
  });
  prefersDark.addEventListener("change", showTheme);
  showTheme();
  for (const element of document.querySelectorAll(".scripted")) element.hidden = false;

  // A link to a payload unfolds it.
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target?.closest("tbody")?.querySelector("details");
    if (!details) return;
    target.hidden = false;
    details.open = true;
    details.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", unfold);

  const table = document.getElementById("rows");
  const form = document.getElementById("filter");
  if (!table || !form) return;
  const rows = [...table.tBodies].map((body) => ({
    body,
    verdict: body.dataset.verdict,
    codes: body.dataset.codes ? body.dataset.codes.split(" ") : [],
    events: [...body.querySelectorAll(".name")].map((name) => name.textContent),
    text: null,
  }));

  const fill = (select, values) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    const sorted = [...counts.keys()].sort((a, b) => a.localeCompare(b));
    for (const value of sorted) select.append(new Option(`${value} (${counts.get(value)})`, value));
    select.closest("label").hidden = sorted.length === 0;
  };
  fill(form.elements.event, rows.flatMap((row) => [...new Set(row.events)]));
  fill(form.elements.code, rows.flatMap((row) => row.codes));

  const filter = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { value: verdict } = form.elements.verdict;
    const { value: event } = form.elements.event;
    const { value: code } = form.elements.code;
    let found = 0;
    for (const row of rows) {
      const matches = (!verdict || row.verdict === verdict)
        && (!event || row.events.includes(event))
        && (!code || row.codes.includes(code))
        && words.every((word) => (row.text ??= row.body.textContent.toLowerCase()).includes(word));
      row.body.hidden = !matches;
      found += matches;
    }
    form.elements.found.value = `${found.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown`;
  };
  let delay;
  form.addEventListener("input", () => {
    clearTimeout(delay);
    delay = setTimeout(filter, 100);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  filter();
  for (const button of document.querySelectorAll("button[data-code]")) {
    button.addEventListener("click", () => {
      form.reset();
      form.elements.code.value = button.dataset.code;
      filter();
      document.getElementById("payloads").scrollIntoView();
      form.elements.code.focus({ preventScroll: true });
    });
  }

  const headings = [...table.tHead.rows[0].cells];
  const compareText = new Intl.Collator("en").compare;
  const sort = (heading, index) => {
    const descends = heading.getAttribute("aria-sort") === "ascending";
    const isNumber = heading.dataset.type === "number";
    const key = ({ body }) => {
      const cell = body.rows[0].cells[index];
      const text = cell.dataset.sort ?? cell.textContent.trim();
      return isNumber ? Number(text) : text;
    };
    const keyed = rows.map((row) => [key(row), row]);
    keyed.sort(([a], [b]) => {
      // What is empty comes last in both directions.
      if (a === "" || b === "") return (a === "") - (b === "");
      const order = isNumber ? a - b : compareText(a, b);
      return descends ? -order : order;
    });
    for (const other of headings) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", descends ? "descending" : "ascending");
    table.append(...keyed.map(([, row]) => row.body));
  };
  headings.forEach((heading, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", index === 0 ? "ascending" : "none");
    button.addEventListener("click", () => sort(heading, index));
  });
  unfold();
})();
