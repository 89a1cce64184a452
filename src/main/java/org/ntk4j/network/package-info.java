/**
 * What a network is: {@link org.ntk4j.network.Network}, its {@link org.ntk4j.network.Layer layers} with both of their faces
 * (one file each), its {@link org.ntk4j.network.Activation activations} (one file each), and the
 * {@link org.ntk4j.network.Grammar} that names them.
 */
package org.ntk4j.network;
