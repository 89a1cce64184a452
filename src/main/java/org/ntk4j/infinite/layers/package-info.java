/**
 * The engine for any network: a tile goes through one layer after the other.
 */
package org.ntk4j.infinite.layers;
