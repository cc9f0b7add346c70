// A chart drawn large by Vega, of the spec its picture on the page is drawn from. Loaded when somebody looks closer.
const load = (address) => new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = address;
  script.onload = done;
  script.onerror = () => failed(new Error(`${address} did not come`));
  document.head.append(script);
});

let drawing = null;
const ready = ([vega, lite, interpreter]) => {
  // One after the other: each needs the one before. What did not come is asked for again the next time.
  drawing ??= load(vega).then(() => load(lite)).then(() => import(interpreter)).catch((away) => { drawing = null; throw away; });
  return drawing;
};

// The page's own colours, in light and dark, over those for paper that the spec brings along.
const coloured = (spec) => {
  const tokens = getComputedStyle(document.documentElement), token = (name) => tokens.getPropertyValue(`--${name}`).trim();
  const { axis, bar, line, point, rule } = spec.config;
  const [ink, soft, grid, accent, font] = ["ink", "soft", "line", "accent", "sans"].map(token);
  return {
    ...spec.config, font, background: token("surface"), title: { color: ink },
    axis: { ...axis, labelColor: soft, gridColor: grid, domainColor: grid, tickColor: grid },
    bar: { ...bar, color: accent }, line: { ...line, color: accent }, point: { ...point, color: accent },
    rule: { ...rule, color: token("wait") },
  };
};

// What is under the pointer, as text: never as HTML, as labels are words of the shop.
const tips = (place) => {
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.hidden = true;
  place.append(tip);
  return (_, event, __, told) => {
    tip.hidden = !told;
    tip.textContent = told ?? "";
    const { left, top, width } = place.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(event.clientX - left + 12, width - tip.offsetWidth))}px`;
    tip.style.top = `${event.clientY - top + 12}px`;
  };
};

const draw = async (spec, place, interpreter) => {
  const large = {
    ...spec, config: coloured(spec), width: place.clientWidth, height: Math.min(340, innerHeight / 2),
    autosize: { type: "fit", contains: "padding" },
  };
  place.replaceChildren();
  const container = document.createElement("div");
  container.ariaHidden = "true"; // the place says what it shows
  place.append(container);
  const view = new vega.View(vega.parse(vegaLite.compile(large).spec, null, { ast: true }), {
    expr: interpreter, renderer: "svg", container, tooltip: tips(place),
  });
  return view.runAsync();
};

const offer = async (dialog, view, spec) => {
  const kept = (text, type) => URL.createObjectURL(new Blob([text], { type }));
  const addresses = {
    svg: kept(await view.toSVG(), "image/svg+xml"), png: await view.toImageURL("png", 2),
    json: kept(JSON.stringify(spec, null, 2), "application/json"),
  };
  dialog.querySelectorAll("[data-save]").forEach((link) => {
    link.href = addresses[link.dataset.save];
    link.hidden = false;
  });
  return () => Object.values(addresses).forEach((address) => URL.revokeObjectURL(address));
};

export const look = async (button) => {
  const box = document.getElementById("box"), dialog = document.getElementById("dialog"), within = button.parentElement;
  dialog.replaceChildren(within.querySelector("template").content.cloneNode(true));
  const place = dialog.querySelector("[data-large]"), spec = JSON.parse(button.dataset.chart);
  place.append(within.querySelector("svg").cloneNode(true)); // until it is drawn, and where it cannot be
  box.showModal();
  const { expressionInterpreter } = await ready(button.dataset.parts.split(" "));
  if (!place.isConnected) return;
  const view = await draw(spec, place, expressionInterpreter), forget = await offer(dialog, view, spec);
  box.addEventListener("close", () => { view.finalize(); forget(); }, { once: true });
};
