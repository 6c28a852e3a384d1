// The answer as sentences and tables: differences by window, sites above capacity, courses day by day.
import { $, element, longDay, percent, round, row, shortDay, signed } from "./dom.js";
import { courseCard, whisker } from "./chart.js";
import { state } from "./state.js";

// Shown first, in this order; every other indicator that the server sends stands in the folded table.
const FIRST = ["harm", "open_nights", "long_waits", "peak_queue", "reception_waits", "unmet_need", "duress", "breach_days", "arrivals", "peak_day"];
let chosen = 0;
const cards = new Map();

export const chosenWindow = () => state.answer.windows[Math.min(chosen, state.answer.windows.length - 1)];

export function buildWindows(onChoice) {
  const windows = state.answer.windows;
  chosen = windows.length - 1;
  $("windows").replaceChildren(...windows.map((window, i) => {
    const choice = element("input", { type: "radio", name: "window", id: `w-${window.days}`, value: i, checked: i === chosen, onchange: () => { chosen = i; onChoice(); } });
    return element("label", { class: "choice", for: choice.id }, choice, element("span", { text: i === windows.length - 1 ? `All ${window.days} days` : `First ${window.days} days` }));
  }));
}

export function showAnswer() {
  showNotes();
  showLines();
  showSites();
  showCourses();
}
function showNotes() {
  const notes = state.answer.notes;
  $("notes").hidden = !notes.length;
  $("notes").replaceChildren(...notes.map((text) => element("li", { text })));
}
function showCrossings() {
  const { crossings, last } = chosenWindow();
  $("crossings").hidden = !crossings.length;
  $("crossings-said").textContent = `From ${longDay(state.answer.days[0])} to ${longDay(last)}: people in the longest queue at closing time, and people who cross; middle case (5 % to 95 %).`;
  const cell = (label, triple, show) => element("td", { "data-label": label, class: show ? "difference" : false }, spread(triple, show));
  const cells = (name, one) => [cell(`${name}, as announced`, one.base), cell("With the change", one.changed), cell("Difference", one.difference, signed)];
  $("crossing-rows").replaceChildren(...crossings.map((one) => element("tr", {}, element("th", { scope: "row", text: one.name }), ...cells("Queue", one.queue), ...cells("People", one.crossed))));
}
export function showLines() {
  showCrossings();
  const window = chosenWindow();
  $("sentence").textContent = window.sentence;
  $("lines").caption.textContent = `From ${longDay(state.answer.days[0])} to ${longDay(window.last)}: middle case (5 % to 95 % of possible worlds). Differences are paired: the same world with and without the change.`;
  $("lines").tBodies[0].replaceChildren(...grouped(FIRST.flatMap((id) => window.lines.filter((line) => line.id === id))));
  const more = further(window);
  $("more").hidden = more.length === 0;
  $("more").querySelector("summary").textContent = `${more.length} more indicators: by sector, desks, cost`;
  showMore();
}
// The folded table is filled when it is open: nobody waits for rows that nobody sees.
export function showMore() {
  if ($("more").open) $("more-lines").tBodies[0].replaceChildren(...grouped(further(chosenWindow())));
}
const further = (window) => window.lines.filter((line) => !FIRST.includes(line.id));
function grouped(lines) {
  const group = (text) => element("tr", { class: "part-head" }, element("th", { colspan: 6, scope: "colgroup", text }));
  return [[true, "Harm: fewer is better"], [false, "Counts: neither more nor fewer is better"]].flatMap(([harm, text]) => {
    const rows = lines.filter((line) => line.harm === harm).map(lineRow);
    return rows.length ? [group(text), ...rows] : [];
  });
}
function lineRow(line) {
  const reach = Math.max(...line.difference.map(Math.abs));
  const made = row(line.label, spread(line.base), spread(line.changed), spread(line.difference, signed), whisker(line.difference, reach), chances(line));
  made.dataset.id = line.id;
  made.cells[0].append(element("span", { class: "unit", text: line.unit }));
  made.cells[3].className = "difference";
  return made;
}
function spread(triple, show = round) {
  return element("span", {}, element("span", { class: "middle", text: show(triple[1]) }), element("span", { class: "unit", text: `${show(triple[0])} to ${show(triple[2])}` }));
}
function chances(line) {
  if (line.equal === 1) return "no difference";
  const more = Math.max(0, 1 - line.fewer - line.equal);
  const same = line.equal > 0.005 ? `, same ${percent(line.equal)}` : "";
  return `fewer ${percent(line.fewer)}, more ${percent(more)}${same}`;
}
function showSites() {
  const { sites, first_above: first } = state.answer;
  const known = sites.filter((site) => site.capacity.some((value) => value !== null));
  $("first").replaceChildren(...[["base", "First, as announced"], ["changed", "First, with the change"]].map(([key, text]) =>
    element("div", { class: key }, element("dt", { text }), element("dd", { text: first[key] }))));
  const say = (above, capacity) => (capacity === null ? "capacity not known" : `${percent(above.chance)}${above.day ? `, from ${shortDay(above.day)}` : ""}`);
  const room = (site) => {
    const [before, after] = site.capacity.map((value) => (value === null ? "not known" : round(value)));
    return `${before === after ? before : `${before} → ${after}`} ${site.unit}${site.assumed && before !== "not known" ? " (assumed)" : ""}`;
  };
  const order = known.sort((a, b) => (a.changed.day ?? "9").localeCompare(b.changed.day ?? "9"));
  $("breaches").tBodies[0].replaceChildren(...order.map((site) => row(site.name, room(site), say(site.base, site.capacity[0]), say(site.changed, site.capacity[1]))));
  $("breaches").hidden = known.length === 0;
  const rest = sites.filter((site) => !known.includes(site)).map((site) => site.name);
  $("nosites").hidden = sites.length > 0;
  $("first").hidden = sites.length === 0;
  $("unknown").hidden = rest.length === 0;
  $("unknown").querySelector("summary").textContent = `Capacity not known: ${rest.length} more`;
  $("unknown").querySelector("p").textContent = `${rest.join("; ")}. Give it in the case (reception.csv) to see when it is passed.`;
}
export function showCourses() {
  const wanted = $("what").value, mode = $("as").value;
  const courses = state.answer.courses.filter((course) => course.what === wanted);
  const key = (course) => `${course.what} ${course.place}`;
  const drawn = courses.filter((course) => Math.max(...course.base[2], ...course.changed[2]) > 0);
  for (const course of courses) if (!cards.has(key(course))) cards.set(key(course), courseCard(course.name, state.answer.days));
  const box = $("courses"), wantedCards = drawn.map((course) => cards.get(key(course)));
  if (wantedCards.length !== box.childElementCount || wantedCards.some((card, i) => card !== box.children[i])) box.replaceChildren(...wantedCards);
  drawn.forEach((course) => cards.get(key(course)).show(course, mode));
  if (!drawn.length) box.replaceChildren(element("p", { class: "quiet", text: "Nobody is there in any possible world." }));
}
