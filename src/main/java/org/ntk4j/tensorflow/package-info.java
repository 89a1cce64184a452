/**
 * TensorFlow itself: its devices, the configuration of its sessions (device, threads, memory), and tensors of either precision.
 */
package org.ntk4j.tensorflow;
