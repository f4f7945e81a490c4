// What the page does besides rendering: charts in the page's colours, sorting, saving, copying, and the service worker.
(() => {
  const SYMBOL = 32; // pixels of a legend's symbol and of the gaps around it
  const AXIS = 60; // of an axis of figures
  let vega; // the chart library is asked for with the first chart

  // So that "today" is the reader's day.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `parley_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

  function load(source) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = done;
      script.onerror = () => failed(new Error("the chart library could not be loaded"));
      document.head.append(script);
    });
  }

  function isDark() {
    return document.documentElement.classList.contains("dark");
  }

  function colour(name) {
    return `hsl(${getComputedStyle(document.documentElement).getPropertyValue(name).trim().split(/\s+/).join(",")})`;
  }

  function look() {
    const [ink, quiet, line] = ["--foreground", "--muted-foreground", "--border"].map(colour);
    const font = getComputedStyle(document.body).fontFamily;
    const text = { labelColor: quiet, titleColor: quiet, labelFont: font, titleFont: font };
    return {
      background: "transparent",
      font,
      view: { stroke: null },
      axis: { ...text, gridColor: line, domainColor: line, tickColor: line, titleFontWeight: "normal" },
      legend: text,
      header: text,
      title: { color: ink, subtitleColor: quiet, font, subtitleFont: font, anchor: "start" },
      text: { color: ink, font },
    };
  }

  function merged(base, over) {
    const made = { ...base };
    for (const [key, value] of Object.entries(over)) {
      const both = value && made[key] && typeof value === "object" && typeof made[key] === "object";
      made[key] = both && !Array.isArray(value) ? merged(made[key], value) : value;
    }
    return made;
  }

  /** Draw a Vega-Lite spec as wide as its place, in the page's colours. Resolves to {view, finalize}. */
  async function chart(node, spec) {
    vega ??= load("/public/vega.js");
    await vega.catch((error) => ((vega = undefined), Promise.reject(error)));
    const drawn = { ...spec, background: "transparent", config: merged(spec.config || {}, look()) };
    drawn.data = inLocalTime(spec);
    const composed = ["facet", "hconcat", "vconcat", "concat", "repeat"].some((key) => key in spec);
    if (!composed && !(spec.width && typeof spec.width === "object")) {
      drawn.width = "container";
      drawn.autosize = { type: "fit-x", contains: "padding" };
    }
    if (drawn.encoding) drawn.encoding = fitted(drawn.encoding, node);
    const theme = isDark() ? "dark" : "light";
    const result = await window.vegaEmbed(node, drawn, { actions: false, renderer: "svg", logLevel: 1, tooltip: { theme } });
    return { view: result.view, spec, finalize: () => result.finalize() };
  }

  // A legend in as many columns as there is room for, and less room for names beside bars where the chart is narrow.
  function fitted(encoding, node) {
    const made = { ...encoding };
    const narrow = node.clientWidth < 480;
    for (const [channel, value] of Object.entries(encoding)) {
      if (narrow && value.axis?.labelLimit) made[channel] = { ...value, axis: { ...value.axis, labelLimit: 110 } };
    }
    if (encoding.color?.legend?.columns && Array.isArray(encoding.color.sort)) {
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = `10px ${getComputedStyle(document.body).fontFamily}`;
      const widest = (names) => Math.max(1, ...names.map((name) => pen.measureText(name).width));
      const beside = made.y.axis?.labelLimit ? Math.min(made.y.axis.labelLimit, widest(made.y.sort || [])) : AXIS;
      const room = node.clientWidth - beside - 24; // a legend starts above the axis' line
      const labelLimit = Math.min(160, room - SYMBOL);
      const longest = widest(encoding.color.sort);
      const columns = Math.max(1, Math.min(6, Math.floor(room / (Math.min(longest, labelLimit) + SYMBOL))));
      made.color = { ...encoding.color, legend: { ...encoding.color.legend, columns, labelLimit } };
    }
    return made;
  }

  // A day without an hour is read as midnight in Greenwich, and so drawn a day early west of it.
  function inLocalTime(spec) {
    const times = Object.values(spec.encoding || {}).filter((value) => value.type === "temporal").map((value) => value.field);
    if (!times.length || !spec.data?.values) return spec.data;
    const local = (value) => (/^\d{4}-\d\d-\d\d$/.test(value) ? value + "T00:00:00" : value);
    const row = (values) => ({ ...values, ...Object.fromEntries(times.map((name) => [name, local(values[name])])) });
    return { ...spec.data, values: spec.data.values.map(row) };
  }

  /** The row numbers of a table in the order asked: numbers as numbers, texts as people sort them, nothing last. */
  function sorted(table, sort, locale) {
    const rows = table.cells.map((_, i) => i);
    if (!sort) return rows;
    const values = table.order[sort.column] || table.cells.map((row) => row[sort.column]);
    const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
    const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
    return rows.sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (x === null || y === null) return (x === null) - (y === null);
      return sort.down ? compare(y, x) : compare(x, y);
    });
  }

  async function saveChart(drawn, kind, title) {
    if (!drawn) return;
    const name = (title || "chart").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60).replace(/^-|-$/g, "").toLowerCase();
    let address;
    if (kind === "png") {
      address = await drawn.view.toImageURL("png", 2);
    } else {
      address = URL.createObjectURL(new Blob([await drawn.view.toSVG()], { type: "image/svg+xml" }));
    }
    const link = Object.assign(document.createElement("a"), { href: address, download: `${name}.${kind}` });
    link.click();
  }

  /** Call back when the page turns dark or light; the returned function stops it. */
  function onTheme(callback) {
    let was = isDark();
    const watch = new MutationObserver(() => {
      if (isDark() !== was) {
        was = isDark();
        callback();
      }
    });
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    return () => watch.disconnect();
  }

  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text }); // plain http, not on localhost
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  /** Let a reload come back to this conversation: without its side bar open, as on a phone, Chainlit stays at "/". */
  function stayAt(thread) {
    if (thread && location.pathname === "/") history.replaceState(history.state, "", `/thread/${thread}`);
  }

  // On a reload Chainlit opens two connections, first one that does not know the conversation, and the one whose cookie
  // comes last stays: the cookies come in the order in which they were asked for, or the page would wait for ever.
  const fetched = window.fetch;
  let cookie = Promise.resolve();
  window.fetch = (...asked) => {
    if (!String(asked[0]).endsWith("/set-session-cookie")) return fetched(...asked);
    const given = cookie.then(() => fetched(...asked));
    cookie = given.catch(() => {});
    return given;
  };

  window.Parley = { cards: {}, chart, sorted, saveChart, onTheme, copy, stayAt };
  if ("serviceWorker" in navigator) window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js"));
})();
