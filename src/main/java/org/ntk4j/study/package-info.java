/**
 * The study: {@link org.ntk4j.study.Cell} is one network with one seed, from NN_0 to all comparisons;
 * {@link org.ntk4j.study.Study} runs the cells of an experiment, stores each as it is finished, and writes the results.
 */
package org.ntk4j.study;
