// The inputs: one for each path of the closed list, by the kind that the server names. Unknown kinds become a text input.
import { $, element } from "./dom.js";
import { held, set, state } from "./state.js";

const WIDE = 1000; // the width from which the controls have a column of their own
const updates = [];
let refused = false;
const number = (text) => Number(String(text).replace(/^[x+]/, ""));

const refuse = (detail) => document.dispatchEvent(new CustomEvent("refused", { detail }));
function input(id, attributes, change) {
  return element("input", { id, autocomplete: "off", ...attributes, onchange: change });
}
function labelled(text, control, ...rest) {
  return element("label", { class: "part", for: control.id }, element("span", {}, text, ...rest), control);
}
function fieldset(rule, parts) {
  return element("fieldset", { class: "field", "data-path": rule.path }, element("legend", { text: rule.label }), element("div", { class: "parts" }, ...parts));
}
const single = (rule, ...parts) => element("div", { class: "field", "data-path": rule.path }, ...parts);

const KINDS = {
  day(rule, id) {
    const day = input(id, { type: "date", min: rule.min, max: rule.max }, () => set(rule.path, day.value === rule.start ? null : day.value));
    return [single(rule, labelled(rule.label, day)), (value) => { day.value = value ?? rule.start; }];
  },
  toggle(rule, id) {
    const box = input(id, { type: "checkbox" }, () => set(rule.path, box.checked ? "true" : null));
    return [single(rule, element("label", { class: "check", for: id }, box, element("span", { text: rule.label }))), (value) => { box.checked = value === "true"; }];
  },
  period(rule, id) {
    const days = { type: "date", min: rule.min, max: rule.max };
    const change = () => {
      if (from.value && to.value) set(rule.path, `${from.value}..${to.value}`);
      else if (!from.value && !to.value) set(rule.path, null);
    };
    const from = input(`${id}-from`, days, change), to = input(`${id}-to`, days, change);
    return [fieldset(rule, [labelled("First day", from), labelled("Last day", to)]), (value) => { [from.value, to.value] = (value ?? "..").split(".."); }];
  },
  surge(rule, id) {
    const days = { type: "date", min: rule.min, max: rule.max };
    const change = () => {
      const filled = [people.value, from.value, to.value];
      if (filled.every(Boolean)) set(rule.path, `${people.value}@${from.value}..${to.value}`);
      else if (!filled.some(Boolean)) set(rule.path, null);
    };
    const people = input(`${id}-rate`, { type: "number", min: 0, step: 100 }, change);
    const from = input(`${id}-from`, days, change), to = input(`${id}-to`, days, change);
    return [fieldset(rule, [labelled("People a day", people), labelled("First day", from), labelled("Last day", to)]), (value) => {
      const [rate, span] = (value ?? "@..").split("@");
      people.value = rate;
      [from.value, to.value] = (span ?? "..").split("..");
    }];
  },
  hours(rule, id) {
    const change = () => { const text = `${from.value}-${to.value}`; set(rule.path, text === rule.start ? null : text); };
    const hour = { type: "number", min: 0, max: 24, step: 0.5 };
    const from = input(`${id}-from`, hour, change), to = input(`${id}-to`, hour, change);
    return [fieldset(rule, [labelled("Opens", from), labelled("Closes", to)]), (value) => { [from.value, to.value] = (value ?? rule.start).split("-"); }];
  },
  choices(rule, id) {
    const boxes = rule.options.map((option) => {
      const box = input(`${id}-${option.id}`, { type: "checkbox", value: option.id }, () => {
        const text = boxes.filter(([one]) => one.checked).map(([one]) => one.value).sort().join("+");
        if (!text) { box.checked = true; refuse(`${rule.path}: one at least stays named; to call it off for all, suspend it.`); return; }
        set(rule.path, text === rule.start ? null : text);
      });
      return [box, element("label", { class: "check", for: box.id }, box, element("span", { text: option.name }))];
    });
    return [fieldset(rule, boxes.map(([, label]) => label)), (value) => {
      const named = (value ?? rule.start).split("+");
      boxes.forEach(([box]) => { box.checked = named.includes(box.value); });
    }];
  },
  capacity(rule, id) {
    const unit = `${rule.unit}${rule.start && rule.assumed ? ", assumed" : ""}`;
    const amount = input(`${id}-number`, { type: "number", min: 0, step: "any", placeholder: "not known" },
      () => set(rule.path, amount.value === "" || Number(amount.value) === rule.start ? null : amount.value));
    const parts = [labelled(`${rule.label}, ${unit}`, amount)];
    let slide = null, shown = null;
    const say = () => {
      shown.textContent = `${slide.value} times`;
      slide.setAttribute("aria-valuetext", `${slide.value} times today's capacity, ${Math.round(slide.value * rule.start)} ${rule.unit}`);
    };
    if (rule.factors) {
      slide = input(id, { type: "range", ...rule.factors, "aria-label": `${rule.label}, times today's`, oninput: () => { say(); amount.value = slide.value * rule.start; } },
        () => set(rule.path, Number(slide.value) === 1 ? null : `x${slide.value}`));
      shown = element("output", { for: id });
      parts.push(element("div", { class: "slide" }, slide, shown));
    }
    return [single(rule, ...parts), (value) => {
      const text = value === undefined ? (rule.start ?? "") : value.startsWith("x") ? number(value) * rule.start : value.startsWith("+") ? (rule.start ?? 0) + number(value) : number(value);
      amount.value = text;
      if (slide) { slide.value = text / rule.start; say(); }
    }];
  },
  amount(rule, id) {
    const change = () => {
      const plain = amount.value === "" || Number(amount.value) === rule.start;
      set(rule.path, plain ? null : `${amount.value}${day.value ? `@${day.value}` : ""}`);
    };
    const amount = input(`${id}-number`, { type: "number", min: 0, step: "any" }, change);
    const day = input(`${id}-from`, { type: "date", min: rule.min, max: rule.max }, change);
    let slide = null;
    const parts = [labelled(rule.unit || "In all", amount), labelled("From (else after the lead time)", day)];
    if (rule.factors) slide = input(id, { type: "range", ...rule.factors, "aria-label": `${rule.label}, times today's`, oninput: () => { amount.value = slide.value * rule.start; } }, change);
    const made = fieldset(rule, parts);
    if (slide) made.append(slide);
    return [made, (value) => {
      const [text, start] = (value ?? "").split("@");
      const level = rule.start ?? 0;
      amount.value = text === "" ? (rule.start ?? "") : text.startsWith("x") ? number(text) * level : text.startsWith("+") ? level + number(text) : number(text);
      day.value = start ?? "";
      if (slide) slide.value = amount.value / rule.start;
    }];
  },
  number(rule, id) {
    const amount = input(id, { type: "number", min: 0, step: "any" }, () => set(rule.path, amount.value === rule.start ? null : amount.value));
    return [single(rule, labelled(rule.label, amount)), (value) => { amount.value = value ?? rule.start ?? ""; }];
  },
  text(rule, id) {
    const text = input(id, { type: "text", maxlength: 200, placeholder: `for example ${rule.example}`, "aria-describedby": `${id}-form` }, () => set(rule.path, text.value.trim() || null));
    return [single(rule, labelled(rule.label, text), element("p", { id: `${id}-form`, class: "quiet small", text: `${rule.meaning}; written as ${rule.form}` })), (value) => { text.value = value ?? ""; }];
  },
};

function control(rule) {
  const [made, update] = (KINDS[rule.kind] ?? KINDS.text)(rule, `c-${rule.path}`);
  made.title = rule.meaning;
  updates.push(() => {
    const value = held(rule.path);
    update(value);
    made.classList.toggle("moved", value !== undefined);
    if (value === undefined || window.innerWidth < WIDE) return; // on a phone the lists stay short
    for (let box = made.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  });
  return made;
}

export function buildControls() {
  const sections = new Map();
  for (const rule of state.world.controls) {
    if (!sections.has(rule.section)) sections.set(rule.section, new Map());
    const groups = sections.get(rule.section);
    if (!groups.has(rule.group)) groups.set(rule.group, []);
    groups.get(rule.group).push(control(rule));
  }
  $("groups").replaceChildren(...[...sections].map(([section, groups], i) => element("details", { class: "section", open: i === 0 && window.innerWidth >= WIDE },
    element("summary", { text: section }),
    ...[...groups].map(([group, fields]) => (groups.size === 1
      ? element("div", { class: "group only" }, element("p", { class: "quiet small", text: group }), ...fields)
      : element("details", { class: "group" }, element("summary", { text: group }), ...fields))))));
  showControls();
}
export function showControls() { updates.forEach((update) => update()); }

// Marks the input that a refusal is about; returns nothing, the sentence itself stands in the alert.
export function markRefused(message) {
  if (!message && !refused) return;
  refused = Boolean(message);
  for (const field of document.querySelectorAll(".field[data-path]")) {
    const about = message?.includes(field.dataset.path) ?? false;
    field.classList.toggle("refused", about);
    field.querySelectorAll("input").forEach((one) => (about ? one.setAttribute("aria-invalid", "true") : one.removeAttribute("aria-invalid")));
  }
}
