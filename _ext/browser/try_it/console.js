// A page's console: a line to type, and what the emulated cluster answers.  The cluster is in
// worker.js beside this file; nothing of it is loaded before the reader asks for it.

(() => {
  "use strict";

  const here = new URL(".", document.currentScript.src);
  const LONGEST = 200000;   // characters of output that are kept

  function element(kind, className, text = "") {
    const made = document.createElement(kind);
    made.className = className;
    made.textContent = text;
    return made;
  }

  class TryIt {
    constructor(frame) {
      this.frame = frame;
      this.settings = JSON.parse(frame.querySelector("script").textContent);
      this.startButton = frame.querySelector(".try-it-start");
      this.status = frame.querySelector(".try-it-status");
      this.startButton.hidden = false;
      this.startButton.addEventListener("click", () => this.start());
      this.history = [];
      this.at = 0;
      this.busy = true;
    }

    // ---- starting -------------------------------------------------------------------

    start() {
      this.startButton.disabled = true;
      const why = this.impossible();
      if (why) {
        this.tell(why);
        return;
      }
      this.tell("Loading");
      const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
      const pyodide = new URL("lite/static/pyodide/", root).href;
      this.worker = new Worker(new URL("worker.js", here), {type: "module"});
      this.worker.onmessage = ({data}) => this.hear(data);
      this.worker.onerror = event => this.failed(event.message || "the worker did not start");
      this.worker.postMessage({start: {...this.settings, pyodide}});
    }

    // Why this browser can't; "" when it can.
    impossible() {
      const instead = " The commands and their output above can be read all the same; to type them"
        + " yourself, open this page in a current Firefox, Chrome, Edge or Safari, or install the"
        + " lesson on your computer (make lab).";
      if (typeof WebAssembly !== "object")
        return "This browser has no WebAssembly (or it is switched off), and the console needs it." + instead;
      if (typeof Worker !== "function" || typeof TransformStream !== "function")
        return "This browser is too old for the console." + instead;
      if (location.protocol === "file:")
        return "The console needs a web server: in the folder of the site type"
          + " python3 -m http.server, and open http://localhost:8000/." + instead;
      return "";
    }

    hear(message) {
      if (message.stage) this.tell(message.stage);
      if (message.out) this.print(message.out);
      if (message.prompt) this.ready(message.prompt);
      if (message.failed) this.failed(message.failed);
    }

    tell(text) { this.status.textContent = text; }

    failed(text) {
      if (this.worker) this.worker.terminate();
      this.worker = null;
      this.tell(`That did not work: ${text}. Try once more, or reload the page.`);
      this.startButton.disabled = false;
      this.startButton.hidden = false;
      if (this.form) this.form.hidden = this.stop.hidden = true;
    }

    // ---- the screen -----------------------------------------------------------------

    open() {
      this.screen = element("pre", "terminal-screen try-it-screen");
      this.screen.tabIndex = 0;
      this.screen.setAttribute("role", "log");
      this.screen.setAttribute("aria-label", "Output");
      this.form = element("form", "try-it-form");
      this.label = element("label", "terminal-prompt");
      this.label.htmlFor = this.frame.id + "-line";
      this.input = element("input", "try-it-input");
      Object.assign(this.input, {id: this.label.htmlFor, type: "text", autocomplete: "off", spellcheck: false});
      this.input.setAttribute("autocapitalize", "off");
      this.input.setAttribute("autocorrect", "off");
      this.input.setAttribute("enterkeyhint", "send");
      this.input.setAttribute("aria-describedby", this.status.id);
      this.stop = element("button", "try-it-stop", "Interrupt (Ctrl-C)");
      this.stop.type = "button";
      this.stop.hidden = true;
      this.form.append(this.label, this.input, this.stop);
      this.status.before(this.screen, this.form);
      this.form.addEventListener("submit", event => { event.preventDefault(); this.enter(); });
      this.input.addEventListener("keydown", event => this.key(event));
      this.stop.addEventListener("click", () => this.interrupt());
      this.screen.addEventListener("click", () => {
        if (!String(getSelection())) this.input.focus({preventScroll: true});
      });
      this.startButton.hidden = true;
      for (const line of this.settings.suggestions) this.suggest(line);
    }

    suggest(line) {
      const button = element("button", "try-it-suggestion", line);
      button.type = "button";
      button.title = "Put this into the line";
      button.addEventListener("click", () => { this.input.value = line; this.input.focus(); });
      this.suggestions = this.suggestions || this.frame.querySelector(".try-it-suggestions");
      this.suggestions.hidden = false;
      this.suggestions.append(button);
    }

    print(text, className = "terminal-output") {
      this.screen.append(element("span", className, text));
      let length = this.screen.textContent.length;
      while (length > LONGEST && this.screen.childNodes.length > 1) {
        length -= this.screen.firstChild.textContent.length;
        this.screen.firstChild.remove();
      }
      this.screen.scrollTop = this.screen.scrollHeight;
    }

    ready(prompt) {
      const first = !this.form;
      if (first) this.open();
      this.form.hidden = false;
      this.label.textContent = this.prompt = prompt;
      this.busy = false;
      this.stop.hidden = true;
      this.screen.setAttribute("aria-busy", "false");
      this.tell("Enter runs the line, arrow keys bring back older ones, Esc leaves the console.");
      // Whoever has gone on reading is left in peace.
      if (first && (this.frame.contains(document.activeElement) || document.activeElement === document.body))
        this.input.focus({preventScroll: true});
    }

    // ---- the line -------------------------------------------------------------------

    enter() {
      if (this.busy) return;
      const line = this.input.value;
      this.input.value = "";
      if (line.trim() && line !== this.history[this.history.length - 1]) this.history.push(line);
      this.at = this.history.length;
      if (line.trim() === "clear" && this.prompt !== "> ") {
        this.screen.replaceChildren();
        return;
      }
      this.print(this.prompt, "terminal-prompt");
      this.print(line + "\n", "terminal-command");
      this.busy = true;
      this.screen.setAttribute("aria-busy", "true");
      this.worker.postMessage({line});
      this.slow = setTimeout(() => {
        if (!this.busy) return;
        this.stop.hidden = false;
        this.tell("Running");
      }, 500);
    }

    key(event) {
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault();
        this.at = Math.min(Math.max(this.at + (event.key === "ArrowUp" ? -1 : 1), 0), this.history.length);
        this.input.value = this.history[this.at] || "";
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.frame.focus({preventScroll: true});
      } else if (event.ctrlKey && event.key === "l") {
        event.preventDefault();
        this.screen.replaceChildren();
      } else if (event.ctrlKey && event.key === "c"
                 && this.input.selectionStart === this.input.selectionEnd) {
        event.preventDefault();
        this.interrupt();
      }
    }

    interrupt() {
      if (!this.busy) {
        this.print(this.prompt, "terminal-prompt");
        this.print(this.input.value + "^C\n", "terminal-command");
        this.input.value = "";
      } else {
        this.print("^C\n");
      }
      this.worker.postMessage({interrupt: true});
      this.input.focus({preventScroll: true});
    }
  }

  document.querySelectorAll(".try-it").forEach(frame => new TryIt(frame));
})();
