// Draws one option as SVG without a browser.
function ntk4jDraw(json, width, plotHeight) {
  var placed = ntk4jLayout(JSON.parse(json), width, plotHeight, false);
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: placed.height});
  placed.option.backgroundColor = '#ffffff';
  chart.setOption(placed.option);
  var svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
