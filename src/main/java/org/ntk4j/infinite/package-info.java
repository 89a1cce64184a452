/**
 * The infinitely wide network: {@link org.ntk4j.infinite.Covariance} is what the layers transform, tile by tile;
 * {@link org.ntk4j.infinite.InfiniteKernels} fills whole kernel matrices with it: an engine computes tiles, each of which is a pure function
 * of a network and two ranges of inputs, and finished tiles may be kept on disk ({@link org.ntk4j.infinite.TileFolder}).
 */
package org.ntk4j.infinite;
