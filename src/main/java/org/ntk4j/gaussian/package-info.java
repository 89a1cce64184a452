/**
 * Expectations over Gaussian pairs: what a function φ tells the infinite width ({@link org.ntk4j.gaussian.Nonlinearity}), the pairs
 * that it is asked about, the closed forms that vector instructions know ({@link org.ntk4j.gaussian.Arc}), and their twins as ops of
 * a TensorFlow graph ({@link org.ntk4j.gaussian.GraphForm}).
 */
package org.ntk4j.gaussian;
