/**
 * Kernels in tiles: what an {@link org.ntk4j.infinite.tile.Engine} is, inputs made ready for it, the grid of tiles, how they are
 * filled in, and how finished ones are kept on disk ({@link org.ntk4j.infinite.tile.TileFolder}).
 */
package org.ntk4j.infinite.tile;
