// Lays the cells of a notebook out on slides of 1280 x 720, then starts reveal.js.
//
// What the notebook puts on one slide begins there, and a question stands below what it
// asks about if it fits. Its answer, and a cell that no longer fits, begin a slide
// below. A cell that fits on no slide is split: code from its output, text between
// paragraphs, long outputs between lines. A slide of few lines joins one beside it.
// Pictures take the room that is left.
// With ?handout at the end of the address: all slides on one page, to be printed.

const ROOM = { width: 1200, height: 664 }; // of a slide within its padding
const HEADING = 60; // above what is split
const FEW = 170; // pixels: about four lines
const LARGEST = 1.5; // how far a picture may be enlarged; its pixels reach that far
const SMALLEST = 0.75; // of the size that it would have alone on a slide
const READABLE = 0.8; // of its size in the notebook: not below that, if it can be

window.MathJax = {
  loader: { load: ["[tex]/textmacros"] }, // for \_ in \texttt
  tex: {
    packages: { "[+]": ["textmacros"] },
    inlineMath: [["$", "$"]],
    processEscapes: true,
  },
  options: { enableMenu: false },
  startup: { typeset: false },
};

const heightOf = (node) => node.getBoundingClientRect().height;
const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

// A block is what is never split: {node, height} and, where a picture is in it, the
// height that all else needs, the picture, and its smallest and largest scale.
function block(node) {
  const height = heightOf(node);
  const image = node.matches("img") ? node : node.querySelector(".recorded img, img.figure");
  if (!image) return { node, height };
  const [width, high] = [image.width, image.height].map(Number);
  const rest = height - heightOf(image);
  const alone = Math.min(ROOM.width / width, (ROOM.height - rest) / high, LARGEST);
  const smallest = Math.min(alone, Math.max(SMALLEST * alone, READABLE));
  const scales = { smallest, largest: alone };
  return { node, height: rest + scales.smallest * high, image, width, high, ...scales };
}

// A text of lines in parts of at most `most` lines, cut at an empty line if one is near.
function parts(lines, most) {
  const cut = [];
  while (lines.length > most) {
    const even = Math.ceil(lines.length / Math.ceil(lines.length / most));
    let end = even;
    while (end > even / 2 && lines[end].trim() !== "") end -= 1;
    if (end <= even / 2) end = even;
    cut.push(lines.slice(0, end));
    lines = lines.slice(end);
    while (lines.length && lines[0].trim() === "") lines.shift();
  }
  return [...cut, lines];
}

// The rows of a table in groups that fit on a slide below its head.
function groups(table) {
  const rows = [...table.querySelectorAll("tbody tr")];
  const rest = heightOf(table) - sum(rows.map(heightOf));
  const most = ROOM.height - rest - HEADING;
  const found = [[]];
  let used = 0;
  for (const row of rows) {
    if (used && used + heightOf(row) > most) {
      found.push([]);
      used = 0;
    }
    found.at(-1).push(row);
    used += heightOf(row);
  }
  return found;
}

// What is too tall for any slide, in pieces: text of lines, lists, tables.
function pieces(node) {
  if (heightOf(node) <= ROOM.height) return [block(node)];
  const pre = node.matches("pre") ? node : node.querySelector(":scope > pre");
  const wrap = (inner) => {
    const copy = node.cloneNode(pre !== null && node !== pre);
    if (node !== pre && pre) copy.querySelector("pre").innerHTML = inner;
    else copy.innerHTML = inner;
    node.before(copy);
    return copy;
  };
  let made = [node];
  if (pre) {
    const line = parseFloat(getComputedStyle(pre).lineHeight);
    const lines = pre.innerHTML.replace(/\n$/, "").split("\n");
    const around = heightOf(node) - heightOf(pre);
    const most = Math.floor((ROOM.height - around) / line);
    made = parts(lines, most).map((part) => wrap(part.join("\n")));
  } else if (node.matches("ul, ol")) {
    made = [...node.children].map((item) => wrap(item.outerHTML));
  } else if (node.matches("table")) {
    for (const column of node.rows[0].cells) column.width = column.offsetWidth;
    node.style.cssText = `table-layout: fixed; width: ${node.offsetWidth}px`;
    const head = node.tHead?.outerHTML ?? "";
    made = groups(node).map((rows) =>
      wrap(`${head}<tbody>${rows.map((row) => row.outerHTML).join("")}</tbody>`));
  }
  if (made[0] !== node) node.remove();
  return made.map(block);
}

// Consecutive blocks on as few slides as they need, each filled alike.
function spread(blocks, room, space) {
  const fill = (limit) => {
    const slides = [[]];
    let used = 0;
    for (let k = 0; k < blocks.length; ) {
      let end = k + 1, height = blocks[k].height + space;
      // A heading, or a line that ends in a colon, stays with what follows.
      while (end < blocks.length && /^H\d$|:$/.test(leads(blocks[end - 1].node)) &&
          height + blocks[end].height <= room) {
        height += blocks[end].height + space;
        end += 1;
      }
      const together = blocks.slice(k, end);
      if (used && used + height - space > limit) {
        slides.push([]);
        used = 0;
      }
      slides.at(-1).push(...together);
      used += height;
      k = end;
    }
    return slides;
  };
  const count = fill(room).length;
  let limit = room;
  while (limit > 50 && fill(limit - 20).length === count) limit -= 20;
  return fill(limit);
}

const leads = (node) =>
  node.matches("h1, h2, h3, h4") ? node.tagName : node.matches("p") ? node.textContent.trim() : "";

// Code without an output: it answers nothing.
const defines = (cell) =>
  cell.matches(".code") && [...cell.children].every((node) => node.matches(".highlight, aside"));

// Whether a slide ends with a question, and perhaps code that this is about.
const asks = (slide) =>
  slide.findLast(([cell]) => !defines(cell))?.[0].hasAttribute("data-predicts") ?? false;

// The slides of a section: [[[cell, blocks], ...], ...]. leaves: the cells that the
// notebook puts on one slide, for each.
function slidesOf(leaves, space) {
  const slides = [[]];
  let used = 0;
  const begin = () => {
    if (slides.at(-1).length) slides.push([]);
    used = 0;
  };
  const put = (cell, blocks) => {
    slides.at(-1).push([cell, blocks]);
    used += sum(blocks.map((one) => one.height + space));
  };
  for (const cells of leaves)
    for (const cell of cells) {
      const nodes = [...cell.children].filter((node) => !node.matches("aside"));
      const blocks = nodes.flatMap(pieces);
      const height = sum(blocks.map((one) => one.height + space)) - space;
      if (asks(slides.at(-1)) && !defines(cell)) begin(); // the answer is not beside it
      else if (cell === cells[0]) {
        // A question that fits below what it asks about appears there.
        const joins = cell.hasAttribute("data-predicts") && used + height <= ROOM.height;
        if (joins) cell.group ??= cell;
        else begin();
      }
      if (height <= ROOM.height) {
        if (used + height > ROOM.height) begin();
        put(cell, blocks);
      } else if (cell.matches(".code")) {
        for (const one of blocks) {
          if (used + one.height > ROOM.height) begin();
          put(cell, [one]);
        }
      } else {
        spread(blocks, ROOM.height, space).forEach((some) => {
          begin();
          put(cell, some);
        });
      }
    }
  return slides;
}

// A slide of few lines goes with the one before or after it, or takes the last cell of
// the one before; so does a question without a heading, for that is what it asks about.
// What comes second appears second; an answer stays away from its question.
function join(slides, space) {
  const height = (slide) =>
    sum(slide.flatMap(([, blocks]) => blocks.map((one) => one.height + space))) - space;
  const few = (slide) =>
    height(slide) <= FEW && !slide.some(([, blocks]) => blocks.some((one) => one.image));
  const leans = ([[cell, [first]]]) =>
    cell.hasAttribute("data-predicts") && !first.node.matches("h2, h3, h4");
  const fit = (...some) => height(some.flat()) <= ROOM.height;
  const both = (one, other) => {
    for (const [cell] of other) cell.group ??= other[0][0];
    return [...one, ...other];
  };
  for (let k = 0; k < slides.length; k += 1) {
    const [before, here, after] = [slides[k - 1], slides[k], slides[k + 1]];
    if (!few(here) && !leans(here)) continue;
    if (before && !asks(before)) {
      if (fit(before, here)) {
        slides.splice(k - 1, 2, both(before, here));
        k -= 1;
        continue;
      }
      const last = before.at(-1)[0];
      const cut = before.findIndex(([cell]) => cell === last);
      const [rest, moved] = [before.slice(0, cut), before.slice(cut)];
      const whole = cut > 0 && last !== here[0][0];
      if (whole && (leans(here) || !few(rest)) && fit(moved, here)) {
        slides.splice(k - 1, 2, rest, both(moved, here));
        k -= 2;
        continue;
      }
    }
    if (after && few(here) && !asks(here) && fit(here, after)) {
      slides.splice(k, 2, both(here, after));
      k -= 1;
    }
  }
  return slides;
}

// Enlarge the pictures of a slide into the room that is left.
function enlarge(blocks, space) {
  let left = ROOM.height - sum(blocks.map((one) => one.height + space)) + space;
  for (const one of blocks.filter((some) => some.image)) {
    const scale = Math.min(one.largest, one.smallest + Math.max(left, 0) / one.high);
    left -= (scale - one.smallest) * one.high;
    one.image.style.width = `${scale * one.width}px`;
    one.image.style.height = `${scale * one.high}px`;
  }
}

// The section of a slide. A cell keeps its id on its first part, its notes on the last.
// Notes of a step are those of its first cell, so a cell with notes is a step.
function build(slide, space) {
  const leaf = document.createElement("section");
  leaf.className = "leaf";
  const shown = slide[0][0].group;
  let step = -1, last = shown;
  for (const [cell, blocks] of slide) {
    let part = leaf.lastElementChild;
    if (part?.dataset.cell !== cell.dataset.cell) {
      part = cell.cloneNode(false);
      if (cell.lastPart) part.removeAttribute("id");
      cell.lastPart = part;
      leaf.append(part);
      if (cell.group !== shown) {
        if (cell.group !== last || cell.querySelector(":scope > aside")) step += 1;
        part.classList.add("fragment");
        part.dataset.fragmentIndex = step;
      }
      last = cell.group;
    }
    part.append(...blocks.map((one) => one.node));
  }
  enlarge(slide.flatMap(([, blocks]) => blocks), space);
  return leaf;
}

function layOut() {
  const space = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--gap"));
  const stacks = [...document.querySelectorAll(".slides > section")];
  const cells = [...document.querySelectorAll(".cell")];
  // Cells of one group appear together.
  for (const cell of cells) cell.group = cell.closest(".fragment");
  // All is measured before anything moves.
  const plans = stacks.map((stack) => {
    const leaves = [...stack.children].map((leaf) => [...leaf.querySelectorAll(".cell")]);
    return join(slidesOf(leaves, space), space);
  });
  stacks.forEach((stack, k) =>
    stack.replaceChildren(...plans[k].map((slide) => build(slide, space))));
  for (const cell of cells) cell.lastPart?.append(...cell.querySelectorAll(":scope > aside"));
}

// The readout of a recorded widget has room for its longest text, and what is wider
// than a slide is drawn smaller.
function settle() {
  for (const figure of document.querySelectorAll(".recorded")) {
    const { frames } = JSON.parse(figure.querySelector("script").textContent);
    const readout = figure.querySelector(".readout");
    const now = readout.textContent;
    readout.textContent = frames.map(([text]) => text)
      .reduce((one, other) => (other.length > one.length ? other : one));
    readout.style.minHeight = `${heightOf(readout)}px`;
    readout.textContent = now;
    figure.dataset.preventSwipe = "";
    for (const control of figure.querySelectorAll("input"))
      control.addEventListener("pointerup", () => control.blur()); // keys turn slides again
  }
  for (const wide of document.querySelectorAll("mjx-container[display=true], .cell > table")) {
    const width = wide.firstElementChild.getBoundingClientRect().width;
    if (width > ROOM.width) wide.style.fontSize = `${(100 * ROOM.width) / width}%`;
  }
}

// After a click on a folded answer, keys turn slides again; one that is opened by a key
// keeps the keys that it needs.
document.addEventListener("click", (event) => {
  const summary = event.target.closest?.("summary");
  if (summary && event.detail > 0) summary.blur();
});

// The keys that a control or a folded answer needs are theirs.
function turns(event) {
  if (event.target.closest?.("input, select")) return false;
  return !(event.target.closest?.("summary") && [" ", "Enter"].includes(event.key));
}

async function start() {
  document.documentElement.classList.add("measured");
  await Promise.all([...document.fonts].map((font) => font.load().catch(() => {})));
  await MathJax.startup.promise;
  await MathJax.typesetPromise();
  settle();
  layOut();
  document.documentElement.classList.remove("measured");
  if (new URLSearchParams(location.search).has("handout")) {
    document.documentElement.classList.add("handout");
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  } else {
    // In this layout the window of the notes has room for the longest of them. A browser
    // that keeps nothing leaves the choice to the speaker.
    try { localStorage["reveal-speaker-layout"] ??= "tall"; } catch {}
    await Reveal.initialize({
      width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 8, center: false,
      display: "flex", controls: false, hash: true, slideNumber: "c/t",
      navigationMode: "linear", transition: "none", backgroundTransition: "none",
      keyboardCondition: turns, plugins: [RevealNotes],
    });
  }
  document.documentElement.dataset.ready = "";
}

addEventListener("load", start);
