/**
 * What layers transform at finite width: a {@link org.ntk4j.forward.Signal} in a TensorFlow graph that records each trained map
 * ({@link org.ntk4j.forward.Forward}), from which tangent kernels are made.
 */
package org.ntk4j.forward;
