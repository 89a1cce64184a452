/**
 * Inputs, and the data sets they come from. A {@link org.ntk4j.data.Dataset} describes which examples are wanted; loading
 * it gives a {@link org.ntk4j.data.Sample} of two {@link org.ntk4j.data.Split}s. To add a data set: one file that
 * implements {@link org.ntk4j.data.Source} (or {@link org.ntk4j.data.Undivided}, where one collection serves to learn and to
 * test), and one line in {@link org.ntk4j.data.Catalogue}. Files of the user's are read by {@link org.ntk4j.files.TextLines} and
 * {@link org.ntk4j.table.TableFile}; {@link org.ntk4j.files.FileMistakes} tells what is wrong in them, line by line.
 */
package org.ntk4j.data;
