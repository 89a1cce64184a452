/**
 * The infinitely wide network: {@link org.ntk4j.infinite.Covariance} is what the layers transform, tile by tile;
 * {@link org.ntk4j.infinite.InfiniteKernels} fills whole kernel matrices with it: an engine computes tiles, each of which is a pure function
 * of a network and two ranges of inputs, and finished tiles may be kept on disk ({@link org.ntk4j.infinite.TileFolder}).
 *
 * <p>The engines: strips for dense networks, planes for convolutions of stride 1, layer by layer for the rest, in Java on a CPU; and a TensorFlow
 * graph where a GPU is asked for. Layers know nothing of that: the moments behind a covariance are arrays, or ops of a graph. An activation that
 * says its expectations as ops ({@link org.ntk4j.infinite.GraphForm}) takes part in graphs; a network with another is computed in Java.
 */
package org.ntk4j.infinite;
