// What to have ready: the gap table of the changes on the page over the chosen days, asked when the page has come to rest.
import { $, element, longDay, round, shortDay } from "./dom.js";
import { post } from "./api.js";
import { chosenWindow } from "./answer.js";
import { state } from "./state.js";

const FIRST = 15;
const REST = 900; // milliseconds without a move, so that a slider is never kept waiting
let timer = null, running = null, shown = null;
const exact = (value) => Math.round(value).toLocaleString("en");
const key = () => JSON.stringify([chosenWindow().days, state.changes]);

export function askReady() {
  clearTimeout(timer);
  running?.abort();
  if (shown === key()) return;
  $("ready").classList.add("waiting");
  timer = setTimeout(load, REST);
}
async function load() {
  const mine = (running = new AbortController()), wanted = key(), days = chosenWindow().days;
  $("ready-working").hidden = false;
  try {
    const found = await (await post("api/ready", { changes: state.changes, days }, mine.signal)).json();
    if (mine !== running) return;
    shown = wanted;
    show(found);
  } catch (error) {
    if (error.name !== "AbortError" && mine === running) $("ready-said").textContent = error.message;
  } finally {
    if (mine === running) { $("ready-working").hidden = true; $("ready").classList.remove("waiting"); }
  }
}
function show(found) {
  const stated = found.rows.filter((one) => one.in_place !== null), silent = found.rows.filter((one) => one.in_place === null && one.need[1] > 0);
  const short = stated.filter((one) => one.missing > 0), enough = stated.filter((one) => one.missing <= 0);
  $("ready-said").textContent = `From ${longDay(found.first)} to ${longDay(found.last)}, enough in four of five possible worlds. ${say(short, found)}`;
  const rest = short.slice(FIRST);
  $("ready-rows").replaceChildren(...short.slice(0, FIRST).map(gapRow));
  $("ready-more-rows").replaceChildren(...rest.map(gapRow));
  $("ready-more").hidden = !rest.length;
  $("ready-more").querySelector("summary").textContent = `${rest.length} more that are short, less urgent`;
  $("ready-table").hidden = !short.length;
  $("ready-enough").hidden = !enough.length;
  $("ready-enough").querySelector("summary").textContent = `Enough is in place for ${enough.length} more`;
  $("ready-enough").querySelector("p").textContent = enough.map((one) => `${one.name}: ${one.item}`).join("; ");
  $("ready-silent").hidden = !silent.length;
  $("ready-silent").querySelector("summary").textContent = `What is in place is not stated for ${silent.length} more`;
  $("ready-silent").querySelector("ul").replaceChildren(...silent.map((one) => element("li", { text: `${one.name}: ${exact(one.need[1])} ${one.unit} (${one.item})` })));
  $("ready-file").href = `api/ready.csv?${new URLSearchParams([["days", found.days], ...found.changes.map(({ path, value }) => ["set", `${path}=${value}`])])}`;
  $("ready").dataset.ready = found.days;
}
function say(short, found) {
  if (!found.rows.length) return "This case has no reception sites, so nothing can be said on what they need.";
  if (!short.length) return "Of what is known to be in place, nothing is missing.";
  const late = short.filter(isLate).length, cost = short.reduce((total, one) => total + one.cost_usd, 0);
  const orders = late ? ` For ${late === short.length ? "all" : late} of them an order placed today comes too late for the first day.` : "";
  return `${short.length} of the ${found.rows.filter((one) => one.in_place !== null).length} lines of which it is known what is in place are short, at a cost of about ${round(cost)} US dollars.${orders}`;
}
const isLate = (one) => Boolean(one.order_by) && one.order_by < state.world.as_of;
function gapRow(one) {
  const cell = (label, text, small) => element("td", { "data-label": label }, element("span", {}, text, small ? element("span", { class: "unit", text: small }) : null));
  return element("tr", {},
    element("th", { scope: "row" }, one.item[0].toUpperCase() + one.item.slice(1), element("span", { class: "unit", text: one.item === one.unit ? one.name : `${one.name}, ${one.unit}` })),
    cell("Needed", exact(one.need[1])), cell("In place", exact(one.in_place)),
    cell("Missing", exact(one.missing)), cell("Short from", one.first_short ? shortDay(one.first_short) : "no day likely"),
    cell("Order by", one.order_by ? (isLate(one) ? "at once" : shortDay(one.order_by)) : "no day", `${one.lead_days} days to come`),
    cell("Cost", `${exact(one.cost_usd)} USD`));
}
