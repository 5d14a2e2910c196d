// The cluster behind a page's console: Python in a web worker, and in it slurm_mock.
//
// In:  {start: settings}, {line: text}, {interrupt: true}
// Out: {stage: text}, {out: text}, {prompt: text} (ready for a line), {failed: text}

const SLICE = 0.1;   // seconds of work after which messages are looked at
// Packages of the lab's list of packages, all of them pure Python without dependencies that matter here.
const WHEELS = ["slurm-mock", "just-bash"];

// Unpacked; a server that compresses sends about half of it.
const MEGABYTES = 15;
const PACKAGES = "/packages";

let shell, idleSince;

function say(message) { self.postMessage(message); }

// Let waiting messages (an interrupt) be heard.
function breathe() { return new Promise(resolve => setTimeout(resolve, 0)); }

// What has been loaded so far, said at most four times a second.
function countBytes(stage) {
  const plain = self.fetch.bind(self);
  let bytes = 0, last = 0;
  self.fetch = async (...words) => {
    const answer = await plain(...words);
    if (!answer.ok || !answer.body) return answer;
    const counter = new TransformStream({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (performance.now() - last > 250) {
          last = performance.now();
          say({stage: `${stage} (${(bytes / 1e6).toFixed(1)} of about ${MEGABYTES} MB)`});
        }
        controller.enqueue(chunk);
      },
    });
    const {status, statusText, headers} = answer;
    return new Response(answer.body.pipeThrough(counter), {status, statusText, headers});
  };
  return () => { self.fetch = plain; };
}

async function get(address) {
  const answer = await fetch(address, {cache: "no-cache"});   // asks whether what is kept is still right
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

async function start(settings) {
  const stopCounting = countBytes("Loading Python");
  say({stage: "Loading Python"});
  const {loadPyodide} = await import(settings.pyodide + "pyodide.mjs");
  const python = await loadPyodide({
    indexURL: settings.pyodide,
    env: {HOME: settings.home, USER: settings.user, TZ: "UTC"},
  });
  say({stage: "Loading Slurm's commands"});
  const lock = await (await get(settings.pyodide + "pyodide-lock.json")).json();
  for (const name of WHEELS) {
    const address = new URL(lock.packages[name].file_name, settings.pyodide);
    python.unpackArchive(await (await get(address)).arrayBuffer(), "wheel", {extractDir: PACKAGES});
  }
  stopCounting();
  say({stage: "Starting the cluster"});
  await breathe();
  python.pyimport("sys").path.append(PACKAGES);
  python.pyimport("slurm_mock.host.browser").install();   // provides what Python lacks in a browser
  const console_ = python.pyimport("slurm_mock.host.browser.console");
  const files = python.toPy(settings.files);
  shell = console_.log_in(settings.cluster, settings.user, settings.home, files, settings.facts,
                          (_stream, text) => say({out: text}));
  ready();
}

function ready() {
  idleSince = performance.now();
  say({prompt: shell.prompt});
}

async function run(line) {
  if (shell.enter(line, (performance.now() - idleSince) / 1000))
    while (!shell.go_on(SLICE)) await breathe();
  ready();
}

async function guarded(work) {
  try {
    await work();
  } catch (error) {
    say({failed: String(error && error.message || error)});
  }
}

// Python's start leaves some of its failures to nobody.
self.addEventListener("unhandledrejection", event => {
  if (!shell) say({failed: String(event.reason && event.reason.message || event.reason)});
});

self.onmessage = ({data}) => {
  if (data.start) guarded(() => start(data.start));
  else if (data.line !== undefined) guarded(() => run(data.line));
  else if (data.interrupt && shell) guarded(async () => {
    if (shell.interrupt()) ready();
  });
};
