/**
 * The words of a study's results, as types: what was measured ({@link org.ntk4j.result.Metric}), of what
 * ({@link org.ntk4j.result.Subject}), on which examples ({@link org.ntk4j.result.SplitName}), when ({@link org.ntk4j.result.Step})
         . Each has
 * one word, the one in the CSV files: {@code toString} writes it, {@code of} reads it.
 */
package org.ntk4j.result;
