/** What a reader does: by keyboard, by screen reader, on paper, and with a file of a plot. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, it } from "node:test";
import { open, start, stop, writeReport } from "./browser_page.mjs";
import { DOCUMENTS } from "./documents.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const address = Object.fromEntries(
  Object.entries(DOCUMENTS).map(([name, document]) => [name, writeReport(name, document)]),
);

before(start);
after(stop);

for (const [name, ...themes] of [
  ["several_seeds", "light", "dark"],
  ["emotions", "dark"],
  ["emotions_compared", "light"],
  ["with_pictures", "light"],
  ["not_comparable", "light"],
]) {
  for (const theme of themes) {
    it(`${name}, ${theme}: axe finds no fault, tables open`, async () => {
      const { page, context } = await open(address[name], { theme });
      await page.$$eval(".tools button[aria-expanded]", (buttons) => buttons.forEach((button) => button.click()));
      await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
      // The page's policy forbids foreign scripts, so axe comes in beside it.
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() =>
        globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }),
      );
      assert.deepEqual(
        violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ html }) => html.slice(0, 160))
              .join(" | ")}`,
        ),
        [],
      );
      await context.close();
    });
  }
}

it("the keyboard reaches the report, a table and a fold", async () => {
  const { page, context } = await open(address.oracle);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the report");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const figure = page.locator("#groups figure");
  await figure.getByRole("button", { name: "Show as table" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await figure.getByRole("button", { name: "Hide table" }).getAttribute("aria-expanded"), "true");
  assert.equal(await figure.locator("table tbody tr").filter({ visible: true }).count(), 14);
  await page.keyboard.press("Space");
  assert.equal(await figure.locator("table").isVisible(), false);
  await page.locator("#repeat summary").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("#repeat details pre").isVisible());
  await context.close();
});

it("the switch shows another crossing and says that it is exploratory", async () => {
  const { page, context } = await open(address.exploratory);
  const groups = page.locator("#groups");
  assert.doesNotMatch(await groups.innerText(), /Exploratory/);
  await groups.getByRole("radio").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelectorAll("#groups .plot svg").length === 1);
  assert.match(await groups.innerText(), /Exploratory/);
  assert.equal(await groups.locator("table tbody tr").count(), 5);
  assert.match(await page.locator("#limits").innerText(), /horoscope/);
  await context.close();
});

it("another metric is picked by keyboard; its chance level and its groups are those of findings.json", async () => {
  const { page, context, record } = await open(address.emotions);
  const groups = page.locator("#groups");
  const metric = groups.getByRole("combobox", { name: "Metric" });
  await metric.focus();
  await metric.selectOption("precision(sadness)");
  await groups.getByRole("radio", { name: "age", exact: true }).focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelectorAll("#groups .plot svg").length === 1);
  const said = await groups.innerText();
  assert.match(said, /Exploratory/);
  assert.match(said, /moves with how common the class is/);
  const { findings } = DOCUMENTS.emotions;
  const about = (kind) =>
    findings.filter(
      (each) => each.kind === kind && each.subject.metric === "precision(sadness)" && each.subject.by[0] === "age",
    );
  const [disparity] = about("metric_disparity");
  for (const estimate of ["gap", "null_mean", "null_q95", "sd", "sd_corrected"])
    assert.ok(said.includes((100 * disparity.estimates[estimate].value).toFixed(1)), estimate);
  const shown = await groups
    .locator("figure [data-finding]")
    .evaluateAll((all) => all.map(({ dataset }) => `${dataset.finding} ${JSON.parse(dataset.path).join(".")}`));
  for (const { id } of about("group_metric").filter(({ estimates }) => estimates.figure.value !== null))
    for (const end of ["value", "low", "high"])
      assert.ok(shown.includes(`${id} estimates.figure.${end}`), `${id} ${end}`);
  // The crossing stays when the metric goes back to the declared one.
  await metric.selectOption("accuracy (declared)");
  assert.ok(await groups.getByRole("radio", { name: "age", exact: true }).isChecked());
  assert.match(await groups.innerText(), /Exploratory/);
  await groups.getByRole("radio", { name: /declared/ }).check();
  assert.doesNotMatch(await groups.innerText(), /Exploratory/);
  assert.deepEqual(record, { errors: [], requests: [], dialogs: [] });
  await context.close();
});

it("of a comparison the split of the gaps is shown for either arm, and its parts add up", async () => {
  const { page, context } = await open(address.emotions_compared);
  assert.equal(await page.locator("#chance").getByText("After: class mix alone").count(), 1);
  await page.locator("#chance").getByRole("radio", { name: "before (plain)" }).first().check();
  await page.locator("#chance").getByText("Before: class mix alone").waitFor();
  const before = page.locator("#chance figure", { hasText: "Before: class mix alone" });
  const rows = await before
    .locator("table tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map(({ textContent }) => textContent)));
  assert.equal(rows.length, 8);
  const number = (text) => Number(text.replace("\u2212", "-"));
  for (const [group, , , gap, mix, , conditional] of rows)
    assert.ok(
      Math.abs(number(gap) - number(mix) - number(conditional)) < 0.16,
      `${group}: ${gap} ${mix} ${conditional}`,
    );
  await context.close();
});

it("nothing is silent: a small group that fails, rows that fell out and a broken condition stand beside the verdict", async () => {
  const { page, context } = await open(address.emotions);
  const verdict = await page.locator("#verdict").innerText();
  assert.match(verdict, /Unsure 60\+: 0 right of 25/);
  assert.match(verdict, /Female 60\+ lost more than the rest/);
  assert.match(verdict, /1 of 2 conditions that were set does not hold/);
  assert.match(verdict, /Uneven beyond chance/);
  await context.close();
});

it("where a class determines the group, class mix is not applicable, and the page says why", async () => {
  const { page, context } = await open(address.oracle);
  const text = await page.locator("#chance").innerText();
  assert.match(text, /beyond class mix: not applicable\. The label determines the group/);
  assert.match(text, /The split: not applicable\. The label determines the group/);
  await context.close();
});

it("pairs of groups are told apart: a cell each for 14 groups, a bar each for 60", async () => {
  for (const [name, groups, pairs] of [
    ["oracle", 14, 91],
    ["many_groups", 60, 1770],
  ]) {
    const { page, context } = await open(address[name]);
    const figure = page.locator("#chance figure", { hasText: "shown to be equal" });
    const equivalence = DOCUMENTS[name].findings.find(({ id }) => id === "equivalence/after").evidence;
    assert.equal(equivalence.pairs.length, pairs);
    const marks = await figure.locator("svg .mark-rect path").count();
    assert.equal(marks, groups === 14 ? pairs : 4 * groups);
    assert.equal(await figure.locator("table tbody tr").count(), pairs);
    const texts = await figure.locator("svg text").allTextContents();
    for (const group of equivalence.groups) assert.ok(texts.includes(group), group);
    if (groups === 14)
      for (const [answer, mark] of Object.entries({ different: "\u2260", no_evidence: "?", equivalent: "=" }))
        assert.equal(
          texts.filter((each) => each === mark).length,
          equivalence.pairs.filter((pair) => pair.answer === answer).length,
        );
    await context.close();
  }
});

it("each kind on the page has its words in the glossary, and only those", async () => {
  for (const [name, has, hasNot] of [
    ["emotions", ["class mix, conditional part", "shrunken rate", "fallen out", "condition"], ["verdict", "won, lost"]],
    ["oracle", ["verdict", "equivalent", "rows needed per group"], ["condition", "fallen out", "recall, precision"]],
  ]) {
    const { page, context } = await open(address[name]);
    const words = await page.locator("#words dt").allTextContents();
    for (const word of has) assert.ok(words.includes(word), word);
    for (const word of hasNot) assert.ok(!words.includes(word), word);
    await context.close();
  }
});

it("the plot of the groups names each group, its rows and its change", async () => {
  const { page, context } = await open(address.oracle);
  const text = await page.locator("#groups .plot svg text").allTextContents();
  for (const { subject, estimates, evidence } of DOCUMENTS.oracle.findings.filter(
    ({ kind }) => kind === "group_change",
  )) {
    const change = (100 * Math.abs(estimates.change.value)).toFixed(1);
    assert.ok(text.includes(subject.group));
    assert.ok(text.includes(`${estimates.change.value < 0 ? "\u2212" : "+"}${change}`), `${subject.group} ${change}`);
    assert.ok(text.includes(String(evidence.n)));
  }
  await context.close();
});

it("a plot comes as an SVG file that stands alone", async () => {
  const { page, context } = await open(address.oracle, { theme: "dark" });
  const waiting = page.waitForEvent("download");
  await page.locator("#groups").getByRole("button", { name: "Download SVG" }).click();
  const file = await waiting;
  assert.equal(file.suggestedFilename(), "groups_before_after.svg");
  const svg = readFileSync(await file.path(), "utf8");
  assert.match(svg, /Latino_Hispanic Male rose/);
  assert.doesNotMatch(svg, /var\(/);
  assert.doesNotMatch(svg, /<script|href=/);
  const parsed = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror")?.textContent ?? "",
    svg,
  );
  assert.equal(parsed, "");
  await context.close();
});

it("on paper it is light, unfolded and within the sheet", async () => {
  const { page, context } = await open(address.several_seeds, { theme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const { ink, tools } = await page.evaluate(() => ({
    ink: getComputedStyle(document.body).color,
    tools: getComputedStyle(document.querySelector(".tools")).display,
  }));
  assert.equal(ink, "rgb(23, 26, 31)");
  assert.equal(tools, "none");
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 50_000);
  await context.close();
});
