// Draws all charts of the page when it loads, shows the cell that was chosen, saves pictures.
(function () {
  'use strict';
  document.documentElement.classList.remove('no-script');
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  var printing = false;
  var drawn = [];

  function tooltip(placed) {
    return {
      trigger: 'item', confine: true, backgroundColor: placed.ink.back, borderColor: placed.ink.axis, textStyle: {color: placed.ink.text, fontSize: 12.5},
      formatter: function (at) {
        var place = Array.isArray(at.value) ? at.value : [at.value];
        var axes = [placed.option.xAxis, placed.option.yAxis].map(function (all) { return all[placed.option.series[at.seriesIndex].xAxisIndex]; });
        var lines = place.map(function (value, i) {
          var axis = axes[i];
          return axis.type === 'category' ? axis.data[value] : (axis.name ? axis.name + ': ' : '') + placed.number(value);
        });
        if (at.seriesName) { lines.unshift(at.seriesName + (at.name && isNaN(at.name) ? ', ' + at.name : '')); }
        // A text node: names come from files.
        var box = document.createElement('div');
        box.style.whiteSpace = 'pre';
        box.textContent = lines.join('\n');
        return box;
      }
    };
  }

  /** On a wide screen letters are larger. */
  function scale() { return parseFloat(getComputedStyle(document.body).fontSize) / 16; }

  function draw(place) {
    var option = JSON.parse(place.nextElementSibling.textContent);
    var width = Math.max(280, Math.floor(place.clientWidth));
    var placed = ntk4jLayout(option, width, Number(place.dataset.height), dark.matches && !printing, scale());
    if (place.chart) { place.chart.dispose(); }
    place.style.height = placed.height + 'px';
    place.chart = echarts.init(place, null, {renderer: 'svg', width: width, height: placed.height});
    placed.option.tooltip = tooltip(placed);
    placed.option.series.forEach(function (series) { if (series.type === 'line') { series.showSymbol = true; series.symbolSize = series.symbol === 'none' ? 6 : series.symbolSize; if (series.symbol === 'none') { series.symbol = 'circle'; series.itemStyle = {color: series.itemStyle.color, opacity: 0}; } } });
    placed.option.legend.selected = place.selected || {};
    place.chart.setOption(placed.option);
    place.chart.on('legendselectchanged', function (event) { place.selected = event.selected; press(place); });
    if (!place.buttons && placed.option.legend.show) { addButtons(place, placed.option.legend.data); }
    place.drawnWidth = width;
    place.dataset.drawn = placed.option.series.length;
    if (drawn.indexOf(place) < 0) { drawn.push(place); }
  }

  /** What a pointer does at the legend, for keys and screen readers: a button for each curve. */
  function addButtons(place, names) {
    var group = document.createElement('div');
    group.className = 'curves';
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', 'Show or hide');
    place.buttons = names.map(function (name) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.addEventListener('click', function () { place.chart.dispatchAction({type: 'legendToggleSelect', name: name}); });
      group.appendChild(button);
      return button;
    });
    place.parentElement.insertBefore(group, place);
    press(place);
  }

  function press(place) {
    (place.buttons || []).forEach(function (button) {
      button.setAttribute('aria-pressed', String(!place.selected || place.selected[button.textContent] !== false));
    });
  }

  function shown(place) { return place.offsetParent !== null; }

  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  function drawAll(again) {
    all('.chart').filter(shown).forEach(function (place) {
      if (again || !place.chart || place.drawnWidth !== Math.max(280, Math.floor(place.clientWidth))) { draw(place); }
    });
  }

  // A cell of a sweep is drawn when it is chosen.
  var chooser = document.getElementById('cell');
  function choose() {
    all('.panel[data-cell]').forEach(function (panel) { panel.hidden = panel.dataset.cell !== chooser.value; });
    all('section').forEach(function (section) { section.hidden = !section.querySelector('.panel:not([hidden])'); });
    all('nav li a').forEach(function (link) { link.parentElement.hidden = document.getElementById(link.getAttribute('href').slice(1)).hidden; });
    drawAll(false);
  }
  if (chooser) {
    chooser.addEventListener('change', choose);
    choose();
  }
  drawAll(false);

  var waiting;
  window.addEventListener('resize', function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () { drawAll(false); }, 120);
  });
  dark.addEventListener('change', function () { drawAll(true); });
  window.addEventListener('beforeprint', function () { printing = true; drawAll(true); });
  window.addEventListener('afterprint', function () { printing = false; drawAll(true); });

  // The value of a heat map under the pointer.
  var tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  document.body.appendChild(tip);
  all('.heatmap').forEach(function (map) {
    var d = map.dataset, rows = Number(d.rows), columns = Number(d.columns);
    var bytes = null;
    map.addEventListener('mousemove', function (event) {
      var box = map.getBoundingClientRect();
      var scale = map.viewBox.baseVal.width / box.width;
      var i = Math.floor(((event.clientY - box.top) * scale - d.top) / d.side * rows);
      var j = Math.floor(((event.clientX - box.left) * scale - d.left) / d.side * columns);
      tip.hidden = i < 0 || j < 0 || i >= rows || j >= columns;
      if (tip.hidden) { return; }
      bytes = bytes || atob(d.values);
      var at = 2 * (i * columns + j);
      var share = (bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1)) / 65535;
      var value = Number(d.from) + share * (Number(d.to) - Number(d.from));
      tip.textContent = d.rowGroups.split('|')[i] + ', ' + d.columnGroups.split('|')[j] + ': ' + Number(value.toPrecision(4));
      tip.style.left = Math.min(event.clientX + 12, window.innerWidth - 160) + 'px';
      tip.style.top = (event.clientY + 14) + 'px';
    });
    map.addEventListener('mouseleave', function () { tip.hidden = true; });
  });

  /** The panel as one SVG that stands alone, on the colours of the page: its title, then its figures one below the other. */
  function picture(panel) {
    var outer = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    var colour = getComputedStyle(document.body).color;
    var width = 0, y = 0;
    function put(name, attributes, text) {
      var element = document.createElementNS(outer.namespaceURI, name);
      Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
      element.textContent = text || '';
      outer.appendChild(element);
      return element;
    }
    var figures = all('figure', panel);
    figures.forEach(function (figure) { width = Math.max(width, figure.clientWidth); });
    var title = (panel.querySelector('h2') || document.querySelector('h1')).textContent;
    var sentence = panel.querySelector('.sentence').textContent;
    put('title', {}, title);
    put('desc', {}, sentence);
    var back = put('rect', {width: width, fill: getComputedStyle(panel).backgroundColor});
    lines(title, width / 8.6).forEach(function (line) {
      y += 21;
      put('text', {x: 2, y: y, fill: colour, 'font-family': 'Helvetica, Arial, sans-serif', 'font-size': 16, 'font-weight': 'bold'}, line);
    });
    y += 12;
    figures.forEach(function (figure) {
      var x = 0, high = 0;
      all('svg', figure).forEach(function (part) {
        var copy = part.cloneNode(true);
        var w = Number(part.getAttribute('width')), h = Number(part.getAttribute('height'));
        if (x > 0 && x + w > width) { x = 0; y += high + 16; high = 0; }
        copy.setAttribute('x', x);
        copy.setAttribute('y', y);
        outer.appendChild(copy);
        x += w + 16;
        high = Math.max(high, h);
      });
      y += high + 16;
    });
    back.setAttribute('height', y);
    [['width', width], ['height', y], ['viewBox', '0 0 ' + width + ' ' + y], ['color', colour], ['role', 'img']].forEach(function (a) { outer.setAttribute(a[0], a[1]); });
    return {text: new XMLSerializer().serializeToString(outer), width: width, height: y};
  }

  /** Words in lines of at most that many letters. */
  function lines(text, most) {
    return text.split(' ').reduce(function (made, word) {
      var last = made[made.length - 1];
      if (last && (last + ' ' + word).length <= most) { made[made.length - 1] = last + ' ' + word; } else { made.push(word); }
      return made;
    }, []);
  }

  function offer(blob, name) {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  all('.save').forEach(function (button) {
    button.addEventListener('click', function () {
      var made = picture(button.closest('.panel'));
      if (button.dataset.kind === 'svg') {
        offer(new Blob([made.text], {type: 'image/svg+xml'}), button.dataset.name + '.svg');
        return;
      }
      var image = new Image();
      image.onload = function () {
        var canvas = document.createElement('canvas');
        canvas.width = 2 * made.width;
        canvas.height = 2 * made.height;
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) { offer(blob, button.dataset.name + '.png'); });
      };
      image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(made.text);
    });
  });
})();
