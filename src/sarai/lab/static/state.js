// What is changed on the page, with undo and redo. A change is {path, value}; a path that is not here is as announced.
import { longDay, shortDay } from "./dom.js";

export const state = { world: null, changes: [], past: [], future: [], answer: null };
const listeners = [];
export const onChange = (listener) => listeners.push(listener);
const tell = () => listeners.forEach((listener) => listener());
const copy = (changes) => changes.map(({ path, value }) => ({ path, value }));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export const held = (path) => state.changes.find((change) => change.path === path)?.value;

export function adopt(changes) {
  const next = copy(changes);
  if (same(next, state.changes)) return;
  state.past.push(state.changes);
  state.future = [];
  state.changes = next;
  tell();
}
export function set(path, value) {
  const next = copy(state.changes);
  const at = next.findIndex((change) => change.path === path);
  if (value === null || value === "") { if (at >= 0) next.splice(at, 1); }
  else if (at >= 0) next[at].value = String(value);
  else next.push({ path, value: String(value) });
  adopt(next);
}
export function drop(index) {
  adopt(state.changes.filter((_, i) => i !== index));
}
export function undo() {
  if (!state.past.length) return;
  state.future.push(state.changes);
  state.changes = state.past.pop();
  tell();
}
export function redo() {
  if (!state.future.length) return;
  state.past.push(state.changes);
  state.changes = state.future.pop();
  tell();
}
// A change as people read it; a path that this case does not have stays as it is written.
export function sayChange({ path, value }) {
  const rule = state.world.controls.find((one) => one.path === path);
  const text = value.replace(/\d{4}-\d{2}-\d{2}/g, (day) => (day.slice(0, 4) === state.world.as_of.slice(0, 4) ? shortDay(day) : longDay(day))).replace("..", " to ").replace("@", rule?.kind === "surge" ? " a day, " : ", from ").replace(/^x/, "× ");
  return rule ? `${rule.group}, ${rule.label.toLowerCase()}${value === "true" ? "" : `: ${text}`}` : `${path}: ${text}`;
}
