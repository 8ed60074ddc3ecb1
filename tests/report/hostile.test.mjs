/** Names come from strangers. They show as text and can neither run nor reach the network. */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { open, start, stop, writeReport } from "./browser_page.mjs";
import { DOCUMENTS, HOSTILE_NAMES } from "./documents.mjs";

const address = writeReport("hostile", DOCUMENTS.hostile);
before(start);
after(stop);

it("nasty names are text", async () => {
  const { page, context, record } = await open(address);
  const groups = await page.$$eval("#groups table tbody th", (cells) => cells.map(({ textContent }) => textContent));
  for (const name of HOSTILE_NAMES) assert.ok(groups.includes(name.replace("\u202e", "\ufffd")), name);
  const drawn = await page.locator("#groups .plot svg text").allTextContents();
  assert.ok(drawn.includes(HOSTILE_NAMES[0]));
  assert.equal(await page.locator("h1").textContent(), `${HOSTILE_NAMES[0]} & ${HOSTILE_NAMES[2]}`);
  assert.equal(await page.locator("main img, main script, main b, main i").count(), 0);
  assert.deepEqual(record, { errors: [], requests: [], dialogs: [] });
  await context.close();
});

it("metrics, crossings, conditions and reasons are text too, also behind the switch", async () => {
  const { page, context, record } = await open(writeReport("hostile_evaluation", DOCUMENTS.hostile_evaluation));
  const nasty = await page.evaluate(() => document.querySelector("main").textContent);
  for (const { subject } of DOCUMENTS.hostile_evaluation.findings.filter(({ kind }) => kind === "conditions"))
    assert.ok(nasty.includes(subject.condition.replace("\u202e", "\ufffd")), subject.condition);
  const metric = page.getByRole("combobox", { name: "Metric" });
  const options = await metric.locator("option").count();
  assert.ok(options > 5);
  for (let index = 0; index < options; index += 1) {
    await metric.selectOption({ index });
    await page.waitForFunction(() => document.querySelectorAll("#groups .plot svg").length === 1);
  }
  assert.equal(await page.locator("main img, main script, main b, main i").count(), 0);
  assert.deepEqual(record, { errors: [], requests: [], dialogs: [] });
  await context.close();
});

it("a hint shows a nasty name as text", async () => {
  const { page, context, record } = await open(address);
  await page.locator("#groups .plot svg .mark-symbol path").first().hover({ force: true });
  const hint = page.locator(".hint");
  await hint.waitFor({ state: "visible" });
  assert.match(await hint.textContent(), /before .*\nafter /s);
  assert.equal(await hint.locator("*").count(), 0);
  assert.deepEqual(record.dialogs, []);
  await context.close();
});

it("the page's policy forbids foreign scripts and every connection", async () => {
  const { page, context } = await open(address);
  const refused = await page.evaluate(async () => {
    const directives = [];
    document.addEventListener("securitypolicyviolation", (event) => directives.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "globalThis.ran = true";
    document.body.append(script);
    await fetch("https://example.org/").catch(() => {});
    const image = new Image();
    image.src = "https://example.org/x.png";
    await new Promise((done) => setTimeout(done, 300));
    return { directives, ran: globalThis.ran === true };
  });
  assert.equal(refused.ran, false);
  for (const directive of ["script-src-elem", "connect-src", "img-src"])
    assert.ok(refused.directives.includes(directive), directive);
  await context.close();
});
