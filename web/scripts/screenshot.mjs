/** node web/scripts/screenshot.mjs <report.html> <out.png> [--width 1280] [--theme light|dark]
 *      [--height 900 (first screen only)] [--section id]
 * A picture of a report, whole unless a height or a section is given. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launch, openReport } from "./browser.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: "string", default: "1280" },
    height: { type: "string" },
    theme: { type: "string", default: "light" },
    section: { type: "string" },
  },
});
if (positionals.length !== 2) {
  console.error(
    "usage: node screenshot.mjs <report.html> <out.png> [--width 1280] [--height 900] [--theme light|dark] [--section id]",
  );
  process.exit(2);
}
const [report, output] = positionals;
const browser = await launch();
try {
  const { page, open } = await openReport(browser, pathToFileURL(resolve(report)).href, {
    width: Number(values.width),
    height: Number(values.height ?? 900),
    theme: values.theme,
  });
  await open();
  if (values.section) await page.locator(`#${values.section}`).screenshot({ path: output });
  else await page.screenshot({ path: output, fullPage: values.height === undefined });
} finally {
  await browser.close();
}
