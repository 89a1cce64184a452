/**
 * Activations, one file each: the function, its TensorFlow twin, and its expectations over Gaussian pairs.
 */
package org.ntk4j.activation;
