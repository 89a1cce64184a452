/**
 * The infinitely wide network: {@link org.ntk4j.infinite.Covariance} is what the layers transform, tile by tile;
 * {@link org.ntk4j.infinite.InfiniteKernels} fills whole kernel matrices with it.
 */
package org.ntk4j.infinite;
