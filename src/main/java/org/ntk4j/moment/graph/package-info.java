/**
 * The moments behind a covariance as ops of one TensorFlow graph ({@link org.ntk4j.moment.graph.GraphMoments}).
 */
package org.ntk4j.moment.graph;
