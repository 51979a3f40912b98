"use strict";

const { charts, windows } = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
const MS_PER_HOUR = 3600000;
const TYPES = { f4: Float32Array, f8: Float64Array, i1: Int8Array, u1: Uint8Array, i2: Int16Array, i4: Int32Array };
const shown = {}; // first step of the week that each windowed chart shows; null is all of it

/* Arrays come as base64; a chart that shows a part of them needs the numbers. */
function numbers(values) {
  if (!values || !values.bdata) return values;
  const bytes = Uint8Array.from(atob(values.bdata), (letter) => letter.charCodeAt(0));
  return new TYPES[values.dtype](bytes.buffer);
}

for (const name of Object.keys(windows)) {
  for (const trace of charts[name].data) trace.y = numbers(trace.y);
  shown[name] = 0;
}

/* Lines without a colour of their own have that of text. */
function inked(trace) {
  return trace.meta === "ink" ? { ...trace, line: { ...trace.line, color: color("--ink") } } : trace;
}

/* The part of a chart that is shown: a year of stacked steps is too much to draw at once. */
function visible(name) {
  const data = charts[name].data.map(inked);
  if (!(name in windows) || shown[name] === null) return data;
  const { steps, week, stepHours } = windows[name];
  const first = Math.min(shown[name], steps - week);
  return data.map((trace) => ({
    ...trace,
    x0: Date.parse(trace.x0 + "Z") + first * stepHours * MS_PER_HOUR,
    y: trace.y.subarray(first, first + week),
  }));
}

function color(name) {
  return getComputedStyle(root).getPropertyValue(name).trim();
}

/* Colours follow the page; on a narrow page the legend stands below. */
function themed(layout, width) {
  const axis = { gridcolor: color("--rule"), linecolor: color("--rule"), zerolinecolor: color("--soft") };
  const narrow = width < 600;
  const result = {
    ...layout,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { ...layout.font, color: color("--ink"), size: narrow ? 11 : 13 },
    hoverlabel: { bgcolor: color("--panel"), bordercolor: color("--rule"), font: { color: color("--ink") } },
  };
  for (const key of Object.keys(layout)) {
    if (/^[xy]axis/.test(key)) result[key] = { ...axis, ...layout[key] };
  }
  if (narrow) result.margin = { ...layout.margin, l: 52, r: 8 };
  return result;
}

function draw(place) {
  const name = place.dataset.chart;
  if (charts[name].layout.height) place.style.minHeight = `${charts[name].layout.height}px`;
  const config = { responsive: true, displaylogo: false, displayModeBar: false };
  return Plotly.react(place, visible(name), themed(charts[name].layout, place.clientWidth), config);
}

function drawAll() {
  return Promise.all([...document.querySelectorAll("[data-chart]")].map(draw));
}

/* Show the week around a step, a week before or after, or everything. */
function connect(controls) {
  const name = controls.dataset.window;
  const { steps, week, stepHours } = windows[name];
  const slider = controls.querySelector("input");
  const place = document.querySelector(`[data-chart="${name}"]`);
  const start = Date.parse(charts[name].data[0].x0 + "Z");
  function day(step) {
    return new Date(start + step * stepHours * MS_PER_HOUR).toISOString().slice(0, 10);
  }
  function set(first) {
    shown[name] = first === null ? null : Math.max(0, Math.min(steps - week, first));
    slider.value = shown[name] ?? 0;
    const [from, to] = shown[name] === null ? [0, steps] : [shown[name], shown[name] + week];
    slider.setAttribute("aria-valuetext", `${day(from)} to ${day(to - 1)}`);
  }
  function go(first) {
    set(first);
    draw(place);
  }
  slider.step = Math.max(1, Math.round(24 / stepHours));
  slider.addEventListener("input", () => go(Number(slider.value)));
  controls.addEventListener("click", ({ target }) => {
    const { move, step, all } = target.dataset;
    if (all) go(null);
    else if (move) go((shown[name] ?? 0) + Number(move) * week);
    else if (step) go(Number(step) - Math.floor(week / 2));
  });
  controls.hidden = false;
  set(Number(controls.querySelector("[data-step]").dataset.step) - Math.floor(week / 2));
}

function isDark() {
  const asked = root.dataset.theme;
  return asked ? asked === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

const button = document.getElementById("theme");
button.hidden = false;
function repaint() {
  button.setAttribute("aria-pressed", String(isDark()));
  return drawAll();
}
button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  repaint();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

/* Paper is white. */
let before;
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open])")];
  for (const details of unfolded) details.open = true;
  before = root.dataset.theme;
  root.dataset.theme = "light";
  drawAll();
});
addEventListener("afterprint", () => {
  if (before) root.dataset.theme = before;
  else delete root.dataset.theme;
  for (const details of unfolded) details.open = false;
  drawAll();
});

/* A link to something folded opens it. */
function unfold() {
  const place = document.getElementById(location.hash.slice(1));
  if (!(place instanceof HTMLDetailsElement)) return;
  for (let each = place; each; each = each.parentElement.closest("details")) each.open = true;
  place.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

document.querySelectorAll("[data-window]").forEach(connect);
repaint().then(() => { root.dataset.drawn = "yes"; });
