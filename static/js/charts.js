// Draws every <figure data-chart> from the JSON beside it: an ECharts option in which
// colours are named as tokens ("var(--accent)"), a series may name its group, and two
// series types are added: "interval" [x, low, high] and "band" [[x, low, high], ...].

const echarts = window.echarts;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

// Shape and dash tell groups apart where colour cannot.
const GROUPS = {
  pain: { color: "var(--group-pain)", symbol: "circle", dash: "solid" },
  "no-pain": { color: "var(--group-no-pain)", symbol: "rect", dash: [6, 3] },
  control: { color: "var(--group-control)", symbol: "triangle", dash: [2, 3] },
  concealed: { color: "var(--group-concealed)", symbol: "emptyCircle", dash: "solid" },
};

function resolveColours(value, colourOf) {
  if (typeof value === "string") {
    return value.startsWith("var(--") ? colourOf(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map((part) => resolveColours(part, colourOf));
  }
  if (value && typeof value === "object") {
    const parts = Object.entries(value);
    return Object.fromEntries(parts.map(([key, part]) => [key, resolveColours(part, colourOf)]));
  }
  return value;
}

/** The colour that a token has here and now: light-dark() resolves only in a property. */
function colourReader(element) {
  const probe = element.appendChild(document.createElement("span"));
  return (token) => {
    probe.style.color = token;
    return getComputedStyle(probe).color;
  };
}

function drawInterval(params, api) {
  const low = api.coord([api.value(0), api.value(1)]);
  const high = api.coord([api.value(0), api.value(2)]);
  const style = { stroke: api.visual("color"), lineWidth: 1.5, fill: "none" };
  const cap = 4;
  const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
  return {
    type: "group",
    children: [
      line(low[0], low[1], high[0], high[1]),
      line(low[0] - cap, low[1], low[0] + cap, low[1]),
      line(high[0] - cap, high[1], high[0] + cap, high[1]),
    ],
  };
}

function drawBand(data) {
  return (params, api) => {
    if (params.dataIndex > 0) {
      return null;
    }
    const low = data.map((point) => api.coord([point[0], point[1]]));
    const high = data.map((point) => api.coord([point[0], point[2]])).reverse();
    const style = { fill: api.visual("color"), opacity: 0.18 };
    return { type: "polygon", shape: { points: [...low, ...high] }, style };
  };
}

function completeSeries(series) {
  const { group, ...rest } = series;
  const look = GROUPS[group];
  const own = look
    ? {
        color: look.color,
        symbol: look.symbol,
        lineStyle: { type: look.dash, color: look.color },
        itemStyle: { color: look.color },
        endLabel: { color: look.color },
      }
    : {};
  const merged = { ...own, ...rest };
  for (const part of ["lineStyle", "itemStyle", "endLabel"]) {
    merged[part] = { ...own[part], ...rest[part] };
  }
  if (rest.type === "interval") {
    return { ...merged, type: "custom", renderItem: drawInterval, encode: { x: 0, y: [1, 2] }, z: 3 };
  }
  if (rest.type === "band") {
    const renderItem = drawBand(rest.data);
    return { ...merged, type: "custom", renderItem, encode: { x: 0, y: [1, 2] }, silent: true, z: 1 };
  }
  return merged;
}

function axis(given, lines) {
  const look = {
    nameLocation: "middle",
    nameGap: 32,
    nameTextStyle: { color: "var(--ink-quiet)" },
    axisLine: { show: true, lineStyle: { color: "var(--line-field)" } },
    axisTick: { lineStyle: { color: "var(--line-field)" } },
    axisLabel: { color: "var(--ink-quiet)" },
    splitLine: { show: lines, lineStyle: { color: "var(--line)" } },
  };
  return { ...look, ...given };
}

/** The page's face; its quotes must not end the attribute of a downloaded SVG. */
function faceOf(figure) {
  return getComputedStyle(figure).fontFamily.replaceAll('"', "'");
}

function completeOption(given, figure) {
  const axes = (value, lines) => value && [].concat(value).map((one) => axis(one, lines));
  return {
    backgroundColor: "transparent",
    color: ["var(--accent)", "var(--question)", "var(--late)", "var(--ink-quiet)"],
    grid: { left: 56, right: 96, top: 16, bottom: 48 },
    tooltip: { trigger: "item", confine: true, className: "chart-tip" },
    ...given,
    animation: !calm.matches && given.animation !== false,
    animationDuration: 200,
    aria: { enabled: true, label: { description: figure.querySelector("figcaption").innerText } },
    textStyle: { fontFamily: faceOf(figure), color: "var(--ink)" },
    xAxis: axes(given.xAxis, false),
    yAxis: axes(given.yAxis, true),
    series: (given.series ?? []).map(completeSeries),
  };
}

function fileName(figure, ending) {
  return `${figure.id || "chart"}.${ending}`;
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function svgBlob(chart) {
  return new Blob([chart.renderToSVGString()], { type: "image/svg+xml" });
}

/** The drawing at twice its size on the page's own paper, as a PNG. */
async function pngBlob(chart, paper) {
  const picture = new Image();
  picture.src = URL.createObjectURL(svgBlob(chart));
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = chart.getWidth() * 2;
  canvas.height = chart.getHeight() * 2;
  const pen = canvas.getContext("2d");
  pen.fillStyle = paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(picture.src);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}

async function copy(png, said) {
  if (!navigator.clipboard?.write) {
    said.textContent = said.dataset.refused;
    return;
  }
  await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
  said.textContent = said.dataset.copied;
}

function addTools(figure, chart, colourOf) {
  const template = document.getElementById("chart-tools");
  const tools = template.content.firstElementChild.cloneNode(true);
  const said = tools.querySelector("[data-chart-said]");
  const png = () => pngBlob(chart, colourOf("var(--paper)"));
  const acts = {
    "[data-chart-svg]": () => save(svgBlob(chart), fileName(figure, "svg")),
    "[data-chart-png]": async () => save(await png(), fileName(figure, "png")),
    "[data-chart-copy]": () => copy(png(), said),
  };
  for (const [selector, act] of Object.entries(acts)) {
    tools.querySelector(selector).addEventListener("click", act);
  }
  figure.querySelector(".chart").after(tools);
}

function drawFigure(figure) {
  const given = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const place = document.createElement("div");
  place.className = `chart ${figure.dataset.chart}`;
  place.setAttribute("role", "img");
  figure.querySelector("figcaption").after(place);
  const chart = echarts.init(place, null, { renderer: "svg" });
  const colourOf = colourReader(figure);
  const redraw = () => chart.setOption(resolveColours(completeOption(given, figure), colourOf), true);
  redraw();
  if (!("chartBare" in figure.dataset)) {
    addTools(figure, chart, colourOf);
  }
  new ResizeObserver(() => chart.resize()).observe(place);
  dark.addEventListener("change", redraw);
}

function drawNew() {
  for (const figure of document.querySelectorAll("figure[data-chart]:not(:has(> .chart))")) {
    drawFigure(figure);
  }
}

drawNew();
document.addEventListener("htmx:after:swap", drawNew);
