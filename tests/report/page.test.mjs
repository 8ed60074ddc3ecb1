/** Every document in the browser: all parts are there, the numbers are those of
 * findings.json, nothing complains and nothing is asked for. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { open, start, stop, writeReport } from "./browser_page.mjs";
import { DOCUMENTS } from "./documents.mjs";

const SECTIONS = ["verdict", "groups", "paid", "chance", "confusion", "data", "done", "repeat", "limits", "words"];
const minus = (text) => text.replace("-", "\u2212");
const tenths = (fraction) => {
  const text = (100 * Math.abs(fraction)).toFixed(1);
  return { text, sign: Number(text) === 0 ? "" : fraction < 0 ? "-" : "+" };
};
const signed = (v, digits) => {
  const text = v.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : minus((v > 0 ? "+" : "") + text);
};

/** Written a second time, so that a wrong formatter on the page cannot agree with itself. */
const WRITTEN = {
  percent: (v) => `${tenths(v).text}%`,
  points: (v) => minus(tenths(v).sign + tenths(v).text),
  plainPoints: (v) => minus((tenths(v).sign + tenths(v).text).replace("+", "")),
  pValue: (v) => (v < 0.001 ? "< 0.001" : v.toFixed(3)),
  count: (v) => (Number.isInteger(v) ? v.toFixed(0) : v.toFixed(1)).replace(/\B(?=(\d{3})+(?!\d))/g, ","),
  meanCount: (v) => v.toFixed(1).replace(/\B(?=(\d{3})+(?!\d))/g, ","),
  decimal: (v) => minus(v.toFixed(2)),
  signedDecimal: (v) => signed(v, 2),
  score: (v) => minus(v.toFixed(3)),
  signedScore: (v) => signed(v, 3),
};

/** Kinds of which every estimate stands on the page, and those of them that show one arm at a time. */
const ONE_ARM = ["decomposition", "shrinkage", "equivalence", "coverage", "label_noise"];
const SHOWN = [
  ...ONE_ARM,
  ...["group_change", "overall_change", "price", "group_rate", "overall_rate", "chance"],
  ...["class_flips", "small_groups", "metric_disparity"],
];

/** Where estimates with a value stand below `at`. */
function estimatesIn(value, at) {
  if (value === null || typeof value !== "object") return [];
  if ("n" in value && "method" in value && typeof value.value === "number") return [at];
  return Object.entries(value).flatMap(([key, each]) => estimatesIn(each, `${at}.${key}`));
}

async function shownNumbers(page) {
  return page.$$eval("[data-finding]", (elements) =>
    elements.map((element) => ({
      id: element.dataset.finding,
      keys: JSON.parse(element.dataset.path),
      format: element.dataset.format,
      raw: Number(element.dataset.value),
      text: element.textContent,
    })),
  );
}

before(start);
after(stop);

for (const [name, document] of Object.entries(DOCUMENTS)) {
  describe(name, () => {
    const findings = new Map(document.findings.map((finding) => [finding.id, finding]));
    let page, context, record;
    before(async () => {
      ({ page, context, record } = await open(writeReport(name, document)));
    });
    after(() => context.close());

    it("draws every part without a complaint or a request", async () => {
      assert.deepEqual(await page.$$eval("main > section", (all) => all.map(({ id }) => id)), SECTIONS);
      for (const id of SECTIONS.filter((each) => each !== "limits")) {
        assert.ok((await page.locator(`#${id}`).innerText()).length > 20, `${id} says nothing`);
      }
      for (const plot of await page.$$(".plot")) {
        assert.ok(await plot.$("svg"), "a plot is not drawn");
        assert.ok((await plot.getAttribute("aria-label")).length > 20, "a plot has no words for who cannot see it");
      }
      assert.deepEqual(record, { errors: [], requests: [], dialogs: [] });
    });

    it("shows the numbers of findings.json", async () => {
      const shown = await shownNumbers(page);
      for (const { id, keys, format, raw, text } of shown) {
        const value = keys.reduce((at, key) => at[key], findings.get(id));
        assert.equal(raw, value, `${id} ${keys}`);
        assert.equal(text, WRITTEN[format](value), `${id} ${keys}`);
      }
      const seen = new Set(shown.map(({ id, keys }) => `${id} ${keys.join(".")}`));
      for (const { id, kind, subject, estimates, evidence, p_adjusted } of document.findings) {
        // Of two arms the page shows one at a time, after first; what is exploratory waits behind a switch.
        if (!SHOWN.includes(kind) || (subject.by && kind !== "metric_disparity")) continue;
        if (ONE_ARM.includes(kind) && subject.arm === "before") continue;
        if (Object.values(estimates).every(({ value }) => value === null)) continue;
        for (const path of [...estimatesIn(estimates, "estimates"), ...estimatesIn(evidence, "evidence")])
          assert.ok(seen.has(`${id} ${path}.value`), `${id} ${path} is not shown`);
        if (["group_change", "class_flips", "small_groups"].includes(kind) && p_adjusted !== null)
          assert.ok(seen.has(`${id} p_adjusted`), `${id} p is not shown`);
      }
      for (const { id, evidence } of document.findings.filter(({ kind }) => kind === "conditions"))
        for (const path of estimatesIn(evidence, "evidence"))
          assert.ok(seen.has(`${id} ${path}.value`), `${id} ${path}`);
    });

    for (const width of [390, 1280]) {
      for (const theme of ["light", "dark"]) {
        it(`fits ${width} px, ${theme}`, async () => {
          await page.emulateMedia({ colorScheme: theme });
          await page.setViewportSize({ width, height: 900 });
          // Every plot is drawn anew for its place, not shrunk into it.
          await page.waitForFunction(
            () =>
              [...document.querySelectorAll(".plot")].every((box) => {
                const drawn = box.querySelector("svg").viewBox.baseVal.width;
                return Number(box.dataset.drawnPx) === box.clientWidth && drawn <= box.clientWidth + 1;
              }),
            null,
            { timeout: 20_000 },
          );
          const { scroll, client, paper } = await page.evaluate(() => ({
            scroll: document.documentElement.scrollWidth,
            client: document.documentElement.clientWidth,
            paper: getComputedStyle(document.body).backgroundColor,
          }));
          const clipped = await page.$$eval(".plot svg", (drawings) =>
            drawings
              .flatMap((svg) => {
                const box = svg.getBoundingClientRect();
                return [...svg.querySelectorAll("text")].filter((text) => {
                  const at = text.getBoundingClientRect();
                  return (
                    at.left < box.left - 2 ||
                    at.right > box.right + 2 ||
                    at.top < box.top - 2 ||
                    at.bottom > box.bottom + 2
                  );
                });
              })
              .map(({ textContent }) => textContent),
          );
          assert.deepEqual(clipped, [], "text is cut off at a plot's edge");
          const overlapping = await page.$$eval(".plot svg", (drawings) =>
            drawings.flatMap((svg) => {
              const texts = [...svg.querySelectorAll("text")].filter(
                (text) => !text.getAttribute("transform")?.includes("rotate"),
              );
              const boxes = texts.map((text) => ({ words: text.textContent, at: text.getBoundingClientRect() }));
              return boxes.flatMap((one, i) =>
                boxes
                  .slice(0, i)
                  .filter(({ at }) => {
                    const across = Math.min(one.at.right, at.right) - Math.max(one.at.left, at.left);
                    const down = Math.min(one.at.bottom, at.bottom) - Math.max(one.at.top, at.top);
                    return across > 1 && down > 4;
                  })
                  .map(({ words }) => `${one.words} over ${words}`),
              );
            }),
          );
          assert.deepEqual(overlapping, []);
          assert.ok(scroll <= client, `${scroll} px in a window of ${client}`);
          assert.equal(paper, theme === "light" ? "rgb(255, 255, 255)" : "rgb(19, 22, 26)");
          assert.deepEqual(record, { errors: [], requests: [], dialogs: [] });
        });
      }
    }
  });
}
