// Making elements, and numbers and days as people read them.
export const $ = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const dayForm = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const longForm = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const DAY = 86400000;

export function round(value) {
  const size = Math.abs(value);
  const step = size >= 10000 ? 100 : size >= 1000 ? 50 : size >= 100 ? 10 : 1;
  const near = Math.round(value / step) * step;
  return whole.format(near === 0 ? 0 : near).replace("-", "−");
}
export const signed = (value) => (Math.round(value) > 0 ? "+" : "") + round(value);
export const band = (triple, show = round) => `${show(triple[1])} (${show(triple[0])} to ${show(triple[2])})`;
export const percent = (share) => (share === 0 ? "0 %" : share === 1 ? "100 %" : share < 0.01 ? "under 1 %" : share > 0.99 ? "over 99 %" : `${Math.round(share * 100)} %`);

export const toDate = (day) => new Date(`${day}T00:00:00Z`);
export const shortDay = (day) => dayForm.format(toDate(day));
export const longDay = (day) => longForm.format(toDate(day));
export const addDays = (day, count) => new Date(toDate(day).getTime() + count * DAY).toISOString().slice(0, 10);
export const daysBetween = (first, last) => Math.round((toDate(last) - toDate(first)) / DAY);
export const isDay = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(toDate(text).getTime());

function fill(made, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") made.textContent = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  return made;
}
export function element(name, attributes = {}, ...children) {
  const made = fill(document.createElement(name), attributes);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}
export function shape(name, attributes, ...children) {
  const made = fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes);
  made.append(...children);
  return made;
}
export const row = (head, ...cells) => element("tr", {}, element("th", { scope: "row", text: head }), ...cells.map((cell) => (cell instanceof Node ? element("td", {}, cell) : element("td", { text: cell }))));
export const head = (...texts) => element("thead", {}, element("tr", {}, ...texts.map((text) => element("th", { scope: "col", text }))));

// A table that is built when it is first opened: every drawing has one.
export function twin(name, build) {
  const box = element("details", { class: "twin" }, element("summary", { text: "The same as a table" }));
  box.addEventListener("toggle", () => {
    if (!box.open) return;
    const table = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${name}` }, build());
    box.querySelector(".scroll")?.remove();
    box.append(table);
  });
  box.refresh = () => box.open && box.dispatchEvent(new Event("toggle"));
  return box;
}
