// Places the plots of an option for a width, and adds what JSON cannot say: how numbers are written. Runs in browsers and inside ntk4j.
var ntk4jLayout = (function () {
  'use strict';
  var RAISED = {'-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹'};

  function raised(power) {
    return String(power).split('').map(function (c) { return RAISED[c]; }).join('');
  }

  /** Four digits at most; powers of ten where there would be many zeros. */
  function number(value) {
    if (typeof value !== 'number' || !isFinite(value)) { return String(value); }
    var size = Math.abs(value);
    if (size !== 0 && (size >= 1e5 || size < 1e-3)) {
      var power = Math.floor(Math.log(size) / Math.LN10 + 1e-9);
      var first = Number((value / Math.pow(10, power)).toPrecision(3));
      return (first === 1 ? '' : first === -1 ? '−' : String(first).replace('-', '−') + '·') + '10' + raised(power);
    }
    return String(Number(value.toPrecision(4))).replace('-', '−');
  }

  function inks(dark) {
    return dark ? {text: '#eaeaea', axis: '#a8a8a8', split: '#3c3c3c', black: '#ffffff', back: '#1b1b1d'}
                : {text: '#1c1c1c', axis: '#5a5a5a', split: '#e2e2e2', black: '#000000', back: '#ffffff'};
  }

  /** A logarithmic axis ends where its data do; over less than three decades it has ticks at 1, 2 and 5. */
  function fitLog(axis, which, option, at) {
    var low = Infinity, high = -Infinity;
    option.series.forEach(function (series) {
      if (series[which + 'AxisIndex'] !== at) { return; }
      series.data.forEach(function (item) {
        var value = (item.value || item)[which === 'x' ? 0 : 1];
        if (typeof value === 'number' && value > 0) { low = Math.min(low, value); high = Math.max(high, value); }
      });
    });
    if (!(high > 0)) { return; }
    if (axis.min === undefined) { axis.min = low / Math.pow(high / low, 0.03) / (low === high ? 2 : 1); }
    if (axis.max === undefined) { axis.max = high * Math.pow(high / low, 0.03) * (low === high ? 2 : 1); }
    var ticks = [], decades = Math.log(axis.max / axis.min) / Math.LN10;
    var firsts = decades < 0.7 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : decades < 1.5 ? [1, 2, 5] : decades < 3 ? [1, 3] : [1];
    var every = Math.max(1, Math.ceil(decades / 6));
    for (var power = Math.floor(Math.log(axis.min) / Math.LN10); power <= Math.log(axis.max) / Math.LN10; power++) {
      if (firsts.length === 1 && power % every !== 0) { continue; }
      firsts.forEach(function (first) {
        var tick = Number((first * Math.pow(10, power)).toPrecision(2));
        if (tick >= axis.min * 0.999 && tick <= axis.max * 1.001) { ticks.push(tick); }
      });
    }
    axis.axisTick = {customValues: ticks};
    axis.axisLabel.customValues = ticks;
    axis.minorTick = {show: false};
  }

  /** What stands beside a category axis, at most 42 % of the plot. */
  function labelWidth(axis, cell, scale) {
    var longest = 0;
    (axis.data || []).forEach(function (word) { longest = Math.max(longest, String(word).length); });
    return Math.min(Math.round((longest * 6.8 + 16) * scale), Math.round(cell * 0.42));
  }

  function legendRows(names, width, scale) {
    var rows = 1, used = 0;
    names.forEach(function (name) {
      var item = (52 + String(name).length * 7.5) * scale;
      if (used > 0 && used + item > width) { rows++; used = 0; }
      used += item;
    });
    return names.length > 1 ? rows : 0;
  }

  /** Lines that the longest title beside a plot takes; three at most, that the plot keeps its room. */
  function titleLines(titles, row, columns, cell, scale) {
    return Math.max.apply(null, titles.slice(row * columns, (row + 1) * columns).map(function (title) {
      return Math.min(3, Math.max(1, Math.ceil(String(title.text || '').length * 9 * scale / Math.max(1, cell - 16))));
    }));
  }

  /** The option with places, and its height in pixels. */
  return function (option, width, plotHeight, dark, scale) {
    scale = scale || 1;
    plotHeight *= scale;
    var ink = inks(dark);
    option = JSON.parse(JSON.stringify(option).replace(/"#000000"/g, '"' + ink.black + '"'));
    var count = option.grid.length;
    var columns = Math.max(1, Math.min(count, Math.floor(width / (310 * scale)), 3));
    // A row with one plot left over looks forgotten.
    if (columns === 3 && count === 4) { columns = 2; }
    var cell = width / columns;
    var names = option.legend.data;
    var top = legendRows(names, width - 10, scale) * 22 * scale + 2;
    option.animation = false;
    option.textStyle = {fontFamily: 'Helvetica, Arial, sans-serif', color: ink.text};
    option.backgroundColor = 'transparent';
    // A marker alone must not be drawn out to the length of a line.
    var lines = option.series.some(function (series) { return series.name && series.type === 'line' && series.data.length > 0; })
      && option.series[0].type === 'line';
    option.legend = {data: names, show: names.length > 1, left: 0, top: 0, itemGap: 14, itemWidth: (lines ? 32 : 13) * scale, itemHeight: 13 * scale, padding: 2, textStyle: {color: ink.text, fontSize: 12.5 * scale}};
    option.grid.forEach(function (grid, i) {
      var left = (i % columns) * cell;
      var above = top + Math.floor(i / columns) * plotHeight;
      var x = option.xAxis[i], y = option.yAxis[i];
      var margin = y.type === 'category' ? labelWidth(y, cell, scale) + (y.name ? 20 * scale : 0) : 64 * scale;
      var slanted = x.type === 'category' && (x.data.join('').length * 7.5 + x.data.length * 8) * scale > cell - margin;
      var below = slanted ? Math.min(labelWidth(x, 220, scale), 110 * scale) + 24 * scale : 48 * scale;
      var more = titleLines(option.title, Math.floor(i / columns), columns, cell, scale) - 1;
      var titled = (option.title[i].text ? 34 + 17 * more : 16) * scale;
      grid.left = left + margin;
      grid.top = above + titled;
      grid.width = cell - margin - 26 * scale;
      grid.height = plotHeight - titled - below;
      grid.outerBoundsMode = 'none';
      var title = option.title[i];
      title.left = left + 2;
      title.top = above + 6 * scale;
      title.padding = 0;
      title.textStyle = {fontSize: 13 * scale, fontWeight: 'bold', color: ink.text, lineHeight: 16 * scale, width: cell - 16, overflow: 'break'};
      [x, y].forEach(function (axis) {
        axis.axisLine = {show: true, onZero: false, lineStyle: {color: ink.axis}};
        axis.splitLine = {show: axis.type !== 'category', lineStyle: {color: ink.split}};
        axis.nameLocation = 'middle';
        axis.nameTextStyle = {color: ink.text, fontSize: 12 * scale};
        axis.axisLabel = {color: ink.text, fontSize: 11.5 * scale, hideOverlap: true};
        if (axis.type === 'category') {
          axis.axisTick = {alignWithLabel: true};
          axis.axisLabel.interval = 0;
          axis.axisLabel.width = axis === y ? labelWidth(y, cell, scale) - 12 * scale : 110 * scale;
          axis.axisLabel.overflow = axis === y ? 'break' : 'truncate';
          axis.axisLabel.hideOverlap = false;
          if (axis === x && slanted) { axis.axisLabel.rotate = 40; }
        } else {
          axis.axisLabel.formatter = number;
          axis.splitNumber = axis === x ? (cell < 420 * scale ? 3 : 5) : 4;
          if (axis.type === 'log') { fitLog(axis, axis === x ? 'x' : 'y', option, i); }
        }
      });
      x.nameGap = slanted ? below - 20 * scale : 28 * scale;
      y.nameGap = y.type === 'category' ? labelWidth(y, cell, scale) : 46 * scale;
    });
    option.series.forEach(function (series) {
      series.emphasis = {disabled: true};
      series.symbolKeepAspect = true;
      // The legend would draw a dot for a line without dots.
      if (series.symbol === 'none' && series.itemStyle) { series.itemStyle.opacity = 0; }
      if (series.symbolSize) { series.symbolSize *= scale; }
      if (series.lineStyle) { series.lineStyle.width *= scale; }
      if (series.type === 'line' && !series.markLine && series.data.length > 2000) { series.sampling = 'lttb'; }
      if (series.markLine) {
        series.tooltip = {show: false};
        series.markLine.data.forEach(function (line) {
          if (line.label) { line.label.color = ink.text; line.label.fontSize = 11.5 * scale; line.label.distance = 3; }
        });
      }
    });
    return {option: option, height: top + Math.ceil(count / columns) * plotHeight, number: number, ink: ink};
  };
})();
