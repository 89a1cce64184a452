/**
 * Rows of values that are worked on side by side, in vector instructions or in plain Java to the same digits
 * ({@link org.ntk4j.rows.Rows}), and inner products of vectors ({@link org.ntk4j.rows.InnerProducts}).
 */
package org.ntk4j.rows;
