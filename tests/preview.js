// A preview of one screen, for developers: draws the few kinds of APL that skill/screen.json uses, as HTML. It is not
// Amazon's viewer. One dp is one CSS pixel. What it drew, with sizes and colours, is left in #told for the tests.
"use strict";
const { document: apl, datasources, viewport, environment, speaking } = window.GIVEN;
const told = { touch: [], text: [], missing: [] };
const resources = {};
const scope = { viewport, environment, payload: datasources };

function evaluate(text, local) {
  const names = { ...scope, ...local };
  text = text.replace(/@(\w+)/g, (_, name) => JSON.stringify(resources[name]));
  return new Function(...Object.keys(names), `return (${text});`)(...Object.values(names));
}

function value(given, local) {
  if (typeof given !== "string") return given;
  const whole = given.match(/^\$\{([^}]*)\}$/);
  if (whole) return value(evaluate(whole[1], local), {});
  const filled = given.replace(/\$\{([^}]*)\}/g, (_, text) => evaluate(text, local));
  if (filled.startsWith("@")) {
    if (!(filled.slice(1) in resources)) told.missing.push(filled);
    return resources[filled.slice(1)];
  }
  return filled;
}

const length = (given) => (typeof given === "number" ? `${given}px` : String(given).replace(/dp$/, "px"));

for (const block of apl.resources) {
  if (!block.when || value(block.when, {})) {
    Object.assign(resources, block.colors, block.dimensions, block.numbers);
  }
}

function style(component, local, node) {
  const read = (name) => value(component[name], local);
  const set = (name, css) => component[name] !== undefined && (node.style[css] = length(read(name)));
  for (const name of ["width", "height", "minHeight", "minWidth"]) set(name, name);
  for (const side of ["Left", "Right", "Top", "Bottom"]) set(`padding${side}`, `padding${side}`);
  if (read("width") === "auto") node.style.width = "fit-content";
  if (component.grow) node.style.flexGrow = component.grow;
  node.style.flexShrink = component.shrink ? 1 : 0;
  if (component.spacing) node.style.marginLeft = 0;
}

function color(component, local, spoken) {
  if (!component.style) return value(component.color, local);
  const state = { karaoke: spoken, karaokeTarget: spoken };
  const values = apl.styles[component.style].values.filter((each) => !each.when || value(each.when, { state }));
  return value(values[values.length - 1].color, local);
}

function draw(component, local) {
  if (component.when && !value(component.when, local)) return null;
  if (apl.layouts[component.type]) {
    const layout = apl.layouts[component.type];
    const given = {};
    for (const name of layout.parameters) given[name] = value(component[name], local);
    return draw(layout.items[0], { ...local, ...given });
  }
  const node = document.createElement("div");
  node.style.boxSizing = "border-box";
  style(component, local, node);
  const read = (name) => value(component[name], local);
  switch (component.type) {
    case "Text": {
      const id = read("id");
      const paint = color(component, local, id !== undefined && id === speaking);
      Object.assign(node.style, {
        color: paint, fontSize: length(read("fontSize")), fontWeight: read("fontWeight") || 400,
        textAlign: read("textAlign") || "left", lineHeight: component.lineHeight || 1.25, overflowWrap: "break-word",
      });
      node.textContent = read("text");
      const under = local.background;
      told.text.push({ text: node.textContent, color: paint, on: under, size: parseFloat(node.style.fontSize), node });
      if (component.maxLines) {
        Object.assign(node.style, { display: "-webkit-box", webkitBoxOrient: "vertical", overflow: "hidden" });
        node.style.webkitLineClamp = component.maxLines;
      }
      return node;
    }
    case "Frame":
      local = { ...local, background: read("backgroundColor") };
      Object.assign(node.style, { background: local.background, borderRadius: length(read("borderRadius") || 0) });
      if (component.borderWidth) node.style.border = `${length(read("borderWidth"))} solid ${read("borderColor")}`;
      break;
    case "ScrollView":
      Object.assign(node.style, { overflowY: "auto", minHeight: 0 });
      break;
    case "TouchWrapper": {
      const does = component.onPress[0].arguments.map((each) => value(each, local));
      told.touch.push({ label: read("accessibilityLabel"), role: component.role, does, node });
      break;
    }
    case "Container":
      Object.assign(node.style, { display: "flex", flexDirection: component.direction || "column" });
      if (component.wrap) node.style.flexWrap = component.wrap;
      break;
    default:
      told.missing.push(component.type);
  }
  let inside = [...(component.items || []), ...(component.item ? [component.item] : [])].map((each) => [each, local]);
  if (component.data !== undefined) {
    inside = read("data").map((data, index) => [component.item, { ...local, data, index }]);
  }
  for (const [each, names] of inside) {
    const child = draw(each, names);
    if (child) node.append(child);
  }
  return node;
}

const stage = document.getElementById("stage");
Object.assign(stage.style, { width: `${viewport.width}px`, height: `${viewport.height}px`, overflow: "hidden" });
if (viewport.shape === "round") stage.style.borderRadius = "50%";
stage.append(draw(apl.mainTemplate.items[0], {}));
const spoken = speaking && told.text.find((each) => each.color === resources.spoken);
if (spoken) spoken.node.scrollIntoView({ block: "center" });
const box = ({ node, ...rest }) => {
  const { width, height, left, right } = node.getBoundingClientRect();
  return { ...rest, width, height, left, right, cut: node.scrollHeight > node.clientHeight + 1 };
};
document.getElementById("told").textContent = JSON.stringify({
  touch: told.touch.map(box), text: told.text.map(box), missing: told.missing,
});
