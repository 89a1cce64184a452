/**
 * The engine for networks without positions: strips of pairs that go through all layers in the first-level cache.
 */
package org.ntk4j.infinite.strip;
