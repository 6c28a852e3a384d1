// Scenarios that are kept: named, compared side by side, saved to a file, opened from one, put into a briefing.
import { $, band, element, longDay, percent, row, signed } from "./dom.js";
import { compare, post } from "./api.js";
import { chosenWindow } from "./answer.js";
import { adopt, sayChange, state } from "./state.js";

const [MOST, LARGEST_FILE, LONGEST_NAME] = [12, 1000000, 60];
let kept = [];
let round = 0;
const said = (text) => { $("said").textContent = text; };
const line = ({ path, value }) => `${path}=${value}`;

export function buildScenarios() {
  for (const [i, scenario] of state.world.scenarios.entries()) $("shipped").append(element("option", { value: i, text: scenario.name }));
  $("shipped").addEventListener("change", () => {
    const scenario = state.world.scenarios[$("shipped").value];
    $("why").textContent = scenario?.why ?? "";
    adopt(scenario?.changes ?? []);
  });
  $("keep").addEventListener("click", keep);
  $("name").addEventListener("keydown", (event) => { if (event.key === "Enter") keep(); });
  $("download").addEventListener("click", download);
  $("upload").addEventListener("change", open);
  $("brief").hidden = !state.world.briefing;
  $("brief").addEventListener("click", brief);
}
export function forgetShipped() {
  const scenario = state.world.scenarios[$("shipped").value];
  if (JSON.stringify(scenario?.changes ?? []) !== JSON.stringify(state.changes)) { $("shipped").value = ""; $("why").textContent = ""; }
}
function keep() {
  const chosen = state.world.scenarios[$("shipped").value];
  const name = $("name").value.trim() || chosen?.name || `scenario ${kept.length + 1}`;
  const others = kept.filter((scenario) => scenario.name !== name);
  if (others.length >= MOST) { said(`At most ${MOST} scenarios stand side by side. Remove one first.`); return; }
  kept = [...others, { name, why: chosen?.why ?? "", changes: state.changes }];
  $("name").value = "";
  said(`Kept: ${name}.`);
  showKept();
}
function remove(index) {
  said(`Removed: ${kept[index].name}.`);
  kept.splice(index, 1);
  showKept();
  ($("kept").querySelector("button") ?? $("name")).focus();
}
function showKept() {
  $("kept").replaceChildren(...kept.map((scenario, i) => element("li", {},
    element("button", { type: "button", text: scenario.name, "aria-label": `Put on the page: ${scenario.name}`, onclick: () => adopt(scenario.changes) }),
    element("span", { class: "quiet small", text: scenario.changes.map(sayChange).join("; ") || "nothing changed" }),
    element("button", { type: "button", text: "Remove", "aria-label": `Remove ${scenario.name}`, onclick: () => remove(i) }))));
  showSide();
}
export async function showSide() {
  $("compare").hidden = kept.length === 0;
  if (!kept.length) return;
  const mine = ++round, at = state.answer.windows.indexOf(chosenWindow()), bar = $("comparing");
  const answers = [];
  try {
    for (const [i, scenario] of kept.entries()) {
      bar.hidden = false; bar.max = kept.length; bar.value = i;
      const answer = await compare(scenario.changes);
      if (mine !== round) return;
      answers.push(answer.windows[at]);
    }
    sideTable(answers);
  } catch (error) { said(`${kept[answers.length]?.name ?? "A scenario"}: ${error.message}`); }
  finally { if (mine === round) bar.hidden = true; }
}
function sideTable(windows) {
  $("side").caption.textContent = `Difference from the future as announced, to ${longDay(windows[0].last)}: middle case (5 % to 95 %), and the share of possible worlds with fewer. No scenario is called best.`;
  $("side").tHead.replaceChildren(element("tr", {}, element("th", { scope: "col", text: "What" }), ...kept.map(({ name }) => element("th", { scope: "col", text: name }))));
  const cell = (one) => element("div", {}, element("b", { text: band(one.difference, signed) }), element("span", { class: "quiet small block", text: one.equal === 1 ? "no difference" : `fewer in ${percent(one.fewer)}` }));
  const rows = windows[0].lines.map((one, i) => row(`${one.label}, ${one.unit}`, ...windows.map((window) => cell(window.lines[i]))));
  $("side").tBodies[0].replaceChildren(...rows);
}
const all = () => (kept.length ? kept : [{ name: $("name").value.trim() || "on the page", why: "", changes: state.changes }]);
function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function download() {
  const scenarios = all().map(({ name, why, changes }) => ({ name, why, set: changes.map(line) }));
  const data = { schema: state.world.schema, case: state.world.case, as_of: state.world.as_of, scenarios };
  save(new Blob([`${JSON.stringify(data, null, 1)}\n`], { type: "application/json" }), "scenarios.json");
  said(`Saved ${scenarios.length === 1 ? "one scenario" : `${scenarios.length} scenarios`} to scenarios.json.`);
}
function readChanges(entry) {
  const given = entry.set ?? entry.changes ?? [];
  const lines = Array.isArray(given) ? given : Object.entries(given).map(([path, value]) => ({ path, value }));
  return lines.map((one) => {
    if (typeof one !== "string") return { path: String(one.path), value: String(one.value) };
    const cut = one.indexOf("=");
    if (cut < 1) throw new Error("a change is written PATH=VALUE");
    return { path: one.slice(0, cut).trim(), value: one.slice(cut + 1).trim() };
  });
}
async function open(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  try {
    if (file.size > LARGEST_FILE) throw new Error("too large");
    const data = JSON.parse(await file.text());
    if (!Array.isArray(data.scenarios) || !data.scenarios.length) throw new Error("none");
    const read = data.scenarios.slice(0, MOST).map((entry) => ({ name: String(entry.name ?? "scenario").slice(0, LONGEST_NAME), why: String(entry.why ?? ""), changes: readChanges(entry) }));
    kept = read;
    const other = data.case && (data.case !== state.world.case || data.as_of !== state.world.as_of);
    said(`Opened ${read.length} of ${data.scenarios.length} scenarios.${other ? ` They were written for ${data.case} as known on ${data.as_of}; here they are set against this case and day.` : ""}`);
    showKept();
    adopt(read.at(-1).changes);
  } catch { said("This file holds no scenarios. Open a file that this page saved, or one with a list of scenarios, each with a name and set: PATH=VALUE lines."); }
}
async function brief() {
  const bar = $("comparing");
  $("brief").disabled = true;
  bar.hidden = false; bar.removeAttribute("value");
  said("Writing the briefing: the scenarios are run again with exact draws …");
  try {
    const scenarios = all().map(({ name, changes }) => ({ name, changes }));
    save(await (await post("api/briefing", { scenarios })).blob(), "briefing.zip");
    said("The briefing is saved as briefing.zip, with the record from which sarai rerun rebuilds it.");
  } catch (error) { said(error.message); }
  finally { $("brief").disabled = false; bar.hidden = true; }
}
