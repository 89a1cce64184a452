package org.ntk4j.base;

/**
 * A seed for initial weights and batches.
 *
 * @param value any number
 */
public record Seed(long value) {
}
