/** The system's Chromium, headless and silent, for screenshots and tests. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
  if (!executablePath)
    throw new Error(`no browser found; install chromium or set CHROMIUM to its path (looked in ${PLACES.join(", ")})`);
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** The report at `address`, drawn completely. */
export async function openReport(browser, address, { width = 1280, height = 900, theme = "light", ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
    ...more,
  });
  const page = await context.newPage();
  return {
    page,
    context,
    open: async () => {
      await page.goto(address);
      await page.waitForFunction(() => document.documentElement.dataset.ready === "true", null, { timeout: 60_000 });
    },
  };
}
