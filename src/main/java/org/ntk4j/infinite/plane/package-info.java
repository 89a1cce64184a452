/**
 * The engine for convolutions: a network's first layers plane by plane, each plane the pairs of positions of equal offset, then layer by
 * layer.
 */
package org.ntk4j.infinite.plane;
