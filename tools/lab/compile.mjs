// Compile wheels for the Python that will load them:
// node compile.mjs PYODIDE COMPILE_WHEEL.PY [FROM TO beside|instead]...
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, program, ...words] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: folder + path.sep });
python.runPython(fs.readFileSync(program, "utf8"));
const compiled = python.globals.get("compiled");
for (let at = 0; at < words.length; at += 3) {
  python.FS.writeFile("/old.whl", fs.readFileSync(words[at]));
  compiled("/old.whl", "/new.whl", words[at + 2] === "beside");
  fs.writeFileSync(words[at + 1], python.FS.readFile("/new.whl"));
}
