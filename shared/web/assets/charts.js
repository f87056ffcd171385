// Charts of what a table beside them says: `<canvas data-chart="id of its box">`. Columns whose head has `data-series` are
// drawn, as `bar` or as `line`; cells say their number by `data-value`. Without it the table stays, and says the same.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ink = (name, fallback) => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
  const charts = new Map();

  const draw = (canvas) => {
    const { Chart } = window;
    const table = document.getElementById(canvas.dataset.chart)?.querySelector("table");
    if (!Chart || !table || charts.has(canvas)) return;
    const colors = [ink("--brand-500", "#1E40AF"), ink("--accent-500", "#0F766E"), "#94A3B8", "#D97706", "#7C3AED"];
    const heads = all("thead th", table);
    const rows = all("tbody tr", table);
    const unit = canvas.dataset.unit ?? "";
    const told = (number) => `${new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 }).format(number)}${unit && `\u00a0${unit}`}`;
    const brief = (number) => new Intl.NumberFormat("fr-FR", { notation: "compact" }).format(number);
    const series = heads.map((head, at) => [head, at]).filter(([head]) => head.dataset.series);
    const datasets = series.map(([head, at], place) => {
      const color = colors[place % colors.length];
      const isLine = head.dataset.series === "line";
      return {
        type: isLine ? "line" : "bar",
        label: head.textContent.trim(),
        data: rows.map((row) => Number(row.cells[at].dataset.value)),
        backgroundColor: color,
        borderColor: color,
        borderWidth: isLine ? 2 : 0,
        borderRadius: 3,
        pointRadius: isLine ? 2 : 0,
        tension: 0.25,
        order: isLine ? 0 : 1,
      };
    });
    const reduced = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const narrow = window.matchMedia("(max-width: 639px)").matches;
    charts.set(canvas, new Chart(canvas, {
      data: { labels: rows.map((row) => row.cells[0].textContent.trim()), datasets },
      options: {
        animation: reduced ? false : { duration: 300 },
        aspectRatio: narrow ? 1 : 3.2,
        interaction: { mode: "index", intersect: false },
        plugins: {
          legend: { position: "bottom", labels: { boxWidth: 12, boxHeight: 12 } },
          tooltip: { callbacks: { label: (item) => ` ${item.dataset.label} : ${told(item.parsed.y)}` } },
        },
        scales: {
          // Of a span of days, its first; the tooltip and the table say the whole.
          x: {
            grid: { display: false },
            ticks: { maxRotation: narrow ? 0 : 50, callback(at) { return this.getLabelForValue(at).split(" – ")[0]; } },
          },
          y: { beginAtZero: true, ticks: { maxTicksLimit: 6, callback: (number) => (narrow ? brief : told)(number) } },
        },
      },
    }));
  };

  const start = (root = document) => all("canvas[data-chart]", root).forEach(draw);
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => start());
  else start();
})();
