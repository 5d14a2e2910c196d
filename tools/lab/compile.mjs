// Compile archives for the Python that will load them:
// node compile.mjs PYODIDE COMPILE_WHEEL.PY IMPORTED.TXT [FROM TO PLACE]...
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, program, imported, ...words] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
// A traceback cannot point into a line whose source is not there: the columns are left out.
const python = await loadPyodide({ indexURL: folder + path.sep, env: { PYTHONNODEBUGRANGES: "1" } });
python.runPython(fs.readFileSync(program, "utf8"));
const compiled = python.globals.get("compiled");
const patterns = fs.readFileSync(imported, "utf8");
for (let at = 0; at < words.length; at += 3) {
  python.FS.writeFile("/old", fs.readFileSync(words[at]));
  compiled("/old", "/new", words[at + 2], patterns);
  fs.writeFileSync(words[at + 1], python.FS.readFile("/new"));
}
