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
  ["evaluation", "dark"],
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
