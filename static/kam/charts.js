// Every chart of the product: colours from the theme, data from a <script type="application/json">.
// A chart is a .chart with data-chart (its kind, in Charts.kinds) and data-source (the id of its data).
// A panel that htmx brings loses its script tags: its chart holds the data itself, in data-figures.
window.Charts = (function () {
  var drawn = [];

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue("--k-" + name).trim(); }

  function base() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 11.5, color: token("ink-2") },
      // Tooltips are drawn on the canvas: HTML ones need inline styles, which the policy forbids.
      tooltip: {
        trigger: "axis", renderMode: "richText", backgroundColor: token("surface"), borderColor: token("line-2"), borderWidth: 1,
        padding: [8, 10], textStyle: { color: token("ink"), fontSize: 12 }, axisPointer: { type: "line", lineStyle: { color: token("line-2") } }
      }
    };
  }

  function axis(more) {
    return Object.assign({
      axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: token("ink-3"), fontSize: 11 },
      splitLine: { lineStyle: { color: token("line") } }, nameTextStyle: { color: token("ink-3"), fontSize: 11, align: "left" }
    }, more);
  }

  function number(value, places) {
    return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: places || 0, maximumFractionDigits: places || 0 });
  }

  var kinds = {};

  function draw(box) {
    var data = JSON.parse(box.dataset.figures || document.getElementById(box.dataset.source).textContent);
    var chart = echarts.init(box, null, { renderer: "canvas" });
    var paint = function () { chart.setOption(Object.assign(base(), kinds[box.dataset.chart](data)), true); };
    paint();
    drawn.push({ box: box, chart: chart, paint: paint });
  }

  function drawAll(root) {
    drawn = drawn.filter(function (d) { return d.box.isConnected || d.chart.dispose(); });
    root.querySelectorAll("[data-chart]:not([_echarts_instance_])").forEach(draw);
  }

  function repaint() { drawn.forEach(function (d) { d.paint(); }); }

  addEventListener("resize", function () { drawn.forEach(function (d) { d.chart.resize(); }); });
  document.addEventListener("theme", repaint);
  document.addEventListener("DOMContentLoaded", function () {
    drawAll(document);
    // A font that arrives late must not leave the labels in the fallback face.
    document.fonts.ready.then(repaint);
  });
  document.addEventListener("htmx:afterSettle", function (e) { drawAll(e.target.parentNode || document); });

  return { token: token, axis: axis, number: number, kinds: kinds };
})();
