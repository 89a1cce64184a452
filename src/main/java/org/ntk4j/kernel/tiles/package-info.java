/**
 * Matrices in square tiles outside the Java heap: where they lie, and the Cholesky factorisation that works on them tile by tile. No limit
 * but the memory or the disk.
 */
package org.ntk4j.kernel.tiles;
