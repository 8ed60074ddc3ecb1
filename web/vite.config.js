import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** One file that asks nobody for anything: script and style inside, each allowed by
 * its hash alone, and every kind of request forbidden. */
function singleFile() {
  return {
    name: "single-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const html = files.find((file) => file.fileName.endsWith(".html"));
      const take = (extension) => {
        const file = files.find((each) => each.fileName.endsWith(extension));
        delete bundle[file.fileName];
        return String(file.code ?? file.source).trim();
      };
      const script = take(".js").replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
      const style = take(".css");
      const policy = `default-src 'none'; script-src ${hash(script)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
      html.source = String(html.source)
        .replace(/\s*<script type="module"[^>]*src=[^>]*><\/script>/, "")
        .replace(/\s*<link rel="stylesheet"[^>]*>/, "")
        .replace("@@POLICY@@", () => policy)
        .replace("</head>", () => `<style>${style}</style>\n</head>`)
        .replace("</body>", () => `<script type="module">${script}</script>\n</body>`);
    },
  };
}

/** While developing, a golden document stands in for the findings and nothing is forbidden. */
function exampleFindings() {
  return {
    name: "example-findings",
    apply: "serve",
    transformIndexHtml(html) {
      const findings = readFileSync(here("../tests/report/documents/several_seeds.json"), "utf8");
      return html
        .replace(/<meta http-equiv[^>]*>/, "")
        .replace("@@FINDINGS@@", () => findings.replaceAll("<", "\\u003c"));
    },
  };
}

export default defineConfig({
  root: here("."),
  plugins: [singleFile(), exampleFindings()],
  resolve: { alias: { page: here("src") } },
  server: { fs: { allow: [here("..")] } },
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 2000,
    rollupOptions: { input: here("report.html"), output: { inlineDynamicImports: true } },
  },
});
