// The time line: people who cross each day, and under them lanes with handles for days and bars for periods.
import { $, addDays, band, daysBetween, element, head, isDay, longDay, round, row, shape, shortDay, twin } from "./dom.js";
import { areaPath, linePath, nice } from "./chart.js";
import { held, set, state } from "./state.js";

const [LONG, SPAN_DAYS] = [1000, 10];
const lanes = [];
let drawn = null;

const lastIndex = () => state.world.days.length - 1;
const dayAt = (index) => addDays(state.world.days[0], index);
const indexOf = (day) => daysBetween(state.world.days[0], day);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const place = (day) => `${(clamp(indexOf(day), 0, lastIndex()) / Math.max(1, lastIndex())) * 100}%`;
const beyond = (day) => (indexOf(day) > lastIndex() ? "later" : indexOf(day) < 0 ? "earlier" : "");

function indexUnder(track, event) {
  const box = track.getBoundingClientRect();
  return clamp(Math.round(((event.clientX - box.left) / box.width) * lastIndex()), 0, lastIndex());
}
function drag(made, track, move, drop) {
  made.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    made.setPointerCapture(event.pointerId);
    const start = indexUnder(track, event);
    const moved = (next) => move(indexUnder(track, next), start);
    const done = () => { made.removeEventListener("pointermove", moved); drop(); };
    made.addEventListener("pointermove", moved);
    made.addEventListener("pointerup", done, { once: true });
    made.addEventListener("pointercancel", done, { once: true });
  });
}

// A handle of one day. `moves` shows the day while it is dragged, `commit` makes it so, `remove` takes it back.
function handle(track, label, { min, max, moves, commit, remove, kind }) {
  const flag = element("span", { class: "flag", "aria-hidden": "true" });
  const made = element("button", { type: "button", class: `handle ${kind}`, role: "slider", "aria-label": label, "aria-orientation": "horizontal", "aria-valuemin": 0, "aria-valuemax": daysBetween(min, max) }, flag);
  let day = min;
  made.show = (next) => {
    day = next;
    made.style.left = place(day);
    made.dataset.beyond = beyond(day);
    made.setAttribute("aria-valuenow", daysBetween(min, day));
    made.setAttribute("aria-valuetext", longDay(day));
    flag.textContent = `${shortDay(day)}${made.dataset.beyond === "later" ? " →" : ""}`;
  };
  const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 7, PageDown: -7 };
  made.addEventListener("keydown", (event) => {
    if (["Delete", "Backspace"].includes(event.key) && remove) { event.preventDefault(); remove(); return; }
    const aim = event.key in steps ? addDays(day, steps[event.key]) : event.key === "Home" ? min : event.key === "End" ? max : null;
    if (aim === null) return;
    event.preventDefault();
    moves(aim < min ? min : aim > max ? max : aim);
    commit();
  });
  drag(made, track, (index) => { const aim = dayAt(index); moves(aim < min ? min : aim > max ? max : aim); }, commit);
  return made;
}

function dayLane(rule, track) {
  let day = rule.start;
  const moves = (next) => { day = next; knob.show(day); };
  const commit = () => set(rule.path, day === rule.start ? null : day);
  const knob = handle(track, `${rule.group}: ${rule.label}`, { min: rule.min, max: rule.max, moves, commit, remove: () => set(rule.path, null), kind: "point" });
  track.append(knob);
  return (value) => moves(isDay(value ?? "") ? value : rule.start);
}

function periodLane(rule, track) {
  const wrap = (text) => (rule.kind === "surge" ? `${rate}@${text}` : text);
  const name = `${rule.group}: ${rule.label.toLowerCase()}`;
  let [first, last, rate] = ["", "", ""];
  const body = element("div", { class: "body" });
  const commit = () => set(rule.path, wrap(`${first}..${last}`));
  const remove = () => { set(rule.path, null); add.focus(); };
  const show = () => { from.show(first); to.show(last); body.style.left = place(first); body.style.right = `calc(100% - ${place(last)})`; };
  const bounds = { min: rule.min, max: rule.max, commit, remove, kind: "end" };
  const from = handle(track, `${name}, first day`, { ...bounds, moves: (day) => { first = day > last ? last : day; show(); } });
  const to = handle(track, `${name}, last day`, { ...bounds, moves: (day) => { last = day < first ? first : day; show(); } });
  let grip = null;
  drag(body, track, (index, start) => {
    grip ??= [first, last];
    const shift = clamp(index - start, daysBetween(grip[0], rule.min), daysBetween(grip[1], rule.max));
    [first, last] = [addDays(grip[0], shift), addDays(grip[1], shift)];
    show();
  }, () => { if (grip) commit(); grip = null; });
  const add = element("button", { type: "button", class: "add", text: "+ add", "aria-label": `${name}: add ${SPAN_DAYS} days`, onclick: () => {
    first = dayAt(Math.min(7, lastIndex())); last = addDays(first, SPAN_DAYS - 1);
    commit(); from.focus();
  } });
  const away = element("button", { type: "button", class: "remove", text: "×", "aria-label": `${name}: take away`, onclick: remove });
  track.append(body, from, to, add, away);
  return (value) => {
    const [before, span] = rule.kind === "surge" && value ? value.split("@") : ["", value ?? ""];
    const ends = (span ?? "").split("..");
    const there = ends.length === 2 && ends.every(isDay);
    for (const part of [body, from, to, away]) part.hidden = !there;
    add.hidden = there;
    if (there) { rate = before; [first, last] = ends; show(); }
  };
}

function announced(rule, track) {
  for (const entry of state.world.calendar) {
    if (entry.kind === "wave" && rule.path === `${entry.path}.deadline`) {
      for (const [key, text] of [["deadline", "deadline as announced"], ["enforcement", "enforcement as announced"]])
        if (!beyond(entry[key])) { const mark = element("span", { class: `mark ${key}`, title: `${text}: ${longDay(entry[key])}` }); mark.style.left = place(entry[key]); track.append(mark); }
    }
    if (entry.kind === "closure" && rule.path === `${entry.path}.closed` && (!entry.last || indexOf(entry.last) >= 0) && beyond(entry.first) !== "later") {
      const bar = element("span", { class: "shut", title: "closed as announced" });
      bar.style.left = place(entry.first); bar.style.right = `calc(100% - ${entry.last ? place(entry.last) : "100%"})`;
      track.append(bar);
    }
  }
}

function lane(rule) {
  const track = element("div", { class: "track" });
  announced(rule, track);
  const update = (rule.kind === "day" ? dayLane : periodLane)(rule, track);
  const made = element("div", { class: "lane", role: "group", "aria-label": `${rule.group}: ${rule.label}` },
    element("div", { class: "lane-name" }, element("strong", { text: rule.group }), element("span", { text: rule.label.toLowerCase() })), track);
  lanes.push(() => {
    const value = held(rule.path);
    made.hidden = rule.kind === "surge" && value === undefined;
    made.classList.toggle("moved", value !== undefined);
    update(value);
  });
  return made;
}

function curve() {
  const svg = shape("svg", { viewBox: `0 0 ${LONG} 100`, preserveAspectRatio: "none", role: "img" });
  const paths = Object.fromEntries(["b-base", "b-changed", "m-base", "m-changed"].map((part) => [part, shape("path", { class: part, "vector-effect": "non-scaling-stroke" })]));
  svg.append(...Object.values(paths));
  const top = element("span", { class: "top-value" });
  const table = twin("People who cross each day, all crossings", () => element("table", {}, head("Day", "As announced", "With the change"),
    element("tbody", {}, ...state.answer.days.map((day, i) => row(shortDay(day), ...["base", "changed"].map((key) => band(whole()[key].map((line) => line[i]))))))));
  return { svg, paths, top, table };
}
const whole = () => state.answer.courses.find((course) => course.what === "crossed" && course.place === "all");

function axis() {
  const days = state.world.days, track = element("div", { class: "track" });
  days.forEach((day, i) => {
    if (i % 7) return;
    const tick = element("span", { class: `tick${(i / 7) % 2 ? " odd" : ""}`, text: shortDay(day) });
    tick.style.left = place(day);
    track.append(tick);
  });
  return element("div", { class: "lane axis-lane", "aria-hidden": "true" }, element("div", { class: "lane-name" }), track);
}

export function buildTimeline() {
  drawn = curve();
  const rules = state.world.controls.filter((rule) => ["day", "period", "surge"].includes(rule.kind));
  $("timeline").replaceChildren(
    element("div", { class: "lane curve" }, element("div", { class: "lane-name" }, element("strong", { text: "All crossings" }), element("span", { text: "people who cross each day" })),
      element("div", { class: "track" }, drawn.svg, drawn.top)),
    axis(), ...rules.map(lane), drawn.table);
  showLanes();
}
export const showLanes = () => lanes.forEach((update) => update());

export function showCurve() {
  const course = whole(), count = course.base[0].length;
  const top = nice(Math.max(...course.base[2], ...course.changed[2]));
  const x = (i) => (i / Math.max(1, count - 1)) * LONG, y = (value) => 98 - (value / top) * 94;
  for (const key of ["base", "changed"]) {
    drawn.paths[`b-${key}`].setAttribute("d", areaPath(course[key][0], course[key][2], x, y));
    drawn.paths[`m-${key}`].setAttribute("d", linePath(course[key][1], x, y));
  }
  drawn.top.textContent = `${round(top)} a day`;
  const sum = (key) => round(Math.max(...course[key][1]));
  drawn.svg.setAttribute("aria-label", `People who cross each day, all crossings: largest middle case ${sum("base")} as announced, ${sum("changed")} with the change.`);
  drawn.table.refresh();
}
