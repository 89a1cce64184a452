/**
 * The engine for a GPU: a tile goes through all layers in one TensorFlow graph.
 */
package org.ntk4j.infinite.graph;
