// The lab on a challenge's page: nothing is loaded before the reader asks for it.

import {databases, drop, forget, own, owned} from "./store.js";

const box = document.getElementById("lab-here");
const part = name => box.querySelector(".lab-here-" + name);
const notebook = box.dataset.notebook;
const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
const lite = new URL("lite/", root);

let frame, watcher, begun, asked;

function tell(text) {
  if (part("status").textContent !== text) part("status").textContent = text;
}

async function release() {
  const answer = await fetch(new URL("release.json", lite), {cache: "no-cache"});
  if (!answer.ok) throw new Error(`release.json: ${answer.status}`);
  return answer.json();
}

// ---- can this browser? ------------------------------------------------------------------------

const INSTEAD = " What to do instead: open this page in a current Firefox, Chrome, Edge or Safari; or"
  + " run the notebooks on your own computer (make lab). The page below can be read all the same.";

// Why the lab can't run here; "" when it can.
function impossible() {
  if (location.protocol === "file:")
    return "The lab needs a web server: in the folder of the site type python3 -m http.server, and"
      + " open http://localhost:8000/.";
  if (typeof WebAssembly !== "object")
    return "This browser has no WebAssembly, or it is switched off; the lab can't run without it." + INSTEAD;
  if (typeof Worker !== "function") return "This browser is too old for the lab." + INSTEAD;
  return "";
}

// What will not work although the lab runs: [sentences].
async function missing() {
  const found = [];
  if (!("serviceWorker" in navigator))
    found.push("This window has no service workers (a private window?): files that your jobs write"
      + " are there for your cells, but not in the list of files.");
  const kept = await new Promise(resolve => {
    try {
      const request = indexedDB.open("lab-here-probe");
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase("lab-here-probe");
        resolve(true);
      };
      request.onerror = () => resolve(false);
    } catch {
      resolve(false);
    }
  });
  if (!kept)
    found.push("This window keeps nothing (a private window?): what you write is lost when you close it."
      + " Save your notebook by File, Download; or open this page in an ordinary window.");
  return found;
}

// Say them once, above what is happening.
function warn(limits) {
  if (!limits.length || part("limits")) return;
  const note = document.createElement("p");
  note.className = "lab-here-limits";
  note.textContent = limits.join(" ");
  part("status").before(note);
}

// ---- running ----------------------------------------------------------------------------------

async function run() {
  const why = impossible();
  if (why) {
    tell(why);
    return;
  }
  part("run").disabled = true;
  tell("Loading JupyterLab");
  warn(await missing());
  begun = performance.now();
  asked = false;
  frame = document.createElement("iframe");
  frame.className = "lab-here-frame";
  frame.title = `The notebook ${notebook}`;
  frame.src = new URL(`notebooks/index.html?path=${encodeURIComponent(notebook)}`, lite);
  frame.addEventListener("load", () => frame.contentWindow.addEventListener("keydown", leave, true));
  box.append(frame);
  part("run").hidden = true;
  part("close").hidden = part("reset").hidden = false;
  part("close").focus({preventScroll: true});
  watcher = setInterval(watch, 300);
}

// The notebook in the frame, as JupyterLab's own objects; undefined as long as there is none.
function panel() {
  const app = frame && frame.contentWindow && frame.contentWindow.jupyterapp;
  const widget = app && app.shell && app.shell.currentWidget;
  return widget && widget.context ? widget : undefined;
}

// Say what is happening.
function watch() {
  // Screen readers say each change: not every second.
  const seconds = 5 * Math.floor((performance.now() - begun) / 5000);
  const widget = panel();
  const session = widget && widget.context.sessionContext;
  const kernel = session && session.isReady && session.session && session.session.kernel;
  if (kernel && !asked) {
    asked = true;
    // Nothing to do: the answer comes when Python and the lesson's packages are there.
    kernel.requestExecute({code: "", silent: true, store_history: false}).done.then(() => {
      clearInterval(watcher);
      tell("Ready. Shift+Enter runs a cell; Esc, and Esc again, leaves the notebook.");
      box.dataset.state = "ready";
    }, error => tell(`The kernel did not start: ${error.message}`));
  }
  if (widget && widget.context.isReady) {
    tell(`Loading Python and Slurm's commands (about 12 MB), starting the kernel: ${seconds} s`);
  } else {
    tell(`Loading JupyterLab: ${seconds} s`);
  }
  if (seconds > 120 && box.dataset.state !== "ready")
    tell("This takes long. A slow network, or an error: close the notebook and try once more." + INSTEAD);
}

// Esc in a cell leaves the cell, as in JupyterLab everywhere; once more, it leaves the notebook.
function leave(event) {
  const inside = frame.contentDocument;
  if (event.key !== "Escape" || event.target.closest(".cm-editor, input, textarea, select")) return;
  if (inside.querySelector(".lm-Menu, .jp-Dialog, .jp-Completer:not(.lm-mod-hidden)")) return;
  // JupyterLab would take the focus back.
  event.preventDefault();
  event.stopImmediatePropagation();
  part("close").focus();
}

async function save() {
  const widget = panel();
  if (widget && widget.context.model.dirty) await widget.context.save();
}

async function close() {
  clearInterval(watcher);
  try {
    await save();
  } finally {
    remove();
    part("run").focus({preventScroll: true});
  }
}

function remove() {
  if (frame) {
    // Whatever it would ask before it goes has been answered.
    frame.remove();
    frame = undefined;
  }
  delete box.dataset.state;
  part("run").disabled = part("run").hidden = false;
  part("close").hidden = true;
  tell("");
  offerReset();
}

// ---- one's own version ------------------------------------------------------------------------

// Only who has a version of one's own can give it up.
async function offerReset() {
  const seen = await databases();
  if (!seen.length) return;
  const {storage} = await release();
  part("reset").hidden = !(await own(storage, notebook)) && !frame;
}

async function reset() {
  if (!confirm(`Put ${notebook} back as it was when you first opened it? What you wrote into it is lost.`)) return;
  const again = Boolean(frame);
  clearInterval(watcher);
  if (frame) remove();
  try {
    const {storage} = await release();
    await forget(storage, notebook);
    part("reset").hidden = true;
    tell("The notebook is as it was at first.");
    if (again) run();
  } catch (error) {
    tell(`It could not be reset: ${error.message}`);
  }
}

// ---- older releases ---------------------------------------------------------------------------

async function lookForOlder() {
  const seen = await databases();
  if (!seen.length) return;
  const now = await release();
  const older = seen.filter(name => name !== now.storage);
  if (!older.length) return;
  const place = part("older");
  const text = document.createElement("p");
  text.textContent = "The lesson has a newer release than the notebooks that you worked with here. The lab"
    + " opens the new ones, as they are shipped; yours are kept apart, since they may not fit the new checks.";
  place.append(text);
  for (const name of older) {
    // those of other challenges, too: all of them go when the older ones are deleted
    for (const file of await owned(name)) {
      place.append(button(`Save my older ${file.path}`, () => download(file)));
    }
  }
  place.append(button("Delete my older notebooks", async () => {
    if (!confirm("Delete all that you wrote in older releases of this lesson, in every challenge?")) return;
    try {
      await Promise.all(older.map(drop));
      place.replaceChildren();
    } catch (error) {
      tell(`They could not be deleted: ${error.message}`);
    }
  }));
}

function button(text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", action);
  return made;
}

// Save a file as the lab keeps it: a notebook's content is an object, a picture's base64.
function download({path, type, format, content}) {
  const link = document.createElement("a");
  const bytes = type === "notebook" ? JSON.stringify(content, null, 1)
    : format === "base64" ? Uint8Array.from(atob(content), character => character.charCodeAt(0)) : content;
  link.href = URL.createObjectURL(new Blob([bytes], {type: "application/octet-stream"}));
  link.download = path.split("/").pop().replace(/(\.[^.]*)?$/, "-older$1");
  link.click();
  URL.revokeObjectURL(link.href);
}

part("run").addEventListener("click", run);
part("close").addEventListener("click", close);
part("reset").addEventListener("click", reset);
addEventListener("pagehide", () => { save(); });
part("run").hidden = false;
// A site without its lab, or a browser without a store: there is nothing to tell then.
Promise.all([offerReset(), lookForOlder()]).catch(() => {});
