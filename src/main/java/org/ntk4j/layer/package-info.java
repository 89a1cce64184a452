/**
 * Layers, one file each with both of its faces: what it does to a {@link org.ntk4j.forward.Signal} at finite width and to a
 * {@link org.ntk4j.moment.Covariance} at infinite width. A layer knows no engine.
 */
package org.ntk4j.layer;
