/**
 * Inputs, and the data sets they come from. A {@link org.ntk4j.data.Dataset} describes which examples are wanted; loading
 * it gives a {@link org.ntk4j.data.Sample} of two {@link org.ntk4j.data.Split}s. To add a data set: one file that
 * implements {@link org.ntk4j.data.Source}, and one line in {@link org.ntk4j.data.Catalogue}.
 */
package org.ntk4j.data;
