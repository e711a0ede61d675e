// The curve of Pareto, a figure over its stored days, and the explanation as text to take along.
(function () {
  Charts.kinds.pareto = function (d) {
    var t = Charts.token, shade = { A: t("ink"), B: t("ink-3"), C: t("line-2") };
    // Zero stands at one height on both axes, also where accounts lose money.
    var most = Math.max.apply(null, d.basis.concat(1)), least = Math.min.apply(null, d.basis.concat(0));
    var power = Math.pow(10, Math.floor(Math.log10(most / 5)));
    var step = power * Math.ceil(most / 5 / power), steps = Math.ceil(-least / step);
    function shown(value) { return value < 0 ? "" : Charts.number(value); }
    function limit(at, text) { return { yAxis: at, label: { formatter: text } }; }
    var chart = {
      grid: { left: 4, right: 8, top: 26, bottom: 2, containLabel: true },
      xAxis: Charts.axis({ type: "category", data: d.rank, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t("line-2") } } }),
      yAxis: [
        Charts.axis({ type: "value", name: d.say.unit, nameGap: 10, min: -steps * step, max: 5 * step, interval: step, splitLine: { show: false } }),
        Charts.axis({ type: "value", name: d.say.percent, min: -20 * steps, max: 100, nameGap: 10, interval: 20, axisLabel: { color: t("ink-3"), fontSize: 11, formatter: shown }, nameTextStyle: { color: t("ink-3"), fontSize: 11, align: "right" } })
      ],
      series: [
        { name: d.say.basis, type: "bar", barCategoryGap: "18%", data: d.basis.map(function (v, i) { return { value: v, itemStyle: { color: shade[d.abc[i]] } }; }) },
        {
          name: d.say.cumulated, type: "line", yAxisIndex: 1, data: d.cumulated, symbol: "none", lineStyle: { color: t("accent"), width: 2 }, itemStyle: { color: t("accent") },
          markLine: {
            symbol: "none", silent: true, lineStyle: { color: t("ink-3"), type: [3, 3] }, label: { color: t("ink-2"), fontSize: 11, position: "insideEndBottom" },
            data: [limit(d.a, d.say.a), limit(d.b, d.say.b)]
          }
        }
      ]
    };
    chart.tooltip = {
      trigger: "axis", renderMode: "richText", backgroundColor: t("surface"), borderColor: t("line-2"), borderWidth: 1, padding: [8, 10], textStyle: { color: t("ink"), fontSize: 12 },
      formatter: function (at) {
        var i = at[0].dataIndex;
        return [d.rank[i] + " · " + d.abc[i] + (d.name[i] ? " · " + d.name[i] : ""), d.say.basis + ": " + Charts.number(d.basis[i], 1) + " " + d.say.unit, d.say.cumulated + ": " + Charts.number(d.cumulated[i] || 0, 1) + " %"].join("\n");
      }
    };
    return chart;
  };

  Charts.kinds.history = function (d) {
    var t = Charts.token, ink = ["key", "critical", "mono"];
    return {
      grid: { left: 4, right: d.limits.length ? 96 : 12, top: 26, bottom: 2, containLabel: true },
      xAxis: Charts.axis({ type: "category", data: d.labels, boundaryGap: false, axisLabel: { color: t("ink-3"), fontSize: 11, alignMinLabel: "left", alignMaxLabel: "right", hideOverlap: true }, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t("line-2") } } }),
      yAxis: Charts.axis({ type: "value", name: d.unit, nameGap: 10, scale: !d.limits.length, max: d.limits.length ? Math.ceil(Math.max.apply(null, d.values.concat(d.limits.map(function (l) { return l.at; }))) * 1.1) : null }),
      series: [{
        type: "line", data: d.values, symbol: d.values.length < 15 ? "circle" : "none", symbolSize: 4, lineStyle: { color: t("ink"), width: 2 }, itemStyle: { color: t("ink") },
        markLine: {
          symbol: "none", silent: true, label: { fontSize: 11, position: "end", color: t("ink-2") },
          data: d.limits.map(function (l, i) { return { yAxis: l.at, lineStyle: { color: t(ink[i]), type: [4, 3] }, label: { formatter: l.text } }; })
        }
      }]
    };
  };

  // Without a clipboard, or without this script, the link opens the text itself.
  document.addEventListener("click", function (e) {
    var link = e.target.closest("[data-copy]");
    if (!link || !navigator.clipboard) return;
    e.preventDefault();
    fetch(link.href).then(function (answer) { return answer.text(); }).then(function (text) {
      return navigator.clipboard.writeText(text);
    }).then(function () {
      var label = link.lastChild, was = label.textContent;
      label.textContent = link.dataset.copy;
      setTimeout(function () { label.textContent = was; }, 2000);
    }).catch(function () { location.href = link.href; });
  });
})();
