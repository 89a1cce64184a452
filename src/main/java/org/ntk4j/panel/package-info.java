/**
 * The panels of a report, each made from the files of a run alone: what was found, in a picture, a sentence and a small table.
 * Whatever a file does not hold is left out and said.
 */
package org.ntk4j.panel;
