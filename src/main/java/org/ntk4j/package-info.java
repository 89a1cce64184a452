/**
 * The static entry points: {@link org.ntk4j.Ntk}, which the shell imports, {@link org.ntk4j.Experiment}, a plan, and
 * {@link org.ntk4j.Comparison}, what it found out.
 */
package org.ntk4j;
