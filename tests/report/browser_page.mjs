/** A document as a page in the real browser, written by the library itself, with
 * everything that page says and asks for on record. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, openReport } from "../../web/scripts/browser.mjs";

const folder = mkdtempSync(join(tmpdir(), "evenface-report-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Writes the report as `evenface report` does, and returns its address. */
export function writeReport(name, document) {
  const program = process.env.EVENFACE_WRITE_PAGE;
  if (!program) throw new Error("EVENFACE_WRITE_PAGE must name the write_page program; run this test through ctest");
  const findings = join(folder, `${name}.json`);
  const page = join(folder, `${name}.html`);
  writeFileSync(findings, JSON.stringify(document));
  execFileSync(program, [findings, page]);
  return pathToFileURL(page).href;
}

let browser;
export async function start() {
  browser = await launch();
}
export async function stop() {
  await browser?.close();
}

/** Opens the page; `record` fills with console errors, dialogs and requests that leave it. */
export async function open(address, options = {}) {
  const { page, context, open } = await openReport(browser, address, options);
  const record = { errors: [], requests: [], dialogs: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) record.errors.push(message.text());
  });
  page.on("pageerror", (error) => record.errors.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:") && !request.url().startsWith("blob:"))
      record.requests.push(request.url());
  });
  page.on("dialog", (dialog) => {
    record.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await open();
  return { page, context, record };
}
