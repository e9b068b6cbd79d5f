// The client of `asterism select --serve`: a request is a line of JSON, and so is its answer (docs/editors.md).
"use strict";

const { spawn } = require("child_process");
const readline = require("readline");

class MenuClient {
  // program: the command; directory: the tree; changed: called with each answer that is not a refusal.
  constructor(program, directory, changed) {
    this.number = 0;
    this.waiting = new Map();
    this.changed = changed;
    this.process = spawn(program, ["select", "--serve", directory], { cwd: directory, stdio: ["pipe", "pipe", "pipe"] });
    this.complaint = "";
    this.process.stderr.on("data", (text) => (this.complaint += text));
    this.menu = new Promise((resolve, reject) => {
      this.process.on("error", reject);
      this.process.on("exit", () => this.ended(new Error(this.complaint || "asterism has ended"), reject));
      const lines = readline.createInterface({ input: this.process.stdout });
      lines.once("line", (line) => {
        resolve(JSON.parse(line));
        lines.on("line", (text) => this.answered(JSON.parse(text)));
      });
    });
    this.menu.catch(() => {}); // whoever asks for the menu is told
  }

  // The answer to a request; rejected with the faults as text when it is refused.
  ask(name, more = {}) {
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.process.stdin.write(JSON.stringify({ id, do: name, ...more }) + "\n");
    });
  }

  answered(answer) {
    const { resolve, reject } = this.waiting.get(answer.id) || {};
    this.waiting.delete(answer.id);
    if (!resolve) return;
    if (!answer.ok) {
      reject(new Error(answer.faults.map((fault) => [fault.what, fault.why, fault.cure].filter(Boolean).join("; ")).join("\n")));
      return;
    }
    this.changed(answer);
    resolve(answer);
  }

  ended(error, reject) {
    reject(error);
    for (const { reject: refuse } of this.waiting.values()) refuse(error);
    this.waiting.clear();
  }

  // End the session; what was not saved is kept for the next menu.
  close() {
    this.process.stdin.end();
  }
}

module.exports = { MenuClient };
