// What to have ready: the gap table of the changes on the page over the chosen days, asked when the page has come to rest.
import { $, daysBetween, element, longDay, round, shortDay } from "./dom.js";
import { post } from "./api.js";
import { chosenWindow } from "./answer.js";
import { state } from "./state.js";

const FIRST = 15;
const REST = 900; // milliseconds without a move, so that a slider is never kept waiting
let timer = null, running = null, shown = null, answered = null, until = "";
const exact = (value) => Math.round(value).toLocaleString("en");
const asked = () => (until ? daysBetween(state.world.as_of, until) : chosenWindow().days);
const key = () => JSON.stringify([asked(), state.changes]);

export function buildReady() {
  const to = $("ready-to"), days = state.world.days;
  [to.min, to.max] = [days[0], days.at(-1)];
  to.addEventListener("change", () => {
    if (to.value && (to.value < to.min || to.value > to.max)) { $("ready-said").textContent = `Choose a day from ${longDay(to.min)} to ${longDay(to.max)}; further ahead nothing was simulated.`; return; }
    until = to.value;
    askReady();
  });
  $("ready-place").addEventListener("change", () => answered && show(answered));
  $("ready-form").addEventListener("submit", (event) => event.preventDefault());
}
export function askReady() {
  clearTimeout(timer);
  running?.abort();
  if (!until) $("ready-to").value = chosenWindow().last;
  if (shown === key()) return;
  $("ready").classList.add("waiting");
  timer = setTimeout(load, REST);
}
async function load() {
  const mine = (running = new AbortController()), wanted = key(), days = asked();
  $("ready-working").hidden = false;
  try {
    const found = await (await post("api/ready", { changes: state.changes, days }, mine.signal)).json();
    if (mine !== running) return;
    [shown, answered] = [wanted, found];
    showPlaces(found);
    show(found);
  } catch (error) {
    if (error.name !== "AbortError" && mine === running) $("ready-said").textContent = error.message;
  } finally {
    if (mine === running) { $("ready-working").hidden = true; $("ready").classList.remove("waiting"); }
  }
}
const where = (one) => (one.at_gate ? `${one.name}, waiting to cross` : one.name);
function showPlaces(found) {
  const box = $("ready-place"), chosen = box.value;
  const places = [...new Map(found.rows.map((one) => [one.site, where(one)]))].sort((a, b) => a[1].localeCompare(b[1]));
  box.replaceChildren(element("option", { value: "", text: "all places" }), ...places.map(([value, text]) => element("option", { value, text })));
  box.value = places.some(([value]) => value === chosen) ? chosen : "";
}
function show(found) {
  const rows = found.rows.filter((one) => !$("ready-place").value || one.site === $("ready-place").value);
  const stated = rows.filter((one) => one.in_place !== null), silent = rows.filter((one) => one.in_place === null && one.need[1] > 0);
  const short = stated.filter((one) => one.missing > 0), enough = stated.filter((one) => one.missing <= 0);
  $("ready-said").textContent = `From ${longDay(found.first)} to ${longDay(found.last)}, enough in four of five possible worlds. ${say(short, rows)}`;
  const rest = short.slice(FIRST);
  $("ready-rows").replaceChildren(...short.slice(0, FIRST).map(gapRow));
  $("ready-more-rows").replaceChildren(...rest.map(gapRow));
  $("ready-more").hidden = !rest.length;
  $("ready-more").querySelector("summary").textContent = `${rest.length} more that are short, less urgent`;
  $("ready-table").hidden = !short.length;
  $("ready-enough").hidden = !enough.length;
  $("ready-enough").querySelector("summary").textContent = `Enough is in place for ${enough.length} more`;
  $("ready-enough").querySelector("p").textContent = enough.map((one) => `${where(one)}: ${one.item}`).join("; ");
  $("ready-silent").hidden = !silent.length;
  $("ready-silent").querySelector("summary").textContent = `What is in place is not stated for ${silent.length} more`;
  $("ready-silent").querySelector("ul").replaceChildren(...silent.map((one) => element("li", { text: `${where(one)}: ${exact(one.need[1])} ${one.unit} (${one.item})` })));
  $("ready-file").href = `api/ready.csv?${new URLSearchParams([["days", found.days], ...found.changes.map(({ path, value }) => ["set", `${path}=${value}`])])}`;
  $("ready").dataset.ready = found.days;
}
function say(short, rows) {
  if (!rows.length) return "This case has no reception sites, so nothing can be said on what they need.";
  if (!short.length) return "Of what is known to be in place, nothing is missing.";
  const late = short.filter(isLate).length, cost = short.reduce((total, one) => total + one.cost_usd, 0);
  const orders = late ? ` For ${late === short.length ? "all" : late} of them an order placed today comes too late for the first day.` : "";
  return `${short.length} of the ${rows.filter((one) => one.in_place !== null).length} lines of which it is known what is in place are short, at a cost of about ${round(cost)} US dollars.${orders}`;
}
const isLate = (one) => Boolean(one.order_by) && one.order_by < state.world.as_of;
function gapRow(one) {
  const cell = (label, text, small) => element("td", { "data-label": label }, element("span", {}, text, small ? element("span", { class: "unit", text: small }) : null));
  return element("tr", {},
    element("th", { scope: "row" }, one.item[0].toUpperCase() + one.item.slice(1), element("span", { class: "unit", text: one.item === one.unit ? where(one) : `${where(one)}; ${one.unit}` })),
    cell("Needed", exact(one.need[1])), cell("In place", exact(one.in_place)),
    cell("Missing", exact(one.missing)), cell("Short from", one.first_short ? shortDay(one.first_short) : "no day likely"),
    cell("Order by", one.order_by ? (isLate(one) ? "at once" : shortDay(one.order_by)) : "no day", `takes ${one.lead_days} ${one.lead_days === 1 ? "day" : "days"}`),
    cell("Cost", `${exact(one.cost_usd)}\u00a0USD`));
}
