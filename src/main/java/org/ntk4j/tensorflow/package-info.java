/** What belongs to TensorFlow itself: graphs with their sessions, devices and threads. */
package org.ntk4j.tensorflow;
