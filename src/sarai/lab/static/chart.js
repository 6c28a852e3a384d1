// Charts: small drawings of a daily series with its band, and of one interval around nothing.
import { band, element, head, round, row, shape, shortDay, signed, twin } from "./dom.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [360, 180, 46, 8, 10, 22];

export function nice(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
export const linePath = (values, x, y) => values.map((value, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
export function areaPath(low, high, x, y) {
  const back = low.map((value, i) => `L${x(i).toFixed(1)} ${y(value).toFixed(1)}`).reverse().join("");
  return `${linePath(high, x, y)}${back}Z`;
}

// One card, drawn once and then moved: only paths and texts change from answer to answer.
export function courseCard(name, days) {
  const table = twin(name, () => courseTable(card.course, days));
  const paths = {};
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  const ticks = [0, 1, 2].map(() => [shape("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT }), shape("text", { x: LEFT - 6, "text-anchor": "end" })]);
  svg.append(...ticks.flat());
  const x = (i) => LEFT + (i / Math.max(1, days.length - 1)) * (WIDTH - LEFT - RIGHT);
  for (const [i, anchor] of [[0, "start"], [Math.floor(days.length / 2), "middle"], [days.length - 1, "end"]])
    svg.append(shape("text", { x: x(i), y: HEIGHT - 6, "text-anchor": anchor }, shortDay(days[i])));
  for (const part of ["b-base", "b-changed", "m-base", "m-changed", "limit", "limit-changed"]) svg.append((paths[part] = shape("path", { class: part })));
  const said = element("p", { class: "quiet small" });
  const card = element("article", { class: "card" }, element("h3", { text: name }), svg, said, table);

  card.show = (course, mode) => {
    card.course = course;
    const gap = mode === "difference";
    const limits = gap ? [] : course.capacity.filter((value) => value !== null);
    const highest = gap ? Math.max(...course.difference.flat().map(Math.abs)) : Math.max(...course.base[2], ...course.changed[2], ...limits.filter((value) => value < 3 * Math.max(...course.changed[2], 1)));
    const top = nice(highest), bottom = gap ? -top : 0;
    const y = (value) => HEIGHT - BOTTOM - ((value - bottom) / (top - bottom)) * (HEIGHT - BOTTOM - TOP);
    ticks.forEach(([line, text], i) => {
      const value = bottom + ((top - bottom) * i) / 2;
      line.setAttribute("y1", y(value)); line.setAttribute("y2", y(value));
      text.setAttribute("y", y(value) + 4); text.textContent = gap ? signed(value) : round(value);
    });
    const draw = (part, d) => paths[part].setAttribute("d", d);
    const shown = gap ? course.difference : course.changed;
    draw("b-changed", areaPath(shown[0], shown[2], x, y)); draw("m-changed", linePath(shown[1], x, y));
    draw("b-base", gap ? "" : areaPath(course.base[0], course.base[2], x, y)); draw("m-base", gap ? "" : linePath(course.base[1], x, y));
    const level = (value) => (gap || value === null || value > top ? "" : `M${LEFT} ${y(value)}H${WIDTH - RIGHT}`);
    draw("limit", level(course.capacity[0])); draw("limit-changed", course.capacity[1] === course.capacity[0] ? "" : level(course.capacity[1]));
    const text = describe(course, days);
    svg.setAttribute("aria-label", `${name}. ${text}`);
    said.textContent = text;
    table.refresh();
  };
  return card;
}
function describe(course, days) {
  const peak = (values) => values.indexOf(Math.max(...values));
  const [before, after] = [peak(course.base[1]), peak(course.changed[1])];
  const capacity = course.capacity[1] === null ? "" : ` Capacity ${round(course.capacity[1])}.`;
  const then = `${round(course.base[1][before])} on ${shortDay(days[before])} as announced`;
  return `Largest, middle case: ${then}, ${round(course.changed[1][after])} on ${shortDay(days[after])} with the change.${capacity}`;
}
function courseTable(course, days) {
  return element("table", {}, head("Day", "As announced", "With the change", "Difference"),
    element("tbody", {}, ...days.map((day, i) => row(shortDay(day), ...["base", "changed"].map((key) => band(course[key].map((line) => line[i]))), band(course.difference.map((line) => line[i]), signed)))));
}

// A whisker around zero; the numbers stand beside it in the same row.
export function whisker(triple, reach) {
  const [width, height, middle] = [140, 18, 70];
  const x = (value) => middle + (reach > 0 ? (value / reach) * (middle - 6) : 0);
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "whisker", "aria-hidden": "true" },
    shape("line", { class: "zero", x1: middle, x2: middle, y1: 1, y2: height - 1 }),
    shape("line", { class: "range", x1: x(triple[0]), x2: x(triple[2]), y1: height / 2, y2: height / 2 }),
    shape("circle", { cx: x(triple[1]), cy: height / 2, r: 4 }));
}
