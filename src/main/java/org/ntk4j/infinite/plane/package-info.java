/**
 * The engine for any network, layer by layer, which begins with planes where the first layers keep to pairs of positions of equal
 * offset: convolutions of stride 1 and what acts on each pair alone.
 */
package org.ntk4j.infinite.plane;
