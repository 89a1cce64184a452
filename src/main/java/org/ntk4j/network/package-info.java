/**
 * The network that a user holds, {@link org.ntk4j.network.Network}: the shortcuts and the {@link org.ntk4j.network.Grammar} that names
 * all layers, above the two widths ({@link org.ntk4j.infinite} and {@link org.ntk4j.finite}) that it is asked about.
 */
package org.ntk4j.network;
