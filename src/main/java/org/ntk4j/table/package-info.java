/**
 * Tables as people write them, row by row: text between commas, tabs or other signs, under a header or not, or a matrix of numpy. Which
 * column is which says {@link org.ntk4j.table.Column}, how a file is written {@link org.ntk4j.table.TableFormat}.
 */
package org.ntk4j.table;
