// JupyterLab's page in the browser edition: a line that says what is going on while
// Python starts, and one button that takes all work away in one file.

import { strToU8, zipSync } from "./fflate.js";

const line = document.body.appendChild(document.createElement("div"));
line.id = "course-line";
line.setAttribute("role", "status");
say("JupyterLab is loading.");

const app = await until(() => window.jupyterapp);
await app.restored;
say("");
offerDownload();
for (const seen = new WeakSet(); ; ) await watchOneStart(seen);

function say(text) {
  line.textContent = text;
  line.hidden = !text;
}

// The first value of `look` that is one.
async function until(look) {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((later) => setTimeout(later, 200));
  }
}

// Wait for a notebook whose Python has not answered yet, and say so until it does.
async function watchOneStart(seen) {
  const context = await until(() => {
    const now = app.shell.currentWidget?.sessionContext;
    return now && !seen.has(now) && now;
  });
  seen.add(context);
  say("Python is starting in this page: half a minute, longer the first time.");
  const answered = context.ready.then(() => context.session?.kernel?.info);
  await Promise.race([answered, until(() => context.isDisposed)]);
  say("");
}

function offerDownload() {
  const button = document.body.appendChild(document.createElement("button"));
  button.id = "course-download";
  button.textContent = "Download my work";
  button.title = "All notebooks, and my_rnn.py, in one file";
  button.onclick = async () => {
    await app.commands.execute("docmanager:save-all");
    const link = document.createElement("a");
    const data = zipSync(await everything());
    link.href = URL.createObjectURL(new Blob([data], { type: "application/zip" }));
    link.download = "my_work.zip";
    link.click();
    URL.revokeObjectURL(link.href);
  };
}

// All files of the folder and the folders in it: path -> bytes.
async function everything(folder = "", files = {}) {
  const { contents } = app.serviceManager;
  for (const { path, type } of (await contents.get(folder)).content) {
    if (type === "directory") {
      await everything(path, files);
      continue;
    }
    const { content, format } = await contents.get(path, { content: true });
    if (format === "base64")
      files[path] = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    else if (format === "json")
      files[path] = strToU8(JSON.stringify(content, null, 1) + "\n");
    else files[path] = strToU8(content);
  }
  return files;
}
