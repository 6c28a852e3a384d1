// What to send where under a budget: the optimiser over the possible worlds of the changes on the page, asked by a button.
import { $, addDays, element, longDay, round, shape, shortDay } from "./dom.js";
import { post } from "./api.js";
import { chosenWindow } from "./answer.js";
import { state } from "./state.js";

const [WIDE, FIRST] = [160, 12];
let bounds = [], running = null, shown = null;
const exact = (value) => Math.round(value).toLocaleString("en");
const store = (key) => state.world.stores.find((one) => `${one.site}:${one.supply}` === key);
const page = () => JSON.stringify([chosenWindow().days, state.changes]);

export function buildSend() {
  const stores = state.world.stores;
  $("send-form").hidden = !stores.length;
  if (!stores.length) { $("send-said").textContent = "This case has no reception sites, so there is nothing to send."; return; }
  $("bound-what").replaceChildren(...stores.map((one) => element("option", { value: `${one.site}:${one.supply}`, text: `${one.name}: ${one.item}` })));
  $("send-by").min = addDays(state.world.as_of, 1);
  $("send-form").addEventListener("submit", (event) => { event.preventDefault(); running ? stop() : choose(); });
  $("bound-add").addEventListener("click", addBound);
  $("bound-units").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); addBound(); } });
}
export function markSend() {
  const old = shown !== null && shown !== page();
  $("send-old").hidden = !old;
  $("send-found").classList.toggle("waiting", old);
}
function addBound() {
  const field = $("bound-units"), units = Number(field.value);
  if (field.value.trim() === "" || !(units >= 0)) { tell("Give a number of units, 0 or more, for the promise or limit."); field.focus(); return; }
  const [key, kind] = [$("bound-what").value, $("bound-kind").value];
  bounds = [...bounds.filter((one) => one.key !== key || one.kind !== kind), { key, kind, units }];
  field.value = "";
  tell("");
  showBounds();
}
function showBounds() {
  const words = { at_least: "at least", at_most: "at most" };
  $("bounds").replaceChildren(...bounds.map((one) => {
    const { name, item } = store(one.key), text = `${name}, ${item}: ${words[one.kind]} ${exact(one.units)}`;
    return element("li", {}, element("span", { text }), element("button", { type: "button", text: "×", "aria-label": `Take back: ${text}`, onclick: () => { bounds = bounds.filter((other) => other !== one); showBounds(); ($("bounds").querySelector("button") ?? $("bound-what")).focus(); } }));
  }));
}
function question() {
  const listed = (kind) => bounds.filter((one) => one.kind === kind).map(({ key, units }) => ({ site: store(key).site, supply: store(key).supply, units }));
  const figure = $("send-figure").value.trim();
  return {
    changes: state.changes, days: chosenWindow().days, budget_usd: Number($("send-budget").value), by_order: $("send-order").checked,
    ...($("send-by").value ? { in_place_by: $("send-by").value } : {}), ...(figure ? { figure_persons: Number(figure) } : {}),
    at_least: listed("at_least"), at_most: listed("at_most"),
  };
}
const address = (asked) => new URLSearchParams([
  ...["budget_usd", "days", "in_place_by", "by_order", "figure_persons"].filter((name) => asked[name] !== undefined).map((name) => [name, asked[name]]),
  ...asked.changes.map(({ path, value }) => ["set", `${path}=${value}`]),
  ...["at_least", "at_most"].flatMap((name) => asked[name].map(({ site, supply, units }) => [name, `${site}:${supply}=${units}`])),
]);
function tell(text) { $("send-problem").textContent = text; $("send-problem").hidden = !text; }
function stop() { running.abort(); working(false); $("send-said").textContent = "Given up; nothing was chosen."; }
function working(on) {
  if (!on) running = null;
  $("send-working").hidden = !on;
  $("send-go").textContent = on ? "Stop" : "Choose what to send";
  $("send-go").classList.toggle("strong", !on);
}
const wrong = [["send-budget", "Give a budget of 0 or more US dollars, at most a million million."], ["send-figure", "Give a planning figure of 0 to 1,000,000,000 people, or none."]];
async function choose() {
  for (const [id, text] of wrong) if ($(id).validity.rangeUnderflow || $(id).validity.rangeOverflow || $(id).validity.badInput) { tell(text); $(id).focus(); return; }
  if ($("send-budget").value.trim() === "") { tell("Give a budget: the US dollars that there are."); $("send-budget").focus(); return; }
  const mine = (running = new AbortController()), asked = question(), wanted = page(), begun = performance.now();
  tell("");
  working(true);
  const clock = setInterval(() => { $("send-said").textContent = `Choosing over ${exact(state.world.members)} possible worlds … ${Math.round((performance.now() - begun) / 1000)} s`; }, 1000);
  try {
    const found = await (await post("api/preposition", asked, mine.signal)).json();
    if (mine !== running) return;
    shown = wanted;
    show(found, asked);
  } catch (error) {
    if (error.name === "AbortError" || mine !== running) return;
    tell(error instanceof TypeError ? "The lab's server does not answer. Start it again with sarai serve." : error.message);
    $("send-said").textContent = $("send-found").hidden ? "" : "What stands below is the last plan before it.";
  } finally {
    clearInterval(clock);
    if (mine === running) working(false);
  }
}
function show(found, asked) {
  const sent = found.rows.filter((one) => one.units > 0), nothing = found.rows.filter((one) => one.units <= 0);
  const near = sent.filter((one) => !one.order_in_time).length;
  $("send-said").textContent = say(found, sent, near);
  showUnmet(found);
  $("send-limits").replaceChildren(...found.limits.map((text) => element("li", { text })));
  const rows = sent.sort((a, b) => b.cost_usd - a.cost_usd).map(sendRow), rest = rows.slice(FIRST);
  $("send-rows").replaceChildren(...rows.slice(0, FIRST));
  $("send-table").hidden = !rows.length;
  $("send-more-rows").replaceChildren(...rest);
  $("send-more").hidden = !rest.length;
  $("send-more").querySelector("summary").textContent = `${rest.length} more ${rest.length === 1 ? "line" : "lines"} that cost less`;
  $("send-nothing").hidden = !nothing.length;
  $("send-nothing").querySelector("summary").textContent = `Nothing goes to ${nothing.length} more`;
  $("send-nothing").querySelector("ul").replaceChildren(...nothing.map((one) => element("li", { text: `${one.name}, ${one.item}: ${one.why}` })));
  $("send-file").href = `api/preposition.csv?${address(asked)}`;
  $("send-found").hidden = false;
  $("send-found").dataset.spent = found.spent_usd;
  markSend();
}
function say(found, sent, near) {
  const span = `From ${longDay(found.first)} to ${longDay(found.last)}: ${exact(found.spent_usd)} of ${exact(found.budget_usd)} US dollars, ${sent.length} ${sent.length === 1 ? "line" : "lines"}.`;
  const fell = ` Need that is not met falls from ${round(found.unmet.nothing)} to ${round(found.unmet.plan)} weighted person-days.`;
  const share = found.figure_regret > 0 ? ` Against knowing the future it loses ${Math.round((100 * found.regret) / found.figure_regret)} % of what a plan for a single figure of ${exact(found.figure_persons)} people would lose.` : "";
  const stock = near ? ` For ${near === sent.length ? "all" : near} of them an order placed today comes too late: they must come from stock that is near.` : "";
  return span + fell + share + stock;
}
function showUnmet({ unmet }) {
  const most = Math.max(unmet.nothing, unmet.figure, unmet.plan, 1);
  const bar = (value) => shape("svg", { viewBox: `0 0 ${WIDE} 12`, class: "length", "aria-hidden": "true" }, shape("rect", { x: 0, y: 1, width: Math.max(1, (value / most) * WIDE), height: 10 }));
  const rows = [["Nothing sent", unmet.nothing], ["Same money, a single planning figure", unmet.figure], ["This plan", unmet.plan], ["If the future were known", unmet.foresight]];
  $("send-unmet").replaceChildren(...rows.map(([text, value]) => element("tr", { class: text === "This plan" ? "own-row" : false },
    element("th", { scope: "row", text }), element("td", { text: round(value) }), element("td", { class: "drawn" }, bar(value)))));
}
function sendRow(one) {
  const cell = (label, text, small) => element("td", { "data-label": label }, element("span", {}, text, small ? element("span", { class: "unit", text: small }) : null));
  return element("tr", {},
    element("th", { scope: "row" }, one.item[0].toUpperCase() + one.item.slice(1), element("span", { class: "unit", text: one.item === one.unit ? one.name : `${one.name}, ${one.unit}` })),
    cell("Send", exact(one.units)), cell("Single figure", exact(one.figure_units)),
    cell("There from", shortDay(one.there_from), one.order_in_time ? `order takes ${one.lead_days} days` : `from stock near: an order takes ${one.lead_days} days`),
    cell("Cost", `${exact(one.cost_usd)} USD`), element("td", { class: "why", "data-label": "Why" }, element("span", { text: one.why })));
}
