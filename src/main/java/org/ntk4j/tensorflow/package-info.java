/**
 * TensorFlow itself: devices, sessions and threads, and tensors of either precision.
 */
package org.ntk4j.tensorflow;
