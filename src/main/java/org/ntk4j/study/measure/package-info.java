/**
 * What is measured of the functions and kernels of a cell, {@link org.ntk4j.study.measure.Measures} first: each class adds its rows of
 * {@code results.csv}.
 */
package org.ntk4j.study.measure;
