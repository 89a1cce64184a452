/**
 * The network of finite width, on TensorFlow graphs: seeded weights, forward pass, training, and the empirical tangent
 * kernel from recorded linear maps. No tensor leaves this package.
 */
package org.ntk4j.finite;
