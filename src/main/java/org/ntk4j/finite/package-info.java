/**
 * The network of finite width, on TensorFlow graphs: seeded weights, training, and the empirical tangent kernel from the linear maps
 * that the forward pass records. Whoever calls it gets numbers; the graphs and tensors behind them are closed
 * again at the end of a call, or with the {@link org.ntk4j.finite.TangentOperator} that keeps its own.
 */
package org.ntk4j.finite;
