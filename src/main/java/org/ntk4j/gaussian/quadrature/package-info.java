/**
 * Expectations over Gaussian pairs by quadrature, for functions without a closed form ({@link org.ntk4j.gaussian.quadrature.Quadrature}).
 */
package org.ntk4j.gaussian.quadrature;
