// The page of the lab: it holds the changes, asks the server for the paired difference and draws it. No library.
const $ = (id) => document.getElementById(id);
const state = { world: null, changes: {}, past: [], kept: [], answer: null, running: null };
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

const round = (value) => {
  const size = Math.abs(value);
  const step = size >= 10000 ? 100 : size >= 1000 ? 50 : size >= 100 ? 10 : 1;
  return number.format(Math.round(value / step) * step);
};
const signed = (value) => (value > 0 ? "+" : "") + round(value);
const band = (triple, show = round) => `${show(triple[1])} (${show(triple[0])} to ${show(triple[2])})`;
const percent = (share) => (share < 0.01 ? "under 1 %" : share > 0.99 ? "over 99 %" : `${Math.round(share * 100)} %`);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") made.textContent = value;
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function shape(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// ---- changes

function set(path, value) {
  state.past.push({ ...state.changes });
  if (value === null || value === "") delete state.changes[path];
  else state.changes[path] = String(value);
  $("undo").disabled = false;
  showControls();
  ask();
}

function adopt(changes) {
  state.past.push({ ...state.changes });
  state.changes = { ...changes };
  $("undo").disabled = false;
  showControls();
  ask();
}

function asList() {
  return Object.entries(state.changes).map(([path, value]) => ({ path, value }));
}

// ---- controls: inputs of one path together make the text of its change

function labelled(id, text, input, shown = null) {
  return element("label", { class: "part", for: id }, element("span", {}, document.createTextNode(text), shown), input);
}

function parts(rule, held, change) {
  const id = `c-${rule.path}`;
  const input = (suffix, attributes, value) => {
    const made = element("input", { id: `${id}${suffix}`, ...attributes });
    made.value = value ?? "";
    made.addEventListener("change", change);
    return made;
  };
  const days = { type: "date", min: rule.min, max: rule.max };
  if (rule.kind === "day") {
    const day = input("", days, held ?? rule.start);
    return [[["Day", day]], () => (day.value === rule.start ? null : day.value)];
  }
  if (rule.kind === "period" || rule.kind === "surge") {
    const [rate, span] = rule.kind === "surge" ? (held ?? "@").split("@") : [null, held ?? ""];
    const [first, last] = span.split("..");
    const from = input("-from", days, first), to = input("-to", days, last);
    const people = rule.kind === "surge" ? input("-rate", { type: "number", min: 0, max: 100000, step: 100 }, rate) : null;
    const read = () => {
      if (!from.value || !to.value || (people && !people.value)) return from.value || to.value ? undefined : null;
      return `${people ? `${people.value}@` : ""}${from.value}..${to.value}`;
    };
    return [[...(people ? [["People a day", people]] : []), ["First day", from], ["Last day", to]], read];
  }
  if (rule.kind === "hours") {
    const [first, last] = (held ?? rule.start).split("-");
    const hour = { type: "number", min: 0, max: 24, step: 0.5 };
    const from = input("-from", hour, first), to = input("-to", hour, last);
    return [[["Opens", from], ["Closes", to]], () => (`${from.value}-${to.value}` === rule.start ? null : `${from.value}-${to.value}`)];
  }
  throw new Error(`no input for ${rule.kind}`);
}

function control(rule) {
  const id = `c-${rule.path}`;
  const held = state.changes[rule.path];
  if (rule.kind === "toggle") {
    const input = element("input", { id, type: "checkbox" });
    input.checked = held === "true";
    input.addEventListener("change", () => set(rule.path, input.checked ? "true" : null));
    return element("label", { class: "field", for: id }, input, document.createTextNode(` ${rule.label}`));
  }
  if (rule.kind === "range") {
    const input = element("input", { id, type: "range", min: rule.min, max: rule.max, step: rule.step });
    input.value = held === undefined ? rule.start : Number(held.replace("x", ""));
    const shown = element("output", { for: id });
    const text = () => {
      shown.textContent = `${input.value} times`;
      input.setAttribute("aria-valuetext", `${input.value} times today's capacity`);
    };
    input.addEventListener("input", text);
    input.addEventListener("change", () => set(rule.path, Number(input.value) === rule.start ? null : `x${input.value}`));
    text();
    return element("div", { class: "field" }, labelled(id, rule.label, input, shown));
  }
  let read;
  const change = () => {
    const value = read();
    if (value !== undefined) set(rule.path, value);
  };
  const [inputs, reader] = parts(rule, held, change);
  read = reader;
  return element("fieldset", { class: "field" }, element("legend", { text: rule.label }),
    element("div", { class: "parts" }, ...inputs.map(([text, input]) => labelled(input.id, text, input))));
}

function showControls() {
  const focused = document.activeElement?.id;
  const open = new Set([...$("groups").querySelectorAll("details[open]")].map((group) => group.dataset.group));
  const groups = new Map();
  for (const rule of state.world.controls) {
    if (!groups.has(rule.group)) {
      const first = groups.size === 0 && !$("groups").childElementCount;
      groups.set(rule.group, element("details", { class: "group", "data-group": rule.group, open: first || open.has(rule.group) ? "" : false },
        element("summary", { text: rule.group })));
    }
    const group = groups.get(rule.group);
    group.append(control(rule));
    if (state.changes[rule.path] !== undefined) group.setAttribute("open", "");
  }
  $("groups").replaceChildren(...groups.values());
  if (focused?.startsWith("c-")) $(focused)?.focus();
}

// ---- the question and the answer

async function post(url, body, signal) {
  const reply = await fetch(url, {
    method: "POST", signal, headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const data = await reply.json();
  if (!reply.ok) throw new Error(data.faults ? data.faults.join("\n") : "The server could not answer.");
  return data;
}

async function ask() {
  state.running?.abort();
  state.running = new AbortController();
  const slow = setTimeout(() => ($("status").textContent = "Simulating …"), 400);
  try {
    const answer = await post("api/compare", { changes: asList() }, state.running.signal);
    state.answer = answer;
    $("problem").textContent = "";
    $("status").textContent = `${number.format(answer.members)} possible worlds, each run twice with the same draws.`;
    show(answer);
    document.body.dataset.answer = answer.id;
  } catch (error) {
    if (error.name !== "AbortError") {
      $("problem").textContent = error.message;
      $("status").textContent = "";
    }
  } finally {
    clearTimeout(slow);
  }
}

function show(answer) {
  $("sentence").textContent = answer.sentence;
  $("lines").tBodies[0].replaceChildren(
    ...answer.lines.map((line) =>
      element("tr", {}, element("th", { scope: "row", text: `${line.label}, ${line.unit}` }),
        ...[band(line.base), band(line.changed), band(line.difference, signed),
          line.harm ? percent(line.less) : "–"].map((text) => element("td", { text })))));
  $("breaches").tBodies[0].replaceChildren(
    ...answer.breaches.map((row) =>
      element("tr", {}, element("th", { scope: "row", text: row.name }),
        ...[row.capacity, row.base, row.changed].map((text) => element("td", { text })))));
  showCourses();
}

function showCourses() {
  const wanted = $("what").value;
  const courses = state.answer.courses.filter((course) => course.what === wanted);
  $("courses").replaceChildren(...courses.map((course) => card(course, state.answer.days)));
}

function card(course, days) {
  const table = element("table", {}, element("thead", {}, element("tr", {},
    ...["Day", "As announced", "With the change"].map((text) => element("th", { scope: "col", text })))),
    element("tbody", {}, ...days.map((day, i) => element("tr", {}, element("th", { scope: "row", text: day }),
      ...["base", "changed"].map((key) => element("td", { text: band(course[key].map((row) => row[i])) }))))));
  const rows = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${course.name}` }, table);
  return element("article", { class: "card" },
    element("h3", { text: course.name }),
    element("p", { class: "legend" },
      element("span", {}, element("i", { class: "base" }), document.createTextNode("as announced (dashed)")),
      element("span", {}, element("i", { class: "changed" }), document.createTextNode("with the change"))),
    chart(course, days),
    element("details", {}, element("summary", { text: "The same as a table" }), rows));
}

function chart(course, days) {
  const [width, height, left, bottom] = [360, 190, 46, 22];
  const top = Math.max(1, ...course.base[2], ...course.changed[2]);
  const x = (i) => left + (i / Math.max(1, days.length - 1)) * (width - left - 8);
  const y = (value) => height - bottom - (value / top) * (height - bottom - 10);
  const line = (values) => values.map((value, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const area = (low, high) =>
    `${line(high)}${[...low].map((value, i) => [i, value]).reverse().map(([i, value]) => `L${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("")}Z`;
  const label = `${course.name}: median from ${round(course.changed[1][0])} to ${round(course.changed[1].at(-1))}, `
    + `largest ${round(Math.max(...course.changed[1]))}; as announced largest ${round(Math.max(...course.base[1]))}.`;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (const part of [0, 0.5, 1]) {
    svg.append(shape("line", { class: "axis", x1: left, x2: width - 8, y1: y(top * part), y2: y(top * part) }));
    svg.append(shape("text", { x: left - 6, y: y(top * part) + 4, "text-anchor": "end" }, round(top * part)));
  }
  for (const i of [0, Math.floor(days.length / 2), days.length - 1]) {
    const anchor = i === 0 ? "start" : i === days.length - 1 ? "end" : "middle";
    svg.append(shape("text", { x: x(i), y: height - 6, "text-anchor": anchor }, days[i]));
  }
  for (const key of ["base", "changed"]) {
    svg.append(shape("path", { class: `b-${key}`, d: area(course[key][0], course[key][2]) }));
    svg.append(shape("path", { class: `m-${key}`, d: line(course[key][1]) }));
  }
  return svg;
}

function showMap() {
  const places = state.world.map;
  if (!places.length) { $("map").textContent = "No place of this case has coordinates."; return; }
  const [width, height] = [640, 380];
  const lons = places.map((place) => place.lon), lats = places.map((place) => place.lat);
  const [west, east, south, north] = [Math.min(...lons) - 1, Math.max(...lons) + 1.6, Math.min(...lats) - 1, Math.max(...lats) + 1];
  const squeeze = Math.cos(((south + north) / 2) * Math.PI / 180);
  const scale = Math.min(width / ((east - west) * squeeze), height / (north - south));
  const x = (lon) => (lon - west) * squeeze * scale, y = (lat) => height - (lat - south) * scale;
  const names = places.map((place) => place.name).join(", ");
  const svg = shape("svg", { viewBox: `0 0 ${Math.round((east - west) * squeeze * scale)} ${height}`, role: "img", "aria-label": `Crossings and sites: ${names}` });
  for (const route of state.world.roads)
    svg.append(shape("line", { class: "land", x1: x(route[0]), y1: y(route[1]), x2: x(route[2]), y2: y(route[3]) }));
  for (const place of places) {
    svg.append(place.kind === "crossing"
      ? shape("circle", { class: "dot", cx: x(place.lon), cy: y(place.lat), r: 5 })
      : shape("circle", { class: "ring", cx: x(place.lon), cy: y(place.lat), r: 4 }));
    if (place.kind === "crossing") svg.append(shape("text", { class: "label", x: x(place.lon) + 8, y: y(place.lat) + 4 }, place.name));
  }
  $("map").replaceChildren(svg);
}

// ---- scenarios kept, compared, saved and opened

async function showKept() {
  $("kept").replaceChildren(...state.kept.map((scenario, i) => {
    const open = element("button", { type: "button", text: scenario.name });
    open.addEventListener("click", () => adopt(scenario.changes));
    const drop = element("button", { type: "button", "aria-label": `Remove ${scenario.name}`, text: "Remove" });
    drop.addEventListener("click", () => { state.kept.splice(i, 1); showKept(); });
    return element("li", {}, open, drop);
  }));
  $("compare").hidden = state.kept.length === 0;
  if (!state.kept.length) return;
  try {
    const scenarios = state.kept.map(({ name, changes }) =>
      ({ name, changes: Object.entries(changes).map(([path, value]) => ({ path, value })) }));
    const table = await post("api/table", { scenarios });
    $("side").tHead.replaceChildren(element("tr", {}, element("th", { scope: "col", text: "Difference from as announced" }),
      ...table.scenarios.map((text) => element("th", { scope: "col", text }))));
    $("side").tBodies[0].replaceChildren(...table.rows.map((row) =>
      element("tr", {}, element("th", { scope: "row", text: row.label }), ...row.cells.map((triple) => element("td", { text: band(triple, signed) })))));
  } catch (error) { $("problem").textContent = error.message; }
}

function keep() {
  const name = $("name").value.trim() || `scenario ${state.kept.length + 1}`;
  state.kept = state.kept.filter((scenario) => scenario.name !== name);
  state.kept.push({ name, changes: { ...state.changes } });
  $("name").value = "";
  showKept();
}

function download() {
  const data = { schema: 1, case: state.world.case, as_of: state.world.as_of, scenarios: [...state.kept, { name: $("name").value.trim() || "on the page", changes: state.changes }] };
  const link = element("a", { href: URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" })), download: "scenarios.json" });
  link.click();
  URL.revokeObjectURL(link.href);
}

async function upload(event) {
  const [file] = event.target.files;
  if (!file) return;
  try {
    const data = JSON.parse(await file.text());
    if (!Array.isArray(data.scenarios)) throw new Error("no scenarios");
    state.kept = data.scenarios.map(({ name, changes }) => ({ name: String(name).slice(0, 60), changes: { ...changes } }));
    showKept();
    if (state.kept.length) adopt(state.kept.at(-1).changes);
  } catch {
    $("problem").textContent = "This file holds no scenarios. Open a file that this page saved.";
  }
  event.target.value = "";
}

async function start() {
  state.world = await (await fetch("api/world")).json();
  document.title = `${state.world.title}: sarai lab`;
  $("title").textContent = state.world.title;
  $("where").textContent = `As known on ${state.world.as_of}; ${state.world.days} days ahead.`;
  $("lines-of-use").replaceChildren(...state.world.lines.map((text) => element("li", { text })));
  for (const [i, scenario] of state.world.scenarios.entries())
    $("shipped").append(element("option", { value: i, text: scenario.name }));
  $("shipped").addEventListener("change", () => {
    const scenario = state.world.scenarios[$("shipped").value];
    $("why").textContent = scenario?.why ?? "";
    adopt(scenario?.changes ?? {});
  });
  $("undo").addEventListener("click", () => {
    state.changes = state.past.pop() ?? {};
    $("undo").disabled = state.past.length === 0;
    showControls();
    ask();
  });
  $("clear").addEventListener("click", () => adopt({}));
  $("keep").addEventListener("click", keep);
  $("download").addEventListener("click", download);
  $("upload").addEventListener("change", upload);
  $("what").addEventListener("change", showCourses);
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  showControls();
  showMap();
  await ask();
  document.body.dataset.ready = "true";
}

start().catch(() => ($("problem").textContent = "The lab's server does not answer. Start it again with sarai serve."));
