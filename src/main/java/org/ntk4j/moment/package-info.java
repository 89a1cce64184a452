/**
 * What layers transform at infinite width: the {@link org.ntk4j.moment.Covariance} of a tile of pairs, with the arrays behind it, and
 * the {@link org.ntk4j.moment.PlaneStep} by which a layer tells the fast engines what it does.
 */
package org.ntk4j.moment;
