// A chart as a file: PNG, SVG, and the data that it was drawn from as CSV. Streamlit's bar over a chart has
// a PNG alone, painted without the colours, which are CSS here; so that is made anew and two are added.
// All of it happens in the browser: the server is not asked, and works out nothing for those who want none.
window.chartFiles ||= (() => {
  const PNG = "Download as PNG", SCALE = 2, EDGE = 12, FRAME = "[data-testid=stFullScreenFrame]";
  const OTHERS = {svg: "Download as SVG", csv: "Download data as CSV"};
  const OURS = /^(?!_|(said|(data|source)_\d+)$)(?!.*(_marks|_store|_domain)$)/;  // the rest Vega adds

  const chartIn = frame => frame?.querySelector("[data-testid=stVegaLiteChart] svg.marks");
  const paperOf = svg => getComputedStyle(svg.closest(".stApp")).backgroundColor;

  // bigram-2-path_matrix: page, step, and what the place of the chart is called, else its number.
  const nameOf = svg => {
    const page = location.pathname.split("/").filter(Boolean).pop() ?? "home";
    const step = new URLSearchParams(location.search).get("step") ?? "1";
    const place = svg.closest("[class*=st-key-fill-]")?.className.match(/st-key-fill-[a-z]+-([\w-]+)/)?.[1];
    const number = [...document.querySelectorAll("svg.marks")].indexOf(svg) + 1;
    return `${page}-${step}-${place ?? `chart-${number}`}`.replace(/[^\w-]+/g, "_");
  };

  const sizeOf = svg => {
    const {width, height} = svg.getBoundingClientRect();
    return [Math.ceil(width) + 2 * EDGE, Math.ceil(height) + 2 * EDGE];
  };

  const asSvg = svg => {
    const copy = svg.cloneNode(true), [width, height] = sizeOf(svg);
    const parts = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((part, i) => {
      for (const colour of ["fill", "stroke"])
        if (/light-dark|var\(/.test(parts[i].getAttribute(colour) ?? parts[i].style[colour] ?? "")) {
          part.style.removeProperty(colour);
          part.setAttribute(colour, getComputedStyle(parts[i])[colour]);
        }
    });
    const paper = document.createElementNS(svg.namespaceURI, "rect");
    for (const [key, value] of Object.entries({x: -EDGE, y: -EDGE, width, height, fill: paperOf(svg)}))
      paper.setAttribute(key, value);
    const title = document.createElementNS(svg.namespaceURI, "title");
    title.textContent = svg.querySelector("[aria-roledescription=summary]")?.getAttribute("aria-label") ?? "";
    copy.prepend(title, paper);
    for (const [key, value] of Object.entries({width, height, viewBox: `${-EDGE} ${-EDGE} ${width} ${height}`}))
      copy.setAttribute(key, value);
    return new XMLSerializer().serializeToString(copy);
  };

  const asPng = async svg => {
    const [width, height] = sizeOf(svg), picture = new Image();
    picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(asSvg(svg));
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"),
      {width: width * SCALE, height: height * SCALE});
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise(done => canvas.toBlob(done, "image/png"));
  };

  // Each mark knows its row, and by way of its group the view that was given all rows.
  const framesOf = svg => {
    const mark = [...svg.querySelectorAll("*")].find(each => each.__data__?.mark?.group?.context);
    const {data, dataflow} = mark?.__data__.mark.group.context ?? {data: {}};
    return Object.keys(data).filter(name => OURS.test(name))
      .map(name => [name, dataflow.data(name)])
      .filter(([, rows]) => rows.length && !rows.some(row => row.mark?.marktype));  // those are no rows
  };

  const cell = value => {
    const text = value == null ? "" : String(value);
    if (text.startsWith("data:")) return "(picture)";
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  // Several frames stand one below the other, named in a column of their own.
  const asCsv = svg => {
    const frames = framesOf(svg), columns = [...new Set(frames.flatMap(([, [row]]) => Object.keys(row)))];
    const several = frames.length > 1, line = cells => cells.map(cell).join(",") + "\n";
    return line(several ? ["dataset", ...columns] : columns) + frames.flatMap(([name, rows]) => rows.map(
      row => line([...(several ? [name] : []), ...columns.map(column => row[column])]))).join("");
  };

  const MAKE = {png: asPng, svg: asSvg, csv: asCsv}, TYPE = {png: "image/png", svg: "image/svg+xml", csv: "text/csv"};
  const save = async (kind, svg) => {
    const href = URL.createObjectURL(new Blob([await MAKE[kind](svg)], {type: TYPE[kind]}));
    Object.assign(document.createElement("a"), {href, download: `${nameOf(svg)}.${kind}`}).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  };

  // The bar is React's, which comes and goes; ours join it when somebody reaches for it.
  const join = event => {
    const frame = event.target.closest?.(FRAME), png = frame?.querySelector(`button[aria-label^="${PNG}"]`);
    if (!png || !chartIn(frame) || frame.querySelector("[data-file]")) return;
    let last = png.closest("[data-testid=stElementToolbarButton]");
    for (const [kind, label] of Object.entries(OTHERS)) {
      const place = last.cloneNode(true), button = place.querySelector("button");
      button.dataset.file = kind;
      button.title = label;
      button.setAttribute("aria-label", label);
      button.textContent = kind.toUpperCase();
      last.after(place);
      last = place;
    }
  };
  for (const reached of ["pointerover", "pointerdown", "focusin"]) document.addEventListener(reached, join, true);
  document.addEventListener("click", event => {
    const button = event.target.closest?.(`${FRAME} button`), svg = chartIn(button?.closest(FRAME));
    const kind = button?.dataset.file ?? (button?.ariaLabel?.startsWith(PNG) ? "png" : "");
    if (!svg || !kind) return;
    event.stopPropagation();
    save(kind, svg);
  }, true);
  return {asCsv, asPng, asSvg};
})();
