/**
 * Pictures for people: panels of charts, heat maps and examples as data, their colours, and how they become SVG or one HTML file
 * that opens anywhere. Knows nothing of networks and kernels.
 */
package org.ntk4j.chart;
