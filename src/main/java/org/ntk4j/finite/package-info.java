/**
 * The network of finite width, on TensorFlow graphs: seeded weights, training, and the empirical tangent kernel from the linear maps
 * that the forward pass records. Tensors live here and in {@link org.ntk4j.forward}; what leaves are numbers.
 */
package org.ntk4j.finite;
