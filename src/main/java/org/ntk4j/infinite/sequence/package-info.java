/**
 * The engine for attention: all pairs of positions of two sentences (or images) go through every layer while they stay in the cache, a few
 * sentences of the right side next to each other. What a sentence has with itself is computed first, for what attention and the
 * activations need of it.
 */
package org.ntk4j.infinite.sequence;
