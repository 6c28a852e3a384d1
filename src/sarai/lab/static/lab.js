// The lab's page: what is changed goes to the server, the paired difference comes back and is drawn. No library.
import { $, element, longDay } from "./dom.js";
import { ask } from "./api.js";
import { buildWindows, showAnswer, showCourses, showLines, showMore } from "./answer.js";
import { buildControls, markRefused, showControls } from "./controls.js";
import { buildMap, showMap } from "./map.js";
import { buildScenarios, forgetShipped, showSide } from "./scenarios.js";
import { askReady, buildReady } from "./ready.js";
import { buildSend, markSend } from "./send.js";
import { adopt, drop, onChange, redo, sayChange, state, undo } from "./state.js";
import { buildTimeline, showCurve, showLanes } from "./timeline.js";

const SLOW = 400;
let asked = 0;
let refusedHere = false; // what the page refused by itself stands until the next change, not until an answer under way

async function refresh() {
  const mine = ++asked, begun = performance.now();
  refusedHere = false;
  const slow = setTimeout(() => { $("status").textContent = "Simulating …"; $("working").hidden = false; }, SLOW);
  try {
    const answer = await ask(state.changes);
    if (answer === null || mine !== asked) return;
    state.answer = answer;
    draw();
    if (!refusedHere) problem("");
    $("status").textContent = `${answer.members.toLocaleString("en")} possible worlds${state.changes.length ? `, run again in ${Math.max(1, Math.round(performance.now() - begun))} ms` : ""}.`;
    document.body.dataset.answer = answer.id;
  } catch (error) {
    if (mine === asked) problem(error.message);
  } finally {
    clearTimeout(slow);
    if (mine === asked) $("working").hidden = true;
  }
}
const inWords = (text, rule) => text.replaceAll(`${rule.path}=`, "").replaceAll(rule.path, `${rule.group}, ${rule.label.toLowerCase()}`);
function problem(text) {
  const told = state.world?.controls.reduce(inWords, text) ?? text;
  $("problem").textContent = text && `${told}${state.answer ? "\nWhat is drawn below is the last answer before it." : ""}`;
  if (text) $("status").textContent = "";
  document.body.classList.toggle("stale", Boolean(text));
  markRefused(text);
}
function draw() {
  if (!$("windows").childElementCount) { buildWindows(() => { showLines(); showMap(); showSide(); askReady(); markSend(); }); buildMap(); }
  showCurve();
  showAnswer();
  showMap();
  askReady();
  markSend();
}
function showChips() {
  $("chips").replaceChildren(...state.changes.map((change, i) => element("li", {}, element("span", { text: sayChange(change) }),
    element("button", { type: "button", text: "×", "aria-label": `Take back: ${sayChange(change)}`, onclick: () => { drop(i); ($("chips").querySelector("button") ?? $("undo")).focus(); } }))));
  $("undo").disabled = !state.past.length;
  $("redo").disabled = !state.future.length;
  $("clear").disabled = !state.changes.length;
}
function keys(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (["text", "number", "date"].includes(event.target.type)) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) { event.preventDefault(); undo(); }
  else if (key === "y" || key === "z") { event.preventDefault(); redo(); }
}

async function start() {
  const opening = ask([]);
  const reply = await fetch("api/world");
  if (!reply.ok) throw new Error((await reply.json()).faults.join("\n"));
  const world = (state.world = await reply.json());
  document.title = `${world.title}: sarai lab`;
  $("title").textContent = world.title;
  $("where").textContent = `As known on ${longDay(world.as_of)}; ${world.days.length} days ahead, to ${longDay(world.days.at(-1))}.`;
  $("lines-of-use").replaceChildren(...world.lines.map((text) => element("li", { text })));
  buildControls();
  buildTimeline();
  buildScenarios();
  buildReady();
  buildSend();
  onChange(() => { showControls(); showLanes(); showChips(); forgetShipped(); refresh(); });
  $("undo").addEventListener("click", undo);
  $("redo").addEventListener("click", redo);
  $("clear").addEventListener("click", () => adopt([]));
  for (const id of ["what", "as"]) $(id).addEventListener("change", showCourses);
  $("more").addEventListener("toggle", showMore);
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", keys);
  document.addEventListener("refused", (event) => { refusedHere = true; problem(event.detail); });
  const below = [document.documentElement, $("controls")];
  new ResizeObserver(([one]) => below.forEach((part) => part.style.setProperty("--bar", `${Math.ceil(one.borderBoxSize[0].blockSize)}px`))).observe(document.querySelector(".bar"));
  showChips();
  await opening;
  await refresh();
  document.body.dataset.ready = "true";
}

start().catch((error) => problem(error instanceof TypeError ? "The lab's server does not answer. Start it again with sarai serve." : error.message));
