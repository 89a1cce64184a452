/**
 * The infinitely wide network. {@link org.ntk4j.infinite.InfiniteKernels} plans and fills whole kernel matrices: an engine computes
 * tiles, each of which is a pure function of a network and two ranges of inputs.
 *
 * <p>The engines: strips for dense networks, planes for convolutions and pooling, layer by layer for the rest, in Java on a CPU; and a
 * TensorFlow graph where a GPU is asked for. Each says what it offers ({@link org.ntk4j.infinite.tile.Offer}), and
 * {@link org.ntk4j.infinite.EngineChoice} puts the best first, for plans as for runs. Layers know nothing of that.
 */
package org.ntk4j.infinite;
