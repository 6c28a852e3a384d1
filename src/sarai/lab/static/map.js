// The map: outlines, roads, crossings sized by the people who cross in the chosen days, sites that pass their capacity.
import { $, band, element, head, percent, round, row, shape, signed, twin } from "./dom.js";
import { chosenWindow } from "./answer.js";
import { state } from "./state.js";

const LARGEST = 26;
let parts = null;

// On a phone the drawing is small: its letters grow with it, and long names are cut (the table has them whole).
const [MOST_GROWTH, LONGEST_NAME] = [2.2, 20];
let top = 1, growth = 1;
const radius = (value) => Math.max(2.5, LARGEST * Math.sqrt(value / top));
const sum = (values, days) => values.slice(0, days).reduce((total, value) => total + value, 0);
const courseOf = (id) => state.answer.courses.find((course) => course.what === "crossed" && course.place === id);
const crossingsShown = () => state.world.map.places.filter((place) => place.kind === "crossing" && courseOf(place.id));
const stagesOf = (id) => state.answer.sites.filter((site) => site.site === id && site.capacity[1] !== null);
const chanceOf = (id) => Math.max(0, ...stagesOf(id).map((site) => site.changed.chance));

export function buildMap() {
  const ground = state.world.map;
  if (!ground) { $("map").replaceChildren(element("p", { class: "quiet", text: "No crossing or site of this case has coordinates." })); return; }
  growth = Math.min(MOST_GROWTH, Math.max(1, ground.width / Math.max(1, $("map").clientWidth)));
  const svg = shape("svg", { viewBox: `0 0 ${ground.width} ${ground.height}`, role: "img", class: "ground" });
  svg.style.setProperty("--growth", growth);
  svg.append(shape("rect", { class: "sea", width: ground.width, height: ground.height }));
  for (const country of ground.countries) svg.append(shape("path", { class: "land", d: country.path }));
  for (const country of ground.countries) if (country.label) svg.append(shape("text", { class: "country", x: country.label[0], y: country.label[1], "text-anchor": "middle" }, country.name));
  for (const [x1, y1, x2, y2] of ground.roads) svg.append(shape("line", { class: "road", x1, y1, x2, y2 }));
  parts = new Map();
  top = Math.max(1, ...crossingsShown().map((place) => sum(courseOf(place.id).base[1])));
  const taken = crossingsShown().map((place) => { const r = radius(sum(courseOf(place.id).base[1])); return [place.x - r, place.y - r, place.x + r, place.y + r]; });
  for (const place of [...ground.places].sort((a, b) => a.kind.localeCompare(b.kind))) {
    const made = place.kind === "crossing"
      ? [shape("circle", { class: "was", cx: place.x, cy: place.y, r: 4 }), shape("circle", { class: "now", cx: place.x, cy: place.y, r: 4 }), label(place, taken, ground)]
      : [shape("rect", { class: "site", x: place.x - 4, y: place.y - 4, width: 8, height: 8 })];
    parts.set(place.id, made);
    svg.append(...made);
  }
  const table = twin("Map", mapTable);
  parts.svg = svg; parts.table = table;
  $("map").replaceChildren(svg, element("p", { class: "legend" }, element("span", {}, element("i", { class: "ring" }), "as announced"), element("span", {}, element("i", { class: "disc" }), "with the change; area by people who cross in the counted days"),
    element("span", {}, element("i", { class: "box" }), "site"), element("span", {}, element("i", { class: "box over" }), "site more likely than not above capacity")), table);
}
function label(place, taken, ground) {
  const name = growth > 1.4 && place.name.length > LONGEST_NAME ? `${place.name.slice(0, LONGEST_NAME - 1).trimEnd()}…` : place.name;
  const width = 7.9 * growth * Math.max(name.length, 10), line = 18 * growth;
  const away = 8 + (courseOf(place.id) ? radius(sum(courseOf(place.id).base[1])) : 0);
  const spots = [[away, 0, "start"], [-away, 0, "end"], [away, line, "start"], [away, -line, "start"], [-away, line, "end"], [-away, -line, "end"]];
  const boxOf = ([dx, dy, anchor]) => { const x = place.x + dx - (anchor === "end" ? width : 0); return [x, place.y + dy - 12 * growth, x + width, place.y + dy + 16 * growth]; };
  const free = (box) => inside(box) && taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  const inside = (box) => box[0] > 0 && box[2] < ground.width;
  const spot = spots.find((one) => free(boxOf(one))) ?? spots.find((one) => inside(boxOf(one))) ?? spots[0];
  taken.push(boxOf(spot));
  const count = shape("tspan", { class: "count", x: place.x + spot[0], dy: 14 * growth });
  const text = shape("text", { class: "label", x: place.x + spot[0], y: place.y + spot[1], "text-anchor": spot[2] }, name, count);
  text.count = count;
  return text;
}
export function showMap() {
  if (!parts) return;
  const days = chosenWindow().days, crossings = crossingsShown();
  const total = (id, key) => sum(courseOf(id)[key][1], days);
  top = Math.max(1, ...crossings.flatMap((place) => [total(place.id, "base"), total(place.id, "changed")]));
  for (const { id } of crossings) {
    const [was, now, text] = parts.get(id);
    was.setAttribute("r", radius(total(id, "base"))); now.setAttribute("r", radius(total(id, "changed")));
    text.count.textContent = round(total(id, "changed"));
  }
  for (const place of state.world.map.places) if (place.kind === "site") parts.get(place.id)[0].classList.toggle("over", chanceOf(place.id) > 0.5);
  const said = crossings.map(({ id, name }) => `${name} ${round(total(id, "changed"))}`).join(", ");
  parts.svg.setAttribute("aria-label", `Map. People who cross in the first ${days} days with the change, sums of daily middle cases: ${said}.`);
  parts.table.refresh();
}
function mapTable() {
  const days = chosenWindow().days;
  const cells = (place) => {
    const course = courseOf(place.id);
    if (place.kind === "crossing" && course) return ["crossing", ...["base", "changed"].map((key) => round(sum(course[key][1], days))), signed(sum(course.difference[1], days))];
    const known = stagesOf(place.id);
    return ["site", known.length ? percent(Math.max(...known.map((site) => site.base.chance))) : "capacity not known", known.length ? percent(chanceOf(place.id)) : "capacity not known", ""];
  };
  return element("table", {}, element("caption", { text: `Crossings: people who cross in the first ${days} days, sums of daily middle cases. Sites: chance of being above capacity.` }), head("Place", "Kind", "As announced", "With the change", "Difference"),
    element("tbody", {}, ...state.world.map.places.map((place) => row(place.name, ...cells(place)))));
}
