// Recorded widgets: a control moves, and the picture and the words of that setting show.
for (const figure of document.querySelectorAll(".recorded")) {
  const { shown, frames } = JSON.parse(figure.querySelector("script").textContent);
  const controls = [...figure.querySelectorAll("input, select")];
  const [picture, readout] = [figure.querySelector("img"), figure.querySelector(".readout")];
  const passage = figure.querySelector(".passage");

  // The first setting is all ticks on: a checkbox counts 0 where it is ticked.
  const place = (control) =>
    control.type === "checkbox" ? Number(!control.checked)
      : control.type === "range" ? Number(control.value) : control.selectedIndex;
  const number = (places) =>
    places.reduce((sum, at, k) => sum * shown[k].length + at, 0);
  const address = (n) => `${figure.dataset.place}${n}.webp`;

  const fetchNeighbors = () => {
    const places = controls.map(place);
    places.forEach((at, k) => {
      for (const next of [at - 1, at + 1])
        if (next >= 0 && next < shown[k].length)
          new Image().src = address(number(places.with(k, next)));
    });
  };

  const update = () => {
    const places = controls.map(place);
    const frame = frames[number(places)];
    picture.src = address(number(places));
    readout.textContent = frame[0];
    if (passage)
      [...passage.children].forEach((part, k) => { part.textContent = frame[k + 1]; });
    controls.forEach((control, k) => {
      if (control.type !== "range") return;
      control.setAttribute("aria-valuetext", shown[k][places[k]]);
      control.nextElementSibling.textContent = shown[k][places[k]];
    });
    fetchNeighbors();
  };

  figure.addEventListener("input", update);
  figure.addEventListener("focusin", fetchNeighbors, { once: true });
  figure.addEventListener("pointerenter", fetchNeighbors, { once: true });
}

// What is wider than its place is scrolled, by the keyboard too.
const wide = "pre, .math, .passage, .table-wrapper, table";
const reach = () => {
  for (const part of document.querySelectorAll(wide))
    if (part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight)
      part.tabIndex = 0;
    else part.removeAttribute("tabindex");
};
addEventListener("resize", reach);
addEventListener("load", () => {
  reach();
  window.MathJax?.startup?.promise?.then(reach);
  for (const folded of document.querySelectorAll("details"))
    folded.addEventListener("toggle", reach);
});
