// Charts of an account's card.
Charts.kinds.months = function (d) {
  var t = Charts.token;
  return {
    grid: { left: 4, right: 4, top: 26, bottom: 2, containLabel: true },
    xAxis: Charts.axis({ type: "category", data: d.months, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t("line-2") } } }),
    yAxis: Charts.axis({ type: "value", name: d.unit, nameGap: 10, splitNumber: 3, axisLabel: { color: t("ink-3"), fontSize: 11, formatter: function (v) { return Charts.number(v); } } }),
    series: [
      { name: d.names[0], type: "bar", data: d.previous, itemStyle: { color: t("line-2"), borderRadius: [2, 2, 0, 0] }, barGap: "8%", barCategoryGap: "34%" },
      { name: d.names[1], type: "bar", data: d.window, itemStyle: { color: t("accent"), borderRadius: [2, 2, 0, 0] } }
    ]
  };
};

Charts.kinds.share = function (d) {
  var t = Charts.token;
  function limit(name, values, colour) {
    return { name: name, type: "line", data: values, symbol: "none", step: "end", lineStyle: { color: colour, width: 1, type: "dashed" }, itemStyle: { color: colour } };
  }
  return {
    grid: { left: 4, right: 8, top: 26, bottom: 2, containLabel: true },
    xAxis: Charts.axis({ type: "category", data: d.days, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t("line-2") } } }),
    yAxis: Charts.axis({ type: "value", name: "%", nameGap: 10, splitNumber: 3 }),
    series: [
      { name: d.names.share, type: "line", data: d.share, symbolSize: 5, lineStyle: { color: t("accent"), width: 2 }, itemStyle: { color: t("accent") } },
      limit(d.names.key, d.key, t("key")),
      limit(d.names.critical, d.critical, t("critical"))
    ]
  };
};
